"""From count tables to errors: sums in, one of the forms of ``measured`` out."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf
from typing import TYPE_CHECKING

import numpy as np

from headway.errors import CountError
from headway.stats.defaults import WEIGHT_LEVELS
from headway.stats.forms import Binomial, Effective, Fixed, Levels, Mean

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from headway.counts import ClusterSums, CountTable
    from headway.stats.forms import Measured

__all__ = [
    "Clustered",
    "binomial_of",
    "clustered",
    "finite_population",
    "levels_of",
    "mean_of",
    "weighted_mean",
    "weighted_rate",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Clustered:
    """Errors of splits whose examples come in clusters.

    Args:
        measured: Per split, its error.
        correlation: Correlation of the errors, from the clusters that splits share, in the order
            of ``measured``. Shape (n_splits, n_splits).
    """

    measured: Mapping[str, Measured]
    correlation: NDArray[np.float64]


def binomial_of(table: CountTable, wrong: Sequence[bool] | NDArray[np.bool_]) -> Binomial:
    """The error rate of a count table.

    Args:
        table: Counts, at least one.
        wrong: For each cell, whether its predictions are wrong. Shape (n_cells,).

    Returns:
        The error rate.

    Raises:
        CountError: If the table counts nothing.

    Examples:
        >>> from headway.counts import CountTable
        >>> table = CountTable.of(("misclassified",), [(False,), (True,)], [95, 5])
        >>> binomial_of(table, [False, True])
        Binomial(n_errors=5, n=100)

    References:
        Methods note, section 0.2.
    """
    return Binomial(n_errors=int(table.n[np.asarray(wrong, dtype=bool)].sum()), n=table.total)


def _spread(n: int, rate: float, sw: float, sums: tuple[float, float, float]) -> float:
    """Variance of a weighted mean; ``sums`` of w^2, w^2 l and w^2 l^2."""
    sw2, sw2l, sw2l2 = sums
    return max(0.0, n / (n - 1) * (sw2l2 - 2 * rate * sw2l + rate**2 * sw2) / sw**2)


def _checked_weights(n: int, sw: float) -> None:
    """Refuse weights that add up to nothing."""
    if n < 1:
        raise CountError.outside("n", n, "at least one example")
    if sw == 0:
        raise CountError.weightless("of these rows")
    if not 0 < sw < inf:
        raise CountError.outside("sum of the weights", sw, "a number above 0")


def weighted_rate(
    n: int, *, sw: float, sw2: float, swl: float, sw2l: float, sw2l2: float
) -> Effective:
    """A weighted error rate from sums over examples, for any number of distinct weights.

    Args:
        n: Number of examples, at least 1.
        sw: Sum of the weights, above 0.
        sw2: Sum of their squares.
        swl: Sum of weight times error (0 or 1).
        sw2l: Sum of squared weight times error.
        sw2l2: Sum of squared weight times squared error.

    Returns:
        The rate with the number of examples it is worth: that at which a plain rate has the same
        variance, and Kish's number where there is no error or nothing else.

    Raises:
        CountError: If there is no example, or the weights add up to nothing.

    Examples:
        >>> rate = weighted_rate(
        ...     10_000, sw=10_900, sw2=19_900, swl=660, sw2l=4_260, sw2l2=4_260
        ... )
        >>> round(rate.rate, 4), round(rate.n_eff, 1)
        (0.0606, 1770.4)

    References:
        Saerndal, Swensson and Wretman (1992), Model Assisted Survey Sampling.
        Methods note, sections 0.5 and 1.5.
        Notes: week 1, "When to change dev/test sets and metrics".
    """
    _checked_weights(n, sw)
    rate = min(max(swl / sw, 0.0), 1.0)
    spread = _spread(n, rate, sw, (sw2, sw2l, sw2l2)) if n > 1 else 0.0
    kish = sw**2 / sw2
    n_eff = rate * (1 - rate) / spread if spread > 1e-15 * rate else kish
    return Effective(rate=rate, n_eff=n_eff, n=n)


def weighted_mean(
    n: int,
    *,
    sw: float,
    sw2: float,
    swl: float,
    sw2l: float,
    sw2l2: float,
    center: float = 0.0,
    skew: float | None = None,
) -> Mean:
    """A weighted mean loss from sums over examples.

    Args:
        n: Number of examples, at least 1.
        sw: Sum of the weights, above 0.
        sw2: Sum of their squares.
        swl: Sum of weight times loss.
        sw2l: Sum of squared weight times loss.
        sw2l2: Sum of squared weight times squared loss.
        center: Constant subtracted from each loss before it was summed.
        skew: Skewness of the losses, or None where it is not known.

    Returns:
        The mean; worth Kish's number of examples.

    Raises:
        CountError: If there is no example, or the weights add up to nothing.

    Examples:
        >>> mean = weighted_mean(4, sw=8, sw2=20, swl=6, sw2l=14, sw2l2=14)
        >>> mean.mean, mean.n_eff
        (0.75, 3.2)

    References:
        Kish (1965), Survey Sampling.
        Methods note, sections 0.5 and 1.6.
    """
    _checked_weights(n, sw)
    centred = swl / sw
    spread = n * _spread(n, centred, sw, (sw2, sw2l, sw2l2)) if n > 1 else inf
    return Mean(mean=center + centred, variance=spread, n=n, skew=skew, n_eff=sw**2 / sw2)


def mean_of(n: int, sl: float, sl2: float, sl3: float, center: float = 0.0) -> Mean:
    """A mean loss from sums of powers of the centred loss.

    Args:
        n: Number of examples, at least 1.
        sl: Sum of the losses, each less ``center``.
        sl2: Sum of their squares.
        sl3: Sum of their cubes.
        center: Constant subtracted from each loss before it was summed; near the mean it keeps
            the squares from cancelling.

    Returns:
        The mean with variance and skewness.

    Raises:
        CountError: If there is no example.

    Examples:
        >>> mean_of(4, 2.0, 2.0, 2.0, center=10.0)
        Mean(mean=10.5, variance=0.3333333333333333, n=4, skew=0.0, n_eff=None, n_clusters=None)

    References:
        Methods note, sections 0.5 and 1.6.
    """
    if n < 1:
        raise CountError.outside("n", n, "at least one example")
    first, second, third = sl / n, sl2 / n, sl3 / n
    spread = second - first**2
    if n < 2:
        return Mean(mean=center + first, variance=inf, n=n)
    if spread <= max(1e-14 * second, 1e-200):
        return Mean(mean=center + first, variance=0.0, n=n)
    skew = (third - 3 * first * second + 2 * first**3) / spread**1.5
    return Mean(mean=center + first, variance=spread * n / (n - 1), n=n, skew=skew)


def levels_of(weights: Sequence[float], n: Sequence[int], n_errors: Sequence[int]) -> Measured:
    """A weighted error from counts by weight, in the form that suits their number.

    Args:
        weights: Weight of each cell, at least 0; equal weights are joined, zero ones left out.
        n: Examples of each cell, at least 0.
        n_errors: Wrong predictions of each cell, 0 to its ``n``.

    Returns:
        A plain rate if one weight is left, levels up to 50 weights, else an effective rate.

    Raises:
        CountError: If no weight above 0 has an example.

    Examples:
        >>> levels_of([10, 1, 10], [5, 90, 5], [1, 0, 2])
        Levels(weights=(1.0, 10.0), n=(90, 10), n_errors=(0, 3))
        >>> levels_of([2, 2], [5, 90], [1, 0])
        Binomial(n_errors=1, n=95)

    References:
        Methods note, section 1.5.
        Notes: week 1, "When to change dev/test sets and metrics".
    """
    cells = np.array([weights, n, n_errors], dtype=np.float64).reshape(3, -1)
    levels, position = np.unique(cells[0], return_inverse=True)
    size, wrong = (np.bincount(position, weights=row, minlength=levels.size) for row in cells[1:])
    kept = (levels > 0) & (size > 0)
    levels, size, wrong = levels[kept], size[kept], wrong[kept]
    if levels.size == 1:
        return Binomial(n_errors=int(wrong[0]), n=int(size[0]))
    if levels.size > WEIGHT_LEVELS:
        heavy = float(np.dot(levels**2, wrong))
        return weighted_rate(
            int(size.sum()),
            sw=float(np.dot(levels, size)),
            sw2=float(np.dot(levels**2, size)),
            swl=float(np.dot(levels, wrong)),
            sw2l=heavy,
            sw2l2=heavy,
        )
    return Levels(
        weights=tuple(levels.tolist()),
        n=tuple(int(value) for value in size),
        n_errors=tuple(int(value) for value in wrong),
    )


def finite_population(n_errors: int, m: int, population: int) -> Effective | Fixed:
    """The error rate of a finite population of which a part was seen.

    Args:
        n_errors: Wrong predictions among those seen, 0 to ``m``.
        m: Examples seen, at least 1, drawn at random.
        population: Examples there are, at least ``m``.

    Returns:
        The rate, without noise if all were seen.

    Raises:
        CountError: If ``m`` is outside 1 to ``population``, or ``n_errors`` outside 0 to ``m``.

    Examples:
        >>> finite_population(30, 1000, 4000)
        Effective(rate=0.03, n_eff=1332.0, n=1000, n_clusters=None)
        >>> finite_population(30, 1000, 1000)
        Fixed(value=0.03)

    References:
        Cochran (1977), Sampling Techniques, 3rd edition, section 3.2.
        Methods note, section 1.3.
    """
    seen = Binomial(n_errors=n_errors, n=m)
    if population < m:
        raise CountError.outside("population", population, f"at least the {m} examples seen")
    rate = seen.n_errors / m
    if population == m:
        return Fixed(value=rate)
    return Effective(rate=rate, n_eff=max(m - 1, 0.5) * population / (population - m), n=m)


def _products(sums: ClusterSums) -> NDArray[np.float64]:
    """Sums over clusters of the products of what each adds to two errors. Shape (k, k)."""
    error = sums.y / sums.m
    cross = error[:, None] * sums.my
    total = sums.yy - cross - cross.T + np.outer(error, error) * sums.mm
    return np.asarray(total / np.outer(sums.m, sums.m), dtype=np.float64)


def clustered(
    sums: ClusterSums,
    *,
    n: Mapping[str, int] | None = None,
    is_rate: bool = True,
    center: float = 0.0,
) -> Clustered:
    """The errors of all splits where examples come in clusters, and their correlation.

    Args:
        sums: Sums over clusters.
        n: Examples of each split; None where they carry no weights, so that ``sums.m`` counts them.
        is_rate: Whether the loss is 0 or 1.
        center: Constant subtracted from each loss before it was summed; 0 for a rate.

    Returns:
        The errors of the splits that have examples, and the correlation that comes from clusters
        with examples in two splits.

    Examples:
        >>> import numpy as np
        >>> from headway.counts import ClusterSums
        >>> one = np.ones((1, 1))
        >>> sums = ClusterSums(
        ...     splits=("dev",), shared=6 * one, m=[50], y=[10], mm=450 * one, my=94 * one,
        ...     yy=30 * one,
        ... )
        >>> round(clustered(sums).measured["dev"].n_eff, 2)
        32.05

    References:
        Cameron, Gelbach and Miller (2011), Journal of Business and Economic Statistics 29, 238-249.
        Methods note, sections 0.7 and 1.4.
    """
    kept = np.flatnonzero(sums.m > 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        products = _products(sums)[np.ix_(kept, kept)]
    own = np.maximum(np.diag(products), 0.0)
    scale = np.sqrt(np.outer(own, own))
    correlation = np.divide(products, scale, out=np.zeros_like(products), where=scale > 0)
    correlation = np.clip(correlation, -1, 1)
    np.fill_diagonal(correlation, 1)
    measured: dict[str, Measured] = {}
    for index, spread in zip(kept.tolist(), own.tolist(), strict=True):
        split, mass = sums.splits[index], float(sums.m[index])
        clusters = int(sums.shared[index, index])
        examples = max(1, round(mass)) if n is None else n[split]
        noise = spread * clusters / (clusters - 1) if clusters > 1 else inf
        error = float(sums.y[index]) / mass
        measured[split] = (
            _clustered_rate(error, noise, examples, clusters)
            if is_rate
            else Mean(
                mean=center + error, variance=noise * examples, n=examples, n_clusters=clusters
            )
        )
    return Clustered(measured=measured, correlation=correlation)


def _clustered_rate(error: float, spread: float, n: int, clusters: int) -> Effective:
    """A rate over clusters, worth at most its examples, and its clusters if all or none fail."""
    rate = min(max(error, 0.0), 1.0)
    bound = rate * (1 - rate)
    n_eff = float(clusters)
    if bound > 1e-15:
        n_eff = min(float(n), bound / spread if spread > 0 else inf)
    return Effective(rate=rate, n_eff=max(n_eff, 1e-9), n=n, n_clusters=clusters)
