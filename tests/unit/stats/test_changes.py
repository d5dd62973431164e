from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import brentq
from scipy.stats import norm

from headway.errors import CountError
from headway.stats.changes import (
    Apart,
    Drawn,
    FlipLevels,
    Flips,
    change_of,
    detectable,
    joint_changes,
)
from headway.stats.differences import newcombe_difference, paired_difference
from headway.stats.forms import Binomial, Effective, Fixed, Mean
from tests.known import known


def test_flips_when_independent_then_the_interval_is_that_of_bonett_and_price() -> None:
    found = change_of(Flips(fixed=0.03, broken=0.015, n=1000))
    expected = paired_difference(15, 30, 1000)

    assert (expected.estimate, expected.lower, expected.upper) == pytest.approx(
        (found.estimate, found.lower, found.upper)
    )


def test_flips_when_in_clusters_then_the_interval_is_wider() -> None:
    alone = change_of(Flips(fixed=0.03, broken=0.015, n=1000))
    grouped = change_of(Flips(fixed=0.03, broken=0.015, n=1000, n_eff=200.0, n_clusters=20))

    assert known(grouped.lower) < known(alone.lower)
    assert "over clusters" in grouped.method


def test_change_when_there_are_five_clusters_then_it_has_no_interval() -> None:
    flips = Flips(fixed=0.03, broken=0.015, n=1000, n_eff=200.0, n_clusters=5)
    loss = Mean(mean=0.1, variance=1.0, n=100, n_clusters=5)

    assert [None, None] == [change_of(change).lower for change in (flips, loss)]
    assert detectable(loss) is None


def test_apart_when_both_are_rates_then_the_interval_is_newcombes() -> None:
    found = change_of(Apart(before=Binomial(n_errors=90, n=1000), after=Binomial(n_errors=5, n=50)))
    expected = newcombe_difference(5, 50, 90, 1000)

    assert (expected.lower, expected.upper) == pytest.approx((found.lower, found.upper))
    assert 50 == found.n


def test_apart_when_numbers_have_no_n_then_there_is_no_interval() -> None:
    found = change_of(Apart(before=Fixed(value=0.1), after=Fixed(value=0.06)))

    assert (None, None, None) == (found.lower, found.n, detectable(_apart_of_numbers()))
    assert -0.04 == pytest.approx(found.estimate)


def _apart_of_numbers() -> Apart:
    return Apart(before=Fixed(value=0.1), after=Fixed(value=0.06))


def test_apart_when_train_is_held_exact_then_nothing_varies(rng: np.random.Generator) -> None:
    exact = [Effective(rate=rate, n_eff=np.inf, n=100) for rate in (0.1, 0.2)]
    change = Apart(before=exact[0], after=exact[1])

    assert (0.1, 0.1) == pytest.approx((change_of(change).lower, change_of(change).upper))
    assert 0.0 == pytest.approx(np.ptp(joint_changes([change], 10, rng)))


def test_levels_when_weights_are_equal_then_the_change_is_that_of_plain_flips() -> None:
    levels = FlipLevels(weights=(2.0, 2.0), n=(600, 400), fixed=(20, 10), broken=(10, 5))
    found, plain = change_of(levels), change_of(Flips(fixed=0.03, broken=0.015, n=1000))

    assert plain.estimate == pytest.approx(found.estimate)
    assert known(plain.upper) == pytest.approx(known(found.upper), abs=0.002)


def test_levels_when_few_heavy_examples_flipped_then_the_change_is_weighted() -> None:
    levels = FlipLevels(weights=(1.0, 10.0), n=(900, 100), fixed=(0, 5), broken=(20, 0))

    assert (20 - 50) / 1900 == pytest.approx(change_of(levels).estimate)
    assert known(detectable(levels)) > 0


def test_drawn_when_asked_for_an_interval_then_quantiles_of_its_draws_are_given() -> None:
    values = np.linspace(-0.1, 0.1, 10_001)
    found = change_of(Drawn(value=0.0, values=values, n=10))

    assert (-0.095, 0.095) == pytest.approx((found.lower, found.upper))
    assert (norm.ppf(0.975) + norm.ppf(0.8)) * values.std() == pytest.approx(
        known(detectable(Drawn(value=0.0, values=values, n=10)))
    )


def test_mean_when_differences_are_given_then_draws_scatter_as_its_interval(
    rng: np.random.Generator,
) -> None:
    change = Mean(mean=-0.2, variance=4.0, n=400)
    drawn = joint_changes([change], 20_000, rng)[:, 0]

    assert known(change_of(change).upper) == pytest.approx(np.quantile(drawn, 0.975), abs=0.01)


def test_detectable_when_solved_by_bisection_then_it_is_the_root_of_connors_formula() -> None:
    psi, n = 0.04, 2500
    z = norm.ppf(0.975), norm.ppf(0.8)
    root = brentq(
        lambda d: z[0] * np.sqrt(psi) + z[1] * np.sqrt(psi - d * d) - d * np.sqrt(n), 1e-6, 0.15
    )

    assert root == pytest.approx(known(detectable(Flips(fixed=0.03, broken=0.01, n=n))))


def test_detectable_when_nothing_flipped_then_it_is_not_zero() -> None:
    assert known(detectable(Flips(fixed=0.0, broken=0.0, n=100))) > 0


def test_joint_changes_when_clusters_are_shared_then_the_draws_follow(
    rng: np.random.Generator,
) -> None:
    changes = [Flips(fixed=0.1, broken=0.05, n=1000)] * 2
    matrix = np.array([[1.0, 0.8], [0.8, 1.0]])
    drawn = joint_changes(changes, 20_000, rng, correlation=matrix)

    assert 0.8 == pytest.approx(np.corrcoef(drawn[:, 0], drawn[:, 1]).flat[1], abs=0.03)


@pytest.mark.parametrize(
    "wrong", [{"fixed": 0.6, "broken": 0.6, "n": 10}, {"fixed": 0.1, "broken": 0.1, "n": 0}]
)
def test_flips_when_counts_do_not_fit_then_they_are_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(CountError, match=r"add up to at most 1|at least one example"):
        Flips(**wrong)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("weights", "match"),
    [((0.0,), "Every weight of these rows is 0"), ((1.0, 2.0), "levels"), ((-1.0,), "levels")],
)
def test_levels_when_their_weights_do_not_fit_then_they_are_refused(
    weights: tuple[float, ...], match: str
) -> None:
    with pytest.raises(CountError, match=match):
        FlipLevels(weights=weights, n=(5,), fixed=(0,), broken=(0,))


def test_mean_when_one_difference_is_known_then_it_has_no_interval() -> None:
    assert change_of(Mean(mean=0.1, variance=np.inf, n=1)).lower is None


def test_joint_changes_when_a_change_was_drawn_then_its_draws_are_drawn_again(
    rng: np.random.Generator,
) -> None:
    change = Drawn(value=0.5, values=np.array([0.4, 0.6]), n=10)

    assert {0.4, 0.6} == set(joint_changes([change], 100, rng)[:, 0].tolist())
