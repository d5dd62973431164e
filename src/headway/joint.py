"""Counts of examples by what several models said of each, together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from headway.counts import CountTable, Scalar

__all__ = ["ClusterMoments", "JointCounts"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class JointCounts:
    """Counts of shared examples by what several models said of each, together.

    The pattern of an example is the number whose digits in base ``base`` are the models' answers,
    the first model's being the lowest digit: ``sum(answer[i] * base**i)``. An answer is 1 for a
    right prediction and 0 for a wrong one (``answers="correct"``), 1 for the positive class and 0
    for another (``"positive"``), or the place of the prediction in ``classes`` (``"class"``).

    Args:
        models: Names of the models, in the order of the digits.
        answers: ``"correct"``, ``"positive"`` or ``"class"``.
        base: Number of possible answers, at least 2.
        classes: For ``"class"``, the classes by place; for ``"positive"``, that class alone.
        table: Counts by ``"split"``, ``"pattern"``, further keys asked for (``"label"``, a weight
            level, a category), and sums asked for.
        unshared: Per model, usable rows of examples that not all models answered.
        n_shared: Examples that every model answered.
    """

    models: tuple[str, ...]
    answers: str
    base: int
    classes: tuple[Scalar, ...]
    table: CountTable
    unshared: Mapping[str, int]
    n_shared: int

    def digit(self, model: str) -> NDArray[np.int64]:
        """The answer of one model, cell by cell. Shape (n_cells,)."""
        patterns = np.array(self.table.column("pattern"), dtype=np.int64)
        answers: NDArray[np.int64] = patterns // self.base ** self.models.index(model) % self.base
        return answers


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ClusterMoments:
    """Sums over clusters of the errors of several models on the examples that all answered.

    With m the examples of a cluster (or their weight) and y_i those that model i gets wrong (or
    their weight), everything below sums over the clusters of one split. An example without a
    cluster is one of its own.

    Args:
        models: Names of the models.
        n: Shared examples.
        n_clusters: Clusters that hold them.
        m: Sum of m.
        mm: Sum of m squared.
        y: Sums of y_i. Shape (n_models,).
        my: Sums of m y_i. Shape (n_models,).
        yy: Sums of y_i y_j. Shape (n_models, n_models), symmetric.
    """

    models: tuple[str, ...]
    n: int
    n_clusters: int
    m: float
    mm: float
    y: NDArray[np.float64]
    my: NDArray[np.float64]
    yy: NDArray[np.float64]
