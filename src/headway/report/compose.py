"""A result becomes a document: one function per type of result, chosen by single dispatch.

A result does not know how to show itself, and nothing here knows how a document is drawn.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from headway.errors import HeadwayError
from headway.report import (  # noqa: F401 - they register themselves
    changes,
    gate,
    ledger,
    operating_point,
    preferences,
    selection,
    split_check,
    splits,
    wear,
)
from headway.report.appendix import data_and_settings, size_facts
from headway.report.dispatch import document, intake_section, kept
from headway.report.document import Command, Document, Remark, Remarks, Section, Settings
from headway.report.grids import across, breakdowns, knob_table, source_grid, source_verdict
from headway.report.numbers import typeset
from headway.report.sections import (
    gap_bars,
    idea_entries,
    ladder,
    later,
    notes,
    open_questions,
    remarks,
    steps,
    terms,
    wanted,
)
from headway.report.values import value
from headway.report.verdicts import ground, ideas_verdict, lead, verdict
from headway.strategy.ideas import Ideas
from headway.strategy.knobs import KnobMap
from headway.strategy.ladder import Gaps
from headway.strategy.next_steps import NextSteps
from headway.strategy.size import Size
from headway.strategy.table import SourceTable

if TYPE_CHECKING:
    from headway.counts import Intake
    from headway.report.document import Block

__all__ = ["document", "report"]

FIRST_STEPS: Final = 3
"""Steps on the first page of a report."""

TABLE_HELP: Final = (
    "People, examples trained on and others, for each source. Differences stand between the rows."
)


def _then(settings: Settings) -> str:
    """The command that goes on from a ladder: the same input, unless the line writes a file."""
    line = settings.command
    if not line.startswith("headway gaps ") or " --out" in line or " --json" in line:
        return "headway next"
    return line.replace("headway gaps", "headway next", 1)


def _terms(gaps: Gaps, text: str | None = None) -> tuple[Section, Section]:
    """One line for each of our own terms: below the ladder on a terminal, last on a page."""
    on_terminal, on_page = terms(gaps, text), terms(gaps)
    return (
        Section(title="", blocks=(on_terminal,) if on_terminal else (), only="text"),
        Section(title="Words", blocks=(on_page,) if on_page else (), place="engineer", only="page"),
    )


@document.register(Gaps)
def _(result: Gaps, *, intake: Intake | None = None, settings: Settings | None = None) -> Document:
    """The ladder of errors."""
    settings = settings or Settings()
    words, glossary = _terms(result)
    closing: tuple[Block, ...] = (*notes(result, result.findings), Command(text=_then(settings)))
    sections = (
        Section(title="Where the error is lost", blocks=(ladder(result),)),
        words,
        open_questions(result),
        Section(title="", blocks=closing),
        intake_section(intake),
        gap_bars(result),
        *breakdowns(result),
        data_and_settings(result, intake, settings),
        glossary,
    )
    return Document(
        command="gaps",
        verdict=verdict(result, result.wants),
        ground=ground(result),
        lead=lead(result),
        sections=kept(sections),
        value=value(result),
        findings=result.findings,
        intake=intake,
        settings=settings,
    )


@document.register(NextSteps)
def _(
    result: NextSteps, *, intake: Intake | None = None, settings: Settings | None = None
) -> Document:
    """What to do next."""
    return _next(result, (), intake, settings or Settings())


def _next(
    result: NextSteps,
    more: tuple[Section | None, ...],
    intake: Intake | None,
    settings: Settings,
) -> Document:
    """The steps on their ladder, with more sections for the engineer."""
    gaps = result.gaps
    said = " ".join(f"{step.title} {step.why}" for step in result.steps)
    words, glossary = _terms(gaps, said)
    left = later(result)
    texts = (Remarks(items=(Remark(text=left),)),) if left else ()
    told = (*texts, *notes(gaps, result.findings))
    shown = steps(result, stop=FIRST_STEPS)
    rest = steps(result, first=FIRST_STEPS)
    sections = (
        Section(title="Where the error is lost", blocks=(ladder(gaps),), only="full"),
        Section(title="Do this next", blocks=(steps(result),) if result.steps else (), only="text"),
        Section(
            title="Do this next",
            blocks=(*((shown,) if shown.items else ()), *told),
            only="page",
        ),
        words,
        Section(title="", blocks=told, only="text"),
        intake_section(intake),
        gap_bars(gaps),
        *breakdowns(gaps),
        Section(
            title="Further steps",
            blocks=(rest,) if rest.items else (),
            place="engineer",
            only="page",
        ),
        *more,
        _engineer(open_questions(gaps)),
        data_and_settings(gaps, intake, settings),
        glossary,
    )
    return Document(
        command="next",
        verdict=_first_thing(result) or verdict(gaps, gaps.wants),
        ground=_standing(gaps),
        lead=lead(gaps),
        sections=kept(sections),
        value=value(result),
        findings=result.findings,
        intake=intake,
        settings=settings,
    )


def _first_thing(result: NextSteps) -> str:
    """The verdict where the target comes first, else nothing."""
    wrong = [step for step in result.steps if step.addresses == "target"]
    if not wrong:
        return ""
    title = f"{wrong[0].title[0].lower()}{wrong[0].title[1:]}"
    return f"Set the target right first: {title}."


def _standing(gaps: Gaps) -> str:
    """The error and the reference level in one line, as the ground of the steps."""
    return "".join(phrase.text for phrase in lead(gaps))


def _engineer(section: Section | None) -> Section | None:
    """A section moved to the part for the engineer."""
    if section is None:
        return None
    return Section(
        title=section.title,
        blocks=section.blocks,
        aside=section.aside,
        place="engineer",
        only="full",
    )


def report(
    result: NextSteps,
    *,
    ideas: Ideas | None = None,
    table: SourceTable | None = None,
    intake: Intake | None = None,
    settings: Settings | None = None,
) -> Document:
    """The whole report: the ladder, the next steps, the team's ideas and the general table.

    Args:
        result: The next steps with their ladder.
        ideas: The team's ideas, judged, or None.
        table: The general table, or None.
        intake: What was read, or None.
        settings: Where the report comes from.

    Returns:
        The document; its first page is for the manager, the rest for the engineer.
    """
    more = (
        _ideas(ideas) if ideas is not None and ideas.ideas else None,
        *(map(_engineer, _table(table)) if table is not None else ()),
    )
    return _next(result, more, intake, settings or Settings())


def _ideas(ideas: Ideas) -> Section:
    """The team's ideas, for the engineer."""
    return Section(
        title="Ideas of the team",
        aside=("Each idea is tied to the knob it turns, the knob to the gap it moves.",),
        blocks=(idea_entries(ideas),),
        place="engineer",
        only="full",
    )


