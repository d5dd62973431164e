"""Where is the error lost? The gaps between the rungs, and which one leads.

Nothing negative is clamped, and a merged gap is never split by a guess.
"""

from __future__ import annotations

from dataclasses import replace
from math import isfinite
from typing import TYPE_CHECKING

import numpy as np

from headway.errors import SplitError
from headway.findings import Verdict
from headway.stats.defaults import MIN_N_EFF, default_margin
from headway.stats.differences import mover_limits
from headway.stats.forms import Binomial, Fixed
from headway.stats.measured import estimate, limits, point
from headway.strategy.human import proxy_tier
from headway.strategy.ladder import GAPS, RUNGS, Gap, Gaps, Ladder, Rung
from headway.strategy.proxy import in_the_light_of, may_lead
from headway.strategy.ranking import TOLERANCE, focus_of, p_largest, reading_of, rung_draws
from headway.strategy.rungs import errors
from headway.strategy.said import findings
from headway.strategy.wants import wants

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from headway.counts import Counts
    from headway.stats.forms import Measured
    from headway.strategy.human import Reference

__all__ = ["judge", "judge_rungs"]


def judge(
    counts: Counts,
    *,
    rng: np.random.Generator,
    reference: Reference | None = None,
    settings: Ladder | None = None,
) -> Gaps:
    """The ladder of errors from counts, judged.

    Args:
        counts: Counts by ``rungs.needs``.
        rng: Source of the draws that rank the gaps.
        reference: The reference level, if there is one.
        settings: How to judge.

    Returns:
        The judged ladder.

    Raises:
        SplitError: If no split holds a usable row.

    Examples:
        >>> from headway.counts import Counts, CountTable
        >>> from headway.strategy.human import parse
        >>> keys = ("split", "label", "prediction")
        >>> cells = [(s, 1, p) for s in ("train", "dev") for p in (0, 1)]
        >>> table = CountTable.of(keys, cells, [1600, 18400, 1000, 9000])
        >>> rng = np.random.default_rng(0)
        >>> judge(Counts(tables={keys: table}), rng=rng, reference=parse("1%")).focus
        ('avoidable_bias',)

    References:
        Methods note, section 1.
        Notes: week 1, "Avoidable bias"; week 2, "Bias and variance with mismatched data".
    """
    settings = settings or Ladder()
    found = errors(counts, train_as=settings.train_as)
    is_loss = not found.is_rate and settings.metric == "error"
    named = replace(settings, metric="loss") if is_loss else settings
    return judge_rungs(
        found.measured,
        rng=rng,
        reference=reference,
        settings=replace(named, is_rate=found.is_rate, weighted=found.weighted),
        correlation=found.correlation,
        n_errors=found.n_errors,
    )


def judge_rungs(
    measured: Mapping[str, Measured],
    *,
    rng: np.random.Generator,
    reference: Reference | None = None,
    settings: Ladder | None = None,
    correlation: NDArray[np.float64] | None = None,
    n_errors: Mapping[str, int | None] | None = None,
) -> Gaps:
    """The ladder of errors from its rungs, judged.

    Args:
        measured: Per split, its error; keys from ``RUNGS`` above human level, any order.
        rng: Source of the draws that rank the gaps.
        reference: The reference level, if there is one.
        settings: How to judge.
        correlation: Correlation of the errors, in the order of ``measured``, or None.
        n_errors: Per split, the number of wrong predictions, where known.

    Returns:
        The judged ladder.

    Raises:
        SplitError: If there is no rung.

    Examples:
        >>> from headway.stats.forms import Binomial
        >>> rungs = {"train": Binomial(n_errors=200, n=20_000)}
        >>> rungs["train_dev"] = Binomial(n_errors=900, n=10_000)
        >>> judge_rungs(rungs, rng=np.random.default_rng(0)).focus
        ('variance',)

    References:
        Methods note, sections 1.2, 1.7, 1.9, 1.10 and 1.12.
    """
    settings = settings or Ladder()
    if measured.keys().isdisjoint(RUNGS[1:]):
        raise SplitError.no_rung()
    rungs, matrix = _rungs(measured, reference, settings, correlation, n_errors or {})
    margin = settings.margin
    if margin is None:
        margin = default_margin(point(rungs[-1].measured), is_rate=settings.is_rate)
    pairs = [(i, i + 1) for i in range(len(rungs) - 1)]
    n_gaps = max(1, len(pairs))
    strict = max(0.975, 1 - settings.alpha_focus / n_gaps)
    differences = np.diff(rung_draws(rungs, matrix, settings, margin, rng), axis=1)
    raw = [
        _gap(rungs, pair, matrix, settings=settings, margin=margin, strict=2 * strict - 1)
        for pair in pairs
    ]
    blind = any(r.error.lower is None and not isinstance(r.measured, Fixed) for r in rungs)
    largest = [None] * len(pairs) if blind else p_largest(differences)
    named = [replace(gap, p_largest=p) for gap, p in zip(raw, largest, strict=True)]
    focus = focus_of(named, differences, margin, settings.gamma)
    reading = reading_of(named, focus, differences, margin, settings.gamma)
    judged = Gaps(
        rungs=tuple(rungs),
        gaps=tuple(_shown(named, rungs)),
        missing=_missing(rungs),
        reading=reading,
        focus=tuple(named[i].name for i in focus),
        in_doubt=(),
        flip_at=_flip_at(named, rungs),
        flips=False,
        reference=reference,
        margin=margin,
        level=settings.level,
        gamma=settings.gamma,
        metric=settings.metric,
        error_words=settings.error_words or settings.metric,
        is_rate=settings.is_rate,
        weighted=settings.weighted,
        same_distribution=settings.same_distribution,
        train_as=settings.train_as,
        past_human=False,
    )
    judged = _in_doubt(in_the_light_of(_without_merged_lead(judged)))
    judged = replace(judged, wants=wants(judged, settings.reference_kind))
    return replace(judged, findings=findings(judged))


