"""Data and settings: what was read, what could not be used, and how each number came about."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from headway.report.document import Facts, Section
from headway.report.numbers import amount_of, count, interval, level_words, shown
from headway.report.vocabulary import UNUSABLE, rung_title
from headway.stats.measured import estimate
from headway.strategy.ladder import rung_words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from headway.counts import Intake
    from headway.report.document import Settings
    from headway.strategy.human import Tier
    from headway.strategy.ladder import Gaps
    from headway.strategy.size import Size

__all__ = ["data_and_settings", "size_facts"]

TRAIN_AS: Final = {
    "sample": "one draw of many, with binomial noise",
    "fixed": "fixed: this very training set, without noise",
}
"""How the train error is taken."""

GAP_METHOD: Final = "MOVER from the intervals of its two rungs"


def data_and_settings(
    gaps: Gaps | None, intake: Intake | None, settings: Settings
) -> Section | None:
    """Everything a reader needs to make the numbers again.

    Args:
        gaps: The judged ladder, or None.
        intake: What was read, or None.
        settings: Where the document comes from.

    Returns:
        The section, for the engineer; None where there is nothing to say.
    """
    items = (
        *_read(intake),
        *(_judged(gaps) if gaps is not None else ()),
        *_made(settings),
    )
    if not items:
        return None
    return Section(
        title="Data and settings",
        blocks=(Facts(items=items, code=("Made by",)),),
        place="engineer",
        only="full",
    )


def _read(intake: Intake | None) -> list[tuple[str, str]]:
    """What was read."""
    if intake is None:
        return []
    items = [("Rows read", _rows(intake))]
    if intake.sources:
        engine = f", counted by {intake.engine}" if intake.engine else ""
        items.append(("Read from", f"{', '.join(intake.sources)}{engine}"))
    items += [
        ("Columns", _pairs(_given(intake), "{1} as {0}")),
        ("Recognised", _pairs(intake.recognised, "{1} as {0}")),
        ("Without label", _by_split(intake.unlabeled)),
        ("Label too young", _by_split(intake.immature)),
        _abstained(intake),
        ("Seconds covered", _by_split(intake.exposure_s)),
        ("Repeated ids", intake.ids),
    ]
    return [(name, text) for name, text in items if text]


def _abstained(intake: Intake) -> tuple[str, str]:
    """Rows of which the model said nothing."""
    if intake.prediction_from == "score":
        return "Without score", _by_split(intake.abstained, " (below all others)")
    return "Without prediction", _by_split(intake.abstained, " (counted as errors)")


def _given(intake: Intake) -> dict[str, str]:
    """Roles whose columns were named, not recognised."""
    return {role: name for role, name in intake.roles.items() if role not in intake.recognised}


def _rows(intake: Intake) -> str:
    """Rows read, and those that could not be used, by reason."""
    unusable = {reason: n for reason, n in intake.unusable.items() if n}
    if not unusable:
        return f"{count(intake.rows)}, all usable"
    reasons = ", ".join(f"{count(n)} {UNUSABLE.get(r, r)}" for r, n in unusable.items())
    return f"{count(intake.rows)}, of which {count(sum(unusable.values()))} unusable ({reasons})"


def _pairs(names: Mapping[str, str], form: str) -> str:
    """Names and what they stand for."""
    return ", ".join(form.format(key, value) for key, value in names.items() if key != value)


def _by_split(numbers: Mapping[str, float], after: str = "") -> str:
    """Numbers by split; empty where all are zero."""
    words = {split: "all splits" if split == "all" else rung_words(split) for split in numbers}
    parts = [f"{words[split]} {count(n)}" for split, n in numbers.items() if n]
    return f"{', '.join(parts)}{after}" if parts else ""


def _judged(gaps: Gaps) -> list[tuple[str, str]]:
    """How the ladder was judged."""
    kind = "points" if gaps.is_rate else "loss"
    margin = shown(amount_of(gaps.margin, kind=kind), words=True)
    items = [
        (_capital(rung_title("human", gaps.reference)), _tiers(gaps)),
        ("Margin, level", f"{margin}, {level_words(gaps.level)}"),
        ("To rank", f"probability {gaps.gamma:.2f}"),
        ("Intervals", _methods(gaps)),
        ("Train error is", TRAIN_AS.get(gaps.train_as, gaps.train_as)),
        ("Train and dev", "asserted to share one distribution" if gaps.same_distribution else ""),
        ("Weights", "used: every error is weighted" if gaps.weighted else ""),
    ]
    return [(name, text) for name, text in items if text]


def _tiers(gaps: Gaps) -> str:
    """The tiers of the reference level, the proxy marked."""
    if gaps.reference is None:
        return "not given"
    proxy = gaps.reference.proxy
    several = len(gaps.reference.tiers) > 1
    return "; ".join(
        f"{_tier(gaps, tier)}{' (taken as the proxy)' if several and tier.name == proxy else ''}"
        for tier in gaps.reference.tiers
    )


def _tier(gaps: Gaps, tier: Tier) -> str:
    """One tier with its error, interval and n."""
    found = estimate(tier.measured, level=gaps.level)
    amount = amount_of(
        found.estimate, found.lower, found.upper, kind="rate" if gaps.is_rate else "loss"
    )
    n = "no n given" if found.n is None else f"n {count(found.n)}"
    bounds = "" if found.lower is None else f" {interval(amount)}"
    return f"{tier.name} {shown(amount)}{bounds}, {n}"


def _methods(gaps: Gaps) -> str:
    """The method of each interval, rungs of one method together."""
    by_method: dict[str, list[str]] = {}
    for rung in gaps.rungs:
        by_method.setdefault(rung.error.method, []).append(rung_title(rung.name, gaps.reference))
    parts = [f"{', '.join(names)}: {method}" for method, names in by_method.items()]
    if any(gap.lower is not None for gap in gaps.gaps):
        parts.append(f"gaps: {GAP_METHOD}")
    return "; ".join(parts)


def _made(settings: Settings) -> list[tuple[str, str]]:
    """What made the document."""
    items = [
        ("Seed", "" if settings.seed is None else str(settings.seed)),
        ("Digest of the input", settings.digest),
        ("Version", f"Headway {settings.version}" if settings.version else ""),
        ("Made by", settings.command),
    ]
    return [(name, text) for name, text in items if text]


def size_facts(size: Size) -> Facts:
    """The numbers of a question of size.

    Args:
        size: The answer.

    Returns:
        The block.
    """
    shares = ", ".join(
        f"{name} {level_words(round(share, 4))}" for name, share in size.rule_of_thumb.items()
    )
    items = [
        ("Examples", count(size.n)),
        ("Error", _rate(size.rate)),
        ("Half-width", _points(size.half_width)),
        ("Difference", _points(size.difference)),
        ("Discordance", _rate(size.discordance)),
        ("Shares", shares),
        ("Level", level_words(size.level)),
    ]
    return Facts(items=tuple((name, text) for name, text in items if text))


def _rate(rate: float | None) -> str:
    """A rate in words; empty where there is none."""
    return "" if rate is None else shown(amount_of(rate))


def _points(difference: float | None) -> str:
    """A difference in words; empty where there is none."""
    return "" if difference is None else shown(amount_of(difference, kind="points"), words=True)


def _capital(text: str) -> str:
    """The text with a capital at its start."""
    return text[:1].upper() + text[1:]
