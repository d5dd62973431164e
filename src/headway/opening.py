"""From what was asked to rows with roles, and from rows to counts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING
from zlib import crc32

import numpy as np

from headway.errors import SourceError, TargetError
from headway.frames.reduce import reduce
from headway.frames.source import check_rows, read
from headway.frames.weighting import rules_of, with_weights
from headway.frames.write import table as table_of
from headway.studies.collect import Collected

if TYPE_CHECKING:
    from headway.counts import Counts, CountSpec, Intake
    from headway.frames.source import Frame
    from headway.store.settings import Asked

__all__ = ["exposure_of", "frame_of", "reduced", "rng_of", "today"]


def frame_of(question: Asked, *, models_from_files: bool = False) -> Frame:
    """The rows that were asked about, with roles.

    Args:
        question: What was asked.
        models_from_files: Whether a file without a ``model`` column is a model of its name.

    Returns:
        The frame.

    Raises:
        HeadwayError: If nothing was given, it cannot be read, or it has no row.
    """
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
        models_from_files=models_from_files,
        model=question.model,
    )
    check_rows(frame)
    rules = question.weight_rules
    return with_weights(frame, rules_of(rules)) if rules else frame


def reduced(frame: Frame, spec: CountSpec, question: Asked) -> tuple[Counts, Intake]:
    """Rows to counts, as the question asks for them."""
    mature = question.mature_after_days
    counts, intake = reduce(
        frame,
        spec,
        max_unusable=question.max_unusable,
        check_ids=question.check_ids,
        mature_after_days=mature,
        as_of=_day(question.as_of) if mature is not None else None,
    )
    return counts, replace(intake, exposure_s=exposure_of(intake, question))


def exposure_of(intake: Intake, question: Asked) -> Mapping[str, float]:
    """Seconds of operation by split; under ``"all"`` where no column told."""
    if intake.exposure_s or question.exposure_s is None:
        return intake.exposure_s
    return {"all": question.exposure_s}


def rng_of(seed: int, analysis: str, digest: str) -> np.random.Generator:
    """An independent stream for one analysis of one set of counts, the same on every engine."""
    entropy = [seed, crc32(analysis.encode()), int(digest[:8], 16)]
    return np.random.default_rng(np.random.SeedSequence(entropy))


def today() -> date:
    """The day, in UTC."""
    return datetime.now(tz=UTC).date()


def _day(text: str | None) -> date:
    """The day that ages are counted from: today, unless one is named."""
    try:
        return date.fromisoformat(text) if text else today()
    except ValueError as error:
        raise TargetError.not_a_day(str(text), "--as-of") from error
