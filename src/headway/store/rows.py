"""What goes into the tables of the ledger and comes out of them again."""

from __future__ import annotations

import getpass
import json
import zlib
from dataclasses import fields
from datetime import UTC, datetime
from hashlib import sha256
from math import nan
from typing import TYPE_CHECKING, Any, Final, TypeVar

from sqlalchemy import Select, func, insert, select

from headway.counts import CountTable
from headway.joint import JointCounts
from headway.store.engine import canonical, form, is_there, reading, writing
from headway.store.schema import CHANGES, COMPARISONS, LOOKS, NEWEST, TALLIES
from headway.strategy.history import Change, Comparison, Tally
from headway.strategy.looks import Look

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import Connection, RowMapping, Table

    from headway.store.places import Ledger

__all__ = ["append", "changes", "comparisons", "looks", "note", "tallies"]

Entry = TypeVar("Entry", Look, Comparison, Change)

ENTRIES: Final[Mapping[type, Table]] = {
    Look: LOOKS,
    Comparison: COMPARISONS,
    Change: CHANGES,
    Tally: TALLIES,
}
"""The table of each kind of entry."""


def append(
    ledger: Ledger, entries: Sequence[Look | Comparison | Change | Tally], command: str
) -> None:
    """Add entries to the ledger, all or none, at one time.

    Args:
        ledger: Where it is.
        entries: What to add; an entry's own time, command and user stay where it has them.
        command: The command that asked.

    Raises:
        StoreError: If the store cannot be written to, is busy, or is newer than this program.
    """
    with writing(ledger) as connection:
        _insert(connection, entries, command)


def _insert(
    connection: Connection,
    entries: Sequence[Look | Comparison | Change | Tally],
    command: str,
) -> None:
    """Add entries over a connection."""
    now, user = datetime.now(tz=UTC), _user()
    for entry in entries:
        row = _tally_row(entry) if isinstance(entry, Tally) else _row(entry)
        row["time"] = _moment(entry.when) if entry.when else now
        row["command"] = getattr(entry, "command", "") or command
        row["user"] = getattr(entry, "user", "") or user
        if not _is_kept(connection, row):
            connection.execute(insert(ENTRIES[type(entry)]), row)


def note(
    ledger: Ledger, declared: Mapping[str, object], *, why: str, command: str
) -> tuple[Change, ...]:
    """Add a change for each part of the target that is not as it was last noted.

    Args:
        ledger: Where it is.
        declared: Per part, what is declared now, as plain values.
        why: The reason, or empty.
        command: The command that asked.

    Returns:
        The changes, first declarations included; of two programs at once, one notes them.

    Raises:
        StoreError: If the store cannot be written to, is busy, or is newer than this program.
    """
    known = _latest(_found(ledger, _LATEST))
    if not _changed(known, declared, why):
        return ()
    with writing(ledger) as connection:
        known = _latest(connection.execute(_LATEST).mappings().all())
        found = _changed(known, declared, why)
        _insert(connection, found, command)
    return found


_LATEST: Final = select(CHANGES).where(
    CHANGES.c.id.in_(select(func.max(CHANGES.c.id)).group_by(CHANGES.c.what))
)
"""What each part of the target was last noted as."""


def _latest(rows: Sequence[RowMapping]) -> dict[str, Change]:
    """The last change of each part."""
    return {row["what"]: _read(Change, row) for row in rows}


def _changed(
    known: Mapping[str, Change], declared: Mapping[str, object], why: str
) -> tuple[Change, ...]:
    """What is declared now and was not last noted."""
    found = []
    for what, after in declared.items():
        last = known.get(what)
        if last is None:
            found.append(Change(what=what, before=None, after=after, first=True, why=why))
        elif canonical(last.after) != canonical(after):
            found.append(
                Change(what=what, before=last.after, after=after, since=last.when, why=why)
            )
    return tuple(found)


