"""What an error in any of its forms has to say: its value, its limits, its plausible values.

The forms are plain values without methods; the functions below take each of them. Whatever has
limits here can enter a difference by ``headway.stats.differences.mover_limits``.
"""

from __future__ import annotations

from dataclasses import replace
from math import inf, sqrt
from typing import TYPE_CHECKING, Final

import numpy as np

from headway.errors import CountError
from headway.stats.composed import (
    composite_draws,
    composite_limits,
    composite_method,
    composite_point,
    composite_variance,
    composite_worth,
    grown_composite,
)
from headway.stats.composites import Bounded, Overlap, Poisson, Sampled
from headway.stats.defaults import LEVEL, MIN_CLUSTERS, MIN_N_EFF
from headway.stats.forms import Binomial, Effective, Estimate, Fixed, Levels, Mean, Measured
from headway.stats.intervals import rate_limits, wilson_limits
from headway.stats.means import examples_for_t, is_skewed, mean_draws, mean_limits
from headway.stats.nested import nested_draws, nested_limits
from headway.stats.quantiles import critical_value

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

__all__ = [
    "draws",
    "estimate",
    "grow",
    "joint_draws",
    "limits",
    "point",
    "size",
    "variance",
]

ENOUGH_CLUSTERS: Final = 20
"""Clusters from which an interval carries no warning."""

HEAVY: Final = 6.8
"""n / n_eff from which the heaviest hundredth of the examples may hold a quarter of the weight."""


def point(m: Measured) -> float:
    """The error itself.

    Args:
        m: An error in any form.

    Returns:
        A fraction, or a number in the unit of the loss.

    Examples:
        >>> point(Binomial(n_errors=5, n=100))
        0.05
        >>> point(Levels(weights=(1, 10), n=(90, 10), n_errors=(0, 5)))
        0.2631578947368421

    References:
        Methods note, section 1.1.
        Notes: week 2, "Bias and Variance with mismatched data distributions".
    """
    match m:
        case Fixed():
            return m.value
        case Binomial():
            return m.n_errors / m.n
        case Effective():
            return m.rate
        case Levels():
            return float(np.dot(m.weights, m.n_errors) / np.dot(m.weights, m.n))
        case Mean():
            return m.mean
        case _:
            return composite_point(m)


def size(m: Measured) -> int | None:
    """The number of examples behind an error.

    Args:
        m: An error in any form.

    Returns:
        A count, or None for a declared error and for a rate per time of unknown examples.

    Examples:
        >>> size(Binomial(n_errors=5, n=100)), size(Fixed(value=0.01))
        (100, None)

    References:
        Methods note, section 0.1.
    """
    match m:
        case Fixed():
            return None
        case Levels():
            return sum(m.n)
        case _:
            return m.n


def grow(m: Measured, more: int) -> Measured:
    """The same error as it would stand on more examples of the same kind.

    Args:
        m: An error in any form.
        more: Examples to add, at least 0; ignored for a declared error. For a rate per time of
            unknown examples, units of its exposure.

    Returns:
        The error with its rate kept and its numbers grown in proportion.

    Examples:
        >>> grow(Binomial(n_errors=3, n=25), 25).n_eff
        50.0

    References:
        Methods note, section 1.8.
    """
    n = size(m) or 1
    factor = (n + more) / n
    match m:
        case Overlap() | Bounded() | Sampled() | Poisson():
            return _grown(m, more)
        case Fixed():
            return m
        case Binomial():
            return Effective(rate=point(m), n_eff=float(n + more), n=n + more)
        case Effective():
            clusters = None if m.n_clusters is None else round(m.n_clusters * factor)
            return replace(m, n=n + more, n_eff=m.n_eff * factor, n_clusters=clusters)
        case Mean():
            worth = None if m.n_eff is None else m.n_eff * factor
            clusters = None if m.n_clusters is None else round(m.n_clusters * factor)
            return replace(m, n=n + more, n_eff=worth, n_clusters=clusters)
        case _:
            return Levels(
                weights=m.weights,
                n=tuple(round(k * factor) for k in m.n),
                n_errors=tuple(round(k * factor) for k in m.n_errors),
            )


def _grown(m: Overlap | Bounded | Sampled | Poisson, more: int) -> Measured:
    """A metric as it would stand on more examples."""
    n = size(m)
    if n is None:
        seen = m.exposure if isinstance(m, Poisson) else 1.0
        return grown_composite(m, (seen + more) / seen, None)
    return grown_composite(m, (n + more) / n, n + more)


