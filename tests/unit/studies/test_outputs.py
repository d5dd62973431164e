from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from headway.errors import SourceError
from headway.studies.outputs import Output, column, joined, predictions

KINDS = st.one_of(st.booleans(), st.integers(-9, 9), st.text(max_size=3), st.none())


def output(label: object, answer: object) -> dict[str, Output]:
    """One split, dev."""
    truth = None if label is None else np.asarray(label)
    return {"dev": Output(label=truth, answer=np.asarray(answer))}


@given(st.lists(KINDS, min_size=1))
def test_column_when_kinds_are_mixed_then_no_value_changes(values: list[object]) -> None:
    kept = column(values).tolist()
    assert [(type(value), value) for value in values] == [(type(value), value) for value in kept]


@given(st.lists(st.lists(KINDS, min_size=1), min_size=1, max_size=4))
def test_joined_when_parts_differ_in_kind_then_no_value_changes(parts: list[list[object]]) -> None:
    kept = joined([column(part) for part in parts]).tolist()
    flat = [value for part in parts for value in part]
    assert [(type(value), value) for value in flat] == [(type(value), value) for value in kept]


def test_joined_when_all_are_numbers_then_they_become_one_kind_of_number() -> None:
    assert joined([np.array([1]), np.array([0.5])]).dtype.kind == "f"


def test_column_when_missing_is_nan_among_words_then_it_is_none() -> None:
    assert column(np.array(["a", np.nan], dtype=object)).tolist() == ["a", None]


def test_predictions_when_answers_are_classes_then_they_are_kept() -> None:
    columns, findings = predictions(output(["a", "b"], ["a", "c"]), classes=None)
    assert columns["dev"]["prediction"].tolist() == ["a", "c"]
    assert findings == []


def test_predictions_when_probabilities_come_along_then_classes_name_them() -> None:
    said = Output(
        label=np.array(["x"]), answer=np.array(["x"]), probabilities=np.array([[0.7, 0.3]])
    )
    columns, _ = predictions({"dev": said}, classes=["x", "y"])
    assert columns["dev"]["p_y"].tolist() == [0.3]


def test_predictions_when_scores_sum_to_one_then_they_are_probabilities() -> None:
    columns, findings = predictions(output([0, 1], [[0.9, 0.1], [0.6, 0.4]]), classes=None)
    assert columns["dev"]["prediction"].tolist() == [0, 0]
    assert columns["dev"]["p_1"].tolist() == [0.1, 0.4]
    assert findings == []


def test_predictions_when_scores_are_not_probabilities_then_softmax_is_said() -> None:
    columns, findings = predictions(output([0, 1], [[5.0, 1.0], [-900.0, 900.0]]), classes=None)
    assert columns["dev"]["p_0"].tolist() == pytest.approx([1 / (1 + np.exp(-4)), 0.0])
    assert ["HW155"] == [finding.code for finding in findings]


def test_predictions_when_one_split_is_not_probabilities_then_no_split_is() -> None:
    outputs = {**output([0], [[0.5, 0.5]]), "test": output([1], [[3.0, 1.0]])["dev"]}
    columns, _ = predictions(outputs, classes=None)
    assert columns["dev"]["p_0"].tolist() == [0.5]
    assert columns["test"]["p_0"] == pytest.approx([1 / (1 + np.exp(-2))])


def test_predictions_when_classes_are_words_then_labels_that_are_positions_get_them() -> None:
    columns, _ = predictions(output([1, 0], [[0.2, 0.8], [0.3, 0.7]]), classes=["cat", "dog"])
    assert columns["dev"]["label"].tolist() == ["dog", "cat"]
    assert columns["dev"]["prediction"].tolist() == ["dog", "dog"]


def test_predictions_when_a_label_is_no_position_then_labels_stay() -> None:
    columns, _ = predictions(output([1, 7], [[0.2, 0.8], [0.3, 0.7]]), classes=["cat", "dog"])
    assert columns["dev"]["label"].tolist() == [1, 7]


