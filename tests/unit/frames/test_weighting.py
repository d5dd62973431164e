from __future__ import annotations

from typing import TYPE_CHECKING, Any

import duckdb
import narwhals.stable.v2 as nw
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from headway.errors import ColumnError, CountError, SourceError
from headway.frames.reduce import reduce
from headway.frames.source import read
from headway.frames.weighting import Rule, row_weights, rules_of, weighted_table, with_weights
from headway.stats.measured import point
from headway.strategy import rungs

if TYPE_CHECKING:
    from pathlib import Path

COLUMNS: dict[str, Any] = {
    "must_not_show": [True, False, True, None],
    "topic": ["web", "medical", "medical", None],
    "stars": [5, 1, 1, None],
}
HEAVY = Rule(where={"must_not_show": True}, weight=10)
MEDICAL = Rule(where={"topic": "medical"}, weight=3)


def tables() -> list[Any]:
    """The same table in every kind that people have."""
    frame = pl.DataFrame(COLUMNS)
    return [
        COLUMNS,
        frame,
        frame.lazy(),
        pd.DataFrame(COLUMNS).convert_dtypes(),
        pa.table(COLUMNS),
        duckdb.sql("select * from frame"),
    ]


@pytest.mark.parametrize("place", range(6))
def test_weights_when_asked_of_any_table_then_they_come_in_the_order_of_its_rows(
    place: int,
) -> None:
    assert [10, 3, 10, 1] == row_weights(tables()[place], [MEDICAL, HEAVY]).tolist()


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (Rule(where={"must_not_show": True, "topic": "medical"}, weight=7), [1, 1, 7, 1]),
        (Rule(where={"stars": 1}, weight=2), [1, 2, 2, 1]),
        (Rule(where={"stars": 1.0}, weight=0.5), [1, 0.5, 0.5, 1]),
        (Rule(where={"must_not_show": "true"}, weight=4), [4, 1, 4, 1]),
        (Rule(where={"topic": None}, weight=0), [1, 1, 1, 0]),
    ],
)
def test_weights_when_a_rule_matches_then_only_its_rows_change(
    rule: Rule, expected: list[float]
) -> None:
    assert expected == row_weights(COLUMNS, [rule]).tolist()


def test_weights_when_a_file_is_long_then_their_order_is_that_of_the_file(tmp_path: Path) -> None:
    flags = np.random.default_rng(1).random(200_000) < 0.3
    path = tmp_path / "train.parquet"
    pl.DataFrame({"must_not_show": flags}).write_parquet(path, row_group_size=10_000)

    assert np.array_equal(np.where(flags, 10.0, 1.0), row_weights(path, [HEAVY]))


@pytest.mark.parametrize("place", range(6))
def test_column_when_added_then_the_table_stays_in_its_engine(place: int) -> None:
    given = tables()[place]
    found = nw.from_native(weighted_table(given, [HEAVY], "weight"))
    expected = nw.from_native(pl.DataFrame(COLUMNS) if place == 0 else given)
    values = found.lazy().collect("polars")["weight"].to_list()

    assert expected.implementation == found.implementation
    assert [10, 1, 10, 1] == values


def test_frame_when_it_has_weights_then_they_are_multiplied() -> None:
    frame = read({"split": ["dev"] * 4, "correct": [1, 0, 0, 1], "weight": [1, 2, 3, 4], **COLUMNS})
    found = with_weights(frame, [HEAVY])
    counts, _ = reduce(found, rungs.needs(found.roles, weight_levels=found.weight_levels))
    error = rungs.errors(counts).measured["dev"]

    assert 4 == found.look.weight_levels
    assert (2 + 30) / (10 + 2 + 30 + 4) == pytest.approx(point(error))


def test_frame_when_there_are_no_rules_then_it_stays() -> None:
    frame = read({"split": ["dev"], "correct": [1]})

    assert with_weights(frame, []) is frame


def test_rule_when_its_column_is_not_there_then_the_closest_is_named() -> None:
    with pytest.raises(ColumnError, match="did you mean 'must_not_show'"):
        row_weights(COLUMNS, [Rule(where={"must_not_shw": True}, weight=10)])


def test_rule_when_its_column_cannot_hold_the_value_then_it_is_refused() -> None:
    with pytest.raises(ColumnError, match="used as a rule of weights, holds integer"):
        row_weights(COLUMNS, [Rule(where={"stars": "five"}, weight=10)])


def test_column_when_its_name_is_taken_then_it_is_refused() -> None:
    with pytest.raises(ColumnError, match="has a column 'topic' already"):
        weighted_table(COLUMNS, [HEAVY], "topic")


def test_table_when_it_is_none_then_it_is_refused() -> None:
    with pytest.raises(SourceError, match="neither a path nor a table"):
        row_weights(7, [HEAVY])


@pytest.mark.parametrize(
    "rule",
    [
        {"where": {"a": 1}},
        {"where": "a", "weight": 2},
        {"where": {}, "weight": 2},
        {"where": {"a": 1}, "weight": -1},
        {"where": {"a": 1}, "weight": "heavy"},
    ],
)
def test_rule_when_it_is_no_rule_then_it_is_refused(rule: dict[str, Any]) -> None:
    with pytest.raises(CountError, match=r"weight|where"):
        rules_of([rule])


def test_rules_when_given_as_rules_then_they_are_taken() -> None:
    assert (HEAVY,) == rules_of([HEAVY])


@pytest.mark.parametrize("value", [True, "true"])
def test_rule_when_booleans_are_objects_of_pandas_then_they_match(value: bool | str) -> None:  # noqa: FBT001
    pd = pytest.importorskip("pandas")
    table = pd.DataFrame({"flag": pd.Series([True, False, None], dtype="object")})
    rule = Rule(where={"flag": value}, weight=10)
    assert [10.0, 1.0, 1.0] == row_weights(table, [rule]).tolist()
    found = weighted_table(table, [rule], "w")
    assert ("object", [10.0, 1.0, 1.0]) == (str(found["flag"].dtype), found["w"].tolist())


def test_rules_when_every_row_weighs_nothing_then_are_refused() -> None:
    frame = read({"split": ["dev"] * 2, "correct": [1, 0], "flag": [True, True]})
    with pytest.raises(CountError, match=r"Every weight by rule is 0, so that no row counts\."):
        with_weights(frame, [Rule(where={"flag": True}, weight=0)])
