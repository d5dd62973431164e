from __future__ import annotations

from math import inf, sqrt
from typing import TYPE_CHECKING

import numpy as np
import pytest
from scipy import stats

from headway.errors import CountError
from headway.stats.composites import Bounded, Overlap, Poisson, Sampled
from headway.stats.forms import Binomial, Effective, Fixed, Levels, Mean
from headway.stats.intervals import guarded_wilson_interval, wilson_interval
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

if TYPE_CHECKING:
    from headway.stats.forms import Measured

N_DRAWS = 100_000

FORMS: list[Measured] = [
    Fixed(value=0.01),
    Binomial(n_errors=8, n=100),
    Effective(rate=0.08, n_eff=55.0, n=100),
    Effective(rate=0.08, n_eff=55.0, n=100, n_clusters=30),
    Effective(rate=0.08, n_eff=inf, n=100),
    Levels(weights=(1.0, 10.0), n=(90, 10), n_errors=(5, 1)),
    Mean(mean=0.7, variance=0.5, n=100),
    Mean(mean=0.7, variance=0.5, n=100, skew=4.0),
    Mean(mean=0.7, variance=0.5, n=100, n_eff=40.0),
    Mean(mean=0.7, variance=0.5, n=100, n_clusters=30),
    Overlap(n_shared=45, n_apart=15, n=100),
    Overlap(n_shared=45, n_apart=15, n=100, mirrored=True),
    Bounded(value=0.6, n_eff=50.0, n=100, lowest=-1.0),
    Sampled(value=0.8, draws=np.random.default_rng(5).beta(80, 20, 5000), n=100),
    Poisson(n_events=30, exposure=3.0, n=100),
    Poisson(n_events=30, exposure=3.0, dispersion=1.5, n=100, mirrored=True),
]


@pytest.mark.parametrize("m", FORMS)
def test_limits_when_compared_with_the_point_then_contain_it(m: Measured) -> None:
    lower, upper = limits(m)
    assert lower <= point(m) <= upper


@pytest.mark.parametrize("m", FORMS)
def test_limits_when_the_level_rises_then_widen(m: Measured) -> None:
    narrow, wide = limits(m, level=0.8), limits(m, level=0.99)
    assert wide[0] <= narrow[0] <= narrow[1] <= wide[1]


@pytest.mark.parametrize("m", FORMS)
def test_draws_when_there_are_many_then_spread_as_the_variance_says(
    m: Measured, rng: np.random.Generator
) -> None:
    drawn = draws(m, N_DRAWS, rng)
    assert (N_DRAWS,) == drawn.shape
    skewed = isinstance(m, Mean) and m.skew is not None
    assert point(m) == pytest.approx(drawn.mean(), rel=0.25)
    assert sqrt(variance(m)) == pytest.approx(drawn.std(), rel=0.6 if skewed else 0.25)


@pytest.mark.parametrize("m", FORMS)
def test_draws_when_their_quantiles_are_taken_then_are_near_the_limits(
    m: Measured, rng: np.random.Generator
) -> None:
    lower, upper = limits(m, level=0.9)
    drawn = np.quantile(draws(m, N_DRAWS, rng), [0.05, 0.95])
    assert (lower, upper) == pytest.approx(tuple(drawn), abs=0.15 * (upper - lower) + 1e-12)


@pytest.mark.parametrize(
    ("m", "method"),
    [
        (FORMS[0], "given"),
        (FORMS[1], "Wilson score with small-count guard"),
        (FORMS[2], "Wilson score at n_eff"),
        (FORMS[3], "Wilson score at n_eff, Student t over clusters"),
        (FORMS[4], "held exact"),
        (FORMS[5], "nested posterior over weight levels"),
        (FORMS[6], "Student t"),
        (FORMS[7], "Hall's transformed t"),
        (FORMS[9], "Student t over clusters"),
        (FORMS[10], "Wilson score on the overlap"),
        (FORMS[12], "delta method, logit scale"),
        (FORMS[13], "posterior draws"),
        (FORMS[14], "Garwood exact, 30 events in 72 h"),
    ],
)
def test_estimate_when_shown_then_names_its_method(m: Measured, method: str) -> None:
    assert method == estimate(m).method


