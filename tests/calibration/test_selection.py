from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from scipy.stats import norm

from headway.findings import Verdict
from headway.stats.composites import Poisson
from headway.stats.forms import Binomial
from headway.strategy.candidates import Candidate, Pairing, candidates
from headway.strategy.selection import judge
from headway.strategy.target import policy
from tests.calibration.conftest import assert_rate_at_least, assert_rate_at_most, replicates

if TYPE_CHECKING:
    from headway.strategy.choices import Selection

pytestmark = pytest.mark.calibration

N = 1_000


def choose(shares: list[float], seed: int, *, shared: float = 0.7) -> Selection:
    """The choice among models that err together, from the answers to the same examples."""
    rng = np.random.default_rng(seed)
    hard = rng.standard_normal((N, 1)) * shared**0.5
    own = rng.standard_normal((N, len(shares))) * (1 - shared) ** 0.5
    right = hard + own < np.array([_quantile(share) for share in shares])
    names = [f"m{i}" for i in range(len(shares))]
    items = [
        Candidate(model=name, metrics={"accuracy": Binomial(n_errors=int(k), n=N)})
        for name, k in zip(names, right.sum(axis=0), strict=True)
    ]
    pairing = Pairing(
        names=tuple((name, "accuracy") for name in names),
        covariance=np.cov(right.T, bias=True).reshape(len(names), len(names)),
        n=N,
        counts_outcomes=True,
    )
    made = candidates(policy(maximize="accuracy"), items, pairing=pairing)
    return judge(made, rng=rng)


def _quantile(share: float) -> float:
    """The point below which a standard normal lies with this probability."""
    return float(norm.ppf(share))


@pytest.mark.parametrize("k", [2, 10])
def test_choice_when_all_models_are_equally_good_then_is_rarely_made(k: int) -> None:
    tries = replicates(150)
    made = sum(choose([0.9] * k, seed).choice is not None for seed in range(tries))
    assert_rate_at_most(made, tries, 0.05)


def test_choice_when_one_model_is_better_then_is_that_one() -> None:
    tries = replicates(60)
    right = sum(choose([0.88, 0.88, 0.95], seed).choice == "m2" for seed in range(tries))
    assert_rate_at_least(right, tries, 0.95)


@pytest.mark.parametrize("n", [200, 2_000])
def test_limit_when_called_kept_then_holds_that_often(n: int) -> None:
    """Rates drawn around the limit: of those called kept, few break it."""
    rng = np.random.default_rng(5)
    aim = policy(maximize="accuracy", subject_to="false_positive_rate <= 0.05", positive=1)
    name = aim.limits[0].metric.name
    said = held = 0
    for _ in range(replicates(600)):
        rate = rng.uniform(0.0, 0.1)
        seen = Binomial(n_errors=int(rng.binomial(n, rate)), n=n)
        metrics = {"accuracy": Binomial(n_errors=900, n=1000), name: seen}
        made = candidates(aim, [Candidate(model="m", metrics=metrics)])
        (limit,) = judge(made, rng=rng).models[0].limits
        said += limit.verdict is Verdict.YES
        held += limit.verdict is Verdict.YES and rate <= 0.05
    assert said > 100
    assert_rate_at_least(held, said, 0.95)


def test_rate_in_time_when_it_is_at_the_limit_then_is_rarely_called_kept() -> None:
    rng = np.random.default_rng(6)
    aim = policy(maximize="accuracy", subject_to="false_positives_per_24h <= 1", positive=1)
    name, tries = aim.limits[0].metric.name, replicates(400)
    said = 0
    for _ in range(tries):
        seen = Poisson(n_events=float(rng.poisson(10)), exposure=10.0)
        metrics = {"accuracy": Binomial(n_errors=900, n=1000), name: seen}
        made = candidates(aim, [Candidate(model="m", metrics=metrics)])
        said += judge(made, rng=rng).models[0].limits[0].verdict is Verdict.YES
    assert_rate_at_most(said, tries, 0.05)
