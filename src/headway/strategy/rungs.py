"""What must be counted for the ladder, and its rungs from the counts."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf
from typing import TYPE_CHECKING, Final

import numpy as np

from headway.counts import LOSS_SUMS, SPLITS, WEIGHT_SUMS, CountSpec
from headway.stats.defaults import WEIGHT_LEVELS
from headway.stats.forms import Binomial, Effective, Mean
from headway.stats.measured import point, size
from headway.stats.moments import clustered, levels_of, mean_of, weighted_mean, weighted_rate

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from headway.counts import Counts, CountTable
    from headway.stats.forms import Measured

__all__ = ["Errors", "error_of", "errors", "exact", "needs"]

OUTCOME: Final = ("label", "prediction")

ROLE_KEYS: Final = frozenset({"split", *OUTCOME, "misclassified", "weight"})
"""Keys that are roles; every other key is a column to break the errors down by."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Errors:
    """The error of each split, in the form its interval comes from.

    Args:
        measured: Per split, in ladder order, its error.
        n_errors: Per split, the number of wrong predictions; None for a loss.
        correlation: Correlation of the errors where clusters are shared between splits, or None.
            Shape (n_splits, n_splits).
        is_rate: Whether the errors are fractions.
        weighted: Whether weights were used.
    """

    measured: Mapping[str, Measured]
    n_errors: Mapping[str, int | None]
    correlation: NDArray[np.float64] | None
    is_rate: bool
    weighted: bool


def needs(
    roles: frozenset[str],
    *,
    weight_levels: int | None = None,
    by: Sequence[str] = (),
    ignore_group: bool = False,
    metric: str | None = None,
) -> CountSpec:
    """What to count for the ladder.

    Args:
        roles: Roles that the table fills.
        weight_levels: Number of distinct weights, or None where there are too many to tell apart.
        by: Metadata columns to break the errors down by.
        ignore_group: Whether to count rows as independent although they come in groups.
        metric: ``"error"`` or ``"loss"``; None takes the error where outcomes are known.

    Returns:
        The question to ask the engine, once.

    Examples:
        >>> sorted(needs(frozenset({"split", "label", "prediction"})).groupings)
        [('split', 'label', 'prediction')]

    References:
        Methods note, sections 0.2 and 1.14.
    """
    outcomes = "correct" in roles or {"label", "prediction"} <= roles
    is_loss = metric == "loss" or (metric is None and not outcomes and "loss" in roles)
    weighted = bool(roles & {"weight", "sampling_weight"})
    few = weighted and not is_loss and weight_levels is not None and weight_levels <= WEIGHT_LEVELS
    keys = ["split"]
    if not is_loss:
        keys += ["misclassified"] if "correct" in roles else list(OUTCOME)
    keys += ["weight"] if few else []
    sums = {*(LOSS_SUMS if is_loss else ()), *(WEIGHT_SUMS if weighted and not few else ())}
    outcome = (*(() if is_loss else ("misclassified",)), *(("weight",) if few else ()))
    return CountSpec(
        groupings=frozenset({tuple(keys), *(("split", column, *outcome) for column in by)}),
        sums=frozenset(sums),
        by_cluster="group" in roles and not ignore_group,
    )


def wrong(table: CountTable) -> NDArray[np.bool_]:
    """Which cells hold wrong predictions. Shape (n_cells,)."""
    if "misclassified" in table.keys:
        return np.array(table.column("misclassified"), dtype=bool)
    pairs = zip(table.column("label"), table.column("prediction"), strict=True)
    return np.array([label != prediction for label, prediction in pairs], dtype=bool)


