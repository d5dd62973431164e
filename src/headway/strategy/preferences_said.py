"""What preferences against the metric say: change it or not, by how much, and how sure that is."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING, Final

from headway.findings import Finding, Verdict, Want
from headway.stats.quantiles import critical_value, normal_quantile
from headway.strategy.ladder import rung_words
from headway.strategy.wishes import category_name
from headway.strategy.worded import more_examples
from headway.wording import amount, counted, interval, listed, thousands

if TYPE_CHECKING:
    from collections.abc import Mapping

    from headway.strategy.wishes import CategoryWeight, HarmLimit, Preferences, Preferred

__all__ = ["findings", "turning_point", "unwritten", "wants"]

SURE: Final = 0.95
"""Probability with which weights must restore the ranking."""

POWER: Final = 0.80
"""Probability of showing a difference that is there."""

MOST_EXAMPLES: Final = 100_000_000


def findings(found: Preferences) -> tuple[Finding, ...]:
    """What preferences against the metric say.

    Args:
        found: The judged preferences with their wants.

    Returns:
        The findings, whether the metric agrees first.

    References:
        Methods note, section 3.8.
    """
    said = [_disagreement(found)]
    if found.state == "inexpressible":
        said.append(_inexpressible(found))
    if found.weights:
        said += [_proposed(found), _sure(found)]
    if found.limits and found.state != "agrees":
        said.append(_limits(found))
    if found.weights:
        said += [_looked(found), _worth(found)]
    if found.overturned:
        said.append(_overturned(found))
    if found.unmarked:
        said.append(_unmarked(found.unmarked))
    if found.written:
        sentence = f"The weights stand in {found.written}: from now on the target is another one."
        said.append(Finding(code="HW339", verdict=Verdict.YES, sentence=sentence))
    return tuple(said)


def _unmarked(n: Mapping[str, int]) -> Finding:
    """Examples whose category is not known."""
    each = ", ".join(f"{counted(missing, 'example')} in {name}" for name, missing in n.items())
    sentence = f"Examples that hold nothing in a column of categories count as ordinary: {each}."
    return Finding(code="HW340", verdict=Verdict.YES, sentence=sentence)


def unwritten(file: str) -> Finding:
    """That there were no weights to write into a project's file."""
    sentence = f"Nothing was written to {file}: no weights are proposed."
    return Finding(code="HW339", verdict=Verdict.NO, sentence=sentence)


def _pair(preferred: Preferred) -> str:
    """One preference with the difference that the metric sees."""
    size = amount(abs(preferred.difference.estimate), is_rate=True, points=True)
    ends = interval(preferred.difference.lower, preferred.difference.upper, is_rate=True)
    return f"{preferred.better} over {preferred.worse}, which has {size} {ends} less error"


def _disagreement(found: Preferences) -> Finding:
    """Whether the metric ranks against the preferences."""
    total = len(found.preferences)
    against = [p for p in found.preferences if p.state == "disagrees"]
    unclear = [p for p in found.preferences if p.state == "within_noise"]
    if against:
        pairs = listed([_pair(p) for p in against])
        which = "the preference" if total == 1 else f"{len(against)} of {total} preferences"
        sentence = f"The metric ranks against {which}: {pairs}. Kendall's tau is {found.tau:.2f}."
        return Finding(code="HW331", verdict=Verdict.YES, sentence=sentence)
    if unclear:
        pairs = listed([_pair(p) for p in unclear])
        sentence = (
            f"Whether the metric ranks against the preferences cannot be told: {pairs}, and that "
            "may be chance. It is no reason to change the metric."
        )
        return Finding(
            code="HW331", verdict=Verdict.UNDETERMINED, sentence=sentence, wants=found.wants
        )
    sentence = f"The metric agrees with {'the preference' if total == 1 else 'all preferences'}."
    return Finding(code="HW331", verdict=Verdict.NO, sentence=sentence)


def _inexpressible(found: Preferences) -> Finding:
    """No weight helps."""
    names = [category_name(c.where) for c in found.categories if c.where]
    sentence = (
        f"The present categories ({listed(names)}) cannot express this preference: no weights of "
        "at least 1 put the preferred model ahead. Three ways are left: add a category that tells "
        "apart what people object to; make the harm a limit of the target; or change the dev set, "
        "because those who prefer it may see other data."
    )
    return Finding(code="HW334", verdict=Verdict.YES, sentence=sentence)


def turning_point(weight: CategoryWeight) -> str:
    """The weight at which the ranking turns, with its interval.

    Examples:
        >>> from headway.strategy.wishes import CategoryWeight
        >>> turning_point(CategoryWeight(
        ...     where={"a": True}, n=9, weight=10.0, flips_at=6.263, flips_lower=4.4,
        ...     flips_upper=None,
        ... ))
        '6.26 [4.40, no upper end]'
    """
    if weight.flips_at is None or weight.flips_lower is None:
        return "none"
    upper = "no upper end" if weight.flips_upper is None else f"{weight.flips_upper:.2f}"
    return f"{weight.flips_at:.2f} [{weight.flips_lower:.2f}, {upper}]"


