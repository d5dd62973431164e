"""A metric as a value: its name, what must be counted for it, its direction and its unit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from headway.counts import Scalar

__all__ = ["Metric"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """One number that says how good a model is.

    Args:
        name: As it is written and echoed: ``"f1"``, ``"recall(cat)"``, ``"mean(running_time_ms)"``.
        title: In words, for screens: ``"F1"``, ``"recall of cat"``.
        source: What must be counted for it: ``"outcome"`` (right or wrong), ``"confusion"`` (label
            and prediction), ``"row"`` (one number a row, whose mean it is), ``"scores"`` (label and
            bin of the score), ``"events"`` (events and time of operation), ``"quantile"`` (of a
            column), or ``"given"`` (only known as a number for each model).
        kind: The family within its source: ``"error"``, ``"precision"``, ``"macro_f"``, ``"auc"``,
            ``"log_loss"``, ``"mean"``, ``"share"``, ...
        maximize: Whether larger is better.
        unit: ``"fraction"``, ``"per 24 h"``, the unit of its column (``"ms"``), or empty.
        positive: The class that counts as positive, or None where there is none.
        column: The column it is computed from, or empty.
        parameter: Beta of an F-measure, k of top-k, a budget, a threshold or a quantile; else None.
        sign: ``">"``, ``">="``, ``"<"`` or ``"<="`` of a share, else empty.
        function: What computes a metric of one's own from the counts by (label, prediction), or
            None.
    """

    name: str
    title: str
    source: str
    kind: str
    maximize: bool
    unit: str
    positive: Scalar = None
    column: str = ""
    parameter: float | None = None
    sign: str = ""
    function: Callable[[Mapping[tuple[Scalar, ...], float]], float] | None = None
