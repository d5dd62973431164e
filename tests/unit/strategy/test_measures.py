from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from sklearn import metrics as oracle

from headway.counts import ClusterSums, Counts, CountTable
from headway.errors import TargetError
from headway.stats.forms import Binomial, Effective
from headway.stats.measured import limits, point
from headway.stats.metrics import metric_of
from headway.strategy.measures import errors, measure, needs

if TYPE_CHECKING:
    from headway.stats.metric import Metric

PAIR = frozenset({"split", "label", "prediction"})
CELLS = [("dev", label, guess) for label in (1, 0) for guess in (1, 0)]
N = (80, 20, 10, 9890)
LABEL = np.repeat([1, 1, 0, 0], N)
GUESS = np.repeat([1, 0, 1, 0], N)


def counts(**more: Any) -> Counts:
    """Dev with 100 positives in 10,000."""
    keys = ("split", "label", "prediction")
    return Counts(tables={keys: CountTable.of(keys, CELLS, N)}, **more)


def on_dev(metric: Metric, **given: Any) -> float:
    """The error on dev."""
    return point(errors(metric, counts(), **given).measured["dev"])


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("error", 1 - oracle.accuracy_score(LABEL, GUESS)),
        ("accuracy", 1 - oracle.accuracy_score(LABEL, GUESS)),
        ("recall", 1 - oracle.recall_score(LABEL, GUESS)),
        ("precision", 1 - oracle.precision_score(LABEL, GUESS)),
        ("f1", 1 - oracle.f1_score(LABEL, GUESS)),
        ("f2", 1 - oracle.fbeta_score(LABEL, GUESS, beta=2)),
        ("balanced_accuracy", 1 - oracle.balanced_accuracy_score(LABEL, GUESS)),
        ("mcc", 1 - oracle.matthews_corrcoef(LABEL, GUESS)),
        ("false_positive_rate", 10 / 9900),
    ],
)
def test_error_when_on_a_metric_then_is_one_minus_what_scikit_learn_gives(
    name: str, expected: float
) -> None:
    assert expected == pytest.approx(on_dev(metric_of(name, positive=1)), abs=1e-9)


def test_recall_when_positives_are_one_in_a_hundred_then_stands_on_the_positives_alone() -> None:
    found = errors(metric_of("recall", positive=1), counts())
    assert Binomial(n_errors=20, n=100) == found.measured["dev"]
    assert 20 == found.n_errors["dev"]


def test_cost_when_a_table_is_declared_then_is_the_mean_cost() -> None:
    found = errors(metric_of("cost"), counts(), costs={(1, 0): 50.0, (0, 1): 1.0})
    assert (20 * 50 + 10) / 10_000 == pytest.approx(point(found.measured["dev"]))
    assert not found.is_rate


def test_rate_when_hours_are_known_then_is_that_of_the_false_alarms() -> None:
    metric = metric_of("false_positives_per_24h", positive=1)
    assert 5.0 == pytest.approx(on_dev(metric, exposure_s={"dev": 2 * 86_400.0}))
    assert 5.0 == pytest.approx(on_dev(metric, exposure_s={"all": 2 * 86_400.0}))


def test_rate_when_rows_weigh_two_then_counts_each_alarm_twice() -> None:
    keys = ("split", "label", "prediction", "weight")
    table = CountTable.of(keys, [(*cell, 2.0) for cell in CELLS], N)
    metric = metric_of("false_positives_per_24h", positive=1)
    found = errors(metric, Counts(tables={keys: table}), exposure_s={"dev": 2 * 86_400.0})
    assert 10.0 == pytest.approx(point(found.measured["dev"]))


def test_rate_when_no_time_is_known_then_it_is_refused() -> None:
    with pytest.raises(TargetError, match="is a rate, and the rows do not say"):
        on_dev(metric_of("false_positives_per_24h", positive=1))


def test_quantile_when_asked_as_a_ladder_then_it_is_refused() -> None:
    with pytest.raises(TargetError, match="No ladder of errors can stand on 'p95"):
        needs(metric_of("p95(running_time_ms)"), PAIR)


def test_split_when_the_metric_is_undefined_there_then_is_left_out() -> None:
    keys = ("split", "label", "prediction")
    table = CountTable.of(keys, [*CELLS, ("test", 0, 0)], [*N, 50])
    found = errors(metric_of("recall", positive=1), Counts(tables={keys: table}))
    assert ["dev"] == list(found.measured)


def test_train_when_held_fixed_then_has_no_noise() -> None:
    keys = ("split", "label", "prediction")
    cells = [("train", label, guess) for _, label, guess in CELLS]
    table = CountTable.of(keys, cells, N)
    given = Counts(tables={keys: table})
    found = errors(metric_of("f1", positive=1), given, train_as="fixed").measured["train"]
    assert (point(found), point(found)) == limits(found)


def clustered() -> Counts:
    """Dev in 50 clusters of 200 rows whose errors come together."""
    keys, by_error = ("split", "label", "prediction"), ("split", "misclassified")
    tables = {
        keys: CountTable.of(keys, CELLS, N),
        by_error: CountTable.of(by_error, [("dev", True), ("dev", False)], [30, 9970]),
    }
    one = np.ones((1, 1))
    sums = ClusterSums(
        splits=("dev",),
        shared=50 * one.astype(int),
        m=np.array([10_000.0]),
        y=np.array([30.0]),
        mm=50 * 200.0**2 * one,
        my=200 * 30.0 * one,
        yy=10 * 3.0**2 * one,
    )
    return Counts(tables=tables, clusters=sums)


def test_metric_when_rows_come_in_clusters_then_takes_the_design_effect_of_the_error() -> None:
    metric = metric_of("recall", positive=1)
    found = errors(metric, clustered()).measured["dev"]
    alone = errors(metric, counts()).measured["dev"]
    assert isinstance(found, Effective)
    assert (0.2, 50) == (found.rate, found.n_clusters)
    assert limits(found)[1] > limits(alone)[1]


def test_needs_when_weights_are_few_then_they_are_keys_and_else_sums() -> None:
    roles = PAIR | {"weight"}
    metric = metric_of("f1", positive=1)
    assert {("split", "label", "prediction", "weight")} == needs(
        metric, roles, weight_levels=2
    ).groupings
    assert {"w", "w2"} == needs(metric, roles).sums


def test_needs_when_rows_come_in_groups_then_the_error_is_counted_too() -> None:
    spec = needs(metric_of("f1", positive=1), PAIR | {"group"}, by=["device"])
    assert spec.by_cluster
    assert {
        ("split", "label", "prediction"),
        ("split", "misclassified"),
        ("split", "device", "label", "prediction"),
    } == spec.groupings


def test_scores_when_counted_in_bins_then_the_area_is_that_of_the_bins() -> None:
    keys = ("split", "is_positive", "score_bin")
    cells = [("dev", True, 3), ("dev", True, 1), ("dev", False, 1), ("dev", False, 0)]
    part = CountTable.of(keys, cells, [40, 10, 10, 40])
    score = np.repeat([3, 1, 1, 0], [40, 10, 10, 40])
    expected = oracle.roc_auc_score(np.repeat([1, 1, 0, 0], [40, 10, 10, 40]), score)
    found = measure(metric_of("auc"), part)
    assert found is not None
    assert expected == pytest.approx(point(found))
