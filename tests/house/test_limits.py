from __future__ import annotations

import ast

from tests.house.tree import (
    ROOT,
    Function,
    classes,
    dotted,
    functions,
    modules,
    public_names,
    python_files,
)

MODULE_LINES = 600
FUNCTION_LINES = 60
USUAL_LINES = 40
"""Nineteen functions in twenty are shorter."""

POSITIONAL = 5
NESTING = 3
PUBLIC_NAMES = 8
DOORS = {"__init__", "__main__"}

VALUE = "dataclass(frozen=True, slots=True, kw_only=True"
BLOCKS = (ast.If, ast.For, ast.While, ast.With, ast.Try, ast.Match)


def lines(function: Function) -> int:
    """Lines of a function without its docstring."""
    first = function.body[0]
    is_docstring = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
    docstring = (first.end_lineno or 0) - first.lineno + 1 if is_docstring else 0
    return (function.end_lineno or 0) - function.lineno + 1 - docstring


def positional(function: Function) -> int:
    """Arguments that may be given by position, self and cls aside."""
    named = [argument.arg for argument in (*function.args.posonlyargs, *function.args.args)]
    return len([name for name in named if name not in {"self", "cls"}])


def nesting(node: ast.AST, depth: int = 0) -> int:
    """How deep blocks stand in blocks; `elif` is no deeper than its `if`."""
    deepest = depth
    for child in ast.iter_child_nodes(node):
        chained = isinstance(node, ast.If) and isinstance(child, ast.If) and node.orelse == [child]
        inner = depth + (isinstance(child, BLOCKS) and not chained)
        deepest = max(deepest, nesting(child, inner))
    return deepest


def test_files_when_measured_then_have_at_most_600_lines() -> None:
    sizes = {
        str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines())
        for path in python_files("src", "tests", "scripts", "bench")
    }
    assert [] == [(name, size) for name, size in sizes.items() if size > MODULE_LINES]


def test_functions_when_measured_then_have_at_most_60_lines() -> None:
    sizes = [
        (dotted(path), node.name, lines(node)) for path in modules() for node in functions(path)
    ]
    assert [] == [size for size in sizes if size[2] > FUNCTION_LINES]


def test_functions_when_measured_then_19_in_20_have_fewer_than_40_lines() -> None:
    sizes = [
        (lines(node), dotted(path), node.name) for path in modules() for node in functions(path)
    ]
    long = sorted(size for size in sizes if size[0] >= USUAL_LINES)
    assert len(long) <= 0.05 * len(sizes), long


def test_functions_when_read_then_take_at_most_five_positional_arguments() -> None:
    taken = [
        (dotted(path), node.name, positional(node))
        for path in modules()
        for node in functions(path)
    ]
    assert [] == [each for each in taken if each[2] > POSITIONAL]


def test_functions_when_read_then_nest_at_most_three_deep() -> None:
    depths = [
        (dotted(path), node.name, nesting(node)) for path in modules() for node in functions(path)
    ]
    assert [] == [each for each in depths if each[2] > NESTING]


def test_modules_when_read_then_list_at_most_eight_public_names() -> None:
    listed = {dotted(path): public_names(path) for path in modules()}
    listed = {name: p for name, p in listed.items() if name.rpartition(".")[2] not in DOORS}
    assert [] == [name for name, public in listed.items() if public is None]
    few = {name: public or [] for name, public in listed.items() if name != "workbench"}
    assert [] == [name for name, public in few.items() if len(public) > PUBLIC_NAMES]


def test_values_when_declared_then_are_frozen_with_slots_and_named_arguments() -> None:
    loose = [
        (dotted(path), node.name)
        for path in modules()
        for node in classes(path)
        for decorator in node.decorator_list
        if "dataclass" in ast.unparse(decorator) and not ast.unparse(decorator).startswith(VALUE)
    ]
    assert [] == loose
