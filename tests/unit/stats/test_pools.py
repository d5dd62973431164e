from __future__ import annotations

import pytest
from scipy import stats

from headway.errors import CountError
from headway.stats.intervals import wilson_interval
from headway.stats.pools import hypergeometric_interval, pool_interval


@pytest.mark.parametrize(
    ("found", "n", "pool"), [(3, 10, 25), (0, 10, 25), (10, 10, 25), (1, 1, 9)]
)
def test_exact_interval_when_every_total_is_tried_then_is_the_same(
    found: int, n: int, pool: int
) -> None:
    possible = range(found, pool - (n - found) + 1)
    inside = [
        total
        for total in possible
        if stats.hypergeom.sf(found - 1, pool, total, n) > 0.025
        and stats.hypergeom.cdf(found, pool, total, n) > 0.025
    ]
    interval = hypergeometric_interval(found, n, pool)
    assert (inside[0], inside[-1]) == pytest.approx((interval.lower * pool, interval.upper * pool))


def test_intervals_when_all_were_seen_then_have_no_width() -> None:
    for interval in (pool_interval(3, 10, 10), hypergeometric_interval(3, 10, 10)):
        assert (0.3, 0.3) == (interval.lower, interval.upper)


def test_pool_when_it_is_huge_then_hardly_matters() -> None:
    found, plain = pool_interval(5, 100, 10**9), wilson_interval(5, 100)
    assert (plain.lower, plain.upper) == pytest.approx((found.lower, found.upper), abs=1e-6)


@pytest.mark.parametrize("method", [pool_interval, hypergeometric_interval])
def test_pool_when_more_were_seen_than_exist_then_refuses(method: object) -> None:
    assert callable(method)
    with pytest.raises(CountError, match=r"pool is 9\.\nExpected: at least the 10 seen"):
        method(3, 10, 9)
