"""Points on the curve of a score: AUC, average precision and what a threshold gives, from bins.

Bins are in ascending order of the score; ``pos`` and ``neg`` hold the examples (or the weight) of
the positive class and of the rest in each. What the order inside a bin leaves open is told as
bounds, which contain the number that the scores themselves would give.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from scipy.special import digamma

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array: TypeAlias = NDArray[np.float64]

__all__ = [
    "CurvePoint",
    "area",
    "average_precision",
    "delong_variance",
    "precision_at_recall",
    "recall_at",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class CurvePoint:
    """A number read off the curve of a score.

    Args:
        value: The number; examples in one bin count as tied.
        lower: The lowest it can be for the scores themselves.
        upper: The highest.
        pos: Derivative with respect to a positive example in each bin. Shape (n_bins,).
        neg: The same for a negative one.
    """

    value: float
    lower: float
    upper: float
    pos: Array
    neg: Array


def area(pos: Array, neg: Array) -> CurvePoint:
    """The area under the ROC curve.

    Args:
        pos: Positive examples of each bin, some above 0. Shape (n_bins,).
        neg: Negative ones.

    Returns:
        The share of pairs of a positive and a negative example that the score puts in order; ties
        count half.

    Examples:
        >>> found = area(np.array([2.0, 5, 10, 23]), np.array([40.0, 12, 6, 2]))
        >>> round(found.value, 4), round(found.lower, 4), round(found.upper, 4)
        (0.9071, 0.8558, 0.9583)

    References:
        Hanley and McNeil (1982), Radiology 143, 29-36.
        Methods note, section 3.5.
    """
    n_pos, n_neg = pos.sum(), neg.sum()
    below, above = np.cumsum(neg) - neg, n_pos - np.cumsum(pos)
    of_pos, of_neg = (below + neg / 2) / n_neg, (above + pos / 2) / n_pos
    value = float(np.dot(pos, of_pos) / n_pos)
    tied = float(np.dot(pos, neg) / (n_pos * n_neg))
    return CurvePoint(
        value=value,
        lower=max(0.0, value - tied / 2),
        upper=min(1.0, value + tied / 2),
        pos=(of_pos - value) / n_pos,
        neg=(of_neg - value) / n_neg,
    )


def delong_variance(pos: Array, neg: Array) -> float:
    """DeLong's variance of the area under the ROC curve.

    Args:
        pos: Positive examples of each bin, at least two in all. Shape (n_bins,).
        neg: Negative ones, at least two in all.

    Returns:
        The squared standard error.

    Examples:
        >>> pos, neg = np.array([2.0, 5, 10, 23]), np.array([40.0, 12, 6, 2])
        >>> round(delong_variance(pos, neg) ** 0.5, 4)
        0.0302

    References:
        DeLong, DeLong and Clarke-Pearson (1988), Biometrics 44, 837-845.
        Methods note, section 3.5.
    """
    found, n_pos, n_neg = area(pos, neg), float(pos.sum()), float(neg.sum())
    parts = (np.dot(pos, found.pos**2) * n_pos, np.dot(neg, found.neg**2) * n_neg)
    return float(parts[0] / (n_pos - 1) + parts[1] / (n_neg - 1))


def average_precision(pos: Array, neg: Array, *, weighted: bool = False) -> CurvePoint:
    """The mean precision at the thresholds that let one more positive example through.

    Args:
        pos: Positive examples of each bin, some above 0. Shape (n_bins,).
        neg: Negative ones.
        weighted: Whether these are sums of weights, of which one is not one example.

    Returns:
        The step-wise average precision, each bin being one threshold. Without weights the bounds
        are for scores of which no two are equal; with weights, for any.

    Examples:
        >>> found = average_precision(np.array([2.0, 5, 10, 23]), np.array([40.0, 12, 6, 2]))
        >>> round(found.value, 4), round(found.lower, 4), round(found.upper, 4)
        (0.8321, 0.7542, 0.9439)

    References:
        Methods note, section 3.5.
    """
    p, q = pos[::-1], neg[::-1]
    n_pos, through, wrong = p.sum(), np.cumsum(p), np.cumsum(q)
    total = through + wrong
    precision = np.divide(through, total, out=np.zeros_like(total), where=total > 0)
    value = float(np.dot(p, precision) / n_pos)
    square = np.divide(p, total**2, out=np.zeros_like(total), where=total > 0)
    later = np.cumsum((square * wrong)[::-1])[::-1]
    spoilt = np.cumsum((square * through)[::-1])[::-1]
    worst = (_finest if weighted else _ordered)(p, through - p, wrong)
    best = (_coarsest if weighted else _ordered)(p, through - p, wrong - q)
    return CurvePoint(
        value=value,
        lower=min(worst / float(n_pos), value),
        upper=max(best / float(n_pos), value),
        pos=((precision - value + later) / n_pos)[::-1],
        neg=(-spoilt / n_pos)[::-1],
    )


def _ordered(pos: Array, before: Array, wrong: Array) -> float:
    """Sum over positives of their precision, where all come after ``wrong`` negatives in each bin.

    With a positives before and w negatives, the k-th of m positives has precision
    (a + k) / (a + k + w), so that their sum is m less w times a difference of harmonic numbers.
    """
    m, a, w = (values[pos > 0] for values in (pos, before, wrong))
    return float((m - w * (digamma(a + m + w + 1) - digamma(a + w + 1))).sum())


def _finest(pos: Array, before: Array, wrong: Array) -> float:
    """The same for weight that is cut as finely as can be: an integral instead of the sum."""
    m, a, w = (values[pos > 0] for values in (pos, before, wrong))
    start = np.where(a + w > 0, a + w, 1.0)
    return float((m - np.where(w > 0, w * np.log((a + m + w) / start), 0.0)).sum())


def _coarsest(pos: Array, before: Array, wrong: Array) -> float:
    """The same for weight in one piece, which is the most that any pieces can give."""
    m, a, w = (values[pos > 0] for values in (pos, before, wrong))
    return float((m * (a + m) / (a + m + w)).sum())


def _crossing(level: float, reached: Array) -> int:
    """The first bin in which a running sum reaches a level."""
    return min(int(np.searchsorted(reached, level - 1e-12 * reached[-1])), reached.size - 1)


def _rise(of: Array, over: Array, level: float) -> float:
    """How fast one running sum grows with another around a level of the latter.

    One bin holds too few examples to tell, so that a window is taken around it.
    """
    half = 0.5 * level**0.8
    ends = np.clip([level - half, level + half], 0.0, over[-1])
    low, high = np.interp(ends, np.append(0.0, over), np.append(0.0, of)).tolist()
    return float((high - low) / max(ends[1] - ends[0], 1e-300))


def recall_at(pos: Array, neg: Array, budget: float) -> CurvePoint:
    """The share of the positive examples that are among those with the highest scores.

    Args:
        pos: Positive examples of each bin, some above 0. Shape (n_bins,).
        neg: Negative ones.
        budget: How many examples may be looked at: a share of all below 1, else a number.

    Returns:
        The recall; the bin in which the budget ends is taken in part, as if in random order. The
        derivatives count that the threshold moves, by the share of positives around it.

    Examples:
        >>> pos, neg = np.array([2.0, 5, 10, 23]), np.array([40.0, 12, 6, 2])
        >>> recall_at(pos, neg, 25).value, round(recall_at(pos, neg, 0.1).value, 4)
        (0.575, 0.23)

    References:
        Methods note, section 3.5.
    """
    p, q = pos[::-1], neg[::-1]
    n_pos, size = float(p.sum()), p + q
    total = float(size.sum())
    taken = min(budget * total if budget < 1 else budget, total)
    seen = np.cumsum(size)
    at = _crossing(taken, seen)
    before, left = float((np.cumsum(p) - p)[at]), taken - float((seen - size)[at])
    share = left / float(size[at]) if size[at] > 0 else 0.0
    value = (before + share * float(p[at])) / n_pos
    density = _rise(np.cumsum(p), seen, taken)
    moved = budget * density if budget < 1 else 0.0
    place = np.arange(p.size)
    above, inside = place < at, place == at

    def slope(positive: float) -> Array:
        here = (positive - density) * (above + share * inside) + moved - value * positive
        return np.asarray(here[::-1] / n_pos)

    least, most = max(0.0, left - float(q[at])), min(left, float(p[at]))
    lower, upper = (before + least) / n_pos, (before + most) / n_pos
    return CurvePoint(
        value=value,
        lower=min(lower, value),
        upper=max(upper, value),
        pos=slope(1.0),
        neg=slope(0.0),
    )


def precision_at_recall(pos: Array, neg: Array, recall: float) -> CurvePoint:
    """The precision at the threshold that just reaches a recall.

    Args:
        pos: Positive examples of each bin, some above 0. Shape (n_bins,).
        neg: Negative ones.
        recall: The recall to reach, a fraction in (0, 1).

    Returns:
        The precision; the bin in which the recall is reached is taken in part. The derivatives
        count that the threshold moves, by the odds of negatives around it.

    Examples:
        >>> pos, neg = np.array([2.0, 5, 10, 23]), np.array([40.0, 12, 6, 2])
        >>> round(precision_at_recall(pos, neg, 0.7).value, 4)
        0.8485

    References:
        Methods note, section 3.5.
    """
    p, q = pos[::-1], neg[::-1]
    n_pos, reached = float(p.sum()), np.cumsum(p)
    wanted = recall * n_pos
    at = _crossing(wanted, reached)
    left, wrong = wanted - float((reached - p)[at]), float((np.cumsum(q) - q)[at])
    share = left / float(p[at])
    false = wrong + share * float(q[at])
    value = wanted / (wanted + false)
    odds = _rise(np.cumsum(q), reached, wanted)
    place = np.arange(p.size)
    above, inside = place < at, place == at
    more_false = above + share * inside
    bottom = (wanted + false) ** 2
    of_pos = (recall * false - wanted * (recall * odds - odds * more_false)) / bottom
    of_neg = -wanted * more_false / bottom
    ends = [wanted / (wanted + wrong + extra) for extra in (float(q[at]), 0.0)]
    return CurvePoint(
        value=value,
        lower=min(ends[0], value),
        upper=max(ends[1], value),
        pos=of_pos[::-1],
        neg=of_neg[::-1],
    )
