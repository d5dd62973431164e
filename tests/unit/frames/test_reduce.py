from __future__ import annotations

import datetime as dt
from typing import Any

import polars as pl
import pytest

from headway.counts import LOSS_SUMS, WEIGHT_SUMS, Counts, CountSpec, Intake
from headway.errors import ColumnError, CountError, EngineError, SourceError, SplitError
from headway.frames.reduce import reduce
from headway.frames.source import read

OUTCOMES = ("split", "misclassified")
PAIRS = ("split", "label", "prediction")
GOOD: dict[str, list[Any]] = {"split": ["dev", "dev"], "label": [0, 1], "prediction": [0, 0]}


def ask(table: Any, *groupings: tuple[str, ...], **more: Any) -> tuple[Counts, Intake]:
    spec = CountSpec(
        groupings=frozenset(groupings or (OUTCOMES,)),
        sums=frozenset(more.pop("sums", ())),
        by_cluster=more.pop("by_cluster", False),
    )
    return reduce(read(table), spec, **more)


def cells(table: Any, *keys: str, **more: Any) -> dict[Any, int]:
    return dict(iter(ask(table, keys or OUTCOMES, **more)[0].tables[keys or OUTCOMES]))


def test_intake_when_all_is_well_then_says_what_was_read() -> None:
    _, intake = ask({"split": ["val"], "y_true": [1.0], "prediction": [None], "id": [7]})
    assert {"label": "y_true", "split=val": "dev"} == intake.recognised
    assert {"id": "id", "split": "split", "label": "y_true", "prediction": "prediction"} == dict(
        intake.roles
    )
    assert (1, {}, {"dev": 1}) == (intake.rows, intake.unusable, intake.abstained)
    assert (("label",), "prediction", "not checked") == (
        intake.whole_floats,
        intake.prediction_from,
        intake.ids,
    )
    assert (("the polars table",), "polars", False) == (
        intake.sources,
        intake.engine,
        intake.no_split,
    )


def test_intake_when_types_differ_then_says_so_and_nothing_is_equal() -> None:
    table = {"split": ["dev"], "label": [1], "prediction": ["1"]}
    assert {("dev", True): 1} == cells(table)
    assert {("dev", 1, "1"): 1} == cells(table, *PAIRS)
    assert ("integer", "text") == ask(table)[1].types_differ


def test_table_when_judged_then_the_judgement_wins_over_label_and_prediction() -> None:
    table = {"label": ["Paris"], "prediction": ["It is Paris."], "correct": [1]}
    assert {("dev", False): 1} == cells(table)


def test_table_when_labels_are_booleans_then_probabilities_are_compared_with_them() -> None:
    table = {"label": [True, False, None], "p_true": [0.9, 0.8, 0.5], "p_false": [0.1, 0.2, 0.5]}
    assert {("dev", False): 1, ("dev", True): 1} == cells(table, max_unusable=0.5)


def test_table_when_labels_are_floats_then_probabilities_are_compared_with_them() -> None:
    table = {"label": [0.0, 1.0], "p_0": [0.9, 0.8], "p_1": [0.1, 0.2]}
    assert {("dev", False): 1, ("dev", True): 1} == cells(table)


def test_table_when_no_class_of_the_probabilities_can_be_a_label_then_all_are_wrong() -> None:
    table = {"label": [0, 1], "p_cat": [0.9, 0.8], "p_dog": [0.1, 0.2]}
    assert {("dev", True): 2} == cells(table)


def test_table_when_it_has_only_labels_then_rows_are_counted_by_them() -> None:
    table = {"split": ["dev", "dev", "field"], "label": ["a", None, None]}
    assert {("dev", "a"): 1} == cells(table, "split", "label", max_unusable=0.5)
    assert {("dev",): 1} == cells(table, "split", max_unusable=0.5)


def test_table_when_it_judges_nothing_then_rows_are_counted() -> None:
    table = {"split": ["dev", "train"], "device": ["a", None]}
    assert {("dev", "a"): 1, ("train", None): 1} == cells(table, "split", "device")


def test_loss_when_only_rows_are_asked_then_bad_ones_are_left_out() -> None:
    assert {("dev",): 1} == cells({"loss": [1.0, None]}, "split", max_unusable=0.5)


