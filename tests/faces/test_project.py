from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING

import pytest

from headway.errors import ProjectError
from headway.store.project import Project

if TYPE_CHECKING:
    from pathlib import Path

    from tests.faces.conftest import Headway

NUMBERS = ("train=8%/50000", "dev=10%/2000")


def toml(folder: Path) -> dict[str, object]:
    """The project file."""
    return tomllib.loads((folder / "headway.toml").read_text("utf-8"))


def test_init_when_all_is_given_then_nothing_is_asked(headway: Headway, tmp_path: Path) -> None:
    args = ("--predictions", "runs/*.parquet", "--human", "team=0.5%/1000,one=1%", "--margin", "1%")
    ran = headway("init", *args)
    tier = {"name": "team", "error": 0.005, "n": 1000}

    assert ran.code == 0
    assert toml(tmp_path)["target"] == {"margin": 0.01, "level": 0.95}
    assert toml(tmp_path)["reference"] == {
        "kind": "human",
        "tiers": [tier, {"name": "one", "error": 0.01}],
        "proxy": "team",
    }
    assert (tmp_path / ".headway").is_dir()


def test_init_when_a_project_is_there_then_it_is_refused(headway: Headway) -> None:
    headway("init", "-y")
    ran = headway("init", "-y")

    assert ran.code == 3
    assert "exists already" in ran.err


def test_project_when_found_then_its_settings_fill_what_is_not_given(
    headway: Headway, predictions: Path
) -> None:
    headway("init", "--predictions", predictions.name, "--human", "1%", "--margin", "3%")
    ran = headway("gaps", "--json")

    assert ran.json["result"]["margin"] == 0.03
    assert ran.json["result"]["rungs"][0]["estimate"] == 0.01
    assert ran.json["input"]["rows"] == 1000


def test_project_when_an_option_is_given_then_the_option_wins(headway: Headway) -> None:
    headway("init", "--human", "1%", "--margin", "3%")

    assert headway("gaps", *NUMBERS, "--margin", "2%", "--json").json["result"]["margin"] == 0.02


def test_idea_when_added_then_the_file_keeps_its_comments_and_the_idea_is_judged(
    headway: Headway, tmp_path: Path
) -> None:
    headway("init", "--human", "1%")
    headway("ideas", "add", 'try "Adam"', "--knob", "optimizer", "--cost", "2d")
    found = headway("ideas", *NUMBERS, "--json").json["result"]["ideas"]

    assert "# Headway reads this file" in (tmp_path / "headway.toml").read_text("utf-8")
    assert [('try "Adam"', "worth_it", 2.0)] == [
        (i["name"], i["verdict"], i["cost"]) for i in found
    ]


def test_idea_when_its_knob_is_unknown_then_it_is_refused(headway: Headway) -> None:
    ran = headway("ideas", "add", "x", "--knob", "optimiser")

    assert ran.code == 3
    assert "did you mean 'optimizer'" in ran.err


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[targt]\nmargin = 1", "did you mean 'target'"),
        ("[target]\nmargn = 1", "did you mean 'margin'"),
        ("[target]\nmargin = -1", "greater than or equal to 0"),
        ("[[idea]]\nknob = 'x'", "field required"),
        ("x = [", "headway.toml is not TOML: "),
        ("path = 'x'", "it is not a key"),
    ],
)
def test_project_when_its_file_is_wrong_then_it_is_refused_by_key(
    headway: Headway, tmp_path: Path, text: str, message: str
) -> None:
    (tmp_path / "headway.toml").write_text(text, encoding="utf-8")
    ran = headway("gaps", *NUMBERS)

    assert ran.code == 3
    assert message in ran.err


def test_project_when_absent_then_reading_it_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ProjectError, match=r"No headway\.toml"):
        Project.read(tmp_path / "headway.toml")


def test_knobs_when_the_project_has_its_own_then_they_join(
    headway: Headway, tmp_path: Path
) -> None:
    text = '[[knob]]\nname = "warm_up"\ntitle = "Warm up"\nmoves = ["avoidable_bias"]\n'
    (tmp_path / "headway.toml").write_text(text, encoding="utf-8")

    assert "warm_up" in {k["name"] for k in headway("knobs", "--json").json["result"]["knobs"]}
