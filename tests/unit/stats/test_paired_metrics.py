from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from sklearn.metrics import f1_score, matthews_corrcoef

from headway.counts import CountTable, Scalar
from headway.stats.changes import change_of
from headway.stats.metrics import metric_of
from headway.stats.paired_metrics import of_guesses, paired_metric
from tests.known import known

KEYS = ("truth", "guess_was", "guess_now")


def joint(truth: np.ndarray, was: np.ndarray, now: np.ndarray) -> CountTable:
    """The joint table of rows."""
    cells = [tuple(int(v) for v in row) for row in zip(truth, was, now, strict=True)]
    return CountTable.of(KEYS, cells, [1] * len(cells))


def rows(k: int, n: int = 3000) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Labels and two guesses of k classes."""
    rng = np.random.default_rng(k)
    truth = rng.integers(0, k, n)
    was = np.where(rng.random(n) < 0.7, truth, rng.integers(0, k, n))
    now = np.where(rng.random(n) < 0.5, was, np.where(rng.random(n) < 0.8, truth, 0))
    return truth, was, now


def test_f1_when_the_vector_is_given_then_interval_and_probability_agree() -> None:
    path = Path(__file__).parents[2] / "methods_vectors.json"
    listed = json.loads(path.read_text(encoding="utf-8"))["vectors"]
    vector = next(v for v in listed if v["name"] == "paired_f1_difference")
    given, expected = vector["inputs"]["joint_cells"], vector["expected"]
    cells = [(c["label"], c["b"], c["a"]) for c in given]
    found = known(
        paired_metric(
            metric_of("f1", positive=1), CountTable.of(KEYS, cells, [c["n"] for c in given])
        )
    )

    assert expected["difference"] == pytest.approx(-found.value, abs=1e-9)
    assert expected["p_A_better"] == pytest.approx((found.values < 0).mean(), abs=0.004)
    assert expected["delta_se"] == pytest.approx(found.values.std(), rel=0.05)


@pytest.mark.parametrize(
    ("name", "sign"),
    [("precision", -1), ("recall", -1), ("specificity", -1), ("false_positive_rate", 1)],
)
def test_rate_when_one_class_is_positive_then_draws_surround_the_change(
    name: str, sign: int
) -> None:
    truth, was, now = rows(2)
    found = known(paired_metric(metric_of(name, positive=1), joint(truth, was, now)))

    assert abs(found.value - found.values.mean()) < found.values.std() / 2
    assert (found.value < 0) == (sign * _rate(name, truth, now) < sign * _rate(name, truth, was))


def _rate(name: str, truth: np.ndarray, guess: np.ndarray) -> float:
    """A rate of the positive class, by its definition."""
    hit = {"precision": truth == 1, "recall": guess == 1, "specificity": guess == 0}
    among = {"precision": guess == 1, "recall": truth == 1, "specificity": truth == 0}
    hit["false_positive_rate"], among["false_positive_rate"] = guess == 1, truth == 0
    return float((hit[name] & among[name]).sum() / among[name].sum())


def test_macro_f1_when_there_are_four_classes_then_it_is_scikit_learns_difference() -> None:
    truth, was, now = rows(4)
    found = known(paired_metric(metric_of("macro_f1"), joint(truth, was, now)))
    expected = f1_score(truth, was, average="macro") - f1_score(truth, now, average="macro")

    assert expected == pytest.approx(found.value)
    assert abs(found.value - found.values.mean()) < found.values.std()


def test_mcc_when_resampled_by_rows_then_the_spread_agrees() -> None:
    truth, was, now = rows(3, 1500)
    found = known(paired_metric(metric_of("mcc"), joint(truth, was, now)))
    rng = np.random.default_rng(2)
    drawn = []
    for _ in range(300):
        i = rng.integers(0, truth.size, truth.size)
        drawn.append(matthews_corrcoef(truth[i], was[i]) - matthews_corrcoef(truth[i], now[i]))

    assert np.std(drawn) == pytest.approx(found.values.std(), rel=0.15)


def test_metric_when_there_are_sixty_classes_then_the_delta_method_is_used() -> None:
    truth, was, now = rows(60, 6000)
    found = known(paired_metric(metric_of("macro_f1"), joint(truth, was, now)))
    expected = f1_score(truth, was, average="macro") - f1_score(truth, now, average="macro")

    assert expected == pytest.approx(found.value)
    assert known(change_of(found).upper) > found.value


def test_metric_when_examples_carry_weights_then_the_change_is_weighted() -> None:
    truth, was, now = rows(2)
    weight = np.where(truth == 1, 5, 1)
    cells = [tuple(int(v) for v in row) for row in zip(truth, was, now, weight, strict=True)]
    table = CountTable.of((*KEYS, "weight"), cells, [1] * len(cells))
    found = known(paired_metric(metric_of("f1", positive=1), table))
    ends = [f1_score(truth, guess, sample_weight=weight) for guess in (was, now)]

    assert ends[0] - ends[1] == pytest.approx(found.value)


def test_cost_when_a_table_of_costs_is_given_then_the_change_is_that_of_the_mean_cost() -> None:
    truth, was, now = rows(2)
    costs: dict[tuple[Scalar, Scalar], float] = {(0, 1): 1.0, (1, 0): 20.0}
    found = known(paired_metric(metric_of("cost"), joint(truth, was, now), costs=costs))
    ends = [
        ((truth == 0) & (guess == 1)).mean() + 20 * ((truth == 1) & (guess == 0)).mean()
        for guess in (was, now)
    ]

    assert ends[1] - ends[0] == pytest.approx(found.value)


def test_metric_when_both_models_say_the_same_then_the_change_is_not_without_doubt() -> None:
    truth, was, _ = rows(60, 600)
    found = known(paired_metric(metric_of("macro_f1"), joint(truth, was, was)))

    assert 0.0 == pytest.approx(found.value)
    assert found.values.std() > 0


def test_metric_when_it_is_zero_over_zero_then_there_is_no_change() -> None:
    table = CountTable.of(KEYS, [(0, 0, 0)], [5])

    assert paired_metric(metric_of("recall", positive=1), table) is None


def test_guesses_when_read_for_one_model_then_they_are_its_confusion_counts() -> None:
    table = CountTable.of(KEYS, [(1, 0, 1), (1, 1, 1)], [2, 3])

    assert [((1, 1), 5)] == list(of_guesses(table, "guess_now"))
