"""What is drawn in a row of a chart, as marks: positions in percent of the width, sizes in pixels.

One drawing so serves every width and both themes without a script. Looks are classes of the style
sheet; nothing here knows a colour.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from headway.report.axes import bars_axis, ladder_axis, share, tick_label
from headway.report.document import RungRow
from headway.wording import NARROW_SPACE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from headway.report.axes import Axis
    from headway.report.document import GapBars, GapRow, Ladder

__all__ = [
    "Drawing",
    "Mark",
    "across",
    "bar_drawings",
    "horizontal",
    "ladder_drawings",
    "swatch",
    "vertical",
]

ROW: Final = 34
"""Height of a row in pixels."""

TALL: Final = {1: ROW, 2: 58, 3: 76}
"""Height of a gap's row by the number of gaps it holds: a merged name needs room."""

FEW: Final = 30
"""Below so many examples a dot is hollow."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """One shape.

    Args:
        shape: ``"line"``, ``"rect"``, ``"circle"`` or ``"text"``.
        look: Its classes, without the prefix of the style sheet.
        at: Names and values of its attributes.
        hatch: Hue of its hatching, or empty.
        text: What a text says.
        unit: A unit behind the text, left out where there is no room.
    """

    shape: str
    look: str
    at: tuple[tuple[str, str], ...]
    hatch: str = ""
    text: str = ""
    unit: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """The marks of one row.

    Args:
        height: In pixels.
        marks: In the order they are painted.
    """

    height: int
    marks: tuple[Mark, ...]


def across(part: float) -> str:
    """A share of the width."""
    return f"{100 * part:.3f}%"


def vertical(look: str, x: float, top: float, bottom: float) -> Mark:
    """A vertical line at a share of the width."""
    at = (("x1", across(x)), ("x2", across(x)), ("y1", f"{top:g}"), ("y2", f"{bottom:g}"))
    return Mark(shape="line", look=look, at=at)


def horizontal(look: str, ends: tuple[float, float], y: float) -> Mark:
    """A horizontal line between two shares of the width."""
    left, right = sorted(ends)
    at = (("x1", across(left)), ("x2", across(right)), ("y1", f"{y:g}"), ("y2", f"{y:g}"))
    return Mark(shape="line", look=look, at=at)


def _box(look: str, ends: tuple[float, float], y: float, height: float, *, hatch: str = "") -> Mark:
    """A box between two shares of the width."""
    left, right = sorted(ends)
    at = (
        ("x", across(left)),
        ("width", across(right - left)),
        ("y", f"{y:g}"),
        ("height", f"{height:g}"),
    )
    return Mark(shape="rect", look=look, at=at, hatch=hatch)


def _ticks(axis: Axis) -> Drawing:
    """The labels of an axis; the first and the last keep inside it."""
    marks = []
    for tick in axis.ticks:
        x = share(axis, tick)
        anchor = "start" if x < 0.02 else "end" if x > 0.96 else "middle"
        at = (("x", across(x)), ("y", "12"), ("text-anchor", anchor))
        label = tick_label(axis, tick)
        unit = f"{NARROW_SPACE}%" if axis.kind == "rate" and tick == axis.ticks[-1] else ""
        marks.append(Mark(shape="text", look="tick", at=at, text=label, unit=unit))
    return Drawing(height=16, marks=tuple(marks))


def ladder_drawings(block: Ladder) -> tuple[Drawing, ...]:
    """The axis of a ladder and the marks of each of its rows.

    Args:
        block: The ladder.

    Returns:
        First the labels of the axis, then one drawing per row.
    """
    axis = ladder_axis(block)
    rows = block.rows
    drawn = [_ticks(axis)]
    for i, row in enumerate(rows):
        last = i == len(rows) - 1
        height = ROW if isinstance(row, RungRow) else TALL[min(3, max(1, len(row.hues)))]
        ground = _ground(block, axis, height)
        if isinstance(row, RungRow):
            marks = _rung(row, axis, below=_carried(rows, i), first=i == 0, last=last)
        else:
            marks = _gap(row, axis, height)
        drawn.append(Drawing(height=height, marks=(*ground, *marks)))
    return tuple(drawn)


def _ground(block: Ladder, axis: Axis, height: int) -> list[Mark]:
    """Grid, zero, and the reference level with its band, behind every row."""
    marks = [vertical("grid", share(axis, tick), 0, height) for tick in axis.ticks[1:]]
    rungs = (row for row in block.rows if isinstance(row, RungRow))
    level = next((row.error for row in rungs if row.name == block.reference), None)
    if level is not None and level.lower is not None and level.upper is not None:
        ends = share(axis, level.lower), share(axis, level.upper)
        marks.append(_box("band", ends, 0, height))
    marks.append(vertical("zero", 0.0, 0, height))
    if level is not None and level.value is not None:
        marks.append(vertical("reference", share(axis, level.value), 0, height))
    return marks


def _carried(rows: Sequence[RungRow | GapRow], i: int) -> float | None:
    """The error of the nearest measured rung above a row, whose hairline passes through."""
    for row in reversed(rows[:i]):
        if isinstance(row, RungRow) and row.error.value is not None:
            return row.error.value
    return None


def _rung(row: RungRow, axis: Axis, *, below: float | None, first: bool, last: bool) -> list[Mark]:
    """A rung: hairlines to its neighbours, its interval and its dot."""
    middle = ROW / 2
    if row.error.value is None:
        return [] if below is None else [vertical("link", share(axis, below), 0, ROW)]
    x = share(axis, row.error.value)
    marks = [] if first else [vertical("link", x, 0, middle)]
    marks += [] if last else [vertical("link", x, middle, ROW)]
    if row.error.lower is not None and row.error.upper is not None:
        ends = share(axis, row.error.lower), share(axis, row.error.upper)
        marks.append(horizontal("line", ends, middle))
    look = "ring" if row.n is not None and row.n < FEW else "dot"
    at = (("cx", across(x)), ("cy", f"{middle:g}"), ("r", "4.5"))
    return [*marks, Mark(shape="circle", look=look, at=at)]


def _gap(row: GapRow, axis: Axis, height: int) -> list[Mark]:
    """A gap: hairlines at both ends, its bar, and its interval under the end of the bar."""
    if row.start is None or row.end is None:
        return []
    top = height / 2 - 10
    start, end = share(axis, row.start), share(axis, row.end)
    marks = [vertical("link", start, 0, top), vertical("link", end, top + 12, height)]
    marks.append(_bar(row, (start, end), top))
    if row.points.lower is not None and row.points.upper is not None:
        ends = share(axis, row.start + row.points.lower), share(axis, row.start + row.points.upper)
        marks.append(horizontal("whisk", ends, height / 2 + 8))
    return marks


def _bar(row: GapRow, ends: tuple[float, float], y: float) -> Mark:
    """The bar of a gap: filled, hatched where it cannot be told, outlined where too small."""
    if row.verdict == "undetermined" or len(row.hues) > 1:
        return _box("hatched", ends, y, 12, hatch=row.hues[0])
    return _box("fill" if row.verdict == "yes" else "edge", ends, y, 12)


def bar_drawings(block: GapBars) -> tuple[Drawing, ...]:
    """The axis of gap bars and the marks of each of its rows.

    Args:
        block: The gap bars.

    Returns:
        First the labels of the axis, then one drawing per row.
    """
    axis = bars_axis(block)
    zero = share(axis, 0.0)
    margin = share(axis, -block.margin), share(axis, block.margin)
    drawn = [_ticks(axis)]
    for row in block.rows:
        marks = [_box("zone", margin, 0, ROW), vertical("zero", zero, 0, ROW)]
        if row.points.value is not None:
            marks.append(_bar(row, (zero, share(axis, row.points.value)), 8))
        if row.points.lower is not None and row.points.upper is not None:
            ends = share(axis, row.points.lower), share(axis, row.points.upper)
            marks.append(horizontal("whisk", ends, 26))
        drawn.append(Drawing(height=ROW, marks=tuple(marks)))
    return tuple(drawn)


def swatch(hues: Sequence[str], verdict: str) -> Mark | None:
    """The small square before a name: filled, hatched or outlined as the bar it stands for.

    Args:
        hues: Hues of the gap, at least one.
        verdict: Verdict on the gap.

    Returns:
        The mark, 9 pixels wide; None where the gap is not applicable.
    """
    at = (("x", ".5"), ("y", ".5"), ("width", "9"), ("height", "9"))
    if verdict == "not_applicable":
        return None
    if verdict == "undetermined" or len(hues) > 1:
        return Mark(shape="rect", look="hatched", at=at, hatch=hues[0])
    return Mark(shape="rect", look="fill" if verdict == "yes" else "edge", at=at)
