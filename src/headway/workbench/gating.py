"""The gate: may this model pass?"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

from headway.answers import answer, ladder, write_text
from headway.counts import SPLITS
from headway.errors import (
    ColumnError,
    CountError,
    HeadwayError,
    SourceError,
    SplitError,
    TargetError,
)
from headway.findings import Finding, Verdict
from headway.frames.splits import split_of
from headway.measuring import found
from headway.opening import frame_of, rng_of
from headway.recording import looked_at_ladder
from headway.report.gate import refused_junit, to_junit
from headway.store.settings import asked, check_read
from headway.strategy import gate as gates
from headway.strategy.ladder import GAPS
from headway.strategy.measures import value_of
from headway.strategy.problems import CONDITIONS, SPLIT_CONDITIONS
from headway.strategy.standing import kept
from headway.strategy.target import limit_of, measured_limit
from headway.workbench.at_a_glance import splits_at_a_glance

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    import numpy as np

    from headway.frames.source import Frame
    from headway.report.answer import Answer
    from headway.store.settings import Asked
    from headway.strategy.gate import Condition, Gate

__all__ = ["broken_limits", "check", "note_refusal"]

NOT_READ: Final = ("by",)
"""Options that make no sense of a gate, which shows no breakdown."""


def check(
    source: Any = None,  # noqa: ANN401 - any frame or path
    *,
    subject_to: str | Sequence[str] = (),
    at_most: Mapping[str, float] | None = None,
    split: str | None = None,
    ignore: Sequence[str] = (),
    junit: str | Path | None = None,
    **options: Any,  # noqa: ANN401
) -> Answer[Gate]:
    """May this model pass? The declared conditions as a gate for continuous integration.

    Args:
        source: As in ``gaps``.
        subject_to: Limits beside those of the project, such as ``"recall(cat) >= 0.9"``.
        at_most: Per gap, the most it may be, beside ``[check] at_most`` of the project.
        split: The split that limits are judged on; None takes the project's, or dev.
        ignore: Codes to leave aside, beside those of the project.
        junit: A file for JUnit's XML, which build servers read; None for none.
        **options: See ``headway.store.settings.Asked``.

    Returns:
        Every condition: passed, failed, open, not applicable or ignored.

    Raises:
        HeadwayError: If the input, a limit or the name of a gap cannot be read; the JUnit file
            then says so.

    Examples:
        >>> rows = {"split": ["train"] * 400 + ["dev"] * 400, "label": [0] * 800}
        >>> rows["prediction"] = [1] * 4 + [0] * 396 + [1] * 80 + [0] * 320
        >>> found = check(rows, at_most={"variance": 0.05}, same_distribution=True).result
        >>> found.passed, [condition.name for condition in found.failed]
        (False, ['variance at most 5.00 points'])

    References:
        Notes: week 1, "Satisficing and Optimizing metric".
    """
    try:
        check_read("check", options, NOT_READ)
        judged = _judged(asked(source, options), subject_to, at_most or {}, split, ignore)
    except HeadwayError as refusal:
        note_refusal(junit, refusal)
        raise
    if junit is not None:
        write_text(junit, to_junit(judged.result))
    return judged


def note_refusal(junit: str | Path | None, refusal: HeadwayError) -> None:
    """Say in a JUnit file, where one is wanted, that the gate could not be judged.

    Args:
        junit: The file, or None.
        refusal: Why it could not; it stands even where the file cannot be written.
    """
    if junit is not None:
        with suppress(SourceError):
            write_text(junit, refused_junit(refusal))


def _judged(
    question: Asked,
    subject_to: str | Sequence[str],
    at_most: Mapping[str, float],
    split: str | None,
    ignore: Sequence[str],
) -> Answer[Gate]:
    """The gate as an answer."""
    limits = question.project.check.at_most if question.project else {}
    declared: dict[str, float] = {str(name): most for name, most in limits.items()}
    most = {**declared, **at_most}
    left = (*(question.project.check.ignore if question.project else ()), *ignore)
    _check_words(most, left)
    where = split or (question.project.check.split if question.project else "dev")
    where = split_of(where) or where
    judged, intake, digest = ladder(question)
    if judged.is_rate and any(limit > 1 for limit in most.values()):
        raise CountError.outside("at_most", max(most.values()), "fractions up to 1, such as 3%")
    present = [rung.name for rung in judged.rungs if rung.name in SPLITS]
    if where not in present:
        raise SplitError.no_rows(where, present)
    rows = frame_of(question) if question.rungs is None else None
    rng = rng_of(question.seed, "check", digest)
    conditions = [
        *_limits(rows, question, subject_to, where, rng),
        *gates.of_gaps(judged, most),
        gates.of_size(judged, declared=question.margin is not None),
        *gates.of_findings(splits_at_a_glance(question), SPLIT_CONDITIONS),
    ]
    gate = gates.judge(conditions, split=where, ignore=left)
    told = looked_at_ladder(question, judged)
    return answer(gate, question, intake=intake, digest=digest, more=told)


def _check_words(at_most: Mapping[str, float], ignore: Sequence[str]) -> None:
    """Refuse gaps and codes that are none, and a most that no gap can keep."""
    for name, most in at_most.items():
        if name not in GAPS:
            raise TargetError.unknown("gap", name, GAPS)
        if not most >= 0:
            raise CountError.outside(f"at_most {name}", most, "a number at least 0, such as 3%")
    for code in ignore:
        if code not in CONDITIONS:
            raise TargetError.unknown("code of a condition", code, CONDITIONS)


def broken_limits(question: Asked, split: str = "dev") -> tuple[Finding, ...]:
    """The limits of the project that the model is shown to break; none outside a project."""
    if question.rungs is not None or not question.limits:
        return ()
    rng = rng_of(question.seed, "limits", "0" * 8)
    conditions = _limits(frame_of(question), question, (), split, rng)
    return tuple(
        Finding(code=c.code, verdict=Verdict.YES, sentence=c.sentence)
        for c in conditions
        if c.verdict is Verdict.NO
    )


def _limits(
    rows: Frame | None,
    question: Asked,
    subject_to: str | Sequence[str],
    split: str,
    rng: np.random.Generator,
) -> list[Condition]:
    """The conditions that limits are kept, those of the project first."""
    given = [subject_to] if isinstance(subject_to, str) else [*subject_to]
    texts = [*question.limits, *given]
    if rows is None and texts:
        raise TargetError.needs_rows("whether a limit is kept")
    conditions = []
    for text in texts:
        limit = measured_limit(limit_of(text, positive=question.positive))
        assert rows is not None
        try:
            error = found(rows, limit.metric, question).errors.measured.get(split)
        except (ColumnError, TargetError) as refusal:
            conditions.append(gates.of_limit(None, text, why=refusal.problem))
            continue
        standing = None
        if error is not None:
            value = value_of(limit.metric, error)
            standing = kept("this model", value, limit, rng=rng, level=question.level)
        conditions.append(gates.of_limit(standing, text))
    return conditions