def errors(counts: Counts, *, train_as: str = "sample") -> Errors:
    """The error of each split, from the counts.

    Args:
        counts: Counts by ``needs``.
        train_as: ``"sample"``: the train error is one draw of many; ``"fixed"``: it holds for
            this very training set and has no noise.

    Returns:
        The errors, in ladder order; a split without rows is absent.

    Examples:
        >>> from headway.counts import Counts, CountTable
        >>> cells = [("dev", "cat", "cat"), ("dev", "cat", "dog")]
        >>> keys = ("split", "label", "prediction")
        >>> counts = Counts(tables={keys: CountTable.of(keys, cells, [90, 10])})
        >>> errors(counts).measured["dev"]
        Binomial(n_errors=10, n=100)

    References:
        Methods note, sections 1.1 to 1.6.
    """
    main = _main(counts)
    is_loss = "l" in main.sums
    present = [split for split in SPLITS if main.where(split=split).total > 0]
    parts = {split: main.where(split=split) for split in present}
    measured = {split: error_of(part, counts.loss_center) for split, part in parts.items()}
    correlation = None
    if counts.clusters is not None:
        by_cluster, correlation = _clustered(counts, parts, is_loss=is_loss)
        measured = {**measured, **by_cluster}
    if train_as == "fixed" and "train" in measured:
        measured["train"] = exact(measured["train"])
    return Errors(
        measured=measured,
        n_errors={s: None if is_loss else int(p.n[wrong(p)].sum()) for s, p in parts.items()},
        correlation=correlation,
        is_rate=not is_loss,
        weighted="weight" in main.keys or "w" in main.sums,
    )


def _main(counts: Counts) -> CountTable:
    """The finest table by roles alone; those by metadata columns are left aside."""
    by_role = [table for keys, table in counts.tables.items() if set(keys) <= ROLE_KEYS]
    return max(by_role, key=lambda table: (len(table.keys), len(table.cells)))


def error_of(part: CountTable, loss_center: float = 0.0) -> Measured:
    """The error of one part of the rows: a rate, or a mean loss where losses were summed."""
    return _loss(part, loss_center) if "l" in part.sums else _rate(part)


def _rate(part: CountTable) -> Measured:
    """The error rate of one part."""
    is_wrong = wrong(part)
    if "weight" in part.keys:
        return _by_level(part, is_wrong)
    if "w" not in part.sums:
        return Binomial(n_errors=int(part.n[is_wrong].sum()), n=part.total)
    w, w2 = part.sums["w"], part.sums["w2"]
    lost, lost2 = float(w[is_wrong].sum()), float(w2[is_wrong].sum())
    return weighted_rate(
        part.total, sw=float(w.sum()), sw2=float(w2.sum()), swl=lost, sw2l=lost2, sw2l2=lost2
    )


def _by_level(part: CountTable, is_wrong: NDArray[np.bool_]) -> Measured:
    """The weighted error rate from cells keyed by weight; one level is an unweighted rate."""
    weights = np.array(part.column("weight"), dtype=np.float64)
    levels = sorted(set(weights.tolist()))
    return levels_of(
        levels,
        [int(part.n[weights == level].sum()) for level in levels],
        [int(part.n[(weights == level) & is_wrong].sum()) for level in levels],
    )


def _loss(part: CountTable, center: float) -> Measured:
    """The mean loss of one split."""
    sums = {f"s{name}": float(values.sum()) for name, values in part.sums.items()}
    if "sw" in sums:
        names = ("sw", "sw2", "swl", "sw2l", "sw2l2")
        return weighted_mean(part.total, **{name: sums[name] for name in names}, center=center)
    return mean_of(part.total, sums["sl"], sums["sl2"], sums["sl3"], center=center)


def _clustered(
    counts: Counts, parts: Mapping[str, CountTable], *, is_loss: bool
) -> tuple[dict[str, Measured], NDArray[np.float64]]:
    """The errors with rows that depend on each other within clusters, and their correlation."""
    sums = counts.clusters
    assert sums is not None
    found = clustered(
        sums,
        n={split: part.total for split, part in parts.items()},
        is_rate=not is_loss,
        center=counts.loss_center,
    )
    known = list(found.measured)
    index = [known.index(split) for split in parts]
    measured = {split: found.measured[split] for split in parts}
    return measured, found.correlation[np.ix_(index, index)]


def exact(measured: Measured) -> Measured:
    """The same error without noise: it holds for this very training set."""
    if isinstance(measured, Mean):
        return Mean(mean=measured.mean, variance=0.0, n=measured.n)
    return Effective(rate=point(measured), n_eff=inf, n=size(measured) or 0)
