"""The sections of a document: what the results hold, as blocks of rows, marks and words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from headway.findings import Verdict
from headway.report.document import (
    Amount,
    Entries,
    Entry,
    GapBars,
    GapRow,
    Ladder,
    Remark,
    Remarks,
    RungRow,
    Section,
)
from headway.report.numbers import margin_words, shown, typeset
from headway.report.verdicts import error_of, human_sentence, points_of, target_rung
from headway.report.vocabulary import (
    IDEA_STATES,
    addressed,
    aim_hues,
    between,
    gap_title,
    glosses,
    hues,
    rung_title,
)
from headway.strategy.ladder import RUNGS, rung_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from headway.findings import Finding, Want
    from headway.strategy.ideas import Ideas
    from headway.strategy.ladder import Gap, Gaps
    from headway.strategy.next_steps import NextSteps, Step

__all__ = [
    "closing",
    "gap_bars",
    "idea_entries",
    "ladder",
    "open_questions",
    "remarks",
    "steps",
    "wanted",
]

GAP_CODES: Final = frozenset({"HW201", "HW202", "HW203", "HW204", "HW205", "HW206"})
"""Findings that say of one gap whether it is a problem."""

GAPS_HELP: Final = (
    "Difference of neighbouring rungs. The shaded zone is your margin, {margin} either way.",
    (
        "A gap is shown when its interval excludes zero and it exceeds the margin. It comes first "
        "unless another is larger by more than the margin with probability {gamma:.2f}."
    ),
)
"""How to read the bars of the gaps."""

AT_MOST: Final = "At most: {what} if the cause went away completely."


def ladder(gaps: Gaps) -> Ladder:
    """The ladder as rows: rungs, the gaps between them, and rungs that were not measured.

    Args:
        gaps: The judged ladder.

    Returns:
        The block.
    """
    rows: list[RungRow | GapRow] = []
    for i, rung in enumerate(gaps.rungs):
        rows += [gap_row(gaps, gap) for gap in gaps.gaps if gap.upper_rung == rung.name]
        rows.append(
            RungRow(
                name=rung.name,
                title=rung_title(rung.name, gaps.reference),
                n=rung.error.n,
                error=error_of(gaps, rung),
            )
        )
        above = gaps.rungs[i + 1].name if i + 1 < len(gaps.rungs) else None
        if any(gap.upper_rung == above and len(gap.merges) > 1 for gap in gaps.gaps):
            rows += [_not_measured(name) for name in gaps.missing if _lies(name, rung.name, above)]
    units = "in percent and points" if gaps.is_rate else "in the unit of the loss"
    caption = f"Error at each rung and the gap between rungs, {units}"
    reference = "human" if gaps.reference is not None else None
    return Ladder(caption=caption, rows=tuple(rows), level=gaps.level, reference=reference)


def _lies(name: str, below: str, above: str | None) -> bool:
    """Whether a rung lies between two others."""
    return above is not None and RUNGS.index(below) < RUNGS.index(name) < RUNGS.index(above)


def _not_measured(name: str) -> RungRow:
    """The row of a rung that was not measured."""
    return RungRow(
        name=name, title=rung_words(name), n=None, error=Amount(value=None), missing=True
    )


def gap_row(gaps: Gaps, gap: Gap) -> GapRow:
    """One gap as a row.

    Args:
        gaps: The judged ladder.
        gap: One of its gaps.

    Returns:
        The row.
    """
    below, above = gaps.rung(gap.lower_rung), gaps.rung(gap.upper_rung)
    return GapRow(
        name=gap.name,
        title=gap_title(gap.name, gap.merges),
        between=between(gap),
        hues=hues(gap.merges),
        verdict=str(gap.verdict),
        points=points_of(gaps, gap),
        start=below.error.estimate if below else None,
        end=above.error.estimate if above else None,
        p_largest=gap.p_largest,
    )


def gap_bars(gaps: Gaps) -> Section:
    """Each gap against the margin, with its finding.

    Args:
        gaps: The judged ladder.

    Returns:
        The section, for the engineer.
    """
    bars = GapBars(
        caption="Gaps with the probability of being the largest",
        rows=tuple(gap_row(gaps, gap) for gap in gaps.gaps),
        level=gaps.level,
        margin=gaps.margin,
    )
    margin = margin_words(gaps.margin, is_rate=gaps.is_rate)
    return Section(
        title="Gaps",
        aside=tuple(line.format(margin=margin, gamma=gaps.gamma) for line in GAPS_HELP),
        blocks=(*((bars,) if bars.rows else ()), *remarks(gaps.findings)),
        place="engineer",
        only="full",
    )


def remarks(findings: Iterable[Finding]) -> tuple[Remarks, ...]:
    """Findings in their own words, with their codes.

    Args:
        findings: What was found.

    Returns:
        One block, or none where nothing was found.
    """
    items = tuple(Remark(head=found.code, text=typeset(found.sentence)) for found in findings)
    return (Remarks(items=items, kind="findings"),) if items else ()


def wanted(wants: Iterable[Want]) -> tuple[Remarks, ...]:
    """What would settle what is open, in its own words.

    Args:
        wants: What is wanted, in order of value.

    Returns:
        One block, or none where nothing is.
    """
    items = tuple(Remark(text=typeset(want.sentence)) for want in wants)
    return (Remarks(items=items, kind="open"),) if items else ()


def closing(
    findings: Iterable[Finding], wants: Iterable[Want], *, title: str
) -> tuple[Section, Section]:
    """The two sections that close most pages: what would settle what is open, and the findings.

    Args:
        findings: What was found, but for what stands above.
        wants: What would settle what is open, in order of value.
        title: What the first is called.

    Returns:
        Both; empty ones are left out with ``kept``.
    """
    return (
        Section(title=title, blocks=wanted(wants)),
        Section(title="", blocks=remarks(findings)),
    )


def open_questions(gaps: Gaps) -> Section | None:
    """What cannot be told and what would settle it, in order of value.

    Args:
        gaps: The judged ladder.

    Returns:
        The section, or None where everything is settled.
    """
    unsettled = [
        finding.sentence
        for finding in gaps.findings
        if finding.verdict is Verdict.UNDETERMINED and not finding.wants
    ]
    items = _sentences(gaps.wants, unsettled)
    if not items:
        return None
    return Section(title="Cannot tell", blocks=(Remarks(items=items, kind="open"),))


def _sentences(wants: Sequence[Want], unsettled: Sequence[str]) -> tuple[Remark, ...]:
    """Purchases first, then what nothing on sale would settle; each once."""
    texts = [typeset(text) for text in (*(want.sentence for want in wants), *unsettled)]
    return tuple(Remark(text=text) for text in dict.fromkeys(texts))


def notes(gaps: Gaps, findings: Iterable[Finding]) -> tuple[Remarks, ...]:
    """What else must be said beside the ladder, and the level that would change the advice."""
    said = [
        finding.sentence
        for finding in findings
        if finding.code not in GAP_CODES
        and finding.code != "HW208"
        and finding.verdict is not Verdict.UNDETERMINED
    ]
    texts = [*(typeset(text) for text in said), human_sentence(gaps)]
    items = tuple(Remark(text=text) for text in texts if text)
    return (Remarks(items=items),) if items else ()


def terms(gaps: Gaps, text: str | None = None) -> Remarks | None:
    """One line for each of our own terms.

    Args:
        gaps: The judged ladder.
        text: The words in which they are used; by default the whole ladder.

    Returns:
        The block, or None where no term is ours.
    """
    sets = next((between(gap) for gap in gaps.gaps if between(gap)), "")
    used = {
        "variance": bool(sets),
        "train-dev": gaps.rung("train_dev") is not None
        or any(isinstance(row, RungRow) and row.name == "train_dev" for row in ladder(gaps).rows),
        "field": gaps.rung("field") is not None,
    }
    words = [term for term, there in used.items() if there and (text is None or term in text)]
    items = tuple(
        Remark(head=f"{term} ({sets})" if term == "variance" else term, text=line)
        for term, line in glosses(words)
    )
    return Remarks(items=items, kind="terms") if items else None


def steps(next_steps: NextSteps, *, first: int = 0, stop: int | None = None) -> Entries:
    """The steps in order.

    Args:
        next_steps: The steps with their ladder.
        first: How many to leave out at the start.
        stop: Where to stop, as in a slice; by default at the end.

    Returns:
        The block.
    """
    gaps = next_steps.gaps
    chosen = next_steps.steps[first:stop]
    return Entries(
        title="next steps",
        items=tuple(_step(gaps, step) for step in chosen),
        level=gaps.level,
        note=_at_most(gaps) if first == 0 and any(step.ceiling for step in chosen) else "",
    )


def _at_most(gaps: Gaps) -> str:
    """What "at most" means under a list."""
    target = rung_words(target_rung(gaps).name)
    what = f"{target} {gaps.error_words}"
    what = f"points of {what}" if gaps.is_rate else what
    return AT_MOST.format(what=what)


def _step(gaps: Gaps, step: Step) -> Entry:
    """One step as an entry; a measurement is named after the gap it is about."""
    measures = step.addresses == "undetermined"
    aim = step.ceiling.name if measures and step.ceiling else step.addresses
    return Entry(
        mark=str(step.rank),
        title=step.title,
        addresses=addressed(aim),
        hues=aim_hues(aim),
        open=measures,
        ceiling=points_of(gaps, step.ceiling) if step.ceiling else None,
        cost=days(step.cost_days),
        why=typeset(step.why),
        command=step.command,
    )


def later(next_steps: NextSteps) -> str:
    """Gaps that are real but come later, in one sentence; empty where there are none."""
    gaps = next_steps.gaps
    named = [gaps.gap(name) for name in next_steps.later]
    parts = [f"{gap_title(gap.name, gap.merges)} ({shown(points_of(gaps, gap))})" for gap in named]
    return f"Leave for later: {', '.join(parts)}." if parts else ""


def idea_entries(ideas: Ideas) -> Entries:
    """The team's ideas in their order of worth.

    Args:
        ideas: The judged list.

    Returns:
        The block.
    """
    gaps = ideas.gaps
    items = tuple(
        Entry(
            mark=IDEA_STATES[idea.verdict],
            title=idea.name,
            addresses=addressed(idea.addresses),
            hues=aim_hues(idea.addresses),
            open=idea.verdict == "undetermined",
            ceiling=points_of(gaps, idea.ceiling) if gaps and idea.ceiling else None,
            cost=days(idea.cost_days),
            why=typeset(idea.why),
        )
        for idea in ideas.ideas
    )
    return Entries(
        title="ideas",
        items=items,
        level=gaps.level if gaps else 0.95,
        note=_at_most(gaps) if gaps and any(item.ceiling for item in items) else "",
    )


def days(cost: float | None) -> str:
    """A cost in person-days, in words; empty where it is not known.

    Examples:
        >>> days(6.0), days(1), days(0.5), days(None)
        ('6 person-days', '1 person-day', '0.5 person-days', '')
    """
    if cost is None:
        return ""
    return f"{cost:g} person-day" if cost == 1 else f"{cost:g} person-days"
