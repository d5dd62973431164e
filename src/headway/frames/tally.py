"""The one aggregation after everything was derived: cells by several groupings, in one pass.

There are three ways to ask for several groupings at once, equal to each other by test: DuckDB's
``GROUPING SETS``, Polars' ``collect_all`` over one scan, and for every other engine one joint
``group_by`` whose marginals are taken here, or, where that would not be small, one per grouping.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TypeAlias

import narwhals.stable.v2 as nw
import polars as pl

from headway.errors import CountError
from headway.frames.engines import engine_of, fetched

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["JOINT_CELLS", "Cells", "tally"]

Cells: TypeAlias = "list[tuple[Any, ...]]"

Grouping: TypeAlias = "tuple[str, ...]"

JOINT_CELLS: Final = 100_000
"""Most cells of a joint grouping of which marginals are taken, instead of one pass for each."""


def tally(
    rows: nw.LazyFrame[Any],
    groupings: Sequence[tuple[str, ...]],
    sums: Sequence[str],
    *,
    max_cells: int,
) -> dict[tuple[str, ...], Cells]:
    """Cells by each grouping.

    Args:
        rows: The derived rows.
        groupings: Distinct tuples of columns, none of them empty.
        sums: Columns to sum in each cell.
        max_cells: Most cells a grouping may have.

    Returns:
        Per grouping one tuple per cell: its keys, the number of rows, the sums.

    Raises:
        CountError: If a grouping has more cells.
    """
    engine = engine_of(rows)
    if engine == "duckdb":
        cells = _by_grouping_sets(rows, groupings, sums, max_cells)
    elif engine == "polars":
        cells = _by_one_scan(rows, groupings, sums, max_cells)
    else:
        cells = _by_group_by(rows, groupings, sums, max_cells)
    for grouping, found in cells.items():
        if len(found) > max_cells:
            widths = [len({cell[i] for cell in found}) for i in range(len(grouping))]
            widest = grouping[widths.index(max(widths))]
            raise CountError.too_many_cells(grouping, widest, max_cells)
    return cells


def _query(
    rows: nw.LazyFrame[Any], grouping: Grouping, sums: Sequence[str], most: int
) -> nw.LazyFrame[Any]:
    """The cells by one grouping, not yet asked for."""
    counted = rows.group_by(*grouping, drop_null_keys=False).agg(
        nw.len().alias("n"), *(nw.col(name).sum().alias(f"sum_{name}") for name in sums)
    )
    return counted.head(most + 1)


def _by_group_by(
    rows: nw.LazyFrame[Any], groupings: Sequence[Grouping], sums: Sequence[str], most: int
) -> dict[Grouping, Cells]:
    """Cells by each grouping, from a joint one where that is small."""
    measures = ["n", *(f"sum_{name}" for name in sums)]
    joint = tuple(dict.fromkeys(name for grouping in groupings for name in grouping))
    if len(groupings) > 1:
        bound = min(JOINT_CELLS, most)
        cells = fetched(_query(rows, joint, sums, bound), [*joint, *measures])
        if len(cells) <= bound:
            return {grouping: _marginal(cells, joint, grouping) for grouping in groupings}
    return {
        grouping: fetched(_query(rows, grouping, sums, most), [*grouping, *measures])
        for grouping in groupings
    }


def _by_one_scan(
    rows: nw.LazyFrame[Any], groupings: Sequence[Grouping], sums: Sequence[str], most: int
) -> dict[Grouping, Cells]:
    """Cells by each grouping from one scan of Polars."""
    queries = [nw.to_native(_query(rows, grouping, sums, most)) for grouping in groupings]
    tables = pl.collect_all(queries, engine="streaming")
    return {grouping: table.rows() for grouping, table in zip(groupings, tables, strict=True)}


def _by_grouping_sets(
    rows: nw.LazyFrame[Any], groupings: Sequence[Grouping], sums: Sequence[str], most: int
) -> dict[Grouping, Cells]:
    """Cells by each grouping from one aggregation of DuckDB; no pyarrow is needed."""
    keys = list(dict.fromkeys(name for grouping in groupings for name in grouping))
    sets = ", ".join(f"({', '.join(grouping)})" for grouping in groupings)
    measures = ["count(*)", *(f"sum({name})" for name in sums)]
    relation = nw.to_native(rows).aggregate(
        ", ".join([f"GROUPING({', '.join(keys)})", *keys, *measures]), f"GROUPING SETS ({sets})"
    )
    n = len(keys)
    masks = {
        sum(1 << (n - 1 - i) for i, name in enumerate(keys) if name not in grouping): grouping
        for grouping in groupings
    }
    places = {grouping: [1 + keys.index(name) for name in grouping] for grouping in groupings}
    cells: dict[Grouping, Cells] = {grouping: [] for grouping in groupings}
    for row in relation.limit(len(groupings) * most + 1).fetchall():
        grouping = masks[row[0]]
        cells[grouping].append((*(row[i] for i in places[grouping]), *row[n + 1 :]))
    return cells


def _marginal(cells: Cells, keys: Grouping, wanted: Grouping) -> Cells:
    """The same counts with fewer keys."""
    places = [keys.index(name) for name in wanted]
    added: dict[tuple[Any, ...], list[Any]] = {}
    for cell in cells:
        kept, measures = tuple(cell[i] for i in places), cell[len(keys) :]
        if kept in added:
            added[kept] = [a + b for a, b in zip(added[kept], measures, strict=True)]
        else:
            added[kept] = list(measures)
    return [(*kept, *measures) for kept, measures in added.items()]
