"""Did the change help? What moved between two versions of a model, rung by rung, gap by gap."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np

from headway.errors import SplitError, TargetError
from headway.findings import Verdict
from headway.stats.changes import Flips, change_of, detectable, joint_changes
from headway.stats.defaults import MIN_N_EFF, default_margin
from headway.stats.differences import mover_limits
from headway.stats.forms import Estimate
from headway.stats.measured import estimate, point
from headway.strategy.changes_said import findings, wants
from headway.strategy.gaps import judge_rungs
from headway.strategy.ladder import GAPS, RUNGS, Ladder
from headway.strategy.movements import Changes, GapChange, Orthogonality, Pair, RungChange
from headway.strategy.ranking import TOLERANCE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from headway.strategy.human import Reference
    from headway.strategy.ladder import Gap, Gaps

__all__ = ["SIGNATURES", "judge", "record"]

SIGNATURES: Final = (
    "progress",
    "exchange",
    "two_gaps",
    "side_effect",
    "no_change",
    "undetermined",
)
"""What a change can have been; progress is judged on dev error first."""

NAMING_DRAWS: Final = 500
"""Draws of the two ladders, whose ranking is not asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Setting:
    """What every step of one judgement needs."""

    settings: Ladder
    margin: float
    judged_on: str
    order: tuple[str, ...]
    matrix: NDArray[np.float64] | None


def judge(
    pairs: Mapping[str, Pair],
    *,
    rng: np.random.Generator,
    settings: Ladder | None = None,
    reference: Reference | None = None,
    target: str | None = None,
    correlation: NDArray[np.float64] | None = None,
    left_out: Sequence[str] = (),
    unshared: Mapping[str, tuple[int, int]] | None = None,
    apart_because: str = "",
) -> Changes:
    """What moved between two versions of a model.

    Args:
        pairs: Per split, its error in both versions and the change between them.
        rng: Source of the draws that tell which gaps moved.
        settings: How to judge; by default the margin is a tenth of the error before on dev.
        reference: The reference level, the same for both versions, if there is one.
        target: The gap that the change was meant to close, or None.
        correlation: Correlation of the changes where splits share clusters, in the order of
            ``pairs``, or None where they are independent.
        left_out: Splits that only one version was measured on.
        unshared: Per split, examples that only the first and only the second version met.
        apart_because: Why some splits are not paired example by example, in words.

    Returns:
        The judged change.

    Raises:
        SplitError: If there is no split that both versions have.
        TargetError: If ``target`` is no gap between the splits that both versions have.

    Examples:
        >>> from headway.strategy.movements import Pair
        >>> from headway.stats.forms import Fixed
        >>> before = {"train": 0.01, "train_dev": 0.09, "dev": 0.10}
        >>> after = {"train": 0.03, "train_dev": 0.09, "dev": 0.10}
        >>> pairs = {s: Pair.apart(Fixed(value=before[s]), Fixed(value=after[s])) for s in before}
        >>> judge(pairs, rng=np.random.default_rng(0)).signature
        'exchange'

    References:
        Methods note, section 11.3.
        Notes: week 1, "Orthogonalization"; week 2, "Build your first system quickly, then iterate".
    """
    setting = _setting(pairs, settings or Ladder(), correlation)
    before, after = _ladders(pairs, setting, reference)
    _check_target(target, before)
    changes = [pairs[name].change for name in setting.order]
    n_draws = setting.settings.n_draws
    draws = joint_changes(changes, n_draws, rng, correlation=setting.matrix)
    rungs = tuple(_rung(name, pairs[name], draws, setting) for name in setting.order)
    moves = [_moves(draws, gap, setting) for gap in before.gaps]
    gaps = tuple(
        _gap(gap, after, rungs, move, setting) for gap, move in zip(before.gaps, moves, strict=True)
    )
    place = setting.order.index(setting.judged_on)
    found = Changes(
        rungs=rungs,
        gaps=gaps,
        signature="undetermined",
        judged_on=setting.judged_on,
        state=_state(rungs[place], draws[:, place], setting),
        material=_material(draws[:, place], setting),
        target=target,
        orthogonality=None,
        margin=setting.margin,
        level=setting.settings.level,
        gamma=setting.settings.gamma,
        metric=setting.settings.metric,
        error_words=setting.settings.error_words or setting.settings.metric,
        is_rate=setting.settings.is_rate,
        weighted=setting.settings.weighted,
        left_out=tuple(left_out),
        unshared=dict(unshared or {}),
        apart_because=apart_because,
    )
    found = replace(found, orthogonality=_orthogonality(found, moves), signature=_signature(found))
    found = replace(found, wants=wants(found, pairs[setting.judged_on]))
    return replace(found, findings=findings(found))


