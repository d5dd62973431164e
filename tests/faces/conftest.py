from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import pytest

from headway.cli.main import main

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True)
class Ran:
    """What a command line did."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> dict[str, Any]:
        """Its standard output as JSON."""
        found: dict[str, Any] = json.loads(self.out)
        return found


class Headway(Protocol):
    """Runs a command line in this process."""

    def __call__(self, *args: str) -> Ran: ...


@pytest.fixture
def headway(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Headway:
    """The command line, in an empty folder, without a terminal."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("COLUMNS", raising=False)

    def run(*args: str) -> Ran:
        with pytest.raises(SystemExit) as stop:
            main(list(args))
        out, err = capsys.readouterr()
        return Ran(int(stop.value.code or 0), out, err)

    return run


@pytest.fixture
def predictions(tmp_path: Path) -> Path:
    """A small table of predictions: train 2 %, train-dev 9 %, dev 10 %, in a file."""
    rows = [
        f"{split},{int(k < errors)},0\n"
        for split, n, errors in (("train", 400, 8), ("train_dev", 300, 27), ("dev", 300, 30))
        for k in range(n)
    ]
    path = tmp_path / "predictions.csv"
    path.write_text("split,label,prediction\n" + "".join(rows), encoding="utf-8")
    return path
