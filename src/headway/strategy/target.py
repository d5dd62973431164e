"""What are we aiming at: one optimizing metric, and limits on the others?"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from headway.errors import CountError, TargetError
from headway.stats.metrics import metric_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from headway.counts import Scalar
    from headway.stats.metric import Metric

__all__ = ["Limit", "Policy", "limit_of", "linear_of", "measured_limit", "policy"]

SIGNS: Final = {
    "<=": True,
    "=<": True,
    "≤": True,
    "<": True,
    ">=": False,
    "=>": False,
    "≥": False,
    ">": False,
}
"""How a limit is written, longest signs first where one begins another."""

TIMES: Final = {
    "ns": 1e-9,
    "us": 1e-6,
    "µs": 1e-6,
    "ms": 1e-3,
    "s": 1.0,
    "min": 60.0,
    "h": 3600.0,
    "d": 86400.0,
}

SPACES: Final = {
    "bytes": 1.0,
    "kb": 1e3,
    "mb": 1e6,
    "gb": 1e9,
    "kib": 2.0**10,
    "mib": 2.0**20,
    "gib": 2.0**30,
}

RATES: Final = {
    "per 24 h": 1.0,
    "per 24h": 1.0,
    "per day": 1.0,
    "/day": 1.0,
    "per hour": 24.0,
    "per h": 24.0,
    "/h": 24.0,
}

UNITS: Final = (TIMES, SPACES, RATES, {"fraction": 1.0, "%": 0.01})
"""Units that can be turned into each other, one group for each kind of quantity."""

NUMBER: Final = r"[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?"

_BOUND: Final = re.compile(rf"({NUMBER})\s*(.*)")
_FACTOR_FIRST: Final = re.compile(rf"({NUMBER})\s*\*\s*(.+)")
_FACTOR_LAST: Final = re.compile(rf"(.+?)\s*\*\s*({NUMBER})")

CHOSEN_BY_USER: Final = frozenset({"mean", "share", "quantile", "given"})
"""Kinds whose direction is what the user says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """A satisficing metric: it only has to stay on the right side of a limit.

    Args:
        metric: What is limited.
        bound: The limit, in the unit of the metric.
        at_most: Whether the metric must not exceed the limit; else it must not fall below it.
        burden: ``"must_be_shown"``: undetermined is not eligible; ``"presumed"``: it is, with a
            flag.
        declared: The limit as it was written, where this is the form in which rows keep it: that
            of a quantile as a share; else None.
    """

    metric: Metric
    bound: float
    at_most: bool
    burden: str = "must_be_shown"
    declared: Limit | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """A target: one optimizing metric and limits, or a declared linear combination and limits.

    Args:
        optimizing: The metric to be as good as possible; None where ``linear`` says what to add up.
        linear: Factors and metrics of a declared linear combination, to be maximized; else empty.
        limits: The satisficing metrics.
        margin: Smallest difference of the optimizing metric that matters, at least 0, or None.
        turned: Whether that combination was declared to be minimized, so that its factors are
            those of its negative.
    """

    optimizing: Metric | None
    limits: tuple[Limit, ...] = ()
    linear: tuple[tuple[float, Metric], ...] = ()
    margin: float | None = None
    turned: bool = False

    @property
    def sign(self) -> float:
        """What turns a value of the declared combination into the one that was declared."""
        return -1.0 if self.turned else 1.0

    @property
    def metrics(self) -> tuple[Metric, ...]:
        """Every metric that must be known of a model, each once, what is optimized first."""
        first = () if self.optimizing is None else (self.optimizing,)
        every = (*first, *(m for _, m in self.linear), *(limit.metric for limit in self.limits))
        return tuple({metric.name: metric for metric in every}.values())


