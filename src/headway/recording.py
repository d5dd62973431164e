"""What an answer showed goes into the project's ledger: which number of which set was read."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from headway.errors import StoreError
from headway.frames.fingerprints import fingerprints
from headway.opening import frame_of
from headway.store import ledger as ledgers
from headway.strategy.history import Tally, not_recorded
from headway.strategy.looks import Look, before_test_look

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from headway.findings import Finding
    from headway.frames.source import Frame
    from headway.joint import JointCounts
    from headway.stats.forms import Estimate
    from headway.store.settings import Asked
    from headway.strategy.history import Change, Comparison
    from headway.strategy.ladder import Gaps

__all__ = ["looked", "looked_at_ladder", "model_name"]

LOOKED_AT = ("dev", "test")


def model_name(model: str | None, source: object, otherwise: str = "model") -> str:
    """What a model is called in the ledger: by its name, else by its file."""
    if model:
        return model
    return Path(source).stem if isinstance(source, (str, Path)) else otherwise


def looked_at_ladder(question: Asked, gaps: Gaps) -> tuple[Finding, ...]:
    """Keep what a ladder shows of dev and test, in the unit of its metric.

    Args:
        question: What was asked.
        gaps: The judged ladder.

    Returns:
        As ``looked``.
    """
    turned = gaps.error_words.startswith("error (1")
    seen = {
        rung.name: _turned(rung.error) if turned else rung.error
        for rung in gaps.rungs
        if rung.name in LOOKED_AT
    }
    metric = "error" if gaps.error_words == "error" else gaps.metric
    return looked(question, {model_name(question.model, question.source): seen}, metric)


def _turned(error: Estimate) -> Estimate:
    """A metric of which more is better, from its error."""
    lower = None if error.upper is None else 1 - error.upper
    upper = None if error.lower is None else 1 - error.lower
    return replace(error, estimate=1 - error.estimate, lower=lower, upper=upper)


def looked(
    question: Asked,
    seen: Mapping[str, Mapping[str, Estimate]],
    metric: str,
    *,
    purpose: str = "report",
    more: Sequence[Comparison | Change] = (),
    joint: Mapping[str, JointCounts] | None = None,
    frame: Frame | None = None,
) -> tuple[Finding, ...]:
    """Keep what was read of dev and test; outside a project, nothing.

    Args:
        question: What was asked.
        seen: Per model and split, the number that is shown.
        metric: Name of the metric.
        purpose: Why it was looked at, as in ``strategy.looks.Look``.
        more: Further entries to keep.
        joint: Per split, how the models err together, or None where that is not known.
        frame: The rows of one model, where the table holds several; None reads the question's.

    Returns:
        A warning for each test number beyond the budget, where the target changed, and where
        nothing could be kept.

    References:
        Methods note, sections 5.1 and 5.6.
    """
    ledger = ledgers.ledger_of(question.project)
    if ledger is None or question.rungs is not None:
        return ()
    prints = fingerprints(frame_of(question) if frame is None else frame)
    entries = [
        Look(
            when="",
            split=split,
            fingerprint=prints[split],
            model=model,
            metric=metric,
            value=number.estimate,
            lower=number.lower,
            upper=number.upper,
            n=number.n,
            purpose=purpose,
            command=question.command,
        )
        for model, numbers in seen.items()
        for split, number in numbers.items()
        if split in LOOKED_AT and split in prints
    ]
    try:
        before = ledgers.looks(ledger, split="test")
    except StoreError as refusal:
        return (not_recorded(refusal.problem),)
    warnings = [
        before_test_look(
            before, fingerprint=entry.fingerprint, model=entry.model, metric=entry.metric
        )
        for entry in entries
        if entry.split == "test"
    ]
    tallies = [
        Tally(split=split, fingerprint=prints[split], joint=counts)
        for split, counts in (joint or {}).items()
        if split in LOOKED_AT and split in prints
    ]
    own = prints.get("dev") if question.on_own_data else None
    kept = ledgers.remember(
        question.project, question.command, [*entries, *more, *tallies], fingerprint=own
    )
    return (*(warning for warning in warnings if warning is not None), *kept)
