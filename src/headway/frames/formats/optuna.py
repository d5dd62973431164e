"""Trials of an Optuna study as metrics of models; any object of its shape will do."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from headway.errors import SourceError
from headway.frames.metric_rows import table_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from headway.frames.metric_rows import MetricsTable

__all__ = ["is_study", "trials_of"]

COMPLETE: Final = "complete"
MODEL: Final = "trial_{}"
PREFIXES: Final = {"user_attrs_": "", "params_": "params_"}
"""How columns of ``trials_dataframe`` begin that hold numbers of ours, and what is kept of that."""


def is_study(given: object) -> bool:
    """Whether a value has trials: ``trials``, or ``trials_dataframe()``.

    Examples:
        >>> is_study({"A": {"accuracy": 0.9}})
        False
    """
    return hasattr(given, "trials") or callable(getattr(given, "trials_dataframe", None))


def trials_of(study: Any) -> MetricsTable:  # noqa: ANN401 - a study, or anything of its shape
    """The completed trials of a study, each a model called ``trial_<number>``.

    Args:
        study: An object with ``trials`` (each with ``number``, ``state``, ``value`` or ``values``,
            ``params``, ``user_attrs``), or with ``trials_dataframe()``.

    Returns:
        Their values under the study's names of metrics, or else ``value`` (``values_0``, ... where
        there are several); user attributes that are numbers under their own names; parameters that
        are numbers as ``params_<name>``. Trials that were pruned, failed or still run are counted
        in ``left_out``.

    Raises:
        SourceError: If no trial was completed.
        TargetError: If a value is no finite number.

    Examples:
        >>> from types import SimpleNamespace as Some
        >>> done = dict(state=Some(name="COMPLETE"), params={"depth": 3}, user_attrs={"ms": 80})
        >>> study = Some(trials=[Some(number=0, values=[0.9], **done)])
        >>> trials_of(study).metrics
        {'trial_0': {'value': 0.9, 'ms': 80.0, 'params_depth': 3.0}}
    """
    found = _from_trials(study) if hasattr(study, "trials") else _from_frame(study)
    states = Counter(state for _, state, _ in found)
    rows = [(model, row) for model, state, row in found if state == COMPLETE]
    if not rows:
        raise SourceError.nothing_finished("trials of the study", dict(states))
    left_out = {state: n for state, n in sorted(states.items()) if state != COMPLETE}
    return table_of(rows, left_out=left_out, sources=["the Optuna study"])


def _from_trials(study: Any) -> list[tuple[str, str, dict[str, Any]]]:  # noqa: ANN401
    """Name, state and numbers of each trial."""
    names = getattr(study, "metric_names", None)
    found = []
    for trial in study.trials:
        row = _values(getattr(trial, "values", None) or [getattr(trial, "value", None)], names)
        row |= _numbers(trial.user_attrs)
        row |= {f"params_{name}": value for name, value in _numbers(trial.params).items()}
        found.append((MODEL.format(trial.number), _state(trial.state), row))
    return found


def _values(values: list[Any], names: list[str] | None) -> dict[str, Any]:
    """Values of a trial under the names of the study, or their usual ones."""
    if names is None or len(names) != len(values):
        several = len(values) > 1
        names = [f"values_{i}" if several else "value" for i in range(len(values))]
    return dict(zip(names, values, strict=True))


def _numbers(found: Mapping[str, Any]) -> dict[str, Any]:
    """What is a number among parameters or attributes."""
    kinds = (int, float)
    return {
        str(name): value
        for name, value in found.items()
        if isinstance(value, kinds) and not isinstance(value, bool)
    }


def _from_frame(study: Any) -> list[tuple[str, str, dict[str, Any]]]:  # noqa: ANN401
    """The same from a table of trials."""
    table = study.trials_dataframe()
    columns = {str(name): list(table[name]) for name in table.columns}
    found = []
    for i, number in enumerate(columns["number"]):
        row = {_called(n): values[i] for n, values in columns.items() if n.startswith("value")}
        for name, values in columns.items():
            start = next((begun for begun in PREFIXES if name.startswith(begun)), None)
            if start is not None:
                kept = {PREFIXES[start] + name.removeprefix(start): values[i]}
                row |= {k: v for k, v in _numbers(kept).items() if v == v}  # noqa: PLR0124
        found.append((MODEL.format(number), _state(columns["state"][i]), row))
    return found


def _called(column: str) -> str:
    """The metric of a column of values: its own name where the study names its metrics."""
    name = column.removeprefix("values_")
    return column if name.isdigit() else name


def _state(state: object) -> str:
    """The state of a trial in lower case."""
    return str(getattr(state, "name", state)).lower()
