"""How Headway says what it found, and when it cannot tell."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

__all__ = ["Finding", "Verdict", "Want"]


class Verdict(StrEnum):
    """The four answers to a yes-or-no question."""

    YES = "yes"
    NO = "no"
    UNDETERMINED = "undetermined"
    NOT_APPLICABLE = "not_applicable"


@dataclass(frozen=True, slots=True, kw_only=True)
class Want:
    """What would settle an open question: a purchase, concrete enough to act on.

    Args:
        what: A short name of the purchase, such as ``"examples"`` or ``"human_level"``.
        split: The split it belongs to, or None.
        n: How many examples, about; None where the number is not known or does not apply.
        sentence: The whole purchase in words, one sentence.
    """

    what: str
    split: str | None = None
    n: int | None = None
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing found, with its verdict, its sentence and what would settle it.

    Args:
        code: A stable code, an anchor in ``docs/findings.md``, such as ``"HW201"``.
        verdict: Whether it is so.
        sentence: The finding in words, numbers and intervals included.
        wants: What would settle it; empty unless it is undetermined.
    """

    code: str
    verdict: Verdict
    sentence: str
    wants: tuple[Want, ...] = ()