def _table(table: SourceTable) -> tuple[Section, ...]:
    """The general table, the differences between sources, and what is blank."""
    crossing = across(table)
    return kept(
        (
            Section(
                title="Sources of data",
                aside=(TABLE_HELP,),
                blocks=(source_grid(table), *((crossing,) if crossing else ())),
            ),
            Section(title="Not measured", blocks=wanted(table.wants)),
        )
    )


@document.register(SourceTable)
def _(
    result: SourceTable, *, intake: Intake | None = None, settings: Settings | None = None
) -> Document:
    """The general table."""
    settings = settings or Settings()
    sections = (
        *_table(result),
        Section(title="", blocks=remarks(result.findings)),
        intake_section(intake),
        data_and_settings(None, intake, settings),
    )
    return Document(
        command="table",
        verdict=source_verdict(result),
        sections=kept(sections),
        value=value(result),
        findings=result.findings,
        intake=intake,
        settings=settings,
    )


@document.register(Ideas)
def _(result: Ideas, *, intake: Intake | None = None, settings: Settings | None = None) -> Document:
    """The team's ideas."""
    settings = settings or Settings()
    gaps = result.gaps
    entries = (idea_entries(result),) if result.ideas else ()
    sections = (
        Section(title="Ideas of the team", blocks=entries),
        intake_section(intake),
        data_and_settings(gaps, intake, settings),
    )
    return Document(
        command="ideas",
        verdict=ideas_verdict(result),
        ground=verdict(gaps, gaps.wants) if gaps is not None else "",
        sections=kept(sections),
        value=value(result),
        findings=gaps.findings if gaps is not None else (),
        intake=intake,
        settings=settings,
    )


@document.register(KnobMap)
def _(
    result: KnobMap, *, intake: Intake | None = None, settings: Settings | None = None
) -> Document:
    """The map of knobs."""
    settings = settings or Settings()
    block = knob_table(result)
    sections = (
        Section(title="What each knob moves", blocks=(block,)),
        data_and_settings(None, intake, settings),
    )
    return Document(
        command="knobs",
        verdict="Turn one knob for one gap.",
        ground="By rule; a study of knob effects measures them on your data.",
        sections=kept(sections),
        value=value(result),
        intake=intake,
        settings=settings,
    )


@document.register(Size)
def _(result: Size, *, intake: Intake | None = None, settings: Settings | None = None) -> Document:
    """The number of examples that a question needs."""
    settings = settings or Settings()
    sections = (
        Section(title="Numbers", blocks=(size_facts(result),)),
        data_and_settings(None, intake, settings),
    )
    return Document(
        command="size",
        verdict=typeset(result.sentence),
        sections=kept(sections),
        value=value(result),
        intake=intake,
        settings=settings,
    )


@document.register(HeadwayError)
def _(
    result: HeadwayError, *, intake: Intake | None = None, settings: Settings | None = None
) -> Document:
    """A refusal: what is wrong, what was expected, what to do now."""
    items = (
        Remark(head="Expected", text=result.expected),
        Remark(head="Hint", text=result.hint),
    )
    return Document(
        command="",
        verdict=result.problem,
        sections=(Section(title="", blocks=(Remarks(items=items, kind="refusal"),)),),
        value=value(result),
        intake=intake,
        settings=settings or Settings(),
        ok=False,
    )
