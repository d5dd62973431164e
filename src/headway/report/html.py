"""A document as HTML: one offline file, or a fragment for notebooks.

The file holds its style and asks for nothing: no script, no request, no style attribute. Its
content policy names the digest of its own style sheet and forbids the rest.
"""

from __future__ import annotations

import re
from base64 import b64encode
from functools import cache
from hashlib import sha256
from typing import TYPE_CHECKING, Final

from jinja2 import Environment, PackageLoader, StrictUndefined

from headway.report.document import Amount, Named, RungRow
from headway.report.marks import bar_drawings, ladder_drawings, swatch
from headway.report.numbers import bare, count, interval, level_words, probability, shown
from headway.report.planes import STRETCHED, curve_pictures, plane_picture
from headway.report.vocabulary import GAP_TITLES, HUES, IDEA_WORDS, MOVED, STATES

if TYPE_CHECKING:
    from headway.report.document import Block, Document, Section, Table

__all__ = ["fragment", "page", "style_sheet"]

ALL_HUES: Final = ("bias", "variance", "mismatch", "overfit", "real", "ceiling", "ink")
"""Hues that may be hatched."""

_OPTION = re.compile(r"(--[a-z][a-z-]*(?: [\w.%/=,]*[\w%])?)")
"""An option of a command inside a sentence, with its value."""


@cache
def _environment() -> Environment:
    """The templates with the filters and tests they use."""
    environment = Environment(
        loader=PackageLoader("headway.report"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    environment.filters |= {
        "bare": bare,
        "capital": _capital,
        "count": count,
        "interval": interval,
        "kind": _kind,
        "level": level_words,
        "probability": probability,
        "shown": shown,
        "pieces": _pieces,
    }
    environment.tests |= {
        "amount": _is_amount,
        "figures": _is_figures,
        "named": _is_named,
        "numeric": _is_numeric,
        "rung": _is_rung,
    }
    environment.globals |= {
        "bar_drawings": bar_drawings,
        "curve_pictures": curve_pictures,
        "hue_titles": {HUES[name]: title for name, title in GAP_TITLES.items()},
        "hues": ALL_HUES,
        "idea_words": IDEA_WORDS,
        "ladder_drawings": ladder_drawings,
        "plane_picture": plane_picture,
        "stretched": STRETCHED,
        "states": STATES,
        "moved": MOVED,
        "swatch": swatch,
    }
    return environment


def _capital(text: str) -> str:
    """The text with a capital at its start; the rest as it is."""
    return text[:1].upper() + text[1:]


def _kind(block: Block) -> str:
    """The name of the type of a block."""
    return type(block).__name__


def _pieces(text: str) -> list[str]:
    """A sentence cut at the options in it: words and options take turns, words first."""
    return _OPTION.split(text)


def _is_amount(cell: object) -> bool:
    """Whether a cell is an amount."""
    return isinstance(cell, Amount)


def _is_named(cell: object) -> bool:
    """Whether a cell names something."""
    return isinstance(cell, Named)


def _is_numeric(table: Table, column: int) -> bool:
    """Whether a column of a table holds numbers."""
    return any(isinstance(row.cells[column], (Amount, int)) for row in table.rows)


def _is_figures(table: Table) -> bool:
    """Whether every column but the first holds numbers."""
    return all(_is_numeric(table, column) for column in range(1, len(table.heads)))


def _is_rung(row: object) -> bool:
    """Whether a row of a ladder is a rung."""
    return isinstance(row, RungRow)


@cache
def style_sheet(*, in_notebook: bool = False) -> str:
    """The style sheet.

    Args:
        in_notebook: Whether it is for a fragment, which follows the theme of the notebook and
            needs no page around it.

    Returns:
        The text of the sheet; every rule is confined to the class ``hw``.
    """
    marks = _environment().get_template("style.css.j2").render(fragment=in_notebook)
    if in_notebook:
        own = _environment().get_template("fragment.css.j2").render()
    else:
        own = _environment().get_template("page.css.j2").render()
    return f"{marks}\n{own}\n"


def page(document: Document) -> str:
    """A document as one HTML file that needs nothing else.

    Args:
        document: The document.

    Returns:
        The text of the file, UTF-8, well under 2 MB.
    """
    style = style_sheet()
    digest = b64encode(sha256(style.encode()).digest()).decode()
    return _rendered("page.html.j2", document, style, style_hash=f"sha256-{digest}")


def fragment(document: Document) -> str:
    """A document as a fragment that stands inside another page, such as a notebook.

    Args:
        document: The document.

    Returns:
        One element with its own style, which touches nothing outside it.
    """
    return _rendered("fragment.html.j2", document, style_sheet(in_notebook=True))


def _rendered(template: str, document: Document, style: str, **more: str) -> str:
    """One template with a document."""
    settings = document.settings
    about = " · ".join(text for text in (settings.project, settings.model, settings.date) if text)
    return (
        _environment()
        .get_template(template)
        .render(
            document=document,
            first=_at(document, "first"),
            engineer=_at(document, "engineer"),
            about=about,
            key=f"hw-{sha256(repr(document).encode()).hexdigest()[:8]}",
            style=style,
            **more,
        )
    )


def _at(document: Document, place: str) -> list[Section]:
    """The sections of one part of a page."""
    return [s for s in document.sections if s.place == place and s.only != "text"]
