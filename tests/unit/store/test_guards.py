from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from headway.store import ledger as ledgers
from headway.store.guards import statements
from headway.store.schema import TABLES
from headway.strategy.history import Change
from tests.unit.store.entries import comparison, look, tally

if TYPE_CHECKING:
    from headway.store.places import Ledger

NAMES = [table.name for table in TABLES]


def refused(ledger: Ledger, statement: str) -> str:
    """What SQLite answers to a statement on a ledger with one row in each table."""
    margin = Change(what="margin", before=None, after=0.1)
    ledgers.record(ledger, [look(), comparison(), margin, tally()])
    assert ledger.path is not None
    with closing(sqlite3.connect(ledger.path)) as raw, pytest.raises(sqlite3.Error) as said:
        raw.execute(statement)
    return str(said.value)


@pytest.mark.parametrize("name", NAMES)
def test_row_when_it_would_be_changed_then_is_refused(ledger: Ledger, name: str) -> None:
    assert "the ledger is append-only" == refused(ledger, f"UPDATE {name} SET command = 'x'")


@pytest.mark.parametrize("name", NAMES)
def test_row_when_it_would_be_removed_then_is_refused(ledger: Ledger, name: str) -> None:
    assert "the ledger is append-only" == refused(ledger, f"DELETE FROM {name}")


@pytest.mark.parametrize("name", NAMES)
def test_row_when_it_would_be_replaced_then_is_refused(ledger: Ledger, name: str) -> None:
    statement = f"INSERT OR REPLACE INTO {name} SELECT * FROM {name}"
    assert "the ledger is append-only" == refused(ledger, statement)


def test_guards_when_the_database_is_unknown_then_are_none() -> None:
    assert [] == statements("mysql", NAMES)
