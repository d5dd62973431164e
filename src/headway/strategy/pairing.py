"""What both versions said of each example, as pairs of errors: the way from counts to a change."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np

from headway.counts import SPLITS, WEIGHT_SUMS, CountSpec, CountTable
from headway.stats.changes import Drawn, FlipLevels, Flips
from headway.stats.confusion import of_confusion
from headway.stats.defaults import WEIGHT_LEVELS
from headway.stats.forms import Mean
from headway.stats.measured import variance
from headway.stats.metrics import as_error
from headway.stats.paired_metrics import GUESSES, of_guesses, paired_metric
from headway.strategy import rungs
from headway.strategy.clustering import in_clusters
from headway.strategy.movements import Pair

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from headway.counts import Counts, Scalar
    from headway.stats.metric import Metric
    from headway.strategy.rungs import Errors

__all__ = ["BOTH", "Sides", "class_pairs", "error_pairs", "loss_pairs", "needs", "unshared"]

BOTH: Final = "both"
"""What the key ``met`` holds where both versions met an example once."""

ENOUGH_SHARED: Final = 0.5
"""Share of the smaller set that both must have met, to compare on shared examples alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sides:
    """What was counted row by row on the examples that both versions met.

    Args:
        before: The error of the first version, split by split.
        after: The error of the second version.
        change: The mean of their differences, example by example.
    """

    before: Errors
    after: Errors
    change: Errors


def needs(roles: frozenset[str], *, by: str, weight_levels: int | None) -> CountSpec:
    """What to count of examples that two versions met.

    Args:
        roles: Roles that the table of examples fills.
        by: ``"error"``, ``"loss"`` or ``"class"``.
        weight_levels: Number of distinct weights, or None where there are too many to tell apart.

    Returns:
        The question.

    Examples:
        >>> sorted(needs(frozenset({"split"}), by="error", weight_levels=None).groupings)
        [('split', 'met', 'was', 'now')]
    """
    keys = {"error": ("was", "now"), "class": ("truth", *GUESSES), "loss": ()}[by]
    weighted = "weight" in roles and by != "loss"
    few = weighted and weight_levels is not None and weight_levels <= WEIGHT_LEVELS
    cell = ("split", "met", *keys, *(("weight",) if few else ()))
    sums = frozenset(WEIGHT_SUMS if weighted and not few else ())
    return CountSpec(groupings=frozenset({cell}), sums=sums)


def unshared(counts: Counts) -> dict[str, tuple[int, int]]:
    """Per split, examples that only the first and only the second version met.

    Args:
        counts: Counts by ``needs``.

    Returns:
        The splits that have such examples.
    """
    table = counts.table("split", "met")
    found: dict[str, tuple[int, int]] = {}
    for split in SPLITS:
        pair = tuple(table.where(split=split, met=side).total for side in ("before", "after"))
        if any(pair):
            found[split] = (pair[0], pair[1])
    return found


def _shared(counts: Counts) -> dict[str, CountTable]:
    """Per split, the cells of the examples that both met, where those are enough."""
    (table,) = counts.tables.values()
    met = counts.table("split", "met")
    found = {}
    for split in SPLITS:
        n = {side: met.where(split=split, met=side).total for side in (BOTH, "before", "after")}
        smaller = n[BOTH] + min(n["before"], n["after"])
        if n[BOTH] > 0 and n[BOTH] >= ENOUGH_SHARED * smaller:
            found[split] = table.where(split=split, met=BOTH)
    return found


def error_pairs(counts: Counts, sides: Sides | None = None) -> dict[str, Pair]:
    """Errors before and after, and the flips between them.

    Args:
        counts: Counts by ``needs`` with ``by="error"``.
        sides: What was counted by cluster, or None where examples are independent.

    Returns:
        Per split with enough shared examples, its pair.

    Examples:
        >>> from headway.counts import Counts
        >>> keys = ("split", "met", "was", "now")
        >>> cells = [("dev", "both", was, now) for was in (0, 1) for now in (0, 1)]
        >>> counts = Counts(tables={keys: CountTable.of(keys, cells, [850, 45, 85, 20])})
        >>> error_pairs(counts)["dev"].change.broken
        0.045

    References:
        Methods note, sections 1.4, 1.5 and 3.3.
    """
    found = {}
    for split, table in _shared(counts).items():
        if sides is not None and split in sides.change.measured:
            change = sides.change.measured[split]
            assert isinstance(change, Mean)
            found[split] = Pair(
                before=sides.before.measured[split],
                after=sides.after.measured[split],
                change=_by_cluster(_flips(table), change),
            )
        else:
            ends = [rungs.error_of(_one(table, name)) for name in ("was", "now")]
            found[split] = Pair(before=ends[0], after=ends[1], change=_change(table))
    return found


def _one(table: CountTable, name: str) -> CountTable:
    """The cells of one version, as right and wrong."""
    weight = ("weight",) if "weight" in table.keys else ()
    small = table.marginal(name, *weight)
    cells = [(bool(cell[0]), *cell[1:]) for cell in small.cells]
    return CountTable.of(("misclassified", *weight), cells, small.n, small.sums)


