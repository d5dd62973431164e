"""Metrics of scores from their histogram, with what the bins leave open, and exactly from rows."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, TypeAlias

import numpy as np

from headway.errors import CountError, TargetError
from headway.stats import curves
from headway.stats.composites import Bounded, Sampled
from headway.stats.defaults import DRAWS
from headway.stats.forms import Mean
from headway.stats.tallies import positive_of, same

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import ArrayLike, NDArray

    from headway.counts import CountTable, Scalar
    from headway.stats.curves import CurvePoint
    from headway.stats.forms import Measured
    from headway.stats.metric import Metric

    Array: TypeAlias = NDArray[np.float64]

__all__ = ["Histogram", "histogram_of", "of_rows", "of_scores"]

NO_SCORE: Final = -1
"""The bin of examples without a score."""

GROUPS: Final = 15
"""Groups of bins in which a calibration error is looked for: finer ones would hold mostly noise."""

COARSE: Final = 0.001
"""How much the bins may leave open before finer ones are asked for."""

FEW: Final = 10
"""Positive or negative examples below which a curve is told to rest on few, and for which the usual
variance of an AUC counts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Histogram:
    """Scores of one split by bin, in ascending order, for the positive class and the rest.

    Args:
        bins: The bins that hold examples; -1 for those without a score. Shape (n_bins,).
        n: Examples, positive ones first. Shape (2, n_bins).
        w: Sum of their weights, which are one on average; the examples themselves where they carry
            none.
        w2: Sum of their squared weights.
        score: Sum of their scores, each times its weight, or None where they were not added up.
        score2: Sum of their squared scores, each times its weight, or None.
    """

    bins: NDArray[np.int64]
    n: Array
    w: Array
    w2: Array
    score: Array | None
    score2: Array | None


def histogram_of(table: CountTable, positive: Scalar) -> Histogram:
    """The histogram of a count table.

    Args:
        table: Counts of one split by ``"label"`` and ``"score_bin"``, which is None for examples
            without a score: they rank below all others. Also by ``"weight"``, or with sums ``"w"``
            and ``"w2"``, where examples carry weights; with sums ``"score"`` and ``"score2"`` where
            probabilities are judged, each times its weight unless the table is by weight.
        positive: The positive class as it was named, or None.

    Returns:
        The histogram.

    Raises:
        TargetError: If there is no name and the classes are not 0 and 1.

    Examples:
        >>> from headway.counts import CountTable
        >>> table = CountTable.of(("label", "score_bin"), [(0, 3), (1, 3), (1, 7)], [4, 1, 5])
        >>> histogram_of(table, None).n.tolist()
        [[1.0, 5.0], [4.0, 0.0]]

    References:
        Methods note, section 3.5.
    """
    labels = table.column("label")
    wanted = positive_of(tuple(dict.fromkeys(labels)), positive)
    found = [_bin(value) for value in table.column("score_bin")]
    bins, place = np.unique(np.array(found, dtype=np.int64), return_inverse=True)
    side = np.array([0 if label == wanted else 1 for label in labels], dtype=np.int64)

    def spread(values: Array) -> Array:
        out = np.zeros((2, bins.size))
        np.add.at(out, (side, place), values)
        return out

    sums = {name: spread(values) for name, values in _weighted_sums(table).items()}
    return _weighed(
        Histogram(
            bins=bins,
            n=(n := spread(table.n.astype(np.float64))),
            w=sums.get("w", n),
            w2=sums.get("w2", n),
            score=sums.get("score"),
            score2=sums.get("score2"),
        )
    )


def _weighted_sums(table: CountTable) -> Mapping[str, Array]:
    """The sums of a table, each example times its weight."""
    if "weight" not in table.keys:
        return table.sums
    each = np.array(table.column("weight"), dtype=np.float64)
    told = {name: each * table.sums[name] for name in ("score", "score2") if name in table.sums}
    return {"w": each * table.n, "w2": each**2 * table.n, **told}


def _bin(value: Scalar) -> int:
    """The bin of a cell; a row without a score ranks below all others."""
    return NO_SCORE if value is None else int(value)


