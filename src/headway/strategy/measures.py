"""What must be counted for any metric, and the error of each split on it, from the counts."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np

from headway.counts import SPLITS, WEIGHT_SUMS, CountSpec
from headway.errors import TargetError
from headway.stats.composites import Poisson
from headway.stats.confusion import of_confusion
from headway.stats.defaults import WEIGHT_LEVELS
from headway.stats.events import of_events
from headway.stats.forms import Binomial
from headway.stats.metrics import as_error
from headway.stats.scores import of_scores
from headway.strategy import rungs
from headway.strategy.clustering import design_effects, in_clusters
from headway.strategy.rungs import Errors

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from headway.counts import Counts, CountTable, Scalar
    from headway.stats.forms import Measured
    from headway.stats.metric import Metric

__all__ = ["LADDERS", "errors", "measure", "needs", "row_kind", "value_of"]

LADDERS: Final = frozenset({"outcome", "row", "confusion", "scores", "events"})
"""Sources of metrics that a ladder can stand on."""

SCORES: Final = ("is_positive", "score_bin")
"""Keys of the cells of scores."""

RATES: Final = frozenset({"share", "top_k_error", "top_k_accuracy"})
"""Metrics of a row that are 0 or 1."""


def needs(
    metric: Metric,
    roles: frozenset[str],
    *,
    weight_levels: int | None = None,
    by: Sequence[str] = (),
    ignore_group: bool = False,
) -> CountSpec:
    """What to count for a ladder on any metric.

    Args:
        metric: The metric; a ladder stands on those whose source is in ``LADDERS``.
        roles: Roles that the table fills.
        weight_levels: Number of distinct weights, or None where there are too many to tell apart.
        by: Metadata columns to break the errors down by.
        ignore_group: Whether to count rows as independent although they come in groups.

    Returns:
        The question to ask the engine, once.

    Raises:
        TargetError: If no ladder can stand on the metric.

    Examples:
        >>> from headway.stats.metrics import metric_of
        >>> roles = frozenset({"split", "label", "prediction"})
        >>> sorted(needs(metric_of("recall(cat)"), roles).groupings)
        [('split', 'label', 'prediction')]

    References:
        Methods note, sections 0.2 and 3.11.
    """
    if metric.source not in LADDERS:
        raise TargetError.no_ladder(metric.name)
    if metric.source in {"outcome", "row"}:
        return rungs.needs(
            roles,
            weight_levels=weight_levels,
            by=by,
            ignore_group=ignore_group,
            metric=row_kind(metric),
        )
    outcome = SCORES if metric.source == "scores" else ("label", "prediction")
    weighted = bool(roles & {"weight", "sampling_weight"})
    few = weighted and weight_levels is not None and weight_levels <= WEIGHT_LEVELS
    cell = (*outcome, *(("weight",) if few else ()))
    groupings = {("split", *cell), *(("split", column, *cell) for column in by)}
    by_cluster = "group" in roles and not ignore_group
    if by_cluster:
        groupings.add(("split", "misclassified", *(("weight",) if few else ())))
    sums = {*(WEIGHT_SUMS if weighted and not few else ())}
    return CountSpec(
        groupings=frozenset(groupings),
        sums=frozenset(sums | _score_sums(metric, weighted=weighted and not few)),
        by_cluster=by_cluster,
    )


def _score_sums(metric: Metric, *, weighted: bool) -> set[str]:
    """Sums of the score itself, which a calibration error needs."""
    if metric.kind != "calibration_error":
        return set()
    return {"wl"} if weighted else {"l"}


def row_kind(metric: Metric) -> str:
    """Whether a metric of the outcome or of a number a row is counted as an error or a loss."""
    return "error" if metric.source == "outcome" or metric.kind in RATES else "loss"


def measure(
    metric: Metric,
    part: CountTable,
    *,
    loss_center: float = 0.0,
    exposure_s: float | None = None,
    costs: Mapping[tuple[Scalar, Scalar], float] | None = None,
) -> Measured | None:
    """A metric of one part of the rows, in its own direction.

    Args:
        metric: The metric.
        part: Counts of the part, by ``needs``.
        loss_center: The constant subtracted from each number before its powers were summed.
        exposure_s: Seconds of operation that the part covers, for rates per time.
        costs: The cost table, for costs.

    Returns:
        The metric, or None where it is 0/0 on this part.

    Raises:
        TargetError: If a rate per time has no time of operation.
    """
    if metric.source == "events":
        if not exposure_s:
            raise TargetError.no_exposure(metric.name)
        rate = of_events(metric, _false_positives(metric, part), exposure_s)
        assert isinstance(rate, Poisson)
        return replace(rate, n=part.total)
    if metric.source == "confusion":
        return of_confusion(metric, part, costs=costs)
    if metric.source == "scores":
        return of_scores(replace(metric, positive=True), _histogram(part, loss_center))
    return value_of(metric, rungs.error_of(part, loss_center))


def value_of(metric: Metric, error: Measured) -> Measured:
    """A metric in its own direction, from the error that a ladder stands on.

    Args:
        metric: The metric.
        error: Its error, as ``errors`` has it.

    Returns:
        One minus the error where larger is better; a number of a row as it is, for its error is
        that number, whichever way it is optimized.

    Examples:
        >>> from headway.stats.forms import Binomial, Fixed
        >>> from headway.stats.metrics import metric_of
        >>> value_of(metric_of("accuracy"), Binomial(n_errors=5, n=100))
        Binomial(n_errors=95, n=100)
        >>> value_of(metric_of("mean(gain)"), Fixed(value=3.0))
        Fixed(value=3.0)

    References:
        Methods note, section 1.1.
    """
    as_it_is = metric.source == "row" and metric.kind != "top_k_accuracy"
    return error if as_it_is else as_error(metric, error)


def _histogram(part: CountTable, loss_center: float) -> CountTable:
    """Counts of scores with the names that the metrics of scores read."""
    keys = tuple("label" if key == "is_positive" else key for key in part.keys)
    sums = {name: values for name, values in part.sums.items() if name in WEIGHT_SUMS}
    if "wl" in part.sums and "w" in part.sums:
        sums["score"] = part.sums["wl"] + loss_center * part.sums["w"]
    elif "l" in part.sums:
        sums["score"] = part.sums["l"] + loss_center * part.n
    return replace(part, keys=keys, sums=sums)


def _weights(part: CountTable) -> NDArray[np.float64]:
    """The weight of the rows of each cell: 1 where weights are no key."""
    if "weight" not in part.keys:
        return np.ones(len(part.cells))
    return np.array(part.column("weight"), dtype=np.float64)


def _false_positives(metric: Metric, part: CountTable) -> float:
    """Rows that were taken for the positive class and are not, by their weight."""
    wanted = str(metric.positive)
    pairs = zip(part.column("label"), part.column("prediction"), strict=True)
    false = np.array([str(guess) == wanted != str(label) for label, guess in pairs], dtype=bool)
    w = part.sums["w"] if "w" in part.sums else part.n * _weights(part)
    return float(w[false].sum())


def errors(
    metric: Metric,
    counts: Counts,
    *,
    train_as: str = "sample",
    exposure_s: Mapping[str, float] | None = None,
    costs: Mapping[tuple[Scalar, Scalar], float] | None = None,
) -> Errors:
    """The error of each split on a metric: 1 minus the metric where larger is better.

    Args:
        metric: The metric.
        counts: Counts by ``needs``.
        train_as: ``"sample"``, or ``"fixed"``: the train error has no noise.
        exposure_s: Seconds of operation by split, for rates per time.
        costs: The cost table, for costs.

    Returns:
        The errors, in ladder order; a split on which the metric is 0/0 is absent. Where rows come
        in clusters, a metric of the confusion counts takes the design effect of the error.

    Examples:
        >>> from headway.counts import Counts, CountTable
        >>> from headway.stats.metrics import metric_of
        >>> keys = ("split", "label", "prediction")
        >>> cells = [("dev", 1, 1), ("dev", 1, 0), ("dev", 0, 1), ("dev", 0, 0)]
        >>> counts = Counts(tables={keys: CountTable.of(keys, cells, [8, 2, 1, 89])})
        >>> errors(metric_of("recall", positive=1), counts).measured["dev"]
        Binomial(n_errors=2, n=10)

    References:
        Methods note, sections 1.1 and 3.4.
        Notes: week 1, "Single number evaluation metric".
    """
    if metric.source in {"outcome", "row"}:
        return rungs.errors(counts, train_as=train_as)
    outcome = SCORES if metric.source == "scores" else ("label", "prediction")
    main = min(
        (t for keys, t in counts.tables.items() if set(outcome) <= set(keys)),
        key=lambda table: len(table.keys),
    )
    effects = design_effects(counts)
    measured: dict[str, Measured] = {}
    for split in SPLITS:
        part = main.where(split=split)
        time = (exposure_s or {}).get(split, (exposure_s or {}).get("all"))
        value = (
            measure(metric, part, loss_center=counts.loss_center, exposure_s=time, costs=costs)
            if part.total
            else None
        )
        if value is not None:
            measured[split] = in_clusters(as_error(metric, value), effects.get(split))
    if train_as == "fixed" and "train" in measured:
        measured["train"] = rungs.exact(measured["train"])
    return Errors(
        measured=measured,
        n_errors={s: m.n_errors if isinstance(m, Binomial) else None for s, m in measured.items()},
        correlation=None,
        is_rate=metric.unit == "fraction",
        weighted="weight" in main.keys or "w" in main.sums,
    )
