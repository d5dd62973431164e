"""Metrics of one's own: any function of the counts by label and prediction."""

from __future__ import annotations

from math import inf, isfinite
from typing import TYPE_CHECKING, Final, TypeAlias

import numpy as np

from headway.stats.composites import Sampled
from headway.stats.forms import Mean
from headway.stats.tallies import cell_draws, summed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from headway.counts import Scalar
    from headway.stats.forms import Measured
    from headway.stats.metric import Metric
    from headway.stats.tallies import Tally

    Array: TypeAlias = NDArray[np.float64]
    Counts: TypeAlias = Mapping[tuple[Scalar, ...], float]

__all__ = ["of_user", "user_slopes"]

MOST_CELLS: Final = 2_500
"""Pairs of classes up to which all of them are handed over, also those without examples."""

DRAWS: Final = 2_000
"""Draws of a small table; each calls the function once."""

LEAST_DRAWS: Final = 400
"""Draws of a large one."""

NUMBERS: Final = 1_000_000
"""Most counts handed over for one metric, as long as there are enough draws."""

STEP: Final = 1e-4
"""Step of the numerical derivative, as a share of the count."""


def _pairs(cells: Tally) -> tuple[list[tuple[Scalar, ...]], NDArray[np.int64]]:
    """The pairs of classes that are handed over, and the place of each cell among them."""
    k = len(cells.classes)
    rows = [value for value in cells.classes if value is not None]
    place = cells.label * k + cells.prediction
    if len(rows) * k <= MOST_CELLS:
        return [(label, prediction) for label in rows for prediction in cells.classes], place
    found, position = np.unique(place, return_inverse=True)
    pairs = [divmod(int(index), k) for index in found]
    return [(cells.classes[i], cells.classes[j]) for i, j in pairs], position


def _value(metric: Metric, pairs: list[tuple[Scalar, ...]], counts: Array) -> float:
    """The metric of some counts, NaN where it divides by zero."""
    assert metric.function is not None
    try:
        value = float(metric.function(dict(zip(pairs, counts.tolist(), strict=True))))
    except ZeroDivisionError:
        return np.nan
    return value if isfinite(value) else np.nan


def of_user(metric: Metric, cells: Tally) -> Measured | None:
    """A metric of one's own with plausible values.

    Args:
        metric: A metric that has a function.
        cells: Labels and predictions of one split.

    Returns:
        The metric with draws; where examples carry weights, with the variance of the delta method.
        None where it divides by zero.

    Examples:
        >>> from headway.counts import CountTable
        >>> from headway.stats.metrics import user_metric
        >>> from headway.stats.tallies import tally_of
        >>> table = CountTable.of(("label", "prediction"), [(1, 1), (1, 0), (0, 0)], [8, 2, 90])
        >>> missed = user_metric("missed", lambda n: n[1, 0] / sum(n.values()), maximize=False)
        >>> of_user(missed, tally_of(table)).value
        0.02

    References:
        Methods note, sections 0.4 and 0.9.
        Notes: week 1, "When to change dev/test sets and metrics".
    """
    pairs, position = _pairs(cells)
    weights = summed(position, cells.w, len(pairs))
    value, n = _value(metric, pairs, weights), int(cells.n.sum())
    if not isfinite(value):
        return None
    if not cells.plain:
        spread = float(np.dot(cells.w2, _slopes(metric, pairs, weights)[position] ** 2))
        worth = float(cells.w.sum() ** 2 / cells.w2.sum())
        return Mean(mean=value, variance=spread * n, n=n, n_eff=worth)
    n_draws = int(np.clip(NUMBERS // len(pairs), LEAST_DRAWS, DRAWS))
    shares = cell_draws(summed(position, cells.n, len(pairs)), n_draws) * weights.sum()
    drawn = np.array([_value(metric, pairs, row) for row in shares])
    drawn = drawn[np.isfinite(drawn)]
    if not drawn.size:
        return None
    return Sampled(value=value, draws=drawn, n=n, lowest=-inf, highest=inf)


def _slopes(metric: Metric, pairs: list[tuple[Scalar, ...]], counts: Array) -> Array:
    """Numerical derivatives with respect to the counts; 0 for an empty cell."""
    slopes = np.zeros_like(counts)
    for place in np.flatnonzero(counts):
        step = np.zeros_like(counts)
        step[place] = STEP * counts[place]
        rise = _value(metric, pairs, counts + step) - _value(metric, pairs, counts - step)
        slopes[place] = rise / (2 * step[place])
    return slopes


def user_slopes(metric: Metric, cells: Tally) -> Array:
    """How a metric of one's own changes with the weight of each cell.

    Args:
        metric: A metric that has a function.
        cells: Labels and predictions of one split.

    Returns:
        The derivatives, found numerically. Shape (n_cells,).

    Examples:
        >>> from headway.counts import CountTable
        >>> from headway.stats.metrics import user_metric
        >>> from headway.stats.tallies import tally_of
        >>> table = CountTable.of(("label", "prediction"), [(1, 0), (1, 1)], [2, 8])
        >>> missed = user_metric("missed", lambda n: n[1, 0] / sum(n.values()), maximize=False)
        >>> user_slopes(missed, tally_of(table)).round(4).tolist()
        [0.08, -0.02]

    References:
        Methods note, section 0.4.
    """
    pairs, position = _pairs(cells)
    weights = summed(position, cells.w, len(pairs))
    return np.asarray(_slopes(metric, pairs, weights)[position])