def _independent(m: Effective | Mean) -> float:
    """How many independent pieces stand behind the noise: clusters, or effective examples."""
    return float(m.n_clusters or m.n_eff or m.n)


def _is_blind(m: Measured) -> bool:
    """Whether so few independent pieces were seen that there is no interval."""
    clusters = m.n_clusters if isinstance(m, (Effective, Mean)) else None
    if clusters is not None:
        return clusters < MIN_CLUSTERS
    return isinstance(m, Mean) and (_independent(m) <= 1 or m.variance == inf)


def _skew(m: Mean) -> float | None:
    """The skewness to correct for, if Student's t would not do."""
    if m.n_clusters is None and m.variance > 0 and is_skewed(m.skew, _independent(m)):
        return m.skew
    return None


def limits(m: Measured, *, level: float = LEVEL) -> tuple[float, float]:
    """The limits with which an error enters a difference.

    Args:
        m: An error in any form.
        level: Level of the interval between them, a fraction in (0, 1).

    Returns:
        Lower and upper limit: Wilson without the small-count guard, Wilson at the effective number
        of examples, the nested posterior, or Student's t. Both are the value of a declared error.
        Below 6 clusters they are the whole range: nothing is known then.

    Raises:
        CountError: If the level is outside (0, 1).

    Examples:
        >>> lower, upper = limits(Binomial(n_errors=5, n=100))
        >>> round(lower, 4), round(upper, 4)
        (0.0215, 0.1118)

    References:
        Zou and Donner (2008), Statistics in Medicine 27, 1693-1702.
        Methods note, sections 0.6, 0.7, 1.5 and 1.6.
    """
    critical = critical_value(level)
    if _is_blind(m):
        return (-inf, inf) if isinstance(m, Mean) else (0.0, 1.0)
    match m:
        case Fixed():
            return m.value, m.value
        case Binomial():
            lower, upper = wilson_limits(m.n_errors, m.n, critical)
        case Effective(n_eff=n_eff) if n_eff == inf:
            return m.rate, m.rate
        case Effective():
            if m.n_clusters is not None:
                critical = critical_value(level, df=m.n_clusters - 1)
            lower, upper = wilson_limits(m.rate * m.n_eff, m.n_eff, critical)
        case Levels():
            lower, upper = np.asarray(nested_limits(m.weights, m.n, m.n_errors, level=level))
        case Overlap() | Bounded() | Sampled() | Poisson():
            return composite_limits(m, level)
        case _:
            critical = critical_value(level, df=_independent(m) - 1)
            se, skew = sqrt(m.variance / m.n), _skew(m)
            return mean_limits(m.mean, se, critical, n=_independent(m), skew=skew)
    return min(float(lower), point(m)), max(float(upper), point(m))


def _method(m: Measured) -> str:
    """What makes the shown interval of an error, in words."""
    if isinstance(m, (Overlap, Bounded, Sampled, Poisson)):
        return composite_method(m)
    match m:
        case Fixed():
            return "given"
        case Binomial():
            return "Wilson score with small-count guard"
        case Levels():
            return "nested posterior over weight levels"
        case Effective():
            name = "held exact" if m.n_eff == inf else "Wilson score at n_eff"
            return name if m.n_clusters is None else f"{name}, Student t over clusters"
        case _:
            name = "Student t" if _skew(m) is None else "Hall's transformed t"
            return name if m.n_clusters is None else f"{name} over clusters"


def _effective(m: Measured) -> float | None:
    """Examples an error is worth where that is not its n."""
    match m:
        case Effective() | Mean():
            return None if m.n_eff == inf else m.n_eff
        case Levels():
            spread = variance(m)
            return point(m) * (1 - point(m)) / spread if 0 < point(m) < 1 else None
        case Overlap() | Bounded() | Sampled() | Poisson():
            return composite_worth(m)
        case _:
            return None


