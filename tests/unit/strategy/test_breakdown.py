from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import pytest

from headway.counts import ClusterSums, Counts, CountTable
from headway.strategy.breakdown import judge
from tests.known import known

if TYPE_CHECKING:
    from headway.stats.forms import Estimate

Tables: TypeAlias = dict[tuple[str, ...], CountTable]

KEYS = ("split", "device", "misclassified")
CELLS = [("dev", d, w) for d in ("phone", None) for w in (False, True)]
COUNTS: Tables = {KEYS: CountTable.of(KEYS, CELLS, [160, 40, 90, 10])}


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
    one, row = np.ones((1, 1)), np.ones(1)
    main = ("split", "misclassified")
    clusters = ClusterSums(
        splits=("dev",),
        shared=np.array([[30]], dtype=np.int64),
        m=300 * row,
        y=50 * row,
        mm=3000 * one,
        my=500 * one,
        yy=250 * one,
    )
    tables: Tables = {
        **COUNTS,
        main: CountTable.of(main, [("dev", False), ("dev", True)], [250, 50]),
    }
    alone = judge(Counts(tables=COUNTS), ["device"])[0].parts[0].errors["dev"]
    grouped = judge(Counts(tables=tables, clusters=clusters), ["device"])[0].parts[0].errors["dev"]

    assert alone.estimate == pytest.approx(grouped.estimate)
    assert width(grouped) > 1.2 * width(alone)
