from __future__ import annotations

import numpy as np
import pytest

from headway.counts import CountTable
from headway.errors import TargetError
from headway.stats.resampling import dirichlet_draws
from headway.stats.tallies import cell_draws, margins_of, of_class, positive_of, same, tally_of

KEYS = ("label", "prediction")


def test_classes_when_listed_then_come_by_size_with_withheld_predictions_last() -> None:
    table = CountTable.of(KEYS, [("a", None), ("b", "b"), ("c", "a")], [5, 3, 9])
    assert ("c", "a", "b", None) == tally_of(table).classes


def test_margins_when_added_up_then_hold_every_example() -> None:
    cells = tally_of(CountTable.of(KEYS, [("a", "a"), ("a", "b"), ("b", "b")], [5, 3, 9]))
    margins = margins_of(cells, cells.n)
    assert ("b", "a") == cells.classes
    assert [9.0, 5.0] == margins.both.tolist()
    assert [9.0, 8.0] == margins.label.tolist()
    assert [12.0, 5.0] == margins.prediction.tolist()


def test_weights_when_equal_up_to_rounding_then_are_dropped() -> None:
    sums = {"w": [3 * 0.1, 0.5], "w2": [3 * 0.01, 0.05]}
    cells = tally_of(CountTable.of(KEYS, [(0, 0), (1, 1)], [3, 5], sums))
    assert cells.plain
    assert [3.0, 5.0] == cells.w.tolist()


def test_weights_when_tiny_but_different_then_are_kept() -> None:
    table = CountTable.of((*KEYS, "weight"), [(0, 0, 1e-12), (1, 1, 2e-12)], [3, 5])
    assert not tally_of(table).plain


def test_class_when_absent_then_has_no_cells() -> None:
    cells = tally_of(CountTable.of(KEYS, [("a", "a"), ("b", "a")], [5, 3]))
    assert [[False, False], [False, False]] == [m.tolist() for m in of_class(cells, "lion")]
    assert [[True, False], [True, True]] == [m.tolist() for m in of_class(cells, "a")]


@pytest.mark.parametrize("classes", [["a", "b"], [0, 1, 2], [2, 3]])
def test_positive_class_when_classes_are_not_0_and_1_then_is_asked_for(classes: list[int]) -> None:
    with pytest.raises(TargetError, match="nobody said which class"):
        positive_of(classes, None)
    assert "lion" == positive_of(classes, "lion")


def test_positive_class_when_withheld_predictions_are_there_then_is_still_1() -> None:
    assert 1 == positive_of([0, 1, None], None)


def test_draws_of_cells_when_compared_with_perks_then_scatter_alike(
    rng: np.random.Generator,
) -> None:
    counts = np.array([45.0, 5, 10, 0])
    found, expected = cell_draws(counts, 20_000), dirichlet_draws(counts, 20_000, rng=rng)
    assert expected.mean(axis=0).tolist() == pytest.approx(found.mean(axis=0).tolist(), abs=2e-3)
    assert expected.std(axis=0).tolist() == pytest.approx(found.std(axis=0).tolist(), rel=0.1)


def test_sums_when_one_is_off_then_are_not_the_same() -> None:
    assert same(np.array([1.0, 0.0]), np.array([1.0 + 1e-12, 0.0]))
    assert not same(np.array([1.0, 0.0]), np.array([1.0, 1e-12]))
