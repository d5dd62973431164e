from __future__ import annotations

import ast
import inspect
import re
import textwrap
from typing import TYPE_CHECKING

import pytest

from headway import errors
from headway.errors import HeadwayError
from tests.house.tree import PACKAGE, dotted, functions, modules, parsed, python_files

if TYPE_CHECKING:
    from pathlib import Path

KINDS = HeadwayError.__subclasses__()
NOT_REFUSALS = {
    "__init__": {"AttributeError"},
    "cli": {"click.Abort", "click.BadParameter", "click.UsageError"},
    "report": {"TypeError"},
}
"""What Python and click ask a door to raise, and a result type that nobody composes."""


def refusals(kind: type[HeadwayError]) -> list[str]:
    """The class methods of a kind: each words one refusal."""
    return [name for name, value in vars(kind).items() if isinstance(value, classmethod)]


def problem(kind: type[HeadwayError], name: str) -> list[str]:
    """The fixed parts of the first sentence of a refusal."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(getattr(kind, name))))
    built = next(
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "cls"
    )
    texts = [node.value for node in ast.walk(built.args[0]) if isinstance(node, ast.Constant)]
    return [text for text in texts if isinstance(text, str)]


def reads(tests: str, parts: list[str]) -> bool:
    """Whether the tests hold twelve letters in a row of a sentence."""
    windows = [part[start : start + 12] for part in parts for start in range(len(part) - 11)]
    return any(window in tests for window in windows or parts)


def refusing(path: Path) -> set[str]:
    """The private functions of a module that return a refusal, to be raised by their caller."""
    kinds = {HeadwayError.__name__, *(kind.__name__ for kind in KINDS)}
    return {
        node.name for node in functions(path) if node.returns and ast.unparse(node.returns) in kinds
    }


def allowed(module: str) -> set[str]:
    """What a module may raise besides refusals."""
    floor = module.partition(".")[0]
    return {"AssertionError"} | NOT_REFUSALS.get(module, set()) | NOT_REFUSALS.get(floor, set())


def raised(tree: ast.AST) -> set[str]:
    """What a tree raises, as text without its arguments; what is raised again is left out."""
    nodes = [node.exc for node in ast.walk(tree) if isinstance(node, ast.Raise)]
    return {ast.unparse(node).split("(")[0] for node in nodes if node is not None}


def test_kinds_when_compared_then_have_distinct_codes_and_are_listed() -> None:
    assert len(KINDS) == len({kind.code for kind in KINDS} - {HeadwayError.code})
    assert {kind.__name__ for kind in KINDS} < set(errors.__all__)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.code)
def test_kind_when_read_then_words_a_refusal_of_three_sentences(kind: type[HeadwayError]) -> None:
    tree = ast.parse(inspect.getsource(kind))
    built = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "cls"
    ]
    assert [] == [ast.unparse(node) for node in built if len(node.args) != 3]


def test_refusals_when_looked_for_then_are_used() -> None:
    source = "\n".join(path.read_text(encoding="utf-8") for path in modules())
    listed = [(kind.__name__, name) for kind in KINDS for name in refusals(kind)]
    used = {*re.findall(r"\b([A-Z]\w+Error)\.(\w+)\(", source)}
    assert set() == set(listed) - used


def test_refusals_when_looked_for_in_the_tests_then_their_problem_is_read() -> None:
    tests = "\n".join(path.read_text(encoding="utf-8") for path in python_files("tests"))
    unread = [
        f"{kind.__name__}.{name}"
        for kind in KINDS
        for name in refusals(kind)
        if not reads(tests.replace("\\", ""), problem(kind, name))
    ]
    assert [] == unread


def test_raises_when_listed_then_are_refusals_worded_in_errors() -> None:
    words = re.compile(rf"(?:{'|'.join(kind.__name__ for kind in KINDS)})\.[a-z_]+")
    odd = [
        (dotted(path), what)
        for path in modules()
        for what in raised(parsed(path)) - refusing(path) - allowed(dotted(path))
        if path.parent != PACKAGE / "errors" and not words.fullmatch(what)
    ]
    assert [] == odd
