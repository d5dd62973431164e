from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

from headway.errors import ColumnError, SourceError, TargetError
from headway.frames.metrics_table import read_metrics

if TYPE_CHECKING:
    from pathlib import Path

ROWS = {"model": ["A", "B"], "accuracy": [0.9, 0.92], "n": [1000, 1000], "ms": [80, 95]}


@pytest.mark.parametrize("ending", ["csv", "parquet", "ndjson"])
def test_table_when_in_a_file_then_has_metrics_and_n_by_model(tmp_path: Path, ending: str) -> None:
    frame, path = pl.DataFrame(ROWS), tmp_path / f"models.{ending}"
    write: dict[str, Any] = {
        "csv": frame.write_csv,
        "parquet": frame.write_parquet,
        "ndjson": frame.write_ndjson,
    }
    write[ending](path)
    found = read_metrics(str(path))
    assert {"accuracy": 0.92, "ms": 95.0} == dict(found.metrics["B"])
    assert (("A", "B"), {"A": 1000, "B": 1000}) == (found.models, dict(found.n))


def test_table_when_a_mapping_of_columns_then_is_read_as_one() -> None:
    assert ("A", "B") == read_metrics(ROWS).models


def test_table_when_it_is_one_already_then_stays_as_it_is() -> None:
    found = read_metrics(ROWS)
    assert found is read_metrics(found)


def test_models_when_the_only_column_of_text_names_them_then_that_is_taken() -> None:
    assert ("x",) == read_metrics({"run": ["x"], "auc": [0.8]}).models


@pytest.mark.parametrize(("precision", "recall", "f1"), [(0.95, 0.9, 0.92432), (0.0, 0.0, 0.0)])
def test_f1_when_precision_and_recall_are_known_then_is_added(
    precision: float, recall: float, f1: float
) -> None:
    found = read_metrics({"A": {"precision": precision, "recall": recall}})
    assert f1 == pytest.approx(found.metrics["A"]["f1"], abs=1e-5)
    assert ("f1",) == found.derived


def test_f1_when_it_is_known_then_is_kept() -> None:
    found = read_metrics({"A": {"precision": 0.5, "recall": 0.5, "f1": 0.6}})
    assert (0.6, ()) == (found.metrics["A"]["f1"], found.derived)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), None])
def test_number_when_missing_or_not_finite_then_it_is_refused(value: Any) -> None:
    with pytest.raises(TargetError, match="The metric 'f1' of model 'A' is"):
        read_metrics({"model": ["A", "B"], "f1": [value, 0.5]})


def test_number_when_a_file_wrote_it_as_text_then_is_read(tmp_path: Path) -> None:
    table = tmp_path / "models.csv"
    table.write_text("model,f1,auc,note\nA,0.5,nan,x\nB,0.6,0.8,y\n", encoding="utf-8")
    with pytest.raises(TargetError, match="The metric 'auc' of model 'A' is NaN"):
        read_metrics(table)
    texts = {"model": ["A", "B"], "f1": ["0.5", "0.6"], "note": ["x", "y"]}
    assert ({"f1": 0.5}, ("note",)) == (
        read_metrics(texts).metrics["A"],
        read_metrics(texts).ignored,
    )


def test_model_when_it_comes_twice_then_it_is_refused() -> None:
    with pytest.raises(TargetError, match="'A' is given twice"):
        read_metrics({"model": ["A", "A"], "f1": [0.4, 0.5]})


def test_table_when_nothing_names_the_models_then_it_is_refused() -> None:
    with pytest.raises(ColumnError, match="given for the role 'model'"):
        read_metrics({"f1": [0.4]})


def test_table_when_it_has_no_numbers_then_it_is_refused() -> None:
    with pytest.raises(SourceError, match="metrics table has no column of numbers"):
        read_metrics({"model": ["A"], "note": ["good"]})


def test_table_when_it_has_no_rows_then_it_is_refused() -> None:
    with pytest.raises(SourceError, match="holds no row"):
        read_metrics({})


def test_table_when_it_is_only_a_header_then_is_refused() -> None:
    with pytest.raises(SourceError, match="holds no row"):
        read_metrics(
            pl.DataFrame({"model": [], "f1": []}, schema={"model": pl.String, "f1": float})
        )
