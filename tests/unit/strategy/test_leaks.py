from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from headway.counts import CountTable
from headway.findings import Verdict
from headway.strategy.leaks import Leak, Window, error_of, judge_key, judge_near, judge_time
from tests.known import known

if TYPE_CHECKING:
    from collections.abc import Mapping


def table(
    rows: Mapping[tuple[str, str], int],
    keys: int,
    wrong: Mapping[tuple[str, str], int] | None = None,
) -> CountTable:
    """Rows by split and the split that has their key too."""
    total = sum(n for (a, b), n in rows.items() if a == b)
    cells: list[tuple[str | None, str | None]] = [(None, None), *rows]
    sums = {"keys": [keys, *rows.values()]}
    if wrong is not None:
        sums["wrong"] = [0, *(wrong.get(pair, 0) for pair in rows)]
    return CountTable.of(("split", "other"), cells, [total, *rows.values()], sums)


ROWS = {
    ("train", "train"): 100,
    ("dev", "dev"): 50,
    ("test", "test"): 50,
    ("dev", "train"): 3,
    ("train", "dev"): 4,
    ("test", "train"): 0,
    ("train", "test"): 0,
    ("test", "dev"): 1,
    ("dev", "test"): 1,
    ("field", "field"): 9,
    ("field", "dev"): 7,
}


def test_keys_when_some_are_shared_then_are_counted_for_each_pair() -> None:
    found = judge_key("id", ("id",), table(ROWS, 200))
    assert Verdict.YES == found.verdict
    assert (("dev", "train"), ("test", "dev")) == found.pairs
    assert (3, 4, 0) == (found.of("dev", "train"), found.to_remove, found.of("dev", "field"))
    assert 50 == found.rows["dev"]


def test_keys_when_none_is_shared_then_all_is_well() -> None:
    apart = {pair: n for pair, n in ROWS.items() if pair[0] == pair[1]}
    assert Verdict.NO == judge_key("group", ("group",), table(apart, 40)).verdict


def test_content_when_it_does_not_tell_rows_apart_then_copies_cannot_be_told() -> None:
    assert Verdict.UNDETERMINED == judge_key("row", ("x",), table(ROWS, 20)).verdict
    found = judge_key("row", ("x",), table(ROWS, 20), has_id=True)
    assert (Verdict.NOT_APPLICABLE, {}) == (found.verdict, found.shared)
    assert known(found.distinct) == pytest.approx(20 / 209)


def test_content_when_chance_gives_as_many_copies_then_they_cannot_be_told() -> None:
    by_chance = judge_key("row", ("x",), table(ROWS, 205), agreement=3 / 5000)
    rare = judge_key("row", ("x",), table(ROWS, 205), agreement=1e-9)
    assert (Verdict.UNDETERMINED, Verdict.YES) == (by_chance.verdict, rare.verdict)


def test_inputs_when_they_have_another_label_then_are_counted_beside() -> None:
    inputs = table(ROWS | {("dev", "train"): 5}, 200)
    found = judge_key("row", ("x", "label"), table(ROWS, 205), inputs=inputs)
    assert 5 == found.same_inputs["dev", "train"]


@pytest.mark.parametrize(("named", "verdict"), [(True, "yes"), (False, "undetermined")])
def test_time_when_train_is_later_then_it_depends_on_whether_order_matters(
    named: bool,  # noqa: FBT001
    verdict: str,
) -> None:
    windows = {
        "train": Window(first="2026-01-01", last="2026-03-01", later=10),
        "dev": Window(first="2026-02-01", last="2026-04-01", later=50),
    }
    found = judge_time("day", windows, named=named)
    assert (verdict, 10) == (found.verdict, found.of("train", "dev"))


def test_time_when_train_comes_first_then_all_is_well() -> None:
    windows = {
        "train": Window(first="1", last="2", later=0),
        "test": Window(first="3", last="4", later=5),
    }
    assert Verdict.NO == judge_time("day", windows, named=True).verdict


def test_time_when_there_is_no_train_then_is_no_question() -> None:
    windows = {"dev": Window(first="1", last="2", later=5)}
    assert Verdict.NOT_APPLICABLE == judge_time("day", windows, named=True).verdict


def test_near_copies_when_found_then_are_a_leak() -> None:
    rows = {"train": 10, "dev": 5}
    found = judge_near("text", {("dev", "train"): 2, ("train", "dev"): 3}, rows, "alike")
    assert (Verdict.YES, 3) == (found.verdict, found.to_remove)
    assert Verdict.NO == judge_near("text", {("dev", "train"): 0}, rows, "alike").verdict


def test_error_when_rows_leaked_then_is_given_without_them() -> None:
    wrong = {("dev", "dev"): 9, ("dev", "train"): 1}
    found = known(error_of(table(ROWS, 200, wrong), "dev"))
    assert (9 / 50, 8 / 47, 1 / 3) == pytest.approx(
        (found.observed.estimate, found.clean.estimate, found.leaked.estimate)
    )


def test_error_when_nothing_tells_it_then_is_unknown() -> None:
    assert error_of(table(ROWS, 200), "dev") is None
    assert error_of(table(ROWS, 200, {}), "test") is None


def test_leak_when_empty_then_asks_nothing() -> None:
    found = Leak(kind="id", by=(), verdict=Verdict.NOT_APPLICABLE)
    assert ((), 0) == (found.pairs, found.to_remove)
