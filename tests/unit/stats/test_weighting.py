from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.stats import kendalltau

from headway.errors import CountError
from headway.stats.weighting import agreement, flips_at, kendall, round_up, smallest_weights
from tests.known import known

VECTORS = {
    vector["name"]: vector
    for vector in json.loads(
        (Path(__file__).parents[2] / "methods_vectors.json").read_text(encoding="utf-8")
    )["vectors"]
}


def vector(name: str) -> tuple[Any, Any, float]:
    """Inputs, expected answer and tolerance of a vector."""
    found = VECTORS[name]
    return found["inputs"], found["expected"], found["tolerance"]


def test_rank_disagreement_tau_when_computed_then_it_is_the_vector() -> None:
    given, expected, tolerance = vector("rank_disagreement_tau")
    tau, pairs = kendall(given["metric_rank"], given["stakeholder_rank"])

    assert expected["kendall_tau"] == pytest.approx(tau, abs=tolerance)
    assert expected["discordant_pairs"] == pairs


def test_kendall_when_there_are_no_ties_then_it_is_scipys() -> None:
    rng = np.random.default_rng(1)
    one, other = rng.permutation(9).tolist(), rng.permutation(9).tolist()

    assert kendalltau(one, other).statistic == pytest.approx(kendall(one, other)[0])


def test_weights_from_preferences_lp_when_solved_then_they_are_the_vector() -> None:
    given, expected, tolerance = vector("weights_from_preferences_lp")
    table = np.array(given["loser_minus_winner_errors"])
    found = known(smallest_weights(table, margin=given["margin_errors"]))

    assert expected["weights"] == pytest.approx(found.tolist(), abs=tolerance)
    assert expected["margins"] == pytest.approx((table @ found).tolist(), abs=tolerance)


def test_weights_from_preferences_infeasible_when_solved_then_there_are_none() -> None:
    given, _, _ = vector("weights_from_preferences_infeasible")

    assert smallest_weights(given["loser_minus_winner_errors"]) is None


def test_weight_that_flips_ranking_when_computed_then_it_is_the_vector() -> None:
    given, expected, tolerance = vector("weight_that_flips_ranking")
    a, b = given["A"], given["B"]
    table = [
        [a["ordinary_errors"] - b["ordinary_errors"], a["flagged_errors"] - b["flagged_errors"]]
    ]

    assert expected["w_star"] == pytest.approx(flips_at(table, [1, 10], 1), abs=tolerance)


def test_weights_when_a_category_holds_another_then_it_weighs_no_less() -> None:
    table = [[-5, 10, 0]]
    found = known(smallest_weights(table, above=[(2, 1)]))

    assert found[2] >= found[1] - 1e-9


def test_flips_at_when_no_preference_needs_a_category_then_there_is_no_such_weight() -> None:
    assert flips_at([[10, 5]], [1, 2], 1) is None
    assert flips_at([[10, -5]], [1, 1], 1) is None


def test_agreement_when_one_of_two_preferences_fails_then_the_draw_does_not_count() -> None:
    draws = np.array([[[1.0, 1.0], [-3.0, 1.0]], [[1.0, 1.0], [1.0, 1.0]]])

    assert 0.5 == agreement(draws, [1, 2])


@pytest.mark.parametrize(
    ("weight", "expected"), [(0.2, 1), (1.2, 1.5), (5.2, 7), (7.01, 10), (10, 10), (21, 30)]
)
def test_round_up_when_a_weight_is_given_then_a_round_one_is_at_least_it(
    weight: float, expected: float
) -> None:
    assert expected == round_up(weight)


@pytest.mark.parametrize(("table", "margin"), [([[1.0]], 0.0), ([], 1.0), ([1.0], 1.0)])
def test_weights_when_nothing_can_be_asked_then_it_is_refused(table: Any, margin: float) -> None:
    with pytest.raises(CountError, match=r"margin is|preferences is"):
        smallest_weights(table, margin=margin)


def test_kendall_when_rankings_differ_in_length_then_it_is_refused() -> None:
    with pytest.raises(CountError, match="two models or more in both"):
        kendall([1, 2], [1])
