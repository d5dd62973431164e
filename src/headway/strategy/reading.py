"""What must be said about the input: what was recognised, left out, or read another way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from headway.findings import Finding, Verdict
from headway.strategy.ladder import rung_words
from headway.wording import counted, listed, thousands

if TYPE_CHECKING:
    from collections.abc import Mapping

    from headway.counts import Intake

__all__ = ["findings"]

REASONS: Final = {
    "no_label": "no label",
    "no_split": "no split",
    "unknown_split": "an unknown split",
    "bad_loss": "a loss that is no number",
    "bad_weight": "a weight that is no number",
    "bad_probabilities": "probabilities that do not sum to 1",
}


def findings(intake: Intake) -> tuple[Finding, ...]:
    """What a reader of the answer must know about its input.

    Args:
        intake: What was read.

    Returns:
        One finding for each thing that was not simply as named.

    Examples:
        >>> from headway.counts import Intake
        >>> print(findings(Intake(rows=10, unusable={"no_label": 2}))[0].sentence)
        2 of 10 rows were left out: 2 with no label.

    References:
        Methods note, section 0.10.
    """
    said = {
        "HW101": _recognised(intake),
        "HW102": _unusable(intake),
        "HW103": "There is no split column: all rows are taken as one dev set."
        if intake.no_split
        else "",
        "HW104": "There is no prediction column: the class of the largest probability is taken."
        if intake.prediction_from == "probabilities"
        else "",
        "HW105": _whole_floats(intake),
        "HW106": _by_split(
            "Rows without a score rank below all others"
            if intake.prediction_from == "score"
            else "Rows without a prediction count as errors",
            intake.abstained,
        ),
        "HW107": _by_split("Rows without a label were left out", intake.unlabeled),
        "HW108": _by_split("Rows whose label is too young were left out", intake.immature),
        "HW109": _types(intake),
    }
    return tuple(
        Finding(code=code, verdict=Verdict.YES, sentence=sentence)
        for code, sentence in said.items()
        if sentence
    )


def _recognised(intake: Intake) -> str:
    """Columns and splits found under another name."""
    pairs = [
        f"'{role.removeprefix('split=')}' as {name}"
        if role.startswith("split=")
        else f"'{name}' as {role}"
        for role, name in intake.recognised.items()
    ]
    return f"Read {listed(pairs)}." if pairs else ""


def _unusable(intake: Intake) -> str:
    """Rows left out, by reason."""
    parts = [
        f"{thousands(n)} with {REASONS.get(reason, reason.replace('_', ' '))}"
        for reason, n in intake.unusable.items()
        if n
    ]
    total = sum(intake.unusable.values())
    were = "was" if total == 1 else "were"
    left = f"{thousands(total)} of {counted(intake.rows, 'row')} {were} left out"
    return f"{left}: {listed(parts)}." if parts else ""


def _whole_floats(intake: Intake) -> str:
    """Labels stored as decimals."""
    names = listed(list(intake.whole_floats))
    return f"Whole numbers stored as decimals were read as integers: {names}." if names else ""


def _by_split(lead: str, numbers: Mapping[str, int]) -> str:
    """A sentence with numbers by split; empty where all are zero."""
    parts = [f"{rung_words(split)} {thousands(n)}" for split, n in numbers.items() if n]
    return f"{lead}: {listed(parts)}." if parts else ""


def _types(intake: Intake) -> str:
    """Label and prediction of types that can never be equal."""
    if intake.types_differ is None:
        return ""
    label, prediction = intake.types_differ
    return f"Labels are {label} and predictions {prediction}: they can never be equal."
