"""`headway size`: how many examples does this question need?"""

from __future__ import annotations

from typing import Any

import click

from headway import workbench
from headway.cli.asking import answer_plain
from headway.cli.options import RATE, showing

__all__ = ["command"]


@click.command(name="size")
@click.option("--rate", type=RATE, default=0.05, show_default="5%", help="The error expected.")
@click.option("--half-width", type=RATE, help="Examples for an interval this wide either way.")
@click.option("--difference", type=RATE, help="Examples that show this difference.")
@click.option("--discordance", type=RATE, help="Share of examples on which two models differ.")
@click.option("--n", type=click.IntRange(min=1), help="What this many examples show.")
@click.option("--total", type=click.IntRange(min=1), help="How to split this many examples.")
@click.option("--no-error", is_flag=True, help="Examples that must all be right.")
@click.option("--level", type=RATE, default=0.95, show_default="95%", help="Level of intervals.")
@showing
def command(**given: Any) -> None:  # noqa: ANN401
    """How many examples does this question need?

    headway size --rate 5% --half-width 0.5%

    headway size --rate 10% --difference 1% --discordance 4%

    headway size --total 1000000
    """
    answer_plain(workbench.size, given)
