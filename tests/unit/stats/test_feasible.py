from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy.stats import beta, gamma

from headway.errors import CountError
from headway.stats.composites import Overlap, Poisson
from headway.stats.feasible import (
    exposure_to_prove,
    n_to_prove,
    probability_of_rate,
    probability_within,
)
from headway.stats.forms import Binomial, Effective, Fixed, Mean
from headway.stats.measured import limits

Vectors = dict[str, dict[str, Any]]

RNG = np.random.default_rng(0)


def test_rate_when_its_limit_is_near_then_is_the_vector(vectors: Vectors) -> None:
    case = vectors["probability_feasible_fpr"]
    given = case["inputs"]
    seen = Binomial(n_errors=given["fp"], n=given["negatives"])
    found = probability_within(seen, given["limit"], at_most=True, rng=RNG)
    assert case["expected"]["p_feasible"] == pytest.approx(found, abs=case["tolerance"])


def test_latency_when_its_quantile_is_limited_then_is_the_vector(vectors: Vectors) -> None:
    case = vectors["latency_quantile_constraint"]
    given = case["inputs"]
    slow = Binomial(n_errors=given["over_limit"], n=given["n"])
    found = probability_within(slow, 1 - given["quantile"], at_most=True, rng=RNG)
    assert case["expected"]["p_feasible"] == pytest.approx(found, abs=case["tolerance"])


def test_examples_needed_when_the_rate_stays_then_are_the_vector(vectors: Vectors) -> None:
    case = vectors["n_needed_to_prove_feasible"]
    given = case["inputs"]
    found = n_to_prove(given["rate"], given["limit"], gamma=given["gamma"])
    assert case["expected"]["n"] == pytest.approx(found, abs=case["tolerance"])


def test_examples_needed_when_found_then_last(vectors: Vectors) -> None:
    n = n_to_prove(0.03, 0.05)
    assert n is not None
    sizes = np.arange(n - 1, n + 200)
    wrong = np.round(0.03 * sizes)
    enough = beta.cdf(0.05, wrong + 0.5, sizes - wrong + 0.5) >= 0.95
    assert not enough[0]
    assert enough[1:].all()


def test_examples_needed_when_the_rate_breaks_the_limit_then_show_that() -> None:
    assert n_to_prove(0.98, 0.97) == n_to_prove(0.02, 0.03)
    found = n_to_prove(0.06, 0.05)
    assert found is not None
    wrong = round(0.06 * found)
    assert beta.cdf(0.05, wrong + 0.5, found - wrong + 0.5) <= 0.05


def test_examples_needed_when_the_rate_is_the_limit_then_no_number_helps() -> None:
    assert n_to_prove(0.05, 0.05) is None
    assert n_to_prove(0.05, 0.05 + 1e-16) is None
    assert n_to_prove(0.05, 0.05 + 1e-12) is None


@pytest.mark.parametrize("distance", [1e-4, 1e-6])
def test_examples_needed_when_very_many_then_are_those_of_the_normal_distribution(
    distance: float,
) -> None:
    found = n_to_prove(0.05 - distance, 0.05)
    assert found == pytest.approx(1.645**2 * 0.0475 / distance**2, rel=0.05)


@pytest.mark.parametrize("bound", [0.0, 1.0, -0.1])
def test_examples_needed_when_the_limit_is_no_rate_then_it_is_refused(bound: float) -> None:
    with pytest.raises(CountError, match="limit is "):
        n_to_prove(0.5, bound)


def test_hours_when_events_were_seen_then_are_the_vector(vectors: Vectors) -> None:
    case = vectors["wake_word_hours_needed"]
    given = case["inputs"]
    found = [
        24 * exposure_to_prove(n, given["limit_per_24h"], gamma=given["confidence"])
        for n in given["false_positives"]
    ]
    assert case["expected"]["hours"] == pytest.approx(found, rel=case["tolerance"])


def test_rate_of_events_when_two_were_seen_then_is_the_vector(vectors: Vectors) -> None:
    case = vectors["wake_word_poisson_interval"]
    given = case["inputs"]
    seen = Poisson(n_events=given["false_positives"], exposure=given["hours"] / 24)
    found = probability_of_rate(seen, given["limit_per_24h"])
    assert case["expected"]["p_feasible_jeffreys"] == pytest.approx(found, abs=case["tolerance"])


