"""Splits that were made, as a document and as plain values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from headway.report.appendix import data_and_settings
from headway.report.dispatch import document, intake_section, kept
from headway.report.document import Document, Facts, Remark, Remarks, Row, Section, Settings, Table
from headway.report.numbers import amount_of, count, level_words, shown, typeset
from headway.report.sections import remarks, wanted
from headway.report.values import value
from headway.strategy.ladder import rung_words
from headway.strategy.split_said import Splits

if TYPE_CHECKING:
    from headway.counts import Intake
    from headway.report.document import Cell
    from headway.report.values import JsonObject
    from headway.strategy.splits import Option, Part

__all__: list[str] = []

HOW: Final = {
    "numbers": "as asked for",
    "fractions": "as asked for, in shares of the rows they are drawn from",
    "precision": "from the precision asked for",
    "rule_of_thumb": "by the rule of thumb, and at most a quarter of the target's rows each",
}
"""Where the sizes come from."""

OPTIONS_HELP: Final = Remarks(
    items=(
        Remark(
            text="Option 1 pools all rows and shuffles them; option 2 takes dev and test from the "
            "target alone, and gives train all the rest."
        ),
    )
)
"""How to read the two options."""

MOST_SOURCES: Final = 8
"""Sources that have a column of their own."""


@value.register(Splits)
def _(result: Splits) -> JsonObject:
    """Splits as plain values."""
    plan = result.plan
    return {
        "splits": [_part(part) for part in result.parts],
        "files": dict(result.files),
        "left_out": dict(result.left_out),
        "method": result.method,
        "key": list(result.key),
        "salt": result.salt,
        "stratify": result.stratify or None,
        "times": dict(result.times) or None,
        "target": list(plan.target) if plan.declared else None,
        "importance": dict(plan.aim.importance) or None,
        "sizes_from": plan.how,
        "wanted": dict(plan.wanted),
        "half_width": result.half_width,
        "difference": result.difference,
        "rate": plan.aim.rate,
        "level": plan.aim.level,
        "rule_of_thumb": dict(plan.usual),
        "options": [_option(o) for o in (plan.shuffled, plan.aimed) if o is not None],
    }


def _part(part: Part) -> JsonObject:
    """One split."""
    return {"name": part.name, "n": part.n, "sources": dict(part.sources), "sd": part.sd}


def _option(option: Option) -> JsonObject:
    """One way to use the sources."""
    return {
        "name": option.name,
        "target_in_dev": option.target_in_dev.expected,
        "sd": option.target_in_dev.sd,
        "share": option.share,
        "half_width": option.half_width,
        "target_in_train": option.target_in_train,
        "splits": [_part(part) for part in option.parts],
    }


@document.register(Splits)
def _(
    result: Splits, *, intake: Intake | None = None, settings: Settings | None = None
) -> Document:
    """Splits as a document."""
    settings = settings or Settings()
    options = _options(result)
    wants = [want for finding in result.findings for want in finding.wants]
    sections = (
        Section(title="The splits", blocks=(_table(result),)),
        Section(title="The two options", blocks=(options,) if options else ()),
        Section(title="", blocks=(OPTIONS_HELP,) if options else (), only="page"),
        Section(title="", blocks=remarks(result.findings)),
        Section(title="To do", blocks=wanted(wants)),
        Section(title="How it was split", blocks=(_facts(result),)),
        intake_section(intake),
        data_and_settings(None, intake, settings),
    )
    return Document(
        command="split",
        verdict=_verdict(result),
        ground=_ground(result),
        sections=kept(sections),
        value=value(result),
        findings=result.findings,
        intake=intake,
        settings=settings,
    )


def _verdict(result: Splits) -> str:
    """The sizes in a sentence."""
    sizes = [f"{rung_words(part.name)} {count(part.n)}" for part in result.parts]
    start = "Split" if result.files else "To be split"
    return typeset(f"{start} into {', '.join(sizes)} rows.")


def _ground(result: Splits) -> str:
    """What dev can show."""
    if result.half_width is None:
        return "Dev is empty."
    return typeset(
        f"{count(result.n('dev'), 'dev row')} show an error of "
        f"{shown(amount_of(result.plan.aim.rate))} to within "
        f"{shown(amount_of(result.half_width, kind='points'), words=True)} either way, and a "
        f"difference of two models from "
        f"{shown(amount_of(result.difference, kind='points'), words=True)} on."
    )


def _table(result: Splits) -> Table:
    """Each split with its sources."""
    names = list(dict.fromkeys(name for part in result.parts for name in part.sources))
    by_size = sorted(names, key=lambda n: -sum(p.sources.get(n, 0) for p in result.parts))
    shown_names, rest = by_size[:MOST_SOURCES], by_size[MOST_SOURCES:]
    heads = ["split", "rows", *shown_names, *(["other sources"] if rest else [])]
    strays = any(part.sd for part in result.parts)
    rows = []
    for part in result.parts:
        cells: list[Cell] = [rung_words(part.name), part.n]
        cells += [part.sources.get(name, 0) for name in shown_names]
        cells += [sum(part.sources.get(name, 0) for name in rest)] if rest else []
        cells += [f"± {count(round(part.sd))}"] if strays else []
        rows.append(Row(cells=tuple(cells)))
    return Table(
        caption="Rows of each split by source" if names else "Rows of each split",
        heads=(*heads, *(["by hashing"] if strays else [])),
        rows=tuple(rows),
        named=True,
    )


def _options(result: Splits) -> Table | None:
    """Option 1 and option 2 side by side."""
    plan = result.plan
    if plan.shuffled is None or not plan.declared:
        return None
    rows = []
    for title, option in (("1 shuffle", plan.shuffled), ("2 target", plan.aimed)):
        width = None if option.half_width is None else amount_of(option.half_width, kind="points")
        share = shown(amount_of(option.share))
        spread = f" ± {option.target_in_dev.sd:.0f}" if option.target_in_dev.sd else ""
        in_dev = f"{count(round(option.target_in_dev.expected))}{spread}"
        cells = (title, in_dev, share, shown(width), round(option.target_in_train))
        rows.append(Row(cells=cells))
    return Table(
        caption=f"Dev rows of the target, and the half-width of an error of "
        f"{shown(amount_of(plan.aim.rate))} on it ({level_words(plan.aim.level)})",
        heads=("option", "target in dev", "share", "± points", "target in train"),
        rows=tuple(rows),
    )


def _facts(result: Splits) -> Facts:
    """How each row found its split."""
    plan = result.plan
    usual = ", ".join(f"{name} {level_words(round(s, 4))}" for name, s in plan.usual.items())
    by = {
        "hash order": "the hash of its key, in order, until there are so many",
        "hash share": "the hash of its key; further rows never move it",
        "time": f"its time in '{result.times.get('column', '')}'",
    }
    items = [
        ("A row's split", by[result.method]),
        ("Key", " or ".join(result.key) if result.key else "all that the row holds"),
        ("Salt", result.salt),
        ("In equal shares", result.stratify),
        ("Dev from", result.times.get("dev_from", "")),
        ("Test from", result.times.get("test_from", "")),
        ("Embargo", _embargo(result)),
        ("Sizes", "what lies between these moments" if result.times else HOW[plan.how]),
        ("Rule of thumb", usual),
        ("Files", ", ".join(dict.fromkeys(result.files.values())) or "none: give --out"),
    ]
    return Facts(items=tuple((n, text) for n, text in items if text), code=("Salt", "Files"))


def _embargo(result: Splits) -> str:
    """The embargo in words."""
    embargo = result.times.get("embargo", "0")
    return "" if embargo == "0" else f"{embargo} before dev and before test"
