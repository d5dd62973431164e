"""What Alembic runs to bring a store to its newest form, over a connection it is handed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic import context

from headway.store.schema import METADATA

if TYPE_CHECKING:
    from sqlalchemy import Connection

__all__ = ["migrate"]


def migrate(connection: Connection) -> None:
    """Run the migrations that Alembic has in mind, in the transaction of the connection."""
    context.configure(
        connection=connection,
        target_metadata=METADATA,
        render_as_batch=connection.dialect.name == "sqlite",
        compare_type=True,
        transactional_ddl=True,
    )
    with context.begin_transaction():
        context.run_migrations()


if __name__ == "env_py":  # Alembic's own name for this file
    migrate(context.config.attributes["connection"])
