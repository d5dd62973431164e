"""The one aggregation after everything was derived: cells by several groupings, in one pass.

Groupings that would be small together are counted together and their marginals taken here; what a
look at some thousand rows says about that decides about speed only, never about the counts. What
is left is asked at once where an engine can: by ``GROUPING SETS`` of DuckDB, or by ``collect_all``
over one scan of Polars. The three ways are held equal by test.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TypeAlias

import narwhals.stable.v2 as nw

from headway.errors import CountError
from headway.frames.engines import engine_of, fetched, fetched_sets, fetched_together

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

__all__ = ["Cells", "tally"]

Grouping: TypeAlias = tuple[str, ...]
Cells: TypeAlias = list[tuple[Any, ...]]

LOOKED_AT: Final = 5_000
"""Rows of which the values of each key are counted, to see what is small together."""

SMALL: Final = {"duckdb": 4_000, "polars": 4_000}
"""Cells up to which groupings are counted together on engines that can do several at once."""

JOINT: Final = 100_000
"""The same on engines for which each grouping is one more pass."""


def tally(
    rows: nw.LazyFrame[Any],
    groupings: Sequence[Grouping],
    sums: Sequence[str],
    *,
    max_cells: int,
    names: Mapping[str, str] | None = None,
) -> dict[Grouping, Cells]:
    """Cells by each grouping.

    Args:
        rows: The derived rows.
        groupings: Distinct tuples of columns, none of them empty.
        sums: Columns to sum in each cell.
        max_cells: Most cells a grouping may have.
        names: Per column, what people call it.

    Returns:
        Per grouping one tuple per cell: its keys, the number of rows, the sums.

    Raises:
        CountError: If a grouping has more cells.
    """
    joint = min(max_cells, JOINT)
    packs = _packs(rows, groupings, most=min(SMALL.get(engine_of(rows), JOINT), max_cells))
    most = {pack: joint if len(inside) > 1 else max_cells for pack, inside in packs.items()}
    found = _asked(rows, most, sums)
    if any(len(found[pack]) > joint for pack, inside in packs.items() if len(inside) > 1):
        packs = {grouping: [grouping] for grouping in groupings}
        found = _asked(rows, dict.fromkeys(groupings, max_cells), sums)
    cells = {
        grouping: _marginal(found[pack], pack, grouping)
        for pack, inside in packs.items()
        for grouping in inside
    }
    for grouping, counted in cells.items():
        if len(counted) > max_cells:
            called = {name: (names or {}).get(name, name) for name in grouping}
            widest = called[_widest(counted, grouping)]
            raise CountError.too_many_cells(list(called.values()), widest, max_cells)
    return cells


def _packs(
    rows: nw.LazyFrame[Any], groupings: Sequence[Grouping], *, most: int
) -> dict[Grouping, list[Grouping]]:
    """Groupings by the one that they are counted in together."""
    if len(groupings) == 1:
        return {groupings[0]: [groupings[0]]}
    keys = sorted({name for grouping in groupings for name in grouping})
    seen = fetched(rows.select(*keys).head(LOOKED_AT), keys)
    widths = {
        name: max(1, len({str(value) for value in column}))
        for name, column in zip(keys, zip(*seen, strict=True), strict=False)
    }

    def size(names: Iterable[str]) -> int:
        product = 1
        for name in set(names):
            product *= widths.get(name, 1)
        return product

    packs: dict[Grouping, list[Grouping]] = {}
    for grouping in sorted(groupings, key=lambda names: (-size(names), names)):
        home = next((pack for pack in packs if size((*pack, *grouping)) <= most), grouping)
        inside = [*packs.pop(home, []), grouping]
        packs[tuple(dict.fromkeys((*home, *grouping)))] = inside
    return packs


def _asked(
    rows: nw.LazyFrame[Any], most: Mapping[Grouping, int], sums: Sequence[str]
) -> dict[Grouping, Cells]:
    """Cells by groupings, each with at most one more than it may have."""
    engine = engine_of(rows)
    if engine == "duckdb" and len(most) > 1:
        return fetched_sets(rows, list(most), sums, most=max(most.values()))
    measures = ["n", *(f"sum_{name}" for name in sums)]
    queries = {
        grouping: rows.group_by(*grouping, drop_null_keys=False)
        .agg(nw.len().alias("n"), *(nw.col(name).sum().alias(f"sum_{name}") for name in sums))
        .select(*grouping, *measures)
        .head(bound + 1)
        for grouping, bound in most.items()
    }
    if engine == "polars":
        return dict(zip(queries, fetched_together(list(queries.values())), strict=True))
    return {grouping: fetched(query, [*grouping, *measures]) for grouping, query in queries.items()}


def _widest(cells: Cells, grouping: Grouping) -> str:
    """The key with the most values."""
    widths = [len({str(cell[i]) for cell in cells}) for i in range(len(grouping))]
    return grouping[widths.index(max(widths))]


def _marginal(cells: Cells, keys: Grouping, wanted: Grouping) -> Cells:
    """The same counts with fewer keys."""
    if keys == wanted:
        return cells
    places = [keys.index(name) for name in wanted]
    added: dict[tuple[Any, ...], list[Any]] = {}
    for cell in cells:
        kept, measures = tuple(cell[i] for i in places), cell[len(keys) :]
        before = added.get(kept)
        added[kept] = (
            [a + b for a, b in zip(before, measures, strict=True)] if before else [*measures]
        )
    return [(*kept, *measures) for kept, measures in added.items()]
