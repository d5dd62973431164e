from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from scipy import stats

from headway.stats.nested import nested_draws, nested_limits

if TYPE_CHECKING:
    import numpy as np


def test_nested_limits_when_there_is_one_level_then_are_jeffreys() -> None:
    expected = stats.beta(5.5, 95.5).ppf([0.025, 0.975])
    assert tuple(expected) == pytest.approx(
        nested_limits((2.0,), (100,), (5,), level=0.95), abs=5e-4
    )


def test_nested_limits_when_all_weights_grow_alike_then_stay() -> None:
    n, wrong = (90, 10), (5, 1)
    once, tenfold = (nested_limits((w, 10 * w), n, wrong, level=0.9) for w in (1, 10))
    assert once == pytest.approx(tenfold)


def test_nested_draws_when_a_level_weighs_nothing_then_ignore_it(rng: np.random.Generator) -> None:
    drawn = nested_draws((0.0, 1.0), (50, 100), (50, 10), 50_000, rng)
    assert 10.5 / 101 == pytest.approx(drawn.mean(), abs=0.001)


def test_nested_limits_when_there_are_fifty_levels_then_still_answer() -> None:
    weights = tuple(float(w) for w in range(1, 51))
    lower, upper = nested_limits(weights, (100,) * 50, (10,) * 50, level=0.95)
    assert 0.09 < lower < 0.1 < upper < 0.115
