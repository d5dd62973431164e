from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import norm

from headway.counts import CountTable
from headway.findings import Verdict
from headway.strategy.operating_point import judge
from headway.strategy.target import policy
from headway.strategy.thresholds import Scores
from tests.calibration.conftest import assert_rate_at_least, replicates

pytestmark = pytest.mark.calibration

BINS, SPREAD, SHARE = 200, 0.12, 0.05
LIMIT = 0.03
"""Largest false positive rate allowed."""


def scores(n: int, seed: int) -> Scores:
    """Normal scores in bins: those of negatives around 0.3, of positives around 0.7."""
    rng = np.random.default_rng(seed)
    positive = rng.random(n) < SHARE
    places = (np.clip(rng.normal(0.3 + 0.4 * positive, SPREAD), 0, 0.999) * BINS).astype(int)
    cells, counted = np.unique(np.stack([positive, places]), axis=1, return_counts=True)
    named = [(bool(p), int(b)) for p, b in cells.T.tolist()]
    table = CountTable.of(("is_positive", "score_bin"), named, counted.tolist())
    return Scores(table=table, low=0.0, width=1 / BINS)


def test_limit_when_a_threshold_is_chosen_by_it_then_is_kept_in_truth() -> None:
    target = policy(maximize="recall", subject_to=f"false_positive_rate <= {LIMIT}", positive=True)
    tries, kept, chosen = replicates(100), 0, 0
    for seed in range(tries):
        rng = np.random.default_rng(seed)
        found = judge(scores(2000, seed), target, positive=True, rng=rng).chosen
        if found is not None:
            chosen += 1
            kept += norm.sf((found.value - 0.3) / SPREAD) <= LIMIT

    assert chosen == tries
    assert_rate_at_least(kept, tries, 0.95)


def test_test_set_when_the_threshold_breaks_the_limit_there_then_is_not_called_confirmed() -> None:
    target = policy(maximize="recall", subject_to=f"false_positive_rate <= {LIMIT}", positive=True)
    tries, honest = replicates(60), 0
    for seed in range(tries):
        rng = np.random.default_rng(seed)
        dev, later = scores(2000, seed), scores(2000, seed + tries).table
        cells = [(label, int(place or 0) + 12) for label, place in later.cells]
        higher = CountTable.of(later.keys, cells, later.n)
        test = Scores(table=higher, low=0.0, width=dev.width)
        found = judge(dev, target, positive=True, rng=rng, test=test)
        honest += found.confirmed is None or found.confirmed.verdict is not Verdict.YES

    assert_rate_at_least(honest, tries, 0.95)
