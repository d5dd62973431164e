"""The tables of the ledger: rows are added, never changed and never removed."""

from __future__ import annotations

from typing import Final

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Float,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
)

__all__ = ["CHANGES", "COMPARISONS", "LOOKS", "METADATA", "NEWEST", "TABLES", "TALLIES"]

NEWEST: Final = "r0001"
"""The form of the tables below: the last of the migrations."""

METADATA: Final = MetaData(
    naming_convention={"ix": "ix_%(table_name)s_%(column_0_N_name)s", "pk": "pk_%(table_name)s"}
)

NUMBER: Final = BigInteger().with_variant(Integer(), "sqlite")
"""Only an INTEGER key counts up by itself in SQLite."""


def _entries(name: str, *columns: Column[object] | Index) -> Table:
    """A table of dated entries."""
    return Table(
        name,
        METADATA,
        Column("id", NUMBER, primary_key=True),
        Column("time", DateTime(timezone=True), nullable=False),
        *columns,
        Column("command", Text, nullable=False),
        Column("user", Text, nullable=False),
        sqlite_autoincrement=True,
    )


LOOKS: Final = _entries(
    "looks",
    Column("split", Text, nullable=False),
    Column("fingerprint", String(64), nullable=False),
    Column("model", Text, nullable=False),
    Column("metric", Text, nullable=False),
    Column("value", Float, nullable=True),
    Column("lower", Float, nullable=True),
    Column("upper", Float, nullable=True),
    Column("n", BigInteger, nullable=True),
    Column("purpose", Text, nullable=False),
    Column("selected", Boolean, nullable=False),
    Index(None, "split", "fingerprint"),
)
"""Who looked at which number of which set, and why."""

COMPARISONS: Final = _entries(
    "comparisons",
    Column("a", Text, nullable=False),
    Column("b", Text, nullable=False),
    Column("fingerprint", String(64), nullable=False),
    Column("metric", Text, nullable=False),
    Column("errors", JSON, nullable=False),
    Column("n", BigInteger, nullable=False),
    Column("a_only", BigInteger, nullable=False),
    Column("b_only", BigInteger, nullable=False),
    Index(None, "fingerprint"),
)
"""Pairs of models met on the same examples, with their errors by category."""

CHANGES: Final = _entries(
    "changes",
    Column("what", Text, nullable=False),
    Column("before", JSON, nullable=True),
    Column("after", JSON, nullable=True),
    Column("first", Boolean, nullable=False),
    Column("why", Text, nullable=False),
    Index(None, "what"),
)
"""Changes of the target."""

TALLIES: Final = _entries(
    "tallies",
    Column("digest", String(64), nullable=False),
    Column("split", Text, nullable=False),
    Column("fingerprint", String(64), nullable=False),
    Column("models", JSON, nullable=False),
    Column("n", BigInteger, nullable=False),
    Column("counts", LargeBinary, nullable=False),
    Index(None, "digest", unique=True),
    Index(None, "split", "fingerprint"),
)
"""Joint counts of models: the patterns of who was right, in a few bytes."""

TABLES: Final = tuple(METADATA.sorted_tables)
