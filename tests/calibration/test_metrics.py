from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from scipy.special import ndtr

from headway.counts import CountTable
from headway.stats.composites import Poisson
from headway.stats.confusion import of_confusion
from headway.stats.events import of_events
from headway.stats.measured import estimate, limits, point
from headway.stats.metrics import metric_of, user_metric
from headway.stats.scores import of_scores
from headway.stats.tallies import cell_draws
from tests.calibration.conftest import (
    assert_rate_at_least,
    assert_rate_at_most,
    assert_rate_within,
    replicates,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from headway.stats.forms import Measured

    Array = NDArray[np.float64]

pytestmark = pytest.mark.calibration

KEYS = ("label", "prediction")
MANY = 10**9
"""Examples of a table that stands for the truth."""


def square(counts: NDArray[Any]) -> CountTable:
    """A count table from a confusion matrix whose rows are labels."""
    k = len(counts)
    cells = [(i, j) for i in range(k) for j in range(k)]
    return CountTable.of(KEYS, cells, np.round(counts).astype(np.int64).ravel())


def binary(prevalence: float, tpr: float, fpr: float) -> Array:
    """Shares of the cells of two classes."""
    rest = 1 - prevalence
    return np.array([[rest * (1 - fpr), rest * fpr], [prevalence * (1 - tpr), prevalence * tpr]])


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


def test_f1_when_fifty_examples_are_there_then_covers_where_the_bootstrap_does_not() -> None:
    shares = binary(0.1, 0.8, 0.02)
    hits, total = covered(of("f1"), shares, 50, replicates(3000))
    assert_rate_within(hits, total, 0.955, 0.985)
    reps = replicates(1000)
    truth = 2 * shares[1, 1] / (2 * shares[1, 1] + shares[0, 1] + shares[1, 0])
    found = {"perks": 0, "bootstrap": 0}
    for seed in range(reps):
        rng = np.random.default_rng(seed)
        drawn = rng.multinomial(50, shares.ravel()).astype(float)
        cells = {
            "perks": cell_draws(drawn, 2000),
            "bootstrap": rng.multinomial(50, drawn / 50, 2000),
        }
        for how, n in cells.items():
            below = 2 * n[:, 3] + n[:, 1] + n[:, 2]
            lower, upper = np.quantile(2 * n[:, 3] / np.maximum(below, 1e-9), [0.025, 0.975])
            found[how] += lower <= truth <= upper
    assert_rate_within(found["perks"], reps, 0.91, 0.96)
    assert_rate_at_most(found["bootstrap"], reps, 0.88)


def test_f1_when_one_in_a_thousand_is_positive_then_covers() -> None:
    hits, total = covered(of("f1"), binary(0.001, 0.8, 0.0003), 20_000, replicates(2000))
    assert_rate_within(hits, total, 0.935, 0.97)


RARE = classes([0.62, 0.35, 0.03], [0.9, 0.8, 0.7])
"""Three classes, of which one makes up 3 %."""


@pytest.mark.parametrize(("n", "lowest"), [(300, 0.91), (1000, 0.935)])
def test_macro_f1_when_a_class_is_rare_then_draws_cover(n: int, lowest: float) -> None:
    hits, total = covered(of("macro_f1"), RARE, n, replicates(500))
    assert_rate_within(hits, total, lowest, 0.97)


def test_macro_f1_when_a_class_has_three_examples_then_covers_less_but_warns() -> None:
    hits, total = covered(of("macro_f1"), RARE, 100, replicates(400))
    assert_rate_within(hits, total, 0.84, 0.92)
    found = of("macro_f1")(square(RARE * 100))
    assert found is not None
    assert any("fewer than 10 examples" in said for said in estimate(found).warnings)


@pytest.mark.parametrize("text", ["f2", "mcc", "kappa", "weighted_f1", "balanced_accuracy"])
def test_composite_metric_when_each_class_is_usual_then_draws_cover(text: str) -> None:
    shares = classes([0.5, 0.3, 0.2], [0.9, 0.8, 0.7])
    hits, total = covered(of(text), shares, 300, replicates(300))
    assert_rate_within(hits, total, 0.93, 0.97)


@pytest.mark.parametrize("text", ["macro_f1", "mcc", "kappa", "balanced_accuracy", "weighted_f1"])
def test_composite_metric_when_there_are_many_classes_then_the_delta_method_covers(
    text: str,
) -> None:
    shares = classes([1 / 60] * 60, [0.8] * 60)
    hits, total = covered(of(text), shares, 2000, replicates(400))
    assert_rate_within(hits, total, 0.93, 0.97)


def test_metric_of_ones_own_when_drawn_then_covers() -> None:
    own = user_metric("g", lambda n: (n[1, 1] * n[0, 0]) ** 0.5 / sum(n.values()), maximize=True)
    hits, total = covered(
        lambda table: of_confusion(own, table), binary(0.3, 0.8, 0.1), 200, replicates(200)
    )
    assert_rate_within(hits, total, 0.93, 0.98)


@pytest.mark.parametrize("text", ["f1", "macro_f1", "mcc", "recall"])
def test_metric_when_one_example_in_ten_weighs_ten_then_covers(text: str) -> None:
    shares = np.concatenate([0.9 * binary(0.3, 0.8, 0.1), 0.1 * binary(0.3, 0.6, 0.2)])
    cells = [(i, j, w) for w in (1.0, 10.0) for i in (0, 1) for j in (0, 1)]

    def measure(n: NDArray[np.int64]) -> Measured | None:
        table = CountTable.of((*KEYS, "weight"), cells, n)
        weights = np.array(table.column("weight"), dtype=float)
        sums = {"w": table.n * weights, "w2": table.n * weights**2}
        bare = CountTable.of(KEYS, [cell[:2] for cell in table.cells], table.n, sums)
        return of_confusion(metric_of(text, positive=1), bare)

    truth = measure(np.round(shares.ravel() * MANY).astype(np.int64))
    hits, reps = 0, replicates(1000)
    for seed in range(reps):
        found = measure(np.random.default_rng(seed).multinomial(600, shares.ravel()))
        assert truth is not None
        assert found is not None
        lower, upper = limits(found)
        hits += lower <= point(truth) <= upper
    assert_rate_within(hits, reps, 0.93, 0.965)


EDGES = np.linspace(0, 1, 1025)
MIDDLES = (EDGES[1:] + EDGES[:-1]) / 2


def normal(mean: float) -> Array:
    """Shares of the bins of scores that are normal."""
    found = np.diff(ndtr((EDGES - mean) / 0.15))
    return np.asarray(found / found.sum())


def histogram(n: NDArray[np.int64], told: Array) -> CountTable:
    """A count table of scores; positive examples come first."""
    cells = tuple((label, b) for label in (1, 0) for b in range(n.shape[1]))
    sums = {f"score{k if k > 1 else ''}": (n * told**k).ravel() for k in (1, 2)}
    return CountTable(keys=("label", "score_bin"), cells=cells, n=n.ravel(), sums=sums)


@pytest.mark.parametrize(
    ("text", "prevalence", "apart", "n", "promised"),
    [
        ("auc", 0.2, 0.1, 100, (0.94, 0.975)),
        ("auc", 0.2, 0.3, 500, (0.94, 0.98)),
        ("auc", 0.02, 0.3, 500, (0.94, 0.995)),
        ("average_precision", 0.1, 0.3, 200, (0.92, 0.96)),
        ("average_precision", 0.1, 0.1, 1000, (0.935, 0.965)),
        ("average_precision", 0.01, 0.3, 5000, (0.93, 0.965)),
        ("recall_at(10%)", 0.1, 0.3, 300, (0.94, 0.98)),
        ("recall_at(10%)", 0.1, 0.3, 2000, (0.94, 0.975)),
        ("precision_at_recall(80%)", 0.1, 0.3, 2000, (0.95, 1.0)),
        ("brier", 0.2, 0.1, 300, (0.93, 0.97)),
    ],
)
def test_metric_of_scores_when_binned_then_covers(
    text: str, prevalence: float, apart: float, n: int, promised: tuple[float, float]
) -> None:
    shares = np.stack([prevalence * normal(0.4 + apart), (1 - prevalence) * normal(0.4)])
    metric = metric_of(text)
    truth = of_scores(metric, histogram(np.round(shares * MANY).astype(np.int64), MIDDLES))
    hits = total = 0
    for seed in range(replicates(500)):
        drawn = np.random.default_rng(seed).multinomial(n, shares.ravel()).reshape(2, -1)
        found = of_scores(metric, histogram(drawn, MIDDLES))
        if found is not None and truth is not None:
            lower, upper = limits(found)
            hits, total = hits + (lower <= point(truth) <= upper), total + 1
    assert_rate_within(hits, total, *promised)


@pytest.mark.parametrize(("n", "bias"), [(300, 0.0), (3000, 0.0), (300, 0.02), (1000, 0.1)])
def test_calibration_error_when_seen_then_its_interval_is_never_below_its_level(
    n: int, bias: float
) -> None:
    told = (np.arange(15) + 0.5) / 15
    rate = np.clip(told + bias * (1 + np.sin(2 * np.pi * told)), 0, 1)
    truth = float(np.abs(told - rate).mean())
    hits, reps = 0, replicates(200)
    for seed in range(reps):
        rng = np.random.default_rng(seed)
        size = rng.multinomial(n, np.full(15, 1 / 15))
        right = rng.binomial(size, rate)
        found = of_scores(metric_of("ece"), histogram(np.stack([right, size - right]), told))
        assert found is not None
        lower, upper = limits(found)
        hits += lower - 1e-12 <= truth <= upper
    assert_rate_at_least(hits, reps, 0.95)


def test_rate_of_events_when_devices_differ_then_dispersion_mends_the_interval() -> None:
    metric = metric_of("false_positives_per_24h")
    plain = mended = 0
    reps = replicates(2000)
    for seed in range(reps):
        rng = np.random.default_rng(seed)
        events = rng.poisson(rng.gamma(1.0, 3.0, 30))
        devices = [(int(x), 1.0) for x in events]
        found = of_events(metric, int(events.sum()), 30 * 86_400, by_device=devices)
        for m in (found, Poisson(n_events=found.n_events, exposure=found.exposure)):
            lower, upper = limits(m)
            hit = lower <= 3.0 <= upper
            plain, mended = plain + hit * (m is not found), mended + hit * (m is found)
    assert_rate_at_least(mended, reps, 0.92)
    assert plain / reps < 0.75
