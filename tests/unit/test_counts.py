from __future__ import annotations

import numpy as np
import pytest

from headway.counts import ClusterSums, Counts, CountSpec, CountTable, Intake
from headway.errors import CountError

KEYS = ("split", "label")


def table(cells: dict[tuple[str | int | float | bool | None, ...], int]) -> CountTable:
    return CountTable.of(KEYS, list(cells), list(cells.values()))


def test_spec_when_joined_then_asks_both_questions() -> None:
    a = CountSpec(groupings=frozenset({("split",)}), sums=frozenset({"w"}))
    b = CountSpec(groupings=frozenset({("split", "label")}), by_cluster=True)
    both = CountSpec(
        groupings=frozenset({("split",), ("split", "label")}),
        sums=frozenset({"w"}),
        by_cluster=True,
    )
    assert both == a | b


def test_table_when_cells_repeat_then_adds_them_up() -> None:
    made = CountTable.of(("split",), [("dev",), ("train",), ("dev",)], [2, 5, 3], {"w": [1, 2, 3]})
    assert [(("dev",), 5), (("train",), 5)] == list(made)
    assert [4.0, 2.0] == made.sums["w"].tolist()


def test_table_when_made_then_sorts_by_type_and_value_with_nulls_last() -> None:
    values = [None, "b", 2, "a", 0.5, 10, True]
    made = CountTable.of(("x",), [(value,) for value in values], [1] * len(values))
    assert [True, 0.5, 2, 10, "a", "b", None] == made.column("x")


def test_table_when_equal_cells_are_written_differently_then_are_one_number() -> None:
    for values in ([1, True], [True, 1], [1.0, 1]):
        made = CountTable.of(("x",), [(value,) for value in values], [1, 2])
        assert ("((1,),)", 3) == (repr(made.cells), made.total)


def test_table_when_given_in_another_order_then_is_equal() -> None:
    assert table({("dev", 1): 2, ("train", 0): 3}) == table({("train", 0): 3, ("dev", 1): 2})


@pytest.mark.parametrize("other", [{("dev", 1): 3}, {("dev", 2): 2}, {}])
def test_table_when_counts_or_cells_differ_then_is_not_equal(
    other: dict[tuple[str | int | float | bool | None, ...], int],
) -> None:
    assert table({("dev", 1): 2}) != table(other)


def test_table_when_sums_differ_in_the_last_bits_then_is_equal() -> None:
    one = CountTable.of(("x",), [("a",), ("b",)], [1, 1], {"l": [0.1 + 0.2, 0.0]})
    assert one == CountTable.of(("x",), [("a",), ("b",)], [1, 1], {"l": [0.3, 1e-17]})
    assert one != CountTable.of(("x",), [("a",), ("b",)], [1, 1], {"l": [0.3001, 0.0]})
    assert one != CountTable.of(("x",), [("a",), ("b",)], [1, 1])
    assert one != "a table"


def test_table_when_hashed_then_refuses() -> None:
    with pytest.raises(TypeError, match="unhashable"):
        hash(table({}))


def test_tables_when_added_then_hold_the_cells_of_both() -> None:
    one = CountTable.of(("x",), [("a",)], [1], {"w": [0.5]})
    other = CountTable.of(("x",), [("b",), ("a",)], [2, 3], {"w": [1.0, 2.0]})
    assert CountTable.of(("x",), [("a",), ("b",)], [4, 2], {"w": [2.5, 1.0]}) == one + other


def test_tables_when_counted_by_other_keys_then_are_not_added() -> None:
    with pytest.raises(CountError, match="the other table is"):
        table({}) + CountTable.of(("x",), [], [])


def test_marginal_when_taken_then_sums_over_the_other_keys() -> None:
    made = table({("dev", 1): 2, ("dev", None): 3, ("train", 1): 4})
    assert [(("dev",), 5), (("train",), 4)] == list(made.marginal("split"))


def test_where_when_a_value_is_given_then_keeps_its_cells() -> None:
    made = table({("dev", 1): 2, ("dev", None): 3, ("train", 1): 4})
    assert table({("dev", None): 3}) == made.where(split="dev", label=None)
    assert 6 == made.where(label=1).total


def test_table_when_written_to_then_refuses() -> None:
    made = table({("dev", 1): 2})
    with pytest.raises(ValueError, match="read-only"):
        made.n[0] = 7


def test_table_when_columns_are_uneven_then_is_refused() -> None:
    with pytest.raises(CountError, match="length of a column is uneven"):
        CountTable(keys=("x",), cells=(("a",),), n=np.array([1, 2]))


def test_table_when_a_count_is_negative_then_is_refused() -> None:
    with pytest.raises(CountError, match="n of a cell is -1"):
        CountTable(keys=("x",), cells=(("a",),), n=np.array([-1]))


def test_counts_when_a_smaller_table_covers_the_keys_then_use_it() -> None:
    wide = CountTable.of(KEYS, [("dev", 1), ("dev", 2)], [1, 2])
    narrow = CountTable.of(("split",), [("dev",)], [30])
    counts = Counts(tables={KEYS: wide, ("split",): narrow})
    assert 30 == counts.table("split").total
    assert [((1,), 1), ((2,), 2)] == list(counts.table("label"))


def test_counts_when_no_table_covers_the_keys_then_refuse() -> None:
    counts = Counts(tables={("split",): CountTable.of(("split",), [], [])})
    with pytest.raises(CountError, match=r"the grouping is \('device',\)"):
        counts.table("device")


def test_counts_when_summed_then_add_table_by_table() -> None:
    parts = [Counts(tables={KEYS: table({("dev", i): i})}) for i in (1, 2, 1)]
    assert table({("dev", 1): 2, ("dev", 2): 2}) == Counts.sum(parts).tables[KEYS]


def test_counts_when_losses_have_other_centres_then_are_not_added() -> None:
    one = Counts(tables={KEYS: table({})}, loss_center=1.0)
    with pytest.raises(CountError, match="the other counts is different"):
        one + Counts(tables={KEYS: table({})})


def test_digest_when_counts_are_equal_then_is_equal() -> None:
    one = Counts(tables={KEYS: table({("dev", 1): 2, ("train", 0): 3})})
    same = Counts(tables={KEYS: table({("train", 0): 3, ("dev", 1): 2})})
    other = Counts(tables={KEYS: table({("train", 0): 3, ("dev", 1): 1})})
    assert one.digest == same.digest
    assert one.digest != other.digest


def test_cluster_sums_when_written_to_then_refuse() -> None:
    square, line = np.zeros((1, 1)), np.zeros(1)
    sums = ClusterSums(
        splits=("dev",),
        shared=np.zeros((1, 1), dtype=np.int64),
        m=line,
        y=line,
        mm=square,
        my=square,
        yy=square,
    )
    with pytest.raises(ValueError, match="read-only"):
        sums.mm[0, 0] = 1.0


def test_intake_when_only_rows_are_given_then_has_nothing_to_say() -> None:
    intake = Intake(rows=3)
    assert ({}, "not checked", None) == (intake.unusable, intake.ids, intake.types_differ)
