from __future__ import annotations

from pathlib import Path

import pytest

from headway.errors import ProjectError
from headway.store import places
from headway.store.places import Ledger, ledger_of, network_share
from headway.store.project import Project


def placed(url: str, folder: str = "/team") -> Ledger:
    """The ledger of a project with a store url."""
    found = ledger_of(Project.of(f"[store]\nurl = {url!r}", Path(folder) / "headway.toml"))
    assert found is not None
    return found


def test_ledger_when_there_is_no_project_then_is_none() -> None:
    assert ledger_of(None) is None


def test_ledger_when_its_path_is_relative_then_starts_from_the_project() -> None:
    found = placed("sqlite:///notes/a.db")
    assert ("sqlite:////team/notes/a.db", Path("/team/notes/a.db")) == (found.url, found.path)
    assert "sqlite:///notes/a.db" == found.shown


def test_ledger_when_its_path_is_absolute_then_stays() -> None:
    assert Path("/other/a.db") == placed("sqlite:////other/a.db?timeout=3").path


def test_ledger_when_its_folder_has_odd_letters_then_keeps_them() -> None:
    odd = r"/a \1 100% é"
    assert Path(f"{odd}/.headway/headway.db") == placed("sqlite:///.headway/headway.db", odd).path


def test_ledger_when_it_is_postgresql_then_hides_its_password() -> None:
    found = placed("postgresql://ann:se.cret@db/team")
    assert "postgresql+psycopg://ann:se.cret@db/team" == found.url
    assert "postgresql://ann:***@db/team" == found.shown
    assert "cret" not in repr(found)
    assert found.path is None


@pytest.mark.parametrize("url", ["mysql://a:pw@db/x", "sqlite://", "sqlite:///:memory:", "a.db"])
def test_ledger_when_the_url_names_no_store_then_it_is_refused(url: str) -> None:
    with pytest.raises(ProjectError, match="names no SQLite file and no PostgreSQL") as refused:
        placed(url)
    assert 3 == refused.value.exit_code
    assert "pw" not in str(refused.value)


def test_network_share_when_the_nearest_mount_is_one_then_names_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mounts = tmp_path / "mounts"
    lines = [
        "/dev/sda / ext4 rw 0 0",
        "box:/x /people nfs4 rw 0 0",
        "b /people/my\\040disk ext4 rw",
    ]
    mounts.write_text("\n".join(lines), encoding="utf-8")
    monkeypatch.setattr(places, "MOUNTS", mounts)
    assert "nfs4" == network_share(Path("/people/ann/p/.headway/headway.db"))
    assert "" == network_share(Path("/people/my disk/headway.db"))
    assert "" == network_share(Path("/srv/headway.db"))


def test_network_share_when_the_mounts_cannot_be_read_then_is_empty(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(places, "MOUNTS", tmp_path / "absent")
    assert "" == network_share(Path("/people/ann/headway.db"))
