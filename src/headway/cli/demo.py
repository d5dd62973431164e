"""`headway demo`: the whole journey on real bundled data."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from headway import workbench
from headway.answers import check_out, save
from headway.cli.asking import command_line
from headway.cli.options import LOOKS, showing
from headway.cli.screen import messages, progress, show

__all__ = ["command"]


@click.command(name="demo")
@click.option("--seed", type=click.IntRange(min=0), default=0, show_default=True)
@click.option(
    "--folder",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("headway-demo"),
    show_default=True,
    help="Where predictions and report are written.",
)
@showing
def command(seed: int, folder: Path, **given: Any) -> None:  # noqa: ANN401
    """The whole journey on real bundled data.

    Trains a first system on scikit-learn's digits, draws the ladder of its errors, ranks three
    ideas of a team, makes the advised move for real, and says whether it brought what was promised.
    """
    look = {name: given[name] for name in LOOKS}
    check_out(look["out"])
    with progress(quiet=look["quiet"]) as bar:
        tasks: dict[str, Any] = {}

        def told(title: str, done: int, total: int) -> None:
            if title not in tasks:
                tasks[title] = bar.add_task(title, total=total)
            bar.update(tasks[title], completed=done)

        found = workbench.demo(seed=seed, folder=folder, progress=told, command=command_line())
    show(found, look)
    if look["out"] is not None:
        n = save(found.document, look["out"])
        messages(quiet=look["quiet"]).print(f"Wrote {look['out']} ({n:,} bytes).")
