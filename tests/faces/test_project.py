from __future__ import annotations

import tomllib
from math import inf
from typing import TYPE_CHECKING, Any

import pytest

import headway
from headway.errors import HeadwayError, ProjectError, TargetError
from headway.store.project import IdeaEntry, Project, add_idea
from tests.known import known

if TYPE_CHECKING:
    from pathlib import Path

    from tests.faces.conftest import Headway

NAMED: list[dict[str, Any]] = [{}, {"proxy": "team"}]
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


@pytest.mark.parametrize("name", ["", "elsewhere"])
def test_project_when_absent_then_reading_it_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(ProjectError, match=rf"No headway\.toml in .*{name} or above it"):
        headway.gaps(project=tmp_path / name)


def test_project_when_its_file_is_a_folder_then_it_is_refused(tmp_path: Path) -> None:
    (tmp_path / "headway.toml").mkdir()
    with pytest.raises(ProjectError, match=r"headway\.toml cannot be read"):
        Project.read(tmp_path / "headway.toml")


def test_project_when_its_file_is_not_in_utf_8_then_it_is_refused(tmp_path: Path) -> None:
    (tmp_path / "headway.toml").write_bytes(b"# b\xe9\n")
    with pytest.raises(ProjectError, match="is not TOML"):
        Project.read(tmp_path / "headway.toml")


def test_project_when_it_names_columns_and_splits_then_they_are_read(tmp_path: Path) -> None:
    for name, rows in (("a", "1,1\n" * 90 + "1,0\n" * 10), ("b", "1,1\n" * 80 + "1,0\n" * 20)):
        (tmp_path / f"{name}.csv").write_text(f"truth,guess\n{rows}", encoding="utf-8")
    text = (
        "[target]\nmargin = 0.03\n[data]\nsame_distribution = true\n"
        'columns = { label = "truth", prediction = "guess" }\n'
        '[data.splits]\ntrain = "a.csv"\ndev = "b.csv"\n'
    )
    (tmp_path / "headway.toml").write_text(text, encoding="utf-8")
    found = headway.gaps(project=tmp_path).result

    assert [0.1, 0.2] == [rung.error.estimate for rung in found.rungs]
    assert (0.03, "variance") == (found.margin, found.gaps[-1].name)


def test_project_when_it_names_tiers_then_its_proxy_is_the_reference(tmp_path: Path) -> None:
    tiers = '[{ name = "team", error = 0.005, n = 1000 }, { name = "one", error = 0.01 }]'
    text = f'[reference]\nkind = "human"\nproxy = "one"\ntiers = {tiers}\n'
    (tmp_path / "headway.toml").write_text(text, encoding="utf-8")
    rungs = {"train": "8%/50000", "dev": "10%/2000"}
    found = [headway.gaps(rungs=rungs, project=tmp_path, **more).result for more in NAMED]

    assert ["one", "team"] == [known(each.reference).proxy for each in found]


def test_ideas_when_they_are_the_projects_then_they_count_among_the_steps(tmp_path: Path) -> None:
    headway.init(tmp_path, human="1%")
    headway.add_idea("cheaper optimizer", knob="optimizer", cost_days=1, project=tmp_path)
    rungs = {"train": "8%/50000", "dev": "8.1%/50000"}
    steps = headway.next_steps(rungs=rungs, project=tmp_path).result.steps

    assert "Cheaper optimizer" == steps[0].title


def test_idea_when_there_is_no_project_then_one_is_made(tmp_path: Path) -> None:
    found = headway.add_idea("try Adam", project=tmp_path)

    assert "optimizer" == found.knob
    assert [{"name": "try Adam"}] == toml(tmp_path)["idea"]


def test_idea_when_the_file_named_is_absent_then_none_is_made(tmp_path: Path) -> None:
    with pytest.raises(ProjectError, match=r"No headway\.toml"):
        headway.add_idea("try Adam", project=tmp_path / "headway.toml")
    assert [] == list(tmp_path.iterdir())


def test_idea_when_it_is_refused_then_no_project_is_made(tmp_path: Path) -> None:
    with pytest.raises(TargetError, match="did you mean 'optimizer'"):
        headway.add_idea("try Adam", knob="optimiser", project=tmp_path)
    assert [] == list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("name", "cost", "message"),
    [
        ("  ", None, "is no idea"),
        ("try Adam", 0.0, "cost is 0.0"),
        ("try Adam", inf, "cost is inf"),
    ],
)
def test_idea_when_it_has_no_words_or_no_cost_then_it_is_refused(
    tmp_path: Path, name: str, cost: float | None, message: str
) -> None:
    with pytest.raises(HeadwayError, match=message):
        headway.add_idea(name, cost_days=cost, project=tmp_path)