def _scored(held: Histogram) -> Histogram:
    """The histogram of the rows that have a score."""
    kept = held.bins != NO_SCORE
    score, score2 = (None if sums is None else sums[:, kept] for sums in (held.score, held.score2))
    n = held.n[:, kept]
    w, w2 = (n if each is held.n else each[:, kept] for each in (held.w, held.w2))
    return Histogram(bins=held.bins[kept], n=n, w=w, w2=w2, score=score, score2=score2)


def _weighed(held: Histogram) -> Histogram:
    """The histogram with weights of mean one, or without weights where all are equal."""
    each = float(held.w.sum()) / max(float(held.n.sum()), 1.0)
    if held.w is held.n or not each > 0:
        return held
    w, w2 = held.w / each, held.w2 / each**2
    if same(w, held.n) and same(w2, held.n):
        w = w2 = held.n
    score, score2 = (None if sums is None else sums / each for sums in (held.score, held.score2))
    return replace(held, w=w, w2=w2, score=score, score2=score2)


def of_scores(metric: Metric, table: CountTable) -> Measured | None:
    """A metric of scores, with what its interval needs.

    Args:
        metric: A metric of source ``"scores"``, or the Brier score.
        table: As in ``histogram_of``; calibration error needs the sum ``"score"``, the Brier score
            ``"score2"`` as well.

    Returns:
        The metric itself. AUC has DeLong's variance, drawn towards Hanley and McNeil's where few
        examples are of one class, and the others that of the delta method; both are opened by what
        the bins leave open. A calibration error has draws, and is that of at most 15 groups of
        neighbouring bins of about equal size. None where the metric is 0/0: without a
        positive example, and for AUC without a negative one.

    Raises:
        TargetError: If the metric cannot be computed from scores, or has a positive class that
            nobody named.
        CountError: If the table lacks a sum.

    Examples:
        >>> from headway.counts import CountTable
        >>> from headway.stats.metrics import metric_of
        >>> cells = [(label, b) for label in (0, 1) for b in range(4)]
        >>> table = CountTable.of(("label", "score_bin"), cells, [40, 12, 6, 2, 2, 5, 10, 23])
        >>> found = of_scores(metric_of("auc"), table)
        >>> round(found.value, 4), round(found.slack_above, 4)
        (0.9071, 0.0513)

    References:
        DeLong, DeLong and Clarke-Pearson (1988), Biometrics 44, 837-845.
        Hanley and McNeil (1982), Radiology 143, 29-36.
        Methods note, section 3.5.
        Notes: week 1, "Single number evaluation metric".
    """
    if metric.kind not in {*CURVES, "auc", "average_precision", "calibration_error", "brier"}:
        raise TargetError.other_counts(metric.name, "a histogram of scores")
    held = histogram_of(table, metric.positive)
    if metric.kind == "calibration_error":
        return _calibration(_scored(held))
    if metric.kind == "brier":
        return _brier(_scored(held))
    mass = held.w.sum(axis=1)
    if not mass[0] > 0 or (metric.kind == "auc" and not mass[1] > 0):
        return None
    if metric.kind == "auc":
        return _area(held)
    if metric.kind == "average_precision":
        point = curves.average_precision(held.w[0], held.w[1], weighted=held.w is not held.n)
    else:
        point = CURVES[metric.kind](held.w[0], held.w[1], metric.parameter or 0.0)
    return _read_off(point, held, _delta_variance(point, held))


CURVES: Final[Mapping[str, Callable[[Array, Array, float], CurvePoint]]] = {
    "recall_at": curves.recall_at,
    "precision_at_recall": curves.precision_at_recall,
}


def _delta_variance(point: CurvePoint, held: Histogram) -> float:
    """The variance of a number read off the curve; the number of examples is fixed."""
    slopes = np.stack([point.pos, point.neg])
    drift = float((held.w * slopes).sum())
    return max(0.0, float((held.w2 * slopes**2).sum()) - drift**2 / float(held.n.sum()))


def _area(held: Histogram, *, exact: bool = False) -> Bounded:
    """The area under the ROC curve with its variance.

    DeLong's variance (the delta method's with weights) is far too small where few examples of a
    class all rank well. So it is drawn towards that of Hanley and McNeil, as if that had been seen
    on ten examples.
    """
    point = curves.area(held.w[0], held.w[1])
    worth = held.w.sum(axis=1) ** 2 / held.w2.sum(axis=1)
    if held.w is held.n and worth.min() > 1:
        spread = curves.delong_variance(held.n[0], held.n[1])
    else:
        spread = _delta_variance(point, held)
    usual = _hanley_mcneil(point.value, float(worth[0]), float(worth[1]))
    spread += max(0.0, usual - spread) * FEW / (FEW + float(worth.min()))
    return _read_off(_exact(point) if exact else point, held, spread)


