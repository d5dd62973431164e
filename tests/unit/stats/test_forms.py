from __future__ import annotations

from math import inf, nan
from typing import TYPE_CHECKING

import pytest

from headway.errors import CountError
from headway.stats.forms import Binomial, Effective, Fixed, Levels, Mean

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.mark.parametrize(
    ("make", "match"),
    [
        (lambda: Fixed(value=nan), r"error is nan\.\nExpected: a finite number"),
        (lambda: Binomial(n_errors=0, n=0), r"n is 0\.\nExpected: at least one example"),
        (lambda: Binomial(n_errors=3, n=2), r"n_errors is 3\.\nExpected: a count from 0 to n"),
        (lambda: Effective(rate=1.5, n_eff=5, n=5), r"rate is 1\.5\.\nExpected: a fraction"),
        (lambda: Effective(rate=0.5, n_eff=0, n=5), r"n_eff is 0\.\nExpected: a number above 0"),
        (lambda: Effective(rate=0.5, n_eff=5, n=0), r"n is 0\."),
        (lambda: Mean(mean=inf, variance=1, n=5), r"mean loss is inf\."),
        (lambda: Mean(mean=0, variance=nan, n=5), r"variance is nan\.\nExpected: a number at"),
        (lambda: Mean(mean=0, variance=1, n=0), r"n is 0\."),
        (lambda: Levels(weights=(1, 2), n=(5,), n_errors=(1,)), r"levels is uneven\.\nExpected"),
        (lambda: Levels(weights=(0,), n=(5,), n_errors=(1,)), r"Every weight of these rows is 0"),
        (lambda: Levels(weights=(2, -1), n=(5, 5), n_errors=(1, 0)), r"weights is \(2, -1\)\."),
        (lambda: Levels(weights=(), n=(), n_errors=()), r"Every weight of these rows is 0"),
        (lambda: Levels(weights=(1, 2), n=(5, 5), n_errors=(1, 6)), r"n_errors is 6\."),
    ],
)
def test_form_when_a_number_is_outside_its_range_then_refuses(
    make: Callable[[], object], match: str
) -> None:
    with pytest.raises(CountError, match=match):
        make()