def _warnings(m: Measured) -> tuple[str, ...]:
    """What weakens an estimate, in words."""
    found = list(m.warnings) if isinstance(m, (Overlap, Bounded, Sampled, Poisson)) else []
    worth, n = _effective(m) or size(m), size(m)
    clusters = m.n_clusters if isinstance(m, (Effective, Mean)) else None
    if clusters is not None and clusters < MIN_CLUSTERS:
        found.append(f"only {clusters} clusters: no interval below {MIN_CLUSTERS}")
    elif clusters is not None and clusters < ENOUGH_CLUSTERS:
        found.append(f"only {clusters} clusters: less reliable below {ENOUGH_CLUSTERS}")
    if worth is not None and worth < MIN_N_EFF:
        found.append(f"worth only {worth:.3g} examples: no verdict below {MIN_N_EFF:.0f}")
    if isinstance(m, Effective) and clusters is None and m.n > HEAVY * m.n_eff:
        found.append("a few examples carry most of the weight")
    skew = _skew(m) if isinstance(m, Mean) else None
    if skew is not None:
        needed = examples_for_t(skew)
        found.append(f"skewed losses: Student t needs {needed:.0f} examples, there are {n}")
    return tuple(found)


def estimate(m: Measured, *, level: float = LEVEL) -> Estimate:
    """An error with the interval that is shown.

    Args:
        m: An error in any form.
        level: Level of the interval, a fraction in (0, 1).

    Returns:
        The error; without an interval where it was declared, or where fewer than 6 clusters (or
        one loss) stand behind it.

    Raises:
        CountError: If the level is outside (0, 1).

    Examples:
        >>> shown = estimate(Binomial(n_errors=1, n=100))
        >>> round(shown.lower, 5), round(shown.upper, 4), shown.method
        (0.00051, 0.0545, 'Wilson score with small-count guard')

    References:
        Methods note, sections 0.1, 0.6 and 0.7.
        Notes: week 1, "Size of the dev and test sets".
    """
    ends: tuple[float | None, float | None] = (None, None)
    if isinstance(m, Binomial):
        lower, upper = rate_limits(m.n_errors, m.n, level=level)
        ends = float(lower), float(upper)
    elif not (isinstance(m, Fixed) or _is_blind(m)):
        ends = limits(m, level=level)
    return Estimate(
        estimate=point(m),
        lower=ends[0],
        upper=ends[1],
        level=level,
        n=size(m),
        method=_method(m),
        n_eff=_effective(m),
        n_clusters=m.n_clusters if isinstance(m, (Effective, Mean)) else None,
        warnings=_warnings(m),
    )


def _rate_variance(rate: float, n: float) -> float:
    """Variance of a rate; without errors, or without successes, that of half an error more."""
    if 0 < rate < 1 or n == inf:
        return rate * (1 - rate) / n
    drawn = (rate * n + 0.5) / (n + 1)
    return drawn * (1 - drawn) / n


def _levels_variance(m: Levels) -> float:
    """Variance of a weighted rate from its moments; where they show none, from smoothed rates."""
    w, n, wrong = (np.asarray(values, dtype=np.float64) for values in (m.weights, m.n, m.n_errors))
    total, rate = n.sum(), point(m)
    if 0 < rate < 1 and total > 1:
        spread = (w**2 * (wrong * (1 - 2 * rate) + rate**2 * n)).sum()
        return float(total / (total - 1) * spread / np.dot(w, n) ** 2)
    drawn = (wrong + 0.5) / (n + 1)
    return float((w**2 * n * drawn * (1 - drawn)).sum() / np.dot(w, n) ** 2)


def variance(m: Measured) -> float:
    """The variance of an error, for planning and for contrasts.

    Args:
        m: An error in any form.

    Returns:
        Squared standard error: a squared fraction, or the squared unit of the loss. Zero for a
        declared error; never zero for a rate, as seeing no error does not prove there is none.

    Examples:
        >>> round(variance(Binomial(n_errors=10, n=100)), 6)
        0.0009

    References:
        Methods note, sections 0.5 and 1.8.
    """
    match m:
        case Fixed():
            return 0.0
        case Binomial():
            return _rate_variance(point(m), m.n)
        case Effective():
            return _rate_variance(m.rate, m.n_eff)
        case Levels():
            return _levels_variance(m)
        case Mean():
            return m.variance / m.n
        case _:
            return composite_variance(m)


