"""Which of our own ideas are worth our time?

No idea is ranked before a diagnosis exists: each is tied to the knob it turns, the knob to the gap
it moves, and the gap to the ladder.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from headway.findings import Verdict
from headway.strategy.knobs import KNOBS, Knob, named, recognised
from headway.strategy.ladder import gap_words
from headway.wording import listed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from headway.findings import Want
    from headway.strategy.ladder import Gap, Gaps

__all__ = ["Idea", "Ideas", "JudgedIdea", "ceiling_of", "judge"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Idea:
    """What the team thinks of doing.

    Args:
        name: In the team's words: ``"try Adam"``.
        knob: Id of the knob it turns, or None where it must be recognised from the name.
        cost_days: Person-days, or None.
    """

    name: str
    knob: str | None = None
    cost_days: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedIdea:
    """An idea against the ladder.

    Args:
        name: In the team's words.
        knob: Id of the knob it turns, or None where none was recognised.
        addresses: Name of the gap it moves on this ladder, or None.
        ceiling: The gap it can buy at most, or None where it is not known.
        cost_days: Person-days, or None.
        verdict: ``worth_it``, ``not_now`` or ``undetermined``.
        why: One sentence.
        wants: What would settle it, where it is undetermined.
    """

    name: str
    knob: str | None
    addresses: str | None
    ceiling: Gap | None
    cost_days: float | None
    verdict: str
    why: str
    wants: tuple[Want, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Ideas:
    """The team's list, judged.

    Args:
        ideas: Worth it first, then undetermined, then not now; larger ceilings first in each.
        gaps: The ladder they were judged against, or None where there was none.
    """

    ideas: tuple[JudgedIdea, ...]
    gaps: Gaps | None


def judge(ideas: Sequence[Idea], gaps: Gaps | None, knobs: Sequence[Knob] = KNOBS) -> Ideas:
    """The team's ideas against the ladder.

    Args:
        ideas: The list, in any order.
        gaps: The judged ladder, or None: then every idea is undetermined.
        knobs: The knobs to choose from.

    Returns:
        The ideas with verdict, ceiling and reason.

    Raises:
        TargetError: If an idea names a knob that does not exist.

    Examples:
        >>> judge([Idea(name="try Adam")], None).ideas[0].verdict
        'undetermined'

    References:
        Notes: week 1, "Why ML strategy".
    """
    judged = [_judged(idea, gaps, knobs) for idea in ideas]
    order = {"worth_it": 0, "undetermined": 1, "not_now": 2}
    judged.sort(key=lambda idea: (order[idea.verdict], -_height(idea.ceiling)))
    return Ideas(ideas=tuple(judged), gaps=gaps)


def ceiling_of(gaps: Gaps, gap: str) -> Gap | None:
    """The gap on this ladder that a knob for ``gap`` can buy at most, merged or not.

    Returns:
        The gap, or None where the ladder holds no rung on both sides of it.
    """
    found = [g for g in gaps.gaps if gap in g.merges and g.estimate is not None]
    return found[0] if found else None


def _height(ceiling: Gap | None) -> float:
    """The size by which ideas of one verdict are ordered."""
    return (ceiling.estimate or 0.0) if ceiling else 0.0


def _judged(idea: Idea, gaps: Gaps | None, knobs: Sequence[Knob]) -> JudgedIdea:
    """One idea against the ladder."""
    knob = named(idea.knob, knobs) if idea.knob else recognised(idea.name, knobs)
    if knob is None:
        return _open(idea, None, "No knob is recognised in these words: name one with --knob.")
    if gaps is None:
        return _open(idea, knob, "No ladder yet: an idea cannot be ranked before a diagnosis.")
    candidates = [(gap, ceiling_of(gaps, gap)) for gap in knob.moves]
    known = [(name, gap) for name, gap in candidates if gap is not None]
    if not known:
        return _open(idea, knob, f"The gap it moves is not measured: {_moves(knob)}.", gaps.wants)
    name, ceiling = max(known, key=lambda pair: (pair[1].name in gaps.focus, _height(pair[1])))
    verdict, why, wants = _verdict(gaps, name, ceiling)
    return JudgedIdea(
        name=idea.name,
        knob=knob.name,
        addresses=ceiling.name,
        ceiling=ceiling,
        cost_days=idea.cost_days,
        verdict=verdict,
        why=why,
        wants=wants,
    )


def _open(idea: Idea, knob: Knob | None, why: str, wants: tuple[Want, ...] = ()) -> JudgedIdea:
    """An idea that cannot be judged."""
    return JudgedIdea(
        name=idea.name,
        knob=knob.name if knob else None,
        addresses=None,
        ceiling=None,
        cost_days=idea.cost_days,
        verdict="undetermined",
        why=why,
        wants=wants,
    )


def _moves(knob: Knob) -> str:
    """The gaps of a knob in words."""
    return listed([name.replace("_", " ") for name in knob.moves])


def _verdict(gaps: Gaps, name: str, ceiling: Gap) -> tuple[str, str, tuple[Want, ...]]:
    """Whether a knob for one gap is worth it now, with the reason.

    A knob for variance is judged against the whole of a merged gap, the most it could buy; a knob
    for data mismatch is undetermined until a train-dev set shows that there is a mismatch at all.
    """
    words = gap_words(ceiling)
    if ceiling.name in gaps.focus and len(ceiling.merges) == 1:
        return "worth_it", f"It moves {words}, which comes first.", ()
    merged = len(ceiling.merges) > 1 and ceiling.verdict is Verdict.UNDETERMINED
    if merged and (name == "data_mismatch" or not gaps.focus or ceiling.name in gaps.focus):
        parts = gap_words(ceiling, last="and")
        why = f"{parts[0].upper()}{parts[1:]} cannot be told apart; the ceiling holds for both."
        return "undetermined", why, gaps.wants
    if gaps.focus:
        first = listed([gap_words(gaps.gap(name)) for name in gaps.focus])
        if ceiling.name in gaps.in_doubt:
            why = f"Whether {words} comes before {first} is not known."
            return "undetermined", why, gaps.wants
        return "not_now", f"It moves {words}; {first} comes first.", ()
    if ceiling.verdict is Verdict.NO:
        return "not_now", f"It moves {words}, which is below the margin.", ()
    why = ceiling.why or "whether it comes first is not known"
    return "undetermined", f"It moves {words}: {why}.", gaps.wants
