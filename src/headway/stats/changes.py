"""What changed between two versions of a model: paired where both met the same examples."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf, sqrt
from typing import TYPE_CHECKING, Final, TypeAlias

import numpy as np

from headway.errors import CountError
from headway.stats.defaults import LEVEL, MIN_CLUSTERS
from headway.stats.differences import mover_limits
from headway.stats.forms import Estimate, Fixed, Mean
from headway.stats.measured import coupled, draws, estimate, limits, point, size, variance
from headway.stats.quantiles import checked_level, critical_value, normal_quantile
from headway.stats.sizes import detectable_difference

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from headway.stats.forms import Measured

__all__ = [
    "Apart",
    "Change",
    "Drawn",
    "FlipLevels",
    "Flips",
    "change_of",
    "detectable",
    "joint_changes",
]

POWER: Final = 0.80
"""Probability of showing the smallest detectable difference."""

LIMIT_DRAWS: Final = 50_000
"""Draws behind one pair of limits of a weighted change."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Flips:
    """How many examples changed sides between two versions that both met them.

    Args:
        fixed: Share of the examples that were wrong and are right, a fraction.
        broken: Share of the examples that were right and are wrong, a fraction.
        n: Examples, at least 1.
        n_eff: Examples they are worth where they carry weights or come in clusters, or None.
        n_clusters: Number of clusters, or None where examples are independent.

    Raises:
        CountError: If a number is outside its range.
    """

    fixed: float
    broken: float
    n: int
    n_eff: float | None = None
    n_clusters: int | None = None

    def __post_init__(self) -> None:
        """Check the ranges."""
        if not self.n >= 1:
            raise CountError.outside("n", self.n, "at least one example")
        if not (min(self.fixed, self.broken) >= 0 and self.fixed + self.broken <= 1 + 1e-12):
            expected = "fractions that add up to at most 1"
            raise CountError.outside("fixed and broken", (self.fixed, self.broken), expected)


@dataclass(frozen=True, slots=True, kw_only=True)
class FlipLevels:
    """Examples that changed sides, counted in each level of their weight.

    Args:
        weights: Weight of each level, at least 0, one above 0.
        n: Examples of each level, at least 1.
        fixed: Examples of each level that were wrong and are right.
        broken: Examples of each level that were right and are wrong.

    Raises:
        CountError: If the tuples differ in length, or a number is outside its range.
    """

    weights: tuple[float, ...]
    n: tuple[int, ...]
    fixed: tuple[int, ...]
    broken: tuple[int, ...]

    def __post_init__(self) -> None:
        """Check that the levels belong together."""
        lengths = {len(self.weights), len(self.n), len(self.fixed), len(self.broken)}
        if len(lengths) == 1 and not any(self.weights):
            raise CountError.weightless("of these rows")
        if len(lengths) > 1 or not max(self.weights, default=0) > 0 <= min(self.weights):
            raise CountError.outside("levels", self.weights, "weights at least 0, one above 0")
        for n, fixed, broken in zip(self.n, self.fixed, self.broken, strict=True):
            Flips(fixed=fixed / n, broken=broken / n, n=n)


@dataclass(frozen=True, slots=True, kw_only=True)
class Apart:
    """Two versions that met different examples.

    Args:
        before: The error of the first version.
        after: The error of the second version.
    """

    before: Measured
    after: Measured


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Drawn:
    """A change known by its value and by draws of it, as that of a composite metric is.

    Args:
        value: The change.
        values: Plausible values of it. Shape (n_draws,).
        n: Examples, at least 1.
        n_clusters: Number of clusters, or None where examples are independent.
    """

    value: float
    values: NDArray[np.float64]
    n: int
    n_clusters: int | None = None


Change: TypeAlias = Flips | FlipLevels | Mean | Apart | Drawn
"""A change of an error in any of its forms; a mean is that of differences, example by example."""


def _blind(change: Change) -> bool:
    """Whether nothing is known of the noise of a change."""
    if isinstance(change, Apart):
        both = (change.before, change.after)
        return any(estimate(m).lower is None and not isinstance(m, Fixed) for m in both)
    if isinstance(change, Mean) and not change.variance < inf:
        return True
    clusters = None if isinstance(change, Apart | FlipLevels) else change.n_clusters
    return clusters is not None and clusters < MIN_CLUSTERS


