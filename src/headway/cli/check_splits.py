"""`headway check-splits`: are dev and test the right target, large enough, and free of leaks?"""

from __future__ import annotations

from typing import Any

import click

from headway import workbench
from headway.cli.asking import answer
from headway.cli.options import RATE, showing

__all__ = ["command"]


@click.command(name="check-splits")
@click.argument("files", nargs=-1)
@click.option("--train", help="A file of train rows alone.")
@click.option("--train-dev", help="A file of train-dev rows alone.")
@click.option("--dev", help="A file of dev rows alone.")
@click.option("--test", help="A file of test rows alone.")
@click.option("--field", help="A file of rows met in the real world; they need no label.")
@click.option("--time", help="A column of times, where train must come before dev and test.")
@click.option("--by", help="Columns whose parts must be large enough: device,region.")
@click.option("--margin", type=RATE, help="Smallest difference that matters: 1%.")
@click.option("--columns", help="Columns by role: id=name,group=patient,source=origin.")
@click.option("--model", help="The model, where the table holds several.")
@click.option("--ignore-group", is_flag=True, default=None, help="Take rows as independent.")
@click.option("--max-unusable", type=RATE, help="Most rows that may be left out: 1%.")
@click.option("--level", type=RATE, help="Level of the intervals: 95%.")
@click.option("--seed", type=click.IntRange(min=0), help="Seed of samples and permutations.")
@click.option("--engine", type=click.Choice(["polars", "duckdb"]), help="Engine for files.")
@showing
def command(files: tuple[str, ...], time: str | None, **given: Any) -> None:  # noqa: ANN401
    """Are dev and test the right target, large enough, and free of leaks?

    FILES hold rows with a column 'split', with or without predictions; or give a file for each
    split. Rows of the field need no label.

        headway check-splits splits.parquet --margin 1%
    """
    answer(workbench.check_splits, files, given, time=time)
