from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl
import pytest

from headway.errors import ColumnError, CountError, SourceError, TargetError
from headway.frames.joint import can_pair, joint
from headway.frames.scored import scored
from headway.frames.source import read
from headway.stats.patterns import all_errors, pair_counts

if TYPE_CHECKING:
    from pathlib import Path

TABLE: dict[str, list[Any]] = {
    "id": [1, 2, 3, 1, 2, 3],
    "model": [*"aaabbb"],
    "label": [0, 1, 1, 0, 1, 1],
    "prediction": [0, 1, 0, 0, 0, 0],
}


def written(folder: Path, n_models: int, ending: str = "parquet") -> list[str]:
    """One file for each of some models, each with its rows in another order."""
    rng = np.random.default_rng(5)
    n = 200
    label = rng.integers(0, 3, n)
    paths = []
    for i in range(n_models):
        order = rng.permutation(n)
        guess = np.where(rng.random(n) < 0.2, rng.integers(0, 3, n), label)
        table = pl.DataFrame({"id": order, "label": label[order], "prediction": guess[order]})
        path = folder / f"m{i:02d}.{ending}"
        (table.write_parquet if ending == "parquet" else table.write_csv)(path)
        paths.append(str(path))
    return paths


@pytest.mark.parametrize("engine", [None, "polars", "duckdb"])
@pytest.mark.parametrize("answers", ["correct", "class"])
def test_files_when_each_is_a_model_then_count_like_one_table(
    tmp_path: Path, engine: str | None, answers: str
) -> None:
    paths = written(tmp_path, 4)
    parts = [pl.read_parquet(path).with_columns(model=pl.lit(path[-11:-8])) for path in paths]
    whole, _ = joint(read(pl.concat(parts)), answers=answers, keys=["label"])
    found, intake = joint(
        read(paths, models_from_files=True, engine=engine), answers=answers, keys=["label"]
    )
    assert ("m00", "m01", "m02", "m03") == found.models
    assert whole.table == found.table
    assert (800, engine or "polars") == (intake.rows, intake.engine)


def test_files_when_some_models_are_named_then_only_those_are_paired(tmp_path: Path) -> None:
    frame = read(written(tmp_path, 4, "csv"), models_from_files=True)
    every, _ = joint(frame)
    some, intake = joint(frame, models=["m03", "m01"])
    assert (("m03", "m01"), 400) == (some.models, intake.rows)
    assert pair_counts(every, "m03", "m01") == pair_counts(some, "m03", "m01")


def test_files_when_there_are_as_many_as_bits_then_all_are_paired(tmp_path: Path) -> None:
    paths = written(tmp_path, 62)
    found, _ = joint(read(paths, models_from_files=True))
    last = pl.read_parquet(paths[-1])
    wrong = int((last["label"] != last["prediction"]).sum())
    assert wrong == all_errors(found)["m61"].where(misclassified=True).total


def test_models_when_more_than_62_then_are_refused_unless_fewer_are_named(tmp_path: Path) -> None:
    frame = read(written(tmp_path, 63), models_from_files=True)
    with pytest.raises(CountError, match=r"have too many patterns together: 2\^63"):
        joint(frame)
    assert 200 == joint(frame, models=["m62", "m00"])[0].n_shared


def test_models_when_the_metric_is_of_a_column_then_are_paired_by_it(tmp_path: Path) -> None:
    pl.DataFrame({"id": [1, 2], "ms": [80.0, 120.0]}).write_parquet(tmp_path / "a.parquet")
    pl.DataFrame({"id": [1, 2], "ms": [90.0, 95.0]}).write_parquet(tmp_path / "b.parquet")
    frame = read(str(tmp_path / "*.parquet"), models_from_files=True)
    found, _ = joint(scored(frame, "share", column="ms", bound=100.0))
    assert [(("dev", 0b10), 1), (("dev", 0b11), 1)] == list(found.table)


def test_models_when_named_by_categories_then_are_paired() -> None:
    frame = read(pl.DataFrame(TABLE, schema_overrides={"model": pl.Categorical}))
    assert 3 == joint(frame)[0].n_shared


@pytest.mark.parametrize("role", ["id", "model"])
def test_rows_when_a_role_is_absent_then_cannot_be_paired(role: str) -> None:
    frame = read({name: values for name, values in TABLE.items() if name != role})
    assert not can_pair(frame)
    with pytest.raises(ColumnError, match=f"No column plays the role '{role}', which pairing mod"):
        joint(frame)


