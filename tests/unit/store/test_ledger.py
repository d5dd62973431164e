from __future__ import annotations

import getpass
import sqlite3
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from math import isnan, nan
from typing import TYPE_CHECKING

import numpy as np
import pytest

from headway.errors import StoreError
from headway.store import ledger as ledgers
from headway.store import rows
from headway.store.project import Project
from headway.strategy.history import Change
from tests.unit.store.entries import comparison, look, tally

if TYPE_CHECKING:
    from headway.store.places import Ledger


def test_ledger_when_nothing_was_kept_then_reads_as_empty_and_makes_no_file(ledger: Ledger) -> None:
    assert () == ledgers.looks(ledger)
    assert () == ledgers.comparisons(ledger)
    assert () == ledgers.changes(ledger)
    assert ledger.path is not None
    assert not ledger.path.parent.exists()


def test_look_when_kept_then_is_read_as_it_was(ledger: Ledger) -> None:
    ledgers.record(ledger, [look(value=0.125, lower=0.1, upper=None, selected=True)], command="c")
    (found,) = ledgers.looks(ledger)
    assert replace(found, when="", user="") == look(
        value=0.125, lower=0.1, upper=None, selected=True, command="c"
    )


def test_look_when_kept_then_is_dated_in_utc(ledger: Ledger) -> None:
    before = datetime.now(tz=UTC)
    ledgers.record(ledger, [look()])
    (found,) = ledgers.looks(ledger)
    assert before <= datetime.fromisoformat(found.when) <= datetime.now(tz=UTC)
    assert found.when.endswith("Z")


@pytest.mark.parametrize("when", ["2026-01-31T12:00:00+02:00", "2026-01-31T10:00:00"])
def test_look_when_it_has_a_time_then_keeps_it_in_utc(ledger: Ledger, when: str) -> None:
    ledgers.record(ledger, [look(when=when)])
    assert ["2026-01-31T10:00:00.000000Z"] == [found.when for found in ledgers.looks(ledger)]


def test_look_when_its_numbers_are_of_numpy_then_are_kept_as_plain_ones(ledger: Ledger) -> None:
    ledgers.record(ledger, [look(value=np.float32(0.5), n=np.int64(10**10), selected=np.True_)])
    (found,) = ledgers.looks(ledger)
    assert (0.5, 10**10, True) == (found.value, found.n, found.selected)


def test_look_when_its_value_is_unknown_then_stays_unknown(ledger: Ledger) -> None:
    ledgers.record(ledger, [look(value=nan)])
    assert isnan(ledgers.looks(ledger)[0].value)


def test_looks_when_asked_for_one_set_then_are_of_that_set(ledger: Ledger) -> None:
    ledgers.record(ledger, [look("a"), look("b", fingerprint="cd"), look("c", split="test")])
    assert ["a", "b", "c"] == [found.model for found in ledgers.looks(ledger)]
    found = ledgers.looks(ledger, split="dev", fingerprint="ab")
    assert ["a"] == [each.model for each in found]


