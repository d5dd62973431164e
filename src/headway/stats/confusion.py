"""Metrics of labels and predictions from their count table, each with what its interval needs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TypeAlias

import numpy as np

from headway.errors import TargetError
from headway.stats.classwise import Margins, classwise_slopes, classwise_value, defined_classes
from headway.stats.composites import Bounded, Overlap, Sampled
from headway.stats.defaults import DRAWS
from headway.stats.forms import Binomial
from headway.stats.moments import levels_of, mean_of, weighted_mean, weighted_rate
from headway.stats.own_metrics import of_user, user_slopes
from headway.stats.tallies import cell_draws, margins_of, of_class, summed, tally_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from headway.counts import CountTable
    from headway.stats.forms import Measured
    from headway.stats.metric import Metric
    from headway.stats.tallies import Tally

    Array: TypeAlias = NDArray[np.float64]
    Mask: TypeAlias = NDArray[np.bool_]
    Costs: TypeAlias = Mapping[tuple[Any, Any], float]

__all__ = ["gradient", "of_confusion"]

MOST_CLASSES: Final = 50
"""Classes up to which the interval comes from draws; above, from the delta method."""

FEW: Final = 10
"""Examples below which a class is too small for an average over classes."""

MOST_CELLS: Final = 400
"""Pairs of classes up to which mistakes that nobody made are drawn too: above, they hold next to
nothing."""

LEAST_DRAWS: Final = 2_000
"""Draws of the largest tables."""

NUMBERS: Final = 8_000_000
"""Most numbers drawn for one metric, as long as there are enough draws."""

RATES: Final = {
    "precision": ("prediction", True),
    "recall": ("label", True),
    "false_negative_rate": ("label", False),
    "false_positive_rate": ("rest", True),
    "specificity": ("rest", False),
}
"""Which examples a rate of one class is a share of, and whether those predicted so are counted."""


def of_confusion(
    metric: Metric, table: CountTable, *, costs: Costs | None = None
) -> Measured | None:
    """A metric of labels and predictions, with what its interval needs.

    Args:
        metric: A metric of source ``"outcome"`` or ``"confusion"``.
        table: Counts of one split by ``"label"`` and ``"prediction"``, and by ``"weight"`` or with
            sums ``"w"`` and ``"w2"`` where examples carry weights. A prediction of None was
            withheld: it is wrong, and no class of its own in an average.
        costs: For the cost per example, the cost by (label, prediction); right predictions cost
            nothing unless the table says otherwise.

    Returns:
        The metric itself (F1, not one minus F1) in the form that suits it: a rate of the examples
        it is a share of; F1 as an overlap; a mean cost; posterior draws of the cells for other
        metrics, and the delta method above 50 classes and where examples carry weights. None where
        the metric is 0/0, as the recall of a class that no example has; also where the positive
        class does not occur.

    Raises:
        TargetError: If the metric is of another source, has a positive class that nobody named, or
            a cost is missing.

    Examples:
        >>> from headway.counts import CountTable
        >>> from headway.stats.metrics import metric_of
        >>> table = CountTable.of(
        ...     ("label", "prediction"), [(1, 1), (1, 0), (0, 1), (0, 0)], [171, 19, 9, 801]
        ... )
        >>> of_confusion(metric_of("recall"), table)
        Binomial(n_errors=171, n=190)
        >>> of_confusion(metric_of("f1"), table)
        Overlap(n_shared=171.0, n_apart=28.0, n=1000, mirrored=False, warnings=())

    References:
        Methods note, sections 0.4, 0.9 and 3.4.
        Notes: week 1, "Single number evaluation metric".
    """
    if metric.source not in {"outcome", "confusion"}:
        raise TargetError.other_counts(metric.name, "labels and predictions")
    cells = tally_of(table)
    if not cells.w.sum() > 0:
        return None
    if metric.source == "outcome":
        wrong = cells.label != cells.prediction
        return _rate(cells, wrong == (metric.kind == "error"), np.ones_like(wrong))
    if metric.kind == "cost":
        return _mean_cost(cells, _costs(cells, costs))
    if metric.kind == "user":
        return of_user(metric, cells)
    if metric.kind in RATES or metric.kind == "f_beta":
        return _of_one_class(metric, cells)
    return _of_classes(metric, cells)


def _rate(cells: Tally, hit: Mask, among: Mask) -> Measured | None:
    """The share of some cells that others are of."""
    hit = (hit & among)[among]
    n, w, w2 = cells.n[among], cells.w[among], cells.w2[among]
    if not w.sum() > 0:
        return None
    if cells.plain:
        return Binomial(n_errors=int(n[hit].sum()), n=int(n.sum()))
    if cells.levels is not None:
        counts = n.astype(int)
        hits = np.where(hit, counts, 0)
        return levels_of(cells.levels[among].tolist(), counts.tolist(), hits.tolist())
    heavy = float(w2[hit].sum())
    return weighted_rate(
        int(n.sum()),
        sw=float(w.sum()),
        sw2=float(w2.sum()),
        swl=float(w[hit].sum()),
        sw2l=heavy,
        sw2l2=heavy,
    )


def _rate_cells(metric: Metric, cells: Tally) -> tuple[Mask, Mask]:
    """Which cells a rate of one class counts, and among which."""
    labeled, predicted = of_class(cells, metric.positive)
    base, counts = RATES[metric.kind]
    among = {"prediction": predicted, "label": labeled, "rest": ~labeled}[base]
    hit = labeled if base == "prediction" else predicted
    return hit == counts, among


def _of_one_class(metric: Metric, cells: Tally) -> Measured | None:
    """A rate or an F-measure of the positive class."""
    if metric.kind in RATES:
        return _rate(cells, *_rate_cells(metric, cells))
    labeled, predicted = of_class(cells, metric.positive)
    if not (cells.w[labeled | predicted].sum() > 0):
        return None
    if metric.parameter == 1:
        return _overlap(cells, labeled & predicted, labeled | predicted)
    beta2 = (metric.parameter or 1.0) ** 2
    if not cells.plain:
        value, slopes = _f_slopes(labeled, predicted, cells.w, beta2)
        return _delta(value, slopes, cells, 0.0, ())
    parts = (labeled & predicted, ~labeled & predicted, labeled & ~predicted)
    counts4 = [cells.n[part].sum() for part in parts]
    counts4.append(cells.n.sum() - sum(counts4))

    def f(n: Array) -> Array:
        right = (1 + beta2) * n[:, 0]
        return np.asarray(right / (right + n[:, 1] + beta2 * n[:, 2]))

    value = float(f(np.array([counts4]))[0])
    return Sampled(value=value, draws=f(cell_draws(np.array(counts4), DRAWS)), n=int(cells.n.sum()))


def _overlap(cells: Tally, both: Mask, either: Mask) -> Measured | None:
    """F1 as the overlap of two sets of examples, at what it is worth where they carry weights."""
    n = int(cells.n.sum())
    if cells.plain:
        shared, union = float(cells.n[both].sum()), float(cells.n[either].sum())
        return Overlap(n_shared=shared, n_apart=union - shared, n=n)
    w, w2 = cells.w[either], cells.w2[either]
    heavy = float(cells.w2[both].sum())
    rate = weighted_rate(
        int(cells.n[either].sum()),
        sw=float(w.sum()),
        sw2=float(w2.sum()),
        swl=float(cells.w[both].sum()),
        sw2l=heavy,
        sw2l2=heavy,
    )
    shared = rate.rate * rate.n_eff
    return Overlap(n_shared=shared, n_apart=rate.n_eff - shared, n=n)


def _f_slopes(labeled: Mask, predicted: Mask, w: Array, beta2: float) -> tuple[float, Array]:
    """F of one class and its derivative with respect to the weight of each cell."""
    right = (1 + beta2) * w[labeled & predicted].sum()
    bottom = beta2 * w[labeled].sum() + w[predicted].sum()
    if not bottom > 0:
        return np.nan, np.full(w.shape, np.nan)
    value = float(right / bottom)
    top = (1 + beta2) * (labeled & predicted)
    return value, np.asarray((top - value * (beta2 * labeled + predicted)) / bottom)


def _of_classes(metric: Metric, cells: Tally) -> Measured | None:
    """A metric of all classes at once."""
    margins, beta = margins_of(cells, cells.w), metric.parameter or 1.0
    value = float(classwise_value(metric.kind, margins, beta=beta))
    if not np.isfinite(value):
        return None
    lowest = -1.0 if metric.kind in {"mcc", "kappa"} else 0.0
    said = _small_classes(metric.kind, cells)
    if cells.plain and margins.counted.sum() <= MOST_CLASSES:
        drawn = _class_draws(metric.kind, cells, beta)
        n = int(cells.n.sum())
        return Sampled(value=value, draws=drawn, n=n, lowest=lowest, warnings=said)
    return _delta(value, _class_gradient(metric.kind, cells, beta), cells, lowest, said)


def _small_classes(kind: str, cells: Tally) -> tuple[str, ...]:
    """A warning where an average goes over classes with few examples, or leaves some out."""
    if not kind.startswith("macro"):
        return ()
    margins = margins_of(cells, cells.n)
    used = defined_classes(kind, margins)
    few = np.flatnonzero(used & (margins.label < FEW))
    out = np.flatnonzero(margins.counted & ~used)
    said = []
    if few.size:
        said.append(
            f"{few.size} of {int(used.sum())} classes have fewer than {FEW} examples "
            f"({_names(cells, few)}): a macro average rests on them"
        )
    if out.size:
        said.append(f"classes without a value are left out ({_names(cells, out)})")
    return tuple(said)


def _names(cells: Tally, places: NDArray[np.int64]) -> str:
    """At most three names of classes, smallest class first."""
    names = [str(cells.classes[place]) for place in places[::-1]]
    more = f" and {len(names) - 3} more" if len(names) > 3 else ""
    return ", ".join(names[:3]) + more


def _class_draws(kind: str, cells: Tally, beta: float) -> Array:
    """Plausible values of a metric of all classes, from the cells it needs."""
    margins = margins_of(cells, cells.n)
    used = defined_classes(kind, margins)
    k = margins.both.size
    if kind in {"macro_recall", "macro_precision"}:
        whole = margins.label if kind == "macro_recall" else margins.prediction
        halves = np.concatenate([margins.both[used], (whole - margins.both)[used]])
        drawn = cell_draws(halves, DRAWS)
        both, missed = drawn[:, : used.sum()], drawn[:, used.sum() :]
        return np.asarray((both / (both + missed)).mean(axis=1))
    rows = int(margins.counted.sum())
    flat = summed(cells.label * k + cells.prediction, cells.n, rows * k)[: rows * k]
    n_draws = int(np.clip(NUMBERS // flat.size, LEAST_DRAWS, DRAWS))
    place = np.arange(flat.size)
    kept = (flat > 0) | (place // k == place % k) | (flat.size <= MOST_CELLS)
    drawn = np.zeros((n_draws, flat.size))
    drawn[:, kept] = cell_draws(flat[kept], n_draws, declared=flat.size)
    mass = drawn.reshape(n_draws, rows, k)
    label = np.zeros((n_draws, k))
    both = np.zeros((n_draws, k))
    label[:, :rows] = mass.sum(axis=2)
    both[:, :rows] = np.einsum("bii->bi", mass[:, :, :rows])
    drawn_margins = Margins(
        both=both, label=label, prediction=mass.sum(axis=1), counted=margins.counted
    )
    return classwise_value(kind, drawn_margins, beta=beta, used=used)


def _class_gradient(kind: str, cells: Tally, beta: float) -> Array:
    """Derivatives of a metric of all classes with respect to the weight of each cell."""
    slopes = classwise_slopes(kind, margins_of(cells, cells.w), beta=beta)
    right = cells.label == cells.prediction
    both = np.where(right, slopes.both[cells.label], 0.0)
    return np.asarray(slopes.label[cells.label] + slopes.prediction[cells.prediction] + both)


def _delta(
    value: float, slopes: Array, cells: Tally, lowest: float, said: tuple[str, ...]
) -> Bounded:
    """A metric worth the examples of which a plain rate has its delta variance."""
    n = int(cells.n.sum())
    share = (value - lowest) / (1 - lowest)
    spread = float(np.dot(cells.w2, slopes**2)) / (1 - lowest) ** 2
    spread *= n / (n - 1) if n > 1 else 1.0
    kish = float(cells.w.sum() ** 2 / cells.w2.sum())
    room = share * (1 - share)
    n_eff = room / spread if spread > 1e-15 * room > 0 else kish
    return Bounded(value=value, n_eff=n_eff, n=n, lowest=lowest, warnings=said)


def _costs(cells: Tally, costs: Costs | None) -> Array:
    """The cost of each cell."""
    given = costs or {}
    found = []
    for i, j in zip(cells.label.tolist(), cells.prediction.tolist(), strict=True):
        label, prediction = cells.classes[i], cells.classes[j]
        if (label, prediction) not in given and label != prediction:
            raise TargetError.no_cost(label, prediction)
        found.append(float(given.get((label, prediction), 0.0)))
    return np.array(found)


def _mean_cost(cells: Tally, costs: Array) -> Measured:
    """The mean cost of an example."""
    n, center = int(cells.n.sum()), float(np.dot(cells.w, costs) / cells.w.sum())
    loss = costs - center
    powers = [float(np.dot(cells.n, loss**power)) for power in (1, 2, 3)]
    if cells.plain:
        return mean_of(n, powers[0], powers[1], powers[2], center)
    return weighted_mean(
        n,
        sw=float(cells.w.sum()),
        sw2=float(cells.w2.sum()),
        swl=float(np.dot(cells.w, loss)),
        sw2l=float(np.dot(cells.w2, loss)),
        sw2l2=float(np.dot(cells.w2, loss**2)),
        center=center,
    )


def gradient(metric: Metric, table: CountTable, *, costs: Costs | None = None) -> Array:
    """How a metric changes with one more example in each cell of its table.

    The variance of the metric is the sum of count times squared derivative; that of the difference
    of two models on the same examples, the same with the difference of their derivatives.

    Args:
        metric: As in ``of_confusion``.
        table: As in ``of_confusion``.
        costs: As in ``of_confusion``.

    Returns:
        The derivatives, in the order of the table's cells; NaN where the metric is 0/0. Shape
        (n_cells,).

    Raises:
        TargetError: As in ``of_confusion``.

    Examples:
        >>> from headway.counts import CountTable
        >>> from headway.stats.metrics import metric_of
        >>> table = CountTable.of(
        ...     ("label", "prediction"), [(0, 0), (0, 1), (1, 0), (1, 1)], [40, 5, 10, 45]
        ... )
        >>> slopes = gradient(metric_of("f1"), table)
        >>> round(float((table.n * slopes**2).sum()) ** 0.5, 4)
        0.0365

    References:
        Efron (1982), The Jackknife, the Bootstrap and Other Resampling Plans, section 6.
        Methods note, section 0.4.
    """
    if metric.source not in {"outcome", "confusion"}:
        raise TargetError.other_counts(metric.name, "labels and predictions")
    cells = tally_of(table)
    if cells.levels is None:
        each = np.divide(cells.w, cells.n, out=np.zeros_like(cells.w), where=cells.n > 0)
    else:
        each = cells.levels
    return np.asarray(_slopes(metric, cells, costs) * each)


def _slopes(metric: Metric, cells: Tally, costs: Costs | None) -> Array:
    """Derivatives with respect to the weight of each cell; NaN where the metric is 0/0."""
    if metric.source == "outcome":
        wrong = cells.label != cells.prediction
        return _share_slopes(cells, wrong == (metric.kind == "error"), np.ones_like(wrong))
    if metric.kind == "cost":
        given = _costs(cells, costs)
        return np.asarray((given - np.dot(cells.w, given) / cells.w.sum()) / cells.w.sum())
    if metric.kind == "user":
        return user_slopes(metric, cells)
    if metric.kind in RATES:
        return _share_slopes(cells, *_rate_cells(metric, cells))
    if metric.kind == "f_beta":
        labeled, predicted = of_class(cells, metric.positive)
        return _f_slopes(labeled, predicted, cells.w, (metric.parameter or 1.0) ** 2)[1]
    return _class_gradient(metric.kind, cells, metric.parameter or 1.0)


def _share_slopes(cells: Tally, hit: Mask, among: Mask) -> Array:
    """Derivatives of the share of some cells that others are of."""
    total = cells.w[among].sum()
    with np.errstate(invalid="ignore", divide="ignore"):
        share = cells.w[hit & among].sum() / total
        return np.asarray(among * (hit - share) / total)
