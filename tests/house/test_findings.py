from __future__ import annotations

import re

from tests.house.tree import DOCS, dotted, modules

CODE = re.compile(r"\bHW\d{3}\b")

FLOORS = {"strategy", "studies", "store", "answers", "workbench"}

REFERRING = {"strategy.problems"}
"""What to do about a finding is said apart from the finding."""


def used() -> set[str]:
    """The finding codes in the source."""
    return {code for path in modules() for code in CODE.findall(path.read_text(encoding="utf-8"))}


def anchors() -> list[str]:
    """The finding codes that head a section of docs/findings.md."""
    page = (DOCS / "findings.md").read_text(encoding="utf-8")
    return re.findall(r"^#+ (HW\d{3})\b", page, flags=re.MULTILINE)


def test_codes_when_compared_with_the_page_then_each_has_one_section_and_no_other() -> None:
    assert sorted(used()) == sorted(anchors())


def test_codes_when_looked_for_then_each_is_worded_in_one_module() -> None:
    worded: dict[str, set[str]] = {}
    for path in modules():
        if dotted(path).split(".")[0] in FLOORS and dotted(path) not in REFERRING:
            for code in CODE.findall(path.read_text(encoding="utf-8")):
                worded.setdefault(code, set()).add(dotted(path))
    assert {} == {code: names for code, names in worded.items() if len(names) > 1}
