from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from headway.errors import StoreError, TargetError
from headway.findings import Verdict
from headway.store import inspection
from headway.store import ledger as ledgers
from headway.store.schema import NEWEST
from headway.store.state import state
from tests.unit.store.entries import comparison, look

if TYPE_CHECKING:
    from headway.store.places import Ledger


def codes(ledger: Ledger, action: str) -> dict[str, Verdict]:
    """The findings of an action by code."""
    return {found.code: found.verdict for found in state(ledger, action).findings}


def test_info_when_nothing_was_kept_then_says_so_and_makes_nothing(ledger: Ledger) -> None:
    found = state(ledger)
    assert (False, "", {}, None) == (found.exists, found.revision, found.rows, found.bytes)
    assert "Nothing has been recorded yet." == found.findings[0].sentence
    assert ledger.path is not None
    assert not ledger.path.exists()


def test_info_when_rows_were_kept_then_counts_them(ledger: Ledger) -> None:
    ledgers.record(ledger, [look(), look("b"), comparison()])
    found = state(ledger)
    assert {"changes": 0, "comparisons": 1, "looks": 2, "tallies": 0} == found.rows
    assert (NEWEST, (), "wal") == (found.revision, found.pending, found.journal)
    assert (found.bytes or 0) > 10_000


def test_info_when_the_file_is_empty_then_nothing_was_kept(ledger: Ledger) -> None:
    assert ledger.path is not None
    ledger.path.parent.mkdir()
    ledger.path.touch()
    assert not state(ledger).exists
    assert () == ledgers.looks(ledger)


def test_upgrade_when_nothing_was_kept_then_makes_the_store(ledger: Ledger) -> None:
    assert state(ledger, "upgrade").exists
    assert (NEWEST, ()) == (state(ledger).revision, state(ledger).pending)


def test_check_when_the_store_is_sound_then_says_yes(ledger: Ledger) -> None:
    ledgers.record(ledger, [look()])
    assert {"HW383": Verdict.YES, "HW384": Verdict.YES} == codes(ledger, "check")


def test_check_when_nothing_was_kept_then_does_not_apply(ledger: Ledger) -> None:
    assert {"HW383": Verdict.NOT_APPLICABLE} == codes(ledger, "check")


def test_check_when_a_guard_is_gone_then_says_no(ledger: Ledger) -> None:
    ledgers.record(ledger, [look()])
    assert ledger.path is not None
    with closing(sqlite3.connect(ledger.path)) as other:
        other.execute("DROP TRIGGER looks_no_update")
    found = state(ledger, "check")
    assert ("The guard 'looks_no_update' is missing.",) == found.problems
    assert Verdict.NO == codes(ledger, "check")["HW384"]


def damaged(ledger: Ledger, before: bytes, after: bytes) -> None:
    """Write over what the file of a ledger holds, once."""
    assert ledger.path is not None
    with closing(sqlite3.connect(ledger.path)) as other:
        other.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    content = ledger.path.read_bytes()
    assert before in content
    ledger.path.write_bytes(content.replace(before, after, 1))


def test_check_when_an_index_is_damaged_then_says_no(ledger: Ledger) -> None:
    ledgers.record(ledger, [look(split="test", fingerprint="feed")])
    damaged(ledger, b"testfeed", b"testfood")
    found = state(ledger, "check")
    assert "SQLite: row 1 missing from index ix_looks_split_fingerprint." in found.problems
    assert Verdict.NO == codes(ledger, "check")["HW384"]


def test_check_when_a_page_is_damaged_then_is_refused(ledger: Ledger) -> None:
    ledgers.record(ledger, [look(f"model {k}") for k in range(500)])
    assert ledger.path is not None
    damaged(ledger, ledger.path.read_bytes()[4096:], b"\xff" * 4096)
    with pytest.raises(StoreError, match="cannot be read: ") as refused:
        state(ledger, "check")
    assert 4 == refused.value.exit_code


def test_state_when_the_store_is_newer_then_is_refused(ledger: Ledger) -> None:
    ledgers.record(ledger, [look()])
    assert ledger.path is not None
    with closing(sqlite3.connect(ledger.path, isolation_level=None)) as newer:
        newer.execute("UPDATE alembic_version SET version_num = 'r9999'")
    with pytest.raises(StoreError, match="has a newer form"):
        state(ledger)


def test_info_when_on_a_network_share_then_says_so(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inspection, "network_share", lambda _: "nfs4")
    assert Verdict.YES == codes(ledger, "info")["HW385"]


def test_action_when_it_is_unknown_then_is_refused(ledger: Ledger) -> None:
    with pytest.raises(TargetError, match="'drop' is no thing to do with the store"):
        state(ledger, "drop")
