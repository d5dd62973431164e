from __future__ import annotations

import ast
from collections import Counter
from pathlib import Path

from tests.cases.catalogue import BUILT, CASES, case_of

HERE = Path(__file__).parent


def written() -> list[str]:
    """The names of the tests of this folder, those of this file aside."""
    files = [path for path in HERE.glob("test_*.py") if path != Path(__file__)]
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in files]
    nodes = [node for tree in trees for node in tree.body if isinstance(node, ast.FunctionDef)]
    return [node.name for node in nodes if node.name.startswith("test_")]


def test_built_cases_when_counted_then_each_has_exactly_one_test() -> None:
    tests = Counter(written())
    built = [case for case in CASES.values() if case.issue in BUILT]
    assert {case.id: 1 for case in built} == {case.id: tests[case.test] for case in built}


def test_tests_when_read_then_each_is_named_after_a_case() -> None:
    assert [] == [name for name in written() if case_of(name) is None]