def policy(
    *,
    maximize: str | Sequence[str] | None = None,
    minimize: str | Sequence[str] | None = None,
    subject_to: str | Sequence[str] = (),
    linear: str | None = None,
    margin: float | None = None,
    presumed: bool = False,
    positive: Scalar = None,
) -> Policy:
    """A target from its words: exactly one optimizing metric, the others satisficing.

    Args:
        maximize: A metric to be as large as possible, or a sum such as
            ``"accuracy - 0.0005*running_time_ms"``.
        minimize: A metric to be as small as possible.
        subject_to: Limits, such as ``"running_time_ms <= 100"``.
        linear: A sum of metrics with factors, to be maximized.
        margin: Smallest difference of the optimizing metric that matters, at least 0.
        presumed: Whether a model may be taken although a limit is not shown to be kept.
        positive: The positive class of metrics that do not name it.

    Returns:
        The policy.

    Raises:
        TargetError: If not exactly one thing is optimized, a metric is optimized the wrong way, or
            a limit cannot be read.
        CountError: If the margin is negative.

    Examples:
        >>> found = policy(maximize="accuracy", subject_to="running_time_ms <= 100")
        >>> found.optimizing.name, found.limits[0].bound, found.limits[0].at_most
        ('accuracy', 100.0, True)

    References:
        Methods note, section 3.1.
        Notes: week 1, "Satisficing and Optimizing metric".
    """
    up, down = _texts(maximize), _texts(minimize)
    asked = [*up, *down, *_texts(linear)]
    if len(asked) > 1:
        raise TargetError.several_optimized(asked)
    if not asked:
        raise TargetError.nothing_optimized()
    if margin is not None and not 0 <= margin < float("inf"):
        raise CountError.outside("margin", margin, "a number at least 0")
    burden = "presumed" if presumed else "must_be_shown"
    limits = tuple(
        replace(limit_of(text, positive=positive), burden=burden) for text in _texts(subject_to)
    )
    _check_limits(limits)
    if linear is not None or _is_sum(asked[0]):
        sign = -1.0 if down else 1.0
        terms = tuple((sign * f, m) for f, m in linear_of(asked[0], positive=positive))
        return Policy(
            optimizing=None, limits=limits, linear=terms, margin=margin, turned=bool(down)
        )
    metric = _aimed(metric_of(asked[0], positive=positive), larger=bool(up))
    return Policy(optimizing=metric, limits=limits, margin=margin)


def _texts(given: str | Sequence[str] | None) -> list[str]:
    """One or several texts as a list."""
    return [given] if isinstance(given, str) else list(given or ())


def _aimed(metric: Metric, *, larger: bool) -> Metric:
    """A metric in the direction it is optimized, refused where that is the wrong one."""
    if metric.maximize == larger:
        return metric
    if metric.kind not in CHOSEN_BY_USER:
        raise TargetError.wrong_way(metric.name, larger=larger)
    return replace(metric, maximize=larger)


def _check_limits(limits: Sequence[Limit]) -> None:
    """Refuse two limits on the same side of one metric."""
    seen: set[tuple[str, bool]] = set()
    for limit in limits:
        side = limit.metric.name, limit.at_most
        if side in seen:
            raise TargetError.repeated("limit on", limit.metric.name)
        seen.add(side)


def limit_of(text: str, *, positive: Scalar = None) -> Limit:
    """A limit from its words.

    Args:
        text: Such as ``"running_time_ms <= 100"``, ``"recall(cat) >= 90 %"`` or
            ``"p95(t) <= 0.1 s"``.
        positive: The positive class, where the metric does not name it.

    Returns:
        The limit, in the unit of its metric.

    Raises:
        TargetError: If there is no sign, no number, or a unit that the metric does not have.

    Examples:
        >>> limit_of("p95(running_time_ms) <= 0.1 s").bound
        100.0
        >>> limit_of("recall(cat) >= 90%").at_most
        False

    References:
        Methods note, section 3.1.
        Notes: week 1, "Satisficing and Optimizing metric".
    """
    place = next(_outside(text, SIGNS), None)
    if place is None:
        raise TargetError.not_a_limit(text)
    start, sign = place
    match = _BOUND.fullmatch(text[start + len(sign) :].strip())
    if match is None or not text[:start].strip():
        raise TargetError.not_a_limit(text)
    metric = metric_of(text[:start].strip(), positive=positive)
    metric, bound = _in_unit(metric, float(match[1]), match[2].strip().lower())
    at_most = SIGNS[sign]
    if metric.kind in CHOSEN_BY_USER:
        metric = replace(metric, maximize=not at_most)
    return Limit(metric=metric, bound=bound, at_most=at_most)