def _value(change: Change) -> float:
    """A change: after less before."""
    match change:
        case Flips():
            return change.broken - change.fixed
        case FlipLevels():
            mass = np.dot(change.weights, change.n)
            moved = np.dot(change.weights, np.subtract(change.broken, change.fixed))
            return float(moved / mass)
        case Mean():
            return change.mean
        case Apart():
            return point(change.after) - point(change.before)
        case _:
            return change.value


def _limits(change: Change, level: float) -> tuple[float, float]:
    """Interval of a change."""
    match change:
        case Flips():
            return _flip_limits(change, level)
        case FlipLevels():
            rng = np.random.Generator(np.random.PCG64(0))
            values = change_draws(change, LIMIT_DRAWS, rng)
        case Mean():
            return limits(change, level=level)
        case Apart():
            ends = mover_limits(
                point(change.after),
                limits(change.after, level=level),
                point(change.before),
                limits(change.before, level=level),
            )
            return float(ends[0]), float(ends[1])
        case _:
            values = change.values
    lower, upper = np.quantile(values, [(1 - level) / 2, (1 + level) / 2]).tolist()
    return min(lower, _value(change)), max(upper, _value(change))


def _flip_limits(change: Flips, level: float) -> tuple[float, float]:
    """The interval of Bonett and Price, at the number of examples that they are worth."""
    n = change.n_eff or change.n
    df = None if change.n_clusters is None else change.n_clusters - 1
    broken, fixed = ((share * n + 1) / (n + 2) for share in (change.broken, change.fixed))
    centre = broken - fixed
    half = critical_value(level, df=df) * sqrt((broken + fixed - centre**2) / (n + 2))
    value = _value(change)
    return min(max(-1.0, centre - half), value), max(min(1.0, centre + half), value)


def change_of(change: Change, *, level: float = LEVEL) -> Estimate:
    """A change with its interval: after less before, so that a fall of the error is negative.

    Args:
        change: The change, in any form.
        level: Level of the interval, a fraction in (0, 1).

    Returns:
        The change; without an interval where two numbers were given without n, or fewer than 6
        clusters stand behind it.

    Raises:
        CountError: If the level is outside (0, 1).

    Examples:
        >>> found = change_of(Flips(fixed=0.085, broken=0.045, n=1000))
        >>> round(found.estimate, 4), round(found.lower, 4), round(found.upper, 4)
        (-0.04, -0.0623, -0.0176)

    References:
        Bonett and Price (2012), Journal of Educational and Behavioral Statistics 37, 479-488.
        Methods note, sections 3.3 and 11.3.
        Notes: week 1, "Single number evaluation metric".
    """
    checked_level(level)
    numbers = isinstance(change, Apart) and all(
        isinstance(m, Fixed) for m in (change.before, change.after)
    )
    known = not (numbers or _blind(change))
    ends = _limits(change, level) if known else (None, None)
    return Estimate(
        estimate=_value(change),
        lower=ends[0],
        upper=ends[1],
        level=level,
        n=_examples(change),
        method=_method(change),
        n_eff=change.n_eff if isinstance(change, Flips | Mean) else None,
        n_clusters=None if isinstance(change, Apart | FlipLevels) else change.n_clusters,
    )


def _examples(change: Change) -> int | None:
    """Examples behind a change: the smaller of two sets, or None for numbers without n."""
    if isinstance(change, Apart):
        sizes = [size(m) for m in (change.before, change.after)]
        return min((n for n in sizes if n is not None), default=None)
    return sum(change.n) if isinstance(change, FlipLevels) else change.n


def _method(change: Change) -> str:
    """What makes the interval of a change, in words."""
    if isinstance(change, Flips):
        clusters = "" if change.n_clusters is None else ", Student t over clusters"
        at = "on shared examples" if change.n_eff is None else "at n_eff"
        return f"Bonett-Price {at}{clusters}"
    if isinstance(change, Mean):
        clusters = "" if change.n_clusters is None else " over clusters"
        return f"Student t of the differences{clusters}"
    if isinstance(change, Apart):
        return "MOVER of two separate sets"
    drawn = "nested posterior over weight levels" if isinstance(change, FlipLevels) else "draws"
    return f"{drawn} on shared examples"


