"""What is said of a selection, and what would settle it."""

from __future__ import annotations

from dataclasses import replace
from math import ceil, sqrt
from typing import TYPE_CHECKING, Final

from headway.findings import Finding, Verdict, Want
from headway.stats.power import size_for_difference
from headway.stats.quantiles import critical_value, normal_quantile
from headway.strategy.worded import (
    difference_words,
    is_rate,
    limit_words,
    more_examples,
    name_of,
    number_words,
    shown_words,
)
from headway.wording import amount, counted, listed, minus, thousands

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from headway.strategy.candidates import Candidates
    from headway.strategy.choices import ModelChoice, Selection

__all__ = ["aim_words", "findings", "lead_words", "of_table"]

POWER: Final = 0.80
"""Probability of showing a difference that is there."""

TOO_SMALL: Final = 1e-9
"""A difference that no number of examples shows."""

AS_A_GUESS: Final = 4
"""How many times fewer examples pairing needs where two models share half of their errors."""

MOST_NAMED: Final = 5

MANY: Final = 3
"""Models from which the best one looks better than it is by an amount worth saying."""


def findings(found: Selection, given: Candidates, *, is_paired: bool) -> Selection:
    """The selection with its findings and wants.

    Args:
        found: The selection.
        given: The models it chose from.
        is_paired: Whether it was tried to pair the models by example.

    Returns:
        The same, with what must be said.
    """
    said = [_choice(found, given)]
    said += _by_luck(found)
    ground = (_unpaired(found, given, is_paired=is_paired), _declared(found))
    said += [f for f in ground if f is not None]
    more = (_optimism(found), _flips(found), _cost_of_limits(found))
    said += [f for f in more if f is not None]
    wants = tuple(dict.fromkeys(want for finding in said for want in finding.wants))
    return replace(found, findings=tuple(said), wants=wants)


def of_table(
    derived: Sequence[str], ignored: Sequence[str], left_out: Mapping[str, int]
) -> tuple[Finding, ...]:
    """What became of a table of metrics on the way: made, not read, left out.

    Args:
        derived: F-measures of the target that were made from precision and recall.
        ignored: Columns that hold no numbers.
        left_out: Numbers of rows that were left out, by what they are.

    Returns:
        One finding for each kind; none where the table was taken as it is.

    Examples:
        >>> [found.sentence for found in of_table(["f1"], [], {"pruned": 1})]
        ['f1 was made from precision and recall.', '1 row was left out: 1 pruned.']
    """
    said = []
    if derived:
        were = "was" if len(derived) == 1 else "were"
        said.append(f"{listed([*derived])} {were} made from precision and recall.")
    if ignored:
        names = [*ignored[:MOST_NAMED]]
        more = len(ignored) - len(names)
        names += [f"{more} more"] if more else []
        said.append(f"Not read, because they hold no numbers: {listed(names)}.")
    if left_out:
        n = sum(left_out.values())
        kinds = listed([f"{thousands(k)} {name}" for name, k in left_out.items()])
        said.append(f"{counted(n, 'row')} {'was' if n == 1 else 'were'} left out: {kinds}.")
    return tuple(Finding(code="HW308", verdict=Verdict.YES, sentence=text) for text in said)


def aim_words(found: Selection) -> str:
    """What is optimized, in words.

    Examples:
        >>> from types import SimpleNamespace
        >>> from headway.strategy.target import policy
        >>> aim_words(SimpleNamespace(policy=policy(maximize="accuracy")))
        'largest accuracy'
        >>> aim_words(SimpleNamespace(policy=policy(minimize="error + 0.001*t")))
        'smallest error + 0.001 × t'
    """
    best = found.policy.optimizing
    if best is not None:
        return f"{'largest' if best.maximize else 'smallest'} {name_of(best)}"
    factors = [(found.policy.sign * factor, metric) for factor, metric in found.policy.linear]
    terms = [
        f"{'−' if f < 0 else '+'} {'' if abs(f) == 1 else f'{abs(f):g} × '}{name_of(metric)}"
        for f, metric in factors
    ]
    most = "smallest" if found.policy.turned else "largest"
    return f"{most} {' '.join(terms).removeprefix('+ ')}"


