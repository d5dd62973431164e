from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from tests.house.tree import PACKAGE, classes, dotted, functions, modules, parsed

if TYPE_CHECKING:
    from pathlib import Path

LOADED_WHEN_ASKED = {
    *("__init__", "cli.main", "frames.formats.mlflow"),
    *("store.ledger", "store.state"),
    *("studies.demo", "studies.digits"),
    "workbench.side_by_side",
}
"""The root and the commands load what is asked for; a project alone needs SQLAlchemy, the demo
and the check of splits alone scikit-learn, which takes as long to load as all the rest, and MLflow
is an extra."""

DOORS = {"errors", "workbench"}
"""The two rooms that are entered from everywhere: each lists its names in one place."""

MAY_THROW_DICE = {"opening", "answers", "workbench", "cli", "app", "studies"}
"""Below, a generator is an argument."""

DICE = {"default_rng", "Generator", "PCG64", "RandomState"}

SEEDED_BY_THEIR_COUNTS = {
    *("stats.changes._limits", "stats.changes._variance", "stats.nested.nested_limits"),
    *("stats.paired_metrics._delta", "stats.scores._calibration", "stats.tallies.cell_draws"),
    *("strategy.changes._ladders", "frames.sample.sample"),
}
"""Exceptions: the same counts must give the same answer, whatever was drawn before, so these seed
their draws by the counts themselves or always alike. A sample of rows has the question's seed,
which chooses its rows by a hash inside the engine first."""

MAY_INHERIT_FROM = {
    *(
        "Generic",
        "Protocol",
        "NamedTuple",
        "TypedDict",
        "IntEnum",
        "StrEnum",
        "ValueError",
        "HeadwayError",
    ),
    *(
        "BaseModel",
        "BaseSettings",
        "_Section",
        "click.Command",
        "click.Group",
        "click.ParamType",
        "_Number",
    ),
}
"""Shapes of data, and what a guest asks of its users; no hierarchy of our own. (A ``_Section`` of
the project file is a pydantic model with the strictness that all of them share; ``_Number`` is
click's type of parameters.)"""


def called(tree: ast.AST) -> set[str]:
    """The names of all that is called in a tree: ``default_rng``, ``import_module``, ..."""
    calls = [node.func for node in ast.walk(tree) if isinstance(node, ast.Call)]
    return {ast.unparse(function).split(".")[-1] for function in calls}


def makers(path: Path) -> set[str]:
    """What makes a generator of random numbers: functions, or the module itself."""
    name = dotted(path)
    alone = [n for n in parsed(path).body if not isinstance(n, ast.FunctionDef | ast.ClassDef)]
    itself = {name} if any(called(node) & DICE for node in alone) else set()
    return itself | {f"{name}.{f.name}" for f in functions(path) if called(f) & DICE}


def loads(tree: ast.AST) -> bool:
    """Whether a tree holds an import in any form."""
    found = any(isinstance(node, ast.Import | ast.ImportFrom) for node in ast.walk(tree))
    return found or bool(called(tree) & {"import_module", "__import__"})


def test_imports_inside_functions_when_listed_then_are_the_listed_exceptions() -> None:
    inside = {dotted(path) for path in modules() for node in functions(path) if loads(node)}
    assert set() == inside - LOADED_WHEN_ASKED


def test_generators_of_random_numbers_when_made_then_are_made_on_the_upper_floors_only() -> None:
    below = [path for path in modules() if dotted(path).split(".")[0] not in MAY_THROW_DICE]
    assert SEEDED_BY_THEIR_COUNTS == {maker for path in below for maker in makers(path)}


def test_classes_when_read_then_form_no_hierarchy() -> None:
    parents = [
        (dotted(path), node.name, ast.unparse(parent).split("[")[0])
        for path in modules()
        for node in classes(path)
        for parent in node.bases
    ]
    assert [] == [each for each in parents if each[2] not in MAY_INHERIT_FROM]


def test_floors_init_files_when_read_then_are_empty_but_for_two_doors() -> None:
    full = {path.parent.name for path in PACKAGE.rglob("*/__init__.py") if path.stat().st_size}
    assert DOORS == full
