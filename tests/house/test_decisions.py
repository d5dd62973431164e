from __future__ import annotations

import re
import tomllib

from tests.house.tree import DOCS, ROOT

RECORDS = sorted((DOCS / "decisions").glob("[0-9]*.md"))
SECTIONS = ["Context", "Decision", "What it costs", "Enforced by"]


def test_records_when_numbered_then_leave_no_gap_and_head_their_page() -> None:
    numbers = [record.name[:4] for record in RECORDS]
    assert [f"{number:04}" for number in range(1, len(RECORDS) + 1)] == numbers
    heads = [record.read_text(encoding="utf-8")[:7] for record in RECORDS]
    assert [f"# {number} " for number in numbers] == heads


def test_records_when_read_then_have_the_four_sections() -> None:
    found = {
        record.name: re.findall(r"^## (.+)$", record.read_text(encoding="utf-8"), re.MULTILINE)
        for record in RECORDS
    }
    assert dict.fromkeys(found, SECTIONS) == found


def test_records_when_they_name_what_enforces_them_then_it_exists() -> None:
    named = [
        (record.name, path)
        for record in RECORDS
        for path in re.findall(
            r"`((?:tests|bench|docs)/[\w./-]+|\.importlinter)`", record.read_text(encoding="utf-8")
        )
    ]
    assert [] == [(record, path) for record, path in named if not (ROOT / path).exists()]


def test_slips_when_compared_with_the_cases_then_are_the_same() -> None:
    text = (ROOT / "tests/cases/notes_cases.toml").read_text(encoding="utf-8")
    with_slip = {case["id"] for case in tomllib.loads(text)["case"] if "slip" in case}
    page = (DOCS / "decisions/0009-the-slips-of-the-notes.md").read_text(encoding="utf-8")
    assert with_slip == set(re.findall(r"\| `([a-z0-9-]+)` \|$", page, re.MULTILINE))
