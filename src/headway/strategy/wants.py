"""What would settle what is open: concrete purchases, in order of value."""

from __future__ import annotations

from dataclasses import replace
from math import ceil
from typing import TYPE_CHECKING, Final

from headway.findings import Verdict, Want
from headway.stats.differences import mover_limits
from headway.stats.forms import Fixed
from headway.stats.measured import grow, limits, point, size
from headway.stats.power import collect_more
from headway.strategy import human
from headway.strategy.ladder import RUNGS, gap_words, rung_words
from headway.wording import about, amount, listed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from headway.stats.power import CollectMore
    from headway.strategy.ladder import Gap, Gaps

__all__ = ["train_dev_size", "wants"]

FEW: Final = 30
"""Below this many examples a number is no advice."""

MOST_EXAMPLES: Final = 10_000_000
"""Beyond this a number of examples is no advice."""


def wants(judged: Gaps, reference_kind: str | None) -> tuple[Want, ...]:
    """What would settle what is open, in order of value.

    First what keeps the first step from being known, then what could reorder it, then what only
    settles a smaller gap.

    Args:
        judged: The judged ladder.
        reference_kind: Kind of reference to ask for where none is given, or None.

    Returns:
        The purchases, each once.

    References:
        Methods note, sections 1.8, 1.9, 1.12 and 4.7.
    """
    decisive = "avoidable_bias" in judged.in_doubt or judged.reading == "undetermined"
    reference = _reference(judged, reference_kind)
    found = [
        *(want for late, want in _missing_rungs(judged) if not late),
        *(reference if decisive else []),
        *_doubts(judged),
        *_margins(judged),
        *(want for late, want in _missing_rungs(judged) if late),
        *([] if decisive else reference),
    ]
    return tuple({want.sentence: want for want in found}.values())


