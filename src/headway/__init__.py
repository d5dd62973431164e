"""Headway: where is the error lost, what should we do next, and what can it buy at most?

Every name below is loaded when it is first used, so that importing Headway costs nothing.

Examples:
    >>> import headway
    >>> headway.gaps(rungs={"train": "8%/50000", "dev": "10%/2000"}, human="1%").result.focus
    ('avoidable_bias',)
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from headway.counts import Counts, CountSpec, CountTable, Intake
    from headway.errors import HeadwayError
    from headway.findings import Finding, Verdict, Want
    from headway.report.answer import Answer
    from headway.stats.forms import Binomial, Estimate, Fixed
    from headway.stats.metric import Metric
    from headway.strategy.human import Reference, Tier
    from headway.strategy.ideas import Idea
    from headway.strategy.knobs import Knob
    from headway.strategy.ladder import Gap, Gaps, Rung
    from headway.workbench import (
        add_idea,
        check,
        check_splits,
        collect,
        compare,
        db,
        demo,
        example_weights,
        gaps,
        ideas,
        init,
        knobs,
        next_steps,
        operating_point,
        reweight,
        select,
        size,
        split,
        table,
        wear,
        write_report,
    )

__all__ = [
    "Answer",
    "Binomial",
    "CountSpec",
    "CountTable",
    "Counts",
    "Estimate",
    "Finding",
    "Fixed",
    "Gap",
    "Gaps",
    "HeadwayError",
    "Idea",
    "Intake",
    "Knob",
    "Metric",
    "Reference",
    "Rung",
    "Tier",
    "Verdict",
    "Want",
    "__version__",
    "add_idea",
    "check",
    "check_splits",
    "collect",
    "compare",
    "db",
    "demo",
    "example_weights",
    "gaps",
    "ideas",
    "init",
    "knobs",
    "next_steps",
    "operating_point",
    "reweight",
    "select",
    "size",
    "split",
    "table",
    "wear",
    "write_report",
]

_HOME = {
    "Answer": "report.answer",
    "Binomial": "stats.forms",
    "CountSpec": "counts",
    "CountTable": "counts",
    "Counts": "counts",
    "Estimate": "stats.forms",
    "Finding": "findings",
    "Fixed": "stats.forms",
    "Gap": "strategy.ladder",
    "Gaps": "strategy.ladder",
    "HeadwayError": "errors",
    "Idea": "strategy.ideas",
    "Intake": "counts",
    "Knob": "strategy.knobs",
    "Metric": "stats.metric",
    "Reference": "strategy.human",
    "Rung": "strategy.ladder",
    "Tier": "strategy.human",
    "Verdict": "findings",
    "Want": "findings",
}
"""Where each value type lives; the use-cases live in the workbench."""


def __getattr__(name: str) -> object:
    """A public name, loaded when it is first used."""
    if name == "__version__":
        return import_module("importlib.metadata").version("headway")
    if name not in __all__:
        message = f"module 'headway' has no attribute '{name}'"
        raise AttributeError(message)
    found = getattr(import_module(f"headway.{_HOME.get(name, 'workbench')}"), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    """The public names."""
    return sorted(__all__)
