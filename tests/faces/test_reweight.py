from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl
import pytest

import headway as package
from headway.errors import ColumnError, CountError, HeadwayError, ProjectError, TargetError

if TYPE_CHECKING:
    from pathlib import Path

    from headway.strategy.wishes import Preferences
    from tests.faces.conftest import Headway


def model(wrong: list[int], n: int = 1000, flagged: int = 100) -> pl.DataFrame:
    """Predictions of one model that errs on these examples; the last ones are flagged."""
    guess = np.zeros(n, dtype=int)
    guess[wrong] = 1
    return pl.DataFrame(
        {
            "id": np.arange(n),
            "split": ["dev"] * n,
            "label": np.zeros(n, dtype=int),
            "prediction": guess,
            "must_not_show": np.arange(n) >= n - flagged,
            "topic": np.where(np.arange(n) >= n - flagged, "adult", "cats"),
        }
    )


A = model([*range(25), *range(995, 1000)])
B = model([*range(100, 150)])
BOTH = pl.concat([A.with_columns(model=pl.lit("A")), B.with_columns(model=pl.lit("B"))])


def reweight(prefer: str | list[str], **options: Any) -> Preferences:
    """A preference, judged."""
    options = {"category": "must_not_show", **options}
    return package.reweight(BOTH, prefer=prefer, **options).result


def test_reweight_when_a_flag_marks_the_harm_then_the_ranking_turns_at_five() -> None:
    (weight,) = reweight("B").weights

    assert ({"must_not_show": True}, 5.0) == (dict(weight.where), weight.flips_at)


def test_reweight_when_a_value_of_a_column_marks_the_harm_then_it_is_the_rule() -> None:
    named, every = (reweight("B", category=text).weights for text in ("topic=adult", "topic"))

    assert {"topic": "adult"} == dict(named[0].where)
    assert named == every


def test_reweight_when_the_label_marks_the_harm_then_its_column_is_the_rule() -> None:
    frame = BOTH.with_columns(label=pl.col("must_not_show").cast(pl.Int64)).with_columns(
        prediction=(pl.col("prediction") + pl.col("label")) % 2
    )
    found = package.reweight(frame, prefer="B", category="label").result

    assert {"label": 1} == dict(found.weights[0].where)


def test_reweight_when_the_proposal_is_applied_then_the_weighted_error_ranks_as_preferred() -> None:
    (weight,) = reweight("B").weights
    rule = {"where": weight.where, "weight": weight.weight}
    w = package.example_weights(A, weights=[rule])
    errors = [
        float((w * (frame["label"] != frame["prediction"]).to_numpy()).sum() / w.sum())
        for frame in (A, B)
    ]

    assert errors[1] < errors[0]


@pytest.mark.parametrize(
    ("prefer", "options", "kind", "message"),
    [
        ("C", {}, TargetError, "'C' is no model of the table"),
        ("B", {"over": "B"}, TargetError, "'B' is preferred to itself"),
        ("B", {"category": ()}, TargetError, "Nobody said which examples matter more"),
        ("B", {"category": "must_not_shw"}, ColumnError, "The table has no column 'must_not_shw'"),
        ("B", {"category": "topic=adlt"}, TargetError, "did you mean 'adult'"),
        ("B", {"metric": "f1"}, TargetError, "Weights by rule are sought for the error"),
        ("B", {"rungs": {"dev": "1%"}}, TargetError, "headway reweight does not take 'rungs'"),
        ("B", {"write": True}, ProjectError, r"No headway\.toml in"),
        (["A>B", "B>A"], {}, TargetError, "run in a circle"),
        ([], {}, TargetError, "No model is preferred to another"),
    ],
)
def test_reweight_when_asked_what_makes_no_sense_then_it_is_refused(
    prefer: Any, options: dict[str, Any], kind: type[HeadwayError], message: str
) -> None:
    with pytest.raises(kind, match=message):
        reweight(prefer, **options)


def test_reweight_when_no_column_tells_models_apart_then_it_is_refused() -> None:
    with pytest.raises(ColumnError, match="No column plays the role 'model'"):
        package.reweight(A, prefer="B", category="must_not_show")


def test_command_when_no_weights_express_a_preference_then_it_is_a_finding(
    headway: Headway, tmp_path: Path
) -> None:
    A.write_parquet(tmp_path / "A.parquet")
    model([*range(200, 270), 999, 998]).write_parquet(tmp_path / "C.parquet")
    worse = model([*range(200, 290), *range(990, 1000)])
    worse.write_parquet(tmp_path / "C.parquet")
    paths = [str(tmp_path / f"{name}.parquet") for name in "AC"]
    ran = headway("reweight", *paths, "--prefer", "C", "--category", "must_not_show", "--json")

    assert (0, "inexpressible") == (ran.code, ran.json["result"]["state"])
    assert (False, []) == (ran.json["result"]["agrees_now"], ran.json["result"]["weights"])
    assert "HW334" in {finding["code"] for finding in ran.json["findings"]}