def test_estimate_when_the_error_is_declared_then_has_no_interval() -> None:
    shown = estimate(Fixed(value=0.01))
    assert (0.01, None, None, None) == (shown.estimate, shown.lower, shown.upper, shown.n)


def test_estimate_when_errors_are_few_then_is_guarded_but_its_limits_are_not() -> None:
    m = Binomial(n_errors=1, n=100)
    assert guarded_wilson_interval(1, 100).lower == estimate(m).lower
    assert wilson_interval(1, 100).lower == limits(m)[0]


def test_estimate_when_held_exact_then_has_no_width() -> None:
    shown = estimate(Effective(rate=0.08, n_eff=inf, n=100))
    assert (0.08, 0.08, None) == (shown.lower, shown.upper, shown.n_eff)
    assert 0.0 == variance(Effective(rate=0.0, n_eff=inf, n=100))


def test_estimate_when_losses_vary_then_equals_students_interval(
    rng: np.random.Generator,
) -> None:
    losses = rng.normal(1, 2, 25)
    m = Mean(mean=float(losses.mean()), variance=float(losses.var(ddof=1)), n=25)
    expected = stats.ttest_1samp(losses, 0).confidence_interval(0.9)
    shown = estimate(m, level=0.9)
    assert tuple(expected) == pytest.approx((shown.lower, shown.upper))


def test_weighted_mean_when_few_examples_count_then_uses_their_number() -> None:
    lower, upper = limits(Mean(mean=0.0, variance=100.0, n=100, n_eff=5.0))
    half = float(stats.t.ppf(0.975, 4.0))
    assert (-half, half) == pytest.approx((lower, upper))


@pytest.mark.parametrize(
    ("m", "ends"),
    [
        (Effective(rate=0.1, n_eff=20.0, n=50, n_clusters=5), (0.0, 1.0)),
        (Mean(mean=0.1, variance=1.0, n=50, n_clusters=5), (-inf, inf)),
        (Mean(mean=0.1, variance=inf, n=1), (-inf, inf)),
        (Mean(mean=0.1, variance=0.5, n=3, n_eff=1.0), (-inf, inf)),
    ],
)
def test_limits_when_too_little_is_known_then_are_the_whole_range(
    m: Measured, ends: tuple[float, float], rng: np.random.Generator
) -> None:
    shown = estimate(m)
    assert ends == limits(m)
    assert (None, None) == (shown.lower, shown.upper)
    assert np.isfinite(draws(m, 100, rng)).all()


def test_draws_when_one_loss_was_seen_then_say_nothing(rng: np.random.Generator) -> None:
    assert draws(Mean(mean=0.1, variance=inf, n=1), 1000, rng).std() > 1e5


@pytest.mark.parametrize(
    ("m", "warning"),
    [
        (Effective(rate=0.1, n_eff=20, n=50, n_clusters=5), "only 5 clusters: no interval below 6"),
        (
            Effective(rate=0.1, n_eff=20, n=50, n_clusters=19),
            "only 19 clusters: less reliable below 20",
        ),
        (Binomial(n_errors=1, n=9), "worth only 9 examples: no verdict below 10"),
        (Effective(rate=0.1, n_eff=50, n=1000), "a few examples carry most of the weight"),
        (
            Mean(mean=1, variance=1, n=50, skew=2.0),
            "skewed losses: Student t needs 100 examples, there are 50",
        ),
    ],
)
def test_estimate_when_something_weakens_it_then_says_so(m: Measured, warning: str) -> None:
    assert (warning,) == estimate(m).warnings


