from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from headway.errors import CountError, TargetError
from headway.stats.composites import Poisson
from headway.stats.events import (
    compared_rates,
    dispersion,
    of_events,
)
from headway.stats.measured import point
from headway.stats.metrics import metric_of

PER_DAY = metric_of("false_positives_per_24h")


def test_rate_when_counted_then_is_in_the_unit_of_the_metric() -> None:
    assert 2 / 3 == pytest.approx(point(of_events(PER_DAY, 2, 72 * 3600)))
    per_hour = of_events(metric_of("false_positives_per_hour"), 2, 72 * 3600, n=5000)
    assert 2 / 72 == pytest.approx(point(per_hour))
    assert 5000 == per_hour.n


def test_devices_when_each_has_its_share_then_events_do_not_come_in_bursts() -> None:
    even = [(5, 10.0), (5, 10.0), (10, 20.0)]
    assert 0.0 == dispersion(even)
    assert 1.0 == of_events(PER_DAY, 20, 40 * 3600, by_device=even).dispersion


def test_devices_when_one_has_all_events_then_a_warning_says_so() -> None:
    rate = of_events(PER_DAY, 9, 90 * 3600, by_device=[(9, 30.0), (0, 30.0), (0, 30.0)])
    expected = stats.chisquare([9, 0, 0]).statistic / 2
    assert expected == pytest.approx(rate.dispersion)
    assert ("events come in bursts: their variance is 9 times the usual one",) == rate.warnings


def test_devices_when_only_one_is_known_then_nothing_is_known_of_bursts() -> None:
    assert 1.0 == of_events(PER_DAY, 9, 3600, by_device=[(9, 1.0)]).dispersion
    assert 1.0 == dispersion([(0, 1.0), (0, 2.0)])


@pytest.mark.parametrize(("x", "y", "ratio"), [(9, 3, 3.0), (0, 4, 0.0), (4, 0, None)])
def test_two_rates_when_compared_then_have_the_exact_mid_p(
    x: int, y: int, ratio: float | None
) -> None:
    found, p = compared_rates(Poisson(n_events=x, exposure=5.0), Poisson(n_events=y, exposure=2.5))
    share, n = 2 / 3, x + y
    middle = stats.binom.cdf(x, n, share) - stats.binom.pmf(x, n, share) / 2
    assert 2 * min(middle, 1 - middle) == pytest.approx(p)
    assert (None if ratio is None else ratio / 2) == found


def test_two_rates_when_nothing_happened_then_do_not_differ() -> None:
    assert (None, 1.0) == compared_rates(*[Poisson(n_events=0, exposure=5.0)] * 2)


def test_two_rates_when_in_different_units_then_are_the_same() -> None:
    per_hour = of_events(metric_of("false_positives_per_hour"), 4, 7200)
    ratio, p = compared_rates(of_events(PER_DAY, 4, 7200), per_hour)
    assert (1.0, 1.0) == pytest.approx((ratio, p))


def test_events_when_asked_of_another_metric_then_are_refused() -> None:
    with pytest.raises(TargetError, match="cannot be computed from events and time of operation"):
        of_events(metric_of("f1"), 2, 3600)


@pytest.mark.parametrize(
    ("call", "match"),
    [
        (lambda: of_events(PER_DAY, -1, 3600), "n_events is -1"),
        (lambda: of_events(PER_DAY, 1, 0), "exposure is 0"),
        (lambda: of_events(PER_DAY, 1, np.nan), "exposure is nan"),
        (lambda: dispersion([(1, 1.0)]), "by_device is 1"),
    ],
)
def test_events_when_a_number_is_outside_its_range_then_are_refused(
    call: object, match: str
) -> None:
    with pytest.raises(CountError, match=match):
        call()  # type: ignore[operator]
