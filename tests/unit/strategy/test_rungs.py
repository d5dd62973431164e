from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING

import pytest

from headway.counts import LOSS_SUMS, WEIGHT_SUMS, Counts, CountTable
from headway.stats.forms import Binomial, Effective, Levels, Mean
from headway.stats.measured import point
from headway.strategy.rungs import errors, needs
from tests.known import known
from tests.unit.strategy.clusters import counts_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from headway.counts import Scalar

OUTCOME = ("split", "label", "prediction")


def counted(keys: tuple[str, ...], cells: Sequence[tuple[Scalar, ...]], n: Sequence[int]) -> Counts:
    """Counts of one grouping."""
    return Counts(tables={keys: CountTable.of(keys, cells, n)})


@pytest.mark.parametrize(
    ("roles", "levels", "keys", "sums"),
    [
        ({"label", "prediction"}, None, OUTCOME, set()),
        ({"correct"}, None, ("split", "misclassified"), set()),
        ({"loss"}, None, ("split",), set(LOSS_SUMS)),
        ({"label", "prediction", "weight"}, 2, (*OUTCOME, "weight"), set()),
        ({"label", "prediction", "sampling_weight"}, None, OUTCOME, set(WEIGHT_SUMS)),
        ({"label", "prediction", "weight"}, 51, OUTCOME, set(WEIGHT_SUMS)),
        ({"loss", "weight"}, 2, ("split",), {*LOSS_SUMS, *WEIGHT_SUMS}),
        ({"correct", "model"}, None, ("split", "misclassified"), set()),
    ],
)
def test_needs_when_roles_differ_then_the_question_does(
    roles: set[str], levels: int | None, keys: tuple[str, ...], sums: set[str]
) -> None:
    spec = needs(frozenset(roles), weight_levels=levels)

    assert {keys} == spec.groupings
    assert sums == spec.sums
    assert not spec.by_cluster


def test_needs_when_rows_come_in_groups_then_clusters_are_asked_unless_ignored() -> None:
    roles = frozenset({"correct", "group"})

    assert needs(roles).by_cluster
    assert not needs(roles, ignore_group=True).by_cluster


def test_needs_when_broken_down_then_each_column_is_one_more_grouping() -> None:
    spec = needs(frozenset({"label", "prediction"}), by=("device", "region"))

    assert {
        OUTCOME,
        ("split", "device", "misclassified"),
        ("split", "region", "misclassified"),
    } == (spec.groupings)


def test_errors_when_predictions_are_missing_then_they_count_as_errors() -> None:
    counts = counted(OUTCOME, [("dev", 1, 1), ("dev", 1, None), ("dev", "1", 1)], [7, 2, 1])

    assert errors(counts).measured == {"dev": Binomial(n_errors=3, n=10)}
    assert errors(counts).n_errors == {"dev": 3}


def test_errors_when_weights_are_few_then_they_keep_their_levels() -> None:
    cells = [("dev", w, x) for w in (1.0, 10.0) for x in (False, True)]
    counts = counted(("split", "weight", "misclassified"), cells, [9640, 260, 60, 40])
    found = errors(counts)

    assert found.measured["dev"] == Levels(weights=(1.0, 10.0), n=(9900, 100), n_errors=(260, 40))
    assert found.weighted


def test_errors_when_all_weights_are_equal_then_nothing_changes() -> None:
    cells = [("dev", 3.0, False), ("dev", 3.0, True)]
    counts = counted(("split", "weight", "misclassified"), cells, [90, 10])

    assert errors(counts).measured["dev"] == Binomial(n_errors=10, n=100)


def test_errors_when_weights_are_many_then_their_sums_give_the_rate() -> None:
    keys = ("split", "misclassified")
    table = CountTable.of(
        keys, [("dev", False), ("dev", True)], [90, 10], {"w": [90, 30], "w2": [90, 90]}
    )
    found = errors(Counts(tables={keys: table})).measured["dev"]

    assert isinstance(found, Effective)
    assert found.rate == pytest.approx(30 / 120)
    assert found.n_eff < 100


def test_errors_when_losses_were_centred_then_the_mean_is_put_back() -> None:
    sums = {"l": [5.0], "l2": [30.0], "l3": [0.0], "wl": [5.0], "w2l": [5.0], "w2l2": [30.0]}
    table = CountTable.of(("split",), [("dev",)], [10], sums)
    found = errors(Counts(tables={("split",): table}, loss_center=100.0))

    assert not found.is_rate
    assert point(found.measured["dev"]) == pytest.approx(100.5)
    assert found.n_errors == {"dev": None}


def test_errors_when_clusters_are_shared_then_the_rungs_are_correlated() -> None:
    found = errors(
        counts_of(
            {"train_dev": [10, 8, 12, 5, 9, 6], "dev": [4, 6, 3, 5, 0, 7]},
            {"train_dev": [1, 0, 4, 0, 2, 3], "dev": [0, 0, 1, 0, 0, 2]},
        )
    )

    assert known(found.correlation)[0, 1] == pytest.approx(0.97918166547)
    assert [6, 5] == [e.n_clusters for e in found.measured.values() if isinstance(e, Effective)]


def test_train_when_taken_as_fixed_then_it_has_no_noise() -> None:
    counts = counted(("split", "misclassified"), [("train", False), ("train", True)], [90, 10])
    sums = {name: [5.0] for name in LOSS_SUMS}
    losses = Counts(tables={("split",): CountTable.of(("split",), [("train",)], [10], sums)})

    rate, loss = errors(counts, train_as="fixed"), errors(losses, train_as="fixed")
    assert rate.measured["train"] == Effective(rate=0.1, n_eff=inf, n=100)
    assert loss.measured["train"] == Mean(mean=0.5, variance=0.0, n=10)


def test_errors_when_losses_are_weighted_then_the_heavy_rows_count_more() -> None:
    sums = {"l": [3.0, 4.0], "l2": [3.0, 8.0], "l3": [3.0, 16.0], "w": [3.0, 20.0]}
    sums |= {"w2": [3.0, 200.0], "wl": [3.0, 40.0], "w2l": [3.0, 400.0], "w2l2": [3.0, 800.0]}
    table = CountTable.of(("split",), [("train",), ("dev",)], [3, 2], sums)
    found = errors(Counts(tables={("split",): table}))

    assert {"train": 1.0, "dev": 2.0} == {name: point(m) for name, m in found.measured.items()}
    assert found.weighted
