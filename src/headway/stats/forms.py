"""The forms an error can be known in, and how it is shown: plain values, without methods."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf
from typing import TypeAlias

from headway.errors import CountError
from headway.stats.composites import Bounded, Overlap, Poisson, Sampled

__all__ = ["Binomial", "Effective", "Estimate", "Fixed", "Levels", "Mean", "Measured"]


def _finite(name: str, value: float) -> None:
    """Refuse what is not a finite number."""
    if not -inf < value < inf:
        raise CountError.outside(name, value, "a finite number")


def _counts(n_errors: float, n: float) -> None:
    """Refuse counts that do not belong together."""
    if not n >= 1:
        raise CountError.outside("n", n, "at least one example")
    if not 0 <= n_errors <= n:
        raise CountError.outside("n_errors", n_errors, "a count from 0 to n")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fixed:
    """A declared error, without noise of its own.

    Args:
        value: The error: a fraction, or in the unit of the loss.

    Raises:
        CountError: If the value is not a finite number.
    """

    value: float

    def __post_init__(self) -> None:
        """Check the value."""
        _finite("error", self.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Binomial:
    """A number of wrong predictions among independent examples.

    Args:
        n_errors: Wrong predictions, 0 to ``n``.
        n: Examples, at least 1.

    Raises:
        CountError: If ``n`` is below 1 or ``n_errors`` is outside 0 to ``n``.
    """

    n_errors: int
    n: int

    def __post_init__(self) -> None:
        """Check that the counts belong together."""
        _counts(self.n_errors, self.n)


@dataclass(frozen=True, slots=True, kw_only=True)
class Effective:
    """An error rate that is worth another number of examples than it was counted on.

    Args:
        rate: The error rate, a fraction in [0, 1].
        n_eff: Examples it is worth, above 0: fewer for weights and clusters, more where much of a
            finite population was seen, infinitely many where the rate is held exact.
        n: Examples, at least 1.
        n_clusters: Number of clusters, at least 1, or None where examples are independent.

    Raises:
        CountError: If a number is outside its range.
    """

    rate: float
    n_eff: float
    n: int
    n_clusters: int | None = None

    def __post_init__(self) -> None:
        """Check the ranges."""
        if not 0 <= self.rate <= 1:
            raise CountError.outside("rate", self.rate, "a fraction in [0, 1]")
        if not self.n_eff > 0:
            raise CountError.outside("n_eff", self.n_eff, "a number above 0")
        _counts(0, self.n)


@dataclass(frozen=True, slots=True, kw_only=True)
class Levels:
    """A weighted error with few distinct weights: counts in each level of the weight.

    Args:
        weights: Weight of each level, at least 0, one above 0.
        n: Examples of each level, at least 1.
        n_errors: Wrong predictions of each level, 0 to its ``n``.

    Raises:
        CountError: If the tuples differ in length, or a number is outside its range.
    """

    weights: tuple[float, ...]
    n: tuple[int, ...]
    n_errors: tuple[int, ...]

    def __post_init__(self) -> None:
        """Check that the levels belong together."""
        if not len(self.weights) == len(self.n) == len(self.n_errors):
            raise CountError.outside("levels", "uneven", "one weight, n and n_errors for each")
        if not any(self.weights):
            raise CountError.weightless("of these rows")
        if not (max(self.weights, default=0) > 0 <= min(self.weights, default=-1)):
            raise CountError.outside("weights", self.weights, "numbers at least 0, one above 0")
        for wrong, n in zip(self.n_errors, self.n, strict=True):
            _counts(wrong, n)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mean:
    """The mean of a continuous loss, with its moments.

    Args:
        mean: The mean loss.
        variance: Variance of one observation, at least 0: that of the mean, times ``n``.
        n: Examples, at least 1.
        skew: Skewness of the losses, or None where it is not known.
        n_eff: Examples it is worth where they carry weights, or None.
        n_clusters: Number of clusters, at least 1, or None where examples are independent.

    Raises:
        CountError: If a number is outside its range.
    """

    mean: float
    variance: float
    n: int
    skew: float | None = None
    n_eff: float | None = None
    n_clusters: int | None = None

    def __post_init__(self) -> None:
        """Check the ranges."""
        _finite("mean loss", self.mean)
        if not self.variance >= 0:
            raise CountError.outside("variance", self.variance, "a number at least 0")
        _counts(0, self.n)


Measured: TypeAlias = (
    Fixed | Binomial | Effective | Levels | Mean | Overlap | Bounded | Sampled | Poisson
)
"""An error in any of its forms."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """A number with its interval, ready to be shown.

    Args:
        estimate: The number: a fraction, or in the unit of the loss.
        lower: Lower end, or None where there is no interval.
        upper: Upper end, or None.
        level: Level of the interval, a fraction in (0, 1).
        n: Examples behind it, or None where that is not known.
        method: What made the interval, in words.
        n_eff: Examples it is worth, where that is not ``n``; else None.
        n_clusters: Number of clusters, or None.
        warnings: What weakens it, in words; empty if nothing does.
    """

    estimate: float
    lower: float | None
    upper: float | None
    level: float
    n: int | None
    method: str
    n_eff: float | None = None
    n_clusters: int | None = None
    warnings: tuple[str, ...] = ()
