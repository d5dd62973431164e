from __future__ import annotations

import pytest

from headway.errors import ColumnError
from headway.frames.columns import Columns


def recognised(*names: str, **given: str) -> Columns:
    return Columns.recognise(dict.fromkeys(names, "float"), given)


def test_roles_when_names_are_exact_then_nothing_is_said() -> None:
    columns = recognised("split", "label", "prediction", "device")
    assert {"split": "split", "label": "label", "prediction": "prediction"} == columns.roles
    assert ({}, ("device",)) == (columns.recognised, columns.metadata)


@pytest.mark.parametrize(
    ("role", "name"),
    [
        ("label", "y_true"),
        ("label", "target"),
        ("label", "gt"),
        ("label", "Label"),
        ("prediction", "y_pred"),
        ("prediction", "pred"),
        ("prediction", "yhat"),
        ("prediction", "Y-Pred"),
    ],
)
def test_role_when_a_usual_name_is_found_then_is_recognised(role: str, name: str) -> None:
    columns = recognised(name)
    assert ({role: name}, {role: name}) == (columns.roles, columns.recognised)


def test_role_when_its_own_name_is_there_then_usual_names_are_metadata() -> None:
    columns = recognised("label", "target")
    assert ({"label": "label"}, ("target",)) == (columns.roles, columns.metadata)


def test_role_when_a_name_is_given_then_wins_over_the_exact_one() -> None:
    columns = recognised("label", "truth", label="truth")
    assert ({"label": "truth"}, ("label",)) == (columns.roles, columns.metadata)


def test_role_when_two_usual_names_compete_then_is_refused() -> None:
    with pytest.raises(ColumnError, match="y_true, target could each be the label"):
        recognised("y_true", "target")


def test_role_when_unknown_then_is_refused_with_the_close_one() -> None:
    with pytest.raises(ColumnError, match=r"'lable' is not a role(.|\n)*did you mean 'label'"):
        recognised("x", lable="x")


def test_column_when_missing_then_is_refused_with_the_close_one() -> None:
    with pytest.raises(ColumnError, match=r"'lable'(.|\n)*did you mean 'label'"):
        recognised("label", label="lable")


def test_probabilities_when_named_by_class_then_are_found_by_name() -> None:
    columns = recognised("label", "p_cat", "p_dog")
    assert {"cat": "p_cat", "dog": "p_dog"} == columns.probabilities
    assert () == columns.metadata


def test_probabilities_when_given_then_take_any_column() -> None:
    columns = recognised("label", "a", "b", "p_x", p_cat="a", p_dog="b")
    assert {"cat": "a", "dog": "b"} == columns.probabilities
    assert ("p_x",) == columns.metadata


def test_probabilities_when_there_is_one_or_text_then_are_metadata() -> None:
    one = recognised("label", "p_value")
    text = Columns.recognise({"p_a": "text", "p_b": "text"})
    assert ({}, ("p_value",)) == (one.probabilities, one.metadata)
    assert ({}, ("p_a", "p_b")) == (text.probabilities, text.metadata)


def test_probabilities_when_they_begin_otherwise_then_are_kept_for_the_classes_to_decide() -> None:
    columns = recognised("label", "proba_0", "proba_1", "price", "prob_x")
    assert {"0": "proba_0", "1": "proba_1"} == columns.usual_probabilities["proba_"]
    assert ("proba_0", "proba_1", "price", "prob_x") == columns.metadata


def test_column_when_asked_by_key_then_is_that_of_the_role_or_the_metadata() -> None:
    columns = recognised("y_true", "device")
    assert ["y_true", "device", None, None] == [
        columns.column(key) for key in ("label", "device", "split", "y_true")
    ]
