from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl
import pytest
from sklearn import metrics as oracle

from headway.errors import ColumnError, TargetError
from headway.frames.reduce import reduce
from headway.frames.scored import scored
from headway.frames.source import read
from headway.stats.measured import point
from headway.strategy import rungs

if TYPE_CHECKING:
    from headway.counts import Intake

RNG = np.random.default_rng(0)
N = 400
LABEL = RNG.integers(0, 3, N)
P = RNG.dirichlet([1, 1, 1], N)
TABLE: dict[str, Any] = {
    "split": ["dev"] * N,
    "label": LABEL,
    "ms": RNG.normal(5, 50, N),
    **{f"p_{c}": P[:, c] for c in range(3)},
}


def mean(table: dict[str, Any], kind: str, **given: Any) -> tuple[float, Intake]:
    """The mean of a number of the dev rows, and what was read."""
    frame = scored(read(pl.DataFrame(table)), kind, **given)
    metric = "error" if "correct" in frame.roles else "loss"
    counts, intake = reduce(frame, rungs.needs(frame.roles, metric=metric), max_unusable=0.6)
    return point(rungs.errors(counts).measured["dev"]), intake


def test_mean_of_a_column_when_some_are_negative_then_is_that_of_numpy() -> None:
    assert float(TABLE["ms"].mean()) == pytest.approx(mean(TABLE, "mean", column="ms")[0])


@pytest.mark.parametrize("sign", [">", ">=", "<", "<="])
def test_share_when_rows_lie_on_the_bound_then_the_sign_decides(sign: str) -> None:
    table = {"split": ["dev"] * 4, "ms": [1.0, 2.0, 2.0, 3.0]}
    expected = {">": 0.25, ">=": 0.75, "<": 0.25, "<=": 0.75}[sign]
    assert expected == mean(table, "share", column="ms", sign=sign, bound=2.0)[0]


def test_log_loss_when_compared_with_scikit_learn_then_is_equal() -> None:
    assert oracle.log_loss(LABEL, P) == pytest.approx(mean(TABLE, "log_loss")[0])


def test_brier_when_there_are_three_classes_then_squares_are_summed_over_classes() -> None:
    expected = ((P - np.eye(3)[LABEL]) ** 2).sum(axis=1).mean()
    assert expected == pytest.approx(mean(TABLE, "brier")[0])


def test_top_k_error_when_compared_with_scikit_learn_then_is_equal() -> None:
    expected = 1 - oracle.top_k_accuracy_score(LABEL, P, k=2)
    assert expected == pytest.approx(mean(TABLE, "top_k_error", k=2)[0])


@pytest.mark.parametrize("kind", ["log_loss", "brier"])
def test_score_when_two_classes_are_named_then_equals_scikit_learn(kind: str) -> None:
    label, score = np.where(LABEL == 1, "cat", "dog"), P[:, 1]
    function = oracle.log_loss if kind == "log_loss" else oracle.brier_score_loss
    expected = function(label == "cat", score)
    table = {"split": ["dev"] * N, "label": label, "score": score}
    assert expected == pytest.approx(mean(table, kind, positive="cat")[0])


@pytest.mark.parametrize("label", [[True, False, True], [1, 0, 1], [1.0, 0.0, 1.0]])
def test_positive_class_when_labels_are_numbers_then_is_one(label: list[Any]) -> None:
    table = {"split": ["dev"] * 3, "label": label, "score": [0.5, 0.5, 1.0]}
    assert pytest.approx((0.25 + 0.25) / 3) == mean(table, "brier")[0]


def test_deviation_when_label_is_a_number_then_is_absolute_or_squared() -> None:
    table = {"split": ["dev"] * 2, "label": [1.5, 2.0], "prediction": [1.0, 4.0]}
    assert 1.25 == mean(table, "absolute_error")[0]
    assert (0.25 + 4) / 2 == mean(table, "squared_error")[0]


def test_loss_when_a_row_has_no_label_then_is_counted_as_unlabeled() -> None:
    table = {"split": ["dev", "dev", "field"], "label": [1, None, None], "score": [0.9, 0.9, 0.9]}
    _, intake = mean(table, "log_loss")
    assert {"no_label": 1} == intake.unusable
    assert {"field": 1} == intake.unlabeled


def test_share_when_a_number_is_missing_then_the_row_cannot_be_used() -> None:
    table = {"split": ["dev", "dev"], "ms": [1.0, float("nan")]}
    share, intake = mean(table, "share", column="ms", bound=0.5)
    assert (1.0, {"no_label": 1}) == (share, intake.unusable)


def test_log_loss_when_probability_is_zero_then_stays_finite() -> None:
    table = {"split": ["dev"], "label": [1], "score": [0.0]}
    assert -np.log(1e-15) == pytest.approx(mean(table, "log_loss")[0])


def test_probability_when_there_is_none_then_it_is_refused() -> None:
    table = {"split": ["dev"], "label": [1], "prediction": [0]}
    with pytest.raises(TargetError, match="needs probabilities, and the table"):
        mean(table, "log_loss")
    with pytest.raises(TargetError, match="needs probabilities, and the table"):
        mean(table, "top_k_error", k=1)


def test_positive_class_when_labels_are_words_then_must_be_named() -> None:
    table = {"split": ["dev"], "label": ["cat"], "score": [0.4]}
    with pytest.raises(TargetError, match="nobody said which class that is"):
        mean(table, "brier")


def test_positive_class_when_there_is_no_label_then_it_is_refused() -> None:
    with pytest.raises(ColumnError, match="plays the role 'label'"):
        mean({"split": ["dev"], "score": [0.4]}, "brier")


def test_top_k_when_every_class_is_allowed_then_it_is_refused() -> None:
    with pytest.raises(TargetError, match="Top 3 of 3 classes is no question"):
        mean(TABLE, "top_k_error", k=3)


def test_column_when_it_is_not_there_or_text_then_it_is_refused() -> None:
    with pytest.raises(ColumnError, match="no column 'mss'"):
        mean(TABLE, "mean", column="mss")
    with pytest.raises(ColumnError, match="used as a metric, holds text"):
        mean({"split": ["dev"], "note": ["a"]}, "mean", column="note")


def test_deviation_when_predictions_are_words_or_absent_then_it_is_refused() -> None:
    with pytest.raises(ColumnError, match="used as label, holds text"):
        mean({"split": ["dev"], "label": ["a"], "prediction": ["a"]}, "absolute_error")
    with pytest.raises(ColumnError, match="plays the role 'prediction'"):
        mean({"split": ["dev"], "label": [1.0]}, "squared_error")
