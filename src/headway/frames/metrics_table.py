"""Metrics that somebody else measured: one row for each model, one column for each metric."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import isfinite
from typing import TYPE_CHECKING, Any, Final

from headway.errors import ColumnError, SourceError, TargetError
from headway.frames.engines import asked, fetched
from headway.frames.kinds import NUMBERS, TEXTS, scalar
from headway.frames.source import read

if TYPE_CHECKING:
    from collections.abc import Sequence

    from headway.counts import Scalar

__all__ = ["MetricsTable", "read_metrics", "table_of_rows"]

NAMES: Final = ("model", "name")
"""Columns that name the model, in order."""

COUNT: Final = "n"


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricsTable:
    """Metrics by model.

    Args:
        metrics: Per model and metric, its value.
        n: Per model that has it, the number of examples behind its metrics.
        derived: Metrics that were computed from others.
        left_out: What was left out, in words: runs that failed, columns that are no numbers.
    """

    metrics: Mapping[str, Mapping[str, float]]
    n: Mapping[str, int] = field(default_factory=dict)
    derived: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()

    @property
    def models(self) -> tuple[str, ...]:
        """Names of the models."""
        return tuple(self.metrics)


def read_metrics(given: object) -> MetricsTable:
    """Metrics by model from a file, a table or a mapping.

    Args:
        given: A path, a table that narwhals wraps, a mapping of columns, or a mapping from models
            to their metrics. The column ``model`` or ``name`` (or the only one of text) names the
            model, ``n`` its examples; every other column of numbers is a metric.

    Returns:
        The table; where precision and recall stand in it and no F1, F1 is added.

    Raises:
        HeadwayError: If nothing names the models, a model comes twice, or a number is missing.

    Examples:
        >>> found = read_metrics({"A": {"precision": 0.95, "recall": 0.90}})
        >>> round(found.metrics["A"]["f1"], 4), found.derived
        (0.9243, ('f1',))

    References:
        Notes: week 1, "Single number evaluation metric".
    """
    if isinstance(given, MetricsTable):
        return given
    if isinstance(given, Mapping) and all(isinstance(v, Mapping) for v in given.values()):
        rows = [{"model": name, **values} for name, values in given.items()]
        return table_of_rows(rows, name="model")
    frame = read(given)
    texts = [n for n, kind in frame.kinds.items() if kind in TEXTS]
    name = next((n for n in NAMES if n in frame.kinds), texts[0] if len(texts) == 1 else None)
    if name is None:
        raise ColumnError.missing("model", "model", list(frame.kinds))
    numbers = [n for n, kind in frame.kinds.items() if kind in NUMBERS and n != name]
    if not numbers:
        raise SourceError.no_metrics(list(frame.kinds))
    with asked(frame.engine, frame.sources):
        found = fetched(frame.rows, [name, *numbers])
    rows = [dict(zip([name, *numbers], map(scalar, row), strict=True)) for row in found]
    return table_of_rows(rows, name=name)


def table_of_rows(
    rows: Sequence[Mapping[str, Any]], *, name: str, left_out: Sequence[str] = ()
) -> MetricsTable:
    """A metrics table from rows in memory.

    Args:
        rows: One mapping for each model: its name and its numbers.
        name: The key of the name.
        left_out: What was left out before, in words.

    Returns:
        The table.

    Raises:
        HeadwayError: If a model comes twice, or a number is missing or no finite number.
    """
    metrics: dict[str, dict[str, float]] = {}
    n: dict[str, int] = {}
    for row in rows:
        model = str(row[name])
        if model in metrics:
            raise TargetError.repeated("model", model)
        values = {key: _number(model, key, value) for key, value in row.items() if key != name}
        if COUNT in values:
            n[model] = round(values.pop(COUNT))
        metrics[model] = values
    if not metrics:
        raise SourceError.no_rows(["the metrics table"])
    derived = _with_f1(metrics)
    return MetricsTable(metrics=metrics, n=n, derived=derived, left_out=tuple(left_out))


def _number(model: str, key: str, value: Scalar) -> float:
    """A metric of a model as a number."""
    if not isinstance(value, (int, float)) or not isfinite(value):
        found = "nothing" if value is None else f"'{value}'"
        raise TargetError.not_a_number(model, key, found)
    return float(value)


def _with_f1(metrics: dict[str, dict[str, float]]) -> tuple[str, ...]:
    """Add F1 where precision and recall are known and it is not."""
    added = False
    for values in metrics.values():
        if {"precision", "recall"} <= values.keys() and "f1" not in values:
            precision, recall = values["precision"], values["recall"]
            total = precision + recall
            values["f1"] = 2 * precision * recall / total if total > 0 else 0.0
            added = True
    return ("f1",) if added else ()