def _setting(
    pairs: Mapping[str, Pair], settings: Ladder, correlation: NDArray[np.float64] | None
) -> _Setting:
    """What every step needs: the order of the splits, the one judged on, and the margin."""
    order = tuple(name for name in RUNGS[1:] if name in pairs)
    if not order:
        raise SplitError.no_shared_rung()
    judged_on = "dev" if "dev" in order else order[-1]
    margin = settings.margin
    if margin is None:
        margin = default_margin(point(pairs[judged_on].before), is_rate=settings.is_rate)
    index = [list(pairs).index(name) for name in order]
    return _Setting(
        settings=settings,
        margin=margin,
        judged_on=judged_on,
        order=order,
        matrix=None if correlation is None else correlation[np.ix_(index, index)],
    )


def _ladders(
    pairs: Mapping[str, Pair], setting: _Setting, reference: Reference | None
) -> tuple[Gaps, Gaps]:
    """Both versions on their ladders, for the names and the sizes of their gaps."""
    settings = replace(setting.settings, margin=setting.margin, n_draws=NAMING_DRAWS)
    ladders = []
    for side in ("before", "after"):
        measured = {name: getattr(pairs[name], side) for name in setting.order}
        rng = np.random.Generator(np.random.PCG64(0))
        ladders.append(judge_rungs(measured, rng=rng, reference=reference, settings=settings))
    return ladders[0], ladders[1]


def _check_target(target: str | None, ladder: Gaps) -> None:
    """Refuse a target that is no gap of the ladder."""
    names = [gap.name for gap in ladder.gaps]
    if target is not None and target not in names:
        raise TargetError.unknown("gap between these splits", target, names or list(GAPS))


def _moves(draws: NDArray[np.float64], gap: Gap, setting: _Setting) -> NDArray[np.float64]:
    """Draws of the change of a gap; the reference level does not change. Shape (n_draws,)."""
    above = draws[:, setting.order.index(gap.upper_rung)]
    if gap.lower_rung not in setting.order:
        return np.asarray(above, dtype=np.float64)
    return np.asarray(above - draws[:, setting.order.index(gap.lower_rung)], dtype=np.float64)


def _rung(name: str, pair: Pair, draws: NDArray[np.float64], setting: _Setting) -> RungChange:
    """One rung before and after."""
    level = setting.settings.level
    own = draws[:, setting.order.index(name)]
    flips = pair.change if isinstance(pair.change, Flips) else None
    return RungChange(
        name=name,
        before=estimate(pair.before, level=level),
        after=estimate(pair.after, level=level),
        change=change_of(pair.change, level=level),
        paired=pair.paired,
        fixed=flips.fixed if flips else None,
        broken=flips.broken if flips else None,
        detectable=detectable(pair.change, level=level),
        p_better=None if np.ptp(own) == 0 else float((own < 0).mean()),
    )


def _gap(
    gap: Gap,
    after: Gaps,
    rungs: Sequence[RungChange],
    moves: NDArray[np.float64],
    setting: _Setting,
) -> GapChange:
    """One gap before and after, and whether it moved."""
    p_moved = float((np.abs(moves) > setting.margin / 2 + TOLERANCE).mean())
    moved = Verdict.UNDETERMINED
    if p_moved >= setting.settings.gamma:
        moved = Verdict.YES
    elif p_moved <= 1 - setting.settings.gamma:
        moved = Verdict.NO
    if not all(_enough(rung) for rung in rungs if rung.name in {gap.lower_rung, gap.upper_rung}):
        moved = Verdict.UNDETERMINED
    return GapChange(
        name=gap.name,
        merges=gap.merges,
        lower_rung=gap.lower_rung,
        upper_rung=gap.upper_rung,
        before=gap.estimate,
        after=after.gap(gap.name).estimate,
        change=_gap_change(gap, rungs, setting),
        moved=moved,
        p_moved=p_moved,
    )


def _gap_change(gap: Gap, rungs: Sequence[RungChange], setting: _Setting) -> Estimate:
    """The change of a gap, with the interval that follows from those of its rungs."""
    places = [
        setting.order.index(n) for n in (gap.upper_rung, gap.lower_rung) if n in setting.order
    ]
    above = rungs[places[0]].change
    if len(places) == 1:
        return above
    below = rungs[places[1]].change
    lower: float | None = None
    upper: float | None = None
    ends, other = _ends(above), _ends(below)
    if ends is not None and other is not None and {above.n, below.n} != {None}:
        shared = 0.0 if setting.matrix is None else float(setting.matrix[places[0], places[1]])
        limits = mover_limits(above.estimate, ends, below.estimate, other, correlation=shared)
        lower, upper = float(limits[0]), float(limits[1])
    return Estimate(
        estimate=above.estimate - below.estimate,
        lower=lower,
        upper=upper,
        level=setting.settings.level,
        n=min((n for n in (above.n, below.n) if n is not None), default=None),
        method="MOVER of the changes of its two rungs",
    )