def joint_changes(
    changes: Sequence[Change],
    n_draws: int,
    rng: np.random.Generator,
    *,
    correlation: NDArray[np.float64] | None = None,
) -> NDArray[np.float64]:
    """Plausible values of several changes at once.

    Args:
        changes: Changes in any form.
        n_draws: Number of draws, at least 1.
        rng: Source of randomness.
        correlation: Correlation of the changes where they share clusters, or None where they are
            independent. Shape (n_changes, n_changes), symmetric, ones on the diagonal.

    Returns:
        After less before, one column for each change. Shape (n_draws, n_changes).

    Raises:
        CountError: If the correlation has another shape.

    Examples:
        >>> changes = [Flips(fixed=0.03, broken=0.01, n=1000), Flips(fixed=0.0, broken=0.0, n=500)]
        >>> joint_changes(changes, 5, np.random.default_rng(1)).shape
        (5, 2)

    References:
        Methods note, sections 1.4 and 11.3.
    """
    columns = np.stack([change_draws(change, n_draws, rng) for change in changes], axis=1)
    return columns if correlation is None else coupled(columns, correlation, rng)


def change_draws(change: Change, n_draws: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """Plausible values of a change.

    Args:
        change: The change, in any form.
        n_draws: Number of draws, at least 1.
        rng: Source of randomness.

    Returns:
        After less before. Shape (n_draws,).

    Examples:
        >>> rng = np.random.default_rng(1)
        >>> values = change_draws(Flips(fixed=0.03, broken=0.015, n=1000), 100_000, rng)
        >>> round(float((values < 0).mean()), 2)
        0.99

    References:
        Perks (1947), Journal of the Institute of Actuaries 73, 285-334.
        Methods note, sections 0.9, 1.5 and 3.3.
    """
    match change:
        case Flips():
            n = change.n_eff or change.n
            table = np.array([[1.0], [n], [change.fixed * n], [change.broken * n]])
            return _level_draws(table, n_draws, rng)
        case FlipLevels():
            rows = [change.weights, change.n, change.fixed, change.broken]
            return _level_draws(np.array(rows, dtype=np.float64), n_draws, rng)
        case Mean():
            return draws(change, n_draws, rng)
        case Apart():
            before = draws(change.before, n_draws, rng)
            return np.asarray(draws(change.after, n_draws, rng) - before)
        case _:
            return np.asarray(rng.choice(change.values, n_draws), dtype=np.float64)


def _level_draws(
    levels: NDArray[np.float64], n_draws: int, rng: np.random.Generator
) -> NDArray[np.float64]:
    """Draws of a weighted change: Perks' prior on the four cells of each level of the weight.

    ``levels`` holds weights, examples, fixed and broken ones. Shape (4, n_levels).
    """
    weights, n, fixed, broken = levels
    shape = (n_draws, n.size)
    lost, won = (rng.standard_gamma(cell + 0.25, shape) for cell in (broken, fixed))
    rest = rng.standard_gamma(np.maximum(n - broken - fixed, 0) + 0.5, shape)
    change = (lost - won) / (lost + won + rest)
    if n.size == 1:
        return np.asarray(change[:, 0], dtype=np.float64)
    mass = rng.standard_gamma(n + 1 / n.size, shape) * weights
    return np.asarray((mass * change).sum(axis=1) / mass.sum(axis=1), dtype=np.float64)


def detectable(change: Change, *, level: float = LEVEL, power: float = POWER) -> float | None:
    """The smallest difference that the present examples show.

    Args:
        change: The change, in any form.
        level: Level of the two-sided interval that is to exclude zero, a fraction in (0, 1).
        power: Probability of showing it, a fraction in (0, 1).

    Returns:
        The difference, in the unit of the error; None where numbers have no n.

    Raises:
        CountError: If the level or the power is outside (0, 1).

    Examples:
        >>> round(detectable(Flips(fixed=0.03, broken=0.01, n=1000)), 4)
        0.0177

    References:
        Connor (1987), Biometrics 43, 207-211.
        Methods note, section 3.6.
        Notes: week 1, "Size of the dev and test sets".
    """
    if isinstance(change, Flips):
        n = max(1, round(change.n_eff or change.n))
        discordance = max(change.fixed + change.broken, 2 / (n + 2))
        return detectable_difference(min(1.0, discordance), n, level=level, power=power)
    spread = _variance(change)
    z = critical_value(level) + normal_quantile(checked_level(power))
    return None if spread is None else z * sqrt(spread)


def _variance(change: Change) -> float | None:
    """Variance of a change that is no plain count of flips, or None where it is not known."""
    match change:
        case Apart():
            if any(isinstance(m, Fixed) for m in (change.before, change.after)) or _blind(change):
                return None
            return variance(change.before) + variance(change.after)
        case Mean():
            return None if _blind(change) else change.variance / change.n
        case Drawn():
            return float(np.var(change.values))
        case _:
            rng = np.random.Generator(np.random.PCG64(0))
            return float(np.var(change_draws(change, LIMIT_DRAWS, rng)))
