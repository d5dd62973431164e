from __future__ import annotations

import numpy as np

from headway.findings import Finding, Verdict
from headway.report.compose import document
from headway.stats.forms import Binomial
from headway.strategy.gaps import judge_rungs
from headway.strategy.next_steps import judge
from headway.strategy.problems import PROBLEMS, steps

LADDER = judge_rungs(
    {"train": Binomial(n_errors=50, n=5_000), "train_dev": Binomial(n_errors=500, n=5_000)},
    rng=np.random.default_rng(0),
)


def found(*codes: str, verdict: Verdict = Verdict.YES) -> list[Finding]:
    """Findings with these codes."""
    return [Finding(code=code, verdict=verdict, sentence=f"{code}.") for code in codes]


def test_steps_when_findings_come_in_any_order_then_the_most_urgent_is_first() -> None:
    codes = [*PROBLEMS]
    made = steps(found(*reversed(codes)))
    assert [f"{code}." for code in codes] == [step.why for step in made]


def test_steps_when_two_findings_share_a_code_then_are_one() -> None:
    assert ["HW371. HW371."] == [step.why for step in steps(found("HW371", "HW371"))]


def test_steps_when_a_finding_is_no_problem_then_has_none() -> None:
    assert () == steps([*found("HW371", verdict=Verdict.NO), *found("HW202")])


def test_next_steps_when_the_target_is_wrong_then_it_comes_first() -> None:
    made = judge(LADDER, target=steps(found("HW371", "HW366")))
    assert ["target", "target"] == [step.addresses for step in made.steps[:2]]
    assert [1, 2, 3] == [step.rank for step in made.steps[:3]]
    assert made.steps[2].addresses in {"variance", "undetermined"}


def test_next_steps_when_many_targets_are_wrong_then_one_more_step_is_left() -> None:
    many = steps(found(*PROBLEMS)) * 3
    made = judge(LADDER, target=many)
    assert len(many) + 1 == len(made.steps)


def test_page_when_the_target_is_wrong_then_its_verdict_says_so() -> None:
    page = document(judge(LADDER, target=steps(found("HW366"))))
    assert "Set the target right first: take a fresh test set." == page.verdict
