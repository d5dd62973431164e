"""What is known of a dev and a test set: their looks, and the errors of the chosen model."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate
from math import sqrt
from typing import TYPE_CHECKING, Final

from headway.errors import CountError, TargetError
from headway.stats.budgets import TEST_LOOKS
from headway.stats.defaults import LEVEL, default_margin
from headway.stats.forms import Binomial, Effective, Mean
from headway.stats.measured import point
from headway.stats.metrics import metric_of
from headway.stats.optimism import adaptive_limit, worst_case_optimism
from headway.stats.quantiles import critical_value
from headway.stats.releases import parameter_free_ladder
from headway.strategy.looks import ADAPTIVE, consultations, of_set
from headway.strategy.winners import kept

if TYPE_CHECKING:
    from collections.abc import Sequence

    from headway.joint import ClusterMoments, JointCounts
    from headway.stats.forms import Measured
    from headway.stats.metric import Metric
    from headway.strategy.looks import Look
    from headway.strategy.winners import Kept

__all__ = ["PURPOSES", "Known", "Shown", "Wearing", "known"]

PURPOSES: Final = ("selection", "adaptive", "unknown")
"""What looks can be for: a list made beforehand, models built from answers, or nobody knows."""

CLOSE: Final = 1e-9
"""Differences this small are none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wearing:
    """How wear is judged.

    Args:
        n_looks: Looks at dev counted by hand: a floor beside those that are logged.
        purpose: One of ``PURPOSES``, or None to take it from the looks.
        model: The model whose error is judged; None takes the one selected last, else the best.
        fingerprint: The dev set; None takes the one that was looked at last.
        test_fingerprint: The test set; None takes the one that was looked at last.
        metric: Metric of the looks that count; None takes that of the last look, else the error.
            Where larger values are better, the error is one less the value.
        margin: Smallest difference that matters, at least 0; None for a tenth of the dev error.
        level: Level of the intervals, in (0, 1).
        test_looks: Looks that one test set stands for, at least 1.

    Raises:
        CountError: If a number is outside its range.
        TargetError: If the purpose is unknown.
    """

    n_looks: int = 0
    purpose: str | None = None
    model: str | None = None
    fingerprint: str | None = None
    test_fingerprint: str | None = None
    metric: str | None = None
    margin: float | None = None
    level: float = LEVEL
    test_looks: int = TEST_LOOKS

    def __post_init__(self) -> None:
        """Check the ranges."""
        if self.n_looks < 0:
            raise CountError.outside("looks", self.n_looks, "a count, at least 0")
        if self.purpose is not None and self.purpose not in PURPOSES:
            raise TargetError.unknown("purpose of looks", self.purpose, PURPOSES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One look at dev, as the error it showed, and what the Ladder would have released.

    Args:
        look: The look.
        error: What it showed, as an error.
        best: The lowest error shown so far.
        limit: How high the expected error of that best one may lie after so many looks, or None
            where n is not known.
        released: The error that the Ladder rule releases after it, or None where n is not known.
    """

    look: Look
    error: float
    best: float
    limit: float | None
    released: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is known before anything is judged.

    Args:
        metric: The metric judged.
        is_rate: Whether its error is a fraction.
        model: The model whose error is judged, or None where it has no name.
        history: Looks at dev by that metric, in time order.
        dev: Its dev error, or None.
        test: Its test error, or None.
        patterns: How the models err together on dev, or None.
        n_looks: Looks at dev: at least so many.
        n_logged: Those of them that are logged.
        test_used: Looks at the test set.
        purpose: One of ``PURPOSES``.
        is_best: Whether no other look showed a lower error than that model's.
        margin: Smallest difference that matters.
    """

    metric: str
    is_rate: bool
    model: str | None
    history: tuple[Shown, ...]
    dev: Measured | None
    test: Measured | None
    patterns: Kept | None
    n_looks: int
    n_logged: int
    test_used: int
    purpose: str
    is_best: bool
    margin: float


def known(
    looks: Sequence[Look],
    *,
    dev: Measured | None,
    test: Measured | None,
    joint: JointCounts | None,
    settings: Wearing,
    clusters: ClusterMoments | None = None,
) -> Known:
    """What is known of the dev and the test set in use.

    Args:
        looks: Every look at dev and test, in any order.
        dev: Dev error of the model in question; None takes it from the counts or the looks.
        test: Its test error; None takes it from the counts or the looks.
        joint: Counts by pattern of right and wrong, or None.
        settings: How wear is judged.
        clusters: Sums over the clusters of dev for the models of ``joint``, or None.

    Returns:
        The facts.

    References:
        Methods note, sections 5.1 and 5.7.
    """
    at_dev = of_set(looks, "dev", settings.fingerprint)
    at_test = of_set(looks, "test", settings.test_fingerprint)
    name = settings.metric or next((k.metric for k in reversed(at_dev or at_test)), "error")
    metric = metric_of(name)
    patterns = kept(joint, "dev", clusters=clusters) if joint else None
    n_logged = consultations(at_dev)
    n_looks = max(n_logged, settings.n_looks, _n_kept(patterns))
    purpose = settings.purpose or _purpose(at_dev, n_looks, max(n_logged, _n_kept(patterns)))
    ours, theirs = ([k for k in at if k.metric == name] for at in (at_dev, at_test))
    history = _history(ours, patterns, metric, is_list=purpose == "selection")
    model = settings.model or _chosen(history, patterns)
    dev = dev or _measured(model, ours, patterns, metric, settings.level)
    at_test_kept = kept(joint, "test") if joint else None
    test = test or _measured(model, theirs, at_test_kept, metric, settings.level)
    is_rate = metric.unit == "fraction"
    return Known(
        metric=name,
        is_rate=is_rate,
        model=model,
        history=history,
        dev=dev,
        test=test,
        patterns=patterns,
        n_looks=n_looks,
        n_logged=n_logged,
        test_used=consultations(at_test),
        purpose=purpose,
        is_best=_is_best(dev, history, patterns),
        margin=_margin(dev, settings.margin, is_rate=is_rate),
    )


def _is_best(dev: Measured | None, history: Sequence[Shown], patterns: Kept | None) -> bool:
    """Whether nothing that was looked at showed a lower error."""
    seen = [shown.error for shown in history]
    if patterns is not None:
        seen += [point(patterns.measured(name)) for name in patterns.models]
    return dev is None or not seen or point(dev) <= min(seen) + CLOSE


def _n_kept(patterns: Kept | None) -> int:
    """Models of which it is known how they err together."""
    return 0 if patterns is None else len(patterns.models)


def _margin(dev: Measured | None, margin: float | None, *, is_rate: bool) -> float:
    """The margin asked for, else a tenth of the dev error."""
    if margin is not None:
        return margin
    return default_margin(point(dev) if dev else 0.0, is_rate=is_rate)


def _purpose(at_dev: Sequence[Look], n_looks: int, n_told: int) -> str:
    """What the looks were for: one that was built from answers spoils the list."""
    if any(look.purpose in ADAPTIVE for look in at_dev):
        return "adaptive"
    return "selection" if n_looks <= n_told else "unknown"


def _error(look: Look, metric: Metric) -> float:
    """What a look showed, as an error."""
    return 1 - look.value if metric.maximize else look.value


def _history(
    looks: Sequence[Look], patterns: Kept | None, metric: Metric, *, is_list: bool
) -> tuple[Shown, ...]:
    """The looks as errors, with the best so far, its limit and what the Ladder releases."""
    errors = [_error(look, metric) for look in looks]
    bests = list(accumulate(errors, min))
    n = _shared_n(looks, metric)
    limits: Sequence[float | None] = [None] * len(looks)
    released = limits
    if n is not None:
        released = _released(looks, errors, n, patterns)
        limits = [_limit(best, n, place + 1, is_list=is_list) for place, best in enumerate(bests)]
    rows = zip(looks, errors, bests, limits, released, strict=True)
    return tuple(
        Shown(look=look, error=error, best=best, limit=limit, released=shown)
        for look, error, best, limit, shown in rows
    )


def _shared_n(looks: Sequence[Look], metric: Metric) -> int | None:
    """The examples behind shares of them; None where they are not known, or these are no shares."""
    sizes = {look.n for look in looks}
    return sizes.pop() if len(sizes) == 1 and metric.source == "outcome" else None


def _limit(best: float, n: int, n_looks: int, *, is_list: bool) -> float:
    """How high the expected error of the best of so many looks may lie."""
    if n_looks == 1:
        return best
    if is_list:
        return min(1.0, best + worst_case_optimism(sqrt(best * (1 - best) / n), n_looks))
    return adaptive_limit(best, n, n_looks)


def _released(
    looks: Sequence[Look], errors: Sequence[float], n: int, patterns: Kept | None
) -> tuple[float, ...]:
    """What the Ladder releases after each look."""

    def apart(best: int, new: int) -> tuple[float, float] | None:
        pair = (looks[best].model, looks[new].model)
        return patterns.apart(*pair) if patterns is not None else None

    return parameter_free_ladder([error * n for error in errors], n, apart)


def _chosen(history: Sequence[Shown], patterns: Kept | None) -> str | None:
    """The model that was selected last; else the best that was seen."""
    flagged = [shown.look.model for shown in history if shown.look.selected]
    if flagged:
        return flagged[-1]
    if history:
        return min(history, key=lambda shown: shown.error).look.model
    if patterns is None:
        return None
    return min(patterns.models, key=lambda name: patterns.measured(name).n_errors)


def _measured(
    model: str | None,
    looks: Sequence[Look],
    patterns: Kept | None,
    metric: Metric,
    level: float,
) -> Measured | None:
    """The error of one model from the counts, else from its last look, if that tells its noise."""
    if patterns is not None and model in patterns.models:
        return patterns.measured(model)
    last = next((k for k in reversed(looks) if model in {None, k.model}), None)
    if last is None or last.n is None:
        return None
    error = _error(last, metric)
    if metric.source == "outcome":
        return Binomial(n_errors=round(error * last.n), n=last.n)
    if last.lower is None or last.upper is None or not last.lower < last.upper:
        return None
    spread = ((last.upper - last.lower) / 2 / critical_value(level)) ** 2
    if metric.unit == "fraction" and 0 < error < 1:
        return Effective(rate=error, n_eff=error * (1 - error) / spread, n=last.n)
    return Mean(mean=error, variance=spread * last.n, n=last.n)
