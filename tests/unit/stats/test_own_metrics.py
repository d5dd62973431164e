from __future__ import annotations

from math import sqrt
from typing import TYPE_CHECKING

import numpy as np
import pytest

from headway.counts import CountTable
from headway.stats.composites import Sampled
from headway.stats.confusion import of_confusion
from headway.stats.forms import Mean
from headway.stats.measured import point, variance
from headway.stats.metrics import metric_of, user_metric
from headway.stats.own_metrics import of_user, user_slopes
from headway.stats.tallies import tally_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from headway.counts import Scalar

    Counts = Mapping[tuple[Scalar, ...], float]


def f1(n: Counts) -> float:
    return 2 * n[1, 1] / (2 * n[1, 1] + n[0, 1] + n[1, 0])


def error(n: Counts) -> float:
    return sum(count for (i, j), count in n.items() if i != j) / sum(n.values())


F1 = user_metric("my_f1", f1, maximize=True)
ERROR = user_metric("my_error", error, maximize=False)
PAIRS = [(0, 0), (0, 1), (1, 0), (1, 1)]


def weighted() -> CountTable:
    cells = [(*pair, weight) for pair in PAIRS for weight in (1.0, 5.0)]
    return CountTable.of(("label", "prediction", "weight"), cells, [300, 99, 20, 7, 15, 9, 110, 31])


def test_metric_of_ones_own_when_it_is_f1_then_has_its_value_and_noise() -> None:
    table = CountTable.of(("label", "prediction"), PAIRS, [400, 20, 15, 110])
    found, known = of_user(F1, tally_of(table)), of_confusion(metric_of("f1"), table)
    assert isinstance(found, Sampled)
    assert known is not None
    assert point(known) == pytest.approx(found.value)
    assert sqrt(variance(known)) == pytest.approx(found.draws.std(), rel=0.06)


def test_metric_of_ones_own_when_examples_carry_weights_then_uses_the_delta_method() -> None:
    found, known = of_user(F1, tally_of(weighted())), of_confusion(metric_of("f1"), weighted())
    assert isinstance(found, Mean)
    assert known is not None
    assert point(known) == pytest.approx(found.mean)
    assert variance(known) == pytest.approx(variance(found), rel=0.02)


def test_metric_of_ones_own_when_a_pair_has_no_examples_then_is_told_of_it() -> None:
    table = CountTable.of(("label", "prediction"), [(0, 1), (1, 1)], [20, 110])
    seen: list[set[tuple[Scalar, ...]]] = []

    def watched(n: Counts) -> float:
        seen.append(set(n))
        return n[1, 0]

    of_user(user_metric("watched", watched, maximize=True), tally_of(table))
    assert set(PAIRS) == seen[0]


def test_metric_of_ones_own_when_it_divides_by_zero_then_is_none() -> None:
    table = CountTable.of(("label", "prediction"), [(0, 0)], [20])
    never = user_metric("never", lambda n: 1 / (n.get((1, 1), 0.0)), maximize=True)
    nan = user_metric("nan", lambda _: float("nan"), maximize=True)
    assert None is of_user(never, tally_of(table))
    assert None is of_user(nan, tally_of(table))


def test_metric_of_ones_own_when_only_the_counts_have_a_value_then_is_none() -> None:
    table = CountTable.of(("label", "prediction"), PAIRS, [5, 5, 5, 5])
    odd = user_metric("odd", lambda n: 1 / (n[0, 0] == 5.0), maximize=True)
    assert None is of_user(odd, tally_of(table))


def test_metric_of_ones_own_when_there_are_many_classes_then_sees_those_that_occur() -> None:
    rng = np.random.default_rng(3)
    pairs = list(zip(rng.integers(0, 80, 500), rng.integers(0, 80, 500), strict=True))
    cells = [(int(i), int(j)) for i, j in pairs]
    table = CountTable.of(("label", "prediction"), cells, np.ones(500, dtype=int))
    found, known = of_user(ERROR, tally_of(table)), of_confusion(metric_of("error"), table)
    assert found is not None
    assert known is not None
    assert point(known) == pytest.approx(point(found))


def test_slopes_of_ones_own_metric_when_it_is_the_error_then_are_those_of_a_rate() -> None:
    cells = tally_of(weighted())
    wrong = cells.label != cells.prediction
    rate = float(cells.w[wrong].sum() / cells.w.sum())
    expected = (wrong - rate) / cells.w.sum()
    assert expected.tolist() == pytest.approx(user_slopes(ERROR, cells).tolist(), rel=1e-6)
