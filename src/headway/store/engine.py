"""Connections to the store: opened for one transaction, brought to the newest form, refused."""

from __future__ import annotations

import json
import sqlite3
import time
from contextlib import closing, contextmanager
from math import ceil
from typing import TYPE_CHECKING, Any, Final

from alembic.runtime.migration import MigrationContext
from sqlalchemy import create_engine, event, make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from headway.errors import StoreError
from headway.store.places import network_share
from headway.store.schema import NEWEST
from headway.store.upgrading import is_known, upgrade

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection, Engine

    from headway.store.places import Ledger

__all__ = ["canonical", "form", "is_there", "reading", "writing"]

PAUSE_S: Final = 0.02
"""Seconds between two attempts at what SQLite does not wait for by itself."""

BUSY: Final = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})

NOT_A_STORE: Final = frozenset({sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT})

NOT_WRITABLE: Final = frozenset(
    {
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_PERM,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_IOERR,
    }
)

POSTGRES_BUSY: Final = frozenset({"55P03", "57014", "40P01"})
"""Lock not available, stopped by a time limit, deadlock."""

UPGRADES: Final = 0x4EAD3A7
"""The advisory lock under which PostgreSQL is upgraded."""


def canonical(value: object) -> str:
    """A plain value as JSON in one way only: sorted keys, no spaces, no NaN.

    Examples:
        >>> canonical({"b": 1, "a": [0.5, None]})
        '{"a":[0.5,null],"b":1}'
    """
    return json.dumps(
        value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    )


def is_there(ledger: Ledger) -> bool:
    """Whether anything can have been kept: a SQLite store begins with its file."""
    return ledger.path is None or ledger.path.exists()


def form(connection: Connection) -> str:
    """The form of a store; empty where it has none yet."""
    return MigrationContext.configure(connection).get_current_revision() or ""


@contextmanager
def reading(ledger: Ledger) -> Iterator[Connection]:
    """A connection that reads a store as it is, in one transaction.

    Args:
        ledger: Where the store is; its file must exist.

    Yields:
        The connection.

    Raises:
        StoreError: If it cannot be read, or is busy.
    """
    with _refusing(ledger), _engine(ledger).connect() as connection, connection.begin():
        yield connection


@contextmanager
def writing(ledger: Ledger) -> Iterator[Connection]:
    """A connection that writes to a store, which is made or upgraded first; all or nothing.

    Args:
        ledger: Where the store is.

    Yields:
        The connection; what is written lasts when the block ends without an error.

    Raises:
        StoreError: If it is newer than this program, cannot be written to, or is busy.
    """
    _make_folder(ledger)
    engine = _engine(ledger, writes=True).execution_options(headway_writes=True)
    with _refusing(ledger), engine.begin() as connection:
        _bring_up(connection, ledger)
        yield connection


def _bring_up(connection: Connection, ledger: Ledger) -> None:
    """Bring a store to the newest form, or refuse a newer one."""
    if form(connection) == NEWEST:
        return
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({UPGRADES})")
    here = form(connection)
    if here and not is_known(here):
        raise StoreError.newer(ledger.shown, here)
    if here != NEWEST:
        upgrade(connection)


def _make_folder(ledger: Ledger) -> None:
    """Make the folder of a SQLite store; git leaves out what is in it."""
    if ledger.path is None or ledger.path.parent.is_dir():
        return
    try:
        ledger.path.parent.mkdir(parents=True, exist_ok=True)
        (ledger.path.parent / ".gitignore").write_text("*\n", encoding="utf-8")
    except OSError as error:
        raise StoreError.not_writable(ledger.shown, error.strerror or "refused") from error


def _engine(ledger: Ledger, *, writes: bool = False) -> Engine:
    """What opens connections to a store; it keeps none, so none crosses a fork."""
    url = make_url(ledger.url)
    is_sqlite = url.get_backend_name() == "sqlite"
    arguments = {"timeout": ledger.wait_s} if is_sqlite else _patience(ledger.wait_s)
    try:
        engine = create_engine(
            url, poolclass=NullPool, connect_args=arguments, json_serializer=canonical
        )
    except ModuleNotFoundError as error:
        raise StoreError.no_driver(ledger.shown, error.name or "psycopg") from error
    if is_sqlite:
        event.listen(engine, "connect", lambda opened, _: _prepare(opened, ledger, writes=writes))
        event.listen(engine, "begin", _begin)
    return engine


def _patience(wait_s: float) -> dict[str, Any]:
    """How long PostgreSQL is waited for."""
    limit = ceil(1000 * wait_s)
    return {"connect_timeout": max(2, ceil(wait_s)), "options": f"-c lock_timeout={limit}"}


def _prepare(opened: sqlite3.Connection, ledger: Ledger, *, writes: bool) -> None:
    """Set up a connection to SQLite: we begin transactions, and writers use the ahead log."""
    opened.isolation_level = None
    opened.execute("PRAGMA synchronous=NORMAL")
    if not writes:
        return
    share = network_share(ledger.path) if ledger.path is not None else ""
    wanted = "delete" if share else "wal"
    until = time.monotonic() + ledger.wait_s
    while not _has_journal(opened, wanted, last=time.monotonic() >= until):
        time.sleep(PAUSE_S)


def _has_journal(opened: sqlite3.Connection, wanted: str, *, last: bool) -> bool:
    """Whether a store keeps its journal as wanted, set so if it can be just now."""
    try:
        with closing(opened.execute("PRAGMA journal_mode")) as found:
            here = found.fetchone()[0]
        if here not in {wanted, "memory"}:
            opened.execute(f"PRAGMA journal_mode={wanted}")
    except sqlite3.OperationalError as error:
        if last or _primary(error) not in BUSY:
            opened.close()
            raise
        return False
    return True


def _begin(connection: Connection) -> None:
    """Begin a transaction; a writer takes its turn at once, so that it never has to give way."""
    writes = connection.get_execution_options().get("headway_writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


@contextmanager
def _refusing(ledger: Ledger) -> Iterator[None]:
    """Turn the errors of a database into refusals."""
    try:
        yield
    except DBAPIError as error:
        raise _refusal(ledger, error.orig) from error


def _refusal(ledger: Ledger, error: BaseException | None) -> StoreError:
    """The refusal for an error of a database."""
    reason = " ".join(str(error).split()).rstrip(".") or type(error).__name__
    if isinstance(error, sqlite3.Error):
        code = _primary(error)
        if code in BUSY:
            return StoreError.busy(ledger.shown, ledger.wait_s)
        if code in NOT_A_STORE:
            return StoreError.not_a_store(ledger.shown, reason)
        if code in NOT_WRITABLE:
            return StoreError.not_writable(ledger.shown, reason)
    elif getattr(error, "sqlstate", None) in POSTGRES_BUSY:
        return StoreError.busy(ledger.shown, ledger.wait_s)
    return StoreError.not_reached(ledger.shown, reason)


def _primary(error: sqlite3.Error) -> int:
    """The kind of an error of SQLite, without its details."""
    return int(getattr(error, "sqlite_errorcode", 0)) & 0xFF
