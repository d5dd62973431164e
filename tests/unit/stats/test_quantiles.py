from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from headway.errors import CountError
from headway.stats.quantiles import (
    beta_quantile,
    checked_counts,
    checked_level,
    checked_positive,
    checked_rate,
    critical_value,
    gamma_quantile,
)


@pytest.mark.parametrize("level", [0.5, 0.9, 0.95, 0.999])
def test_critical_value_when_compared_with_scipy_then_is_the_same(level: float) -> None:
    assert stats.norm.ppf((1 + level) / 2) == pytest.approx(critical_value(level), rel=1e-12)
    assert stats.t.ppf((1 + level) / 2, 7) == pytest.approx(critical_value(level, df=7), rel=1e-9)


def test_critical_value_when_there_are_no_degrees_of_freedom_then_refuses() -> None:
    with pytest.raises(CountError, match=r"degrees of freedom is 0\.\nExpected: a number above 0"):
        critical_value(0.95, df=0)


@pytest.mark.parametrize("level", [0.0, 1.0, 95.0])
def test_level_when_it_is_no_fraction_then_refuses(level: float) -> None:
    with pytest.raises(CountError, match=r"level is .*\nExpected: a fraction between 0 and 1"):
        checked_level(level)


def test_beta_and_gamma_quantiles_when_compared_with_scipy_then_are_the_same() -> None:
    tails = np.array([0.001, 0.025, 0.5, 0.975])
    assert stats.beta.ppf(tails, 5.5, 95.5) == pytest.approx(beta_quantile(5.5, 95.5, tails))
    assert stats.gamma.ppf(tails, 2.5) == pytest.approx(gamma_quantile(2.5, tails))


@pytest.mark.parametrize(
    ("n_errors", "n", "match"),
    [
        (-1, 10, r"n_errors is -1\.\nExpected: a count from 0 to n"),
        ([1, 11], 10, r"n_errors is 11\.\nExpected: a count from 0 to n"),
        (np.nan, 10, r"n_errors is nan\.\nExpected: a count from 0 to n"),
        (0, [5, 0], r"n is 0\.\nExpected: at least one example"),
    ],
)
def test_counts_when_they_do_not_belong_together_then_refuses(
    n_errors: float, n: float, match: str
) -> None:
    with pytest.raises(CountError, match=match):
        checked_counts(n_errors, n)


def test_counts_when_there_are_none_then_are_empty() -> None:
    assert 0 == checked_counts([], [])[0].size


def test_rate_when_it_is_given_in_percent_then_refuses() -> None:
    with pytest.raises(CountError, match=r"rate is 5\.\nExpected: a fraction in \[0, 1\]"):
        checked_rate("rate", 5)


@pytest.mark.parametrize("value", [0, -1, np.inf, np.nan])
def test_positive_number_when_it_is_not_then_refuses(value: float) -> None:
    with pytest.raises(CountError, match=r"n is .*\nExpected: a number above 0"):
        checked_positive("n", value)
