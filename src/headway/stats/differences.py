"""Differences of two errors, and contrasts of several, with their intervals."""

from __future__ import annotations

from math import sqrt
from typing import TYPE_CHECKING, Final

import numpy as np

from headway.stats.defaults import LEVEL
from headway.stats.forms import Binomial, Estimate
from headway.stats.measured import limits, point
from headway.stats.quantiles import checked_counts, critical_value

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import ArrayLike, NDArray

    from headway.stats.forms import Mean

__all__ = [
    "contrast_limits",
    "miettinen_nurminen_difference",
    "mover_limits",
    "newcombe_difference",
    "paired_difference",
    "tango_difference",
    "welch_difference",
]

HALVINGS: Final = 60
"""Halvings of an interval of length 2 that take it below the last digit of a fraction."""


def _joined(a: NDArray[np.float64], b: NDArray[np.float64], rho: ArrayLike) -> NDArray[np.float64]:
    """Length of the sum of two deviations, infinite where one is."""
    open_ended = np.isinf(a) | np.isinf(b)
    a, b = np.where(open_ended, 0, a), np.where(open_ended, 0, b)
    square = np.maximum(a**2 + b**2 - 2 * np.asarray(rho) * (a * b), 0)
    return np.where(open_ended, np.inf, np.sqrt(square))


