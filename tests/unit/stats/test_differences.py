from __future__ import annotations

from itertools import pairwise, product
from math import inf, log, sqrt
from typing import TYPE_CHECKING

import numpy as np
import pytest
from scipy import optimize, stats
from statsmodels.stats.proportion import confint_proportions_2indep

from headway.errors import CountError
from headway.stats.differences import (
    contrast_limits,
    miettinen_nurminen_difference,
    mover_limits,
    newcombe_difference,
    paired_difference,
    tango_difference,
    welch_difference,
)
from headway.stats.forms import Mean

if TYPE_CHECKING:
    from collections.abc import Callable

    from headway.stats.forms import Estimate

TABLES = [(9, 100, 10, 1000), (0, 50, 3, 40), (3, 25, 0, 25), (40, 60, 10, 90), (500, 900, 7, 12)]


def log_of(rate: float, count: float) -> float:
    return count * log(max(rate, 1e-300)) if count else 0.0


def likeliest(likelihood: Callable[[float], float], low: float, high: float) -> float:
    """The rate at which a likelihood is largest, to nine digits."""
    found = optimize.minimize_scalar(
        lambda rate: -likelihood(rate),
        bounds=(low, high),
        method="bounded",
        options={"xatol": 1e-12},
    )
    return float(found.x)


def inverted(score: Callable[[float], float], estimate: float) -> tuple[float, float]:
    z = stats.norm.ppf(0.975)
    edge = 1 - 1e-9
    low = optimize.brentq(lambda d: score(d) - z, -edge, estimate, xtol=1e-12)
    high = optimize.brentq(lambda d: score(d) + z, estimate, edge, xtol=1e-12)
    return low, high


@pytest.mark.parametrize("table", TABLES)
def test_newcombe_when_compared_with_statsmodels_then_is_the_same(
    table: tuple[int, int, int, int],
) -> None:
    found = newcombe_difference(*table)
    expected = confint_proportions_2indep(*table, method="newcomb", compare="diff")
    assert expected == pytest.approx((found.lower, found.upper), abs=1e-9)


@pytest.mark.parametrize("table", TABLES)
def test_miettinen_nurminen_when_likelihood_is_maximised_directly_then_is_the_same(
    table: tuple[int, int, int, int],
) -> None:
    x1, n1, x2, n2 = table
    estimate = x1 / n1 - x2 / n2

    def score(difference: float) -> float:
        def likelihood(second: float) -> float:
            first = second + difference
            return (
                log_of(first, x1)
                + log_of(1 - first, n1 - x1)
                + log_of(second, x2)
                + log_of(1 - second, n2 - x2)
            )

        second = likeliest(likelihood, max(0, -difference), min(1, 1 - difference))
        first = second + difference
        spread = first * (1 - first) / n1 + second * (1 - second) / n2
        return (estimate - difference) / sqrt(spread * (n1 + n2) / (n1 + n2 - 1))

    found = miettinen_nurminen_difference(*table)
    assert inverted(score, estimate) == pytest.approx((found.lower, found.upper), abs=1e-6)


@pytest.mark.parametrize("counts", [(30, 15, 1000), (0, 4, 60), (5, 5, 20), (1, 0, 8)])
def test_tango_when_likelihood_is_maximised_directly_then_is_the_same(
    counts: tuple[int, int, int],
) -> None:
    b, c, n = counts
    estimate = (b - c) / n

    def score(difference: float) -> float:
        def likelihood(second: float) -> float:
            first = second + difference
            return log_of(first, b) + log_of(second, c) + log_of(1 - first - second, n - b - c)

        second = likeliest(likelihood, max(0, -difference), (1 - difference) / 2)
        spread = (2 * second + difference * (1 - difference)) / n
        return (estimate - difference) / sqrt(max(spread, 1e-300))

    found = tango_difference(b, c, n)
    assert inverted(score, estimate) == pytest.approx((found.lower, found.upper), abs=1e-5)


@pytest.mark.parametrize("method", [newcombe_difference, miettinen_nurminen_difference])
@pytest.mark.parametrize("table", [(0, 10, 0, 20), (10, 10, 20, 20), (0, 10, 20, 20)])
def test_difference_when_all_or_none_fail_then_stays_within_its_range(
    method: Callable[..., Estimate], table: tuple[int, int, int, int]
) -> None:
    found = method(*table)
    assert found.lower is not None
    assert found.upper is not None
    assert -1 <= found.lower <= found.estimate <= found.upper <= 1


