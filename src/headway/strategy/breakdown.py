"""The error of each split, broken down by a column of the table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from headway.counts import SPLITS
from headway.stats.defaults import LEVEL
from headway.stats.measured import estimate
from headway.strategy import rungs
from headway.strategy.clustering import design_effects, in_clusters

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from headway.counts import Counts, CountTable, Scalar
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


def judge(
    counts: Counts,
    by: Sequence[str],
    *,
    level: float = LEVEL,
    measure: Callable[[CountTable], Measured | None] | None = None,
) -> tuple[Breakdown, ...]:
    """The errors broken down by each of some columns.

    Rows in clusters are not independent: the interval of a part then takes the design effect and
    the number of clusters of its whole split.

    Args:
        counts: Counts by ``rungs.needs`` with the same ``by``.
        by: Names of the columns.
        level: Level of the intervals, in (0, 1).
        measure: The error of one part from its counts; None takes the error or the loss. A part
            of which it is None has no such error.

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
    clustered = design_effects(counts)
    of_part = measure or (lambda part: rungs.error_of(part, counts.loss_center))
    found = []
    for column in by:
        table = next(t for keys, t in counts.tables.items() if column in keys)
        found.append(_by_column(table, column, clustered, of_part, level))
    return tuple(found)


def _by_column(
    table: CountTable,
    column: str,
    clustered: Mapping[str, tuple[float, int]],
    measure: Callable[[CountTable], Measured | None],
    level: float,
) -> Breakdown:
    """The breakdown by one column."""
    found: dict[Scalar, dict[str, Estimate]] = {}
    rows: dict[Scalar, int] = {}
    for value in dict.fromkeys(table.column(column)):
        of_value = table.where(**{column: value})
        rows[value] = of_value.total
        parts = {split: of_value.where(split=split) for split in SPLITS}
        errors = {split: measure(part) for split, part in parts.items() if part.total}
        found[value] = {
            split: estimate(in_clusters(error, clustered.get(split)), level=level)
            for split, error in errors.items()
            if error is not None
        }
    order = sorted(found, key=lambda value: -rows[value])
    present = {split for errors in found.values() for split in errors}
    return Breakdown(
        column=column,
        splits=tuple(split for split in SPLITS if split in present),
        parts=tuple(Part(value=value, errors=found[value]) for value in order),
    )
