"""The change of a composite metric between two models on the same examples."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeAlias

import numpy as np

from headway.counts import CountTable
from headway.stats.changes import Drawn
from headway.stats.classwise import Margins, classwise_value, defined_classes
from headway.stats.confusion import gradient, of_confusion
from headway.stats.defaults import DRAWS
from headway.stats.measured import point
from headway.stats.metrics import as_error
from headway.stats.tallies import cell_draws, margins_of, of_class, summed, tally_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from headway.counts import Scalar
    from headway.stats.metric import Metric
    from headway.stats.tallies import Tally

    Array: TypeAlias = NDArray[np.float64]
    Costs: TypeAlias = Mapping[tuple[Scalar, Scalar], float]

__all__ = ["GUESSES", "of_guesses", "paired_metric"]

GUESSES: Final = ("guess_was", "guess_now")
"""Keys of what each of the two models said."""

MOST_CLASSES: Final = 50
"""Classes up to which the change comes from draws; above, from the delta method."""

BINARY: Final = {
    "precision": ((1, 0, 0, 0), (1, 1, 0, 0)),
    "recall": ((1, 0, 0, 0), (1, 0, 1, 0)),
    "specificity": ((0, 0, 0, 1), (0, 1, 0, 1)),
    "false_positive_rate": ((0, 1, 0, 0), (0, 1, 0, 1)),
    "false_negative_rate": ((0, 0, 1, 0), (1, 0, 1, 0)),
}
"""Per metric of one class, what of true and false positives and negatives is a share of what."""


def of_guesses(table: CountTable, guess: str) -> CountTable:
    """The labels and predictions of one of the two models.

    Args:
        table: Counts of one split by ``"truth"``, ``"guess_was"``, ``"guess_now"``, and by
            ``"weight"`` or with sums ``"w"`` and ``"w2"``.
        guess: Which model: ``"guess_was"`` or ``"guess_now"``.

    Returns:
        Counts by ``"label"`` and ``"prediction"``, and by weight where there is one.

    Examples:
        >>> cells = [(1, 1, 0), (0, 0, 0)]
        >>> joint = CountTable.of(("truth", "guess_was", "guess_now"), cells, [3, 7])
        >>> list(of_guesses(joint, "guess_now"))
        [((0, 0), 7), ((1, 0), 3)]
    """
    weight = ("weight",) if "weight" in table.keys else ()
    small = table.marginal("truth", guess, *weight)
    keys = ("label", "prediction", *weight)
    return CountTable.of(keys, small.cells, small.n, small.sums)


def paired_metric(metric: Metric, table: CountTable, *, costs: Costs | None = None) -> Drawn | None:
    """The change of a metric between two models on the same examples, as an error.

    Args:
        metric: A metric of source ``"confusion"``, its positive class named where it has one.
        table: Counts of one split, as in ``of_guesses``.
        costs: For the cost per example, the cost by (label, prediction).

    Returns:
        The second model's error less the first one's, with draws of it: of the joint cells, by
        Perks' prior on those that the metric of one class needs; for a metric of all classes on
        those that were seen and on one flip more each way; above 50 classes, where examples carry
        weights and for metrics of one's own by the delta method. None where one of the two is 0/0.

    Examples:
        >>> from headway.stats.metrics import metric_of
        >>> cells = [(1, 1, 1), (1, 1, 0), (1, 0, 1), (1, 0, 0)]
        >>> cells += [(0, 1, 1), (0, 1, 0), (0, 0, 1), (0, 0, 0)]
        >>> n = [820, 80, 30, 70, 10, 37, 7, 8946]
        >>> joint = CountTable.of(("truth", "guess_was", "guess_now"), cells, n)
        >>> change = paired_metric(metric_of("f1", positive=1), joint)
        >>> round(change.value, 4), round(float((change.values > 0).mean()), 2)
        (0.0139, 0.98)

    References:
        Methods note, sections 0.4, 0.9 and 3.3.
        Notes: week 1, "Single number evaluation metric".
    """
    ends = []
    for guess in GUESSES:
        found = of_confusion(metric, of_guesses(table, guess), costs=costs)
        if found is None:
            return None
        ends.append(point(as_error(metric, found)))
    value = ends[1] - ends[0]
    sign = -1.0 if metric.maximize else 1.0
    both = [tally_of(_recalled(table, guess)) for guess in GUESSES]
    if both[0].plain and (metric.kind in BINARY or metric.kind == "f_beta"):
        moved = _binary_draws(metric, both)
    elif both[0].plain and _is_drawn(metric, both):
        moved = _class_draws(metric, table)
    else:
        return _delta(metric, table, value, costs)
    return Drawn(value=value, values=sign * moved, n=table.total)


def _recalled(table: CountTable, guess: str) -> CountTable:
    """The joint cells, in their own order, under the keys of one model's predictions."""
    swap = {"truth": "label", guess: "prediction"}
    return CountTable(
        keys=tuple(swap.get(key, key) for key in table.keys),
        cells=table.cells,
        n=table.n,
        sums=table.sums,
    )


