from __future__ import annotations

import sys
from types import ModuleType
from types import SimpleNamespace as Some
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest

from headway.errors import EngineError, SourceError, TargetError
from headway.frames.formats.mlflow import runs_on
from headway.frames.metrics_table import read_metrics

if TYPE_CHECKING:
    from pathlib import Path

URL = "http://127.0.0.1:5000"


class Page(list[Any]):
    """A page of runs, with the token of the next one."""

    token: str | None = None


def run(run_id: str, name: str, status: str, **metrics: float) -> Some:
    info = Some(run_id=run_id, run_name=name, status=status)
    return Some(info=info, data=Some(metrics=metrics))


RUNS = {
    "0": [run("a" * 32, "small", "FINISHED", accuracy=0.9)],
    "3": [
        run("b" * 32, "large", "FINISHED", accuracy=0.95, ms=80.0),
        run("c" * 32, "large", "FINISHED", accuracy=0.96, ms=90.0),
        run("d" * 32, "broken", "FAILED"),
    ],
}


class Client:
    """What ``MlflowClient`` answers, one run a page."""

    def __init__(self, tracking_uri: str) -> None:
        self.url = tracking_uri

    def search_experiments(self) -> list[Some]:
        if self.url != URL:
            raise ConnectionError(self.url)
        return [Some(experiment_id=name) for name in RUNS]

    def search_runs(
        self, experiment_ids: list[str], max_results: int, page_token: str | None
    ) -> Page:
        runs = [each for name in experiment_ids for each in RUNS[name]]
        place = int(page_token or 0)
        page = Page(runs[place : place + 1])
        page.token = str(place + 1) if place + 1 < len(runs) else None
        return page


@pytest.fixture
def mlflow(monkeypatch: pytest.MonkeyPatch) -> None:
    module = ModuleType("mlflow")
    monkeypatch.setattr(module, "MlflowClient", Client, raising=False)
    monkeypatch.setitem(sys.modules, "mlflow", module)


def test_runs_when_on_a_server_then_all_experiments_are_read_page_by_page(mlflow: None) -> None:
    found = read_metrics(URL)
    assert ("small", "large (bbbbbbbb)", "large (cccccccc)") == found.models
    assert {"accuracy": 0.96, "ms": 90.0} == found.metrics["large (cccccccc)"]
    assert {"failed": 1} == found.left_out


def test_runs_when_an_experiment_is_named_as_in_the_browser_then_it_alone_is_read(
    mlflow: None,
) -> None:
    assert ("small",) == read_metrics(f"{URL}/#/experiments/0/runs").models


def test_server_when_it_gives_no_answer_then_is_refused(mlflow: None) -> None:
    with pytest.raises(EngineError, match=r"MLflow cannot read the tracking server 'http://other'"):
        runs_on("http://other")


def test_server_when_mlflow_is_not_installed_then_names_the_extra(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "mlflow", None)
    with pytest.raises(EngineError, match="MLflow is not installed") as caught:
        read_metrics(URL)
    assert "mlflow-skinny: it needs the URL of a tracking server" in str(caught.value)


def frame(**more: Any) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "run_id": ["a", "b", "c"],
            "status": ["FINISHED", "FINISHED", "RUNNING"],
            "metrics.accuracy": [0.9, 0.95, None],
            "metrics.ms": [80.0, None, None],
            "params.lr": ["0.1", "0.2", "0.3"],
            "tags.mlflow.runName": ["small", "large", "larger"],
            **more,
        }
    )


def test_runs_when_in_a_table_then_lack_what_was_not_measured(tmp_path: Path) -> None:
    path = tmp_path / "runs.csv"
    frame().to_csv(path, index=False)
    for given in (frame(), str(path)):
        found = read_metrics(given)
        assert {
            "small": {"accuracy": 0.9, "ms": 80.0},
            "large": {"accuracy": 0.95},
        } == found.metrics
        assert {"running": 1} == found.left_out


def test_runs_when_none_has_finished_then_are_refused() -> None:
    with pytest.raises(SourceError, match="Not one of the runs on the pandas table has finished"):
        read_metrics(frame(status=["RUNNING"] * 3))


def test_metric_when_infinite_then_is_refused() -> None:
    with pytest.raises(TargetError, match="'ms' of model 'small' is infinite"):
        read_metrics(frame(**{"metrics.ms": [float("inf"), 1.0, 1.0]}))