@pytest.mark.parametrize("m", FORMS[:7])
def test_estimate_when_nothing_weakens_it_then_is_silent(m: Measured) -> None:
    assert () == estimate(m).warnings


def test_levels_when_shown_then_say_what_they_are_worth() -> None:
    m = Levels(weights=(1.0, 100.0), n=(9900, 100), n_errors=(260, 40))
    assert 242.102 == pytest.approx(estimate(m).n_eff, rel=1e-5)
    assert 10_000 == size(m)


@pytest.mark.parametrize("errors", [(0, 0), (5, 5)])
def test_levels_when_all_or_none_fail_then_still_have_noise(errors: tuple[int, int]) -> None:
    m = Levels(weights=(1.0, 3.0), n=(5, 5), n_errors=errors)
    assert None is estimate(m).n_eff
    assert variance(m) > 0


@pytest.mark.parametrize("n_errors", [0, 50])
def test_variance_when_all_or_none_fail_then_is_that_of_half_an_error(n_errors: int) -> None:
    rate = 0.5 / 51
    assert rate * (1 - rate) / 50 == pytest.approx(variance(Binomial(n_errors=n_errors, n=50)))


@pytest.mark.parametrize("m", FORMS)
def test_grow_when_nothing_is_added_then_keeps_the_limits(m: Measured) -> None:
    assert limits(m) == pytest.approx(limits(grow(m, 0)))


@pytest.mark.parametrize("m", FORMS[1:])
def test_grow_when_doubled_then_halves_the_variance(m: Measured) -> None:
    assert variance(m) / 2 == pytest.approx(variance(grow(m, 100)), rel=0.01)
    assert 200 == size(grow(m, 100))


def test_grow_when_examples_come_in_clusters_then_adds_clusters() -> None:
    grown = grow(Mean(mean=0.7, variance=0.5, n=100, n_clusters=30), 50)
    assert isinstance(grown, Mean)
    assert (45, 150) == (grown.n_clusters, grown.n)


def test_joint_draws_when_independent_then_are_those_of_each() -> None:
    pair: list[Measured] = [Binomial(n_errors=8, n=100), Fixed(value=0.01)]
    joint = joint_draws(pair, 50, np.random.default_rng(3))
    alone = draws(pair[0], 50, np.random.default_rng(3))
    assert alone.tolist() == joint[:, 0].tolist()
    assert {0.01} == set(joint[:, 1].tolist())


def test_joint_draws_when_correlated_then_keep_their_margins(rng: np.random.Generator) -> None:
    pair = [Binomial(n_errors=80, n=1000), Binomial(n_errors=50, n=500)]
    together = np.array([[1.0, 0.7], [0.7, 1.0]])
    joint = joint_draws(pair, N_DRAWS, rng, correlation=together)
    assert 0.7 == pytest.approx(np.cov(joint.T)[0, 1] / joint.std(axis=0).prod(), abs=0.02)
    assert sqrt(variance(pair[1])) == pytest.approx(joint[:, 1].std(), rel=0.02)


def test_joint_draws_when_correlations_contradict_then_still_answer(
    rng: np.random.Generator,
) -> None:
    three = [Binomial(n_errors=8, n=100)] * 3
    torn = np.array([[1, 0.9, -0.9], [0.9, 1, 0.9], [-0.9, 0.9, 1]])
    assert np.isfinite(joint_draws(three, 100, rng, correlation=torn)).all()


def test_joint_draws_when_the_correlation_has_another_shape_then_refuses(
    rng: np.random.Generator,
) -> None:
    with pytest.raises(CountError, match=r"shape of the correlation is \(2, 2\)\.\nExpected: one"):
        joint_draws([Fixed(value=0.1)], 5, rng, correlation=np.eye(2))


def test_limits_when_asked_twice_then_are_the_same() -> None:
    assert limits(FORMS[5]) == limits(FORMS[5])
