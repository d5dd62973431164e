"""`headway knobs`: which knob moves which gap?"""

from __future__ import annotations

from typing import Any

import click

from headway import workbench
from headway.cli.asking import answer_plain
from headway.cli.options import showing

__all__ = ["command"]


@click.command(name="knobs")
@showing
def command(**given: Any) -> None:  # noqa: ANN401
    """Which knob moves which gap, and what does it usually cost?"""
    answer_plain(workbench.knobs, given, in_project=True)
