from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl
import pytest

from headway.frames.sample import placed, sample, split_names
from headway.frames.source import read

if TYPE_CHECKING:
    from tests.conftest import FrameOf

N = 3000
ROWS: dict[str, list[Any]] = {
    "split": ["train"] * 2000 + ["validation"] * 900 + ["fold 3"] * 100,
    "x": [float("nan"), *range(1, N)],
    "t": [None if i % 7 == 0 else f"t{i % 5}" for i in range(N)],
}


def test_splits_when_named_then_are_those_known_in_ladder_order(frame_of: FrameOf) -> None:
    frame = read(frame_of(ROWS))
    assert {"train": ("train", 2000), "dev": ("validation", 900)} == split_names(frame)
    assert ["train", "dev"] == list(split_names(frame))


def test_splits_when_there_is_no_column_then_all_rows_are_dev() -> None:
    assert {"dev": (None, 2)} == split_names(read({"x": [1, 2]}))


def test_sample_when_there_are_few_rows_then_is_all_of_them(frame_of: FrameOf) -> None:
    frame = read(frame_of(ROWS))
    found = sample(frame, ["x", "t"], split_names(frame), most=5000)
    assert (2000, 900) == (found["train"].n, found["dev"].total)
    assert [None, *ROWS["x"][1:2000]] == sorted(
        found["train"].columns["x"], key=lambda v: -1 if v is None else v
    )
    assert sum(value is None for value in found["dev"].columns["t"]) == pytest.approx(
        900 / 7, abs=1
    )


def test_sample_when_there_are_many_rows_then_is_bounded_and_seeded(frame_of: FrameOf) -> None:
    frame = read(frame_of(ROWS))
    splits = split_names(frame)
    some, again, other = (sample(frame, ["x"], splits, most=200, seed=s) for s in (1, 1, 2))
    assert 200 == some["train"].n == len(some["train"].columns["x"])
    assert some["dev"].columns == again["dev"].columns
    assert some["dev"].columns != other["dev"].columns
    assert 900 == some["dev"].total


def test_sample_when_drawn_then_reaches_over_the_whole_split() -> None:
    frame = read(pl.DataFrame(ROWS))
    found = sample(frame, ["x"], split_names(frame), most=300)["train"].columns["x"]
    values = np.array([v for v in found if v is not None])
    assert 1000 == pytest.approx(values.mean(), abs=110)
    assert 577 == pytest.approx(values.std(), abs=60)


def test_sample_when_no_column_is_asked_then_is_empty() -> None:
    frame = read(pl.DataFrame(ROWS))
    assert {} == sample(frame, [], split_names(frame), most=10)


def test_sample_when_there_is_no_split_then_is_of_all_rows() -> None:
    frame = read({"x": [1, 2, 3]})
    assert [1, 2, 3] == sample(frame, ["x"], split_names(frame), most=10)["dev"].columns["x"]


def test_sample_when_an_engine_numbers_no_rows_then_is_empty() -> None:
    ibis, pyarrow = pytest.importorskip("ibis"), pytest.importorskip("pyarrow")
    frame = read(ibis.memtable(pyarrow.table({"split": ["dev"], "x": [1]})))
    assert {} == sample(frame, ["x"], split_names(frame), most=10)


def test_rows_when_in_no_known_split_then_are_counted_by_reason(frame_of: FrameOf) -> None:
    found = placed(read(frame_of({"split": ["dev", "fold 3", "fold 3", "fold 4", None]})))
    assert {"no_split": 1, "unknown_split": 3} == found.unusable
    assert (("fold 3", "fold 4"), 5) == (found.unknown, found.total)
