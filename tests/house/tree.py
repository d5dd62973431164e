"""The source tree as the house tests read it."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT: Final = Path(__file__).resolve().parents[2]
PACKAGE: Final = ROOT / "src" / "headway"
DOCS: Final = ROOT / "docs"

Function: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef


def python_files(*folders: str) -> list[Path]:
    """All Python files under folders of the repository, in order."""
    return [path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]


def modules() -> list[Path]:
    """The modules of the package that are not empty."""
    return [path for path in python_files("src") if path.stat().st_size]


def dotted(path: Path) -> str:
    """The name of a module inside the package: ``frames.reduce``."""
    return ".".join(path.relative_to(PACKAGE).with_suffix("").parts)


@cache
def parsed(path: Path) -> ast.Module:
    """The syntax tree of a file."""
    return ast.parse(path.read_text(encoding="utf-8"))


def functions(path: Path) -> Iterator[Function]:
    """All functions and methods of a file, nested ones too."""
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def classes(path: Path) -> Iterator[ast.ClassDef]:
    """All classes of a file."""
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.ClassDef):
            yield node


def public_names(path: Path) -> list[str] | None:
    """What a module lists in ``__all__``, or None where it has no such list."""
    for node in parsed(path).body:
        if isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            named = [target.id for target in targets if isinstance(target, ast.Name)]
            if named == ["__all__"] and isinstance(node.value, ast.List | ast.Tuple):
                return [ast.literal_eval(item) for item in node.value.elts]
    return None


def text_files() -> list[Path]:
    """Every text file of the repository that people write."""
    folders = ("src", "tests", "docs", "bench", "scripts", ".ci")
    inside = [path for folder in folders for path in sorted((ROOT / folder).rglob("*"))]
    found = [path for path in [*sorted(ROOT.glob("*")), *inside] if path.is_file()]
    endings = {".py", ".md", ".toml", ".txt", ".yml", ".yaml", ".css", ".html", ".jinja", ".json"}
    names = {"Makefile", "LICENSE", "run"}
    return [path for path in found if path.suffix in endings or path.name in names]
