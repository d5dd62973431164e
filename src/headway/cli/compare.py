"""`headway compare`: did the change help?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from headway import workbench
from headway.cli.asking import answer
from headway.cli.options import reading, showing
from headway.workbench.changes import NOT_READ

if TYPE_CHECKING:
    from headway.report.answer import Answer

__all__ = ["command"]


@click.command(name="compare")
@click.argument("before")
@click.argument("after", required=False)
@click.option("--models", help="Two models in BEFORE, instead of AFTER: v1,v2.")
@click.option("--target", help="The gap that the change was meant to close: variance.")
@reading(*NOT_READ)
@showing
def command(
    before: str,
    after: str | None,
    models: str | None,
    target: str | None,
    **given: Any,  # noqa: ANN401
) -> None:
    """Did the change help?

    BEFORE and AFTER are predictions of two versions of a model (Parquet, CSV, NDJSON, Arrow,
    patterns), paired by split and id; or errors as numbers:

        headway compare "train=1%/50000,dev=10%/2000" "train=3%/50000,dev=10%/2000"
    """
    names = models.split(",") if models else None

    def use_case(_: object, **asked: Any) -> Answer[Any]:  # noqa: ANN401
        return workbench.compare(before, after, models=names, target=target, **asked)

    answer(use_case, (), given)
