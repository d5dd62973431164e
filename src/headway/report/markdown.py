"""A document as Markdown: what a pull request or a notebook cell can show.

The ladder becomes a table of its rows; user's words are escaped, so that they stay words.
"""

from __future__ import annotations

import re
from functools import singledispatch
from typing import TYPE_CHECKING, Final

from headway.report.document import (
    Amount,
    Command,
    Curves,
    Entries,
    Facts,
    GapBars,
    Ladder,
    Named,
    Plane,
    Remarks,
    RungRow,
    Table,
)
from headway.report.numbers import (
    DASH,
    bare,
    count,
    interval,
    level_words,
    probability,
    shown,
)
from headway.report.terminal_planes import nearest_place, places_of
from headway.report.vocabulary import IDEA_WORDS, MOVED, STATES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from headway.report.document import Cell, Document, Entry, GapRow, Section

__all__ = ["markdown_text"]

_SPECIAL = re.compile(r"[\\`*_{}<|~$&]|\[(?![\s\d\u2212])|\](?=[(\[:])")
"""What Markdown would read as more than a character; an interval is none of it."""


def markdown_text(document: Document) -> str:
    """A document as Markdown.

    Args:
        document: The document.

    Returns:
        The text, with one line end at its close.
    """
    parts = [f"# {escaped(document.verdict)}"]
    if document.lead:
        words = (
            f"**{escaped(phrase.text)}**" if phrase.strong else escaped(phrase.text)
            for phrase in document.lead
        )
        parts.append("".join(words))
    if document.ground and document.ground != "".join(p.text for p in document.lead):
        parts.append(escaped(document.ground))
    for section in document.sections:
        if section.only != "text":
            parts += _section(section)
    return "\n\n".join(parts) + "\n"


def escaped(text: str) -> str:
    r"""A text whose special characters stay characters.

    Examples:
        >>> escaped("a|b_c <i> [1, 2]")
        'a\\|b\\_c \\<i> [1, 2]'
    """
    flat = " ".join(text.splitlines()) if len(text.splitlines()) > 1 else text
    return _SPECIAL.sub(lambda found: f"\\{found[0]}", flat)


def _section(section: Section) -> list[str]:
    """A section with its head, its reading help and its blocks."""
    parts = [f"## {escaped(section.title)}"] if section.title else []
    parts += [escaped(text) for text in section.aside]
    return parts + [_block(block) for block in section.blocks]


@singledispatch
def _block(block: object) -> str:
    """One block."""
    message = f"no Markdown for {type(block).__name__}"
    raise TypeError(message)


@_block.register
def _command(block: Command) -> str:
    """A command to type next."""
    return f"{block.lead}: `{block.text}`"