def test_rate_of_events_when_read_carefully_then_is_the_exact_bound() -> None:
    quiet = Poisson(n_events=0, exposure=-np.log(0.05))
    assert 0.95 == pytest.approx(probability_of_rate(quiet, 1.0, prior=1.0))
    two = Poisson(n_events=2, exposure=2.0)
    assert gamma.cdf(2.0, 3) == pytest.approx(probability_of_rate(two, 1.0, prior=1.0))
    assert 1.0 == probability_of_rate(quiet, 1.0, prior=0.0)


@pytest.mark.parametrize("x", [0, 1, 7])
def test_rate_of_events_when_compared_with_gamma_then_agrees(x: int) -> None:
    expected = gamma(x + 0.5, scale=1 / 3.0).cdf(1.5)
    assert expected == pytest.approx(probability_of_rate(Poisson(n_events=x, exposure=3.0), 1.5))


def test_rate_of_events_when_they_come_in_bursts_then_is_less_sure() -> None:
    plain, bursts = (Poisson(n_events=2, exposure=6.0, dispersion=d) for d in (1.0, 2.0))
    assert probability_of_rate(bursts, 1.0) < probability_of_rate(plain, 1.0)


@pytest.mark.parametrize("x", [0, 2, 10])
def test_exposure_when_just_long_enough_then_the_upper_bound_is_the_limit(x: int) -> None:
    seen = Poisson(n_events=x, exposure=exposure_to_prove(x, 0.5, gamma=0.95))
    assert 0.5 == pytest.approx(limits(seen, level=0.9)[1])


@pytest.mark.parametrize(
    ("n_events", "limit", "gamma", "match"),
    [
        (-1, 1.0, 0.95, "n_events is -1"),
        (0, 0.0, 0.95, "limit is 0"),
        (0, 1.0, 2.0, "level is 2"),
    ],
)
def test_exposure_when_a_number_is_outside_its_range_then_is_refused(
    n_events: int, limit: float, gamma: float, match: str
) -> None:
    with pytest.raises(CountError, match=match):
        exposure_to_prove(n_events, limit, gamma=gamma)


@pytest.mark.parametrize(("value", "expected"), [(80.0, 1.0), (100.0, 1.0), (100.1, 0.0)])
def test_declared_number_when_compared_then_decides(value: float, expected: float) -> None:
    assert expected == probability_within(Fixed(value=value), 100.0, at_most=True, rng=RNG)
    below = probability_within(Fixed(value=-value), -100.0, at_most=False, rng=RNG)
    assert expected == below


def test_exact_rate_when_compared_then_decides() -> None:
    exact = Effective(rate=0.04, n_eff=np.inf, n=100)
    assert 1.0 == probability_within(exact, 0.05, at_most=True, rng=RNG)
    assert 0.0 == probability_within(exact, 0.05, at_most=False, rng=RNG)


def test_effective_rate_when_it_is_worth_its_n_then_is_as_a_plain_one() -> None:
    plain = probability_within(Binomial(n_errors=5, n=100), 0.08, at_most=True, rng=RNG)
    worth = Effective(rate=0.05, n_eff=100, n=250)
    assert plain == pytest.approx(probability_within(worth, 0.08, at_most=True, rng=RNG))


def test_f1_when_limited_then_its_overlap_is() -> None:
    seen = Overlap(n_shared=45, n_apart=15, n=500)
    found = probability_within(seen, 0.8, at_most=False, rng=RNG)
    assert beta.sf(0.8 / 1.2, 45.5, 15.5) == pytest.approx(found, abs=0.02)


def test_mean_when_near_the_threshold_then_more_draws_are_made() -> None:
    seen = Mean(mean=90.0, variance=3600.0, n=100, skew=0.0)
    found = probability_within(seen, 100.0, at_most=True, rng=np.random.default_rng(1))
    assert found == pytest.approx(0.951, abs=0.004)
