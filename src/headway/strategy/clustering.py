"""Rows that come in clusters: by how much they widen an interval that took them as independent."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from headway.stats.forms import Binomial, Effective, Mean
from headway.stats.measured import point, size, variance
from headway.strategy import rungs

if TYPE_CHECKING:
    from headway.counts import Counts
    from headway.stats.forms import Measured

__all__ = ["design_effects", "in_clusters"]


def design_effects(counts: Counts) -> dict[str, tuple[float, int]]:
    """By how much clusters widen the variance of the error of each split.

    Args:
        counts: Counts by ``rungs.needs``.

    Returns:
        Per split, its design effect, at least 1, and its number of clusters; empty without
        clusters.
    """
    if counts.clusters is None:
        return {}
    alone = rungs.errors(replace(counts, clusters=None)).measured
    grouped = rungs.errors(counts).measured
    n = dict(zip(counts.clusters.splits, np.diag(counts.clusters.shared).tolist(), strict=True))
    return {split: (_design_effect(alone[split], m), n[split]) for split, m in grouped.items()}


def _design_effect(alone: Measured, grouped: Measured) -> float:
    """By how much clusters widen the variance of an error, at least 1."""
    if isinstance(grouped, Effective):
        return max(1.0, _worth(alone) / grouped.n_eff)
    return max(1.0, variance(grouped) / variance(alone)) if variance(alone) > 0 else 1.0


def _worth(rate: Measured) -> float:
    """The number of independent rows that a rate is worth."""
    p = point(rate)
    if isinstance(rate, Effective):
        return rate.n_eff
    if not isinstance(rate, Binomial) and 0 < p < 1:
        return p * (1 - p) / variance(rate)
    return float(size(rate) or 0)


def in_clusters(m: Measured, clustered: tuple[float, int] | None) -> Measured:
    """An error of rows that come in clusters, by the design effect of its split.

    Args:
        m: The error as if the rows were independent.
        clustered: Design effect and number of clusters, or None where rows are independent.

    Returns:
        The error with the variance that clusters give it.

    References:
        Methods note, section 0.7.
    """
    if clustered is None:
        return m
    n = size(m)
    assert n is not None
    effect, clusters = clustered[0], min(clustered[1], n)
    if isinstance(m, Mean):
        spread = m.variance * effect if m.variance > 0 else 0.0
        return replace(m, variance=spread, n_clusters=clusters)
    n_eff = max(_worth(m) / effect, 1e-9)
    return Effective(rate=point(m), n_eff=n_eff, n=n, n_clusters=clusters)
