"""What the forms of ``composites`` have to say: value, limits, variance and plausible values.

``headway.stats.measured`` takes every form and asks here for those; ask there.
"""

from __future__ import annotations

from dataclasses import replace
from math import inf, sqrt
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from headway.stats.composites import Bounded, Overlap, Poisson, Sampled
from headway.stats.intervals import wilson_limits
from headway.stats.quantiles import critical_value, gamma_quantile

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = [
    "Composite",
    "composite_draws",
    "composite_limits",
    "composite_method",
    "composite_point",
    "composite_variance",
    "composite_worth",
    "grown_composite",
]

Composite: TypeAlias = Overlap | Bounded | Sampled | Poisson
"""The forms of a metric that is no plain rate or mean."""


def _mirrored(m: Composite) -> bool:
    """Whether one minus the number is meant."""
    return isinstance(m, (Overlap, Poisson)) and m.mirrored


def _share(m: Bounded) -> float:
    """Where in its range a value lies, a fraction."""
    return (m.value - m.lowest) / (m.highest - m.lowest)


def _f1(jaccard: NDArray[np.float64] | float) -> NDArray[np.float64] | float:
    """F1 from the share of the union that is in both sets."""
    return 2 * jaccard / (1 + jaccard)


def composite_point(m: Composite) -> float:
    """The metric itself.

    Args:
        m: A metric in one of the four forms.

    Returns:
        A fraction, or a number in the unit of the metric.

    Examples:
        >>> round(composite_point(Overlap(n_shared=171, n_apart=28, n=1000)), 4)
        0.9243

    References:
        Methods note, sections 3.4 and 3.7.
        Notes: week 1, "Single number evaluation metric".
    """
    match m:
        case Overlap():
            value = 2 * m.n_shared / (2 * m.n_shared + m.n_apart)
        case Poisson():
            value = m.n_events / m.exposure
        case _:
            return m.value
    return 1 - value if m.mirrored else value


def composite_limits(m: Composite, level: float) -> tuple[float, float]:
    """The limits of a metric.

    Args:
        m: A metric in one of the four forms.
        level: Level of the interval, a fraction in (0, 1).

    Returns:
        Lower and upper limit: Wilson on the overlap, mapped to F1; Wilson on the range of the
        metric; quantiles of the draws; Garwood's for a rate per time.

    Raises:
        CountError: If the level is outside (0, 1).

    Examples:
        >>> lower, upper = composite_limits(Overlap(n_shared=171, n_apart=28, n=1000), 0.95)
        >>> round(lower, 4), round(upper, 4)
        (0.8915, 0.9478)

    References:
        Methods note, sections 3.4, 3.5 and 3.7.
    """
    critical = critical_value(level)
    match m:
        case Overlap():
            ends = wilson_limits(m.n_shared, m.n_shared + m.n_apart, critical)
            lower, upper = (float(_f1(float(end))) for end in ends)
        case Bounded():
            lower, upper = _bounded_limits(m, critical)
        case Sampled():
            lower, upper = np.quantile(m.draws, [(1 - level) / 2, (1 + level) / 2]).tolist()
        case _:
            lower, upper = _poisson_limits(m, level)
    if _mirrored(m):
        lower, upper = 1 - upper, 1 - lower
    value = composite_point(m)
    return min(lower, value), max(upper, value)


def _bounded_limits(m: Bounded, critical: float) -> tuple[float, float]:
    """Wilson's limits on the range of the metric, opened by what the bins leave open."""
    if m.n_eff == inf:
        ends = (m.value, m.value)
    else:
        span, share = m.highest - m.lowest, _share(m)
        low, high = wilson_limits(share * m.n_eff, m.n_eff, critical)
        ends = (m.lowest + span * float(low), m.lowest + span * float(high))
    return max(m.lowest, ends[0] - m.slack_below), min(m.highest, ends[1] + m.slack_above)


def _poisson_limits(m: Poisson, level: float) -> tuple[float, float]:
    """Garwood's limits, at fewer events and less time where events come in bursts."""
    tail, events, time = (1 - level) / 2, m.n_events / m.dispersion, m.exposure / m.dispersion
    lower = float(gamma_quantile(events, tail)) if events > 0 else 0.0
    return lower / time, float(gamma_quantile(events + 1, 1 - tail)) / time


def composite_worth(m: Composite) -> float | None:
    """Examples that a metric is worth, where that is not its n.

    Args:
        m: A metric in one of the four forms.

    Returns:
        The size of the union for F1; for the others the number of examples of which a plain rate
        would have the same variance, at most n; None where there is no such number.

    Examples:
        >>> composite_worth(Overlap(n_shared=8, n_apart=4, n=10_000))
        12

    References:
        Methods note, sections 0.5 and 3.4.
    """
    match m:
        case Overlap():
            return m.n_shared + m.n_apart
        case Bounded():
            return None if m.n_eff == inf else m.n_eff
        case Sampled():
            return _sampled_worth(m)
        case _:
            return None


