"""How much better the winner looks than it is: the price of choosing on the data that measures.

Everything here is a difference of errors, error less observed error: how far the winner's true
error lies above the one that was seen.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import inf, pi, sqrt
from typing import TYPE_CHECKING, Final

import numpy as np
from scipy.special import ndtr

from headway.errors import CountError
from headway.stats.intervals import wilson_limits
from headway.stats.quantiles import checked_positive, checked_rate

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

__all__ = [
    "Winner",
    "adaptive_envelope",
    "adaptive_limit",
    "aggregation_gain",
    "covariance_optimism",
    "expected_max_normals",
    "half_split_optimism",
    "worst_case_optimism",
]

SPLITS: Final = 2_000
"""Random halves for the half-split estimate."""

CHUNK: Final = 4_000_000
"""Most numbers drawn at once."""

GRID: Final = np.linspace(-12.0, 12.0, 24_001)
"""Where the integral is taken; no largest of normals that matters lies beyond."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Winner:
    """The optimism of the best of several models, whose errors were seen on the same examples.

    Args:
        estimate: Expected optimism, a fraction.
        spread: Standard deviation of the optimism of one such choice, at least 0.
        noise: Standard error of the estimate that comes from the draws alone.
        n_models: Models that were chosen from.
    """

    estimate: float
    spread: float
    noise: float
    n_models: int


def _checked_models(k: int) -> int:
    """A number of models."""
    if not k >= 1:
        raise CountError.outside("number of models", k, "at least one model")
    return k


def _checked_se(se: float) -> float:
    """A standard error."""
    if not 0 <= se < inf:
        raise CountError.outside("standard error", se, "a number at least 0")
    return se


def expected_max_normals(k: int) -> float:
    """The expected largest of some independent standard normal variables.

    Args:
        k: How many, at least 1.

    Returns:
        The expectation, at most the square root of 2 ln k.

    Raises:
        CountError: If ``k`` is below 1.

    Examples:
        >>> round(expected_max_normals(100), 4), expected_max_normals(1)
        (2.5076, 0.0)

    References:
        Methods note, section 5.2.
        Notes: week 1, "Chain of assumption in examples" (a bigger dev set).
    """
    if _checked_models(k) == 1:
        return 0.0
    density = np.exp(-(GRID**2) / 2) / sqrt(2 * pi)
    terms = GRID * k * density * ndtr(GRID) ** (k - 1)
    return float(terms.sum() * (GRID[1] - GRID[0]))


def worst_case_optimism(se: float, k: int) -> float:
    """The optimism of the best of k equally good models, from their number alone.

    Args:
        se: Standard error of what tells them apart, at least 0: that of one error where they are
            independent, which is the worst case; the root of half their discordance over n where
            they meet the same examples.
        k: Models that were chosen from, at least 1.

    Returns:
        Expected optimism of the winner, in the unit of the standard error.

    Raises:
        CountError: If a number is outside its range.

    Examples:
        >>> independent, shared = (0.05 * 0.95 / 10_000) ** 0.5, (0.01 / 20_000) ** 0.5
        >>> [round(worst_case_optimism(se, 50), 4) for se in (independent, shared)]
        [0.0049, 0.0016]

    References:
        Methods note, section 5.2.
        Notes: week 1, "Chain of assumption in examples" (a bigger dev set).
    """
    return _checked_se(se) * expected_max_normals(k)


