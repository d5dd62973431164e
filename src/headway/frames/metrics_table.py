"""Metrics of models from a file, a table, a mapping, MLflow or Optuna."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from headway.errors import ColumnError, CountError, SourceError, TargetError
from headway.frames.engines import asked, fetched_columns
from headway.frames.formats.mlflow import is_runs, is_server, runs_in, runs_on
from headway.frames.formats.optuna import is_study, trials_of
from headway.frames.kinds import TEXTS, scalar
from headway.frames.metric_rows import MetricsTable, table_of
from headway.frames.source import read

if TYPE_CHECKING:
    from headway.frames.source import Frame

__all__ = ["MetricsTable", "read_metrics"]

MOST_MODELS: Final = 10_000
"""Most rows of a metrics table."""

NAME: Final = "name"
_NUMBERS: Final = frozenset({"integer", "float"})


def read_metrics(given: Any, *, columns: Mapping[str, str] | None = None) -> MetricsTable:  # noqa: ANN401
    """Metrics of models that were measured elsewhere.

    Args:
        given: A path or a table of any engine with one row for each model: a column ``model`` or
            ``name`` (or a single column of text), one column for each metric, and, where known,
            the number of examples in ``n`` or ``<metric>_n``; or a mapping of columns, or of models
            to their metrics; or the URL of an MLflow tracking server or a table by
            ``mlflow.search_runs``; or an Optuna study; or a table that was read before.
        columns: ``{"model": NAME}``, where the column of the names has another name.

    Returns:
        The table. Precision and recall of a model give its F1, unless it is there. Columns that
        hold no numbers are ignored, and named.

    Raises:
        HeadwayError: If nothing can be read, a model has no name or comes twice, a metric is
            missing or no finite number, or no column is a metric.

    Examples:
        >>> table = read_metrics({"model": ["A", "B"], "accuracy": [0.90, 0.92], "n": [1000, 1000]})
        >>> table.metrics["B"], table.n_of("B", "accuracy")
        ({'accuracy': 0.92}, 1000)
        >>> read_metrics({"A": {"accuracy": 0.90}, "B": {"accuracy": 0.92}}).models
        ('A', 'B')

    References:
        Methods note, section 3.4.
        Notes: week 1, "Satisficing and optimizing metrics".
    """
    if isinstance(given, MetricsTable):
        return given
    if is_server(given):
        return runs_on(given)
    if is_study(given):
        return trials_of(given)
    if isinstance(given, Mapping) and any(isinstance(row, Mapping) for row in given.values()):
        return _of_mapping(given)
    if isinstance(given, Mapping) and not given:
        raise SourceError.no_rows(["the metrics table"])
    frame = read(given, columns=columns)
    names = list(frame.kinds)
    if is_runs(names):
        return runs_in(_columns(frame, names), ", ".join(frame.sources))
    return _of_frame(frame)


def _of_mapping(given: Mapping[Any, Any]) -> MetricsTable:
    """The table of a mapping of models to their metrics."""
    for model, row in given.items():
        if not isinstance(row, Mapping):
            raise TargetError.not_a_number(str(model), "metrics", f"a {type(row).__name__}")
    rows = [(str(model), {str(k): v for k, v in row.items()}) for model, row in given.items()]
    return _with_metrics(table_of(rows, sources=["the mapping"]), list(given))


def _of_frame(frame: Frame) -> MetricsTable:
    """The table of a frame with one row for each model."""
    name = frame.columns.roles.get("model") or _called_name(frame)
    numbers = [n for n, kind in frame.kinds.items() if kind in _NUMBERS and n != name]
    texts = [n for n, kind in frame.kinds.items() if kind in TEXTS and n != name]
    found = _columns(frame, [name, *numbers, *texts])
    for column in texts:
        values = _numbers(found.pop(column))
        found |= {} if values is None else {column: values}
    models = [None if value is None else str(value) for value in map(scalar, found.pop(name))]
    if None in models:
        raise ColumnError.unfit("model", name, "a row without a name", "a name in each row")
    rows = [
        (str(model), {column: values[i] for column, values in found.items()})
        for i, model in enumerate(models)
    ]
    if not rows:
        raise SourceError.no_rows(frame.sources)
    ignored = [n for n in frame.kinds if n != name and n not in found]
    return _with_metrics(table_of(rows, ignored=ignored, sources=frame.sources), list(frame.kinds))


def _numbers(texts: list[Any]) -> list[float | None] | None:
    """Numbers that a file wrote as text, such as ``nan``; None where some are no numbers."""
    try:
        return [None if text is None or not str(text).strip() else float(text) for text in texts]
    except ValueError:
        return None


def _with_metrics(table: MetricsTable, columns: list[Any]) -> MetricsTable:
    """The table, if it holds any metric."""
    if not any(table.metrics.values()):
        raise SourceError.no_metrics([str(name) for name in columns])
    return table


def _called_name(frame: Frame) -> str:
    """The column of names where none is called ``model``: ``name``, or the only one of text."""
    names = [n for n in frame.kinds if n.strip().lower() == NAME]
    texts = [n for n, kind in frame.kinds.items() if kind in TEXTS]
    if not names and len(texts) != 1:
        raise ColumnError.missing("model", "model", list(frame.kinds))
    return (names or texts)[0]


def _columns(frame: Frame, names: list[str]) -> dict[str, list[Any]]:
    """The values of some columns of a small table."""
    with asked(frame.engine, frame.sources):
        found = fetched_columns(frame.rows.select(*names).head(MOST_MODELS + 1), names)
    if len(found[names[0]]) > MOST_MODELS:
        raise CountError.outside("number of models", f"above {MOST_MODELS}", "one row for each")
    return {name: values.tolist() for name, values in found.items()}
