"""`headway reweight`: which weights make the metric agree with us?"""

from __future__ import annotations

from typing import Any

import click

from headway import workbench
from headway.cli.asking import answer
from headway.cli.options import reading, showing
from headway.workbench.weights import NOT_READ

__all__ = ["command"]


@click.command(name="reweight")
@click.argument("files", nargs=-1)
@click.option("--prefer", multiple=True, required=True, help="The preferred model, or B>A>C.")
@click.option("--over", multiple=True, help="What it is preferred to; by default all others.")
@click.option(
    "--category", multiple=True, help="A column that marks what matters more: must_not_show."
)
@click.option("--on", "split", default="dev", show_default=True, help="The split to count.")
@click.option("--write", is_flag=True, help="Write the weights into headway.toml.")
@click.option("--replace", "replace_weights", is_flag=True, help="Replace weights that are there.")
@reading(*NOT_READ)
@showing
def command(
    files: tuple[str, ...],
    **given: Any,  # noqa: ANN401
) -> None:
    """Which weights make the metric agree with us?

    FILES are predictions of several models on the same examples, with an 'id' column; a file
    without a 'model' column is a model of its name.

        headway reweight a.parquet b.parquet --prefer b --category must_not_show
    """
    names = ("prefer", "over", "category", "split", "write", "replace_weights")
    own = {name: given.pop(name) for name in names}
    answer(workbench.reweight, files, given, **own)
