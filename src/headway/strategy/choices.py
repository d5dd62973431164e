"""The choice of a model as values: how each stands, which one to take, and what would change it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from headway.findings import Verdict

if TYPE_CHECKING:
    from collections.abc import Mapping

    from headway.findings import Finding, Want
    from headway.stats.forms import Estimate
    from headway.strategy.standing import Kept
    from headway.strategy.target import Policy

__all__ = ["ModelChoice", "PriceFlip", "Selection"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelChoice:
    """How one model stands.

    Args:
        model: Its name.
        value: What is to be as large as possible; minus the metric where smaller is better.
        metrics: Per name of a metric, its value with its interval.
        limits: How it stands towards each limit.
        p_feasible: Probability that it keeps all limits.
        p_best: Probability that it keeps all limits and is the best of those that do.
        regret: How much better the best feasible model is expected to be, at least 0.
        behind: How much the leader is better, with an interval that holds for all models that may
            be taken at once, and for each of the others alone; None for the leader, and where no
            model may be taken.
    """

    model: str
    value: float
    metrics: Mapping[str, Estimate]
    limits: tuple[Kept, ...]
    p_feasible: float
    p_best: float
    regret: float
    behind: Estimate | None = None

    @property
    def verdict(self) -> Verdict:
        """Whether it keeps every limit."""
        found = {kept.verdict for kept in self.limits}
        if Verdict.NO in found:
            return Verdict.NO
        return Verdict.UNDETERMINED if Verdict.UNDETERMINED in found else Verdict.YES

    @property
    def eligible(self) -> bool:
        """Whether it may be taken: a limit that must be shown is shown."""
        return all(
            kept.verdict is Verdict.YES
            or (kept.verdict is Verdict.UNDETERMINED and kept.limit.burden == "presumed")
            for kept in self.limits
        )

    @property
    def violated(self) -> tuple[str, ...]:
        """Names of the metrics whose limit it breaks."""
        broken = [k.limit for k in self.limits if k.verdict is Verdict.NO]
        return tuple((limit.declared or limit).metric.name for limit in broken)


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceFlip:
    """A price at which a linear combination picks another model.

    Args:
        price: What one unit of the cost takes away.
        below: The model to take below that price.
        above: The model to take above it.
    """

    price: float
    below: str
    above: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Which model to take.

    Args:
        policy: What is aimed at.
        models: Every model: those that may be taken first, best first.
        choice: The model to take, or None where none may be, or several cannot be told apart.
        leader: The best of those that may be taken, or None where none may be.
        tied: The models that cannot be told apart from the leader, or are equal to it within the
            margin, the leader first; empty where one is chosen.
        why: ``"shown"``, ``"declared"``, ``"cheaper"``, ``"alone"``, ``"equivalent"`` where any of
            those tied will do, ``"tied"`` or ``"none"``.
        runner_up: The next best that may be taken, or None.
        difference: How much the leader is better than the runner-up, or None.
        p_none: Probability that no model keeps all limits.
        n_shared: Examples that all models answered, or None where they were not paired.
        optimism: How much the leader's number is expected to be too good, or None.
        flips: Prices at which a linear combination picks another model.
        margin: Smallest difference that matters, or None.
        level: Level of the intervals.
        findings: What was found.
        wants: What would settle what is open.
    """

    policy: Policy
    models: tuple[ModelChoice, ...]
    choice: str | None
    leader: str | None
    tied: tuple[str, ...]
    why: str
    runner_up: str | None
    difference: Estimate | None
    p_none: float
    n_shared: int | None
    optimism: float | None
    flips: tuple[PriceFlip, ...]
    margin: float | None
    level: float
    findings: tuple[Finding, ...] = ()
    wants: tuple[Want, ...] = ()

    def model(self, name: str) -> ModelChoice:
        """The model of this name."""
        return next(each for each in self.models if each.model == name)
