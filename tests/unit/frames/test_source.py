from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

from headway.counts import CountSpec
from headway.errors import ColumnError, EngineError, SourceError, SplitError
from headway.frames.reduce import reduce
from headway.frames.source import Frame, read

if TYPE_CHECKING:
    from pathlib import Path

TABLE: dict[str, list[Any]] = {
    "split": ["train", "train", "dev"],
    "label": ["a", "b", "b"],
    "prediction": ["a", "a", "b"],
}
OUTCOMES = ("split", "misclassified")
FORMS: dict[str, Any] = {
    "parquet": pl.DataFrame.write_parquet,
    "csv": pl.DataFrame.write_csv,
    "ndjson": pl.DataFrame.write_ndjson,
    "arrow": pl.DataFrame.write_ipc,
}


def counted(frame: Frame, *keys: str) -> dict[Any, int]:
    spec = CountSpec(groupings=frozenset({keys or OUTCOMES}))
    return dict(iter(reduce(frame, spec)[0].tables[keys or OUTCOMES]))


def written(folder: Path, name: str, columns: dict[str, list[Any]]) -> Path:
    path = folder / name
    FORMS[path.suffix[1:].replace("jsonl", "ndjson")](pl.DataFrame(columns), path)
    return path


@pytest.mark.parametrize("engine", ["duckdb", "polars", None])
@pytest.mark.parametrize("form", FORMS)
def test_file_when_read_by_either_engine_then_counts_are_the_same(
    form: str, engine: str | None, tmp_path: Path
) -> None:
    frame = read(written(tmp_path, f"a.{form}", TABLE), engine=engine)
    expected = {("dev", False): 1, ("train", False): 1, ("train", True): 1}
    assert expected == counted(frame)
    assert (engine or ("duckdb" if form == "parquet" else "polars")) == frame.engine


def test_tsv_when_read_then_fields_end_at_tabs(tmp_path: Path) -> None:
    path = tmp_path / "a.tsv"
    pl.DataFrame(TABLE).write_csv(path, separator="\t")
    assert 3 == sum(counted(read(path)).values())


@pytest.mark.parametrize("engine", ["duckdb", "polars"])
@pytest.mark.parametrize("ending", FORMS)
@pytest.mark.parametrize("stem", ["a b", "ünï [1]*", "it's?"])
def test_path_when_it_has_spaces_and_signs_then_is_taken_literally(
    stem: str, ending: str, engine: str, tmp_path: Path
) -> None:
    written(tmp_path, f"ünï 1x.{ending}", {"label": [1], "prediction": [1]})
    path = written(tmp_path, f"{stem}.{ending}", TABLE)
    assert 3 == sum(counted(read(str(path), engine=engine)).values())


@pytest.mark.parametrize("engine", ["duckdb", "polars"])
def test_pattern_when_it_fits_several_files_then_reads_all(engine: str, tmp_path: Path) -> None:
    for i in range(3):
        written(tmp_path, f"{i}.parquet", TABLE)
    frame = read(f"{tmp_path}/*.parquet", engine=engine)
    assert 9 == sum(counted(frame).values())
    assert [f"{i}.parquet" for i in range(3)] == [name.split("/")[-1] for name in frame.sources]


@pytest.mark.parametrize("engine", ["duckdb", "polars", None])
def test_files_when_columns_and_types_differ_then_are_read_together(
    engine: str | None, tmp_path: Path
) -> None:
    paths = [
        written(
            tmp_path, "a.parquet", {"label": [1, 0], "prediction": [1, 1], "split": ["dev"] * 2}
        ),
        written(
            tmp_path, "b.parquet", {"label": [1.0, 2.0], "prediction": [1, 2], "device": ["x"] * 2}
        ),
        written(tmp_path, "c.csv", {"label": [1], "prediction": [0], "split": ["train"]}),
    ]
    frame = read(paths, engine=engine)
    spec = CountSpec(groupings=frozenset({OUTCOMES}))
    counts, intake = reduce(frame, spec, max_unusable=0.5)
    assert {("train", True): 1, ("dev", False): 1, ("dev", True): 1} == dict(
        iter(counts.tables[OUTCOMES])
    )
    assert {"no_split": 2} == intake.unusable


def test_files_when_a_role_has_two_types_then_are_refused(tmp_path: Path) -> None:
    paths = [
        written(tmp_path, "a.parquet", {"label": [1], "prediction": [1]}),
        written(tmp_path, "b.parquet", {"label": ["1"], "prediction": [1]}),
    ]
    with pytest.raises(ColumnError, match="Column 'label' mixes integer, text"):
        read(paths)


