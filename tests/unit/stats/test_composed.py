from __future__ import annotations

from math import inf, sqrt
from typing import TYPE_CHECKING

import numpy as np
import pytest
from scipy import stats

from headway.stats.complements import complement
from headway.stats.composites import Bounded, Overlap, Poisson, Sampled
from headway.stats.forms import Binomial, Effective, Fixed, Levels, Mean
from headway.stats.intervals import poisson_interval, wilson_interval
from headway.stats.measured import (
    draws,
    estimate,
    grow,
    joint_draws,
    limits,
    point,
    size,
    variance,
)
from headway.stats.resampling import delta_variance

if TYPE_CHECKING:
    from headway.stats.forms import Measured

DRAWN = np.random.default_rng(2).beta(40, 10, 4000)

FORMS: list[Measured] = [
    Fixed(value=0.1),
    Binomial(n_errors=8, n=100),
    Effective(rate=0.08, n_eff=55.0, n=100, n_clusters=30),
    Levels(weights=(1.0, 10.0), n=(90, 10), n_errors=(5, 1)),
    Mean(mean=0.7, variance=0.5, n=100),
    Mean(mean=0.7, variance=0.5, n=100, skew=4.0),
    Overlap(n_shared=45, n_apart=15, n=100),
    Bounded(value=0.6, n_eff=50.0, n=100, lowest=-1.0, slack_below=0.1, slack_above=0.02),
    Sampled(value=0.8, draws=DRAWN, n=100),
    Poisson(n_events=5, exposure=3.0),
]


@pytest.mark.parametrize("m", FORMS)
def test_complement_when_taken_then_mirrors_all_that_is_known(m: Measured) -> None:
    other = complement(m)
    lower, upper = limits(m)
    assert 1 - point(m) == pytest.approx(point(other))
    assert (1 - upper, 1 - lower) == pytest.approx(limits(other), abs=2e-3)
    assert variance(m) == pytest.approx(variance(other))
    assert size(m) == size(other)


@pytest.mark.parametrize("m", FORMS)
def test_complement_when_taken_twice_then_is_the_number_itself(m: Measured) -> None:
    twice = complement(complement(m))
    assert point(m) == pytest.approx(point(twice))
    assert limits(m) == pytest.approx(limits(twice))
    assert type(m) is type(twice)


@pytest.mark.parametrize("m", FORMS)
def test_complement_when_drawn_then_mirrors_the_draws(
    m: Measured, rng: np.random.Generator
) -> None:
    found = draws(complement(m), 20_000, rng)
    assert 1 - draws(m, 20_000, rng).mean() == pytest.approx(found.mean(), abs=0.03)


def test_overlap_when_varied_then_has_the_delta_variance_of_f1() -> None:
    found = variance(Overlap(n_shared=45, n_apart=15, n=100))
    expected = delta_variance([45, 15, 40], lambda n: 2 * n[:, 0] / (2 * n[:, 0] + n[:, 1]))
    assert expected == pytest.approx(found)


def test_overlap_when_nothing_is_apart_then_still_has_noise() -> None:
    perfect = Overlap(n_shared=20, n_apart=0, n=100)
    assert 1.0 == point(perfect)
    assert limits(perfect)[0] < 1 == limits(perfect)[1]
    assert variance(perfect) > 0


def test_overlap_when_few_are_positive_then_is_worth_the_union() -> None:
    shown = estimate(Overlap(n_shared=5, n_apart=2, n=10_000))
    assert (10_000, 7) == (shown.n, shown.n_eff)
    assert ("worth only 7 examples: no verdict below 10",) == shown.warnings


def test_bounded_metric_when_it_is_a_rate_then_equals_wilson_opened_by_its_slack() -> None:
    found = limits(Bounded(value=0.3, n_eff=40, n=90, slack_below=0.02, slack_above=0.01))
    wilson = wilson_interval(12, 40)
    assert (wilson.lower - 0.02, wilson.upper + 0.01) == pytest.approx(found)


def test_bounded_metric_when_its_range_is_wider_then_is_scaled() -> None:
    narrow, wide = Bounded(value=0.8, n_eff=40, n=90), Bounded(value=0.6, n_eff=40, n=90, lowest=-1)
    assert [2 * end - 1 for end in limits(narrow)] == pytest.approx(limits(wide))
    assert 4 * variance(narrow) == pytest.approx(variance(wide))


