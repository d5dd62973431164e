"""Do two sets of rows share the distribution of one column? From counts alone.

A p-value says whether a difference is there, an effect whether it is large enough to matter: with
a million rows everything is significant, with two hundred nothing is.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite, pi, sqrt
from typing import TYPE_CHECKING, Final

import numpy as np
from scipy.special import bdtrc, chdtrc, chndtrinc

from headway.errors import CountError
from headway.stats.defaults import LEVEL
from headway.stats.quantiles import checked_level, checked_positive, critical_value

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

__all__ = [
    "Comparison",
    "binned_ks",
    "compared",
    "guess_p_value",
    "jensen_shannon",
    "null_total_variation",
    "stability_index",
    "total_variation",
]

FEW_EXPECTED: Final = 5.0
"""Rows expected in a cell below which the chi-square approximation is not trusted."""

LARGE_STATISTIC: Final = 1e4
"""Beyond it the noncentral chi-square is normal enough, and its inversion slow."""

SIDES: Final = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """How two sets of rows differ in one column.

    Args:
        statistic: Pearson's chi-square of the two rows of counts.
        df: Its degrees of freedom; 0 where the column has one value.
        p: Its p-value, in [0, 1].
        cramers_v: The effect, in [0, 1]; 0 is the same distribution.
        lower: Lower end of the two-sided interval of Cramér's V.
        upper: Upper end of that interval; 1 where all values are too rare to
            be tested.
        tv: Total variation: the share of rows that would have to change their value, in [0, 1].
        null_tv: What total variation is expected to be where nothing differs.
        psi: Population stability index, at least 0.
        js: Jensen-Shannon divergence in nats, in [0, log 2].
        n: Rows of the two sets.
        level: Level of the interval.
    """

    statistic: float
    df: int
    p: float
    cramers_v: float
    lower: float
    upper: float
    tv: float
    null_tv: float
    psi: float
    js: float
    n: tuple[int, int]
    level: float


def _table(counts: ArrayLike) -> NDArray[np.float64]:
    """Two rows of counts, without the columns that are empty in both."""
    table = np.asarray(counts, dtype=np.float64)
    if table.ndim != SIDES or table.shape[0] != SIDES or not (table >= 0).all():
        raise CountError.outside("the table", table.shape, "two rows of counts")
    if not (table.sum(axis=1) > 0).all():
        raise CountError.outside("n", table.sum(axis=1).tolist(), "at least one row in each set")
    return table[:, table.sum(axis=0) > 0]


def _merged(table: NDArray[np.float64]) -> NDArray[np.float64]:
    """The table with its rare values together, so that each cell expects enough rows."""
    total = table.sum(axis=0)
    least = table.sum(axis=1).min() / table.sum()
    rare = total * least < FEW_EXPECTED
    if not rare.any():
        return table
    kept, rest = table[:, ~rare], table[:, rare].sum(axis=1, keepdims=True)
    if kept.shape[1] and rest.sum() * least < FEW_EXPECTED:
        smallest = int(kept.sum(axis=0).argmin())
        kept[:, smallest] += rest[:, 0]
        return kept
    return np.concatenate([kept, rest], axis=1)


def _statistic(table: NDArray[np.float64]) -> float:
    """Pearson's chi-square of two rows of counts."""
    expected = np.outer(table.sum(axis=1), table.sum(axis=0)) / table.sum()
    return float(((table - expected) ** 2 / expected).sum())


def compared(counts: ArrayLike, *, level: float = LEVEL) -> Comparison:
    """How two sets of rows differ in one column, from its counts.

    Values that are rare in both are counted together before they are tested.

    Args:
        counts: Rows of each set by value, whole numbers at least 0. Shape (2, n_values).
        level: Level of the interval of the effect, in (0, 1).

    Returns:
        Test, effects and what they would be by chance.

    Raises:
        CountError: If a set has no row, or a count is negative.

    Examples:
        >>> found = compared([[120, 80, 50], [100, 110, 40]])
        >>> round(found.p, 4), round(found.cramers_v, 3), round(found.tv, 2)
        (0.0216, 0.124, 0.12)

    References:
        Cramér (1946), Mathematical Methods of Statistics, section 21.9.
        Methods note, section 4.5.
        Notes: week 1, "Train/dev/test distributions".
    """
    whole = _table(counts)
    table = _merged(whole)
    df, n = table.shape[1] - 1, float(table.sum())
    statistic = _statistic(table) if df else 0.0
    n_first, n_second = (int(side) for side in whole.sum(axis=1))
    lower, upper = (0.0, float(whole.shape[1] > 1))
    if df:
        lower, upper = _limits(statistic, df, n, level)
    return Comparison(
        statistic=statistic,
        df=df,
        p=float(chdtrc(df, statistic)) if df else 1.0,
        cramers_v=sqrt(statistic / n),
        lower=min(lower, sqrt(statistic / n)),
        upper=upper,
        tv=total_variation(whole),
        null_tv=null_total_variation(whole),
        psi=stability_index(whole),
        js=jensen_shannon(whole),
        n=(n_first, n_second),
        level=level,
    )


