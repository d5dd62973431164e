"""The triggers that make the tables of the ledger refuse whatever is no addition."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Connection

__all__ = ["missing", "statements"]

WORDS: Final = "the ledger is append-only"

SQLITE: Final = """
CREATE TRIGGER {table}_{name} BEFORE {event} ON {table} {when}
BEGIN SELECT RAISE(ABORT, '{words}'); END
"""
SQLITE_EVENTS: Final = {
    "no_update": ("UPDATE", ""),
    "no_delete": ("DELETE", ""),
    "no_replace": ("INSERT", "WHEN EXISTS (SELECT 1 FROM {table} WHERE id = NEW.id)"),
}
"""The last stops ``INSERT OR REPLACE``, which removes a row without asking ``no_delete``."""

POSTGRES_FUNCTION: Final = """
CREATE OR REPLACE FUNCTION headway_refuse() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION '{words}'; END $$
"""
POSTGRES: Final = """
CREATE TRIGGER {table}_{name} BEFORE {event} ON {table}
FOR EACH STATEMENT EXECUTE FUNCTION headway_refuse()
"""
POSTGRES_EVENTS: Final = {
    "no_update": "UPDATE",
    "no_delete": "DELETE",
    "no_truncate": "TRUNCATE",
}


def statements(dialect: str, tables: Iterable[str]) -> list[str]:
    """The statements that make the guards of some tables.

    Args:
        dialect: ``"sqlite"`` or ``"postgresql"``; another database has no guards.
        tables: Names of the tables.

    Returns:
        SQL, in order.

    Examples:
        >>> [line.split()[2] for line in statements("sqlite", ["looks"])]
        ['looks_no_update', 'looks_no_delete', 'looks_no_replace']
    """
    if dialect == "sqlite":
        return [
            SQLITE.format(
                table=table, name=name, event=event, when=when.format(table=table), words=WORDS
            ).strip()
            for table in tables
            for name, (event, when) in SQLITE_EVENTS.items()
        ]
    if dialect == "postgresql":
        made = [
            POSTGRES.format(table=table, name=name, event=event).strip()
            for table in tables
            for name, event in POSTGRES_EVENTS.items()
        ]
        return [POSTGRES_FUNCTION.format(words=WORDS).strip(), *made]
    return []


def missing(connection: Connection, tables: Iterable[str]) -> list[str]:
    """The guards that some tables lack.

    Args:
        connection: To the store.
        tables: Names of the tables.

    Returns:
        Names of triggers, in order.
    """
    dialect = connection.dialect.name
    if dialect == "sqlite":
        asked, events = "SELECT name FROM sqlite_master WHERE type = 'trigger'", [*SQLITE_EVENTS]
    else:
        asked, events = "SELECT tgname FROM pg_trigger WHERE tgenabled <> 'D'", [*POSTGRES_EVENTS]
    here = set(connection.execute(text(asked)).scalars())
    return [
        f"{table}_{event}" for table in tables for event in events if f"{table}_{event}" not in here
    ]
