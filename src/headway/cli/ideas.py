"""`headway ideas`: which of our own ideas are worth our time?"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from headway import workbench
from headway.cli.asking import answer
from headway.cli.options import DAYS, reading, showing
from headway.cli.screen import messages
from headway.workbench.ladder import NOT_READ
from headway.workbench.making import project_at

__all__ = ["command"]


class _Ideas(click.Group):
    """A group whose own arguments are files, unless the first one names a command of it."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put the files under the command that judges."""
        if not args or args[0] not in {*self.commands, "-h", "--help"}:
            args = ["judge", *args]
        return super().parse_args(ctx, args)


@click.group(name="ideas", cls=_Ideas, options_metavar="", subcommand_metavar="[add NAME | FILES]")
def command() -> None:
    """Which of our own ideas are worth our time?

    The ideas are those of headway.toml; FILES as in 'headway gaps'.

        headway ideas add "try Adam" --knob optimizer --cost 2d

        headway ideas human=1% train=8%/50000 dev=10%/2000
    """


@command.command(name="judge", hidden=True)
@click.argument("files", nargs=-1)
@click.option("--idea", "given_ideas", multiple=True, help="One more idea, in your own words.")
@reading(*NOT_READ["ideas"])
@showing
def judge(files: tuple[str, ...], given_ideas: tuple[str, ...], **given: Any) -> None:  # noqa: ANN401
    """Judge the ideas against the ladder."""
    answer(workbench.ideas, files, given, given=given_ideas)


@command.command(name="add")
@click.argument("name")
@click.option("--knob", help="The knob it turns; 'headway knobs' lists them.")
@click.option("--cost", "cost_days", type=DAYS, help="Its cost: 2d.")
@click.option("-q", "--quiet", is_flag=True, help="No messages.")
def add(name: str, knob: str | None, cost_days: float | None, *, quiet: bool) -> None:
    """Write an idea into headway.toml."""
    project = project_at(Path.cwd()) or Path.cwd()
    idea = workbench.add_idea(name, knob=knob, cost_days=cost_days, project=project)
    turns = f"turns '{idea.knob}'" if idea.knob else "no knob recognised: name one with --knob"
    messages(quiet=quiet).print(f"Added '{idea.name}' ({turns}).")
