"""`headway table`: human, trained on and not trained on, for each source of data."""

from __future__ import annotations

from typing import Any

import click

from headway import workbench
from headway.cli.asking import answer
from headway.cli.options import reading, showing
from headway.workbench.ladder import NOT_READ

__all__ = ["command"]


@click.command(name="table")
@click.argument("files", nargs=-1)
@click.option("--human", hidden=True)
@click.option("--people", help="Human error by source: web=2%/1000,phone=5%/1000.")
@reading(*NOT_READ["table"])
@showing
def command(
    files: tuple[str, ...],
    people: str | None,
    human: str | None,
    **given: Any,  # noqa: ANN401
) -> None:
    """Human, trained on and not trained on, for each source of data.

    FILES as in 'headway gaps'; a 'source' column names the columns of the table.

        headway table predictions.parquet --people web=2%/1000,phone=5%/1000
    """
    if human is not None:
        raise click.UsageError("--human is one level for all; --people names it by source.")
    answer(workbench.table, files, given, people=people)
