from __future__ import annotations

import pytest
from scipy.stats import beta, binom

from headway.errors import CountError
from headway.stats.ranks import p_quantile_within, quantile_ranks


@pytest.mark.parametrize("n", [1, 5, 20, 100, 1000, 10**6])
@pytest.mark.parametrize("q", [0.01, 0.5, 0.95, 0.999])
def test_ranks_when_chosen_then_leave_out_at_most_a_tail_and_no_tighter_ones_do(
    n: int, q: float
) -> None:
    lower, upper = quantile_ranks(n, q)
    assert 0 <= lower < upper <= n + 1
    assert binom.cdf(lower - 1, n, q) <= 0.025 < binom.cdf(lower, n, q)
    assert binom.sf(upper - 1, n, q) <= 0.025 + 1e-12
    assert upper == 0 or binom.sf(upper - 2, n, q) > 0.025


def test_ranks_when_values_are_few_then_a_bound_may_be_missing() -> None:
    assert (0, 2) == quantile_ranks(1, 0.5)
    assert (1, 6) == quantile_ranks(6, 0.5)


def test_ranks_when_the_level_rises_then_widen() -> None:
    narrow, wide = quantile_ranks(1000, 0.95, 0.8), quantile_ranks(1000, 0.95, 0.99)
    assert wide[0] < narrow[0] < narrow[1] < wide[1]


def test_quantile_when_few_values_are_over_the_limit_then_keeps_it() -> None:
    assert beta(30.5, 970.5).cdf(0.05) == pytest.approx(p_quantile_within(30, 1000, 0.95))
    assert p_quantile_within(50, 1000, 0.95) < 0.6
    assert p_quantile_within(90, 1000, 0.95) < 0.01


@pytest.mark.parametrize(
    ("call", "match"),
    [
        (lambda: quantile_ranks(0, 0.5), "n is 0"),
        (lambda: quantile_ranks(5, 1.0), "q is 1"),
        (lambda: quantile_ranks(5, 0.5, 1.0), "level is 1"),
        (lambda: p_quantile_within(6, 5, 0.5), "n_errors is 6"),
    ],
)
def test_ranks_when_a_number_is_outside_its_range_then_refuse(call: object, match: str) -> None:
    with pytest.raises(CountError, match=match):
        call()  # type: ignore[operator]
