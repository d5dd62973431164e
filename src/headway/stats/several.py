"""Several models at once: which is best, how surely, and what picking another would cost."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations, pairwise
from math import erf, sqrt
from typing import TYPE_CHECKING, Final

import numpy as np

from headway.errors import CountError
from headway.stats.quantiles import checked_level, critical_value

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

__all__ = ["Chances", "Flip", "chances", "flips", "level_of", "max_t_critical"]

MAX_T_DRAWS: Final = 10_000
"""Draws for a critical value of several comparisons."""

AT_ONCE: Final = 4_000_000
"""Most numbers held at once while drawing."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Chances:
    """How likely each model is the one to take.

    Args:
        p_best: Per model, the probability that it keeps all limits and is the best of those that
            do. Shape (n_models,), fractions.
        p_none: Probability that no model keeps all limits.
        regret: Per model, how much better the best feasible model is expected to be, in the unit
            of the values. Shape (n_models,), at least 0.
    """

    p_best: NDArray[np.float64]
    p_none: float
    regret: NDArray[np.float64]


def chances(values: NDArray[np.float64], feasible: NDArray[np.bool_]) -> Chances:
    """How likely each model is the one to take, from joint draws.

    Args:
        values: Draws of what is to be as large as possible. Shape (n_draws, n_models).
        feasible: Per draw and model, whether all limits are kept. Same shape.

    Returns:
        The chances; models that tie in a draw share it.

    Examples:
        >>> values = np.array([[0.90, 0.92], [0.91, 0.90]])
        >>> found = chances(values, np.array([[True, True], [True, False]]))
        >>> found.p_best.tolist(), found.p_none, found.regret.round(3).tolist()
        ([0.5, 0.5], 0.0, [0.01, 0.005])

    References:
        Methods note, sections 3.2 and 3.9.
        Notes: week 1, "Satisficing and Optimizing metric".
    """
    eligible = np.where(feasible, values, -np.inf)
    best = eligible.max(axis=1, keepdims=True)
    some = np.isfinite(best[:, 0])
    first = (eligible == best) & some[:, None]
    shares = first / np.maximum(first.sum(axis=1, keepdims=True), 1)
    lost = np.maximum(best[some] - values[some], 0.0)
    regret = lost.mean(axis=0) if some.any() else np.zeros(values.shape[1])
    return Chances(p_best=shares.mean(axis=0), p_none=float(1 - some.mean()), regret=regret)


def max_t_critical(
    covariance: NDArray[np.float64],
    *,
    to: int | None = None,
    level: float,
    rng: np.random.Generator,
    n_draws: int = MAX_T_DRAWS,
) -> float:
    """How many standard errors hold all differences of several models at once.

    Args:
        covariance: Covariance of the models' values; models on the same examples share noise.
            Shape (n_models, n_models), symmetric.
        to: Index of the model that all others are compared to; None for every pair.
        level: Level at which all intervals hold together, a fraction in (0, 1).
        rng: Source of randomness.
        n_draws: Number of draws, at least 1.

    Returns:
        The critical value of the largest of all differences in standard errors; that of one
        interval where there is one difference, and where none has any noise.

    Raises:
        CountError: If the level is outside (0, 1), or the covariance is not square.

    Examples:
        >>> rng = np.random.default_rng(0)
        >>> round(max_t_critical(np.eye(2), level=0.95, rng=rng), 2)
        1.96
        >>> 3.0 < max_t_critical(np.eye(10), level=0.95, rng=rng) < 3.3
        True

    References:
        Hansen, Lunde and Nason (2011), Econometrica 79, 453-497.
        Methods note, section 3.9.
    """
    single = critical_value(checked_level(level))
    sigma = np.asarray(covariance, dtype=np.float64)
    if sigma.ndim != 2 or sigma.shape[0] != sigma.shape[1]:
        raise CountError.outside("shape of the covariance", sigma.shape, "square")
    first, second = np.array(_pairs(len(sigma), to), dtype=np.int64).reshape(-1, 2).T
    spread = sigma[first, first] + sigma[second, second] - 2 * sigma[first, second]
    noisy = spread > 1e-12 * max(float(np.diag(sigma).max(initial=0.0)), 1e-300)
    if noisy.sum() < 2:
        return single
    first, second, se = first[noisy], second[noisy], np.sqrt(spread[noisy])
    values, vectors = np.linalg.eigh(sigma)
    root = vectors * np.sqrt(np.maximum(values, 0))
    largest = np.empty(n_draws)
    step = max(1, AT_ONCE // len(first))
    for start in range(0, n_draws, step):
        stop = min(start + step, n_draws)
        z = rng.standard_normal((stop - start, len(sigma))) @ root.T
        largest[start:stop] = (np.abs(z[:, first] - z[:, second]) / se).max(axis=1)
    return max(single, float(np.quantile(largest, level)))


def _pairs(n: int, to: int | None) -> list[tuple[int, int]]:
    """The models that are compared with each other."""
    if to is None:
        return list(combinations(range(n), 2))
    return [(to, other) for other in range(n) if other != to]


def level_of(critical: float) -> float:
    """The level of a single interval that reaches as many standard errors.

    Examples:
        >>> round(level_of(1.959964), 4)
        0.95

    References:
        Methods note, section 3.9.
    """
    return min(erf(critical / sqrt(2)), 1 - 1e-15)


@dataclass(frozen=True, slots=True, kw_only=True)
class Flip:
    """A price at which the model to take changes.

    Args:
        price: What one unit of the cost takes from the value.
        before: Index of the model to take below that price.
        after: Index of the model to take above it.
    """

    price: float
    before: int
    after: int


def flips(values: Sequence[float], costs: Sequence[float]) -> tuple[Flip, ...]:
    """The prices at which the pick changes as the price of a cost grows from 0.

    Args:
        values: Per model, its value without the cost; larger is better.
        costs: Per model, its cost.

    Returns:
        The changes in order: the slopes of the upper convex hull of costs and values.

    Examples:
        >>> found = flips([0.90, 0.92, 0.95], [80, 95, 1500])
        >>> [(round(flip.price, 6), flip.before, flip.after) for flip in found]
        [(2.1e-05, 2, 1), (0.001333, 1, 0)]

    References:
        Methods note, section 3.1.
        Notes: week 1, "Satisficing and Optimizing metric".
    """
    order = sorted(range(len(values)), key=lambda i: (costs[i], -values[i]))
    hull: list[int] = []
    for i in order:
        if hull and values[i] <= values[hull[-1]]:
            continue
        while len(hull) > 1 and _slope(values, costs, hull[-2], hull[-1]) <= _slope(
            values, costs, hull[-1], i
        ):
            hull.pop()
        hull.append(i)
    return tuple(
        Flip(price=_slope(values, costs, low, high), before=high, after=low)
        for high, low in pairwise(reversed(hull))
    )


def _slope(values: Sequence[float], costs: Sequence[float], low: int, high: int) -> float:
    """What one more unit of cost buys between two models."""
    return (values[high] - values[low]) / (costs[high] - costs[low])
