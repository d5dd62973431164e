from __future__ import annotations

import numpy as np
import pytest
from sklearn.dummy import DummyClassifier, DummyRegressor
from sklearn.svm import LinearSVC

from headway.errors import CountError, SourceError, SplitError
from headway.studies.collect import collect

X = [[0.0], [1.0], [2.0], [3.0]]
MODEL = DummyClassifier().fit(X, ["cat", "cat", "cat", "dog"])


def test_collect_when_estimator_has_probabilities_then_names_them_by_class() -> None:
    found = collect(MODEL, {"dev": (X, ["cat", "dog", "cat", "cat"])})
    assert list(found.columns) == ["id", "split", "label", "prediction", "p_cat", "p_dog"]
    assert found.columns["p_dog"].tolist() == [0.25] * 4


def test_collect_when_splits_come_in_any_order_then_the_ladder_decides() -> None:
    found = collect(MODEL, {"dev": (X[:1], ["cat"]), "train": (X[:2], ["cat", "dog"])})
    assert found.columns["split"].tolist() == ["train", "train", "dev"]
    assert found.columns["id"].tolist() == ["train-0", "train-1", "dev-0"]


def test_collect_when_estimator_has_no_probabilities_then_only_predicts() -> None:
    model = LinearSVC(random_state=0).fit(X, [0, 0, 1, 1])
    found = collect(model, {"train": (X, [0, 0, 1, 1])})
    assert list(found.columns) == ["id", "split", "label", "prediction"]


def test_collect_when_estimator_is_a_regressor_then_gives_losses() -> None:
    model = DummyRegressor(strategy="constant", constant=2).fit(X, [1, 2, 3, 4])
    found = collect(model, {"dev": (X, [1, 2, 3, 4])})
    assert found.columns["loss"].tolist() == [1.0, 0.0, 1.0, 4.0]
    assert "squared difference" in found.findings[0].sentence


def test_collect_when_model_is_a_function_then_asks_in_batches() -> None:
    asked = []

    def model(inputs: list[int]) -> list[str]:
        asked.append(len(inputs))
        return [f"{each}" for each in inputs]

    found = collect(model, {"dev": ([1, 2, 3], ["1", "2", "4"])}, batch_size=2)
    assert asked == [2, 1]
    assert found.columns["prediction"].tolist() == ["1", "2", "3"]


def test_collect_when_function_returns_rows_then_classes_name_them() -> None:
    found = collect(
        lambda inputs: np.tile([0.2, 0.8], (len(inputs), 1)),
        {"dev": (X, ["a", "b", "a", "b"])},
        classes=["a", "b"],
    )
    assert found.columns["prediction"].tolist() == ["b"] * 4
    assert found.columns["p_a"].tolist() == [0.2] * 4


def test_collect_when_function_returns_a_column_of_fractions_then_it_is_a_score() -> None:
    found = collect(lambda inputs: np.full((len(inputs), 1), 0.7), {"dev": (X, [0, 1, 1, 1])})
    assert found.columns["score"].tolist() == [0.7] * 4
    assert found.columns["prediction"].tolist() == [1] * 4


def test_collect_when_field_is_unlabeled_then_its_labels_are_blank() -> None:
    found = collect(MODEL, {"dev": (X[:1], ["cat"]), "field": (X[:2], None)})
    assert found.columns["label"].tolist() == ["cat", None, None]


def test_collect_when_metadata_are_given_then_other_splits_are_blank() -> None:
    data = {"train": (X[:1], ["cat"]), "dev": (X[:2], ["cat", "dog"])}
    metadata = {"dev": {"device": ["phone", "web"], "id": ["a", "b"]}}
    found = collect(MODEL, data, metadata=metadata)
    assert found.columns["device"].tolist() == [None, "phone", "web"]
    assert found.columns["id"].tolist() == ["train-0", "a", "b"]


