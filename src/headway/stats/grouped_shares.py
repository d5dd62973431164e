"""Do two sets of rows share the distribution of a column, where rows come in groups?

Rows of one group depend on each other, so that chance is larger than for rows on their own, and
larger for some values than for others.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from scipy.special import fdtrc

from headway.errors import CountError

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["Grouped", "at_full_size", "grouped_test"]

FEW_EXPECTED: Final = 5.0
"""Rows expected of a value in the smaller set below which it is counted with other rare ones."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Grouped:
    """A test of two sets of rows in groups.

    Args:
        p: Its p-value, in [0, 1].
        effect: Design effect: by how much chance is larger than for rows on their own, at least 1.
    """

    p: float
    effect: float


def grouped_test(
    values: tuple[NDArray[np.int64], NDArray[np.int64]],
    groups: tuple[NDArray[np.int64], NDArray[np.int64]],
) -> Grouped:
    """Whether two sets of rows in groups share the distribution of a column.

    Pearson's chi-square against what the spread between groups makes of it.

    Args:
        values: Per set, the value of each row as a whole number. Shapes (n_1,), (n_2,).
        groups: Per set, the group of each row as a whole number.

    Returns:
        The p-value and the design effect; 1 and 1 where there is one value or one group alone.

    Raises:
        CountError: If values and groups differ in length.

    Examples:
        >>> groups = np.repeat(np.arange(8), 10)
        >>> first, second = np.array([0, 1, 0, 1, 0, 1, 1, 1]), np.array([1, 0, 0, 0, 1, 0, 0, 0])
        >>> found = grouped_test((first[groups], second[groups]), (groups, groups + 8))
        >>> round(found.p, 2), round(found.effect, 1)
        (0.15, 9.8)

    References:
        Rao and Scott (1984), Annals of Statistics 12, 46-60.
        Thomas and Rao (1987), Journal of the American Statistical Association 82, 630-636.
        Methods note, sections 0.7 and 4.5.
    """
    for side, group in zip(values, groups, strict=True):
        if len(side) != len(group):
            raise CountError.outside("the groups", len(group), f"one for each of {len(side)} rows")
    kinds = _kinds(values)
    n_groups = [len(np.unique(group)) for group in groups]
    width = int(max(kinds[0].max(initial=0), kinds[1].max(initial=0)))
    if width == 0 or min(n_groups) < 2:
        return Grouped(p=1.0, effect=1.0 if width == 0 else float(min(map(len, kinds))))
    parts = [_shares(side, group, width) for side, group in zip(kinds, groups, strict=True)]
    n = np.array([len(side) for side in kinds])
    pooled = (parts[0][0] * n[0] + parts[1][0] * n[1]) / n.sum()
    alone = (np.diag(pooled) - np.outer(pooled, pooled)) * (1 / n).sum()
    difference = parts[0][0] - parts[1][0]
    statistic = float(difference @ np.linalg.solve(alone, difference))
    ratio = np.linalg.solve(alone, parts[0][1] + parts[1][1])
    trace, squares = float(np.trace(ratio)), float(np.trace(ratio @ ratio))
    if trace <= 0:
        return Grouped(p=1.0, effect=1.0)
    df = trace**2 / squares
    p = float(fdtrc(df, df * (sum(n_groups) - 2), statistic / trace))
    return Grouped(p=p, effect=max(1.0, trace / width))


def _kinds(
    values: tuple[NDArray[np.int64], NDArray[np.int64]],
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Values from 0 on, rare ones together; 0 is the most frequent."""
    both = np.concatenate(values)
    _, place, n = np.unique(both, return_inverse=True, return_counts=True)
    least = min(map(len, values)) / max(1, len(both))
    order = np.argsort(-n, kind="stable")
    rank = np.empty(len(n), dtype=np.int64)
    rank[order] = np.arange(len(n))
    frequent = n * least >= FEW_EXPECTED
    n_kept = int(frequent.sum())
    if n[~frequent].sum() * least < FEW_EXPECTED:
        n_kept -= 1
    codes = np.minimum(rank, max(0, n_kept))[place]
    return codes[: len(values[0])], codes[len(values[0]) :]


def _shares(
    values: NDArray[np.int64], groups: NDArray[np.int64], width: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The shares of all values but the most frequent, and their covariance between groups."""
    group = np.unique(groups, return_inverse=True)[1]
    n_groups = int(group.max()) + 1
    table = np.zeros((n_groups, width + 1))
    np.add.at(table, (group, values), 1.0)
    shares = table[:, 1:].sum(axis=0) / len(values)
    left = table[:, 1:] - np.outer(table.sum(axis=1), shares)
    covariance: NDArray[np.float64] = left.T @ left * n_groups / (n_groups - 1) / len(values) ** 2
    return shares, covariance


def at_full_size(effect: float, mean_size: float, full_size: float) -> float:
    """The design effect of all rows, from that of a sample of them, which tears groups apart.

    Args:
        effect: Design effect in the sample, at least 1.
        mean_size: Rows of a group that a row of the sample meets there, itself included.
        full_size: Rows of a group that a row meets among all rows.

    Returns:
        The design effect, at least 1.

    Examples:
        >>> at_full_size(1.5, 2.0, 11.0)
        6.0

    References:
        Kish (1965), Survey Sampling. Methods note, section 4.1.
    """
    if mean_size <= 1:
        return effect
    return max(1.0, 1 + (effect - 1) * (full_size - 1) / (mean_size - 1))
