"""Results as plain values: the contract's JSON, fractions at full precision, None for unknown."""

from __future__ import annotations

from functools import singledispatch
from math import isfinite
from typing import TYPE_CHECKING

from headway.errors import HeadwayError
from headway.stats.measured import estimate
from headway.strategy import reading
from headway.strategy.ideas import Ideas
from headway.strategy.knobs import KnobMap, for_gap
from headway.strategy.ladder import Gaps
from headway.strategy.next_steps import NextSteps
from headway.strategy.size import Size
from headway.strategy.table import SourceTable

if TYPE_CHECKING:
    from collections.abc import Iterable

    from headway.counts import Intake
    from headway.findings import Finding, Want
    from headway.report.document import Document
    from headway.stats.forms import Estimate
    from headway.strategy.breakdown import Breakdown
    from headway.strategy.human import Reference
    from headway.strategy.ladder import Gap, Rung

__all__ = [
    "JsonObject",
    "envelope",
    "estimate_values",
    "finding_values",
    "input_values",
    "value",
    "want_values",
]

JsonObject = dict[str, object]


@singledispatch
def value(result: object) -> JsonObject:
    """A result as the contract's ``result``: plain values, fractions, None for unknown.

    Args:
        result: A result of the strategy floor, or a refusal.

    Returns:
        A dictionary that JSON can hold without NaN.

    Raises:
        TypeError: If no form is known for this type of result.
    """
    message = f"no JSON form for {type(result).__name__}"
    raise TypeError(message)


def _number(x: float | None) -> float | None:
    """A number, or None where it is unknown or not finite."""
    return None if x is None or not isfinite(x) else float(x)


def _interval(number: float | None, lower: float | None, upper: float | None) -> dict[str, object]:
    """An estimate with its ends."""
    return {"estimate": _number(number), "lower": _number(lower), "upper": _number(upper)}


def estimate_values(found: Estimate | None) -> dict[str, object]:
    """An estimate with its ends, level and n; all unknown where there is none."""
    if found is None:
        return {**_interval(None, None, None), "level": None, "n": None}
    return {
        **_interval(found.estimate, found.lower, found.upper),
        "level": found.level,
        "n": found.n,
    }


def want_values(wants: Iterable[Want]) -> list[JsonObject]:
    """Purchases as plain values.

    Examples:
        >>> from headway.findings import Want
        >>> want_values([Want(what="examples", split="dev", n=1400, sentence="Label more.")])
        [{'what': 'examples', 'split': 'dev', 'n': 1400, 'sentence': 'Label more.'}]
    """
    return [
        {"what": want.what, "split": want.split, "n": want.n, "sentence": want.sentence}
        for want in wants
    ]


def finding_values(findings: Iterable[Finding]) -> list[JsonObject]:
    """Findings as plain values.

    Examples:
        >>> from headway.findings import Finding, Verdict
        >>> finding_values([Finding(code="HW202", verdict=Verdict.NO, sentence="Variance: no.")])
        [{'code': 'HW202', 'verdict': 'no', 'sentence': 'Variance: no.', 'wants': []}]
    """
    return [
        {
            "code": finding.code,
            "verdict": str(finding.verdict),
            "sentence": finding.sentence,
            "wants": want_values(finding.wants),
        }
        for finding in findings
    ]


def input_values(intake: Intake | None) -> JsonObject:
    """What was read, as plain values; everything unknown where nothing was.

    Examples:
        >>> from headway.counts import Intake
        >>> input_values(Intake(rows=5, unusable={"no_label": 1}))["unusable"]
        {'no_label': 1}
    """
    if intake is None:
        return {"rows": None, "unusable": {}, "recognised": {}, "ids": None}
    return {
        "rows": intake.rows,
        "unusable": dict(intake.unusable),
        "recognised": dict(intake.recognised),
        "ids": intake.ids,
        "unlabeled": dict(intake.unlabeled),
        "immature": dict(intake.immature),
        "abstained": dict(intake.abstained),
        "exposure_s": dict(intake.exposure_s),
        "roles": dict(intake.roles),
        "prediction_from": intake.prediction_from,
        "no_split": intake.no_split,
        "sources": list(intake.sources),
        "engine": intake.engine,
    }


def _rung(rung: Rung) -> JsonObject:
    """One rung."""
    return {"name": rung.name, "n_errors": rung.n_errors, **estimate_values(rung.error)}


def _gap(gap: Gap) -> JsonObject:
    """One gap."""
    return {
        "name": gap.name,
        **_interval(gap.estimate, gap.lower, gap.upper),
        "level": gap.level,
        "verdict": str(gap.verdict),
        "p_largest": _number(gap.p_largest),
        "merges": list(gap.merges),
        "from": gap.lower_rung,
        "to": gap.upper_rung,
    }


def _knobs(gaps: Gaps) -> list[JsonObject]:
    """The knobs for the gaps in focus."""
    return [
        {
            "gap": name,
            "knob": knob.name,
            "moves": list(knob.moves),
            "usually_costs": knob.usually_costs,
        }
        for name in gaps.focus
        for part in gaps.gap(name).merges
        for knob in for_gap(part)
    ]


