"""A document on a terminal: lines of spans, each a text with a style.

The caller paints the styles; without them the text is the same to the byte. Rows of numbers never
wrap; text wraps at word ends. Below 60 columns the chart goes and the numbers stay.
"""

from __future__ import annotations

from functools import singledispatch
from typing import TYPE_CHECKING, Final

from headway.report.document import (
    Command,
    Curves,
    Entries,
    Facts,
    GapBars,
    Ladder,
    Plane,
    Remarks,
    Table,
)
from headway.report.terminal_charts import ladder_lines
from headway.report.terminal_planes import curve_lines, plane_lines
from headway.report.terminal_tables import entry_lines, fact_lines, gap_lines, table_lines
from headway.report.terminal_text import Screen, compact, paragraph

if TYPE_CHECKING:
    from headway.report.document import Block, Document, Section
    from headway.report.terminal_text import Line

__all__ = ["COLOURS", "text_lines"]

COLOURS: Final = {
    "bias": (27, 75),
    "variance": (94, 179),
    "mismatch": (170, 133),
    "overfit": (100, 228),
    "real": (30, 44),
    "ceiling": (52, 166),
}
"""Numbers in the 256-colour table for each hue, on a light and on a dark background."""

NARROWEST: Final = 20


def text_lines(
    document: Document, *, width: int = 80, unicode: bool = True, full: bool = False
) -> list[Line]:
    """A document as lines of spans.

    Args:
        document: The document.
        width: Columns of the terminal, at least 20; 80 to 119 count as 80, more as 120.
        unicode: Whether the terminal shows more than ASCII.
        full: Whether the parts for the engineer are shown as well.

    Returns:
        One tuple of spans per line, without line ends; a span is a text and a style: a hue of
        ``COLOURS``, ``"bold"``, ``"dim"`` or empty.
    """
    columns = 120 if width >= 120 else min(80, max(width, NARROWEST))
    screen = Screen(width=columns, unicode=unicode)
    if not document.ok:
        return [((screen.text(line), ""),) for line in _refusal(document)]
    lines = paragraph(document.verdict, screen, style="bold")
    if document.ground:
        lines += paragraph(document.ground, screen)
    for section in document.sections:
        if section.only in {"", "text"} or (full and section.only == "full"):
            lines += [(), *_section(section, screen)]
    return lines


def _refusal(document: Document) -> list[str]:
    """The three sentences, one a line."""
    remarks = [
        item
        for section in document.sections
        for block in section.blocks
        if isinstance(block, Remarks)
        for item in block.items
    ]
    return [document.verdict, *(f"{item.head}: {item.text}" for item in remarks)]


def _section(section: Section, screen: Screen) -> list[Line]:
    """A section; its head is left out where a chart or a list brings its own."""
    lines: list[Line] = []
    headed = isinstance(section.blocks[0], (Ladder, Entries, Table, GapBars))
    if section.title and not headed:
        lines.append(((screen.text(section.title), "bold"),))
    for i, block in enumerate(section.blocks):
        apart = i > 0 and not (_is_text(block) and _is_text(section.blocks[i - 1]))
        lines += [(), *_block(block, screen)] if apart else _block(block, screen)
    return lines


def _is_text(block: Block) -> bool:
    """Whether a block is running text, which follows text without an empty line."""
    return isinstance(block, Command) or (isinstance(block, Remarks) and block.kind == "notes")


@singledispatch
def _block(block: object, screen: Screen) -> list[Line]:
    """One block."""
    message = f"no lines for {type(block).__name__} on {screen.width} columns"
    raise TypeError(message)


_block.register(Ladder, ladder_lines)
_block.register(GapBars, gap_lines)
_block.register(Entries, entry_lines)
_block.register(Table, table_lines)
_block.register(Plane, plane_lines)
_block.register(Curves, curve_lines)
_block.register(Facts, fact_lines)


@_block.register(Command)
def _command(block: Command, screen: Screen) -> list[Line]:
    """A command to type next."""
    return [compact([(f"{block.lead}: ", ""), (screen.text(block.text), "bold")])]


@_block.register(Remarks)
def _remarks(block: Remarks, screen: Screen) -> list[Line]:
    """Sentences, those of a list indented."""
    lines: list[Line] = []
    indent, hanging = (2, 2) if block.kind == "open" else (0, 2 if block.kind != "notes" else 0)
    style = "dim" if block.kind == "terms" else ""
    for item in block.items:
        mark = ": " if block.kind == "terms" else " "
        text = f"{item.head}{mark}{item.text}" if item.head else item.text
        lines += paragraph(text, screen, indent=indent, hanging=hanging, style=style)
    return lines
