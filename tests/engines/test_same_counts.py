from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest

from headway.counts import LOSS_SUMS, WEIGHT_SUMS, Counts, CountSpec, Intake
from headway.frames.reduce import reduce
from headway.frames.source import read
from tests.engines import oracle
from tests.engines.tables import (
    CATEGORICAL,
    CATEGORIES,
    CLUSTERS,
    LOSSES,
    PROBABILITIES,
    TABLES,
    WEIGHTS,
)

if TYPE_CHECKING:
    from tests.conftest import FrameOf

OUTCOMES = ("split", "misclassified")
PAIRS = ("split", "label", "prediction")


def ask(frame: Any, *groupings: tuple[str, ...], **more: Any) -> tuple[Counts, Intake]:
    spec = CountSpec(
        groupings=frozenset(groupings),
        sums=frozenset(more.pop("sums", ())),
        by_cluster=more.pop("by_cluster", False),
    )
    return reduce(read(frame), spec, **{"max_unusable": 0.9, **more})


def cells(counts: Counts, *keys: str) -> dict[tuple[Any, ...], int]:
    return dict(iter(counts.tables[keys]))


def apart(intake: Intake) -> dict[str, int]:
    unlabeled = sum(intake.unlabeled.values())
    return {**intake.unusable, **({"unlabeled": unlabeled} if unlabeled else {})}


@pytest.mark.parametrize("name", TABLES)
def test_counts_when_only_outcomes_are_asked_then_agree_with_plain_python(
    name: str, frame_of: FrameOf
) -> None:
    expected, left_out = oracle.counted(TABLES[name], OUTCOMES)
    counts, intake = ask(frame_of(TABLES[name]), OUTCOMES)
    assert expected == cells(counts, *OUTCOMES)
    assert left_out == apart(intake)


@pytest.mark.parametrize("name", [n for n in TABLES if "prediction" in TABLES[n]])
def test_counts_when_pairs_are_asked_too_then_agree_with_plain_python(
    name: str, frame_of: FrameOf
) -> None:
    counts, intake = ask(frame_of(TABLES[name]), OUTCOMES, PAIRS)
    assert oracle.counted(TABLES[name], PAIRS)[0] == cells(counts, *PAIRS)
    assert oracle.counted(TABLES[name], OUTCOMES) == (cells(counts, *OUTCOMES), apart(intake))


@pytest.mark.parametrize("key", ["floor", "camera", "night"])
def test_counts_when_metadata_is_asked_then_agree_with_plain_python(
    key: str, frame_of: FrameOf
) -> None:
    keys = ("split", key, "misclassified")
    counts, _ = ask(frame_of(TABLES["metadata"]), keys, OUTCOMES)
    assert oracle.counted(TABLES["metadata"], keys)[0] == cells(counts, *keys)


def test_counts_when_classes_are_categories_then_agree_with_plain_python(
    frame_of: FrameOf,
) -> None:
    frame = frame_of(CATEGORIES, CATEGORICAL)
    for groupings in ([OUTCOMES], [PAIRS], [OUTCOMES, PAIRS]):
        counts, _ = ask(frame, *groupings)
        for keys in groupings:
            assert oracle.counted(CATEGORIES, keys)[0] == cells(counts, *keys)


def test_counts_when_there_are_probabilities_then_take_the_first_largest(
    frame_of: FrameOf,
) -> None:
    counts, intake = ask(frame_of(PROBABILITIES), OUTCOMES, PAIRS)
    for keys in (OUTCOMES, PAIRS):
        expected = oracle.counted(PROBABILITIES, keys, classes="abc")
        assert expected == (cells(counts, *keys), apart(intake))
    assert "probabilities" == intake.prediction_from


def test_counts_when_weights_are_odd_then_agree_with_plain_python(frame_of: FrameOf) -> None:
    keys = ("split", "misclassified", "weight")
    counts, intake = ask(frame_of(WEIGHTS), keys)
    assert oracle.counted(WEIGHTS, keys, asks=["weight"]) == (cells(counts, *keys), apart(intake))
    assert 5 == read(frame_of(WEIGHTS)).weight_levels


