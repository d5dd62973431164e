"""Which metrics there are and how they are written: text in, a ``Metric`` out."""

from __future__ import annotations

import re
from dataclasses import replace
from difflib import get_close_matches
from typing import TYPE_CHECKING, Final

from headway.errors import TargetError
from headway.stats.complements import complement
from headway.stats.metric import Metric

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from headway.counts import Scalar
    from headway.stats.forms import Measured

__all__ = ["METRICS", "ONE_CLASS", "as_error", "metric_of", "user_metric"]

NEAR: Final = 0.8
"""Likeness to the name of a metric from which a bare word is taken for a misspelling."""

SHORTEST: Final = 4
"""Letters from which a bare word is compared with the names of the metrics."""

METRICS: Final[Mapping[str, tuple[str, str, str]]] = {
    "error": ("error", "outcome", "error"),
    "accuracy": ("accuracy", "outcome", "accuracy"),
    "micro_precision": ("micro precision (the accuracy)", "outcome", "accuracy"),
    "micro_recall": ("micro recall (the accuracy)", "outcome", "accuracy"),
    "weighted_recall": ("weighted recall (the accuracy)", "outcome", "accuracy"),
    "precision": ("precision", "confusion", "precision"),
    "recall": ("recall", "confusion", "recall"),
    "specificity": ("specificity", "confusion", "specificity"),
    "false_positive_rate": ("false positive rate", "confusion", "false_positive_rate"),
    "false_negative_rate": ("false negative rate", "confusion", "false_negative_rate"),
    "macro_precision": ("macro precision", "confusion", "macro_precision"),
    "weighted_precision": ("weighted precision", "confusion", "weighted_precision"),
    "balanced_accuracy": ("balanced accuracy (macro recall)", "confusion", "macro_recall"),
    "mcc": ("Matthews correlation", "confusion", "mcc"),
    "kappa": ("Cohen's kappa", "confusion", "kappa"),
    "cost": ("cost per example", "confusion", "cost"),
    "auc": ("area under the ROC curve", "scores", "auc"),
    "average_precision": ("average precision", "scores", "average_precision"),
    "calibration_error": ("expected calibration error", "scores", "calibration_error"),
    "log_loss": ("log loss", "row", "log_loss"),
    "brier": ("Brier score", "row", "brier"),
    "mae": ("mean absolute error", "row", "absolute_error"),
    "mse": ("mean squared error", "row", "squared_error"),
    "false_positives_per_24h": ("false positives per 24 h", "events", "false_positives"),
    "false_positives_per_hour": ("false positives per hour", "events", "false_positives"),
}
"""Title, source and kind of each metric with a name of its own; families such as f2 aside."""

ALIASES: Final = {
    "acc": "accuracy",
    "error_rate": "error",
    "misclassification": "error",
    "ppv": "precision",
    "positive_predictive_value": "precision",
    "tpr": "recall",
    "true_positive_rate": "recall",
    "sensitivity": "recall",
    "hit_rate": "recall",
    "tnr": "specificity",
    "true_negative_rate": "specificity",
    "fpr": "false_positive_rate",
    "fall_out": "false_positive_rate",
    "fnr": "false_negative_rate",
    "miss_rate": "false_negative_rate",
    "macro_recall": "balanced_accuracy",
    "matthews_corrcoef": "mcc",
    "cohen_kappa": "kappa",
    "cost_per_example": "cost",
    "roc_auc": "auc",
    "auroc": "auc",
    "ap": "average_precision",
    "pr_auc": "average_precision",
    "auprc": "average_precision",
    "ece": "calibration_error",
    "expected_calibration_error": "calibration_error",
    "logloss": "log_loss",
    "cross_entropy": "log_loss",
    "brier_score": "brier",
    "mean_absolute_error": "mae",
    "mean_squared_error": "mse",
    "false_alarms_per_24h": "false_positives_per_24h",
    "false_alarms_per_hour": "false_positives_per_hour",
}

