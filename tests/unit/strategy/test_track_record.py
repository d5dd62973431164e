from __future__ import annotations

import re

import pytest

from headway.counts import CountTable
from headway.errors import CountError
from headway.findings import Verdict
from headway.strategy.ladder import Gap
from headway.strategy.track_record import judge

CELLS = [(True, False), (False, True), (True, True), (False, False)]


def gap(
    estimate: float | None = 0.20, lower: float | None = 0.15, upper: float | None = 0.25
) -> Gap:
    """A data mismatch that was promised."""
    return Gap(
        name="data_mismatch",
        merges=("data_mismatch",),
        lower_rung="train_dev",
        upper_rung="dev",
        estimate=estimate,
        lower=lower,
        upper=upper,
        level=0.95,
        lower_simultaneous=lower,
        verdict=Verdict.YES,
        p_largest=1.0,
    )


def counts(fixed: int, broken: int, rest: int) -> CountTable:
    """Rows that became right, that became wrong, and others."""
    return CountTable.of(("before", "after"), CELLS, [fixed, broken, 0, rest])


@pytest.mark.parametrize(
    ("fixed", "broken", "kept", "words"),
    [
        (70, 10, Verdict.YES, "kept: the error fell by 15.00 points .* of at most 20.00 points"),
        (10, 70, Verdict.NO, r"not kept: the error rose by 15.00 points \[10.*instead of a fall"),
        (200, 10, Verdict.NO, "fell by 47.50 points .* more than the promise .* was misread"),
        (12, 10, Verdict.UNDETERMINED, "cannot be told: the change was 0.50 points"),
    ],
)
def test_judge_when_a_move_was_made_then_says_what_it_brought(
    fixed: int, broken: int, kept: Verdict, words: str
) -> None:
    entry = judge(gap(), counts(fixed, broken, 400 - fixed - broken), knob="any")
    assert kept == entry.kept
    assert pytest.approx((fixed - broken) / 400) == entry.realised.estimate
    assert re.search(words, entry.sentence)


def test_judge_when_it_cannot_be_told_then_asks_for_rows() -> None:
    entry = judge(gap(), counts(12, 10, 378), knob="any")
    assert ["examples"] == [want.what for want in entry.wants]
    assert "Measure both models on about" in entry.wants[0].sentence


def test_judge_when_nothing_changed_then_asks_for_nothing() -> None:
    entry = judge(gap(), counts(5, 5, 90), knob="any")
    assert (Verdict.UNDETERMINED, ()) == (entry.kept, entry.wants)


def test_judge_when_the_promise_had_no_interval_then_its_estimate_is_the_most() -> None:
    entry = judge(gap(lower=None, upper=None), counts(200, 10, 190), knob="any")
    assert entry.kept == Verdict.NO


def test_judge_when_the_promise_had_no_number_then_a_fall_keeps_it() -> None:
    entry = judge(gap(None, None, None), counts(70, 10, 320), knob="any")
    assert entry.sentence.startswith("The promise was kept: the error fell by 15.00 points [")
    assert "at most" not in entry.sentence


def test_judge_when_there_are_no_rows_then_refuses() -> None:
    with pytest.raises(CountError, match="n is 0"):
        judge(gap(), counts(0, 0, 0), knob="any")
