"""Where a project keeps its ledger."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

from headway.errors import ProjectError

if TYPE_CHECKING:
    from headway.store.project import Project

__all__ = ["WAIT_S", "Ledger", "ledger_of", "network_share"]

WAIT_S: Final = 10.0
"""Seconds to wait for another writer; four writers at once wait 0.4 at most."""

KNOWN: Final = re.compile(r"(sqlite(\+pysqlite)?:///(?!:memory:).|postgresql(\+psycopg)?://)")

RELATIVE: Final = re.compile(r"(sqlite(?:\+pysqlite)?):///(?!/|file:)(?=.)")
"""The start of an address whose path is relative."""

PASSWORD: Final = re.compile(r"(?<=://)([^/@:]*):[^/@]*@")

MASKED: Final = r"\1:***@"

MOUNTS: Final = Path("/proc/self/mounts")

NETWORK: Final = (
    *("nfs", "nfs4", "cifs", "smb3", "smbfs", "afs", "9p", "ceph", "lustre", "glusterfs"),
    *("beegfs", "gpfs", "fuse.sshfs", "fuse.glusterfs", "fuse.ceph", "fuse.rclone", "fuse.gcsfuse"),
)
"""Kinds of file systems on which SQLite's write-ahead log does not work."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """Where a ledger is: an address, not an open file.

    Args:
        url: Address of the database, with an absolute path.
        shown: The same as it may be shown: relative where it was, and without a password.
        wait_s: Seconds to wait for another writer, at least 0.
    """

    url: str = field(repr=False)
    shown: str
    wait_s: float = WAIT_S

    @property
    def path(self) -> Path | None:
        """The file of a SQLite database; None for another database."""
        found = re.fullmatch(r"sqlite(?:\+pysqlite)?:///(?!file:)([^?]+)(?:\?.*)?", self.url)
        return Path(found[1]) if found else None


def ledger_of(project: Project | None, *, wait_s: float = WAIT_S) -> Ledger | None:
    """The ledger of a project; nothing is opened or made.

    Args:
        project: The project, or None outside one.
        wait_s: Seconds to wait for another writer, at least 0.

    Returns:
        Where it is, or None outside a project.

    Raises:
        ProjectError: If the project names neither a SQLite file nor a PostgreSQL database.

    Examples:
        >>> from headway.store.project import Project
        >>> ledger_of(Project.of("", Path("/team/headway.toml"))).shown
        'sqlite:///.headway/headway.db'
    """
    if project is None:
        return None
    url = project.store.url
    if not KNOWN.match(url):
        reason = f"'{PASSWORD.sub(MASKED, url)}' names no SQLite file and no PostgreSQL database"
        raise ProjectError.bad_key(str(project.path), "store.url", reason, [])
    folder = str(project.folder.resolve())
    absolute = RELATIVE.sub(lambda found: f"{found[1]}:///{folder}/", url, count=1)
    return Ledger(
        url=re.sub(r"^postgresql://", "postgresql+psycopg://", absolute),
        shown=PASSWORD.sub(MASKED, url),
        wait_s=wait_s,
    )


def network_share(path: Path) -> str:
    """The kind of the network share that a file lies on.

    Args:
        path: The file, which need not exist yet.

    Returns:
        Such as ``"nfs4"``; empty on a local disk, and where it cannot be told.
    """
    try:
        lines = MOUNTS.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return ""
    parts = [line.split(" ") for line in lines]
    places = {part[1].replace("\\040", " "): part[2] for part in parts if len(part) > 2}
    above = [str(folder) for folder in path.resolve().parents]
    kind = next((places[folder] for folder in above if folder in places), "")
    return kind if kind in NETWORK else ""
