"""What choosing on dev costs, simulated: 500 looks at pure noise, and sweeps of models alike."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from typing import TYPE_CHECKING, Final

import numpy as np
import pytest

from headway.counts import CountTable
from headway.findings import Verdict
from headway.joint import JointCounts
from headway.stats.forms import Binomial
from headway.stats.optimism import aggregation_gain, covariance_optimism, half_split_optimism
from headway.stats.releases import parameter_free_ladder
from headway.strategy.looks import Look
from headway.strategy.wear import Wearing, judge
from headway.strategy.winners import Kept, corrected, optimism
from tests.calibration.conftest import assert_rate_at_least, assert_rate_at_most, replicates

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from headway.strategy.winners import Optimism

    Flags = NDArray[np.bool_]

pytestmark = pytest.mark.calibration

N: Final = 1000
LOOKS: Final = 500
TRUTH: Final = 0.5
"""Error of whatever is built from features that are pure noise."""


def noise(seed: int) -> tuple[NDArray[np.int64], np.random.Generator]:
    """Features that vote right or wrong by chance, one row each, and what else is drawn."""
    rng = np.random.default_rng(seed)
    return 2 * rng.integers(0, 2, (LOOKS, N)) - 1, rng


def is_wrong(votes: NDArray[np.int64], rng: np.random.Generator) -> Flags:
    """Where the majority is wrong; a tie is decided by chance."""
    tied: Flags = rng.random(votes.shape) < 0.5
    return np.where(votes == 0, tied, votes < 0)


def aggregated(seed: int) -> Flags:
    """500 looks: features one by one, then their vote weighted by what dev said of each."""
    votes, rng = noise(seed)
    weighted = votes[:-1].sum(axis=1) @ votes[:-1]
    return np.vstack([votes[:-1] < 0, is_wrong(weighted, rng)])


def greedy(seed: int, released: Callable[[Flags, Flags | None], bool] | None = None) -> Flags:
    """500 looks: each adds a feature to the vote and keeps it where dev seems to improve."""
    votes, rng = noise(seed)
    total, best = np.zeros(N, dtype=np.int64), None
    seen = []
    for vote in votes:
        wrong = is_wrong(total + vote, rng)
        seen.append(wrong)
        accept = released(wrong, best) if released else best is None or wrong.sum() < best.sum()
        if accept:
            total, best = total + vote, wrong
    return np.array(seen)


def is_released(new: Flags, best: Flags | None) -> bool:
    """Whether the Ladder tells of the new one."""
    if best is None:
        return True
    apart = (float((new & ~best).sum()), float((best & ~new).sum()))
    shown = parameter_free_ladder([best.sum(), new.sum()], N, lambda _best, _new: apart)
    return shown[1] != shown[0]


def kept(wrong: Flags) -> Kept:
    """What was kept of some models, one row of wrong answers each."""
    names = tuple(f"m{k:03}" for k in range(len(wrong)))
    return Kept(models=names, n_cells=np.ones(wrong.shape[1], dtype=np.int64), wrong=wrong.T)


def stated(wrong: Flags, applies: str, seed: int) -> Optimism:
    """The optimism that is stated of the best of them."""
    best = int(wrong.sum(axis=1).min())
    return optimism(
        Binomial(n_errors=best, n=wrong.shape[1]),
        len(wrong),
        applies,
        rng=np.random.default_rng(seed),
        patterns=kept(wrong),
        level=0.95,
    )


@pytest.mark.parametrize("reuse", [aggregated, greedy])
def test_optimism_when_dev_is_reused_adaptively_then_lies_within_its_range(
    reuse: Callable[[int], Flags],
) -> None:
    tries = replicates(40)
    hits = 0
    for seed in range(tries):
        wrong = reuse(seed)
        span = stated(wrong, "adaptive", seed).span
        hits += span.lower <= TRUTH - wrong.mean(axis=1).min() <= span.upper

    assert_rate_at_least(hits, tries, 0.95)


def test_noise_when_aggregated_then_gains_what_the_methods_note_says() -> None:
    gains = [TRUTH - aggregated(seed)[-1].mean() for seed in range(100)]
    assert aggregation_gain(N, LOOKS) == pytest.approx(np.mean(gains), abs=0.005)