def _reference(reference: Reference | None, level: float) -> JsonObject | None:
    """The reference level with its tiers."""
    if reference is None:
        return None
    tiers = [
        {"name": tier.name, **estimate_values(estimate(tier.measured, level=level))}
        for tier in reference.tiers
    ]
    return {"kind": reference.kind, "proxy": reference.proxy, "tiers": tiers}


@value.register(Gaps)
def _(result: Gaps) -> JsonObject:
    """The judged ladder."""
    return {
        "rungs": [_rung(rung) for rung in result.rungs],
        "gaps": [_gap(gap) for gap in result.gaps],
        "missing": list(result.missing),
        "reading": result.reading,
        "focus": list(result.focus),
        "in_doubt": list(result.in_doubt),
        "flip_at": _number(result.flip_at),
        "flips": result.flips,
        "past_human": result.past_human,
        "wants": want_values(result.wants),
        "knobs": _knobs(result),
        "reference": _reference(result.reference, result.level),
        "margin": result.margin,
        "level": result.level,
        "metric": result.metric,
        "is_rate": result.is_rate,
        "weighted": result.weighted,
        "same_distribution": result.same_distribution,
        "train_as": result.train_as,
        "by": [_breakdown(part) for part in result.by],
    }


def _breakdown(part: Breakdown) -> JsonObject:
    """The errors broken down by one column."""
    return {
        "column": part.column,
        "parts": [
            {
                "value": value.value,
                "errors": [
                    {"name": split, **estimate_values(error)}
                    for split, error in value.errors.items()
                ],
            }
            for value in part.parts
        ],
    }


def _ceiling(gap: Gap | None) -> JsonObject | None:
    """The most that something can buy, or None where it is not known."""
    return None if gap is None else {**_interval(gap.estimate, gap.lower, gap.upper)}


@value.register(NextSteps)
def _(result: NextSteps) -> JsonObject:
    """The steps in order."""
    steps = [
        {
            "rank": step.rank,
            "title": step.title,
            "knob": step.knob,
            "addresses": step.addresses,
            "ceiling": _ceiling(step.ceiling),
            "cost": step.cost_days,
            "why": step.why,
            "command": step.command,
            "wants": want_values(step.wants),
        }
        for step in result.steps
    ]
    return {
        "steps": steps,
        "later": list(result.later),
        "reading": result.gaps.reading,
        "focus": list(result.gaps.focus),
        "wants": want_values(result.gaps.wants),
    }


@value.register(Ideas)
def _(result: Ideas) -> JsonObject:
    """The team's ideas."""
    return {
        "ideas": [
            {
                "name": idea.name,
                "knob": idea.knob,
                "addresses": idea.addresses,
                "ceiling": _ceiling(idea.ceiling),
                "cost": idea.cost_days,
                "verdict": idea.verdict,
                "why": idea.why,
                "wants": want_values(idea.wants),
            }
            for idea in result.ideas
        ]
    }


@value.register(SourceTable)
def _(result: SourceTable) -> JsonObject:
    """The general table."""
    cells = [
        {"row": cell.row, "source": cell.source, **estimate_values(cell.error)}
        for cell in result.cells
    ]
    between = [
        {
            "from": {"row": step.start[0], "source": step.start[1]},
            "to": {"row": step.end[0], "source": step.end[1]},
            "name": step.name,
            **_difference(step.difference),
        }
        for step in result.between
    ]
    return {
        "sources": list(result.sources),
        "cells": cells,
        "between": between,
        "wants": want_values(result.wants),
    }


def _difference(found: Estimate | None) -> JsonObject:
    """A difference with its ends; unknown where a cell is missing."""
    if found is None:
        return _interval(None, None, None)
    return _interval(found.estimate, found.lower, found.upper)


@value.register(KnobMap)
def _(result: KnobMap) -> JsonObject:
    """The knobs; nothing is measured before a study of them."""
    return {
        "knobs": [
            {
                "name": knob.name,
                "title": knob.title,
                "moves": list(knob.moves),
                "usually_costs": knob.usually_costs,
                "orthogonal": knob.orthogonal,
                "measured": None,
            }
            for knob in result.knobs
        ]
    }


@value.register(Size)
def _(result: Size) -> JsonObject:
    """The number of examples that a question needs."""
    return {
        "question": result.question,
        "n": result.n,
        "rule_of_thumb": dict(result.rule_of_thumb),
        "half_width": _number(result.half_width),
        "rate": _number(result.rate),
        "difference": _number(result.difference),
        "discordance": _number(result.discordance),
        "level": result.level,
    }


@value.register(HeadwayError)
def _(result: HeadwayError) -> JsonObject:
    """A refusal."""
    return {
        "code": result.code,
        "problem": result.problem,
        "expected": result.expected,
        "hint": result.hint,
    }


def envelope(document: Document) -> JsonObject:
    """A document in the contract's envelope, findings on the input first.

    Args:
        document: The document of a result or of a refusal.

    Returns:
        What ``--json`` prints.
    """
    if not document.ok:
        return {"ok": False, "version": 1, "error": dict(document.value)}
    intake = document.intake
    said = reading.findings(intake) if intake is not None else ()
    return {
        "ok": True,
        "version": 1,
        "command": document.command,
        "result": dict(document.value),
        "findings": finding_values((*said, *document.findings)),
        "input": input_values(intake),
    }
