"""`headway init`: set the target and the data of a project, in three questions."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from headway import workbench
from headway.cli.options import RATE, pairs
from headway.cli.screen import messages

__all__ = ["command"]

KINDS = ("human", "best_known", "required", "previous_system")


@click.command(name="init")
@click.argument("folder", default=".", type=click.Path(file_okay=False, path_type=Path))
@click.option("--predictions", multiple=True, help="A file or pattern with a split column.")
@click.option("--splits", help="One file a split instead: train=a.csv,dev=b.csv.")
@click.option("--human", help="The reference level: 1%, team=0.5%/1000,typical=3%; or 'unknown'.")
@click.option("--reference", type=click.Choice(KINDS), help="What the reference level is.")
@click.option("--margin", type=RATE, help="Smallest difference that matters: 1%.")
@click.option(
    "--maximize", multiple=True, help="The optimizing metric, where larger is better: f1."
)
@click.option("--minimize", multiple=True, help="Or where smaller is better: error.")
@click.option("--subject-to", multiple=True, help="A limit: 'running_time_ms <= 100'.")
@click.option("-y", "--yes", is_flag=True, help="Ask nothing; leave open what is not given.")
@click.option("-q", "--quiet", is_flag=True, help="No messages.")
def command(
    folder: Path,
    *,
    predictions: tuple[str, ...],
    splits: str | None,
    human: str | None,
    reference: str | None,
    margin: float | None,
    maximize: tuple[str, ...],
    minimize: tuple[str, ...],
    subject_to: tuple[str, ...],
    yes: bool,
    quiet: bool,
) -> None:
    """Set the target and the data of a project: writes headway.toml and .headway/.

    Asks three questions in a terminal: the files, the split, the reference. Each is skipped by its
    option.
    """
    asks = sys.stdin.isatty() and not yes
    by_split = pairs(splits, "--splits")
    if asks and not predictions and by_split is None:
        text = click.prompt("Where are the predictions? (file or pattern, empty for none)", "")
        predictions = (text,) if text else ()
    if asks and predictions and by_split is None:
        text = click.prompt(
            "Does one column hold the split? (empty for yes, or train=a.csv,dev=b.csv)", ""
        )
        by_split = pairs(text or None, "The answer")
        predictions = () if by_split else predictions
    if asks and human is None:
        kind = click.prompt(
            "How low could the error be: by people, or on structured data by the best known, the "
            "required or the previous system?",
            type=click.Choice(KINDS),
            default=reference or "human",
        )
        reference = kind
        human = click.prompt("That error, with its n if known (1%/500; empty if unknown)", "")
    path = workbench.init(
        folder,
        predictions=predictions,
        splits=by_split,
        human=None if human in {None, "", "unknown"} else human,
        reference=reference or "human",
        margin=margin,
        maximize=maximize,
        minimize=minimize,
        subject_to=subject_to,
    )
    messages(quiet=quiet).print(f"Wrote {path}. Next: headway gaps")
