from __future__ import annotations

import json
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from headway.rows.distribution import mean_discrepancy, told_apart
from headway.rows.features import Features

VECTORS = Path(__file__).parents[2] / "methods_vectors.json"


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(8)


@pytest.fixture(scope="module")
def noted() -> dict[str, dict[str, Any]]:
    listed = json.loads(VECTORS.read_text(encoding="utf-8"))["vectors"]
    return {vector["name"]: vector for vector in listed}


def some(numbers: np.ndarray[Any, Any]) -> Features:
    """Rows of numbers alone."""
    codes = np.empty((len(numbers), 0), dtype=np.int64)
    return Features(numbers=np.asarray(numbers, dtype=np.float64), codes=codes, names=("x",))


def values(codes: np.ndarray[Any, Any]) -> Features:
    """Rows of one value each."""
    return Features(numbers=np.empty((len(codes), 0)), codes=codes.reshape(-1, 1), names=("v",))


@pytest.mark.parametrize("n", [300, 2000])
def test_rows_when_their_mean_moves_then_are_told_apart_as_well_as_can_be(
    rng: np.random.Generator, n: int
) -> None:
    first, second = some(rng.normal(size=(n, 1))), some(rng.normal(1.0, size=(n, 1)))
    found = told_apart(first, second, rng=rng)
    assert 0.760 == pytest.approx(found.auc, abs=0.05)
    assert found.lower < 0.760 < found.upper
    assert (n, n // 2 * 2) == (found.n, found.n_asked)
    assert found.n_right > 0.6 * found.n_asked
    assert found.p is None


def test_rows_when_no_column_moves_then_trees_see_what_moves_together(
    rng: np.random.Generator,
) -> None:
    side = rng.normal(size=(2000, 2))
    twisted = side.copy()
    twisted[:, 1] = np.abs(twisted[:, 1]) * np.sign(twisted[:, 0])
    found = told_apart(some(side), some(twisted), rng=rng)
    assert found.lower > 0.6
    assert "trees and a linear rule" == found.by


def test_rows_when_values_have_other_shares_then_are_told_apart(rng: np.random.Generator) -> None:
    first, second = rng.choice(3, 600, p=[0.6, 0.3, 0.1]), rng.choice(3, 600, p=[0.2, 0.3, 0.5])
    found = told_apart(values(first), values(second), rng=rng)
    assert found.lower > 0.6
    assert "a linear rule" == found.by


def test_sets_when_one_is_larger_then_it_is_thinned(rng: np.random.Generator) -> None:
    found = told_apart(some(rng.normal(size=(900, 1))), some(rng.normal(size=(100, 1))), rng=rng)
    assert (100, 100) == (found.n, found.n_asked)
    assert found.detectable == pytest.approx(0.5 + 2.8 * 0.0580, abs=0.01)


def test_auc_when_scores_are_known_then_agrees_with_scikit_learn(rng: np.random.Generator) -> None:
    first, second = rng.normal(size=400), rng.normal(0.7, size=400)
    found = told_apart(some(first[:, None]), some(second[:, None]), rng=np.random.default_rng(0))
    whole = roc_auc_score([0] * 400 + [1] * 400, [*first, *second])
    assert whole == pytest.approx(found.auc, abs=0.04)


def test_missing_numbers_when_they_tell_the_set_then_are_seen(rng: np.random.Generator) -> None:
    blank = rng.normal(size=(400, 1))
    blank[rng.random(400) < 0.5] = np.nan
    found = told_apart(some(rng.normal(size=(400, 1))), some(blank), rng=rng)
    assert found.lower > 0.6


def test_groups_when_they_alone_differ_then_no_difference_is_shown(
    rng: np.random.Generator,
) -> None:
    places = rng.normal(0, 3, size=(40, 1))
    group = np.repeat(np.arange(40), 25)
    rows = places[group] + rng.normal(size=(1000, 1))
    first, second = group < 20, group >= 20
    found = told_apart(
        some(rows[first]), some(rows[second]), rng=rng, groups=(group[first], group[second])
    )
    assert found.p is not None
    assert found.p > 0.05
    assert found.upper - found.lower > 0.2


def test_groups_when_the_sets_differ_then_the_difference_is_shown(rng: np.random.Generator) -> None:
    group = np.repeat(np.arange(80), 10)
    rows = rng.normal(size=(800, 1)) + (group >= 40)[:, None] * 1.5
    first, second = group < 40, group >= 40
    found = told_apart(
        some(rows[first]), some(rows[second]), rng=rng, groups=(group[first], group[second])
    )
    assert found.p is not None
    assert found.p < 0.01


def test_groups_when_one_half_holds_a_single_set_then_nothing_is_told(
    rng: np.random.Generator,
) -> None:
    found = told_apart(
        some(rng.normal(size=(8, 1))),
        some(rng.normal(size=(8, 1))),
        rng=rng,
        groups=(np.array(["a"] * 8), np.array(["b"] * 8)),
    )
    assert (0.5, 0.0, 1.0, 1.0) == (found.auc, found.lower, found.upper, found.p)


def test_discrepancy_when_computed_then_is_that_of_the_methods_note(
    rng: np.random.Generator, noted: dict[str, dict[str, Any]]
) -> None:
    vector, exact = noted["mmd_unbiased_small"], noted["mmd_exact_permutation"]
    x, y = (np.array(vector["inputs"][name]) for name in ("X", "Y"))
    found = mean_discrepancy(x, y, rng=rng, sigma=vector["inputs"]["sigma2"] ** 0.5)
    assert vector["expected"]["mmd2_u"] == pytest.approx(found.mmd2, abs=1e-9)
    assert exact["expected"]["p_value"] == pytest.approx(found.p, abs=1e-9)
    assert exact["expected"]["permutations"] == found.permutations
    wide = mean_discrepancy(x, y, rng=rng)
    assert vector["expected"]["median_heuristic_sigma"] == pytest.approx(wide.sigma, abs=1e-9)


def test_discrepancy_when_compared_with_its_definition_then_agrees(
    rng: np.random.Generator,
) -> None:
    x, y = rng.normal(size=(30, 3)), rng.normal(0.5, size=(20, 3))

    def kernel(a: np.ndarray[Any, Any], b: np.ndarray[Any, Any]) -> float:
        return float(np.exp(-((a - b) ** 2).sum() / 2))

    within = [np.mean([kernel(a, b) for a, b in combinations(side, 2)]) for side in (x, y)]
    between = np.mean([kernel(a, b) for a in x for b in y])
    found = mean_discrepancy(x, y, rng=rng, sigma=1.0)
    assert sum(within) - 2 * between == pytest.approx(found.mmd2)
    assert 1000 == found.permutations


def test_discrepancy_when_rows_span_several_blocks_then_nothing_changes(
    rng: np.random.Generator, monkeypatch: pytest.MonkeyPatch
) -> None:
    x, y = rng.normal(size=(25, 2)), rng.normal(size=(18, 2))
    whole = mean_discrepancy(x, y, rng=np.random.default_rng(1), sigma=1.0)
    monkeypatch.setattr("headway.rows.distribution.BLOCK", 7)
    parts = mean_discrepancy(x, y, rng=np.random.default_rng(1), sigma=1.0)
    assert [whole.mmd2, whole.p] == pytest.approx([parts.mmd2, parts.p])


def test_discrepancy_when_groups_differ_then_chance_deals_groups(rng: np.random.Generator) -> None:
    group = np.repeat(np.arange(16), 30)
    rows = rng.normal(size=(16, 2))[group] + 0.1 * rng.normal(size=(480, 2))
    first = group < 8
    alone = mean_discrepancy(rows[first], rows[~first], rng=rng)
    grouped = mean_discrepancy(
        rows[first], rows[~first], rng=rng, groups=(group[first], group[~first])
    )
    assert alone.p < 0.01 < grouped.p
