"""Events in a time of operation: their rate, whether they come in bursts, two rates compared."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from scipy.special import bdtr

from headway.errors import CountError, TargetError
from headway.stats.composites import Poisson
from headway.stats.quantiles import checked_positive

if TYPE_CHECKING:
    from collections.abc import Sequence

    from headway.stats.metric import Metric

__all__ = [
    "compared_rates",
    "dispersion",
    "of_events",
]

FEWEST_DEVICES: Final = 2
"""Devices from which their events can be told to come in bursts."""


def _checked_events(n_events: float) -> float:
    """A number of events, if it is one."""
    if not 0 <= n_events < np.inf:
        raise CountError.outside("n_events", n_events, "a count, at least 0")
    return n_events


def dispersion(by_device: Sequence[tuple[int, float]]) -> float:
    """How many times the variance of the events of devices is that of independent events.

    Args:
        by_device: Events and time of operation of each device, in any unit of time; at least two.

    Returns:
        Pearson's chi squared over its degrees of freedom; 1 where there were no events.

    Raises:
        CountError: If there are fewer than two devices, or a number is outside its range.

    Examples:
        >>> round(dispersion([(x, 9.0) for x in (0, 1, 0, 3, 0, 0, 2, 0)]), 4)
        1.8095

    References:
        McCullagh and Nelder (1989), Generalized Linear Models, section 6.2.
        Methods note, section 3.7.
    """
    if len(by_device) < FEWEST_DEVICES:
        raise CountError.outside("by_device", len(by_device), "two devices or more")
    events = np.array([_checked_events(x) for x, _ in by_device], dtype=np.float64)
    time = np.array([checked_positive("exposure", t) for _, t in by_device], dtype=np.float64)
    if not events.sum() > 0:
        return 1.0
    expected = events.sum() * time / time.sum()
    return float(((events - expected) ** 2 / expected).sum() / (events.size - 1))


def of_events(
    metric: Metric,
    n_events: float,
    exposure_s: float,
    *,
    by_device: Sequence[tuple[int, float]] | None = None,
    n: int | None = None,
) -> Poisson:
    """A rate of events per time of operation.

    Args:
        metric: A metric of source ``"events"``: its parameter is the number of seconds in its unit.
        n_events: Events seen, at least 0.
        exposure_s: Time of operation in seconds, above 0: of the mix of audio (or of whatever is
            watched) that will be met, not of negatives collected around the events.
        by_device: Events and time of operation of each device. Where events come in bursts on some
            devices, the rate is worth fewer of them.
        n: Examples that the time was cut into, where that is known.

    Returns:
        The rate.

    Raises:
        TargetError: If the metric is of another source.
        CountError: If a number is outside its range.

    Examples:
        >>> from headway.stats.metrics import metric_of
        >>> rate = of_events(metric_of("false_positives_per_24h"), 2, 72 * 3600)
        >>> rate.n_events, rate.exposure
        (2, 3.0)

    References:
        Garwood (1936), Biometrika 28, 437-442.
        Methods note, section 3.7.
        Notes: week 1, "Satisficing and Optimizing metric".
    """
    if metric.source != "events" or metric.parameter is None:
        raise TargetError.other_counts(metric.name, "events and time of operation")
    checked_positive("exposure", exposure_s)
    bursts = 1.0
    if by_device is not None and len(by_device) >= FEWEST_DEVICES:
        bursts = max(1.0, dispersion(by_device))
    said: tuple[str, ...] = ()
    if bursts > 1:
        said = (f"events come in bursts: their variance is {bursts:.2g} times the usual one",)
    return Poisson(
        n_events=_checked_events(n_events),
        exposure=exposure_s / metric.parameter,
        unit_s=metric.parameter,
        dispersion=bursts,
        n=n,
        warnings=said,
    )


def compared_rates(one: Poisson, other: Poisson) -> tuple[float | None, float]:
    """Two rates of events, seen on different data.

    Args:
        one: The first rate.
        other: The second.

    Returns:
        The ratio of the first to the second, None where the second is zero; and the two-sided
        mid-p value of the exact conditional test that they are equal, 1 where there are no events.

    Examples:
        >>> nine, three = Poisson(n_events=9, exposure=5.0), Poisson(n_events=3, exposure=5.0)
        >>> ratio, p = compared_rates(nine, three)
        >>> ratio, round(p, 4)
        (3.0, 0.0923)

    References:
        Przyborowski and Wilenski (1940), Biometrika 31, 313-323.
        Lancaster (1961), Journal of the American Statistical Association 56, 223-234.
        Methods note, section 3.7.
    """
    first, second = (m.n_events / m.exposure * (86_400.0 / m.unit_s) for m in (one, other))
    ratio = first / second if second > 0 else None
    x, y = (round(m.n_events / m.dispersion) for m in (one, other))
    times = [m.exposure * m.unit_s / m.dispersion for m in (one, other)]
    if x + y == 0:
        return ratio, 1.0
    share = times[0] / sum(times)
    below, at_most = (float(bdtr(k, x + y, share)) if k >= 0 else 0.0 for k in (x - 1, x))
    middle = (below + at_most) / 2
    return ratio, min(1.0, 2 * min(middle, 1 - middle))
