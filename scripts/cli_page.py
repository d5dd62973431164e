"""Write docs/cli.md from what `headway COMMAND --help` prints."""

from __future__ import annotations

from pathlib import Path

import click
from click.testing import CliRunner

from headway.cli.main import group

PAGE = Path(__file__).resolve().parents[1] / "docs" / "cli.md"
HEAD = """\
# Commands

This page is what `headway COMMAND --help` prints, written by `make map`.
Exit codes: 0 done; 1 a `check` condition failed; 2 usage; 3 input refused; 4 store busy, locked or newer than the program; 130 interrupted.
Answers go to standard output, progress and messages to standard error."""
WIDTH = 90


def pages(command: click.Command, words: tuple[str, ...]) -> list[str]:
    """The help of a command and of all below it, as sections."""
    done = CliRunner().invoke(
        group, [*words, "--help"], prog_name="headway", terminal_width=WIDTH, catch_exceptions=False
    )
    text = "\n".join(line.rstrip() for line in done.stdout.strip().split("\n"))
    title = " ".join(("headway", *words))
    found = [f"## `{title}`\n\n```text\n{text}\n```"]
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            below = command.get_command(context, name)
            if below is not None and not below.hidden:
                found += pages(below, (*words, name))
    return found


def cli_page() -> str:
    """The whole page."""
    return "\n\n".join([HEAD, *pages(group, ())]) + "\n"


if __name__ == "__main__":
    PAGE.write_text(cli_page(), encoding="utf-8")
