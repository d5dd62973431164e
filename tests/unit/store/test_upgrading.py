from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import text

from headway.store import engine, inspection, migrations, rows, upgrading
from headway.store import ledger as ledgers
from headway.store.engine import reading, writing
from headway.store.schema import NEWEST, TABLES
from headway.store.state import state
from headway.store.upgrading import differences, is_known, pending
from tests.unit.store.entries import look

if TYPE_CHECKING:
    from headway.store.places import Ledger

NEXT = '''"""A later form."""
from alembic import op
import sqlalchemy as sa
revision, down_revision, branch_labels, depends_on = "r9000", "{before}", None, None
def upgrade():
    op.create_table("more", sa.Column("id", sa.Integer, primary_key=True))
'''


@pytest.fixture
def later(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ledger: Ledger) -> str:
    """A program one form ahead, and a ledger with a look that this program wrote."""
    ledgers.record(ledger, [look("before")])
    folder = tmp_path / "100% later"
    shutil.copytree(Path(migrations.__path__[0]), folder)
    (folder / "versions" / "r9000_later.py").write_text(NEXT.format(before=NEWEST), "utf-8")
    monkeypatch.setattr(migrations, "__path__", [str(folder)])
    for module in (engine, inspection, rows, upgrading):
        monkeypatch.setattr(module, "NEWEST", "r9000")
    return "r9000"


def test_newest_when_compared_with_the_migrations_then_is_their_only_head() -> None:
    scripts = ScriptDirectory(migrations.__path__[0])
    assert [NEWEST] == scripts.get_heads()


def test_tables_when_compared_with_the_migrations_then_are_the_same(ledger: Ledger) -> None:
    with writing(ledger) as connection:
        assert [] == differences(connection)


def test_tables_when_one_differs_then_is_told(ledger: Ledger) -> None:
    with writing(ledger) as connection:
        connection.execute(text("DROP INDEX ix_changes_what"))
        connection.execute(text("ALTER TABLE looks ADD COLUMN more TEXT"))
        connection.execute(text("DROP TRIGGER looks_no_delete"))
        found = differences(connection)
    assert {
        "Its tables differ: add index ix_changes_what.",
        "Its tables differ: remove column looks more.",
        "The guard 'looks_no_delete' is missing.",
    } == set(found)


def test_forms_when_named_then_are_known_or_not() -> None:
    assert (True, False) == (is_known(NEWEST), is_known("r9999"))
    assert ((NEWEST,), ()) == (pending(""), pending(NEWEST))


def test_store_when_it_is_older_then_is_brought_up_by_a_writer_and_keeps_its_rows(
    ledger: Ledger, later: str
) -> None:
    ledgers.record(ledger, [look("after")])
    assert later == state(ledger).revision
    assert ["before", "after"] == [found.model for found in ledgers.looks(ledger)]


def test_store_when_it_is_older_then_is_brought_up_by_a_reader(ledger: Ledger, later: str) -> None:
    assert ["before"] == [found.model for found in ledgers.looks(ledger)]
    assert later == state(ledger).revision


def test_store_when_it_is_older_then_info_and_a_dry_run_leave_it(
    ledger: Ledger, later: str
) -> None:
    for found in (state(ledger), state(ledger, "upgrade", dry_run=True)):
        assert (NEWEST, (later,), False) == (found.revision, found.pending, found.applied)
        assert "One step would bring the store to its newest form" in found.findings[0].sentence


def test_store_when_it_is_upgraded_then_says_what_was_applied(ledger: Ledger, later: str) -> None:
    found = state(ledger, "upgrade")
    assert (later, (later,), True) == (found.revision, found.pending, found.applied)
    assert "One step brought the store to its newest form." == found.findings[0].sentence


def test_store_when_its_upgrade_fails_then_is_as_it_was(ledger: Ledger, later: str) -> None:
    assert ledger.path is not None
    with closing(sqlite3.connect(ledger.path)) as other:
        other.execute("CREATE TABLE more (id INTEGER)")
    with pytest.raises(ValueError, match="table more already exists"):
        state(ledger, "upgrade")
    with reading(ledger) as connection:
        assert NEWEST == engine.form(connection)


def test_tables_when_listed_then_all_are_made_by_the_first_form(ledger: Ledger) -> None:
    ledgers.record(ledger, [look()])
    assert {table.name for table in TABLES} == set(state(ledger).rows)