def _user() -> str:
    """Who runs this; empty where the system cannot tell."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return ""


def _moment(text: str) -> datetime:
    """A time from its text; one without a zone is taken as UTC."""
    found = datetime.fromisoformat(text)
    return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)


def _text(moment: datetime) -> str:
    """A time as text that sorts; SQLite forgets the zone, which is always UTC."""
    utc = moment.astimezone(UTC) if moment.tzinfo else moment
    return f"{utc.replace(tzinfo=None).isoformat(timespec='microseconds')}Z"


def _row(entry: Look | Comparison | Change) -> dict[str, Any]:
    """An entry as a row: numbers of any library become plain ones."""
    columns = ENTRIES[type(entry)].columns
    names = [column.name for column in columns if hasattr(entry, column.name)]
    return {name: _plain(getattr(entry, name), columns[name].type.python_type) for name in names}


def _plain(value: Any, kind: type) -> Any:  # noqa: ANN401 - what a column holds
    """A value as the column holds it."""
    if value is None or kind not in {int, float, bool, str}:
        return value
    return kind(value)


def _is_kept(connection: Connection, row: Mapping[str, Any]) -> bool:
    """Whether joint counts are in the ledger already: the same counts are kept once."""
    if "digest" not in row:
        return False
    known = select(TALLIES.c.id).where(TALLIES.c.digest == row["digest"])
    return connection.execute(known).first() is not None


def _tally_row(entry: Tally) -> dict[str, Any]:
    """Joint counts as a row: their content names them."""
    joint = entry.joint
    table = joint.table
    content = canonical(
        {
            "models": joint.models,
            "answers": joint.answers,
            "base": joint.base,
            "classes": joint.classes,
            "keys": table.keys,
            "cells": table.cells,
            "n": table.n.tolist(),
            "sums": {name: values.tolist() for name, values in table.sums.items()},
            "unshared": dict(joint.unshared),
            "n_shared": joint.n_shared,
        }
    )
    named = f"{entry.split}/{entry.fingerprint}/{content}"
    return {
        "digest": sha256(named.encode()).hexdigest(),
        "split": entry.split,
        "fingerprint": entry.fingerprint,
        "models": list(joint.models),
        "n": joint.n_shared,
        "counts": zlib.compress(content.encode()),
    }


def _tally(row: RowMapping) -> Tally:
    """Joint counts from a row."""
    held = json.loads(zlib.decompress(row["counts"]))
    joint = JointCounts(
        models=tuple(held["models"]),
        answers=held["answers"],
        base=held["base"],
        classes=tuple(held["classes"]),
        table=CountTable.of(held["keys"], held["cells"], held["n"], held["sums"]),
        unshared=held["unshared"],
        n_shared=held["n_shared"],
    )
    when = _text(row["time"])
    return Tally(split=row["split"], fingerprint=row["fingerprint"], joint=joint, when=when)


def _read(kind: type[Entry], row: RowMapping) -> Entry:
    """An entry from a row."""
    held = {field.name: row[field.name] for field in fields(kind) if field.name in row}
    held["when"] = _text(row["time"])
    if kind is Look and held["value"] is None:
        held["value"] = nan
    if kind is Comparison:
        held["errors"] = {name: tuple(pair) for name, pair in held["errors"].items()}
    return kind(**held)


def _found(ledger: Ledger, asked: Select[Any]) -> Sequence[RowMapping]:
    """The rows that a question finds; none where nothing was ever kept."""
    if not is_there(ledger):
        return []
    with reading(ledger) as connection:
        here = form(connection)
        if here == NEWEST:
            return connection.execute(asked).mappings().all()
    if not here:
        return []
    with writing(ledger) as connection:
        return connection.execute(asked).mappings().all()


def looks(ledger: Ledger, *, split: str | None, fingerprint: str | None) -> tuple[Look, ...]:
    """The looks at one set, or at all, in the order in which they were kept."""
    asked = select(LOOKS).order_by(LOOKS.c.id)
    if split is not None:
        asked = asked.where(LOOKS.c.split == split)
    if fingerprint is not None:
        asked = asked.where(LOOKS.c.fingerprint == fingerprint)
    return tuple(_read(Look, row) for row in _found(ledger, asked))


def comparisons(ledger: Ledger, *, fingerprint: str | None) -> tuple[Comparison, ...]:
    """The comparisons on one set, or on all, in the order in which they were kept."""
    asked = select(COMPARISONS).order_by(COMPARISONS.c.id)
    if fingerprint is not None:
        asked = asked.where(COMPARISONS.c.fingerprint == fingerprint)
    return tuple(_read(Comparison, row) for row in _found(ledger, asked))


def changes(ledger: Ledger, *, what: str | None) -> tuple[Change, ...]:
    """The changes of one part of the target, or of all, in the order in which they were kept."""
    asked = select(CHANGES).order_by(CHANGES.c.id)
    if what is not None:
        asked = asked.where(CHANGES.c.what == what)
    return tuple(_read(Change, row) for row in _found(ledger, asked))


def tallies(ledger: Ledger, *, split: str, fingerprint: str) -> tuple[Tally, ...]:
    """The joint counts of one set, in the order in which they were kept."""
    asked = select(TALLIES).order_by(TALLIES.c.id)
    asked = asked.where(TALLIES.c.split == split, TALLIES.c.fingerprint == fingerprint)
    return tuple(_tally(row) for row in _found(ledger, asked))
