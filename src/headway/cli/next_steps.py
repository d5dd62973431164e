"""`headway next`: what should we do next, and what can it buy at most?"""

from __future__ import annotations

from typing import Any

import click

from headway import workbench
from headway.cli.asking import answer
from headway.cli.options import reading, showing
from headway.workbench.ladder import NOT_READ

__all__ = ["command"]


@click.command(name="next")
@click.argument("files", nargs=-1)
@reading(*NOT_READ["next"])
@showing
def command(files: tuple[str, ...], **given: Any) -> None:  # noqa: ANN401
    """What should we do next, and what can it buy at most?

    FILES as in 'headway gaps'; the team's own ideas come from headway.toml.

        headway next human=1% train=8%/50000 dev=10%/2000
    """
    answer(workbench.next_steps, files, given)
