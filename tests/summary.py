"""What a run says of itself at its end: the cases of the notes, and the data by others."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from tests.cases.catalogue import BUILT, CASES, Case, case_of

if TYPE_CHECKING:
    import pytest

CASES_AT = "tests/cases/"
EXTERNAL_AT = "tests/external/"


def outcomes_in(reporter: pytest.TerminalReporter, folder: str) -> dict[str, str]:
    """Per test of a folder, its outcome, also where several processes ran them."""
    return {
        report.nodeid: outcome
        for outcome in ("passed", "skipped", "failed", "error")
        for report in reporter.stats.get(outcome, [])
        if getattr(report, "nodeid", "").startswith(folder)
    }


def line(case: Case, outcomes: list[str]) -> str:
    """One case as a row of the table."""
    if outcomes:
        tick = "✓" if set(outcomes) == {"passed"} else "✗"
        note = "" if tick == "✓" else f"  {', '.join(sorted(set(outcomes)))}"
    else:
        tick = "✗" if case.issue in BUILT else "·"
        note = "  no test has run" if case.issue in BUILT else f"  not built yet ({case.issue})"
    return f" {tick} {case.id:<36} {case.topic:<28}{note}".rstrip()


def say_cases(reporter: pytest.TerminalReporter, arguments: list[str]) -> None:
    """The table where the cases run alone, one line where they run with others."""
    found: dict[str, list[str]] = {}
    for nodeid, outcome in outcomes_in(reporter, CASES_AT).items():
        case = case_of(nodeid.rpartition("::")[2])
        if case is not None:
            found.setdefault(case.test, []).append(outcome)
    if not found:
        return
    if all("cases" in Path(argument.split("::")[0]).parts for argument in arguments):
        reporter.section("the cases of the notes")
        for test, case in CASES.items():
            reporter.write_line(line(case, found.get(test, [])))
    n_passed = sum(set(runs) == {"passed"} for runs in found.values())
    later = [case for case in CASES.values() if case.issue not in BUILT]
    reporter.write_line(
        f"cases of the notes: {n_passed} of {len(CASES)} pass, {len(later)} are not built yet"
    )


def say_external(reporter: pytest.TerminalReporter) -> None:
    """One line on how many tests of data by others ran."""
    outcomes = list(outcomes_in(reporter, EXTERNAL_AT).values())
    if outcomes:
        n_ran = len(outcomes) - outcomes.count("skipped")
        reporter.write_line(f"external data: {n_ran} of {len(outcomes)} tests ran")
