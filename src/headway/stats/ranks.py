"""Quantiles of a column: which ranks bound one, and how sure it is that one keeps a limit."""

from __future__ import annotations

import numpy as np
from scipy.special import bdtr, betainc

from headway.errors import CountError
from headway.stats.defaults import LEVEL
from headway.stats.quantiles import checked_counts, checked_level

__all__ = ["p_quantile_within", "quantile_ranks"]


def _checked_q(q: float) -> float:
    """The share of a quantile, if it is one."""
    if not 0 < q < 1:
        raise CountError.outside("q", q, "a fraction between 0 and 1, such as 0.95")
    return q


def quantile_ranks(n: int, q: float, level: float = LEVEL) -> tuple[int, int]:
    """Which of the sorted values bound a quantile.

    Args:
        n: Number of values, at least 1.
        q: Which quantile, a fraction in (0, 1): 0.95 for p95.
        level: Confidence level, a fraction in (0, 1).

    Returns:
        Ranks of the lower and the upper bound, 1 for the smallest value. Rank 0 says that there is
        no lower bound, rank ``n + 1`` that there is no upper one.

    Raises:
        CountError: If a number is outside its range.

    Examples:
        >>> quantile_ranks(1000, 0.95)
        (936, 964)
        >>> quantile_ranks(20, 0.95)
        (17, 21)

    References:
        David and Nagaraja (2003), Order Statistics, 3rd edition, section 7.1.
        Methods note, section 3.2.
    """
    if n < 1:
        raise CountError.outside("n", n, "at least one value")
    tail = (1 - checked_level(level)) / 2
    width = 10 + int(10 * np.sqrt(n * _checked_q(q) * (1 - q)))
    first, last = max(0, int(n * q) - width), min(n, int(n * q) + width)
    ranks = np.arange(first, last + 1, dtype=np.float64)
    below = bdtr(ranks, n, q)
    lower = first + int((below <= tail).sum())
    upper = first + int((below < 1 - tail).sum()) + 1
    return min(lower, n), upper


def p_quantile_within(n_over: int, n: int, q: float) -> float:
    """How sure it is that a quantile does not exceed a limit.

    Args:
        n_over: Values above the limit, 0 to ``n``.
        n: Values, at least 1.
        q: Which quantile, a fraction in (0, 1): 0.95 for p95.

    Returns:
        The probability that at most ``1 - q`` of all values lie above the limit, which says the
        same.

    Raises:
        CountError: If a number is outside its range.

    Examples:
        >>> round(p_quantile_within(30, 1000, 0.95), 4)
        0.999

    References:
        Methods note, section 3.2.
        Notes: week 1, "Satisficing and Optimizing metric".
    """
    checked_counts(n_over, n)
    return float(betainc(n_over + 0.5, n - n_over + 0.5, 1 - _checked_q(q)))
