"""Laws of splitting: no group in two splits, no row lost, and none that ever moves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl
from hypothesis import given, reject
from hypothesis import strategies as st

import headway
from headway.errors.splits import SplitError
from headway.strategy.splits import apportioned, cut_offs

if TYPE_CHECKING:
    from headway.strategy.split_said import Splits

KEYS = st.lists(st.integers(-(2**62), 2**62), min_size=20, max_size=80, unique=True)
SHARES = st.floats(0.2, 0.4)


@st.composite
def grouped(draw: st.DrawFn) -> dict[str, list[Any]]:
    """Rows in groups, some without one, of up to three sources."""
    ids = draw(KEYS)
    names = st.sampled_from(["ann", "bob", "é", "dan", None, *"abcdefghij"])
    groups = draw(st.lists(names, min_size=len(ids), max_size=len(ids)))
    sources = draw(st.lists(st.sampled_from(["web", "app"]), min_size=len(ids), max_size=len(ids)))
    sources[:10] = ["app"] * 10
    return {"id": ids, "group": groups, "source": sources}


def made(table: Any, **options: Any) -> Splits:
    """The rows split; a few rows by small shares may leave a set empty, which is refused."""
    try:
        return headway.split(pl.DataFrame(table), **options).result
    except SplitError:
        reject()


def splits(table: Any, **options: Any) -> dict[int, str]:
    """The split of each id; ids that are in none are absent."""
    rows: Any = made(table, **options).rows
    return dict(rows.lazy().select("id", "split").collect().iter_rows())


@given(table=grouped(), dev=SHARES, test=SHARES)
def test_groups_when_split_then_lie_in_one_split_each(
    table: dict[str, list[Any]], dev: float, test: float
) -> None:
    rows: Any = made(table, target_source="app", dev=dev, test=test).rows
    found = rows.lazy().filter(pl.col("group").is_not_null()).collect()
    by_group = found.group_by("group").agg(pl.col("split").n_unique())
    assert by_group.is_empty() or by_group["split"].max() == 1
    assert set(found.filter(pl.col("split").is_in(["dev", "test"]))["source"]) <= {"app"}


@given(table=grouped(), dev=SHARES, n=st.integers(1, 3))
def test_rows_when_split_then_none_is_lost(table: dict[str, list[Any]], dev: float, n: int) -> None:
    for options in ({"dev": dev, "test": dev}, {"dev": n, "test": n}):
        found = made(table, **options)
        n = sum(part.n for part in found.parts)
        assert len(table["id"]) == n + sum(found.left_out.values())
        rows: Any = found.rows
        assert n == len(rows.lazy().collect())


@given(ids=KEYS, salt=st.text(max_size=30), dev=SHARES)
def test_rows_when_split_twice_then_lie_where_they_were(
    ids: list[int], salt: str, dev: float
) -> None:
    once = splits({"id": ids}, salt=salt, dev=dev, test=dev)
    assert once == splits({"id": ids[::-1]}, salt=salt, dev=dev, test=dev)


@given(ids=KEYS, cut=st.integers(15, 19), dev=SHARES, test=SHARES)
def test_rows_when_further_ones_come_then_stay_where_they_are(
    ids: list[int], cut: int, dev: float, test: float
) -> None:
    before = splits({"id": ids[:cut]}, dev=dev, test=test, train_dev=0.1)
    after = splits({"id": ids}, dev=dev, test=test, train_dev=0.1)
    assert before == {key: after[key] for key in before}


@given(ids=KEYS, n=st.integers(1, 5))
def test_sets_when_numbers_are_asked_then_have_as_many(ids: list[int], n: int) -> None:
    found = list(splits({"id": ids}, dev=n, test=n + 1, train_dev=2).values())
    alike = len({key % (2**31 - 1) for key in ids}) == len(ids)
    assert not alike or (n, n + 1, 2) == tuple(map(found.count, ("dev", "test", "train_dev")))


@given(
    shares=st.dictionaries(st.text(max_size=2), st.floats(0.01, 100), min_size=1, max_size=6),
    n=st.integers(0, 50),
)
def test_numbers_when_dealt_then_add_up_and_stay_near_their_shares(
    shares: dict[str, float], n: int
) -> None:
    found = apportioned(n, shares, dict.fromkeys(shares, n))
    total = sum(shares.values())
    assert n == sum(found.values())
    assert all(abs(found[k] - n * s / total) < len(shares) for k, s in shares.items())


@given(
    rows=st.lists(st.integers(0, 30), min_size=3, max_size=30).filter(
        lambda rows: sum(1 for n in rows if n) >= 3
    ),
    n=st.integers(1, 100),
)
def test_cut_offs_when_chosen_then_leave_rows_of_the_target_on_every_side(
    rows: list[int], n: int
) -> None:
    times = [(f"{i:03}", k) for i, k in enumerate(rows)]
    dev, test = cut_offs(times, n, n)
    before = sum(k for moment, k in times if moment < dev)
    between = sum(k for moment, k in times if dev <= moment < test)
    after = sum(k for moment, k in times if moment >= test)
    assert min(before, between, after) > 0
