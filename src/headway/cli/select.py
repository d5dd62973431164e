"""`headway select`: which model?"""

from __future__ import annotations

from typing import Any

import click

from headway import workbench
from headway.cli.asking import answer
from headway.cli.options import reading, showing
from headway.workbench.selecting import NOT_READ

__all__ = ["command"]


@click.command(name="select")
@click.argument("files", nargs=-1)
@click.option("--maximize", multiple=True, help="The metric to be as large as possible: f1.")
@click.option("--minimize", multiple=True, help="Or the one to be as small as possible: error.")
@click.option("--subject-to", multiple=True, help="A limit: 'running_time_ms <= 100'.")
@click.option("--metrics", help="Metrics measured elsewhere: a file with a row for each model.")
@click.option("--presumed", is_flag=True, help="Take a limit as kept unless it is shown broken.")
@click.option("--on", "split", default="dev", help="The split to choose on: dev.")
@reading(*NOT_READ)
@showing
def command(files: tuple[str, ...], **given: Any) -> None:  # noqa: ANN401
    """Which model? One optimizing metric, limits on the others.

    FILES are predictions of several models on the same examples: one table with 'model' and 'id',
    or one file for each model.

        headway select runs/*.parquet --maximize f1 --subject-to "running_time_ms <= 100"

    A sum is maximized as well: --maximize "accuracy - 0.0005*running_time_ms".
    """
    names = ("maximize", "minimize", "subject_to", "metrics", "presumed", "split")
    own = {name: given.pop(name) for name in names}
    own["maximize"], own["minimize"] = own["maximize"] or None, own["minimize"] or None
    answer(workbench.select, files, given, **own)
