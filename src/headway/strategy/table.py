"""The general table: human, trained on, not trained on, for each source of data."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from math import isfinite
from typing import TYPE_CHECKING, Final

import numpy as np

from headway.counts import ClusterSums, Counts, CountTable
from headway.errors import SplitError
from headway.findings import Finding, Verdict, Want
from headway.stats.defaults import LEVEL
from headway.stats.differences import contrast_limits
from headway.stats.forms import Estimate
from headway.stats.measured import estimate, limits, point, size
from headway.stats.power import size_for_half_width
from headway.strategy import rungs
from headway.wording import about, amount, interval

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from headway.counts import CountSpec, Scalar
    from headway.stats.forms import Measured

__all__ = ["ROWS", "Between", "Cell", "SourceTable", "cells", "judge", "needs", "sources"]

ROWS: Final = ("human", "trained_on", "not_trained_on")
"""Rows of the table: people, the model on examples it was trained on, and on others."""

NOT_TRAINED_ON: Final = ("train_dev", "dev")
"""Splits that hold examples not trained on; test and field stay unopened here."""

STANDARD: Final = {"train": "training distribution", "train_dev": "training distribution"}
"""Columns where the table has no source: train and train-dev share one, dev is the target."""

TARGET: Final = "target"

NO_SOURCE: Final = "unknown source"
"""The column of rows whose source is missing."""

ROW_OF_SPLIT: Final = {
    "train": "trained_on",
    "train_dev": "not_trained_on",
    "dev": "not_trained_on",
}

ROW_WORDS: Final = {
    "human": "human error on {source}",
    "trained_on": "error on {source} examples trained on",
    "not_trained_on": "error on {source} examples not trained on",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One error of the table.

    Args:
        row: One of ``ROWS``.
        source: A source of data.
        error: The error with its interval and n, or None where it was not measured.
    """

    row: str
    source: str
    error: Estimate | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Between:
    """The difference of two neighbouring cells.

    Args:
        start: Row and source of the cell it starts from.
        end: Row and source of the cell it ends at.
        name: ``avoidable_bias``, ``variance``, ``data_mismatch``, ``difficulty`` or ``excess``.
        difference: End minus start with its interval; None where a cell is missing.
    """

    start: tuple[str, str]
    end: tuple[str, str]
    name: str
    difference: Estimate | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceTable:
    """The 3 x k table.

    Args:
        sources: The sources, the one trained on most first.
        cells: Three per source.
        between: The differences of neighbouring cells.
        wants: The blanks, in order of value.
        findings: What must be said.
        level: Level of the intervals.
        is_rate: Whether the errors are fractions.
    """

    sources: tuple[str, ...]
    cells: tuple[Cell, ...]
    between: tuple[Between, ...]
    wants: tuple[Want, ...]
    findings: tuple[Finding, ...]
    level: float
    is_rate: bool


def needs(
    roles: frozenset[str],
    *,
    weight_levels: int | None = None,
    ignore_group: bool = False,
    metric: str | None = None,
) -> CountSpec:
    """What to count for the table: the ladder's counts, by source where there is one.

    Args:
        roles: Roles that the table fills.
        weight_levels: Number of distinct weights, or None where there are too many to tell apart.
        ignore_group: Whether to count rows as independent although they come in groups.
        metric: As in ``rungs.needs``.

    Returns:
        The question to ask the engine.

    Examples:
        >>> sorted(needs(frozenset({"split", "source", "correct"})).groupings)
        [('split', 'misclassified', 'source')]

    References:
        Methods note, section 1.11.
    """
    spec = rungs.needs(roles, weight_levels=weight_levels, ignore_group=ignore_group, metric=metric)
    if "source" not in roles:
        return spec
    return replace(spec, groupings=frozenset((*keys, "source") for keys in spec.groupings))


def cells(counts: Counts, *, source: str | None = None) -> dict[tuple[str, str], Measured]:
    """The measured cells of the model: what it was trained on and what it was not, by source.

    Args:
        counts: Counts by ``needs``.
        source: The one source that was counted, where it was counted apart (rows in clusters);
            None where the counts hold the source as a key, or the table has no source.

    Returns:
        Per row and source, the error; cells without rows are absent. Train-dev and dev of one
        source are pooled; without sources, train and train-dev share one column and dev is the
        target.

    References:
        Methods note, section 1.11.
        Notes: week 2, "Bias and variance with mismatched data distributions".
    """
    if source is None and not _keyed(counts):
        measured = rungs.errors(counts).measured
        return {
            (row, STANDARD.get(split, TARGET)): measured[split]
            for split, row in ROW_OF_SPLIT.items()
            if split in measured
        }
    parts = {source: _pooled(counts)} if source is not None else _by_source(counts)
    found: dict[tuple[str, str], Measured] = {}
    for name, part in parts.items():
        measured = rungs.errors(part).measured
        for split in ("train", "dev"):
            if split in measured:
                found[ROW_OF_SPLIT[split], name] = measured[split]
    return found


