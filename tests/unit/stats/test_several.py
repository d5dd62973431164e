from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from scipy.stats import multivariate_t, norm, studentized_range

from headway.errors import CountError
from headway.stats.resampling import dirichlet_draws
from headway.stats.several import chances, flips, level_of, max_t_critical

if TYPE_CHECKING:
    from numpy.typing import NDArray

Vectors = dict[str, dict[str, Any]]


def pattern_tally(given: dict[str, Any]) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Right (1) or wrong (0) of each model by pattern, and the examples of each."""
    right = np.array([[int(c) for c in pattern] for pattern in given["patterns"]], dtype=np.float64)
    return right, np.array(list(given["patterns"].values()))


def covariance_of(right: NDArray[np.float64], n: NDArray[np.int64]) -> NDArray[np.float64]:
    """Covariance of the accuracies over all patterns."""
    share = n / n.sum()
    centred = right - share @ right
    found: NDArray[np.float64] = (centred.T * share) @ centred / n.sum()
    return found


def test_best_of_three_when_tallied_then_is_the_vector(vectors: Vectors) -> None:
    case = vectors["best_of_three_pattern_tally"]
    right, n = pattern_tally(case["inputs"])
    expected, covariance = case["expected"], covariance_of(right, n)
    rng = np.random.default_rng(1)
    drawn = dirichlet_draws(n, n_draws=200_000, rng=rng) @ right
    likely = chances(drawn, np.ones_like(drawn, dtype=bool))
    assert expected["p_best"] == pytest.approx(likely.p_best, abs=case["tolerance"])

    critical = max_t_critical(
        covariance, to=expected["best"], level=0.95, rng=rng, n_draws=1_500_000
    )
    assert expected["max_t_critical"] == pytest.approx(critical, abs=case["tolerance"])

    best = expected["best"]
    accuracy = n @ right / n.sum()
    lower = []
    for other in (0, 1):
        c = covariance[best, best] + covariance[other, other] - 2 * covariance[best, other]
        lower.append(accuracy[best] - accuracy[other] - critical * np.sqrt(c))
    assert expected["simultaneous_lower"] == pytest.approx(lower, abs=1e-4)


def test_best_and_feasible_when_drawn_independently_then_is_the_vector(vectors: Vectors) -> None:
    case = vectors["probability_best_and_feasible"]
    rng, size = np.random.default_rng(2), 400_000
    models = case["inputs"]["candidates"].values()
    right = [rng.beta(m["correct"] + 0.5, m["n"] - m["correct"] + 0.5, size) for m in models]
    false = [rng.beta(m["fp"] + 0.5, m["negatives"] - m["fp"] + 0.5, size) for m in models]
    found = chances(np.stack(right, axis=1), np.stack(false, axis=1) <= case["inputs"]["limit"])
    expected = case["expected"]
    assert [*expected["p_best_and_feasible"].values()] == pytest.approx(
        found.p_best, abs=case["tolerance"]
    )
    assert expected["p_none_feasible"] == pytest.approx(found.p_none, abs=case["tolerance"])


def test_critical_when_models_are_independent_then_is_that_of_tukey() -> None:
    expected = studentized_range.ppf(0.95, 5, np.inf) / np.sqrt(2)
    found = max_t_critical(np.eye(5), level=0.95, rng=np.random.default_rng(0), n_draws=200_000)
    assert expected == pytest.approx(found, abs=0.02)


def test_critical_when_compared_to_one_then_is_that_of_dunnett() -> None:
    found = max_t_critical(
        np.eye(4), to=0, level=0.95, rng=np.random.default_rng(0), n_draws=200_000
    )
    corners = multivariate_t(shape=0.5 * np.eye(3) + 0.5, df=1_000_000, seed=0)
    inside = corners.cdf([found] * 3, lower_limit=[-found] * 3)
    assert inside == pytest.approx(0.95, abs=0.003)


def test_critical_when_there_is_one_difference_or_no_noise_then_is_that_of_one() -> None:
    rng = np.random.default_rng(0)
    assert norm.ppf(0.975) == pytest.approx(max_t_critical(np.eye(2), level=0.95, rng=rng))
    same = np.ones((3, 3))
    assert norm.ppf(0.975) == pytest.approx(max_t_critical(same, level=0.95, rng=rng))


def test_critical_when_the_covariance_is_not_square_then_it_is_refused() -> None:
    with pytest.raises(CountError, match="shape of the covariance is"):
        max_t_critical(np.ones((2, 3)), level=0.95, rng=np.random.default_rng(0))


def test_level_when_taken_of_its_critical_value_then_is_that_level() -> None:
    assert 0.99 == pytest.approx(level_of(float(norm.ppf(0.995))))


def test_chances_when_no_model_is_feasible_then_none_is_best() -> None:
    found = chances(np.array([[0.9, 0.8]]), np.zeros((1, 2), dtype=bool))
    assert ([0, 0], 1.0) == (found.p_best.tolist(), found.p_none)
    assert [0, 0] == found.regret.tolist()


def test_chances_when_models_tie_then_they_share() -> None:
    found = chances(np.array([[0.9, 0.9, 0.1]]), np.ones((1, 3), dtype=bool))
    assert [0.5, 0.5, 0] == found.p_best.tolist()


def test_flips_when_on_the_course_case_then_are_the_vector(vectors: Vectors) -> None:
    case = vectors["linear_combination_course_case"]
    given = case["inputs"]["candidates"]
    names = list(given)
    found = flips(
        [m["accuracy"] for m in given.values()], [m["running_time_ms"] for m in given.values()]
    )
    expected = case["expected"]["flips"]
    assert [(f["from"], f["to"]) for f in expected] == [
        (names[f.before], names[f.after]) for f in found
    ]
    prices = [f.price for f in found]
    assert [f["price"] for f in expected] == pytest.approx(prices, abs=case["tolerance"])


def test_flips_when_a_model_is_worse_and_dearer_then_it_is_never_picked() -> None:
    found = flips([0.9, 0.85, 0.95], [1.0, 2.0, 3.0])
    assert [(2, 0)] == [(f.before, f.after) for f in found]


def test_flips_when_a_model_lies_below_the_hull_then_it_is_skipped() -> None:
    found = flips([0.0, 0.1, 1.0], [0.0, 0.9, 1.0])
    assert [(2, 0)] == [(f.before, f.after) for f in found]


def test_flips_when_one_model_is_best_and_cheapest_then_there_are_none() -> None:
    assert () == flips([0.9, 0.8], [1.0, 2.0])
