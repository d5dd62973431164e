from __future__ import annotations

from typing import TYPE_CHECKING, Any

import narwhals.stable.v2 as nw
import numpy as np
import polars as pl
import pytest

from headway.errors import ColumnError, CountError, SplitError
from headway.frames.source import read
from headway.frames.split_files import finished, settled, sizes
from headway.frames.splitting import Pools, assigned, pooled, targeted, thresholds

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.conftest import FrameOf

N = 600


def rows(n: int = N) -> dict[str, list[Any]]:
    """Rows of two sources, three in a group."""
    rng = np.random.default_rng(4)
    return {
        "id": [*range(n)],
        "source": [None if i % 50 == 0 else "web" if i % 5 else "mobile" for i in range(n)],
        "label": rng.choice(["cat", "dog"], n).tolist(),
        "patient": [i // 3 for i in range(n)],
    }


def pools_of(table: Any, columns: Mapping[str, str] | None = None, **options: Any) -> Pools:
    """The pools of a table."""
    options = {"salt": "s", **options}
    return pooled(read(table, columns=columns), **options)


def split(pools: Pools, wanted: Any, *, exact: bool = True) -> dict[str, dict[str, int]]:
    """Rows by split and source."""
    at, _ = thresholds(pools, wanted, exact=exact)
    found = settled(assigned(pools, at), pools.group, highest=True)
    return sizes(found, pools.columns[0], pools.group)[0]


def test_pools_when_counted_then_are_those_of_the_table(frame_of: FrameOf) -> None:
    pools = pools_of(frame_of(rows()), stratify="label")
    table = pl.DataFrame(rows()).with_columns(pl.col("source").fill_null("missing"))
    counted = table.group_by("source", "label").len().rows()
    assert {(s, label): n for s, label, n in counted} == dict(pools.n)
    assert dict(table.group_by("source").len().rows()) == dict(pools.squares)


def test_rows_when_taken_in_the_order_of_their_hash_then_are_exactly_so_many(
    frame_of: FrameOf,
) -> None:
    pools = pools_of(frame_of(rows()))
    wanted = {pool: {"test": 2.0, "dev": 3.0, "train_dev": 1.0} for pool in pools.n}
    found = split(pools, wanted)
    for name, n in (("test", 2), ("dev", 3), ("train_dev", 1)):
        assert dict.fromkeys(("mobile", "missing", "web"), n) == found[name]
    assert N == sum(sum(by.values()) for by in found.values())


def test_rows_when_shares_are_taken_then_are_about_so_many(frame_of: FrameOf) -> None:
    pools = pools_of(frame_of(rows(5000)))
    found = split(pools, {pool: {"test": 0.2, "dev": 0.1} for pool in pools.n}, exact=False)
    assert 1000 == pytest.approx(sum(found["test"].values()), abs=120)
    assert 500 == pytest.approx(sum(found["dev"].values()), abs=90)


def test_rows_when_there_are_too_many_to_order_then_shares_are_taken(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("headway.frames.splitting.MOST_KEYS", 100)
    pools = pools_of({"id": [*range(1000)]})
    at, is_exact = thresholds(pools, {("", ""): {"test": 100.0, "dev": 300.0}}, exact=True)
    assert (False, (0.1, 0.4, 0.4)) == (is_exact, at["", ""])


def test_everything_when_asked_then_is_taken() -> None:
    pools = pools_of({"id": [*range(10)]})
    at, _ = thresholds(pools, {("", ""): {"test": 10.0}}, exact=True)
    assert (1.0, 1.0, 1.0) == at["", ""]
    nothing, _ = thresholds(pools, {("", ""): {}}, exact=True)
    assert (0.0, 0.0, 0.0) == nothing["", ""]


def test_groups_when_split_then_stay_together(frame_of: FrameOf) -> None:
    pools = pools_of(frame_of(rows()), columns={"group": "patient"})
    wanted = {pool: {"test": 0.15 * n, "dev": 0.15 * n} for pool, n in pools.n.items()}
    at, _ = thresholds(pools, wanted, exact=True)
    done = finished(settled(assigned(pools, at), pools.group, highest=True), "split")
    table = nw.to_native(done.collect("polars"))
    assert 1 == table.group_by("patient").agg(pl.col("split").n_unique())["split"].max()
    by_split, left_out, largest = sizes(
        settled(assigned(pools, at), pools.group, highest=True), "source", "patient"
    )
    assert N == sum(sum(by.values()) for by in by_split.values()) + left_out["group"]
    assert len(table) == N - left_out["group"]
    assert all(1 <= n <= 3 for _, n in largest.values())


def test_rows_when_groups_are_ignored_then_part() -> None:
    pools = pools_of(pl.DataFrame(rows()), {"group": "patient"}, ignore_group=True)
    assert pools.group is None


def test_groups_when_they_lie_in_one_source_then_none_is_left_out() -> None:
    table = pl.DataFrame({"id": [*range(60)], "group": [i // 2 for i in range(60)]})
    pools = pools_of(table)
    at, _ = thresholds(pools, {("", ""): {"test": 10.0, "dev": 10.0}}, exact=True)
    found = sizes(settled(assigned(pools, at), "group", highest=True), None, "group")
    assert ({"train": {"": 40}, "dev": {"": 10}, "test": {"": 10}}, {}) == found[:2]
    assert {2} == {n for _, n in found[2].values()}


def test_strata_when_groups_lie_in_several_then_are_refused(frame_of: FrameOf) -> None:
    with pytest.raises(SplitError, match="groups have rows of several values of 'label'"):
        pools_of(frame_of(rows()), {"group": "patient"}, stratify="label")


def test_strata_when_the_column_is_missing_then_are_refused() -> None:
    with pytest.raises(ColumnError, match="no column 'lable' to count by"):
        pools_of(pl.DataFrame(rows()), stratify="lable")


def test_strata_when_there_are_too_many_then_are_refused() -> None:
    table = pl.DataFrame({"id": [*range(1000)], "name": [f"n{i}" for i in range(1000)]})
    with pytest.raises(CountError, match="Counting by name gives more than 500 cells"):
        pools_of(table, stratify="name")


@pytest.mark.parametrize("role", ["id", "group"])
def test_keys_when_rows_have_none_then_are_refused(role: str) -> None:
    with pytest.raises(ColumnError, match="holds 2 rows without a value"):
        pools_of(pl.DataFrame({role: [1, None, None, 4]}))


def test_sources_when_they_are_numbers_or_dates_then_are_told_apart(frame_of: FrameOf) -> None:
    table = {"id": [*range(40)], "source": [i % 2 for i in range(40)]}
    pools = pools_of(frame_of(table))
    found = split(pools, {("0", ""): {"dev": 5.0}, ("1", ""): {"test": 4.0}})
    assert ({"0": 5}, {"1": 4}) == (found["dev"], found["test"])


def test_rows_of_the_target_when_told_then_are_those_of_its_sources(frame_of: FrameOf) -> None:
    pools = pools_of(frame_of(rows()))
    told = pools.rows.select(t=nw.when(targeted(pools, ["mobile"])).then(nw.lit(1)).otherwise(0))
    table = nw.to_native(told.collect("polars"))
    assert pools.n["mobile", ""] == table["t"].sum()


def test_rows_of_the_target_when_there_is_no_source_then_are_all() -> None:
    pools = pools_of({"id": [*range(10)]})
    assert 10 == len(pools.rows.filter(targeted(pools, [""])).collect())


def test_strata_when_split_then_each_gives_its_own_share(frame_of: FrameOf) -> None:
    table = rows() | {"group": [None] * N}
    table["group"][:2] = [1, 2]
    pools = pools_of(frame_of(table, {"group": pl.Int64}), stratify="label")
    wanted = {pool: {"dev": 2.0 if pool[1] == "cat" else 1.0} for pool in pools.n}
    at, _ = thresholds(pools, wanted, exact=True)
    found = settled(assigned(pools, at), "group", highest=True)
    assert {"mobile": 3, "missing": 3, "web": 3} == sizes(found, "source", None)[0]["dev"]
    assert set(sizes(found, "source", "group")[2]) <= {"train", "dev"}
