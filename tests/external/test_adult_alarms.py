"""How often random splits of the census are called different, and planted shifts are found."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl
import pytest

import headway
from headway.findings import Verdict
from tests.calibration.conftest import assert_rate_at_least, assert_rate_at_most, replicates

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

pytestmark = [pytest.mark.external, pytest.mark.slow]

SHIFT = 0.15


def people(folder: Path) -> pl.DataFrame:
    """The rows of the census, without its own split."""
    return pl.read_parquet(folder / "adult" / "adult.parquet").drop("split")


def verdict(rows: pl.DataFrame, chosen: NDArray[np.int64], seed: int) -> Verdict:
    """The verdict on dev and test, the first and the second half of the chosen rows."""
    split = np.repeat(["dev", "test"], len(chosen) // 2)
    given = rows[chosen].with_columns(split=pl.Series(split))
    found = headway.check_splits(given, columns={"label": "income"}, margin=0.5, seed=seed)
    return found.result.alike[0].verdict


@pytest.mark.parametrize("n", [200, 1000, 5000])
def test_random_splits_when_checked_then_are_seldom_called_different(
    external_data: Path, n: int
) -> None:
    rows, tries = people(external_data), replicates(40)
    alarms = sum(
        verdict(rows, np.random.default_rng(s).permutation(len(rows))[: 2 * n], s) == Verdict.YES
        for s in range(tries)
    )
    assert_rate_at_most(alarms, tries, 0.05)


@pytest.mark.parametrize("column", ["income", "sex", "race"])
@pytest.mark.parametrize("n", [1000, 4000])
def test_shifts_when_planted_in_a_column_then_are_found(
    external_data: Path, column: str, n: int
) -> None:
    rows, tries = people(external_data), replicates(20)
    values = rows[column].to_numpy()
    often = values == rows[column].mode()[0]
    share = often.mean()
    found = 0
    for seed in range(tries):
        rng = np.random.default_rng(seed)
        dev = rng.permutation(len(rows))[:n]
        n_often = round((share - SHIFT) * n)
        test = [rng.permutation(np.flatnonzero(often))[:n_often]]
        test.append(rng.permutation(np.flatnonzero(~often))[: n - n_often])
        found += verdict(rows, np.concatenate([dev, *test]), seed) == Verdict.YES
    assert_rate_at_least(found, tries, 0.95)


@pytest.mark.parametrize("n", [1000, 4000])
def test_shifts_when_planted_in_the_age_then_are_found(external_data: Path, n: int) -> None:
    rows, tries = people(external_data), replicates(20)
    age = rows["age"].to_numpy()
    tilt = np.exp(0.36 * (age - age.mean()) / age.std())  # an AUC of 0.60 by age alone
    found = 0
    for seed in range(tries):
        rng = np.random.default_rng(seed)
        test = rng.choice(len(rows), n, replace=False, p=tilt / tilt.sum())
        dev = rng.permutation(np.setdiff1d(np.arange(len(rows)), test))[:n]
        found += verdict(rows, np.concatenate([dev, test]), seed) == Verdict.YES
    assert_rate_at_least(found, tries, 0.95)
