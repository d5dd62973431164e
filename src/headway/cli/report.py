"""`headway report`: the whole report in one offline file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from headway import workbench
from headway.answers import check_out
from headway.cli.asking import command_line
from headway.cli.options import question, reading, showing
from headway.cli.screen import working
from headway.workbench.making import project_at

__all__ = ["command"]


@click.command(name="report")
@click.argument("files", nargs=-1)
@click.option("--people", help="Human error by source: web=2%/1000,phone=5%/1000.")
@reading()
@showing
def command(files: tuple[str, ...], people: str | None, **given: Any) -> None:  # noqa: ANN401
    """Write the whole report into one offline file.

    FILES as in 'headway gaps'. The file needs no network and no script; its first page is for the
    manager, the rest for the engineer.

        headway report predictions.parquet --human 1% --out report.html
    """
    out = given["out"] or Path("headway-report.html")
    asked = question(given, files, command_line())
    check_out(out)
    with working("Counting", quiet=given["quiet"]):
        found = workbench.write_report(
            asked.pop("source", None),
            out=out,
            people=people,
            project=project_at(Path.cwd()),
            **asked,
        )
    result = {"path": str(out), "bytes": out.stat().st_size}
    if given["as_json"]:
        envelope = {**found.to_dict(), "command": "report", "result": result}
        click.echo(json.dumps(envelope, ensure_ascii=False))
    else:
        click.echo(f"{out} ({result['bytes']:,} bytes)")
