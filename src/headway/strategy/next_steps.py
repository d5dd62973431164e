"""What should we do next, and what can it buy at most?"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import zip_longest
from typing import TYPE_CHECKING, Final

from headway.findings import Finding, Verdict
from headway.strategy.ideas import Ideas, ceiling_of
from headway.strategy.knobs import KNOBS, Knob, for_gap
from headway.strategy.ladder import gap_words, rung_words
from headway.wording import amount, interval, listed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from headway.findings import Want
    from headway.strategy.ideas import JudgedIdea
    from headway.strategy.ladder import Gap, Gaps

__all__ = ["NextSteps", "Step", "judge"]

MOST_STEPS: Final = 5

MEASURES: Final = {
    "train_dev": "Make a train-dev set",
    "predictions": "Add the predictions on {split}",
    "human_level": "Measure the human level better",
    "reference": "Name a reference level",
    "slices": "Compare with people slice by slice",
    "examples": "Label more {split} examples",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One thing to do.

    Args:
        rank: 1 is first.
        title: What to do, a verb first.
        knob: Id of the knob it turns, or None for a measurement.
        addresses: Name of a gap, ``"target"``, or ``"undetermined"`` for a measurement.
        ceiling: The gap it can buy at most, or None where that is not known.
        cost_days: Person-days, or None.
        why: One or two sentences.
        command: The command that starts it, or empty.
        wants: What to buy, for a measurement.
    """

    rank: int
    title: str
    knob: str | None
    addresses: str
    ceiling: Gap | None
    cost_days: float | None
    why: str
    command: str = ""
    wants: tuple[Want, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NextSteps:
    """The steps in order, with the ladder they stand on.

    Args:
        steps: Best first.
        gaps: The ladder.
        later: Names of the gaps that are real but come later, largest first.
        findings: What else must be said.
    """

    steps: tuple[Step, ...]
    gaps: Gaps
    later: tuple[str, ...]
    findings: tuple[Finding, ...]


def judge(
    gaps: Gaps,
    ideas: Ideas | None = None,
    knobs: Sequence[Knob] = KNOBS,
    target: Sequence[Step] = (),
) -> NextSteps:
    """What to do next, as far as the ladder and the target are known.

    What is wrong with the target comes before everything else: a gap is worth closing only where
    the metric and the sets are the right ones. While nothing leads, measuring comes first. Where a
    gap leads, the team's own ideas for it come before the knobs known by rule, the larger ceiling
    per person-day first where costs are known.

    Args:
        gaps: The judged ladder.
        ideas: The team's ideas, judged against it, or None.
        knobs: The knobs to choose from.
        target: Steps that set the target right, the most urgent first.

    Returns:
        At most five steps, or one more than those of the target.

    References:
        Methods note, sections 11.1 and 11.2.
        Notes: week 1, "Orthogonalization"; week 2, "Build quickly, then iterate".
    """
    ours = [_from_idea(idea) for idea in (ideas.ideas if ideas else ()) if _worth(idea)]
    turned = {step.knob for step in ours}
    by_gap = [
        [
            _from_knob(gaps, gap, knob)
            for knob in for_gap(gap, knobs)
            if knob.name not in turned and knob.orthogonal
        ]
        for gap in gaps.focus
        if len(gaps.gap(gap).merges) == 1
    ]
    rule = [step for turn in zip_longest(*by_gap) for step in turn if step is not None]
    can_be_had = [want for want in gaps.wants if want.what != "examples" or want.n is not None]
    measures = [_from_want(gaps, want) for want in can_be_had]
    steps = [*_by_gain(ours), *rule] if gaps.focus else []
    room = max(1, MOST_STEPS - len(target))
    first = steps[: max(1, room - 1)] if measures else steps[:room]
    chosen = [*target, *[*first, *measures][:room]]
    caveat = _caveat(gaps)
    ranked = tuple(
        replace(step, rank=rank, why=f"{step.why}{_broken(gaps, step)}")
        for rank, step in enumerate(chosen, start=1)
    )
    return NextSteps(
        steps=ranked, gaps=gaps, later=_later(gaps), findings=(*gaps.findings, *caveat)
    )


def _worth(idea: JudgedIdea) -> bool:
    """Whether an idea is worth its time now."""
    return idea.verdict == "worth_it"


def _by_gain(steps: list[Step]) -> list[Step]:
    """Steps by ceiling per person-day where every cost is known, else by ceiling."""
    costs = [step.cost_days for step in steps]

    def gain(step: Step) -> float:
        height = (step.ceiling.estimate or 0.0) if step.ceiling else 0.0
        return height / step.cost_days if all(costs) and step.cost_days else height

    return sorted(steps, key=gain, reverse=True)


def _from_idea(idea: JudgedIdea) -> Step:
    """A step from an idea of the team."""
    assert idea.knob is not None
    assert idea.addresses is not None
    return Step(
        rank=0,
        title=f"{idea.name[0].upper()}{idea.name[1:]}",
        knob=idea.knob,
        addresses=idea.addresses,
        ceiling=idea.ceiling,
        cost_days=idea.cost_days,
        why=idea.why,
        command="headway ideas",
    )


def _from_knob(gaps: Gaps, gap: str, knob: Knob) -> Step:
    """A step from a knob known by rule."""
    ceiling = ceiling_of(gaps, gap)
    assert ceiling is not None
    costs = knob.usually_costs
    side = f" It usually costs {costs.replace('_', ' ')}: look at that gap again." if costs else ""
    where = f"{rung_words(ceiling.lower_rung)} to {rung_words(ceiling.upper_rung)}"
    return Step(
        rank=0,
        title=knob.title,
        knob=knob.name,
        addresses=gap,
        ceiling=ceiling,
        cost_days=None,
        why=f"Moves {gap_words(ceiling)}, the error from {where}.{side}",
        command="headway knobs",
    )


def _from_want(gaps: Gaps, want: Want) -> Step:
    """A step that measures instead of moving."""
    title = MEASURES[want.what].format(split=rung_words(want.split) if want.split else "")
    return Step(
        rank=0,
        title=title,
        knob=None,
        addresses="undetermined",
        ceiling=_at_stake(gaps, want),
        cost_days=None,
        why=want.sentence,
        command="headway size",
        wants=(want,),
    )


def _at_stake(gaps: Gaps, want: Want) -> Gap | None:
    """The gap that a measurement is about."""
    for gap in gaps.gaps:
        words = {f"{gap_words(gap, last=last)} " for last in ("or", "and")}
        named_in = gap.verdict is Verdict.UNDETERMINED and any(w in want.sentence for w in words)
        if named_in and gap.estimate is not None:
            return gap
    return None


def _later(gaps: Gaps) -> tuple[str, ...]:
    """Gaps that are real but do not come first, largest first."""
    real = [g for g in gaps.gaps if g.verdict is Verdict.YES and g.name not in gaps.focus]
    return tuple(g.name for g in sorted(real, key=lambda g: -(g.estimate or 0.0)))


def _lowest_broken(gaps: Gaps) -> Gap | None:
    """The lowest gap on the ladder that is a problem."""
    real = {*gaps.focus, *(gap.name for gap in gaps.gaps if gap.verdict is Verdict.YES)}
    return next((gap for gap in gaps.gaps if gap.name in real), None)


def _broken(gaps: Gaps, step: Step) -> str:
    """What must be added to a step that stands above a broken rung."""
    lowest = _lowest_broken(gaps)
    if lowest is None or step.ceiling is None or step.knob is None:
        return ""
    above = gaps.gaps.index(step.ceiling) > gaps.gaps.index(lowest)
    words = rung_words(lowest.upper_rung)
    return f" While {words} is not fitted, less of this arrives on dev." if above else ""


def _caveat(gaps: Gaps) -> tuple[Finding, ...]:
    """While a lower rung is broken, the size of a higher gap is no promise on dev."""
    lowest, later = _lowest_broken(gaps), _later(gaps)
    higher = [
        gap
        for gap in gaps.gaps
        if lowest is not None
        and gaps.gaps.index(gap) > gaps.gaps.index(lowest)
        and gap.name in {*later, *gaps.focus}
    ]
    if lowest is None or not higher:
        return ()
    sizes = listed(
        [
            f"{gap_words(gap)} ({amount(gap.estimate or 0.0, is_rate=gaps.is_rate, points=True)} "
            f"{interval(gap.lower, gap.upper, is_rate=gaps.is_rate)})"
            for gap in higher
        ]
    )
    return (
        Finding(
            code="HW214",
            verdict=Verdict.YES,
            sentence=f"While {gap_words(lowest)} is open, the size of {sizes} is not what its knob "
            "buys on dev: both can shrink or grow together. Look again after the first step.",
        ),
    )
