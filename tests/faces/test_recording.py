from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

from headway import gaps, next_steps
from headway.frames.fingerprints import fingerprints
from headway.frames.source import read
from headway.store.ledger import ledger_of, looks, record
from headway.store.project import Project
from headway.strategy.looks import Look
from tests.known import known

if TYPE_CHECKING:
    from pathlib import Path

    from tests.faces.conftest import Headway


def predictions(n_wrong: int) -> pl.DataFrame:
    """200 rows of train, dev and test each; some are wrong on test."""
    n = 200
    wrong = [1] * n_wrong + [0] * (n - n_wrong)
    parts = [
        pl.DataFrame(
            {
                "split": [s] * n,
                "id": range(i * n, i * n + n),
                "label": [0] * n,
                "prediction": wrong if s == "test" else [0] * (n - 5) + [1] * 5,
            }
        )
        for i, s in enumerate(("train", "dev", "test"))
    ]
    return pl.concat(parts)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project in the folder that commands run in."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "headway.toml").write_text("[target]\nmargin = 0.01\n", encoding="utf-8")
    return tmp_path


def asked(project: Path, model: str, n_wrong: int, **options: Any) -> list[str]:
    """Ask for the ladder of a model in the project; the codes of the findings."""
    predictions(n_wrong).write_parquet(project / f"{model}.parquet")
    found = gaps(str(project / f"{model}.parquet"), project=project, **options)
    return [finding.code for finding in found.findings]


def kept(project: Path, split: str) -> list[tuple[str, float]]:
    """What the ledger holds of a split: models and numbers."""
    ledger = ledger_of(Project.read(project / "headway.toml"))
    assert ledger is not None
    return [(look.model, look.value) for look in looks(ledger, split=split)]


def test_ladder_when_in_a_project_then_dev_and_test_are_kept(project: Path) -> None:
    asked(project, "net", 20)
    assert [("net", 0.025)] == kept(project, "dev")
    assert [("net", 0.1)] == kept(project, "test")


def test_ladder_when_outside_a_project_then_nothing_is_kept(tmp_path: Path) -> None:
    predictions(20).write_parquet(tmp_path / "net.parquet")
    gaps(str(tmp_path / "net.parquet"))
    assert [] == [path.name for path in tmp_path.iterdir() if path.name != "net.parquet"]


def test_test_set_when_looked_at_a_fourth_time_then_it_is_warned(project: Path) -> None:
    codes = [asked(project, f"net{i}", 20 + i) for i in range(4)]
    assert [False, False, False, True] == ["HW366" in found for found in codes]


def test_test_set_when_looked_at_too_often_then_the_warning_comes_before_the_number(
    headway: Headway, project: Path
) -> None:
    for i in range(3):
        asked(project, f"net{i}", 20 + i)
    predictions(30).write_parquet(project / "net3.parquet")
    done = headway("gaps", "net3.parquet")
    assert done.err.startswith("Warning: This would be look 4 at a test set")
    assert 0 == done.code


def test_number_when_read_again_then_is_no_further_look(project: Path) -> None:
    codes = [asked(project, "net", 20) for _ in range(5)]
    assert not any("HW366" in found for found in codes)


def test_target_when_changed_between_two_answers_then_it_is_told(project: Path) -> None:
    asked(project, "net", 20)
    (project / "headway.toml").write_text("[target]\nmargin = 0.02\n", encoding="utf-8")
    assert "HW381" in asked(project, "net", 20)


def test_store_when_it_cannot_be_read_then_the_answer_is_given_all_the_same(project: Path) -> None:
    (project / ".headway").mkdir()
    (project / ".headway" / "headway.db").write_bytes(b"no database at all, and long enough" * 9)
    assert "HW382" in asked(project, "net", 20)


def test_next_when_dev_was_asked_too_often_then_a_fresh_set_comes_first(project: Path) -> None:
    dev = fingerprint(project)
    seen = [
        Look(
            when=f"2026-01-01T00:{i // 60:02d}:{i % 60:02d}Z",
            split="dev",
            fingerprint=dev,
            model=f"m{i}",
            metric="error",
            value=0.03 + i / 1e5,
            n=200,
            purpose="adaptive",
        )
        for i in range(400)
    ]
    record(known(ledger_of(Project.read(project / "headway.toml"))), seen)
    found = next_steps(str(project / "net.parquet"), project=project).result
    assert ("target", "Take a fresh dev set") == (found.steps[0].addresses, found.steps[0].title)


def fingerprint(project: Path) -> str:
    """The digest of dev."""
    predictions(20).write_parquet(project / "net.parquet")
    return fingerprints(read(str(project / "net.parquet")))["dev"]
