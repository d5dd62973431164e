from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from scipy import stats
from statsmodels.stats.proportion import proportion_confint

from headway.errors import CountError
from headway.stats.intervals import (
    clopper_pearson_interval,
    guarded_wilson_interval,
    jeffreys_interval,
    poisson_interval,
    rate_limits,
    wilson_interval,
    wilson_limits,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from headway.stats.intervals import Interval

COUNTS = [(0, 1), (1, 1), (0, 50), (1, 3), (5, 100), (99, 100), (250, 1000), (12, 1_000_000)]
LEVELS = [0.8, 0.95, 0.99]


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize(("n_errors", "n"), COUNTS)
def test_wilson_when_compared_with_statsmodels_then_is_the_same(
    n_errors: int, n: int, level: float
) -> None:
    found = wilson_interval(n_errors, n, level=level)
    expected = proportion_confint(n_errors, n, 1 - level, method="wilson")
    assert expected == pytest.approx((found.lower, found.upper), abs=1e-12)


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize(("n_errors", "n"), COUNTS)
def test_clopper_pearson_when_compared_with_scipy_then_is_the_same(
    n_errors: int, n: int, level: float
) -> None:
    found = clopper_pearson_interval(n_errors, n, level=level)
    expected = stats.binomtest(n_errors, n).proportion_ci(level, method="exact")
    assert tuple(expected) == pytest.approx((found.lower, found.upper), abs=1e-9)


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize(("n_errors", "n"), [pair for pair in COUNTS if 0 < pair[0] < pair[1]])
def test_jeffreys_when_compared_with_statsmodels_then_is_the_same(
    n_errors: int, n: int, level: float
) -> None:
    found = jeffreys_interval(n_errors, n, level=level)
    expected = proportion_confint(n_errors, n, 1 - level, method="jeffreys")
    assert expected == pytest.approx((found.lower, found.upper), abs=1e-12)


def test_jeffreys_when_there_is_no_error_or_nothing_else_then_is_open_there() -> None:
    assert (0.0, 1.0) == (jeffreys_interval(0, 50).lower, jeffreys_interval(50, 50).upper)


@pytest.mark.parametrize(("n_events", "exposure"), [(0, 1.0), (2, 3.0), (40, 0.5)])
def test_poisson_when_compared_with_chi_squared_then_is_the_same(
    n_events: int, exposure: float
) -> None:
    found = poisson_interval(n_events, exposure)
    lower = stats.chi2.ppf(0.025, 2 * n_events) if n_events else 0.0
    upper = stats.chi2.ppf(0.975, 2 * n_events + 2)
    expected = lower / (2 * exposure), upper / (2 * exposure)
    assert expected == pytest.approx((found.lower, found.upper))


def test_guard_when_more_than_three_errors_then_leaves_wilson_alone() -> None:
    assert wilson_interval(4, 100) == guarded_wilson_interval(4, 100)
    assert wilson_interval(3, 50) == guarded_wilson_interval(3, 50)


def test_guard_when_few_are_right_then_mirrors_that_of_few_errors() -> None:
    few, many = guarded_wilson_interval(2, 100), guarded_wilson_interval(98, 100)
    assert (few.lower, few.upper) == pytest.approx((1 - many.upper, 1 - many.lower))


@pytest.mark.parametrize("method", ["wilson", "guarded_wilson", "jeffreys", "clopper_pearson"])
def test_limits_when_asked_for_many_rates_then_equal_those_of_each(method: str) -> None:
    one_by_one: dict[str, Callable[..., Interval]] = {
        "wilson": wilson_interval,
        "guarded_wilson": guarded_wilson_interval,
        "jeffreys": jeffreys_interval,
        "clopper_pearson": clopper_pearson_interval,
    }
    lower, upper = rate_limits([0, 1, 7], [10, 30, 40], method=method)
    found = [one_by_one[method](x, n) for x, n in ((0, 10), (1, 30), (7, 40))]
    assert [interval.lower for interval in found] == lower.tolist()
    assert [interval.upper for interval in found] == upper.tolist()


def test_wilson_limits_when_counts_are_effective_then_lie_between_whole_ones() -> None:
    lower, upper = wilson_limits([2.0, 2.5, 3.0], 40.5, 1.96)
    assert (lower[0] < lower[1] < lower[2], upper[0] < upper[1] < upper[2]) == (True, True)


def test_wilson_when_numbers_are_huge_then_keeps_its_digits() -> None:
    found = wilson_interval(10**6, 10**14)
    half = 1.959964 * np.sqrt(1e-8 / 1e14)
    assert (half, half) == pytest.approx((1e-8 - found.lower, found.upper - 1e-8), rel=0.01)


def test_limits_when_the_method_is_unknown_then_refuses() -> None:
    with pytest.raises(CountError, match=r"method is wald\.\nExpected: wilson or one of guarded_"):
        rate_limits(1, 10, method="wald")


@pytest.mark.parametrize("method", ["wilson", "guarded_wilson", "jeffreys", "clopper_pearson"])
def test_limits_when_the_level_is_no_fraction_then_refuses(method: str) -> None:
    with pytest.raises(CountError, match=r"level is 95\."):
        rate_limits(1, 10, level=95, method=method)


@pytest.mark.parametrize(
    ("n_events", "exposure", "match"),
    [
        (-1, 1.0, r"n_events is -1\.\nExpected: a count, at least 0"),
        (1, 0.0, r"exposure is 0\.0\.\nExpected: a number above 0"),
    ],
)
def test_poisson_when_a_number_is_outside_its_range_then_refuses(
    n_events: int, exposure: float, match: str
) -> None:
    with pytest.raises(CountError, match=match):
        poisson_interval(n_events, exposure)
