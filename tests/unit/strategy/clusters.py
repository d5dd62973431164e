"""Counts of rows that come in clusters, from what each split holds of each cluster."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from headway.counts import ClusterSums, Counts, CountTable

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

KEYS = ("split", "misclassified")


def sums_of(m: Mapping[str, Sequence[int]], y: Mapping[str, Sequence[float]]) -> ClusterSums:
    """Sums over clusters from the rows and the errors that each split has of each cluster."""
    rows, lost = _matrix(m), _matrix(y)
    there = (rows > 0).astype(np.int64)
    return ClusterSums(
        splits=tuple(m),
        shared=there @ there.T,
        m=rows.sum(axis=1),
        y=lost.sum(axis=1),
        mm=rows @ rows.T,
        my=rows @ lost.T,
        yy=lost @ lost.T,
    )


def counts_of(m: Mapping[str, Sequence[int]], y: Mapping[str, Sequence[int]]) -> Counts:
    """Counts of right and wrong rows, with their sums over clusters."""
    cells = [(split, wrong) for split in m for wrong in (False, True)]
    n = [k for split in m for k in (sum(m[split]) - sum(y[split]), sum(y[split]))]
    return Counts(tables={KEYS: CountTable.of(KEYS, cells, n)}, clusters=sums_of(m, y))


def _matrix(by_split: Mapping[str, Sequence[float]]) -> NDArray[np.float64]:
    """One row per split, one column per cluster."""
    return np.array(list(by_split.values()), dtype=np.float64)