def train_dev_size(judged: Gaps) -> int | None:
    """Examples for a train-dev set: twice the dev set, at most a twentieth of train.

    Returns:
        The number, or None where neither size is known.

    References:
        Methods note, section 4.7.
        Notes: week 2, "Bias and variance with mismatched data distributions".
    """
    dev, train = judged.rung("dev"), judged.rung("train")
    n_dev = size(dev.measured) if dev else None
    n_train = size(train.measured) if train else None
    if n_dev is None:
        return None if n_train is None else max(1, n_train // 20)
    return 2 * n_dev if n_train is None else max(1, min(2 * n_dev, n_train // 20))


def _missing_rungs(judged: Gaps) -> list[tuple[bool, Want]]:
    """Rungs whose absence merges gaps, and whether they could not change what comes first."""
    found: list[tuple[bool, Want]] = []
    for gap in judged.gaps:
        if len(gap.merges) < 2 or gap.verdict is not Verdict.UNDETERMINED:
            continue
        late = _is_late(judged, gap)
        between = RUNGS[RUNGS.index(gap.lower_rung) + 1 : RUNGS.index(gap.upper_rung)]
        wanted = [_missing_rung(judged, name, gap) for name in between if _helps(judged, name)]
        found += [(late, want) for want in wanted]
    if not any(gap.estimate is not None for gap in judged.gaps):
        absent = [name for name in ("train", "dev") if judged.rung(name) is None]
        found += [(False, _predictions(name)) for name in absent]
    return found


def _helps(judged: Gaps, name: str) -> bool:
    """Whether a missing rung parts gaps: train-dev does not where one distribution is asserted."""
    return not (name == "train_dev" and judged.same_distribution)


def _missing_rung(judged: Gaps, name: str, gap: Gap) -> Want:
    """The purchase of one missing rung."""
    if name != "train_dev":
        return _predictions(name)
    n = train_dev_size(judged)
    number = f"{about(n)} train examples" if n and n >= FEW else "a part of the train examples"
    return Want(
        what="train_dev",
        split="train_dev",
        n=n,
        sentence=f"Set aside {number} as a train-dev set and retrain without them; for a finished "
        "model take out-of-fold errors on train, or a fresh draw from the source that train came "
        f"from. It tells {gap_words(gap, last='and')} apart.",
    )


def _predictions(name: str) -> Want:
    """The predictions of a split that was not given."""
    why = {
        "train": "they tell avoidable bias from the rest",
        "dev": "they tell data mismatch from dev overfit",
        "test": "they tell dev overfit from the real-world gap",
    }
    return Want(
        what="predictions",
        split=name,
        sentence=f"Add the predictions on {rung_words(name)}: {why[name]}.",
    )


def _reference(judged: Gaps, kind: str | None) -> list[Want]:
    """A reference level, or a better one."""
    if judged.reference is None:
        asks = judged.rung("train") is not None
        return [human.wanted(kind)] if asks else []
    if judged.past_human and judged.reading == "undetermined" and (judged.flip_at or 0.0) > 0:
        return _past_human()
    if "avoidable_bias" in judged.in_doubt and judged.reference.kind == "human":
        return [_better_human_level(judged)]
    return []


def _past_human() -> list[Want]:
    """Ways out where the model is at or past the best proxy."""
    return [
        Want(
            what="human_level",
            split="train",
            sentence="Measure a stronger proxy: a larger team, or better labels, which lowers the "
            "bound on the Bayes error.",
        ),
        Want(
            what="slices",
            split="dev",
            sentence="Compare slice by slice: where people are still better, there is bias to "
            "remove.",
        ),
    ]


def _better_human_level(judged: Gaps) -> Want:
    """More labels from people, where the human level decides what comes first."""
    rung = judged.rung("human")
    n = size(rung.measured) if rung else None
    more = f" on {about(3 * n)} more examples" if n else ""
    return Want(
        what="human_level",
        split="train",
        n=3 * n if n else None,
        sentence=f"Measure the human level{more}: whether it lies above or below "
        f"{amount(judged.flip_at or 0.0, is_rate=judged.is_rate)} decides what comes first.",
    )


def _doubts(judged: Gaps) -> list[Want]:
    """Examples that would settle whether a gap in doubt leads."""
    open_gaps = [g for g in judged.gaps if g.name in judged.in_doubt and len(g.merges) == 1]
    leading = [g for g in judged.gaps if g.name in judged.focus] or [
        g for g in judged.gaps if g.estimate is not None
    ]
    asked: list[set[str]] = []
    found: list[Want] = []
    for gap in open_gaps:
        others = [g for g in leading if g.name != gap.name and g.estimate is not None]
        if not others or gap.estimate is None:
            continue
        top = max(others, key=lambda g: g.estimate or 0.0)
        if {gap.name, top.name} in asked:
            continue
        asked.append({gap.name, top.name})
        question = f"whether {gap_words(gap)} exceeds {gap_words(top)}"
        blind = _blind(judged, [rung.name for rung in judged.rungs], question)
        plan = None if blind else _plan(judged, {gap.name: 1.0, top.name: -1.0})
        found += _bought(judged, plan, question) if plan else blind
    return found


def _plan(judged: Gaps, signs: dict[str, float]) -> CollectMore:
    """How many more examples end the doubt between two gaps."""
    contrast = dict.fromkeys((rung.name for rung in judged.rungs), 0.0)
    for gap in judged.gaps:
        if gap.name in signs:
            contrast[gap.upper_rung] += signs[gap.name]
            contrast[gap.lower_rung] -= signs[gap.name]
    return collect_more(
        list(contrast.values()),
        [rung.measured for rung in judged.rungs],
        _collectable(judged),
        margin=judged.margin,
        gamma=judged.gamma,
    )


def _collectable(judged: Gaps) -> list[int]:
    """Positions of the rungs that can grow."""
    return [i for i, rung in enumerate(judged.rungs) if _grows(judged, rung.name)]


def _grows(judged: Gaps, name: str) -> bool:
    """Whether more examples of a rung can be labeled: not train, and nothing given without n."""
    rung = judged.rung(name)
    return name != "train" and rung is not None and not isinstance(rung.measured, Fixed)


def _margins(judged: Gaps) -> list[Want]:
    """Examples that would settle whether a gap exceeds the margin."""
    found: list[Want] = []
    for gap in judged.gaps:
        if gap.verdict is not Verdict.UNDETERMINED or len(gap.merges) > 1 or gap.estimate is None:
            continue
        if gap.name in judged.in_doubt and judged.focus:
            continue
        limit = amount(judged.margin, is_rate=judged.is_rate, points=True)
        question = f"whether {gap_words(gap)} exceeds {limit}"
        names = [gap.lower_rung, gap.upper_rung]
        blind, late = _blind(judged, names, question), _is_late(judged, gap)
        plan = None if blind else _against_margin(judged, gap)
        found += _bought(judged, plan, question, names=names, late=late) if plan else blind
    return found


def _blind(judged: Gaps, names: Sequence[str], question: str) -> list[Want]:
    """More of each rung that has too few examples or groups to plan with."""
    found: list[Want] = []
    for rung in judged.rungs:
        if rung.name in names and rung.error.n is not None and rung.error.lower is None:
            groups = " from more groups" if rung.error.n_clusters is not None else ""
            sentence = (
                f"More {_examples(rung.name)}{groups}: there are too few to tell how many would "
                f"settle {question}."
            )
            found.append(Want(what="examples", split=rung.name, sentence=sentence))
    return found


def _against_margin(judged: Gaps, gap: Gap) -> CollectMore:
    """How many more examples bring an end of a gap's interval clear of zero or of the margin.

    The plan starts from the variances and grows until the interval itself, at the rates seen so
    far, would give a verdict: near zero errors a variance says too little.
    """
    index = {rung.name: i for i, rung in enumerate(judged.rungs)}
    pair = [judged.rungs[index[name]].measured for name in (gap.lower_rung, gap.upper_rung)]
    exceeds = (gap.estimate or 0.0) > judged.margin
    plan = collect_more(
        [-1.0, 1.0, 0.0 if exceeds else -1.0],
        [*pair, Fixed(value=judged.margin)],
        [k for k, name in enumerate((gap.lower_rung, gap.upper_rung)) if _grows(judged, name)],
        margin=0.0,
        gamma=(1 + judged.level) / 2,
    )
    while plan.feasible and plan.more and plan.total <= MOST_EXAMPLES:
        grown = [grow(m, plan.more.get(k, 0)) for k, m in enumerate(pair)]
        ends = [limits(m, level=judged.level) for m in grown]
        values = [point(m) for m in pair]
        lower, upper = mover_limits(values[1], ends[1], values[0], ends[0])
        if lower > 0 if exceeds else upper < judged.margin:
            return plan
        more = {k: ceil(1.25 * n) + 1 for k, n in plan.more.items()}
        plan = replace(plan, more=more, total=sum(more.values()))
    return replace(plan, feasible=False, more={}, total=0)


def _is_late(judged: Gaps, gap: Gap) -> bool:
    """Whether settling a gap could not change what comes first."""
    first = [g.lower for g in judged.gaps if g.name in judged.focus and g.lower is not None]
    return bool(first) and gap.upper is not None and gap.upper < max(first)


def _bought(
    judged: Gaps,
    plan: CollectMore,
    question: str,
    *,
    names: Sequence[str] | None = None,
    late: bool = False,
) -> list[Want]:
    """The examples of a plan, split by split."""
    names = names or [rung.name for rung in judged.rungs]
    more = {names[i]: n for i, n in plan.more.items() if n > 0}
    if not plan.feasible or sum(more.values()) > MOST_EXAMPLES:
        return [_no_number(question)]
    if not more:
        return []
    parts = listed([f"{about(n)} more {_examples(name)}" for name, n in more.items()])
    ending = "; it would not change what comes first" if late else ""
    first = max(more, key=lambda name: more[name])
    sentence = f"{parts[0].upper()}{parts[1:]} would settle {question}{ending}."
    return [Want(what="examples", split=first, n=more[first], sentence=sentence)]


def _no_number(question: str) -> Want:
    """Where no number of examples would settle a question."""
    return Want(
        what="examples",
        sentence=f"No number of further examples settles {question}: the train error, a level "
        "given without n, or a gap too close to its bound is the limit.",
    )


def _examples(name: str) -> str:
    """What more of a rung is called."""
    return "examples labeled by people" if name == "human" else f"{rung_words(name)} examples"
