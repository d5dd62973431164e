"""Laws of selection: an infeasible model changes nothing, a looser limit never hurts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from headway.stats.forms import Binomial, Fixed
from headway.strategy.candidates import Candidate, candidates
from headway.strategy.selection import judge
from headway.strategy.target import policy

if TYPE_CHECKING:
    from headway.strategy.choices import Selection

TIME = "mean(running_time_ms)"

MODELS = st.lists(st.tuples(st.integers(0, 500), st.integers(1, 200)), min_size=1, max_size=6)


def choose(models: list[tuple[int, int]], most: float) -> Selection:
    """The choice by accuracy within a running time."""
    aim = policy(maximize="accuracy", subject_to=f"running_time_ms <= {most}")
    items = [
        Candidate(
            model=f"m{i}",
            metrics={"accuracy": Binomial(n_errors=right, n=500), TIME: Fixed(value=time)},
        )
        for i, (right, time) in enumerate(models)
    ]
    return judge(candidates(aim, items), rng=np.random.default_rng(0))


def best(found: Selection) -> float:
    """The accuracy of the leader; below any where there is none."""
    return -1.0 if found.leader is None else found.model(found.leader).value


@given(MODELS, st.integers(0, 500))
def test_choice_when_an_infeasible_model_joins_then_is_the_same(
    models: list[tuple[int, int]], right: int
) -> None:
    before, after = choose(models, 100), choose([*models, (right, 101)], 100)
    assert (before.choice, before.leader, before.tied) == (after.choice, after.leader, after.tied)


@given(MODELS, st.integers(1, 100), st.integers(0, 100))
def test_leader_when_the_limit_is_loosened_then_is_never_worse(
    models: list[tuple[int, int]], most: int, more: int
) -> None:
    assert best(choose(models, most)) <= best(choose(models, most + more))


@given(MODELS)
def test_choice_when_models_come_in_another_order_then_leads_as_well(
    models: list[tuple[int, int]],
) -> None:
    assert best(choose(models, 100)) == best(choose(models[::-1], 100))


@given(MODELS)
def test_chances_when_of_any_models_then_are_fractions_that_add_up(
    models: list[tuple[int, int]],
) -> None:
    found = choose(models, 100)
    total = sum(model.p_best for model in found.models) + found.p_none
    assert abs(total - 1) < 1e-9
