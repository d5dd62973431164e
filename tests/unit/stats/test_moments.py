from __future__ import annotations

from math import inf

import numpy as np
import pytest
import statsmodels.api as sm
from scipy import stats

from headway.counts import ClusterSums, CountTable
from headway.errors import CountError
from headway.stats.forms import Binomial, Effective, Fixed, Levels, Mean
from headway.stats.measured import variance
from headway.stats.moments import (
    binomial_of,
    clustered,
    finite_population,
    levels_of,
    mean_of,
    weighted_mean,
    weighted_rate,
)
from tests.unit.stats.answers import sums_of, sums_of_clusters


def test_weighted_mean_when_compared_with_a_robust_regression_then_has_its_variance(
    rng: np.random.Generator,
) -> None:
    w, loss = rng.gamma(1, 1, 60), rng.normal(3, 1, 60)
    found = weighted_mean(60, **sums_of(w, loss - 3), center=3)
    fitted = sm.WLS(loss, np.ones(60), weights=w).fit(cov_type="HC1")
    assert fitted.params[0] == pytest.approx(found.mean)
    assert fitted.cov_params()[0, 0] == pytest.approx(variance(found))


def test_clustered_mean_when_compared_with_a_robust_regression_then_has_its_variance(
    rng: np.random.Generator,
) -> None:
    group = rng.integers(0, 12, 200)
    loss = rng.normal(0, 1, 200) + rng.normal(0, 1, 12)[group]
    m, y = np.bincount(group), np.bincount(group, weights=loss - 5)
    sums = sums_of_clusters([m.tolist()], [y.tolist()])
    found = clustered(sums, is_rate=False, center=5).measured["train_dev"]
    robust = {"groups": group, "df_correction": True}
    fitted = sm.OLS(loss, np.ones(200)).fit(cov_type="cluster", cov_kwds=robust)
    assert isinstance(found, Mean)
    assert (fitted.params[0], 12) == (pytest.approx(found.mean), found.n_clusters)
    assert fitted.cov_params()[0, 0] == pytest.approx(variance(found))


def test_mean_when_losses_are_far_from_zero_then_keeps_its_digits(
    rng: np.random.Generator,
) -> None:
    losses = rng.gamma(2, 1, 1000) + 1e9
    centred = losses - 1e9
    sums = [float((centred**power).sum()) for power in (1, 2, 3)]
    found = mean_of(1000, sums[0], sums[1], sums[2], center=1e9)
    assert losses.mean() == pytest.approx(found.mean, rel=1e-12)
    assert centred.var(ddof=1) == pytest.approx(found.variance, rel=1e-9)
    assert stats.skew(centred) == pytest.approx(found.skew, rel=1e-6)


def test_mean_when_all_losses_are_equal_then_has_no_variance() -> None:
    found = mean_of(3, 0.3, 0.03, 0.003)
    assert (0.0, None) == (found.variance, found.skew)


def test_mean_when_there_is_one_loss_then_knows_no_variance() -> None:
    assert inf == mean_of(1, 0.3, 0.09, 0.027).variance
    assert inf == weighted_mean(1, sw=2, sw2=4, swl=1, sw2l=2, sw2l2=1).variance


def test_binomial_when_cells_are_marked_then_counts_the_wrong_ones() -> None:
    cells = [("cat", "cat"), ("cat", "dog"), ("dog", "dog")]
    table = CountTable.of(("label", "prediction"), cells, [50, 7, 43])
    assert Binomial(n_errors=7, n=100) == binomial_of(table, [False, True, False])


def test_binomial_when_the_table_is_empty_then_refuses() -> None:
    with pytest.raises(CountError, match=r"n is 0\.\nExpected: at least one example"):
        binomial_of(CountTable.of(("label",), [], []), [])


@pytest.mark.parametrize("lost", [0.0, 20.0])
def test_weighted_rate_when_all_or_none_fail_then_is_worth_kishs_number(lost: float) -> None:
    found = weighted_rate(11, sw=20, sw2=110, swl=lost, sw2l=5.5 * lost, sw2l2=5.5 * lost)
    assert Effective(rate=lost / 20, n_eff=400 / 110, n=11) == found


def test_weighted_rate_when_there_is_one_example_then_is_worth_one() -> None:
    assert 1.0 == weighted_rate(1, sw=5, sw2=25, swl=5, sw2l=25, sw2l2=25).n_eff


@pytest.mark.parametrize(
    ("n", "sw", "match"),
    [(0, 0.0, r"n is 0\."), (3, 0.0, r"Every weight of these rows is 0.*\nExpected: weights")],
)
def test_weights_when_they_add_up_to_nothing_then_refuses(n: int, sw: float, match: str) -> None:
    sums = {"sw2": 0.0, "swl": 0.0, "sw2l": 0.0, "sw2l2": 0.0}
    for form in (weighted_rate, weighted_mean):
        with pytest.raises(CountError, match=match):
            form(n, sw=sw, **sums)


