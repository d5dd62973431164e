"""Which model to take."""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final

from headway.answers import answer
from headway.errors import ColumnError, CountError, SourceError, TargetError
from headway.frames.joint import can_pair, joint
from headway.frames.metrics_table import read_metrics
from headway.frames.one_model import models_in
from headway.frames.paired_rows import MOST_PAIRED, paired_rows
from headway.frames.splits import split_of
from headway.measuring import prepared
from headway.opening import frame_of, rng_of
from headway.recording import looked
from headway.stats.forms import Binomial, Fixed
from headway.stats.patterns import all_errors
from headway.store.settings import LADDER_ALONE, asked, check_read
from headway.strategy import selection
from headway.strategy.candidates import Candidate, Pairing, candidates
from headway.strategy.jointly import answers_for, pairing
from headway.strategy.measures import row_kind, value_of
from headway.strategy.rungs import error_of
from headway.strategy.selection_said import of_table
from headway.strategy.target import measured_limit, policy
from headway.strategy.worded import name_of
from headway.workbench.each_model import of_each

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from headway.counts import CountTable, Intake
    from headway.findings import Finding
    from headway.frames.metrics_table import MetricsTable
    from headway.frames.source import Frame
    from headway.joint import JointCounts
    from headway.report.answer import Answer
    from headway.stats.forms import Measured
    from headway.stats.metric import Metric
    from headway.store.settings import Asked
    from headway.strategy.candidates import Candidates
    from headway.strategy.choices import Selection
    from headway.strategy.target import Policy

__all__ = ["select"]

NOT_READ: Final = (*LADDER_ALONE, "rungs", "metric")
"""Options that make no sense of a choice, which names its own metrics."""

ROW_APART: Final = frozenset({"weight", "sampling_weight", "group"})
"""Roles with which a number of each row is not paired by id."""


def select(
    source: Any = None,  # noqa: ANN401 - any frame or path
    *,
    maximize: str | Sequence[str] | None = None,
    minimize: str | Sequence[str] | None = None,
    subject_to: str | Sequence[str] = (),
    linear: str | None = None,
    metrics: Any = None,  # noqa: ANN401
    presumed: bool = False,
    split: str = "dev",
    **options: Any,  # noqa: ANN401
) -> Answer[Selection]:
    """Which model to take: one optimizing metric, the others satisficing.

    Args:
        source: Predictions of several models on the same examples: a table with ``model`` and
            ``id``, or one file for each model. None where ``metrics`` has all that is needed.
        maximize: The metric to be as large as possible, such as ``"f1"``, or a sum such as
            ``"accuracy - 0.0005*running_time_ms"``.
        minimize: Or the one to be as small as possible.
        subject_to: Limits, such as ``"running_time_ms <= 100"``.
        linear: A sum of metrics with factors, to be maximized instead.
        metrics: Metrics measured elsewhere: a file, a table, or ``{"A": {"accuracy": 0.9}}``.
        presumed: Whether a model may be taken although a limit is not shown to be kept.
        split: The split to choose on.
        **options: See ``headway.store.settings.Asked``.

    Returns:
        The choice, or the models that cannot be told apart, with what would tell them apart.

    Raises:
        HeadwayError: If not exactly one thing is optimized, a limit or a metric cannot be read, or
            the models cannot be measured.

    Examples:
        >>> seen = {"A": {"precision": 0.95, "recall": 0.90}, "B": {"precision": 0.98,
        ...     "recall": 0.85}}
        >>> select(metrics=seen, maximize="f1").result.choice
        'A'

    References:
        Notes: week 1, "Satisficing and Optimizing metric".
    """
    check_read("select", options, NOT_READ)
    question = asked(source, options)
    split = split_of(split) or split
    aim = _policy(question, maximize, minimize, subject_to, linear, presumed=presumed)
    table = None if metrics is None else read_metrics(metrics)
    has_rows = question.source is not None or bool(question.splits)
    if not has_rows and table is None:
        raise SourceError.nothing_given()
    intake, digest, shared = None, "", None
    told: tuple[Finding, ...] = ()
    if has_rows:
        frame = frame_of(question, models_from_files=True)
        aim = replace(aim, limits=tuple(measured_limit(limit) for limit in aim.limits))
        given, shared, intake, digest = _measured(frame, aim, table, question, split)
    else:
        assert table is not None
        items = [Candidate(model=m, metrics=_given(aim, table, m)) for m in table.models]
        given = candidates(aim, items)
    rng = rng_of(question.seed, "select", digest or "0" * 8)
    chosen = selection.judge(given, rng=rng, level=question.level)
    best = aim.optimizing
    if has_rows and best is not None and split in {"dev", "test"}:
        seen = {m.model: {split: m.metrics[best.name]} for m in chosen.models}
        first = frame_of(question, models_from_files=True)
        if "model" in first.columns.roles:
            first = first.where("model", given.models[0])
        counts = None if shared is None else {split: shared}
        told = looked(question, seen, best.name, purpose="selection", joint=counts, frame=first)
    made = () if table is None else _of_table(table, aim)
    return answer(chosen, question, intake=intake, digest=digest, more=(*made, *told))


