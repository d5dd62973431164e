from __future__ import annotations

import json
from pathlib import Path

import pytest
from scipy.stats import poisson

from headway.errors import CountError
from headway.stats.differences import newcombe_difference
from headway.stats.forms import Binomial
from headway.stats.leakage import as_many_by_chance, leakage_bias, leaked_error

VECTORS = json.loads((Path(__file__).parents[2] / "methods_vectors.json").read_text("utf-8"))
KNOWN = next(v for v in VECTORS["vectors"] if v["name"] == "leakage_bias")

CLEAN, LEAKED = Binomial(n_errors=160, n=2000), Binomial(n_errors=1, n=100)


def test_leakage_bias_when_compared_with_the_methods_note_then_is_the_same() -> None:
    given = KNOWN["inputs"]
    found = leakage_bias(given["leaked_share"], given["error_leaked"], given["error_clean"])
    expected = KNOWN["expected"]["observed"], KNOWN["expected"]["bias"]
    assert expected == pytest.approx(found, abs=KNOWN["tolerance"])


@pytest.mark.parametrize("given", [(-0.1, 0.1, 0.1), (0.1, 1.1, 0.1), (0.1, 0.1, float("nan"))])
def test_leakage_bias_when_a_number_is_no_share_then_refuses(
    given: tuple[float, float, float],
) -> None:
    with pytest.raises(CountError, match="a fraction in"):
        leakage_bias(*given)


def test_leaked_error_when_counted_then_observed_is_the_error_of_all() -> None:
    found = leaked_error(LEAKED, CLEAN)
    assert 161 / 2100 == pytest.approx(found.observed.estimate)
    assert found.observed.estimate - found.clean.estimate == pytest.approx(found.bias.estimate)
    assert (2100, 2000, 100) == (found.observed.n, found.clean.n, found.leaked.n)


def test_leaked_error_when_its_bias_is_read_then_is_a_share_of_newcombes_difference() -> None:
    found, gap = leaked_error(LEAKED, CLEAN).bias, newcombe_difference(1, 100, 160, 2000)
    assert gap.lower is not None
    assert gap.upper is not None
    assert (gap.lower / 21, gap.upper / 21) == pytest.approx((found.lower, found.upper))


def test_leaked_error_when_nothing_was_learned_by_heart_then_its_bias_may_be_zero() -> None:
    bias = leaked_error(Binomial(n_errors=9, n=100), CLEAN).bias
    assert bias.lower is not None
    assert bias.upper is not None
    assert bias.lower < 0 < bias.upper


@pytest.mark.parametrize(("n", "expected"), [(1, 0.5), (7, 2.0), (0, 3.0)])
def test_chance_when_compared_with_scipy_then_agrees(n: int, expected: float) -> None:
    assert poisson(expected).sf(n - 1) == pytest.approx(as_many_by_chance(n, expected))


def test_chance_when_numbers_are_negative_then_is_refused() -> None:
    with pytest.raises(CountError, match="expected is -1"):
        as_many_by_chance(1, -1.0)
