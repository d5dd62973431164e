from __future__ import annotations

import numpy as np
import pytest

from headway.stats.forms import Binomial, Fixed, Measured
from headway.strategy.gaps import judge_rungs
from headway.strategy.ladder import Ladder
from headway.strategy.ranking import rung_draws


@pytest.mark.parametrize(("dev", "times"), [(0.0835, 10), (0.06, 1)])
def test_draws_when_a_probability_is_close_to_its_bound_then_there_are_ten_times_as_many(
    dev: float, times: int
) -> None:
    measured: dict[str, Measured] = {
        "train": Fixed(value=0.0),
        "train_dev": Binomial(n_errors=50, n=1000),
        "dev": Fixed(value=dev),
    }
    rungs = judge_rungs(measured, rng=np.random.default_rng(0)).rungs
    draws = rung_draws(rungs, np.eye(3), Ladder(n_draws=1000), 0.0, np.random.default_rng(0))

    assert (times * 1000, 3) == draws.shape
