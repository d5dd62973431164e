from __future__ import annotations

from dataclasses import replace

import pytest

from headway.errors import TargetError
from headway.stats.composites import Overlap
from headway.stats.forms import Binomial, Mean
from headway.stats.measured import point
from headway.stats.metrics import ALIASES, METRICS, as_error, metric_of, user_metric

WRITTEN = [
    ("F1", "f1"),
    ("f1_score", "f1"),
    ("f1_macro", "macro_f1"),
    ("macro-F2", "macro_f2"),
    ("weighted f1", "weighted_f1"),
    ("F0.5", "f0.5"),
    ("tpr", "recall"),
    ("sensitivity(cat)", "recall(cat)"),
    ("Balanced accuracy", "balanced_accuracy"),
    ("recall_macro", "balanced_accuracy"),
    ("roc_auc", "auc"),
    ("ece", "calibration_error"),
    ("top5_error", "top_5_error"),
    ("recall_at(0.01)", "recall_at(1%)"),
    ("recall_at( 50 , cat )", "recall_at(50, cat)"),
    ("precision_at_recall(90%)", "precision_at_recall(90%)"),
    ("false_alarms_per_24h", "false_positives_per_24h"),
    ("median(running time)", "p50(running time)"),
    ("p99.9(t)", "p99.9(t)"),
    ("share(t>=5%)", "share(t >= 0.05)"),
    ("running_time_ms", "mean(running_time_ms)"),
    ("  t ", "mean(t)"),
]


@pytest.mark.parametrize(("text", "name"), WRITTEN)
def test_metric_when_written_in_another_way_then_has_one_name(text: str, name: str) -> None:
    assert name == metric_of(text).name


@pytest.mark.parametrize("text", [name for _, name in WRITTEN] + [*METRICS, "top_1_accuracy"])
def test_metric_when_its_own_name_is_read_then_is_the_same(text: str) -> None:
    assert metric_of(text) == metric_of(metric_of(text).name)
    assert text == metric_of(text).name


@pytest.mark.parametrize("alias", sorted(ALIASES))
def test_alias_when_read_then_is_a_metric_of_its_own_name(alias: str) -> None:
    assert ALIASES[alias] == metric_of(alias).name


@pytest.mark.parametrize(
    ("text", "source", "kind", "maximize", "unit"),
    [
        ("error", "outcome", "error", False, "fraction"),
        ("micro_f1", "outcome", "accuracy", True, "fraction"),
        ("recall", "confusion", "recall", True, "fraction"),
        ("miss_rate", "confusion", "false_negative_rate", False, "fraction"),
        ("f2", "confusion", "f_beta", True, "fraction"),
        ("macro_f1", "confusion", "macro_f", True, "fraction"),
        ("mcc", "confusion", "mcc", True, ""),
        ("cost", "confusion", "cost", False, ""),
        ("auc", "scores", "auc", True, "fraction"),
        ("recall_at(1%)", "scores", "recall_at", True, "fraction"),
        ("log_loss", "row", "log_loss", False, ""),
        ("mae", "row", "absolute_error", False, ""),
        ("top_5_error", "row", "top_k_error", False, "fraction"),
        ("top_5_accuracy", "row", "top_k_accuracy", True, "fraction"),
        ("false_positives_per_24h", "events", "false_positives", False, "per 24 h"),
        ("false_positives_per_hour", "events", "false_positives", False, "per hour"),
        ("mean(size_mb)", "row", "mean", False, "MB"),
        ("p95(running_time_ms)", "quantile", "quantile", False, "ms"),
        ("share(t > 100)", "row", "share", False, "fraction"),
        ("ms", "row", "mean", False, "ms"),
    ],
)
def test_metric_when_read_then_has_a_source_a_direction_and_a_unit(
    text: str, source: str, kind: str, *, maximize: bool, unit: str
) -> None:
    found = metric_of(text)
    assert (source, kind, maximize, unit) == (found.source, found.kind, found.maximize, found.unit)


