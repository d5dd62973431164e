from __future__ import annotations

from typing import Any

import narwhals.stable.v2 as nw
import polars as pl
import pytest

from headway.errors import ColumnError, CountError
from headway.frames import first_look as looking
from headway.frames.columns import Columns
from headway.frames.first_look import FirstLook, classes_seen, first_look
from headway.frames.kinds import kinds


def look(**columns: list[Any]) -> FirstLook:
    rows = nw.from_native(pl.LazyFrame(columns))
    found = kinds(rows.collect_schema())
    return first_look(rows, Columns.recognise(found), found)


def test_look_when_there_is_nothing_to_know_then_is_empty() -> None:
    assert FirstLook() == look(label=[1], prediction=[1])


@pytest.mark.parametrize("n", [1, 2, 50])
def test_weights_when_at_most_fifty_then_are_told_apart(n: int) -> None:
    assert n == look(weight=[1.0 + i / 7 for i in range(n)] * 3).weight_levels


def test_weights_when_more_than_fifty_then_are_not_counted() -> None:
    assert look(weight=[float(i) for i in range(51)]).weight_levels is None


def test_weights_when_zero_or_unusable_then_only_the_zero_counts() -> None:
    assert 2 == look(weight=[0.0, 1.0, float("nan"), None, 1e31]).weight_levels


def test_weights_when_equal_up_to_rounding_then_are_one() -> None:
    assert 1 == look(weight=[0.1, 0.3], sampling_weight=[3.0, 1.0]).weight_levels


def test_weights_when_two_fall_into_one_bucket_then_are_counted_exactly(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(looking, "_BUCKETS", 1.0)
    assert 3 == look(weight=[1.0, 2.0, 3.0, 1.0]).weight_levels
    assert look(weight=[float(i) for i in range(99)]).weight_levels is None
    monkeypatch.setattr(looking, "MOST_LEVELS", 1)
    assert look(weight=[1.0, 2.0]).weight_levels is None


@pytest.mark.parametrize("role", ["weight", "sampling_weight"])
def test_weights_when_one_is_negative_then_are_refused(role: str) -> None:
    with pytest.raises(ColumnError, match=f"'{role}', used as {role}, holds 1 negative number"):
        look(**{role: [1.0, -0.5, 2.0]})


def test_weights_when_text_then_are_refused() -> None:
    with pytest.raises(ColumnError, match="'weight', used as weight, holds text"):
        look(weight=["1"])


@pytest.mark.parametrize(
    ("losses", "center"),
    [
        ([0.0, 0.5, 1.0], 0.0),
        ([0.0, 0.0], 0.0),
        ([None, float("nan")], 0.0),
        ([1000.0, 1000.5], 1000.25),
        ([1234567.8, 1234567.9], 1234570.0),
    ],
)
def test_losses_when_far_from_zero_for_their_spread_then_get_a_centre(
    losses: list[float], center: float
) -> None:
    expected = FirstLook(weight_levels=None, loss_center=center)
    assert expected == look(loss=pl.Series(losses, dtype=pl.Float64))  # type: ignore[arg-type]


def test_classes_when_seen_then_are_text() -> None:
    rows = nw.from_native(pl.LazyFrame({"label": [1.0, 2.0, None, 1.0]}))
    assert {"1", "2"} == classes_seen(rows, "label", "float")


def test_weights_when_all_are_zero_then_the_column_is_refused() -> None:
    match = (
        r"column 'weight' is 0, so that no row counts\.\nExpected: .*\nHint: correct the weights"
    )
    with pytest.raises(CountError, match=match):
        look(weight=[0.0, 0.0, None])
