"""How each column is distributed in each split, counted by the engine in one pass."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import narwhals.stable.v2 as nw
import numpy as np

from headway.counts import CountTable
from headway.frames.engines import asked
from headway.frames.expressions import key
from headway.frames.kinds import TEXTS, scalar
from headway.frames.tally import tally

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from headway.counts import Scalar
    from headway.frames.sample import Sample
    from headway.frames.source import Frame

__all__ = ["Kind", "agreement", "coded", "column_kinds", "cut_points", "marginals"]

Kind = str
"""``"number"``, ``"value"`` (one of few), ``"vector"``, ``"text"``, ``"same"`` (one value alone) or
``"name"`` (almost every row has its own)."""

BINS: Final = 8
"""Quantiles that numbers are counted by."""

FEW: Final = 20
"""Different whole numbers up to which each is counted for itself."""

MOST_VALUES: Final = 1_000
"""Different texts up to which a column is one of values."""

COMPARED: Final = frozenset({"integer", "float", "boolean", "text", "category"})

WORDS: Final = 2
"""Words up to which a text is a name."""

COUNTER: Final = 3
"""Numbers that are all different and reach no further than so many for each row count the rows."""

OWN: Final = 0.5
"""Share of rows with a text of their own above which a column names or describes its rows."""


def column_kinds(samples: Mapping[str, Sample], kinds: Mapping[str, str]) -> dict[str, Kind]:
    """What each column of some samples is to the question whether two splits are alike.

    Args:
        samples: Per split, its rows.
        kinds: Per column, what the table holds there.

    Returns:
        Per column its kind; times and what cannot be compared are left out.
    """
    names = list(next(iter(samples.values())).columns) if samples else []
    found = {}
    total = sum(part.total for part in samples.values())
    for name in names:
        values = [v for part in samples.values() for v in part.columns[name] if v is not None]
        kind = _kind(values, kinds[name], total)
        if kind:
            found[name] = kind
    return found


def _counts_rows(values: Sequence[int], n_distinct: int, total: int) -> bool:
    """Whether whole numbers only number the rows of a table."""
    return n_distinct == len(values) and max(values) - min(values) < COUNTER * total


def _kind(values: Sequence[Any], kind: str, total: int) -> Kind:
    """What a column is, from its values; empty where it is of no use."""
    if not values:
        return ""
    if kind == "list":
        return "vector" if _are_vectors(values) else ""
    n_distinct = len(set(values)) if kind in COMPARED else 0
    if n_distinct < 2:
        return "same" if n_distinct else ""
    if kind == "float":
        return "number"
    if kind == "integer" and n_distinct > FEW:
        return "name" if _counts_rows(values, n_distinct, total) else "number"
    many = n_distinct > MOST_VALUES or n_distinct > OWN * len(values) > FEW
    return _words(values) if many and kind in TEXTS else "value"


def _are_vectors(values: Sequence[Any]) -> bool:
    """Whether lists hold numbers, as many each."""
    widths = {len(value) for value in values}
    return len(widths) == 1 and widths != {0} and isinstance(values[0][0], int | float | np.number)


def _words(values: Sequence[str]) -> Kind:
    """Whether texts that are mostly different describe their rows, or name them."""
    some = values[:1000]
    words = sum(len(str(value).split()) for value in some) / len(some)
    return "text" if words > WORDS else "name"


def coded(values: Sequence[Any], cuts: Sequence[float] | None) -> NDArray[np.int64]:
    """The values of a column as whole numbers: bins of numbers, or places of values.

    Args:
        values: The values; None is missing.
        cuts: Cut points of a column of numbers, or None for values.

    Returns:
        One number a row, 0 where it is missing.
    """
    known = np.array([value is not None for value in values], dtype=bool)
    found = np.zeros(len(values), dtype=np.int64)
    given = [value for value in values if value is not None]
    if cuts is None:
        found[known] = np.unique(np.array([str(v) for v in given]), return_inverse=True)[1] + 1
    else:
        found[known] = np.searchsorted(np.array(cuts), np.array(given, dtype=np.float64)) + 1
    return found


def agreement(samples: Mapping[str, Sample], columns: Sequence[str]) -> float:
    """How likely two rows agree by chance in all of some columns that know nothing of each other.

    Args:
        samples: Per split, its rows.
        columns: The columns.

    Returns:
        A probability, rather too small than too large.
    """
    found = 1.0
    for name in columns:
        values = [str(v) for part in samples.values() for v in part.columns.get(name, ())]
        _, n = np.unique(np.array(values), return_counts=True)
        pairs = len(values) * (len(values) - 1)
        found *= float((n * (n - 1)).sum() + 1) / (pairs + 1)
    return found


def cut_points(samples: Mapping[str, Sample], kinds: Mapping[str, Kind]) -> dict[str, list[float]]:
    """Where numbers are cut into bins: quantiles of the rows of all samples.

    Args:
        samples: Per split, its rows.
        kinds: Per column, its kind.

    Returns:
        Per column of numbers, at most seven increasing cut points.
    """
    found = {}
    for name in (name for name, kind in kinds.items() if kind == "number"):
        values = [
            np.asarray([v for v in part.columns[name] if v is not None], dtype=np.float64)
            for part in samples.values()
        ]
        pooled = np.concatenate(values)
        pooled = pooled[np.isfinite(pooled)]
        steps = np.linspace(0, 1, BINS + 1)[1:-1]
        if pooled.size:
            cuts = np.unique(np.quantile(pooled, steps, method="lower"))
            found[name] = [float(cut) for cut in cuts if cut < pooled.max()]
    return found


def marginals(
    frame: Frame,
    splits: Mapping[str, tuple[Scalar, int]],
    kinds: Mapping[str, Kind],
    cuts: Mapping[str, Sequence[float]],
    *,
    max_cells: int = 1_000_000,
) -> dict[str, CountTable]:
    """Rows by split and value of each column; numbers by bin.

    Args:
        frame: The frame.
        splits: Per split, what it is called there.
        kinds: Per column, its kind; values and numbers are counted, others are not.
        cuts: Per column of numbers, its cut points.
        max_cells: Most cells a column may have.

    Returns:
        Per column a table by ``split`` and ``value``; a bin is its number, missing is None.
    """
    column = frame.columns.roles.get("split")
    names = [name for name, kind in kinds.items() if kind in {"value", "number"}]
    if not names or column is None:
        return {}
    given = [nw.col(column).cast(nw.String).alias("split")]
    for i, name in enumerate(names):
        held = (
            key(name, frame.kinds[name])
            if kinds[name] == "value"
            else _bin(name, cuts.get(name, ()))
        )
        given.append(held.alias(f"v{i}"))
    groupings = [("split", f"v{i}") for i in range(len(names))]
    with asked(frame.engine, frame.sources):
        called = {f"v{i}": name for i, name in enumerate(names)}
        rows = frame.rows.select(*given)
        cells = tally(rows, groupings, (), max_cells=max_cells, names=called)
    meant = {str(name): split for split, (name, _) in splits.items()}
    found = {}
    for name, grouping in zip(names, groupings, strict=True):
        kept = [cell for cell in cells[grouping] if str(cell[0]) in meant]
        found[name] = CountTable.of(
            ("split", "value"),
            [(meant[str(cell[0])], scalar(cell[1])) for cell in kept],
            [int(cell[2]) for cell in kept],
        )
    return found


def _bin(name: str, cuts: Sequence[float]) -> nw.Expr:
    """The number of cut points below a number; null where it is missing."""
    values = nw.col(name).cast(nw.Float64).fill_nan(None)
    above = [nw.when(values > cut).then(nw.lit(1)).otherwise(nw.lit(0)) for cut in cuts]
    n = nw.sum_horizontal(nw.lit(0), *above)
    return nw.when(~values.is_null()).then(n)
