from __future__ import annotations

import numpy as np
import pytest

from headway.counts import CountTable
from headway.stats.changes import FlipLevels, Flips, change_of
from headway.stats.forms import Binomial
from headway.stats.metrics import metric_of
from headway.stats.paired_metrics import paired_metric
from headway.strategy.changes import judge
from headway.strategy.ladder import Ladder
from headway.strategy.movements import Changes, Pair
from tests.calibration.conftest import (
    assert_rate_at_least,
    assert_rate_at_most,
    assert_rate_within,
    replicates,
)

pytestmark = pytest.mark.calibration

JOINT = ("truth", "guess_was", "guess_now")


def flips(rng: np.random.Generator, n: int, cells: tuple[float, float, float]) -> Pair:
    """One split: examples wrong in both, fixed and broken with these probabilities."""
    both, fixed, broken, _ = rng.multinomial(n, (*cells, 1 - sum(cells)))
    return Pair(
        before=Binomial(n_errors=int(both + fixed), n=n),
        after=Binomial(n_errors=int(both + broken), n=n),
        change=Flips(fixed=fixed / n, broken=broken / n, n=n),
    )


def judged(
    truth: dict[str, tuple[float, float, float]], n: int, seed: int, margin: float | None = None
) -> Changes:
    """One simulated change."""
    rng = np.random.default_rng(seed)
    pairs = {split: flips(rng, n, cells) for split, cells in truth.items()}
    return judge(pairs, rng=rng, settings=Ladder(n_draws=500, margin=margin))


@pytest.mark.parametrize(("n", "lowest", "highest"), [(100, 0.95, 0.995), (1000, 0.94, 0.97)])
def test_paired_change_when_simulated_then_its_interval_covers_as_promised(
    n: int, lowest: float, highest: float
) -> None:
    tries, hits = replicates(2000), 0
    for seed in range(tries):
        change = flips(np.random.default_rng(seed), n, (0.05, 0.03, 0.015)).change
        found = change_of(change)
        hits += (found.lower or 0) <= -0.015 <= (found.upper or 0)

    assert_rate_within(hits, tries, lowest, highest)


@pytest.mark.parametrize("metric", ["macro_f1", "balanced_accuracy", "mcc"])
@pytest.mark.parametrize("n", [30, 300])
def test_change_of_a_metric_of_all_classes_when_simulated_then_its_interval_covers(
    metric: str, n: int
) -> None:
    share = np.array([0.6, 0.3, 0.1])
    wrong, broken, fixed = 0.15, 0.03, 0.1
    cells = [(t, a, b) for t in range(3) for a in range(3) for b in range(3)]
    p = np.array([_joint_share(cell, share[cell[0]], wrong, broken, fixed) for cell in cells])
    of = metric_of(metric)
    whole = paired_metric(of, CountTable.of(JOINT, cells, np.round(p * 1e8).astype(int)))
    assert whole is not None
    tries, hits = replicates(100), 0
    for seed in range(tries):
        counts = np.random.default_rng(seed).multinomial(n, p)
        found = paired_metric(of, CountTable.of(JOINT, cells, counts))
        end = change_of(found) if found else None
        hits += end is None or (end.lower or -1) <= whole.value <= (end.upper or 1)

    assert_rate_at_least(hits, tries, 0.95)


def _joint_share(
    cell: tuple[int, int, int], label: float, wrong: float, broken: float, fixed: float
) -> float:
    """Share of the examples with this label and these answers before and after."""
    truth, before, after = cell
    if before == truth:
        return label * (1 - wrong) * (1 - broken if after == truth else broken / 2)
    stays = (1 - fixed) if after == before else fixed if after == truth else 0.0
    return label * wrong / 2 * stays


