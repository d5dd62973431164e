"""Lists and tables on a terminal: things to do, ideas, cells with intervals, names and facts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from headway.report.document import Amount, Named
from headway.report.numbers import DASH, bare, interval, level_words, probability
from headway.report.terminal_text import cells, compact, padded, paragraph, wrapped
from headway.report.vocabulary import IDEA_WORDS, STATES
from headway.wording import thousands

if TYPE_CHECKING:
    from collections.abc import Sequence

    from headway.report.document import Cell, Entries, Entry, Facts, GapBars, Row, Table
    from headway.report.terminal_text import Line, Screen

__all__ = ["entry_lines", "fact_lines", "gap_lines", "table_lines"]

MARK: Final = 3
AIM: Final = 16
MOST: Final = 7
ENDS: Final = 15
NARROWEST_TITLE: Final = 20
NARROWEST_TEXT: Final = 12
NARROWEST_HEAD: Final = 16


def entry_lines(block: Entries, screen: Screen) -> list[Line]:
    """Things to do: rank, what, gap, the most it can buy; below it why, cost and command.

    Args:
        block: The list.
        screen: What it is laid out for.

    Returns:
        The lines.
    """
    title = screen.width - MARK - AIM - MOST - ENDS
    lines: list[Line] = []
    if title >= NARROWEST_TITLE:
        level = screen.text(level_words(block.level))
        head = padded(block.title, title) + padded("addresses", AIM)
        head += (
            f"{padded('at most', MOST, right=True)}{padded(f'{level} interval', ENDS, right=True)}"
        )
        lines.append(compact([(" " * MARK + head, "dim")]))
    for i, entry in enumerate(block.items):
        lines += [()] if i else []
        lines += (
            _entry_row(entry, title, screen)
            if title >= NARROWEST_TITLE
            else _entry_stack(entry, screen)
        )
        lines += _entry_details(entry, screen)
    if any(entry.mark in IDEA_WORDS for entry in block.items):
        legend = "   ".join(f"{screen.mark(name)} {word}" for name, word in IDEA_WORDS.items())
        lines += [(), ((legend, "dim"),)]
    if block.note:
        lines += [(), *paragraph(block.note, screen)]
    return lines


def _mark(entry: Entry, screen: Screen) -> str:
    """The rank of a step, or the mark of the verdict on an idea."""
    return screen.mark(entry.mark) if entry.mark in IDEA_WORDS else entry.mark


def _hue(entry: Entry) -> str:
    """The style of what an entry addresses."""
    return entry.hues[0] if entry.hues else ""


def _entry_row(entry: Entry, title: int, screen: Screen) -> list[Line]:
    """An entry with its numbers on the first line; long names go on below."""
    titles = wrapped(entry.title, title - 2, screen)
    aims = wrapped(entry.addresses, AIM - 1, screen)
    most = ""
    ends = ""
    if entry.ceiling is not None:
        most = padded(screen.text(bare(entry.ceiling)), MOST, right=True)
        ends = padded(screen.text(interval(entry.ceiling, pad=5)), ENDS, right=True)
    lines = []
    for i in range(max(len(titles), len(aims))):
        mark = padded(_mark(entry, screen), MARK) if i == 0 else " " * MARK
        lines.append(
            compact(
                [
                    (mark, ""),
                    (padded(titles[i] if i < len(titles) else "", title), "bold"),
                    (padded(aims[i] if i < len(aims) else "", AIM), _hue(entry)),
                    (most if i == 0 else "", ""),
                    (ends if i == 0 else "", "dim"),
                ]
            )
        )
    return lines


def _entry_stack(entry: Entry, screen: Screen) -> list[Line]:
    """An entry on a narrow screen: what to do, and below it the gap and the most it can buy."""
    first, *rest = wrapped(entry.title, screen.width - MARK, screen)
    space = " " * MARK
    lines = [compact([(padded(_mark(entry, screen), MARK), ""), (first, "bold")])]
    lines += [compact([(space, ""), (line, "bold")]) for line in rest]
    most = ""
    if entry.ceiling is not None:
        most = f"at most {bare(entry.ceiling)} {interval(entry.ceiling)}"
    aims = [text for text in (entry.addresses, most) if text]
    return lines + [compact([(space, ""), (screen.text(text), "")]) for text in aims]


def _entry_details(entry: Entry, screen: Screen) -> list[Line]:
    """Why, and below it the cost and the command."""
    lines = paragraph(entry.why, screen, indent=MARK) if entry.why else []
    closing = " · ".join(text for text in (entry.cost, entry.command) if text)
    return lines + (paragraph(closing, screen, indent=MARK, style="dim") if closing else [])


def gap_lines(block: GapBars, screen: Screen) -> list[Line]:
    """The gaps with the probability of being the largest, and their states.

    Args:
        block: The gaps.
        screen: What it is laid out for.

    Returns:
        The lines.
    """
    columns = 5 if screen.width >= 70 else 4 if screen.width >= 58 else 3
    level = f"{level_words(block.level)} interval"
    rows = [["gap", "points", level, "P(largest)", "gap is"][:columns]]
    rows += [
        [
            f"{screen.mark(row.verdict)}\u00a0{row.title}",
            bare(row.points),
            interval(row.points, pad=5),
            probability(row.p_largest),
            STATES[row.verdict],
        ][:columns]
        for row in block.rows
    ]
    return _grid(rows, frozenset({1, 2, 3}), screen)


def table_lines(block: Table, screen: Screen) -> list[Line]:
    """A table; where its columns of numbers do not fit, they follow in further tables.

    Args:
        block: The table.
        screen: What it is laid out for.

    Returns:
        The lines, with the units below where there are any.
    """
    columns = [
        _column_texts([row.cells[i] for row in block.rows], screen) for i in range(len(block.heads))
    ]
    columns[0] = [_indented(row, text) for row, text in zip(block.rows, columns[0], strict=True)]
    rows = [list(block.heads), *(list(texts) for texts in zip(*columns, strict=True))]
    right = frozenset(
        i
        for i in range(len(block.heads))
        if any(isinstance(row.cells[i], (Amount, int)) for row in block.rows)
    )
    widths = [_width([row[i] for row in rows], i in right, screen) for i in range(len(rows[0]))]
    lines: list[Line] = []
    least = [
        width if i in right else max(min(width, NARROWEST_TEXT), _longest_word(column, screen))
        for i, (width, column) in enumerate(zip(widths, zip(*rows, strict=True), strict=True))
    ]
    for chosen in _chunks(least, right, screen.width):
        lines += [()] if lines else []
        part = [[row[i] for i in chosen] for row in rows]
        lines += _grid(part, frozenset(k for k, i in enumerate(chosen) if i in right), screen)
    units = _units(block)
    return [*lines, (), *paragraph(units, screen, style="dim")] if units else lines


def _units(block: Table) -> str:
    """The units of the numbers of a table, and the level of its intervals; empty without any."""
    if block.level is None:
        return ""
    kinds = {c.kind for row in block.rows for c in row.cells if isinstance(c, Amount)}
    words = {"rate": "rates in percent", "points": "differences in points"}
    units = [words[kind] for kind in words if kind in kinds]
    return ", ".join([*units, f"{level_words(block.level)} intervals"])


def _column_texts(column: Sequence[Cell], screen: Screen) -> list[str]:
    """The texts of a column; an n stands behind its interval, below each other."""
    sizes = [
        f"\u00a0\u00a0n\u00a0{thousands(cell.n)}"
        if isinstance(cell, Amount) and cell.n is not None
        else ""
        for cell in column
    ]
    width = max(map(len, sizes), default=0)
    return [
        _cell_text(cell, screen) + (padded(size, width, right=True) if _has_ends(cell) else "")
        for cell, size in zip(column, sizes, strict=True)
    ]


def _has_ends(cell: Cell) -> bool:
    """Whether a cell shows an interval."""
    return isinstance(cell, Amount) and cell.value is not None


def _indented(row: Row, text: str) -> str:
    """The name of a row; a row that stands back is indented."""
    return f"\u00a0\u00a0{text}" if row.dim else text


def _cell_text(cell: Cell, screen: Screen) -> str:
    """The text of one cell."""
    if cell is None:
        return DASH
    if isinstance(cell, Amount):
        if cell.value is None:
            return "not measured" if cell.kind == "rate" else DASH
        ends = interval(cell, pad=5, without="no n given")
        return f"{bare(cell)} {ends}"
    if isinstance(cell, Named):
        return f"{screen.mark(cell.verdict)}\u00a0{cell.text}" if cell.verdict else cell.text
    return thousands(cell) if isinstance(cell, int) else cell


def _width(column: Sequence[str], is_right: bool, screen: Screen) -> int:  # noqa: FBT001
    """The width of a column under its head; the head of numbers wraps where it is wider."""
    head, *texts = [cells(screen.text(text)) for text in column]
    inside = max(texts, default=0)
    if not is_right:
        return max(head, inside)
    return max(inside, _longest_word(column[:1], screen), min(head, NARROWEST_HEAD))


def _longest_word(texts: Sequence[str], screen: Screen) -> int:
    """The width of the longest word of some texts, which no line can be narrower than."""
    return max(cells(screen.text(word)) for text in texts for word in text.split(" "))


def _chunks(least: Sequence[int], right: frozenset[int], width: int) -> list[list[int]]:
    """Columns that fit beside each other at their least widths; the first one heads each group.

    A column of text stays with the numbers before it.
    """
    groups: list[list[int]] = [[0]]
    for i in range(1, len(least)):
        after = next((k for k in range(i + 1, len(least)) if k in right), len(least))
        together = [*groups[-1], *range(i, after)]
        needed = sum(least[k] for k in together)
        if needed + 2 * (len(together) - 1) > width and len(groups[-1]) > 1 and i in right:
            groups.append([0])
        groups[-1].append(i)
    return groups


def _grid(rows: Sequence[Sequence[str]], right: frozenset[int], screen: Screen) -> list[Line]:
    """Rows under a head; numbers stand right and never wrap, texts and heads wrap if they must."""
    shown = [[screen.text(text) for text in row] for row in rows]
    widths = [_width([row[i] for row in rows], i in right, screen) for i in range(len(rows[0]))]
    least = {
        i: max(NARROWEST_TEXT, _longest_word([row[i] for row in rows], screen))
        for i in range(len(widths))
        if i not in right
    }
    while sum(widths) + 2 * (len(widths) - 1) > screen.width:
        widest = max((i for i in least if widths[i] > least[i]), key=widths.__getitem__, default=-1)
        if widest < 0:
            break
        widths[widest] -= 1
    lines: list[Line] = []
    for r, row in enumerate(rows):
        parts = [
            [shown[r][i]] if i in right and r > 0 else wrapped(row[i], widths[i], screen)
            for i in range(len(widths))
        ]
        height = max(len(part) for part in parts)
        if r == 0:
            parts = [[*[""] * (height - len(part)), *part] for part in parts]
        for line in range(height):
            text = "  ".join(
                padded(part[line] if line < len(part) else "", width, right=i in right)
                for i, (part, width) in enumerate(zip(parts, widths, strict=True))
            )
            lines.append(compact([(text, "dim" if r == 0 else "")]))
    return lines


def fact_lines(block: Facts, screen: Screen) -> list[Line]:
    """Names with what they stand for.

    Args:
        block: The facts.
        screen: What it is laid out for.

    Returns:
        The lines.
    """
    width = max(cells(name) for name, _ in block.items) + 2
    lines: list[Line] = []
    for name, text in block.items:
        first, *rest = wrapped(text, max(screen.text_width - width, NARROWEST_TEXT), screen)
        lines.append(compact([(padded(screen.text(name), width), "dim"), (first, "")]))
        lines += [compact([(" " * width, ""), (line, "")]) for line in rest]
    return lines
