"""`headway gaps`: where is the error lost?"""

from __future__ import annotations

from typing import Any

import click

from headway import workbench
from headway.cli.asking import answer
from headway.cli.options import reading, showing

__all__ = ["command"]


@click.command(name="gaps")
@click.argument("files", nargs=-1)
@reading()
@showing
def command(files: tuple[str, ...], **given: Any) -> None:  # noqa: ANN401
    """Where is the error lost?

    FILES are predictions (Parquet, CSV, NDJSON, Arrow, patterns), or errors as numbers:

        headway gaps human=1% train=8%/50000 dev=10%/2000
    """
    answer(workbench.gaps, files, given)