def test_weights_when_there_are_none_then_are_one() -> None:
    keys = (*OUTCOMES, "weight")
    assert {("dev", False, 1): 1, ("dev", True, 1): 1} == cells(GOOD, *keys)
    counts, _ = ask(GOOD, OUTCOMES, sums=WEIGHT_SUMS)
    assert [1.0, 1.0] == counts.tables[OUTCOMES].sums["w2"].tolist()


def test_losses_when_far_from_zero_then_are_centred() -> None:
    counts, _ = ask({"loss": [1e6, 1e6 + 0.001, 1e6 + 0.002]}, ("split",), sums=LOSS_SUMS)
    table = counts.tables["split",]
    assert 1e6 == counts.loss_center
    mean = table.sums["l"][0] / 3
    assert 2e-6 / 3 == pytest.approx(table.sums["l2"][0] / 3 - mean**2, rel=1e-4)


def test_young_labels_when_times_have_a_zone_then_are_compared_in_universal_time() -> None:
    zone = dt.timezone(dt.timedelta(hours=2))
    moments = [dt.datetime(2026, 1, 2, 1, tzinfo=zone), dt.datetime(2026, 1, 2, 3, tzinfo=zone)]
    table = pl.DataFrame({"label": [0, 0], "prediction": [0, 0], "label_time": moments})
    as_of = dt.datetime(2026, 1, 3, tzinfo=dt.UTC)
    _, intake = ask(table, mature_after_days=1, as_of=as_of)
    assert {"dev": 1} == intake.immature


def test_young_labels_when_the_day_is_text_then_it_is_read() -> None:
    table = {**GOOD, "label_time": ["2026-01-01", "2026-02-01T10:00"]}
    _, intake = ask(table, mature_after_days=0.5, as_of="2026-01-15")
    assert {"dev": 1} == intake.immature


@pytest.mark.parametrize(
    ("days", "as_of", "problem"),
    [
        (-1, "2026-01-01", "mature_after_days is -1"),
        (1e9, "2026-01-01", "mature_after_days is 1000000000"),
        (1, None, "mature_after_days is 1"),
        (1, "soon", "as_of is soon"),
    ],
)
def test_age_when_it_cannot_be_measured_then_is_refused(
    days: float, as_of: str | None, problem: str
) -> None:
    table = {**GOOD, "label_time": ["2026-01-01"] * 2}
    with pytest.raises(CountError, match=problem):
        ask(table, mature_after_days=days, as_of=as_of)


def test_age_when_there_are_no_times_then_is_refused() -> None:
    with pytest.raises(ColumnError, match="Column 'label_time', given for the role 'label_time'"):
        ask(GOOD, mature_after_days=1, as_of="2026-01-01")
    with pytest.raises(ColumnError, match="'label_time', used as label_time, holds integer"):
        ask({**GOOD, "label_time": [1, 2]}, mature_after_days=1, as_of="2026-01-01")


@pytest.mark.parametrize(
    ("more", "role"), [({"by_cluster": True}, "group"), ({"sums": {"exposure_s"}}, "exposure_s")]
)
def test_question_when_it_needs_a_column_that_is_not_there_then_is_refused(
    more: dict[str, Any], role: str
) -> None:
    with pytest.raises(ColumnError, match=f"Column '{role}', given for the role '{role}'"):
        ask(GOOD, **more)


def test_exposure_when_asked_as_a_sum_then_is_in_the_tables() -> None:
    table = {**GOOD, "exposure_s": [1.5, 2.0]}
    counts, _ = ask(table, ("split",), sums={"exposure_s"})
    assert [3.5] == counts.tables["split",].sums["exposure_s"].tolist()


def test_key_when_not_in_the_table_then_is_refused_with_the_close_one() -> None:
    with pytest.raises(ColumnError, match=r"no column 'devise' to count by(.|\n)*mean 'device'"):
        ask({**GOOD, "device": ["a", "b"]}, ("split", "devise"))


def test_key_when_it_holds_fractions_then_is_refused() -> None:
    with pytest.raises(ColumnError, match="'age', used as age, holds numbers with decimals"):
        ask({**GOOD, "age": [1.5, 2.0]}, ("split", "age"))