def lead_words(found: Selection, other: ModelChoice | None = None) -> str:
    """How much the choice, or the leader, is better than the runner-up."""
    gap = found.difference if other is None else other.behind
    if gap is None:
        return ""
    best = found.policy.optimizing
    rate = best is not None and is_rate(best)
    return difference_words(gap, is_rate=rate, unit="" if best is None else best.unit)


def _shown(found: Selection, model: str) -> str:
    """What is optimized, of one model."""
    each, best = found.model(model), found.policy.optimizing
    if best is not None:
        return shown_words(best, each.metrics[best.name])
    return minus(f"{found.policy.sign * each.value:.5g}")


def _choice(found: Selection, given: Candidates) -> Finding:
    """Which model to take, or why none can be named."""
    if found.leader is None:
        return _none(found)
    if found.choice is not None:
        why = {
            "alone": _alone(found),
            "declared": "by the numbers given",
            "cheaper": f"{listed(_names(found))} are within the margin, and it is the cheapest",
        }.get(found.why, f"ahead of {found.runner_up} by {lead_words(found)}")
        sentence = f"Take {found.choice}: {_shown(found, found.choice)}, {why}."
        return Finding(code="HW301", verdict=Verdict.YES, sentence=sentence)
    if found.why == "equivalent":
        sentence = (
            f"{listed(list(found.tied))} are equal within the margin of "
            f"{_gap_words(found, found.margin or 0.0)}, so that any of them will do: "
            f"{found.leader} is ahead of {found.tied[1]} by {lead_words(found)}."
        )
        return Finding(code="HW301", verdict=Verdict.YES, sentence=sentence)
    wants = _examples(found, given)
    sentence = (
        f"{listed(list(found.tied))} cannot be told apart: {found.leader} is ahead of "
        f"{found.tied[1]} by {lead_words(found)}."
    )
    return Finding(code="HW301", verdict=Verdict.UNDETERMINED, sentence=sentence, wants=wants)


def _alone(found: Selection) -> str:
    """Why the only model that may be taken is taken."""
    if len(found.models) > 1:
        return "it alone is shown to keep every limit"
    kept = found.policy.limits and found.models[0].verdict is Verdict.YES
    limits = ", shown to keep every limit" if kept else ""
    return f"the only model that was given{limits}"


def _names(found: Selection) -> list[str]:
    """The models that may be taken and are not behind by more than the margin."""
    margin = (found.margin or 0.0) + TOO_SMALL
    return [
        m.model
        for m in found.models
        if m.eligible
        and (
            m.behind is None
            or m.behind.estimate <= margin
            or (m.behind.lower is not None and m.behind.lower <= 0)
        )
    ]


def _none(found: Selection) -> Finding:
    """That no model is shown to keep every limit."""
    open_ones = [m for m in found.models if m.verdict is Verdict.UNDETERMINED]
    if not open_ones:
        sentence = "No model keeps every limit: loosen one, or build another model."
        return Finding(code="HW301", verdict=Verdict.NO, sentence=sentence)
    best = max(open_ones, key=lambda m: m.p_feasible)
    sentence = (
        f"No model is shown to keep every limit; {best.model} does with probability "
        f"{best.p_feasible:.2f}, and 0.95 is needed."
    )
    wants = tuple(k.want for k in best.limits if k.want is not None)
    return Finding(code="HW301", verdict=Verdict.UNDETERMINED, sentence=sentence, wants=wants)