def _of_table(table: MetricsTable, aim: Policy) -> tuple[Finding, ...]:
    """What must be said of a metrics table."""
    used = {name for metric in aim.metrics for name in _names(metric)}
    derived = [name for name in table.derived if name in used]
    return of_table(derived, table.ignored, table.left_out)


def _policy(
    question: Asked,
    maximize: str | Sequence[str] | None,
    minimize: str | Sequence[str] | None,
    subject_to: str | Sequence[str],
    linear: str | None,
    *,
    presumed: bool,
) -> Policy:
    """What is aimed at: as asked, else as the project declares."""
    declared = question.project.target.optimizing if question.project else None
    if not (maximize or minimize or linear) and declared is not None:
        maximize = declared.metric if declared.direction == "maximize" else None
        minimize = declared.metric if declared.direction == "minimize" else None
    return policy(
        maximize=maximize,
        minimize=minimize,
        subject_to=subject_to or question.limits,
        linear=linear,
        margin=question.margin,
        presumed=presumed,
        positive=question.positive,
    )


def _given(aim: Policy, table: MetricsTable, model: str) -> dict[str, Measured]:
    """The metrics of a model from a metrics table, those of the target alone."""
    row, found_ones = table.metrics[model], {}
    for metric in aim.metrics:
        value = _looked_up(metric, row)
        if value is None and (texts := set(_names(metric)) & set(table.ignored)):
            raise TargetError.column_of_text(min(texts))
        if value is None:
            raise TargetError.metric_absent(model, name_of(metric), list(row))
        found_ones[metric.name] = _with_n(metric, value, table.n.get(model))
    return found_ones


def _looked_up(metric: Metric, row: Mapping[str, float]) -> float | None:
    """A metric under its name, the name of its column, or its name without its class."""
    return next((row[name] for name in _names(metric) if name and name in row), None)


def _names(metric: Metric) -> tuple[str, ...]:
    """The names of a metric in a metrics table."""
    return metric.name, metric.column, metric.name.partition("(")[0], metric.title


def _with_n(metric: Metric, value: float, n: int | None) -> Measured:
    """A number with its interval where its n says all: an error or an accuracy."""
    if metric.unit == "fraction" and not 0 <= value <= 1:
        raise TargetError.not_a_fraction(name_of(metric), value)
    if n is not None and metric.source == "outcome" and 0 <= value <= 1:
        return Binomial(n_errors=round(value * n), n=n)
    return Fixed(value=value)


def _measured(
    frame: Frame, aim: Policy, table: MetricsTable | None, question: Asked, split: str
) -> tuple[Candidates, JointCounts | None, Intake | None, str]:
    """Every metric of every model, with how they vary together."""
    names = sorted(frame.bits)
    if not names and "model" in frame.roles:
        names = models_in(frame.rows, frame.columns.roles["model"])
    if not names:
        raise ColumnError.role_absent("model", "choosing a model", sorted(frame.roles))
    shared, pairs, intake, digest = _paired(frame, aim, question, split)
    errors = {} if shared is None else all_errors(shared)
    metrics: dict[str, dict[str, Measured]] = {name: {} for name in names}
    for metric in aim.metrics:
        for name in names:
            known = _known(metric, name, table)
            if known is None and name in errors and metric.source == "outcome":
                known = value_of(metric, error_of(errors[name].where(split=split)))
            if known is not None:
                metrics[name][metric.name] = known
        lacking = [name for name in names if metric.name not in metrics[name]]
        if lacking:
            values, read, counted = of_each(frame, metric, lacking, question, split)
            intake, digest = intake or read, digest or counted
            for name, value in values.items():
                metrics[name][metric.name] = value
    items = [Candidate(model=name, metrics=found_ones) for name, found_ones in metrics.items()]
    if pairs is None and intake is not None and table is None:
        pairs = _paired_rows(frame, aim, names, question, _called(intake, split))
    why = "" if pairs is not None else _unpaired(frame, aim, names)
    return candidates(aim, items, pairing=pairs, unpaired=why), shared, intake, digest