def _ends(change: Estimate) -> tuple[float, float] | None:
    """Both ends of a change; a number without n is as it is, and None is not known."""
    if change.lower is not None and change.upper is not None:
        return change.lower, change.upper
    return (change.estimate, change.estimate) if change.n is None else None


def _enough(rung: RungChange) -> bool:
    """Whether a rung carries enough examples for a verdict: numbers without n are as they are."""
    if rung.change.n is None:
        return True
    worth = rung.change.n_eff if rung.change.n_eff is not None else rung.change.n
    return rung.change.lower is not None and worth >= MIN_N_EFF


def _state(rung: RungChange, draws: NDArray[np.float64], setting: _Setting) -> str:
    """Whether the judged rung is better, worse or equal within the margin, or cannot be told."""
    if not _enough(rung):
        return "undetermined"
    within = float((np.abs(draws) <= setting.margin + TOLERANCE).mean())
    if within >= setting.settings.gamma:
        return "equal"
    lower, upper = rung.change.lower, rung.change.upper
    if lower is None or upper is None:
        lower = upper = rung.change.estimate
    if upper < 0:
        return "better"
    return "worse" if lower > 0 else "undetermined"


def _material(draws: NDArray[np.float64], setting: _Setting) -> Verdict:
    """Whether the judged rung changed by more than the margin."""
    beyond = float((np.abs(draws) > setting.margin + TOLERANCE).mean())
    if beyond >= setting.settings.gamma:
        return Verdict.YES
    return Verdict.NO if beyond <= 1 - setting.settings.gamma else Verdict.UNDETERMINED


def _orthogonality(found: Changes, moves: Sequence[NDArray[np.float64]]) -> Orthogonality | None:
    """The share of all movement that went into one gap: the target, or the one that moved most."""
    sizes = [abs(gap.change.estimate) for gap in found.gaps]
    if not found.moved or sum(sizes) <= TOLERANCE:
        return None
    names = [gap.name for gap in found.gaps]
    of = int(np.argmax(sizes)) if found.target is None else names.index(found.target)
    value = sizes[of] / sum(sizes)
    drawn = np.abs(np.stack(moves, axis=1))
    ends: tuple[float | None, float | None] = (None, None)
    if np.ptp(drawn, axis=0).max() > 0:
        shares = drawn[:, of] / drawn.sum(axis=1)
        tail = (1 - found.level) / 2
        low, high = np.quantile(shares, [tail, 1 - tail]).tolist()
        ends = min(low, value), max(high, value)
    share = Estimate(
        estimate=value,
        lower=ends[0],
        upper=ends[1],
        level=found.level,
        n=min((gap.change.n for gap in found.gaps if gap.change.n is not None), default=None),
        method="joint draws of the changes of the rungs",
    )
    return Orthogonality(gap=names[of], share=share)


def _signature(found: Changes) -> str:
    """What the change was. What dev did not gain was paid for, whatever fell on the way."""
    last = RUNGS.index(found.judged_on)
    inner = [gap for gap in found.moved if RUNGS.index(gap.upper_rung) <= last]
    grew = [gap for gap in found.moved if gap.change.estimate > 0]
    if found.state == "worse":
        return "side_effect"
    if found.state == "equal":
        if inner:
            return "exchange"
        return "side_effect" if grew else "no_change"
    if found.state == "undetermined":
        return "undetermined"
    if grew:
        return "side_effect"
    return "two_gaps" if len(found.moved) > 1 else "progress"


def record(found: Changes) -> dict[str, object]:
    """A judged change as plain values, ready to be kept.

    Args:
        found: The judged change.

    Returns:
        Signature, the change on the judged split, the moves of the gaps, and how it was judged.

    Examples:
        >>> from headway.stats.forms import Fixed
        >>> pairs = {"dev": Pair.apart(Fixed(value=0.10), Fixed(value=0.06))}
        >>> kept = record(judge(pairs, rng=np.random.default_rng(0)))
        >>> kept["signature"], round(kept["change"]["estimate"], 4)
        ('progress', -0.04)

    References:
        Methods note, section 11.4.
    """
    rung = found.rung(found.judged_on)
    return {
        "signature": found.signature,
        "judged_on": found.judged_on,
        "state": found.state,
        "metric": found.metric,
        "paired": rung.paired,
        "before": _kept(rung.before),
        "after": _kept(rung.after),
        "change": _kept(rung.change),
        "gaps": [
            {"name": gap.name, **_kept(gap.change), "moved": str(gap.moved)} for gap in found.gaps
        ],
        "target": found.target,
        "margin": found.margin,
        "level": found.level,
    }


def _kept(found: Estimate) -> dict[str, float | int | None]:
    """An estimate as plain values."""
    return {"estimate": found.estimate, "lower": found.lower, "upper": found.upper, "n": found.n}