def _is_drawn(metric: Metric, both: list[Tally]) -> bool:
    """Whether a metric of all classes comes from draws."""
    classes = {*both[0].classes, *both[1].classes}
    return metric.kind not in {"cost", "user"} and len(classes) <= MOST_CLASSES


def _binary_draws(metric: Metric, both: list[Tally]) -> Array:
    """Draws of the change of a metric of one class, from the eight cells it needs."""
    labeled, first = of_class(both[0], metric.positive)
    second = of_class(both[1], metric.positive)[1]
    place = 4 * labeled + 2 * first + second
    mass = cell_draws(summed(place, both[0].n, 8), DRAWS)
    cells = mass.reshape(DRAWS, 2, 2, 2)
    values = []
    for table in (cells.sum(axis=3), cells.sum(axis=2)):
        parts = np.stack([table[:, 1, 1], table[:, 0, 1], table[:, 1, 0], table[:, 0, 0]])
        values.append(_of_parts(metric, parts))
    return np.asarray(values[1] - values[0])


def _of_parts(metric: Metric, parts: Array) -> Array:
    """A metric of one class from true and false positives, false and true negatives."""
    if metric.kind == "f_beta":
        square = (metric.parameter or 1.0) ** 2
        right = (1 + square) * parts[0]
        return np.asarray(right / (right + parts[1] + square * parts[2]))
    top, bottom = (np.array(row, dtype=np.float64) @ parts for row in BINARY[metric.kind])
    return np.asarray(top / bottom)


def _class_draws(metric: Metric, table: CountTable) -> Array:
    """Draws of the change of a metric of all classes, from the joint cells."""
    joint, prior = _with_flips(table)
    mass = cell_draws(joint.n.astype(np.float64), DRAWS, prior=prior)
    values = []
    for guess in GUESSES:
        cells = tally_of(_recalled(joint, guess))
        counted = margins_of(cells, cells.n)
        right = cells.label == cells.prediction
        drawn = Margins(
            both=mass @ _places(np.where(right, cells.label, -1), counted.both.size),
            label=mass @ _places(cells.label, counted.both.size),
            prediction=mass @ _places(cells.prediction, counted.both.size),
            counted=counted.counted,
        )
        used = defined_classes(metric.kind, counted)
        beta = metric.parameter or 1.0
        values.append(classwise_value(metric.kind, drawn, beta=beta, used=used))
    return np.asarray(values[1] - values[0])


def _with_flips(table: CountTable) -> tuple[CountTable, Array]:
    """The joint cells with room for flips that were not seen, and the prior mass of each cell.

    As with Bonett and Price, one flip more is granted each way: to each class by its share.
    """
    small = table.marginal("truth", *GUESSES)
    n = dict(iter(small))
    prior = dict.fromkeys(n, 1 / len(n))
    labels = [(label, n_label / small.total) for (label,), n_label in small.marginal("truth")]
    for place, (label, share) in enumerate(labels):
        other = labels[place - 1][0]
        for cell in ((label, label, other), (label, other, label)):
            n.setdefault(cell, 0)
            prior[cell] = prior.get(cell, 0.0) + share
    counts = CountTable.of(small.keys, [*n], [*n.values()])
    return counts, np.array([prior[cell] for cell in counts.cells])


def _places(places: NDArray[np.int64], k: int) -> Array:
    """Which cell belongs to which class. Shape (n_cells, k)."""
    return np.asarray(places[:, None] == np.arange(k), dtype=np.float64)


def _delta(metric: Metric, table: CountTable, value: float, costs: Costs | None) -> Drawn:
    """The change by the delta method, with normal draws and room for one flip more."""
    slopes = []
    for guess in GUESSES:
        small = of_guesses(table, guess)
        by_cell = dict(zip(small.cells, gradient(metric, small, costs=costs), strict=True))
        again = _recalled(table, guess)
        index = [again.keys.index(key) for key in small.keys]
        slopes.append(np.array([by_cell[tuple(cell[i] for i in index)] for cell in again.cells]))
    tally = tally_of(_recalled(table, GUESSES[0]))
    moved = slopes[1] - slopes[0]
    centre = float(np.dot(tally.w, moved)) / float(tally.w.sum())
    spread = float(np.dot(tally.w2, (moved - centre) ** 2))
    spread += float(np.max(np.abs(slopes)) ** 2 * tally.w2.sum() / tally.n.sum())
    n = int(tally.n.sum())
    se = float(np.sqrt(spread * n / max(n - 1, 1)))
    rng = np.random.Generator(np.random.PCG64(0))
    return Drawn(value=value, values=value + se * rng.standard_normal(DRAWS), n=n)
