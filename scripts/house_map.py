"""Write the floors and the map of modules into docs/house.md, from the tree itself."""

from __future__ import annotations

import ast
import configparser
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "src" / "headway"
PAGE = ROOT / "docs" / "house.md"
BEGIN = "<!-- The map: written by `make map`. -->"
END = "<!-- The end of the map. -->"


def floors() -> list[list[str]]:
    """The names on each floor that exists, lowest floor first, as .importlinter lists them."""
    contracts = configparser.ConfigParser()
    contracts.read(ROOT / ".importlinter", encoding="utf-8")
    lines = contracts["importlinter:contract:floors"]["layers"].split("\n")
    names = [[name.strip(" ()") for name in line.split("|")] for line in lines if line.strip()]
    here = [[name for name in floor if exists(name)] for floor in reversed(names)]
    return [floor for floor in here if floor]


def exists(name: str) -> bool:
    """Whether a module or a package of this name stands in the house."""
    return (PACKAGE / f"{name}.py").exists() or (PACKAGE / name).is_dir()


def modules(name: str) -> list[Path]:
    """The modules of one floor room that are not empty, relative to the package, in order."""
    room = PACKAGE / name
    found = [PACKAGE / f"{name}.py", *sorted(room.rglob("*.py"))]
    return [path.relative_to(PACKAGE) for path in found if path.exists() and path.stat().st_size]


def purpose(module: Path) -> str:
    """The first line of a module's docstring."""
    docstring = ast.get_docstring(ast.parse((PACKAGE / module).read_text(encoding="utf-8"))) or ""
    return docstring.split("\n")[0].replace("|", "\\|")


def house_map() -> str:
    """The floors as a picture and the modules of each as a table."""
    numbered = list(enumerate(floors(), start=1))
    picture = [f" floor {number}  {' | '.join(names)}" for number, names in reversed(numbered)]
    lines = [BEGIN, "", "```text", *picture, "```", "", "### The doors", "", *table(doors())]
    for number, names in numbered:
        found = [module for name in names for module in modules(name)]
        lines += ["", f"### Floor {number}: {', '.join(names)}", "", *table(found)]
    return "\n".join([*lines, "", END])


def doors() -> list[Path]:
    """The modules on no floor: what `import headway` and `python -m headway` open."""
    return [Path(name) for name in ("__init__.py", "__main__.py") if (PACKAGE / name).exists()]


def table(paths: list[Path]) -> list[str]:
    """A Markdown table of modules and their purpose."""
    rows = [f"| `{path.as_posix()}` | {purpose(path)} |" for path in paths]
    return ["| Module | Purpose |", "| --- | --- |", *rows]


def with_map(page: str) -> str:
    """The page with its map renewed."""
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    return before + house_map() + after


if __name__ == "__main__":
    PAGE.write_text(with_map(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