def _examples(found: Selection, given: Candidates) -> tuple[Want, ...]:
    """How many examples would tell the leader from the next."""
    names = list(given.models)
    leader, other = names.index(found.tied[0]), names.index(found.tied[1])
    gap = given.value(leader) - given.value(other)
    now = found.n_shared or given.n(leader)
    needed = _needed(found, given, leader, other)
    if now is None or needed is None:
        return ()
    more = max(1, ceil(needed[0]) - now)
    which = "met by both" if given.pairs_with(leader, other) else "of each"
    start = f"{more_examples(more, which=which)} would"
    if needed[1] == "tie":
        sentence = f"{start} show that {found.tied[0]} and {found.tied[1]} are within the margin."
        return (Want(what="examples", split="dev", n=more, sentence=sentence),)
    sentence = (
        f"{start} tell {found.tied[0]} from {found.tied[1]} with probability 0.80, if the "
        f"difference is {_gap_words(found, gap)}."
    )
    return (Want(what="examples", split="dev", n=more, sentence=sentence),)


def _needed(
    found: Selection, given: Candidates, leader: int, other: int
) -> tuple[float, str] | None:
    """Examples in all that show a difference, or that there is none, whichever is fewer."""
    gap, margin = given.value(leader) - given.value(other), found.margin or 0.0
    spread, now = given.spread(leader, other), found.n_shared or given.n(leader) or 0
    if not spread:
        return None
    z = _critical(found, spread)
    ways: list[tuple[float, str]] = []
    if gap > max(margin, TOO_SMALL):
        ways.append((_shown_from(found, given, leader, other), "dominance"))
    if margin > gap:
        ways.append((now * spread * (z / (margin - gap)) ** 2, "tie"))
    return min(ways, default=None)


def _critical(found: Selection, spread: float) -> float:
    """The standard errors to each side of the difference, as its interval has them."""
    behind = found.model(found.tied[1]).behind
    assert behind is not None
    assert behind.lower is not None
    assert behind.upper is not None
    return max(critical_value(found.level), (behind.upper - behind.lower) / 2 / sqrt(spread))


def _shown_from(found: Selection, given: Candidates, leader: int, other: int) -> float:
    """Examples that show the difference of two models with probability 0.80."""
    best, apart = found.policy.optimizing, given.apart(leader, other)
    if best is not None and best.source == "outcome" and apart is not None and len(found.tied) == 2:
        errors = [1 - v if best.maximize else v for v in _rates(found)]
        return size_for_difference(*errors, discordance=apart, level=found.level)
    gap, spread = given.value(leader) - given.value(other), given.spread(leader, other)
    now = found.n_shared or given.n(leader) or 0
    z = _critical(found, spread) + normal_quantile(POWER)
    return now * spread * (z / gap) ** 2


def _gap_words(found: Selection, gap: float) -> str:
    """A difference of what is optimized, without its interval."""
    best = found.policy.optimizing
    if best is None:
        return f"{gap:.3g}"
    return amount(gap, is_rate=True, points=True) if is_rate(best) else number_words(best, gap)


def _rates(found: Selection) -> tuple[float, float]:
    """What is optimized, of the first two that are tied."""
    best = found.policy.optimizing
    assert best is not None
    first, second = (found.model(name).metrics[best.name].estimate for name in found.tied[:2])
    return first, second


def _by_luck(found: Selection) -> list[Finding]:
    """Models that keep a limit by their number, or may break it, without its being shown."""
    said = []
    for model in found.models:
        for k in model.limits:
            if {k.verdict, model.verdict} != {Verdict.UNDETERMINED}:
                continue
            seen = shown_words(k.limit.metric, k.measured)
            start = "keeps" if k.by_luck else "breaks"
            ahead = _would_lead(found, model)
            sentence = (
                f"{model.model} {start} {limit_words(k.limit)} by its number alone: {seen}, kept "
                f"with probability {k.probability:.2f}.{ahead}"
            )
            wants = (k.want,) if k.want is not None else ()
            said.append(
                Finding(code="HW302", verdict=Verdict.UNDETERMINED, sentence=sentence, wants=wants)
            )
    return said


def _would_lead(found: Selection, model: ModelChoice) -> str:
    """Whether a model that may not be taken would be ahead of the leader."""
    words = "" if model.eligible else _ahead(found, model)
    return f" It would be {words} better than {found.leader}." if words else ""


