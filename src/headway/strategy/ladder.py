"""The ladder of errors as values: rungs, the gaps between them, and how to judge them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from headway.stats.defaults import ALPHA_FOCUS, DRAWS, GAMMA, LEVEL
from headway.wording import listed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from headway.findings import Finding, Verdict, Want
    from headway.stats.forms import Estimate, Measured
    from headway.strategy.breakdown import Breakdown
    from headway.strategy.human import Reference

__all__ = ["GAPS", "RUNGS", "Gap", "Gaps", "Ladder", "Rung", "gap_words", "rung_words"]

RUNGS: Final = ("human", "train", "train_dev", "dev", "test", "field")
"""Names of the rungs, in ladder order."""

GAPS: Final = ("avoidable_bias", "variance", "data_mismatch", "dev_overfit", "real_world")
"""Names of the gaps: each lies between two neighbouring rungs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rung:
    """One error on the ladder.

    Args:
        name: One of ``RUNGS``.
        measured: The error in the form its interval and draws come from.
        error: The error with its interval, a fraction (or in the unit of the loss). The interval
            is None at both ends where the error was given without its n.
        n_errors: Number of wrong predictions, or None for a loss.
    """

    name: str
    measured: Measured
    error: Estimate
    n_errors: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """The difference of two neighbouring rungs, never clamped at zero.

    Args:
        name: One of ``GAPS``, or a merged name such as ``variance_or_mismatch``.
        merges: The gaps it holds: one, or several where rungs between are missing.
        lower_rung: The rung it starts from.
        upper_rung: The rung it ends at.
        estimate: Upper minus lower, a fraction (or in the unit of the loss).
        lower: Lower end of its interval, or None where there is none: neither rung has an n, or
            one has too few examples or groups.
        upper: Upper end of its interval, or None.
        level: Level of the interval.
        lower_simultaneous: Lower end at the simultaneous level, or None.
        verdict: Whether it is a problem: clear of zero and above the margin.
        p_largest: Probability that it is the largest gap, or None.
        why: Why it is undetermined or not applicable, in a few words; empty otherwise.
    """

    name: str
    merges: tuple[str, ...]
    lower_rung: str
    upper_rung: str
    estimate: float | None
    lower: float | None
    upper: float | None
    level: float
    lower_simultaneous: float | None
    verdict: Verdict
    p_largest: float | None
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gaps:
    """The ladder of errors, judged.

    Args:
        rungs: The measured rungs, in ladder order, human level first where there is one.
        gaps: The gaps between them, in ladder order.
        missing: Names of the rungs that were not measured, below the last one.
        reading: ``none_material``, ``undetermined``, ``single``, ``tied`` or ``several``.
        focus: Names of the gaps to work on, largest first.
        in_doubt: Names of the gaps that may still lead.
        flip_at: Human error below which avoidable bias is the largest gap, or None.
        flips: Whether another admissible tier of the reference changes the advice.
        reference: The reference level, or None.
        margin: Smallest gap that matters.
        level: Level of the intervals.
        gamma: Probability needed to rank.
        metric: Name of the metric, such as ``"error"``, ``"loss"`` or ``"f1"``.
        error_words: What the rungs hold, in words: ``"error"``, ``"error (1 − F1)"``.
        is_rate: Whether the errors are fractions in [0, 1] (shown as percent and points).
        weighted: Whether weights were used.
        same_distribution: Whether train and dev were asserted to share a distribution.
        train_as: ``"sample"`` or ``"fixed"``.
        past_human: Whether the model is at or past the best proxy of the Bayes error.
        bias_bounds: Where it is, the least and the most that avoidable bias can be; else None.
        wants: What would settle what is open, in order of value.
        findings: One per gap, and what else must be said.
        by: The errors broken down by columns, where that was asked.
    """

    rungs: tuple[Rung, ...]
    gaps: tuple[Gap, ...]
    missing: tuple[str, ...]
    reading: str
    focus: tuple[str, ...]
    in_doubt: tuple[str, ...]
    flip_at: float | None
    flips: bool
    reference: Reference | None
    margin: float
    level: float
    gamma: float
    metric: str
    is_rate: bool
    weighted: bool
    same_distribution: bool
    train_as: str
    past_human: bool
    bias_bounds: tuple[float, float] | None = None
    wants: tuple[Want, ...] = ()
    findings: tuple[Finding, ...] = ()
    by: tuple[Breakdown, ...] = ()
    error_words: str = "error"

    def gap(self, name: str) -> Gap:
        """The gap with this name."""
        return next(gap for gap in self.gaps if gap.name == name)

    def rung(self, name: str) -> Rung | None:
        """The rung with this name, or None where it was not measured."""
        return next((rung for rung in self.rungs if rung.name == name), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ladder:
    """The settings under which a ladder is judged.

    Args:
        margin: Smallest gap that matters, a fraction; by default a tenth of the last error.
        level: Level of the intervals, in (0, 1).
        gamma: Probability needed to rank gaps, in (0.5, 1).
        alpha_focus: Family-wise one-sided error of the focus, in (0, 1).
        same_distribution: Whether train and dev are asserted to share a distribution.
        train_as: ``"sample"`` or ``"fixed"``.
        reference_kind: Kind of reference to ask for where none is given, or None.
        metric: Name of the metric.
        error_words: What the rungs hold, in words; empty takes the name of the metric.
        is_rate: Whether the errors are fractions.
        weighted: Whether weights were used.
        n_draws: Number of draws for the ranking.
    """

    margin: float | None = None
    level: float = LEVEL
    gamma: float = GAMMA
    alpha_focus: float = ALPHA_FOCUS
    same_distribution: bool = False
    train_as: str = "sample"
    reference_kind: str | None = None
    metric: str = "error"
    error_words: str = ""
    is_rate: bool = True
    weighted: bool = False
    n_draws: int = DRAWS


_GAP_WORDS: Final = {
    "avoidable_bias": "avoidable bias",
    "variance": "variance",
    "data_mismatch": "data mismatch",
    "dev_overfit": "dev overfit",
    "real_world": "real-world gap",
}

_RUNG_WORDS: Final = {
    "human": "human level",
    "train": "train",
    "train_dev": "train-dev",
    "dev": "dev",
    "test": "test",
    "field": "field",
}


def gap_words(gap: Gap, last: str = "or") -> str:
    """The name of a gap in a sentence; a merged one in full, its parts joined by ``last``.

    Examples:
        >>> from headway.findings import Verdict
        >>> gap = Gap(
        ...     name="variance_or_mismatch", merges=("variance", "data_mismatch"),
        ...     lower_rung="train", upper_rung="dev", estimate=0.09, lower=0.08, upper=0.1,
        ...     level=0.95, lower_simultaneous=0.08, verdict=Verdict.UNDETERMINED, p_largest=1.0,
        ... )
        >>> gap_words(gap)
        'variance or data mismatch'
    """
    return merged_words(gap.merges, last)


def merged_words(merges: Sequence[str], last: str = "or") -> str:
    """The names of the gaps that a gap holds, in a sentence.

    Examples:
        >>> merged_words(["avoidable_bias"]), merged_words(["variance", "data_mismatch"], "and")
        ('avoidable bias', 'variance and data mismatch')
    """
    return listed([_GAP_WORDS[name] for name in merges], last)


def rung_words(name: str) -> str:
    """The name of a rung in a sentence.

    Examples:
        >>> rung_words("train_dev")
        'train-dev'
    """
    return _RUNG_WORDS[name]
