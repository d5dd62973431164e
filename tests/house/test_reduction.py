from __future__ import annotations

import ast
import re

from tests.house.tree import dotted, modules, parsed

PLAIN = {"sum", "count", "min", "max", "mean"}
"""Aggregates that every engine computes alike, of a bare column."""

UNEQUAL = {
    *("all", "any", "first", "implode", "kurtosis", "last", "median", "mode", "n_unique"),
    *("null_count", "quantile", "skew", "std", "var"),
}
"""Aggregates that some engine lacks or computes otherwise."""

BARE_COLUMN = re.compile(r"nw\.col\([^()]*\)")


def aggregates() -> list[tuple[str, str, str]]:
    """Module, aggregated expression and method of every narwhals aggregate in the source."""
    calls = [
        (dotted(path), node.func)
        for path in modules()
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    ]
    found = [(name, ast.unparse(method.value), method.attr) for name, method in calls]
    return [each for each in found if each[1].startswith("nw.") and each[2] in PLAIN | UNEQUAL]


def test_aggregates_when_read_then_are_plain_sums_of_bare_columns() -> None:
    odd = [each for each in aggregates() if not BARE_COLUMN.fullmatch(each[1])]
    assert [] == odd + [each for each in aggregates() if each[2] in UNEQUAL]


def test_frames_when_read_then_aggregate_at_all() -> None:
    assert {name.split(".")[0] for name, _, _ in aggregates()} <= {"frames"}
    assert aggregates()
