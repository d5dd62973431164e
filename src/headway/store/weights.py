"""Weights by rule written into `headway.toml`, with everything else left as it stands."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Final

from headway.errors import ProjectError
from headway.store.project import Project

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from headway.counts import Scalar

__all__ = ["write_weights"]

_TARGET: Final = re.compile(r"^\[target\][^\n]*$", flags=re.MULTILINE)
_SECTION: Final = re.compile(r"^\s*\[", flags=re.MULTILINE)
_KEY: Final = re.compile(r"^[ \t]*weights[ \t]*=[ \t]*", flags=re.MULTILINE)


def write_weights(
    path: Path,
    weights: Sequence[tuple[Mapping[str, Scalar], float]],
    *,
    replace: bool = False,
) -> None:
    """Write weights by rule into the target of a project.

    Args:
        path: The project file.
        weights: Per rule, the values that a row must have and its weight.
        replace: Whether weights that stand there may be replaced.

    Raises:
        ProjectError: If weights are declared already and may not be replaced, the file is not
            what it should be, or it cannot be written.
    """
    project = Project.read(path)
    if project.target.weights and not replace:
        raise ProjectError.weights_declared(str(path), len(project.target.weights))
    rules = [f"{{ where = {_table(where)}, weight = {weight:g} }}" for where, weight in weights]
    text = _with(path.read_text(encoding="utf-8"), f"[{', '.join(rules)}]")
    Project.of(text, path)
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise ProjectError.not_written(str(path), error.strerror or "refused") from error


def _table(where: Mapping[str, Scalar]) -> str:
    """An inline table of TOML."""
    parts = [f"{json.dumps(k, ensure_ascii=False)} = {_value(v)}" for k, v in where.items()]
    return f"{{ {', '.join(parts)} }}"


def _value(value: Scalar) -> str:
    """A value of TOML, which JSON writes alike."""
    return json.dumps(value, ensure_ascii=False)


def _with(text: str, value: str) -> str:
    """The text of a project file with this value for ``target.weights``."""
    line = f"weights = {value}\n"
    head = _TARGET.search(text)
    if head is None:
        start = text if not text or text.endswith("\n") else f"{text}\n"
        return f"{start}\n[target]\n{line}"
    following = _SECTION.search(text, head.end())
    end = len(text) if following is None else following.start()
    key = _KEY.search(text, head.end(), end)
    if key is None:
        after = text[head.end() :].removeprefix("\n")
        return f"{text[: head.end()]}\n{line}{after}"
    stop = _end_of_array(text, key.end())
    return f"{text[: key.start()]}weights = {value}{text[stop:]}"


def _end_of_array(text: str, start: int) -> int:
    """Where the array that starts here ends; brackets in strings and comments do not count."""
    depth, place, quote = 0, start, ""
    while place < len(text):
        char = text[place]
        if quote:
            place += 1 if char == "\\" and quote == '"' else 0
            quote = "" if char == quote else quote
        elif char in "\"'":
            quote = char
        elif char == "#":
            place = text.find("\n", place) if "\n" in text[place:] else len(text)
        else:
            depth += (char == "[") - (char == "]")
        place += 1
        if depth == 0 and char == "]":
            return place
    return len(text)