def test_collect_when_labels_differ_in_kind_between_splits_then_none_changes() -> None:
    found = collect(MODEL, {"train": (X[:1], [1]), "dev": (X[:1], ["1"])})
    assert found.columns["label"].tolist() == [1, "1"]


def test_collect_when_progress_is_watched_then_it_ends_at_the_total() -> None:
    seen: list[tuple[int, int]] = []
    collect(
        lambda inputs: [0] * len(inputs),
        {"train": (X, [0] * 4), "dev": (X, [0] * 4)},
        batch_size=3,
        progress=lambda done, total: seen.append((done, total)),
    )
    assert seen == [(3, 8), (4, 8), (7, 8), (8, 8)]


def test_collect_when_split_is_misspelled_then_names_the_close_one() -> None:
    with pytest.raises(SplitError, match="did you mean 'train_dev'"):
        collect(MODEL, {"train_def": (X, [0] * 4)})


def test_collect_when_splits_have_usual_names_then_they_are_understood() -> None:
    metadata = {"val": {"device": ["phone"]}}
    found = collect(MODEL, {"val": (X[:1], ["cat"])}, metadata=metadata)
    assert found.columns["split"].tolist() == ["dev"]
    assert found.columns["device"].tolist() == ["phone"]


def test_collect_when_two_names_mean_one_split_then_refuses() -> None:
    with pytest.raises(SplitError, match="would all be read as 'dev'"):
        collect(MODEL, {"val": (X, [0] * 4), "dev": (X, [0] * 4)})


def test_collect_when_an_older_estimator_names_its_kind_then_it_is_believed() -> None:
    class Doubled:
        _estimator_type = "regressor"

        def predict(self, inputs: list[list[float]]) -> list[float]:
            return [2 * row[0] for row in inputs]

    found = collect(Doubled(), {"dev": (X, [0, 1, 1, 0])})
    assert found.columns["loss"].tolist() == [0.0, 1.0, 9.0, 36.0]


def test_collect_when_there_is_no_split_then_refuses() -> None:
    with pytest.raises(SplitError, match="no error to stand on a ladder"):
        collect(MODEL, {})


def test_collect_when_batches_are_empty_then_refuses() -> None:
    with pytest.raises(CountError, match="batch_size is 0"):
        collect(MODEL, {"dev": (X, [0] * 4)}, batch_size=0)


@pytest.mark.parametrize(
    ("model", "words"),
    [
        ("a name", "A model of type 'str' cannot be asked"),
        (len, "answers with one int for several rows"),
        (lambda inputs: inputs[:1], "'dev' has 4 examples and 2 answers"),
        (lambda inputs: np.eye(len(inputs), 1 + len(inputs)), r"rows of shape \(2,\) and \(4,\)"),
    ],
)
def test_collect_when_model_does_not_answer_row_by_row_then_refuses(
    model: object, words: str
) -> None:
    with pytest.raises(SourceError, match=words):
        collect(model, {"dev": (X, [0, 1, 0, 1])}, batch_size=3)


@pytest.mark.parametrize(
    ("metadata", "words"),
    [
        ({"dev": {"label": ["x"]}}, "'label' has the name of a column of predictions"),
        ({"dev": {"p_cat": ["x"]}}, "'p_cat' has the name of a column of predictions"),
        ({"dev": {"device": ["x", "y"]}}, "'dev' has 1 rows and 2 of 'device'"),
    ],
)
def test_collect_when_metadata_do_not_fit_then_refuses(
    metadata: dict[str, dict[str, list[object]]], words: str
) -> None:
    with pytest.raises(SourceError, match=words):
        collect(MODEL, {"dev": (X[:1], ["cat"])}, metadata=metadata)


def test_collect_when_metadata_name_another_split_then_refuses() -> None:
    with pytest.raises(SplitError, match="'test' is no split"):
        collect(MODEL, {"dev": (X[:1], ["cat"])}, metadata={"test": {"device": ["x"]}})