def _rungs(
    measured: Mapping[str, Measured],
    reference: Reference | None,
    settings: Ladder,
    correlation: NDArray[np.float64] | None,
    n_errors: Mapping[str, int | None],
) -> tuple[list[Rung], NDArray[np.float64]]:
    """The rungs in ladder order, the proxy first, with the correlation of their errors."""
    given = list(measured)
    order = [name for name in RUNGS[1:] if name in measured]
    rungs = [
        Rung(
            name=name,
            measured=measured[name],
            error=estimate(measured[name], level=settings.level),
            n_errors=_n_errors(measured[name], n_errors.get(name)),
        )
        for name in order
    ]
    matrix = np.eye(len(order))
    if correlation is not None:
        index = [given.index(name) for name in order]
        matrix = correlation[np.ix_(index, index)]
    if reference is not None:
        proxy = proxy_tier(reference).measured
        shown = estimate(proxy, level=settings.level)
        rungs.insert(0, Rung(name="human", measured=proxy, error=shown, n_errors=None))
        matrix = np.pad(matrix, ((1, 0), (1, 0)))
        matrix[0, 0] = 1.0
    return rungs, matrix


def _n_errors(measured: Measured, counted: int | None) -> int | None:
    """Number of wrong predictions, where it is known."""
    return measured.n_errors if isinstance(measured, Binomial) else counted


def _gap(
    rungs: Sequence[Rung],
    pair: tuple[int, int],
    matrix: NDArray[np.float64],
    *,
    settings: Ladder,
    margin: float,
    strict: float,
) -> Gap:
    """One gap with its interval and its verdict by the two thresholds."""
    below, above = rungs[pair[0]], rungs[pair[1]]
    merges = _merges(below.name, above.name, same_distribution=settings.same_distribution)
    difference = point(above.measured) - point(below.measured)
    correlation = float(matrix[pair])
    lower, upper = _limits(above.measured, below.measured, correlation, settings.level)
    lower_simultaneous, _ = _limits(above.measured, below.measured, correlation, strict)
    fixed = isinstance(above.measured, Fixed) and isinstance(below.measured, Fixed)
    known = not fixed and isfinite(lower) and isfinite(upper)
    verdict, why = _verdict(difference, lower, upper, margin)
    if not _enough(below) or not _enough(above):
        verdict, why = Verdict.UNDETERMINED, "too few examples or groups for a verdict"
    return Gap(
        name=_name(merges),
        merges=merges,
        lower_rung=below.name,
        upper_rung=above.name,
        estimate=difference,
        lower=lower if known else None,
        upper=upper if known else None,
        level=settings.level,
        lower_simultaneous=lower_simultaneous if isfinite(lower_simultaneous) else None,
        verdict=verdict,
        p_largest=None,
        why=why,
    )


def _limits(
    above: Measured, below: Measured, correlation: float, level: float
) -> tuple[float, float]:
    """Interval of the difference of two rungs."""
    lower, upper = mover_limits(
        point(above),
        limits(above, level=level),
        point(below),
        limits(below, level=level),
        correlation=correlation,
    )
    return float(lower), float(upper)


