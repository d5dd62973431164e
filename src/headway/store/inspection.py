"""Looking after the database: its form, its size, and whether it is sound."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sqlalchemy import func, inspect, select, text

from headway.errors import StoreError
from headway.store.engine import form, is_there, reading, writing
from headway.store.places import network_share
from headway.store.schema import NEWEST, TABLES
from headway.store.upgrading import differences, is_known, pending
from headway.strategy.history import StoreState, state_findings

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Connection

    from headway.store.places import Ledger

__all__ = ["state"]


def state(ledger: Ledger, action: str, *, dry_run: bool) -> StoreState:
    """How a ledger stands, after what was asked has been done.

    Args:
        ledger: The ledger.
        action: ``"info"``, ``"upgrade"`` or ``"check"``.
        dry_run: Whether an upgrade is only told, not done.

    Returns:
        The state, with its findings.

    Raises:
        StoreError: If it is newer than this program, damaged, busy, or cannot be reached.
    """
    found = _looked_at(ledger, action)
    if action == "upgrade" and found.pending and not dry_run:
        with writing(ledger):
            pass
        found = replace(_looked_at(ledger, action), pending=found.pending, applied=True)
    return replace(found, findings=state_findings(found))


def _looked_at(ledger: Ledger, action: str) -> StoreState:
    """A ledger as it stands."""
    share = network_share(ledger.path) if ledger.path is not None else ""
    empty = StoreState(
        action=action,
        url=ledger.shown,
        exists=False,
        revision="",
        newest=NEWEST,
        pending=pending(""),
        network=share,
    )
    if not is_there(ledger):
        return empty
    with reading(ledger) as connection:
        here = form(connection)
        if here and not is_known(here):
            raise StoreError.newer(ledger.shown, here)
        return replace(
            empty,
            exists=bool(here),
            revision=here,
            pending=pending(here),
            rows=_rows(connection),
            bytes=_bytes(connection, ledger.path),
            journal=_journal(connection),
            problems=_problems(connection, here) if action == "check" else (),
        )


def _rows(connection: Connection) -> dict[str, int]:
    """The number of rows of each table that is there."""
    here = set(inspect(connection).get_table_names())
    return {
        table.name: connection.execute(select(func.count()).select_from(table)).scalar_one()
        for table in TABLES
        if table.name in here
    }


def _bytes(connection: Connection, path: Path | None) -> int | None:
    """The size of a store, the log of what was written last included."""
    if path is not None:
        parts = [path, path.with_name(f"{path.name}-wal")]
        return sum(part.stat().st_size for part in parts if part.exists())
    if connection.dialect.name == "postgresql":
        asked = text("SELECT pg_total_relation_size(:name)")
        names = [*_rows(connection)]
        return sum(int(connection.execute(asked, {"name": n}).scalar_one()) for n in names)
    return None


def _journal(connection: Connection) -> str:
    """How SQLite keeps its journal."""
    if connection.dialect.name != "sqlite":
        return ""
    return str(connection.execute(text("PRAGMA journal_mode")).scalar_one())


def _problems(connection: Connection, here: str) -> tuple[str, ...]:
    """What is wrong with a store, one sentence each."""
    found: list[str] = []
    if connection.dialect.name == "sqlite":
        told = connection.execute(text("PRAGMA integrity_check")).scalars().all()
        found += [f"SQLite: {line}." for line in told if line != "ok"]
    if here == NEWEST:
        found += differences(connection)
    return tuple(found)
