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


def refused(ledger: Ledger, statement: str, name: str) -> str:
    """What SQLite answers to a statement on a ledger with one row in each table."""
    margin = Change(what="margin", before=None, after=0.1)
    ledgers.record(ledger, [look(), comparison(), margin, tally()])
    assert ledger.path is not None
    with closing(sqlite3.connect(ledger.path)) as raw, pytest.raises(sqlite3.Error) as said:
        raw.execute(statement.format(name))
    return str(said.value)


@pytest.mark.parametrize("name", NAMES)
def test_row_when_it_would_be_changed_then_is_refused(ledger: Ledger, name: str) -> None:
    assert "the ledger is append-only" == refused(ledger, "UPDATE {} SET command = 'x'", name)


@pytest.mark.parametrize("name", NAMES)
def test_row_when_it_would_be_removed_then_is_refused(ledger: Ledger, name: str) -> None:
    assert "the ledger is append-only" == refused(ledger, "DELETE FROM {}", name)


@pytest.mark.parametrize("name", NAMES)
def test_row_when_it_would_be_replaced_then_is_refused(ledger: Ledger, name: str) -> None:
    statement = "INSERT OR REPLACE INTO {0} SELECT * FROM {0}"
    assert "the ledger is append-only" == refused(ledger, statement, name)


def test_guards_when_the_database_is_unknown_then_are_none() -> None:
    assert [] == statements("mysql", NAMES)
