from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from sklearn.metrics import average_precision_score, roc_auc_score

from headway.stats.curves import (
    area,
    average_precision,
    delong_variance,
    precision_at_recall,
    recall_at,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from headway.stats.curves import CurvePoint

    Array = NDArray[np.float64]

POS = np.array([2.0, 5, 10, 0, 23])
NEG = np.array([40.0, 12, 6, 3, 2])

READ: dict[str, Callable[[Array, Array], CurvePoint]] = {
    "area": area,
    "average_precision": average_precision,
    "recall at a share": partial(recall_at, budget=0.3),
    "recall at a number": partial(recall_at, budget=30),
    "precision at recall": partial(precision_at_recall, recall=0.7),
}


def rows(n: int, seed: int, *, digits: int = 12) -> tuple[Array, NDArray[np.bool_]]:
    """Scores and labels; fewer digits make ties."""
    rng = np.random.default_rng(seed)
    labels = rng.random(n) < 0.3
    return np.clip(rng.normal(labels * 0.2 + 0.4, 0.15), 0, 0.9999).round(digits), labels


def binned(scores: Array, labels: NDArray[np.bool_], n_bins: int) -> tuple[Array, Array]:
    """Positive and negative examples in equal bins."""
    place = (scores * n_bins).astype(int)
    pos, neg = (np.bincount(place[kept], minlength=n_bins) for kept in (labels, ~labels))
    return pos.astype(float), neg.astype(float)


@pytest.mark.parametrize("name", ["area", "average_precision"])
def test_derivatives_when_an_example_is_added_then_tell_the_change(name: str) -> None:
    found = READ[name](POS, NEG)
    for place in range(5):
        step = np.zeros(5)
        step[place] = 1e-4
        ends = [READ[name](POS + sign * step * (POS > 0), NEG).value for sign in (1, -1)]
        if POS[place]:
            assert (ends[0] - ends[1]) / 2e-4 == pytest.approx(found.pos[place], abs=1e-7)
        ends = [READ[name](POS, NEG + sign * step).value for sign in (1, -1)]
        assert (ends[0] - ends[1]) / 2e-4 == pytest.approx(found.neg[place], abs=1e-7)


@pytest.mark.parametrize("name", ["recall at a share", "recall at a number", "precision at recall"])
def test_derivatives_when_a_threshold_moves_then_tell_the_scatter_of_fresh_examples(
    name: str,
) -> None:
    n = 4000
    pos, neg = binned(*rows(400_000, 6), 300)
    shares = np.concatenate([pos, neg]) / (pos.sum() + neg.sum())
    read = partial(recall_at, budget=1200) if name == "recall at a number" else READ[name]
    drawn = np.random.default_rng(8).multinomial(n, shares, 1500).astype(float)
    found = [read(each[:300], each[300:]) for each in drawn]
    told = []
    for each, point in zip(drawn, found, strict=True):
        slopes = np.concatenate([point.pos, point.neg])
        told.append((each * slopes**2).sum() - (each * slopes).sum() ** 2 / n)
    assert np.std([point.value for point in found]) == pytest.approx(np.mean(told) ** 0.5, rel=0.1)


@pytest.mark.parametrize("name", READ)
def test_bounds_when_told_then_contain_the_value(name: str) -> None:
    found = READ[name](POS, NEG)
    assert 0 <= found.lower <= found.value <= found.upper <= 1


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("n_bins", [3, 20, 500])
def test_area_when_bins_are_coarse_then_its_bounds_contain_the_exact_one(
    seed: int, n_bins: int
) -> None:
    scores, labels = rows(300, seed)
    found = area(*binned(scores, labels, n_bins))
    assert found.lower <= roc_auc_score(labels, scores) + 1e-12
    assert roc_auc_score(labels, scores) <= found.upper + 1e-12


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("n_bins", [3, 20, 500])
def test_average_precision_when_scores_differ_then_its_bounds_contain_the_exact_one(
    seed: int, n_bins: int
) -> None:
    scores, labels = rows(300, seed)
    found = average_precision(*binned(scores, labels, n_bins))
    exact = average_precision_score(labels, scores)
    assert found.lower - 1e-12 <= exact <= found.upper + 1e-12


@pytest.mark.parametrize("seed", range(5))
def test_average_precision_when_examples_carry_weights_then_its_bounds_contain_the_exact_one(
    seed: int,
) -> None:
    scores, labels = rows(300, seed, digits=2)
    weights = np.random.default_rng(seed).choice([0.25, 3.0], 300)
    place = (scores * 8).astype(int)
    pos, neg = (np.bincount(place[k], weights[k], 8).astype(float) for k in (labels, ~labels))
    found = average_precision(pos, neg, weighted=True)
    exact = average_precision_score(labels, scores, sample_weight=weights)
    assert found.lower < found.value < found.upper
    assert found.lower <= exact <= found.upper


def test_average_precision_when_weights_are_ones_then_its_bounds_are_wider() -> None:
    plain, weighted = (average_precision(POS, NEG, weighted=w) for w in (False, True))
    assert weighted.lower < plain.lower < plain.upper < weighted.upper
    assert plain.value == weighted.value


def test_variance_of_the_area_when_compared_with_delongs_rows_then_is_equal() -> None:
    scores, labels = rows(200, 1, digits=1)
    found, positives = scores[~labels], scores[labels]
    order = (positives[:, None] > found) + 0.5 * (positives[:, None] == found)
    expected = order.mean(axis=1).var(ddof=1) / len(positives)
    expected += order.mean(axis=0).var(ddof=1) / len(found)
    assert expected == pytest.approx(delong_variance(*binned(scores, labels, 10)))


@pytest.mark.parametrize("budget", [7, 60, 0.05, 0.5])
def test_recall_when_every_example_has_its_own_bin_then_counts_the_best(budget: float) -> None:
    scores, labels = rows(200, 3)
    order = np.argsort(scores)
    pos = labels[order].astype(float)
    taken = round(budget * 200) if budget < 1 else int(budget)
    expected = labels[order][::-1][:taken].sum() / labels.sum()
    assert expected == pytest.approx(recall_at(pos, 1 - pos, budget).value)


@pytest.mark.parametrize(("budget", "recall"), [(1000, 1.0), (66.0, 1.0), (103, 1.0)])
def test_recall_when_the_budget_exceeds_what_is_there_then_is_all(
    budget: float, recall: float
) -> None:
    assert recall == pytest.approx(recall_at(POS, NEG * (POS > 2), budget).value)


def test_precision_at_recall_when_every_example_has_its_own_bin_then_is_that_of_the_threshold() -> (
    None
):
    scores, labels = rows(200, 3)
    order = np.argsort(scores)[::-1]
    through = np.cumsum(labels[order])
    wanted = 0.5 * labels.sum()
    cut = int(np.argmax(through >= wanted))
    false = cut + 1 - through[cut]
    pos = labels[order][::-1].astype(float)
    found = precision_at_recall(pos, 1 - pos, 0.5).value
    assert wanted / (wanted + false) == pytest.approx(found)


@pytest.mark.parametrize("name", sorted({*READ} - {"recall at a number"}))
def test_curve_when_all_counts_double_then_stays(name: str) -> None:
    values: list[Any] = [READ[name](k * POS, k * NEG).value for k in (1, 2)]
    assert values[0] == pytest.approx(values[1])
