"""Ledgers to write to: a SQLite file for each test, and a PostgreSQL server where there is one."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from headway.store.places import Ledger, ledger_of
from headway.store.project import Project

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A project that declares nothing but a margin."""
    return Project.of("[target]\nmargin = 0.01", tmp_path / "headway.toml")


@pytest.fixture
def ledger(project: Project) -> Ledger:
    """Its ledger, of which nothing is there yet."""
    found = ledger_of(project, wait_s=10.0)
    assert found is not None
    return found


def program(name: str) -> str | None:
    """A program of PostgreSQL, on the path or where Debian puts it."""
    places = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), reverse=True)
    return shutil.which(name) or next(map(str, places), None)


def account() -> str | None:
    """Who may run a server: PostgreSQL refuses root; None is whoever runs the tests."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return next((name for name in ("postgres", "nobody") if name in names), "")


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """The address of a PostgreSQL server that was started for these tests alone."""
    initdb, pg_ctl, user = program("initdb"), program("pg_ctl"), account()
    if initdb is None or pg_ctl is None or user == "":
        pytest.skip("no PostgreSQL: install postgresql to run this test")
    pytest.importorskip("psycopg", reason="no psycopg: pip install 'headway[postgres]'")
    with tempfile.TemporaryDirectory() as name, socket.socket() as free:
        folder = Path(name)
        if user is not None:
            shutil.chown(folder, user)
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        free.close()
        made = [initdb, "-D", str(folder / "db"), "-A", "trust", "-U", "headway", "--no-sync"]
        subprocess.run(made, check=True, capture_output=True, user=user, cwd=folder)
        options = f"-p {port} -h 127.0.0.1 -c fsync=off -c unix_socket_directories=''"
        base = [pg_ctl, "-D", str(folder / "db"), "-l", str(folder / "log"), "-w"]
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        begin = [*base, "-o", options, "start"]
        subprocess.run(begin, check=True, user=user, cwd=folder, **quiet)  # type: ignore[call-overload]
        yield f"postgresql://headway:secret@127.0.0.1:{port}/postgres"
        stop = [*base, "-m", "immediate", "stop"]
        subprocess.run(stop, check=True, user=user, cwd=folder, **quiet)  # type: ignore[call-overload]
