from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl
import pytest

import headway as library
from headway.findings import Verdict

if TYPE_CHECKING:
    from pathlib import Path

    from tests.faces.conftest import Headway

MODELS = "model,accuracy,running_time_ms\nA,0.90,80\nB,0.92,95\nC,0.95,1500\n"


@pytest.fixture
def models(tmp_path: Path) -> str:
    """A metrics table."""
    (tmp_path / "models.csv").write_text(MODELS, encoding="utf-8")
    return "models.csv"


def rows(model: str, share: float, *, start: int = 0, **more: Any) -> pl.DataFrame:
    """Predictions of a model on 500 examples, this share of them right."""
    rng = np.random.default_rng(7)
    label = rng.integers(0, 2, 500)
    right = np.arange(500) < 500 * share
    given = {"id": range(start, start + 500), "split": "dev", "label": label}
    given |= {"prediction": np.where(right, label, 1 - label)} | more
    return pl.DataFrame(given | {"model": model})


def test_choice_when_asked_of_a_metrics_table_then_is_told_and_in_json(
    headway: Headway, models: str
) -> None:
    asked = ("select", "--metrics", models, "--maximize", "accuracy")
    limit = ("--subject-to", "running_time_ms <= 100ms")
    assert headway(*asked, *limit).out.startswith("Take B. It keeps the limit")
    result = headway(*asked, *limit, "--json").json["result"]
    assert ("B", []) == (result["choice"], result["tied"])
    assert ["yes", "yes", "no"] == [model["feasible"] for model in result["models"]]


def test_choice_when_each_model_has_its_file_then_names_are_those_of_the_files(
    headway: Headway, tmp_path: Path
) -> None:
    for name, share in (("good", 0.95), ("poor", 0.7)):
        rows(name, share).drop("model").write_parquet(tmp_path / f"{name}.parquet")
    result = headway("select", "good.parquet", "poor.parquet", "--minimize", "error", "--json").json
    assert ("good", 500) == (result["result"]["choice"], result["result"]["n_shared"])


def test_choice_when_predictions_and_a_table_are_given_then_both_are_used(tmp_path: Path) -> None:
    both = pl.concat([rows("good", 0.95), rows("poor", 0.7)])
    times = {"good": {"running_time_ms": 500}, "poor": {"running_time_ms": 50}}
    limit = "running_time_ms <= 100"
    found = library.select(both, metrics=times, maximize="accuracy", subject_to=limit).result
    assert ("poor", ("mean(running_time_ms)",)) == (found.choice, found.model("good").violated)


def test_choice_when_by_a_metric_of_one_class_then_is_paired_by_example() -> None:
    both = pl.concat([rows("good", 0.95), rows("poor", 0.7)])
    for metric in ("f1", "macro_f1"):
        found = library.select(both, maximize=metric).result
        assert ("good", 500) == (found.choice, found.n_shared)


def test_choice_when_rows_have_no_ids_then_is_unpaired_and_says_so() -> None:
    both = pl.concat([rows("good", 0.95), rows("poor", 0.7)]).drop("id")
    found = library.select(both, maximize="accuracy").result
    assert ("good", None) == (found.choice, found.n_shared)
    assert "HW303" in [finding.code for finding in found.findings]


