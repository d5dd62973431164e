"""Every block of the documentation runs, page by page, and prints what the page shows."""

from __future__ import annotations

import doctest
import json
import os
import re
import subprocess
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.house.tree import DOCS, ROOT

PAGES = [ROOT / "README.md", *sorted(DOCS.glob("*.md")), *sorted((DOCS / "guide").glob("*.md"))]
FENCE = re.compile(r"^```(\w*)[^\n]*\n(.*?)^```$", flags=re.MULTILINE | re.DOTALL)
NOT_HERE = ("pip ", "make ", "git ", "apt-get ")
"""Commands that install or fetch: shown, not run."""

FLAGS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One fenced block: where it stands, its language and its text."""

    page: Path
    line: int
    language: str
    text: str


def blocks(page: Path) -> list[Block]:
    """The fenced blocks of a page, in order."""
    text = page.read_text(encoding="utf-8") if page.exists() else ""
    return [
        Block(
            page=page,
            line=text[: match.start()].count("\n") + 1,
            language=match[1],
            text=match[2],
        )
        for match in FENCE.finditer(text)
    ]


def commands(text: str) -> list[tuple[str, str]]:
    """The commands of a console block with the output shown below each."""
    found = []
    for part in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
        lines = part.splitlines(keepends=True)
        length = next(i for i, line in enumerate(lines, 1) if not line.rstrip().endswith("\\"))
        found.append(("".join(lines[:length]).strip(), "".join(lines[length:])))
    return found


def run_console(block: Block) -> None:
    """Run each command in a shell and compare what it prints, `...` standing for anything."""
    programs = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    plain = {"COLUMNS": "80", "NO_COLOR": "1", "PATH": programs, "PYTHONPATH": str(ROOT / "src")}
    for command, shown in commands(block.text):
        if command.startswith(NOT_HERE):
            continue
        done = subprocess.run(
            ["bash", "-c", command],
            check=False,
            env={**os.environ, **plain},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT if shown.strip() else subprocess.PIPE,
            text=True,
        )
        refused = "\nHint: " in shown
        assert (3 if refused else 0) == done.returncode, f"$ {command}\n{done.stdout}{done.stderr}"
        if shown.strip():
            got = re.sub(r" +$", "", done.stdout, flags=re.MULTILINE)
            same = doctest.OutputChecker().check_output(shown, got, doctest.ELLIPSIS)
            assert same, f"$ {command}\nshown:\n{shown}\nprinted:\n{got}"


def run_python(block: Block, names: dict[str, object]) -> None:
    """Run a session or a script with the names that the page has made so far."""
    where = f"{block.page.name}:{block.line}"
    if ">>> " not in block.text:
        exec(compile(block.text, where, "exec"), names)  # noqa: S102 - the page is our own
        return
    example = doctest.DocTestParser().get_doctest(block.text, names, where, where, block.line)
    printed: list[str] = []
    runner = doctest.DocTestRunner(optionflags=FLAGS)
    runner.run(example, out=printed.append, clear_globs=False)
    names.update(example.globs)
    assert not printed, "".join(printed)


@pytest.mark.docs
@pytest.mark.parametrize("chapter", PAGES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_blocks_of_a_page_when_run_in_order_then_print_what_is_shown(
    chapter: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {"__name__": "__page__"}
    for block in blocks(chapter):
        match block.language:
            case "console":
                run_console(block)
            case "python" | "pycon":
                run_python(block, names)
            case "toml":
                tomllib.loads(block.text)
            case "json":
                json.loads(block.text)


def test_blocks_when_listed_then_each_has_a_language_that_is_known() -> None:
    known = {"console", "python", "pycon", "toml", "json", "text", "make"}
    found = [block for page in PAGES for block in blocks(page)]
    odd = [block for block in found if block.language not in known]
    assert [] == [f"{block.page.name}:{block.line} {block.language}" for block in odd]
