from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from scipy.special import ndtr
from scipy.stats import binom

from headway.counts import CountTable
from headway.stats.composites import Poisson
from headway.stats.confusion import of_confusion
from headway.stats.events import of_events
from headway.stats.measured import limits, point
from headway.stats.metrics import metric_of, user_metric
from headway.stats.ranks import quantile_ranks
from headway.stats.scores import of_scores
from headway.stats.tallies import cell_draws
from tests.calibration.conftest import assert_rate_at_least, assert_rate_within, replicates

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from headway.stats.forms import Measured

    Array = NDArray[np.float64]

pytestmark = pytest.mark.calibration

KEYS = ("label", "prediction")
MANY = 10**9
"""Examples of a table that stands for the truth."""


def square(counts: Array) -> CountTable:
    """A count table from a confusion matrix whose rows are labels."""
    k = len(counts)
    cells = [(i, j) for i in range(k) for j in range(k)]
    return CountTable.of(KEYS, cells, np.round(counts).astype(np.int64).ravel())


def binary(prevalence: float, tpr: float, fpr: float) -> Array:
    """Shares of the cells of two classes."""
    rest = 1 - prevalence
    return np.array(
        [[rest * (1 - fpr), rest * fpr], [prevalence * (1 - tpr), prevalence * tpr]]
    )


def classes(shares: list[float], right: list[float]) -> Array:
    """Shares of the cells of several classes, mistakes being spread evenly."""
    t, r = np.array(shares), np.array(right)
    off = (1 - r) / (len(t) - 1)
    return np.asarray(t[:, None] * (np.diag(r - off) + off[:, None]))


def covered(
    measure: Callable[[CountTable], Measured | None], shares: Array, n: int, reps: int
) -> tuple[int, int]:
    """How often the interval of a table of n examples holds the value of all examples."""
    truth = measure(square(shares * MANY))
    assert truth is not None
    hits = total = 0
    for seed in range(reps):
        drawn = np.random.default_rng(seed).multinomial(n, shares.ravel())
        found = measure(square(drawn.reshape(shares.shape)))
        if found is None:
            continue
        lower, upper = limits(found)
        hits += lower <= point(truth) <= upper
        total += 1
    return hits, total


def of(text: str) -> Callable[[CountTable], Measured | None]:
    return lambda table: of_confusion(metric_of(text, positive=1), table)


@pytest.mark.parametrize("n", [100, 500])
def test_f1_when_one_in_ten_is_positive_then_wilson_on_the_overlap_covers(n: int) -> None:
    hits, total = covered(of("f1"), binary(0.1, 0.8, 0.02), n, replicates(3000))
    assert_rate_within(hits, total, 0.94, 0.975)


def test_f1_when_fifty_examples_are_there_then_wilson_covers_and_the_bootstrap_does_not() -> None:
    shares = binary(0.1, 0.8, 0.02)
    hits, total = covered(of("f1"), shares, 50, replicates(3000))
    assert_rate_within(hits, total, 0.955, 0.985)
    truth = 2 * shares[1, 1] / (2 * shares[1, 1] + shares[0, 1] + shares[1, 0])
    perks = bootstrap = 0
    reps = replicates(1000)
    for seed in range(reps):
        rng = np.random.default_rng(seed)
        drawn = rng.multinomial(50, shares.ravel()).astype(float)
        for how in ("perks", "bootstrap"):
            cells = cell_draws(drawn, 2000) if how == "perks" else rng.multinomial(
                50, drawn / 50, 2000
            )
            below = 2 * cells[:, 3] + cells[:, 1] + cells[:, 2]
            f1 = 2 * cells[:, 3] / np.where(below > 0, below, 1.0)
            lower, upper = np.quantile(f1, [0.025, 0.975])
            hit = lower <= truth <= upper
            perks, bootstrap = perks + hit * (how == "perks"), bootstrap + hit * (how != "perks")
    assert_rate_within(perks, reps, 0.91, 0.96)
    assert bootstrap / reps < 0.88
