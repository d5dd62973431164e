"""Quantiles of the distributions that intervals are made of, and the checks of their arguments.

Only ``scipy.special`` is imported: the distributions of ``scipy.stats`` take half a second to load.
"""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import betaincinv, gammaincinv, ndtri, stdtrit

from headway.errors import CountError

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

__all__ = [
    "beta_quantile",
    "checked_counts",
    "checked_level",
    "checked_positive",
    "checked_rate",
    "critical_value",
    "gamma_quantile",
    "normal_quantile",
]


def checked_level(level: float) -> float:
    """The level of an interval, if it is one.

    Args:
        level: Confidence level, a fraction in (0, 1).

    Returns:
        The same level.

    Raises:
        CountError: If the level is outside (0, 1).

    Examples:
        >>> checked_level(0.95)
        0.95

    References:
        Methods note, section 0.1.
    """
    if not 0 < level < 1:
        raise CountError.outside("level", level, "a fraction between 0 and 1, such as 0.95")
    return level


def checked_counts(
    n_errors: ArrayLike, n: ArrayLike
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Numbers of errors and of examples as arrays of floats, if they belong together.

    Args:
        n_errors: Numbers of errors, 0 to ``n``; fractions are allowed.
        n: Numbers of examples, above 0; fractions are allowed.

    Returns:
        Both, as arrays of one shape.

    Raises:
        CountError: If a number of errors is outside 0 to ``n``, or ``n`` is not above 0.

    Examples:
        >>> checked_counts(5, [10, 20])[0].tolist()
        [5.0, 5.0]

    References:
        Methods note, section 0.6.
    """
    x, size = np.broadcast_arrays(
        np.asarray(n_errors, dtype=np.float64), np.asarray(n, dtype=np.float64)
    )
    if size.size and not (size > 0).all():
        raise CountError.outside("n", f"{float(np.min(size)):g}", "at least one example")
    if not ((x >= 0) & (x <= size)).all():
        worst = x[(x < 0) | (x > size) | np.isnan(x)].flat[0]
        raise CountError.outside("n_errors", f"{float(worst):g}", "a count from 0 to n")
    return x, size


def checked_rate(name: str, value: float) -> float:
    """A rate, if it is one.

    Args:
        name: What it is called in a refusal.
        value: A fraction in [0, 1].

    Returns:
        The same value.

    Raises:
        CountError: If the value is outside [0, 1].

    Examples:
        >>> checked_rate("rate", 0.05)
        0.05

    References:
        Methods note, section 0.1.
    """
    if not 0 <= value <= 1:
        raise CountError.outside(name, value, "a fraction in [0, 1]")
    return value


def checked_positive(name: str, value: float) -> float:
    """A finite number above 0, if it is one.

    Args:
        name: What it is called in a refusal.
        value: A number.

    Returns:
        The same value.

    Raises:
        CountError: If the value is not above 0, or not finite.

    Examples:
        >>> checked_positive("n", 100)
        100

    References:
        Methods note, section 0.1.
    """
    if not 0 < value < inf:
        raise CountError.outside(name, value, "a number above 0")
    return value


def normal_quantile(probability: float) -> float:
    """The value that a standard normal variable stays below with a probability.

    Args:
        probability: A fraction in (0, 1).

    Returns:
        The quantile.

    Examples:
        >>> round(normal_quantile(0.975), 4)
        1.96

    References:
        Methods note, section 0.6.
    """
    return float(ndtri(probability))


def critical_value(level: float, df: float | None = None) -> float:
    """The number of standard errors to each side of an estimate.

    Args:
        level: Confidence level of a two-sided interval, a fraction in (0, 1).
        df: Degrees of freedom of Student's t, above 0; None for the normal distribution.

    Returns:
        The critical value, above 0.

    Raises:
        CountError: If the level is outside (0, 1), or ``df`` is not above 0.

    Examples:
        >>> round(critical_value(0.95), 3), round(critical_value(0.95, df=5), 3)
        (1.96, 2.571)

    References:
        Methods note, section 0.6.
    """
    tail = (1 + checked_level(level)) / 2
    if df is None:
        return normal_quantile(tail)
    if not df > 0:
        raise CountError.outside("degrees of freedom", df, "a number above 0")
    return float(stdtrit(df, tail))


def beta_quantile(a: ArrayLike, b: ArrayLike, probability: ArrayLike) -> NDArray[np.float64]:
    """Quantiles of Beta(a, b).

    Args:
        a: First shape, above 0.
        b: Second shape, above 0.
        probability: Fractions in [0, 1].

    Returns:
        The quantiles, fractions in [0, 1].

    Examples:
        >>> beta_quantile(5.5, 95.5, [0.025, 0.975]).round(4).tolist()
        [0.0193, 0.1061]

    References:
        Methods note, section 0.9.
    """
    return np.asarray(betaincinv(a, b, probability), dtype=np.float64)


def gamma_quantile(shape: ArrayLike, probability: ArrayLike) -> NDArray[np.float64]:
    """Quantiles of Gamma(shape) with rate one; twice that is chi squared with 2 x shape degrees.

    Args:
        shape: Shape, above 0.
        probability: Fractions in [0, 1].

    Returns:
        The quantiles, at least 0.

    Examples:
        >>> round(float(gamma_quantile(1, 0.95)), 4)
        2.9957

    References:
        Methods note, section 3.7.
    """
    return np.asarray(gammaincinv(shape, probability), dtype=np.float64)
