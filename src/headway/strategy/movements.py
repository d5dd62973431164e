"""A change between two versions of a model as values: rungs, gaps, and what it amounts to."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Self

from headway.stats.changes import Apart

if TYPE_CHECKING:
    from collections.abc import Mapping

    from headway.findings import Finding, Verdict, Want
    from headway.stats.changes import Change
    from headway.stats.forms import Estimate, Measured

__all__ = ["Changes", "GapChange", "Orthogonality", "Pair", "RungChange"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """The error of one split in two versions, and the change between them.

    Args:
        before: The error of the first version.
        after: The error of the second version.
        change: The change, paired where both met the same examples.
    """

    before: Measured
    after: Measured
    change: Change

    @classmethod
    def apart(cls, before: Measured, after: Measured) -> Self:
        """Two errors on examples that are not known to be the same."""
        return cls(before=before, after=after, change=Apart(before=before, after=after))

    @property
    def paired(self) -> bool:
        """Whether both versions met the same examples."""
        return not isinstance(self.change, Apart)


@dataclass(frozen=True, slots=True, kw_only=True)
class RungChange:
    """One rung before and after.

    Args:
        name: The split.
        before: Its error in the first version.
        after: Its error in the second version.
        change: After less before, so that a fall of the error is negative.
        paired: Whether both versions met the same examples.
        fixed: Share of the examples that were wrong and are right, or None where not counted.
        broken: Share of the examples that were right and are wrong, or None where not counted.
        detectable: Smallest difference that these examples show with probability 0.80, or None.
        p_better: Probability that the error fell, or None for numbers without n.
    """

    name: str
    before: Estimate
    after: Estimate
    change: Estimate
    paired: bool
    fixed: float | None
    broken: float | None
    detectable: float | None
    p_better: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class GapChange:
    """One gap before and after.

    Args:
        name: One of the gaps, or a merged name.
        merges: The gaps it holds.
        lower_rung: The rung it starts from.
        upper_rung: The rung it ends at.
        before: The gap in the first version, or None without a reference level.
        after: The gap in the second version, or None.
        change: After less before.
        moved: Whether it moved by more than half the margin.
        p_moved: Probability of that.
    """

    name: str
    merges: tuple[str, ...]
    lower_rung: str
    upper_rung: str
    before: float | None
    after: float | None
    change: Estimate
    moved: Verdict
    p_moved: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Orthogonality:
    """How much of all movement went into one gap; 1 is a clean turn of one knob.

    Args:
        gap: The gap: the target, or the one that moved most.
        share: Its part of the sum of all absolute changes, a fraction.
    """

    gap: str
    share: Estimate


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """A change between two versions of a model, judged.

    Args:
        rungs: The splits that both versions have, in ladder order.
        gaps: The gaps between them, in ladder order.
        signature: ``progress``, ``exchange``, ``two_gaps``, ``side_effect``, ``no_change`` or
            ``undetermined``.
        judged_on: The split that progress is judged on: dev, or the last one there is.
        state: What became of its error: ``better``, ``worse``, ``equal`` (within the margin) or
            ``undetermined``.
        material: Whether it changed by more than the margin.
        target: The gap that the change was meant to close, or None.
        orthogonality: The share of the movement that went into one gap, or None where none moved.
        margin: Smallest change that matters.
        level: Level of the intervals.
        gamma: Probability needed to say that a gap moved.
        metric: Name of the metric, such as ``"error"`` or ``"f1"``.
        error_words: What the rungs hold, in words: ``"error"``, ``"error (1 − F1)"``.
        is_rate: Whether the errors are fractions in [0, 1].
        weighted: Whether weights were used.
        left_out: Splits that only one version was measured on.
        unshared: Per split, examples that only the first and only the second version met.
        apart_because: Why some splits are not paired example by example, in words.
        wants: What would settle what is open.
        findings: What was found.
    """

    rungs: tuple[RungChange, ...]
    gaps: tuple[GapChange, ...]
    signature: str
    judged_on: str
    state: str
    material: Verdict
    target: str | None
    orthogonality: Orthogonality | None
    margin: float
    level: float
    gamma: float
    metric: str
    error_words: str
    is_rate: bool
    weighted: bool
    left_out: tuple[str, ...] = ()
    unshared: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    apart_because: str = ""
    wants: tuple[Want, ...] = ()
    findings: tuple[Finding, ...] = ()

    @property
    def moved(self) -> tuple[GapChange, ...]:
        """The gaps that moved, in ladder order."""
        return tuple(gap for gap in self.gaps if gap.moved == "yes")

    def rung(self, name: str) -> RungChange:
        """The rung with this name."""
        return next(rung for rung in self.rungs if rung.name == name)

    def gap(self, name: str) -> GapChange:
        """The gap with this name."""
        return next(gap for gap in self.gaps if gap.name == name)
