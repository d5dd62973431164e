"""Choosing a threshold as a user does, from scores or from detections in time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl
import pytest

import headway as door
from headway.errors import CountError, SplitError, TargetError
from headway.findings import Verdict

if TYPE_CHECKING:
    from pathlib import Path

    from tests.faces.conftest import Headway

DETECTIONS: dict[str, list[float]] = {
    "time": [10.2, 55.0, 90.1, 130.9],
    "score": [0.91, 0.40, 0.88, 0.75],
}
SPOKEN: dict[str, list[float]] = {"time": [10.0, 90.0, 131.0, 170.0]}


def scored(n: int, seed: int = 0, **columns: Any) -> pl.DataFrame:
    """Scores of one row in ten positive, on dev and test by halves."""
    rng = np.random.default_rng(seed)
    positive = rng.random(n) < 0.1
    score = np.clip(0.35 + 0.3 * positive + rng.normal(0, 0.12, n), 0.0, 1.0)
    split = ["dev", "test"] * (n // 2)
    return pl.DataFrame({"split": split, "label": positive.astype(int), "score": score, **columns})


def test_wake_word_when_a_day_has_no_false_alarm_then_more_hours_are_wanted() -> None:
    found = door.operating_point(
        detections=DETECTIONS,
        truth=SPOKEN,
        tolerance_s=1.0,
        exposure_s=86_400.0,
        maximize="recall",
        subject_to="false_positives_per_24h <= 1",
    )
    assert found.result.chosen is None
    assert Verdict.UNDETERMINED is found.result.findings[0].verdict
    assert "72 hours" in found.result.wants[0].sentence


def test_wake_word_when_alarms_are_rare_enough_then_a_threshold_is_set() -> None:
    found = door.operating_point(
        detections=DETECTIONS,
        truth=SPOKEN,
        exposure_s=30 * 86_400.0,
        maximize="recall",
        subject_to="false_positives_per_24h <= 1",
    )
    chosen = found.result.chosen
    assert chosen is not None
    assert chosen.optimized is not None
    assert 0.75 == chosen.optimized.estimate


def test_detections_when_of_other_recordings_then_find_nothing() -> None:
    apart: dict[str, list[Any]] = {**DETECTIONS, "stream": ["b"] * 4, "split": ["dev"] * 4}
    spoken: dict[str, list[Any]] = {**SPOKEN, "stream": ["a"] * 4, "split": ["dev"] * 4}
    found = door.operating_point(detections=apart, truth=spoken, maximize="recall").result
    assert (
        found.chosen is None
        or found.chosen.optimized is None
        or (0.0 == found.chosen.optimized.estimate)
    )


@pytest.mark.parametrize(
    ("asked", "error", "match"),
    [
        ({"truth": None}, TargetError, "not the events that should be found"),
        ({"tolerance_s": -1.0}, CountError, "tolerance_s"),
    ],
)
def test_detections_when_they_cannot_be_matched_then_are_refused(
    asked: dict[str, Any], error: type[Exception], match: str
) -> None:
    with pytest.raises(error, match=match):
        door.operating_point(
            **{"detections": DETECTIONS, "truth": SPOKEN, "maximize": "recall", **asked}
        )


def test_threshold_when_the_set_is_not_there_then_is_refused() -> None:
    with pytest.raises((TargetError, SplitError), match="no field set to choose the threshold"):
        door.operating_point(scored(400), maximize="f1", choose_on="field")


@pytest.mark.parametrize("weights", [3, 400])
def test_threshold_when_rows_carry_weights_then_a_common_one_changes_nothing(weights: int) -> None:
    plain = door.operating_point(scored(4000), maximize="f1").result
    even = scored(4000, weight=[2.0] * 4000)
    weighed = door.operating_point(even, maximize="f1").result
    assert plain.chosen is not None
    assert weighed.chosen is not None
    assert plain.chosen.value == weighed.chosen.value
    uneven = scored(4000, weight=[1.0 + k % weights / weights for k in range(4000)])
    assert door.operating_point(uneven, maximize="f1").result.chosen is not None


def test_threshold_when_typed_with_a_tolerance_then_reads_both_tables(
    headway: Headway, tmp_path: Path
) -> None:
    pl.DataFrame(DETECTIONS).write_csv(tmp_path / "d.csv")
    pl.DataFrame(SPOKEN).write_csv(tmp_path / "t.csv")
    asked = ("--detections", "d.csv", "--truth", "t.csv", "--tolerance", "1s", "--exposure", "24h")
    done = headway("operating-point", *asked, "--maximize", "recall", "--json")
    assert (0, True) == (done.code, done.json["ok"])


def test_project_when_it_declares_a_target_then_the_threshold_aims_at_it(
    headway: Headway, tmp_path: Path
) -> None:
    scored(4000).write_parquet(tmp_path / "p.parquet")
    made = ("--maximize", "f1", "--subject-to", "precision >= 0.5", "--predictions", "p.parquet")
    assert 0 == headway("init", *made).code
    done = headway("operating-point", "--positive", "1")
    assert 0 == done.code, done.err
    assert "Largest F1 with precision ≥ 50" in done.out.replace("\u202f", " ")
