from __future__ import annotations

from math import sqrt
from typing import TYPE_CHECKING, Any

import pytest
from scipy.stats import norm
from statsmodels.stats.proportion import proportion_confint

from headway.errors import CountError
from headway.stats.budgets import (
    MANY,
    growth_for_looks,
    hoeffding_half_width,
    level_per_look,
    most_looks,
    simultaneous_half_width,
)

if TYPE_CHECKING:
    from collections.abc import Callable

Vectors = dict[str, dict[str, Any]]


SE = sqrt(0.05 * 0.95 / 10_000)


def test_band_when_it_holds_for_many_then_is_that_of_the_methods_note(vectors: Vectors) -> None:
    given, expected = (vectors["union_bound_width"][key] for key in ("inputs", "expected"))

    assert (given["error"], given["n"]) == (0.05, 10_000)
    assert expected["normal"] == pytest.approx(
        [simultaneous_half_width(SE, k) for k in given["k"]], abs=1e-9
    )
    assert expected["hoeffding"] == pytest.approx(
        [hoeffding_half_width(10_000, k) for k in given["k"]], abs=1e-9
    )


def test_band_when_it_holds_for_some_then_is_statsmodels_at_the_shared_level() -> None:
    lower, upper = proportion_confint(500, 10_000, alpha=0.05 / 7, method="normal")
    assert (upper - lower) / 2 == pytest.approx(simultaneous_half_width(SE, 7))


def test_most_looks_when_of_several_tolerances_then_is_that_of_the_methods_note(
    vectors: Vectors,
) -> None:
    given, expected = (vectors["consultation_budget"][key] for key in ("inputs", "expected"))
    found = [most_looks(SE, tolerance) for tolerance in given["tolerance"]]

    assert (given["error"], given["n"]) == (0.05, 10_000)
    assert expected["k_max"] == pytest.approx(found, abs=1)


def test_most_looks_when_counted_then_the_band_just_fits() -> None:
    k = most_looks(SE, 0.0075)

    assert simultaneous_half_width(SE, k) <= 0.0075
    assert simultaneous_half_width(SE, k + 1) > 0.0075


@pytest.mark.parametrize(("se", "tolerance"), [(0.0, 0.01), (SE, 0.5)])
def test_most_looks_when_nothing_can_be_far_off_then_are_many(se: float, tolerance: float) -> None:
    assert most_looks(se, tolerance) == MANY


def test_most_looks_when_the_set_is_too_small_for_one_then_are_none() -> None:
    assert most_looks(10 * SE, 0.005) == 0


def test_growth_when_found_then_the_band_of_the_looks_just_fits() -> None:
    factor = growth_for_looks(SE, 200, 0.005)

    assert simultaneous_half_width(SE / sqrt(factor), 200) == pytest.approx(0.005)
    assert most_looks(SE / sqrt(factor * 1.001), 0.005) >= 200


def test_level_when_shared_by_looks_then_is_that_of_the_methods_note(vectors: Vectors) -> None:
    given, expected = (vectors["test_look_budget"][key] for key in ("inputs", "expected"))
    level = level_per_look(1 - given["alpha"], given["looks"])

    assert expected["level_per_look"] == pytest.approx(level, abs=1e-9)
    assert expected["z"] == pytest.approx(norm.ppf((1 + level) / 2), abs=1e-9)


@pytest.mark.parametrize(
    ("call", "match"),
    [
        (lambda: simultaneous_half_width(0.1, 0), r"looks is 0\.\nExpected: at least one look"),
        (lambda: hoeffding_half_width(0, 1), "n is 0"),
        (lambda: most_looks(0.1, 0.0), "tolerance is 0"),
        (lambda: growth_for_looks(0.1, 2, 0.01, level=1.0), "level is 1"),
        (lambda: level_per_look(0.95, 0), "looks is 0"),
    ],
)
def test_budget_when_a_number_is_out_of_range_then_refuses(
    call: Callable[[], object], match: str
) -> None:
    with pytest.raises(CountError, match=match):
        call()