SMALLER: Final = {
    *("error", "false_positive_rate", "false_negative_rate", "cost", "calibration_error"),
    *("log_loss", "brier", "absolute_error", "squared_error", "false_positives", "top_k_error"),
    *("mean", "share", "quantile"),
}
"""Kinds of which less is better."""

OPEN: Final = {"mcc", "kappa", "cost", "log_loss", "brier", "absolute_error", "squared_error"}
"""Kinds that are no fraction."""

ONE_CLASS: Final = {
    *("precision", "recall", "specificity", "false_positive_rate", "false_negative_rate"),
    *("f_beta", "auc", "average_precision", "calibration_error", "recall_at"),
    *("precision_at_recall", "log_loss", "brier", "false_positives"),
}
"""Kinds that ask which class is the positive one."""

AT: Final = {"recall_at", "precision_at_recall"}
"""Kinds that are read off at one point of a curve."""

PER: Final = {"false_positives_per_24h": 86_400.0, "false_positives_per_hour": 3_600.0}
"""Seconds in the unit of a rate per time."""

UNITS: Final = {
    unit.lower(): unit
    for unit in (
        *("ns", "us", "ms", "s", "min", "h", "bytes", "kB", "MB", "GB", "KiB", "MiB", "GiB"),
        *("J", "Wh", "kWh", "W", "USD", "EUR", "CHF", "GBP", "tokens"),
    )
}
"""The unit of a column by the end of its name, after the last underscore."""

WORD: Final = re.compile(r"[^\W\d][\w.]*")
CALL: Final = re.compile(r"([A-Za-z][\w.]*)\s*\((.*)\)", re.DOTALL)
F_BETA: Final = re.compile(r"(macro_|weighted_|micro_)?f_?(\d+(?:\.\d+)?)(?:_score)?")
TOP_K: Final = re.compile(r"top_?(\d+)_(error|accuracy)")
PERCENTILE: Final = re.compile(r"p(\d+(?:\.\d+)?)")
SHARE: Final = re.compile(r"(.+?)\s*(>=|<=|>|<)\s*([^<>=]+)")


def metric_of(text: str, *, positive: Scalar = None) -> Metric:
    """The metric that a text names.

    Args:
        text: The name of a metric: ``error``, ``accuracy``, ``precision``, ``recall``,
            ``specificity``, ``false_positive_rate``, ``f1``, ``f0.5``, ``macro_f1``,
            ``weighted_f1``, ``balanced_accuracy``, ``mcc``, ``kappa``, ``cost``, ``auc``,
            ``average_precision``, ``calibration_error``, ``log_loss``, ``brier``, ``mae``, ``mse``,
            ``top_5_error``, ``recall_at(1%)``, ``precision_at_recall(90%)``,
            ``false_positives_per_24h``, their usual other names, or a class behind one of them:
            ``recall(cat)``. Or what is asked of a column: ``mean(t)``, ``p95(t)``,
            ``share(t > 100)``. Any other bare word is the mean of the column of that name.
        positive: The positive class, where the text names none.

    Returns:
        The metric. Less is better for a column; ``dataclasses.replace`` says otherwise.

    Raises:
        TargetError: If the text is no metric, or nearly the name of one.

    Examples:
        >>> metric_of("F1", positive="cat").name, metric_of("tpr(cat)").title
        ('f1(cat)', 'recall of cat')
        >>> metric_of("running_time_ms").name, metric_of("p95(running_time_ms)").unit
        ('mean(running_time_ms)', 'ms')

    References:
        Methods note, sections 3.4, 3.5 and 3.7.
        Notes: week 1, "Single number evaluation metric".
    """
    text = text.strip()
    found = _named(_plain(text)) or _called(text)
    if found is None:
        return _bare(text)
    return _of_class(found, positive) if found.positive is None else found


