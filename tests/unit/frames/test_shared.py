from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

from headway.frames.sample import split_names
from headway.frames.shared import group_sizes, shared, windows
from headway.frames.source import read

if TYPE_CHECKING:
    from headway.counts import CountTable
    from tests.conftest import FrameOf

ROWS: dict[str, list[Any]] = {
    "split": ["train"] * 4 + ["dev"] * 3 + ["test"] * 2,
    "id": [1, 1, 2, None, 1, 3, None, 3, 9],
    "label": ["a", "b", "a", "a", "a", "b", "b", "a", "b"],
    "prediction": ["a", "a", "a", "a", "b", "b", "a", "a", "a"],
    "x": [0.5, 0.5, 1.0, None, 0.5, 2.0, 3.0, 2.0, 4.0],
    "when": [date(2026, 1, day) for day in (1, 2, 9, 3, 4, 5, 6, 7, 8)],
}


def found(table: Any, by: list[str], **columns: str) -> CountTable:
    """What the splits of a table share."""
    frame = read(table, columns=columns)
    return shared(frame, by, split_names(frame))


def test_ids_when_two_splits_have_them_then_rows_and_keys_are_counted(frame_of: FrameOf) -> None:
    table = found(frame_of(ROWS), ["id"])
    assert 1 == table.where(split="dev", other="train").total
    assert 2 == table.where(split="train", other="dev").total
    assert 1 == table.where(split="test", other="dev").total
    assert 0 == table.where(split="test", other="train").total
    assert [3, 2, 2] == [
        table.where(split=split, other=split).total for split in ("train", "dev", "test")
    ]
    assert (7, 4.0) == (table.where(split=None).total, table.where(split=None).sums["keys"][0])


def test_wrong_predictions_when_known_then_are_counted(frame_of: FrameOf) -> None:
    table = found(frame_of(ROWS), ["id"])
    assert 1 == table.where(split="dev", other="train").sums["wrong"].sum()
    assert 1 == table.where(split="dev", other="dev").sums["wrong"].sum()


def test_content_when_several_columns_make_it_then_all_must_agree(frame_of: FrameOf) -> None:
    table = found(frame_of(ROWS), ["x", "label"])
    assert 1 == table.where(split="dev", other="train").total
    assert 0 == table.where(split="test", other="dev").total
    assert 1 == found(frame_of(ROWS), ["x"]).where(split="test", other="dev").total


def test_categories_when_they_are_a_key_then_are_what_they_say(frame_of: FrameOf) -> None:
    table = found(frame_of(ROWS, {"label": pl.Categorical}), ["label"])
    assert 4 == table.where(split="train", other="dev").total


@pytest.mark.parametrize(
    "columns",
    [
        {"label": ["a", None], "correct": [1, 0]},
        {"label": [True, False], "prediction": [True, True]},
    ],
)
def test_wrong_predictions_when_told_otherwise_then_are_counted(columns: dict[str, Any]) -> None:
    table = found({"split": ["dev", "dev"], "id": [1, 2], **columns}, ["id"])
    assert 1 == table.where(split="dev").sums["wrong"].sum()


@pytest.mark.parametrize(
    "columns",
    [
        {},
        {"label": ["a", "b"]},
        {"label": [1, 2], "prediction": ["1", "2"]},
        {"label": [["a"], ["b"]], "prediction": [["a"], ["a"]]},
    ],
)
def test_wrong_predictions_when_no_column_tells_them_then_are_unknown(
    columns: dict[str, Any],
) -> None:
    table = found({"split": ["dev", "dev"], "id": [1, 2], **columns}, ["id"])
    assert {"keys"} == set(table.sums)


def test_windows_when_taken_then_say_what_is_later_than_dev(frame_of: FrameOf) -> None:
    frame = read(frame_of(ROWS))
    spans = windows(frame, "when", split_names(frame))
    assert 1 == spans["train"][2]
    assert ["2026-01-01", "2026-01-09"] == [text[:10] for text in spans["train"][:2]]
    assert (3, 2) == (spans["dev"][2], spans["test"][2])


def test_windows_when_there_is_no_dev_then_test_begins() -> None:
    frame = read({"split": ["train", "train", "test", "odd"], "when": [5, 1, 4, 9]})
    assert {"train": ("1", "5", 1), "test": ("4", "4", 1)} == windows(
        frame, "when", split_names(frame)
    )


def test_windows_when_only_train_is_there_then_nothing_is_later() -> None:
    frame = read({"split": ["train", "train"], "when": [5, 1]})
    assert {"train": ("1", "5", 0)} == windows(frame, "when", split_names(frame))


def test_groups_when_sized_then_are_weighed_by_their_rows(frame_of: FrameOf) -> None:
    table = {"split": ["dev"] * 6 + ["test"] * 2, "group": [1, 1, 1, 2, None, None, 3, 3]}
    frame = read(frame_of(table))
    sizes = group_sizes(frame, "group", split_names(frame))
    assert {"dev": (9 + 1 + 1 + 1) / 6, "test": 2.0} == pytest.approx(sizes)
