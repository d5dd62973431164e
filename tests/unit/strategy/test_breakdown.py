from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, TypeAlias

import pytest

from headway.counts import Counts, CountTable
from headway.strategy.breakdown import judge
from tests.known import known
from tests.unit.strategy.clusters import counts_of, sums_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from headway.stats.forms import Estimate

Tables: TypeAlias = dict[tuple[str, ...], CountTable]

KEYS = ("split", "device", "misclassified")
MAIN = ("split", "misclassified")
CELLS = [("dev", d, w) for d in ("phone", None) for w in (False, True)]
COUNTS: Tables = {KEYS: CountTable.of(KEYS, CELLS, [160, 40, 90, 10])}


def clustered(wrong: Sequence[int]) -> Counts:
    """The counts, in 30 groups of 10 rows with so many errors each."""
    groups = counts_of({"dev": [10] * 30}, {"dev": wrong})
    return replace(groups, tables={**COUNTS, **groups.tables})


def width(error: Estimate) -> float:
    """How wide its interval is."""
    return known(error.upper) - known(error.lower)


def test_errors_when_broken_down_then_each_value_has_its_error_and_n() -> None:
    found = judge(Counts(tables=COUNTS), ["device"])[0]

    assert ("device", ("dev",)) == (found.column, found.splits)
    assert [("phone", 0.2, 200), (None, 0.1, 100)] == [
        (part.value, part.errors["dev"].estimate, part.errors["dev"].n) for part in found.parts
    ]


def test_errors_when_rows_come_in_groups_then_their_intervals_are_wider() -> None:
    alone = judge(Counts(tables=COUNTS), ["device"])[0].parts[0].errors["dev"]
    grouped = judge(clustered([5, 0] * 15), ["device"])[0].parts[0].errors["dev"]

    assert alone.estimate == pytest.approx(grouped.estimate)
    assert width(grouped) > 1.2 * width(alone)
    assert (None, 30) == (alone.n_clusters, grouped.n_clusters)


def test_errors_when_groups_never_fail_then_a_part_is_worth_fewer_rows() -> None:
    found = judge(clustered([0] * 30), ["device"])[0].parts[0].errors["dev"]

    assert found.n_eff == pytest.approx(200 * 30 / 300)


def test_losses_when_rows_come_in_groups_then_they_stay_losses_with_a_wider_interval() -> None:
    keys = ("split", "device")
    sums = {"l": [200.0, 100.0], "l2": [600.0, 300.0], "l3": [0.0, 0.0]}
    main = {name: [sum(values)] for name, values in sums.items()}
    tables: Tables = {
        keys: CountTable.of(keys, [("dev", "phone"), ("dev", "web")], [200, 100], sums),
        ("split",): CountTable.of(("split",), [("dev",)], [300], main),
    }
    groups = sums_of({"dev": [10] * 30}, {"dev": [20.0, 0.0] * 15})
    alone = judge(Counts(tables=tables), ["device"])[0].parts[0].errors["dev"]
    grouped = judge(Counts(tables=tables, clusters=groups), ["device"])[0].parts[0].errors["dev"]

    assert (1.0, 1.0) == (alone.estimate, grouped.estimate)
    assert width(grouped) == pytest.approx(width(alone) * 5**0.5, rel=0.06)


def test_losses_when_all_are_equal_then_groups_change_nothing() -> None:
    sums = {"l": [20.0], "l2": [20.0], "l3": [20.0]}
    tables: Tables = {
        keys: CountTable.of(keys, [("dev", "phone")[: len(keys)]], [20], sums)
        for keys in (("split",), ("split", "device"))
    }
    groups = sums_of({"dev": [2] * 10}, {"dev": [2.0] * 10})
    found = judge(Counts(tables=tables, clusters=groups), ["device"])[0].parts[0].errors["dev"]

    assert (1.0, 1.0, 1.0) == (found.estimate, found.lower, found.upper)


def by_sums() -> Tables:
    """Rows of weight 1 and 2, as sums of the weights."""
    sums = {"w": [450.0, 50.0], "w2": [800.0, 100.0]}
    cells = [("dev", "web", wrong) for wrong in (False, True)]
    return {
        KEYS: CountTable.of(KEYS, cells, [275, 25], sums),
        MAIN: CountTable.of(MAIN, [(split, wrong) for split, _, wrong in cells], [275, 25], sums),
    }


def by_levels() -> Tables:
    """The same rows, counted by weight."""
    cells = [("dev", "web", False, 1.0), ("dev", "web", False, 2.0), ("dev", "web", True, 2.0)]
    table = CountTable.of((*KEYS, "weight"), cells, [100, 175, 25])
    return {table.keys: table, (*MAIN, "weight"): table.marginal(*MAIN, "weight")}


@pytest.mark.parametrize("tables", [by_sums(), by_levels()], ids=["sums", "levels"])
def test_weighted_errors_when_groups_are_single_rows_then_nothing_is_lost(tables: Tables) -> None:
    groups = sums_of({"dev": [1] * 100 + [2] * 200}, {"dev": [0] * 275 + [2] * 25})
    alone = judge(Counts(tables=tables), ["device"])[0].parts[0].errors["dev"]
    grouped = judge(Counts(tables=tables, clusters=groups), ["device"])[0].parts[0].errors["dev"]

    assert 0.1 == alone.estimate == grouped.estimate
    assert grouped.n_eff == pytest.approx(known(alone.n_eff), rel=0.01)
    assert known(alone.n_eff) < 300
