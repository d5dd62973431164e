"""From what was asked to what is answered: the way that every use-case goes.

Rows become counts, counts are judged, and the judgement gets the document that says it.
"""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

from headway.errors import CountError, SourceError, TargetError
from headway.frames.files import check_apart
from headway.frames.write import write
from headway.measuring import chosen, error_of_part, error_words, found, prepared
from headway.opening import frame_of, reduced, rng_of, today
from headway.report.answer import Answer
from headway.report.compose import document
from headway.report.document import Remark, Remarks, Section, Settings
from headway.report.render import rows_of, to_html, to_json, to_markdown
from headway.strategy import breakdown, reading, rungs
from headway.strategy import human as references
from headway.strategy import table as tables
from headway.strategy.gaps import judge_rungs
from headway.strategy.ladder import RUNGS
from headway.strategy.measures import row_kind
from headway.studies.collect import Collected

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from headway.counts import Intake
    from headway.findings import Finding
    from headway.report.document import Document
    from headway.stats.forms import Measured
    from headway.store.settings import Asked
    from headway.strategy.ladder import Gaps

__all__ = [
    "answer",
    "cells",
    "check_out",
    "ladder",
    "origin",
    "people_by_source",
    "save",
    "write_text",
]

T = TypeVar("T")

FORMS: Final[Mapping[str, Callable[[Document], str]]] = {
    ".html": to_html,
    ".md": to_markdown,
    ".json": to_json,
}
"""How a document is written, by the ending of a file."""

TABLES: Final = (".csv", ".parquet")
"""Endings of files that hold the rows of an answer."""


def save(page: Document, out: str | Path) -> int:
    """Write a document by the ending of a file name.

    Args:
        page: The document.
        out: Ends in ``.html``, ``.md``, ``.json``, ``.csv`` or ``.parquet``.

    Returns:
        Number of bytes written.

    Raises:
        SourceError: If the ending is unknown, the file is one of those that were read, or it
            cannot be written.
    """
    check_out(out)
    path = Path(out)
    check_apart([path], page.intake.sources if page.intake else ())
    form = FORMS.get(path.suffix.lower())
    if form is None:
        write(rows_of(page), path)
        return path.stat().st_size
    return write_text(path, form(page))


def write_text(out: str | Path, text: str) -> int:
    """Write a text file; the number of bytes.

    Raises:
        SourceError: If the file cannot be written.
    """
    path = Path(out)
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        why = error.strerror or "refused"
        raise SourceError.unwritable(str(path), why, is_table=False) from error
    return path.stat().st_size


def check_out(out: str | Path | None) -> None:
    """Refuse a file to write whose ending names no form, before any work is done.

    Raises:
        SourceError: If the ending is unknown.
    """
    if out is not None and Path(out).suffix.lower() not in {*FORMS, *TABLES}:
        raise SourceError.out_ending(str(out), [*FORMS, *TABLES])


def ladder(question: Asked) -> tuple[Gaps, Intake | None, str]:
    """The judged ladder, what was read, and the digest of the counts."""
    reference = question.level_of_reference
    if question.rungs is not None:
        if question.by:
            raise TargetError.needs_rows("a breakdown by columns")
        measured = _given(question.rungs)
        digest = _digest(repr(sorted(measured.items())))
        rng = rng_of(question.seed, "gaps", digest)
        judged = judge_rungs(measured, rng=rng, reference=reference, settings=question.ladder)
        return judged, None, digest
    rows = frame_of(question)
    metric = chosen(question, rows)
    got = found(rows, metric, question, by=tuple(question.by))
    if got.errors.is_rate and (question.margin or 0.0) > 1:
        raise CountError.outside("margin", question.margin, "a fraction up to 1, such as 1%")
    rng = rng_of(question.seed, "gaps", got.counts.digest)
    judged = judge_rungs(
        got.errors.measured,
        rng=rng,
        reference=reference,
        settings=replace(
            question.ladder,
            metric=got.metric.name,
            error_words=error_words(got.metric),
            is_rate=got.errors.is_rate,
            weighted=got.errors.weighted,
        ),
        correlation=got.errors.correlation,
        n_errors=got.errors.n_errors,
    )
    if question.by:
        parts = breakdown.judge(
            got.counts, question.by, level=question.level, measure=error_of_part(got, question)
        )
        judged = replace(judged, by=parts)
    return judged, got.intake, got.counts.digest


