"""Tables that are no ladder: the general table of sources, and the map of knobs."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from headway.report.document import Amount, Named, Row, Section, Table
from headway.report.numbers import amount_of, shown
from headway.report.vocabulary import (
    CELL_TITLES,
    DIFFERENCE_TITLES,
    GAP_TITLES,
    HUES,
)
from headway.strategy.ladder import rung_words
from headway.strategy.table import ROWS

if TYPE_CHECKING:
    from headway.report.document import Cell
    from headway.stats.forms import Estimate
    from headway.strategy.breakdown import Breakdown
    from headway.strategy.knobs import KnobMap
    from headway.strategy.ladder import Gaps
    from headway.strategy.table import Between, SourceTable

__all__ = ["across", "breakdowns", "knob_table", "source_grid", "source_verdict"]


def source_grid(table: SourceTable) -> Table:
    """Errors of each source from people to unseen examples, with the differences between rows.

    Args:
        table: The general table.

    Returns:
        The block; a row of differences stands between the two rows it parts.
    """
    rows: list[Row] = []
    for i, name in enumerate(ROWS):
        rows.append(Row(cells=(Named(text=CELL_TITLES[name]), *_cells(table, name))))
        if i + 1 < len(ROWS):
            rows.append(_differences(table, name, ROWS[i + 1]))
    return Table(
        caption="Error of people, on examples trained on and on others, for each source",
        heads=("", *table.sources),
        rows=tuple(rows),
        level=table.level,
        named=True,
    )


def _cells(table: SourceTable, row: str) -> list[Cell]:
    """The errors of one row, source by source."""
    found = {cell.source: cell.error for cell in table.cells if cell.row == row}
    return [_amount(table, found.get(source)) for source in table.sources]


def _differences(table: SourceTable, below: str, above: str) -> Row:
    """The differences between two rows, source by source."""
    found = {
        step.start[1]: step
        for step in table.between
        if (step.start[0], step.end[0]) == (below, above) and step.start[1] == step.end[1]
    }
    name = {"human": "avoidable_bias"}.get(below, "variance")
    amounts = [
        _amount(table, found[source].difference if source in found else None, points=True)
        for source in table.sources
    ]
    title = Named(text=GAP_TITLES[name], hues=(HUES[name],))
    return Row(cells=(title, *amounts), dim=True)


def across(table: SourceTable) -> Table | None:
    """Differences between sources: the mismatch, and what of it is difficulty and excess.

    Args:
        table: The general table.

    Returns:
        The block, or None where there is one source.
    """
    steps = [step for step in table.between if step.start[1] != step.end[1]]
    if not steps:
        return None
    rows = tuple(
        Row(
            cells=(
                Named(
                    text=DIFFERENCE_TITLES.get(step.name, step.name),
                    hues=_hues(step),
                ),
                f"{step.start[1]} → {step.end[1]}",
                _amount(table, step.difference, points=True),
            ),
            dim=step.name in {"difficulty", "excess"},
        )
        for step in steps
    )
    return Table(
        caption="Difference between sources on examples that were not trained on",
        heads=("difference", "sources", "points" if table.is_rate else "loss"),
        rows=rows,
        level=table.level,
    )


def _hues(step: Between) -> tuple[str, ...]:
    """The hue of a difference between sources; its parts have none."""
    return (HUES[step.name],) if step.name in HUES else ()


def _amount(table: SourceTable, estimate: Estimate | None, *, points: bool = False) -> Amount:
    """A cell or a difference as an amount; unknown where it was not measured."""
    if estimate is None:
        return Amount(value=None, kind="points" if points else "rate")
    kind = ("points" if points else "rate") if table.is_rate else "loss"
    return _with_n(estimate, kind, show_n=not points)


def _with_n(estimate: Estimate, kind: str, *, show_n: bool = True) -> Amount:
    """An estimate as an amount, with its n where the table shows it."""
    amount = amount_of(estimate.estimate, estimate.lower, estimate.upper, kind=kind)
    return replace(amount, n=estimate.n) if show_n else amount


def source_verdict(table: SourceTable) -> str:
    """What the table says in one or two sentences: the largest step between two sources.

    Args:
        table: The general table.

    Returns:
        The verdict, numbers included.
    """
    steps = [step for step in table.between if step.name == "data_mismatch" and step.difference]
    if not steps:
        filled = sum(cell.error is not None for cell in table.cells)
        measured = f"{filled} of {len(table.cells)} cells {'is' if filled == 1 else 'are'} measured"
        return f"{measured}: the sources cannot be compared yet."
    top = max(steps, key=lambda step: step.difference.estimate if step.difference else 0.0)
    pair = top.start[1], top.end[1]
    size = _amount(table, top.difference, points=True)
    verb = "falls" if (size.value or 0.0) < 0 else "rises"
    height = shown(replace(size, value=abs(size.value or 0.0)), words=True)
    sentence = f"From {pair[0]} to {pair[1]} the error {verb} by {height}"
    return f"{sentence}{_parts(table, pair)}."


def _parts(table: SourceTable, pair: tuple[str, str]) -> str:
    """What of a difference between two sources people meet too, where that is known."""
    found = {
        step.name: shown(_amount(table, step.difference, points=True))
        for step in table.between
        if (step.start[1], step.end[1]) == pair and step.difference is not None
    }
    if "difficulty" not in found or "excess" not in found:
        return ""
    return (
        f": {found['difficulty']} is difficulty that people meet too, {found['excess']} is left "
        "for the data"
    )


def knob_table(knobs: KnobMap) -> Table:
    """Each knob with the gap it moves and the one it usually costs.

    Args:
        knobs: The knobs, in the order of the ladder.

    Returns:
        The block.
    """
    rows = tuple(
        Row(
            cells=(
                Named(text=knob.title),
                Named(
                    text=" and ".join(GAP_TITLES[name] for name in knob.moves),
                    hues=tuple(HUES[name] for name in knob.moves),
                ),
                Named(
                    text=GAP_TITLES[knob.usually_costs],
                    hues=(HUES[knob.usually_costs],),
                )
                if knob.usually_costs
                else None,
                Named(
                    text="one gap" if knob.orthogonal else "mixed",
                    verdict="yes" if knob.orthogonal else "undetermined",
                ),
            )
        )
        for knob in knobs.knobs
    )
    return Table(
        caption="What each knob moves and what it usually costs, by rule",
        heads=("knob", "moves", "usually costs", "turns"),
        rows=rows,
    )


def breakdowns(gaps: Gaps) -> tuple[Section, ...]:
    """The errors broken down by columns, where that was asked.

    Args:
        gaps: The judged ladder.

    Returns:
        One section per column.
    """
    kind = "rate" if gaps.is_rate else "loss"
    return tuple(
        Section(
            title=f"By {part.column}",
            blocks=(_breakdown(part, kind, gaps.level),),
            place="engineer",
        )
        for part in gaps.by
    )


def _breakdown(part: Breakdown, kind: str, level: float) -> Table:
    """The error of each split by the values of one column."""
    rows = tuple(
        Row(
            cells=(
                "(missing)" if value.value is None else str(value.value),
                *(
                    _with_n(value.errors[split], kind) if split in value.errors else None
                    for split in part.splits
                ),
            )
        )
        for value in part.parts
    )
    return Table(
        caption=f"Error of each split by {part.column}",
        heads=(part.column, *(rung_words(split) for split in part.splits)),
        rows=rows,
        level=level,
        named=True,
    )
