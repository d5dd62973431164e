"""The error of each split, broken down by a column of the table."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from headway.counts import SPLITS
from headway.stats.defaults import LEVEL
from headway.stats.forms import Effective, Levels, Mean
from headway.stats.measured import estimate, point, size, variance
from headway.strategy import rungs

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from headway.counts import Counts, Scalar
    from headway.stats.forms import Estimate, Measured

__all__ = ["Breakdown", "Part", "judge"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """The error of the rows with one value, split by split.

    Args:
        value: The value of the column; None where it is missing.
        errors: Per split that holds such rows, the error with its interval and n.
    """

    value: Scalar
    errors: Mapping[str, Estimate]


@dataclass(frozen=True, slots=True, kw_only=True)
class Breakdown:
    """The errors broken down by one column.

    Args:
        column: Name of the column.
        splits: The splits that are there, in ladder order.
        parts: One per value, the one with most rows first.
    """

    column: str
    splits: tuple[str, ...]
    parts: tuple[Part, ...]


def judge(counts: Counts, by: Sequence[str], *, level: float = LEVEL) -> tuple[Breakdown, ...]:
    """The errors broken down by each of some columns.

    Rows in clusters are not independent: the interval of a part then takes the design effect and
    the number of clusters of its whole split.

    Args:
        counts: Counts by ``rungs.needs`` with the same ``by``.
        by: Names of the columns.
        level: Level of the intervals, in (0, 1).

    Returns:
        One breakdown per column.

    Examples:
        >>> from headway.counts import Counts, CountTable
        >>> keys = ("split", "device", "misclassified")
        >>> cells = [("dev", d, w) for d in ("phone", "web") for w in (False, True)]
        >>> table = CountTable.of(keys, cells, [80, 20, 95, 5])
        >>> found = judge(Counts(tables={keys: table}), ["device"])[0]
        >>> [part.errors["dev"].estimate for part in found.parts]
        [0.2, 0.05]

    References:
        Methods note, sections 0.2 and 0.7.
    """
    clustered = _clustered(counts)
    return tuple(_by_column(counts, column, clustered, level) for column in by)


def _by_column(
    counts: Counts, column: str, clustered: Mapping[str, tuple[float, int]], level: float
) -> Breakdown:
    """The breakdown by one column."""
    table = next(t for keys, t in counts.tables.items() if column in keys)
    found: dict[Scalar, dict[str, Estimate]] = {}
    rows: dict[Scalar, int] = {}
    for value in dict.fromkeys(table.column(column)):
        of_value = table.where(**{column: value})
        rows[value] = of_value.total
        parts = {split: of_value.where(split=split) for split in SPLITS}
        found[value] = {
            split: estimate(
                _in_clusters(rungs.error_of(part, counts.loss_center), clustered.get(split)),
                level=level,
            )
            for split, part in parts.items()
            if part.total
        }
    order = sorted(found, key=lambda value: -rows[value])
    present = {split for errors in found.values() for split in errors}
    return Breakdown(
        column=column,
        splits=tuple(split for split in SPLITS if split in present),
        parts=tuple(Part(value=value, errors=found[value]) for value in order),
    )


def _clustered(counts: Counts) -> dict[str, tuple[float, int]]:
    """Per split, its design effect and its number of clusters; empty without clusters."""
    if counts.clusters is None:
        return {}
    alone = rungs.errors(replace(counts, clusters=None)).measured
    grouped = rungs.errors(counts).measured
    n = dict(zip(counts.clusters.splits, np.diag(counts.clusters.shared).tolist(), strict=True))
    return {split: (_design_effect(alone[split], m), n[split]) for split, m in grouped.items()}


def _design_effect(alone: Measured, grouped: Measured) -> float:
    """By how much clusters widen the variance of an error, at least 1."""
    if isinstance(grouped, Effective):
        return max(1.0, _worth(alone) / grouped.n_eff)
    return max(1.0, variance(grouped) / variance(alone)) if variance(alone) > 0 else 1.0


def _worth(rate: Measured) -> float:
    """The number of independent rows that a rate is worth."""
    p = point(rate)
    if isinstance(rate, Effective):
        return rate.n_eff
    if isinstance(rate, Levels) and 0 < p < 1:
        return p * (1 - p) / variance(rate)
    return float(size(rate) or 0)


def _in_clusters(m: Measured, clustered: tuple[float, int] | None) -> Measured:
    """An error of rows that come in clusters."""
    if clustered is None:
        return m
    n = size(m)
    assert n is not None
    effect, clusters = clustered[0], min(clustered[1], n)
    if isinstance(m, Mean):
        spread = m.variance * effect if m.variance > 0 else 0.0
        return replace(m, variance=spread, n_clusters=clusters)
    n_eff = max(_worth(m) / effect, 1e-9)
    return Effective(rate=point(m), n_eff=n_eff, n=n, n_clusters=clusters)
