from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl
import pytest

import headway as package
from headway.errors import ColumnError, HeadwayError, SourceError, SplitError, TargetError
from headway.stats.differences import newcombe_difference, paired_difference

if TYPE_CHECKING:
    from pathlib import Path

    from tests.faces.conftest import Headway


def version(rates: dict[str, float], seed: int, n: int = 4000, **more: Any) -> pl.DataFrame:
    """Predictions of one version, with these error rates on the splits."""
    rng = np.random.default_rng(seed)
    parts = []
    for place, (split, rate) in enumerate(rates.items()):
        label = np.random.default_rng(place).integers(0, 2, n)
        wrong = rng.random(n) < rate
        parts.append(
            pl.DataFrame(
                {
                    "id": np.arange(n),
                    "split": [split] * n,
                    "label": label,
                    "prediction": np.where(wrong, 1 - label, label),
                    "loss": rng.exponential(rate, n),
                    "score": np.clip(label * 0.6 + rng.random(n) * 0.4 - wrong * 0.3, 0, 1),
                    "group": np.arange(n) // 4,
                }
            )
        )
    return pl.concat(parts).with_columns(**more)


BEFORE = version({"train": 0.02, "train_dev": 0.05, "dev": 0.12}, 1)
AFTER = version({"train": 0.02, "train_dev": 0.05, "dev": 0.07}, 2)


def compare(before: Any, after: Any = None, **options: Any) -> Any:
    """A judged change."""
    return package.compare(before, after, **options).result


def test_compare_when_dev_fell_then_it_is_progress_on_the_same_examples() -> None:
    found = compare(BEFORE.drop("group"), AFTER.drop("group"))
    was, now = (
        frame.filter(pl.col("split") == "dev").select(pl.col("prediction") != pl.col("label"))
        for frame in (BEFORE, AFTER)
    )
    flips = now.to_numpy().astype(int) - was.to_numpy().astype(int)
    expected = paired_difference(int((flips == 1).sum()), int((flips == -1).sum()), 4000)
    change = found.rung("dev").change

    assert ("progress", ["data_mismatch"]) == (found.signature, [g.name for g in found.moved])
    assert (expected.estimate, expected.lower, expected.upper) == pytest.approx(
        (change.estimate, change.lower, change.upper)
    )


def test_compare_when_there_is_no_id_then_sets_are_compared_and_that_is_said() -> None:
    answer = package.compare(BEFORE.drop("id", "group"), AFTER.drop("id", "group"))
    dev = [f.filter(pl.col("split") == "dev") for f in (AFTER, BEFORE)]
    wrong = [int((f["prediction"] != f["label"]).sum()) for f in dev]
    expected = newcombe_difference(wrong[0], 4000, wrong[1], 4000)
    change = answer.result.rung("dev").change

    assert (expected.lower, expected.upper) == pytest.approx((change.lower, change.upper))
    assert any("there is no id column" in f.sentence for f in answer.findings)


def test_compare_when_rows_come_in_groups_then_the_interval_knows_it() -> None:
    alone = compare(BEFORE, AFTER, ignore_group=True).rung("dev").change
    grouped = compare(BEFORE, AFTER).rung("dev").change

    assert (None, 1000) == (alone.n_clusters, grouped.n_clusters)
    assert alone.estimate == pytest.approx(grouped.estimate)


def test_compare_when_losses_are_asked_for_then_they_are_paired() -> None:
    found = compare(BEFORE.drop("group"), AFTER.drop("group"), metric="loss")
    dev = [f.filter(pl.col("split") == "dev")["loss"] for f in (BEFORE, AFTER)]

    assert (False, "Student t of the differences") == (
        found.is_rate,
        found.rung("dev").change.method,
    )
    assert (dev[1] - dev[0]).mean() == pytest.approx(found.rung("dev").change.estimate)


def test_compare_when_f1_is_asked_for_then_it_is_an_error_and_drawn_on_shared_examples() -> None:
    found = compare(BEFORE.drop("group"), AFTER.drop("group"), metric="f1")

    assert ("error (1 − F1)", "draws on shared examples") == (
        found.error_words,
        found.rung("dev").change.method,
    )
    assert "better" == found.state


def test_compare_when_a_score_is_judged_then_it_is_not_paired_and_that_is_said() -> None:
    found = compare(BEFORE.drop("group"), AFTER.drop("group"), metric="auc")

    assert not found.rung("dev").paired
    assert "is not paired" in found.apart_because


def test_compare_when_train_is_held_exact_then_its_change_has_no_noise() -> None:
    train = compare(BEFORE.drop("group"), AFTER.drop("group"), train_as="fixed").rung("train")

    assert train.change.lower == pytest.approx(train.change.upper)
    assert not train.paired


def test_compare_when_one_table_holds_both_then_models_name_them() -> None:
    table = pl.concat(
        [BEFORE.with_columns(model=pl.lit("v1")), AFTER.with_columns(model=pl.lit("v2"))]
    )
    one, other = compare(table, models=["v1", "v2"]), compare(BEFORE, AFTER)

    assert other.rung("dev").change == one.rung("dev").change


