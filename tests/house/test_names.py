from __future__ import annotations

import ast
import re

from tests.house.tree import ROOT, classes, dotted, functions, modules, parsed, python_files

FORBIDDEN = {
    *("util", "utils", "helper", "helpers", "manager", "base", "misc", "common", "core"),
    *("tool", "tools", "handler", "handlers", "processor", "service", "services"),
}
"""Words that say nothing about what is inside."""

NEVER = {
    *("y_hat", "yhat", "y_true", "y_pred", "proba", "cnt", "pct", "percent", "ci", "alpha", "conf"),
    *("valid", "validation", "holdout", "prod", "cohort", "segment", "mislabeled", "gt", "delta"),
}
"""Words of the field that are spelled otherwise here; docs/glossary.md has the spelling."""

SHOWS_PERCENT = {"wording", "report.numbers"}
"""Where a rate may become percent."""


def words(name: str) -> set[str]:
    """The words of a name in snake or camel case."""
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name)
    return set(spaced.lower().split("_"))


def test_file_names_when_read_then_hold_no_forbidden_word() -> None:
    files = python_files("src", "tests", "scripts", "bench")
    assert [] == [str(path.relative_to(ROOT)) for path in files if words(path.stem) & FORBIDDEN]


def test_functions_and_classes_when_read_then_hold_no_forbidden_word() -> None:
    named = [
        (dotted(path), node.name)
        for path in modules()
        for node in (*functions(path), *classes(path))
    ]
    assert [] == [(module, name) for module, name in named if words(name) & FORBIDDEN]


def test_variables_when_read_then_use_the_words_of_the_glossary() -> None:
    used = {
        (dotted(path), getattr(node, "id", None) or getattr(node, "arg", None))
        for path in modules()
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Name | ast.arg)
    }
    odd = sorted((module, name) for module, name in used if name in NEVER)
    assert [] == [pair for pair in odd if not (pair[0] in SHOWS_PERCENT and pair[1] == "percent")]
