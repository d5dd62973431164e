from __future__ import annotations

from typing import Any

import pytest

from headway.errors import ColumnError, CountError, TargetError
from headway.frames.metric_rows import table_of
from headway.frames.metrics_table import MOST_MODELS, read_metrics


def test_n_when_a_metric_has_its_own_then_goes_before_that_of_the_model() -> None:
    found = table_of([("A", {"recall": 0.9, "recall_n": 40, "ms": 80, "n": 1000})])
    assert (40, 1000) == (found.n_of("A", "recall"), found.n_of("A", "ms"))
    assert {"recall", "ms"} == set(found.metrics["A"])
    assert table_of([("A", {"ms": 80})]).n_of("A", "ms") is None


def test_column_when_it_ends_like_a_count_of_nothing_then_is_a_metric() -> None:
    assert {"layers_n": 3.0} == table_of([("A", {"layers_n": 3})]).metrics["A"]


def test_f1_when_of_a_class_then_is_made_from_the_pair_of_that_class() -> None:
    found = table_of([("A", {"precision(cat)": 0.5, "recall(cat)": 1.0, "recall(dog)": 0.1})])
    assert 2 / 3 == pytest.approx(found.metrics["A"]["f1(cat)"])
    assert ("f1(cat)",) == found.derived


def test_f1_when_a_part_is_no_fraction_then_is_refused() -> None:
    with pytest.raises(CountError, match="recall of model 'A' is 90"):
        table_of([("A", {"precision": 0.95, "recall": 90})])


@pytest.mark.parametrize("n", [0, 2.5, -1])
def test_n_when_it_is_no_count_then_is_refused(n: float) -> None:
    with pytest.raises(CountError, match="n of model 'A' is"):
        table_of([("A", {"accuracy": 0.9, "n": n})])


@pytest.mark.parametrize("value", [True, "0.9", [0.9]])
def test_metric_when_of_another_type_then_is_refused(value: Any) -> None:
    with pytest.raises(TargetError, match="'accuracy' of model 'A' is of type"):
        read_metrics({"A": {"accuracy": value}})


def test_model_when_its_metrics_are_no_mapping_then_is_refused() -> None:
    with pytest.raises(TargetError, match="'metrics' of model 'B' is a float"):
        read_metrics({"A": {"accuracy": 0.9}, "B": 0.9})


def test_columns_when_they_hold_no_numbers_then_are_named() -> None:
    found = read_metrics({"model": ["A"], "commit": ["1f0"], "best": [True], "accuracy": [0.9]})
    assert ("commit", "best") == found.ignored


def test_models_when_the_column_has_another_name_then_it_can_be_named() -> None:
    table = {"run": ["A"], "by": ["x"], "accuracy": [0.9]}
    assert ("A",) == read_metrics(table, columns={"model": "run"}).models


def test_model_when_it_has_no_name_then_is_refused() -> None:
    with pytest.raises(ColumnError, match="used as model, holds a row without a name"):
        read_metrics({"name": ["A", None], "accuracy": [0.9, 0.8]})


def test_models_when_there_are_more_than_anybody_compares_then_are_refused() -> None:
    n = MOST_MODELS + 1
    with pytest.raises(CountError, match="number of models is above 10000"):
        read_metrics({"model": [*map(str, range(n))], "accuracy": [0.9] * n})
