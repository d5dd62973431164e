"""An operating point as a document and as plain values."""

from __future__ import annotations

from typing import TYPE_CHECKING

from headway.findings import Verdict
from headway.report.appendix import data_and_settings
from headway.report.dispatch import document, intake_section, kept
from headway.report.document import (
    Curve,
    Curves,
    Document,
    Named,
    Row,
    Section,
    Settings,
    Table,
)
from headway.report.numbers import amount_of, typeset
from headway.report.sections import closing
from headway.report.values import estimate_values, value, want_values
from headway.strategy.operating_said import threshold_words
from headway.strategy.thresholds import OperatingPoint
from headway.strategy.worded import is_rate, limit_words, name_of

if TYPE_CHECKING:
    from headway.counts import Intake
    from headway.report.document import Amount, Cell
    from headway.report.values import JsonObject
    from headway.stats.forms import Estimate
    from headway.stats.metric import Metric
    from headway.strategy.target import Limit
    from headway.strategy.thresholds import Threshold

__all__: list[str] = []

STATES = {
    Verdict.YES: "kept",
    Verdict.NO: "broken",
    Verdict.UNDETERMINED: "cannot tell",
}


@value.register(OperatingPoint)
def _(result: OperatingPoint) -> JsonObject:
    """The operating point as plain values."""
    best = result.chosen
    return {
        "threshold": None if best is None else best.value,
        "positive": result.positive,
        "p_feasible": None if best is None else best.p_feasible,
        "metrics": {} if best is None else _metrics(result, best),
        "confirmed": None
        if result.confirmed is None
        else {
            "verdict": str(result.confirmed.verdict),
            "p_feasible": result.confirmed.p_feasible,
            "metrics": _metrics(result, result.confirmed),
        },
        "nearest": None if result.nearest is None else result.nearest.value,
        "n_tried": result.n_tried,
        "curve": [
            {"threshold": t.value, "p_feasible": t.p_feasible, "metrics": _metrics(result, t)}
            for t in result.curve
        ],
        "wants": want_values(result.wants),
    }


def _metrics(result: OperatingPoint, threshold: Threshold) -> JsonObject:
    """Every metric at a threshold, by name."""
    aim = result.policy.optimizing
    found: JsonObject = {k.limit.metric.name: estimate_values(k.measured) for k in threshold.limits}
    if aim is not None:
        found = {aim.name: estimate_values(threshold.optimized), **found}
    return found


@document.register(OperatingPoint)
def _(
    result: OperatingPoint, *, intake: Intake | None = None, settings: Settings | None = None
) -> Document:
    """The operating point as a document."""
    settings = settings or Settings()
    sections = (
        Section(title="At the threshold", blocks=(_table(result),) if _shown(result) else ()),
        Section(title="Every threshold", blocks=(_curves(result),) if result.curve else ()),
        *closing(result.findings, result.wants, title="What would settle it"),
        intake_section(intake),
        data_and_settings(None, intake, settings),
    )
    return Document(
        command="operating-point",
        verdict=_verdict(result),
        ground=_ground(result),
        sections=kept(sections),
        value=value(result),
        findings=result.findings,
        intake=intake,
        settings=settings,
    )


def _shown(result: OperatingPoint) -> Threshold | None:
    """The threshold that the page shows: the chosen one, else the nearest."""
    return result.chosen or result.nearest


def _verdict(result: OperatingPoint) -> str:
    """What to do, in a sentence."""
    best = result.chosen
    if best is None:
        return "Take no threshold yet: none is shown to keep the limits."
    words = f"Set the threshold to {threshold_words(best.value)}."
    if not result.policy.limits:
        return words
    both = "both limits" if len(result.policy.limits) == 2 else "the limits"
    both = "the limit" if len(result.policy.limits) == 1 else both
    if result.confirmed is None:
        return f"{words} It keeps {both} on dev."
    if result.confirmed.verdict is Verdict.YES:
        return f"{words} It keeps {both} on dev and on test."
    if result.confirmed.verdict is Verdict.NO:
        return f"Do not rely on {threshold_words(best.value)}: it breaks {both} on test."
    return f"{words} It keeps {both} on dev; test cannot tell yet."


def _ground(result: OperatingPoint) -> str:
    """What was asked."""
    aim = result.policy.optimizing
    if aim is None:
        return ""
    start = "Largest" if aim.maximize else "Smallest"
    limits = " and ".join(_limit_title(limit) for limit in result.policy.limits)
    subject = f" with {limits}" if limits else ""
    return typeset(
        f"{start} {_title(aim)}{subject}, for the class '{result.positive}'. "
        f"Level {100 * result.level:g} %."
    )


def _title(metric: Metric) -> str:
    """A metric in words; its class goes without saying on this page."""
    if metric.kind == "mean":
        return name_of(metric)
    return metric.title.removesuffix(f" of {metric.positive}")


def _limit_title(limit: Limit) -> str:
    """A limit with its metric in words."""
    rest = limit_words(limit).removeprefix(name_of(limit.metric))
    return f"{_title(limit.metric)}{rest}"


def _amount(metric: Metric, found: Estimate | None) -> Amount | None:
    """A metric as an amount."""
    if found is None:
        return None
    kind = "rate" if is_rate(metric) else "loss"
    return amount_of(found.estimate, found.lower, found.upper, kind=kind)


def _table(result: OperatingPoint) -> Table:
    """The metric and the limits at the threshold, on dev and on test."""
    on_dev = _shown(result)
    assert on_dev is not None
    rows = []
    columns = [("dev", on_dev), *([("test", result.confirmed)] if result.confirmed else [])]
    aim = result.policy.optimizing
    if aim is not None:
        cells: list[Cell] = [_amount(aim, t.optimized) for _, t in columns]
        rows.append(Row(cells=(_title(aim), *cells, "optimized")))
    for limit in result.policy.limits:
        standing = [next((k for k in t.limits if k.limit == limit), None) for _, t in columns]
        cells = [None if k is None else _amount(limit.metric, k.measured) for k in standing]
        last = standing[-1]
        state: Cell = (
            "0/0" if last is None else Named(text=STATES[last.verdict], verdict=last.verdict)
        )
        rows.append(Row(cells=(_limit_title(limit), *cells, state)))
    return Table(
        caption=f"The metrics at a threshold of {threshold_words(on_dev.value)}",
        heads=("metric", *(name for name, _ in columns), "limit is"),
        rows=tuple(rows),
        level=result.level,
    )


def _curves(result: OperatingPoint) -> Curves:
    """The optimized metric and two of the limits over all thresholds."""
    aim = result.policy.optimizing
    x = tuple(t.value for t in result.curve)
    curves: list[Curve] = []
    limits: list[float | None] = []
    if aim is not None:
        y = tuple(_amount(aim, t.optimized) or amount_of(None) for t in result.curve)
        curves.append(Curve(title=_title(aim), x=x, y=y))
        limits.append(None)
    for limit in result.policy.limits[:2]:
        y = tuple(
            next((_amount(limit.metric, k.measured) for k in t.limits if k.limit == limit), None)
            or amount_of(None)
            for t in result.curve
        )
        curves.append(Curve(title=_title(limit.metric), x=x, y=y))
        limits.append(limit.bound)
    shown = _shown(result)
    name = "chosen" if result.chosen else "nearest"
    return Curves(
        caption="The metrics at every threshold, as dev shows them",
        x_title="threshold of the score",
        curves=tuple(curves),
        level=result.level,
        marks=((shown.value, name),) if shown else (),
        limits=tuple(limits),
    )
