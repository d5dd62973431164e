"""Text on a terminal: its width in cells, wrapping at word ends, and the marks it is drawn with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias
from unicodedata import combining, east_asian_width

from headway.report.numbers import plain

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["Line", "Screen", "cells", "compact", "padded", "paragraph", "wrapped"]

Span: TypeAlias = tuple[str, str]
"""A text and its style: a hue, ``"bold"``, ``"dim"`` or empty."""

Line: TypeAlias = tuple[Span, ...]
"""The spans of one line."""

MARKS: Final = {
    "dot": ("●", "o"),
    "line": ("─", "-"),
    "reference": ("┊", ":"),
    "yes": ("●", "*"),
    "undetermined": ("◐", "?"),
    "no": ("○", "."),
    "not_applicable": ("–", "-"),
    "bar_yes": ("█", "#"),
    "bar_undetermined": ("▒", "%"),
    "bar_no": ("░", "."),
}
"""Each mark in UTF-8 and in plain ASCII."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Screen:
    """What the lines are laid out for.

    Args:
        width: Columns, at least 20.
        unicode: Whether it shows more than ASCII.
    """

    width: int
    unicode: bool = True

    def mark(self, name: str) -> str:
        """One mark."""
        return MARKS[name][0 if self.unicode else 1]

    def text(self, text: str) -> str:
        """A text with the characters and spaces of this screen."""
        return plain(text, unicode=self.unicode)

    @property
    def text_width(self) -> int:
        """Columns that running text may fill: a little less than a full line of 80."""
        return min(self.width, 80) - 3 if self.width >= 60 else self.width


def cells(text: str) -> int:
    r"""Columns that a text takes: two for a wide character, none for a combining one.

    Examples:
        >>> cells("dev"), cells("手机"), cells("e\u0301")
        (3, 4, 1)
    """
    return sum(
        0 if combining(character) else 2 if east_asian_width(character) in "WF" else 1
        for character in text
    )


def padded(text: str, width: int, *, right: bool = False) -> str:
    """A text filled with spaces to a width; a longer one as it is.

    Examples:
        >>> padded("dev", 5), padded("4", 3, right=True)
        ('dev  ', '  4')
    """
    space = " " * max(0, width - cells(text))
    return space + text if right else text + space


def wrapped(text: str, width: int, screen: Screen) -> list[str]:
    r"""A text in lines, broken at spaces only; no-break spaces hold.

    Args:
        text: Text in screen form.
        width: Columns, at least 1; a longer word stands on a line of its own.
        screen: What it is laid out for.

    Returns:
        The lines; one empty line for an empty text.

    Examples:
        >>> wrapped("error is 9.55\u202f% on dev", 15, Screen(width=80))
        ['error is 9.55 %', 'on dev']
    """
    lines = [""]
    for word in text.split(" "):
        shown = screen.text(word)
        joined = f"{lines[-1]} {shown}" if lines[-1] else shown
        if lines[-1] and cells(joined) > width:
            lines.append(shown)
        else:
            lines[-1] = joined
    return lines


def paragraph(
    text: str, screen: Screen, *, indent: int = 0, hanging: int | None = None, style: str = ""
) -> list[Line]:
    """Running text as lines.

    Args:
        text: Text in screen form.
        screen: What it is laid out for.
        indent: Columns before the first line.
        hanging: Columns before the others; by default as before the first.
        style: Style of the text.

    Returns:
        The lines.
    """
    after = indent if hanging is None else hanging
    width = screen.text_width - max(indent, after)
    first, *rest = wrapped(text, max(width, 1), screen)
    lines = [(" " * indent, first), *((" " * after, line) for line in rest)]
    return [compact([(space, ""), (line, style)]) for space, line in lines]


def compact(spans: Iterable[Span]) -> Line:
    """Spans of a line with neighbours of one style joined, and no space at its end.

    Examples:
        >>> compact([("a", ""), ("b", ""), ("c ", "dim"), ("  ", "")])
        (('ab', ''), ('c', 'dim'))
    """
    joined: list[Span] = []
    for text, style in spans:
        if joined and (joined[-1][1] == style or not text.strip()):
            joined[-1] = (joined[-1][0] + text, joined[-1][1])
        elif text:
            joined.append((text, style))
    while joined and not joined[-1][0].rstrip():
        joined.pop()
    if joined:
        joined[-1] = (joined[-1][0].rstrip(), joined[-1][1])
    return tuple(joined)
