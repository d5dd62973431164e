from __future__ import annotations

import pytest

from headway.errors import CountError, HeadwayError, TargetError
from headway.strategy.target import limit_of, linear_of, measured_limit, policy


@pytest.mark.parametrize(
    ("text", "name", "bound", "side"),
    [
        ("running_time_ms <= 100", "mean(running_time_ms)", 100.0, "most"),
        ("running_time_ms<=100ms", "mean(running_time_ms)", 100.0, "most"),
        ("running_time_ms <= 0.1 s", "mean(running_time_ms)", 100.0, "most"),
        ("p95(running_time_ms) ≤ 0.002 min", "p95(running_time_ms)", 120.0, "most"),
        ("recall(cat) >= 90%", "recall(cat)", 0.9, "least"),
        ("recall(cat) ≥ 0.9", "recall(cat)", 0.9, "least"),
        ("false_positives_per_24h<=1", "false_positives_per_24h", 1.0, "most"),
        ("false_positives_per_24h <= 0.5 per hour", "false_positives_per_24h", 12.0, "most"),
        ("share(t > 100) <= 5 %", "share(t > 100)", 0.05, "most"),
        ("size_mb =< 0.1 GB", "mean(size_mb)", 100.0, "most"),
        ("mean(gain) => -1e-3", "mean(gain)", -0.001, "least"),
    ],
)
def test_limit_when_written_then_is_in_the_unit_of_its_metric(
    text: str, name: str, bound: float, side: str
) -> None:
    found = limit_of(text)
    assert (name, side == "most") == (found.metric.name, found.at_most)
    assert bound == pytest.approx(found.bound)


def test_limit_when_the_metric_has_no_unit_then_takes_that_of_the_number() -> None:
    assert "ms" == limit_of("p95(t) <= 100ms").metric.unit


@pytest.mark.parametrize(
    ("text", "match"),
    [
        ("running_time_ms <= 100 MB", "is given as mb, and the metric is in ms"),
        ("recall(cat) >= 90 ms", "is given as ms, and the metric is in fraction"),
        ("recall(cat) >= 90", "is given as 90, and the metric is in fraction"),
        ("running_time_ms <= 5 %", "is given as %, and the metric is in ms"),
        ("running_time_ms", "'running_time_ms' cannot be read as a limit"),
        ("share(t > 100)", "cannot be read as a limit"),
        ("running_time_ms <= soon", "cannot be read as a limit"),
        ("<= 100", "cannot be read as a limit"),
    ],
)
def test_limit_when_it_cannot_be_read_then_it_is_refused(text: str, match: str) -> None:
    with pytest.raises(TargetError, match=match):
        limit_of(text)


def test_limit_when_on_a_column_then_its_better_side_is_that_of_the_limit() -> None:
    assert not limit_of("t <= 1").metric.maximize
    assert limit_of("t >= 1").metric.maximize


def test_quantile_when_limited_then_becomes_a_share_of_rows() -> None:
    found = measured_limit(limit_of("p99(running_time_ms) <= 0.25 s"))
    assert "share(running_time_ms > 250)" == found.metric.name
    assert 0.01 == pytest.approx(found.bound)
    assert found.at_most


def test_other_limit_when_measured_then_stays() -> None:
    limit = limit_of("running_time_ms <= 100")
    assert limit is measured_limit(limit)


def test_policy_when_one_is_optimized_then_the_others_are_limits() -> None:
    found = policy(
        maximize="f1", subject_to=["running_time_ms <= 100", "recall >= 0.9"], margin=0.01
    )
    assert ["f1", "mean(running_time_ms)", "recall"] == [m.name for m in found.metrics]
    assert ["must_be_shown"] * 2 == [limit.burden for limit in found.limits]


def test_policy_when_limits_are_presumed_then_each_is() -> None:
    (limit,) = policy(minimize="error", subject_to="t <= 1", presumed=True).limits
    assert "presumed" == limit.burden


def test_policy_when_a_metric_is_limited_and_optimized_then_is_known_once() -> None:
    found = policy(maximize="recall", subject_to="recall >= 0.5")
    assert 1 == len(found.metrics)


def test_policy_when_a_column_is_optimized_then_the_direction_is_the_user_s() -> None:
    up, down = policy(maximize="gain").optimizing, policy(minimize="gain").optimizing
    assert (True, False) == (up and up.maximize, down and down.maximize)


@pytest.mark.parametrize(
    ("asked", "match"),
    [
        ({"maximize": ["accuracy", "f1"]}, "2 metrics are optimized at once: accuracy, f1"),
        ({"maximize": "f1", "minimize": "error"}, "2 metrics are optimized at once"),
        ({"maximize": "f1", "linear": "f1 - 0.1*t"}, "2 metrics are optimized at once"),
        ({}, "No metric is optimized"),
        ({"maximize": "error"}, "The target says to maximize 'error', of which smaller"),
        ({"minimize": "f1"}, "The target says to minimize 'f1', of which larger"),
        ({"maximize": "accuracyy"}, "'accuracyy' is no metric"),
        ({"maximize": "f1", "margin": -1}, "margin is -1"),
        ({"maximize": "f1", "subject_to": ["t <= 1", "t <= 2"]}, "is given twice"),
    ],
)
def test_policy_when_it_is_none_then_it_is_refused(asked: dict[str, object], match: str) -> None:
    with pytest.raises(HeadwayError, match=match):
        policy(**asked)  # type: ignore[arg-type]


def test_margin_when_it_is_not_finite_then_it_is_refused() -> None:
    with pytest.raises(CountError, match="margin is inf"):
        policy(maximize="f1", margin=float("inf"))


def test_refusal_of_two_when_read_then_says_how_many_may_have_limits() -> None:
    with pytest.raises(TargetError, match="3 metrics") as refusal:
        policy(maximize=["accuracy", "f1", "recall"])
    assert "m-1 satisficing; here 2 with a limit" in refusal.value.expected


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("accuracy - 0.0005*running_time_ms", [(1, "accuracy"), (-5e-4, "mean(running_time_ms)")]),
        ("2 * recall(cat) + f1", [(2, "recall(cat)"), (1, "f1")]),
        ("recall(cat) * 2 - share(t > 100)", [(2, "recall(cat)"), (-1, "share(t > 100)")]),
        ("-error + -1e-3*t", [(-1, "error"), (-1e-3, "mean(t)")]),
    ],
)
def test_sum_when_written_then_has_factors(text: str, terms: list[tuple[float, str]]) -> None:
    assert terms == [(factor, metric.name) for factor, metric in linear_of(text)]


@pytest.mark.parametrize(
    ("text", "match"),
    [
        ("accuracy - 5", "'5' is no term of a sum"),
        ("accuracy - 0*t", "is no term of a sum"),
        ("accuracy + ", "is no term of a sum"),
        ("accuracy - accuracy", "'accuracy' is given twice"),
    ],
)
def test_sum_when_a_term_is_none_then_it_is_refused(text: str, match: str) -> None:
    with pytest.raises(TargetError, match=match):
        linear_of(text)


def test_sum_when_maximized_then_needs_no_option_of_its_own() -> None:
    asked = policy(maximize="accuracy - 0.0005*running_time_ms")
    assert asked == policy(linear="accuracy - 0.0005*running_time_ms")
    assert asked.optimizing is None


def test_sum_when_minimized_then_its_factors_turn() -> None:
    found = policy(minimize="error + 0.1*t")
    assert [-1.0, -0.1] == [factor for factor, _ in found.linear]
