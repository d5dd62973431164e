from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
import pytest

from headway.counts import CountSpec
from headway.errors import ColumnError, TargetError
from headway.frames.binned import BIN, POSITIVE, Binned, binned
from headway.frames.reduce import reduce
from headway.frames.source import read

SPEC = CountSpec(groupings=frozenset({("split", POSITIVE, BIN)}))


def cut(table: dict[str, Any], **given: Any) -> tuple[Binned, dict[tuple[Any, ...], int]]:
    """The bins of a table, and the rows in each."""
    found = binned(read(pl.DataFrame(table)), **given)
    counts, _ = reduce(found.frame, SPEC)
    return found, {cell[1:]: n for cell, n in counts.table("split", POSITIVE, BIN)}


def test_bins_when_scores_are_probabilities_then_span_zero_to_one() -> None:
    table = {"split": ["dev"] * 4, "label": [0, 1, 1, 1], "score": [0.0, 0.1, 0.95, 1.0]}
    found, cells = cut(table, bins=10)
    assert (0.0, 0.1, False) == (found.low, found.width, found.is_logit)
    assert {(False, 0): 1, (True, 1): 1, (True, 9): 2} == cells


def test_bins_when_probabilities_crowd_at_an_end_then_lie_on_their_log_odds() -> None:
    score = [1e-6, 1e-4, 1e-3, 0.5]
    table = {"split": ["dev"] * 4, "label": [0, 0, 1, 1], "score": score}
    found, cells = cut(table, bins=100)
    assert found.is_logit
    assert 4 == len(cells)
    assert found.low == pytest.approx(np.log(1e-6 / (1 - 1e-6)))


def test_bins_when_a_probability_is_zero_or_one_then_is_at_the_end_of_the_log_odds() -> None:
    table = {"split": ["dev"] * 3, "label": [0, 1, 1], "score": [0.0, 0.001, 1.0]}
    found, cells = cut(table, bins=10)
    assert found.is_logit
    assert {(False, 0): 1, (True, 3): 1, (True, 9): 1} == cells


def test_bins_when_scores_are_margins_then_span_their_range() -> None:
    table = {"split": ["dev"] * 3, "label": [0, 1, 1], "score": [-4.0, 0.0, 4.0]}
    found, cells = cut(table, bins=4)
    assert (-4.0, 2.0) == (found.low, found.width)
    assert {(False, 0): 1, (True, 2): 1, (True, 3): 1} == cells


def test_bins_when_a_score_is_missing_then_it_has_none() -> None:
    table = {"split": ["dev"] * 2, "label": [0, 1], "score": [0.05, None]}
    assert {(False, 0): 1, (True, None): 1} == cut(table, bins=10)[1]


def test_bins_when_all_scores_are_equal_then_all_lie_in_the_first() -> None:
    table = {"split": ["dev"] * 2, "label": [0, 1], "score": [7.0, 7.0]}
    assert {(False, 0): 1, (True, 0): 1} == cut(table, bins=10)[1]


def test_score_when_there_are_probabilities_of_classes_then_is_that_of_the_positive() -> None:
    p = np.array([0.25, 0.75])
    table = {"split": ["dev"] * 2, "label": ["cat", "dog"], "p_cat": p, "p_dog": 1 - p}
    found, cells = cut(table, positive="cat", bins=4)
    assert ("cat", {(True, 1): 1, (False, 3): 1}) == (found.positive, cells)


def test_score_when_there_is_none_then_it_is_refused() -> None:
    with pytest.raises(ColumnError, match="plays the role 'score'"):
        cut({"split": ["dev"], "label": [1], "prediction": [1]})
    with pytest.raises(TargetError, match="nobody said which class that is"):
        cut({"split": ["dev"], "label": ["cat"], "score": [0.5]})
