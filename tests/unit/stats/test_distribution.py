from __future__ import annotations

from math import log
from typing import Any

import numpy as np
import pytest
from scipy.spatial.distance import jensenshannon
from scipy.stats import binomtest, chi2_contingency, ks_2samp, ncx2
from scipy.stats.contingency import association

from headway.errors import CountError
from headway.stats.distribution import (
    binned_ks,
    compared,
    guess_p_value,
    jensen_shannon,
    null_total_variation,
    stability_index,
    total_variation,
)
from headway.stats.multiplicity import benjamini_hochberg

RNG = np.random.default_rng(5)
TABLES = [RNG.integers(20, 200, size=(2, width)).tolist() for width in (2, 3, 8)]


def test_columns_when_compared_then_are_those_of_the_methods_note(
    vectors: dict[str, dict[str, Any]],
) -> None:
    vector = vectors["columns_same_distribution"]
    found = [compared(table) for table in vector["inputs"]["tables"]]
    expected, within = vector["expected"], {"abs": vector["tolerance"]}
    assert expected["p"] == pytest.approx([c.p for c in found], **within)
    assert expected["bh_adjusted"] == pytest.approx(
        benjamini_hochberg([c.p for c in found]), **within
    )
    assert expected["cramers_v"] == pytest.approx([c.cramers_v for c in found], **within)
    assert expected["tv"] == pytest.approx([c.tv for c in found], **within)


def test_effects_when_computed_then_are_those_of_the_methods_note(
    vectors: dict[str, dict[str, Any]],
) -> None:
    by_chance, divergences = vectors["null_expected_tv"], vectors["psi_js"]
    found = compared(by_chance["inputs"]["table"])
    assert by_chance["expected"]["tv"] == pytest.approx(found.tv)
    assert by_chance["expected"]["null_expected_tv"] == pytest.approx(found.null_tv)
    assert divergences["expected"]["psi"] == pytest.approx(found.psi)
    assert divergences["expected"]["js_nats"] == pytest.approx(found.js)


def test_regions_when_split_in_halves_then_differ_as_much_as_anything_can(
    vectors: dict[str, dict[str, Any]],
) -> None:
    given = vectors["regions_split_check"]["inputs"]
    found = compared([given["dev_by_region"], given["test_by_region"]])
    assert (1.0, 1.0) == pytest.approx((found.tv, found.cramers_v))
    assert log(2) == pytest.approx(found.js)
    assert found.p < 1e-100


def test_bins_when_compared_then_are_those_of_the_methods_note(
    vectors: dict[str, dict[str, Any]],
) -> None:
    vector = vectors["binned_ks"]
    found = binned_ks([vector["inputs"]["dev_bins"], vector["inputs"]["test_bins"]])
    assert vector["expected"]["ks"] == pytest.approx(found)


def test_bins_when_compared_with_the_numbers_themselves_then_never_say_more() -> None:
    first, second = RNG.normal(size=400), RNG.normal(0.3, size=300)
    edges = np.quantile([*first, *second], np.linspace(0, 1, 9))
    bins = [np.histogram(side, edges)[0] for side in (first, second)]
    assert 0 < binned_ks(bins) <= ks_2samp(first, second).statistic


@pytest.mark.parametrize("table", TABLES)
def test_test_and_effects_when_compared_with_scipy_then_agree(table: list[list[int]]) -> None:
    found = compared(table)
    expected = chi2_contingency(table, correction=False)
    assert expected.statistic == pytest.approx(found.statistic)
    assert (expected.dof, expected.pvalue) == pytest.approx((found.df, found.p))
    assert association(table, method="cramer") == pytest.approx(found.cramers_v)
    shares = [np.array(row) / sum(row) for row in table]
    assert jensenshannon(*shares) ** 2 == pytest.approx(jensen_shannon(table))


@pytest.mark.parametrize("table", TABLES)
def test_upper_effect_when_it_were_true_then_so_small_a_statistic_would_be_rare(
    table: list[list[int]],
) -> None:
    found = compared(table)
    noncentral = found.upper**2 * sum(found.n)
    tail = ncx2.cdf(max(found.statistic, found.df), found.df, noncentral)
    assert tail == pytest.approx(0.025, abs=1e-6)


def test_upper_effect_when_sets_are_huge_then_joins_the_normal_approximation() -> None:
    below, above = (compared([[n, n], [n * 12 // 10, n]]) for n in (1_100_000, 1_300_000))
    assert below.statistic < 1e4 < above.statistic
    assert below.upper - below.cramers_v == pytest.approx(above.upper - above.cramers_v, rel=0.12)


def test_upper_effect_when_two_small_sets_are_equal_then_leaves_room_for_doubt() -> None:
    assert compared([[10, 10], [10, 10]]).upper > 0.3


def test_rare_values_when_compared_then_are_tested_together() -> None:
    many = compared([[500, 480, *[1] * 14], [470, 500, *[0] * 14]])
    few = compared([[500, 480, 1, 1], [470, 500, 0, 0]])
    assert (2, 1) == (many.df, few.df)
    assert many.tv > few.tv


def test_values_when_all_are_rare_then_nothing_is_tested_and_nothing_is_excluded() -> None:
    found = compared([[1, 1, 1], [1, 1, 0]])
    assert (1.0, 0, 1.0) == (found.p, found.df, found.upper)


def test_column_when_it_has_one_value_then_does_not_differ() -> None:
    found = compared([[40, 0], [30, 0]])
    assert (0, 1.0, 0.0, 0.0, 0.0) == (found.df, found.p, found.cramers_v, found.upper, found.tv)


def test_total_variation_when_nothing_differs_then_is_what_chance_gives() -> None:
    shares, n = np.array([0.5, 0.3, 0.2]), (300, 200)
    drawn = [[RNG.multinomial(size, shares) for size in n] for _ in range(2000)]
    mean = np.mean([total_variation(table) for table in drawn])
    expected = null_total_variation([shares * 300, shares * 200])
    assert expected == pytest.approx(mean, rel=0.03)


def test_stability_index_when_a_value_is_missing_then_is_still_a_number() -> None:
    assert 2 < stability_index([[50, 50], [100, 0]]) < 4


def test_guess_when_compared_with_scipy_then_agrees(vectors: dict[str, dict[str, Any]]) -> None:
    vector = vectors["c2st_accuracy_binomial"]
    given, expected = vector["inputs"], vector["expected"]
    found = guess_p_value(given["correct"], given["n_holdout"])
    assert expected["p_value"] == pytest.approx(found, abs=vector["tolerance"])
    assert binomtest(7, 10, alternative="greater").pvalue == pytest.approx(guess_p_value(7, 10))
    assert 1.0 == guess_p_value(0, 10)


@pytest.mark.parametrize(
    ("counts", "match"),
    [
        ([1, 2], "two rows of counts"),
        ([[1, 2], [3, -1]], "two rows of counts"),
        ([[0, 0], [3, 1]], "at least one row in each set"),
    ],
)
def test_counts_when_they_are_no_table_then_are_refused(counts: Any, match: str) -> None:
    with pytest.raises(CountError, match=f"Expected: {match}"):
        compared(counts)


def test_guess_when_more_are_right_than_asked_then_is_refused() -> None:
    with pytest.raises(CountError, match=r"n_right is 11\.\nExpected: a count from 0 to n"):
        guess_p_value(11, 10)
