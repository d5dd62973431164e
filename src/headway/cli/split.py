"""`headway split`: make the splits, aimed at the target."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import click

from headway import workbench
from headway.answers import save
from headway.cli.asking import answer_plain, command_line
from headway.cli.options import DAYS, RATE, looking, pairs
from headway.cli.screen import messages

__all__ = ["command"]

PAGES: Final = frozenset({".html", ".md", ".json"})
"""Endings of files that hold the answer; any other name is that of the splits."""


@click.command(name="split")
@click.argument("files", nargs=-1, required=True)
@click.option("--target-source", multiple=True, help="A source that matters: mobile; repeatable.")
@click.option("--importance", help="How much each source matters: India=3,others=1.")
@click.option("--dev", type=RATE, help="Rows of dev: 2500, or a share of the target's: 20%.")
@click.option("--test", type=RATE, help="Rows of test, in the same way.")
@click.option("--train-dev", type=RATE, help="Rows of train-dev, or a share of train; 0 for none.")
@click.option("--half-width", type=RATE, help="Or: rows for an interval this wide either way.")
@click.option("--margin", type=RATE, help="Or: rows that show this difference of two models.")
@click.option("--rate", type=RATE, default=0.05, show_default="5%", help="The error expected.")
@click.option("--discordance", type=RATE, help="Share of rows on which two models differ.")
@click.option("--shuffle", is_flag=True, help="Draw dev and test from all sources alike.")
@click.option("--stratify", help="Give each value of this column its share of every split.")
@click.option("--time", help="Split by this column: dev and test are what came later.")
@click.option("--dev-from", help="The first moment of dev: 2026-03-01.")
@click.option("--test-from", help="The first moment of test.")
@click.option("--embargo", type=DAYS, default=0.0, help="Time left out before dev and test: 7d.")
@click.option("--ignore-group", is_flag=True, default=None, help="Let rows of a group part.")
@click.option("--salt", default="headway", show_default=True, help="Another one, another split.")
@click.option("--again", is_flag=True, help="Replace a column of splits that is there.")
@click.option("--columns", help="Columns by role: id=name,group=patient,source=origin.")
@click.option("--level", type=RATE, help="Level of the intervals: 95%.")
@click.option("--engine", type=click.Choice(["polars", "duckdb"]), help="Engine for files.")
@click.option(
    "--out",
    "outs",
    type=click.Path(path_type=Path),
    multiple=True,
    help="A folder for a file per split, or one file with a column 'split': splits.parquet; "
    "or the answer itself: .html, .md, .json. Repeatable.",
)
@looking
def command(
    files: tuple[str, ...],
    outs: tuple[Path, ...],
    columns: str | None,
    **given: Any,  # noqa: ANN401
) -> None:
    """Make the splits, aimed at the target.

    FILES are the rows to split (Parquet, CSV, NDJSON, Arrow, patterns); the column 'source' says
    where each is from, 'group' which of them belong together.

        headway split images.parquet --target-source mobile --dev 2500 --test 2500 --out splits/
    """
    pages = [out for out in outs if out.suffix.lower() in PAGES]
    folders = [out for out in outs if out not in pages]
    if len(folders) > 1:
        raise click.UsageError("--out takes one folder or file for the splits.")
    options = {name: option for name, option in given.items() if option is not None}
    options["source"] = files[0] if len(files) == 1 else list(files)
    if columns is not None:
        options["columns"] = pairs(columns, "--columns")
    found = answer_plain(
        workbench.split,
        {**options, "out": None, "command": command_line()},
        in_project=True,
        out=folders[0] if folders else None,
    )
    note = messages(quiet=given["quiet"])
    for file in dict.fromkeys(found.result.files.values()):
        note.print(f"Wrote {file}.")
    for page in pages:
        note.print(f"Wrote {page} ({save(found.document, page):,} bytes).")
