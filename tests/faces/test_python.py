from __future__ import annotations

import runpy
import sys
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl
import pytest
from sklearn.linear_model import LogisticRegression

import headway
from tests.known import known

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

RUNGS = {"train": "8%/50000", "dev": "10%/2000"}


def points(n: int, seed: int) -> tuple[list[list[float]], list[str]]:
    """Points on a line, cats on its left and dogs on its right, a tenth on the wrong side."""
    rng = np.random.default_rng(seed)
    inputs = rng.uniform(-1, 1, (n, 1))
    is_cat = (inputs[:, 0] < 0) != (rng.random(n) < 0.1)
    return inputs.tolist(), np.where(is_cat, "cat", "dog").tolist()


@pytest.mark.parametrize("name", [None, "p.parquet", "p.csv", "p.ndjson"])
def test_model_when_collected_then_its_predictions_are_a_table_to_ask(
    tmp_path: Path, name: str | None
) -> None:
    train, dev = points(500, 0), points(300, 1)
    model = LogisticRegression().fit(*train)
    out = tmp_path / name if name else None
    collected = headway.collect(model, {"train": train, "dev": dev}, out=out)
    found = headway.gaps(out or collected, human="1%").result

    wrong = [1 - model.score(*split) for split in (train, dev)]
    assert wrong == [pytest.approx(rung.error.estimate) for rung in found.rungs[1:]]


def test_answer_when_asked_twice_then_it_is_the_same() -> None:
    first, second = (headway.gaps(rungs=RUNGS, human="1%") for _ in range(2))

    assert first.result == second.result


@pytest.mark.parametrize("human", ["team=1%/500,one=3%", 0.01])
def test_human_level_when_given_as_text_or_number_then_it_is_the_same(human: str | float) -> None:
    assert 0.01 == headway.gaps(rungs=RUNGS, human=human).result.rungs[0].error.estimate


def test_human_level_when_given_as_a_reference_then_it_is_taken_as_it_is() -> None:
    tier = headway.Tier(name="team", measured=headway.Binomial(n_errors=5, n=500))
    reference = headway.Reference(kind="human", tiers=(tier,), proxy="team")

    assert reference == headway.gaps(rungs=RUNGS, human=reference).result.reference


def grouped(source: Sequence[str | None]) -> dict[str, list[Any]]:
    """Rows of eight groups of users in three splits."""
    n = len(source)
    return {
        "split": [("train", "dev", "test")[k % 3] for k in range(n)],
        "source": list(source),
        "group": [f"user {k // 24}" for k in range(n)],
        "correct": (np.random.default_rng(3).random(n) > 0.2).tolist(),
    }


def test_table_when_rows_come_in_groups_then_each_source_is_counted_by_group() -> None:
    frame = grouped(["web", "phone", "web", None] * 120)
    tables = [headway.table(frame, ignore_group=g).result for g in (False, True)]
    errors = [{(c.row, c.source): known(c.error) for c in t.cells if c.error} for t in tables]

    assert {"web", "phone", "unknown source"} == set(tables[0].sources) == set(tables[1].sources)
    assert {20} == {error.n_clusters for error in errors[0].values()}
    assert {None} == {error.n_clusters for error in errors[1].values()}
    assert [e.estimate for e in errors[0].values()] == [
        pytest.approx(errors[1][cell].estimate) for cell in errors[0]
    ]


def test_table_when_a_part_has_more_unusable_rows_then_only_the_whole_is_asked() -> None:
    frame = grouped(["web"] * 460 + ["phone"] * 20)
    frame["correct"][470] = None

    assert {"web", "phone"} == set(headway.table(frame, max_unusable=0.01).result.sources)


def test_people_when_given_as_a_mapping_then_each_source_has_its_own() -> None:
    frame = {"split": ["train", "dev"], "source": ["web", "web"], "correct": [True, False]}
    found = headway.table(frame, people={"web": "2%/100", "phone": 0.05}).result
    people = {c.source: known(c.error).estimate for c in found.cells if c.row == "human"}

    assert {"web": 0.02, "phone": 0.05} == people


def test_exposure_when_given_then_the_answer_keeps_it() -> None:
    frame = {"split": ["dev"] * 20, "correct": [True, False] * 10}
    answers = [
        headway.gaps(each, exposure_s=7200) for each in (frame, {**frame, "exposure_s": [2.5] * 20})
    ]

    assert [{"all": 7200}, {"dev": 50}] == [known(each.intake).exposure_s for each in answers]


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ({"half_width": 0.005}, "About 7,300 examples"),
        ({"difference": 0.01}, "examples"),
        ({"n": 1000}, "1,000 examples"),
        ({"total": 10_000}, "dev"),
        ({"no_error": True}, "About 59 examples"),
    ],
)
def test_size_when_one_question_is_asked_then_it_is_answered(
    question: dict[str, Any], words: str
) -> None:
    assert words in headway.size(**question).result.sentence


def test_report_when_written_then_it_answers_with_the_next_steps(tmp_path: Path) -> None:
    rows = {"split": ["train", "dev"] * 100, "correct": [True] * 180 + [False] * 20}
    frame = pl.DataFrame({**rows, "source": ["web", "phone"] * 100})
    answer = headway.write_report(frame, out=tmp_path / "r.md", people={"phone": "2%/100"})

    assert 0.1 == answer.result.gaps.rungs[0].error.estimate
    assert "phone" in (tmp_path / "r.md").read_text("utf-8")


def test_demo_when_no_move_is_known_for_the_gap_then_it_ends_with_the_advice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("headway.studies.demo.MOVES", {})
    journey = headway.demo(folder=tmp_path).result

    assert ("", None) == (journey.move, journey.entry)
    assert journey.steps.steps


def test_package_when_looked_into_then_it_shows_its_public_names() -> None:
    assert {"gaps", "Verdict", "__version__"} <= set(dir(headway))
    assert "." in str(headway.__version__)
    with pytest.raises(AttributeError, match="no attribute 'gap'"):
        _ = headway.gap


def test_module_when_run_then_it_is_the_command(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["headway", "--version"])
    with pytest.raises(SystemExit):
        runpy.run_module("headway", run_name="__main__")

    assert capsys.readouterr().out.startswith("headway ")


def test_calibration_error_when_weights_are_keys_or_sums_then_is_that_of_copies() -> None:
    rng = np.random.default_rng(0)
    scores = rng.random(4000)
    label = (rng.random(4000) < scores**2).astype(int)
    plain = {"split": ["dev"] * 4000, "label": label, "score": scores}
    asked: dict[str, Any] = {"metric": "calibration_error", "positive": 1}
    found = [
        known(headway.gaps({**plain, **weight}, **asked).result.rung("dev")).error.estimate
        for weight in (
            {},
            {"weight": [2.0 + k % 2 for k in range(4000)]},
            {"weight": 2.0 + np.arange(4000) / 4e9},
        )
    ]
    by_hand = np.mean([abs(scores[b].mean() - label[b].mean()) for b in _bins(scores)])
    assert by_hand == pytest.approx(found[0], abs=0.02)
    assert found[0] == pytest.approx(found[2], abs=1e-6)
    assert found[0] == pytest.approx(found[1], abs=0.02)


def _bins(scores: Any) -> list[Any]:
    """Ten bins of equal width."""
    return [np.flatnonzero((scores * 10).astype(int) == k) for k in range(10)]
