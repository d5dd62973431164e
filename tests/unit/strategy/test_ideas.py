from __future__ import annotations

import numpy as np
import pytest

from headway.stats.forms import Binomial
from headway.strategy.gaps import judge_rungs
from headway.strategy.human import parse
from headway.strategy.ideas import Idea, JudgedIdea, judge
from headway.strategy.ladder import Gaps, Ladder


def ladder(human: str | None = "1%", n: int = 10_000, **rates: float) -> Gaps:
    return judge_rungs(
        {name: Binomial(n_errors=round(rate * n), n=n) for name, rate in rates.items()},
        rng=np.random.default_rng(0),
        reference=parse(human) if human else None,
        settings=Ladder(),
    )


def one(name: str, gaps: Gaps | None, knob: str | None = None) -> JudgedIdea:
    return judge([Idea(name=name, knob=knob)], gaps).ideas[0]


@pytest.mark.parametrize(
    ("idea", "verdict"),
    [("try Adam", "worth_it"), ("dropout", "not_now"), ("bigger dev set", "undetermined")],
)
def test_idea_when_bias_leads_then_only_its_knobs_are_worth_it(idea: str, verdict: str) -> None:
    gaps = ladder(train=0.08, train_dev=0.085, dev=0.10)

    assert verdict == one(idea, gaps).verdict


def test_idea_when_no_ladder_is_known_then_it_is_undetermined() -> None:
    assert ("undetermined", None) == (one("try Adam", None).verdict, one("try Adam", None).ceiling)


def test_idea_when_no_knob_is_recognised_then_it_asks_for_one() -> None:
    found = one("buy better chairs", ladder(train=0.08, dev=0.1))

    assert (found.verdict, found.knob) == ("undetermined", None)
    assert "--knob" in found.why


def test_idea_when_the_merged_gap_leads_then_both_its_knobs_are_undetermined() -> None:
    gaps = ladder(train=0.01, dev=0.10)

    assert {"undetermined"} == {one(i, gaps).verdict for i in ("dropout", "more diverse data")}
    assert one("dropout", gaps).wants[0].what == "train_dev"


def test_idea_when_its_gap_is_below_the_margin_then_not_now() -> None:
    gaps = ladder("1%", 100_000, train=0.0101, train_dev=0.0102, dev=0.0103)

    assert one("dropout", gaps).verdict == "not_now"


def test_idea_when_its_gap_may_lead_then_it_is_undetermined() -> None:
    gaps = ladder("1%", 100, train=0.08, train_dev=0.12)

    assert one("dropout", gaps).verdict == "undetermined"


def test_idea_when_its_gap_is_clear_alone_but_not_among_all_then_it_is_undetermined() -> None:
    n = {"train": 10_000, "train_dev": 10_000, "dev": 4000}
    errors = {"train": 120, "train_dev": 120, "dev": 65}
    gaps = judge_rungs(
        {name: Binomial(n_errors=k, n=n[name]) for name, k in errors.items()},
        rng=np.random.default_rng(0),
        reference=parse("1%/10000"),
        settings=Ladder(margin=0.002),
    )
    found = one("like dev", gaps)

    assert ("yes", ()) == (gaps.gap("data_mismatch").verdict, gaps.focus)
    assert found.verdict == "undetermined"
    assert found.why == "It moves data mismatch: whether it comes first is not known."


def test_idea_when_its_gap_is_open_then_the_reason_is_the_gaps_own() -> None:
    gaps = ladder("1%", 100, train=0.01, train_dev=0.03)

    assert one("dropout", gaps).why == "It moves variance: its interval holds zero."


def test_ideas_when_judged_then_the_larger_ceiling_comes_first() -> None:
    gaps = ladder("0", train=0.10, train_dev=0.11, dev=0.20)
    found = judge([Idea(name="like dev"), Idea(name="try Adam"), Idea(name="dropout")], gaps)

    assert [idea.name for idea in found.ideas] == ["try Adam", "like dev", "dropout"]