def sources(counts: Counts) -> dict[str, Scalar]:
    """The sources in the counts, in the order they are met: name and value, None where missing."""
    return {
        NO_SOURCE if value is None else str(value): value
        for table in _keyed(counts)
        for split, value in zip(table.column("split"), table.column("source"), strict=True)
        if split in ROW_OF_SPLIT
    }


def _keyed(counts: Counts) -> list[CountTable]:
    """The tables that are counted by source."""
    return [table for keys, table in counts.tables.items() if "source" in keys]


def _by_source(counts: Counts) -> dict[str, Counts]:
    """The counts of each source, train-dev and dev of one source pooled."""
    found = {}
    for name, value in sources(counts).items():
        parts = [_closed(table.where(source=value)) for table in _keyed(counts)]
        found[name] = Counts(
            tables={part.keys: part for part in parts}, loss_center=counts.loss_center
        )
    return found


def _pooled(counts: Counts) -> Counts:
    """The counts of one source with train-dev and dev as one split, clusters included."""
    parts = [_closed(table) for table in counts.tables.values()]
    clusters = counts.clusters
    return Counts(
        tables={part.keys: part for part in parts},
        clusters=None if clusters is None else _joined(clusters),
        loss_center=counts.loss_center,
    )


def _joined(clusters: ClusterSums) -> ClusterSums:
    """Sums over clusters with train-dev and dev as one split, test and field left out."""
    join = np.array(
        [[s == "train" for s in clusters.splits], [s in NOT_TRAINED_ON for s in clusters.splits]],
        dtype=np.float64,
    )
    twice = np.diag(join @ np.triu(clusters.shared, 1) @ join.T)
    return ClusterSums(
        splits=("train", "dev"),
        shared=np.diag(join @ np.diag(clusters.shared) - twice).astype(np.int64),
        m=join @ clusters.m,
        y=join @ clusters.y,
        mm=join @ clusters.mm @ join.T,
        my=join @ clusters.my @ join.T,
        yy=join @ clusters.yy @ join.T,
    )


def _closed(table: CountTable) -> CountTable:
    """A count table without its source, train-dev renamed to dev, test and field left out."""
    keys = tuple(key for key in table.keys if key != "source")
    kept = [i for i, split in enumerate(table.column("split")) if split in ROW_OF_SPLIT]
    columns = {key: table.column(key) for key in keys}
    columns["split"] = ["dev" if s in NOT_TRAINED_ON else s for s in columns["split"]]
    return CountTable.of(
        keys,
        [tuple(columns[key][i] for key in keys) for i in kept],
        table.n[kept],
        {name: values[kept] for name, values in table.sums.items()},
    )


def judge(
    model: Mapping[tuple[str, str], Measured],
    *,
    human: Mapping[str, Measured] | None = None,
    level: float = LEVEL,
    is_rate: bool = True,
) -> SourceTable:
    """The general table with the gap between neighbouring cells named.

    Args:
        model: Per row (``trained_on``, ``not_trained_on``) and source, the error.
        human: Per source, the human error.
        level: Level of the intervals, in (0, 1).
        is_rate: Whether the errors are fractions.

    Returns:
        The table; blanks are allowed, said to be unknown, and asked for in order of value.

    Raises:
        SplitError: If there is no cell.

    Examples:
        >>> from headway.stats.forms import Fixed
        >>> model = {("trained_on", "web"): Fixed(value=0.04)}
        >>> table = judge(model | {("not_trained_on", "web"): Fixed(value=0.07)})
        >>> [(b.name, round(b.difference.estimate, 4)) for b in table.between if b.difference]
        [('variance', 0.03)]

    References:
        Methods note, section 1.11.
        Notes: week 2, "Bias and variance with mismatched data distributions".
    """
    measured = {("human", source): m for source, m in (human or {}).items()} | dict(model)
    if not measured:
        raise SplitError.no_rung()
    sources = _ordered(measured)
    grid = [(row, source) for source in sources for row in ROWS]
    shown = {key: estimate(measured[key], level=level) if key in measured else None for key in grid}
    between = _between(sources, measured, level)
    return SourceTable(
        sources=sources,
        cells=tuple(Cell(row=row, source=s, error=shown[row, s]) for row, s in grid),
        between=between,
        wants=tuple(_blanks(sources, measured, is_rate=is_rate)),
        findings=tuple(_explained(between, sources, is_rate=is_rate)),
        level=level,
        is_rate=is_rate,
    )


