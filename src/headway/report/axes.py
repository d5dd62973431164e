"""Axes: a range with round ticks, and where a number lies on it."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, floor, log10
from typing import TYPE_CHECKING, Final

from headway.report.document import RungRow
from headway.wording import minus

if TYPE_CHECKING:
    from headway.report.document import Amount, GapBars, Ladder

__all__ = ["Axis", "axis_of", "bars_axis", "ladder_axis", "share", "tick_label"]

MOST_STEPS: Final = 5
"""An axis has at most five steps."""

SMALLEST_RANGE: Final = 1e-4
"""Range of an axis on which everything is zero."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Axis:
    """A range with ticks.

    Args:
        low: Left end, in the unit of the numbers.
        high: Right end, above ``low``.
        ticks: Where labels stand, increasing, within the range.
        kind: Kind of the numbers, as in ``Amount``.
    """

    low: float
    high: float
    ticks: tuple[float, ...]
    kind: str


def step_size(span: float, most: int = MOST_STEPS) -> float:
    """The smallest of 1, 2 and 5 times a power of ten that spans a range in few steps.

    Args:
        span: Length of the range, above 0.
        most: Steps allowed, at least 1.

    Returns:
        The length of a step.

    Examples:
        >>> step_size(0.1396), step_size(0.03)
        (0.05, 0.01)
    """
    power = floor(log10(span / most))
    steps = [factor * 10.0**exponent for exponent in (power, power + 1) for factor in (1, 2, 5)]
    return next(step for step in steps if ceil(round(span / step, 9)) <= most)


def axis_of(low: float, high: float, kind: str) -> Axis:
    """An axis whose ticks are multiples of a round step."""
    step = step_size(max(high - low, SMALLEST_RANGE))
    first, last = ceil(round(low / step, 9)), floor(round(high / step, 9))
    ticks = tuple(round(i * step, 12) for i in range(first, last + 1))
    return Axis(low=low, high=high, ticks=ticks, kind=kind)


def ladder_axis(block: Ladder) -> Axis:
    """The axis of a ladder: from zero to the next round number above everything drawn.

    Args:
        block: The ladder.

    Returns:
        The axis.
    """
    values = [0.0]
    for row in block.rows:
        if isinstance(row, RungRow):
            values += _known(row.error)
        elif row.start is not None:
            values += [row.start + x for x in _known(row.points)]
    high = max(*values, SMALLEST_RANGE)
    step = step_size(high)
    kind = next((row.error.kind for row in block.rows if isinstance(row, RungRow)), "rate")
    return axis_of(0.0, round(step * ceil(round(high / step, 9)), 12), kind)


def bars_axis(block: GapBars) -> Axis:
    """The axis of gap bars: everything drawn, zero and the margin on both sides.

    Args:
        block: The gap bars.

    Returns:
        The axis.
    """
    values = [x for row in block.rows for x in _known(row.points)]
    low = min(*values, -block.margin, 0.0) if values else -block.margin
    high = max(*values, block.margin, 0.0) if values else block.margin
    room = 0.04 * max(high - low, SMALLEST_RANGE)
    kind = next((row.points.kind for row in block.rows), "points")
    return axis_of(low - room, high + room, kind)


def _known(amount: Amount) -> list[float]:
    """The numbers of an amount that are known."""
    return [x for x in (amount.value, amount.lower, amount.upper) if x is not None]


def share(axis: Axis, value: float) -> float:
    """Where a number lies on an axis, as a share of its length; beyond its ends, the end.

    Examples:
        >>> share(Axis(low=0.0, high=0.2, ticks=(0.0, 0.2), kind="rate"), 0.05)
        0.25
    """
    return min(1.0, max(0.0, (value - axis.low) / (axis.high - axis.low)))


def tick_label(axis: Axis, tick: float) -> str:
    """The label of a tick, with no more decimals than the ticks need and without its unit.

    Args:
        axis: The axis.
        tick: One of its ticks.

    Returns:
        Such as ``"5"`` for five percent.

    Examples:
        >>> axis = Axis(low=0.0, high=0.002, ticks=(0.0, 0.001, 0.002), kind="points")
        >>> [tick_label(axis, tick) for tick in axis.ticks]
        ['0', '0.1', '0.2']
    """
    return minus(f"{tick if axis.kind == 'loss' else 100 * tick:.6g}")
