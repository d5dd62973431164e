"""What are we aiming at: one optimizing metric, and limits on the others?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from headway.stats.metric import Metric

__all__ = ["Limit", "Policy"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """A satisficing metric: it only has to stay on the right side of a limit.

    Args:
        metric: What is limited.
        bound: The limit, in the unit of the metric.
        at_most: Whether the metric must not exceed the limit; else it must not fall below it.
        burden: ``"must_be_shown"``: undetermined is not eligible; ``"presumed"``: it is, with a
            flag.
    """

    metric: Metric
    bound: float
    at_most: bool
    burden: str = "must_be_shown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """A target: one optimizing metric and limits, or a declared linear combination and limits.

    Args:
        optimizing: The metric to be as good as possible; None where ``linear`` says what to add up.
        linear: Factors and metrics of a declared linear combination, to be maximized; else empty.
        limits: The satisficing metrics.
        margin: Smallest difference of the optimizing metric that matters, at least 0, or None.
    """

    optimizing: Metric | None
    limits: tuple[Limit, ...] = ()
    linear: tuple[tuple[float, Metric], ...] = ()
    margin: float | None = None