def test_compare_when_examples_are_missing_in_one_then_they_are_counted_and_left_out() -> None:
    found = compare(BEFORE.drop("group"), AFTER.drop("group").filter(pl.col("id") >= 100))

    assert {"train": (100, 0), "train_dev": (100, 0), "dev": (100, 0)} == found.unshared
    assert 3900 == found.rung("dev").change.n


def test_compare_when_no_example_is_shared_then_sets_are_compared() -> None:
    other = AFTER.drop("group").with_columns(pl.col("id") + 1_000_000)
    found = compare(BEFORE.drop("group"), other)

    assert "the versions share too few examples" == found.apart_because
    assert {} == found.unshared


def test_compare_when_a_split_is_new_then_it_is_left_out() -> None:
    more = pl.concat([AFTER, version({"test": 0.1}, 3)])

    assert ("test",) == compare(BEFORE, more).left_out


def test_compare_when_weights_are_there_then_the_error_is_weighted() -> None:
    weight = pl.when(pl.col("label") == 1).then(5).otherwise(1).alias("weight")
    frames = [f.drop("group").with_columns(weight) for f in (BEFORE, AFTER)]
    found = compare(*frames)

    assert found.weighted
    assert "nested posterior" in found.rung("dev").change.method


def test_compare_when_numbers_are_given_then_the_human_level_may_be_among_them() -> None:
    found = compare("human=1%,train=5%/9000,dev=9%/900", {"train": 0.05, "dev": "6%/900"})

    assert 0.04 == pytest.approx(found.gap("avoidable_bias").before)
    assert 0.01 == pytest.approx(compare({"human": 0.01, "dev": 0.1}, {"dev": 0.1}).margin)


@pytest.mark.parametrize(
    ("before", "after", "options", "kind", "message"),
    [
        ("dev=10%", BEFORE, {}, TargetError, "One version is given as numbers"),
        ("dve=10%", "dev=10%", {}, TargetError, "did you mean 'dev'"),
        ("dev=10%", "test=10%", {}, SplitError, "have no split in common"),
        ("human=1%,dev=9%", "human=2%,dev=9%", {}, TargetError, "The human level is 1% for one"),
        (BEFORE, AFTER, {"models": ["a", "b"]}, TargetError, "Two sets of predictions are given"),
        (BEFORE, None, {}, TargetError, "One set of predictions is given"),
        (BEFORE, None, {"models": ["a", "b"]}, ColumnError, "No column plays the role 'model'"),
        (BEFORE, AFTER, {"by": ["device"]}, TargetError, "headway compare does not take 'by'"),
        (BEFORE, AFTER, {"target": "variances"}, TargetError, "did you mean 'variance'"),
        ("dev=10", "dev=10%", {}, TargetError, "cannot be read as an error"),
    ],
)
def test_compare_when_asked_what_makes_no_sense_then_it_is_refused(
    before: Any, after: Any, options: dict[str, Any], kind: type[HeadwayError], message: str
) -> None:
    with pytest.raises(kind, match=message):
        package.compare(before, after, **options)


def test_compare_when_a_model_is_unknown_then_the_closest_is_named() -> None:
    table = BEFORE.with_columns(model=pl.lit("baseline"))
    with pytest.raises(TargetError, match="did you mean 'baseline'"):
        package.compare(table, models=["basline", "new"])


def test_compare_when_ids_are_repeated_or_labels_changed_then_it_is_refused() -> None:
    twice = pl.concat([BEFORE, BEFORE.head(500)])
    with pytest.raises(SourceError, match="cannot be used"):
        package.compare(twice, AFTER)
    other = AFTER.with_columns(label=1 - pl.col("label"), prediction=1 - pl.col("prediction"))
    with pytest.raises(SourceError, match="cannot be used"):
        package.compare(BEFORE, other)


def test_command_when_given_files_then_it_prints_json(headway: Headway, tmp_path: Path) -> None:
    paths = [tmp_path / "v1.parquet", tmp_path / "v2.csv"]
    BEFORE.write_parquet(paths[0])
    AFTER.write_csv(paths[1])
    ran = headway("compare", *map(str, paths), "--target", "data_mismatch", "--json")
    result = ran.json["result"]

    assert (0, "progress") == (ran.code, result["signature"])
    assert result["gaps"][2]["moved"] is True
    assert "data_mismatch" == result["orthogonality"]["gap"]
    assert {"estimate", "lower", "upper"} <= result["rungs"][0]["change"].keys()


def test_command_when_one_file_holds_both_models_then_they_are_named(
    headway: Headway, tmp_path: Path
) -> None:
    path = tmp_path / "runs.parquet"
    parts = [BEFORE.with_columns(model=pl.lit("v1")), AFTER.with_columns(model=pl.lit("v2"))]
    pl.concat(parts).write_parquet(path)
    ran = headway("compare", str(path), "--models", "v1,v2")

    assert 0 == ran.code
    assert ran.out.startswith("Progress: dev error fell by")
