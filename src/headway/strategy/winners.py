"""How far the error of the model that was chosen on dev lies above what dev shows of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import sqrt
from typing import TYPE_CHECKING, Final

import numpy as np

from headway.stats.clustered import clustered_covariance
from headway.stats.forms import Binomial
from headway.stats.intervals import wilson_limits
from headway.stats.measured import point, size, variance
from headway.stats.optimism import (
    adaptive_envelope,
    adaptive_limit,
    covariance_optimism,
    expected_max_normals,
    half_split_optimism,
    worst_case_optimism,
)
from headway.stats.patterns import right_patterns
from headway.stats.quantiles import critical_value

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from headway.joint import ClusterMoments, JointCounts
    from headway.stats.forms import Measured
    from headway.stats.optimism import Winner

__all__ = ["Kept", "Optimism", "Span", "corrected", "kept", "optimism"]

HALVED: Final = 20_000
"""Most patterns that are split into halves; beyond, their covariance is used."""

DRAWN: Final = 20_000_000
"""Numbers drawn at most for the halves."""

SPLITS: Final = (200, 2_000)
"""Fewest and most random halves."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Kept:
    """What was kept of several models on one set: how they err together.

    Args:
        models: Their names.
        n_cells: Examples of each pattern. Shape (n_patterns,).
        wrong: Whether each model is wrong there. Shape (n_patterns, n_models).
        covariance: Covariance between their error rates where examples come in clusters, or None.
            Shape (n_models, n_models).
    """

    models: tuple[str, ...]
    n_cells: NDArray[np.int64]
    wrong: NDArray[np.bool_]
    covariance: NDArray[np.float64] | None = None

    def measured(self, model: str) -> Binomial:
        """The error of one model."""
        wrong = self.wrong[:, self.models.index(model)]
        return Binomial(n_errors=int(self.n_cells[wrong].sum()), n=int(self.n_cells.sum()))

    def apart(self, best: str, new: str) -> tuple[float, float] | None:
        """Examples that only the new one gets wrong, and that only the best one gets wrong."""
        if not {best, new} <= set(self.models):
            return None
        old, young = (self.wrong[:, self.models.index(name)] for name in (best, new))
        return float(self.n_cells[young & ~old].sum()), float(self.n_cells[old & ~young].sum())