def _plain(text: str) -> str:
    """A text as names of metrics are written."""
    name = re.sub(r"[\s-]+", "_", text.lower())
    swapped = re.fullmatch(r"(.+)_(macro|weighted|micro)", name)
    name = f"{swapped[2]}_{swapped[1]}" if swapped else name
    return ALIASES.get(name, name)


def _made(name: str, title: str, source: str, kind: str) -> Metric:
    """A metric with the direction and the unit of its kind."""
    unit = "" if kind in OPEN else "fraction"
    if name in PER:
        unit = "per hour" if PER[name] == PER["false_positives_per_hour"] else "per 24 h"
    return Metric(
        name=name,
        title=title,
        source=source,
        kind=kind,
        maximize=kind not in SMALLER,
        unit=unit,
        parameter=PER.get(name),
    )


def _named(name: str) -> Metric | None:
    """The metric of a plain name, or None."""
    if name in METRICS:
        return _made(name, *METRICS[name])
    f = F_BETA.fullmatch(name)
    if f and float(f[2]) > 0:
        return _f_measure(f[1] or "", float(f[2]))
    top = TOP_K.fullmatch(name)
    if top and int(top[1]) > 0:
        k, kind = int(top[1]), f"top_k_{top[2]}"
        return replace(_made(f"top_{k}_{top[2]}", f"top-{k} {top[2]}", "row", kind), parameter=k)
    return None


def _f_measure(average: str, beta: float) -> Metric:
    """An F-measure of one class, or an average over classes."""
    name, title = f"{average}f{beta:g}", f"{average[:-1]} F{beta:g}".strip()
    if average == "micro_":
        return _made(name, f"{title} (the accuracy)", "outcome", "accuracy")
    kind = f"{average}f" if average else "f_beta"
    return replace(_made(name, title, "confusion", kind), parameter=beta)


def _called(text: str) -> Metric | None:
    """The metric of a text with parentheses, or None where there are none."""
    call = CALL.fullmatch(text)
    if call is None:
        return None
    name, inner = call[1].lower(), call[2].strip()
    percentile = PERCENTILE.fullmatch(name)
    if not inner:
        raise TargetError.not_a_metric(text)
    if name == "mean":
        return _of_column(inner)
    if percentile or name == "median":
        return _quantile(text, inner, float(percentile[1]) if percentile else 50.0)
    if name == "share":
        return _share(text, inner)
    if name in AT:
        return _at(text, name, inner)
    found = _named(_plain(name))
    if found is None or found.kind not in ONE_CLASS:
        raise TargetError.not_a_metric(text)
    return _of_class(found, inner.strip("'\""))


def _of_class(metric: Metric, positive: Scalar) -> Metric:
    """A metric of one class, if it is of a kind that has one and the class is named."""
    if positive is None or metric.kind not in ONE_CLASS:
        return metric
    stem = f"{metric.name[:-1]}, " if metric.name.endswith(")") else f"{metric.name}("
    first, _, rest = metric.title.partition(" a")
    title = (
        f"{first} of {positive} a{rest}" if metric.kind in AT else f"{metric.title} of {positive}"
    )
    return replace(metric, name=f"{stem}{positive})", title=title, positive=positive)


def unit_of(column: str) -> str:
    """The unit that the end of a column's name tells, or nothing."""
    return UNITS.get(column.lower().rpartition("_")[2], "")


def _of_column(column: str) -> Metric:
    """The mean of a column."""
    made = _made(f"mean({column})", f"mean {column}", "row", "mean")
    return replace(made, column=column, unit=unit_of(column))


def _quantile(text: str, column: str, hundredths: float) -> Metric:
    """A quantile of a column."""
    if not 0 < hundredths < 100:
        raise TargetError.not_a_metric(text)
    name = f"p{hundredths:g}({column})"
    made = _made(name, f"{hundredths:g}th percentile of {column}", "quantile", "quantile")
    return replace(made, column=column, unit=unit_of(column), parameter=round(hundredths / 100, 12))


