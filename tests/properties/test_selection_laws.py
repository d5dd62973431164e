from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from headway.findings import Verdict
from headway.stats.feasible import n_to_prove, probability_within
from headway.stats.forms import Binomial, Fixed
from headway.stats.several import chances, flips, max_t_critical
from headway.strategy.candidates import Candidate, candidates
from headway.strategy.selection import judge
from headway.strategy.target import policy

if TYPE_CHECKING:
    from headway.strategy.choices import Selection

TIME = "mean(running_time_ms)"

models = st.lists(st.tuples(st.integers(0, 2000), st.integers(1, 200)), min_size=1, max_size=6)
"""Per model: right answers of 2,000, and milliseconds."""


def chosen(given_: list[tuple[int, int]], bound: float, margin: float | None = None) -> Selection:
    """The choice by accuracy among models with a limit on their time."""
    aim = policy(maximize="accuracy", subject_to=f"running_time_ms <= {bound}", margin=margin)
    items = [
        Candidate(
            model=f"m{i}",
            metrics={"accuracy": Binomial(n_errors=k, n=2000), TIME: Fixed(value=float(ms))},
        )
        for i, (k, ms) in enumerate(given_)
    ]
    return judge(candidates(aim, items), rng=np.random.default_rng(0))


def answer(found: Selection) -> tuple[Any, ...]:
    """What is answered."""
    return found.choice, found.tied, found.leader, found.runner_up


@given(models, st.integers(0, 2000), st.sampled_from([None, 0.01, 0.05]))
def test_choice_when_a_model_that_breaks_a_limit_joins_then_is_the_same(
    some: list[tuple[int, int]], right: int, margin: float | None
) -> None:
    without, joined = chosen(some, 100, margin), chosen([*some, (right, 500)], 100, margin)
    assert answer(without) == answer(joined)


@given(models, st.integers(1, 200), st.integers(0, 100))
def test_best_when_the_limit_is_looser_then_is_never_worse(
    some: list[tuple[int, int]], bound: int, more: int
) -> None:
    strict, loose = chosen(some, bound), chosen(some, bound + more)
    if strict.leader is not None:
        assert loose.leader is not None
        assert loose.model(loose.leader).value >= strict.model(strict.leader).value


@given(models, st.sampled_from([None, 0.01, 0.05]))
def test_choice_when_made_then_keeps_its_limits_and_is_alone(
    some: list[tuple[int, int]], margin: float | None
) -> None:
    found = chosen(some, 100, margin)
    assert (found.choice is None) or not found.tied
    for name in (found.choice, found.leader, *found.tied):
        if name is not None:
            assert Verdict.YES is found.model(name).verdict
    if found.choice is not None and found.leader is not None:
        behind = found.model(found.leader).value - found.model(found.choice).value
        assert behind <= (margin or 0) + 1e-9


@given(models)
def test_answer_when_the_models_come_in_another_order_then_is_as_good(
    some: list[tuple[int, int]],
) -> None:
    one, other = chosen(some, 100), chosen(some[::-1], 100)
    assert len(one.tied) == len(other.tied)
    assert (one.choice is None) == (other.choice is None)
    if one.leader is not None and other.leader is not None:
        assert one.model(one.leader).value == other.model(other.leader).value


@given(models)
def test_chances_when_added_up_then_are_one(some: list[tuple[int, int]]) -> None:
    found = chosen(some, 100)
    total = sum(model.p_best for model in found.models) + found.p_none
    assert abs(total - 1) < 1e-9


@given(st.integers(0, 500), st.integers(0, 500), st.floats(0.01, 0.99), st.floats(0, 0.5))
def test_probability_when_the_limit_is_looser_then_never_falls(
    wrong: int, right: int, bound: float, more: float
) -> None:
    seen, rng = Binomial(n_errors=wrong, n=wrong + right + 1), np.random.default_rng(0)
    strict, loose = (
        probability_within(seen, b, at_most=True, rng=rng) for b in (bound, bound + more)
    )
    assert strict <= loose
    assert abs(strict + probability_within(seen, bound, at_most=False, rng=rng) - 1) < 1e-9


@given(st.floats(0.001, 0.4), st.floats(0.01, 0.3))
def test_examples_needed_when_the_rate_is_farther_from_its_limit_then_are_never_more(
    rate: float, distance: float
) -> None:
    near, far = n_to_prove(rate, rate + distance), n_to_prove(rate, rate + 1.5 * distance)
    assert near is not None
    assert far is not None
    assert far <= near + 200


@given(st.lists(st.lists(st.floats(0, 1), min_size=3, max_size=3), min_size=1, max_size=20))
def test_regret_when_drawn_then_someone_is_best_and_none_is_negative(
    drawn: list[list[float]],
) -> None:
    values = np.array(drawn)
    found = chances(values, np.ones_like(values, dtype=bool))
    assert abs(found.p_best.sum() - 1) < 1e-9
    assert (found.regret >= 0).all()


@given(st.lists(st.tuples(st.integers(0, 100), st.integers(1, 100)), min_size=1, max_size=8))
def test_flips_when_the_price_grows_then_the_pick_between_them_is_the_best(
    some: list[tuple[int, int]],
) -> None:
    values, costs = [float(v) for v, _ in some], [float(c) for _, c in some]
    found = flips(values, costs)
    prices = [flip.price for flip in found]
    assert prices == sorted(prices)
    for at, pick in [
        *((flip.price * (1 - 1e-6), flip.before) for flip in found),
        *((flip.price * (1 + 1e-6), flip.after) for flip in found),
    ]:
        scores = [v - at * c for v, c in zip(values, costs, strict=True)]
        assert scores[pick] >= max(scores) - 1e-6


@given(st.integers(2, 6), st.floats(0, 0.9))
def test_critical_when_there_are_more_models_then_never_falls(n: int, shared: float) -> None:
    def critical(size: int) -> float:
        covariance = shared * np.ones((size, size)) + (1 - shared) * np.eye(size)
        return max_t_critical(covariance, level=0.95, rng=np.random.default_rng(0))

    assert critical(n) <= critical(n + 1) + 0.05


@given(models)
def test_margin_when_it_is_larger_then_no_more_models_are_shown_to_be_worse(
    some: list[tuple[int, int]],
) -> None:
    found = chosen(some, 100)
    wider = replace(found.policy, margin=0.2)
    items = [
        Candidate(
            model=f"m{i}",
            metrics={"accuracy": Binomial(n_errors=k, n=2000), TIME: Fixed(value=float(ms))},
        )
        for i, (k, ms) in enumerate(some)
    ]
    loose = judge(candidates(wider, items), rng=np.random.default_rng(0))
    assert loose.leader == found.leader
