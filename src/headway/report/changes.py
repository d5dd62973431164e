"""A change between two versions as a document and as plain values."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from headway.findings import Verdict
from headway.report.appendix import data_and_settings
from headway.report.dispatch import document, intake_section, kept
from headway.report.document import (
    Document,
    Facts,
    GapBars,
    GapRow,
    Named,
    Row,
    Section,
    Settings,
    Table,
)
from headway.report.numbers import (
    amount_of,
    count,
    interval,
    level_words,
    margin_words,
    shown,
)
from headway.report.sections import closing
from headway.report.values import estimate_values, value, want_values
from headway.report.vocabulary import MOVED, gap_title, hues
from headway.strategy.changes_said import direction
from headway.strategy.ladder import merged_words, rung_words
from headway.strategy.movements import Changes
from headway.wording import listed

if TYPE_CHECKING:
    from headway.counts import Intake
    from headway.report.document import Amount
    from headway.report.values import JsonObject
    from headway.stats.forms import Estimate
    from headway.strategy.movements import GapChange, RungChange

__all__: list[str] = []

NOT_GAPS: Final = frozenset({"HW321", "HW322"})
"""Findings that the verdict and the table already say."""

BARS_HELP: Final = (
    (
        "Change of each gap, after less before. The shaded zone is half your margin, {half} "
        "either way: a gap has moved when it left that zone with probability {gamma:.2f}."
    ),
    "Neighbouring gaps share a rung, so when that rung alone moves, they move in opposite ways.",
)
"""How to read the bars."""


@value.register(Changes)
def _(result: Changes) -> JsonObject:
    """A judged change as plain values."""
    orthogonality = result.orthogonality
    return {
        "signature": result.signature,
        "judged_on": result.judged_on,
        "state": result.state,
        "material": str(result.material),
        "rungs": [_rung(rung) for rung in result.rungs],
        "gaps": [_gap(gap) for gap in result.gaps],
        "target": result.target,
        "orthogonality": None
        if orthogonality is None
        else {"gap": orthogonality.gap, **estimate_values(orthogonality.share)},
        "left_out": list(result.left_out),
        "unshared": {
            name: {"before": pair[0], "after": pair[1]} for name, pair in result.unshared.items()
        },
        "wants": want_values(result.wants),
        "margin": result.margin,
        "level": result.level,
        "metric": result.metric,
        "is_rate": result.is_rate,
        "weighted": result.weighted,
    }


def _rung(rung: RungChange) -> JsonObject:
    """One rung before and after."""
    return {
        "name": rung.name,
        "before": estimate_values(rung.before),
        "after": estimate_values(rung.after),
        "change": estimate_values(rung.change),
        "paired": rung.paired,
        "fixed": rung.fixed,
        "broken": rung.broken,
        "detectable": rung.detectable,
        "p_better": rung.p_better,
    }


def _gap(gap: GapChange) -> JsonObject:
    """One gap before and after; whether it moved is null where that cannot be told."""
    told = {Verdict.YES: True, Verdict.NO: False}
    return {
        "name": gap.name,
        "merges": list(gap.merges),
        "from": gap.lower_rung,
        "to": gap.upper_rung,
        "before": gap.before,
        "after": gap.after,
        "change": estimate_values(gap.change),
        "moved": told.get(gap.moved),
        "p_moved": gap.p_moved,
    }


@document.register(Changes)
def _(
    result: Changes, *, intake: Intake | None = None, settings: Settings | None = None
) -> Document:
    """A judged change as a document."""
    settings = settings or Settings()
    told = [f for f in result.findings if f.code not in NOT_GAPS]
    sections = (
        Section(title="Before and after", blocks=(_rungs(result),)),
        Section(title="What moved", blocks=(_gaps(result),) if result.gaps else ()),
        *closing(told, result.wants, title="Cannot tell"),
        intake_section(intake),
        _bars(result),
        Section(
            title="How it was judged",
            blocks=(_facts(result),),
            place="engineer",
            only="full",
        ),
        data_and_settings(None, intake, settings),
    )
    return Document(
        command="compare",
        verdict=_verdict(result),
        ground=_ground(result),
        sections=kept(sections),
        value=value(result),
        findings=result.findings,
        intake=intake,
        settings=settings,
    )


def _amount(result: Changes, found: Estimate, *, points: bool = False) -> Amount:
    """An error or a change as an amount."""
    kind = ("points" if points else "rate") if result.is_rate else "loss"
    return amount_of(found.estimate, found.lower, found.upper, kind=kind)


def _size(result: Changes, found: Estimate) -> str:
    """A change without its sign, with its interval."""
    amount = _amount(result, found, points=True)
    if found.estimate < 0:
        ends = (amount.upper, amount.lower)
        lower, upper = (None if end is None else -end for end in ends)
        amount = replace(amount, value=-found.estimate, lower=lower, upper=upper)
    ends_ = "" if amount.lower is None else f" {interval(amount)}"
    return f"{shown(amount, words=True)}{ends_}"


def _name(result: Changes) -> str:
    """What is judged, such as "Dev error"."""
    words = f"{rung_words(result.judged_on)} {result.error_words}"
    return f"{words[:1].upper()}{words[1:]}"


def _verdict(result: Changes) -> str:
    """Whether the change helped, in one or two sentences."""
    change = result.rung(result.judged_on).change
    verb = direction(change.estimate)
    moved = f"{_name(result)} {verb} by {_size(result, change)}"
    margin = margin_words(result.margin, is_rate=result.is_rate)
    if result.state == "worse":
        return f"The change made it worse: {moved[:1].lower()}{moved[1:]}.{_grew(result)}"
    if result.state == "undetermined":
        question = f"Whether {_name(result)[:1].lower()}{_name(result)[1:]} fell"
        return f"{question} cannot be told: it {verb} by {_size(result, change)}."
    if result.signature == "exchange":
        return f"{_exchanged(result)} {moved}, within your margin of {margin}."
    if result.state == "equal":
        start = f"No change that matters: {moved[:1].lower()}{moved[1:]}"
        return f"{start}, within your margin of {margin}.{_grew(result)}"
    closing = _grew(result)
    if result.signature == "two_gaps":
        names = listed([merged_words(gap.merges) for gap in result.moved])
        closing = f" Which part of the change did it is unclear: {names} both moved."
        closing = closing.replace(" both", "") if len(result.moved) > 2 else closing
    return f"Progress: {moved[:1].lower()}{moved[1:]}.{closing}"


def _grew(result: Changes) -> str:
    """The gaps that the change enlarged, as a closing sentence."""
    grew = [gap for gap in result.moved if gap.change.estimate > 0]
    if not grew:
        return ""
    parts = [f"{merged_words(gap.merges)} by {_size(result, gap.change)}" for gap in grew]
    start = "It enlarged" if result.state == "worse" else "But it enlarged"
    return f" {start} {listed(parts)}."


def _exchanged(result: Changes) -> str:
    """What was exchanged for what."""
    won = [gap for gap in result.moved if gap.change.estimate < 0]
    paid = [gap for gap in result.moved if gap.change.estimate > 0]
    names = [listed([merged_words(gap.merges) for gap in part]) for part in (won, paid)]
    if not won or not paid:
        way = "less" if won else "more"
        return f"An exchange: {way} {names[0] or names[1]}, paid for below it."
    return f"An exchange: less {names[0]} for more {names[1]}."


def _ground(result: Changes) -> str:
    """How the verdict was reached."""
    rung = result.rung(result.judged_on)
    margin = margin_words(result.margin, is_rate=result.is_rate)
    words = [f"Margin {margin}, level {level_words(result.level)}."]
    if rung.change.n is None:
        return f"No n given, so no interval: bare numbers, read as they stand. Margin {margin}."
    if rung.fixed is not None and rung.broken is not None and rung.change.n_eff is None:
        fixed, broken = (round(share * rung.change.n) for share in (rung.fixed, rung.broken))
        words.insert(
            0,
            f"Of {count(rung.change.n, f'{rung_words(rung.name)} example')} that both met, "
            f"{count(fixed)} {'was' if fixed == 1 else 'were'} fixed and {count(broken)} broken.",
        )
    if result.state in {"better", "worse"} and result.material is not Verdict.YES:
        words.append("Whether the change exceeds your margin is not shown.")
    if result.weighted:
        words.append("Errors are weighted.")
    return " ".join(words)


def _rungs(result: Changes) -> Table:
    """The errors before and after, with their change."""
    rows = []
    for rung in result.rungs:
        cells = (
            rung_words(rung.name),
            _amount(result, rung.before),
            _amount(result, rung.after),
            _amount(result, rung.change, points=True),
            count(rung.change.n),
        )
        rows.append(Row(cells=cells))
    return Table(
        caption="Error of each split before and after, and its change",
        heads=("split", "before", "after", "change", "examples"),
        rows=tuple(rows),
        level=result.level,
    )


def _gaps(result: Changes) -> Table:
    """The change of each gap, with the mark that says whether it moved."""
    rows = tuple(
        Row(
            cells=(
                Named(text=gap_title(gap.name, gap.merges), hues=hues(gap.merges)),
                f"{rung_words(gap.lower_rung)} → {rung_words(gap.upper_rung)}",
                _amount(result, gap.change, points=True),
                Named(text=MOVED[str(gap.moved)], verdict=str(gap.moved)),
            )
        )
        for gap in result.gaps
    )
    return Table(
        caption="Change of each gap between the splits, after less before",
        heads=("gap", "between", "change", ""),
        rows=rows,
        level=result.level,
    )


def _bars(result: Changes) -> Section:
    """The change of each gap against half the margin."""
    half = margin_words(result.margin / 2, is_rate=result.is_rate)
    rows = tuple(
        GapRow(
            name=gap.name,
            title=gap_title(gap.name, gap.merges),
            between=f"{rung_words(gap.lower_rung)} → {rung_words(gap.upper_rung)}",
            hues=hues(gap.merges),
            verdict=str(gap.moved),
            points=_amount(result, gap.change, points=True),
            start=gap.before,
            end=gap.after,
            p_largest=gap.p_moved,
        )
        for gap in result.gaps
    )
    bars = GapBars(
        caption="Change of each gap",
        rows=rows,
        level=result.level,
        margin=result.margin / 2,
        moves=True,
    )
    return Section(
        title="What moved, drawn",
        aside=tuple(line.format(half=half, gamma=result.gamma) for line in BARS_HELP),
        blocks=(bars,) if rows else (),
        place="engineer",
        only="page",
    )


def _facts(result: Changes) -> Facts:
    """How each number came about."""
    by_method: dict[str, list[str]] = {}
    for rung in result.rungs:
        by_method.setdefault(rung.change.method, []).append(rung_words(rung.name))
    methods = "; ".join(f"{', '.join(names)}: {method}" for method, names in by_method.items())
    least = [
        f"{rung_words(rung.name)} {margin_words(rung.detectable, is_rate=result.is_rate)}"
        for rung in result.rungs
        if rung.detectable is not None
    ]
    items = [
        ("Intervals", methods),
        ("Smallest change shown", f"{', '.join(least)} (probability 0.80)" if least else ""),
        ("A gap moved", f"by more than half the margin, probability {result.gamma:.2f}"),
        ("One gap alone", _clean(result)),
    ]
    return Facts(items=tuple((name, text) for name, text in items if text))


def _clean(result: Changes) -> str:
    """How much of the movement went into one gap."""
    found = result.orthogonality
    if found is None:
        return ""
    share = amount_of(found.share.estimate, found.share.lower, found.share.upper)
    ends = "" if share.lower is None else f" {interval(share)}"
    name = gap_title(found.gap, result.gap(found.gap).merges)
    return f"{shown(share)}{ends} of all movement went into {name} (100 % is a clean turn)"
