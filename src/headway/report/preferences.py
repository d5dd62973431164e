"""Preferences against the metric as a document and as plain values."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from headway.report.appendix import data_and_settings
from headway.report.dispatch import document, intake_section, kept
from headway.report.document import (
    Document,
    Facts,
    Named,
    Row,
    Section,
    Settings,
    Table,
)
from headway.report.numbers import amount_of, count, level_words, probability, typeset
from headway.report.sections import closing
from headway.report.values import estimate_values, value, want_values
from headway.strategy.ladder import rung_words
from headway.strategy.preferences_said import turning_point
from headway.strategy.wishes import Preferences, category_name
from headway.wording import listed, minus

if TYPE_CHECKING:
    from headway.counts import Intake
    from headway.report.document import Amount
    from headway.report.values import JsonObject
    from headway.stats.forms import Estimate
    from headway.strategy.wishes import CategoryWeight

__all__: list[str] = []

STATES: Final = {
    "agrees": ("yes", "agrees"),
    "disagrees": ("no", "ranks against it"),
    "within_noise": ("undetermined", "may be chance"),
}
"""The mark beside a preference, and what it says of the metric."""

SAID_ABOVE: Final = frozenset({"HW332"})
"""Findings that the verdict says already."""


@value.register(Preferences)
def _(result: Preferences) -> JsonObject:
    """Judged preferences as plain values."""
    return {
        "agrees_now": result.agrees_now,
        "state": result.state,
        "tau": result.tau,
        "preferences": [
            {
                "better": p.better,
                "worse": p.worse,
                "difference": estimate_values(p.difference),
                "state": p.state,
            }
            for p in result.preferences
        ],
        "weights": [
            {
                "where": dict(weight.where),
                "weight": weight.weight,
                "flips_at": weight.flips_at,
                "lower": weight.flips_lower,
                "upper": weight.flips_upper,
                "n": weight.n,
            }
            for weight in result.weights
        ],
        "smallest": list(result.smallest),
        "p_restored": result.p_restored,
        "models": [
            {
                "name": model.model,
                "error": estimate_values(model.error),
                "weighted": None if model.weighted is None else estimate_values(model.weighted),
                "categories": [
                    {"name": category_name(category.where), **estimate_values(error)}
                    for category, error in zip(result.categories, model.by_category, strict=True)
                ],
            }
            for model in result.models
        ],
        "limits": [
            {
                "where": dict(limit.where),
                "keeps": limit.keeps,
                "breaks": limit.breaks,
                "above": limit.above,
                "below": limit.below,
                "shown": limit.shown,
            }
            for limit in result.limits
        ],
        "overturned": [{"a": record.a, "b": record.b} for record in result.overturned],
        "worth": result.worth,
        "n": result.n,
        "split": result.split,
        "written": result.written,
        "wants": want_values(result.wants),
        "level": result.level,
    }


@document.register(Preferences)
def _(
    result: Preferences, *, intake: Intake | None = None, settings: Settings | None = None
) -> Document:
    """Judged preferences as a document."""
    settings = settings or Settings()
    told = [f for f in result.findings if f.code not in SAID_ABOVE]
    sections = (
        Section(title="Preferred, and what the metric says", blocks=(_preferences(result),)),
        Section(title="Mistakes by kind", blocks=(_errors(result),)),
        Section(title="Weights", blocks=(_weights(result),) if result.weights else ()),
        *closing(told, result.wants, title="Cannot tell"),
        intake_section(intake),
        Section(title="How it was judged", blocks=(_facts(result),), place="engineer", only="full"),
        data_and_settings(None, intake, settings),
    )
    return Document(
        command="reweight",
        verdict=_verdict(result),
        ground=_ground(result),
        sections=kept(sections),
        value=value(result),
        findings=result.findings,
        intake=intake,
        settings=settings,
    )


def _rate(found: Estimate | None) -> Amount | None:
    """An error as an amount."""
    return None if found is None else amount_of(found.estimate, found.lower, found.upper)


def _names(weight: CategoryWeight) -> str:
    """A category and its weight in a sentence."""
    return f"{category_name(weight.where)} count {weight.weight:g}"


def _verdict(result: Preferences) -> str:
    """What to do about the metric, in one or two sentences."""
    if result.state == "agrees":
        return "Keep the metric: it ranks the models as preferred."
    if result.state == "within_noise":
        return "Keep the metric for now: it is not shown to rank against the preference."
    against = listed([p.worse for p in result.preferences if p.state == "disagrees"])
    start = f"Change the target: the metric puts {against} first."
    if result.state == "inexpressible":
        return f"{start} No weights on these categories say what is preferred."
    weights = listed([_names(w) for w in result.weights if w.weight > 1])
    unsure = "" if result.state == "restored" else " It may take more."
    return f"{start} Let each mistake on {weights} times.{unsure}"


def _ground(result: Preferences) -> str:
    """What the verdict rests on."""
    words = [
        f"On {count(result.n, f'{rung_words(result.split)} example')} that all models answered."
    ]
    turns = [w for w in result.weights if w.flips_at is not None]
    if len(turns) == 1:
        words.append(f"The ranking turns at a weight of {turning_point(turns[0])}.")
    if result.p_restored is not None:
        words.append(f"Restored with probability {probability(result.p_restored)}.")
    return typeset(" ".join([*words, f"Level {level_words(result.level)}."]))


def _preferences(result: Preferences) -> Table:
    """Each preference against the present metric."""
    rows = []
    for preferred in result.preferences:
        found = preferred.difference
        mark, words = STATES[preferred.state]
        rows.append(
            Row(
                cells=(
                    f"{preferred.better} over {preferred.worse}",
                    amount_of(found.estimate, found.lower, found.upper, kind="points"),
                    Named(text=words, verdict=mark),
                )
            )
        )
    return Table(
        caption="Error of the preferred model less that of the other, on the same examples",
        heads=("preferred", "its error, less the other's", "the metric"),
        rows=tuple(rows),
        level=result.level,
    )


def _errors(result: Preferences) -> Table:
    """The error of each model, in each category and in all."""
    rows = [
        Row(
            cells=(
                category_name(category.where),
                count(category.n),
                *(_rate(model.by_category[place]) for model in result.models),
            )
        )
        for place, category in enumerate(result.categories)
    ]
    total = (_rate(model.error) for model in result.models)
    rows.append(Row(cells=("all, unweighted", count(result.n), *total)))
    if result.weights:
        weighted = (_rate(model.weighted) for model in result.models)
        rows.append(Row(cells=("all, weighted", count(result.n), *weighted)))
    return Table(
        caption="Error of each model by kind of example",
        heads=("examples", "n", *(model.model for model in result.models)),
        rows=tuple(rows),
        level=result.level,
        named=True,
    )


def _weights(result: Preferences) -> Table:
    """The proposed weights, and a limit beside each."""
    rows = []
    for weight in result.weights:
        limits = [limit for limit in result.limits if limit.where == weight.where]
        best = max(limits, key=lambda limit: limit.below - limit.above, default=None)
        bound = None if best is None else (best.above + best.below) / 2
        at = amount_of(weight.flips_at, weight.flips_lower, weight.flips_upper, kind="loss")
        rows.append(
            Row(
                cells=(
                    category_name(weight.where),
                    f"{weight.weight:g}",
                    replace(at, decimals=2),
                    None if bound is None else f"at most {100 * bound:.3g} % error",
                )
            )
        )
    rows.insert(0, Row(cells=("ordinary", "1", None, None)))
    return Table(
        caption="What mistakes should weigh, and the limit that would decide instead",
        heads=("mistakes on", "weight", "ranking turns at", "or a limit"),
        rows=tuple(rows),
        level=result.level,
    )


def _facts(result: Preferences) -> Facts:
    """How each number came about."""
    smallest = ", ".join(
        f"{category_name(c.where)} {w:.4g}"
        for c, w in zip(result.categories, result.smallest, strict=False)
    )
    items = [
        ("Kendall's tau", f"{minus(f'{result.tau:.2f}')} between the metric and the preferences"),
        ("Smallest weights", f"{smallest} (ahead by one weighted error)" if smallest else ""),
        ("How sure", "draws of the joint counts by category and by which models were wrong"),
        ("Worth", f"{count(result.worth)} of {count(result.n, 'example')}" if result.worth else ""),
    ]
    return Facts(items=tuple((name, text) for name, text in items if text))
