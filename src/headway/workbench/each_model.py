"""A metric of every model of a table, in one pass over its rows."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from headway.errors import TargetError
from headway.measuring import check_class, found, prepared, with_unscored
from headway.opening import reduced
from headway.stats.metrics import ONE_CLASS
from headway.strategy.measures import measure, needs, value_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from headway.counts import Counts, CountTable, Intake
    from headway.frames.source import Frame
    from headway.stats.forms import Measured
    from headway.stats.metric import Metric
    from headway.store.settings import Asked

__all__ = ["of_each"]


def of_each(
    frame: Frame, metric: Metric, names: Sequence[str], question: Asked, split: str
) -> tuple[dict[str, Measured], Intake, str]:
    """A metric of some models, in its own direction.

    Args:
        frame: The rows of all models, with the role ``model``.
        metric: The metric.
        names: The models.
        question: What was asked: weights, groups and rows left aside.
        split: The split that is measured.

    Returns:
        Per model its value; the intake, and the digest of what was counted. Rows in clusters are
        counted model by model.

    Raises:
        TargetError: If the metric is not known of a model on that split.
    """
    rows, named = prepared(frame, metric)
    spec = needs(
        named,
        rows.roles,
        weight_levels=rows.weight_levels,
        ignore_group=question.ignore_group,
    )
    if spec.by_cluster:
        return _one_by_one(frame, metric, names, question, split)
    timed = named.source == "events" and "exposure_s" in rows.roles
    spec = replace(
        spec,
        groupings=frozenset((*keys, "model") for keys in spec.groupings),
        sums=spec.sums | ({"exposure_s"} if timed else set()),
    )
    counts, intake = reduced(rows, spec, question)
    if named.kind in ONE_CLASS:
        check_class(named.positive, counts, rows)
    if named.source == "scores":
        intake = with_unscored(intake, counts)
    (table,) = counts.tables.values()
    of_split = table.where(split=split)
    values = {str(value): value for value in of_split.column("model")}
    measured = {}
    for name in names:
        part = of_split.where(model=values[name]) if name in values else None
        value = None if part is None else _value(named, part, counts, question)
        if value is None:
            raise TargetError.not_on_split(named.name, name, split)
        measured[name] = value
    return measured, intake, counts.digest


def _value(metric: Metric, part: CountTable, counts: Counts, question: Asked) -> Measured | None:
    """A metric of the rows of one model."""
    time = question.exposure_s
    if "exposure_s" in part.sums:
        time = float(part.sums["exposure_s"].sum())
    alone = part.marginal(*(key for key in part.keys if key != "model"))
    center = counts.loss_center
    return measure(metric, alone, loss_center=center, exposure_s=time, costs=question.costs)


def _one_by_one(
    frame: Frame, metric: Metric, names: Sequence[str], question: Asked, split: str
) -> tuple[dict[str, Measured], Intake, str]:
    """The same, one pass for each model."""
    measured, intake, digest = {}, None, ""
    for name in names:
        got = found(frame.where("model", name), metric, replace(question, check_ids=False))
        error = got.errors.measured.get(split)
        if error is None:
            raise TargetError.not_on_split(metric.name, name, split)
        measured[name] = value_of(got.metric, error)
        intake, digest = intake or got.intake, digest or got.counts.digest
    assert intake is not None
    return measured, intake, digest