def test_mean_when_there_is_no_example_then_refuses() -> None:
    with pytest.raises(CountError, match=r"n is 0\."):
        mean_of(0, 0, 0, 0)


def test_levels_when_some_are_empty_or_weigh_nothing_then_leaves_them_out() -> None:
    found = levels_of([0, 1, 2, 2, 5], [9, 10, 3, 4, 0], [9, 1, 0, 2, 0])
    assert Levels(weights=(1.0, 2.0), n=(10, 7), n_errors=(1, 2)) == found


def test_levels_when_all_weigh_the_same_then_is_a_plain_rate() -> None:
    assert Binomial(n_errors=3, n=30) == levels_of([2, 2], [10, 20], [1, 2])


def test_levels_when_there_are_many_then_equal_the_weighted_rate(
    rng: np.random.Generator,
) -> None:
    w = rng.uniform(1, 2, 80)
    wrong = rng.integers(0, 2, 80)
    found = levels_of(w.tolist(), [1] * 80, wrong.tolist())
    assert isinstance(found, Effective)
    expected = weighted_rate(80, **sums_of(w, wrong.astype(float)))
    assert (expected.rate, expected.n_eff) == pytest.approx((found.rate, found.n_eff))


def test_levels_when_no_weight_is_left_then_refuses() -> None:
    with pytest.raises(CountError, match=r"of these rows is 0.*\nExpected: weights at least 0"):
        levels_of([0], [5], [1])


def test_finite_population_when_a_part_was_seen_then_has_less_noise() -> None:
    found = finite_population(30, 1000, 4000)
    assert isinstance(found, Effective)
    assert 0.75 * (0.03 * 0.97 / 999) == pytest.approx(variance(found))


def test_finite_population_when_one_was_seen_then_answers() -> None:
    assert Effective(rate=1.0, n_eff=1.0, n=1) == finite_population(1, 1, 2)


def test_finite_population_when_all_were_seen_then_is_fixed() -> None:
    assert Fixed(value=0.5) == finite_population(5, 10, 10)


def test_finite_population_when_more_were_seen_than_exist_then_refuses() -> None:
    with pytest.raises(CountError, match=r"population is 9\.\nExpected: at least the 10 examples"):
        finite_population(5, 10, 9)


def test_clusters_when_all_have_one_rate_then_are_worth_their_examples() -> None:
    found = clustered(sums_of_clusters([[10] * 8], [[2] * 8])).measured["train_dev"]
    assert Effective(rate=0.2, n_eff=80.0, n=80, n_clusters=8) == found


def test_clusters_when_none_fails_then_are_worth_their_number() -> None:
    found = clustered(sums_of_clusters([[10] * 8], [[0] * 8])).measured["train_dev"]
    assert Effective(rate=0.0, n_eff=8.0, n=80, n_clusters=8) == found


def test_cluster_when_it_is_alone_then_is_worth_nothing() -> None:
    found = clustered(sums_of_clusters([[10]], [[3]])).measured["train_dev"]
    assert isinstance(found, Effective)
    assert (1, True) == (found.n_clusters, found.n_eff < 1)


def test_clusters_when_splits_share_none_then_are_uncorrelated() -> None:
    sums = sums_of_clusters([[5, 5, 0, 0], [0, 0, 5, 5]], [[1, 2, 0, 0], [0, 0, 1, 2]])
    assert np.eye(2).tolist() == clustered(sums).correlation.tolist()


def test_clusters_when_a_split_is_empty_then_leaves_it_out() -> None:
    sums = sums_of_clusters([[5, 5, 4], [0, 0, 0]], [[1, 2, 0], [0, 0, 0]])
    found = clustered(sums)
    assert ({"train_dev"}, (1, 1)) == (set(found.measured), found.correlation.shape)


def test_clusters_when_examples_are_weighted_then_are_worth_at_most_their_number() -> None:
    sums = ClusterSums(
        splits=("dev",),
        shared=np.array([[40]]),
        m=np.array([4000.0]),
        y=np.array([400.0]),
        mm=np.array([[400_000.0]]),
        my=np.array([[40_000.0]]),
        yy=np.array([[4_100.0]]),
    )
    found = clustered(sums, n={"dev": 50}).measured["dev"]
    assert Effective(rate=0.1, n_eff=50.0, n=50, n_clusters=40) == found


@pytest.mark.parametrize(
    ("sw", "match"), [(0.0, "Every weight of these rows is 0"), (-1.0, "sum of the weights")]
)
def test_rate_when_weights_do_not_add_up_then_is_refused(sw: float, match: str) -> None:
    with pytest.raises(CountError, match=match):
        weighted_rate(3, sw=sw, sw2=0.0, swl=0.0, sw2l=0.0, sw2l2=0.0)
