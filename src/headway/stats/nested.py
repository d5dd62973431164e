"""The nested posterior of a weighted error: shares of the weight levels, and a rate inside each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

__all__ = ["nested_draws", "nested_limits"]

MOST_NUMBERS: Final = 2_000_000
"""Most random numbers behind one pair of limits."""

MOST_DRAWS: Final = 200_000
"""Most draws behind one pair of limits."""


def nested_draws(
    weights: Sequence[float],
    n: Sequence[int],
    n_errors: Sequence[int],
    n_draws: int,
    rng: np.random.Generator,
) -> NDArray[np.float64]:
    """Draws of a weighted error from the counts of each weight level.

    Shares of the L levels are Dirichlet(n + 1/L), rates inside are Beta(x + 1/2, n - x + 1/2), all
    independent. That keeps its coverage where a heavy weight sits on few examples.

    Args:
        weights: Weight of each level, at least 0.
        n: Examples of each level, at least 1.
        n_errors: Wrong predictions of each level, 0 to its ``n``.
        n_draws: Number of draws, at least 1.
        rng: Source of randomness.

    Returns:
        The weighted error, a fraction in [0, 1]. Shape (n_draws,).

    Examples:
        >>> rng = np.random.default_rng(1)
        >>> draws = nested_draws((1, 100), (9900, 100), (260, 40), 10_000, rng)
        >>> round(float(draws.mean()), 2)
        0.21

    References:
        Methods note, sections 0.9 and 1.5.
        Notes: week 1, "When to change dev/test sets and metrics".
    """
    size, wrong = np.asarray(n, dtype=np.float64), np.asarray(n_errors, dtype=np.float64)
    shape = (n_draws, size.size)
    mass = rng.standard_gamma(size + 1 / size.size, shape) * np.asarray(weights, dtype=np.float64)
    rates = rng.beta(wrong + 0.5, size - wrong + 0.5, shape)
    return np.asarray((mass * rates).sum(axis=1) / mass.sum(axis=1), dtype=np.float64)


def nested_limits(
    weights: Sequence[float], n: Sequence[int], n_errors: Sequence[int], *, level: float
) -> tuple[float, float]:
    """Limits of a weighted error: quantiles of its nested posterior.

    The draws behind them start from a fixed seed of their own, so equal counts give equal limits,
    and a higher level always gives wider ones.

    Args:
        weights: Weight of each level, at least 0.
        n: Examples of each level, at least 1.
        n_errors: Wrong predictions of each level, 0 to its ``n``.
        level: Probability inside, a fraction in (0, 1).

    Returns:
        Lower and upper limit, fractions in [0, 1].

    Examples:
        >>> lower, upper = nested_limits((1, 100), (9900, 100), (260, 40), level=0.95)
        >>> round(lower, 3), round(upper, 3)
        (0.165, 0.267)

    References:
        Methods note, section 1.5.
        Notes: week 1, "When to change dev/test sets and metrics".
    """
    rng = np.random.Generator(np.random.PCG64(0))
    n_draws = min(MOST_DRAWS, MOST_NUMBERS // len(weights))
    draws = nested_draws(weights, n, n_errors, n_draws, rng)
    lower, upper = np.quantile(draws, [(1 - level) / 2, (1 + level) / 2]).tolist()
    return lower, upper
