"""The gate as a document, as plain values and as JUnit."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from headway.report.appendix import data_and_settings
from headway.report.dispatch import document, intake_section, kept
from headway.report.document import (
    Document,
    Named,
    Remark,
    Remarks,
    Row,
    Section,
    Settings,
    Table,
)
from headway.report.numbers import typeset
from headway.report.sections import wanted
from headway.report.values import value, want_values
from headway.strategy.gate import Gate

if TYPE_CHECKING:
    from headway.counts import Intake
    from headway.errors import HeadwayError
    from headway.report.values import JsonObject
    from headway.strategy.gate import Condition

__all__ = ["refused_junit", "to_junit"]

OUTCOMES = {
    "ignored": ("ignored", "not_applicable"),
    "passed": ("passed", "yes"),
    "failed": ("failed", "no"),
    "open": ("cannot tell", "undetermined"),
    "none": ("not applicable", "not_applicable"),
}


def _outcome(condition: Condition) -> str:
    """What became of a condition."""
    if condition.ignored:
        return "ignored"
    if condition.passed is None:
        return "none"
    if condition.verdict == "undetermined":
        return "failed" if not condition.passed else "open"
    return "passed" if condition.passed else "failed"


@value.register(Gate)
def _(result: Gate) -> JsonObject:
    """The gate as plain values."""
    return {
        "passed": result.passed,
        "split": result.split,
        "conditions": [
            {
                "code": c.code,
                "name": c.name,
                "passed": c.passed,
                "verdict": str(c.verdict),
                "ignored": c.ignored,
                "sentence": c.sentence,
                "wants": want_values(c.wants),
            }
            for c in result.conditions
        ],
    }


@document.register(Gate)
def _(result: Gate, *, intake: Intake | None = None, settings: Settings | None = None) -> Document:
    """The gate as a document."""
    settings = settings or Settings()
    rows = []
    for condition in result.conditions:
        word, mark = OUTCOMES[_outcome(condition)]
        rows.append(
            Row(cells=(condition.code, typeset(condition.name), Named(text=word, verdict=mark)))
        )
    said = tuple(
        Remark(head=c.code, text=typeset(c.sentence))
        for c in sorted(result.conditions, key=lambda c: c.passed is not False)
    )
    wants = [want for condition in result.conditions for want in condition.wants]
    table = Table(
        caption="The conditions of the gate",
        heads=("code", "condition", "outcome"),
        rows=tuple(rows),
    )
    sections = (
        Section(title="Conditions", blocks=(table,) if rows else ()),
        Section(title="", blocks=(Remarks(items=said, kind="findings"),) if said else ()),
        Section(title="What would settle it", blocks=wanted(wants)),
        intake_section(intake),
        data_and_settings(None, intake, settings),
    )
    return Document(
        command="check",
        verdict=_verdict(result),
        sections=kept(sections),
        value=value(result),
        intake=intake,
        settings=settings,
    )


def _verdict(result: Gate) -> str:
    """Whether the gate is passed."""
    counted = [c for c in result.conditions if c.passed is not None and not c.ignored]
    n, failed = len(counted), len(result.failed)
    if not n:
        return "Nothing is declared that could be checked on these rows."
    if not failed:
        return "The condition holds." if n == 1 else f"All {n} conditions hold."
    if n == 1:
        return "The condition fails."
    return f"{failed} of {n} conditions {'fails' if failed == 1 else 'fail'}."


def to_junit(result: Gate) -> str:
    """The gate as JUnit's XML, which build servers read.

    Args:
        result: The gate.

    Returns:
        The text of the file: a test case for each condition; ignored and not applicable ones are
        skipped.

    Examples:
        >>> to_junit(Gate(conditions=(), split="dev")).splitlines()[1][:48]
        '<testsuite name="headway check" tests="0" failur'
    """
    outcomes = [_outcome(c) for c in result.conditions]
    skipped = sum(outcome in {"ignored", "none"} for outcome in outcomes)
    suite = Element(
        "testsuite",
        name="headway check",
        tests=str(len(outcomes)),
        failures=str(outcomes.count("failed")),
        errors="0",
        skipped=str(skipped),
    )
    for condition, outcome in zip(result.conditions, outcomes, strict=True):
        case = SubElement(
            suite, "testcase", classname="headway.check", name=f"{condition.code} {condition.name}"
        )
        if outcome == "failed":
            SubElement(case, "failure", message=condition.sentence, type=condition.code)
        elif outcome in {"ignored", "none"}:
            SubElement(case, "skipped", message=condition.sentence)
        else:
            SubElement(case, "system-out").text = condition.sentence
    return _xml(suite)


def refused_junit(refusal: HeadwayError) -> str:
    """A refusal as JUnit's XML: the gate could not be judged.

    Args:
        refusal: Why the input was refused.

    Returns:
        The text of the file: one test case, which is an error.

    Examples:
        >>> from headway.errors import SourceError
        >>> text = refused_junit(SourceError.nothing_given())
        >>> 'tests="1" failures="0" errors="1"' in text
        True
    """
    suite = Element(
        "testsuite", name="headway check", tests="1", failures="0", errors="1", skipped="0"
    )
    case = SubElement(suite, "testcase", classname="headway.check", name="input")
    error = SubElement(case, "error", message=refusal.problem, type=refusal.code)
    error.text = str(refusal)
    return _xml(suite)


def _xml(suite: Element) -> str:
    """The text of a file with one suite."""
    indent(suite)
    return f'<?xml version="1.0" encoding="utf-8"?>\n{tostring(suite, encoding="unicode")}\n'
