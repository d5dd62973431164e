from __future__ import annotations

from itertools import combinations_with_replacement
from math import comb, sqrt
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from scipy.stats import norm

from headway.errors import CountError
from headway.stats.optimism import (
    adaptive_envelope,
    adaptive_limit,
    aggregation_gain,
    covariance_optimism,
    expected_max_normals,
    half_split_optimism,
    worst_case_optimism,
)

if TYPE_CHECKING:
    from collections.abc import Callable

Vectors = dict[str, dict[str, Any]]


def se(rate: float, n: int) -> float:
    """The standard error of a rate."""
    return sqrt(rate * (1 - rate) / n)


PATTERNS = [[0, 0], [0, 1], [1, 0], [1, 1]]
"""Whether A and B are wrong, for the cells of the vector."""


def test_expected_max_when_of_several_numbers_then_is_that_of_the_methods_note(
    vectors: Vectors,
) -> None:
    vector = vectors["expected_max_normals"]
    found = [expected_max_normals(k) for k in vector["inputs"]["k"]]

    assert vector["expected"]["e_max"] == pytest.approx(found, abs=vector["tolerance"])
    assert all(e < bound for e, bound in zip(found, vector["expected"]["sqrt_2_ln_k"], strict=True))


@pytest.mark.parametrize(("k", "exact"), [(1, 0.0), (2, 1 / sqrt(np.pi)), (3, 1.5 / sqrt(np.pi))])
def test_expected_max_when_it_has_a_closed_form_then_is_that(k: int, exact: float) -> None:
    assert exact == pytest.approx(expected_max_normals(k), abs=1e-12)


def test_expected_max_when_of_very_many_then_still_grows() -> None:
    found = [expected_max_normals(10**power) for power in range(1, 10)]
    assert sorted(found) == found


def test_worst_case_when_models_are_independent_or_share_rows_then_is_that_of_the_methods_note(
    vectors: Vectors,
) -> None:
    given, expected = (vectors["optimism_worst_case"][key] for key in ("inputs", "expected"))
    n, k = given["n"], given["models"]
    one, shared = se(given["error"], n), sqrt(given["discordant_rate"] / (2 * n))

    assert expected["se"] == pytest.approx(one, abs=1e-8)
    assert expected["independent_bound"] == pytest.approx(worst_case_optimism(one, k), abs=1e-8)
    assert expected["correlated_estimate"] == pytest.approx(
        worst_case_optimism(shared, k), abs=1e-8
    )


def test_covariance_when_of_three_models_then_is_that_of_the_methods_note(
    vectors: Vectors, rng: np.random.Generator
) -> None:
    vector = vectors["optimism_from_covariance"]
    found = covariance_optimism(
        vector["inputs"]["covariance_of_correctness"], 1000, n_draws=400_000, rng=rng
    )

    assert vector["expected"]["expected_max"] == pytest.approx(
        found.estimate, abs=vector["tolerance"]
    )
    assert 4 * found.noise < vector["tolerance"]
    assert found.n_models == 3


def test_covariance_when_models_are_independent_then_is_the_worst_case(
    rng: np.random.Generator,
) -> None:
    found = covariance_optimism(0.0475 * np.eye(50), 10_000, n_draws=20_000, rng=rng)
    assert worst_case_optimism(se(0.05, 10_000), 50) == pytest.approx(found.estimate, rel=0.01)


def test_half_split_when_of_two_models_then_is_the_exact_expectation(
    vectors: Vectors, rng: np.random.Generator
) -> None:
    vector = vectors["half_split_optimism_exact"]
    cells = [vector["inputs"]["patterns"][name] for name in ("11", "10", "01", "00")]
    found = half_split_optimism(cells, PATTERNS, n_splits=100_000, rng=rng)

    assert vector["expected"]["scaled_to_full"] == pytest.approx(
        found.estimate, abs=4 * found.noise
    )
    assert found.noise < 1e-4