def _sampled_worth(m: Sampled) -> float | None:
    """Examples of which a plain rate would scatter as the draws do."""
    if not (m.lowest > -inf and m.highest < inf and m.lowest < m.value < m.highest):
        return None
    spread = float(m.draws.var())
    room = (m.value - m.lowest) * (m.highest - m.value)
    return min(float(m.n), room / spread) if spread > 0 else None


def composite_variance(m: Composite) -> float:
    """The variance of a metric, for planning and for contrasts.

    Args:
        m: A metric in one of the four forms.

    Returns:
        Squared standard error, in the squared unit of the metric; above zero also where nothing
        was seen to go wrong.

    Examples:
        >>> round(composite_variance(Overlap(n_shared=45, n_apart=15, n=100)) ** 0.5, 4)
        0.0365

    References:
        Methods note, section 0.4.
    """
    match m:
        case Overlap():
            union = m.n_shared + m.n_apart
            jaccard = m.n_shared / union
            return _rate_variance(jaccard, union) * (2 / (1 + jaccard) ** 2) ** 2
        case Bounded():
            return (m.highest - m.lowest) ** 2 * _rate_variance(_share(m), m.n_eff)
        case Sampled():
            return float(m.draws.var())
        case _:
            return max(m.n_events, 0.5 * m.dispersion) * m.dispersion / m.exposure**2


def _rate_variance(rate: float, n: float) -> float:
    """Variance of a rate; at 0 or 1, that of half an example more."""
    if 0 < rate < 1 or n == inf:
        return rate * (1 - rate) / n
    drawn = (rate * n + 0.5) / (n + 1)
    return drawn * (1 - drawn) / n


def composite_draws(m: Composite, n_draws: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """Plausible values of a metric.

    Args:
        m: A metric in one of the four forms.
        n_draws: Number of draws, at least 1.
        rng: Source of randomness.

    Returns:
        Draws of a Beta of the overlap mapped to F1, of a Beta on the range of the metric, of the
        kept draws in random order, or of Gamma(events + 1/2). Shape (n_draws,).

    Examples:
        >>> rng = np.random.default_rng(1)
        >>> rate = Poisson(n_events=2, exposure=3.0)
        >>> round(float((composite_draws(rate, 100_000, rng) <= 1).mean()), 1)
        0.7

    References:
        Methods note, sections 0.9 and 3.7.
    """
    match m:
        case Overlap():
            values = _f1(rng.beta(m.n_shared + 0.5, m.n_apart + 0.5, n_draws))
        case Bounded(n_eff=n_eff) if n_eff == inf:
            values = np.full(n_draws, m.value)
        case Bounded():
            share = _share(m)
            shares = rng.beta(share * m.n_eff + 0.5, (1 - share) * m.n_eff + 0.5, n_draws)
            values = m.lowest + (m.highest - m.lowest) * shares
        case Sampled() if m.draws.size >= n_draws:
            values = rng.permutation(m.draws)[:n_draws]
        case Sampled():
            values = rng.choice(m.draws, n_draws)
        case _:
            events, time = m.n_events / m.dispersion, m.exposure / m.dispersion
            values = rng.gamma(events + 0.5, 1 / time, n_draws)
    found = np.asarray(values, dtype=np.float64)
    return 1 - found if _mirrored(m) else found


def grown_composite(m: Composite, factor: float, n: int | None) -> Composite:
    """The same metric as it would stand on more examples of the same kind.

    Args:
        m: A metric in one of the four forms.
        factor: How many times as many examples, at least 1.
        n: That number of examples, or None where they are not known.

    Returns:
        The metric with its value kept and its numbers grown in proportion; draws move towards the
        value by the square root.

    Examples:
        >>> grown_composite(Overlap(n_shared=8, n_apart=4, n=100), 2.0, 200).n_shared
        16.0

    References:
        Methods note, section 1.8.
    """
    match m:
        case Overlap():
            shared, apart = m.n_shared * factor, m.n_apart * factor
            return replace(m, n_shared=shared, n_apart=apart, n=n or m.n)
        case Bounded():
            return replace(m, n_eff=m.n_eff * factor, n=n or m.n)
        case Sampled():
            drawn = m.value + (m.draws - m.value) / sqrt(factor)
            return replace(m, draws=drawn, n=n or m.n)
        case _:
            return replace(m, n_events=m.n_events * factor, exposure=m.exposure * factor, n=n)


def composite_method(m: Composite) -> str:
    """What makes the shown interval of a metric, in words.

    Args:
        m: A metric in one of the four forms.

    Returns:
        A few words.

    Examples:
        >>> composite_method(Poisson(n_events=2, exposure=3.0))
        'Garwood exact, 2 events in 72 h'

    References:
        Methods note, section 0.6.
    """
    match m:
        case Overlap():
            return "Wilson score on the overlap"
        case Bounded(n_eff=n_eff) if n_eff == inf:
            return "held exact"
        case Bounded():
            return "delta method, logit scale"
        case Sampled():
            return "posterior draws"
        case _:
            hours = m.exposure * m.unit_s / 3600
            words = f"Garwood exact, {m.n_events:g} events in {hours:.6g} h"
            return f"{words}, dispersion {m.dispersion:.3g}" if m.dispersion > 1 else words
