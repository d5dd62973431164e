"""The cases of the notes: what each test is given, and the table at the end."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.cases.catalogue import BUILT, CASES, Case, case_of

if TYPE_CHECKING:
    from collections.abc import Generator

HERE = Path(__file__).parent
OUTCOMES = pytest.StashKey[dict[str, list[str]]]()
"""Per test name, the outcomes of its runs."""


@pytest.fixture
def case(request: pytest.FixtureRequest) -> Case:
    """The case that the test is named after."""
    found = case_of(request.function.__name__)
    assert found is not None, "a test of this folder is named after a case"
    return found


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Keep the outcome of each case."""
    report = yield
    case = case_of(item.name) if item.path.parent == HERE else None
    if case and (call.when == "call" or not report.passed):
        item.config.stash.setdefault(OUTCOMES, {}).setdefault(case.test, []).append(report.outcome)
    return report


def line(case: Case, outcomes: list[str]) -> str:
    """One case as a row of the table."""
    if outcomes:
        tick = "✓" if set(outcomes) == {"passed"} else "✗"
        note = "" if tick == "✓" else f"  {', '.join(sorted(set(outcomes)))}"
    else:
        tick = "✗" if case.issue in BUILT else "·"
        note = "  no test has run" if case.issue in BUILT else f"  not built yet ({case.issue})"
    return f" {tick} {case.id:<36} {case.topic:<28}{note}".rstrip()


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """The table where the cases run alone, one line where they run with others."""
    outcomes = config.stash.setdefault(OUTCOMES, {})
    if not outcomes:
        return
    alone = all(HERE.name in Path(argument.split("::")[0]).parts for argument in config.args)
    if alone:
        terminalreporter.section("the cases of the notes")
        for test, case in CASES.items():
            terminalreporter.write_line(line(case, outcomes.get(test, [])))
    passed = [test for test, runs in outcomes.items() if set(runs) == {"passed"}]
    later = [case for case in CASES.values() if case.issue not in BUILT]
    terminalreporter.write_line(
        f"cases of the notes: {len(passed)} of {len(CASES)} pass, {len(later)} are not built yet"
    )
