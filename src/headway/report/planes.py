"""Models and thresholds by two numbers, and curves over one axis, as marks.

Places from left to right are shares of the width, places from top to bottom are pixels, so that one
drawing serves every width. What must be a single shape is drawn in a box that is stretched.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, floor, log10
from typing import TYPE_CHECKING, Final

from headway.report.axes import Axis, axis_of, share, tick_label
from headway.report.marks import Drawing, Mark, across, horizontal, vertical
from headway.report.numbers import shown
from headway.wording import NARROW_SPACE, minus

if TYPE_CHECKING:
    from collections.abc import Sequence

    from headway.report.document import Amount, Curve, Curves, Plane, PlanePoint

__all__ = ["Picture", "curve_pictures", "plane_picture"]

HEIGHT: Final = 300
"""Height of a plane in pixels."""

CURVE: Final = 150
"""Height of the panel of one curve."""

STRETCHED: Final = 1000
"""Width of the box that is stretched."""

FACTOR: Final = 5.0
"""A range of more than this factor, all of it above zero, is drawn on a logarithmic scale."""

NAMED: Final = 12
"""Most points that are named; the table below names them all."""

GAP: Final = 30
"""Pixels between two names on one side."""

WIDTH: Final = 0.2
"""Share of the width that a name takes, about."""

OVER: Final = 0.04
"""Share of the width by which a name may stand beyond the chart."""

LEFT_SIDE: Final = 0.55
"""Share of the width from which names stand left of their points."""

LOOKS: Final = {
    "chosen": "dot",
    "tied": "dot",
    "yes": "dot",
    "undetermined": "half",
    "no": "ring",
}
WORDS: Final = {"chosen": "the choice", "tied": "tied", "undetermined": "cannot tell"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """The parts of a chart with two axes.

    Args:
        title: What stands above it, or empty.
        left: Labels of the upright axis.
        plot: What is painted by shares of the width.
        area: The outline of a band, in a box ``STRETCHED`` wide, or empty.
        line: The points of a line in that box, or empty.
        bottom: Labels of the level axis, or None.
        note: What stands below at the right: the title of the level axis.
    """

    title: str
    left: Drawing
    plot: Drawing
    area: str = ""
    line: str = ""
    bottom: Drawing | None = None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Scale:
    """A level axis, plain or logarithmic."""

    axis: Axis
    is_log: bool

    def share(self, value: float) -> float:
        """Where a number lies, as a share of the width."""
        return share(self.axis, log10(max(value, 1e-300)) if self.is_log else value)

    def labels(self) -> Drawing:
        """The labels below the axis; the first and the last keep inside it."""
        marks = []
        for tick in self.axis.ticks:
            x = share(self.axis, tick)
            anchor = "start" if x < 0.02 else "end" if x > 0.96 else "middle"
            at = (("x", across(x)), ("y", "13"), ("text-anchor", anchor))
            text = minus(f"{10**tick:.6g}") if self.is_log else tick_label(self.axis, tick)
            unit = f"{NARROW_SPACE}%" if self.axis.kind == "rate" and not self.is_log else ""
            marks.append(Mark(shape="text", look="tick", at=at, text=text, unit=unit))
        return Drawing(height=18, marks=tuple(marks))


def plane_picture(block: Plane) -> Picture:
    """Points by two numbers with their intervals, the limit, and the region beyond it.

    Args:
        block: The plane.

    Returns:
        The picture.
    """
    across = [x for p in block.points for x in _known(p.x)]
    limit = block.limit
    scale = _scale([*across, *([limit] if limit is not None else [])], block.points[0].x.kind)
    upright = _range([y for p in block.points for y in _known(p.y)], block.points[0].y.kind)
    plot = [horizontal("grid", (0.0, 1.0), _down(upright, t, HEIGHT)) for t in upright.ticks]
    plot.append(horizontal("link", (0.0, 1.0), HEIGHT))
    if limit is not None:
        plot += _limit(block, scale.share(limit))
    for point in block.points:
        plot += _point(point, scale, upright)
    plot += _names(block.points, scale, upright)
    note = f"{block.x_title} (log scale)" if scale.is_log else block.x_title
    return Picture(
        title=block.y_title,
        left=_upright(upright, HEIGHT),
        plot=Drawing(height=HEIGHT, marks=tuple(plot)),
        bottom=scale.labels(),
        note=note,
    )


def _known(amount: Amount) -> list[float]:
    """The numbers of an amount that are known."""
    return [x for x in (amount.value, amount.lower, amount.upper) if x is not None]


def _range(values: Sequence[float], kind: str) -> Axis:
    """An axis with some room around everything drawn."""
    low, high = min(values, default=0.0), max(values, default=1.0)
    room = 0.08 * (high - low) or 0.08 * abs(high) or 0.5
    low = max(0.0, low - room) if low >= 0 else low - room
    return axis_of(low, high + room, kind)


def _scale(values: Sequence[float], kind: str) -> _Scale:
    """The level axis: logarithmic where the numbers span more than a factor of five."""
    low, high = min(values, default=0.0), max(values, default=1.0)
    if not (low > 0 and high > FACTOR * low):
        return _Scale(axis=_range(values, kind), is_log=False)
    start, end = log10(low) - 0.08, log10(high) + 0.08
    powers = range(floor(start), ceil(end) + 1)
    steps = (1, 2, 3, 5) if end - start < 2 else (1,)
    ticks = [log10(step) + power for power in powers for step in steps]
    within = tuple(tick for tick in ticks if start <= tick <= end)
    return _Scale(axis=Axis(low=start, high=end, ticks=within, kind=kind), is_log=True)


def _down(axis: Axis, value: float, height: int) -> float:
    """How far below the top a number lies, in pixels."""
    return round((1.0 - share(axis, value)) * height, 1)


def _upright(axis: Axis, height: int) -> Drawing:
    """The labels of the upright axis."""
    marks = []
    for tick in axis.ticks:
        at = (("x", "100%"), ("y", f"{_down(axis, tick, height) + 4:g}"), ("text-anchor", "end"))
        unit = f"{NARROW_SPACE}%" if axis.kind == "rate" else ""
        text = tick_label(axis, tick)
        marks.append(Mark(shape="text", look="tick", at=at, text=text, unit=unit))
    return Drawing(height=height, marks=tuple(marks))


def _limit(block: Plane, at: float) -> list[Mark]:
    """The limit, and the region beyond it hatched."""
    start, end = (at, 1.0) if block.at_most else (0.0, at)
    region = (
        ("x", across(start)),
        ("width", across(end - start)),
        ("y", "0"),
        ("height", f"{HEIGHT}"),
    )
    place = ("x", "99%") if block.at_most else ("x", "1%")
    anchor = ("text-anchor", "end" if block.at_most else "start")
    return [
        Mark(shape="rect", look="zone", at=region),
        Mark(shape="rect", look="beyond", at=region, hatch="ink"),
        vertical("whisk", at, 0, HEIGHT),
        Mark(shape="text", look="tick", at=(place, ("y", "14"), anchor), text="not allowed"),
    ]


def _point(point: PlanePoint, scale: _Scale, upright: Axis) -> list[Mark]:
    """A point with its two intervals."""
    if point.x.value is None or point.y.value is None:
        return []
    x, y = scale.share(point.x.value), _down(upright, point.y.value, HEIGHT)
    marks = []
    if point.y.lower is not None and point.y.upper is not None:
        ends = (_down(upright, point.y.upper, HEIGHT), _down(upright, point.y.lower, HEIGHT))
        marks.append(vertical("whisk", x, *ends))
    if point.x.lower is not None and point.x.upper is not None:
        ends = (scale.share(point.x.lower), scale.share(point.x.upper))
        marks.append(horizontal("whisk", ends, y))
    size = "6.5" if point.state == "chosen" else "5"
    at = (("cx", across(x)), ("cy", f"{y:g}"), ("r", size))
    look = LOOKS.get(point.state, "dot")
    marks.append(Mark(shape="circle", look="ring" if look == "half" else look, at=at))
    if look == "half":
        at = (("cx", across(x)), ("cy", f"{y:g}"), ("r", "2.5"))
        marks.append(Mark(shape="circle", look="leftdisc", at=at))
    return marks


def _names(points: Sequence[PlanePoint], scale: _Scale, upright: Axis) -> list[Mark]:
    """The names of the points, the ones that matter first, none upon another."""
    order = ("chosen", "tied", "undetermined", "yes", "no")
    ranked = sorted(points, key=lambda p: order.index(p.state) if p.state in order else len(order))
    places = {
        p.name: (scale.share(p.x.value), _down(upright, p.y.value, HEIGHT))
        for p in ranked
        if p.x.value is not None and p.y.value is not None
    }
    marks: list[Mark] = []
    taken: list[tuple[float, float, float]] = []
    for point in [p for p in ranked if p.name in places][:NAMED]:
        x, y = places[point.name]
        others = [at for name, at in places.items() if name != point.name]
        sides = sorted(
            (True, False), key=lambda left: (_crowd(x, y, left, others), left != (x > LEFT_SIDE))
        )
        free = [left for left in sides if _fits(x, left=left) and not _covered(x, y, left, taken)]
        if free:
            taken.append((*_ends(x, left=free[0]), y))
            marks += _name(point, x, y, left=free[0])
    return marks


def _ends(x: float, *, left: bool) -> tuple[float, float]:
    """Where a name beside a point begins and ends, about, as shares of the width."""
    return (x - WIDTH, x) if left else (x, x + WIDTH)


def _fits(x: float, *, left: bool) -> bool:
    """Whether a name beside a point stays within the chart, about."""
    start, end = _ends(x, left=left)
    return start >= -OVER and end <= 1 + OVER


def _crowd(x: float, y: float, left: bool, others: Sequence[tuple[float, float]]) -> int:  # noqa: FBT001
    """Number of points under a name on this side; beyond the edge there is no room at all."""
    start, end = _ends(x, left=left)
    under = sum(start <= u <= end and abs(v - y) < GAP for u, v in others)
    return under + 10 * (start < 0 or end > 1)


def _covered(x: float, y: float, left: bool, taken: Sequence[tuple[float, float, float]]) -> bool:  # noqa: FBT001
    """Whether a name on this side would lie on another."""
    start, end = _ends(x, left=left)
    return any(start < b and a < end and abs(v - y) < GAP for a, b, v in taken)


def _name(point: PlanePoint, x: float, y: float, *, left: bool) -> list[Mark]:
    """A name above the interval and its value below it, beside the point."""
    word = WORDS.get(point.state, "")
    texts = (f"{point.name}: {word}" if word else point.name, shown(point.y))
    return [
        Mark(
            shape="text",
            look=look,
            at=(
                ("x", across(x)),
                ("dx", "-11" if left else "11"),
                ("y", f"{y + down:g}"),
                ("text-anchor", "end" if left else "start"),
            ),
            text=text,
        )
        for look, text, down in (("label", texts[0], -7.0), ("tick", texts[1], 16.0))
    ]


def curve_pictures(block: Curves) -> tuple[Picture, ...]:
    """Curves one under the other over the same axis; the last carries its labels.

    Args:
        block: The curves.

    Returns:
        One picture for each curve.
    """
    scale = _curve_scale(block)
    limits = (*block.limits, *[None] * len(block.curves))
    made = [
        _curve(block, curve, limit, scale)
        for curve, limit in zip(block.curves, limits, strict=False)
    ]
    last = made[-1]
    below = Picture(
        title=last.title,
        left=last.left,
        plot=last.plot,
        area=last.area,
        line=last.line,
        bottom=scale.labels(),
        note=block.x_title,
    )
    return (*made[:-1], below)


def _curve_scale(block: Curves) -> _Scale:
    """The common level axis of some curves."""
    places = [x for curve in block.curves for x in curve.x]
    low, high = min(places), max(places)
    high = high if high > low else low + 1.0
    return _Scale(axis=axis_of(low, high, "loss"), is_log=False)


def _curve(block: Curves, curve: Curve, limit: float | None, scale: _Scale) -> Picture:
    """One curve with its band, its limit and the places marked."""
    values = [y for amount in curve.y for y in _known(amount)]
    upright = _range([*values, *([limit] if limit is not None else [])], curve.y[0].kind)
    plot = [horizontal("grid", (0.0, 1.0), _down(upright, t, CURVE)) for t in upright.ticks]
    plot.append(horizontal("link", (0.0, 1.0), CURVE))
    if limit is not None:
        plot.append(horizontal("reference", (0.0, 1.0), _down(upright, limit, CURVE)))
    for place, name in block.marks:
        x = scale.share(place)
        plot.append(vertical("whisk", x, 0, CURVE))
        anchor, shift = ("end", "-5") if x > LEFT_SIDE else ("start", "5")
        at = (("x", across(x)), ("dx", shift), ("y", "12"), ("text-anchor", anchor))
        plot.append(Mark(shape="text", look="label", at=at, text=name))
    return Picture(
        title=curve.title,
        left=_upright(upright, CURVE),
        plot=Drawing(height=CURVE, marks=tuple(plot)),
        area=_area(curve, scale, upright),
        line=_line(curve, scale, upright),
    )


def _place(x: float, y: float, scale: _Scale, upright: Axis) -> str:
    """A place in the stretched box."""
    return f"{STRETCHED * scale.share(x):.1f},{_down(upright, y, CURVE):g}"


def _line(curve: Curve, scale: _Scale, upright: Axis) -> str:
    """The points of a line."""
    pairs = zip(curve.x, curve.y, strict=True)
    return " ".join(_place(x, y.value, scale, upright) for x, y in pairs if y.value is not None)


def _area(curve: Curve, scale: _Scale, upright: Axis) -> str:
    """The outline of the band: along its upper ends and back along its lower ones."""
    pairs = list(zip(curve.x, curve.y, strict=True))
    upper = [_place(x, y.upper, scale, upright) for x, y in pairs if y.upper is not None]
    lower = [_place(x, y.lower, scale, upright) for x, y in pairs if y.lower is not None]
    return " ".join((*upper, *reversed(lower)))
