"""The forms that a store has had, and the way from one to the next."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError

from headway.store import guards, migrations
from headway.store.schema import METADATA, NEWEST, TABLES

if TYPE_CHECKING:
    from sqlalchemy import Connection

__all__ = ["differences", "is_known", "pending", "upgrade"]


def is_known(revision: str) -> bool:
    """Whether this program knows a form."""
    try:
        return bool(_scripts().get_revision(revision))
    except CommandError:
        return False


def pending(revision: str) -> tuple[str, ...]:
    """The forms from one to the newest.

    Args:
        revision: A form that is known, or empty for none.

    Returns:
        What has still to be applied, first to last.

    Examples:
        >>> pending("")[0], pending(NEWEST)
        ('r0001', ())
    """
    steps = _scripts().iterate_revisions(NEWEST, revision or "base")
    return tuple(reversed([step.revision for step in steps]))


def upgrade(connection: Connection) -> None:
    """Bring a store to the newest form, in the transaction of a connection."""
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def differences(connection: Connection) -> list[str]:
    """In what the tables of a store differ from those this program works with.

    Args:
        connection: To a store of the newest form.

    Returns:
        One sentence each; none where they are the same.
    """
    found = compare_metadata(
        MigrationContext.configure(connection, opts={"compare_type": True}), METADATA
    )
    # A change of several columns comes as a list of its own.
    flat = [each for entry in found for each in (entry if isinstance(entry, list) else [entry])]
    told = [f"Its tables differ: {_said(each)}." for each in flat]
    lacking = guards.missing(connection, [table.name for table in TABLES])
    return [*told, *(f"The guard '{name}' is missing." for name in lacking)]


def _said(difference: tuple[object, ...]) -> str:
    """A difference as Alembic tells it, in words."""
    kind, *rest = difference
    names = [
        name for part in rest if (name := getattr(part, "name", part)) and isinstance(name, str)
    ]
    return f"{str(kind).replace('_', ' ')} {' '.join(names)}".strip()


def _scripts() -> ScriptDirectory:
    """The migrations that came with this program."""
    return ScriptDirectory.from_config(_config())


def _config() -> Config:
    """Alembic's settings; a percent sign in the path of the program is no placeholder."""
    config = Config()
    folder = str(Path(migrations.__path__[0]))
    config.set_main_option("script_location", folder.replace("%", "%%"))
    return config
