"""The ladder on a terminal: one cell per mark, rungs as dots, gaps as bars, the human level dotted.

Columns: name 17, n 8, chart 31 (45 on a wide terminal), error 7, interval 16.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from headway.report.axes import ladder_axis, share, tick_label
from headway.report.document import RungRow
from headway.report.numbers import DASH, bare, interval, level_words, probability
from headway.report.terminal_text import Line, cells, compact, padded, wrapped
from headway.report.vocabulary import STATES
from headway.wording import thousands

if TYPE_CHECKING:
    from headway.report.axes import Axis
    from headway.report.document import GapRow, Ladder
    from headway.report.terminal_text import Screen, Span

__all__ = ["ladder_lines", "legend"]

NAME: Final = 17
COUNT: Final = 8
ERROR: Final = 7
INTERVAL: Final = 16
WIDE: Final = 120
NARROWEST_CHART: Final = 60
NARROWEST_COUNT: Final = NAME + COUNT + ERROR + INTERVAL


@dataclass(frozen=True, slots=True, kw_only=True)
class _Layout:
    """Widths of the columns, the axis, and the cell of the reference level."""

    screen: Screen
    axis: Axis
    chart: int
    names: int
    reference: int | None

    def cell(self, value: float) -> int:
        """The cell of the chart in which a number lies."""
        return round(share(self.axis, value) * (self.chart - 1))

    @property
    def wide(self) -> bool:
        """Whether probabilities and states in words join."""
        return self.screen.width >= WIDE


def _layout(block: Ladder, screen: Screen) -> _Layout:
    """The widths that a screen allows."""
    axis = ladder_axis(block)
    if screen.width >= WIDE:
        chart = 45
    elif screen.width >= NARROWEST_CHART:
        chart = min(31, screen.width - NARROWEST_COUNT - 1)
    else:
        chart = 0
    rungs = [row for row in block.rows if isinstance(row, RungRow)]
    level = next((row.error.value for row in rungs if row.name == block.reference), None)
    cell = None if level is None or not chart else round(share(axis, level) * (chart - 1))
    names = NAME + COUNT if screen.width >= NARROWEST_COUNT else NAME
    return _Layout(screen=screen, axis=axis, chart=chart, names=names, reference=cell)


def ladder_lines(block: Ladder, screen: Screen) -> list[Line]:
    """The ladder as lines, with its head and the legend of the states.

    Args:
        block: The ladder.
        screen: What it is laid out for.

    Returns:
        The lines.
    """
    layout = _layout(block, screen)
    lines = [_head(block, layout)]
    for row in block.rows:
        lines += _rung(row, layout) if isinstance(row, RungRow) else _gap(row, layout)
    return [*lines, (), *legend(block, screen)]


def _head(block: Ladder, layout: _Layout) -> Line:
    """The heads of the columns."""
    n = padded("n", layout.names, right=True) if layout.names > NAME else " " * NAME
    heads = padded("error", ERROR, right=True)
    heads += padded(layout.screen.text(_interval_head(block.level)), INTERVAL, right=True)
    if layout.wide:
        heads += "  P(largest)  gap is"
    return compact([(f"{n}{_ticks(layout)}{heads}", "dim")])


def _interval_head(level: float) -> str:
    """The head of a column of intervals."""
    return f"{level_words(level)} interval"


def _ticks(layout: _Layout) -> str:
    """The labels of the axis, each ending at its cell; one that would touch another is left out."""
    if not layout.chart:
        return ""
    canvas = [" "] * layout.chart
    free = 0
    for tick in layout.axis.ticks:
        label = layout.screen.text(tick_label(layout.axis, tick))
        start = max(0, layout.cell(tick) - len(label) + 1)
        if start >= free:
            canvas[start : start + len(label)] = label
            free = start + len(label) + 1
    return f" {''.join(canvas)}"


def _rung(row: RungRow, layout: _Layout) -> list[Line]:
    """A rung: name, n, dot with interval, error, interval."""
    title = layout.screen.text(row.title)
    n = DASH if row.n is None else thousands(row.n)
    count = ""
    if layout.names > NAME:
        count = padded(layout.screen.text(n), layout.names - cells(title), right=True)
    else:
        title = padded(title, NAME)
    canvas = _empty(layout)
    if row.error.value is not None and layout.chart:
        for cell in _cells(row, layout):
            canvas[cell] = (layout.screen.mark("line"), "dim")
        canvas[layout.cell(row.error.value)] = (layout.screen.mark("dot"), "")
    without = "no n given" if row.n is None else "no interval"
    ends = "not measured" if row.missing else interval(row.error, pad=5, without=without)
    style = "dim" if row.missing else ""
    return [
        compact(
            [
                (title, style),
                (count, "dim"),
                *_chart(canvas),
                (padded(layout.screen.text(bare(row.error)), ERROR, right=True), style),
                (padded(layout.screen.text(ends), INTERVAL, right=True), "dim"),
            ]
        )
    ]


def _cells(row: RungRow, layout: _Layout) -> range:
    """The cells of the interval of a rung."""
    if row.error.lower is None or row.error.upper is None:
        return range(0)
    return range(layout.cell(row.error.lower), layout.cell(row.error.upper) + 1)


def _gap(row: GapRow, layout: _Layout) -> list[Line]:
    """A gap: mark, name, bar from the rung below to the rung above, points, interval."""
    screen, hue = layout.screen, row.hues[0]
    width = layout.names - 3 if layout.names > NAME else NAME - 2
    first, *rest = wrapped(row.title, width, screen)
    canvas = _empty(layout)
    if row.start is not None and row.end is not None and layout.chart:
        low, high = sorted((layout.cell(row.start), layout.cell(row.end)))
        for cell in range(low, max(high, low + 1)):
            canvas[cell] = (screen.mark(f"bar_{row.verdict}"), hue)
    ends = interval(row.points, pad=5)
    spans = [
        (screen.mark(row.verdict), hue),
        (padded(f" {first}", layout.names - 1), ""),
        *_chart(canvas),
        (padded(screen.text(bare(row.points)), ERROR, right=True), ""),
        (padded(screen.text(ends), INTERVAL, right=True), "dim"),
    ]
    if layout.wide:
        chance = padded(screen.text(probability(row.p_largest)), 12, right=True)
        state = "" if row.verdict == "not_applicable" else STATES[row.verdict]
        spans.append((f"{chance}  {state}", ""))
    later = [
        compact([(padded(f"  {line}", layout.names), ""), *_chart(_empty(layout))]) for line in rest
    ]
    return [compact(spans), *later]


def _empty(layout: _Layout) -> list[Span]:
    """The cells of an empty chart with the reference level."""
    canvas: list[Span] = [(" ", "")] * layout.chart
    if layout.reference is not None:
        canvas[layout.reference] = (layout.screen.mark("reference"), "dim")
    return canvas


def _chart(canvas: list[Span]) -> list[Span]:
    """The cells of a chart behind the space that parts them from the names."""
    return [(" ", ""), *canvas] if canvas else []


def legend(block: Ladder, screen: Screen) -> list[Line]:
    """What the marks mean, and the units.

    Args:
        block: The ladder.
        screen: What it is laid out for.

    Returns:
        One line, or two where both do not fit.
    """
    states = "   ".join(
        f"{screen.mark(name)} {STATES[name]}" for name in ("yes", "undetermined", "no")
    )
    kinds = {row.error.kind for row in block.rows if isinstance(row, RungRow)}
    units = "error in percent, gaps in points" if "rate" in kinds else "in the unit of the loss"
    if cells(states) + 5 + len(units) <= screen.width:
        return [((f"{states}     {units}", "dim"),)]
    return [((states, "dim"),), ((units, "dim"),)]
