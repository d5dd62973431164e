"""How good was our advice so far?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from headway.findings import Verdict, Want
from headway.stats.defaults import LEVEL
from headway.stats.differences import paired_difference
from headway.stats.power import size_for_difference
from headway.wording import about, amount, interval

if TYPE_CHECKING:
    from headway.counts import CountTable
    from headway.stats.forms import Estimate
    from headway.strategy.ladder import Gap

__all__ = ["Entry", "judge"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One move that was made: what was promised and what it brought.

    Args:
        knob: Id of the knob that was turned.
        promised: The gap it could buy at most, as it stood before.
        realised: Error before minus error after on the same rows, with its interval: positive
            where the error fell.
        kept: ``yes`` where the error clearly fell, and by no more than was promised at most;
            ``no`` where it clearly rose, or fell by more; else ``undetermined``.
        sentence: The same in words.
        wants: What would settle it, where it is undetermined.
    """

    knob: str
    promised: Gap
    realised: Estimate
    kept: Verdict
    sentence: str
    wants: tuple[Want, ...] = ()


def judge(promised: Gap, counts: CountTable, *, knob: str, level: float = LEVEL) -> Entry:
    """Whether a move brought what was promised.

    Args:
        promised: The gap that the move addressed, before it was made.
        counts: Rows of one split by ``before`` and ``after``: whether the row was misclassified
            then and now.
        knob: Id of the knob that was turned.
        level: Level of the interval, a fraction in (0, 1).

    Returns:
        The entry for the record. A gap is a ceiling, so falling by less than it keeps the promise.

    Raises:
        CountError: If there are no rows.

    Examples:
        >>> from headway.counts import CountTable
        >>> from headway.strategy.ladder import Gap
        >>> gap = Gap(
        ...     name="data_mismatch", merges=("data_mismatch",), lower_rung="train_dev",
        ...     upper_rung="dev", estimate=0.20, lower=0.15, upper=0.25, level=0.95,
        ...     lower_simultaneous=0.14, verdict=Verdict.YES, p_largest=1.0,
        ... )
        >>> cells = [(True, False), (False, True), (True, True), (False, False)]
        >>> counts = CountTable.of(("before", "after"), cells, [70, 10, 30, 290])
        >>> entry = judge(gap, counts, knob="make_train_like_dev")
        >>> entry.kept, entry.realised.estimate
        (<Verdict.YES: 'yes'>, 0.15)

    References:
        Methods note, sections 11.3 and 11.4.
        Notes: week 2, "Build your first system quickly, then iterate".
    """
    pairs = counts.marginal("before", "after")
    only_before = pairs.where(before=True, after=False).total
    only_after = pairs.where(before=False, after=True).total
    realised = paired_difference(only_before, only_after, counts.total, level=level)
    kept = _kept(promised, realised)
    return Entry(
        knob=knob,
        promised=promised,
        realised=realised,
        kept=kept,
        sentence=_sentence(promised, realised, kept),
        wants=_wants(only_before, only_after, counts.total) if kept == Verdict.UNDETERMINED else (),
    )


def _kept(promised: Gap, realised: Estimate) -> Verdict:
    """Whether the error fell for certain, and by no more than was promised."""
    assert realised.lower is not None
    assert realised.upper is not None
    most = promised.upper if promised.upper is not None else promised.estimate
    if realised.upper < 0 or (most is not None and realised.lower > most):
        return Verdict.NO
    return Verdict.YES if realised.lower > 0 else Verdict.UNDETERMINED


def _sentence(promised: Gap, realised: Estimate, kept: Verdict) -> str:
    """Promise and outcome in words."""
    most = "" if promised.estimate is None else f" of at most {_points(promised)}"
    change = f"{amount(abs(realised.estimate), is_rate=True, points=True)} {_ends(realised)}"
    if kept == Verdict.UNDETERMINED:
        return f"Whether the error fell cannot be told: the change was {change}{most}."
    if realised.estimate < 0:
        return f"The promise was not kept: the error rose by {change} instead of a fall{most}."
    if kept == Verdict.NO:
        return f"The error fell by {change}, more than the promise{most}: the gap was misread."
    return f"The promise was kept: the error fell by {change}{most}."


def _points(promised: Gap) -> str:
    """The promised gap in points."""
    assert promised.estimate is not None
    most = amount(promised.estimate, is_rate=True, points=True)
    return f"{most} {interval(promised.lower, promised.upper, is_rate=True)}"


def _ends(realised: Estimate) -> str:
    """The interval of the change, as a rise where the error rose."""
    assert realised.lower is not None
    assert realised.upper is not None
    if realised.estimate < 0:
        return interval(-realised.upper, -realised.lower, is_rate=True)
    return interval(realised.lower, realised.upper, is_rate=True)


def _wants(only_before: int, only_after: int, n: int) -> tuple[Want, ...]:
    """Rows that would show a change of the size that was seen."""
    if only_before == only_after:
        return ()
    wanted = size_for_difference(
        (only_before + 1) / (n + 2),
        (only_after + 1) / (n + 2),
        discordance=(only_before + only_after + 2) / (n + 2),
    )
    sentence = f"Measure both models on {about(wanted)} rows: a change of this size would show."
    return (Want(what="examples", n=wanted, sentence=sentence),)