def mover_limits(
    e1: ArrayLike,
    limits1: tuple[ArrayLike, ArrayLike],
    e2: ArrayLike,
    limits2: tuple[ArrayLike, ArrayLike],
    correlation: ArrayLike = 0.0,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Limits of the difference e1 - e2 from the limits of each (MOVER).

    With Wilson limits this is Newcombe's hybrid score interval. A declared error has its value as
    both limits.

    Args:
        e1: First error; a number or an array.
        limits1: Its lower and upper limit.
        e2: Second error.
        limits2: Its lower and upper limit.
        correlation: Correlation of the two estimates, in [-1, 1].

    Returns:
        Lower and upper limit of e1 - e2, of the joint shape of the arguments.

    Examples:
        >>> lower, upper = mover_limits(0.09, (0.074, 0.109), 0.01, (0.008, 0.012))
        >>> round(float(lower), 3), round(float(upper), 3)
        (0.064, 0.099)

    References:
        Zou and Donner (2008), Statistics in Medicine 27, 1693-1702.
        Notes: week 1, "Avoidable bias".
    """
    first, second = np.asarray(e1, dtype=np.float64), np.asarray(e2, dtype=np.float64)
    lower1, upper1 = (np.asarray(end, dtype=np.float64) for end in limits1)
    lower2, upper2 = (np.asarray(end, dtype=np.float64) for end in limits2)
    difference = first - second
    down = _joined(first - lower1, upper2 - second, correlation)
    up = _joined(upper1 - first, second - lower2, correlation)
    return np.asarray(difference - down), np.asarray(difference + up)


def contrast_limits(
    coefficients: Sequence[float],
    estimates: Sequence[float],
    ends: Sequence[tuple[float, float]],
    *,
    correlation: NDArray[np.float64] | None = None,
) -> tuple[float, float]:
    """Limits of a weighted sum of errors, such as a difference of differences (MOVER).

    Args:
        coefficients: What each error is multiplied by: (1, -1, -1, 1) for a difference of
            differences.
        estimates: The errors.
        ends: Lower and upper limit of each.
        correlation: Correlation of the estimates, or None where they are independent. Shape
            (n_errors, n_errors).

    Returns:
        Lower and upper limit of the sum.

    Examples:
        >>> ends = [(0.09, 0.13), (0.06, 0.08), (0.04, 0.06), (0.02, 0.02)]
        >>> lower, upper = contrast_limits((1, -1, -1, 1), (0.11, 0.07, 0.05, 0.02), ends)
        >>> round(lower, 3), round(upper, 3)
        (-0.014, 0.034)

    References:
        Zou and Donner (2008), Statistics in Medicine 27, 1693-1702.
        Methods note, section 1.11.
        Notes: week 2, "Bias and Variance with mismatched data distributions".
    """
    c, e = np.asarray(coefficients, dtype=np.float64), np.asarray(estimates, dtype=np.float64)
    lower, upper = np.asarray(ends, dtype=np.float64).reshape(-1, 2).T
    shared = np.eye(c.size) if correlation is None else correlation
    used = c != 0
    with np.errstate(invalid="ignore"):
        down = np.where(used, np.where(c > 0, c * (e - lower), c * (upper - e)), 0)
        up = np.where(used, np.where(c > 0, c * (upper - e), c * (e - lower)), 0)
    total = float(np.dot(c, e))
    lengths = [
        np.inf if np.isinf(side).any() else sqrt(max(0.0, float(side @ shared @ side)))
        for side in (down, up)
    ]
    return total - lengths[0], total + lengths[1]


def _difference(
    estimate: float, ends: tuple[float, float], level: float, method: str, n: int | None = None
) -> Estimate:
    """A difference with its interval."""
    lower, upper = min(float(ends[0]), estimate), max(float(ends[1]), estimate)
    return Estimate(estimate=estimate, lower=lower, upper=upper, level=level, n=n, method=method)


def newcombe_difference(
    n_errors_1: int, n_1: int, n_errors_2: int, n_2: int, *, level: float = LEVEL
) -> Estimate:
    """The difference of two independent error rates, first minus second, by Newcombe.

    Args:
        n_errors_1: Wrong predictions of the first, 0 to ``n_1``.
        n_1: Examples of the first, at least 1.
        n_errors_2: Wrong predictions of the second, 0 to ``n_2``.
        n_2: Examples of the second, at least 1.
        level: Level of the interval, a fraction in (0, 1).

    Returns:
        The difference, a fraction in [-1, 1].

    Raises:
        CountError: If a count is outside its range, or the level is outside (0, 1).

    Examples:
        >>> gap = newcombe_difference(90, 1000, 100, 10_000)
        >>> round(gap.estimate, 4), round(gap.lower, 4), round(gap.upper, 4)
        (0.08, 0.0637, 0.0994)

    References:
        Newcombe (1998), Statistics in Medicine 17, 873-890.
        Notes: week 1, "Avoidable bias".
    """
    first, second = Binomial(n_errors=n_errors_1, n=n_1), Binomial(n_errors=n_errors_2, n=n_2)
    ends = mover_limits(
        point(first), limits(first, level=level), point(second), limits(second, level=level)
    )
    estimate = point(first) - point(second)
    return _difference(estimate, (float(ends[0]), float(ends[1])), level, "Newcombe hybrid score")


def _constrained_rates(
    x: tuple[float, float], n: tuple[float, float], difference: float
) -> tuple[float, float]:
    """The likeliest two rates with a given difference: a root of Miettinen and Nurminen's cubic."""
    total, errors = sum(n), sum(x)
    l3 = total
    l2 = (n[0] + 2 * n[1]) * difference - total - errors
    l1 = (n[1] * difference - total - 2 * x[1]) * difference + errors
    l0 = x[1] * difference * (1 - difference)
    q = l2**3 / (27 * l3**3) - l1 * l2 / (6 * l3**2) + l0 / (2 * l3)
    root = sqrt(max(0.0, l2**2 / (9 * l3**2) - l1 / (3 * l3)))
    p = root if q >= 0 else -root
    angle = np.arccos(min(1.0, max(-1.0, q / p**3))) if p else 0.0
    second = 2 * p * np.cos((np.pi + angle) / 3) - l2 / (3 * l3)
    second = min(max(float(second), 0.0, -difference), 1.0, 1 - difference)
    return second + difference, second


def _inverted(
    score: Callable[[float], float], estimate: float, critical: float
) -> tuple[float, float]:
    """The differences at which a falling score passes plus and minus the critical value."""

    def end(outside: float) -> float:
        inside = estimate
        for _ in range(HALVINGS):
            middle = (inside + outside) / 2
            is_inside = abs(score(middle)) < critical
            inside, outside = (middle, outside) if is_inside else (inside, middle)
        return inside

    return end(-1.0), end(1.0)


def _standardised(distance: float, spread: float) -> float:
    """A distance in standard errors; without a spread, none or infinitely many."""
    if spread > 0:
        return distance / sqrt(spread)
    return 0.0 if distance == 0 else float(np.copysign(np.inf, distance))


def miettinen_nurminen_difference(
    n_errors_1: int, n_1: int, n_errors_2: int, n_2: int, *, level: float = LEVEL
) -> Estimate:
    """The difference of two independent error rates, first minus second, by the score test.

    Args:
        n_errors_1: Wrong predictions of the first, 0 to ``n_1``.
        n_1: Examples of the first, at least 1.
        n_errors_2: Wrong predictions of the second, 0 to ``n_2``.
        n_2: Examples of the second, at least 1.
        level: Level of the interval, a fraction in (0, 1).

    Returns:
        The difference, a fraction in [-1, 1].

    Raises:
        CountError: If a count is outside its range, or the level is outside (0, 1).

    Examples:
        >>> gap = miettinen_nurminen_difference(0, 50, 3, 40)
        >>> round(gap.estimate, 4), round(gap.lower, 4), round(gap.upper, 4)
        (-0.075, -0.1995, 0.0001)

    References:
        Miettinen and Nurminen (1985), Statistics in Medicine 4, 213-226.
        Notes: week 1, "Avoidable bias".
    """
    checked_counts([n_errors_1, n_errors_2], [n_1, n_2])
    estimate = n_errors_1 / n_1 - n_errors_2 / n_2
    total = n_1 + n_2

    def score(difference: float) -> float:
        rates = _constrained_rates((n_errors_1, n_errors_2), (n_1, n_2), difference)
        spread = sum(rate * (1 - rate) / n for rate, n in zip(rates, (n_1, n_2), strict=True))
        return _standardised(estimate - difference, spread * total / (total - 1))

    ends = _inverted(score, estimate, critical_value(level))
    return _difference(estimate, ends, level, "Miettinen-Nurminen score")


def welch_difference(first: Mean, second: Mean, *, level: float = LEVEL) -> Estimate:
    """The difference of two independent mean losses, first minus second, by Welch's t.

    Args:
        first: Mean loss, of at least two examples.
        second: Mean loss, of at least two examples.
        level: Level of the interval, a fraction in (0, 1).

    Returns:
        The difference, in the unit of the loss; ``n_eff`` is unused.

    Raises:
        CountError: If there are fewer than two examples, or the level is outside (0, 1).

    Examples:
        >>> from headway.stats.forms import Mean
        >>> dev = Mean(mean=0.61, variance=1.02, n=250)
        >>> gap = welch_difference(dev, Mean(mean=0.52, variance=0.81, n=400))
        >>> round(gap.estimate, 4), round(gap.lower, 4), round(gap.upper, 4)
        (0.09, -0.0635, 0.2435)

    References:
        Welch (1947), Biometrika 34, 28-35.
        Methods note, section 1.6.
    """
    parts = [m.variance / m.n for m in (first, second)]
    spread = sum(parts)
    shares = [part**2 / max(m.n - 1, 0.5) for part, m in zip(parts, (first, second), strict=True)]
    df = spread**2 / sum(shares) if spread > 0 else 1.0
    half = critical_value(level, df=df) * sqrt(spread)
    estimate = first.mean - second.mean
    return _difference(estimate, (estimate - half, estimate + half), level, "Welch's t")


def paired_difference(
    only_1_wrong: int, only_2_wrong: int, n: int, *, level: float = LEVEL
) -> Estimate:
    """The difference of two error rates on the same examples, first minus second.

    Args:
        only_1_wrong: Examples that only the first gets wrong, at least 0.
        only_2_wrong: Examples that only the second gets wrong, at least 0.
        n: Examples, at least the sum of both.
        level: Level of the interval, a fraction in (0, 1).

    Returns:
        The difference, a fraction in [-1, 1], with the interval of Bonett and Price.

    Raises:
        CountError: If the counts do not fit into ``n``, or the level is outside (0, 1).

    Examples:
        >>> gap = paired_difference(30, 15, 1000)
        >>> round(gap.estimate, 4), round(gap.lower, 4), round(gap.upper, 4)
        (0.015, 0.0016, 0.0283)

    References:
        Bonett and Price (2012), Journal of Educational and Behavioral Statistics 37, 479-488.
        Notes: week 1, "Single number evaluation metric".
    """
    checked_counts([only_1_wrong, only_2_wrong, only_1_wrong + only_2_wrong], n)
    first, second = (only_1_wrong + 1) / (n + 2), (only_2_wrong + 1) / (n + 2)
    centre = first - second
    half = critical_value(level) * sqrt((first + second - centre**2) / (n + 2))
    ends = max(-1.0, centre - half), min(1.0, centre + half)
    return _difference((only_1_wrong - only_2_wrong) / n, ends, level, "Bonett-Price", n)


def tango_difference(
    only_1_wrong: int, only_2_wrong: int, n: int, *, level: float = LEVEL
) -> Estimate:
    """The difference of two error rates on the same examples, by Tango's score test.

    Args:
        only_1_wrong: Examples that only the first gets wrong, at least 0.
        only_2_wrong: Examples that only the second gets wrong, at least 0.
        n: Examples, at least the sum of both.
        level: Level of the interval, a fraction in (0, 1).

    Returns:
        The difference, first minus second, a fraction in [-1, 1].

    Raises:
        CountError: If the counts do not fit into ``n``, or the level is outside (0, 1).

    Examples:
        >>> gap = tango_difference(30, 15, 1000)
        >>> round(gap.estimate, 4), round(gap.lower, 4), round(gap.upper, 4)
        (0.015, 0.0019, 0.0291)

    References:
        Tango (1998), Statistics in Medicine 17, 891-908.
        Notes: week 1, "Single number evaluation metric".
    """
    checked_counts([only_1_wrong, only_2_wrong, only_1_wrong + only_2_wrong], n)
    estimate = (only_1_wrong - only_2_wrong) / n

    def score(difference: float) -> float:
        b = (2 * n - only_1_wrong + only_2_wrong) * difference - only_1_wrong - only_2_wrong
        c = -only_2_wrong * difference * (1 - difference)
        rate = (sqrt(max(0.0, b**2 - 8 * n * c)) - b) / (4 * n)
        spread = (2 * rate + difference * (1 - difference)) / n
        return _standardised(estimate - difference, spread)

    ends = _inverted(score, estimate, critical_value(level))
    return _difference(estimate, ends, level, "Tango score", n)
