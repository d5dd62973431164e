from __future__ import annotations

import numpy as np
import pytest

from headway.findings import Finding, Verdict
from headway.stats.forms import Binomial, Fixed, Measured
from headway.strategy.gaps import judge_rungs
from headway.strategy.gate import Condition, judge, of_findings, of_gaps, of_limit, of_size
from headway.strategy.ladder import Gaps, Ladder
from headway.strategy.standing import kept
from headway.strategy.target import limit_of

RNG = np.random.default_rng(0)


def ladder(margin: float | None = None, **rungs: Measured) -> Gaps:
    """A judged ladder."""
    return judge_rungs(rungs, rng=np.random.default_rng(0), settings=Ladder(margin=margin))


GROWN = ladder(
    train=Binomial(n_errors=50, n=5_000),
    train_dev=Binomial(n_errors=500, n=5_000),
    dev=Binomial(n_errors=505, n=5_000),
)
"""The error grows from 1 % to 10 %."""


def of(text: str, m: Measured) -> Condition:
    """The condition of a limit."""
    return of_limit(kept("this model", m, limit_of(text, positive=1), rng=RNG), text)


@pytest.mark.parametrize(
    ("n_right", "passed", "start"),
    [(950, True, "Kept"), (800, False, "Broken"), (905, False, "Not shown")],
)
def test_limit_when_judged_then_passes_only_where_it_is_shown(
    n_right: int, *, passed: bool, start: str
) -> None:
    found = of("recall >= 0.9", Binomial(n_errors=n_right, n=1000))
    assert passed is found.passed
    assert found.sentence.startswith(f"{start}: recall")


def test_limit_when_its_metric_is_undefined_then_fails() -> None:
    found = of_limit(None, "recall >= 0.9")
    assert (False, "0/0" in found.sentence) == (found.passed, True)


@pytest.mark.parametrize(("n_errors", "sure"), [(0, "over 0.99"), (1000, "under 0.01")])
def test_probability_when_nearly_certain_then_is_not_said_to_be(n_errors: int, sure: str) -> None:
    assert sure in of("error <= 0.5", Binomial(n_errors=n_errors, n=1000)).sentence


def test_gap_when_the_error_grows_tenfold_then_fails() -> None:
    (found,) = of_gaps(GROWN, {"variance": 0.03})
    assert (False, Verdict.NO) == (found.passed, found.verdict)
    assert "exceeds 3.00 points" in found.sentence


def test_gap_when_it_is_small_then_passes() -> None:
    (found,) = of_gaps(GROWN, {"data_mismatch": 0.03})
    assert found.passed


def test_gap_when_it_may_be_either_then_fails_as_not_shown() -> None:
    (found,) = of_gaps(GROWN, {"variance": 0.09})
    assert (False, Verdict.UNDETERMINED) == (found.passed, found.verdict)
    assert "may exceed" in found.sentence


def test_gap_when_merged_or_absent_then_it_is_not_shown_to_be_kept() -> None:
    merged = ladder(train=Binomial(n_errors=50, n=5_000), dev=Binomial(n_errors=505, n=5_000))
    conditions = of_gaps(merged, {"variance": 0.1, "dev_overfit": 0.1})
    assert [False, False] == [c.passed for c in conditions]
    assert "told apart" in conditions[0].sentence
    assert "not measured" in conditions[1].sentence


def test_gap_when_errors_have_no_n_then_it_is_not_shown_to_be_kept() -> None:
    bare = ladder(train=Fixed(value=0.01), train_dev=Fixed(value=0.1))
    assert [False] == [c.passed for c in of_gaps(bare, {"variance": 0.1})]


@pytest.mark.parametrize(("n", "passed"), [(500, False), (50_000, True)])
def test_size_when_a_margin_is_declared_then_dev_must_resolve_it(n: int, *, passed: bool) -> None:
    found = of_size(ladder(0.01, dev=Binomial(n_errors=n // 10, n=n)), declared=True)
    assert passed is found.passed


def test_size_when_there_is_no_margin_or_no_dev_then_is_not_applicable() -> None:
    assert of_size(GROWN, declared=False).passed is None
    assert of_size(ladder(0.1, train=Fixed(value=0.1)), declared=True).passed is None


def test_findings_when_they_speak_of_a_problem_then_pass_where_there_is_none() -> None:
    codes: dict[Verdict, bool | None] = {
        Verdict.YES: False,
        Verdict.NO: True,
        Verdict.UNDETERMINED: True,
        Verdict.NOT_APPLICABLE: None,
    }
    found = [Finding(code="HW341", verdict=verdict, sentence="...") for verdict in codes]
    other = Finding(code="HW999", verdict=Verdict.YES, sentence="...")
    conditions = of_findings([*found, other], {"HW341": "no leakage"})
    assert [*codes.values()] == [c.passed for c in conditions]


def test_gate_when_a_code_is_ignored_then_it_does_not_fail() -> None:
    conditions = of_gaps(GROWN, {"variance": 0.03})
    assert not judge(conditions, split="dev").passed
    ignored = judge(conditions, split="dev", ignore=["HW372"])
    assert (True, ()) == (ignored.passed, ignored.failed)