def test_paired_differences_when_no_example_tells_them_apart_then_contain_zero() -> None:
    for found in (paired_difference(0, 0, 50), tango_difference(0, 0, 50)):
        assert found.lower is not None
        assert found.upper is not None
        assert (0.0, 50) == (found.estimate, found.n)
        assert found.lower < 0 < found.upper


def test_paired_difference_when_all_differ_one_way_then_ends_at_one() -> None:
    assert 1.0 == paired_difference(10, 0, 10).upper


@pytest.mark.parametrize("method", [paired_difference, tango_difference])
def test_paired_difference_when_more_differ_than_there_are_then_refuses(
    method: Callable[..., object],
) -> None:
    with pytest.raises(CountError, match=r"n_errors is 11\."):
        method(6, 5, 10)


def test_miettinen_nurminen_when_counts_do_not_fit_then_refuses() -> None:
    with pytest.raises(CountError, match=r"n_errors is 11\."):
        miettinen_nurminen_difference(11, 10, 0, 10)


def test_welch_when_compared_with_scipy_then_is_the_same(rng: np.random.Generator) -> None:
    first, second = rng.gamma(2, 1, 30), rng.gamma(2, 2, 45)
    found = welch_difference(
        *(
            Mean(mean=float(x.mean()), variance=float(x.var(ddof=1)), n=x.size)
            for x in (first, second)
        )
    )
    expected = stats.ttest_ind(first, second, equal_var=False).confidence_interval(0.95)
    assert tuple(expected) == pytest.approx((found.lower, found.upper))


def test_welch_when_neither_varies_then_has_no_width() -> None:
    still = Mean(mean=0.5, variance=0.0, n=3)
    found = welch_difference(still, still)
    assert (0.0, 0.0) == (found.lower, found.upper)


def test_mover_when_many_are_asked_then_gives_each_its_limits() -> None:
    lower, upper = mover_limits([0.2, 0.3], ([0.1, 0.2], [0.4, 0.5]), 0.1, (0.05, 0.2), [0.0, 0.5])
    assert (0.1 - sqrt(0.1**2 + 0.1**2)) == pytest.approx(lower[0])
    assert (0.2 + sqrt(0.2**2 - 0.2 * 0.05 + 0.05**2)) == pytest.approx(upper[1])


def test_mover_when_errors_are_fully_correlated_then_widths_cancel() -> None:
    lower, upper = mover_limits(0.3, (0.2, 0.4), 0.1, (0.0, 0.2), 1.0)
    assert (0.2, 0.2) == pytest.approx((float(lower), float(upper)))


def test_mover_when_one_error_has_no_interval_then_neither_has_the_difference() -> None:
    lower, upper = mover_limits(0.3, (-inf, inf), 0.1, (0.0, 0.2), 0.5)
    assert (-inf, inf) == (float(lower), float(upper))


def test_contrast_when_it_is_a_difference_then_equals_mover() -> None:
    ends = [(0.2, 0.45), (0.05, 0.2)]
    together = np.array([[1, 0.4], [0.4, 1]])
    lower, upper = mover_limits(0.3, ends[0], 0.1, ends[1], 0.4)
    found = contrast_limits((1, -1), (0.3, 0.1), ends, correlation=together)
    assert (float(lower), float(upper)) == pytest.approx(found)


def test_contrast_when_errors_are_independent_then_equals_mover_applied_twice() -> None:
    errors = [0.11, 0.05, 0.07, 0.02]
    ends = [(e - 0.01, e + 0.02) for e in errors]
    gaps = [
        mover_limits(a, la, b, lb) for (a, la), (b, lb) in pairwise(zip(errors, ends, strict=True))
    ]
    expected = mover_limits(0.06, gaps[0], 0.05, gaps[2])
    found = contrast_limits((1, -1, -1, 1), errors, ends)
    assert tuple(map(float, expected)) == pytest.approx(found)


@pytest.mark.parametrize("coefficient", [0.0, -1.0])
def test_contrast_when_an_error_has_no_interval_then_matters_only_if_it_counts(
    coefficient: float,
) -> None:
    found = contrast_limits((1.0, coefficient), (0.3, 0.1), [(0.2, 0.4), (-inf, inf)])
    assert ((0.2, 0.4) if coefficient == 0 else (-inf, inf)) == pytest.approx(found)


def test_scores_when_tables_are_small_then_have_ends_at_the_critical_value() -> None:
    for x1, x2 in product(range(4), range(5)):
        found = miettinen_nurminen_difference(x1, 3, x2, 4)
        mirrored = miettinen_nurminen_difference(3 - x1, 3, 4 - x2, 4)
        assert found.lower is not None
        assert mirrored.upper is not None
        assert -mirrored.upper == pytest.approx(found.lower, abs=1e-9)
