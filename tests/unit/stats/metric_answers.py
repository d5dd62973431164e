"""The numbers that the metrics give for the inputs of the methods note's vectors."""

from __future__ import annotations

from math import sqrt
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from headway.counts import CountTable
from headway.stats import curves, events
from headway.stats.composites import Bounded, Poisson
from headway.stats.confusion import gradient, of_confusion
from headway.stats.feasible import exposure_to_prove, probability_of_rate, probability_within
from headway.stats.forms import Binomial
from headway.stats.measured import limits, point
from headway.stats.metrics import metric_of
from headway.stats.resampling import dirichlet_draws
from headway.stats.scores import of_scores
from tests.unit.stats.answers import delta_paired_f1

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from headway.stats.forms import Measured

Given: TypeAlias = Any
"""The inputs of a vector: whatever JSON holds."""


def confusion(rows: Iterable[Iterable[int]]) -> CountTable:
    """A count table from a confusion matrix whose rows are labels."""
    cells = [(i, j, n) for i, row in enumerate(rows) for j, n in enumerate(row)]
    return CountTable.of(
        ("label", "prediction"), [(i, j) for i, j, _ in cells], [n for _, _, n in cells]
    )


def binary(tp: int, fp: int, fn: int, tn: int = 0) -> CountTable:
    """A count table of two classes, of which 1 is positive."""
    return confusion([[tn, fp], [fn, tp]])


def histogram(
    pos: Iterable[int], neg: Iterable[int], **sums: Iterable[Iterable[float]]
) -> CountTable:
    """A count table of scores; sums are given for positives first."""
    pair = [list(pos), list(neg)]
    cells = [(label, place) for label, n in ((1, pair[0]), (0, pair[1])) for place in range(len(n))]
    flat = {name: [value for row in rows for value in row] for name, rows in sums.items()}
    return CountTable.of(("label", "score_bin"), cells, pair[0] + pair[1], flat)


def value(text: str, table: CountTable) -> float:
    """A metric as a number."""
    found = of_confusion(metric_of(text), table)
    assert found is not None
    return point(found)


def bounded(found: Measured | None) -> Bounded:
    assert isinstance(found, Bounded)
    return found


def f1_of_two(given: Given) -> dict[str, Any]:
    found = {}
    for name, rates in given.items():
        hits = round(1e6 * rates["precision"] * rates["recall"])
        false = round(hits / rates["precision"] - hits)
        found[name] = value("f1", binary(hits, false, round(hits / rates["recall"] - hits)))
    return {"f1_A": found["A"], "f1_B": found["B"], "choice": max(found, key=found.__getitem__)}


def f1_interval(given: Given) -> dict[str, float]:
    found = of_confusion(metric_of("f1"), binary(given["tp"], given["fp"], given["fn"]))
    assert found is not None
    lower, upper = limits(found, level=given["level"])
    union = given["tp"] + given["fp"] + given["fn"]
    shares = {"f1": point(found), "jaccard": given["tp"] / union}
    return {**shares, "lower": lower, "upper": upper}


def f1_posterior(given: Given) -> dict[str, float]:
    drawn = dirichlet_draws(list(given.values()), 200_000, rng=np.random.default_rng(1))
    f1 = 2 * drawn[:, 0] / (2 * drawn[:, 0] + drawn[:, 1] + drawn[:, 2])
    low, high = np.quantile(f1, [0.025, 0.975]).tolist()
    return {"mean": float(f1.mean()), "q025": low, "q975": high}


def f_betas(given: Given) -> dict[str, list[float]]:
    table = binary(given["tp"], given["fp"], given["fn"])
    return {"f_beta": [value(f"f{beta}", table) for beta in given["beta"]]}


def averages(given: Given) -> dict[str, Any]:
    table = confusion(given["confusion_true_rows"])
    names = ("macro_f1", "weighted_f1", "micro_f1", "balanced_accuracy", "mcc", "kappa")
    found = {name: value(name, table) for name in names}
    return {**found, "per_class_f1": [value(f"f1({k})", table) for k in range(3)]}


def delta_macro_f1(given: Given) -> dict[str, float]:
    table = confusion(given["confusion_true_rows"])
    slopes = gradient(metric_of("macro_f1"), table)
    se = sqrt(float((table.n * slopes**2).sum()))
    return {"macro_f1": value("macro_f1", table), "se": se}


def paired_f1(given: Given) -> dict[str, float]:
    cells = given["joint_cells"]
    n = np.array([cell["n"] for cell in cells])
    slopes, found = [], {}
    for model in ("a", "b"):
        keys = [(cell["label"], cell[model]) for cell in cells]
        table = CountTable.of(("label", "prediction"), keys, n)
        own = dict(zip(table.cells, gradient(metric_of("f1"), table), strict=True))
        slopes.append(np.array([own[key] for key in keys]))
        found[f"f1_{model.upper()}"] = value("f1", table)
    se = sqrt(float((n * (slopes[0] - slopes[1]) ** 2).sum()))
    difference = found["f1_A"] - found["f1_B"]
    return {**delta_paired_f1(given), **found, "difference": difference, "delta_se": se}


