from __future__ import annotations

import io
import tomllib
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.faces.conftest import Headway


class Keyboard(io.StringIO):
    """A terminal on which the answers are typed."""

    def isatty(self) -> bool:
        """It is one."""
        return True


def typed(monkeypatch: pytest.MonkeyPatch, *answers: str) -> None:
    """Type the answers to the questions that come."""
    monkeypatch.setattr("sys.stdin", Keyboard("".join(f"{answer}\n" for answer in answers)))


def written(folder: Path) -> dict[str, Any]:
    """The project file."""
    return tomllib.loads((folder / "headway.toml").read_text("utf-8"))


def test_init_when_at_a_terminal_then_three_questions_fill_the_file(
    headway: Headway, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    typed(monkeypatch, "runs/*.parquet", "", "human", "1%/500")
    ran = headway("init")

    assert 3 == sum(ran.out.count(words) for words in ("Where are", "one column", "How low"))
    assert {"predictions": ["runs/*.parquet"]} == written(tmp_path)["data"]
    tier = {"name": "human level", "error": 0.01, "n": 500}
    assert ("human", [tier]) == tuple(written(tmp_path)["reference"][k] for k in ("kind", "tiers"))


def test_init_when_the_split_is_in_files_then_they_stand_for_the_predictions(
    headway: Headway, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    typed(monkeypatch, "a.csv", "train=a.csv,dev=b.csv", "required", "2%")
    headway("init")

    assert {"splits": {"train": "a.csv", "dev": "b.csv"}} == written(tmp_path)["data"]
    assert "required" == written(tmp_path)["reference"]["kind"]


def test_init_when_nothing_is_known_then_all_is_left_open(
    headway: Headway, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    typed(monkeypatch, "", "previous_system", "")
    headway("init")

    assert {} == written(tmp_path)["data"]
    assert {"kind": "previous_system"} == written(tmp_path)["reference"]


@pytest.mark.parametrize(
    "given",
    [
        ("-y",),
        ("--predictions", "p.csv", "--splits", "train=a.csv", "--human", "unknown"),
        ("--splits", "train=a.csv,field=b.csv", "--human", "1%", "--reference", "required"),
    ],
)
def test_init_when_its_options_answer_then_nothing_is_asked(
    headway: Headway, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, given: tuple[str, ...]
) -> None:
    typed(monkeypatch)
    ran = headway("init", *given)

    assert (0, "") == (ran.code, ran.out)
    assert (tmp_path / "headway.toml").is_file()


def test_init_when_an_answer_is_no_choice_then_it_asks_again(
    headway: Headway, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    typed(monkeypatch, "", "animals", "best_known", "")
    ran = headway("init")

    assert "'animals' is not one of" in ran.out + ran.err
    assert "best_known" == written(tmp_path)["reference"]["kind"]


def test_init_when_the_answers_end_then_it_is_interrupted_and_writes_nothing(
    headway: Headway, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    typed(monkeypatch, "p.csv")
    ran = headway("init")

    assert (130, True) == (ran.code, "Interrupted." in ran.err)
    assert [] == list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (("--splits", "trian=a.csv"), "'data.splits.trian' in headway.toml"),
        (("--margin", "-1%"), "greater than or equal to 0"),
        (("--margin", "inf"), "finite number"),
        (("--human", "120%"), "'120%' cannot be read as an error"),
    ],
)
def test_init_when_a_value_is_wrong_then_it_is_refused_and_writes_nothing(
    headway: Headway, tmp_path: Path, given: tuple[str, ...], message: str
) -> None:
    ran = headway("init", *given)

    assert (3, True) == (ran.code, message in ran.err)
    assert [] == list(tmp_path.iterdir())


def test_init_when_pairs_cannot_be_read_then_the_usage_is_wrong(headway: Headway) -> None:
    ran = headway("init", "--splits", "train")

    assert (2, True) == (ran.code, "--splits reads pairs" in ran.err)


def test_init_when_its_folder_cannot_be_made_then_it_is_refused(
    headway: Headway, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    ran = headway("init", "file/project")

    assert (3, True) == (ran.code, "cannot be written" in ran.err)


@pytest.mark.parametrize("way", ["--maximize", "--minimize"])
def test_init_when_a_quantile_is_to_be_optimized_then_is_refused(
    headway: Headway, tmp_path: Path, way: str
) -> None:
    ran = headway("init", "--yes", way, "p95(latency_ms)")
    assert (3, False) == (ran.code, (tmp_path / "headway.toml").exists())
    assert "take it as a limit in headway select" in ran.err
