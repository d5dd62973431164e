"""Rates of simulated hits against the rates that were promised.

A simulated rate is itself uncertain, so it passes unless an exact binomial test at one percent
rejects what was promised. ``HEADWAY_FULL=1`` runs ten times as many replicates.
"""

from __future__ import annotations

import os

import numpy as np
import pytest
from scipy.stats import binom

DOUBT = 0.01
"""Level of the test that a rate has to fail."""

FULL_FACTOR = 10


def replicates(few: int) -> int:
    """How many replicates to simulate."""
    return few * FULL_FACTOR if os.environ.get("HEADWAY_FULL") == "1" else few


def assert_rate_at_least(hits: int, n: int, promised: float) -> None:
    """Fail where so few hits would be a surprise if the promised rate were true."""
    surprise = binom.cdf(hits, n, promised)
    assert surprise >= DOUBT, f"{hits / n:.4f} of {n} where at least {promised} was promised"


def assert_rate_at_most(hits: int, n: int, promised: float) -> None:
    """Fail where so many hits would be a surprise if the promised rate were true."""
    surprise = binom.sf(hits - 1, n, promised)
    assert surprise >= DOUBT, f"{hits / n:.4f} of {n} where at most {promised} was promised"


def assert_rate_within(hits: int, n: int, lowest: float, highest: float) -> None:
    """Fail where the rate lies below the lowest or above the highest one promised."""
    assert_rate_at_least(hits, n, lowest)
    assert_rate_at_most(hits, n, highest)


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(7)
