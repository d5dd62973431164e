from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from scipy.stats import norm

from headway.counts import CountTable
from headway.findings import Verdict
from headway.joint import JointCounts
from headway.stats.composites import Poisson
from headway.stats.confusion import of_confusion
from headway.stats.forms import Binomial
from headway.stats.metrics import metric_of
from headway.stats.patterns import confusion_of
from headway.strategy.candidates import Candidate, Pairing, candidates
from headway.strategy.jointly import pairing
from headway.strategy.selection import judge
from headway.strategy.standing import kept
from headway.strategy.target import limit_of, policy
from tests.calibration.conftest import (
    assert_rate_at_least,
    assert_rate_at_most,
    assert_rate_within,
    replicates,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from headway.stats.forms import Estimate, Measured
    from headway.strategy.choices import Selection

pytestmark = pytest.mark.calibration

AIM = policy(maximize="accuracy")
F1 = metric_of("f1", positive=1)


def answers(
    accuracies: list[float], n: int, shared: float, rng: np.random.Generator
) -> NDArray[np.bool_]:
    """Right and wrong of models that find the same examples hard."""
    hard = rng.normal(size=(n, 1)) * np.sqrt(shared)
    own = rng.normal(size=(n, len(accuracies))) * np.sqrt(1 - shared)
    found: NDArray[np.bool_] = hard + own < norm.ppf(accuracies)
    return found


def chosen(right: NDArray[np.bool_], rng: np.random.Generator) -> Selection:
    """The choice among models on the same examples."""
    n, k = right.shape
    names = [f"m{i}" for i in range(k)]
    items = [
        Candidate(model=name, metrics={"accuracy": Binomial(n_errors=int(wins), n=n)})
        for name, wins in zip(names, right.sum(axis=0), strict=True)
    ]
    together = Pairing(
        names=tuple((name, "accuracy") for name in names),
        covariance=np.cov(right.T.astype(float), bias=True).reshape(k, k),
        n=n,
        counts_outcomes=True,
    )
    return judge(candidates(AIM, items, pairing=together), rng=rng)


@pytest.mark.parametrize(("k", "few"), [(2, 1000), (3, 600), (10, 150), (30, 50)])
def test_equal_models_when_compared_then_hardly_ever_is_one_called_better(k: int, few: int) -> None:
    tries, claims, losers = replicates(few), 0, 0
    for seed in range(tries):
        rng = np.random.default_rng(seed)
        found = chosen(answers([0.9] * k, 1000, 0.5, rng), rng)
        claims += found.choice is not None
        losers += any((m.behind.lower or 0) > 0 for m in found.models if m.behind is not None)

    assert_rate_at_most(claims, tries, 0.05)
    assert_rate_at_most(losers, tries, 0.05)


def test_equal_best_when_others_are_worse_then_they_stay_together() -> None:
    tries, lost = replicates(200), 0
    accuracies = [0.92, 0.92, 0.92, 0.90, 0.88, 0.80]
    for seed in range(tries):
        rng = np.random.default_rng(seed)
        found = chosen(answers(accuracies, 2000, 0.5, rng), rng)
        out = {m.model for m in found.models if m.behind is not None and (m.behind.lower or 0) > 0}
        lost += bool(out & {"m0", "m1", "m2"})

    assert_rate_at_most(lost, tries, 0.05)


def test_better_model_when_its_examples_are_enough_then_is_chosen() -> None:
    tries, hits = replicates(300), 0
    for seed in range(tries):
        rng = np.random.default_rng(seed)
        hits += chosen(answers([0.90, 0.93], 2000, 0.5, rng), rng).choice == "m1"

    assert_rate_at_least(hits, tries, 0.90)


def test_tie_when_the_examples_wanted_are_collected_then_is_broken_as_promised() -> None:
    truth, n = [0.90, 0.92], 600
    rng = np.random.default_rng(0)
    right = answers(truth, 400_000, 0.5, rng)
    apart = float((right[:, 0] != right[:, 1]).mean())
    z = norm.ppf(0.975) * np.sqrt(apart) + norm.ppf(0.8) * np.sqrt(apart - 0.02**2)
    wanted = int((z / 0.02) ** 2) + 1
    tries, hits = replicates(300), 0
    for seed in range(tries):
        rng = np.random.default_rng(seed)
        hits += chosen(answers(truth, wanted, 0.5, rng), rng).choice is not None

    assert wanted > n
    assert_rate_at_least(hits, tries, 0.76)


@pytest.mark.parametrize("n", [200, 2000])
def test_limit_when_said_to_be_kept_then_mostly_is(n: int) -> None:
    """Rates drawn evenly around the limit: of the statements, 95 % must be right."""
    limit, tries = limit_of("error <= 10%"), replicates(3000)
    said = right = broken = wrong = 0
    for seed in range(tries):
        rng = np.random.default_rng(seed)
        rate = rng.uniform(0.0, 0.2)
        seen = Binomial(n_errors=int(rng.binomial(n, rate)), n=n)
        verdict = kept("A", seen, limit, rng=rng).verdict
        said += verdict is Verdict.YES
        right += verdict is Verdict.YES and rate <= limit.bound
        broken += verdict is Verdict.NO
        wrong += verdict is Verdict.NO and rate <= limit.bound

    assert_rate_at_least(right, said, 0.95)
    assert_rate_at_most(wrong, broken, 0.05)


def test_limit_when_the_truth_lies_on_it_then_is_seldom_said_to_be_kept() -> None:
    limit, tries = limit_of("error <= 10%"), replicates(4000)
    said = 0
    for seed in range(tries):
        rng = np.random.default_rng(seed)
        seen = Binomial(n_errors=int(rng.binomial(500, 0.1)), n=500)
        said += kept("A", seen, limit, rng=rng).verdict is Verdict.YES

    assert_rate_at_most(said, tries, 0.06)


@pytest.mark.parametrize("hours", [72, 240])
def test_rate_of_events_when_on_its_limit_then_is_seldom_said_to_be_kept(hours: int) -> None:
    limit, tries, said = limit_of("false_positives_per_24h <= 1", positive=1), replicates(3000), 0
    for seed in range(tries):
        rng = np.random.default_rng(seed)
        seen = Poisson(n_events=int(rng.poisson(hours / 24)), exposure=hours / 24)
        said += kept("A", seen, limit, rng=rng).verdict is Verdict.YES

    assert_rate_at_most(said, tries, 0.05)


def test_probability_when_many_models_have_it_then_it_is_how_often_they_keep_the_limit() -> None:
    limit, tries = limit_of("error <= 10%"), replicates(4000)
    stated, truly = [], []
    for seed in range(tries):
        rng = np.random.default_rng(seed)
        rate = rng.beta(0.5, 0.5)
        seen = Binomial(n_errors=int(rng.binomial(100, rate)), n=100)
        stated.append(kept("A", seen, limit, rng=rng).probability)
        truly.append(rate <= limit.bound)
    middle = (np.array(stated) > 0.3) & (np.array(stated) < 0.9)
    expected = float(np.array(stated)[middle].mean())

    hits, n = int(np.array(truly)[middle].sum()), int(middle.sum())
    assert_rate_within(hits, n, expected, expected)


def answered(n: int, rng: np.random.Generator) -> JointCounts:
    """Two models on the same examples, a tenth of them positive."""
    label = rng.random(n) < 0.1
    hard = rng.normal(size=n)
    found = np.zeros(n, dtype=np.int64)
    for bit, skill in enumerate((1.2, 0.9)):
        miss = norm.cdf(rng.normal(size=n) * 0.7 + hard * 0.7) > norm.cdf(skill)
        says = np.where(label, ~miss, rng.random(n) < 0.02 + 0.02 * bit)
        found += says.astype(np.int64) << bit
    cells, counts = np.unique(np.stack([found, label], axis=1), axis=0, return_counts=True)
    keys = [("dev", int(pattern), int(positive)) for pattern, positive in cells.tolist()]
    return JointCounts(
        models=("a", "b"),
        answers="positive",
        base=2,
        classes=(1,),
        table=CountTable.of(("split", "pattern", "label"), keys, counts),
        unshared={},
        n_shared=n,
    )


def f1_gap(joint: JointCounts) -> Estimate:
    """The paired difference of the F1 of two models."""
    items = []
    for model in joint.models:
        measured: Measured | None = of_confusion(F1, confusion_of(joint, model))
        assert measured is not None
        items.append(Candidate(model=model, metrics={F1.name: measured}))
    aim = policy(maximize="f1", positive=1)
    return candidates(aim, items, pairing=pairing(F1, joint)).behind(0, 1, level=0.95)


@pytest.mark.parametrize("n", [300, 2000])
def test_difference_of_f1_when_paired_then_its_interval_covers(n: int) -> None:
    truth = f1_gap(answered(4_000_000, np.random.default_rng(99))).estimate
    tries, hits = replicates(1500), 0
    for seed in range(tries):
        found = f1_gap(answered(n, np.random.default_rng(seed)))
        hits += (found.lower or 0) <= truth <= (found.upper or 0)

    assert_rate_within(hits, tries, 0.94, 0.985)