def _proposed(found: Preferences) -> Finding:
    """The weights that are proposed."""
    parts = [
        f"{category_name(w.where)} {w.weight:g} (the ranking turns at {turning_point(w)})"
        if w.flips_at is not None
        else f"{category_name(w.where)} {w.weight:g}"
        for w in found.weights
    ]
    sentence = (
        f"Change the metric: let mistakes on {listed(parts)} weigh that many ordinary ones, and "
        "the error divided by the sum of the weights ranks as preferred."
    )
    return Finding(code="HW332", verdict=Verdict.YES, sentence=sentence)


def _sure(found: Preferences) -> Finding:
    """How sure it is that the weights restore the ranking."""
    p = found.p_restored or 0.0
    if found.state == "restored":
        sentence = f"On other examples they would rank as preferred with probability {p:.2f}."
        return Finding(code="HW333", verdict=Verdict.YES, sentence=sentence)
    sentence = (
        f"On other examples they would rank as preferred with probability {p:.2f} only, below "
        f"{SURE:.2f}: too few examples tell the models apart."
    )
    return Finding(code="HW333", verdict=Verdict.UNDETERMINED, sentence=sentence, wants=found.wants)


def _limits(found: Preferences) -> Finding:
    """A limit beside a weight."""
    best = max(found.limits, key=lambda limit: limit.below - limit.above)
    sentence = (
        f"A limit would do it without a weight: at most {_bound(best)} error on "
        f"{category_name(best.where)}, which {best.keeps} keeps "
        f"({amount(best.above, is_rate=True)}) and {best.breaks} breaks "
        f"({amount(best.below, is_rate=True)}). A weight trades these mistakes for others at its "
        "price; a limit does not trade."
    )
    verdict = Verdict.YES if best.shown else Verdict.UNDETERMINED
    return Finding(code="HW335", verdict=verdict, sentence=sentence)


def _bound(limit: HarmLimit) -> str:
    """A bound between the two models."""
    return amount((limit.above + limit.below) / 2, is_rate=True)


def _looked(found: Preferences) -> Finding:
    """Weights inferred from a set are a consultation of it."""
    k = len(found.preferences)
    sentence = (
        f"These weights were fitted to {counted(k, 'preference')} on "
        f"{rung_words(found.split)}: that is a look at {rung_words(found.split)}. Confirm them "
        "with fresh examples and a second person's preferences."
    )
    return Finding(code="HW336", verdict=Verdict.YES, sentence=sentence)


def _worth(found: Preferences) -> Finding:
    """How many examples a set is worth under the weights."""
    worth = round(found.worth or 0)
    are = "is" if found.n == 1 else "are"
    sentence = (
        f"Under these weights the {counted(found.n, f'{rung_words(found.split)} example')} {are} "
        f"worth {thousands(worth)}: intervals of the weighted error are wider. More examples of "
        f"{listed([category_name(w.where) for w in found.weights])} make up for it."
    )
    return Finding(code="HW338", verdict=Verdict.YES, sentence=sentence)


def _overturned(found: Preferences) -> Finding:
    """Earlier comparisons that come out differently."""
    pairs = [f"{record.a} against {record.b}" for record in found.overturned]
    more = f" and {len(pairs) - 5} more" if len(pairs) > 5 else ""
    sentence = (
        f"Earlier comparisons come out differently under these weights: {listed(pairs[:5])}{more}."
    )
    return Finding(code="HW337", verdict=Verdict.YES, sentence=sentence)


def wants(found: Preferences) -> tuple[Want, ...]:
    """What would settle what cannot be told.

    Args:
        found: The judged preferences.

    Returns:
        One purchase at most.
    """
    split = rung_words(found.split)
    if found.state == "within_noise":
        plans = [_to_show(p, found) for p in found.preferences if p.state == "within_noise"]
        known = [n for n in plans if n is not None and n <= MOST_EXAMPLES]
        n = max(known) - found.n if len(known) == len(plans) else None
        sentence = (
            f"{more_examples(n, split)} would show which of the models the metric prefers with "
            f"probability {POWER:.2f}."
        )
        return (Want(what="examples", split=found.split, n=n, sentence=sentence),)
    if found.state == "doubtful":
        names = listed([category_name(w.where) for w in found.weights])
        n = _to_restore(found)
        sentence = f"{more_examples(n, split, f'of {names}')} would show which weights are enough."
        return (Want(what="examples", split=found.split, n=n, sentence=sentence),)
    return ()


def _to_show(preferred: Preferred, found: Preferences) -> int | None:
    """Examples in all that show a difference, or None where the models do not differ."""
    seen = preferred.difference
    if seen.estimate == 0 or seen.lower is None or seen.upper is None:
        return None
    half = (
        (seen.upper - seen.lower) / 2 * (1 + normal_quantile(POWER) / critical_value(found.level))
    )
    return max(found.n + 1, ceil(found.n * (half / seen.estimate) ** 2))


def _to_restore(found: Preferences) -> int | None:
    """More examples of the categories that would make the weights sure, or None if not known."""
    p = found.p_restored or 0.0
    if not 0.5 < p < SURE:
        return None
    flagged = sum(weight.n for weight in found.weights)
    return ceil(flagged * ((normal_quantile(SURE) / normal_quantile(p)) ** 2 - 1))
