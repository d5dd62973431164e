"""The demo as a document: a first system, its ladder, the advised move, and what it brought."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from headway.report.document import Command, Document, Remark, Remarks, Section, Settings
from headway.report.numbers import typeset
from headway.report.sections import idea_entries, ladder, steps
from headway.report.values import value
from headway.report.verdicts import ground, verdict

if TYPE_CHECKING:
    from headway.counts import Intake
    from headway.stats.forms import Estimate
    from headway.strategy.ideas import Ideas
    from headway.strategy.ladder import Gap
    from headway.strategy.next_steps import NextSteps
    from headway.strategy.track_record import Entry

__all__ = ["Journey", "journey_document"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Journey:
    """The whole journey on one seed.

    Args:
        steps: What to do next, with the ladder of the first system.
        ideas: The team's ideas, judged against it.
        move: What was done for real, or empty where no move can be made here.
        entry: What was promised and what it brought, or None.
        predictions: Path of the first system's predictions.
        report: Path of the report.
    """

    steps: NextSteps
    ideas: Ideas
    move: str
    entry: Entry | None
    predictions: str
    report: str


def journey_document(
    journey: Journey, *, intake: Intake | None = None, settings: Settings | None = None
) -> Document:
    """The demo as a document.

    Args:
        journey: The journey.
        intake: What was read of the first system's predictions.
        settings: Where it comes from.

    Returns:
        The document.
    """
    gaps = journey.steps.gaps
    sections = (
        Section(title="Where the error is lost", blocks=(ladder(gaps),)),
        Section(title="Three ideas of the team", blocks=(idea_entries(journey.ideas),)),
        Section(title="Do this next", blocks=(steps(journey.steps, stop=3),)),
        Section(title="The advised move, made for real", blocks=(_outcome(journey),)),
        Section(
            title="",
            blocks=(
                Command(lead="The report", text=journey.report),
                Command(lead="Next", text=f"headway gaps {journey.predictions} --human 0.5%/1000"),
            ),
        ),
    )
    return Document(
        command="demo",
        verdict=verdict(gaps, gaps.wants),
        ground=ground(gaps),
        sections=sections,
        value=_value(journey),
        findings=journey.steps.findings,
        intake=intake,
        settings=settings or Settings(),
    )


def _outcome(journey: Journey) -> Remarks:
    """What was done, and what it brought."""
    if journey.entry is None:
        text = "The gap that leads has no move that can be made here: see the steps above."
        return Remarks(items=(Remark(text=text),))
    texts = (f"{journey.move}.", journey.entry.sentence, *(w.sentence for w in journey.entry.wants))
    return Remarks(items=tuple(Remark(text=typeset(text)) for text in texts))


def _value(journey: Journey) -> dict[str, object]:
    """The journey as plain values."""
    entry = journey.entry
    return {
        "gaps": value(journey.steps.gaps),
        **value(journey.ideas),
        **value(journey.steps),
        "move": journey.move or None,
        "promised": entry and _ends(entry.promised),
        "realised": entry and {**_ends(entry.realised), "n": entry.realised.n},
        "kept": entry and str(entry.kept),
        "predictions": journey.predictions,
        "report": journey.report,
    }


def _ends(found: Gap | Estimate) -> dict[str, object]:
    """An estimate with its interval."""
    return {
        "estimate": found.estimate,
        "lower": found.lower,
        "upper": found.upper,
        "level": found.level,
    }
