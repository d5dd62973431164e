"""Documents as data, compared with files: a change of words or numbers shows in the diff."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

from headway.errors import ColumnError
from headway.report.compose import document, report
from headway.strategy.knobs import KNOBS, KnobMap
from headway.strategy.size import of_total
from tests.unit.report.ladders import (
    CASES,
    INTAKE,
    broken_down,
    sources,
    steps,
    team_ideas,
)
from tests.unit.report.stores import store
from tests.unit.report.versions import change, preference

if TYPE_CHECKING:
    from headway.report.document import Document

HERE: Final = Path(__file__).parent

LADDERS: Final = ("dominant", "bare", "confounded", "depends", "holes", "loss")


def ladder_page(name: str) -> Document:
    """The document of one ladder."""
    return document(CASES[name](), intake=INTAKE)


def steps_page(name: str) -> Document:
    """The document of the next steps on one ladder."""
    return document(steps(name))


DOCUMENTS: Final[Mapping[str, Callable[[], Document]]] = {
    **{f"gaps_{name}": partial(ladder_page, name) for name in LADDERS},
    **{f"next_{name}": partial(steps_page, name) for name in ("tied", "depends")},
    "gaps_broken_down": lambda: document(broken_down()),
    "report": lambda: report(steps(), ideas=team_ideas(), table=sources(), intake=INTAKE),
    "ideas": lambda: document(team_ideas()),
    "table": lambda: document(sources()),
    "knobs": lambda: document(KnobMap(knobs=KNOBS)),
    "size": lambda: document(of_total(1_000_000, 0.05)),
    "db": lambda: document(store()),
    "compare": lambda: document(change({"train": (100, 5, 150), "dev": (400, 8, 8)})),
    "reweight": lambda: document(preference()),
    "refusal": lambda: document(ColumnError.missing("label", "lable", ["id", "label"])),
}

LEFT_OUT: Final = ("settings", "findings", "intake")
"""Parts of a document that it was given and did not compose."""


def written(value: object, indent: str = "") -> str:
    """JSON in which everything that fits stands on one line, so that a diff can be read."""
    line = json.dumps(value, ensure_ascii=False)
    if len(indent) + len(line) <= 120 or not isinstance(value, dict | list) or not value:
        return line
    deeper = f"{indent} "
    if isinstance(value, dict):
        parts = [f"{json.dumps(k)}: {written(item, deeper)}" for k, item in value.items()]
    else:
        parts = [written(item, deeper) for item in value]
    left, right = "{}" if isinstance(value, dict) else "[]"
    body = f",\n{deeper}".join(parts)
    return f"{left}\n{deeper}{body}\n{indent}{right}"


def plain(value: object, name: str = "") -> object:
    """A value as JSON can hold it; chances are drawn, so they keep two decimals."""
    if is_dataclass(value) and not isinstance(value, type):
        parts = {
            field.name: plain(getattr(value, field.name), field.name)
            for field in fields(value)
            if field.name not in LEFT_OUT and getattr(value, field.name) != field.default
        }
        return {"type": type(value).__name__, **parts}
    if isinstance(value, Enum):
        return str(value)
    if isinstance(value, Mapping):
        return {str(key): plain(item, str(key)) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [plain(item) for item in value]
    if isinstance(value, float):
        return round(value, 2 if name == "p_largest" else 9)
    return value


@pytest.mark.parametrize("name", DOCUMENTS)
def test_document_when_composed_then_equals_the_golden_one(
    name: str, request: pytest.FixtureRequest
) -> None:
    path = HERE / f"{name}.json"
    found = f"{written(plain(DOCUMENTS[name]()))}\n"
    if request.config.getoption("--update-golden", default=False):
        path.write_text(found, encoding="utf-8")
    assert path.read_text(encoding="utf-8") == found


def test_golden_when_listed_then_every_file_has_its_document() -> None:
    assert set(DOCUMENTS) == {path.stem for path in HERE.glob("*.json")}
