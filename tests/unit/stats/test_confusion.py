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
from headway.stats.metrics import metric_of, user_metric
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
    "kappa": sk.cohen_kappa_score,
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


@pytest.mark.filterwarnings("ignore:y_pred contains classes not in y_true")
@pytest.mark.parametrize("text", sorted(ORACLES))
@pytest.mark.parametrize(("n_classes", "n"), [(2, 60), (3, 300), (60, 900), (1000, 3000)])
def test_metric_when_compared_with_scikit_learn_then_is_equal(
    text: str, n_classes: int, n: int
) -> None:
    labels, predictions = rows(n_classes, n)
    expected = ORACLES[text](labels, predictions)
    assert expected == pytest.approx(value(text, table_of(labels, predictions)), abs=1e-12)


@pytest.mark.filterwarnings("ignore:y_pred contains classes not in y_true")
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


@pytest.mark.parametrize(
    ("text", "hits", "n"),
    [
        ("precision", 171, 180),
        ("recall", 171, 190),
        ("miss_rate", 19, 190),
        ("specificity", 801, 810),
        ("fpr", 9, 810),
        ("accuracy", 972, 1000),
        ("error", 28, 1000),
    ],
)
def test_rate_when_counted_then_is_a_share_of_the_right_examples(
    text: str, hits: int, n: int
) -> None:
    found = of_confusion(metric_of(text), square([[801, 9], [19, 171]]))
    assert Binomial(n_errors=hits, n=n) == found


@pytest.mark.parametrize(
    ("text", "matrix"),
    [
        ("recall", [[5, 1], [0, 0]]),
        ("precision", [[5, 0], [2, 0]]),
        ("f1", [[5, 0], [0, 0]]),
        ("f2", [[5, 0], [0, 0]]),
        ("specificity", [[0, 0], [2, 3]]),
        ("mcc", [[5, 0], [3, 0]]),
        ("mcc", [[5, 3], [0, 0]]),
        ("kappa", [[5, 0], [0, 0]]),
        ("recall(lion)", [[5, 1], [2, 3]]),
        ("accuracy", [[0, 0], [0, 0]]),
        ("macro_f1", [[0, 0], [0, 0]]),
        ("weighted_precision", [[0, 0], [0, 0]]),
    ],
)
def test_metric_when_it_is_zero_over_zero_then_is_none(text: str, matrix: list[list[int]]) -> None:
    assert None is of_confusion(metric_of(text), square(matrix))


def test_average_when_a_class_has_no_value_then_leaves_it_out_and_says_so() -> None:
    table = square([[40, 10, 0], [5, 45, 0], [0, 0, 0]])
    found = of_confusion(metric_of("macro_f1"), table)
    assert isinstance(found, Sampled)
    assert value("macro_f1", square([[40, 10], [5, 45]])) == found.value
    assert ("classes without a value are left out (2)",) == found.warnings


def test_average_when_classes_are_small_then_warns() -> None:
    matrix = np.diag([50, 40, 9, 8, 7, 6]) + 1
    found = of_confusion(metric_of("macro_f1"), square(matrix.tolist()))
    assert found is not None
    warning = "1 of 6 classes have fewer than 10 examples"
    few = of_confusion(metric_of("balanced_accuracy"), square([[50, 3], [4, 5]]))
    assert few is not None
    assert () == estimate(found).warnings
    (said,) = estimate(few).warnings
    assert "1 of 2 classes have fewer than 10 examples (1): a macro average rests on them" == said
    assert warning not in said
    many = of_confusion(metric_of("macro_precision"), square(np.diag([90, 1, 2, 3, 4]).tolist()))
    assert "4 of 5 classes have fewer than 10 examples (1, 2, 3 and 1 more)" in (
        estimate(many).warnings[0] if many else ""
    )


def test_f1_when_binary_then_is_an_overlap_with_its_own_interval() -> None:
    found = of_confusion(metric_of("f1"), square([[801, 9], [19, 171]]))
    assert Overlap(n_shared=171, n_apart=28, n=1000) == found
    assert (0.891450, 0.947825) == pytest.approx(limits(found), abs=1e-6)


@pytest.mark.parametrize("text", ["macro_f1", "f2(0)", "balanced_accuracy", "mcc", "kappa"])
def test_draws_when_compared_with_the_delta_method_then_scatter_alike(text: str) -> None:
    table = table_of(*rows(3, 900))
    found = of_confusion(metric_of(text), table)
    assert isinstance(found, Sampled)
    slopes = gradient(metric_of(text), table)
    delta = sqrt(float((table.n * slopes**2).sum()))
    assert delta == pytest.approx(sqrt(variance(found)), rel=0.05)
    assert abs(found.draws.mean() - found.value) < 0.4 * delta


def test_draws_when_the_classes_have_other_names_then_are_the_same() -> None:
    labels, predictions = rows(4, 300)
    names = np.array(["zebra", "ant", "cat", "bee"])
    one = of_confusion(metric_of("macro_f1"), table_of(labels, predictions))
    other = of_confusion(metric_of("macro_f1"), table_of(names[labels], names[predictions]))
    assert one == other