def _hanley_mcneil(auc: float, n_pos: float, n_neg: float) -> float:
    """Variance of the area under the ROC curve where scores are exponential."""
    above = (n_pos - 1) * (auc / (2 - auc) - auc**2)
    below = (n_neg - 1) * (2 * auc**2 / (1 + auc) - auc**2)
    return (auc * (1 - auc) + above + below) / (n_pos * n_neg)


def _read_off(point: CurvePoint, held: Histogram, spread: float) -> Bounded:
    """A number between 0 and 1 that is worth the examples of which a rate has its variance."""
    fewest = held.w.sum(axis=1) ** 2 / np.maximum(held.w2.sum(axis=1), 1e-300)
    room = point.value * (1 - point.value)
    worth = room / spread if spread > 1e-15 * room > 0 else float(fewest[fewest > 0].min())
    return Bounded(
        value=min(max(point.value, 0.0), 1.0),
        n_eff=worth,
        n=int(held.n.sum()),
        slack_below=max(0.0, point.value - point.lower),
        slack_above=max(0.0, point.upper - point.value),
        warnings=_said(point, held),
    )


def _said(point: CurvePoint, held: Histogram) -> tuple[str, ...]:
    """What weakens a number read off the curve, in words."""
    said = []
    for name, n in zip(("positive", "negative"), held.n.sum(axis=1).tolist(), strict=True):
        if n < FEW:
            said.append(f"only {n:.0f} {name} examples")
    if point.upper - point.lower > COARSE:
        said.append(
            f"the bins leave it open between {point.lower:.4g} and {point.upper:.4g}: "
            "finer bins, or the rows, would tell"
        )
    return tuple(said)


def _needed(name: str, sums: Array | None) -> Array:
    """A sum of the table, if it has it."""
    if sums is None:
        raise CountError.outside("the sums of the table", f"without {name}", f"a sum {name}")
    return sums


def _groups(w: Array) -> NDArray[np.int64]:
    """The group of each bin: neighbours together, of about equal weight, none empty."""
    middle = (np.cumsum(w) - w / 2) / w.sum()
    place = np.minimum((middle * GROUPS).astype(np.int64), GROUPS - 1)
    if w.size <= GROUPS:
        return np.arange(w.size)
    return np.unique(place, return_inverse=True)[1].astype(np.int64)


def _calibration(held: Histogram) -> Sampled | None:
    """The expected calibration error of at most 15 groups of bins, with draws on both sides.

    With r the rates of the bins and r' those seen, the error seen is at most that of r plus the
    mean of |r' - r|, which bounds it from below: the noise is taken at the rate told or at the rate
    seen, whichever scatters more. It is at least that of r plus a sum of independent deviations
    with known signs, which bounds it from above.
    """
    score = _needed("score", held.score).sum(axis=0)
    kept = held.w.sum(axis=0) > 0
    if not kept.any():
        return None
    group = _groups(held.w.sum(axis=0)[kept])
    w, w2, hits, score = (
        np.bincount(group, sums[kept])
        for sums in (held.w.sum(axis=0), held.w2.sum(axis=0), held.w[0], score)
    )
    share, rate, told = w / w.sum(), hits / w, score / w
    value = float((share * np.abs(told - rate)).sum())
    worth = np.maximum(w**2 / np.maximum(w2, 1e-300), 1.0)
    smooth = (rate * worth + 0.5) / (worth + 1)
    noisy = np.where(np.abs(told - 0.5) < np.abs(smooth - 0.5), told, smooth)
    rng = np.random.Generator(np.random.PCG64(np.random.SeedSequence(held.n.astype(int).ravel())))
    half = DRAWS // 2
    tries = np.round(worth).astype(np.int64)
    seen = rng.binomial(tries, noisy, (half, w.size)) / tries
    low = value - np.abs(seen - noisy) @ share
    se = np.sqrt((share**2 * smooth * (1 - smooth) / worth).sum())
    high = value + se * np.abs(rng.standard_normal(half))
    drawn = np.clip(np.concatenate([low, high]), 0.0, 1.0)
    return Sampled(value=min(value, 1.0), draws=drawn, n=int(held.n.sum()))