def _verdict(difference: float, lower: float, upper: float, margin: float) -> tuple[Verdict, str]:
    """Yes, no or undetermined: clear of zero and above the margin, or below the margin."""
    if lower > 0 and difference > margin + TOLERANCE:
        return Verdict.YES, ""
    if upper < margin:
        return Verdict.NO, ""
    if difference > margin + TOLERANCE:
        return Verdict.UNDETERMINED, "its interval holds zero"
    if upper <= margin + TOLERANCE and lower == upper:
        return Verdict.NO, ""
    return Verdict.UNDETERMINED, "its interval holds the margin"


def _enough(rung: Rung) -> bool:
    """Whether a rung carries enough examples for a verdict."""
    if isinstance(rung.measured, Fixed):
        return True
    effective = rung.error.n_eff if rung.error.n_eff is not None else rung.error.n
    return rung.error.lower is not None and effective is not None and effective >= MIN_N_EFF


def _merges(below: str, above: str, *, same_distribution: bool) -> tuple[str, ...]:
    """The gaps between two rungs; a shared distribution leaves no data mismatch to merge."""
    between = GAPS[RUNGS.index(below) : RUNGS.index(above)]
    if same_distribution and {"variance", "data_mismatch"} <= set(between):
        return tuple(name for name in between if name != "data_mismatch")
    return between


def _name(merges: Sequence[str]) -> str:
    """The name of a gap, or of several merged."""
    if len(merges) == 1:
        return merges[0]
    return "_or_".join("mismatch" if name == "data_mismatch" else name for name in merges)


def _shown(gaps: Sequence[Gap], rungs: Sequence[Rung]) -> list[Gap]:
    """The gaps as they are shown: a merged one is undetermined, one without a reference is not."""
    shown = [
        replace(gap, verdict=Verdict.UNDETERMINED, why="merged: a rung between is missing")
        if len(gap.merges) > 1
        else gap
        for gap in gaps
    ]
    if rungs[0].name == "train":
        shown.insert(0, _no_reference(rungs[0]))
    return shown


def _no_reference(train: Rung) -> Gap:
    """Avoidable bias where no reference level is known."""
    return Gap(
        name="avoidable_bias",
        merges=("avoidable_bias",),
        lower_rung="human",
        upper_rung=train.name,
        estimate=None,
        lower=None,
        upper=None,
        level=train.error.level,
        lower_simultaneous=None,
        verdict=Verdict.NOT_APPLICABLE,
        p_largest=None,
        why="no reference level: the train error is bias plus Bayes error",
    )


def _missing(rungs: Sequence[Rung]) -> tuple[str, ...]:
    """Rungs below the last one that were not measured."""
    present = [rung.name for rung in rungs]
    return tuple(name for name in RUNGS[: RUNGS.index(present[-1])] if name not in present)


def _flip_at(gaps: Sequence[Gap], rungs: Sequence[Rung]) -> float | None:
    """Human error below which avoidable bias is the largest gap."""
    train = next((rung for rung in rungs if rung.name == "train"), None)
    others = [gap.estimate for gap in gaps if "avoidable_bias" not in gap.merges]
    known = [value for value in others if value is not None]
    return point(train.measured) - max(known) if train and known else None


def _without_merged_lead(judged: Gaps) -> Gaps:
    """A merged gap that leads alone is no focus: which of its parts it is cannot be told."""
    merged = [len(judged.gap(name).merges) > 1 for name in judged.focus]
    if judged.focus and all(merged):
        return replace(judged, focus=(), reading="undetermined")
    hidden = any(len(gap.merges) > 1 for gap in judged.gaps)
    if hidden and judged.reading == "none_material":
        return replace(judged, reading="undetermined")
    return judged


def _in_doubt(judged: Gaps) -> Gaps:
    """Names of the gaps that may still lead."""
    chance = 1 - judged.gamma
    names = [
        gap.name
        for gap in judged.gaps
        if gap.name not in judged.focus
        and gap.verdict is Verdict.UNDETERMINED
        and (gap.p_largest is None or gap.p_largest > chance)
        and (gap.estimate or 0.0) > 0
    ]
    small = any(g.name == "avoidable_bias" and g.verdict is Verdict.NO for g in judged.gaps)
    if "avoidable_bias" not in {*names, *judged.focus} and not small and may_lead(judged):
        names.insert(0, "avoidable_bias")
    if judged.reading == "none_material" and names:
        return replace(judged, reading="undetermined", in_doubt=tuple(names))
    return replace(judged, in_doubt=tuple(names))
