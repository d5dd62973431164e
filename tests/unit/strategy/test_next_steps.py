from __future__ import annotations

from headway.strategy import ideas
from headway.strategy.ideas import Idea
from headway.strategy.next_steps import judge
from tests.unit.strategy.test_ideas import ladder


def test_steps_when_a_gap_leads_then_its_knobs_come_first() -> None:
    steps = judge(ladder(train=0.08, train_dev=0.085, dev=0.09)).steps

    assert [1, 2, 3] == [step.rank for step in steps][:3]
    assert {"avoidable_bias"} == {step.addresses for step in steps if step.knob}
    assert all(step.ceiling is not None for step in steps if step.knob)


def test_steps_when_nothing_leads_then_measuring_comes_first() -> None:
    steps = judge(ladder(train=0.01, dev=0.10)).steps

    assert steps[0].title == "Make a train-dev set"
    assert {"undetermined"} == {step.addresses for step in steps}
    assert all(step.wants for step in steps)


def test_steps_when_a_lower_rung_is_broken_then_the_higher_gap_is_no_promise() -> None:
    found = judge(ladder("0", train=0.10, train_dev=0.11, dev=0.20))

    assert found.gaps.focus == ("avoidable_bias", "data_mismatch")
    assert "HW214" in {f.code for f in found.findings}
    higher = [step for step in found.steps if step.addresses == "data_mismatch"]
    assert all("While train is not fitted" in step.why for step in higher)


def test_steps_when_only_one_gap_is_open_then_nothing_is_held_back() -> None:
    found = judge(ladder(train=0.08, train_dev=0.0801, dev=0.0802))

    assert "HW214" not in {f.code for f in found.findings}
    assert not any("not fitted" in step.why for step in found.steps)


def test_steps_when_ideas_have_costs_then_points_per_day_decide() -> None:
    gaps = ladder(train=0.08, train_dev=0.085, dev=0.09)
    ours = [Idea(name="try Adam", cost_days=8), Idea(name="train longer", cost_days=1)]
    steps = judge(gaps, ideas.judge(ours, gaps)).steps

    assert [step.title for step in steps][:2] == ["Train longer", "Try Adam"]
    assert steps[0].cost_days == 1


def test_steps_when_a_gap_is_real_but_smaller_then_it_comes_later() -> None:
    found = judge(ladder(train=0.10, train_dev=0.105, dev=0.13))

    assert found.gaps.focus == ("avoidable_bias",)
    assert found.later == ("data_mismatch",)


def test_steps_when_none_is_material_then_only_what_is_open_is_asked() -> None:
    found = judge(ladder("1%", 100_000, train=0.0101, train_dev=0.0102, dev=0.0103))

    assert found.gaps.reading == "none_material"
    assert found.steps == ()
