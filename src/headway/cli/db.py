"""`headway db`: where is what we saw kept, and is it sound?"""

from __future__ import annotations

from typing import Any

import click

from headway import workbench
from headway.cli.asking import answer_plain
from headway.cli.options import showing

__all__ = ["command"]


@click.group(name="db")
def command() -> None:
    """Where is what we saw kept, and is it sound?

    A project keeps looks at dev and test, comparisons and changes of its target in the store that
    headway.toml names: by default a SQLite file in .headway/.

        headway db info

        headway db check

    'check' leaves with exit code 1 where the store is not sound; every one with 4 where it is busy
    or newer than this program.
    """


@command.command(name="info")
@showing
def info(**given: Any) -> None:  # noqa: ANN401
    """Show where the store is, its form, its size and what is in it."""
    answer_plain(workbench.db, {"action": "info", **given}, in_project=True)


@command.command(name="upgrade")
@click.option("--dry-run", is_flag=True, help="Only tell what would be done.")
@showing
def upgrade(**given: Any) -> None:  # noqa: ANN401
    """Bring the store to the newest form; every command that writes does so by itself."""
    answer_plain(workbench.db, {"action": "upgrade", **given}, in_project=True)


@command.command(name="check")
@showing
def check(**given: Any) -> int:  # noqa: ANN401
    """See whether the store's pages, tables and guards are as they should be."""
    found = answer_plain(workbench.db, {"action": "check", **given}, in_project=True)
    return int(any(finding.verdict == "no" for finding in found.findings))
