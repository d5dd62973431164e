"""The store as its users meet it: `headway db`, and exit code 4."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import headway as root
from headway import workbench
from headway.errors import ProjectError
from headway.store.ledger import ledger_of, looks, remember
from headway.store.project import Project
from headway.workbench import keeping

if TYPE_CHECKING:
    from headway.strategy.looks import Look
    from tests.faces.conftest import Headway, Ran

STORE = Path(".headway") / "headway.db"
ACTIONS = ("info", "upgrade", "check")


def made(headway: Headway) -> None:
    """A project whose target was noted."""
    headway("init", "--yes", "-q")
    assert () == remember(Project.read(Path("headway.toml")), "headway gaps")


def looks_of_project() -> tuple[Look, ...]:
    """What the project's ledger holds."""
    found = ledger_of(Project.read(Path("headway.toml")))
    assert found is not None
    return looks(found)


def changed(statement: str) -> None:
    """Change the store behind Headway's back."""
    with closing(sqlite3.connect(STORE, isolation_level=None)) as store:
        store.execute(statement)


def test_db_when_there_is_no_project_then_is_refused(headway: Headway) -> None:
    ran = headway("db", "info")
    assert 3 == ran.code
    assert f"No headway.toml in {Path.cwd()} or above it." in ran.err


def test_db_when_nothing_was_kept_then_says_so(headway: Headway) -> None:
    headway("init", "--yes", "-q")
    ran = headway("db", "info")
    assert (0, "") == (ran.code, ran.err)
    assert ran.out.startswith("Nothing has been recorded yet.")
    assert not STORE.exists()


def test_db_when_asked_in_json_then_counts_the_rows(headway: Headway) -> None:
    made(headway)
    found = headway("db", "info", "--json").json
    assert ("db", 5, "r0001") == (
        found["command"],
        found["result"]["rows"]["changes"],
        found["result"]["revision"],
    )


def test_upgrade_when_dry_then_makes_nothing(headway: Headway) -> None:
    headway("init", "--yes", "-q")
    assert ["r0001"] == headway("db", "upgrade", "--dry-run", "--json").json["result"]["pending"]
    assert not STORE.exists()
    assert headway("db", "upgrade").out.startswith("One step brought the store")
    assert STORE.exists()


def test_check_when_the_store_is_sound_then_leaves_with_0(headway: Headway) -> None:
    made(headway)
    ran = headway("db", "check")
    assert 0 == ran.code
    assert ran.out.startswith("The store is sound")


def test_check_when_a_guard_is_gone_then_leaves_with_1(headway: Headway) -> None:
    made(headway)
    changed("DROP TRIGGER looks_no_update")
    ran = headway("db", "check")
    assert 1 == ran.code
    assert "The guard 'looks_no_update' is missing." in ran.out


def refused(ran: Ran) -> str:
    """The problem of a refusal of the store, in JSON."""
    assert 4 == ran.code
    assert "store" == ran.json["error"]["code"]
    problem: str = ran.json["error"]["problem"]
    return problem


@pytest.mark.parametrize("action", ACTIONS)
def test_db_when_the_store_is_newer_then_leaves_with_4(headway: Headway, action: str) -> None:
    made(headway)
    changed("UPDATE alembic_version SET version_num = 'r9999'")
    assert "has a newer form (r9999)" in refused(headway("db", action, "--json"))


@pytest.mark.parametrize("action", ACTIONS)
def test_db_when_the_store_is_no_database_then_leaves_with_4(headway: Headway, action: str) -> None:
    made(headway)
    STORE.write_text("not a database, but long enough to be read as one", "utf-8")
    assert "cannot be read: file is not a database" in refused(headway("db", action, "--json"))


def test_upgrade_when_the_store_is_busy_then_leaves_with_4(
    headway: Headway, monkeypatch: pytest.MonkeyPatch
) -> None:
    headway("init", "--yes", "-q")
    STORE.touch()
    impatient = partial(keeping.db, wait_s=0.1)
    monkeypatch.setattr(workbench, "db", impatient)
    with closing(sqlite3.connect(STORE, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        problem = refused(headway("db", "upgrade", "--json"))
    assert "is busy: another program held it for 0.1 seconds" in problem


def test_answer_when_the_store_is_newer_then_is_shown_and_not_kept(
    headway: Headway, predictions: Path
) -> None:
    made(headway)
    changed("UPDATE alembic_version SET version_num = 'r9999'")
    ran = headway("gaps", predictions.name, "--json")
    said = {found["code"]: found["sentence"] for found in ran.json["findings"]}
    assert 0 == ran.code
    assert "This answer was not recorded." in said["HW382"]
    assert "has a newer form" in said["HW382"]


def test_answer_when_given_in_a_project_then_its_looks_are_kept(
    headway: Headway, predictions: Path
) -> None:
    made(headway)
    headway("gaps", predictions.name)
    (seen,) = looks_of_project()
    assert ("dev", "error", 0.1, 300) == (seen.split, seen.metric, seen.value, seen.n)


def test_target_when_it_changed_then_the_next_answer_says_so(
    headway: Headway, predictions: Path
) -> None:
    made(headway)
    text = Path("headway.toml").read_text("utf-8").replace("# margin = 0.01", "margin = 0.02")
    Path("headway.toml").write_text(text, "utf-8")
    said = headway("gaps", predictions.name, "--json").json["findings"]
    assert ["HW381"] == [found["code"] for found in said if found["code"].startswith("HW38")]
    again = headway("gaps", predictions.name, "--json").json["findings"]
    assert "HW381" not in [found["code"] for found in again]


def test_url_when_it_names_no_store_then_leaves_with_3(headway: Headway) -> None:
    Path("headway.toml").write_text("[store]\nurl = 'mysql://ann:secret@db/x'\n", "utf-8")
    ran = headway("db", "info")
    assert 3 == ran.code
    assert "'mysql://ann:***@db/x' names no SQLite file" in ran.err


def test_db_when_asked_in_python_then_takes_the_project_it_runs_in(headway: Headway) -> None:
    made(headway)
    assert root.db().result == root.db("info", project=".").result
    assert () == root.db("check", project=Path("headway.toml")).result.problems


def test_db_when_there_is_no_project_in_python_then_is_refused(headway: Headway) -> None:
    with pytest.raises(ProjectError, match=r"No headway\.toml in"):
        root.db()


def test_ledger_when_its_url_is_relative_then_lies_in_the_project(headway: Headway) -> None:
    made(headway)
    found = ledger_of(Project.read(Path("headway.toml")))
    assert found is not None
    assert found.path == STORE.resolve()