def test_files_when_days_and_times_meet_then_are_times(tmp_path: Path) -> None:
    day, moment = dt.date(2026, 1, 1), dt.datetime(2026, 1, 1, 9)  # noqa: DTZ001
    one: dict[str, list[Any]] = {"label": [1], "prediction": [1], "seen": [day]}
    paths = [
        written(tmp_path, "a.parquet", one),
        written(tmp_path, "b.parquet", {**one, "seen": [moment]}),
    ]
    expected = {("2026-01-01 00:00:00",): 1, ("2026-01-01 09:00:00",): 1}
    assert expected == counted(read(paths), "seen")


def test_text_files_when_types_differ_then_meet_as_text(tmp_path: Path) -> None:
    paths = [
        written(tmp_path, "a.csv", {"label": [1, 2], "prediction": [1, 1]}),
        written(tmp_path, "b.csv", {"label": ["x", "y"], "prediction": ["x", "1"]}),
    ]
    assert {("dev", False): 2, ("dev", True): 2} == counted(read(paths))


def test_split_files_when_given_then_name_the_split_of_their_rows(tmp_path: Path) -> None:
    train = written(tmp_path, "a.parquet", {"label": [1, 0], "prediction": [1, 1]})
    dev = written(tmp_path, "b.csv", {"label": [1], "prediction": [1]})
    frame = read(split_files={"train": train, "validation": [dev, dev]})
    assert {("train", False): 1, ("train", True): 1, ("dev", False): 2} == counted(frame)


def test_split_files_when_tables_then_are_read_too() -> None:
    rows = {name: values for name, values in TABLE.items() if name != "split"}
    frame = read(split_files={"train": pl.DataFrame(rows), "dev": rows})
    assert {("train",): 3, ("dev",): 3} == counted(frame, "split")


def test_split_files_when_the_split_is_unknown_then_are_refused() -> None:
    with pytest.raises(SplitError, match=r"'trian'(.|\n)*did you mean 'train'"):
        read(split_files={"trian": TABLE})


def test_models_when_named_by_files_then_are_a_key(tmp_path: Path) -> None:
    a = written(tmp_path, "resnet.parquet", TABLE)
    b = written(tmp_path, "vit.parquet", {**TABLE, "model": ["ViT"] * 3})
    assert {("ViT",): 3, ("resnet",): 3} == counted(read([a, b], models_from_files=True), "model")


def test_model_when_chosen_then_its_rows_alone_are_counted() -> None:
    table = {**TABLE, "model": ["a", "b", "b"]}
    assert {("train", True): 1, ("dev", False): 1} == counted(read(table, model="b"))
    numbered = {**TABLE, "model": [1, 2, 2]}
    assert 2 == sum(counted(read(numbered, model="2")).values())


def test_model_when_not_in_the_table_then_is_refused() -> None:
    with pytest.raises(ColumnError, match="No row has 'c' in column 'model'"):
        counted(read({**TABLE, "model": ["a", "b", "b"]}, model="c"))
    with pytest.raises(ColumnError, match="The table has no column 'model' to count by"):
        read(TABLE, model="c")


def test_models_when_several_and_none_is_chosen_then_are_not_added_up() -> None:
    with pytest.raises(SourceError, match="The table holds 2 models: a, b"):
        counted(read({**TABLE, "model": ["a", "b", "b"]}))


def test_columns_when_given_then_play_their_roles() -> None:
    table = {"set": ["dev"], "truth": [1], "guess": [0]}
    frame = read(table, columns={"split": "set", "label": "truth", "prediction": "guess"})
    assert {("dev", True): 1} == counted(frame)
    assert {"split", "label", "prediction"} == frame.roles


@pytest.mark.parametrize("given", [None, []])
def test_nothing_when_given_then_is_refused(given: object) -> None:
    with pytest.raises(SourceError, match="No predictions were given"):
        read(given)


@pytest.mark.parametrize("given", [3, object(), pl.Series([1]), [1, 2]])
def test_value_when_no_table_then_is_refused(given: object) -> None:
    with pytest.raises(SourceError, match="is neither a path nor a table"):
        read(given)


def test_engine_when_unknown_then_is_refused(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match="'spark' is not an engine for files"):
        read(written(tmp_path, "a.parquet", TABLE), engine="spark")