@pytest.mark.parametrize(
    ("text", "parameter", "sign"),
    [
        ("f0.5", 0.5, ""),
        ("top_3_error", 3, ""),
        ("recall_at(1%)", 0.01, ""),
        ("recall_at(50)", 50, ""),
        ("p99.9(t)", 0.999, ""),
        ("share(t <= -1e3)", -1000.0, "<="),
        ("share(t < 5)", 5.0, "<"),
        ("false_positives_per_hour", 3600.0, ""),
        ("accuracy", None, ""),
    ],
)
def test_metric_when_it_has_a_number_then_keeps_it(
    text: str, parameter: float | None, sign: str
) -> None:
    assert (parameter, sign) == (metric_of(text).parameter, metric_of(text).sign)


def test_positive_class_when_given_beside_the_text_then_is_part_of_the_name() -> None:
    found = metric_of("recall", positive="cat")
    assert metric_of("recall(cat)") == found
    assert ("cat", "recall of cat") == (found.positive, found.title)
    assert "cat" == metric_of("recall(cat)", positive="dog").positive
    assert 1 == metric_of("f1", positive=1).positive
    assert "recall of cat among the 50 highest scores" == metric_of("recall_at(50, cat)").title


@pytest.mark.parametrize("text", ["accuracy", "macro_f1", "mcc", "mean(t)", "cost"])
def test_positive_class_when_the_metric_has_none_then_is_left_out(text: str) -> None:
    assert metric_of(text) == metric_of(text, positive="cat")


def test_micro_f1_when_shown_then_says_that_it_is_the_accuracy() -> None:
    assert "micro F1 (the accuracy)" == metric_of("micro_f1").title


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("recal", "recall"),
        ("accurcy", "accuracy"),
        ("kapa", "kappa"),
        ("calibration_eror", "calibration_error"),
        ("neg_log_loss", "log_loss"),
        ("rmse", "mse"),
        ("top_0_error", "top_5_error"),
    ],
)
def test_metric_when_misspelt_then_is_refused_with_the_right_name(text: str, name: str) -> None:
    with pytest.raises(TargetError, match=rf"too near one to be read .*\n.*\n.*mean '{name}'\?"):
        metric_of(text)
    assert text == metric_of(f"mean({text})").column


@pytest.mark.parametrize(
    "text",
    [
        *("", " ", "95%", "t <= 100", "hello world", "f1 + f2", "(cat)", "7"),
        *("p0(t)", "p100(t)", "mean()", "mean( )", "accuracy(cat)", "share(t)", "share(t > x)"),
        *("share(> 5)", "recall_at(0)", "recall_at(1.5)", "recall_at(100%)", "recall_at(cat)"),
        *("precision_at_recall(50)", "nonsense(t)", "share(t == 5)"),
    ],
)
def test_metric_when_it_is_nonsense_then_is_refused(text: str) -> None:
    with pytest.raises(TargetError, match="cannot be read as a metric"):
        metric_of(text)


@pytest.mark.parametrize("text", ["t", "gap", "f0", "cost_usd", "größe"])
def test_bare_word_when_it_is_no_metric_then_is_the_mean_of_a_column(text: str) -> None:
    assert (text, "mean") == (metric_of(text).column, metric_of(text).kind)


def test_metric_of_ones_own_when_made_then_carries_its_function() -> None:
    found = user_metric("missed_cats", lambda counts: sum(counts.values()), maximize=False)
    assert ("confusion", "user", "missed cats") == (found.source, found.kind, found.title)
    assert found.function is not None
    assert 5.0 == found.function({("a", "b"): 5.0})


def test_error_when_larger_is_better_then_is_the_complement() -> None:
    f1 = Overlap(n_shared=3, n_apart=2, n=10)
    assert 0.25 == point(as_error(metric_of("f1"), f1))
    assert Binomial(n_errors=3, n=10) == as_error(metric_of("recall"), Binomial(n_errors=7, n=10))


def test_error_when_less_is_better_then_is_the_value_itself() -> None:
    loss = Mean(mean=3.0, variance=1.0, n=10)
    assert loss == as_error(metric_of("mae"), loss)
    assert -2.0 == point(as_error(replace(metric_of("t"), maximize=True), loss))
