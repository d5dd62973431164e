from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

from hypothesis import given, settings
from hypothesis import strategies as st

from headway.counts import Counts, CountSpec, CountTable
from headway.frames.reduce import reduce
from headway.frames.source import read
from tests.properties.generators import GROUPINGS, KEYS, count_tables, counts, predictions, specs

if TYPE_CHECKING:
    from tests.conftest import FrameOf

Table = dict[str, list[Any]]
EVERYTHING = CountSpec(groupings=frozenset(GROUPINGS))


def counted(frame: Any, spec: CountSpec = EVERYTHING) -> Counts:
    return reduce(read(frame), spec, max_unusable=1.0)[0]


def joined(one: Table, other: Table) -> Table:
    return {key: [*one[key], *other[key]] for key in KEYS}


def alike(one: Table, other: Table) -> bool:
    """Whether labels of both tables have one type."""
    types = {type(v) for t in (one, other) for k in ("label", "prediction") for v in t[k]}
    return len(types - {type(None)}) <= 1


@given(count_tables(), count_tables(), count_tables())
def test_tables_when_added_then_order_and_brackets_do_not_matter(
    a: CountTable, b: CountTable, c: CountTable
) -> None:
    assert a + b == b + a
    assert (a + b) + c == a + (b + c)
    assert a.total + b.total == (a + b).total


@given(count_tables(), count_tables())
def test_marginal_when_taken_of_a_sum_then_is_the_sum_of_marginals(
    a: CountTable, b: CountTable
) -> None:
    assert a.marginal("label") + b.marginal("label") == (a + b).marginal("label")
    assert a.total == a.marginal("split").total


@given(counts(), counts())
def test_counts_when_added_then_every_table_is(a: Counts, b: Counts) -> None:
    added = Counts.sum([a, b])
    assert {k: a.tables[k] + b.tables[k] for k in a.tables} == added.tables
    assert (b + a).digest == added.digest


@given(specs(), specs(), specs())
def test_specs_when_joined_then_order_brackets_and_repeats_do_not_matter(
    a: CountSpec, b: CountSpec, c: CountSpec
) -> None:
    assert a | b == b | a
    assert (a | b) | c == a | (b | c)
    assert a == a | a


@settings(max_examples=12)
@given(one=predictions(), other=predictions())
def test_frames_when_counted_one_after_the_other_then_counts_add_up(
    one: Table, other: Table, frame_of: FrameOf
) -> None:
    if alike(one, other):
        whole = counted(frame_of(joined(one, other)))
        assert whole == counted(frame_of(one)) + counted(frame_of(other))


@settings(max_examples=12)
@given(table=predictions(), seed=st.integers(0, 99))
def test_rows_when_shuffled_then_counts_and_digest_stay(
    table: Table, seed: int, frame_of: FrameOf
) -> None:
    order = list(range(len(table["split"])))
    random.Random(seed).shuffle(order)  # noqa: S311
    shuffled = {key: [values[i] for i in order] for key, values in table.items()}
    assert counted(frame_of(table)).digest == counted(frame_of(shuffled)).digest


@settings(max_examples=12)
@given(table=predictions())
def test_grouping_when_it_has_fewer_keys_then_is_a_marginal(
    table: Table, frame_of: FrameOf
) -> None:
    tables = counted(frame_of(table)).tables
    pairs, outcomes = tables["split", "label", "prediction"], tables["split", "misclassified"]
    assert tables["split", "label"] == pairs.marginal("split", "label")
    assert tables["split",] == outcomes.marginal("split")
    assert tables["split",] == tables["split", "device", "misclassified"].marginal("split")


@settings(max_examples=12)
@given(table=predictions(), one=specs(), other=specs())
def test_questions_when_joined_then_each_is_answered_as_alone(
    table: Table, one: CountSpec, other: CountSpec, frame_of: FrameOf
) -> None:
    together = counted(frame_of(table), one | other).tables
    each = [counted(frame_of(table), spec).tables for spec in (one, other)]
    alone = {**each[0], **each[1]}
    assert alone == together


@settings(max_examples=12)
@given(table=predictions())
def test_rows_when_counted_then_none_is_lost(table: Table, frame_of: FrameOf) -> None:
    counts_, intake = reduce(read(frame_of(table)), EVERYTHING, max_unusable=1.0)
    apart = (intake.unusable, intake.unlabeled, intake.immature)
    left_out = sum(sum(found.values()) for found in apart)
    assert len(table["split"]) == intake.rows == left_out + counts_.table("split").total


@settings(max_examples=12)
@given(table=predictions())
def test_classes_when_renamed_then_no_error_changes(table: Table, frame_of: FrameOf) -> None:
    names = {value: f"{position}" for position, value in enumerate(_seen(table))}
    renamed = {
        **table,
        "label": [names.get(value) for value in table["label"]],
        "prediction": [names.get(value) for value in table["prediction"]],
    }
    keys = ("split", "misclassified")
    assert counted(frame_of(table)).tables[keys] == counted(frame_of(renamed)).tables[keys]


@settings(max_examples=12)
@given(table=predictions(), weight=st.sampled_from([0.5, 1.0, 7.0]))
def test_weights_when_equal_then_count_the_same_rows(
    table: Table, weight: float, frame_of: FrameOf
) -> None:
    weighted = {**table, "weight": [weight] * len(table["split"])}
    keys = ("split", "misclassified", "weight")
    found = counted(frame_of(weighted), CountSpec(groupings=frozenset({keys}))).tables[keys]
    plain = counted(frame_of(table)).tables["split", "misclassified"]
    assert plain == found.marginal("split", "misclassified")
    assert {weight} == set(found.column("weight"))


def _seen(table: Table) -> list[Any]:
    values = {v: None for key in ("label", "prediction") for v in table[key] if v is not None}
    return list(values)