def _number(text: str) -> float | None:
    """A number, or a percentage as a fraction; None where it is neither."""
    found = re.fullmatch(r"([-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)\s*(%?)", text.strip())
    if found is None:
        return None
    return float(found[1]) / 100 if found[2] else float(found[1])


def _share(text: str, inner: str) -> Metric:
    """The share of the rows in which a column lies beyond a bound."""
    found = SHARE.fullmatch(inner)
    bound = _number(found[3]) if found else None
    if found is None or bound is None:
        raise TargetError.not_a_metric(text)
    column, sign = found[1].strip(), found[2]
    name = f"share({column} {sign} {bound:.15g})"
    made = _made(name, f"share with {column} {sign} {bound:.15g}", "row", "share")
    return replace(made, column=column, parameter=bound, sign=sign)


def _at(text: str, name: str, inner: str) -> Metric:
    """Recall at an alert budget, or precision at a recall."""
    asked, _, positive = (part.strip() for part in inner.partition(","))
    value = _number(asked)
    whole = value is not None and value >= 1 and value == int(value) and "%" not in asked
    if value is None or not (0 < value < 1 or (whole and name == "recall_at")):
        raise TargetError.not_a_metric(text)
    said = f"{value:.15g}" if whole else f"{100 * value:.12g}%"
    title = f"recall among the {said} highest scores"
    if name == "precision_at_recall":
        title = f"precision at a recall of {said}"
    made = replace(_made(f"{name}({said})", title, "scores", name), parameter=value)
    return _of_class(made, positive.strip("'\"") or None)


def _bare(text: str) -> Metric:
    """The mean of the column that a bare word names."""
    if WORD.fullmatch(text) is None:
        raise TargetError.not_a_metric(text)
    names = {*METRICS, *ALIASES, "macro_f1", "weighted_f1", "top_5_error"}
    long = sorted(name for name in names if len(name) >= SHORTEST - 1)
    near = get_close_matches(_plain(text), long, n=1, cutoff=NEAR)
    if near and len(text) >= SHORTEST:
        raise TargetError.near_a_metric(text, near[0])
    return _of_column(text)


def user_metric(
    name: str,
    function: Callable[[Mapping[tuple[Scalar, ...], float]], float],
    *,
    maximize: bool,
    unit: str = "",
) -> Metric:
    """A metric of one's own, computed from confusion counts.

    Args:
        name: What it is called.
        function: Takes the counts by (label, prediction), which may be fractions, and gives a
            number. A division by zero says that the metric is not defined.
        maximize: Whether larger is better.
        unit: Its unit, ``"fraction"`` or nothing.

    Returns:
        The metric.

    Examples:
        >>> def missed(counts):
        ...     return counts.get(("cat", "dog"), 0.0) / sum(counts.values())
        >>> user_metric("missed_cats", missed, maximize=False).source
        'confusion'

    References:
        Methods note, section 3.4.
        Notes: week 1, "When to change dev/test sets and metrics".
    """
    return Metric(
        name=name,
        title=name.replace("_", " "),
        source="confusion",
        kind="user",
        maximize=maximize,
        unit=unit,
        function=function,
    )


def as_error(metric: Metric, measured: Measured) -> Measured:
    """A metric as an error, of which less is better: what a ladder stands on.

    Args:
        metric: The metric.
        measured: Its value, in any form.

    Returns:
        One minus the value where larger is better, else the value itself.

    Examples:
        >>> from headway.stats.forms import Binomial
        >>> as_error(metric_of("accuracy"), Binomial(n_errors=95, n=100))
        Binomial(n_errors=5, n=100)

    References:
        Methods note, section 1.1.
        Notes: week 1, "Avoidable bias".
    """
    return complement(measured) if metric.maximize else measured
