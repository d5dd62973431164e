"""What the commands of the target refuse, each in one sentence that says what is wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl
import pytest

import headway
from headway.errors import ColumnError, CountError, HeadwayError, SplitError, TargetError

if TYPE_CHECKING:
    from pathlib import Path

N = 200
RNG = np.random.default_rng(0)
LABELS = RNG.integers(0, 2, N)
SCORED: dict[str, Any] = {
    "split": ["dev"] * N,
    "label": np.where(LABELS == 1, "cat", "dog").tolist(),
    "score": (0.3 * LABELS + 0.7 * RNG.random(N)).tolist(),
}
JUDGED: dict[str, Any] = {
    "split": ["dev"] * N,
    "label": SCORED["label"],
    "prediction": np.where(RNG.random(N) < 0.9, SCORED["label"], "cat").tolist(),
}


def test_threshold_when_rows_come_in_groups_then_is_refused_unless_they_are_ignored() -> None:
    frame = pl.DataFrame({**SCORED, "group": [k // 4 for k in range(N)]})
    with pytest.raises(TargetError, match="The rows come in groups"):
        headway.operating_point(frame, maximize="f1", positive="cat")
    done = headway.operating_point(frame, maximize="f1", positive="cat", ignore_group=True)
    assert done.result.chosen is not None


def test_threshold_when_metrics_name_two_positive_classes_then_is_refused() -> None:
    limits = ["precision(dog) >= 0.5"]
    with pytest.raises(TargetError, match=r"name 2 positive classes: cat.*dog"):
        headway.operating_point(pl.DataFrame(SCORED), maximize="recall(cat)", subject_to=limits)


@pytest.mark.parametrize("ask", [headway.operating_point, headway.init])
def test_target_when_two_metrics_are_to_be_optimized_then_is_refused(
    ask: Any, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    given = (pl.DataFrame(SCORED),) if ask is headway.operating_point else ()
    with pytest.raises(TargetError, match="2 metrics are optimized at once"):
        ask(*given, maximize=["f1", "recall"])


def test_table_when_a_fraction_is_a_percentage_then_is_refused() -> None:
    table = pl.DataFrame({"model": ["a", "b"], "accuracy": [90.0, 92.0], "n": [1000, 1000]})
    with pytest.raises(TargetError, match="is a fraction, and 90 is none"):
        headway.select(metrics=table, maximize="accuracy")


def test_gate_when_its_split_is_not_there_then_is_refused() -> None:
    with pytest.raises(SplitError, match="There are no rows of 'field'"):
        headway.check(pl.DataFrame(JUDGED), split="field", subject_to=["error <= 0.5"])


def test_gate_when_its_split_goes_by_another_name_then_knows_it() -> None:
    done = headway.check(pl.DataFrame(JUDGED), split="val", subject_to=["error <= 0.5"])
    assert [True] == [c.passed for c in done.result.conditions if c.code == "HW371"]


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"margin": 1.5}, "margin is 1.5"),
        ({"at_most": {"variance": 3.0}}, "at_most is 3.0"),
    ],
)
def test_gate_when_a_rate_is_above_one_then_is_refused(given: dict[str, Any], message: str) -> None:
    with pytest.raises(CountError, match=message):
        headway.check(pl.DataFrame(JUDGED), **given)


def test_metric_when_its_class_is_no_label_then_is_refused() -> None:
    with pytest.raises(TargetError, match=r"'cow' is no class of the labels"):
        headway.gaps(pl.DataFrame(JUDGED), metric="recall(cow)")


@pytest.mark.parametrize(
    ("weights", "message"),
    [
        ([], "weights is empty"),
        ([{"where": {"label": ["cat", "dog"]}, "weight": 2.0}], "value of 'label' in a rule"),
    ],
)
def test_weights_when_they_are_no_rules_then_are_refused(
    weights: list[dict[str, Any]], message: str
) -> None:
    with pytest.raises(HeadwayError, match=message):
        headway.example_weights(pl.DataFrame(JUDGED), weights=weights)


def test_events_when_their_times_are_words_then_are_refused() -> None:
    detections = pl.DataFrame({"time_s": ["early", "late"], "score": [0.5, 0.9]})
    truth = pl.DataFrame({"time_s": [1.0, 2.0]})
    with pytest.raises(ColumnError, match="time_s"):
        headway.operating_point(
            detections=detections, truth=truth, maximize="recall", exposure_s=3600
        )


def test_scores_when_some_are_missing_then_it_is_said_and_when_all_are_then_refused() -> None:
    some = [None if k < 50 else v for k, v in enumerate(SCORED["score"])]
    frame = pl.DataFrame({**SCORED, "score": some})
    point = headway.operating_point(frame, maximize="f1", positive="cat")
    two = pl.concat([frame.with_columns(model=pl.lit(name)) for name in "ab"])
    choice = headway.select(two, maximize="auc(cat)")
    said = [next(f for f in a.findings if f.code == "HW106").sentence for a in (point, choice)]
    assert ["dev 50", "dev 100"] == [s.removesuffix(".").rpartition(": ")[2] for s in said]

    bare = pl.DataFrame({**SCORED, "score": [float("nan")] * N})
    with pytest.raises(TargetError, match="Not one row of dev has a score"):
        headway.operating_point(bare, maximize="f1", positive="cat")


TWO: dict[str, Any] = {**SCORED, "label": LABELS.tolist(), "prediction": LABELS.tolist()}


@pytest.mark.parametrize(
    "ask",
    [
        lambda: headway.operating_point(TWO, maximize="f1", positive=7),
        lambda: headway.gaps(TWO, metric="f1", positive=7),
        lambda: headway.gaps(TWO, metric="auc", positive=7),
        lambda: headway.select(
            {**TWO, "id": [*range(N)], "model": ["a"] * N}, maximize="f1", positive=7
        ),
    ],
)
def test_class_when_no_label_is_it_then_is_refused_by_name(ask: Any) -> None:
    with pytest.raises(TargetError, match="'7' is no class of the labels") as refused:
        ask()
    assert "one of 0, 1." == refused.value.expected


def test_table_when_a_metric_has_no_outcome_for_each_row_then_is_refused() -> None:
    with pytest.raises(TargetError, match="The general table cannot stand on 'f1"):
        headway.table(pl.DataFrame(JUDGED), metric="f1", positive="cat")


def test_project_when_limits_are_set_and_nothing_is_optimized_then_is_refused(
    tmp_path: Path,
) -> None:
    with pytest.raises(TargetError, match="Limits are set, and no metric is optimized"):
        headway.init(tmp_path, subject_to="precision >= 0.5")
