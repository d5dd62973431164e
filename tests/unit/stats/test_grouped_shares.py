from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import chi2_contingency

from headway.errors import CountError
from headway.stats.grouped_shares import at_full_size, grouped_test

RNG = np.random.default_rng(6)


def test_rows_when_each_is_its_own_group_then_the_test_is_pearsons() -> None:
    first, second = RNG.integers(0, 4, 3000), RNG.integers(0, 4, 2000)
    found = grouped_test((first, second), (np.arange(3000), np.arange(2000)))
    counts = [np.bincount(side, minlength=4) for side in (first, second)]
    assert chi2_contingency(counts).pvalue == pytest.approx(found.p, abs=0.01)
    assert 1.0 == pytest.approx(found.effect, abs=0.05)


def test_rows_when_groups_are_copied_then_count_once() -> None:
    first, second = RNG.integers(0, 3, 300), RNG.integers(0, 3, 300)
    alone = grouped_test((first, second), (np.arange(300), np.arange(300)))
    groups = np.repeat(np.arange(300), 10)
    copied = grouped_test((np.repeat(first, 10), np.repeat(second, 10)), (groups, groups))
    assert alone.p == pytest.approx(copied.p)
    assert 10 * alone.effect == pytest.approx(copied.effect, rel=0.02)


def test_shift_when_it_is_in_every_group_then_is_found() -> None:
    groups = np.repeat(np.arange(40), 10)
    first, second = (RNG.random(400) < share for share in (0.3, 0.6))
    found = grouped_test((first.astype(int), second.astype(int)), (groups, groups + 40))
    assert found.p < 1e-6


def test_rare_values_when_tested_then_are_counted_together() -> None:
    first = np.concatenate([np.repeat([0, 1], 200), np.arange(2, 12)])
    alone = np.arange(len(first))
    found = grouped_test((first, first), (alone, alone))
    assert [1.0, 1.0] == pytest.approx([found.p, found.effect], abs=0.1)


@pytest.mark.parametrize(
    ("values", "groups", "effect"),
    [([1, 1, 1, 1], [0, 1, 2, 3], 1.0), ([0, 1] * 10, [0] * 20, 20.0)],
)
def test_sets_when_nothing_can_be_told_then_say_so(
    values: list[int], groups: list[int], effect: float
) -> None:
    side, group = np.array(values), np.array(groups)
    found = grouped_test((side, side), (group, group))
    assert (1.0, effect) == (found.p, found.effect)


def test_groups_when_all_have_the_same_shares_then_chance_is_nothing() -> None:
    values, groups = np.array([0, 1] * 20), np.repeat(np.arange(20), 2)
    found = grouped_test((values, values), (groups, groups))
    assert (1.0, 1.0) == (found.p, found.effect)


def test_groups_when_there_are_fewer_than_rows_then_are_refused() -> None:
    with pytest.raises(CountError, match="Expected: one for each of 4 rows"):
        grouped_test((np.arange(4), np.arange(4)), (np.arange(3), np.arange(4)))


def test_effect_when_all_rows_are_there_then_is_that_of_the_sample() -> None:
    assert 3.0 == at_full_size(3.0, 5.0, 5.0)
    assert 1.5 == at_full_size(1.5, 1.0, 20.0)
    assert 1.0 == at_full_size(1.0, 3.0, 20.0)
