from __future__ import annotations

from math import inf, sqrt
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from sklearn import metrics as sk

from headway.counts import CountTable
from headway.errors import TargetError
from headway.stats.composites import Bounded, Overlap, Sampled
from headway.stats.confusion import gradient, of_confusion
from headway.stats.forms import Binomial, Effective, Levels, Mean
from headway.stats.measured import estimate, limits, point, variance
from headway.stats.metrics import METRICS, metric_of, user_metric
from headway.stats.moments import mean_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

NAN = {"zero_division": np.nan}

ORACLES: dict[str, Callable[..., float]] = {
    "accuracy": sk.accuracy_score,
    "error": lambda y, p, **w: 1 - sk.accuracy_score(y, p, **w),
    "micro_f1": lambda y, p, **w: sk.f1_score(y, p, average="micro", **w),
    "weighted_recall": lambda y, p, **w: sk.recall_score(y, p, average="weighted", **NAN, **w),
    "macro_f1": lambda y, p, **w: sk.f1_score(y, p, average="macro", **NAN, **w),
    "weighted_f1": lambda y, p, **w: sk.f1_score(y, p, average="weighted", **NAN, **w),
    "macro_f0.5": lambda y, p, **w: sk.fbeta_score(y, p, beta=0.5, average="macro", **NAN, **w),
    "weighted_f2": lambda y, p, **w: sk.fbeta_score(y, p, beta=2, average="weighted", **NAN, **w),
    "macro_precision": lambda y, p, **w: sk.precision_score(y, p, average="macro", **NAN, **w),
    "weighted_precision": lambda y, p, **w: sk.precision_score(
        y, p, average="weighted", **NAN, **w
    ),
    "balanced_accuracy": sk.balanced_accuracy_score,
    "mcc": sk.matthews_corrcoef,
    "kappa": lambda y, p, **w: sk.cohen_kappa_score(y, p, **w),
    "precision(0)": lambda y, p, **w: sk.precision_score(y, p, labels=[0], average=None, **w)[0],
    "recall(0)": lambda y, p, **w: sk.recall_score(y, p, labels=[0], average=None, **w)[0],
    "f1(0)": lambda y, p, **w: sk.f1_score(y, p, labels=[0], average=None, **w)[0],
    "f2(0)": lambda y, p, **w: sk.fbeta_score(y, p, beta=2, labels=[0], average=None, **w)[0],
    "specificity(0)": lambda y, p, **w: sk.recall_score(y != 0, p != 0, **w),
    "false_positive_rate(0)": lambda y, p, **w: 1 - sk.recall_score(y != 0, p != 0, **w),
    "false_negative_rate(0)": lambda y, p, **w: 1 - sk.recall_score(y == 0, p == 0, **w),
}
"""What scikit-learn says of labels and predictions."""


def rows(n_classes: int, n: int, seed: int = 0) -> tuple[NDArray[Any], NDArray[Any]]:
    """Labels and predictions, right more often than not."""
    rng = np.random.default_rng(seed)
    labels = rng.integers(0, n_classes, n)
    guesses = rng.integers(0, n_classes, n)
    return labels, np.where(rng.random(n) < 0.6, labels, guesses)


def table_of(
    labels: NDArray[Any],
    predictions: NDArray[Any],
    weights: NDArray[Any] | None = None,
    *,
    sums: bool = False,
) -> CountTable:
    """The count table of rows, by weight or with sums of the weights."""
    pair = list(zip(labels.tolist(), predictions.tolist(), strict=True))
    ones = np.ones(len(pair), dtype=int)
    if weights is None:
        return CountTable.of(("label", "prediction"), pair, ones)
    if sums:
        return CountTable.of(("label", "prediction"), pair, ones, {"w": weights, "w2": weights**2})
    cells = [(*key, weight) for key, weight in zip(pair, weights.tolist(), strict=True)]
    return CountTable.of(("label", "prediction", "weight"), cells, ones)


def square(matrix: Sequence[Sequence[int]]) -> CountTable:
    """A count table from a confusion matrix whose rows are labels."""
    cells = [(i, j, n) for i, row in enumerate(matrix) for j, n in enumerate(row)]
    return CountTable.of(
        ("label", "prediction"), [(i, j) for i, j, _ in cells], [n for _, _, n in cells]
    )


def value(text: str, table: CountTable) -> float:
    found = of_confusion(metric_of(text), table)
    assert found is not None
    return point(found)


@pytest.mark.parametrize("text", sorted(ORACLES))
@pytest.mark.parametrize(("n_classes", "n"), [(2, 60), (3, 300), (60, 900), (1000, 3000)])
def test_metric_when_compared_with_scikit_learn_then_is_equal(
    text: str, n_classes: int, n: int
) -> None:
    labels, predictions = rows(n_classes, n)
    expected = ORACLES[text](labels, predictions)
    assert expected == pytest.approx(value(text, table_of(labels, predictions)), abs=1e-12)


@pytest.mark.parametrize("text", sorted(ORACLES))
@pytest.mark.parametrize("sums", [True, False])
@pytest.mark.parametrize(("n_classes", "n"), [(2, 80), (5, 400), (1000, 3000)])
def test_metric_when_examples_carry_weights_then_equals_scikit_learn(
    text: str, n_classes: int, n: int, *, sums: bool
) -> None:
    labels, predictions = rows(n_classes, n, seed=1)
    weights = np.random.default_rng(4).choice([0.5, 1.0, 3.0, 10.0], n)
    expected = ORACLES[text](labels, predictions, sample_weight=weights)
    table = table_of(labels, predictions, weights, sums=sums)
    assert expected == pytest.approx(value(text, table), abs=1e-12)


def test_rates_when_counted_then_are_shares_of_the_right_examples() -> None:
    table = square([[801, 9], [19, 171]])
    found = {text: of_confusion(metric_of(text), table) for text in METRICS if text != "cost"}
    assert Binomial(n_errors=171, n=180) == found["precision"]
    assert Binomial(n_errors=171, n=190) == found["recall"]
    assert Binomial(n_errors=19, n=190) == found["false_negative_rate"]
    assert Binomial(n_errors=801, n=810) == found["specificity"]
    assert Binomial(n_errors=9, n=810) == found["false_positive_rate"]
    assert Binomial(n_errors=972, n=1000) == found["accuracy"]
    assert Binomial(n_errors=28, n=1000) == found["error"]


@pytest.fixture(autouse=True)
def only_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing here: every test stands on its own table."""
