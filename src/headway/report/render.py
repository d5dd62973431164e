"""A document as text, Markdown, HTML, JSON or rows: the doors of this floor.

Each door takes a document and gives text or plain values; nothing here touches a file.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from headway.report.html import fragment, page
from headway.report.markdown import markdown_text
from headway.report.terminal import text_lines
from headway.report.values import envelope

if TYPE_CHECKING:
    from collections.abc import Mapping

    from headway.report.document import Document
    from headway.report.terminal_text import Line

__all__ = [
    "rows_of",
    "to_html",
    "to_html_fragment",
    "to_json",
    "to_json_value",
    "to_markdown",
    "to_plain_text",
    "to_text",
]


def to_text(
    document: Document, *, width: int = 80, unicode: bool = True, full: bool = False
) -> list[Line]:
    """A document as the lines of a terminal.

    Args:
        document: The document.
        width: Columns of the terminal.
        unicode: Whether the terminal shows more than ASCII.
        full: Whether the parts for the engineer are shown as well.

    Returns:
        One tuple of spans per line; a span is a text and a style: a hue, ``"bold"``, ``"dim"`` or
        empty. Painted or not, the text is the same.

    Examples:
        >>> from headway.report.document import Document
        >>> to_text(Document(command="size", verdict="About 1,400 examples."))
        [(('About 1,400 examples.', 'bold'),)]
    """
    return text_lines(document, width=width, unicode=unicode, full=full)


def to_plain_text(
    document: Document, *, width: int = 80, unicode: bool = True, full: bool = False
) -> str:
    """A document as plain text.

    Args:
        document: The document.
        width: Columns to write for.
        unicode: Whether more than ASCII can be shown.
        full: Whether the parts for the engineer are shown as well.

    Returns:
        The text without a line end at its close.

    Examples:
        >>> from headway.report.document import Document
        >>> to_plain_text(Document(command="size", verdict="About 1,400 examples."))
        'About 1,400 examples.'
    """
    lines = text_lines(document, width=width, unicode=unicode, full=full)
    return "\n".join("".join(text for text, _ in line) for line in lines)


def to_markdown(document: Document) -> str:
    r"""A document as Markdown.

    Args:
        document: The document.

    Returns:
        The text.

    Examples:
        >>> from headway.report.document import Document
        >>> to_markdown(Document(command="size", verdict="About 1,400 examples."))
        '# About 1,400 examples.\n'
    """
    return markdown_text(document)


def to_html(document: Document) -> str:
    """A document as one HTML file: no script, no request, light, dark and on paper.

    Args:
        document: The document.

    Returns:
        The text of the file, to be written as UTF-8.

    Examples:
        >>> from headway.report.document import Document
        >>> "<script" in to_html(Document(command="size", verdict="About 1,400 examples."))
        False
    """
    return page(document)


def to_html_fragment(document: Document) -> str:
    """A document as a piece of HTML for a notebook, with a style that touches nothing else.

    Args:
        document: The document.

    Returns:
        One element.

    Examples:
        >>> from headway.report.document import Document
        >>> to_html_fragment(Document(command="size", verdict="About 1,400 examples."))[:16]
        '<div class="hw">'
    """
    return fragment(document)


def to_json_value(document: Document) -> dict[str, object]:
    """A document as plain values in the contract's envelope.

    Args:
        document: The document.

    Returns:
        ``ok``, ``version``, ``command``, ``result``, ``findings`` and ``input``; for a refusal
        ``ok``, ``version`` and ``error``. Rates are fractions, unknown is None, never NaN.

    Examples:
        >>> from headway.report.document import Document
        >>> to_json_value(Document(command="size", verdict="...", value={"n": 1400}))["result"]
        {'n': 1400}
    """
    return envelope(document)


def to_json(document: Document) -> str:
    r"""A document as JSON.

    Args:
        document: The document.

    Returns:
        The text of ``to_json_value``, two spaces deep.

    Examples:
        >>> from headway.report.document import Document
        >>> to_json(Document(command="size", verdict="..."))[:14]
        '{\n  "ok": true'
    """
    return json.dumps(envelope(document), indent=2, ensure_ascii=False, allow_nan=False)


def rows_of(document: Document) -> dict[str, list[object]]:
    """The numbers of a document as plain columns, for CSV and Parquet.

    Args:
        document: The document.

    Returns:
        Per column its values, all of one length; fractions at full precision, None for unknown.
        Lists become texts joined by semicolons.

    Examples:
        >>> from headway.report.document import Document
        >>> rows_of(Document(command="size", verdict="...", value={"n": 1400, "question": "n"}))
        {'n': [1400], 'question': ['n']}
    """
    records = _records(document.value)
    names = list(dict.fromkeys(name for record in records for name in record))
    return {name: [record.get(name) for record in records] for name in names}


def _records(value: Mapping[str, object]) -> list[dict[str, object]]:
    """The rows of a result: those of its lists of the first rank, or itself as one."""
    lists = {
        name: rows
        for name in ("rungs", "gaps", "steps", "ideas", "cells", "between", "knobs")
        if isinstance(rows := value.get(name), list) and not (name == "knobs" and "gaps" in value)
    }
    if not lists:
        return [_flat(value)]
    several = len(lists) > 1
    return [
        {**({"kind": name} if several else {}), **_flat(row)}
        for name, rows in lists.items()
        for row in rows
    ]


def _flat(row: Mapping[str, object]) -> dict[str, object]:
    """One row without nesting: names of parts joined by an underscore."""
    flat: dict[str, object] = {}
    for name, part in row.items():
        if isinstance(part, dict):
            flat |= {f"{name}_{key}": inner for key, inner in _flat(part).items()}
        elif isinstance(part, list):
            flat[name] = "; ".join(_text(item) for item in part)
        else:
            flat[name] = part
    return flat


def _text(item: object) -> str:
    """One item of a list as text: a purchase by its sentence."""
    return str(item.get("sentence", item)) if isinstance(item, dict) else str(item)
