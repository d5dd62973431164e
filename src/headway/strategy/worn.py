"""The wear of a dev set as values: looks, optimism, budget, and what to do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from headway.findings import Finding, Verdict, Want
    from headway.stats.forms import Estimate
    from headway.strategy.looked_at import Shown
    from headway.strategy.looks import LookCount
    from headway.strategy.winners import Optimism, Span

__all__ = ["Budget", "Wear"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """How many models a dev set can measure to within the margin, all at once.

    Args:
        n_most: Models it can, at least 0.
        n_left: Looks left until then, at least 0.
        light: ``"green"`` up to half of them, ``"amber"`` up to all of them, ``"red"`` beyond.
        n_enough: Examples on which the looks so far would all lie within the margin.
        n_now: Examples there are.
    """

    n_most: int
    n_left: int
    light: str
    n_enough: int
    n_now: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Wear:
    """How worn the dev set is.

    Args:
        sets: How often each dev and test set was looked at.
        n_looks: Looks at the dev set in use: at least so many, as not every look is logged.
        n_logged: Those of them that are logged.
        metric: The metric judged.
        model: The model whose error is judged, or None where it has no name.
        is_rate: Whether its error is a fraction.
        history: The looks at the dev set in use, by that metric, in time order.
        dev: Its dev error, or None.
        optimism: How far the truth lies above that, or None where no look is known of.
        corrected: The error it is likely to have, or None.
        test: Its test error, or None; its interval holds for several looks at once.
        gap: Test error less dev error, or None.
        explained: Whether the optimism explains the gap: ``"within"``, ``"beyond"`` (more than
            that), ``"below"`` (less), or None.
        budget: The budget of dev, or None.
        test_used: Looks at the test set in use.
        test_allowed: Looks that it stands for.
        verdict: Whether dev flatters this model by more than the margin.
        settled_by: ``"test"`` or ``"looks"``: what the verdict stands on; empty where it is open.
        margin: Smallest difference that matters.
        level: Level of the intervals.
        test_level: Level of the intervals of test and of the gap.
        n_test: Test examples that would settle an open verdict, or None.
        n_dev: Dev examples that are needed with them, or None.
        wants: What would settle what is open.
        findings: What is said.
    """

    sets: tuple[LookCount, ...]
    n_looks: int
    n_logged: int
    metric: str
    model: str | None
    is_rate: bool
    history: tuple[Shown, ...]
    dev: Estimate | None
    optimism: Optimism | None
    corrected: Span | None
    test: Estimate | None
    gap: Estimate | None
    explained: str | None
    budget: Budget | None
    test_used: int
    test_allowed: int
    verdict: Verdict
    margin: float
    level: float
    test_level: float
    settled_by: str = ""
    n_test: int | None = None
    n_dev: int | None = None
    wants: tuple[Want, ...] = ()
    findings: tuple[Finding, ...] = ()