def test_sums_when_losses_are_odd_then_agree_with_plain_python(frame_of: FrameOf) -> None:
    names = (*LOSS_SUMS, *WEIGHT_SUMS)
    counts, intake = ask(frame_of(LOSSES), ("split",), sums=names)
    expected = oracle.summed(LOSSES, asks=["loss", "weight"])
    table = counts.tables["split",]
    for split, values in expected.items():
        position = table.cells.index((split,))
        found = [table.sums[name][position] for name in names]
        assert [values[name] for name in names] == pytest.approx(found, rel=1e-9)
    assert {"bad_loss": 3} == intake.unusable


def test_clusters_when_summed_then_agree_with_plain_python(frame_of: FrameOf) -> None:
    counts, _ = ask(frame_of(CLUSTERS), OUTCOMES, by_cluster=True)
    sums = counts.clusters
    assert sums is not None
    assert ("train", "dev") == sums.splits
    assert [[3, 1], [1, 4]] == sums.shared.tolist()
    assert ([3, 5], [1, 3]) == (sums.m.tolist(), sums.y.tolist())
    assert [[3, 2], [2, 7]] == sums.mm.tolist()
    assert [[1, 1], [0, 4]] == sums.my.tolist()
    assert [[1, 0], [0, 3]] == sums.yy.tolist()


def test_exposure_when_given_then_is_summed_over_usable_rows(frame_of: FrameOf) -> None:
    _, intake = ask(frame_of(TABLES["exposure"]), OUTCOMES)
    assert {"train": 3.5, "dev": 30.0} == intake.exposure_s
    assert {"bad_exposure": 1} == intake.unusable


@pytest.mark.parametrize("form", ["date", "datetime", "text"])
def test_young_labels_when_an_age_is_asked_then_are_counted_apart(
    form: str, frame_of: FrameOf
) -> None:
    days = [dt.date(2026, 1, 1), dt.date(2026, 6, 1), None, dt.date(2026, 5, 2)]
    times: dict[str, list[Any]] = {
        "date": days,
        "datetime": [d and dt.datetime.combine(d, dt.time(9)) for d in days],
        "text": [d and d.isoformat() for d in days],
    }
    if form == "date" and type(frame_of({"x": [1]})).__module__.startswith("pandas"):
        pytest.skip("pandas has no column of dates")
    table = {"label": [0, 0, 0, None], "prediction": [0, 1, 0, 0], "label_time": times[form]}
    counts, intake = ask(frame_of(table), OUTCOMES, mature_after_days=30, as_of=dt.date(2026, 6, 2))
    assert {("dev", False): 1} == cells(counts, *OUTCOMES)
    assert ({"dev": 2}, {"no_label": 1}) == (intake.immature, intake.unusable)


def test_repeated_ids_when_looked_for_then_are_counted(frame_of: FrameOf) -> None:
    table = {"id": [1, 2, 2, None], "label": [0, 0, 0, 0], "prediction": [0, 0, 0, 0]}
    _, intake = ask(frame_of(table), OUTCOMES, check_ids=True)
    assert "1 repeated" == intake.ids


def test_lists_of_labels_when_compared_then_differ_as_a_whole_or_are_refused(
    frame_of: FrameOf, engine: str
) -> None:
    table = {"label": [["a"], ["a", "b"], []], "prediction": [["a"], ["a"], []]}
    if engine in {"pandas", "pyarrow"}:
        with pytest.raises(ValueError, match="Expected: "):
            ask(frame_of(table), OUTCOMES)
        return
    counts, _ = ask(frame_of(table), OUTCOMES)
    assert {("dev", False): 2, ("dev", True): 1} == cells(counts, *OUTCOMES)


def test_rows_when_chosen_by_a_value_then_are_the_only_ones_counted(frame_of: FrameOf) -> None:
    frame = read(frame_of(TABLES["metadata"]))
    spec = CountSpec(groupings=frozenset({OUTCOMES}))
    for key, value, n in (
        ("camera", "a", 3),
        ("camera", None, 1),
        ("floor", 2, 3),
        ("night", True, 2),
    ):
        assert n == reduce(frame.where(key, value), spec)[1].rows