def test_idea_when_the_file_cannot_be_written_then_it_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ProjectError, match="cannot be written"):
        add_idea(tmp_path / "gone" / "headway.toml", IdeaEntry(name="try Adam"))


@pytest.mark.parametrize(
    ("name", "words"),
    [("try Adam", "turns 'optimizer'"), ("buy better chairs", "no knob recognised")],
)
def test_idea_when_added_without_a_knob_then_it_is_told_what_was_recognised(
    headway: Headway, tmp_path: Path, name: str, words: str
) -> None:
    assert words in headway("ideas", "add", name).err
    assert [{"name": name}] == toml(tmp_path)["idea"]


@pytest.mark.parametrize("kind", ["", "people"])
def test_init_when_the_kind_is_unknown_then_it_is_refused(tmp_path: Path, kind: str) -> None:
    with pytest.raises(TargetError, match="is no reference kind"):
        headway.init(tmp_path, reference=kind)


def test_knobs_when_the_project_has_its_own_then_they_join(
    headway: Headway, tmp_path: Path
) -> None:
    text = '[[knob]]\nname = "warm_up"\ntitle = "Warm up"\nmoves = ["avoidable_bias"]\n'
    (tmp_path / "headway.toml").write_text(text, encoding="utf-8")

    assert "warm_up" in {k["name"] for k in headway("knobs", "--json").json["result"]["knobs"]}


def project(folder: Path, text: str) -> None:
    """A project file."""
    (folder / "headway.toml").write_text(text, encoding="utf-8")


def table(folder: Path) -> str:
    """Predictions with 10 harmful mistakes in 100 and 1 harmless one in 100."""
    rows = [f"dev,{int(k < 10)},0,true" for k in range(100)]
    rows += [f"dev,{int(k < 1)},0,false" for k in range(100)]
    text = "split,label,prediction,must_not_show\n" + "\n".join(rows) + "\n"
    (folder / "p.csv").write_text(text, encoding="utf-8")
    return "p.csv"


def test_target_when_it_weighs_mistakes_then_the_error_is_weighted_and_says_so(
    headway: Headway, tmp_path: Path
) -> None:
    project(tmp_path, "[target]\nweights = [{ where = { must_not_show = true }, weight = 9 }]\n")
    done = headway("gaps", table(tmp_path), "--json").json
    (rung,) = done["result"]["rungs"]
    assert (9 * 10 + 1) / (9 * 100 + 100) == pytest.approx(rung["estimate"])
    said = {f["code"]: f["sentence"] for f in done["findings"]}
    assert "must_not_show = True weighs 9" in said["HW112"]


def test_target_when_its_weights_name_no_column_then_that_is_refused(
    headway: Headway, tmp_path: Path
) -> None:
    project(tmp_path, "[target]\nweights = [{ where = { must_not_shaw = 1 }, weight = 9 }]\n")
    done = headway("gaps", table(tmp_path))
    assert (3, True) == (done.code, "did you mean 'must_not_show'" in done.err)


def test_target_when_it_names_a_metric_then_the_ladder_stands_on_it(
    headway: Headway, tmp_path: Path
) -> None:
    text = '[target]\npositive = 1\noptimizing = { metric = "recall", direction = "maximize" }\n'
    project(tmp_path, text)
    result = headway("gaps", table(tmp_path), "--json").json["result"]
    assert ("recall(1)", 1.0) == (result["metric"], result["rungs"][0]["estimate"])
    other = headway("gaps", "p.csv", "--metric", "error", "--json").json["result"]
    assert "error" == other["metric"]


def test_metric_when_it_is_undefined_everywhere_then_it_is_refused(
    headway: Headway, tmp_path: Path
) -> None:
    (tmp_path / "p.csv").write_text("split,label,prediction\ndev,0,0\ndev,0,0\n", encoding="utf-8")
    done = headway("gaps", "p.csv", "--metric", "recall", "--positive", "1")
    assert (3, True) == (done.code, "'recall(1)' is 0/0 on every split" in done.err)
