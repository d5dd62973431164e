from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tests.house.tree import DOCS, ROOT, text_files

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ELSEWHERE = re.compile(r"/(?:work|root|opt|home|Users)/[\w.]|\bfile:///|[A-Z]:\\\\")
"""Paths of one machine, where a path of the repository or a made-up one belongs."""

SENTENCE_ENDS = re.compile(r"[a-z0-9`*)]{2}[.!?] +(?=[A-Z`*])")


def prose(page: Path) -> Iterator[tuple[int, str]]:
    """The numbered lines of a Markdown page that are neither code nor a table."""
    fenced = False
    for number, line in enumerate(page.read_text(encoding="utf-8").splitlines(), start=1):
        fence = line.lstrip().startswith(("```", "~~~"))
        fenced ^= fence
        if not fence and not fenced and not line.lstrip().startswith(("|", "<", "#")):
            yield number, line


def test_text_files_when_read_then_end_with_one_newline() -> None:
    texts = {path: path.read_bytes().decode("utf-8") for path in text_files()}
    untidy = [
        str(path.relative_to(ROOT))
        for path, text in texts.items()
        if text
        and path.suffix != ".json"
        and (not text.endswith("\n") or text.endswith("\n\n") or "\r" in text)
    ]
    assert [] == untidy


def test_text_files_when_read_then_name_no_path_of_one_machine() -> None:
    found = [
        (str(path.relative_to(ROOT)), match.group())
        for path in text_files()
        for match in ELSEWHERE.finditer(path.read_text(encoding="utf-8"))
    ]
    assert [] == found


def test_markdown_when_read_then_has_one_sentence_per_line() -> None:
    pages = [*DOCS.rglob("*.md"), *ROOT.glob("*.md")]
    crowded = [
        f"{page.relative_to(ROOT)}:{number}"
        for page in pages
        for number, line in prose(page)
        if page != DOCS / "cli.md" and SENTENCE_ENDS.search(line)
    ]
    assert [] == crowded
