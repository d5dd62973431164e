from __future__ import annotations

import numpy as np
import pytest

from headway.counts import ClusterSums, Counts, CountTable
from headway.strategy.breakdown import judge

KEYS = ("split", "device", "misclassified")
CELLS = [("dev", d, w) for d in ("phone", None) for w in (False, True)]
COUNTS = {KEYS: CountTable.of(KEYS, CELLS, [160, 40, 90, 10])}


def test_errors_when_broken_down_then_each_value_has_its_error_and_n() -> None:
    found = judge(Counts(tables=COUNTS), ["device"])[0]

    assert ("device", ("dev",)) == (found.column, found.splits)
    assert [("phone", 0.2, 200), (None, 0.1, 100)] == [
        (part.value, part.errors["dev"].estimate, part.errors["dev"].n) for part in found.parts
    ]


def test_errors_when_rows_come_in_groups_then_their_intervals_are_wider() -> None:
    one = np.ones((1, 1))
    main = ("split", "misclassified")
    clusters = ClusterSums(
        splits=("dev",), shared=30 * one, m=[300], y=[50], mm=3000 * one, my=500 * one, yy=250 * one
    )
    tables = {**COUNTS, main: CountTable.of(main, [("dev", False), ("dev", True)], [250, 50])}
    alone = judge(Counts(tables=COUNTS), ["device"])[0].parts[0].errors["dev"]
    grouped = judge(Counts(tables=tables, clusters=clusters), ["device"])[0].parts[0].errors["dev"]

    assert alone.estimate == pytest.approx(grouped.estimate)
    assert grouped.upper - grouped.lower > 1.2 * (alone.upper - alone.lower)
