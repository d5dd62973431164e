from __future__ import annotations

import ast

from scripts.house_map import floors, house_map
from tests.house.tree import DOCS, PACKAGE, dotted, modules, parsed


def test_house_page_when_compared_with_the_tree_then_shows_every_module_and_no_other() -> None:
    page = (DOCS / "house.md").read_text(encoding="utf-8")
    assert house_map() in page, "docs/house.md is out of date: run `make map`"


def test_floors_when_compared_with_the_tree_then_hold_every_room() -> None:
    rooms = {path.relative_to(PACKAGE).parts[0].removesuffix(".py") for path in modules()}
    assert rooms - {"__init__", "__main__"} == {name for floor in floors() for name in floor}


def test_module_docstrings_when_read_then_start_with_one_whole_sentence() -> None:
    firsts = {dotted(path): ast.get_docstring(parsed(path)) or "" for path in modules()}
    assert [] == [
        name for name, text in firsts.items() if not text.split("\n")[0].endswith((".", "?"))
    ]