def test_command_when_weights_are_written_then_the_project_declares_them(
    headway: Headway, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "headway.toml").write_text("[target]\nmargin = 0.02  # ours\n", encoding="utf-8")
    A.write_parquet("A.parquet")
    B.write_parquet("B.parquet")
    line = ["reweight", "A.parquet", "B.parquet", "--prefer", "B", "--category", "must_not_show"]
    ran = headway(*line, "--write")
    text = (tmp_path / "headway.toml").read_text(encoding="utf-8")
    declared = tomllib.loads(text)["target"]["weights"]

    assert (0, {"must_not_show": True}) == (ran.code, declared[0]["where"])
    assert "margin = 0.02  # ours" in text
    assert "stand in headway.toml" in ran.out
    assert set(np.unique(package.example_weights(A))) == {1.0, float(declared[0]["weight"])}

    again = headway(*line, "--write")
    assert (3, True) == (again.code, "weight by rule already" in again.err)
    assert headway(*line, "--write", "--replace").out.startswith("Keep the metric")


def test_example_weights_when_a_column_is_asked_for_then_the_frame_comes_back() -> None:
    rule = {"where": {"must_not_show": True}, "weight": 10}
    found = package.example_weights(A, weights=[rule], column="weight")

    assert isinstance(found, pl.DataFrame)
    assert 1900 == found["weight"].sum()


def test_example_weights_when_no_rule_is_declared_then_it_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ProjectError, match=r"No headway\.toml in"):
        package.example_weights(A)
    (tmp_path / "headway.toml").write_text("[target]\n", encoding="utf-8")
    with pytest.raises(ProjectError, match="declares no weight by rule"):
        package.example_weights(A, project=tmp_path)


def test_reweight_when_declared_weights_are_too_small_then_others_stand_instead(
    tmp_path: Path,
) -> None:
    path = tmp_path / "headway.toml"
    rule = "weights = [{ where = { must_not_show = true }, weight = 2 }]"
    path.write_text(f"[target]\n{rule}\n", encoding="utf-8")
    a, b = model([*range(25), *range(960, 1000)]), model([*range(100, 300)])
    both = pl.concat([a.with_columns(model=pl.lit("A")), b.with_columns(model=pl.lit("B"))])
    found = package.reweight(both, prefer="B", category="must_not_show", project=path).result
    alone = package.reweight(both, prefer="B", category="must_not_show").result

    assert alone.weights == found.weights
    assert alone.preferences[0].difference != found.preferences[0].difference


def test_compare_when_the_project_declares_weights_then_they_are_used(tmp_path: Path) -> None:
    path = tmp_path / "headway.toml"
    rule = "weights = [{ where = { must_not_show = true }, weight = 10 }]"
    path.write_text(f"[target]\n{rule}\n", encoding="utf-8")
    found = package.compare(A, B, project=path).result

    assert (50 / 1900, 75 / 1900) == pytest.approx(
        (found.rung("dev").after.estimate, found.rung("dev").before.estimate)
    )


def test_reweight_when_dev_weighs_nothing_then_is_refused() -> None:
    train = BOTH.with_columns(split=pl.lit("train"), weight=1.0)
    rows = pl.concat([train, BOTH.with_columns(weight=0.0)])
    with pytest.raises(CountError, match=r"Every weight of dev is 0"):
        package.reweight(rows, prefer="B", category="must_not_show")


def test_weights_when_none_are_proposed_then_it_is_said_that_nothing_was_written(
    tmp_path: Path,
) -> None:
    project = tmp_path / "headway.toml"
    project.write_text("[target]\nmargin = 0.01\n", encoding="utf-8")
    found = package.reweight(
        BOTH, prefer="A", category="must_not_show", write=True, project=project
    )
    said = {finding.code: finding.sentence for finding in found.findings}
    assert "Nothing was written to headway.toml: no weights are proposed." == said["HW339"]
    assert "weights" not in project.read_text(encoding="utf-8")


def test_category_when_its_column_has_a_value_for_each_row_then_is_refused_with_a_hint() -> None:
    rows = BOTH.with_columns(name=pl.format("n{}", "id"))
    with pytest.raises(CountError, match="and each would be a category") as refused:
        package.reweight(rows, prefer="B", category="name")
    assert "--category 'name=n" in refused.value.hint
    assert package.reweight(rows, prefer="B", category="name=n3").result.categories