def test_predictions_when_labels_are_true_and_false_then_so_are_predictions() -> None:
    columns, _ = predictions(output([True, False], [[0.2, 0.8], [0.7, 0.3]]), classes=None)
    assert columns["dev"]["prediction"].tolist() == [True, False]


def test_predictions_when_labels_are_whole_floats_then_they_become_integers() -> None:
    columns, _ = predictions(output([1.0, 0.0], [2.5, -0.1]), classes=None, is_score=True)
    assert columns["dev"]["label"].tolist() == [1, 0]
    assert columns["dev"]["label"].dtype.kind == "i"


def test_predictions_when_one_number_a_row_passes_one_then_it_is_log_odds() -> None:
    columns, findings = predictions(output([1, 0], [0.0, -1.0]), classes=None, is_score=True)
    assert columns["dev"]["prediction"].tolist() == [1, 0]
    assert columns["dev"]["score"] == pytest.approx([0.5, 1 / (1 + np.e)])
    assert "log odds of class '1'" in findings[0].sentence


def test_predictions_when_one_number_a_row_is_a_fraction_then_it_is_a_probability() -> None:
    columns, findings = predictions(output([True, False], [0.9, 0.2]), classes=None)
    assert columns["dev"]["prediction"].tolist() == [True, False]
    assert columns["dev"]["score"].tolist() == [0.9, 0.2]
    assert "the probability of class 'True'" in findings[0].sentence


def test_predictions_when_one_score_has_two_named_classes_then_uses_the_names() -> None:
    columns, _ = predictions(output(["no", "yes"], [0.9, 0.2]), classes=["no", "yes"])
    assert columns["dev"]["prediction"].tolist() == ["yes", "no"]


def test_predictions_when_labels_are_amounts_then_rows_hold_squared_errors() -> None:
    columns, findings = predictions(output([1.5, 2.0], [1.0, 2.0]), classes=None)
    assert {"loss": [0.25, 0.0]} == {name: v.tolist() for name, v in columns["dev"].items()}
    assert ["HW153"] == [finding.code for finding in findings]


def test_predictions_when_amounts_have_no_labels_then_losses_are_unknown() -> None:
    columns, _ = predictions(output(None, [1.0, 2.0]), classes=None, is_loss=True)
    assert np.isnan(columns["dev"]["loss"].astype(float)).all()


def test_predictions_when_rows_have_no_labels_then_labels_are_blank() -> None:
    columns, _ = predictions(output(None, ["a", "b"]), classes=None)
    assert columns["dev"]["label"].tolist() == [None, None]


@pytest.mark.parametrize(
    ("label", "answer", "classes", "words"),
    [
        (["a", "b"], [[0.1, 0.9], [0.2, 0.8]], None, "2 score.* for 0 named class"),
        ([0, 1], [[0.1, 0.9], [0.2, 0.8]], ["a"], "2 score.* for 1 named class"),
        (["a", "b"], [0.5, 0.1], None, "1 score.* for 0 named class"),
        ([0, 1], [0.5, 0.1], ["a", "b", "c"], "2 score.* for 3 named class"),
        ([0, 1], np.zeros((2, 2, 2)), None, r"answers with \(2, 2\)"),
    ],
)
def test_predictions_when_scores_have_no_names_then_refuses(
    label: list[object], answer: object, classes: list[object] | None, words: str
) -> None:
    with pytest.raises(SourceError, match=words):
        predictions(output(label, answer), classes=classes)


def test_predictions_when_probabilities_outnumber_the_classes_then_refuses() -> None:
    said = Output(label=np.array([0]), answer=np.array([0]), probabilities=np.array([[0.7, 0.3]]))
    with pytest.raises(SourceError, match=r"2 score.* for 1 named class"):
        predictions({"dev": said}, classes=["x"])
