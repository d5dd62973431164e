"""Which threshold: the best metric among those that are shown to keep the limits.

A threshold is chosen on dev and confirmed on test, where it was not chosen.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np

from headway.counts import CountTable
from headway.errors import TargetError
from headway.findings import Verdict
from headway.stats.defaults import LEVEL
from headway.stats.measured import estimate
from headway.stats.metrics import ONE_CLASS
from headway.strategy.measures import measure
from headway.strategy.operating_said import findings
from headway.strategy.standing import kept
from headway.strategy.thresholds import OperatingPoint, Scores, Threshold

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from headway.counts import Scalar
    from headway.stats.forms import Measured
    from headway.stats.metric import Metric
    from headway.strategy.target import Policy

__all__ = ["judge"]

ON_CURVE: Final = 64
"""Thresholds of the curve."""

SOURCES: Final = frozenset({"outcome", "confusion", "events"})
"""Sources of metrics that a threshold decides."""

LABELS: Final = ("is_positive", "score_bin")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reader:
    """What is asked of a threshold on one split."""

    scores: Scores
    policy: Policy
    level: float
    rng: np.random.Generator
    costs: Mapping[tuple[Scalar, Scalar], float] | None

    def at(self, place: int, cells: CountTable) -> Threshold:
        """What one threshold gives."""
        limits = []
        for limit in self.policy.limits:
            m = self.measured(limit.metric, cells)
            if m is not None:
                limits.append(kept("this threshold", m, limit, rng=self.rng, level=self.level))
        aim = self.policy.optimizing
        best = self.measured(aim, cells) if aim is not None else None
        undefined = len(self.policy.limits) - len(limits)
        doubt = sum(1 - k.probability for k in limits) + undefined
        return Threshold(
            value=self.scores.edge(place),
            optimized=None if best is None else estimate(best, level=self.level),
            limits=tuple(limits),
            p_feasible=max(0.0, 1.0 - doubt),
        )

    def measured(self, metric: Metric, cells: CountTable) -> Measured | None:
        """A metric of the labels and predictions at a threshold."""
        asked = replace(metric, positive=True) if metric.kind in ONE_CLASS else metric
        return measure(asked, cells, exposure_s=self.scores.exposure_s, costs=self.costs)


def judge(
    dev: Scores,
    policy: Policy,
    *,
    positive: Scalar,
    rng: np.random.Generator,
    test: Scores | None = None,
    level: float = LEVEL,
    costs: Mapping[tuple[Scalar, Scalar], float] | None = None,
) -> OperatingPoint:
    """The threshold with the best metric among those shown to keep every limit.

    Args:
        dev: The scores that it is chosen on.
        policy: The metric to optimize and the limits; metrics of labels and predictions, or rates
            per time.
        positive: The positive class.
        rng: Source of randomness.
        test: Scores that it is confirmed on, or None.
        level: Level of the intervals, in (0, 1).
        costs: The cost table, for costs.

    Returns:
        The operating point. Where no threshold is shown to keep the limits, none is chosen.

    Raises:
        TargetError: If a metric is not decided by a threshold.

    Examples:
        >>> from headway.counts import CountTable
        >>> from headway.strategy.target import policy
        >>> cells = [(True, 9), (True, 5), (False, 5), (False, 1)]
        >>> table = CountTable.of(LABELS, cells, [80, 20, 300, 4000])
        >>> aim = policy(maximize="recall", subject_to="precision >= 0.9", positive=True)
        >>> dev = Scores(table=table, low=0.0, width=0.1)
        >>> found = judge(dev, aim, positive=1, rng=np.random.default_rng(0))
        >>> round(found.chosen.value, 1), found.chosen.optimized.estimate
        (0.9, 0.8)

    References:
        Methods note, sections 3.2, 3.5 and 3.10.
        Notes: week 1, "Satisficing and Optimizing metric".
    """
    _check(policy)
    reader = _Reader(scores=dev, policy=policy, level=level, rng=rng, costs=costs)
    places = _places(dev.table)
    tried = [reader.at(place, _at(dev.table, place)) for place in places]
    shown = [t for t in tried if t.verdict is Verdict.YES and t.optimized is not None]
    shown = [t for t in shown if len(t.limits) == len(policy.limits)]
    best = max(shown, key=lambda t: (_worth(t, policy), t.value), default=None)
    marked = best or max(tried, key=lambda t: (t.p_feasible, _worth(t, policy)))
    confirmed = None
    if test is not None and best is not None:
        place = places[tried.index(best)]
        on_test = _Reader(scores=test, policy=policy, level=level, rng=rng, costs=costs)
        confirmed = on_test.at(place, _at(test.table, place))
    found = OperatingPoint(
        policy=policy,
        positive=positive,
        chosen=best,
        nearest=None if best else marked,
        confirmed=confirmed,
        curve=_thinned(tried, marked),
        n_tried=len(tried),
        level=level,
    )
    return findings(found, has_test=test is not None)


def _check(policy: Policy) -> None:
    """Refuse metrics that a threshold does not decide."""
    if policy.optimizing is None:
        raise TargetError.no_threshold("a linear combination")
    for metric in policy.metrics:
        if metric.source not in SOURCES:
            raise TargetError.no_threshold(metric.name)


def _worth(threshold: Threshold, policy: Policy) -> float:
    """How good the optimized metric is, larger being better."""
    aim = policy.optimizing
    if threshold.optimized is None or aim is None:
        return -np.inf
    return threshold.optimized.estimate if aim.maximize else -threshold.optimized.estimate


def _places(table: CountTable) -> list[int]:
    """The bins at which a threshold can stand: those that hold scores, and one above all."""
    held = sorted({int(b) for b in table.column("score_bin") if isinstance(b, int)})
    return [*held, held[-1] + 1] if held else [0]


def _at(table: CountTable, place: int) -> CountTable:
    """Labels and predictions where the threshold stands at the lower end of a bin."""
    cells = [
        (bool(label), isinstance(b, int) and b >= place)
        for label, b in zip(table.column("is_positive"), table.column("score_bin"), strict=True)
    ]
    keys = ("label", "prediction")
    if "weight" in table.keys:
        weighted = zip(cells, table.column("weight"), strict=True)
        return CountTable.of((*keys, "weight"), [(*c, w) for c, w in weighted], table.n)
    return CountTable.of(keys, cells, table.n, table.sums)


def _thinned(tried: Sequence[Threshold], kept_too: Threshold) -> tuple[Threshold, ...]:
    """Some of the thresholds, evenly, with the one that matters."""
    if len(tried) <= ON_CURVE:
        return tuple(tried)
    chosen = {round(i * (len(tried) - 1) / (ON_CURVE - 1)) for i in range(ON_CURVE)}
    return tuple(tried[i] for i in sorted({*chosen, tried.index(kept_too)}))
