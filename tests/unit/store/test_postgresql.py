"""The same ledger on PostgreSQL, where its programs are installed."""

from __future__ import annotations

import threading
from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError

from headway.errors import StoreError
from headway.store import ledger as ledgers
from headway.store.places import Ledger, ledger_of
from headway.store.project import Project
from headway.store.schema import TABLES
from headway.store.state import state
from headway.strategy.history import Change
from tests.unit.store.entries import comparison, look, tally

pytestmark = pytest.mark.slow


@pytest.fixture
def shared(server: str, request: pytest.FixtureRequest) -> Ledger:
    """A ledger in a database of its own."""
    name = f"t{abs(hash(request.node.name))}"
    admin = create_engine(
        server.replace("postgresql", "postgresql+psycopg"), isolation_level="AUTOCOMMIT"
    )
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    admin.dispose()
    file = f"[store]\nurl = '{server.rpartition('/')[0]}/{name}'"
    found = ledger_of(Project.of(file, Path("headway.toml")), wait_s=2.0)
    assert found is not None
    return found


def test_ledger_when_nothing_was_kept_then_reads_as_empty(shared: Ledger) -> None:
    assert () == ledgers.looks(shared)
    assert not state(shared).exists


def test_entries_when_kept_then_are_read_as_they_were(shared: Ledger) -> None:
    margin = Change(what="margin", before=None, after=0.1)
    ledgers.record(shared, [look(n=10**10), comparison(), margin, tally(), tally()], command="c")
    (seen,) = ledgers.looks(shared, split="dev", fingerprint="ab")
    assert (10**10, "c", True) == (seen.n, seen.command, seen.when.endswith("Z"))
    assert comparison().errors == ledgers.comparisons(shared)[0].errors
    assert (None, 0.1) == (ledgers.changes(shared)[0].before, ledgers.changes(shared)[0].after)
    (kept,) = ledgers.tallies(shared, split="dev", fingerprint="ab")
    assert tally().joint.table == kept.joint.table


def test_store_when_checked_then_is_sound(shared: Ledger) -> None:
    ledgers.record(shared, [look()])
    found = state(shared, "check")
    assert ((), (), {"changes": 0, "comparisons": 0, "looks": 1, "tallies": 0}) == (
        found.problems,
        found.pending,
        found.rows,
    )
    assert (found.bytes or 0) > 0
    assert "secret" not in found.url


@pytest.mark.parametrize(
    "statement", ["UPDATE {} SET command = 'x'", "DELETE FROM {}", "TRUNCATE {}"]
)
@pytest.mark.parametrize("name", [table.name for table in TABLES])
def test_row_when_it_would_be_changed_or_removed_then_is_refused(
    server: str, name: str, statement: str
) -> None:
    found = ledger_of(Project.of(f"[store]\nurl = '{server}'", Path("headway.toml")))
    assert found is not None
    ledgers.record(found, [look()])
    engine = create_engine(found.url)
    with (
        engine.begin() as connection,
        pytest.raises(DBAPIError, match="the ledger is append-only"),
    ):
        connection.execute(text(statement.format(name)))
    engine.dispose()


def test_writers_when_four_write_at_once_then_none_is_lost(shared: Ledger) -> None:
    project = Project.of(f"[store]\nurl = '{shared.url}'", Path("headway.toml"))
    failed: list[object] = []

    def write(name: str) -> None:
        failed.extend(
            said for _ in range(20) for said in ledgers.remember(project, "c", [look(name)])
        )

    state(shared, "upgrade")
    threads = [threading.Thread(target=write, args=(f"m{k}",)) for k in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [] == failed
    assert {f"m{k}": 20 for k in range(4)} == Counter(look.model for look in ledgers.looks(shared))


def test_table_when_another_holds_it_then_the_store_is_busy(shared: Ledger) -> None:
    state(shared, "upgrade")
    engine = create_engine(shared.url)
    with engine.begin() as other:
        other.execute(text("LOCK TABLE looks IN ACCESS EXCLUSIVE MODE"))
        with pytest.raises(StoreError, match="is busy: another program held it for 2 sec"):
            ledgers.record(shared, [look()])
    engine.dispose()


def test_store_when_it_is_newer_then_is_refused(shared: Ledger) -> None:
    state(shared, "upgrade")
    engine = create_engine(shared.url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = 'r9999'"))
    engine.dispose()
    with pytest.raises(StoreError, match="has a newer form"):
        ledgers.looks(shared)


def test_password_when_the_server_refuses_then_is_not_shown(server: str) -> None:
    url = server.replace("/postgres", "/absent")
    found = ledger_of(Project.of(f"[store]\nurl = '{url}'", Path("headway.toml")), wait_s=1.0)
    assert found is not None
    with pytest.raises(StoreError, match="does not answer as it should") as refused:
        ledgers.looks(found)
    assert "secret" not in str(refused.value)
