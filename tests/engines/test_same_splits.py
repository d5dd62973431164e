"""The same row gets the same split on every engine, and the same is found shared."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import narwhals.stable.v2 as nw
import polars as pl
import pytest

import headway

if TYPE_CHECKING:
    from tests.conftest import FrameOf

N = 900
ROWS: dict[str, list[Any]] = {
    "id": [i * 7919 for i in range(N)],
    "group": [i % 211 if i % 9 else None for i in range(N)],
    "source": ["mobile" if i % 3 == 0 else "web" for i in range(N)],
    "label": ["cat" if i % 4 else "dog" for i in range(N)],
    "when": [date(2026, 1, 1) + timedelta(days=i % 60) for i in range(N)],
}
TYPES = {"group": pl.Int64}
WAYS: list[dict[str, Any]] = [
    {"target_source": "mobile", "dev": 40, "test": 40},
    {"target_source": "mobile", "dev": 0.2, "test": 0.2, "ignore_group": True},
    {"dev": 60, "test": 60, "stratify": "label", "ignore_group": True},
    {"target_source": "mobile", "time": "when", "dev": 30, "test": 30, "embargo": 2},
]


def splits(table: Any, **way: Any) -> dict[int, str]:
    """The split of each id."""
    native: Any = headway.split(table, **way).result.rows
    rows = nw.from_native(native)
    eager = rows.collect("polars") if isinstance(rows, nw.LazyFrame) else rows
    return dict(zip(map(int, eager["id"].to_list()), eager["split"].to_list(), strict=True))


@pytest.mark.parametrize("way", WAYS, ids=["exact", "shares", "strata", "time"])
def test_rows_when_split_then_lie_in_the_same_split_on_every_engine(
    frame_of: FrameOf, engine: str, way: dict[str, Any]
) -> None:
    rows = dict(ROWS)
    if engine == "pandas" and "time" in way:
        rows["when"] = [day.isoformat() for day in rows["when"]]
    expected = splits(pl.DataFrame(ROWS, schema_overrides=TYPES), **way)
    assert expected == splits(frame_of(rows, TYPES), **way)


@pytest.mark.parametrize("key", ["id", "group"])
def test_texts_when_they_are_keys_then_lie_in_the_same_split_on_every_engine(
    frame_of: FrameOf, engine: str, key: str
) -> None:
    if engine in {"pyspark", "ibis"}:
        pytest.skip("texts are keys of Polars, DuckDB, pandas and PyArrow")
    rows = dict(ROWS) | {key: [None if v is None else f"{key} {v}" for v in ROWS[key]]}
    rows["place"], rows["id"] = ROWS["id"], rows["id"]

    def found(table: Any) -> dict[int, str]:
        native: Any = headway.split(table, dev=50, test=50).result.rows
        made = nw.from_native(native)
        eager = made.collect("polars") if isinstance(made, nw.LazyFrame) else made
        return dict(zip(map(int, eager["place"].to_list()), eager["split"].to_list(), strict=True))

    assert found(pl.DataFrame(rows, schema_overrides=TYPES if key == "id" else None)) == found(
        frame_of(rows, TYPES if key == "id" else None)
    )


def test_checks_when_asked_of_every_engine_then_count_the_same(frame_of: FrameOf) -> None:
    rows = dict(ROWS) | {"split": ["train" if i % 3 else "dev" for i in range(N)]}
    rows["id"] = [i % 800 for i in range(N)]
    expected = headway.check_splits(pl.DataFrame(rows, schema_overrides=TYPES)).result
    found = headway.check_splits(frame_of(rows, TYPES)).result
    kinds = ("id", "group")
    assert [(k, dict(leak.shared)) for k in kinds for leak in expected.leaks if leak.kind == k] == [
        (k, dict(leak.shared)) for k in kinds for leak in found.leaks if leak.kind == k
    ]
    assert dict(expected.n) == dict(found.n)