def test_entries_when_one_cannot_be_kept_then_none_is(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledgers.record(ledger, [look("first")])
    monkeypatch.setattr(rows, "_plain", lambda value, _: None if value == "bad" else value)
    with pytest.raises(StoreError, match="does not answer as it should: NOT NULL"):
        ledgers.record(ledger, [look("good"), look("bad")])
    assert ["first"] == [found.model for found in ledgers.looks(ledger)]


def test_comparison_when_kept_then_is_read_as_it_was(ledger: Ledger) -> None:
    ledgers.record(ledger, [comparison(user="ann"), comparison(fingerprint="cd")], command="c")
    (found,) = ledgers.comparisons(ledger, fingerprint="ab")
    assert comparison(when=found.when, command="c", user="ann") == found
    assert 2 == len(ledgers.comparisons(ledger))


def test_tally_when_kept_twice_then_is_there_once_as_it_was(ledger: Ledger) -> None:
    ledgers.record(ledger, [tally()])
    ledgers.record(ledger, [tally()])
    (found,) = ledgers.tallies(ledger, split="dev", fingerprint="ab")
    assert found.joint.table == tally().joint.table
    assert ("A", "B") == found.joint.models
    assert [0, 1, 1] == sorted(found.joint.digit("A").tolist())
    assert () == ledgers.tallies(ledger, split="test", fingerprint="ab")


def test_change_when_kept_then_is_read_as_it_was(ledger: Ledger) -> None:
    given = Change(what="weights", before=None, after=[{"é": 0.1}], why="B passes bad images")
    ledgers.record(ledger, [given, Change(what="margin", before=0.1, after=None)], command="c")
    (found,) = ledgers.changes(ledger, what="weights")
    assert given == replace(found, when="", command="", user="")
    assert 2 == len(ledgers.changes(ledger))


def test_user_when_the_system_cannot_tell_then_is_empty(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unknown() -> str:
        raise KeyError

    monkeypatch.setattr(getpass, "getuser", unknown)
    ledgers.record(ledger, [look()])
    assert "" == ledgers.looks(ledger)[0].user


def moved(project: Project, text: str) -> Project:
    """The same project with another file."""
    return Project.of(text, project.path)


def test_target_when_first_noted_then_nothing_changed(project: Project, ledger: Ledger) -> None:
    assert () == ledgers.remember(project, "headway gaps")
    first = ledgers.changes(ledger)
    assert {"metric", "weights", "reference", "margin", "limits"} == {each.what for each in first}
    assert all(each.first and each.before is None for each in first)


def test_target_when_it_is_as_it_was_then_nothing_is_added(
    project: Project, ledger: Ledger
) -> None:
    ledgers.remember(project, "headway gaps")
    ledgers.remember(project, "headway gaps")
    assert 5 == len(ledgers.changes(ledger))


def test_target_when_it_moves_then_is_dated_and_said(project: Project, ledger: Ledger) -> None:
    ledgers.remember(project, "headway gaps")
    (found,) = ledgers.remember(moved(project, "[target]\nmargin = 0.02"), "headway next")
    day = ledgers.changes(ledger)[0].when[:10]
    assert "HW381" == found.code
    assert f"The target changed since {day}: the margin (0.01 → 0.02)." in found.sentence
    last = ledgers.changes(ledger)[-1]
    assert (0.01, 0.02, "headway next") == (last.before, last.after, last.command)
    assert not last.first


def test_target_when_it_moves_back_then_that_is_a_change_too(
    project: Project, ledger: Ledger
) -> None:
    for margin in (0.01, 0.02, 0.01):
        ledgers.note_target(moved(project, f"[target]\nmargin = {margin}"), ledger, why="we talked")
    assert [0.01, 0.02, 0.01] == [each.after for each in ledgers.changes(ledger, what="margin")]
    assert "we talked" == ledgers.changes(ledger)[-1].why


def test_dev_set_when_another_is_read_then_is_a_change(project: Project) -> None:
    assert () == ledgers.remember(project, "gaps", fingerprint="ab")
    assert () == ledgers.remember(project, "ideas")
    (found,) = ledgers.remember(project, "gaps", fingerprint="cd")
    assert "the dev set (ab → cd)" in found.sentence


def test_target_when_two_programs_note_it_then_one_entry_is_added(
    project: Project, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledgers.note_target(project, ledger)
    later = moved(project, "[target]\nmargin = 0.02")
    found = rows._found

    def overtaken(*asked: object) -> object:
        monkeypatch.setattr(rows, "_found", found)
        seen = found(*asked)  # type: ignore[arg-type]
        ledgers.note_target(later, ledger)
        return seen

    monkeypatch.setattr(rows, "_found", overtaken)
    assert () == ledgers.note_target(later, ledger)
    assert 2 == len(ledgers.changes(ledger, what="margin"))


def test_remember_when_the_store_is_busy_then_says_so_and_goes_on(
    project: Project, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledgers.record(ledger, [look()])
    monkeypatch.setattr(ledgers, "ledger_of", lambda _: replace(ledger, wait_s=0.1))
    assert ledger.path is not None
    with sqlite3.connect(ledger.path, isolation_level=None) as other:
        other.execute("BEGIN IMMEDIATE")
        (found,) = ledgers.remember(project, "headway gaps", [look()])
    other.close()
    assert "HW382" == found.code
    assert "This answer was not recorded. The store" in found.sentence
    assert 1 == len(ledgers.looks(ledger))


def test_remember_when_there_is_no_project_then_keeps_nothing() -> None:
    assert () == ledgers.remember(None, "headway gaps", [look()])


def test_ledger_when_imported_then_does_not_load_the_database() -> None:
    code = (
        "import sys, headway.store.ledger as l; l.remember(None, 'c');"
        "sys.exit(any(name in sys.modules for name in ('sqlalchemy', 'alembic')))"
    )
    assert 0 == subprocess.run([sys.executable, "-c", code], check=False).returncode
