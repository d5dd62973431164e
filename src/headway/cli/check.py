"""`headway check`: may this model pass?"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from headway import workbench
from headway.cli.asking import answer
from headway.cli.options import RATE, reading, showing
from headway.errors import HeadwayError
from headway.workbench.gating import NOT_READ, note_refusal

__all__ = ["command"]


@click.command(name="check")
@click.argument("files", nargs=-1)
@click.option("--subject-to", multiple=True, help="A limit beside the project's: 'recall >= 0.9'.")
@click.option("--at-most", multiple=True, help="The most that a gap may be: variance=3%.")
@click.option("--on", "split", help="The split that limits are judged on: dev.")
@click.option("--ignore", help="Codes to leave aside: HW372,HW373.")
@click.option(
    "--junit", type=click.Path(dir_okay=False, path_type=Path), help="Write JUnit's XML here."
)
@reading(*NOT_READ)
@showing
def command(
    files: tuple[str, ...],
    at_most: tuple[str, ...],
    ignore: str | None,
    junit: Path | None,
    **given: Any,  # noqa: ANN401
) -> int:
    """May this model pass? The declared conditions as a gate; exit code 1 where one fails.

    FILES as in 'headway gaps'. The limits are those of [target] in headway.toml, the gaps those of
    [check], with those given here.

        headway check predictions.parquet --subject-to "recall(cat) >= 0.9" --at-most variance=3%
    """
    own = {name: given.pop(name) for name in ("subject_to", "split")}
    most = _gaps(at_most)
    try:
        found = answer(
            workbench.check,
            files,
            given,
            at_most=most,
            ignore=tuple(code for part in (ignore or "").split(",") if (code := part.strip())),
            junit=junit,
            **own,
        )
    except HeadwayError as refusal:
        note_refusal(junit, refusal)
        raise
    return 0 if found.result.passed else 1


def _gaps(texts: tuple[str, ...]) -> dict[str, float]:
    """The most that gaps may be."""
    found = {}
    for text in texts:
        name, sign, most = text.partition("=")
        if not sign:
            raise click.UsageError("--at-most reads a gap and its most, such as variance=3%.")
        found[name.strip().replace("-", "_")] = RATE.convert(most, None, None)
    return found