def draws(m: Measured, n_draws: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """Plausible values of an error.

    Args:
        m: An error in any form.
        n_draws: Number of draws, at least 1.
        rng: Source of randomness.

    Returns:
        Draws of Beta(x + 1/2, n - x + 1/2), with effective counts where there are such; of the
        nested posterior; of a scaled t; or a constant. Shape (n_draws,).

    Examples:
        >>> rng = np.random.default_rng(1)
        >>> round(float(draws(Binomial(n_errors=10, n=100), 100_000, rng).mean()), 2)
        0.1

    References:
        Methods note, section 0.9.
        Notes: week 2, "Bias and Variance with mismatched data distributions".
    """
    match m:
        case Fixed():
            return np.full(n_draws, m.value)
        case Binomial():
            return rng.beta(m.n_errors + 0.5, m.n - m.n_errors + 0.5, n_draws)
        case Effective():
            return _rate_draws(m, n_draws, rng)
        case Levels():
            return nested_draws(m.weights, m.n, m.n_errors, n_draws, rng)
        case Mean():
            return _loss_draws(m, n_draws, rng)
        case _:
            return composite_draws(m, n_draws, rng)


def _rate_draws(m: Effective, n_draws: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """Draws of a rate at its effective counts; a constant where it is held exact."""
    if m.n_eff == inf:
        return np.full(n_draws, m.rate)
    wrong, right = m.rate * m.n_eff, (1 - m.rate) * m.n_eff
    return rng.beta(wrong + 0.5, right + 0.5, n_draws)


def _loss_draws(m: Mean, n_draws: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """Draws of a mean loss; where nothing is known of its noise, far and wide."""
    if _is_blind(m) and not (m.variance < inf and _independent(m) > 1):
        return m.mean + rng.standard_normal(n_draws) * 1e6 * max(1.0, abs(m.mean))
    n = _independent(m)
    uniform = rng.uniform(np.finfo(np.float64).tiny, 1, n_draws)
    se = sqrt(m.variance / m.n)
    return mean_draws(m.mean, se, df=n - 1, uniform=uniform, skew=_skew(m), n=n)


def joint_draws(
    ms: Sequence[Measured],
    n_draws: int,
    rng: np.random.Generator,
    *,
    correlation: NDArray[np.float64] | None = None,
) -> NDArray[np.float64]:
    """Plausible values of several errors at once.

    Args:
        ms: Errors in any form.
        n_draws: Number of draws, at least 1.
        rng: Source of randomness.
        correlation: Correlation of the errors where they share clusters, or None where they are
            independent. Shape (n_errors, n_errors), symmetric, ones on the diagonal.

    Returns:
        Each column is distributed as ``draws`` of that error; with a correlation, the columns are
        put in the order of correlated normal variables (a Gaussian copula). Shape
        (n_draws, n_errors).

    Raises:
        CountError: If the correlation has another shape.

    Examples:
        >>> rng = np.random.default_rng(1)
        >>> rungs = [Fixed(value=0.01), Binomial(n_errors=8, n=100)]
        >>> joint_draws(rungs, 5, rng).shape
        (5, 2)

    References:
        Iman and Conover (1982), Communications in Statistics B 11, 311-334.
        Methods note, sections 1.4 and 1.7.
    """
    columns = np.stack([draws(m, n_draws, rng) for m in ms], axis=1)
    if correlation is None:
        return columns
    return coupled(columns, correlation, rng)


def coupled(
    columns: NDArray[np.float64], correlation: NDArray[np.float64], rng: np.random.Generator
) -> NDArray[np.float64]:
    """Columns of draws, each put in the order of one of several correlated normal variables.

    Args:
        columns: Draws. Shape (n_draws, n_errors).
        correlation: Symmetric, ones on the diagonal. Shape (n_errors, n_errors).
        rng: Source of randomness.

    Returns:
        The same columns, reordered. Shape (n_draws, n_errors).

    Raises:
        CountError: If the correlation has another shape.

    Examples:
        >>> columns = np.arange(8.0).reshape(4, 2)
        >>> coupled(columns, np.ones((2, 2)), np.random.default_rng(1)).tolist()[0]
        [6.0, 7.0]

    References:
        Iman and Conover (1982), Communications in Statistics B 11, 311-334.
        Methods note, section 1.4.
    """
    n_draws, k = columns.shape
    if correlation.shape != (k, k):
        expected = f"one row and one column for each of {k} errors"
        raise CountError.outside("shape of the correlation", correlation.shape, expected)
    values, vectors = np.linalg.eigh(correlation)
    root = vectors * np.sqrt(np.maximum(values, 0))
    normal = rng.standard_normal((n_draws, k)) @ root.T
    ranks = normal.argsort(axis=0).argsort(axis=0)
    return np.take_along_axis(np.sort(columns, axis=0), ranks, axis=0)
