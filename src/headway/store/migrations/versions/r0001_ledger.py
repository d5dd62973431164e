"""The ledger: looks, comparisons, changes of the target, and joint counts."""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa
from alembic import op

from headway.store.guards import statements

__all__ = ["branch_labels", "depends_on", "down_revision", "revision", "upgrade"]

revision: Final = "r0001"
down_revision: Final = None
branch_labels: Final = None
depends_on: Final = None

NUMBER: Final = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

NAMES: Final = ("looks", "comparisons", "changes", "tallies")


def upgrade() -> None:
    """Make the tables and their guards."""
    _entries(
        "looks",
        sa.Column("split", sa.Text, nullable=False),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("model", sa.Text, nullable=False),
        sa.Column("metric", sa.Text, nullable=False),
        sa.Column("value", sa.Float, nullable=True),
        sa.Column("lower", sa.Float, nullable=True),
        sa.Column("upper", sa.Float, nullable=True),
        sa.Column("n", sa.BigInteger, nullable=True),
        sa.Column("purpose", sa.Text, nullable=False),
        sa.Column("selected", sa.Boolean, nullable=False),
    )
    _entries(
        "comparisons",
        sa.Column("a", sa.Text, nullable=False),
        sa.Column("b", sa.Text, nullable=False),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("metric", sa.Text, nullable=False),
        sa.Column("errors", sa.JSON, nullable=False),
        sa.Column("n", sa.BigInteger, nullable=False),
        sa.Column("a_only", sa.BigInteger, nullable=False),
        sa.Column("b_only", sa.BigInteger, nullable=False),
    )
    _entries(
        "changes",
        sa.Column("what", sa.Text, nullable=False),
        sa.Column("before", sa.JSON, nullable=True),
        sa.Column("after", sa.JSON, nullable=True),
        sa.Column("first", sa.Boolean, nullable=False),
        sa.Column("why", sa.Text, nullable=False),
    )
    _entries(
        "tallies",
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("split", sa.Text, nullable=False),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("models", sa.JSON, nullable=False),
        sa.Column("n", sa.BigInteger, nullable=False),
        sa.Column("counts", sa.LargeBinary, nullable=False),
    )
    _indices()
    for statement in statements(op.get_bind().dialect.name, NAMES):
        op.execute(statement)


def _entries(name: str, *columns: sa.Column[object]) -> None:
    """Make a table of dated entries."""
    op.create_table(
        name,
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("time", sa.DateTime(timezone=True), nullable=False),
        *columns,
        sa.Column("command", sa.Text, nullable=False),
        sa.Column("user", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name=f"pk_{name}"),
        sqlite_autoincrement=True,
    )


def _indices() -> None:
    """Make the indices."""
    op.create_index("ix_looks_split_fingerprint", "looks", ["split", "fingerprint"])
    op.create_index("ix_comparisons_fingerprint", "comparisons", ["fingerprint"])
    op.create_index("ix_changes_what", "changes", ["what"])
    op.create_index("ix_tallies_digest", "tallies", ["digest"], unique=True)
    op.create_index("ix_tallies_split_fingerprint", "tallies", ["split", "fingerprint"])