def test_table_when_eager_or_lazy_then_counts_are_the_same() -> None:
    frame = pl.DataFrame(TABLE)
    assert counted(read(frame)) == counted(read(frame.lazy())) == counted(read(TABLE))


def test_pandas_when_categories_are_numbers_then_are_numbers() -> None:
    pandas = pytest.importorskip("pandas")
    table = pandas.DataFrame({"label": [1, 2, None], "prediction": [1, 1, 1], "split": "field"})
    table["label"] = table["label"].astype("category")
    assert {("field", False): 1, ("field", True): 1} == counted(read(table))


def test_pandas_when_objects_hold_one_type_then_are_of_that_type() -> None:
    pandas = pytest.importorskip("pandas")
    columns = {
        "label": [True, False, None],
        "prediction": [1, 2, 3],
        "split": ["dev", "dev", "field"],
    }
    table = pandas.DataFrame(columns).astype(object)
    assert {("dev", False): 1, ("dev", True): 1} == counted(read(table))


def test_pandas_when_objects_hold_several_types_then_are_refused() -> None:
    pandas = pytest.importorskip("pandas")
    table = pandas.DataFrame({"label": [1, "a"], "prediction": [1, 1]})
    with pytest.raises(ColumnError, match="'label', used as label, holds values of mixed"):
        counted(read(table))


def test_text_file_when_only_one_of_a_pair_mixes_then_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path, "a.csv", {"label": ["1", "x", "2"], "prediction": [1, 2, 3]})
    with pytest.raises(ColumnError, match="'label' mixes text, numbers"):
        read(path)


def test_text_file_when_classes_never_meet_then_types_differ(tmp_path: Path) -> None:
    path = written(tmp_path, "a.csv", {"label": ["cat", "dog"], "prediction": [0, 1]})
    spec = CountSpec(groupings=frozenset({OUTCOMES}))
    counts, intake = reduce(read(path), spec)
    assert {("dev", True): 2} == dict(iter(counts.tables[OUTCOMES]))
    assert ("text", "integer") == intake.types_differ


def test_probabilities_when_usual_names_are_the_classes_then_are_recognised() -> None:
    table = {"label": ["a", "b"], "proba_a": [0.9, 0.2], "proba_b": [0.1, 0.8]}
    frame = read(table)
    assert {"a": "proba_a", "b": "proba_b"} == frame.columns.probabilities
    assert {"p_a": "proba_a", "p_b": "proba_b"} == frame.columns.recognised
    assert {("dev", False): 2} == counted(frame)
    assert {"label", "prediction", "probabilities"} == frame.roles


def test_probabilities_when_usual_names_are_other_names_then_are_metadata() -> None:
    table = {"label": ["a", "b"], "prediction": ["a", "b"], "price": [0.9, 0.2], "pace": [1, 2]}
    frame = read(table)
    assert ({}, ("price", "pace")) == (frame.columns.probabilities, frame.metadata)


def test_probabilities_when_there_is_a_prediction_then_must_belong_to_the_classes() -> None:
    table = {"label": [0, 1], "prediction": [0, 1], "p_0": [0.9, 0.2], "p_1": [0.1, 0.8]}
    assert {"0", "1"} == set(read(table).columns.probabilities)
    other = {"label": [0, 1], "prediction": [0, 1], "p_value": [0.9, 0.2], "p_rank": [0.1, 0.8]}
    assert ("p_value", "p_rank") == read(other).metadata


def test_probabilities_when_there_is_nothing_else_then_none_is_judged() -> None:
    with pytest.raises(ColumnError, match="None of the 2 columns says whether"):
        counted(read({"p_a": [0.9], "p_b": [0.1]}))


def test_files_when_very_wide_then_polars_counts_them(tmp_path: Path) -> None:
    wide = pl.DataFrame({f"p_{i}": [float(i == 0)] for i in range(300)} | {"label": [0]})
    wide.write_parquet(tmp_path / "wide.parquet")
    wide.select("label", "p_0", "p_1").write_parquet(tmp_path / "narrow.parquet")

    assert read(tmp_path / "wide.parquet").engine == "polars"
    assert read(tmp_path / "narrow.parquet").engine == "duckdb"


def test_files_when_given_for_a_split_and_with_splits_of_their_own_then_are_refused() -> None:
    with pytest.raises(SplitError, match="have a column 'split' of their own"):
        read(split_files={"dev": pl.DataFrame(TABLE)})
