"""The smallest weights at which a weighted error ranks models as somebody prefers."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, Final

import numpy as np
from scipy.optimize import linprog

from headway.errors import CountError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray

__all__ = ["agreement", "flips_at", "kendall", "round_up", "smallest_weights"]

ROUND: Final = (1.0, 1.5, 2.0, 3.0, 5.0, 7.0, 10.0)
"""Round numbers from 1 to 10; larger ones are these times a power of ten."""


def kendall(first: Sequence[float], second: Sequence[float]) -> tuple[float, int]:
    """How far two rankings agree: Kendall's tau, and the pairs that they rank in opposite ways.

    Args:
        first: Rank (or error) of each model; less is better.
        second: Rank of each model by the other ranking.

    Returns:
        Tau, from -1 to 1, and the number of discordant pairs. A pair that one of the two ties
        counts for neither side.

    Raises:
        CountError: If the rankings differ in length or hold fewer than two models.

    Examples:
        >>> kendall([1, 2, 3, 4, 5], [2, 1, 3, 5, 4])
        (0.6, 2)

    References:
        Kendall (1938), Biometrika 30, 81-93.
        Methods note, section 3.8.
    """
    if len(first) != len(second) or len(first) < 2:
        raise CountError.outside(
            "rankings", (len(first), len(second)), "two models or more in both"
        )
    pairs = list(combinations(range(len(first)), 2))
    signs = [(first[i] - first[j]) * (second[i] - second[j]) for i, j in pairs]
    apart = sum(sign < 0 for sign in signs)
    return (sum(sign > 0 for sign in signs) - apart) / len(pairs), apart


def smallest_weights(
    differences: ArrayLike, *, margin: float = 1.0, above: Sequence[tuple[int, int]] = ()
) -> NDArray[np.float64] | None:
    """The smallest weights of categories at which every preferred model has the lower error.

    Args:
        differences: Per preference, errors of the other model less those of the preferred one in
            each category, the ordinary one first. Shape (n_preferences, n_categories).
        margin: Weighted errors by which the preferred model must be ahead, above 0.
        above: Pairs of categories of which the first may weigh no less than the second.

    Returns:
        Weights with the least sum, 1 for ordinary examples and at least 1 for others; None where
        no weights express the preferences. Shape (n_categories,).

    Raises:
        CountError: If the margin is not above 0, or there is no preference.

    Examples:
        >>> smallest_weights([[-238, 38, 5], [-20, -2, 12]]).round(3).tolist()
        [1.0, 5.929, 2.738]
        >>> smallest_weights([[-238, -3, 0]]) is None
        True

    References:
        Methods note, section 3.8.
        Notes: week 1, "When to change dev/test sets and metrics".
    """
    table = np.asarray(differences, dtype=np.float64)
    if not margin > 0:
        raise CountError.outside("margin", margin, "a number of weighted errors above 0")
    if table.ndim != 2 or table.size == 0:
        raise CountError.outside("preferences", table.shape, "at least one, with its categories")
    order = np.zeros((len(above), table.shape[1]))
    for row, (more, less) in enumerate(above):
        order[row, more], order[row, less] = -1.0, 1.0
    found = linprog(
        np.ones(table.shape[1]),
        A_ub=np.vstack([-table, order]),
        b_ub=np.concatenate([np.full(len(table), -margin), np.zeros(len(above))]),
        bounds=[(1.0, 1.0), *[(1.0, None)] * (table.shape[1] - 1)],
        method="highs",
    )
    return np.asarray(found.x, dtype=np.float64) if found.success else None


def flips_at(differences: ArrayLike, weights: ArrayLike, category: int) -> float | None:
    """The weight of one category at which a preference turns, the others held.

    Args:
        differences: As in ``smallest_weights``.
        weights: Weights at which every preference holds. Shape (n_categories,).
        category: Place of the category.

    Returns:
        The largest weight up to which some preference fails, or None where none needs this
        category.

    Examples:
        >>> flips_at([[-25, 5]], [1, 10], 1)
        5.0

    References:
        Methods note, section 3.8.
    """
    table, w = np.asarray(differences, dtype=np.float64), np.asarray(weights, dtype=np.float64)
    others = np.delete(table, category, axis=1) @ np.delete(w, category)
    own = table[:, category]
    needed = [-rest / each for rest, each in zip(others, own, strict=True) if each > 0 > rest]
    return float(max(needed)) if needed else None


def agreement(draws: NDArray[np.float64], weights: ArrayLike) -> float:
    """How probable it is that every preference holds at some weights.

    Args:
        draws: Plausible differences, as in ``smallest_weights``. Shape (n_draws, n_preferences,
            n_categories).
        weights: Weights. Shape (n_categories,).

    Returns:
        The share of the draws, a fraction.

    Examples:
        >>> agreement(np.array([[[-25.0, 5.0]], [[-60.0, 5.0]]]), [1.0, 10.0])
        0.5

    References:
        Methods note, section 3.8.
    """
    ahead = draws @ np.asarray(weights, dtype=np.float64)
    return float((ahead > 0).all(axis=1).mean())


def round_up(weight: float) -> float:
    """The smallest round number that is at least a weight.

    Args:
        weight: A weight, at least 0.

    Returns:
        One of 1, 1.5, 2, 3, 5, 7, 10 times a power of ten, at least 1.

    Examples:
        >>> round_up(6.26), round_up(1.0), round_up(120.0)
        (7.0, 1.0, 150.0)
    """
    scale = 1.0
    while weight > 10 * scale:
        scale *= 10
    return next(number * scale for number in ROUND if number * scale >= weight - 1e-9)
