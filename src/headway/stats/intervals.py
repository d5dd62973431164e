"""Intervals of one rate: a share of examples, or a number of events in an exposure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from headway.errors import CountError
from headway.stats.defaults import LEVEL
from headway.stats.quantiles import (
    beta_quantile,
    checked_counts,
    checked_level,
    critical_value,
    gamma_quantile,
)

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

__all__ = [
    "Interval",
    "clopper_pearson_interval",
    "guarded_wilson_interval",
    "jeffreys_interval",
    "poisson_interval",
    "rate_limits",
    "wilson_interval",
    "wilson_limits",
]

GUARDED_ERRORS: Final = 3
"""Most errors at which the small-count guard replaces the Wilson limit."""

GUARDED_ERRORS_SMALL: Final = 2
"""The same where n is small."""

SMALL_N: Final = 50
"""Largest n that counts as small for the guard."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """Two ends and the level between them.

    Args:
        lower: Lower end.
        upper: Upper end, at least the lower one.
        level: Confidence level, a fraction in (0, 1).
    """

    lower: float
    upper: float
    level: float


def wilson_limits(
    n_errors: ArrayLike, n: ArrayLike, critical: ArrayLike
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Wilson limits of many rates at once.

    Args:
        n_errors: Numbers of errors, 0 to ``n``; fractions are allowed (effective counts).
        n: Numbers of examples, above 0; fractions are allowed.
        critical: Critical value, normal or Student's t.

    Returns:
        Lower and upper limits, fractions in [0, 1], of the joint shape of the arguments.

    Raises:
        CountError: If a number of errors is outside 0 to ``n``, or ``n`` is not above 0.

    Examples:
        >>> lower, upper = wilson_limits([0, 5], [50, 100], 1.96)
        >>> lower.round(4).tolist(), upper.round(4).tolist()
        ([0.0, 0.0215], [0.0714, 0.1118])

    References:
        Wilson (1927), Journal of the American Statistical Association 22, 209-212.
        Methods note, section 0.6.
    """
    x, size = checked_counts(n_errors, n)
    rate = x / size
    per_n = np.square(critical) / size
    scale = 1 + per_n
    centre = (rate + per_n / 2) / scale
    half = np.sqrt(per_n * (rate * (1 - rate) + per_n / 4)) / scale
    lower = np.where(x == 0, 0.0, np.minimum(centre - half, rate))
    upper = np.where(x == size, 1.0, np.maximum(centre + half, rate))
    return np.maximum(lower, 0.0), np.minimum(upper, 1.0)


def _guard(x: NDArray[np.float64], n: NDArray[np.float64], level: float) -> NDArray[np.float64]:
    """The Poisson limit below few errors; 1 where there are none, or many."""
    most = np.where(n <= SMALL_N, GUARDED_ERRORS_SMALL, GUARDED_ERRORS)
    few = (x >= 1) & (x <= most)
    return np.where(few, gamma_quantile(np.where(few, x, 1.0), 1 - level) / n, 1.0)


