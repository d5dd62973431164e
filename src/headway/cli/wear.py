"""`headway wear`: how worn is the dev set?"""

from __future__ import annotations

from typing import Any

import click

from headway import workbench
from headway.cli.asking import answer
from headway.cli.options import reading, showing
from headway.workbench.wearing import NOT_READ

__all__ = ["command"]


@click.command(name="wear")
@click.argument("files", nargs=-1)
@click.option(
    "--looks",
    "--consultations",
    "consultations",
    type=click.IntRange(min=0),
    help="Looks at dev counted by hand, beside those that are logged.",
)
@click.option(
    "--purpose",
    type=click.Choice(["selection", "adaptive", "unknown"]),
    help="selection: all were listed before any was measured; adaptive: some were built from "
    "earlier dev answers.",
)
@click.option(
    "--test-looks",
    type=click.IntRange(min=1),
    default=3,
    show_default=True,
    help="Looks that one test set stands for.",
)
@reading(*NOT_READ)
@showing
def command(
    files: tuple[str, ...],
    consultations: int | None,
    purpose: str | None,
    test_looks: int,
    **given: Any,  # noqa: ANN401
) -> None:
    """How worn is the dev set: how often was it asked, and what did that do to its answers?

    Inside a project the looks that its ledger holds are judged. FILES are predictions on dev and
    test, or errors with their n; several models with ids sharpen the answer.

        headway wear

        headway wear dev=4.8%/10000 test=5.3%/10000 --looks 50
    """
    answer(
        workbench.wear,
        files,
        given,
        consultations=consultations,
        purpose=purpose,
        test_looks=test_looks,
    )