def test_choice_when_rows_have_weights_or_groups_then_they_count() -> None:
    both = pl.concat([rows("good", 0.95), rows("poor", 0.7)])
    weighted = both.with_columns(weight=pl.when(pl.col("id") < 450).then(1).otherwise(50))
    seen = library.select(weighted, maximize="accuracy").result.model("good").metrics["accuracy"]
    assert (450 + 25 * 50) / (450 + 50 * 50) == pytest.approx(seen.estimate)
    grouped = both.with_columns(group=pl.col("id") // 20)
    wide = library.select(grouped, maximize="accuracy").result.model("poor").metrics["accuracy"]
    assert 25 == wide.n_clusters


def test_choice_when_in_a_project_then_takes_its_target_and_looks_are_kept(
    headway: Headway, models: str, tmp_path: Path
) -> None:
    (tmp_path / "headway.toml").write_text(
        '[target]\noptimizing = { metric = "accuracy", direction = "maximize" }\n'
        'satisficing = [{ metric = "running_time_ms", at_most = 100 }]\n',
        encoding="utf-8",
    )
    assert "B" == headway("select", "--metrics", models, "--json").json["result"]["choice"]
    pl.concat([rows("a", 0.95), rows("b", 0.7)]).write_parquet(tmp_path / "p.parquet")
    headway("select", "p.parquet", "--maximize", "accuracy", "--subject-to", "error <= 0.5")
    assert "2" in headway("db", "info").out.split("Looks at dev and test")[1].split("\n")[0]


@pytest.mark.parametrize(
    ("asked", "problem"),
    [
        (("--maximize", "accuracy", "--maximize", "f1"), "exactly one"),
        (("--maximize", "acuracy"), "did you mean 'accuracy'"),
        (("--maximize", "speed"), "The metric 'speed' is not known of model 'A'"),
        (
            ("--maximize", "accuracy", "--subject-to", "running_time_ms <= 100 MB"),
            "and the metric is in ms",
        ),
        (("--maximize", "accuracy", "--subject-to", "running_time_ms"), "running_time_ms"),
        (("--minimize", "accuracy"), "of which larger is better"),
        ((), "optimiz"),
    ],
)
def test_target_when_it_cannot_be_read_then_it_is_refused(
    headway: Headway, models: str, asked: tuple[str, ...], problem: str
) -> None:
    done = headway("select", "--metrics", models, *asked)
    assert (3, True) == (done.code, problem in done.err), done.err


def test_column_when_a_cell_is_no_number_then_it_is_named(headway: Headway, tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("model,accuracy,ms\nA,0.9,80\nB,n/a,95\n", encoding="utf-8")
    done = headway("select", "--metrics", "t.csv", "--maximize", "accuracy")
    assert (3, "The column 'accuracy' of the metrics table") == (done.code, done.err[:42])


def test_metric_when_it_is_no_number_then_it_is_refused(headway: Headway, tmp_path: Path) -> None:
    (tmp_path / "m.csv").write_text("model,f1\nA,\nB,0.9\n", encoding="utf-8")
    done = headway("select", "--metrics", "m.csv", "--maximize", "f1")
    assert (3, True) == (done.code, "'f1' of model 'A'" in done.err)


def test_models_when_they_share_no_example_then_it_is_refused(
    headway: Headway, tmp_path: Path
) -> None:
    apart = pl.concat([rows("a", 0.9), rows("b", 0.9, start=1000)])
    apart.write_parquet(tmp_path / "p.parquet")
    done = headway("select", "p.parquet", "--maximize", "accuracy")
    assert 3 == done.code
    assert "a" in done.err


def test_rate_when_no_time_is_known_then_it_is_refused(headway: Headway, tmp_path: Path) -> None:
    rows("a", 0.9).write_parquet(tmp_path / "p.parquet")
    limit = ("--subject-to", "false_positives_per_24h <= 1")
    refused = headway("select", "p.parquet", "--maximize", "recall", *limit)
    assert (3, True) == (refused.code, "do not say how much time they cover" in refused.err)
    given = headway("select", "p.parquet", "--maximize", "recall", *limit, "--exposure", "48h")
    assert 0 == given.code


def test_models_when_there_is_no_column_of_them_then_it_is_refused() -> None:
    with pytest.raises(ValueError, match="plays the role 'model'"):
        library.select({"split": ["dev"], "label": [1], "prediction": [1]}, maximize="accuracy")


def test_choice_when_nothing_is_given_or_a_split_is_empty_then_it_is_refused() -> None:
    with pytest.raises(ValueError, match="No predictions were given"):
        library.select(maximize="accuracy")
    with pytest.raises(ValueError, match="cannot be measured on test"):
        library.select(rows("a", 0.9).drop("id"), maximize="accuracy", split="test")


def numbered(model: str, mean: float) -> pl.DataFrame:
    """400 examples that are all hard in the same way, with a number of each."""
    rng = np.random.default_rng(len(model))
    gain = mean + np.random.default_rng(9).normal(0, 2, 400) + rng.normal(0, 0.3, 400)
    return rows(model, 0.9).head(400).with_columns(gain=pl.Series(gain))


@pytest.mark.parametrize(("asked", "choice"), [("maximize", "bb"), ("minimize", "a")])
def test_choice_when_by_a_column_then_goes_the_way_that_was_asked(asked: str, choice: str) -> None:
    table = pl.concat([numbered("a", 3.0), numbered("bb", 3.3)])
    found = library.select(table, **{asked: "gain"}).result  # type: ignore[arg-type]
    assert choice == found.choice
    gains = {m.model: m.metrics["mean(gain)"].estimate for m in found.models}
    assert gains == pytest.approx({"a": 3.0, "bb": 3.3}, abs=0.25)


def test_choice_when_by_a_number_of_each_row_then_is_paired_by_example() -> None:
    table = pl.concat([numbered("a", 3.0), numbered("bb", 3.15)])
    paired = library.select(table, maximize="gain").result
    alone = library.select(table.drop("id"), maximize="gain").result
    assert ("bb", 400) == (paired.choice, paired.n_shared)
    assert (None, None) == (alone.choice, alone.n_shared)
    assert "HW303" in [finding.code for finding in alone.findings]


def test_limit_when_a_column_must_be_large_then_is_kept_from_below() -> None:
    table = pl.concat([numbered("a", 3.0), numbered("bb", 3.3)])
    found = library.select(table, maximize="accuracy", subject_to="gain >= 2").result
    assert {Verdict.YES} == {model.verdict for model in found.models}


def test_choice_when_the_split_has_a_usual_name_then_rows_are_paired_as_well() -> None:
    table = pl.concat([numbered("a", 3.0), numbered("bb", 3.3)])
    named = table.with_columns(split=pl.lit("validation"))
    assert 400 == library.select(named, maximize="gain").result.n_shared


def test_choice_when_the_metric_is_of_all_rows_then_is_said_to_be_unpaired_for_that() -> None:
    both = pl.concat([rows("good", 0.95), rows("poor", 0.7)])
    scored = both.with_columns(score=pl.col("prediction") * 0.8 + 0.1)
    found = library.select(scored, maximize="auc(1)")
    said = next(f.sentence for f in found.findings if f.code == "HW303")
    assert said.endswith("auc(1) is made of all rows together, so it is not paired by id.")


def test_choice_when_a_table_was_changed_on_the_way_then_each_change_is_told(
    headway: Headway, tmp_path: Path
) -> None:
    lines = "model,precision,recall,note\nA,0.9,0.8,x\nB,0.7,0.7,y\n"
    (tmp_path / "m.csv").write_text(lines, encoding="utf-8")
    asked = ("select", "--metrics", "m.csv", "--maximize", "f1")
    found = headway(*asked, "--json").json["findings"]
    said = [f["sentence"] for f in found if f["code"] == "HW308"]
    assert [
        "f1 was made from precision and recall.",
        "Not read, because they hold no numbers: note.",
    ] == said
    assert all(sentence in headway(*asked).out for sentence in said)
    headway(*asked, "--out", "m.html")
    assert all(sentence in (tmp_path / "m.html").read_text("utf-8") for sentence in said)


def test_choice_when_a_sum_is_minimized_then_is_told_as_it_was_written() -> None:
    seen = {"A": {"error": 0.1, "t": 80}, "B": {"error": 0.2, "t": 10}}
    found = library.select(metrics=seen, minimize="error + 0.01*t")
    assert "Smallest error + 0.01 × t." in repr(found)
    result: Any = found.to_dict()["result"]
    scores = {model["name"]: model["score"] for model in result["models"]}
    assert {"A": 0.9, "B": pytest.approx(0.3)} == scores