def _grid(heads: Sequence[str], rows: Sequence[Sequence[str]], right: frozenset[int]) -> str:
    """A table; numbers stand right."""
    rule = ["---:" if i in right else "---" for i in range(len(heads))]
    lines = [heads, rule, *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


PLANE_STATES: Final = {
    "chosen": "**the choice**",
    "tied": "tied",
    "yes": "within the limit",
    "no": "breaks the limit",
    "undetermined": "cannot tell",
}


@_block.register
def _plane(block: Plane) -> str:
    """Things by two numbers, one a row."""
    ends = f"{level_words(block.level)} interval"
    heads = ("", escaped(block.y_title), ends, escaped(block.x_title), ends, "State")
    rows = [
        [
            escaped(point.name),
            shown(point.y),
            escaped(interval(point.y)),
            shown(point.x),
            escaped(interval(point.x)),
            PLANE_STATES.get(point.state, point.state),
        ]
        for point in block.points
    ]
    return _grid(heads, rows, frozenset({1, 2, 3, 4}))


@_block.register
def _curves(block: Curves) -> str:
    """Curves at a dozen places, one a row."""
    named = {name: place for place, name in block.marks}
    heads = [escaped(block.x_title), *(escaped(curve.title) for curve in block.curves), ""]
    rows = []
    for i in places_of(block):
        place = block.curves[0].x[i]
        cells = [f"{shown(c.y[i])} {escaped(interval(c.y[i], without=''))}" for c in block.curves]
        nearest = [escaped(name) for name, at in named.items() if nearest_place(block, at) == i]
        rows.append([f"{place:.4g}", *(cell.strip() for cell in cells), ", ".join(nearest)])
    return _grid(heads, rows, frozenset(range(1, len(block.curves) + 1)))


@_block.register
def _ladder(block: Ladder) -> str:
    """The ladder, rungs in bold and gaps with their state."""
    heads = ("Step", "n", "Error", f"{level_words(block.level)} interval", "Gap is")
    rows = []
    for row in block.rows:
        if isinstance(row, RungRow):
            without = "no n given" if row.n is None else "no interval"
            ends = "not measured" if row.missing else interval(row.error, without=without)
            title = f"**{_capital(row.title)}**"
            rows.append([title, count(row.n), f"**{shown(row.error)}**", escaped(ends), ""])
        else:
            ends = escaped(interval(row.points))
            rows.append([_gap_title(row), "", bare(row.points), ends, STATES[row.verdict]])
    return _grid(heads, rows, frozenset({1, 2, 3}))


def _gap_title(row: GapRow) -> str:
    """The name of a gap, with its two sets where it needs them."""
    title = _capital(row.title)
    return f"{title} ({row.between})" if row.between else title


@_block.register
def _gap_bars(block: GapBars) -> str:
    """The gaps with the probability of being the largest, or of having moved."""
    last = ("P(moved)", "Gap") if block.moves else ("P(largest)", "Gap is")
    heads = ("Gap", "Points", f"{level_words(block.level)} interval", *last)
    states = MOVED if block.moves else STATES
    rows = [
        [
            _gap_title(row),
            bare(row.points),
            escaped(interval(row.points)),
            escaped(probability(row.p_largest)),
            states[row.verdict],
        ]
        for row in block.rows
    ]
    return _grid(heads, rows, frozenset({1, 2, 3}))


@_block.register
def _entries(block: Entries) -> str:
    """A list of things to do."""
    lines = [_entry(item) for item in block.items]
    return "\n".join(lines) + (f"\n\n{escaped(block.note)}" if block.note else "")


def _entry(item: Entry) -> str:
    """One thing to do, on one line."""
    idea = item.mark in IDEA_WORDS
    mark = "-" if idea else f"{item.mark}."
    parts = [f"{mark} **{escaped(item.title)}**"]
    if idea:
        parts.append(f" — {IDEA_WORDS[item.mark]}")
    if item.ceiling is not None:
        parts.append(f" — at most {bare(item.ceiling)} {escaped(interval(item.ceiling))}")
    about = ", ".join(text for text in (item.addresses, item.cost) if text)
    parts.append(f" ({escaped(about)})." if about else ".")
    parts.append(f" {escaped(item.why)}" if item.why else "")
    parts.append(f" `{item.command}`" if item.command else "")
    return "".join(parts)


@_block.register
def _table(block: Table) -> str:
    """A table."""
    rows = [[_first(row.cells[0]), *map(_cell, row.cells[1:])] for row in block.rows]
    right = frozenset(
        i
        for i in range(len(block.heads))
        if any(isinstance(row.cells[i], (Amount, int)) for row in block.rows)
    )
    heads = block.heads if block.named else [_capital(head) for head in block.heads]
    return _grid([escaped(head) for head in heads], rows, right)


def _first(cell: Cell) -> str:
    """The name of a row; our own words start with a capital."""
    return _capital(_cell(cell)) if isinstance(cell, Named) else _cell(cell)


def _cell(cell: Cell) -> str:
    """One cell."""
    if cell is None:
        return DASH
    if isinstance(cell, Amount):
        if cell.value is None:
            return "not measured" if cell.kind == "rate" else DASH
        n = "" if cell.n is None else f", n {count(cell.n)}"
        return f"{shown(cell)} {escaped(interval(cell, without='no n given'))}{n}"
    if isinstance(cell, Named):
        return escaped(cell.text)
    return count(cell) if isinstance(cell, int) else escaped(cell)


@_block.register
def _facts(block: Facts) -> str:
    """Names with what they stand for."""
    return "\n".join(
        f"- **{name}**: {f'`{text}`' if name in block.code else escaped(text)}"
        for name, text in block.items
    )


@_block.register
def _remarks(block: Remarks) -> str:
    """Sentences: a list, or paragraphs where they stand alone."""
    lines = []
    for item in block.items:
        after = ":" if block.kind in {"refusal", "terms"} else ""
        head = f"**{escaped(item.head)}**{after} " if item.head else ""
        lines.append(f"{head}{escaped(item.text)}")
    if block.kind == "notes":
        return "\n\n".join(lines)
    return "\n".join(f"- {line}" for line in lines)


def _capital(text: str) -> str:
    """The text with a capital at its start."""
    return text[:1].upper() + text[1:]
