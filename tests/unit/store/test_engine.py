from __future__ import annotations

import sqlite3
import time
from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from headway.errors import StoreError
from headway.store import engine, rows
from headway.store import ledger as ledgers
from headway.store.engine import canonical, writing
from headway.store.places import Ledger
from tests.unit.store.entries import look

if TYPE_CHECKING:
    from pathlib import Path

READ_ONLY = "sqlite:///file:{path}?mode=ro&uri=true"


def raw(ledger: Ledger) -> sqlite3.Connection:
    """The file of a ledger, opened without us; nothing is begun."""
    assert ledger.path is not None
    return sqlite3.connect(ledger.path, isolation_level=None)


def pragma(ledger: Ledger, name: str) -> object:
    """A setting of a connection that writes."""
    with writing(ledger) as connection:
        return connection.execute(text(f"PRAGMA {name}")).scalar_one()


def test_json_when_written_then_has_one_form() -> None:
    assert '{"a":[1,2.5],"b":"é"}' == canonical({"b": "é", "a": (1, 2.5)})
    with pytest.raises(ValueError, match="not JSON compliant"):
        canonical(float("nan"))


def test_store_when_first_written_then_is_made_and_left_out_of_git(ledger: Ledger) -> None:
    ledgers.record(ledger, [look()])
    assert ledger.path is not None
    assert "*\n" == ledger.path.with_name(".gitignore").read_text("utf-8")


def test_writer_when_it_opens_then_uses_the_ahead_log_and_waits(ledger: Ledger) -> None:
    assert ("wal", 1, 10_000) == (
        pragma(ledger, "journal_mode"),
        pragma(ledger, "synchronous"),
        pragma(ledger, "busy_timeout"),
    )


