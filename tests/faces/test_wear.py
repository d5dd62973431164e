from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl
import pytest

import headway as door
from headway.errors import SourceError, TargetError
from headway.strategy.looks import Look

if TYPE_CHECKING:
    from pathlib import Path

    from tests.faces.conftest import Headway

NUMBERS = ("dev=4.8%/10000", "test=5.3%/10000")


def runs(n_models: int, *, n: int = 600, test: int = 0, seed: int = 0) -> pl.DataFrame:
    """Predictions of models that share most errors, on dev and test."""
    rng = np.random.default_rng(seed)
    hard = rng.random(n + test) < 0.05
    split = ["dev"] * n + ["test"] * test
    parts = [
        pl.DataFrame(
            {
                "model": [f"run{k:02}"] * (n + test),
                "id": np.arange(n + test),
                "split": split,
                "label": np.zeros(n + test, dtype=int),
                "prediction": (hard | (rng.random(n + test) < 0.03)).astype(int),
            }
        )
        for k in range(n_models)
    ]
    return pl.concat(parts)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project in the folder that commands run in."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "headway.toml").write_text("[target]\nmargin = 0.01\n", encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize("option", ["--looks", "--consultations"])
def test_wear_when_given_numbers_then_the_gap_is_compared_with_the_looks(
    headway: Headway, option: str
) -> None:
    found = headway("wear", *NUMBERS, option, "50", "--json").json["result"]

    assert (50, "within") == (found["looks"]["n"], found["dev_test_gap"]["explained"])


def test_wear_when_given_predictions_of_several_models_then_they_are_kept_together() -> None:
    found = door.wear(runs(12, test=300), margin=0.02).result

    assert found.optimism is not None
    assert ("half_split", 12) == (found.optimism.method, found.n_looks)
    assert found.test is not None
    assert found.test.n == 300


def test_wear_when_one_of_several_models_is_named_then_that_is_judged() -> None:
    assert door.wear(runs(3), model="run02").result.model == "run02"


def test_wear_when_a_model_is_not_there_then_refuses() -> None:
    with pytest.raises(TargetError, match="'run09' is no model"):
        door.wear(runs(3), model="run09")


def test_wear_when_models_are_very_many_then_the_best_are_paired() -> None:
    found = door.wear(runs(65, n=60)).result

    assert found.optimism is not None
    assert (65, 60) == (found.n_looks, found.optimism.n_kept)


def test_wear_when_models_have_no_ids_then_only_their_number_counts() -> None:
    found = door.wear(runs(4).drop("id")).result

    assert found.optimism is not None
    assert ("number_of_looks", 4) == (found.optimism.method, found.n_looks)


def test_wear_when_larger_values_are_better_then_the_looks_hold_them() -> None:
    rows = runs(1).with_columns(
        label=pl.col("id") % 2, prediction=(pl.col("id") % 3 == 0).cast(int)
    )
    found = door.wear(rows, metric="f1", positive=1).result

    assert found.dev is not None
    assert found.history[0].look.value == pytest.approx(1 - found.dev.estimate)
    assert found.history[0].error == pytest.approx(found.dev.estimate)


def test_wear_when_there_is_no_dev_set_then_nothing_is_judged() -> None:
    rows = runs(2).with_columns(split=pl.lit("test"))
    assert door.wear(rows).result.verdict == "not_applicable"


def test_wear_when_given_looks_then_no_project_is_needed() -> None:
    looks = [
        Look(
            when=str(k),
            split="dev",
            fingerprint="a",
            model=str(k),
            metric="error",
            value=0.1 - k / 1000,
            n=1000,
        )
        for k in range(5)
    ]
    assert door.wear(looks=looks).result.n_looks == 5


def test_wear_when_nothing_is_given_then_refuses(headway: Headway) -> None:
    ran = headway("wear")
    assert (3, True) == (ran.code, "No predictions were given" in ran.err)
    with pytest.raises(SourceError, match="No predictions were given"):
        door.wear()


def test_wear_when_a_number_is_of_train_then_refuses(headway: Headway) -> None:
    ran = headway("wear", "train=1%/1000", "--looks", "3")
    assert (3, True) == (ran.code, "'train' is no set that wears" in ran.err)


def test_wear_when_a_project_was_looked_at_then_its_ledger_is_judged(project: Path) -> None:
    for k in range(3):
        door.gaps(runs(1, seed=k), project=project, model=f"run{0:02}")
    found = door.wear(project=project).result

    assert (3, 3) == (found.n_looks, found.n_logged)
    assert found.margin == 0.01


def test_wear_when_it_reads_predictions_in_a_project_then_they_are_logged_once(
    project: Path,
) -> None:
    for _ in range(2):
        door.wear(runs(4, test=200), project=project)
    found = door.wear(project=project).result

    assert (4, 1) == (found.n_looks, found.test_used)


def test_wear_when_test_is_looked_at_too_often_then_a_warning_comes_with_the_number(
    project: Path,
) -> None:
    codes: list[str] = []
    for k in range(4):
        wrong = (pl.col("id") % (9 + k) == 0).cast(int)
        rows = runs(1, test=200).with_columns(model=pl.lit(f"net{k}"), prediction=wrong)
        found = door.wear(rows, project=project)
        codes = [finding.code for finding in found.findings]

    assert "HW366" in codes


def test_wear_when_examples_come_in_groups_then_the_groups_decide_the_optimism() -> None:
    rng = np.random.default_rng(0)
    wrong = np.repeat(rng.random((40, 8)) < 0.15, 50, axis=0)
    n = len(wrong)
    frame = pl.DataFrame(
        {
            "model": np.repeat([f"run{k}" for k in range(8)], n),
            "id": np.tile(np.arange(n), 8),
            "group": np.tile(np.arange(n) // 50, 8),
            "split": ["dev"] * (8 * n),
            "label": np.zeros(8 * n, dtype=int),
            "prediction": wrong.T.astype(int).ravel(),
        }
    )
    by_group, by_row = (door.wear(frame, ignore_group=ignored).result for ignored in (False, True))
    assert by_group.optimism is not None
    assert by_row.optimism is not None
    assert by_group.optimism.expected[1] > 5 * by_row.optimism.expected[1]
    assert "yes" != by_row.verdict.value


def test_wear_when_models_were_chosen_among_then_their_joint_counts_are_kept(
    headway: Headway, project: Path
) -> None:
    runs(6).write_parquet(project / "runs.parquet")
    headway("select", "runs.parquet", "--maximize", "accuracy")
    assert "6" in headway("db", "info").out
    assert "half_split" == headway("wear", "--json").json["result"]["optimism"]["method"]
