from __future__ import annotations

from typing import TYPE_CHECKING

import headway
from headway.strategy.knobs import CHAIN, for_gap

if TYPE_CHECKING:
    from tests.cases.catalogue import Case

KNOB_OF = {
    "bigger network": "bigger_model",
    "bigger model": "bigger_model",
    "better optimization algorithm": "optimizer",
    "train longer": "train_longer",
    "architecture / hyperparameter search": "architecture",
    "regularization": "regularization",
    "regularization (L2, dropout, data augmentation)": "regularization",
    "bigger training set": "more_data",
    "more data": "more_data",
    "bigger dev set": "bigger_dev_set",
    "change the dev set": "change_dev_set",
    "change the cost function / metric": "change_metric",
}
"""The notes' words for a knob, and its id."""


def ids(words: list[str]) -> set[str]:
    """Ids of the knobs in the notes' words; two joined by a slash count as two."""
    parts = [words_of.split(" / ") if words_of not in KNOB_OF else [words_of] for words_of in words]
    return {KNOB_OF[word] for part in parts for word in part}


def test_chain_of_assumptions(case: Case) -> None:
    assert case["expect"] == [assumption for _, assumption, _ in CHAIN]
    for name, _, gap in CHAIN:
        assert ids(case["knobs"][name]) <= {knob.name for knob in for_gap(gap)}


def test_two_assumptions(case: Case) -> None:
    bias = {knob.name for knob in for_gap("avoidable_bias") if knob.name != "early_stopping"}
    variance = {knob.name for knob in for_gap("variance") if knob.name != "early_stopping"}

    assert ids(case["expect"]["fit_the_training_set"]) == bias
    assert ids(case["expect"]["generalize_to_dev"]) == variance


def test_bigger_network_costs_variance(case: Case) -> None:
    knobs = {knob.name: knob for knob in headway.knobs().result.knobs}

    bigger, regularization = knobs["bigger_model"], knobs["regularization"]
    assert ("avoidable_bias", "variance") == (bigger.moves[0], bigger.usually_costs)
    assert ("variance", "avoidable_bias") == (regularization.moves[0], regularization.usually_costs)
    assert all(knob.moves for knob in knobs.values())
    assert "each knob names the gap it moves" in case["expect"]


def test_five_ideas(case: Case) -> None:
    given = case["given"]
    rates = given["rungs"]
    rungs = {name: f"{rates[name]}/{given['n']}" for name in ("train", "dev")}
    answer = headway.ideas(given=given["ideas"], rungs=rungs, human=rates["human"])
    verdicts = {idea.name: idea.verdict for idea in answer.result.ideas}

    assert set(case["expect"]["worth_it"]) == {n for n, v in verdicts.items() if v == "worth_it"}
    assert set(case["expect"]["not_now"]) == {n for n, v in verdicts.items() if v == "not_now"}
    assert verdicts["collect a more diverse training set"] == "undetermined"
    before = headway.ideas(given=given["ideas"]).result
    assert {"undetermined"} == {idea.verdict for idea in before.ideas}