def test_writer_when_on_a_network_share_then_uses_no_ahead_log(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledgers.record(ledger, [look()])
    monkeypatch.setattr(engine, "network_share", lambda _: "nfs4")
    assert "delete" == pragma(ledger, "journal_mode")
    assert 1 == len(ledgers.looks(ledger))


def test_writer_when_another_writes_then_waits_for_its_turn(ledger: Ledger) -> None:
    ledgers.record(ledger, [look()])
    with closing(raw(ledger)) as other:
        other.execute("BEGIN IMMEDIATE")
        begun = time.monotonic()
        with pytest.raises(
            StoreError, match=r"is busy: another program held it for 0\.3 sec"
        ) as no:
            ledgers.record(replace(ledger, wait_s=0.3), [look()])
        assert 0.3 <= time.monotonic() - begun < 5
    assert 4 == no.value.exit_code
    ledgers.record(ledger, [look()])
    assert 2 == len(ledgers.looks(ledger))


def test_reader_when_a_writer_has_not_ended_then_sees_what_was(ledger: Ledger) -> None:
    ledgers.record(ledger, [look()])
    with writing(ledger) as connection:
        rows._insert(connection, [look("later")], "c")
        assert 1 == len(ledgers.looks(ledger))
    assert 2 == len(ledgers.looks(ledger))


def test_journal_when_it_cannot_be_changed_just_now_then_is_tried_again(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledgers.record(ledger, [look()])
    with closing(raw(ledger)) as other:
        other.execute("PRAGMA journal_mode=delete")
        other.execute("BEGIN IMMEDIATE")
        monkeypatch.setattr(time, "sleep", lambda _: other.execute("COMMIT"))
        ledgers.record(replace(ledger, wait_s=0.1), [look()])
    assert 2 == len(ledgers.looks(ledger))


def test_journal_when_it_can_never_be_changed_then_the_store_is_busy(ledger: Ledger) -> None:
    ledgers.record(ledger, [look()])
    with closing(raw(ledger)) as other:
        other.execute("PRAGMA journal_mode=delete")
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreError, match="is busy: another program"):
            ledgers.record(replace(ledger, wait_s=0.1), [look()])


def test_reader_when_a_writer_is_at_work_then_does_not_wait(ledger: Ledger) -> None:
    ledgers.record(ledger, [look()])
    with closing(raw(ledger)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert 1 == len(ledgers.looks(replace(ledger, wait_s=0.0)))


def test_store_when_it_is_newer_then_is_refused(ledger: Ledger) -> None:
    ledgers.record(ledger, [look()])
    with closing(raw(ledger)) as newer:
        newer.execute("UPDATE alembic_version SET version_num = 'r9999'")
    for use in (lambda: ledgers.looks(ledger), lambda: ledgers.record(ledger, [look()])):
        with pytest.raises(StoreError, match=r"has a newer form \(r9999\) than this") as no:
            use()
        assert 4 == no.value.exit_code


@pytest.mark.parametrize("content", [b"no database", b"SQLite format 3\x00" + b"\x99" * 5000])
def test_file_when_it_is_no_database_then_is_refused(ledger: Ledger, content: bytes) -> None:
    assert ledger.path is not None
    ledger.path.parent.mkdir()
    ledger.path.write_bytes(content)
    for use in (lambda: ledgers.looks(ledger), lambda: ledgers.record(ledger, [look()])):
        with pytest.raises(StoreError, match=r"headway\.db cannot be read: "):
            use()
    assert content == ledger.path.read_bytes()


def test_folder_when_it_is_a_file_then_is_refused(ledger: Ledger) -> None:
    assert ledger.path is not None
    ledger.path.parent.write_text("", "utf-8")
    with pytest.raises(StoreError, match=r"cannot be opened for writing: File exists\."):
        ledgers.record(ledger, [look()])


def test_file_when_it_is_a_folder_then_is_refused(ledger: Ledger) -> None:
    assert ledger.path is not None
    ledger.path.mkdir(parents=True)
    with pytest.raises(StoreError, match="cannot be opened for writing: unable to open"):
        ledgers.record(ledger, [look()])


def test_store_when_it_may_only_be_read_then_reads_and_refuses_to_write(
    ledger: Ledger, tmp_path: Path
) -> None:
    ledgers.record(ledger, [look()])
    url = READ_ONLY.format(path=ledger.path)
    sealed = Ledger(url=url, shown="sqlite:///sealed.db", wait_s=0.1)
    assert 1 == len(ledgers.looks(sealed))
    with pytest.raises(StoreError, match=r"sealed\.db cannot be opened for writing: attempt to"):
        ledgers.record(sealed, [look()])


def test_table_when_it_was_made_by_another_then_is_refused(ledger: Ledger) -> None:
    assert ledger.path is not None
    ledger.path.parent.mkdir()
    with closing(raw(ledger)) as other:
        other.execute("CREATE TABLE looks (what TEXT)")
    with pytest.raises(StoreError, match="does not answer as it should: table looks already"):
        ledgers.record(ledger, [look()])
    with closing(raw(ledger)) as other:
        assert [("looks",)] == other.execute("SELECT name FROM sqlite_master").fetchall()


def test_driver_when_it_is_not_installed_then_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    def absent(*_: object, **__: object) -> None:
        raise ModuleNotFoundError(name="psycopg")

    monkeypatch.setattr(engine, "create_engine", absent)
    away = Ledger(url="postgresql+psycopg://db/x", shown="postgresql://db/x")
    with pytest.raises(StoreError, match="needs the package 'psycopg', which is not") as no:
        ledgers.looks(away)
    assert "pip install 'headway[postgres]'" in no.value.hint


def test_server_when_there_is_none_then_is_refused() -> None:
    pytest.importorskip("psycopg")
    away = Ledger(url="postgresql+psycopg://127.0.0.1:1/x", shown="postgresql://127.0.0.1:1/x")
    with pytest.raises(StoreError, match=r"127\.0\.0\.1:1/x does not answer as it should"):
        ledgers.looks(away)
