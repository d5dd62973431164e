"""Metrics of models that were measured elsewhere: one row for each model."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from headway.errors import CountError, TargetError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = ["MetricsTable", "table_of"]

PRECISION: Final = re.compile(r"precision(\(.+\))?")
N_ENDING: Final = "_n"
MOST_N: Final = 2**62


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricsTable:
    """Metrics of models, measured elsewhere.

    Args:
        models: Names of the models, in the order of the table.
        metrics: Per model, its metrics by name: finite numbers, in the unit of each metric.
        n: Per model, the examples that its metrics were measured on, where that is known.
        metric_n: Per model and metric with an ``n`` of its own, that number of examples.
        derived: Metrics that were made from others: F1 from precision and recall, which alone say
            nothing about its interval.
        ignored: Columns that hold no numbers.
        left_out: Rows without a finished model, by what they are, such as ``"pruned"``.
        sources: Names of files, or the kind of table.
    """

    models: tuple[str, ...]
    metrics: Mapping[str, Mapping[str, float]]
    n: Mapping[str, int] = field(default_factory=dict)
    metric_n: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    derived: tuple[str, ...] = ()
    ignored: tuple[str, ...] = ()
    left_out: Mapping[str, int] = field(default_factory=dict)
    sources: tuple[str, ...] = ()

    def n_of(self, model: str, metric: str) -> int | None:
        """The examples that a metric of a model was measured on; None where that is not known."""
        return self.metric_n.get(model, {}).get(metric, self.n.get(model))


def table_of(
    rows: Iterable[tuple[str, Mapping[str, Any]]],
    *,
    ignored: Iterable[str] = (),
    left_out: Mapping[str, int] | None = None,
    sources: Iterable[str] = (),
) -> MetricsTable:
    """A metrics table from one row for each model.

    Args:
        rows: Names of models with their numbers: metrics, ``n``, and ``<metric>_n``.
        ignored: Columns that hold no numbers.
        left_out: Rows that were left out, by what they are.
        sources: Where the rows come from.

    Returns:
        The table. Precision and recall of a model give its F1, unless it is there.

    Raises:
        TargetError: If a model comes twice, or a metric is no finite number.
        CountError: If an ``n`` is no count, or a precision or recall used is no fraction.

    Examples:
        >>> table = table_of([("A", {"precision": 0.95, "recall": 0.90, "n": 1000})])
        >>> round(table.metrics["A"]["f1"], 4), table.n_of("A", "recall")
        (0.9243, 1000)

    References:
        Methods note, section 3.4.
        Notes: week 1, "Single number evaluation metric".
    """
    metrics: dict[str, dict[str, float]] = {}
    n: dict[str, int] = {}
    metric_n: dict[str, dict[str, int]] = {}
    derived: dict[str, None] = {}
    for model, row in rows:
        if model in metrics:
            raise TargetError.repeated("model", model)
        own = {name for name in row if _is_n(name, row)}
        metrics[model] = {
            name: _number(model, name, value) for name, value in row.items() if name not in own
        }
        counted = {name: _count(model, name, row[name]) for name in own}
        if "n" in counted:
            n[model] = counted.pop("n")
        metric_n[model] = {name.removesuffix(N_ENDING): value for name, value in counted.items()}
        made = _f1(model, metrics[model])
        metrics[model] |= made
        derived |= dict.fromkeys(made)
    return MetricsTable(
        models=tuple(metrics),
        metrics=metrics,
        n=n,
        metric_n={model: found for model, found in metric_n.items() if found},
        derived=tuple(derived),
        ignored=tuple(ignored),
        left_out=dict(left_out or {}),
        sources=tuple(sources),
    )


def _is_n(name: str, row: Mapping[str, Any]) -> bool:
    """Whether a column counts examples: ``n``, or that of a metric of the row."""
    return name == "n" or (name.endswith(N_ENDING) and name.removesuffix(N_ENDING) in row)


def _number(model: str, name: str, value: object) -> float:
    """A metric as a finite number."""
    if value is None:
        raise TargetError.not_a_number(model, name, "missing")
    if isinstance(value, bool | str) or not hasattr(value, "__float__"):
        raise TargetError.not_a_number(model, name, f"of type {type(value).__name__}")
    number = float(value)
    if math.isnan(number):
        raise TargetError.not_a_number(model, name, "NaN")
    if math.isinf(number):
        raise TargetError.not_a_number(model, name, "infinite")
    return number


def _count(model: str, name: str, value: object) -> int:
    """A number of examples."""
    number = _number(model, name, value)
    if not (1 <= number <= MOST_N and number.is_integer()):
        raise CountError.outside(f"{name} of model '{model}'", value, "a whole number, at least 1")
    return int(number)


def _f1(model: str, row: Mapping[str, float]) -> dict[str, float]:
    """F1 from each pair of precision and recall, unless it is there."""
    made = {}
    for name, precision in row.items():
        found = PRECISION.fullmatch(name)
        about = (found[1] or "") if found else ""
        recall = row.get(f"recall{about}")
        if found is None or recall is None or f"f1{about}" in row:
            continue
        for called, value in ((name, precision), (f"recall{about}", recall)):
            if not 0 <= value <= 1:
                raise CountError.outside(f"{called} of model '{model}'", value, "from 0 to 1")
        both = precision + recall
        made[f"f1{about}"] = 2 * precision * recall / both if both else 0.0
    return made
