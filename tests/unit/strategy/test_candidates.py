from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from headway.errors import TargetError
from headway.stats.forms import Binomial, Fixed, Mean
from headway.stats.measured import variance
from headway.strategy.candidates import Candidate, Pairing, candidates
from headway.strategy.target import policy

if TYPE_CHECKING:
    from headway.stats.forms import Measured
    from headway.strategy.candidates import Candidates

VECTORS = {
    vector["name"]: vector
    for vector in json.loads(
        (Path(__file__).parents[2] / "methods_vectors.json").read_text(encoding="utf-8")
    )["vectors"]
}

CELLS = (30, 15, 900, 55)
"""Only a right, only b right, both, neither."""


def two(cells: tuple[int, int, int, int] = CELLS, *, aim: str = "accuracy") -> Candidates:
    """Two models on the same examples."""
    only_a, only_b, both, neither = cells
    n = sum(cells)
    right = np.repeat([[1, 0], [0, 1], [1, 1], [0, 0]], [only_a, only_b, both, neither], axis=0)
    accuracies = right.sum(axis=0).tolist()
    items = [
        Candidate(model=name, metrics={"accuracy": Binomial(n_errors=k, n=n)})
        for name, k in zip("ab", accuracies, strict=True)
    ]
    pairing = Pairing(
        names=(("a", "accuracy"), ("b", "accuracy")),
        covariance=np.cov(right.T, bias=True),
        n=n,
        counts_outcomes=True,
    )
    return candidates(policy(maximize=aim), items, pairing=pairing)


def given(aim: dict[str, Any], *models: dict[str, Measured]) -> Candidates:
    """Models called a, b, ... without a pairing."""
    items = [Candidate(model=name, metrics=m) for name, m in zip("abcdef", models, strict=False)]
    return candidates(policy(**aim), items)


def test_difference_when_paired_by_outcome_then_is_the_vector() -> None:
    case = VECTORS["paired_mcnemar_bonett_price"]
    found = two().behind(0, 1, level=0.95)
    expected = case["expected"]
    assert expected["difference_accuracy_A_minus_B"] == pytest.approx(found.estimate)
    ends = expected["bonett_price"]
    assert (ends["lower"], ends["upper"]) == pytest.approx(
        (found.lower, found.upper), abs=case["tolerance"]
    )
    assert ("Bonett-Price", 1000) == (found.method, found.n)


def test_discordance_when_read_off_the_covariance_then_is_that_of_the_counts() -> None:
    assert 0.045 == pytest.approx(two().apart(0, 1))
    assert two().pairs_with(0, 1)


def test_difference_when_turned_round_then_is_mirrored() -> None:
    one, other = two().behind(0, 1, level=0.95), two().behind(1, 0, level=0.95)
    assert (one.estimate, one.lower) == pytest.approx((-other.estimate, -(other.upper or 0)))


def test_difference_when_unpaired_then_is_wider() -> None:
    paired = two()
    alone = candidates(paired.policy, paired.items)
    wide, narrow = (each.behind(0, 1, level=0.95) for each in (alone, paired))
    assert wide.method == "MOVER"
    assert (wide.upper or 0) - (wide.lower or 0) > 1.2 * ((narrow.upper or 0) - (narrow.lower or 0))
    assert alone.apart(0, 1) is None
    assert not alone.pairs_with(0, 1)


def test_covariance_when_paired_then_its_difference_is_that_of_the_pairs() -> None:
    found = two()
    expected = (0.045 - 0.015**2) / 1000
    assert expected == pytest.approx(found.spread(0, 1), rel=0.01)


def test_numbers_when_declared_then_have_no_interval() -> None:
    found = given(
        {"maximize": "accuracy"}, {"accuracy": Fixed(value=0.9)}, {"accuracy": Fixed(value=0.8)}
    )
    gap = found.behind(0, 1, level=0.95)
    assert 0.1 == pytest.approx(gap.estimate)
    assert (None, None, None) == (gap.lower, gap.upper, gap.n)
    assert found.is_declared(0)


def test_smaller_is_better_when_minimized_then_the_value_turns() -> None:
    found = given({"minimize": "error"}, {"error": Binomial(n_errors=5, n=100)})
    assert -0.05 == found.value(0)
    assert 100 == found.n(0)


def test_sum_when_judged_then_adds_up_values_limits_and_noise() -> None:
    time = "mean(running_time_ms)"
    a: dict[str, Measured] = {
        "accuracy": Binomial(n_errors=900, n=1000),
        time: Mean(mean=80.0, variance=400.0, n=50, skew=0.0),
    }
    b: dict[str, Measured] = {"accuracy": Binomial(n_errors=880, n=1000), time: Fixed(value=95.0)}
    found = given({"maximize": "accuracy - 0.001*running_time_ms"}, a, b)
    assert (0.82, 0.785) == pytest.approx((found.value(0), found.value(1)))
    assert 50 == found.n(0)
    noise = variance(a["accuracy"]) + 1e-6 * 8 + variance(b["accuracy"])
    assert noise == pytest.approx(found.spread(0, 1))
    gap = found.behind(0, 1, level=0.95)
    assert 1.96 * noise**0.5 == pytest.approx(((gap.upper or 0) - (gap.lower or 0)) / 2, rel=0.03)


def test_draws_when_models_err_together_then_keep_margins_and_correlation() -> None:
    drawn = two().drawn(np.random.default_rng(0), 20_000)
    assert (20_000, 2, 1) == drawn.shape
    assert (0.93, 0.915) == pytest.approx(drawn.mean(axis=(0, 2)), abs=0.002)
    right = np.corrcoef(drawn[:, 0, 0], drawn[:, 1, 0])[0, 1]
    expected = (0.9 - 0.93 * 0.915) / (0.93 * 0.07 * 0.915 * 0.085) ** 0.5
    assert expected == pytest.approx(right, abs=0.02)


def test_pairing_when_a_model_saw_more_examples_then_correlates_less() -> None:
    found = two()
    more = Candidate(model="b", metrics={"accuracy": Binomial(n_errors=3660, n=4000)})
    apart = candidates(found.policy, [found.items[0], more], pairing=found.pairing)
    assert found.correlation is not None
    assert apart.correlation is not None
    assert found.correlation[0, 1] / 2 == pytest.approx(apart.correlation[0, 1])
    assert apart.apart(0, 1) is None


def test_metric_when_a_model_lacks_it_then_it_is_refused() -> None:
    with pytest.raises(TargetError, match="The metric 'f1' is not known of model 'a'"):
        given({"maximize": "f1"}, {"accuracy": Fixed(value=0.9)})
