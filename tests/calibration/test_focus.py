from __future__ import annotations

import numpy as np
import pytest

from headway.stats.forms import Binomial, Fixed
from headway.strategy.gaps import judge_rungs
from headway.strategy.human import Tier, of_tiers
from headway.strategy.ladder import RUNGS, Ladder
from tests.calibration.conftest import assert_rate_at_least, assert_rate_at_most, replicates

pytestmark = pytest.mark.calibration


def focus(rates: list[float], n: int, seed: int, margin: float = 0.0) -> tuple[str, ...]:
    """The focus of one simulated ladder, the first rate being the declared human level."""
    rng = np.random.default_rng(seed)
    counts = {
        name: Binomial(n_errors=int(rng.binomial(n, rate)), n=n)
        for name, rate in zip(RUNGS[1:], rates[1:], strict=False)
    }
    people = of_tiers([Tier(name="people", measured=Fixed(value=rates[0]))])
    settings = Ladder(margin=margin, n_draws=200)
    return judge_rungs(counts, rng=rng, reference=people, settings=settings).focus


@pytest.mark.parametrize("n_gaps", [3, 5])
@pytest.mark.parametrize(("n", "rate"), [(100, 0.3), (1000, 0.05), (20_000, 0.005)])
def test_focus_when_no_gap_is_true_then_it_is_rare(n: int, rate: float, n_gaps: int) -> None:
    tries = replicates(300)
    false = sum(bool(focus([rate] * (n_gaps + 1), n, seed)) for seed in range(tries))

    assert_rate_at_most(false, tries, 0.05)


@pytest.mark.parametrize(
    ("planted", "rates"),
    [
        ("avoidable_bias", [0.01, 0.08, 0.085, 0.09]),
        ("variance", [0.01, 0.015, 0.09, 0.095]),
        ("data_mismatch", [0.01, 0.015, 0.02, 0.10]),
    ],
)
def test_focus_when_one_gap_is_planted_then_it_is_found(planted: str, rates: list[float]) -> None:
    tries = replicates(100)
    found = sum(focus(rates, 2000, seed, 0.01) == (planted,) for seed in range(tries))

    assert_rate_at_least(found, tries, 0.95)


def test_largest_when_said_with_nine_tenths_then_it_is_right_that_often() -> None:
    rates, n, tries = [0.02, 0.06, 0.09, 0.14], 1000, replicates(300)
    said = right = 0
    for seed in range(tries):
        rng = np.random.default_rng(seed)
        counts = {
            name: Binomial(n_errors=int(rng.binomial(n, rate)), n=n)
            for name, rate in zip(RUNGS[1:], rates[1:], strict=False)
        }
        people = of_tiers([Tier(name="people", measured=Fixed(value=rates[0]))])
        found = judge_rungs(counts, rng=rng, reference=people, settings=Ladder(n_draws=1000))
        top = max(found.gaps, key=lambda gap: gap.p_largest or 0.0)
        if (top.p_largest or 0.0) >= 0.9:
            said += 1
            right += top.name == "data_mismatch"

    assert said > 0
    assert_rate_at_least(right, said, 0.9)
