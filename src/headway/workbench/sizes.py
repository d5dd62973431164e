"""How many examples does a question need?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from headway.answers import answer
from headway.errors import TargetError
from headway.store.settings import asked
from headway.strategy import size as sizes

if TYPE_CHECKING:
    from headway.report.answer import Answer
    from headway.strategy.size import Size

__all__ = ["size"]


def size(
    *,
    rate: float = 0.05,
    half_width: float | None = None,
    difference: float | None = None,
    discordance: float | None = None,
    n: int | None = None,
    total: int | None = None,
    no_error: bool = False,
    level: float = 0.95,
) -> Answer[Size]:
    """How many examples does this question need?

    Args:
        rate: The error rate expected, a fraction in [0, 1].
        half_width: Ask for the examples that bring the interval to this half-width, a fraction.
        difference: Ask for the examples that show this difference, a fraction.
        discordance: Share of examples on which two models differ, with ``difference``.
        n: Ask what this many examples show.
        total: Ask how to split this many examples.
        no_error: Ask for the examples that must all be right to show an error below ``rate``.
        level: Level of the interval, in (0, 1).

    Returns:
        The number of examples, with what it gives.

    Raises:
        HeadwayError: If not exactly one question is asked, or a number is out of range.

    Examples:
        >>> size(rate=0.05, half_width=0.005).result.n
        7312

    References:
        Notes: week 1, "Size of the dev and test sets".
    """
    question = asked(None, {"level": level, "command": "headway size"})
    found: list[Size] = []
    if half_width is not None:
        found.append(sizes.for_half_width(rate, half_width, level=level))
    if difference is not None:
        found.append(sizes.for_difference(rate, difference, discordance=discordance, level=level))
    if n is not None:
        found.append(sizes.of_n(n, rate, level=level))
    if total is not None:
        found.append(sizes.of_total(total, rate, level=level))
    if no_error:
        found.append(sizes.for_no_error(rate, level=level))
    if len(found) != 1:
        raise TargetError.one_question(len(found))
    return answer(found[0], question)