@pytest.mark.parametrize("text", ["macro_f1", "mcc", "kappa", "weighted_f1"])
def test_interval_when_there_are_many_classes_then_comes_from_the_delta_method(text: str) -> None:
    table = table_of(*rows(60, 4000))
    found = of_confusion(metric_of(text), table)
    assert isinstance(found, Bounded)
    slopes = gradient(metric_of(text), table)
    assert float((table.n * slopes**2).sum()) == pytest.approx(variance(found), rel=1e-3)


def test_interval_when_forty_classes_are_drawn_then_agrees_with_the_delta_method() -> None:
    table = table_of(*rows(40, 6000))
    found = of_confusion(metric_of("macro_f1"), table)
    assert isinstance(found, Sampled)
    slopes = gradient(metric_of("macro_f1"), table)
    assert (table.n * slopes**2).sum() == pytest.approx(variance(found), rel=0.12)


@pytest.mark.parametrize("sums", [True, False])
@pytest.mark.parametrize("text", ["accuracy", "recall(0)", "f1(0)", "f2(0)", "macro_f1", "mcc"])
def test_weights_when_all_are_equal_then_change_nothing(text: str, *, sums: bool) -> None:
    labels, predictions = rows(3, 200)
    weighted = table_of(labels, predictions, np.full(200, 2.5), sums=sums)
    plain = of_confusion(metric_of(text), table_of(labels, predictions))
    assert plain == of_confusion(metric_of(text), weighted)


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("accuracy", Levels),
        ("recall(0)", Levels),
        ("f1(0)", Overlap),
        ("f2(0)", Bounded),
        ("macro_f1", Bounded),
        ("kappa", Bounded),
    ],
)
def test_weights_when_they_differ_then_the_interval_widens(text: str, form: type) -> None:
    labels, predictions = rows(3, 400)
    weights = np.random.default_rng(4).choice([1.0, 10.0], 400)
    plain = of_confusion(metric_of(text), table_of(labels, predictions))
    by_level = of_confusion(metric_of(text), table_of(labels, predictions, weights))
    by_sums = of_confusion(metric_of(text), table_of(labels, predictions, weights, sums=True))
    assert plain is not None
    assert by_sums is not None
    assert by_level is not None
    assert form is type(by_level)
    assert variance(plain) < variance(by_level)
    assert limits(by_level) == pytest.approx(limits(by_sums), abs=0.01)


def test_weighted_rate_when_only_sums_are_known_then_is_effective() -> None:
    labels, predictions = rows(3, 400)
    weights = np.random.default_rng(4).choice([1.0, 10.0], 400)
    table = table_of(labels, predictions, weights, sums=True)
    assert isinstance(of_confusion(metric_of("recall(1)"), table), Effective)


def test_weighted_metric_when_all_is_right_then_is_worth_kishs_number() -> None:
    labels = np.array([0, 1, 2] * 20)
    weights = np.array([1.0, 4.0, 2.0] * 20)
    found = of_confusion(metric_of("macro_f1"), table_of(labels, labels, weights))
    assert isinstance(found, Bounded)
    assert weights.sum() ** 2 / (weights**2).sum() == pytest.approx(found.n_eff)


def test_withheld_predictions_when_counted_then_are_wrong_but_no_class() -> None:
    cells = [("a", "a"), ("a", None), ("b", "b"), ("b", "a")]
    table = CountTable.of(("label", "prediction"), cells, [30, 10, 40, 5])
    assert 70 / 85 == value("accuracy", table)
    assert (30 / 40 + 40 / 45) / 2 == pytest.approx(value("balanced_accuracy", table))
    assert (60 / 75 + 80 / 85) / 2 == pytest.approx(value("macro_f1", table))
    assert 30 / 40 == value("recall(a)", table)
    named = ["a", "a", "b", "b"], ["a", "none", "b", "a"]
    expected = sk.matthews_corrcoef(*named, sample_weight=[30, 10, 40, 5])
    assert expected == pytest.approx(value("mcc", table))
    assert np.isfinite(limits(of_confusion(metric_of("mcc"), table))).all()  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("classes", "positive", "recall"),
    [
        ((False, True), None, 0.75),
        ((0, 1), None, 0.75),
        ((0, 1), "1", 0.75),
        ((False, True), "true", 0.75),
        (("dog", "cat"), "cat", 0.75),
        (("dog", "cat"), "dog", 0.5),
    ],
)
def test_positive_class_when_named_or_plain_then_is_found(
    classes: tuple[Any, Any], positive: Any, recall: float
) -> None:
    no, yes = classes
    cells = [(no, no), (no, yes), (yes, no), (yes, yes)]
    table = CountTable.of(("label", "prediction"), cells, [2, 2, 1, 3])
    found = of_confusion(metric_of("recall", positive=positive), table)
    assert found is not None
    assert recall == point(found)