def test_half_split_when_enumerated_then_agrees(rng: np.random.Generator) -> None:
    cells = [2, 3, 2, 1]
    total = value = 0.0
    for half in combinations_with_replacement(range(4), 4):
        seen = np.bincount(half, minlength=4)
        ways = float(np.prod([comb(n, int(s)) for n, s in zip(cells, seen, strict=True)]))
        ours, theirs = (
            seen @ np.array(PATTERNS) / 4,
            (np.array(cells) - seen) @ np.array(PATTERNS) / 4,
        )
        tied = ours == ours.min()
        total += ways
        value += ways * (theirs[tied].mean() - ours.min())
    found = half_split_optimism(cells, PATTERNS, n_splits=100_000, rng=rng)

    assert value / total / sqrt(2) == pytest.approx(found.estimate, abs=4 * found.noise)


def test_half_split_when_there_is_one_model_then_nothing_was_chosen(
    rng: np.random.Generator,
) -> None:
    found = half_split_optimism([900, 100], [[0], [1]], n_splits=4000, rng=rng)

    assert found.estimate == 0.0
    assert sqrt(0.09 / 1000) == pytest.approx(found.spread, rel=0.05)


def test_half_split_when_patterns_are_many_then_is_drawn_in_parts(rng: np.random.Generator) -> None:
    wrong = rng.random((5000, 3)) < 0.3
    found = half_split_optimism(np.ones(5000, dtype=int), wrong, rng=rng)
    assert worst_case_optimism(se(0.3, 5000), 3) == pytest.approx(found.estimate, rel=0.3)


def test_envelope_when_of_several_sets_then_is_that_of_the_methods_note(vectors: Vectors) -> None:
    vector = vectors["adaptive_envelope"]
    cases = vector["inputs"]["cases"]
    found = [adaptive_envelope(se(case["error"], case["n"]), case["k"]) for case in cases]
    gains = [aggregation_gain(case["n"], case["k"]) for case in cases[:2]]

    assert vector["expected"]["envelope"] == pytest.approx(found, abs=1e-9)
    assert vector["expected"]["noise_aggregation_attack"][:2] == pytest.approx(gains, abs=1e-9)


def test_limit_when_solved_then_its_envelope_reaches_the_observed_error() -> None:
    limit = adaptive_limit(0.24, 1000, 500)
    assert limit - adaptive_envelope(se(limit, 1000), 500) == pytest.approx(0.24)


@pytest.mark.parametrize("k", [10, 500, 5000, 100_000])
def test_limit_when_noise_was_aggregated_then_holds_the_truth(k: int) -> None:
    observed = 0.5 - aggregation_gain(1000, k)
    assert adaptive_limit(observed, 1000, k) > 0.5


def test_limit_when_noise_of_one_measurement_is_added_then_is_that_of_an_interval() -> None:
    z = norm.ppf(0.975)
    assert adaptive_limit(0.1, 1000, 1, more=z - 1) == pytest.approx(0.1203, abs=2e-4)


@pytest.mark.parametrize(
    ("call", "match"),
    [
        (lambda _: expected_max_normals(0), r"number of models is 0\.\nExpected: at least one"),
        (lambda _: worst_case_optimism(-0.1, 2), r"standard error is -0\.1"),
        (lambda _: adaptive_limit(1.2, 10, 2), r"observed error is 1\.2"),
        (lambda _: aggregation_gain(0, 2), r"n is 0"),
        (lambda rng: covariance_optimism([[1.0, 0.5]], 10, rng=rng), "shape of the covariance is"),
        (lambda rng: half_split_optimism([3], [[0], [1]], rng=rng), r"patterns is \(2, 1\)"),
        (lambda rng: half_split_optimism([1, 0], [[0], [1]], rng=rng), "examples is 1"),
        (lambda _: adaptive_envelope(0.1, 0), "number of models is 0"),
    ],
)
def test_optimism_when_a_number_is_out_of_range_then_refuses(
    call: Callable[[np.random.Generator], object], match: str, rng: np.random.Generator
) -> None:
    with pytest.raises(CountError, match=match):
        call(rng)
