"""An operating point as values: scores in bins, what a threshold gives, which one was chosen."""

from __future__ import annotations

from dataclasses import dataclass
from math import exp
from typing import TYPE_CHECKING

from headway.findings import Verdict

if TYPE_CHECKING:
    from headway.counts import CountTable, Scalar
    from headway.findings import Finding, Want
    from headway.stats.forms import Estimate
    from headway.strategy.standing import Kept
    from headway.strategy.target import Policy

__all__ = ["OperatingPoint", "Scores", "Threshold"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scores:
    """The scores of one split, counted in bins.

    Args:
        table: Counts by ``is_positive`` and ``score_bin``; rows without a score have no bin.
        low: Lower end of the first bin.
        width: Width of a bin, above 0.
        exposure_s: Seconds of operation that the rows cover, or None.
        is_logit: Whether the bins lie on the log odds of the score.
    """

    table: CountTable
    low: float
    width: float
    exposure_s: float | None = None
    is_logit: bool = False

    def edge(self, place: int) -> float:
        """The score at the lower end of a bin."""
        at = self.low + place * self.width
        return 1.0 / (1.0 + exp(-at)) if self.is_logit else at


@dataclass(frozen=True, slots=True, kw_only=True)
class Threshold:
    """What one threshold gives on one split.

    Args:
        value: Scores at or above it are taken for the positive class.
        optimized: The metric to be as good as possible, or None where it is 0/0.
        limits: How it stands towards each limit.
        p_feasible: Least probability that it keeps all limits, a fraction in [0, 1].
    """

    value: float
    optimized: Estimate | None
    limits: tuple[Kept, ...]
    p_feasible: float

    @property
    def verdict(self) -> Verdict:
        """Whether it keeps all limits."""
        found = {limit.verdict for limit in self.limits}
        if Verdict.NO in found:
            return Verdict.NO
        return Verdict.UNDETERMINED if Verdict.UNDETERMINED in found else Verdict.YES


@dataclass(frozen=True, slots=True, kw_only=True)
class OperatingPoint:
    """The threshold, how it was chosen, and whether test confirms it.

    Args:
        policy: The target.
        positive: The positive class.
        chosen: The threshold as dev shows it, or None where none keeps the limits.
        nearest: Where none does: the one most probable to keep them; else None.
        confirmed: The same threshold on test, or None where there is no test set.
        curve: Thresholds in increasing order, as dev shows them.
        n_tried: Number of thresholds compared on dev.
        level: Level of the intervals.
        findings: What was found.
        wants: What would settle what is open.
    """

    policy: Policy
    positive: Scalar
    chosen: Threshold | None
    nearest: Threshold | None
    confirmed: Threshold | None
    curve: tuple[Threshold, ...]
    n_tried: int
    level: float
    findings: tuple[Finding, ...] = ()
    wants: tuple[Want, ...] = ()
