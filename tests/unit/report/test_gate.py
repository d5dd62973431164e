from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest

from headway.findings import Verdict, Want
from headway.report.compose import document
from headway.report.gate import to_junit
from headway.report.render import to_plain_text
from headway.strategy.gate import Condition, Gate

WANT = Want(what="examples", n=500, sentence="About 500 more examples would settle it.")


def condition(verdict: Verdict, **more: object) -> Condition:
    """A condition with a verdict."""
    given = {"code": "HW371", "name": "recall ≥ 90 %", "sentence": "It is 91 %."} | more
    return Condition(verdict=verdict, **given)  # type: ignore[arg-type]


def gate(*conditions: Condition) -> Gate:
    """A gate on dev."""
    return Gate(conditions=conditions, split="dev")


PASSED = condition(Verdict.YES)
FAILED = condition(Verdict.NO)
OPEN = condition(Verdict.UNDETERMINED, must_be_shown=True, wants=(WANT,))
BY_CHANCE = condition(Verdict.UNDETERMINED)
NONE = condition(Verdict.NOT_APPLICABLE)
IGNORED = condition(Verdict.NO, ignored=True)


@pytest.mark.parametrize(
    ("conditions", "verdict"),
    [
        ((PASSED,), "The condition holds."),
        ((FAILED,), "The condition fails."),
        ((PASSED, PASSED, NONE), "All 2 conditions hold."),
        ((PASSED, FAILED), "1 of 2 conditions fails."),
        ((OPEN, FAILED, IGNORED), "2 of 2 conditions fail."),
        ((NONE,), "Nothing is declared that could be checked on these rows."),
    ],
)
def test_verdict_when_conditions_differ_then_counts_what_fails(
    conditions: tuple[Condition, ...], verdict: str
) -> None:
    assert verdict == document(gate(*conditions)).verdict


def test_page_when_shown_then_names_every_outcome() -> None:
    text = to_plain_text(document(gate(PASSED, FAILED, OPEN, BY_CHANCE, NONE, IGNORED)))
    for word in ("passed", "failed", "cannot tell", "not applicable", "ignored", WANT.sentence):
        assert word in text


def test_values_when_asked_then_passed_is_none_where_nothing_applies() -> None:
    value = document(gate(PASSED, OPEN, NONE)).value
    assert isinstance(value["conditions"], list)
    assert [True, False, None] == [c["passed"] for c in value["conditions"]]


def test_junit_when_written_then_failures_and_skipped_are_counted() -> None:
    suite = ET.fromstring(to_junit(gate(PASSED, OPEN, NONE, IGNORED)).partition("\n")[2])  # noqa: S314
    assert ("4", "1", "2") == tuple(suite.get(name) for name in ("tests", "failures", "skipped"))
    assert ["It is 91 %."] == [each.text for each in suite.iter("system-out")]
