"""`headway operating-point`: which threshold?"""

from __future__ import annotations

from typing import Any

import click

from headway import workbench
from headway.cli.asking import answer
from headway.cli.options import DAYS, reading, showing
from headway.workbench.operating import NOT_READ

__all__ = ["command"]


@click.command(name="operating-point")
@click.argument("files", nargs=-1)
@click.option(
    "--maximize",
    multiple=True,
    help="The metric to be as large as possible: recall, f1, precision.",
)
@click.option(
    "--minimize", multiple=True, help="Or the one to be as small as possible: cost, error."
)
@click.option("--subject-to", multiple=True, help="A limit: 'false_positives_per_24h <= 1'.")
@click.option("--on", "choose_on", default="dev", help="The split to choose on: dev.")
@click.option("--confirm", "confirm_on", default="test", help="The split to confirm on: test.")
@click.option("--detections", help="A file of detections with time and score, instead of FILES.")
@click.option("--truth", help="A file with the time of each event that should be found.")
@click.option("--tolerance", type=DAYS, help="How far a detection may lie from its event: 1s.")
@reading(*NOT_READ)
@showing
def command(
    files: tuple[str, ...],
    tolerance: float | None,
    **given: Any,  # noqa: ANN401
) -> None:
    """Which threshold of the score?

    FILES hold labels and a 'score' column (or one probability for each class). The threshold is
    chosen on dev and confirmed on test.

        headway operating-point scores.parquet --maximize recall --subject-to "precision >= 0.9"
    """
    names = ("maximize", "minimize", "subject_to", "choose_on", "confirm_on", "detections", "truth")
    own = {name: given.pop(name) for name in names}
    own["maximize"], own["minimize"] = own["maximize"] or None, own["minimize"] or None
    if tolerance is not None:
        own["tolerance_s"] = tolerance * 86_400
    answer(workbench.operating_point, files, given, **own)