def _limits(statistic: float, df: int, n: float, level: float) -> tuple[float, float]:
    """Ends of Cramér's V: the effects that would seldom give so large or so small a statistic.

    A statistic below what chance alone gives is no sign of an effect below zero, so that it counts
    as what chance gives.
    """
    tail = (1 - checked_level(level)) / 2
    least = max(statistic, float(df))
    low = 0.0 if chdtrc(df, statistic) > tail else float(chndtrinc(statistic, df, 1 - tail))
    high = float(chndtrinc(least, df, tail))
    if least > LARGE_STATISTIC or not (isfinite(high) and isfinite(low)):
        reach = critical_value(level) * sqrt(2 * (2 * least - df))
        low, high = least - df - reach, least - df + reach
    return sqrt(max(low, 0.0) / n), min(1.0, sqrt(high / n))


def total_variation(counts: ArrayLike) -> float:
    """The share of rows of one set that would have to change their value to match the other.

    Args:
        counts: Rows of each set by value. Shape (2, n_values).

    Returns:
        A fraction in [0, 1]; above 0 by chance alone, see ``null_total_variation``.

    Examples:
        >>> round(total_variation([[120, 80, 50], [100, 110, 40]]), 6)
        0.12

    References:
        Methods note, section 4.5.
    """
    first, second = _shares(counts)
    return float(np.abs(first - second).sum() / 2)


def null_total_variation(counts: ArrayLike) -> float:
    """What total variation is expected to be where both sets share one distribution.

    Args:
        counts: Rows of each set by value. Shape (2, n_values).

    Returns:
        A fraction in [0, 1], by the normal approximation.

    Examples:
        >>> round(null_total_variation([[120, 80, 50], [100, 110, 40]]), 4)
        0.0487

    References:
        Methods note, section 4.5.
    """
    table = _table(counts)
    pooled = table.sum(axis=0) / table.sum()
    per_row = (1 / table.sum(axis=1)).sum()
    return float(np.sqrt(2 / pi * pooled * (1 - pooled) * per_row).sum() / 2)


def stability_index(counts: ArrayLike) -> float:
    """The population stability index, with half a row added where a value is missing in a set.

    Args:
        counts: Rows of each set by value. Shape (2, n_values).

    Returns:
        A number at least 0; custom calls 0.1 small and 0.25 large.

    Examples:
        >>> round(stability_index([[120, 80, 50], [100, 110, 40]]), 4)
        0.0617

    References:
        Siddiqi (2006), Credit Risk Scorecards. Methods note, section 4.5.
    """
    table = _table(counts)
    first, second = _shares(table + 0.5 if (table == 0).any() else table)
    return float(((first - second) * np.log(first / second)).sum())


def jensen_shannon(counts: ArrayLike) -> float:
    """The Jensen-Shannon divergence of two sets.

    Args:
        counts: Rows of each set by value. Shape (2, n_values).

    Returns:
        A number of nats, in [0, log 2].

    Examples:
        >>> round(jensen_shannon([[120, 80, 50], [100, 110, 40]]), 5)
        0.00769

    References:
        Lin (1991), IEEE Transactions on Information Theory 37, 145-151.
        Methods note, section 4.5.
    """
    first, second = _shares(counts)
    middle = (first + second) / 2
    terms = [
        (side[side > 0] * np.log(side[side > 0] / middle[side > 0])).sum()
        for side in (first, second)
    ]
    return max(0.0, float(sum(terms) / 2))


def binned_ks(counts: ArrayLike) -> float:
    """The largest distance of two cumulative distributions, from bins in order.

    Args:
        counts: Rows of each set by bin, in the order of the bins. Shape (2, n_bins).

    Returns:
        A fraction in [0, 1]; at most the Kolmogorov-Smirnov statistic of the numbers themselves.

    Examples:
        >>> round(binned_ks([[10, 20, 40, 30], [20, 25, 35, 20]]), 6)
        0.15

    References:
        Methods note, section 4.5.
    """
    first, second = _shares(counts)
    return float(np.abs(np.cumsum(first - second)).max())


def _shares(counts: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The share of each value in the two sets."""
    table = _table(counts)
    first, second = table / table.sum(axis=1, keepdims=True)
    return first, second


def guess_p_value(n_right: int, n: int) -> float:
    """How often a coin would be right at least as often as a classifier was.

    Args:
        n_right: Answers that were right, 0 to ``n``.
        n: Answers, at least 1, half of them of each side.

    Returns:
        The one-sided exact p-value, in [0, 1].

    Raises:
        CountError: If the numbers do not belong together.

    Examples:
        >>> round(guess_p_value(285, 500), 6)
        0.001

    References:
        Lopez-Paz and Oquab (2017), International Conference on Learning Representations.
        Methods note, section 4.5.
    """
    checked_positive("n", n)
    if not 0 <= n_right <= n:
        raise CountError.outside("n_right", n_right, "a count from 0 to n")
    return 1.0 if n_right == 0 else float(bdtrc(n_right - 1, n, 0.5))