def kept(
    joint: JointCounts, split: str = "dev", *, clusters: ClusterMoments | None = None
) -> Kept | None:
    """How several models err together on one split.

    Args:
        joint: Counts by pattern of what the models said; of answers other than ``"correct"``, with
            the key ``"label"`` and at most 20 models.
        split: The split.
        clusters: Sums over the clusters of that split for the same models, or None where examples
            are independent.

    Returns:
        The patterns, or None where the split holds no example that all of them answered.

    References:
        Methods note, section 5.2.
    """
    part = joint.table.where(split=split) if "split" in joint.table.keys else joint.table
    if part.total == 0:
        return None
    if joint.answers == "correct":
        patterns, n_cells = np.array(part.column("pattern"), dtype=np.int64), part.n
    else:
        patterns, n_cells = right_patterns(replace(joint, table=part))
    wrong = patterns[:, None] >> np.arange(len(joint.models), dtype=np.int64) & 1 == 0
    spread = None if clusters is None else clustered_covariance(clusters)
    return Kept(models=joint.models, n_cells=n_cells, wrong=wrong, covariance=spread)


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A number that may be known only as a range.

    Args:
        estimate: The number, or None where only the range is known.
        lower: Lower end.
        upper: Upper end.
        level: Level of the range.
        n: Examples behind it, or None.
    """

    estimate: float | None
    lower: float
    upper: float
    level: float
    n: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Optimism:
    """How far the true error of the chosen model lies above its dev error.

    Args:
        span: Where the models were listed before any was measured and how they err together is
            known, an estimate and how far a single choice varies around it; else the range in
            which the expectation lies.
        applies: ``"none"`` (one look), ``"selection"`` (listed before any was measured),
            ``"adaptive"`` (built from answers) or ``"unknown"``.
        method: ``"half_split"``, ``"covariance"``, or ``"number_of_looks"``.
        n_looks: Looks it stands for.
        n_kept: Models of which it is known how they err together.
        selection: Expected optimism of choosing the best from a list, or None where it is not
            known how they err together.
        independent: The same if they were independent: the most that choosing from a list buys.
        envelope: The most that models built from earlier answers buy.
        expected: The range of its expectation: what a test set is to be compared with.
    """

    span: Span
    applies: str
    method: str
    n_looks: int
    n_kept: int
    selection: float | None
    independent: float
    envelope: float
    expected: tuple[float, float]


def optimism(
    dev: Measured,
    n_looks: int,
    applies: str,
    *,
    rng: np.random.Generator,
    patterns: Kept | None = None,
    is_best: bool = True,
    is_rate: bool = True,
    level: float,
) -> Optimism:
    """The optimism of the chosen model's dev error, as a range.

    Args:
        dev: Its dev error.
        n_looks: Looks at this dev set, at least 1.
        applies: What the looks were for, as in ``Optimism``.
        rng: Source of randomness.
        patterns: How the models err together, or None where that was not kept.
        is_best: Whether the chosen one has the lowest dev error; another choice has less optimism.
        is_rate: Whether the error is a fraction.
        level: Level of the range around an estimate, in (0, 1).

    Returns:
        The optimism: of a list, the estimate and how much one choice varies around it, or from 0
        to what independent models would give; else from the estimate to the adaptive envelope.

    References:
        Methods note, section 5.2.
        Notes: week 1, "Chain of assumption in examples" (a bigger dev set).
    """
    se = sqrt(variance(dev))
    winner, method = _winner(patterns, n_looks, rng)
    independent = worst_case_optimism(se, n_looks)
    envelope = _envelope(dev, se, n_looks, is_rate=is_rate)
    listed = None if winner is None else winner.estimate
    least = max(0.0, listed) if listed is not None and is_best else 0.0
    if n_looks <= 1:
        applies, expected = "none", (0.0, 0.0)
    elif applies != "selection":
        expected = (least, max(least, envelope))
    else:
        expected = (least, independent if listed is None else max(0.0, listed))
    estimate, (lower, upper) = None, expected
    if applies == "none":
        estimate = 0.0
    elif applies == "selection" and listed is not None:
        estimate = listed if is_best else None
        lower, upper = _limits_at(dev, *expected, level, is_rate=is_rate)
        lower, upper = lower - point(dev), upper - point(dev)
    return Optimism(
        span=Span(estimate=estimate, lower=lower, upper=upper, level=level, n=size(dev)),
        applies=applies,
        method=method,
        n_looks=n_looks,
        n_kept=0 if patterns is None else len(patterns.models),
        selection=listed,
        independent=independent,
        envelope=envelope,
        expected=expected,
    )


def _envelope(dev: Measured, se: float, n_looks: int, *, is_rate: bool) -> float:
    """The adaptive envelope above the observed error."""
    worth = _worth(dev)
    if not is_rate or worth is None:
        return adaptive_envelope(se, n_looks)
    return adaptive_limit(point(dev), worth, n_looks) - point(dev)


def _worth(dev: Measured) -> float | None:
    """The independent examples that an error rate is worth; None where it was declared."""
    rate, spread = point(dev), variance(dev)
    if spread == 0:
        return None
    return rate * (1 - rate) / spread if 0 < rate < 1 else float(size(dev) or 1)


def _winner(
    patterns: Kept | None, n_looks: int, rng: np.random.Generator
) -> tuple[Winner | None, str]:
    """The optimism of the best of the models kept, scaled to all that were looked at."""
    if patterns is None or len(patterns.models) < 2 or n_looks < 2:
        return None, "number_of_looks"
    if patterns.covariance is not None:
        found = covariance_optimism(patterns.covariance, 1, rng=rng)
        return _scaled(found, n_looks), "covariance"
    if len(patterns.n_cells) <= HALVED:
        n_splits = int(np.clip(DRAWN // len(patterns.n_cells), *SPLITS))
        found = half_split_optimism(patterns.n_cells, patterns.wrong, n_splits=n_splits, rng=rng)
        return _scaled(found, n_looks), "half_split"
    n = int(patterns.n_cells.sum())
    wrong = patterns.wrong.astype(np.float64)
    mean = patterns.n_cells @ wrong / n
    covariance = (wrong.T * patterns.n_cells) @ wrong / n - np.outer(mean, mean)
    return _scaled(covariance_optimism(covariance, n, rng=rng), n_looks), "covariance"


def _scaled(found: Winner, n_looks: int) -> Winner:
    """The optimism for more looks than models kept, the others taken to be like them."""
    factor = expected_max_normals(n_looks) / expected_max_normals(found.n_models)
    return replace(found, estimate=found.estimate * max(1.0, factor))


def corrected(dev: Measured, found: Optimism, *, is_rate: bool = True, level: float) -> Span:
    """The error that the chosen model is likely to have: dev error plus optimism.

    Args:
        dev: Its dev error.
        found: The optimism of that error.
        is_rate: Whether the error is a fraction.
        level: Level of the range, in (0, 1).

    Returns:
        The range of the true error; with an estimate where the optimism has one.

    References:
        Methods note, section 5.2.
    """
    estimate, span, worth = found.span.estimate, found.span, _worth(dev)
    if found.applies == "selection" and found.selection is not None:
        moved = None if estimate is None else min(1.0, point(dev) + estimate)
        lower, upper = point(dev) + span.lower, point(dev) + span.upper
        return Span(estimate=moved, lower=lower, upper=upper, level=level, n=size(dev))
    lower, upper = _limits_at(dev, span.lower, span.upper, level, is_rate=is_rate)
    if found.applies in {"adaptive", "unknown"} and is_rate and worth is not None:
        upper = adaptive_limit(point(dev), worth, found.n_looks, more=critical_value(level))
    moved = point(dev) if found.applies == "none" else None
    return Span(estimate=moved, lower=lower, upper=upper, level=level, n=size(dev))


def _limits_at(
    dev: Measured, least: float, most: float, level: float, *, is_rate: bool
) -> tuple[float, float]:
    """Limits of an error that lies above the observed one by so much, at least and at most.

    The noise is that of one model: the winner's own is smaller, so that they hold it more often.
    """
    worth, z = _worth(dev), critical_value(level)
    if not is_rate or worth is None:
        reach = z * sqrt(variance(dev))
        return point(dev) + least - reach, point(dev) + most + reach
    rates = np.clip([point(dev) + least, point(dev) + most], 0.0, 1.0)
    below, above = wilson_limits(rates * worth, worth, z)
    return float(below[0]), float(above[1])