def test_positive_class_when_nobody_named_it_then_is_asked_for() -> None:
    table = CountTable.of(("label", "prediction"), [("cat", "dog")], [1])
    with pytest.raises(TargetError, match="nobody said which class"):
        of_confusion(metric_of("f1"), table)


def test_cost_when_counted_then_is_the_mean_over_examples() -> None:
    costs = {(1, 0): 10.0, (0, 1): 1.0, (1, 1): 0.5}
    found = of_confusion(metric_of("cost"), square([[80, 5], [2, 13]]), costs=costs)
    losses = np.repeat([0.0, 1.0, 10.0, 0.5], [80, 5, 2, 13])
    expected = mean_of(100, *(float((losses**k).sum()) for k in (1, 2, 3)))
    assert isinstance(found, Mean)
    assert (expected.mean, expected.variance, expected.skew) == pytest.approx(
        (found.mean, found.variance, found.skew)
    )


def test_cost_when_examples_carry_weights_then_is_a_weighted_mean() -> None:
    labels, predictions = rows(2, 200)
    weights = np.random.default_rng(4).choice([1.0, 10.0], 200)
    costs = {(1, 0): 10.0, (0, 1): 1.0}
    losses = np.select([labels > predictions, labels < predictions], [10.0, 1.0], 0.0)
    table = table_of(labels, predictions, weights, sums=True)
    found = of_confusion(metric_of("cost"), table, costs=costs)
    assert isinstance(found, Mean)
    assert np.average(losses, weights=weights) == pytest.approx(found.mean)
    assert weights.sum() ** 2 / (weights**2).sum() == pytest.approx(found.n_eff)


def test_cost_when_a_mistake_has_none_then_is_refused() -> None:
    with pytest.raises(TargetError, match="The cost table has no cost for the label 1 predicted"):
        of_confusion(metric_of("cost"), square([[80, 5], [2, 13]]), costs={(0, 1): 1.0})
    with pytest.raises(TargetError, match="no cost for the label 0"):
        of_confusion(metric_of("cost"), square([[80, 5], [2, 13]]))


@pytest.mark.parametrize("function", [of_confusion, gradient])
def test_metric_when_it_needs_other_counts_then_is_refused(function: Any) -> None:
    with pytest.raises(TargetError, match="'auc' cannot be computed from labels and predictions"):
        function(metric_of("auc"), square([[1, 2], [3, 4]]))


COSTS = {(i, j): abs(i - j) + 1.0 for i in range(3) for j in range(3)}


@pytest.mark.parametrize("weighted", ["", "levels", "sums"])
@pytest.mark.parametrize("text", [*sorted(ORACLES), "cost"])
def test_gradient_when_an_example_is_added_then_tells_the_change(text: str, weighted: str) -> None:
    labels, predictions = rows(3, 300)
    weights = np.random.default_rng(4).choice([1.0, 4.0], 300) if weighted else None
    table = table_of(labels, predictions, weights, sums=weighted == "sums")
    slopes = gradient(metric_of(text), table, costs=COSTS)
    for place in range(0, len(table.cells), 4):
        ends = []
        for sign in (1, -1):
            n = table.n.copy() * 1000
            n[place] += sign * table.n[place]
            share = n / table.n
            sums = {name: column * share for name, column in table.sums.items()}
            moved = CountTable.of(table.keys, table.cells, n, sums)
            ends.append(point(of_confusion(metric_of(text), moved, costs=COSTS)))  # type: ignore[arg-type]
        change = (ends[0] - ends[1]) / 2 * 1000 / table.n[place]
        assert change == pytest.approx(slopes[place], rel=1e-3, abs=1e-9)


@pytest.mark.parametrize("text", sorted(ORACLES))
def test_gradient_when_the_metric_ignores_size_then_sums_to_zero(text: str) -> None:
    table = table_of(*rows(1000, 5000))
    assert 0 == pytest.approx(float(np.dot(table.n, gradient(metric_of(text), table))), abs=1e-9)


def test_gradient_when_the_metric_is_not_defined_then_is_nan() -> None:
    assert np.isnan(gradient(metric_of("recall"), square([[5, 1], [0, 0]]))).any()


def test_metric_of_ones_own_when_given_then_has_draws() -> None:
    missed = user_metric("missed", lambda n: n[1, 0] / sum(n.values()), maximize=False)
    table = square([[801, 9], [19, 171]])
    found = of_confusion(missed, table)
    assert isinstance(found, Sampled)
    assert (0.019, -inf) == (found.value, found.lowest)
    assert sqrt(0.019 * 0.981 / 1000) == pytest.approx(sqrt(variance(found)), rel=0.06)
    share = gradient(missed, table)
    assert 0.019 * 0.981 / 1000 == pytest.approx(float((table.n * share**2).sum()), rel=1e-6)


def test_f_when_its_class_is_in_no_cell_then_has_no_slope_and_no_warning() -> None:
    found = gradient(metric_of("f1", positive=7), square([[5, 1], [2, 4]]))
    assert np.isnan(found).all()
