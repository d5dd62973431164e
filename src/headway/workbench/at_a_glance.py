"""What is wrong with the splits, as far as counts tell, for answers about something else."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from headway.frames.marginals import marginals
from headway.frames.sample import split_names
from headway.frames.shared import shared
from headway.opening import frame_of
from headway.strategy import alike, leaks
from headway.strategy.alike import Seen
from headway.strategy.split_check import SplitCheck

if TYPE_CHECKING:
    from headway.findings import Finding
    from headway.store.settings import Asked

__all__ = ["splits_at_a_glance"]

MOST_ROWS: Final = 5_000_000
"""Rows up to which keys that splits share are looked for beside another question."""

COUNTABLE: Final = frozenset({"integer", "boolean", "text", "category"})


def splits_at_a_glance(question: Asked) -> tuple[Finding, ...]:
    """Whether dev and test differ in label or source, and whether splits share ids or groups.

    Args:
        question: What was asked.

    Returns:
        Findings of ``headway check-splits`` that counts alone can tell; none for bare numbers, for
        rows without splits and for very many rows.
    """
    if question.rungs is not None:
        return ()
    frame = frame_of(replace(question, engine=question.engine or "polars"))
    roles = frame.columns.roles
    splits = split_names(frame) if "split" in roles else {}
    n = {split: rows for split, (_, rows) in splits.items()}
    if len(n) < 2 or sum(n.values()) > MOST_ROWS:
        return ()
    held = {
        roles[role]: "value"
        for role in ("source", "label")
        if role in roles and frame.kind_of(role) in COUNTABLE
    }
    pairs = [("dev", "test")] if {"dev", "test"} <= n.keys() else []
    counted = marginals(frame, splits, held, {}) if pairs else {}
    beside = [Seen(first=a, second=b, columns=counted) for a, b in pairs]
    found = tuple(
        leaks.judge_key(
            role,
            (roles[role],),
            shared(frame, [roles[role]], splits),
            inputs=None,
            has_id="id" in roles,
        )
        for role in ("id", "group")
        if role in roles and not (role == "group" and question.ignore_group)
    )
    check = SplitCheck(n=n, alike=alike.judge(beside, level=question.level), sizes=(), leaks=found)
    return check.told().findings
