"""How often splits of one distribution are called different, and planted shifts are found."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from scipy.stats import norm
from sklearn.datasets import load_digits

import headway
from headway.findings import Verdict
from tests.calibration.conftest import assert_rate_at_least, assert_rate_at_most, replicates

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

pytestmark = pytest.mark.calibration

DIGITS = load_digits()
REGIONS = 8
SHIFT = 0.15
"""Total variation of a planted shift of regions or labels."""

AUC = 0.60
"""How well the best rule of all tells the planted domains apart."""


def verdict(rows: dict[str, Any], n: int, **options: Any) -> Verdict:
    """The verdict on dev and test, the first and the second half of some rows."""
    split = np.repeat(["dev", "test"], n)
    found = headway.check_splits({**rows, "split": split}, margin=0.5, **options).result
    return found.alike[0].verdict


def digits(chosen: NDArray[np.int64]) -> dict[str, Any]:
    """Images of digits, each third pixel a column."""
    pixels = DIGITS.data[chosen, ::3].astype(np.int64)
    return {"label": DIGITS.target[chosen], **{f"x{i}": c for i, c in enumerate(pixels.T)}}


def same_digits(rng: np.random.Generator, n: int) -> dict[str, Any]:
    """Two random parts of the digits."""
    return digits(rng.permutation(len(DIGITS.data))[: 2 * n])


def same_rows(rng: np.random.Generator, n: int) -> dict[str, Any]:
    """Two samples of one population with numbers, values, and rare values."""
    return {
        "region": rng.integers(0, REGIONS, 2 * n),
        "label": rng.random(2 * n) < 0.05,
        "size": rng.lognormal(size=2 * n),
        "device": rng.choice(
            40, 2 * n, p=np.geomspace(1, 1e-3, 40) / np.geomspace(1, 1e-3, 40).sum()
        ),
    }


def region(rng: np.random.Generator, n: int) -> dict[str, Any]:
    """Test holds more of four regions and less of four others."""
    tilt = np.repeat([1 + 2 * SHIFT, 1 - 2 * SHIFT], REGIONS // 2) / REGIONS
    return {
        **same_rows(rng, n),
        "region": np.concatenate([rng.integers(0, REGIONS, n), rng.choice(REGIONS, n, p=tilt)]),
    }


def label(rng: np.random.Generator, n: int) -> dict[str, Any]:
    """Test holds more of five digits and less of five others."""
    weights = np.where(DIGITS.target < 5, 1 + 2 * SHIFT, 1 - 2 * SHIFT)
    order = rng.permutation(len(DIGITS.data))
    dev, pool = order[:n], order[n:]
    chances = weights[pool] / weights[pool].sum()
    return digits(np.concatenate([dev, rng.choice(pool, n, p=chances)]))


def covariate(rng: np.random.Generator, n: int) -> dict[str, Any]:
    """Test lies further in a direction that no single one of four columns shows in full."""
    far = np.sqrt(2) * norm.ppf(AUC)
    numbers = rng.normal(size=(2 * n, 4))
    numbers[n:] += far / 2
    return {f"x{i}": column for i, column in enumerate(numbers.T)}


@pytest.mark.parametrize("make", [same_digits, same_rows])
@pytest.mark.parametrize("n", [200, 800])
def test_splits_when_of_one_distribution_then_are_seldom_called_different(
    make: Callable[[np.random.Generator, int], dict[str, Any]], n: int
) -> None:
    tries = replicates(60)
    alarms = sum(
        verdict(make(np.random.default_rng(seed), n), n, seed=seed) == Verdict.YES
        for seed in range(tries)
    )
    assert_rate_at_most(alarms, tries, 0.05)


def test_splits_when_in_groups_of_one_distribution_then_are_seldom_called_different() -> None:
    tries, n_groups, size = replicates(60), 60, 20
    alarms = 0
    for seed in range(tries):
        rng = np.random.default_rng(seed)
        group = np.repeat(np.arange(n_groups), size)
        rows = {f"x{i}": rng.normal(size=n_groups)[group] for i in range(2)}
        rows = {name: x + 0.3 * rng.normal(size=len(x)) for name, x in rows.items()}
        alarms += verdict({**rows, "group": group}, n_groups * size // 2) == Verdict.YES
    assert_rate_at_most(alarms, tries, 0.05)


@pytest.mark.parametrize(
    ("plant", "n"),
    [(region, 1000), (region, 4000), (label, 850), (covariate, 1000), (covariate, 4000)],
)
def test_shifts_when_planted_then_are_found(
    plant: Callable[[np.random.Generator, int], dict[str, Any]], n: int
) -> None:
    tries = replicates(40)
    found = sum(
        verdict(plant(np.random.default_rng(seed), n), n, seed=seed) == Verdict.YES
        for seed in range(tries)
    )
    assert_rate_at_least(found, tries, 0.95)


@pytest.mark.parametrize("plant", [region, label, covariate])
def test_shifts_when_sets_are_small_then_are_never_called_alike(
    plant: Callable[[np.random.Generator, int], dict[str, Any]],
) -> None:
    tries, n = replicates(40), 200
    alike = sum(
        verdict(plant(np.random.default_rng(seed), n), n, seed=seed) == Verdict.NO
        for seed in range(tries)
    )
    assert_rate_at_most(alike, tries, 0.05)


@pytest.mark.parametrize("n", [500, 2000])
def test_interval_of_the_auc_when_made_then_holds_it(n: int) -> None:
    tries, held = replicates(80), 0
    for seed in range(tries):
        rng = np.random.default_rng(seed)
        x = np.concatenate([rng.normal(size=n), rng.normal(np.sqrt(2) * norm.ppf(0.7), size=n)])
        split = np.repeat(["dev", "test"], n)
        found = headway.check_splits({"x": x, "split": split}, seed=seed).result.alike[0]
        test = next(t for t in found.tests if t.kind == "classifier")
        held += (test.lower or 0.0) <= 0.7 <= (test.upper or 1.0)
    assert_rate_at_least(held, tries, 0.93)
