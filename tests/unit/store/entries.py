"""Entries of a ledger as the tests write them."""

from __future__ import annotations

from typing import Any

from headway.counts import CountTable
from headway.joint import JointCounts
from headway.strategy.history import Comparison, Tally
from headway.strategy.looks import Look


def look(model: str = "m", **more: Any) -> Look:
    """A look at the dev error of a model."""
    given: dict[str, Any] = {
        "when": "",
        "split": "dev",
        "fingerprint": "ab",
        "metric": "error",
        "value": 0.1,
        "n": 100,
    }
    return Look(model=model, **{**given, **more})


def comparison(**more: Any) -> Comparison:
    """Two models on a hundred examples."""
    given: dict[str, Any] = {
        "a": "A",
        "b": "B",
        "fingerprint": "ab",
        "metric": "error",
        "errors": {"adult": (3, 0), "other": (0, 5)},
        "n": 100,
        "a_only": 5,
        "b_only": 3,
    }
    return Comparison(**{**given, **more})


def tally() -> Tally:
    """Joint counts of two models with a label and a sum."""
    table = CountTable.of(
        ("split", "pattern", "label"),
        [("dev", 0, "cat"), ("dev", 3, "dog"), ("dev", 1, None)],
        [5, 90, 5],
        {"w": [5.0, 90.5, 5.0]},
    )
    joint = JointCounts(
        models=("A", "B"),
        answers="correct",
        base=2,
        classes=(),
        table=table,
        unshared={"A": 0, "B": 2},
        n_shared=100,
    )
    return Tally(split="dev", fingerprint="ab", joint=joint)
