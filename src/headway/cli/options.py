"""Options that commands share, and the words they read."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, ParamSpec, TypeAlias, TypeVar

import click

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    _Number: TypeAlias = click.ParamType[float]
else:
    _Number = click.ParamType  # generic from click 8.4 on

__all__ = ["DAYS", "RATE", "looking", "numbers_and_files", "question", "reading", "showing"]

P = ParamSpec("P")
R = TypeVar("R")

LOOKS: Final = ("as_json", "out", "quiet", "verbose", "no_color", "debug")

SPLITS: Final = ("train", "train_dev", "dev", "test", "field")


class _Rate(_Number):
    """A fraction, written as 0.01 or 1%."""

    name = "rate"

    def convert(self, value: Any, param: Any, ctx: Any) -> float:  # noqa: ANN401
        """A fraction from text."""
        text = str(value).strip()
        try:
            number = float(text.removesuffix("%"))
        except ValueError:
            self.fail(f"'{value}' is no fraction such as 0.01 and no percentage such as 1%.")
        return number / 100 if text.endswith("%") else number


class _Days(_Number):
    """A time: 2d, 3h, 4w; bare numbers count in the unit of the option."""

    name = "time"
    units: Final = {"s": 1 / 86400, "min": 1 / 1440, "h": 1 / 24, "d": 1.0, "w": 7.0}

    def convert(self, value: Any, param: Any, ctx: Any) -> float:  # noqa: ANN401
        """Days from text."""
        match = re.fullmatch(r"([0-9]*\.?[0-9]+)\s*(s|min|h|d|w)?", str(value).strip())
        if match is None:
            self.fail(f"'{value}' is no time such as 2d, 31h or 90d.")
        return float(match[1]) * self.units[match[2] or "d"]


RATE: Final = _Rate()
DAYS: Final = _Days()


def _stacked(options: Sequence[Callable[..., Any]], command: Callable[P, R]) -> Callable[P, R]:
    """A command with some options, in their order."""
    for option in reversed(options):
        command = option(command)
    return command


def showing(command: Callable[P, R]) -> Callable[P, R]:
    """The options that decide how an answer is shown, and into which file it goes."""
    out = click.option(
        "--out",
        type=click.Path(dir_okay=False, path_type=Path),
        help="Write it: .html, .md, .json, .csv, .parquet.",
    )
    return out(looking(command))


def looking(command: Callable[P, R]) -> Callable[P, R]:
    """The options that decide how an answer is shown."""
    options = [
        click.option("--json", "as_json", is_flag=True, help="Print the answer as JSON."),
        click.option("-q", "--quiet", is_flag=True, help="No messages and no progress."),
        click.option("-v", "--verbose", is_flag=True, help="The engineer's part as well."),
        click.option("--no-color", is_flag=True, help="No colour; NO_COLOR does the same."),
        click.option("--debug", is_flag=True, help="Show the traceback of a refusal."),
    ]
    return _stacked(options, command)


READ: Final = {
    **{
        name: click.option(
            f"--{name.replace('_', '-')}", name, help=f"A file of {name} rows alone."
        )
        for name in SPLITS
    },
    "columns": click.option("--columns", help="Columns by role: label=y_true,prediction=y_pred."),
    "model": click.option("--model", help="The model, where the table holds several."),
    "by": click.option("--by", help="Break the errors down by these columns: device,region."),
    "human": click.option("--human", help="Reference level: 1%, 0.5%/1000, team=0.5%,typical=3%."),
    "reference": click.option(
        "--reference",
        type=click.Choice(["human", "best_known", "required", "previous_system"]),
        help="What the reference level is.",
    ),
    "proxy": click.option("--proxy", help="The tier taken as proxy of the Bayes error."),
    "same_distribution": click.option(
        "--same-distribution/--different-distribution",
        default=None,
        help="Whether train and dev share a distribution.",
    ),
    "train_as": click.option(
        "--train-as",
        type=click.Choice(["sample", "fixed"]),
        help="Whether the train error is one draw of many, or exact.",
    ),
    "metric": click.option(
        "--metric", help="What to judge by: error, f1, recall(cat), auc, log_loss, mean(ms)."
    ),
    "positive": click.option("--positive", help="The positive class of the metric: cat."),
    "margin": click.option("--margin", type=RATE, help="Smallest gap that matters: 1%."),
    "level": click.option("--level", type=RATE, help="Level of the intervals: 95%."),
    "seed": click.option("--seed", type=click.IntRange(min=0), help="Seed of the draws."),
    "max_unusable": click.option(
        "--max-unusable", type=RATE, help="Most rows that may be left out: 1%."
    ),
    "check_ids": click.option(
        "--check-ids", is_flag=True, default=None, help="Look for repeated ids."
    ),
    "ignore_group": click.option(
        "--ignore-group", is_flag=True, default=None, help="Take rows as independent."
    ),
    "mature_after_days": click.option(
        "--mature-after",
        "mature_after_days",
        type=DAYS,
        help="Leave labels younger than this aside: 90d.",
    ),
    "as_of": click.option("--as-of", help="The day ages are counted from: 2026-01-31."),
    "exposure_s": click.option(
        "--exposure", type=DAYS, help="Time of operation the rows cover: 31h."
    ),
    "engine": click.option(
        "--engine", type=click.Choice(["polars", "duckdb"]), help="Engine for files."
    ),
}
"""The options of commands that read predictions, by the setting that each gives."""


def reading(*not_read: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """The options of a command that reads predictions.

    Args:
        not_read: The settings that it does not read, as its use-case refuses them; ``"splits"``
            stands for the files of the splits.
    """
    left = {*not_read, *(SPLITS if "splits" in not_read else ())}
    options = [option for name, option in READ.items() if name not in left]

    def decorated(command: Callable[P, R]) -> Callable[P, R]:
        return _stacked(options, command)

    return decorated


def question(given: dict[str, Any], files: Sequence[str], command: str) -> dict[str, Any]:
    """The keyword arguments of a use-case from the options of a command.

    Args:
        given: Option values by name; those not given are None.
        files: The arguments: files, patterns, or errors such as ``train=8%/50000``.
        command: The command line, for the record.

    Returns:
        Keyword arguments for the workbench.
    """
    options = {k: v for k, v in given.items() if v is not None and k not in LOOKS}
    splits = {name: options.pop(name) for name in SPLITS if name in options}
    numbers, paths = numbers_and_files(files)
    if numbers and splits:
        raise click.UsageError("Give errors or files, not both: a split option names a file.")
    human = numbers.pop("human", None)
    options["columns"] = pairs(options.pop("columns", None), "--columns")
    options["by"] = tuple(filter(None, (options.pop("by", None) or "").split(",")))
    exposure = options.pop("exposure", None)
    return {
        **{key: value for key, value in options.items() if value is not None},
        **({"human": human} if human is not None else {}),
        **({"rungs": numbers} if numbers else {}),
        **({"splits": splits} if splits else {}),
        **({"source": paths[0] if len(paths) == 1 else list(paths)} if paths else {}),
        **({"exposure_s": exposure * 86400} if exposure is not None else {}),
        "command": command,
    }


def numbers_and_files(arguments: Sequence[str]) -> tuple[dict[str, str], list[str]]:
    """Arguments told apart: errors such as ``train=8%/50000``, and files.

    Raises:
        click.UsageError: If both are given.
    """
    names = ("human", *SPLITS)
    numbers: dict[str, str] = {}
    paths: list[str] = []
    for argument in arguments:
        name, sign, value = argument.partition("=")
        name = name.replace("-", "_")
        if sign and name in names and not Path(argument).exists():
            numbers[name] = value
        else:
            paths.append(argument)
    if numbers and paths:
        raise click.UsageError(f"Give errors or files, not both: {paths[0]} is no error.")
    return numbers, paths


def pairs(text: str | None, option: str) -> dict[str, str] | None:
    """Pairs such as ``label=y,prediction=p`` as a mapping, or None."""
    if text is None:
        return None
    found = [part.partition("=") for part in text.split(",") if part]
    if not found or any(not (name and sign and value) for name, sign, value in found):
        raise click.UsageError(f"{option} reads pairs such as label=y_true,prediction=y_pred.")
    return {name.strip(): value.strip() for name, _, value in found}
