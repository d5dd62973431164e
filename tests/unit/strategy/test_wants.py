from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING

import numpy as np
import pytest

from headway.stats.differences import newcombe_difference
from headway.stats.forms import Binomial, Effective, Mean, Measured
from headway.strategy.gaps import judge_rungs
from headway.strategy.human import parse
from headway.strategy.ladder import Ladder
from tests.unit.strategy.test_ideas import ladder

if TYPE_CHECKING:
    from headway.findings import Want


def wants(human: str | None = None, **rungs: Measured) -> tuple[Want, ...]:
    """What a ladder of some rungs asks for."""
    return judge_rungs(
        rungs,
        rng=np.random.default_rng(0),
        reference=parse(human) if human else None,
        settings=Ladder(margin=0.01),
    ).wants


def test_train_dev_when_missing_then_three_purchases_are_named() -> None:
    want = wants(train=Binomial(n_errors=200, n=200_000), dev=Binomial(n_errors=250, n=2500))[0]

    assert ("train_dev", "train_dev", 5000) == (want.what, want.split, want.n)
    for words in ("retrain without them", "out-of-fold errors", "a fresh draw from the source"):
        assert words in want.sentence


def test_train_dev_when_the_gap_cannot_lead_then_it_comes_last() -> None:
    asked = ladder(train=0.08, dev=0.085).wants

    assert asked[-1].what == "train_dev"


def test_examples_when_a_gap_is_open_then_that_many_would_settle_it() -> None:
    asked = wants(train=Binomial(n_errors=400, n=10_000), train_dev=Binomial(n_errors=27, n=500))
    more = next(w for w in asked if w.what == "examples")
    n = 500 + (more.n or 0)
    then = newcombe_difference(round(0.054 * n), n, 400, 10_000)

    assert "whether variance exceeds 1.00 points" in more.sentence
    assert then.lower is not None
    assert then.lower > 0


def test_examples_when_no_number_would_do_then_that_is_said() -> None:
    asked = wants(train=Binomial(n_errors=0, n=25), train_dev=Binomial(n_errors=3, n=25))

    assert any("No number of further examples settles" in want.sentence for want in asked)


@pytest.mark.parametrize("human", ["6%/100", "6.5%/50"])
def test_human_level_when_it_decides_what_comes_first_then_more_is_asked(human: str) -> None:
    asked = wants(
        human, train=Binomial(n_errors=800, n=10_000), train_dev=Binomial(n_errors=1000, n=10_000)
    )

    assert asked[0].what == "human_level"
    assert "decides what comes first" in asked[0].sentence


def test_past_human_when_undetermined_then_ways_out_are_named() -> None:
    asked = wants(
        "0.5%", train=Binomial(n_errors=30, n=10_000), train_dev=Binomial(n_errors=45, n=10_000)
    )

    assert {"human_level", "slices"} <= {want.what for want in asked}


def test_wants_when_listed_then_each_stands_once() -> None:
    asked = ladder(train=0.01, dev=0.10).wants

    assert len({want.sentence for want in asked}) == len(asked)


def test_rungs_when_one_alone_then_its_neighbours_are_asked_for() -> None:
    asked = wants(dev=Binomial(n_errors=25, n=2500))

    assert {"train"} == {want.split for want in asked if want.what == "predictions"}


def test_examples_when_nothing_can_grow_then_the_plan_ends() -> None:
    asked = wants("5%", train=Binomial(n_errors=52, n=1000))

    assert any("No number of further examples" in want.sentence for want in asked)


@pytest.mark.parametrize(
    ("few", "words"),
    [
        (Mean(mean=1.0, variance=inf, n=1), "More train-dev examples: there are too few"),
        (
            Effective(rate=0.5, n_eff=4.0, n=40, n_clusters=4),
            "More train-dev examples from more groups: there are too few",
        ),
    ],
)
def test_examples_when_there_are_too_few_to_plan_with_then_more_are_asked_for_first(
    few: Measured, words: str
) -> None:
    asked = wants(train=Binomial(n_errors=200, n=1000), train_dev=few)
    more = [want for want in asked if want.what == "examples"]

    assert {"train_dev"} == {want.split for want in more}
    assert all(want.sentence.startswith(words) for want in more)


def test_examples_when_the_leading_gap_rests_on_too_few_then_they_are_asked_for_first() -> None:
    few = Effective(rate=0.6, n_eff=4.0, n=40, n_clusters=4)
    asked = wants("1%", train=Binomial(n_errors=800, n=10_000), train_dev=few)

    assert any("would settle whether variance exceeds" in want.sentence for want in asked)
    assert not any("No number" in want.sentence for want in asked)