def _ordered(measured: Mapping[tuple[str, str], Measured]) -> tuple[str, ...]:
    """Sources, the one with most training examples first."""
    sources = list(dict.fromkeys(source for _, source in measured))

    def trained(source: str) -> int:
        m = measured.get(("trained_on", source))
        return -1 if m is None else size(m) or 0

    return tuple(sorted(sources, key=trained, reverse=True))


def _between(
    sources: Sequence[str], measured: Mapping[tuple[str, str], Measured], level: float
) -> tuple[Between, ...]:
    """Every difference of neighbouring cells, down the columns and across the rows."""
    human, trained, other = ROWS
    found: list[Between] = []
    for s in sources:
        found.append(_step((human, s), (trained, s), "avoidable_bias", measured, level))
        found.append(_step((trained, s), (other, s), "variance", measured, level))
    for a, b in pairwise(sources):
        found.append(_step((other, a), (other, b), "data_mismatch", measured, level))
        found.append(_step((human, a), (human, b), "difficulty", measured, level))
        found.append(_excess(a, b, measured, level))
    return tuple(found)


def _step(
    start: tuple[str, str],
    end: tuple[str, str],
    name: str,
    measured: Mapping[tuple[str, str], Measured],
    level: float,
) -> Between:
    """The difference of two cells."""
    return Between(
        start=start,
        end=end,
        name=name,
        difference=_contrast({end: 1.0, start: -1.0}, measured, level),
    )


def _excess(a: str, b: str, measured: Mapping[tuple[str, str], Measured], level: float) -> Between:
    """What remains of the mismatch once the difference in difficulty is taken off."""
    human, _, other = ROWS
    signs = {(other, b): 1.0, (human, b): -1.0, (other, a): -1.0, (human, a): 1.0}
    return Between(
        start=(other, a),
        end=(other, b),
        name="excess",
        difference=_contrast(signs, measured, level),
    )


def _contrast(
    signs: Mapping[tuple[str, str], float],
    measured: Mapping[tuple[str, str], Measured],
    level: float,
) -> Estimate | None:
    """A signed sum of cells with its interval, or None where one is missing."""
    if not signs.keys() <= measured.keys():
        return None
    parts = [measured[key] for key in signs]
    coefficients = list(signs.values())
    sizes = [size(m) for m in parts]
    value = sum(c * point(m) for c, m in zip(coefficients, parts, strict=True))
    known = [n for n in sizes if n is not None]
    lower, upper = contrast_limits(
        coefficients, [point(m) for m in parts], [limits(m, level=level) for m in parts]
    )
    ends_known = bool(known) and isfinite(lower) and isfinite(upper)
    return Estimate(
        estimate=value,
        lower=float(lower) if ends_known else None,
        upper=float(upper) if ends_known else None,
        level=level,
        n=min(known) if known else None,
        method="MOVER",
    )


def _blanks(
    sources: Sequence[str], measured: Mapping[tuple[str, str], Measured], *, is_rate: bool
) -> list[Want]:
    """The empty cells, in order of value: the target first, then what tells mismatch apart."""
    target, first = sources[-1], sources[0]
    order = [
        ("not_trained_on", target),
        ("not_trained_on", first),
        ("trained_on", first),
        ("human", target),
        ("human", first),
        ("trained_on", target),
        *((row, source) for source in sources[1:-1] for row in reversed(ROWS)),
    ]
    guess = min(max(0.01, *(point(m) for m in measured.values())), 0.5)
    n = size_for_half_width(guess, max(0.01, guess / 5)) if is_rate else None
    examples = f": {about(n)} examples" if n else ""
    return [
        Want(
            what="cell",
            split={"trained_on": "train", "not_trained_on": "dev", "human": None}[row],
            n=n,
            sentence=f"Measure the {ROW_WORDS[row].format(source=source)}{examples}.",
        )
        for row, source in dict.fromkeys(order)
        if (row, source) not in measured
    ]


def _explained(
    between: Sequence[Between], sources: Sequence[str], *, is_rate: bool
) -> list[Finding]:
    """Whether the target is harder for people too, which explains part of a mismatch."""
    found: list[Finding] = []
    for a, b in pairwise(sources):
        pair = {x.name: x.difference for x in between if x.start[1] == a and x.end[1] == b}
        harder, excess = pair.get("difficulty"), pair.get("excess")
        if harder is None or excess is None:
            continue
        clear = harder.lower is not None and harder.lower > 0
        verdict = Verdict.YES if clear else Verdict.UNDETERMINED
        parts = [
            f"{amount(e.estimate, is_rate=is_rate, points=True)} "
            f"{interval(e.lower, e.upper, is_rate=is_rate)}"
            for e in (harder, excess)
        ]
        found.append(
            Finding(
                code="HW215",
                verdict=verdict,
                sentence=f"From {a} to {b}, {parts[0]} is difficulty that people meet too, and "
                f"{parts[1]} is left for the data.",
            )
        )
    return found
