"""Several programs at one store, and one that dies: nothing that was kept is lost."""

from __future__ import annotations

import subprocess
import sys
import time
from collections import Counter
from typing import TYPE_CHECKING, Final

import pytest

from headway.store import ledger as ledgers
from headway.store.state import state
from tests.unit.store.entries import look

if TYPE_CHECKING:
    from headway.store.places import Ledger

WRITERS: Final = 4
WRITES: Final = 50

BEGIN: Final = """
import sys, time
from pathlib import Path
from headway.store import ledger as ledgers
from headway.store.project import Project
from headway.strategy.looks import Look
project = Project.read(Path(sys.argv[1]))
def look(model):
    return Look(when="", split="dev", fingerprint="ab", model=model, metric="error", value=0.1)
"""
MANY: Final = f"""{BEGIN}
print("ready", flush=True)
sys.stdin.readline()
for k in range({WRITES}):
    said = ledgers.remember(project, "headway gaps", [look(sys.argv[2])])
    assert not said, said
"""
DIES: Final = f"""{BEGIN}
from headway.store.engine import writing
from headway.store.rows import _insert
place = ledgers.ledger_of(project)
for k in range(5):
    ledgers.record(place, [look("whole")])
with writing(place) as connection:
    _insert(connection, [look("half")], "headway gaps")
    print("inside", flush=True)
    time.sleep(60)
"""


def started(ledger: Ledger, code: str, name: str = "") -> subprocess.Popen[str]:
    """A program that writes to a ledger."""
    assert ledger.path is not None
    file = ledger.path.parents[1] / "headway.toml"
    file.write_text("", encoding="utf-8")
    return subprocess.Popen(
        [sys.executable, "-c", code, str(file), name],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.mark.slow
@pytest.mark.parametrize("is_made", [True, False], ids=["there", "made by all at once"])
def test_writers_when_four_write_fifty_times_each_then_none_is_lost(
    ledger: Ledger, *, is_made: bool
) -> None:
    if is_made:
        state(ledger, "upgrade")
    writers = [started(ledger, MANY, f"m{k}") for k in range(WRITERS)]
    for writer in writers:
        assert writer.stdout is not None
        assert "ready\n" == writer.stdout.readline()
    ended = [writer.communicate("go\n") for writer in writers]
    assert [("", "")] * WRITERS == ended
    assert [0] * WRITERS == [writer.returncode for writer in writers]
    kept = Counter(found.model for found in ledgers.looks(ledger))
    assert {f"m{k}": WRITES for k in range(WRITERS)} == kept
    assert () == state(ledger, "check").problems
    assert 5 == len(ledgers.changes(ledger))


def test_writer_when_it_is_killed_in_the_middle_then_loses_that_write_alone(
    ledger: Ledger,
) -> None:
    with started(ledger, DIES) as writer:
        assert writer.stdout is not None
        assert "inside\n" == writer.stdout.readline()
        writer.kill()
    begun = time.monotonic()
    ledgers.record(ledger, [look("next")])
    assert time.monotonic() - begun < 5
    assert ["whole"] * 5 + ["next"] == [found.model for found in ledgers.looks(ledger)]
    assert () == state(ledger, "check").problems