def _brier(held: Histogram) -> Mean | None:
    """The Brier score of the positive class, exact; its variance as if bins were narrow."""
    score, score2 = _needed("score", held.score), _needed("score2", held.score2)
    total, n = float(held.w.sum()), int(held.n.sum())
    if not total > 0:
        return None
    loss = score2.copy()
    loss[0] += held.w[0] - 2 * score[0]
    mean = float(loss.sum() / total)
    each = np.divide(loss, held.w, out=np.zeros_like(loss), where=held.w > 0) - mean
    spread = float((held.w2 * each**2).sum() / total**2)
    shape = float((held.w * each**3).sum() / total)
    second = float((held.w * each**2).sum() / total)
    return Mean(
        mean=mean,
        variance=np.inf if n < 2 else spread * n * n / (n - 1),
        n=n,
        skew=shape / second**1.5 if second > 1e-200 else None,
        n_eff=None if held.w is held.n else total**2 / float(held.w2.sum()),
    )


def _rows(scores: ArrayLike, labels: ArrayLike, weights: ArrayLike | None) -> Histogram:
    """Rows as a histogram with a bin for each distinct score."""
    values = np.asarray(scores, dtype=np.float64)
    truth = np.asarray(labels, dtype=bool)
    if values.shape != truth.shape or not np.isfinite(values).all():
        raise CountError.outside("scores", "uneven or not finite", "one finite score for a label")
    found, place = np.unique(values, return_inverse=True)
    w = np.ones(values.size) if weights is None else np.asarray(weights, dtype=np.float64)

    def spread(each: Array) -> Array:
        both = [np.bincount(place[kept], each[kept], found.size) for kept in (truth, ~truth)]
        return np.stack(both).astype(np.float64)

    n = spread(np.ones(values.size))
    return _weighed(
        Histogram(
            bins=np.arange(found.size),
            n=n,
            w=n if weights is None else spread(w),
            w2=n if weights is None else spread(w**2),
            score=None,
            score2=None,
        )
    )


def _exact(point: CurvePoint) -> CurvePoint:
    """A number that no bin leaves open: equal scores are ties."""
    return curves.CurvePoint(
        value=point.value, lower=point.value, upper=point.value, pos=point.pos, neg=point.neg
    )


def of_rows(
    metric: Metric, scores: ArrayLike, labels: ArrayLike, weights: ArrayLike | None = None
) -> Measured | None:
    """A metric of scores, one a row: exact, without bins.

    Args:
        metric: The area under the ROC curve or the average precision.
        scores: The scores, finite. Shape (n,).
        labels: Whether each row is of the positive class. Shape (n,).
        weights: Weight of each row, at least 0, or None. Shape (n,).

    Returns:
        The area, equal scores counting half, or the step-wise average precision, equal scores being
        one threshold; with a variance as in ``of_scores``. None without a positive example, and for
        the area without a negative one.

    Raises:
        TargetError: If it is another metric.
        CountError: If the arrays differ in length, or a score is not finite.

    Examples:
        >>> from headway.stats.metrics import metric_of
        >>> rows = [0.1, 0.4, 0.35, 0.8], [False, False, True, True]
        >>> [round(of_rows(metric_of(name), *rows).value, 4) for name in ("auc", "ap")]
        [0.75, 0.8333]

    References:
        DeLong, DeLong and Clarke-Pearson (1988), Biometrics 44, 837-845.
        Methods note, section 3.5.
    """
    if metric.kind not in {"auc", "average_precision"}:
        raise TargetError.other_counts(metric.name, "scores, one a row")
    held = _rows(scores, labels, weights)
    mass = held.w.sum(axis=1)
    if not mass[0] > 0 or (metric.kind == "auc" and not mass[1] > 0):
        return None
    if metric.kind == "auc":
        return _area(held, exact=True)
    point = _exact(curves.average_precision(held.w[0], held.w[1]))
    return _read_off(point, held, _delta_variance(point, held))
