from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from headway.counts import CountTable
from headway.joint import JointCounts
from headway.stats.confusion import of_confusion
from headway.stats.metrics import metric_of
from headway.stats.patterns import confusion_of
from headway.strategy.candidates import Candidate, candidates
from headway.strategy.jointly import answers_for, pairing
from headway.strategy.target import policy

if TYPE_CHECKING:
    from collections.abc import Sequence

    from headway.stats.forms import Measured

VECTORS = {
    vector["name"]: vector
    for vector in json.loads(
        (Path(__file__).parents[2] / "methods_vectors.json").read_text(encoding="utf-8")
    )["vectors"]
}


def counted(
    cells: Sequence[tuple[str, int, Any]], n: Sequence[int], *, answers: str, classes: Sequence[Any]
) -> JointCounts:
    """Joint counts of two models by label."""
    table = CountTable.of(("split", "pattern", "label"), cells, n)
    return JointCounts(
        models=("A", "B"),
        answers=answers,
        base=max(2, len(classes)),
        classes=tuple(classes),
        table=table,
        unshared={},
        n_shared=table.total,
    )


def f1_case() -> JointCounts:
    """The joint cells of the vector."""
    cells = VECTORS["paired_f1_difference"]["inputs"]["joint_cells"]
    return counted(
        [("dev", cell["a"] + 2 * cell["b"], cell["label"]) for cell in cells],
        [cell["n"] for cell in cells],
        answers="positive",
        classes=[1],
    )


def test_f1_of_two_models_when_paired_then_its_noise_is_the_vector() -> None:
    case, metric = VECTORS["paired_f1_difference"], metric_of("f1", positive=1)
    found, expected = pairing(metric, f1_case()), case["expected"]
    c = found.covariance
    se = np.sqrt((c[0, 0] + c[1, 1] - 2 * c[0, 1]) / found.n)
    assert expected["delta_se"] == pytest.approx(se, abs=1e-9)


def test_f1_of_two_models_when_compared_then_the_interval_is_that_of_the_bootstrap() -> None:
    case, metric, joint = VECTORS["paired_f1_difference"], metric_of("f1", positive=1), f1_case()
    items = []
    for model in joint.models:
        measured: Measured | None = of_confusion(metric, confusion_of(joint, model))
        assert measured is not None
        items.append(Candidate(model=model, metrics={metric.name: measured}))
    aim = policy(maximize="f1", positive=1)
    found = candidates(aim, items, pairing=pairing(metric, joint))
    gap = found.behind(0, 1, level=0.95)
    expected = case["expected"]
    assert expected["difference"] == pytest.approx(gap.estimate)
    assert expected["bootstrap_percentile"] == pytest.approx(
        [gap.lower, gap.upper], abs=case["tolerance"]
    )
    drawn = found.drawn(np.random.default_rng(0), 20_000)[:, :, 0]
    better = float((drawn[:, 0] > drawn[:, 1]).mean())
    assert expected["p_A_better"] == pytest.approx(better, abs=0.005)


def test_macro_f1_when_paired_then_the_diagonal_is_its_own_variance() -> None:
    rng = np.random.default_rng(3)
    truth = rng.integers(0, 3, 600)
    guesses = [np.where(rng.random(600) < 0.8, truth, rng.integers(0, 3, 600)) for _ in range(2)]
    patterns = guesses[0] + 3 * guesses[1]
    cells = [("dev", int(p), int(t)) for p, t in zip(patterns, truth, strict=True)]
    joint = counted(cells, [1] * 600, answers="class", classes=[0, 1, 2])
    found = pairing(metric_of("macro_f1"), joint)

    def macro(rows: np.ndarray[Any, Any], guess: np.ndarray[Any, Any]) -> float:
        t, g = truth[rows], guess[rows]
        parts = [
            2 * ((t == k) & (g == k)).sum() / ((t == k).sum() + (g == k).sum()) for k in (0, 1, 2)
        ]
        return float(np.mean(parts))

    draws = np.array(
        [[macro(rows, g) for g in guesses] for rows in rng.integers(0, 600, (2000, 600))]
    )
    assert np.cov(draws.T) == pytest.approx(found.covariance / found.n, rel=0.15, abs=2e-5)


def test_outcomes_when_paired_then_count_examples() -> None:
    table = CountTable.of(("split", "pattern"), [("dev", 1), ("dev", 3)], [25, 75])
    joint = JointCounts(
        models=("A", "B"),
        answers="correct",
        base=2,
        classes=(),
        table=table,
        unshared={},
        n_shared=100,
    )
    found = pairing(metric_of("error"), joint)
    assert found.counts_outcomes
    assert 0.1875 == found.covariance[1, 1]
    assert not pairing(metric_of("error"), joint, is_plain=False).counts_outcomes


@pytest.mark.parametrize(
    ("name", "answers"),
    [("accuracy", "correct"), ("f1", "positive"), ("mcc", "class"), ("macro_recall", "class")],
)
def test_answers_when_asked_for_then_are_the_fewest_that_tell(name: str, answers: str) -> None:
    metric = metric_of(name.replace("macro_recall", "balanced_accuracy"))
    assert answers == answers_for(metric)