def area(given: Given) -> dict[str, float]:
    found = bounded(of_scores(metric_of("auc"), histogram(given["pos"], given["neg"])))
    lower, upper = found.value - found.slack_below, found.value + found.slack_above
    return {"auc": found.value, "lower": lower, "upper": upper}


def area_se(given: Given) -> dict[str, float]:
    pos, neg = (np.array(given[name], dtype=float) for name in ("pos", "neg"))
    return {"se": sqrt(curves.delong_variance(pos, neg))}


def precision_curve(given: Given) -> dict[str, float]:
    found = bounded(of_scores(metric_of("ap"), histogram(given["pos"], given["neg"])))
    lower, upper = found.value - found.slack_below, found.value + found.slack_above
    return {"ap_tied": found.value, "lower": lower, "upper": upper}


def brier(given: Given) -> dict[str, float]:
    n, n_pos = given["n"], given["n_positive"]
    table = histogram(
        [n_pos],
        [n - n_pos],
        score=[[given["sum_s_positive"]], [0.0]],
        score2=[[given["sum_s2"]], [0.0]],
    )
    found = of_scores(metric_of("brier"), table)
    assert found is not None
    return {"brier": point(found)}


def calibration(given: Given) -> dict[str, float]:
    hits = [each["correct"] for each in given["bins"]]
    missed = [each["n"] - each["correct"] for each in given["bins"]]
    sums = [[each["sum_conf"] for each in given["bins"]], [0.0] * len(hits)]
    found = of_scores(metric_of("ece"), histogram(hits, missed, score=sums))
    assert found is not None
    return {"ece": point(found)}


def rate_per_day(given: Given) -> Poisson:
    return events.of_events(
        metric_of("false_positives_per_24h"), given["false_positives"], given["hours"] * 3600
    )


def verdict(p: float) -> str:
    return "feasible" if p >= 0.95 else "infeasible" if p <= 0.05 else "undetermined"


def wake_word(given: Given) -> dict[str, Any]:
    rate = rate_per_day(given)
    lower, upper = limits(rate, level=given["level"])
    p = probability_of_rate(rate, given["limit_per_24h"])
    return {
        "rate_per_24h": point(rate),
        "lower": lower,
        "upper": upper,
        "p_feasible_jeffreys": p,
        "status": verdict(p),
    }


def no_wake_word(given: Given) -> dict[str, Any]:
    rate = rate_per_day(given)
    return {
        "upper_one_sided_95": limits(rate, level=0.90)[1],
        "upper_two_sided_95": limits(rate)[1],
        "status": verdict(probability_of_rate(rate, 1.0)),
        "hours_needed_one_sided": 24 * exposure_to_prove(0, 1.0),
    }


def hours_needed(given: Given) -> dict[str, list[float]]:
    limit, confidence = given["limit_per_24h"], given["confidence"]
    return {
        "hours": [
            24 * exposure_to_prove(x, limit, gamma=confidence) for x in given["false_positives"]
        ]
    }


def bursts(given: Given) -> dict[str, float]:
    pairs = list(zip(given["counts_by_device"], given["hours_by_device"], strict=True))
    rate = events.of_events(
        metric_of("false_positives_per_24h"),
        sum(x for x, _ in pairs),
        sum(hours for _, hours in pairs) * 3600,
        by_device=pairs,
    )
    return {
        "rate_per_24h": point(rate),
        "dispersion": events.dispersion(pairs),
        "deff_used": rate.dispersion,
    }


def two_rates(given: Given) -> dict[str, float | None]:
    one = Poisson(n_events=given["x_A"], exposure=given["days_A"])
    other = Poisson(n_events=given["x_B"], exposure=given["days_B"])
    ratio, p = events.compared_rates(one, other)
    return {"rate_ratio": ratio, "p_midp": p}


def quantile_limit(given: Given) -> dict[str, Any]:
    slow = Binomial(n_errors=given["over_limit"], n=given["n"])
    rng = np.random.default_rng(0)
    p = probability_within(slow, 1 - given["quantile"], at_most=True, rng=rng)
    return {"p_feasible": p, "status": verdict(p)}


METRIC_ANSWERS: Mapping[str, Callable[[Given], dict[str, Any]]] = {
    "latency_quantile_constraint": quantile_limit,
    "f1_course_example": f1_of_two,
    "f1_interval_via_jaccard": f1_interval,
    "f1_perks_posterior": f1_posterior,
    "f_beta": f_betas,
    "multiclass_averages": averages,
    "macro_f1_delta_se": delta_macro_f1,
    "paired_f1_difference": paired_f1,
    "auc_from_binned_tally": area,
    "auc_delong_se_binned": area_se,
    "average_precision_from_bins": precision_curve,
    "brier_from_sums": brier,
    "ece_from_tally": calibration,
    "wake_word_poisson_interval": wake_word,
    "wake_word_zero_in_24h": no_wake_word,
    "wake_word_hours_needed": hours_needed,
    "wake_word_overdispersion": bursts,
    "poisson_rate_comparison": two_rates,
}