def test_key_when_it_is_nested_then_is_refused() -> None:
    with pytest.raises(ColumnError, match="'tags', used as tags, holds values of mixed or nested"):
        ask({**GOOD, "tags": [["a"], []]}, ("split", "tags"))
    with pytest.raises(ColumnError, match="'box', used as box, holds values of mixed or nested"):
        ask({**GOOD, "box": [{"x": 1}, {"x": 2}]}, ("split", "box"))


def test_labels_when_lists_on_an_engine_that_cannot_compare_them_then_are_refused() -> None:
    arrow = pl.DataFrame({"label": [["a"]], "prediction": [["a"]]}).to_arrow()
    with pytest.raises(EngineError, match="The engine 'pyarrow' cannot compare lists in 'label'"):
        ask(arrow)


def test_predictions_when_fractions_then_are_refused() -> None:
    for keys in (OUTCOMES, PAIRS):
        with pytest.raises(ColumnError, match="'pred', used as prediction, holds numbers with"):
            ask({"label": [1, 2], "pred": [0.5, None]}, keys)


def test_sum_when_unknown_then_is_refused() -> None:
    with pytest.raises(CountError, match="a sum is x"):
        ask(GOOD, sums={"x"})


def test_cells_when_too_many_then_are_refused() -> None:
    table = {"label": list(range(9)), "prediction": [0] * 9}
    with pytest.raises(CountError, match=r"gives more than 5 cells(.|\n)*'label' has the most"):
        ask(table, PAIRS, max_cells=5)


@pytest.mark.parametrize("share", [-0.1, 1.1, float("nan")])
def test_share_of_unusable_rows_when_outside_then_is_refused(share: float) -> None:
    with pytest.raises(CountError, match="max_unusable is"):
        ask(GOOD, max_unusable=share)


def test_unusable_rows_when_few_then_are_counted_by_reason() -> None:
    table = {"split": ["dev"] * 97 + ["x", None, "dev"], "label": [1] * 99 + [None]}
    table["prediction"] = [1] * 100
    _, intake = ask(table, max_unusable=0.03)
    assert {"no_label": 1, "no_split": 1, "unknown_split": 1} == intake.unusable
    with pytest.raises(SourceError, match="3 of 100 rows cannot be used: no_label 1, no_split 1"):
        ask(table, max_unusable=0.02)


def test_splits_when_all_unknown_then_are_refused_by_name() -> None:
    with pytest.raises(SplitError, match="only unknown splits: a, b"):
        ask({**GOOD, "split": ["a", "b"]})


def test_ids_when_looked_for_and_unique_then_says_so() -> None:
    assert "unique" == ask({**GOOD, "id": [1, 2]}, check_ids=True)[1].ids
    models = {**GOOD, "id": [1, 1], "model": ["a", "b"]}
    assert "unique" == ask(models, (*OUTCOMES, "model"), check_ids=True)[1].ids


def test_ids_when_many_are_repeated_then_are_refused() -> None:
    with pytest.raises(ColumnError, match="'id', used as id, holds 1 repeated ids in 2 rows"):
        ask({**GOOD, "id": [1, 1]}, check_ids=True)
    with pytest.raises(ColumnError, match="Column 'id', given for the role 'id'"):
        ask(GOOD, check_ids=True)


def test_clusters_when_losses_are_asked_then_sum_the_losses() -> None:
    table = {"loss": [0.5, 1.5, 3.0], "group": [1.0, 1.0, None], "weight": [1.0, 2.0, 1.0]}
    counts, _ = ask(table, ("split",), sums=LOSS_SUMS, by_cluster=True)
    sums = counts.clusters
    assert sums is not None
    assert ([[2]], [4.0], [6.5]) == (sums.shared.tolist(), sums.m.tolist(), sums.y.tolist())
    assert ([[10.0]], [[13.5]], [[21.25]]) == (
        sums.mm.tolist(),
        sums.my.tolist(),
        sums.yy.tolist(),
    )


def test_lists_of_labels_when_counted_by_then_are_text() -> None:
    table = {"label": [["a", "b"]], "prediction": [["a"]]}
    assert {("dev", "['a', 'b']", "['a']"): 1} == cells(table, *PAIRS)


def test_times_when_counted_by_then_are_text() -> None:
    table = {**GOOD, "day": [dt.date(2026, 1, 2), None]}
    assert {("2026-01-02",): 1, (None,): 1} == cells(table, "day")
