"""Problems of the target: what must be set right before any gap is worth closing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from headway.findings import Verdict
from headway.strategy.next_steps import Step

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from headway.findings import Finding

__all__ = ["CONDITIONS", "PROBLEMS", "SPLIT_CONDITIONS", "Problem", "steps"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """What to do about a finding that speaks of the target.

    Args:
        title: What to do, a verb first.
        command: The command that shows more, or starts it.
        knob: Id of the knob it turns, or None for a measurement.
    """

    title: str
    command: str
    knob: str | None = None


PROBLEMS: Final[Mapping[str, Problem]] = {
    "HW350": Problem(
        title="Draw dev and test from one distribution",
        command="headway check-splits",
        knob="change_dev_set",
    ),
    "HW354": Problem(
        title="Take out of train what dev and test hold", command="headway check-splits"
    ),
    "HW355": Problem(title="Keep each group in one split", command="headway check-splits"),
    "HW331": Problem(title="Change the metric", command="headway reweight", knob="change_metric"),
    "HW362": Problem(title="Take a fresh dev set", command="headway wear", knob="change_dev_set"),
    "HW366": Problem(title="Take a fresh test set", command="headway wear"),
    "HW371": Problem(title="Bring the model within its limit", command="headway select"),
}
"""Per code, what to do where the finding says yes; in order of urgency."""


SPLIT_CONDITIONS: Final[Mapping[str, str]] = {
    "HW350": "dev and test from one distribution",
    "HW354": "no id in two splits",
    "HW355": "no group in two splits",
}
"""What the gate asks of the splits, by the code of what is found."""

CONDITIONS: Final = ("HW371", "HW372", "HW373", *SPLIT_CONDITIONS)
"""The codes of all that the gate asks: limits, gaps, the size of dev, and the splits."""


def steps(findings: Iterable[Finding]) -> tuple[Step, ...]:
    """Steps that set the target right, the most urgent first.

    Args:
        findings: What was found of the target; only what says *yes* becomes a step.

    Returns:
        One step for each code of ``PROBLEMS`` that was found; two of one code are one step.

    Examples:
        >>> from headway.findings import Finding
        >>> found = Finding(code="HW366", verdict=Verdict.YES, sentence="Test is used up.")
        >>> [step.title for step in steps([found])]
        ['Take a fresh test set']

    References:
        Notes: week 1, "Setting up your goal".
    """
    told: dict[str, list[str]] = {}
    for finding in findings:
        if finding.code in PROBLEMS and finding.verdict is Verdict.YES:
            told.setdefault(finding.code, []).append(finding.sentence)
    return tuple(
        Step(
            rank=0,
            title=problem.title,
            knob=problem.knob,
            addresses="target",
            ceiling=None,
            cost_days=None,
            why=" ".join(told[code]),
            command=problem.command,
        )
        for code, problem in PROBLEMS.items()
        if code in told
    )
