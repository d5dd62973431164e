"""The command line: a table of commands, loaded when asked for, and the exit codes."""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Any, Final, NamedTuple

import click

from headway.errors import HeadwayError

__all__ = ["COMMANDS", "Entry", "group", "main"]


class Entry(NamedTuple):
    """One command before it is loaded.

    Args:
        heading: The heading of the notes it stands under.
        help: What ``headway --help`` says of it.
        module: The module that holds it, as ``command``.
    """

    heading: str
    help: str
    module: str


FIRST: Final = "Start here"
WHY: Final = "Why ML strategy, orthogonalization"
GOAL: Final = "Setting up your goal"
DATA: Final = "Mismatched training and dev/test data"
HOUSE: Final = "Housekeeping"

COMMANDS: Final = {
    "demo": Entry(FIRST, "The whole journey on real bundled data.", "demo"),
    "gaps": Entry(FIRST, "Where is the error lost?", "gaps"),
    "next": Entry(FIRST, "What should we do next, and what can it buy at most?", "next_steps"),
    "compare": Entry(FIRST, "Did the change help?", "compare"),
    "ideas": Entry(WHY, "Which of our own ideas are worth our time?", "ideas"),
    "knobs": Entry(WHY, "Which knob moves which gap?", "knobs"),
    "init": Entry(GOAL, "Set the target and the data of a project.", "init"),
    "operating-point": Entry(GOAL, "Which threshold of a score?", "operating_point"),
    "wear": Entry(GOAL, "How worn is the dev set?", "wear"),
    "reweight": Entry(GOAL, "Which weights make the metric agree with us?", "reweight"),
    "check-splits": Entry(
        GOAL, "Are dev and test the right target, large enough, leak-free?", "check_splits"
    ),
    "split": Entry(GOAL, "Make the splits, aimed at the target.", "split"),
    "select": Entry(GOAL, "Which model? One metric to optimize, limits on the others.", "select"),
    "size": Entry(GOAL, "How many examples does this question need?", "size"),
    "table": Entry(DATA, "Human, trained on, not trained on, for each source of data.", "table"),
    "check": Entry(HOUSE, "May this model pass? The declared conditions as a gate.", "check"),
    "report": Entry(HOUSE, "Write the whole report into one offline file.", "report"),
    "db": Entry(HOUSE, "Where is what we saw kept, and is it sound?", "db"),
    "completion": Entry(HOUSE, "Print the completion script of a shell.", "completion"),
}
"""Every command, by name, in the order of the help."""


class _Group(click.Group):
    """A group that knows its commands' names and loads one when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names, in the order of the table."""
        return [*COMMANDS]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """A command, from its own module."""
        entry = COMMANDS.get(cmd_name)
        if entry is None:
            return None
        loaded = import_module(f"headway.cli.{entry.module}").command
        assert isinstance(loaded, click.Command)
        return loaded

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """A command and its arguments; an unknown name is answered with the closest one."""
        name = args[0]
        if name not in COMMANDS and not name.startswith("-"):
            close = _closest(name)
            raise click.UsageError(f"No such command '{name}'.{close}", ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The commands under the headings of the notes."""
        for heading in dict.fromkeys(entry.heading for entry in COMMANDS.values()):
            rows = [(name, e.help) for name, e in COMMANDS.items() if e.heading == heading]
            with formatter.section(heading):
                formatter.write_dl(rows)


def _closest(name: str) -> str:
    """A guess at the command that was meant."""
    from difflib import get_close_matches

    found = get_close_matches(name, list(COMMANDS), n=1)
    return f" Did you mean '{found[0]}'?" if found else ""


def _print_version(ctx: click.Context, _param: click.Parameter, value: bool) -> None:  # noqa: FBT001
    """Print the version and leave."""
    if value:
        click.echo(f"headway {import_module('importlib.metadata').version('headway')}")
        ctx.exit()


@click.group(
    cls=_Group,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.option(
    "--version",
    is_flag=True,
    expose_value=False,
    is_eager=True,
    callback=_print_version,
    help="Print the version.",
)
def group() -> None:
    """Where is the error lost, what should we do next, and what can it buy at most?

    Headway reads predictions on train, train-dev, dev, test and field data, and answers with
    intervals. Begin with 'headway demo', or with numbers alone:

        headway gaps human=1% train=8%/50000 dev=10%/2000

    Exit codes: 0 done, 1 a check failed, 2 wrong usage, 3 input refused, 4 store busy or newer,
    130 interrupted.
    """


def main(args: list[str] | None = None) -> None:
    """Run the command line and leave with its exit code."""
    given = sys.argv[1:] if args is None else args
    sys.exit(_run(given))


def _run(args: list[str]) -> int:
    """Run a command line; the exit code."""
    try:
        code: Any = group.main(args=args, prog_name="headway", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        click.echo("Interrupted.", err=True)
        return 130
    except SystemExit:
        return 0  # click's word for a reader that closed the pipe: it has what it wanted
    except HeadwayError as error:
        if "--debug" in args:
            raise
        import_module("headway.cli.screen").show_refusal(error, as_json="--json" in args)
        return error.exit_code
    return code if isinstance(code, int) else 0
