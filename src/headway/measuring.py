"""From rows to a metric: the columns it needs are made, the rows counted, the counts measured."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from headway.errors import ColumnError, TargetError
from headway.frames.binned import BIN, POSITIVE, binned
from headway.frames.engines import asked
from headway.frames.first_look import classes_seen
from headway.frames.scored import positive_class, scored
from headway.opening import exposure_of, reduced
from headway.stats.metrics import ONE_CLASS, as_error, metric_of
from headway.store.settings import LOSS
from headway.strategy import measures

if TYPE_CHECKING:
    from collections.abc import Callable

    from headway.counts import Counts, CountTable, Intake, Scalar
    from headway.frames.source import Frame
    from headway.stats.forms import Measured
    from headway.stats.metric import Metric
    from headway.store.settings import Asked
    from headway.strategy.rungs import Errors

__all__ = [
    "Found",
    "check_class",
    "chosen",
    "error_of_part",
    "error_words",
    "found",
    "prepared",
    "with_unscored",
]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Found:
    """A metric measured on every split.

    Args:
        metric: The metric, its positive class known.
        errors: The error of each split on it.
        counts: What was counted.
        intake: What was read.
    """

    metric: Metric
    errors: Errors
    counts: Counts
    intake: Intake


def error_words(metric: Metric) -> str:
    """What the rungs of a ladder on this metric hold, in words.

    Examples:
        >>> error_words(metric_of("accuracy")), error_words(metric_of("f1"))
        ('error', 'error (1 − F1)')
    """
    if metric.source == "outcome":
        return "error"
    return f"error (1 − {metric.title})" if metric.maximize else metric.title


def error_of_part(got: Found, question: Asked) -> Callable[[CountTable], Measured | None] | None:
    """The error of a part of the rows on the metric; None where errors and losses are meant."""
    if got.metric.source in {"outcome", "row"}:
        return None

    def error(part: CountTable) -> Measured | None:
        value = measures.measure(got.metric, part, costs=question.costs)
        return None if value is None else as_error(got.metric, value)

    return error


def chosen(question: Asked, frame: Frame) -> Metric:
    """The metric that was asked for, else the error where outcomes are known, else the loss."""
    if question.target is not None:
        return question.target
    if "correct" in frame.roles or {"label", "prediction"} <= frame.roles:
        return metric_of("error")
    if "loss" not in frame.roles:
        raise ColumnError.nothing_to_judge(list(frame.kinds))
    return LOSS


def prepared(frame: Frame, metric: Metric) -> tuple[Frame, Metric]:
    """The frame with the columns that a metric is made of, and the metric with its positive class.

    Args:
        frame: The frame.
        metric: The metric.

    Returns:
        The frame to count, and the metric.

    Raises:
        HeadwayError: If a column is missing, or nobody named the positive class.
    """
    if metric.source == "scores":
        cut = binned(frame, positive=metric.positive)
        rows = cut.frame
        if metric.kind == "calibration_error":
            rows = replace(scored(rows, "mean", column=cut.column), loss_of_label=True)
        return rows, replace(metric, positive=cut.positive)
    if metric.source == "row":
        return _scored(frame, metric), metric
    if metric.source == "outcome":
        if "correct" not in frame.roles and not {"label", "prediction"} <= frame.roles:
            raise ColumnError.role_absent(
                "prediction", f"the metric '{metric.name}'", list(frame.roles)
            )
        return frame, metric
    for role in ("label", "prediction"):
        if role not in frame.roles:
            raise ColumnError.role_absent(role, f"the metric '{metric.name}'", sorted(frame.roles))
    if metric.kind not in ONE_CLASS:
        return frame, metric
    return frame, replace(metric, positive=positive_class(frame, metric.positive))


def _scored(frame: Frame, metric: Metric) -> Frame:
    """The frame with the number of a row that a metric is the mean of."""
    if metric.kind == "loss":
        if "loss" not in frame.roles:
            raise ColumnError.role_absent("loss", "the metric 'loss'", list(frame.roles))
        return frame
    return scored(
        frame,
        metric.kind.replace("_accuracy", "_error"),
        column=metric.column,
        sign=metric.sign,
        bound=metric.parameter or 0.0,
        k=int(metric.parameter or 1),
        positive=metric.positive,
    )


def found(frame: Frame, metric: Metric, question: Asked, *, by: tuple[str, ...] = ()) -> Found:
    """A metric measured on every split of a frame.

    Args:
        frame: The frame, as it was read.
        metric: The metric.
        question: What was asked: weights, groups and rows left aside.
        by: Columns to break the errors down by.

    Returns:
        The errors, the counts and the intake.

    Raises:
        HeadwayError: If the metric cannot be made from these rows.
    """
    rows, named = prepared(frame, metric)
    spec = measures.needs(
        named,
        rows.roles,
        weight_levels=rows.weight_levels,
        by=by,
        ignore_group=question.ignore_group,
    )
    counts, intake = reduced(rows, spec, question)
    errors = measures.errors(
        named,
        counts,
        train_as=question.train_as,
        exposure_s=exposure_of(intake, question),
        costs=question.costs,
    )
    if named.kind in ONE_CLASS:
        check_class(named.positive, counts, rows)
    if not errors.measured:
        raise TargetError.undefined(named.name)
    if metric.source == "scores":
        intake = with_unscored(intake, counts)
    return Found(metric=named, errors=errors, counts=counts, intake=intake)


def check_class(positive: Scalar, counts: Counts, frame: Frame) -> None:
    """Refuse a positive class that is no label of any row.

    Args:
        positive: The positive class; None where there is none to look for.
        counts: What was counted for it, of all splits.
        frame: The rows; asked for their labels where the counts do not tell them.

    Raises:
        TargetError: If rows have several labels, and none is the positive class.
    """
    tables = counts.tables.values()
    is_seen = any(True in t.column(POSITIVE) for t in tables if POSITIVE in t.keys)
    if positive is None or is_seen:
        return
    labels = {
        str(v) for t in tables if "label" in t.keys for v in t.column("label") if v is not None
    }
    if not labels:
        with asked(frame.engine, frame.sources):
            name = frame.columns.roles["label"]
            labels = {*classes_seen(frame.rows, name, frame.kind_of("label"))}
    if len(labels) > 1 and str(positive).lower() not in {label.lower() for label in labels}:
        raise TargetError.unknown("class of the labels", str(positive), sorted(labels))


def with_unscored(intake: Intake, counts: Counts) -> Intake:
    """What was read, with the rows that have no score as those that abstain.

    Args:
        intake: What was read.
        counts: What was counted, by bins of the score.

    Returns:
        The same, with their number in each split.
    """
    table = next(t for t in counts.tables.values() if BIN in t.keys)
    missing = table.where(**{BIN: None}).marginal("split")
    abstained = {str(split): n for (split,), n in missing}
    return replace(intake, abstained=abstained, prediction_from="score")