def _outside(text: str, marks: Sequence[str] | dict[str, bool]) -> Iterator[tuple[int, str]]:
    """Where marks stand outside of brackets."""
    depth = place = 0
    while place < len(text):
        depth += {"(": 1, ")": -1}.get(text[place], 0)
        found = next((mark for mark in marks if text.startswith(mark, place)), None)
        if found is not None and depth == 0:
            yield place, found
            place += len(found) - 1
        place += 1


def _in_unit(metric: Metric, bound: float, unit: str) -> tuple[Metric, float]:
    """A metric with its unit, and a limit in it."""
    own = metric.unit or unit
    bare = unit in {"", own.lower()}
    factor = 1.0 if bare else _factor(unit, own.lower())
    if factor is None:
        raise TargetError.other_unit(metric.name, own, unit)
    bound = round(bound * factor, 12)
    if own == "fraction" and not -1 <= bound <= 1:
        raise TargetError.other_unit(metric.name, own, f"{bound:g}")
    return (replace(metric, unit=own) if metric.unit != own else metric), bound


def _factor(unit: str, own: str) -> float | None:
    """What a number in one unit is multiplied by to be in the other, or None."""
    group = next((units for units in UNITS if unit in units and own in units), None)
    return None if group is None else group[unit] / group[own]


def _is_sum(text: str) -> bool:
    """Whether a text adds metrics up, or multiplies one."""
    return next(_outside(text.strip(), (" + ", " - ", "*")), None) is not None


def linear_of(text: str, *, positive: Scalar = None) -> tuple[tuple[float, Metric], ...]:
    """The factors and metrics of a sum.

    Args:
        text: Such as ``"accuracy - 0.0005*running_time_ms"``.
        positive: The positive class of metrics that do not name it.

    Returns:
        Factors and metrics, in order.

    Raises:
        TargetError: If a term is no metric with a factor, or a metric comes twice.

    Examples:
        >>> [(factor, m.name) for factor, m in linear_of("accuracy - 0.0005*running_time_ms")]
        [(1.0, 'accuracy'), (-0.0005, 'mean(running_time_ms)')]

    References:
        Methods note, section 3.1.
        Notes: week 1, "Satisficing and Optimizing metric".
    """
    terms: list[tuple[float, Metric]] = []
    start, sign = 0, 1.0
    marks = [*_outside(text, (" + ", " - ")), (len(text), "")]
    for place, mark in marks:
        terms.append(_term(text[start:place].strip(), sign, positive))
        start, sign = place + len(mark), -1.0 if mark == " - " else 1.0
    names = [metric.name for _, metric in terms]
    for name in names:
        if names.count(name) > 1:
            raise TargetError.repeated("metric", name)
    return tuple(terms)


def _term(text: str, sign: float, positive: Scalar) -> tuple[float, Metric]:
    """A metric with its factor."""
    first, last = _FACTOR_FIRST.fullmatch(text), _FACTOR_LAST.fullmatch(text)
    if first is not None:
        factor, name = float(first[1]), first[2]
    elif last is not None:
        factor, name = float(last[2]), last[1]
    else:
        factor, name = (-1.0, text[1:]) if text.startswith("-") else (1.0, text)
    if not name.strip() or re.fullmatch(NUMBER, name.strip()) or factor == 0:
        raise TargetError.not_a_term(text)
    return sign * factor, metric_of(name.strip(), positive=positive)


def measured_limit(limit: Limit) -> Limit:
    """The limit in the form in which rows can keep it: a quantile becomes a share of rows.

    The 95th percentile is at most 100 ms if, and only if, at most 5 % of the rows take longer.

    Args:
        limit: The limit.

    Returns:
        The same limit; that of a quantile as one on the share of rows beyond the bound.

    Examples:
        >>> slow = measured_limit(limit_of("p95(running_time_ms) <= 100"))
        >>> slow.metric.name, round(slow.bound, 2)
        ('share(running_time_ms > 100)', 0.05)

    References:
        Methods note, section 3.2.
        Notes: week 1, "Satisficing and Optimizing metric".
    """
    metric = limit.metric
    if metric.source != "quantile" or metric.parameter is None:
        return limit
    share = metric_of(f"share({metric.column} > {limit.bound!r})".replace(".0)", ")"))
    beyond = round(1 - metric.parameter, 12)
    share = replace(share, maximize=not limit.at_most)
    return replace(limit, metric=share, bound=beyond, declared=limit)
