"""Whatever is given, there is an answer or a refusal of ours; ``HEADWAY_FULL=1`` tries 10,000."""

from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

import polars as pl
import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from headway.counts import LOSS_SUMS, WEIGHT_SUMS, CountSpec
from headway.errors import HeadwayError
from headway.frames.reduce import reduce
from headway.frames.source import Frame, read
from tests.properties.generators import contents, odd_tables

if TYPE_CHECKING:
    from pathlib import Path

MANY: Final = 10_000 if os.environ.get("HEADWAY_FULL") == "1" else 2_000
FEW: Final = 60
ENDINGS: Final = (".csv", ".tsv", ".ndjson", ".parquet", ".arrow")

quick = settings(max_examples=FEW, suppress_health_check=[HealthCheck.function_scoped_fixture])
thorough = settings(
    quick, max_examples=MANY // 2, phases=[Phase.explicit, Phase.generate, Phase.shrink]
)


def questions(frame: Frame) -> list[CountSpec]:
    """What is usually asked of such a table, and more."""
    by = [("split", name, "misclassified") for name in frame.metadata[:2]]
    pairs = frozenset({("split", "label", "prediction"), ("split", "misclassified"), *by})
    return [
        CountSpec(groupings=pairs, by_cluster="group" in frame.roles),
        CountSpec(
            groupings=frozenset({("split", "misclassified", "weight")}), sums=frozenset({"w"})
        ),
        CountSpec(groupings=frozenset({("split",)}), sums=frozenset({*LOSS_SUMS, *WEIGHT_SUMS})),
        CountSpec(groupings=frozenset({("split", "source", "model")})),
    ]


def ask(given_: Any, **options: Any) -> None:
    """Ask everything; only refusals of ours are fine."""
    with suppress(HeadwayError):
        frame = read(given_, **options)
        for spec in questions(frame):
            with suppress(HeadwayError):
                reduce(frame, spec, max_unusable=0.5, check_ids="id" in frame.roles)


def write_and_ask(content: bytes, ending: str, folder: Path, **options: Any) -> None:
    path = folder / f"p{ending}"
    path.write_bytes(content)
    ask(path, **options)


@quick
@given(content=contents(), ending=st.sampled_from(ENDINGS))
@example(content=b"label,prediction\n\xff", ending=".csv")
@example(content=b"PAR1" + b"\0" * 16 + b"PAR1", ending=".parquet")
@example(content=b"ARROW1" + b"\0" * 16 + b"ARROW1", ending=".arrow")
def test_bytes_when_called_a_table_then_are_answered_or_refused(
    content: bytes, ending: str, tmp_path: Path
) -> None:
    write_and_ask(content, ending, tmp_path)


@quick
@given(table=odd_tables())
def test_columns_when_of_any_kind_then_are_answered_or_refused(table: dict[str, list[Any]]) -> None:
    ask(table)


@pytest.mark.slow
@thorough
@given(
    content=contents(),
    ending=st.sampled_from(ENDINGS),
    engine=st.sampled_from(["polars", "duckdb"]),
)
def test_many_bytes_when_called_a_table_then_are_answered_or_refused(
    content: bytes, ending: str, engine: str, tmp_path: Path
) -> None:
    write_and_ask(content, ending, tmp_path, engine=engine)


@pytest.mark.slow
@thorough
@given(table=odd_tables(), flips=st.lists(st.tuples(st.integers(0, 9999), st.integers(0, 255))))
def test_many_tables_when_damaged_on_disk_then_are_answered_or_refused(
    table: dict[str, list[Any]], flips: list[tuple[int, int]], tmp_path: Path
) -> None:
    path = tmp_path / "p.parquet"
    pl.DataFrame(table, strict=False).write_parquet(path)
    content = bytearray(path.read_bytes())
    for place, value in flips[:3]:
        content[place % len(content)] = value
    path.write_bytes(bytes(content))
    ask(path)
    ask(table)


@quick
@given(table=odd_tables())
def test_tables_when_of_any_kind_then_every_engine_answers_or_refuses(
    table: dict[str, list[Any]], frame_of: Any
) -> None:
    try:
        native = frame_of(table)
    except Exception:  # noqa: BLE001 - such a table cannot even be made
        return
    ask(native)