def _given(numbers: Mapping[str, str | float]) -> dict[str, Measured]:
    """Errors given as numbers, by rung."""
    for name in numbers:
        if name not in RUNGS[1:]:
            raise TargetError.unknown("rung", name, RUNGS[1:])
    return {name: references.parse_error(str(value)) for name, value in numbers.items()}


def cells(
    question: Asked,
) -> tuple[dict[tuple[str, str], Measured], Intake | None, bool]:
    """The measured cells of the general table; sources in clusters are counted one by one."""
    if question.rungs is not None:
        raise TargetError.needs_rows("the general table")
    rows = frame_of(question)
    metric = chosen(question, rows)
    if metric.source not in {"outcome", "row"}:
        raise TargetError.no_table(metric.name)
    frame, _ = prepared(rows, metric)
    kind = row_kind(metric)
    spec = tables.needs(
        frame.roles,
        weight_levels=frame.weight_levels,
        ignore_group=question.ignore_group,
        metric=kind,
    )
    is_rate = "l" not in spec.sums
    if not (spec.by_cluster and "source" in frame.roles):
        counts, intake = reduced(frame, spec, question)
        return tables.cells(counts), intake, is_rate
    plain, intake = reduced(frame, replace(spec, by_cluster=False), question)
    alone = rungs.needs(frame.roles, weight_levels=frame.weight_levels, metric=kind)
    part_of = replace(question, max_unusable=1.0, check_ids=False)
    found: dict[tuple[str, str], Measured] = {}
    for name, value in tables.sources(plain).items():
        part, _ = reduced(frame.where("source", value), alone, part_of)
        found |= tables.cells(part, source=name)
    return found, intake, is_rate


def people_by_source(people: str | Mapping[str, str | float] | None) -> dict[str, Measured]:
    """The human error by source."""
    if people is None:
        return {}
    if isinstance(people, str):
        tiers = references.parse(people).tiers
        return {tier.name: tier.measured for tier in tiers}
    return {name: references.parse_error(str(error)) for name, error in people.items()}


def _digest(text: str) -> str:
    """A short digest of numbers given by hand."""
    return sha256(text.encode()).hexdigest()[:16]


def origin(question: Asked, digest: str) -> Settings:
    """Where an answer comes from."""
    return Settings(
        command=question.command,
        version=version("headway"),
        project=question.project.folder.name if question.project else "",
        model=question.model or "",
        date=today().isoformat(),
        seed=question.seed,
        digest=digest,
    )


def answer(
    result: T,
    question: Asked,
    *,
    intake: Intake | None = None,
    digest: str = "",
    more: tuple[Finding, ...] = (),
) -> Answer[T]:
    """A result with the document that says it, and what else must be said."""
    page = _with(
        document(result, intake=intake, settings=origin(question, digest)),
        (*_collected(question), *question.echoes, *more),
    )
    said = reading.findings(intake) if intake else ()
    return Answer(result=result, document=page, intake=intake, findings=(*said, *page.findings))


def _collected(question: Asked) -> tuple[Finding, ...]:
    """What was found while the predictions were collected."""
    return question.source.findings if isinstance(question.source, Collected) else ()


def _with(page: Document, findings: tuple[Finding, ...]) -> Document:
    """A document that says a few findings more, at its end."""
    if not findings:
        return page
    items = tuple(Remark(head=f.code, text=f.sentence) for f in findings)
    more = Section(title="", blocks=(Remarks(items=items, kind="findings"),))
    return replace(page, findings=(*page.findings, *findings), sections=(*page.sections, more))
