from __future__ import annotations

import pytest
from scipy import stats
from statsmodels.stats.contingency_tables import mcnemar

from headway.errors import CountError
from headway.stats.paired import mcnemar_midp, probability_better


@pytest.mark.parametrize(("b", "c"), [(30, 15), (0, 3), (7, 8), (1, 0)])
def test_midp_when_compared_with_the_exact_test_then_is_less_by_one_point(b: int, c: int) -> None:
    exact = mcnemar([[0, b], [c, 0]], exact=True).pvalue
    middle = stats.binom.pmf(min(b, c), b + c, 0.5)
    assert exact - middle == pytest.approx(mcnemar_midp(b, c))


@pytest.mark.parametrize("n", [0, 5])
def test_midp_when_both_are_equal_then_is_one(n: int) -> None:
    assert 1.0 == pytest.approx(mcnemar_midp(n, n))


def test_probability_better_when_models_swap_then_adds_up_to_one() -> None:
    assert 1.0 == pytest.approx(probability_better(30, 15) + probability_better(15, 30))
    assert 0.5 == pytest.approx(probability_better(0, 0))


@pytest.mark.parametrize("function", [mcnemar_midp, probability_better])
def test_paired_counts_when_negative_then_refuses(function: object) -> None:
    assert callable(function)
    with pytest.raises(CountError, match=r"n_errors is -1\."):
        function(-1, 5)
