from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from headway.errors import CountError
from headway.stats.means import is_skewed, mean_draws, mean_limits, r_squared, unskewed


@pytest.mark.parametrize("skew", [-5.0, 0.3, 4.0])
def test_unskewed_when_transformed_again_then_gives_what_was_asked(skew: float) -> None:
    asked, n = np.array([-3.0, -1.0, 0.0, 2.0]), 40
    t = unskewed(asked, n, skew)
    again = t + skew * (2 * t**2 + 1) / (6 * np.sqrt(n)) + skew**2 * t**3 / (27 * n)
    assert asked == pytest.approx(again)


def test_limits_when_losses_are_skewed_then_reach_further_on_the_long_side() -> None:
    lower, upper = mean_limits(1.0, 0.1, 2.0, n=30, skew=3.0)
    assert 1.0 - lower < 0.2 < upper - 1.0


def test_limits_when_the_skew_changes_sign_then_are_mirrored() -> None:
    right = mean_limits(0.0, 1.0, 2.0, n=30, skew=3.0)
    left = mean_limits(0.0, 1.0, 2.0, n=30, skew=-3.0)
    assert right == pytest.approx((-left[1], -left[0]))


@pytest.mark.parametrize("skew", [None, 3.0])
def test_draws_when_their_quantiles_are_taken_then_are_the_limits(skew: float | None) -> None:
    tails = np.array([0.025, 0.975])
    drawn = mean_draws(1.0, 0.1, df=29, uniform=tails, skew=skew, n=30)
    limits = mean_limits(1.0, 0.1, float(stats.t.ppf(0.975, 29)), n=30, skew=skew)
    assert limits == pytest.approx(tuple(drawn[::-1]))


def test_skewed_when_there_are_enough_examples_then_is_not() -> None:
    assert (True, False) == (is_skewed(2.0, 99), is_skewed(2.0, 100))


def test_r_squared_when_all_labels_are_equal_then_refuses() -> None:
    with pytest.raises(CountError, match=r"variance of the labels is 0\.0\.\nExpected: labels"):
        r_squared(4, 8.0, 16.0, 1.0)
