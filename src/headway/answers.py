"""From what was asked to what is answered: the way that every use-case goes.

Rows become counts, counts are judged, and the judgement gets the document that says it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar
from zlib import crc32

import numpy as np

from headway.errors import ColumnError, SourceError, TargetError
from headway.frames.reduce import reduce
from headway.frames.source import read
from headway.frames.write import table as table_of
from headway.frames.write import write
from headway.report.answer import Answer
from headway.report.compose import document
from headway.report.document import Remark, Remarks, Section, Settings
from headway.report.render import rows_of, to_html, to_json, to_markdown
from headway.strategy import breakdown, reading, rungs
from headway.strategy import human as references
from headway.strategy import table as tables
from headway.strategy.gaps import judge, judge_rungs
from headway.strategy.ladder import RUNGS
from headway.studies.collect import Collected

if TYPE_CHECKING:
    from headway.counts import Counts, CountSpec, Intake
    from headway.findings import Finding
    from headway.frames.source import Frame
    from headway.report.document import Document
    from headway.stats.forms import Measured
    from headway.store.settings import Asked
    from headway.strategy.ladder import Gaps

__all__ = ["answer", "cells", "check_out", "ladder", "origin", "people_by_source", "save"]

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
        SourceError: If the ending is unknown, or the file cannot be written.
    """
    check_out(out)
    path = Path(out)
    form = FORMS.get(path.suffix.lower())
    if form is None:
        write(rows_of(page), path)
        return path.stat().st_size
    try:
        path.write_text(form(page), encoding="utf-8")
    except OSError as error:
        raise SourceError.unwritable(str(path), error.strerror or "refused") from error
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
        rng = _rng(question.seed, "gaps", digest)
        judged = judge_rungs(measured, rng=rng, reference=reference, settings=question.ladder)
        return judged, None, digest
    frame = _frame(question)
    spec = rungs.needs(
        frame.roles,
        weight_levels=frame.weight_levels,
        by=question.by,
        ignore_group=question.ignore_group,
        metric=question.metric,
    )
    counts, intake = _reduced(frame, spec, question)
    rng = _rng(question.seed, "gaps", counts.digest)
    judged = judge(counts, rng=rng, reference=reference, settings=question.ladder)
    if question.by:
        parts = breakdown.judge(counts, question.by, level=question.level)
        judged = replace(judged, by=parts)
    return judged, intake, counts.digest


def _given(numbers: Mapping[str, str | float]) -> dict[str, Measured]:
    """Errors given as numbers, by rung."""
    for name in numbers:
        if name not in RUNGS[1:]:
            raise TargetError.unknown("rung", name, RUNGS[1:])
    return {name: references.parse_error(str(value)) for name, value in numbers.items()}


def _frame(question: Asked) -> Frame:
    """The rows, with roles."""
    source = question.source
    if source is None and not question.splits:
        raise SourceError.nothing_given()
    if isinstance(source, Collected):
        source = source.columns
    if isinstance(source, Mapping):
        source = table_of(source)
    frame = read(
        source,
        columns=question.columns,
        engine=question.engine,
        split_files=question.splits,
        model=question.model,
    )
    known = "correct" in frame.roles or {"label", "prediction"} <= frame.roles
    if question.metric == "error" and not known:
        raise ColumnError.role_absent("prediction", "the metric 'error'", list(frame.roles))
    if question.metric == "loss" and "loss" not in frame.roles:
        raise ColumnError.role_absent("loss", "the metric 'loss'", list(frame.roles))
    return frame


def _reduced(frame: Frame, spec: CountSpec, question: Asked) -> tuple[Counts, Intake]:
    """Rows to counts."""
    mature = question.mature_after_days
    counts, intake = reduce(
        frame,
        spec,
        max_unusable=question.max_unusable,
        check_ids=question.check_ids,
        mature_after_days=mature,
        as_of=_day(question.as_of) if mature is not None else None,
    )
    if question.exposure_s is not None and not intake.exposure_s:
        intake = replace(intake, exposure_s={"all": question.exposure_s})
    return counts, intake


def _day(text: str | None) -> date:
    """The day that ages are counted from: today, unless one is named."""
    try:
        return date.fromisoformat(text) if text else _today()
    except ValueError as error:
        raise TargetError.not_a_day(str(text)) from error


def cells(
    question: Asked,
) -> tuple[dict[tuple[str, str], Measured], Intake | None, bool]:
    """The measured cells of the general table; sources in clusters are counted one by one."""
    if question.rungs is not None:
        raise TargetError.needs_rows("the general table")
    frame = _frame(question)
    spec = tables.needs(
        frame.roles,
        weight_levels=frame.weight_levels,
        ignore_group=question.ignore_group,
        metric=question.metric,
    )
    is_rate = "l" not in spec.sums
    if not (spec.by_cluster and "source" in frame.roles):
        counts, intake = _reduced(frame, spec, question)
        return tables.cells(counts), intake, is_rate
    plain, intake = _reduced(frame, replace(spec, by_cluster=False), question)
    alone = rungs.needs(frame.roles, weight_levels=frame.weight_levels, metric=question.metric)
    part_of = replace(question, max_unusable=1.0, check_ids=False)
    found: dict[tuple[str, str], Measured] = {}
    for name, value in tables.sources(plain).items():
        part, _ = _reduced(frame.where("source", value), alone, part_of)
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


def _rng(seed: int, analysis: str, digest: str) -> np.random.Generator:
    """An independent stream for one analysis of one set of counts, the same on every engine."""
    entropy = [seed, crc32(analysis.encode()), int(digest[:8], 16)]
    return np.random.default_rng(np.random.SeedSequence(entropy))


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
        date=_today().isoformat(),
        seed=question.seed,
        digest=digest,
    )


def answer(
    result: T, question: Asked, *, intake: Intake | None = None, digest: str = ""
) -> Answer[T]:
    """A result with the document that says it."""
    page = _with(
        document(result, intake=intake, settings=origin(question, digest)),
        (*_collected(question), *question.set_aside),
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


def _today() -> date:
    """The day, in UTC."""
    return datetime.now(tz=UTC).date()
