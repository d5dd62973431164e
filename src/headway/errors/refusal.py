"""The shape of every refusal: what is wrong, what was expected, what to do now."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = ["HeadwayError", "closest", "listed"]

MOST_ALTERNATIVES = 5


def listed(names: Iterable[str]) -> str:
    """At most five names, joined by commas, with the number left out."""
    names = [str(name) for name in names]
    shown = ", ".join(names[:MOST_ALTERNATIVES])
    left = len(names) - MOST_ALTERNATIVES
    return f"{shown} and {left} more" if left > 0 else shown


def closest(name: str, present: Sequence[str]) -> str | None:
    """The present name closest to the given one, if any is close."""
    by_lower = {other.lower(): other for other in present}
    found = get_close_matches(name.lower(), list(by_lower), n=1, cutoff=0.6)
    return by_lower[found[0]] if found else None


class HeadwayError(ValueError):
    """Input that Headway refuses: a problem, what was expected, and what to do.

    Args:
        problem: What is wrong, with the name and the value that was given.
        expected: What was expected instead, without the word "Expected".
        hint: What to do now, without the word "Hint".

    Examples:
        >>> print(HeadwayError("Size is -1.", "a positive number.", "give --size 100."))
        Size is -1.
        Expected: a positive number.
        Hint: give --size 100.

    References:
        The wording follows ``docs/decisions/0004``: only wrong use raises.
    """

    code: ClassVar[str] = "headway"
    exit_code: ClassVar[int] = 3

    def __init__(self, problem: str, expected: str, hint: str) -> None:
        super().__init__(problem, expected, hint)
        self.problem = problem
        self.expected = expected
        self.hint = hint

    def __str__(self) -> str:
        """The three sentences, one a line."""
        return f"{self.problem}\nExpected: {self.expected}\nHint: {self.hint}"
