from __future__ import annotations

import headway
from headway import workbench
from headway.cli.main import COMMANDS
from scripts.cli_page import PAGE, cli_page
from tests.house.tree import DOCS

COMMAND = {
    "add_idea": "ideas",
    "check_splits": "check-splits",
    "next_steps": "next",
    "operating_point": "operating-point",
    "write_report": "report",
}
"""Use-cases whose command is named otherwise; the first is ``headway ideas add``."""

GUIDE = {"add_idea": "ideas", "write_report": "report"}
"""Use-cases whose page is named otherwise."""

NO_COMMAND = {"collect", "example_weights"}
"""One takes a model and the other gives an array, which no command line can hold."""

ONLY_A_COMMAND = {"completion"}
"""It serves the shell."""


def test_use_cases_when_compared_with_the_commands_then_are_the_same() -> None:
    commands = {COMMAND.get(name, name) for name in workbench.__all__ if name not in NO_COMMAND}
    assert commands | ONLY_A_COMMAND == set(COMMANDS)


def test_use_cases_when_compared_with_the_root_then_are_its_functions() -> None:
    functions = {name for name in headway.__all__ if name.islower() and not name.startswith("_")}
    assert set(workbench.__all__) == functions


def test_use_cases_when_compared_with_the_guide_then_each_has_its_page() -> None:
    pages = {page.stem for page in (DOCS / "guide").glob("*.md")}
    assert set() == {GUIDE.get(name, name) for name in workbench.__all__} - pages


def test_root_when_each_name_is_asked_for_then_gives_it() -> None:
    assert [] == [name for name in headway.__all__ if not hasattr(headway, name)]


def test_command_page_when_compared_with_the_help_then_is_the_same() -> None:
    assert cli_page() == PAGE.read_text(encoding="utf-8"), "run `make map`"
