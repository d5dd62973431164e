"""The rate in a finite pool of which a random part was seen, such as errors that were reviewed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.special import gammaln

from headway.errors import CountError
from headway.stats.defaults import LEVEL
from headway.stats.intervals import Interval, wilson_limits
from headway.stats.quantiles import checked_counts, checked_level, critical_value

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["hypergeometric_interval", "pool_interval"]


def _checked_pool(n_found: int, n: int, pool: int) -> None:
    """Refuse numbers that do not belong together."""
    checked_counts(n_found, n)
    if pool < n:
        raise CountError.outside("pool", pool, f"at least the {n} seen")


def pool_interval(n_found: int, n: int, pool: int, *, level: float = LEVEL) -> Interval:
    """The share of a finite pool that has a property, from a random part of it.

    Args:
        n_found: How many of those seen have it, 0 to ``n``.
        n: How many were seen, at least 1.
        pool: How many there are, at least ``n``.
        level: Level of the interval, a fraction in (0, 1).

    Returns:
        Wilson's interval at the effective number ``n (pool - 1) / (pool - n)``; without width
        where all were seen.

    Raises:
        CountError: If a count or the level is outside its range.

    Examples:
        >>> interval = pool_interval(5, 100, 1000)
        >>> round(interval.lower, 4), round(interval.upper, 4)
        (0.0224, 0.1077)

    References:
        Methods note, section 0.6.
        Notes: week 2, "Carrying out error analysis".
    """
    _checked_pool(n_found, n, pool)
    rate = n_found / n
    if n == pool:
        return Interval(lower=rate, upper=rate, level=checked_level(level))
    worth = n * (pool - 1) / (pool - n)
    lower, upper = wilson_limits(rate * worth, worth, critical_value(level))
    return Interval(lower=float(lower), upper=float(upper), level=level)


def _upper_tail(n_found: int, n: int, pool: int, total: int) -> float:
    """Probability of finding at least so many when the pool holds ``total`` of them."""
    k = np.arange(max(n_found, n - (pool - total)), min(n, total) + 1, dtype=np.float64)
    parts = (
        _log_choose(total, k) + _log_choose(pool - total, n - k) - _log_choose(pool, np.float64(n))
    )
    return float(np.exp(parts).sum())


def _log_choose(n: float, k: np.typing.NDArray[np.float64] | np.float64) -> np.float64:
    """Logarithm of the number of ways to choose."""
    chosen: np.float64 = gammaln(n + 1) - gammaln(k + 1) - gammaln(n - k + 1)
    return chosen


def _first(holds: Callable[[int], bool], low: int, high: int) -> int:
    """The smallest number from ``low`` to ``high`` that holds, where all above it hold too."""
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if holds(middle) else (middle + 1, high)
    return low


def hypergeometric_interval(n_found: int, n: int, pool: int, *, level: float = LEVEL) -> Interval:
    """The same share by exact inversion: its coverage is never below its level.

    Args:
        n_found: How many of those seen have it, 0 to ``n``.
        n: How many were seen, at least 1.
        pool: How many there are, at least ``n``.
        level: Level of the interval, a fraction in (0, 1).

    Returns:
        The interval of the share; both ends are a whole number of the pool.

    Raises:
        CountError: If a count or the level is outside its range.

    Examples:
        >>> interval = hypergeometric_interval(5, 100, 1000)
        >>> interval.lower, interval.upper
        (0.018, 0.109)

    References:
        Buonaccorsi (1987), The American Statistician 41, 215-218.
        Methods note, section 0.6.
    """
    _checked_pool(n_found, n, pool)
    tail = (1 - checked_level(level)) / 2
    least, most = n_found, pool - (n - n_found)
    lower = _first(lambda total: _upper_tail(n_found, n, pool, total) > tail, least, most)
    above = _first(
        lambda total: 1 - _upper_tail(n_found + 1, n, pool, total) <= tail, least, most + 1
    )
    return Interval(lower=lower / pool, upper=(above - 1) / pool, level=level)