def test_paired_change_when_rows_come_in_clusters_then_its_interval_covers() -> None:
    tries, hits, n_clusters, size = replicates(600), 0, 30, 20
    for seed in range(tries):
        rng = np.random.default_rng(seed)
        rates = rng.beta(2, 38, (n_clusters, 2)) * [1.0, 0.6]
        counts = rng.binomial(size, rates)
        n = n_clusters * size
        step = counts[:, 1] - counts[:, 0]
        value = float(step.sum()) / n
        spread = n_clusters / (n_clusters - 1) * ((step - value * size) ** 2).sum() / n**2
        bound = counts.sum() / n - value**2
        change = Flips(
            fixed=counts[:, 0].sum() / n,
            broken=counts[:, 1].sum() / n,
            n=n,
            n_eff=min(float(n), bound / spread),
            n_clusters=n_clusters,
        )
        found = change_of(change)
        hits += (found.lower or 0) <= 0.05 * (0.6 - 1) <= (found.upper or 0)

    assert_rate_within(hits, tries, 0.93, 0.98)


def test_weighted_change_when_a_heavy_weight_sits_on_few_rows_then_its_interval_covers() -> None:
    tries, hits = replicates(300), 0
    truth = (900 * (0.01 - 0.02) + 10 * 100 * (0.02 - 0.06)) / 1900
    for seed in range(tries):
        rng = np.random.default_rng(seed)
        light, heavy = (
            rng.multinomial(900, (0.02, 0.01, 0.97)),
            rng.multinomial(100, (0.06, 0.02, 0.92)),
        )
        change = FlipLevels(
            weights=(1.0, 10.0),
            n=(900, 100),
            fixed=(int(light[0]), int(heavy[0])),
            broken=(int(light[1]), int(heavy[1])),
        )
        found = change_of(change)
        hits += (found.lower or 0) <= truth <= (found.upper or 0)

    assert_rate_within(hits, tries, 0.92, 0.98)


@pytest.mark.parametrize("n", [100, 1000, 20_000])
@pytest.mark.parametrize("margin", [None, 0.0])
def test_progress_when_versions_are_equal_then_it_is_rarely_claimed(
    n: int, margin: float | None
) -> None:
    tries = replicates(400)
    same = (0.08, 0.02, 0.02)
    truth = {"train": (0.01, 0.01, 0.01), "train_dev": (0.04, 0.01, 0.01), "dev": same}
    claimed = 0
    for seed in range(tries):
        found = judged(truth, n, seed, margin)
        claimed += found.state == "better" or found.signature == "progress"

    assert_rate_at_most(claimed, tries, 0.05)


def test_exchange_when_it_is_planted_then_it_is_named() -> None:
    tries = replicates(150)
    truth = {
        "train": (0.01, 0.002, 0.022),
        "train_dev": (0.08, 0.005, 0.005),
        "dev": (0.09, 0.005, 0.005),
    }
    named = 0
    for seed in range(tries):
        found = judged(truth, 5000, seed)
        moved = {gap.name for gap in found.moved}
        named += found.signature == "exchange" and {"avoidable_bias", "variance"} <= moved

    assert_rate_at_least(named, tries, 0.90)


@pytest.mark.parametrize(
    ("signature", "truth"),
    [
        (
            "progress",
            {
                "train": (0.01, 0.003, 0.003),
                "train_dev": (0.03, 0.003, 0.003),
                "dev": (0.06, 0.045, 0.005),
            },
        ),
        (
            "two_gaps",
            {
                "train": (0.03, 0.035, 0.005),
                "train_dev": (0.05, 0.065, 0.005),
                "dev": (0.06, 0.065, 0.005),
            },
        ),
        (
            "side_effect",
            {
                "train": (0.01, 0.062, 0.002),
                "train_dev": (0.08, 0.02, 0.005),
                "dev": (0.09, 0.025, 0.005),
            },
        ),
        (
            "no_change",
            {
                "train": (0.02, 0.002, 0.002),
                "train_dev": (0.08, 0.004, 0.004),
                "dev": (0.10, 0.004, 0.004),
            },
        ),
    ],
)
def test_signature_when_it_is_planted_then_it_is_found(
    signature: str, truth: dict[str, tuple[float, float, float]]
) -> None:
    tries = replicates(100)
    found = sum(judged(truth, 8000, seed).signature == signature for seed in range(tries))

    assert_rate_at_least(found, tries, 0.90)
