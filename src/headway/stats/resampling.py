"""Draws from counts instead of rows: the same for a thousand examples as for a billion."""

from __future__ import annotations

from math import sqrt
from typing import TYPE_CHECKING, Final

import numpy as np

from headway.errors import CountError
from headway.stats.defaults import DRAWS

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import ArrayLike, NDArray

__all__ = [
    "delta_variance",
    "dirichlet_draws",
    "gradient",
    "monte_carlo_error",
    "multinomial_bootstrap",
]

BLOCK: Final = 4_000_000
"""Most numbers held at once while drawing."""

STEP: Final = 1e-3
"""Step of the numerical derivative, as a share of the count."""


def _cells(n_cells: ArrayLike) -> NDArray[np.float64]:
    """Counts of the cells, at least one of them above zero."""
    counts = np.asarray(n_cells, dtype=np.float64)
    if counts.ndim != 1 or not (counts >= 0).all() or not counts.sum() > 0:
        raise CountError.outside("the cells", "empty or negative", "counts, at least one above 0")
    return counts


def multinomial_bootstrap(
    n_cells: ArrayLike,
    statistic: Callable[[NDArray[np.float64]], NDArray[np.float64]],
    n_draws: int = DRAWS,
    *,
    rng: np.random.Generator,
) -> NDArray[np.float64]:
    """The bootstrap of any number that depends on the rows only through counts.

    Drawing N rows with replacement gives counts that are exactly multinomial, so rows are never
    needed and their number costs nothing. Clusters are drawn the same way: the cells are then the
    distinct kinds of cluster.

    Args:
        n_cells: Count of each cell. Shape (n_cells,).
        statistic: Takes counts of shape (n, n_cells), gives numbers of shape (n,).
        n_draws: Number of draws, at least 1.
        rng: Source of randomness.

    Returns:
        The statistic of each draw. Shape (n_draws,).

    Raises:
        CountError: If a count is negative, or all are zero.

    Examples:
        >>> rng = np.random.default_rng(1)
        >>> draws = multinomial_bootstrap([85, 15], lambda n: n[:, 1] / n.sum(axis=1), rng=rng)
        >>> round(float(draws.std()), 3)
        0.036

    References:
        Efron (1979), Annals of Statistics 7, 1-26.
        Methods note, section 0.3.
    """
    counts = _cells(n_cells)
    total = int(counts.sum())
    block = max(1, BLOCK // counts.size)
    parts = [
        np.asarray(
            statistic(
                rng.multinomial(total, counts / counts.sum(), min(block, n_draws - start)).astype(
                    np.float64
                )
            ),
            dtype=np.float64,
        )
        for start in range(0, n_draws, block)
    ]
    return np.concatenate(parts)


def dirichlet_draws(
    n_cells: ArrayLike,
    n_draws: int = DRAWS,
    *,
    rng: np.random.Generator,
    prior: str = "perks",
) -> NDArray[np.float64]:
    """Plausible shares of cells, given their counts.

    Args:
        n_cells: Count of each declared cell. Shape (n_cells,).
        n_draws: Number of draws, at least 1.
        rng: Source of randomness.
        prior: ``"perks"``: a prior mass of one, spread evenly on the cells; ``"none"``: the
            Bayesian bootstrap, in which an empty cell stays empty.

    Returns:
        Shares that add up to one. Shape (n_draws, n_cells).

    Raises:
        CountError: If a count is negative, all are zero, or the prior is unknown.

    Examples:
        >>> rng = np.random.default_rng(1)
        >>> dirichlet_draws([45, 5, 10, 40], rng=rng).mean(axis=0).round(2).tolist()
        [0.45, 0.05, 0.1, 0.4]

    References:
        Perks (1947), Journal of the Institute of Actuaries 73, 285-334.
        Rubin (1981), Annals of Statistics 9, 130-134.
        Methods note, section 0.9.
    """
    counts = _cells(n_cells)
    if prior not in {"perks", "none"}:
        raise CountError.outside("prior", prior, "perks or none")
    mass = rng.standard_gamma(
        counts + (1 / counts.size if prior == "perks" else 0.0), (n_draws, counts.size)
    )
    return np.asarray(mass / mass.sum(axis=1, keepdims=True), dtype=np.float64)


def gradient(
    n_cells: ArrayLike, statistic: Callable[[NDArray[np.float64]], NDArray[np.float64]]
) -> NDArray[np.float64]:
    """Derivatives of a smooth statistic with respect to the counts.

    Args:
        n_cells: Count of each cell. Shape (n_cells,).
        statistic: Takes counts of shape (n, n_cells), gives numbers of shape (n,).

    Returns:
        The derivatives, per example; 0 for an empty cell, which adds nothing to a variance.
        Shape (n_cells,).

    Raises:
        CountError: If a count is negative, or all are zero.

    Examples:
        >>> gradient([45, 15], lambda n: n[:, 0] / n.sum(axis=1)).round(6).tolist()
        [0.004167, -0.0125]

    References:
        Methods note, section 0.4.
    """
    counts = _cells(n_cells)
    step = np.diag(STEP * counts)

    def slope(width: float) -> NDArray[np.float64]:
        rise = statistic(counts + width * step) - statistic(counts - width * step)
        run = 2 * width * STEP * counts
        return np.divide(rise, run, out=np.zeros_like(counts), where=counts > 0)

    return np.asarray((4 * slope(1) - slope(2)) / 3, dtype=np.float64)


def delta_variance(
    n_cells: ArrayLike, statistic: Callable[[NDArray[np.float64]], NDArray[np.float64]]
) -> float:
    """The variance of a ratio of counts, such as F1, without any draw.

    Args:
        n_cells: Count of each cell. Shape (n_cells,).
        statistic: A metric that stays the same when all counts are doubled; takes counts of shape
            (n, n_cells), gives numbers of shape (n,).

    Returns:
        The variance of the metric: the sum of count times squared derivative.

    Raises:
        CountError: If a count is negative, or all are zero.

    Examples:
        >>> f1 = lambda n: 2 * n[:, 0] / (2 * n[:, 0] + n[:, 1] + n[:, 2])
        >>> round(delta_variance([45, 5, 10, 40], f1) ** 0.5, 4)
        0.0365

    References:
        Efron (1982), The Jackknife, the Bootstrap and Other Resampling Plans, section 6.
        Methods note, section 0.4.
        Notes: week 1, "Single number evaluation metric".
    """
    return float(np.dot(_cells(n_cells), gradient(n_cells, statistic) ** 2))


def monte_carlo_error(probability: float, n_draws: int) -> float:
    """The standard error of a probability that is a share of draws.

    Args:
        probability: The share, a fraction in [0, 1].
        n_draws: Number of draws, at least 1.

    Returns:
        The standard error, a fraction. Where the share is within three of them of the number it is
        compared with, more draws are needed.

    Examples:
        >>> round(monte_carlo_error(0.9, 10_000), 6)
        0.003

    References:
        Methods note, section 0.9.
    """
    return sqrt(probability * (1 - probability) / n_draws)
