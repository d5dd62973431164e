"""What is said of a split that was made: does it aim at the target, and what did it cost?"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from headway.findings import Finding, Verdict, Want
from headway.stats.power import half_width, size_for_half_width
from headway.strategy.ladder import rung_words
from headway.wording import about, amount, listed, thousands

if TYPE_CHECKING:
    from collections.abc import Mapping

    from headway.strategy.splits import Option, Part, Plan

__all__ = ["Splits", "findings", "judge"]

LARGE_GROUP: Final = 0.20
"""Share of a set above which one group makes its size and its error erratic."""

REASONS: Final = {
    "group": "rows of groups that are in another split",
    "embargo": "rows within the embargo",
    "later": "rows of other sources later than train",
    "no_time": "rows without a time",
}
"""Why a row is in no split."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Splits:
    """The splits that were made, and the plan they follow.

    Args:
        plan: The plan.
        parts: Each split as it became, train first.
        left_out: Rows that are in no split, by reason: ``group``, ``embargo``, ``later`` or
            ``no_time``.
        method: ``"hash order"`` (exactly so many), ``"hash share"`` (a share of the keys) or
            ``"time"``.
        key: Columns that decide the split of a row, the first that is filled; empty for all of
            its content.
        salt: The text that decides it too: the same salt gives the same split.
        stratify: The column whose values each give their share to every split, or empty.
        times: The column of times and the first moments of dev and test, where they decide.
        largest: Per split, its largest group and the rows of it.
        files: Per split, its file; empty where nothing was written.
        rows: The rows with a column ``split``, in the engine they came in.
        findings: What was found.
    """

    plan: Plan
    parts: tuple[Part, ...]
    left_out: Mapping[str, int]
    method: str
    key: tuple[str, ...]
    salt: str
    stratify: str = ""
    times: Mapping[str, str] = field(default_factory=dict)
    largest: Mapping[str, tuple[str, int]] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)
    rows: object = field(default=None, compare=False, repr=False)
    findings: tuple[Finding, ...] = ()

    @property
    def total(self) -> int:
        """Rows of all splits, and those left out."""
        return sum(part.n for part in self.parts) + sum(self.left_out.values())

    def part(self, name: str) -> Part:
        """One split, empty where no row came into it."""
        return next(part for part in self.parts if part.name == name)
