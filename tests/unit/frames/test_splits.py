from __future__ import annotations

import pytest

from headway.counts import SPLITS
from headway.errors import SplitError
from headway.frames.splits import USUAL_SPLITS, split_of, splits_of


@pytest.mark.parametrize("name", SPLITS)
def test_split_when_known_then_means_itself(name: str) -> None:
    assert [name, name, name] == [split_of(n) for n in (name, f" {name.upper()} ", name)]


def test_split_when_written_otherwise_then_is_understood() -> None:
    names = ("val", "valid", "validation", "eval", "holdout", "prod", "train-dev", "Train Dev")
    found = ["dev"] * 5 + ["field"] + ["train_dev"] * 2
    assert found == [split_of(name) for name in names]
    assert set(USUAL_SPLITS.values()) < set(SPLITS)


@pytest.mark.parametrize("name", [None, "", "fold 3", 1, True])
def test_split_when_anything_else_then_is_unknown(name: str | int | None) -> None:
    assert split_of(name) is None


def test_splits_when_each_has_one_name_then_are_mapped() -> None:
    assert {"val": "dev", "train": "train"} == splits_of(["val", "train", None, "x"])


def test_splits_when_two_names_mean_one_then_are_refused() -> None:
    with pytest.raises(SplitError, match="'dev', 'val' would all be read as 'dev'"):
        splits_of(["val", "dev"])
