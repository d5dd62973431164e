from __future__ import annotations

from math import ceil, sqrt
from typing import TYPE_CHECKING, Any

import pytest
from statsmodels.stats.proportion import samplesize_proportions_2indep_onetail

from headway.errors import CountError
from headway.stats.forms import Binomial, Effective, Fixed
from headway.stats.measured import grow, variance
from headway.stats.power import (
    collect_more,
    design_effect,
    half_width,
    size_for_difference,
    size_for_half_width,
    train_dev_size,
    zero_error_upper,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from headway.stats.forms import Measured

LADDER: list[Measured] = [
    Fixed(value=0.0),
    Binomial(n_errors=1000, n=10_000),
    Binomial(n_errors=110, n=1000),
]


@pytest.mark.parametrize(("rate", "wanted"), [(0.05, 0.005), (0.0, 0.01), (1.0, 0.2), (0.5, 0.6)])
def test_size_when_found_then_is_the_smallest_that_does(rate: float, wanted: float) -> None:
    n = size_for_half_width(rate, wanted)
    assert half_width(rate, n) <= wanted
    assert n == 1 or half_width(rate, n - 1) > wanted


def test_size_when_no_set_would_do_then_refuses() -> None:
    with pytest.raises(CountError, match=r"half_width is 1e-12\.\nExpected: a width that some"):
        size_for_half_width(0.5, 1e-12)


def test_separate_sets_when_compared_with_statsmodels_then_need_as_many() -> None:
    expected = samplesize_proportions_2indep_onetail(0.01, 0.04, 0.8)
    assert size_for_difference(0.05, 0.04) == pytest.approx(expected, rel=0.01)


def test_same_examples_when_they_agree_more_then_fewer_are_needed() -> None:
    often, seldom = (size_for_difference(0.05, 0.04, discordance=d) for d in (0.04, 0.02))
    assert seldom < often < 2 * size_for_difference(0.05, 0.04)


@pytest.mark.parametrize(
    ("call", "match"),
    [
        (lambda: half_width(5, 100), r"rate is 5\.\nExpected: a fraction in \[0, 1\]"),
        (lambda: half_width(0.05, 0), r"n is 0\.\nExpected: at least one example"),
        (lambda: size_for_half_width(0.05, 0), r"half_width is 0\.\nExpected: a number above 0"),
        (lambda: size_for_half_width(0.05, 0.1, method="exact"), r"method is exact\."),
        (lambda: zero_error_upper(0), r"n is 0\."),
        (lambda: zero_error_upper(5, confidence=95), r"confidence is 95\.\nExpected: a fraction"),
        (lambda: design_effect(0.5, 0.1), r"mean size of a cluster is 0\.5\."),
        (lambda: design_effect(5, 0.1, variation=-1), r"variation is -1\."),
        (lambda: design_effect(5, 2), r"icc is 2\."),
        (lambda: size_for_difference(0.1, 0.1), r"rate_2 is 0\.1\.\nExpected: a rate other than"),
        (lambda: size_for_difference(0.1, 0.2, discordance=0.05), r"discordance is 0\.05\."),
        (lambda: size_for_difference(0.1, 0.2, power=1), r"level is 1\."),
        (lambda: train_dev_size(0.1, 0.0, 100), r"variance of dev is 0\.0\."),
        (lambda: collect_more((1, -1, 0), LADDER, [1], margin=0.1, gamma=0.5), r"gamma is 0\.5\."),
        (lambda: collect_more((1, -1, 0), LADDER, [0], margin=0.1), r"collectable is \[0\]\."),
    ],
)
def test_plan_when_a_number_is_outside_its_range_then_refuses(
    call: Callable[[], Any], match: str
) -> None:
    with pytest.raises(CountError, match=match):
        call()


def test_size_when_wald_is_asked_for_a_rate_of_zero_then_is_one() -> None:
    assert 1 == size_for_half_width(0.0, 0.01, method="wald")


def test_train_dev_when_train_is_small_then_takes_a_twentieth() -> None:
    assert (50, 1) == tuple(train_dev_size(0.09, 0.1, 1000, n_train=n) for n in (1000, 10))


@pytest.mark.parametrize("contrast", [(0, 1, -1), (1, -2, 1)])
def test_plan_when_followed_then_reaches_its_target(contrast: tuple[int, ...]) -> None:
    plan = collect_more(contrast, LADDER, [1, 2], margin=0.001)
    grown = [grow(m, plan.more.get(i, 0)) for i, m in enumerate(LADDER)]
    reached = sum(c**2 * variance(m) for c, m in zip(contrast, grown, strict=True)) ** 0.5
    assert plan.target_se == pytest.approx(reached, rel=0.001) or reached < plan.target_se


def test_plan_when_some_have_enough_already_then_leaves_them() -> None:
    plan = collect_more((0, 1, -1), LADDER, [1, 2], margin=0.001)
    assert (0, True) == (plan.more[1], plan.more[2] > 0)
    assert plan.total == plan.more[2]


def test_plan_when_one_costs_more_then_asks_for_fewer_of_it() -> None:
    rungs = [Binomial(n_errors=10, n=100), Binomial(n_errors=11, n=100)]
    even = collect_more((1, -1), rungs, [0, 1], margin=0.001)
    dear = collect_more((1, -1), rungs, [0, 1], margin=0.001, costs={1: 4.0})
    assert dear.more[1] < even.more[1]
    assert dear.more[0] > even.more[0]
    ratio = 2 * sqrt(0.1 * 0.9 / (0.11 * 0.89))
    assert ratio == pytest.approx((dear.more[0] + 100) / (dear.more[1] + 100), rel=0.001)


def test_plan_when_equality_is_cheaper_to_show_then_says_so() -> None:
    rungs = [Binomial(n_errors=100, n=1000), Binomial(n_errors=101, n=1000)]
    assert "tie" == collect_more((1, -1), rungs, [0, 1], margin=0.03).route


def test_plan_when_it_is_clear_already_then_asks_for_nothing() -> None:
    rungs = [Binomial(n_errors=100, n=1000), Binomial(n_errors=500, n=1000)]
    plan = collect_more((1, -1), rungs, [0, 1], margin=0.01)
    assert ({0: 0, 1: 0}, 0, True) == (plan.more, plan.total, plan.feasible)


def test_plan_when_another_error_is_the_limit_then_names_it() -> None:
    rungs = [Binomial(n_errors=3, n=50), *LADDER[1:]]
    plan = collect_more((1, -2, 1), rungs, [2], margin=0.001)
    assert (False, {}, 0, 0) == (plan.feasible, plan.more, plan.total, plan.limiting)


def test_plan_when_nothing_differs_then_names_no_limit_where_all_can_grow() -> None:
    rungs = [Binomial(n_errors=100, n=1000)] * 2
    plan = collect_more((1, -1), rungs, [0, 1], margin=0.0)
    assert (False, None) == (plan.feasible, plan.limiting)


def test_plan_when_an_error_is_exact_or_left_out_then_does_not_grow_it() -> None:
    rungs: list[Measured] = [Effective(rate=0.1, n_eff=float("inf"), n=100), *LADDER[1:]]
    plan = collect_more((1, 0, -1), rungs, [0, 1, 2], margin=0.001)
    assert (0, 0) == (plan.more[0], plan.more[1])
    assert plan.more[2] > 0


def test_plan_when_examples_come_in_clusters_then_asks_for_more_of_them() -> None:
    lone = [Binomial(n_errors=100, n=1000), Binomial(n_errors=110, n=1000)]
    groups = [Effective(rate=m.n_errors / 1000, n_eff=250.0, n=1000, n_clusters=50) for m in lone]
    plan_1 = collect_more((1, -1), lone, [0, 1], margin=0.001)
    plan_4 = collect_more((1, -1), groups, [0, 1], margin=0.001)
    assert 4.0 == pytest.approx((plan_4.total + 2000) / (plan_1.total + 2000), rel=0.001)


def test_zero_errors_when_many_were_seen_then_follow_the_rule_of_three() -> None:
    assert 3 == ceil(zero_error_upper(10_000) * 10_000)
