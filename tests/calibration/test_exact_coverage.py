from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from scipy.stats import binom, hypergeom, poisson

from headway.stats.differences import mover_limits
from headway.stats.intervals import poisson_interval, rate_limits, wilson_limits
from headway.stats.measured import limits
from headway.stats.moments import finite_population
from headway.stats.pools import hypergeometric_interval, pool_interval
from headway.stats.quantiles import critical_value

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

pytestmark = pytest.mark.calibration

LOWEST, HIGHEST = 0.935, 0.965
"""What a 95 % interval promises where enough of both kinds are expected."""

SIZES = [100, 120, 150, 200, 300, 500, 1000, 2000]


def coverage(n: int, rates: Array, method: str) -> Array:
    """Probability that the interval holds the true rate, summed over every possible count."""
    counts = np.arange(n + 1)
    lower, upper = rate_limits(counts, n, method=method)
    inside = (lower <= rates[:, None]) & (rates[:, None] <= upper)
    return np.asarray((binom.pmf(counts, n, rates[:, None]) * inside).sum(axis=1))


@pytest.mark.parametrize("n", SIZES)
@pytest.mark.parametrize(
    ("method", "worst", "best"),
    [("wilson", 0.931, 0.968), ("guarded_wilson", 0.931, 0.968), ("jeffreys", 0.926, 0.966)],
)
def test_rates_when_ten_of_both_kinds_are_expected_then_are_covered_as_promised(
    method: str, worst: float, best: float, n: int
) -> None:
    # No interval of a count keeps the band at every rate: at isolated rates (0.15 at n = 100) all
    # of them dip. So the band must hold on all but 0.5 % of the rates, and the dips are bounded.
    found = coverage(n, np.linspace(10 / n, 0.5, 2001), method)
    outside = (found < LOWEST) | (found > HIGHEST)
    assert outside.mean() <= (0.02 if method == "jeffreys" else 0.005)
    assert worst <= found.min() <= found.mean() <= found.max() <= best
    assert 0.95 == pytest.approx(found.mean(), abs=0.005)


@pytest.mark.parametrize("n", SIZES)
def test_exact_interval_when_tried_at_every_rate_then_is_never_below_its_level(n: int) -> None:
    rates = np.linspace(0.0005, 0.5, 2001)
    assert coverage(n, rates, "clopper_pearson").min() >= 0.95 - 1e-9


@pytest.mark.parametrize("n", [100, 500, 2000])
@pytest.mark.parametrize("expected", [0.1, 0.3, 0.6, 1.0, 1.5, 2.0, 3.0, 5.0, 7.5])
def test_rates_when_few_errors_are_expected_then_are_covered_on_average(
    n: int, expected: float
) -> None:
    band = coverage(n, np.linspace(0.8, 1.2, 401) * expected / n, "guarded_wilson")
    assert band.mean() >= LOWEST
    assert band.mean() <= (HIGHEST if expected >= 1.5 else 1.0)
    assert band.min() >= 0.92


@pytest.mark.parametrize("n", [100, 500, 2000])
def test_guard_when_less_than_one_error_is_expected_then_mends_wilson(n: int) -> None:
    rates = np.linspace(0.001, 1, 4001) / n
    assert coverage(n, rates, "guarded_wilson").min() >= 0.92
    assert coverage(n, rates, "wilson").min() < 0.85


def test_poisson_rate_when_tried_at_every_rate_then_is_never_below_its_level() -> None:
    counts = np.arange(80)
    found = [poisson_interval(int(k), 1.0) for k in counts]
    lower, upper = (np.array([getattr(i, end) for i in found]) for end in ("lower", "upper"))
    rates = np.linspace(0.01, 30, 500)[:, None]
    inside = (lower <= rates) & (rates <= upper)
    assert (poisson.pmf(counts, rates) * inside).sum(axis=1).min() >= 0.95 - 1e-9


def difference_coverage(one: tuple[float, int], other: tuple[float, int]) -> float:
    """Probability that Newcombe's interval holds the true difference."""
    z = critical_value(0.95)
    (p1, n1), (p2, n2) = one, other
    x1, x2 = np.arange(n1 + 1)[:, None], np.arange(n2 + 1)[None, :]
    lower, upper = mover_limits(
        x1 / n1, wilson_limits(x1, n1, z), x2 / n2, wilson_limits(x2, n2, z)
    )
    inside = (lower <= p1 - p2) & (p1 - p2 <= upper)
    return float((binom.pmf(x1, n1, p1) * binom.pmf(x2, n2, p2) * inside).sum())


@pytest.mark.parametrize(
    ("one", "other", "highest"),
    [
        ((0.10, 1000), (0.09, 1000), 0.96),
        ((0.09, 200), (0.01, 2000), 0.96),
        ((0.10, 300), (0.30, 100), 0.96),
        ((0.02, 100), (0.01, 100), 0.995),  # conservative where one or two errors are expected
    ],
)
def test_differences_when_sets_are_independent_then_are_covered(
    one: tuple[float, int], other: tuple[float, int], highest: float
) -> None:
    assert 0.94 <= difference_coverage(one, other) <= highest


@pytest.mark.parametrize("pool", [120, 300, 1000])
def test_share_of_a_pool_when_100_are_seen_then_is_covered_on_average(pool: int) -> None:
    found = [pool_interval(k, 100, pool) for k in range(101)]
    exact = [hypergeometric_interval(k, 100, pool) for k in range(101)]
    totals = np.arange(round(0.1 * pool), round(0.9 * pool) + 1)
    for intervals, least, mean in ((found, 0.91, 0.945), (exact, 0.95 - 1e-9, 0.95)):
        lower, upper = (np.array([getattr(i, e) for i in intervals]) for e in ("lower", "upper"))
        share = totals[:, None] / pool
        inside = (lower <= share + 1e-12) & (share <= upper + 1e-12)
        covered = (hypergeom.pmf(np.arange(101), pool, totals[:, None], 100) * inside).sum(axis=1)
        assert covered.min() >= least
        assert mean <= covered.mean() <= 0.985


@pytest.mark.parametrize("rate", [0.03, 0.1])
def test_train_error_when_a_part_was_scored_then_is_covered(rate: float) -> None:
    found = np.array([limits(finite_population(k, 1000, 4000)) for k in range(400)])
    chance = hypergeom.pmf(np.arange(400), 4000, round(4000 * rate), 1000)
    inside = (found[:, 0] <= rate) & (rate <= found[:, 1])
    assert LOWEST <= (chance * inside).sum() <= HIGHEST
