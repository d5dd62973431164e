from __future__ import annotations

from types import SimpleNamespace as Some
from typing import Any

import pandas as pd
import pytest

from headway.errors import SourceError, TargetError
from headway.frames.formats.optuna import is_study, trials_of
from headway.frames.metrics_table import read_metrics


def trial(number: int, state: str, *values: float | None, **more: Any) -> Some:
    return Some(
        number=number,
        state=Some(name=state),
        values=list(values),
        value=values[0] if len(values) == 1 else None,
        params=more.get("params", {}),
        user_attrs=more.get("user_attrs", {}),
    )


def test_trials_when_completed_then_are_models_and_the_others_are_counted() -> None:
    study = Some(
        trials=[
            trial(0, "COMPLETE", 0.9, params={"lr": 0.1, "kind": "adam"}, user_attrs={"ms": 80}),
            trial(1, "PRUNED", 0.4),
            trial(2, "FAIL"),
            trial(3, "COMPLETE", 0.8, params={"lr": 1}, user_attrs={"fine": True}),
        ]
    )
    found = read_metrics(study)
    assert {
        "trial_0": {"value": 0.9, "ms": 80.0, "params_lr": 0.1},
        "trial_3": {"value": 0.8, "params_lr": 1.0},
    } == found.metrics
    assert {"fail": 1, "pruned": 1} == found.left_out


def test_values_when_there_are_several_then_have_the_names_of_the_study_or_numbers() -> None:
    trials = [trial(0, "COMPLETE", 0.9, 80.0)]
    named = trials_of(Some(trials=trials, metric_names=["accuracy", "ms"]))
    assert {"accuracy": 0.9, "ms": 80.0} == named.metrics["trial_0"]
    assert {"values_0": 0.9, "values_1": 80.0} == trials_of(Some(trials=trials)).metrics["trial_0"]


def test_trials_when_only_a_table_is_there_then_are_read_from_it() -> None:
    table = pd.DataFrame(
        {
            "number": [0, 1, 2],
            "value": [0.9, 0.8, None],
            "params_depth": [3, 4, 5],
            "params_kind": ["a", "b", "c"],
            "user_attrs_ms": [80.0, None, 70.0],
            "state": ["COMPLETE", "COMPLETE", "PRUNED"],
        }
    )
    found = trials_of(Some(trials_dataframe=lambda: table))
    assert {
        "trial_0": {"value": 0.9, "params_depth": 3.0, "ms": 80.0},
        "trial_1": {"value": 0.8, "params_depth": 4.0},
    } == found.metrics
    assert {"pruned": 1} == found.left_out


def test_values_when_named_in_a_table_then_have_those_names() -> None:
    columns = {"number": [0], "values_accuracy": [0.9], "values_1": [80.0], "state": ["COMPLETE"]}
    found = trials_of(Some(trials_dataframe=lambda: pd.DataFrame(columns)))
    assert {"accuracy": 0.9, "values_1": 80.0} == found.metrics["trial_0"]


def test_trials_when_none_was_completed_then_are_refused() -> None:
    with pytest.raises(
        SourceError, match="Not one of the trials of the study has finished: 1 fail"
    ):
        trials_of(Some(trials=[trial(0, "FAIL")]))


def test_value_when_it_is_no_number_then_is_refused() -> None:
    with pytest.raises(TargetError, match="'value' of model 'trial_7' is NaN"):
        trials_of(Some(trials=[trial(7, "COMPLETE", float("nan"))]))


def test_study_when_it_is_none_then_is_not_taken_for_one() -> None:
    assert not is_study("runs.csv")
    assert not is_study(pd.DataFrame({"model": ["a"]}))
