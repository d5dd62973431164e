"""Sums over clusters, from a group-by of a group-by; no list of clusters is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import narwhals.stable.v2 as nw
import numpy as np

from headway.counts import SPLITS, ClusterSums
from headway.frames.derived import CLUSTER_SUMS, Outcome
from headway.frames.engines import fetched
from headway.frames.expressions import kept

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

__all__ = ["cluster_sums"]

_INNER: Final = ("n", *CLUSTER_SUMS)
_ALONE: Final = nw.col("group").is_null()
_MEANS: Final = (("m", "w"), ("y", "y"))


def cluster_sums(rows: nw.LazyFrame[Any], split: str, splits: Mapping[str, str]) -> ClusterSums:
    """Sums over clusters, for each split and each pair of splits; one pass.

    A row without a group is a cluster of its own: for such rows the sums of products over
    clusters are sums of squares over rows.

    Args:
        rows: Derived rows with ``group``, ``outcome`` and ``CLUSTER_SUMS``.
        split: Their column of the split.
        splits: Per name in that column, the split that it means.

    Returns:
        The sums of these splits, in ladder order.
    """
    order = [name for name in SPLITS if name in splits.values()]
    raw = {meant: name for name, meant in splits.items()}
    inner = (
        rows.filter(nw.col("outcome") <= int(Outcome.ABSTAINED))
        .group_by(split, "group", drop_null_keys=False)
        .agg(nw.len().alias("n"), *(nw.col(name).sum() for name in CLUSTER_SUMS))
        .with_columns(nw.col(split).cast(nw.String))
    )
    spread = inner.select(
        "group",
        *(
            kept(nw.col(name).cast(nw.Float64), nw.col(split) == raw[meant]).alias(f"{name}_{r}")
            for r, meant in enumerate(order)
            for name in _INNER
        ),
    )
    names = [f"{name}_{r}" for r in range(len(order)) for name in _INNER]
    clusters = spread.group_by("group", drop_null_keys=False).agg(
        *(nw.col(name).sum() for name in names)
    )
    products = _products(len(order))
    table = clusters.select(*(product.alias(name) for name, product in products.items()))
    totals = table.select(*(nw.col(name).sum() for name in products))
    values = fetched(totals, list(products))[0]
    return _assembled(order, dict(zip(products, (float(v or 0) for v in values), strict=True)))


def _products(k: int) -> dict[str, nw.Expr]:
    """What is summed over clusters, by name."""
    products = {f"{name}_{r}": nw.col(f"{of}_{r}") for name, of in _MEANS for r in range(k)}
    for r in range(k):
        for s in range(k):
            products[f"my_{r}_{s}"] = _shared((f"w_{r}", f"y_{s}"), f"w2y_{r}", r == s)
        for s in range(r, k):
            products[f"mm_{r}_{s}"] = _shared((f"w_{r}", f"w_{s}"), f"w2_{r}", r == s)
            products[f"yy_{r}_{s}"] = _shared((f"y_{r}", f"y_{s}"), f"w2y2_{r}", r == s)
            there = kept(nw.lit(1.0), (nw.col(f"n_{r}") > 0) & (nw.col(f"n_{s}") > 0))
            lone = nw.col(f"n_{r}") if r == s else nw.lit(0.0)
            products[f"shared_{r}_{s}"] = nw.when(_ALONE).then(lone).otherwise(there)
    return products


def _shared(sums: tuple[str, str], by_row: str, same: bool) -> nw.Expr:  # noqa: FBT001
    """A product of two sums of a cluster, or of rows that are each their own cluster."""
    lone = nw.col(by_row) if same else nw.lit(0.0)
    return nw.when(_ALONE).then(lone).otherwise(nw.col(sums[0]) * nw.col(sums[1]))


def _assembled(order: Sequence[str], sums: Mapping[str, float]) -> ClusterSums:
    """The sums as arrays."""
    k = len(order)

    def matrix(name: str, *, symmetric: bool = True) -> NDArray[np.float64]:
        out = np.zeros((k, k))
        for r in range(k):
            for s in range(k):
                low, high = (min(r, s), max(r, s)) if symmetric else (r, s)
                out[r, s] = sums[f"{name}_{low}_{high}"]
        return out

    return ClusterSums(
        splits=tuple(order),
        shared=np.rint(matrix("shared")).astype(np.int64),
        m=np.array([sums[f"m_{r}"] for r in range(k)]),
        y=np.array([sums[f"y_{r}"] for r in range(k)]),
        mm=matrix("mm"),
        my=matrix("my", symmetric=False),
        yy=matrix("yy"),
    )