def _unpaired(frame: Frame, aim: Policy, names: Sequence[str]) -> str:
    """Why models are not paired although examples have ids, in words; empty without ids."""
    if not can_pair(frame):
        return ""
    metric = aim.optimizing
    if metric is None:
        return "a sum is paired by id only where an error or an accuracy is part of it"
    called = name_of(metric)
    if metric.source in {"outcome", "confusion"}:
        return f"the answers of {len(names)} models form too many patterns to be paired by id"
    if metric.source != "row":
        return f"{called} is made of all rows together, so it is not paired by id"
    if len(names) > MOST_PAIRED:
        return f"{called} is paired by id for at most {MOST_PAIRED} models"
    where = "where rows carry weights or come in groups" if frame.roles & ROW_APART else "here"
    return f"{called} is not paired by id {where}"


def _called(intake: Intake, split: str) -> list[str]:
    """The names of a split in the table."""
    usual = [name for name, meant in intake.recognised.items() if meant == split]
    return [split, *(name.removeprefix("split=") for name in usual)]


def _paired_rows(
    frame: Frame, aim: Policy, names: Sequence[str], question: Asked, splits: Sequence[str]
) -> Pairing | None:
    """How a number of each row varies together; None where it is not paired."""
    metric = aim.optimizing
    apart = ROW_APART & frame.roles or question.mature_after_days
    if metric is None or metric.source != "row" or apart or not can_pair(frame):
        return None
    if not 2 <= len(names) <= MOST_PAIRED:
        return None
    rows, _ = prepared(frame, metric)
    is_rate = row_kind(metric) == "error"
    shared = paired_rows(rows, "correct" if is_rate else "loss", names, splits=splits)
    if shared is None:
        return None
    pairs = tuple((name, metric.name) for name in shared.models)
    return Pairing(names=pairs, covariance=shared.covariance, n=shared.n, counts_outcomes=is_rate)


def digest_of(table: CountTable) -> str:
    """A short digest of a count table."""
    return sha256(repr((table.keys, table.cells, table.n.tolist())).encode()).hexdigest()[:16]


def _known(metric: Metric, model: str, table: MetricsTable | None) -> Measured | None:
    """A metric of a model from a metrics table, or None."""
    if table is None or model not in table.metrics:
        return None
    value = _looked_up(metric, table.metrics[model])
    return None if value is None else _with_n(metric, value, table.n.get(model))


def _paired(
    frame: Frame, aim: Policy, question: Asked, split: str
) -> tuple[JointCounts | None, Pairing | None, Intake | None, str]:
    """The models on the examples they share, for what is optimized; None where that fails."""
    metric = aim.optimizing or next((m for _, m in aim.linear if m.source == "outcome"), None)
    if metric is None or metric.source not in {"outcome", "confusion"} or not can_pair(frame):
        return None, None, None, ""
    answers = answers_for(metric)
    keys = ["label"] if answers != "correct" else []
    weighted = bool(frame.roles & {"weight", "sampling_weight"})
    few = weighted and frame.weight_levels is not None
    try:
        shared, intake = joint(
            frame,
            answers=answers,
            positive=metric.positive,
            keys=[*keys, *(["weight"] if few else [])],
            sums=["w", "w2"] if weighted and not few else (),
            split=split,
            max_unusable=question.max_unusable,
        )
    except CountError:
        return None, None, None, ""
    pairs = pairing(metric, shared, is_plain=not weighted, costs=question.costs)
    usable = shared if answers == "correct" and "group" not in frame.roles else None
    return usable, pairs, intake, digest_of(shared.table)
