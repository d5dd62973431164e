from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import narwhals.stable.v2 as nw
import polars as pl
import pytest

from headway.errors import ColumnError, CountError, TargetError
from headway.frames.source import read
from headway.frames.split_files import sizes
from headway.frames.splitting import pooled
from headway.frames.timing import Clock, by_time, clock, earlier, moments, parsed, shown

if TYPE_CHECKING:
    from headway.frames.splitting import Pools
    from tests.conftest import FrameOf

N = 40
START = date(2026, 1, 1)
WHEN: dict[str, list[Any]] = {
    "date": [START + timedelta(days=i) for i in range(N)],
    "time": [datetime(2026, 1, 1, 12, tzinfo=UTC) + timedelta(days=i) for i in range(N)],
    "integer": [*range(N)],
    "text": [(START + timedelta(days=i)).isoformat() for i in range(N)],
}


def pools_of(when: list[Any], frame_of: FrameOf = pl.DataFrame) -> Pools:
    """Rows of two sources at some times."""
    sources = ["web", "mobile"] * (len(when) // 2)
    return pooled(
        read(frame_of({"id": [*range(len(when))], "when": when, "source": sources})), salt="s"
    )


def counted(pools: Pools, **options: Any) -> tuple[dict[str, dict[str, int]], dict[str, int]]:
    """Rows by split and source, and rows left out."""
    by = clock(pools.rows, "when")
    bounds = {name: parsed(text, by, f"--{name}") for name, text in options.pop("bounds").items()}
    options = {"target": ["mobile", "web"], **bounds, **options}
    by_split, left_out, _ = sizes(by_time(pools, by, **options), "source", None)
    return by_split, left_out


@pytest.mark.parametrize("kind", WHEN)
def test_rows_when_split_by_time_then_train_comes_first(
    frame_of: FrameOf, engine: str, kind: str
) -> None:
    if (engine, kind) == ("pandas", "date"):
        pytest.skip("pandas has times and no dates")
    pools = pools_of(WHEN[kind], frame_of)
    days = ("20", "30") if kind == "integer" else ("2026-01-21", "2026-01-31")
    bounds = {"dev_from": days[0], "test_from": days[1]}
    assert kind == clock(pools.rows, "when").kind
    found, left_out = counted(pools, bounds=bounds)
    assert {"train": 20, "dev": 10, "test": 10} == {s: sum(by.values()) for s, by in found.items()}
    assert {} == left_out
    found, left_out = counted(pools, bounds=bounds, embargo=3.0)
    assert {"train": 17, "dev": 7, "test": 10} == {s: sum(by.values()) for s, by in found.items()}
    assert {"embargo": 6} == left_out


def test_rows_of_other_sources_when_they_are_later_than_train_then_are_left_out(
    frame_of: FrameOf,
) -> None:
    pools = pools_of(WHEN["time"], frame_of)
    bounds = {"dev_from": "2026-01-21", "test_from": "2026-01-31"}
    found, left_out = counted(pools, bounds=bounds, target=["mobile"])
    assert ({"mobile": 5}, {"mobile": 10, "web": 10}) == (found["dev"], found["train"])
    assert {"later": 10} == left_out


def test_rows_without_a_time_when_split_then_are_left_out() -> None:
    when = [None, None, *WHEN["date"][2:]]
    bounds = {"dev_from": "2026-01-21", "test_from": "2026-01-31"}
    assert {"no_time": 2} == counted(pools_of(when), bounds=bounds)[1]


def test_train_dev_when_asked_then_is_carved_from_train_by_hash() -> None:
    bounds = {"dev_from": "2026-01-21", "test_from": "2026-01-31"}
    found, _ = counted(pools_of(WHEN["date"]), bounds=bounds, train_dev=0.4)
    carved = sum(found["train_dev"].values())
    assert 20 == carved + sum(found["train"].values())
    assert 3 <= carved <= 13


def test_moments_when_listed_then_are_in_order_with_rows_of_the_target(frame_of: FrameOf) -> None:
    pools = pools_of([2, 1, 1, 2, 1, 3], frame_of)
    found = moments(pools, clock(pools.rows, "when"), ["mobile"])
    assert [(1, 1), (2, 1), (3, 1)] == found
    alone = moments(pools, clock(pools.rows, "when"), ["web", "mobile"])
    assert [(1, 3), (2, 2), (3, 1)] == alone


def test_moments_when_there_are_too_many_then_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("headway.frames.timing.MOST_MOMENTS", 5)
    pools = pools_of([*range(10)])
    with pytest.raises(CountError, match="Counting by when gives more than 5 cells"):
        moments(pools, clock(pools.rows, "when"), ["web"])


def test_zones_when_a_column_has_none_then_moments_have_none() -> None:
    when = [moment.replace(tzinfo=None) for moment in WHEN["time"]]
    pools = pools_of(when)
    bounds = {"dev_from": "2026-01-21", "test_from": "2026-01-31T00:00:00"}
    found, _ = counted(pools, bounds=bounds)
    assert 20 == sum(found["train"].values())


@pytest.mark.parametrize(
    ("kind", "moment", "days", "expected"),
    [
        ("text", "2026-03-01", 1, "2026-02-28"),
        ("text", "2026-03-01", 0.5, "2026-02-28T12:00:00"),
        ("text", "2026-03-01 06:00", 0.5, "2026-02-28 18:00:00"),
        ("date", date(2026, 3, 1), 1, date(2026, 2, 28)),
        ("integer", 10, 2.5, 7.5),
    ],
)
def test_moments_when_days_are_taken_off_then_are_written_alike(
    kind: str, moment: Any, days: float, expected: Any
) -> None:
    assert expected == earlier(moment, days, Clock(column="when", kind=kind))


@pytest.mark.parametrize("kind", ["date", "integer"])
def test_moments_when_they_are_none_then_are_refused(kind: str) -> None:
    with pytest.raises(TargetError, match=r"'soon' is no (day|number)"):
        parsed("soon", Clock(column="when", kind=kind), "--dev-from")


def test_bounds_when_in_the_wrong_order_then_are_refused() -> None:
    bounds = {"dev_from": "2026-02-01", "test_from": "2026-01-31"}
    with pytest.raises(CountError, match="test_from is 2026-01-31"):
        counted(pools_of(WHEN["date"]), bounds=bounds)
    fine = {"dev_from": "2026-01-20", "test_from": "2026-01-31"}
    with pytest.raises(CountError, match="embargo is -1"):
        counted(pools_of(WHEN["date"]), bounds=fine, embargo=-1.0)


@pytest.mark.parametrize("column", [["a", "b"], [1.5, 2.5], [True, False]])
def test_columns_when_they_hold_no_times_then_are_refused(column: list[Any]) -> None:
    rows = nw.from_native(pl.LazyFrame({"when": column}))
    with pytest.raises(ColumnError, match="'when', used as time, holds"):
        clock(rows, "when")


def test_columns_when_they_are_not_there_then_are_refused() -> None:
    with pytest.raises(ColumnError, match="no column 'wen' to count by"):
        clock(nw.from_native(pl.LazyFrame({"when": [1]})), "wen")


def test_moments_when_shown_then_are_short() -> None:
    assert ("2026-01-01", "3") == (shown(date(2026, 1, 1)), shown(3))