def _moved(table: CountTable) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Which cells hold fixed and broken examples."""
    was, now = (np.array(table.column(name), dtype=np.int64) for name in ("was", "now"))
    return was > now, now > was


def _flips(table: CountTable) -> Flips:
    """Shares of fixed and broken examples by weight, worth what their weights leave."""
    fixed, broken = _moved(table)
    n = table.n.astype(np.float64)
    w, w2 = n, n
    if "weight" in table.keys:
        level = np.array(table.column("weight"), dtype=np.float64)
        w, w2 = n * level, n * level**2
    elif "w" in table.sums:
        w, w2 = table.sums["w"], table.sums["w2"]
    total = float(w.sum())
    shares = float(w[fixed].sum()) / total, float(w[broken].sum()) / total
    plain = bool(np.allclose(w / total, n / n.sum()) and np.allclose(w2 * n.sum(), total * w))
    if plain:
        return Flips(fixed=shares[0], broken=shares[1], n=table.total)
    step = broken.astype(np.float64) - fixed - (shares[1] - shares[0])
    spread = float(np.dot(w2, step**2)) / total**2
    n_eff = _worth(shares, spread, total**2 / float(w2.sum()))
    return Flips(fixed=shares[0], broken=shares[1], n=table.total, n_eff=n_eff)


def _worth(shares: tuple[float, float], spread: float, otherwise: float) -> float:
    """Examples of which plain flips would scatter as much."""
    bound = sum(shares) - (shares[1] - shares[0]) ** 2
    return bound / spread if spread > 1e-15 and bound > 1e-15 else otherwise


def _change(table: CountTable) -> Flips | FlipLevels:
    """The flips of independent examples."""
    if "weight" not in table.keys:
        return _flips(table)
    fixed, broken = _moved(table)
    level = np.array(table.column("weight"), dtype=np.float64)
    levels = [value for value in sorted(set(level.tolist())) if value > 0]
    if len(levels) < 2:
        return _flips(table)
    at = [level == value for value in levels]
    return FlipLevels(
        weights=tuple(levels),
        n=tuple(int(table.n[here].sum()) for here in at),
        fixed=tuple(int(table.n[here & fixed].sum()) for here in at),
        broken=tuple(int(table.n[here & broken].sum()) for here in at),
    )


def _by_cluster(flips: Flips, change: Mean) -> Flips:
    """Flips worth as many examples as their clusters leave, and their clusters if none flipped."""
    clusters = change.n_clusters or 1
    spread = variance(change)
    n_eff = _worth((flips.fixed, flips.broken), spread, float(clusters))
    return replace(flips, n_eff=min(n_eff, float(flips.n)), n_clusters=clusters)


def loss_pairs(counts: Counts, sides: Sides) -> dict[str, Pair]:
    """Mean losses before and after, and the mean of their differences.

    Args:
        counts: Counts by ``needs`` with ``by="loss"``.
        sides: What was counted row by row.

    Returns:
        Per split with enough shared examples, its pair.

    References:
        Methods note, sections 1.6 and 3.3.
    """
    found = {}
    for split in _shared(counts):
        change = sides.change.measured[split]
        assert isinstance(change, Mean)
        found[split] = Pair(
            before=sides.before.measured[split],
            after=sides.after.measured[split],
            change=change,
        )
    return found


def class_pairs(
    counts: Counts,
    metric: Metric,
    *,
    costs: Mapping[tuple[Scalar, Scalar], float] | None = None,
    effects: Mapping[str, tuple[float, int]] | None = None,
) -> dict[str, Pair]:
    """A metric of labels and predictions before and after, as an error.

    Args:
        counts: Counts by ``needs`` with ``by="class"``.
        metric: The metric.
        costs: For the cost per example, the cost by (label, prediction).
        effects: Per split, the design effect of its clusters and their number.

    Returns:
        Per split with enough shared examples and a value in both versions, its pair.

    References:
        Methods note, sections 0.7, 0.9 and 3.3.
    """
    found = {}
    for split, table in _shared(counts).items():
        change = paired_metric(metric, table, costs=costs)
        ends = [of_confusion(metric, of_guesses(table, g), costs=costs) for g in GUESSES]
        known = [as_error(metric, end) for end in ends if end is not None]
        if change is None or len(known) < len(GUESSES):
            continue
        effect = (effects or {}).get(split)
        before, after = (in_clusters(error, effect) for error in known)
        found[split] = Pair(before=before, after=after, change=_widened(change, effect))
    return found


def _widened(change: Drawn, effect: tuple[float, int] | None) -> Drawn:
    """Draws as far apart as clusters leave them."""
    if effect is None:
        return change
    wider = change.value + (change.values - change.value) * np.sqrt(max(1.0, effect[0]))
    return replace(change, values=wider, n_clusters=effect[1])
