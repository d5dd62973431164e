from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any

import click
import pytest

import headway
from headway.cli import (
    check,
    compare,
    gaps,
    ideas,
    next_steps,
    operating_point,
    reweight,
    select,
    table,
    wear,
)
from headway.errors import HeadwayError
from headway.store.settings import Asked

if TYPE_CHECKING:
    from collections.abc import Callable

COMMANDS: dict[str, tuple[click.Command, Callable[..., Any], dict[str, Any]]] = {
    "check": (check.command, headway.check, {}),
    "compare": (compare.command, headway.compare, {"before": "none.csv", "after": "none.csv"}),
    "gaps": (gaps.command, headway.gaps, {}),
    "ideas": (ideas.judge, headway.ideas, {}),
    "next": (next_steps.command, headway.next_steps, {}),
    "operating-point": (operating_point.command, headway.operating_point, {"maximize": "f1"}),
    "reweight": (reweight.command, headway.reweight, {"prefer": "b"}),
    "select": (select.command, headway.select, {"maximize": "accuracy"}),
    "table": (table.command, headway.table, {}),
    "wear": (wear.command, headway.wear, {}),
}
"""Commands that read predictions, each with its use-case and what that must be given."""

CALLED = {**dict.fromkeys(("train", "train_dev", "dev", "test", "field"), "splits")}
CALLED["exposure"] = "exposure_s"
"""Options that are named otherwise than their setting."""

GIVEN: dict[str, Any] = {
    "splits": {"dev": "none.csv"},
    "columns": {"label": "y"},
    "engine": "polars",
    "model": "m",
    "by": ("device",),
    "human": "1%",
    "reference": "human",
    "proxy": "team",
    "same_distribution": True,
    "train_as": "fixed",
    "metric": "error",
    "positive": "1",
    "margin": 0.1,
    "level": 0.9,
    "seed": 1,
    "max_unusable": 0.1,
    "check_ids": True,
    "ignore_group": True,
    "mature_after_days": 1.0,
    "as_of": "2026-01-31",
    "exposure_s": 1.0,
}
"""A value for each setting that a command line can give."""


def refuses(use_case: Callable[..., Any], needed: dict[str, Any], setting: str) -> bool:
    """Whether a use-case says that it does not take a setting."""
    try:
        use_case(**needed, **{setting: GIVEN[setting]})
    except HeadwayError as refusal:
        return "does not take" in refusal.problem
    return False


def test_settings_when_compared_with_those_tried_here_then_are_the_same() -> None:
    assert set(GIVEN) | {"source", "rungs", "project", "command"} == {f.name for f in fields(Asked)}


@pytest.mark.parametrize("name", COMMANDS)
def test_options_when_listed_in_the_help_then_are_those_that_the_use_case_takes(name: str) -> None:
    command, use_case, needed = COMMANDS[name]
    shown = [p for p in command.params if isinstance(p, click.Option) and not p.hidden]
    listed = {CALLED.get(str(p.name), str(p.name)) for p in shown} & set(GIVEN)
    assert listed == {setting for setting in GIVEN if not refuses(use_case, needed, setting)}
