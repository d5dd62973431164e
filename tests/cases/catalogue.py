"""The worked examples and the advice of the notes, as facts."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

BUILT: Final = frozenset({"spine", "target"})
"""The issues whose cases must each have their test; an issue joins when it is built."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One case: its id, the issue that builds it, its topic, and what it says.

    ``facts`` holds the rest as written: ``given``, ``expect``, ``says``, ``slip``, ...
    """

    id: str
    issue: str
    origin: str
    topic: str
    facts: dict[str, Any]

    @property
    def test(self) -> str:
        """The name of its test."""
        return f"test_{self.id.replace('-', '_')}"

    def __getitem__(self, key: str) -> Any:
        """A fact: ``case["given"]``."""
        return self.facts[key]


def cases() -> list[Case]:
    """All cases, in the order of the notes."""
    text = Path(__file__).with_name("notes_cases.toml").read_text(encoding="utf-8")
    heads = ("id", "issue", "origin", "topic")
    return [
        Case(
            **{head: entry[head] for head in heads},
            facts={key: value for key, value in entry.items() if key not in heads},
        )
        for entry in tomllib.loads(text)["case"]
    ]


CASES: Final = {case.test: case for case in cases()}


def case_of(test: str) -> Case | None:
    """The case of a test: its name up to a double underscore or a parameter."""
    return CASES.get(test.partition("[")[0].partition("__")[0])
