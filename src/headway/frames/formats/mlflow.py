"""Runs of an MLflow tracking server as metrics of models."""

from __future__ import annotations

import re
from collections import Counter
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

from headway.errors import EngineError, SourceError
from headway.frames.metric_rows import table_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from headway.frames.metric_rows import MetricsTable

__all__ = ["is_runs", "is_server", "runs_in", "runs_on"]

FINISHED: Final = "finished"
METRIC: Final = "metrics."
RUN_NAME: Final = "tags.mlflow.runName"
SHORT: Final = 8
"""Digits of the id of a run that tell it from others of its name."""

MOST_RUNS: Final = 1_000
"""Most runs asked for at a time."""

_EXPERIMENT: Final = re.compile(r"/?#/experiments/([0-9]+).*")
_SERVER: Final = re.compile(r"(https?://|databricks)")


def is_server(given: object) -> bool:
    """Whether a value is the URL of a tracking server.

    Examples:
        >>> is_server("http://127.0.0.1:5000"), is_server("runs.csv")
        (True, False)
    """
    return isinstance(given, str) and _SERVER.match(given) is not None


def is_runs(columns: Mapping[str, Any] | list[str]) -> bool:
    """Whether columns are those of ``mlflow.search_runs``.

    Examples:
        >>> is_runs(["run_id", "status", "metrics.accuracy"])
        True
    """
    return "run_id" in columns and any(name.startswith(METRIC) for name in columns)


def runs_on(url: str) -> MetricsTable:
    """The finished runs on a tracking server, each a model called by the name of its run.

    Args:
        url: The URL of the server; with ``#/experiments/3``, as the browser shows it, the runs of
            that experiment alone.

    Returns:
        The last value of each metric of each run. Runs that failed or still run are counted in
        ``left_out``.

    Raises:
        EngineError: If MLflow is not installed, or cannot read the server.
        SourceError: If no run has finished.
        TargetError: If a metric is no finite number.
    """
    try:
        mlflow = import_module("mlflow")
    except ImportError as error:
        raise EngineError.no_mlflow(url) from error
    server = _EXPERIMENT.sub("", url)
    chosen = _EXPERIMENT.search(url)
    try:
        client = mlflow.MlflowClient(tracking_uri=server)
        found = _runs(client, [chosen[1]] if chosen else None)
    except Exception as error:
        raise EngineError.no_answer(server, type(error).__name__) from error
    return _table(found, url)


def runs_in(columns: Mapping[str, list[Any]], source: str) -> MetricsTable:
    """The finished runs in a table by ``mlflow.search_runs``.

    Args:
        columns: Its columns.
        source: What it is called.

    Returns:
        As ``runs_on``; a metric that a run lacks is left out of its row.

    Raises:
        SourceError: If no run has finished.

    Examples:
        >>> table = {"run_id": ["a", "b"], "status": ["FINISHED", "FAILED"],
        ...     "metrics.accuracy": [0.9, None]}
        >>> runs_in(table, "runs").metrics, runs_in(table, "runs").left_out
        ({'a': {'accuracy': 0.9}}, {'failed': 1})
    """
    n = len(columns["run_id"])
    names = columns.get(RUN_NAME, [None] * n)
    states = columns.get("status", [FINISHED] * n)
    found = []
    for i, run in enumerate(columns["run_id"]):
        row = {
            name.removeprefix(METRIC): values[i]
            for name, values in columns.items()
            if name.startswith(METRIC) and not _is_missing(values[i])
        }
        found.append((str(run), names[i], str(states[i]).lower(), row))
    return _table(found, source)


def _is_missing(value: Any) -> bool:  # noqa: ANN401 - whatever a table holds
    """Whether a table has no number there."""
    return value is None or value != value  # noqa: PLR0124


def _runs(client: Any, experiments: list[str] | None) -> list[tuple[str, Any, str, dict[str, Any]]]:  # noqa: ANN401
    """Id, name, state and metrics of each run."""
    if experiments is None:
        experiments = [each.experiment_id for each in client.search_experiments()]
    found: list[tuple[str, Any, str, dict[str, Any]]] = []
    token = None
    while True:
        page = client.search_runs(experiments, max_results=MOST_RUNS, page_token=token)
        found += [
            (run.info.run_id, run.info.run_name, str(run.info.status).lower(), run.data.metrics)
            for run in page
        ]
        token = page.token
        if not token:
            return found


def _table(found: list[tuple[str, Any, str, dict[str, Any]]], source: str) -> MetricsTable:
    """The finished runs, each under its name, with its id where several have the same name."""
    states = Counter(state for _, _, state, _ in found)
    done = [(run, name, row) for run, name, state, row in found if state == FINISHED]
    if not done:
        raise SourceError.nothing_finished(f"runs on {source}", dict(states))
    often = Counter(str(name) for _, name, _ in done)
    rows = []
    for run, name, row in done:
        called = name if isinstance(name, str) and name else run
        rows.append((called if often[called] <= 1 else f"{called} ({run[:SHORT]})", row))
    left_out = {state: n for state, n in sorted(states.items()) if state != FINISHED}
    return table_of(rows, left_out=left_out, sources=[source])