def covariance_optimism(
    covariance: ArrayLike, n: float, *, n_draws: int = 100_000, rng: np.random.Generator
) -> Winner:
    """The optimism of the best of several equally good models, from how they err together.

    Args:
        covariance: Covariance of their being right on one example. Shape (k, k), symmetric.
        n: Examples, above 0.
        n_draws: Draws, at least 2.
        rng: Source of randomness.

    Returns:
        The expected largest of correlated normal variables: the least favourable case.

    Raises:
        CountError: If the covariance is no such matrix, or ``n`` is not above 0.

    Examples:
        >>> rng = np.random.default_rng(0)
        >>> round(covariance_optimism(0.05 * np.eye(2), 1000, rng=rng).estimate, 3)
        0.004

    References:
        Methods note, section 5.2.
        Notes: week 1, "Chain of assumption in examples" (a bigger dev set).
    """
    matrix = np.asarray(covariance, dtype=np.float64)
    if matrix.ndim != 2 or len(matrix) == 0 or matrix.shape[0] != matrix.shape[1]:
        raise CountError.outside("shape of the covariance", matrix.shape, "as many rows as columns")
    values, vectors = np.linalg.eigh(matrix / checked_positive("n", n))
    root = vectors * np.sqrt(np.maximum(values, 0))
    rows = max(1, CHUNK // len(matrix))
    drawn = []
    for start in range(0, n_draws, rows):
        z = rng.standard_normal((min(rows, n_draws - start), len(matrix))) @ root.T
        drawn.append(np.stack([z.max(axis=1), z.mean(axis=1)]))
    return _winner(np.concatenate(drawn, axis=1), 1.0, 1.0, len(matrix))


def _winner(drawn: NDArray[np.float64], scale: float, spread: float, n_models: int) -> Winner:
    """The summary of some draws: of the winner, and of the mean of all, whose expectation is 0."""
    gained = drawn[0] - drawn[1]
    return Winner(
        estimate=scale * float(gained.mean()),
        spread=spread * float(drawn[0].std(ddof=1)),
        noise=scale * float(gained.std(ddof=1)) / sqrt(len(gained)),
        n_models=n_models,
    )


def half_split_optimism(
    n_cells: ArrayLike, wrong: ArrayLike, *, n_splits: int = SPLITS, rng: np.random.Generator
) -> Winner:
    """The optimism of the best of several models, by choosing on one half and reading the other.

    It is unbiased for a choice on half of the examples; for all of them it is scaled by the square
    root of a half, which is too much where some models are truly better than others.

    Args:
        n_cells: Examples of each pattern of right and wrong. Shape (n_patterns,).
        wrong: Whether each model is wrong on the examples of a pattern. Shape (n_patterns, k).
        n_splits: Random halves, at least 2.
        rng: Source of randomness.

    Returns:
        Expected optimism of the winner among the models, listed before their errors were seen.

    Raises:
        CountError: If the shapes do not belong together, or there are fewer than two examples.

    Examples:
        >>> wrong = [[0, 0], [0, 1], [1, 0], [1, 1]]
        >>> rng = np.random.default_rng(0)
        >>> round(half_split_optimism([70, 8, 6, 16], wrong, rng=rng).estimate, 2)
        0.02

    References:
        Methods note, section 5.2.
        Notes: week 1, "Chain of assumption in examples" (a bigger dev set).
    """
    cells = np.asarray(n_cells, dtype=np.int64)
    matrix = np.asarray(wrong, dtype=np.float64)
    if matrix.ndim != 2 or cells.shape != matrix.shape[:1] or matrix.shape[1] == 0:
        raise CountError.outside("patterns", matrix.shape, "one row for each count, one model")
    n, half = int(cells.sum()), int(cells.sum()) // 2
    if half < 1 or cells.min() < 0:
        raise CountError.outside("examples", n, "counts of at least two examples")
    rows = max(1, CHUNK // len(cells))
    gaps = []
    for start in range(0, n_splits, rows):
        size = min(rows, n_splits - start)
        seen = rng.multivariate_hypergeometric(cells, half, size=size, method="marginals")
        gaps.append(_gap(seen @ matrix / half, (cells - seen) @ matrix / (n - half)))
    scale = sqrt(half / n)
    return _winner(
        np.concatenate(gaps, axis=1), scale, sqrt(half * (n - half)) / n, matrix.shape[1]
    )


def _gap(seen: NDArray[np.float64], other: NDArray[np.float64]) -> NDArray[np.float64]:
    """Error on the other half less that on the half that chose: of the winner, and of all."""
    best = seen.min(axis=1, keepdims=True)
    tied = seen <= best + 1e-12
    winner = (other * tied).sum(axis=1) / tied.sum(axis=1) - best[:, 0]
    return np.stack([winner, (other - seen).mean(axis=1)])


def adaptive_envelope(se: float, k: int) -> float:
    """The most that k looks can buy where each model is built from the answers before it.

    Args:
        se: Standard error of one error at the winner's true error, at least 0.
        k: Looks, at least 1.

    Returns:
        The envelope: root k standard errors.

    Raises:
        CountError: If a number is outside its range.

    Examples:
        >>> round(adaptive_envelope((0.05 * 0.95 / 10_000) ** 0.5, 500), 4)
        0.0487

    References:
        Dwork et al. (2015), Science 349, 636-638. Methods note, section 5.2.
        Notes: week 1, "Chain of assumption in examples" (a bigger dev set).
    """
    return _checked_se(se) * sqrt(_checked_models(k))


def adaptive_limit(observed: float, n: float, k: int, *, more: float = 0.0) -> float:
    """The largest true error whose envelope still reaches down to the observed one.

    The envelope belongs to the true error, which adaptive looks push far above the observed one;
    so it is solved for it: the upper Wilson limit at root k standard errors.

    Args:
        observed: Error that was seen, a fraction in [0, 1].
        n: Examples, above 0.
        k: Looks, at least 1.
        more: Standard errors to add for the noise of one measurement, at least 0.

    Returns:
        The true error, a fraction in [0, 1].

    Raises:
        CountError: If a number is outside its range.

    Examples:
        >>> limit = adaptive_limit(0.048, 10_000, 50)
        >>> se = (limit * (1 - limit) / 10_000) ** 0.5
        >>> round(limit, 4), round(limit - adaptive_envelope(se, 50), 4)
        (0.0655, 0.048)

    References:
        Methods note, sections 0.6 and 5.2.
        Notes: week 1, "Chain of assumption in examples" (a bigger dev set).
    """
    rate, n = checked_rate("observed error", observed), checked_positive("n", n)
    _, upper = wilson_limits(rate * n, n, sqrt(_checked_models(k)) + more)
    return float(upper)


def aggregation_gain(n: float, k: int) -> float:
    """What an analyst gains from noise alone: random predictors added up by their dev scores.

    Args:
        n: Examples, above 0.
        k: Random predictors of two classes that were looked at, at least 1.

    Returns:
        Expected optimism of their weighted vote, whose true error is one half.

    Raises:
        CountError: If a number is outside its range.

    Examples:
        >>> round(aggregation_gain(1000, 500), 2)
        0.26

    References:
        Blum and Hardt (2015), ICML, 1006-1014. Methods note, section 5.2.
        Notes: week 1, "Chain of assumption in examples" (a bigger dev set).
    """
    root = sqrt(_checked_models(k) / checked_positive("n", n))
    return float(ndtr(root)) - 0.5