def _ahead(found: Selection, model: ModelChoice) -> str:
    """How much a model is ahead of the leader by its number; empty where it is not."""
    gap, best = model.behind, found.policy.optimizing
    if gap is None or gap.estimate >= 0:
        return ""
    ends = (None, None) if gap.lower is None else (-(gap.upper or 0.0), -gap.lower)
    mirrored = replace(gap, estimate=-gap.estimate, lower=ends[0], upper=ends[1])
    unit = "" if best is None else best.unit
    return difference_words(mirrored, is_rate=best is not None and is_rate(best), unit=unit)


def _cost_of_limits(found: Selection) -> Finding | None:
    """What the limits cost: how much better the best of the models that break one would be."""
    broken = [m for m in found.models if m.verdict is Verdict.NO]
    best = max(broken, key=lambda m: m.value, default=None)
    words = "" if best is None else _ahead(found, best)
    if best is None or not words:
        return None
    limits = [
        f"{limit_words(k.limit)}: {shown_words(k.limit.metric, k.measured)}"
        for k in best.limits
        if k.verdict is Verdict.NO
    ]
    sentence = (
        f"Without the limits {best.model} would be {words} better than {found.leader}; it breaks "
        f"{listed(limits)}."
    )
    return Finding(code="HW307", verdict=Verdict.YES, sentence=sentence)


def _unpaired(found: Selection, given: Candidates, *, is_paired: bool) -> Finding | None:
    """That the models were not compared on the same examples."""
    has_n = any(e.n is not None for m in found.models for e in m.metrics.values())
    if found.n_shared is not None or len(found.models) == 1 or not has_n or not is_paired:
        return None
    if given.unpaired:
        sentence = (
            "The models were compared as if they had met different examples, which shows less: "
            f"{given.unpaired}."
        )
        return Finding(code="HW303", verdict=Verdict.YES, sentence=sentence)
    sentence = (
        "The models were not compared example by example, so differences have wider intervals "
        f"than need be: paired by an id, perhaps a quarter of the examples would do (a factor of "
        f"{AS_A_GUESS}, guessed until they are paired)."
    )
    return Finding(code="HW303", verdict=Verdict.YES, sentence=sentence)


def _declared(found: Selection) -> Finding | None:
    """That some numbers have no interval."""
    words = {metric.name: name_of(metric) for metric in found.policy.metrics}
    names = {
        words[name]: None
        for model in found.models
        for name, seen in model.metrics.items()
        if seen.lower is None and seen.n is None
    }
    if not names:
        return None
    sentence = (
        f"{listed([*names])} {'is' if len(names) == 1 else 'are'} taken as exact: nothing given "
        "with the numbers says how uncertain they are, and an n does so for an error or an "
        "accuracy alone."
    )
    return Finding(code="HW304", verdict=Verdict.YES, sentence=sentence)


def _optimism(found: Selection) -> Finding | None:
    """That the best of several numbers is too good."""
    best = found.policy.optimizing
    n = sum(model.eligible for model in found.models)
    if found.optimism is None or best is None or n < MANY:
        return None
    rate = is_rate(best)
    words = amount(found.optimism, is_rate=rate, points=True)
    sentence = (
        f"The best of {counted(n, 'model')} looks better than it is: by about {words} where they "
        "are equally good. Its number on test is not affected."
    )
    return Finding(code="HW305", verdict=Verdict.YES, sentence=sentence)


def _flips(found: Selection) -> Finding | None:
    """Where a linear combination would pick another model."""
    if not found.flips:
        return None
    cost = next(metric for factor, metric in found.policy.linear if factor < 0)
    per = f"per {cost.unit}" if cost.unit else f"per unit of {name_of(cost)}"
    steps = [f"{flip.below} below {flip.price:.3g} {per}" for flip in found.flips]
    last = found.flips[-1].above
    sentence = f"By the price of {name_of(cost)}: {listed(steps)}, {last} above."
    return Finding(code="HW306", verdict=Verdict.YES, sentence=sentence)
