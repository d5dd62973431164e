"""What a command shows: the answer on standard output, everything else on standard error."""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING, Any, Final

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn
from rich.text import Text

from headway.report.compose import document
from headway.report.render import to_json, to_text
from headway.report.terminal import COLOURS

if TYPE_CHECKING:
    from headway.errors import HeadwayError
    from headway.report.answer import Answer
    from headway.report.document import Document
    from headway.report.terminal_text import Line

__all__ = ["messages", "progress", "show", "show_refusal", "working"]

WIDE: Final = 120

CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f]")


def messages(*, quiet: bool = False) -> Console:
    """The console for messages and progress: standard error, silent if asked."""
    return Console(stderr=True, quiet=quiet, highlight=False, markup=False)


def progress(*, quiet: bool = False) -> Progress:
    """A progress bar on standard error; nothing where that is no terminal."""
    console = messages(quiet=quiet)
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(bar_width=30),
        TextColumn("{task.percentage:>3.0f} %"),
        TimeRemainingColumn(compact=True),
        console=console,
        transient=True,
        disable=quiet or not console.is_terminal,
    )


def working(what: str, *, quiet: bool = False) -> Any:  # noqa: ANN401 - rich's status or a blank
    """A sign of life on standard error while the engine counts."""
    console = messages(quiet=quiet)
    bar = progress(quiet=quiet)
    if console.is_terminal and not quiet:
        bar.add_task(what, total=None)
    return bar


def show(answer: Answer[Any], look: dict[str, Any]) -> None:
    """Show an answer as the options ask: as text, as JSON, and into a file.

    Args:
        answer: The answer.
        look: The options of ``options.showing``.
    """
    if look["as_json"]:
        click.echo(to_json(answer.document))
    else:
        paint(answer.document, look)


def paint(page: Document, look: dict[str, Any]) -> None:
    """Print a document as text, painted where the terminal can."""
    console = _console(no_color=look["no_color"])
    lines = to_text(page, width=_width(console), unicode=_unicode(), full=look["verbose"])
    for line in lines:
        console.print(_painted(line, dark=True), soft_wrap=True)


def show_refusal(error: HeadwayError, *, as_json: bool) -> None:
    """Show a refusal: three sentences on standard error, or the JSON envelope."""
    page = document(error)
    if as_json:
        click.echo(to_json(page))
        return
    for line in to_text(page, width=WIDE, unicode=_unicode(sys.stderr)):
        click.echo("".join(visible(text) for text, _ in line), err=True)


def visible(text: str) -> str:
    r"""A text whose control characters are shown, not obeyed: names come from users' files.

    Examples:
        >>> visible("red\x1b[31m")
        'red\\x1b[31m'
    """
    return CONTROL.sub(lambda found: repr(found[0])[1:-1], text)


def _console(*, no_color: bool) -> Console:
    """The console for answers."""
    return Console(no_color=no_color or None, highlight=False, markup=False, emoji=False)


def _width(console: Console) -> int:
    """Columns to write for: those of the terminal, or 80 where there is none."""
    return console.width if console.is_terminal or "COLUMNS" in _environment() else 80


def _environment() -> dict[str, str]:
    """The environment that rich reads."""
    return dict(Console()._environ)  # noqa: SLF001


def _unicode(stream: Any = None) -> bool:  # noqa: ANN401
    """Whether a stream shows more than ASCII."""
    encoding = getattr(stream or sys.stdout, "encoding", None) or "ascii"
    return "utf" in encoding.lower()


def _painted(line: Line, *, dark: bool) -> Text:
    """A line in colour and weight."""
    text = Text(end="", no_wrap=True)
    for words, style in line:
        if style in COLOURS:
            light_number, dark_number = COLOURS[style]
            text.append(visible(words), style=f"color({dark_number if dark else light_number})")
        else:
            text.append(visible(words), style=style or None)
    return text
