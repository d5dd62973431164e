"""The choice of a model as a document and as plain values."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from headway.findings import Verdict
from headway.report.appendix import data_and_settings
from headway.report.dispatch import document, intake_section, kept
from headway.report.document import (
    Document,
    Named,
    Phrase,
    Plane,
    PlanePoint,
    Row,
    Section,
    Settings,
    Table,
)
from headway.report.numbers import amount_of, level_words, margin_words, typeset
from headway.report.sections import closing
from headway.report.values import estimate_values, value, want_values
from headway.strategy.choices import Selection
from headway.strategy.selection_said import aim_words, lead_words
from headway.strategy.worded import is_rate, limit_words, name_of
from headway.wording import counted, listed

if TYPE_CHECKING:
    from headway.counts import Intake
    from headway.report.document import Amount, Cell
    from headway.report.values import JsonObject
    from headway.stats.forms import Estimate
    from headway.stats.metric import Metric
    from headway.strategy.choices import ModelChoice

__all__: list[str] = []

STATES: Final = {
    Verdict.YES: "within the limits",
    Verdict.NO: "breaks a limit",
    Verdict.UNDETERMINED: "cannot tell",
}

BOTH: Final = 2


@value.register(Selection)
def _(result: Selection) -> JsonObject:
    """The choice as plain values."""
    best = result.policy.optimizing
    return {
        "choice": result.choice,
        "tied": list(result.tied),
        "leader": result.leader,
        "runner_up": result.runner_up,
        "why": result.why,
        "optimizing": None if best is None else best.name,
        "models": [_model(result, model) for model in result.models],
        "difference": estimate_values(result.difference),
        "p_none_feasible": result.p_none,
        "n_shared": result.n_shared,
        "optimism": result.optimism,
        "flips": [
            {"price": flip.price, "below": flip.below, "above": flip.above} for flip in result.flips
        ],
        "wants": want_values(result.wants),
    }


def _model(result: Selection, model: ModelChoice) -> JsonObject:
    """One model as plain values."""
    return {
        "name": model.model,
        "feasible": str(model.verdict),
        "eligible": model.eligible,
        "p_feasible": model.p_feasible,
        "p_best": model.p_best,
        "regret": model.regret,
        "violated": list(model.violated),
        "metrics": {name: estimate_values(seen) for name, seen in model.metrics.items()},
        "score": _sum(result, model) if result.policy.optimizing is None else None,
        "behind": None if model.behind is None else estimate_values(model.behind),
    }


def _sum(result: Selection, model: ModelChoice) -> float:
    """The declared combination of metrics, of one model."""
    return result.policy.sign * model.value


@document.register(Selection)
def _(
    result: Selection, *, intake: Intake | None = None, settings: Settings | None = None
) -> Document:
    """The choice as a document."""
    settings = settings or Settings()
    planes = [_plane(result, i) for i in range(len(result.policy.limits))]
    sections = (
        *(
            Section(title=f"{_aim_title(result)} against {p.x_title.split(',')[0]}", blocks=(p,))
            for p in planes
            if p is not None
        ),
        Section(title="All models", blocks=(_table(result),), aside=_aside(result)),
        *closing(result.findings, result.wants, title="What would settle it"),
        intake_section(intake),
        data_and_settings(None, intake, settings),
    )
    return Document(
        command="select",
        verdict=_verdict(result),
        ground=_ground(result),
        lead=_lead(result),
        sections=kept(sections),
        value=value(result),
        findings=result.findings,
        intake=intake,
        settings=settings,
    )


def _verdict(result: Selection) -> str:
    """Which model to take, in a sentence."""
    if result.leader is None and all(m.verdict is Verdict.NO for m in result.models):
        return "Take no model: each breaks a limit."
    if result.leader is None:
        return "Take no model yet: none is shown to keep every limit."
    if result.why == "equivalent":
        return typeset(_equal(result))
    if result.choice is None:
        return typeset(f"{listed(list(result.tied))} cannot be told apart.")
    limits = len(result.policy.limits)
    keeps = {0: "", 1: " It keeps the limit"}.get(limits, " It keeps the limits")
    keeps = " It keeps both limits" if limits == BOTH else keeps
    if result.model(result.choice).verdict != Verdict.YES:
        keeps = " Whether it keeps the limits is not shown"
    if result.runner_up is None or result.why in {"alone", "cheaper", "none"}:
        return typeset(f"Take {result.choice}.{keeps}{'.' if keeps else ''}")
    ahead = f"is {lead_words(result)} better than {result.runner_up}"
    return typeset(
        f"Take {result.choice}.{keeps} and {ahead}."
        if keeps
        else f"Take {result.choice}. It {ahead}."
    )


def _equal(result: Selection) -> str:
    """That several models are equal within the margin."""
    best = result.policy.optimizing
    margin = margin_words(result.margin or 0.0, is_rate=best is not None and is_rate(best))
    first, second, *more = result.tied
    if more:
        return f"No difference that matters: {listed(list(result.tied))} are equal within {margin}."
    ahead = f"{first} is {lead_words(result)} better than {second}"
    return f"No difference that matters: {ahead}, within your margin of {margin}."


def _ground(result: Selection) -> str:
    """What was asked."""
    limits = listed([limit_words(limit) for limit in result.policy.limits])
    subject = f" with {limits}" if limits else ""
    aim = aim_words(result)
    return typeset(f"{aim[0].upper()}{aim[1:]}{subject}. Level {level_words(result.level)}.")


def _lead(result: Selection) -> tuple[Phrase, ...]:
    """What stands beside the choice: what was compared, and what may be better still."""
    if result.leader is None:
        return ()
    said = []
    if result.n_shared is not None and result.runner_up is not None:
        shared = counted(result.n_shared, "example")
        said.append(Phrase(text=f"All models met the same {shared}, one by one. "))
    ahead = next((m for m in result.models if _may_lead(m)), None)
    if ahead is not None:
        said.append(Phrase(text=f"{ahead.model} may be better still, but whether it keeps "))
        said.append(Phrase(text=f"{_open_limits(ahead)} "))
        said.append(Phrase(text="cannot be told", strong=True))
        want = next((k.want for k in ahead.limits if k.want is not None), None)
        said.append(Phrase(text="." if want is None else f": {_lower(want.sentence)}"))
    return tuple(replace(phrase, text=typeset(phrase.text)) for phrase in said)


def _may_lead(model: ModelChoice) -> bool:
    """Whether a model would be ahead of the leader if it were shown to keep its limits."""
    return (
        not model.eligible
        and model.verdict is Verdict.UNDETERMINED
        and model.behind is not None
        and model.behind.estimate < 0
    )


def _open_limits(model: ModelChoice) -> str:
    """The limits that a model may or may not keep."""
    return listed([limit_words(k.limit) for k in model.limits if k.verdict is not Verdict.YES])


def _lower(sentence: str) -> str:
    """A sentence as it goes on after a colon."""
    return f"{sentence[:1].lower()}{sentence[1:]}"


def _aim_title(result: Selection) -> str:
    """What is optimized, as the head of a chart."""
    best = result.policy.optimizing
    return "The sum" if best is None else _head(best)


def _title(metric: Metric) -> str:
    """A metric in words."""
    if metric.kind == "share" and metric.parameter is not None:
        return f"{metric.column} {metric.sign} {metric.parameter:.6g}"
    return name_of(metric) if metric.kind == "mean" else metric.title


def _amount(metric: Metric | None, found: Estimate) -> Amount:
    """A metric as an amount."""
    kind = "rate" if metric is not None and is_rate(metric) else "loss"
    return amount_of(found.estimate, found.lower, found.upper, kind=kind)


def _aside(result: Selection) -> tuple[str, ...]:
    """How to read the table."""
    if result.n_shared is None:
        return ()
    return ("The difference is paired: the same examples, so its interval is narrower.",)


def _table(result: Selection) -> Table:
    """Every model with its metrics, the choice first."""
    first = result.choice or result.leader
    others = [m for m in result.policy.metrics if m is not result.policy.optimizing]
    best = result.policy.optimizing
    has_behind = any(model.behind is not None for model in result.models)
    heads = ["Model", "Sum" if best is None else _head(best)]
    heads += [_behind_head(result)] if has_behind else []
    heads += [*(_head(metric) for metric in others), "Limits"]
    rows = []
    for model in result.models:
        cells: list[Cell] = [
            f"{model.model}{' (the choice)' if model.model == result.choice else ''}"
        ]
        if best is None:
            cells.append(amount_of(_sum(result, model), kind="loss"))
        else:
            cells.append(_amount(best, model.metrics[best.name]))
        if has_behind:
            cells.append(_behind(best, model))
        cells += [_amount(metric, model.metrics[metric.name]) for metric in others]
        state: Cell = Named(text=STATES[model.verdict], verdict=model.verdict)
        cells.append(state if model.limits else "–")
        rows.append(Row(cells=tuple(cells), dim=model.model != first and not model.eligible))
    return Table(
        caption="Every model with its metrics",
        heads=tuple(heads),
        rows=tuple(rows),
        level=result.level,
        named=True,
    )


def _behind_head(result: Selection) -> str:
    """The head of the differences: whether their intervals hold for several models at once."""
    judged = [m.behind for m in result.models if m.eligible and m.behind is not None]
    together = sum(behind.lower is not None for behind in judged) > 1
    return f"Behind {result.leader}{', all at once' if together else ''}"


def _head(metric: Metric) -> str:
    """A metric as the head of a column; the name of a column stays as it is."""
    title = _title(metric)
    return title if metric.column else f"{title[0].upper()}{title[1:]}"


def _behind(best: Metric | None, model: ModelChoice) -> Amount | None:
    """How much the leader is better than a model."""
    if model.behind is None:
        return None
    found = model.behind
    kind = "points" if best is not None and is_rate(best) else "loss"
    return amount_of(found.estimate, found.lower, found.upper, kind=kind)


def _plane(result: Selection, place: int) -> Plane | None:
    """What is optimized against one limit."""
    limit, best = result.policy.limits[place], result.policy.optimizing
    points = []
    for model in result.models:
        y = (
            amount_of(_sum(result, model), kind="loss")
            if best is None
            else _amount(best, model.metrics[best.name])
        )
        x = _amount(limit.metric, model.limits[place].measured)
        points.append(PlanePoint(name=model.model, x=x, y=y, state=_state(result, model, place)))
    unit = f", {limit.metric.unit}" if limit.metric.unit not in {"", "fraction"} else ""
    return Plane(
        caption=f"{_aim_title(result)} against {_title(limit.metric)}, a point for each model",
        x_title=f"{_title(limit.metric) if limit.declared is None else limit.metric.title}{unit}",
        y_title=_aim_title(result),
        points=tuple(points),
        level=result.level,
        limit=limit.bound,
        at_most=limit.at_most,
    )


def _state(result: Selection, model: ModelChoice, place: int) -> str:
    """How a model is drawn against one limit."""
    if model.model == result.choice:
        return "chosen"
    if model.model in result.tied:
        return "tied"
    return str(model.limits[place].verdict)
