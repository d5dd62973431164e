from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

import narwhals.stable.v2 as nw
import pytest

from headway.errors import CountError
from headway.frames import tally as counting
from headway.frames.engines import engine_of, fetched
from headway.frames.kinds import scalar
from headway.frames.tally import tally

if TYPE_CHECKING:
    from tests.conftest import FrameOf

GROUPINGS = [("a", "b"), ("a", "c"), ("a", "d", "b"), ("e",)]


def table(n: int = 400) -> dict[str, list[Any]]:
    rng = random.Random(5)  # noqa: S311
    return {
        "a": [rng.choice(["train", "dev", None]) for _ in range(n)],
        "b": [rng.choice([0, 1, 2]) for _ in range(n)],
        "c": [rng.choice(["", "x", "é", None]) for _ in range(n)],
        "d": [rng.choice([True, False]) for _ in range(n)],
        "e": [rng.randrange(90) for _ in range(n)],
        "w": [rng.choice([0.5, 1.0, 2.0]) for _ in range(n)],
    }


def lazy(native: Any) -> nw.LazyFrame[Any]:
    frame: nw.LazyFrame[Any] = nw.from_native(native).lazy()
    return frame


def plain(rows: nw.LazyFrame[Any], grouping: tuple[str, ...]) -> list[tuple[Any, ...]]:
    """The narwhals path: one group-by for one grouping."""
    cells = rows.group_by(*grouping, drop_null_keys=False).agg(
        nw.len().alias("n"), nw.col("w").sum().alias("sum_w")
    )
    return fetched(cells, [*grouping, "n", "sum_w"])


def sorted_cells(cells: list[tuple[Any, ...]]) -> list[str]:
    return sorted(repr(tuple(scalar(value) for value in cell)) for cell in cells)


@pytest.mark.parametrize("small", [1, 50, 100_000])
def test_cells_when_groupings_are_asked_together_then_are_those_of_one_by_one(
    small: int, frame_of: FrameOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = lazy(frame_of(table()))
    monkeypatch.setattr(counting, "SMALL", {engine_of(rows): small})
    found = tally(rows, GROUPINGS, ["w"], max_cells=1000)
    assert {g: sorted_cells(plain(rows, g)) for g in GROUPINGS} == {
        g: sorted_cells(cells) for g, cells in found.items()
    }


def test_cells_when_the_look_was_misleading_then_are_counted_one_by_one(
    frame_of: FrameOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(counting, "LOOKED_AT", 2)
    monkeypatch.setattr(counting, "JOINT", 6)
    rows = lazy(frame_of(table()))
    found = tally(rows, [("a", "b"), ("e",)], [], max_cells=1000)
    assert (9, 90) == (len(found["a", "b"]), len(found["e",]))
    assert 400 == sum(cell[-1] for cell in found["e",])


def test_cells_when_too_many_then_the_widest_key_is_named(frame_of: FrameOf) -> None:
    rows = lazy(frame_of(table()))
    with pytest.raises(
        CountError, match=r"Counting by a, e gives more than 80 cells(.|\n)*'e' has"
    ):
        tally(rows, [("a", "e"), ("a", "b")], [], max_cells=80)


def test_cells_when_there_is_no_row_then_are_none(frame_of: FrameOf) -> None:
    rows = lazy(frame_of(table())).filter(nw.col("b") > 7)
    assert {g: [] for g in GROUPINGS} == tally(rows, GROUPINGS, ["w"], max_cells=10)