def test_bounded_metric_when_held_exact_then_has_no_width(rng: np.random.Generator) -> None:
    exact = Bounded(value=0.6, n_eff=inf, n=90)
    assert (0.6, 0.6) == limits(exact)
    assert {0.6} == set(draws(exact, 5, rng).tolist())
    assert ("held exact", None) == (estimate(exact).method, estimate(exact).n_eff)
    assert 0 == variance(exact)


def test_sampled_metric_when_shown_then_has_the_quantiles_of_its_draws() -> None:
    shown = estimate(Sampled(value=0.8, draws=DRAWN, n=100, warnings=("look",)), level=0.9)
    assert np.quantile(DRAWN, [0.05, 0.95]).tolist() == [shown.lower, shown.upper]
    assert ("look",) == shown.warnings
    assert 0.16 / DRAWN.var() == pytest.approx(shown.n_eff)


@pytest.mark.parametrize(
    "m",
    [
        Sampled(value=5.0, draws=np.array([4.0, 6.0]), n=100, lowest=-inf, highest=inf),
        Sampled(value=1.0, draws=np.array([0.9, 1.0]), n=100),
        Sampled(value=0.5, draws=np.array([0.5]), n=100),
    ],
)
def test_sampled_metric_when_no_rate_is_like_it_then_is_worth_its_n(m: Sampled) -> None:
    assert None is estimate(m).n_eff


def test_sampled_metric_when_more_draws_are_asked_than_kept_then_repeats_some(
    rng: np.random.Generator,
) -> None:
    held = Sampled(value=0.5, draws=np.array([0.4, 0.6]), n=5)
    assert {0.4, 0.6} == set(draws(held, 100, rng).tolist())
    assert (1,) == draws(held, 1, rng).shape


def test_sampled_metrics_when_drawn_together_then_are_independent(
    rng: np.random.Generator,
) -> None:
    held = Sampled(value=0.8, draws=DRAWN, n=100)
    together = joint_draws([held, held], 4000, rng)
    assert abs(stats.pearsonr(*together.T).statistic) < 0.06


def test_poisson_rate_when_shown_then_has_garwoods_interval() -> None:
    shown = estimate(Poisson(n_events=2, exposure=3.0))
    expected = poisson_interval(2, 3.0)
    assert (expected.lower, expected.upper) == pytest.approx((shown.lower, shown.upper))
    assert ("Garwood exact, 2 events in 72 h", None) == (shown.method, shown.n)


def test_poisson_rate_when_events_come_in_bursts_then_is_worth_fewer() -> None:
    found = Poisson(n_events=6, exposure=3.0, dispersion=2.0)
    expected = stats.chi2.ppf([0.025, 0.975], [6, 8]) / 3.0
    assert expected.tolist() == pytest.approx(limits(found))
    assert 2 * 6 / 9 == pytest.approx(variance(found))
    assert "Garwood exact, 6 events in 72 h, dispersion 2" == estimate(found).method


def test_poisson_rate_when_nothing_happened_then_has_no_lower_limit_but_noise() -> None:
    none = Poisson(n_events=0, exposure=1.0)
    assert (0.0, 3.689) == pytest.approx(limits(none), abs=1e-3)
    assert 0.5 == variance(none)


def test_poisson_rate_when_its_examples_are_unknown_then_grows_by_units_of_time() -> None:
    grown = grow(Poisson(n_events=2, exposure=3.0), 3)
    assert Poisson(n_events=4.0, exposure=6.0) == grown
    assert None is size(grown)


def test_draws_of_a_poisson_rate_when_taken_then_are_gamma(rng: np.random.Generator) -> None:
    found = draws(Poisson(n_events=2, exposure=3.0), 50_000, rng)
    expected = stats.gamma(2.5, scale=1 / 3)
    assert (expected.mean(), expected.std()) == pytest.approx((found.mean(), found.std()), rel=0.02)
    assert sqrt(2) / 3 == pytest.approx(sqrt(variance(Poisson(n_events=2, exposure=3.0))))
