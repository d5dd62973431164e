"""Planes and curves on a terminal: a strip for each thing, a line for each place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from headway.report.axes import axis_of, share
from headway.report.numbers import interval, level_words, shown
from headway.report.terminal_text import cells, compact, padded
from headway.wording import minus

if TYPE_CHECKING:
    from headway.report.axes import Axis
    from headway.report.document import Amount, Curves, Plane, PlanePoint
    from headway.report.terminal_text import Line, Screen

__all__ = ["curve_lines", "nearest_place", "places_of", "plane_lines"]

NAME: Final = 18
LONGEST_NAME: Final = 30
VALUE: Final = 10
MOST_PLACES: Final = 12

STATES: Final = {"chosen": "yes", "tied": "yes", "yes": "yes", "no": "no"}


def plane_lines(block: Plane, screen: Screen) -> list[Line]:
    """A strip for each thing: its state, its name, its place against the limit.

    Args:
        block: The plane.
        screen: What it is laid out for.

    Returns:
        The lines.
    """
    widest = max((screen.text(p.name) for p in block.points), key=cells, default="")
    name = max(NAME, min(LONGEST_NAME, cells(widest)))
    chart = max(10, min(45, screen.width - name - 2 * VALUE - 6))
    values = [
        x
        for p in block.points
        for x in (p.x.value, p.x.lower, p.x.upper, block.limit)
        if x is not None
    ]
    low, high = min(values, default=0.0), max(values, default=1.0)
    room = 0.05 * (high - low) or 0.5
    axis = axis_of(low - room, high + room, "loss")
    left = 2 + name + VALUE
    title = _cut(screen.text(block.y_title.partition(",")[0]), left, screen)
    heads = f"{padded(title, left, right=True)}  "
    lines = [
        compact([(screen.text(heads), "dim"), (screen.text(f"{block.x_title}"), "dim")]),
    ]
    lines += [_strip(point, block, axis, (name, chart), screen) for point in block.points]
    if block.limit is not None:
        side = "right" if block.at_most else "left"
        mark = screen.mark("reference")
        lines.append(compact([(f"  {mark} the limit; not allowed to its {side}", "dim")]))
    return lines


def _cut(text: str, width: int, screen: Screen) -> str:
    """A text that ends in dots where it is too long.

    Examples:
        >>> from headway.report.terminal_text import Screen
        >>> _cut("a_very_long_name", 10, Screen(width=80))
        'a_very_lo…'
    """
    dots = screen.text("…")
    return text if cells(text) <= width else f"{text[: width - len(dots)]}{dots}"


def _strip(
    point: PlanePoint, block: Plane, axis: Axis, widths: tuple[int, int], screen: Screen
) -> Line:
    """One thing on its strip: its name and its line of these widths."""
    wide, chart = widths

    def cell(value: float) -> int:
        return round(share(axis, value) * (chart - 1))

    canvas: list[tuple[str, str]] = [(" ", "")] * chart
    if point.x.lower is not None and point.x.upper is not None:
        for i in range(cell(point.x.lower), cell(point.x.upper) + 1):
            canvas[i] = (screen.mark("line"), "dim")
    if block.limit is not None:
        canvas[cell(block.limit)] = (screen.mark("reference"), "")
    if point.x.value is not None:
        canvas[cell(point.x.value)] = (screen.mark("dot"), "")
    style = "bold" if point.state == "chosen" else ""
    state = screen.mark(STATES.get(point.state, "undetermined"))
    name = padded(_cut(screen.text(point.name), wide, screen), wide)
    value = padded(screen.text(shown(point.y)), VALUE, right=True)
    place = padded(screen.text(shown(point.x)), VALUE, right=True)
    return compact([(f"{state} ", ""), (name, style), (f"{value}  ", style), *canvas, (place, "")])


def places_of(block: Curves) -> list[int]:
    """The places of the curves that are written out: a dozen, evenly, and those that are marked.

    Args:
        block: The curves.

    Returns:
        Indices into the places of the first curve, increasing.
    """
    x = block.curves[0].x
    count = min(MOST_PLACES, len(x))
    chosen = {round(i * (len(x) - 1) / max(count - 1, 1)) for i in range(count)}
    return sorted(chosen | {nearest_place(block, place) for place, _ in block.marks})


def nearest_place(block: Curves, at: float) -> int:
    """The index of the place that is nearest to a mark."""
    x = block.curves[0].x
    return min(range(len(x)), key=lambda i: abs(x[i] - at))


def curve_lines(block: Curves, screen: Screen) -> list[Line]:
    """A line for each place, with the value of each curve and its band.

    Args:
        block: The curves.
        screen: What it is laid out for.

    Returns:
        The lines.
    """
    width = max(18, (screen.width - VALUE - 2) // max(len(block.curves), 1))
    titles = "".join(padded(screen.text(c.title)[: width - 2], width) for c in block.curves)
    head = f"{padded(screen.text(block.x_title)[:VALUE], VALUE)}  {titles}"
    lines = [compact([(head, "dim")])]
    for i in places_of(block):
        values = "".join(padded(_value(c.y[i], width - 1, screen), width) for c in block.curves)
        names = [name for at, name in block.marks if nearest_place(block, at) == i]
        text = f"{padded(screen.text(minus(f'{block.curves[0].x[i]:.4g}')), VALUE)}  {values}"
        mark = f" {', '.join(names)}" if names else ""
        lines.append(compact([(text, "bold" if names else ""), (mark, "")]))
    bands = f"With {level_words(block.level)} bands."
    lines.append(compact([(screen.text(bands), "dim")]))
    return lines


def _value(amount: Amount, width: int, screen: Screen) -> str:
    """A number with its band, or alone where there is no room."""
    if amount.value is None:
        return screen.text(shown(amount))
    full = screen.text(f"{shown(amount)} {interval(amount, without='')}".rstrip())
    return full if len(full) <= width else screen.text(shown(amount))
