"""The models that a target chooses from: what was measured of each, and how they vary together."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from typing import TYPE_CHECKING, Final

import numpy as np

from headway.errors import TargetError
from headway.stats.changes import Flips
from headway.stats.differences import contrast_limits, paired_difference
from headway.stats.forms import Binomial, Estimate, Fixed
from headway.stats.measured import draws, joint_draws, limits, point, size, variance

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from headway.stats.forms import Measured
    from headway.strategy.target import Policy

__all__ = ["Candidate", "Candidates", "Pairing", "candidates"]

MOST_DRAWN: Final = 3_000_000
"""Most numbers drawn at once; with very many models there are fewer draws of each."""

FEWEST: Final = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A model and what was measured of it.

    Args:
        model: Its name.
        metrics: Per name of a metric, its value in any form, in its own direction.
    """

    model: str
    metrics: Mapping[str, Measured]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Pairing:
    """How metrics of several models vary together over the same examples.

    Args:
        names: Pairs of a model and a metric.
        covariance: Covariance of what one example adds to each. Shape (n_names, n_names).
        n: Examples that all of these models answered, at least 1.
        counts_outcomes: Whether it is that of being right or wrong, unweighted, so that counts of
            examples on which two models differ can be read off it.
    """

    names: tuple[tuple[str, str], ...]
    covariance: NDArray[np.float64]
    n: int
    counts_outcomes: bool = False

    def place(self, model: str, metric: str) -> int | None:
        """The place of a model's metric, or None where it was not paired."""
        return self.names.index((model, metric)) if (model, metric) in self.names else None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Candidates:
    """The models of one question with their joint noise.

    Args:
        policy: What is aimed at.
        items: The models.
        pairing: How they vary together, or None where they were not measured on the same examples.
        correlation: Of the estimates, model by model and metric by metric in the order of
            ``policy.metrics``. Shape (n_models * n_metrics,) squared; None where independent.
        unpaired: Why they are not paired although examples have ids, in words; else empty.
    """

    policy: Policy
    items: tuple[Candidate, ...]
    pairing: Pairing | None
    correlation: NDArray[np.float64] | None
    unpaired: str = ""

    @property
    def models(self) -> tuple[str, ...]:
        """Names of the models."""
        return tuple(item.model for item in self.items)

    @property
    def terms(self) -> tuple[tuple[float, str], ...]:
        """Factors and metrics of what is to be as large as possible."""
        best = self.policy.optimizing
        if best is not None:
            return ((1.0 if best.maximize else -1.0, best.name),)
        return tuple((factor, metric.name) for factor, metric in self.policy.linear)

    def value(self, place: int) -> float:
        """What is to be as large as possible, of one model."""
        metrics = self.items[place].metrics
        return sum(factor * point(metrics[name]) for factor, name in self.terms)

    def is_declared(self, place: int) -> bool:
        """Whether all of it was given without an n, so that it has no interval."""
        metrics = self.items[place].metrics
        return all(isinstance(metrics[name], Fixed) for _, name in self.terms)

    def n(self, place: int) -> int | None:
        """The fewest examples behind what is optimized, of one model."""
        metrics = self.items[place].metrics
        known = [size(metrics[name]) for _, name in self.terms]
        return min((n for n in known if n is not None), default=None)

    def pairs_with(self, first: int, second: int) -> bool:
        """Whether two models were measured on the same examples."""
        if self.pairing is None:
            return False
        name = self.terms[0][1]
        places = [self.pairing.place(self.items[i].model, name) for i in (first, second)]
        return None not in places

    def covariance(self) -> NDArray[np.float64]:
        """Covariance of what is optimized, over the models. Shape (n_models, n_models)."""
        names = [metric.name for metric in self.policy.metrics]
        wide = len(names)
        full = np.diag([variance(item.metrics[name]) for item in self.items for name in names])
        if self.correlation is not None:
            sd = np.sqrt(np.diag(full))
            full = self.correlation * np.outer(sd, sd)
        loads = np.zeros((len(self.items), len(full)))
        for i in range(len(self.items)):
            for factor, name in self.terms:
                loads[i, i * wide + names.index(name)] += factor
        found: NDArray[np.float64] = loads @ full @ loads.T
        return found

    def spread(self, first: int, second: int) -> float:
        """Variance of the difference of two models in what is optimized, at least 0."""
        c = self.covariance()
        return max(0.0, float(c[first, first] + c[second, second] - 2 * c[first, second]))

    def drawn(self, rng: np.random.Generator, n_draws: int) -> NDArray[np.float64]:
        """Plausible values of every metric. Shape (n_draws, n_models, n_metrics)."""
        names = [metric.name for metric in self.policy.metrics]
        every = [item.metrics[name] for item in self.items for name in names]
        n_draws = min(n_draws, max(FEWEST, MOST_DRAWN // len(every)))
        if self.correlation is None:
            flat = np.stack([draws(m, n_draws, rng) for m in every], axis=1)
        else:
            flat = joint_draws(every, n_draws, rng, correlation=self.correlation)
        return flat.reshape(n_draws, len(self.items), len(names))

    def behind(self, leader: int, other: int, *, level: float) -> Estimate:
        """How much better one model is than another.

        Args:
            leader: Place of the one.
            other: Place of the other.
            level: Level of the interval, in (0, 1).

        Returns:
            The difference, positive where the leader is better; without an interval where neither
            has one.
        """
        estimate = self.value(leader) - self.value(other)
        n = self.pairing.n if self.pairing and self.pairs_with(leader, other) else None
        if self.is_declared(leader) and self.is_declared(other):
            return Estimate(
                estimate=estimate, lower=None, upper=None, level=level, n=None, method="given"
            )
        apart = self._apart(leader, other)
        if apart is not None:
            return paired_difference(*apart, level=level)
        ends = self._contrast(leader, other, level)
        rho = " with correlation" if n is not None else ""
        return Estimate(
            estimate=estimate,
            lower=min(ends[0], estimate),
            upper=max(ends[1], estimate),
            level=level,
            n=n,
            method=f"MOVER{rho}",
        )

    def flips(self, leader: int, other: int) -> Flips | None:
        """The examples on which exactly one of two models is right, as a change; None if unknown.

        Args:
            leader: Place of the model that it is a change from.
            other: Place of the one that it is a change to.

        Returns:
            Those that only the other gets right, and those that only the leader does.
        """
        counts = self._apart(leader, other)
        if counts is None:
            return None
        only_other, only_leader, n = counts
        return Flips(fixed=only_leader / n, broken=only_other / n, n=n)

    def apart(self, leader: int, other: int) -> float | None:
        """Share of the examples on which exactly one of two models is right, where known."""
        counts = self._apart(leader, other)
        return None if counts is None else (counts[0] + counts[1]) / counts[2]

    def _apart(self, leader: int, other: int) -> tuple[int, int, int] | None:
        """Examples that only the other gets wrong, that only the leader does, and all."""
        pairing = self.pairing
        if pairing is None or not pairing.counts_outcomes or len(self.terms) > 1:
            return None
        if abs(self.terms[0][0]) != 1 or not self.pairs_with(leader, other):
            return None
        name = self.terms[0][1]
        ends = [self.items[place].metrics[name] for place in (leader, other)]
        if not all(isinstance(m, Binomial) and m.n == pairing.n for m in ends):
            return None
        i, j = (pairing.place(self.items[place].model, name) or 0 for place in (leader, other))
        c = pairing.covariance
        d = self.value(leader) - self.value(other)
        discordant = pairing.n * (c[i, i] + c[j, j] - 2 * c[i, j] + d**2)
        only_other = round((discordant + pairing.n * d) / 2)
        only_leader = round((discordant - pairing.n * d) / 2)
        return max(0, only_other), max(0, only_leader), pairing.n

    def _contrast(self, leader: int, other: int, level: float) -> tuple[float, float]:
        """Limits of the difference from the limits of each metric."""
        names = [metric.name for metric in self.policy.metrics]
        places = [(i, sign * f, n) for i, sign in ((leader, 1), (other, -1)) for f, n in self.terms]
        ms = [self.items[i].metrics[name] for i, _, name in places]
        shared = None
        if self.correlation is not None:
            index = [i * len(names) + names.index(name) for i, _, name in places]
            shared = self.correlation[np.ix_(index, index)]
        return contrast_limits(
            [factor for _, factor, _ in places],
            [point(m) for m in ms],
            [limits(m, level=level) for m in ms],
            correlation=shared,
        )


def candidates(
    policy: Policy,
    items: Sequence[Candidate],
    *,
    pairing: Pairing | None = None,
    unpaired: str = "",
) -> Candidates:
    """The models of one question, checked to have every metric of the target.

    Args:
        policy: What is aimed at.
        items: The models, at least one.
        pairing: How they vary together over the same examples, or None.
        unpaired: Why they are not paired although examples have ids, in words; else empty.

    Returns:
        The models with the correlation of their estimates.

    Raises:
        TargetError: If a name comes twice, or a model lacks a metric.

    Examples:
        >>> from headway.strategy.target import policy
        >>> aim = policy(maximize="accuracy")
        >>> b = Candidate(model="B", metrics={"accuracy": Binomial(n_errors=920, n=1000)})
        >>> candidates(aim, [b]).value(0)
        0.92

    References:
        Methods note, sections 3.3 and 3.9.
    """
    names = [item.model for item in items]
    for item in items:
        if names.count(item.model) > 1:
            raise TargetError.repeated("model", item.model)
        for metric in policy.metrics:
            if metric.name not in item.metrics:
                raise TargetError.metric_absent(item.model, metric.name, list(item.metrics))
    shared = None if pairing is None else _correlation(policy, items, pairing)
    return Candidates(
        policy=policy, items=tuple(items), pairing=pairing, correlation=shared, unpaired=unpaired
    )


def _correlation(
    policy: Policy, items: Sequence[Candidate], pairing: Pairing
) -> NDArray[np.float64]:
    """Correlation of the estimates: that of what an example adds, where both count every example.

    An estimate on more examples than the shared ones owes only part of its noise to them.
    """
    names = [(item.model, m.name) for item in items for m in policy.metrics]
    places = [pairing.place(*name) for name in names]
    ms = [item.metrics[m.name] for item in items for m in policy.metrics]
    found = np.eye(len(names))
    known = [k for k, place in enumerate(places) if place is not None]
    index = [places[k] or 0 for k in known]
    part = pairing.covariance[np.ix_(index, index)]
    sd = np.sqrt(np.maximum(np.diag(part), 0))
    with np.errstate(divide="ignore", invalid="ignore"):
        rho = np.where(np.outer(sd, sd) > 0, part / np.outer(sd, sd), 0.0)
    share = [sqrt(min(1.0, pairing.n / (size(ms[k]) or pairing.n))) for k in known]
    rho = np.clip(rho, -1, 1) * np.outer(share, share)
    np.fill_diagonal(rho, 1.0)
    found[np.ix_(known, known)] = rho
    return found
