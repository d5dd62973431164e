from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from sklearn import metrics as sk

from headway.counts import CountTable
from headway.errors import CountError, TargetError
from headway.stats.composites import Bounded, Sampled
from headway.stats.forms import Mean
from headway.stats.measured import estimate, limits, point, variance
from headway.stats.metrics import metric_of
from headway.stats.moments import mean_of
from headway.stats.scores import (
    histogram_of,
    of_rows,
    of_scores,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Array = NDArray[np.float64]

KEYS = ("label", "score_bin")
OF_SCORES = ["auc", "ap", "recall_at(10%)", "recall_at(40)", "precision_at_recall(80%)"]


def rows(n: int = 400, seed: int = 0, *, digits: int = 9) -> tuple[Array, NDArray[np.int64]]:
    """Scores and labels; fewer digits make ties."""
    rng = np.random.default_rng(seed)
    labels = (rng.random(n) < 0.3).astype(int)
    return np.clip(rng.normal(labels * 0.3 + 0.35, 0.15), 0, 0.9999).round(digits), labels


def table_of(
    scores: Array,
    labels: Sequence[Any] | NDArray[Any],
    weights: Array | None = None,
    *,
    n_bins: int | None = None,
) -> CountTable:
    """The histogram of rows: equal bins, or one for each distinct score."""
    place = np.unique(scores, return_inverse=True)[1] if n_bins is None else scores * n_bins
    w = np.ones(len(scores)) if weights is None else weights
    sums = {"score": w * scores, "score2": w * scores**2}
    if weights is not None:
        sums |= {"w": w, "w2": w**2}
    cells = list(zip(np.asarray(labels).tolist(), place.astype(int).tolist(), strict=True))
    return CountTable.of(KEYS, cells, np.ones(len(cells), dtype=int), sums)


def value(text: str, table: CountTable) -> float:
    found = of_scores(metric_of(text), table)
    assert found is not None
    return point(found)


@pytest.mark.parametrize("digits", [9, 1])
@pytest.mark.parametrize("weighted", [True, False])
def test_curve_when_each_score_has_a_bin_then_equals_scikit_learn(
    digits: int, *, weighted: bool
) -> None:
    scores, labels = rows(digits=digits)
    w = np.random.default_rng(4).choice([1.0, 4.0], 400) if weighted else None
    table = table_of(scores, labels, w)
    expected = sk.roc_auc_score(labels, scores, sample_weight=w)
    assert expected == pytest.approx(value("auc", table))
    assert expected == pytest.approx(point_of(of_rows(metric_of("auc"), scores, labels, w)))
    expected = sk.average_precision_score(labels, scores, sample_weight=w)
    assert expected == pytest.approx(value("ap", table))
    assert expected == pytest.approx(point_of(of_rows(metric_of("ap"), scores, labels, w)))


def point_of(found: Any) -> float:
    assert isinstance(found, Bounded)
    return found.value


@pytest.mark.parametrize("weighted", [True, False])
def test_brier_when_bins_are_few_then_is_still_exact(*, weighted: bool) -> None:
    scores, labels = rows()
    w = np.random.default_rng(4).choice([1.0, 4.0], 400) if weighted else None
    expected = sk.brier_score_loss(labels, scores, sample_weight=w)
    assert expected == pytest.approx(value("brier", table_of(scores, labels, w, n_bins=7)))


def test_brier_when_bins_are_fine_then_has_the_variance_and_skewness_of_its_rows() -> None:
    scores, labels = rows()
    losses = (scores - labels) ** 2
    expected = mean_of(400, *(float((losses**k).sum()) for k in (1, 2, 3)))
    found = of_scores(metric_of("brier"), table_of(scores, labels, n_bins=1024))
    assert isinstance(found, Mean)
    assert (expected.variance, expected.skew) == pytest.approx(
        (found.variance, found.skew), rel=0.01
    )


def test_brier_when_examples_carry_weights_then_is_worth_kishs_number() -> None:
    scores, labels = rows()
    w = np.random.default_rng(4).choice([1.0, 4.0], 400)
    found = of_scores(metric_of("brier"), table_of(scores, labels, w))
    assert isinstance(found, Mean)
    assert w.sum() ** 2 / (w**2).sum() == pytest.approx(found.n_eff)


def test_brier_when_there_is_one_row_or_no_variation_then_knows_no_shape() -> None:
    one = of_scores(metric_of("brier"), table_of(np.array([0.5]), [1]))
    assert isinstance(one, Mean)
    assert (0.25, np.inf, None) == (one.mean, one.variance, one.skew)


def test_calibration_error_when_compared_with_its_definition_then_is_equal() -> None:
    scores, labels = rows()
    place = (scores * 10).astype(int)
    expected = sum(
        abs(scores[place == b].sum() - labels[place == b].sum()) for b in range(10)
    ) / len(scores)
    assert expected == pytest.approx(value("ece", table_of(scores, labels, n_bins=10)))


def test_calibration_error_when_bins_are_fine_then_is_that_of_fifteen_groups() -> None:
    scores, labels = rows()
    order = np.argsort(scores)
    parts = np.array_split(order, 15)
    expected = sum(abs((scores[p] - labels[p]).sum()) for p in parts) / len(scores)
    assert expected == pytest.approx(value("ece", table_of(scores, labels)), abs=0.005)
    assert expected == pytest.approx(value("ece", table_of(scores, labels, n_bins=512)), abs=0.01)


def test_calibration_error_when_scores_are_calibrated_then_its_interval_reaches_zero() -> None:
    rng = np.random.default_rng(11)
    scores = rng.random(2000)
    labels = (rng.random(2000) < scores).astype(int)
    found = of_scores(metric_of("ece"), table_of(scores, labels, n_bins=15))
    assert isinstance(found, Sampled)
    lower, upper = limits(found)
    assert 0 == pytest.approx(lower, abs=0.004)
    assert lower <= found.value <= upper < 0.06


@pytest.mark.parametrize("text", OF_SCORES)
def test_interval_when_bins_are_coarse_then_is_opened_by_what_they_leave(text: str) -> None:
    scores, labels = rows()
    fine, coarse = (
        of_scores(metric_of(text), table_of(scores, labels, n_bins=k)) for k in (1024, 8)
    )
    assert fine is not None
    assert isinstance(coarse, Bounded)
    width = [end[1] - end[0] for end in (limits(fine), limits(coarse))]
    assert width[1] > width[0]
    assert any("the bins leave it open between" in said for said in estimate(coarse).warnings)


def test_area_when_binned_then_has_delongs_variance_of_the_rows() -> None:
    scores, labels = rows()
    exact = of_rows(metric_of("auc"), scores, labels)
    found = of_scores(metric_of("auc"), table_of(scores, labels, n_bins=4096))
    assert exact is not None
    assert found is not None
    assert variance(exact) == pytest.approx(variance(found), rel=0.01)


@pytest.mark.parametrize("text", [*OF_SCORES, "brier", "ece"])
def test_weights_when_all_are_equal_then_change_nothing(text: str) -> None:
    scores, labels = rows()
    plain = of_scores(metric_of(text), table_of(scores, labels, n_bins=50))
    weighted = of_scores(metric_of(text), table_of(scores, labels, np.full(400, 2.5), n_bins=50))
    assert plain is not None
    assert weighted is not None
    assert point(plain) == pytest.approx(point(weighted))
    assert limits(plain) == pytest.approx(limits(weighted))


@pytest.mark.parametrize("text", ["auc", "ap", "recall_at(10%)", "brier", "ece"])
def test_weights_when_multiplied_then_change_nothing(text: str) -> None:
    scores, labels = rows()
    w = np.random.default_rng(4).choice([1.0, 4.0], 400)
    one, other = (
        of_scores(metric_of(text), table_of(scores, labels, k * w, n_bins=50)) for k in (1, 7)
    )
    assert one is not None
    assert other is not None
    assert point(one) == pytest.approx(point(other))
    assert limits(one) == pytest.approx(limits(other))


@pytest.mark.parametrize("text", ["auc", "ap", "recall_at(10%)"])
def test_weights_when_they_differ_then_the_interval_widens(text: str) -> None:
    scores, labels = rows()
    w = np.random.default_rng(4).choice([1.0, 10.0], 400)
    plain, weighted = (
        of_scores(metric_of(text), table_of(scores, labels, each, n_bins=50)) for each in (None, w)
    )
    assert plain is not None
    assert weighted is not None
    assert variance(plain) < variance(weighted)


@pytest.mark.parametrize("text", ["auc", "ap", "recall_at(10%)", "precision_at_recall(50%)"])
def test_curve_when_there_is_no_positive_example_then_is_none(text: str) -> None:
    assert None is of_scores(metric_of(text), table_of(np.array([0.2, 0.5]), [0, 0]))


def test_curve_when_there_is_no_negative_example_then_only_the_area_is_none() -> None:
    table = table_of(np.array([0.2, 0.5]), [1, 1])
    assert None is of_scores(metric_of("auc"), table)
    assert 1.0 == value("ap", table)
    assert None is of_rows(metric_of("auc"), [0.2, 0.5], [1, 1])
    assert None is of_rows(metric_of("ap"), [0.2, 0.5], [0, 0])


def test_metric_when_nothing_was_counted_then_is_none() -> None:
    empty = CountTable.of(KEYS, [(0, 1), (1, 2)], [0, 0], {"score": [0, 0], "score2": [0, 0]})
    for text in ("ece", "brier", "auc", "ap"):
        assert None is of_scores(metric_of(text), empty)


def test_area_when_order_is_perfect_then_is_worth_the_fewer_examples() -> None:
    found = of_rows(metric_of("auc"), [0.1, 0.2, 0.3, 0.8, 0.9], [0, 0, 0, 1, 1])
    assert isinstance(found, Bounded)
    assert (1.0, 2.0) == (found.value, found.n_eff)
    assert ("only 2 positive examples", "only 3 negative examples") == found.warnings


def test_area_when_there_is_one_positive_example_then_still_has_an_interval() -> None:
    found = of_rows(metric_of("auc"), [0.1, 0.2, 0.3, 0.25], [0, 0, 0, 1])
    assert found is not None
    lower, upper = limits(found)
    assert lower < 2 / 3 < upper


def test_positive_class_when_it_has_a_name_then_is_collapsed() -> None:
    scores, labels = rows()
    names = np.array(["dog", "cat"])[labels]
    found = of_scores(metric_of("auc(cat)"), table_of(scores, names))
    assert sk.roc_auc_score(labels, scores) == pytest.approx(point_of(found))
    with pytest.raises(TargetError, match="nobody said which class"):
        of_scores(metric_of("auc"), table_of(scores, names))


@pytest.mark.parametrize("text", ["auc", "ap", "recall_at(10%)", "brier", "ece"])
def test_weights_when_counted_by_level_then_are_those_of_the_sums(text: str) -> None:
    scores, labels = rows()
    w = np.random.default_rng(4).choice([1.0, 4.0], 400)
    by_sums = of_scores(metric_of(text), table_of(scores, labels, w, n_bins=50))
    by_level = of_scores(metric_of(text), by_weight(scores, labels, w))
    assert by_sums is not None
    assert by_level is not None
    assert point(by_sums) == pytest.approx(point(by_level))
    assert limits(by_sums) == pytest.approx(limits(by_level))


def by_weight(scores: Array, labels: NDArray[Any], weights: Array) -> CountTable:
    """The histogram of rows in fifty bins, by weight."""
    columns = (labels, (scores * 50).astype(int), weights)
    cells = list(zip(*(column.tolist() for column in columns), strict=True))
    sums = {"score": scores, "score2": scores**2}
    return CountTable.of((*KEYS, "weight"), cells, np.ones(len(cells), dtype=int), sums)


def test_scores_when_some_are_missing_then_rank_below_all_others() -> None:
    cells = [(1, None), (0, None), (1, 0), (0, 0), (1, 3)]
    sums = {"score": [0, 0, 0.4, 1.0, 3.2], "score2": [0, 0, 0.08, 0.3, 2.6]}
    table = CountTable.of(KEYS, cells, [2, 3, 4, 10, 4], sums)
    ranked = CountTable.of(
        KEYS, [(y, 0 if b is None else b + 1) for y, b in cells], [2, 3, 4, 10, 4]
    )
    for text in ("auc", "ap", "recall_at(20%)"):
        assert value(text, ranked) == value(text, table)
    scored = CountTable.of(KEYS, cells[2:], [4, 10, 4], {k: v[2:] for k, v in sums.items()})
    for text in ("ece", "brier"):
        assert value(text, scored) == value(text, table)


def test_scores_when_asked_for_another_metric_then_are_refused() -> None:
    with pytest.raises(TargetError, match="'f1' cannot be computed from a histogram of scores"):
        of_scores(metric_of("f1"), table_of(*rows()))
    with pytest.raises(TargetError, match="cannot be computed from scores, one a row"):
        of_rows(metric_of("brier"), *rows())


@pytest.mark.parametrize("text", ["ece", "brier"])
def test_scores_when_their_sum_is_missing_then_are_refused(text: str) -> None:
    bare = CountTable.of(KEYS, [(0, 1), (1, 2)], [5, 5])
    with pytest.raises(CountError, match="sums of the table is without score"):
        of_scores(metric_of(text), bare)


@pytest.mark.parametrize(("scores", "labels"), [([0.1, np.nan], [0, 1]), ([0.1], [0, 1])])
def test_rows_when_they_cannot_be_used_then_are_refused(scores: Any, labels: Any) -> None:
    with pytest.raises(CountError, match="scores is uneven or not finite"):
        of_rows(metric_of("auc"), scores, labels)


def test_histogram_when_weights_are_nothing_then_holds_no_weight() -> None:
    sums = {"w": [0.0, 0.0], "w2": [0.0, 0.0]}
    held = histogram_of(CountTable.of(KEYS, [(0, 1), (1, 2)], [5, 5], sums), None)
    assert 0 == held.w.sum()
