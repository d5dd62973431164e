"""From rows to a metric: the columns it needs are made, the rows counted, the counts measured."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING
from zlib import crc32

import numpy as np

from headway.errors import ColumnError, SourceError, TargetError
from headway.frames.binned import binned
from headway.frames.reduce import reduce
from headway.frames.scored import positive_class, scored
from headway.frames.source import read
from headway.frames.write import table as table_of
from headway.stats.metrics import ONE_CLASS, as_error, metric_of
from headway.store.settings import LOSS
from headway.strategy import measures
from headway.studies.collect import Collected

if TYPE_CHECKING:
    from headway.counts import Counts, CountSpec, CountTable, Intake
    from headway.frames.source import Frame
    from headway.stats.forms import Measured
    from headway.stats.metric import Metric
    from headway.store.settings import Asked
    from headway.strategy.rungs import Errors

__all__ = [
    "Found",
    "chosen",
    "error_of_part",
    "error_words",
    "exposure_of",
    "found",
    "frame_of",
    "prepared",
    "reduced",
    "rng_of",
    "today",
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


def frame_of(question: Asked, *, models_from_files: bool = False) -> Frame:
    """The rows that were asked about, with roles.

    Args:
        question: What was asked.
        models_from_files: Whether a file without a ``model`` column is a model of its name.

    Returns:
        The frame.

    Raises:
        HeadwayError: If nothing was given, or it cannot be read.
    """
    source = question.source
    if source is None and not question.splits:
        raise SourceError.nothing_given()
    if isinstance(source, Collected):
        source = source.columns
    if isinstance(source, Mapping):
        source = table_of(source)
    return read(
        source,
        columns=question.columns,
        engine=question.engine,
        split_files=question.splits,
        models_from_files=models_from_files,
        model=question.model,
    )


def rng_of(seed: int, analysis: str, digest: str) -> np.random.Generator:
    """An independent stream for one analysis of one set of counts, the same on every engine."""
    entropy = [seed, crc32(analysis.encode()), int(digest[:8], 16)]
    return np.random.default_rng(np.random.SeedSequence(entropy))


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
    outcomes = "correct" in frame.roles or {"label", "prediction"} <= frame.roles
    return metric_of("error") if outcomes or "loss" not in frame.roles else LOSS


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
    if not errors.measured:
        raise TargetError.undefined(named.name)
    return Found(metric=named, errors=errors, counts=counts, intake=intake)


def exposure_of(intake: Intake, question: Asked) -> Mapping[str, float]:
    """Seconds of operation by split; under ``"all"`` where no column told."""
    if intake.exposure_s or question.exposure_s is None:
        return intake.exposure_s
    return {"all": question.exposure_s}


def reduced(frame: Frame, spec: CountSpec, question: Asked) -> tuple[Counts, Intake]:
    """Rows to counts, as the question asks for them."""
    mature = question.mature_after_days
    counts, intake = reduce(
        frame,
        spec,
        max_unusable=question.max_unusable,
        check_ids=question.check_ids,
        mature_after_days=mature,
        as_of=_day(question.as_of) if mature is not None else None,
    )
    return counts, replace(intake, exposure_s=exposure_of(intake, question))


def _day(text: str | None) -> date:
    """The day that ages are counted from: today, unless one is named."""
    try:
        return date.fromisoformat(text) if text else today()
    except ValueError as error:
        raise TargetError.not_a_day(str(text)) from error


def today() -> date:
    """The day, in UTC."""
    return datetime.now(tz=UTC).date()
