from __future__ import annotations

import pytest

from headway.errors import TargetError
from headway.strategy.knobs import KNOBS, for_gap, named, recognised
from headway.strategy.ladder import GAPS


@pytest.mark.parametrize("gap", GAPS)
def test_gap_when_open_then_a_knob_moves_it_alone(gap: str) -> None:
    assert for_gap(gap)[0].moves == (gap,)


def test_knobs_when_listed_then_ids_are_unique_and_gaps_are_known() -> None:
    assert len({knob.name for knob in KNOBS}) == len(KNOBS)
    for knob in KNOBS:
        assert set(knob.moves) <= set(GAPS)
        assert knob.usually_costs is None or knob.usually_costs in GAPS
        assert knob.usually_costs not in knob.moves
        assert knob.orthogonal == (len(knob.moves) == 1 and knob.name != "early_stopping")


@pytest.mark.parametrize(
    ("idea", "knob"),
    [
        ("collect more data", "more_data"),
        ("collect a more diverse training set", "make_train_like_dev"),
        ("train the algorithm longer with gradient descent", "train_longer"),
        ("try Adam", "optimizer"),
        ("try dropout", "regularization"),
        ("add L2 regularization", "regularization"),
        ("change network architecture", "architecture"),
        ("use early stopping", "early_stopping"),
        ("Train a bigger network", "bigger_model"),
    ],
)
def test_idea_when_in_the_words_of_the_notes_then_its_knob_is_recognised(
    idea: str, knob: str
) -> None:
    found = recognised(idea)

    assert found is not None
    assert knob == found.name


def test_idea_when_in_other_words_then_no_knob_is_guessed() -> None:
    assert recognised("buy better chairs") is None
    assert recognised("ask madam") is None


def test_knob_when_named_then_its_words_do_not_matter() -> None:
    assert named("optimizer").moves == ("avoidable_bias",)


def test_knob_when_unknown_then_it_is_refused_with_the_close_match() -> None:
    with pytest.raises(TargetError, match="did you mean 'optimizer'"):
        named("optimiser")
