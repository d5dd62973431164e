from __future__ import annotations

import ast
import re
import sys
import tomllib

from scripts.oldest import pins
from tests.house.tree import ROOT, modules, parsed

DISTRIBUTION = {
    "PIL": "pillow",
    "sklearn": "scikit-learn",
    "pydantic_settings": "pydantic-settings",
}
"""Where what is imported and what is installed have different names."""

NOT_PINNED = {"mlflow-skinny", "torch"}
"""One talks to a server that no test has; the build of the other depends on the machine."""

PYPROJECT = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
PROJECT = tomllib.loads(PYPROJECT)["project"]


def name(line: str) -> str:
    """The name in a line of dependencies."""
    found = re.match(r"[A-Za-z0-9_-]+", line)
    assert found
    return found[0].lower().replace("_", "-")


def imported() -> set[str]:
    """The third-party packages that the source imports, under the names they install as."""
    nodes = [node for path in modules() for node in ast.walk(parsed(path))]
    whole = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    parts = {node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)}
    tops = {module.split(".")[0] for module in whole | parts}
    outside = tops - set(sys.stdlib_module_names) - {"headway", "scripts", "tests"}
    return {DISTRIBUTION.get(top, top) for top in outside}


def test_dependencies_when_compared_with_the_source_then_each_has_a_caller() -> None:
    required = {name(line) for line in PROJECT["dependencies"]}
    assert set() == required - imported()


def test_imports_when_compared_with_the_dependencies_then_are_required_or_an_extra() -> None:
    extras = [line for lines in PROJECT["optional-dependencies"].values() for line in lines]
    allowed = {name(line) for line in [*PROJECT["dependencies"], *extras]}
    assert set() == imported() - allowed


def test_dependencies_when_pinned_to_their_oldest_then_each_has_a_lower_bound() -> None:
    pinned = {name(line) for line in pins(PYPROJECT)}
    assert set() == {name(line) for line in PROJECT["dependencies"]} - pinned


def test_constraints_when_read_then_pin_every_dependency_but_two() -> None:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pinned = {name(line) for line in lines if "==" in line}
    extras = [line for lines in PROJECT["optional-dependencies"].values() for line in lines]
    wanted = {name(line) for line in [*PROJECT["dependencies"], *extras]}
    assert NOT_PINNED == wanted - pinned - {"headway"}