def _guarded(
    x: NDArray[np.float64], n: NDArray[np.float64], level: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Wilson limits with the small-count guard on both sides."""
    lower, upper = wilson_limits(x, n, critical_value(level))
    return np.minimum(lower, _guard(x, n, level)), np.maximum(upper, 1 - _guard(n - x, n, level))


def _jeffreys(
    x: NDArray[np.float64], n: NDArray[np.float64], level: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Quantiles of Beta(x + 1/2, n - x + 1/2), opened at the ends."""
    tail = (1 - level) / 2
    lower = np.where(x == 0, 0.0, beta_quantile(x + 0.5, n - x + 0.5, tail))
    upper = np.where(x == n, 1.0, beta_quantile(x + 0.5, n - x + 0.5, 1 - tail))
    return np.minimum(lower, x / n), np.maximum(upper, x / n)


def _clopper_pearson(
    x: NDArray[np.float64], n: NDArray[np.float64], level: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The exact limits, from quantiles of two Beta distributions."""
    tail = (1 - level) / 2
    some, rest = np.maximum(x, 1), np.maximum(n - x, 1)
    lower = np.where(x == 0, 0.0, beta_quantile(some, n - some + 1, tail))
    upper = np.where(x == n, 1.0, beta_quantile(n - rest + 1, rest, 1 - tail))
    return lower, upper


_METHODS: Final = {
    "guarded_wilson": _guarded,
    "jeffreys": _jeffreys,
    "clopper_pearson": _clopper_pearson,
}


def rate_limits(
    n_errors: ArrayLike, n: ArrayLike, *, level: float = LEVEL, method: str = "guarded_wilson"
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Limits of many rates at once, by any of the methods for one rate.

    Args:
        n_errors: Numbers of errors, 0 to ``n``.
        n: Numbers of examples, at least 1.
        level: Confidence level, a fraction in (0, 1).
        method: ``"guarded_wilson"``, ``"wilson"``, ``"jeffreys"`` or ``"clopper_pearson"``.

    Returns:
        Lower and upper limits, fractions in [0, 1], of the joint shape of the arguments.

    Raises:
        CountError: If a number of errors is outside 0 to ``n``, ``n`` is not above 0, or the
            level is outside (0, 1).

    Examples:
        >>> lower, upper = rate_limits([1, 5], 100)
        >>> lower.round(4).tolist(), upper.round(4).tolist()
        ([0.0005, 0.0215], [0.0545, 0.1118])

    References:
        Brown, Cai and DasGupta (2001), Statistical Science 16, 101-133.
        Methods note, section 0.6.
    """
    x, size = checked_counts(n_errors, n)
    if method == "wilson":
        return wilson_limits(x, size, critical_value(level))
    if method not in _METHODS:
        raise CountError.outside("method", method, f"wilson or one of {', '.join(_METHODS)}")
    return _METHODS[method](x, size, checked_level(level))


def _one(n_errors: float, n: float, level: float, method: str) -> Interval:
    """The interval of one rate."""
    lower, upper = rate_limits(n_errors, n, level=level, method=method)
    return Interval(lower=float(lower), upper=float(upper), level=level)


def wilson_interval(n_errors: float, n: float, *, level: float = LEVEL) -> Interval:
    """Wilson's score interval of an error rate.

    Args:
        n_errors: Number of wrong predictions, 0 to ``n``.
        n: Number of examples, at least 1.
        level: Confidence level, a fraction in (0, 1).

    Returns:
        The interval of the error rate, a fraction in [0, 1].

    Raises:
        CountError: If ``n_errors`` is outside 0 to ``n``, ``n`` is below 1, or the level is
            outside (0, 1).

    Examples:
        >>> interval = wilson_interval(10, 100)
        >>> round(interval.lower, 3), round(interval.upper, 3)
        (0.055, 0.174)

    References:
        Wilson (1927), Journal of the American Statistical Association 22, 209-212.
        Notes: week 1, "Size of the dev and test sets".
    """
    return _one(n_errors, n, level, "wilson")


def guarded_wilson_interval(n_errors: float, n: float, *, level: float = LEVEL) -> Interval:
    """Wilson's interval, widened where very few errors (or very few successes) were seen.

    For 1 to 3 errors (2 if n is at most 50) the lower limit is at most the one-sided Poisson
    limit, and likewise at the upper end. That removes the dips of Wilson's coverage, to 84 %,
    where less than one error is expected.

    Args:
        n_errors: Number of wrong predictions, 0 to ``n``.
        n: Number of examples, at least 1.
        level: Confidence level, a fraction in (0, 1).

    Returns:
        The interval of the error rate, a fraction in [0, 1].

    Raises:
        CountError: If ``n_errors`` is outside 0 to ``n``, ``n`` is below 1, or the level is
            outside (0, 1).

    Examples:
        >>> interval = guarded_wilson_interval(1, 100)
        >>> round(interval.lower, 5), round(interval.upper, 4)
        (0.00051, 0.0545)

    References:
        Brown, Cai and DasGupta (2001), Statistical Science 16, 101-133.
        Notes: week 1, "Size of the dev and test sets".
    """
    return _one(n_errors, n, level, "guarded_wilson")


def jeffreys_interval(n_errors: float, n: float, *, level: float = LEVEL) -> Interval:
    """Jeffreys' interval of an error rate: quantiles of Beta(x + 1/2, n - x + 1/2).

    Args:
        n_errors: Number of wrong predictions, 0 to ``n``.
        n: Number of examples, at least 1.
        level: Probability inside, a fraction in (0, 1).

    Returns:
        The interval of the error rate, a fraction in [0, 1]; open at 0 without errors and at 1
        without successes.

    Raises:
        CountError: If ``n_errors`` is outside 0 to ``n``, ``n`` is below 1, or the level is
            outside (0, 1).

    Examples:
        >>> interval = jeffreys_interval(5, 100)
        >>> round(interval.lower, 4), round(interval.upper, 4)
        (0.0193, 0.1061)

    References:
        Brown, Cai and DasGupta (2001), Statistical Science 16, 101-133.
        Notes: week 1, "Size of the dev and test sets".
    """
    return _one(n_errors, n, level, "jeffreys")


def clopper_pearson_interval(n_errors: float, n: float, *, level: float = LEVEL) -> Interval:
    """The exact interval of an error rate, whose coverage is never below its level.

    Args:
        n_errors: Number of wrong predictions, 0 to ``n``.
        n: Number of examples, at least 1.
        level: Confidence level, a fraction in (0, 1).

    Returns:
        The interval of the error rate, a fraction in [0, 1].

    Raises:
        CountError: If ``n_errors`` is outside 0 to ``n``, ``n`` is below 1, or the level is
            outside (0, 1).

    Examples:
        >>> interval = clopper_pearson_interval(5, 100)
        >>> round(interval.lower, 4), round(interval.upper, 4)
        (0.0164, 0.1128)

    References:
        Clopper and Pearson (1934), Biometrika 26, 404-413.
        Notes: week 1, "Size of the dev and test sets".
    """
    return _one(n_errors, n, level, "clopper_pearson")


def poisson_interval(n_events: int, exposure: float, *, level: float = LEVEL) -> Interval:
    """The exact interval of a number of events per unit of exposure.

    Args:
        n_events: Number of events, at least 0.
        exposure: Exposure, above 0, such as days of audio.
        level: Confidence level, a fraction in (0, 1).

    Returns:
        The interval of the rate, events per unit of exposure, at least 0.

    Raises:
        CountError: If ``n_events`` is negative, the exposure is not above 0, or the level is
            outside (0, 1).

    Examples:
        >>> interval = poisson_interval(2, 3.0)
        >>> round(interval.lower, 3), round(interval.upper, 3)
        (0.081, 2.408)

    References:
        Garwood (1936), Biometrika 28, 437-442.
        Notes: week 1, "Satisficing and Optimizing metric".
    """
    if n_events < 0:
        raise CountError.outside("n_events", n_events, "a count, at least 0")
    if not exposure > 0:
        raise CountError.outside("exposure", exposure, "a number above 0")
    tail = (1 - checked_level(level)) / 2
    lower = float(gamma_quantile(n_events, tail)) if n_events else 0.0
    upper = float(gamma_quantile(n_events + 1, 1 - tail))
    return Interval(lower=lower / exposure, upper=upper / exposure, level=level)