def test_models_when_without_common_ids_then_are_refused() -> None:
    with pytest.raises(SourceError, match="Models without common ids: a, b share no example"):
        joint(read({**TABLE, "id": [1, 2, 3, 4, 5, 6]}))


def test_models_when_not_in_the_table_then_are_refused() -> None:
    with pytest.raises(TargetError, match="'c' is no model of the table"):
        joint(read(TABLE), models=["a", "c"])
    with pytest.raises(TargetError, match="model 'a' is given twice"):
        joint(read(TABLE), models=["a", "a"])


def test_model_when_a_row_has_none_then_is_refused() -> None:
    with pytest.raises(ColumnError, match="used as model, holds rows without a name"):
        joint(read({**TABLE, "model": [*"aaabb", None]}))


def test_ids_when_repeated_within_a_model_then_are_refused_past_the_share() -> None:
    frame = read({**TABLE, "id": [1, 2, 2, 1, 2, 3]})
    with pytest.raises(SourceError, match="3 of 6 rows cannot be used: repeated_id 3"):
        joint(frame)
    found, intake = joint(frame, max_unusable=0.5)
    assert (1, "3 repeated") == (found.n_shared, intake.ids)
    assert {"a": 0, "b": 1} == dict(found.unshared)


def test_ids_when_no_whole_numbers_then_are_no_ids() -> None:
    frame = read({**TABLE, "id": [1.0, 2.0, 2.5, 1.0, 2.0, 3.0]})
    with pytest.raises(SourceError, match="1 of 6 rows cannot be used: no_id 1"):
        joint(frame)


def test_labels_when_models_disagree_on_them_then_are_refused_past_the_share() -> None:
    frame = read({**TABLE, "label": [0, 1, 1, 0, 1, 0]})
    with pytest.raises(SourceError, match="2 of 6 rows cannot be used: models_differ 2"):
        joint(frame)
    assert 2 == joint(frame, max_unusable=0.4)[0].n_shared


def test_patterns_when_too_many_then_are_refused_with_their_number() -> None:
    with pytest.raises(CountError, match="The answers of 2 models form more than 1 patterns"):
        joint(read(TABLE), max_patterns=1)


def test_classes_when_too_many_for_the_models_then_are_refused_with_the_numbers() -> None:
    n = 40
    models = [f"m{i}" for i in range(12)]
    table = {
        "id": [*range(n)] * 12,
        "model": [name for name in models for _ in range(n)],
        "label": [*range(n)] * 12,
        "prediction": [*range(n)] * 12,
    }
    with pytest.raises(CountError, match=r"12 models with 40 answers each have .* 40\^12"):
        joint(read(table), answers="class")
    assert n == joint(read(table), answers="class", models=models[:11])[0].n_shared


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"answers": "both"}, "answers is 'both'"),
        ({"sums": ["l"]}, "a sum is 'l'"),
    ],
)
def test_question_when_it_makes_no_sense_then_is_refused(asked: Any, words: str) -> None:
    with pytest.raises(CountError, match=words):
        joint(read(TABLE), **asked)


def test_classes_when_there_are_no_predictions_then_are_refused() -> None:
    table = {"id": [1, 1], "model": ["a", "b"], "correct": [0, 1]}
    with pytest.raises(ColumnError, match="'prediction', which counting what models answer"):
        joint(read(table), answers="class")


def test_key_when_it_holds_times_then_is_refused() -> None:
    day = pl.Series([0, 1, 2, 0, 1, 2]).cast(pl.Date)
    with pytest.raises(ColumnError, match="used as day, holds values of kind 'time'"):
        joint(read(pl.DataFrame(TABLE).with_columns(day=day)), keys=["day"])


def test_split_when_it_is_not_there_then_is_refused() -> None:
    with pytest.raises(ColumnError, match="No row has 'test' in column 'split'"):
        joint(read(TABLE), split="test")


def test_splits_when_named_otherwise_then_are_chosen_by_what_they_mean() -> None:
    frame = read({**TABLE, "split": ["val", "val", "test"] * 2})
    assert 2 == joint(frame, split="dev")[0].n_shared


def test_exposure_when_asked_then_is_summed_once_for_each_example() -> None:
    found, _ = joint(read({**TABLE, "exposure_s": [1.0, 2.0, 3.0] * 2}), sums=["exposure_s"])
    assert 6.0 == float(found.table.sums["exposure_s"].sum())


def test_positive_class_when_no_prediction_could_be_it_then_nobody_says_it() -> None:
    frame = read({**TABLE, "label": [*"xyyxyy"]})
    found, _ = joint(frame, answers="positive", positive="x", keys=["label"])
    assert {0} == set(found.table.column("pattern"))
