"""Splits by time: train is what was, dev and test are what came later."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

import narwhals.stable.v2 as nw

from headway.errors import ColumnError, CountError, TargetError
from headway.frames.engines import asked, fetched
from headway.frames.hashing import UNIT
from headway.frames.kinds import kind, scalar
from headway.frames.splitting import ORDER, SPLIT, targeted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from headway.frames.splitting import Pools

__all__ = ["Clock", "by_time", "clock", "earlier", "moments", "parsed", "shown"]

MOST_MOMENTS: Final = 1_000_000

ISO: Final = re.compile(r"\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}.*)?")

_TIMES: Final = "dates, times, whole numbers, or texts such as 2026-01-31"


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """A column of times and how its values are written.

    Args:
        column: Its name.
        kind: ``"date"``, ``"time"``, ``"integer"`` or ``"text"``.
        zone: The time zone of its values, or None.
    """

    column: str
    kind: str
    zone: str | None = None


def clock(rows: nw.LazyFrame[Any], column: str) -> Clock:
    """What a column of times holds.

    Args:
        rows: The rows.
        column: Its name.

    Returns:
        The clock.

    Raises:
        ColumnError: If there is no such column, or it holds no times.
    """
    schema = rows.collect_schema()
    if column not in schema:
        raise ColumnError.unknown(column, schema.names())
    dtype = schema[column]
    if isinstance(dtype, nw.Datetime):
        return Clock(column=column, kind="time", zone=dtype.time_zone)
    if isinstance(dtype, nw.Date):
        return Clock(column=column, kind="date")
    if kind(dtype) == "integer":
        return Clock(column=column, kind="integer")
    if kind(dtype) == "text":
        seen = fetched(rows.select(column).filter(~nw.col(column).is_null()).head(100), [column])
        if seen and all(ISO.fullmatch(str(value)) for (value,) in seen):
            return Clock(column=column, kind="text")
    raise ColumnError.unfit("time", column, kind(dtype), _TIMES)


def moments(pools: Pools, by: Clock, target: Sequence[str]) -> list[tuple[Any, int]]:
    """The moments of a column in order, with the rows of the target at each.

    Args:
        pools: The rows.
        by: The column of times.
        target: The sources that count.

    Returns:
        Values of the column and rows.

    Raises:
        CountError: If there are more than a million.
    """
    is_target = nw.when(targeted(pools, target)).then(nw.lit(1)).otherwise(nw.lit(0))
    counted = (
        pools.rows.select(by.column, target=is_target)
        .filter(~nw.col(by.column).is_null())
        .group_by(by.column)
        .agg(nw.col("target").sum())
    )
    with asked(pools.engine, pools.sources):
        cells = fetched(counted.head(MOST_MOMENTS + 1), [by.column, "target"])
    if len(cells) > MOST_MOMENTS:
        raise CountError.too_many_cells([by.column], by.column, MOST_MOMENTS)
    return sorted((value, int(n)) for value, n in cells)


def parsed(text: str, by: Clock, option: str) -> Any:  # noqa: ANN401 - a value of the column
    """A moment that was written by a person for an option, as a value of the column."""
    try:
        if by.kind == "integer":
            return int(text)
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        example = "1700000000" if by.kind == "integer" else "2026-01-31"
        raise TargetError.not_a_day(text, option, example) from error
    if by.kind == "text":
        return text
    if by.kind == "date":
        return moment.date()
    return moment if by.zone is None or moment.tzinfo else moment.replace(tzinfo=ZoneInfo(by.zone))


def earlier(moment: Any, days: float, by: Clock) -> Any:  # noqa: ANN401
    """A value of the column that lies so many days before another one."""
    if by.kind == "integer":
        return moment - days
    if by.kind != "text":
        return moment - timedelta(days=days)
    before = datetime.fromisoformat(moment) - timedelta(days=days)
    is_day = len(moment) == len("2026-01-31") and days == int(days)
    return before.date().isoformat() if is_day else before.isoformat(sep=moment[10:11] or "T")


def by_time(
    pools: Pools,
    by: Clock,
    *,
    target: Sequence[str],
    dev_from: Any,  # noqa: ANN401
    test_from: Any,  # noqa: ANN401
    embargo: float = 0.0,
    train_dev: float = 0.0,
) -> nw.LazyFrame[Any]:
    """Rows with ``SPLIT``: train before dev before test, and a gap between them.

    Rows of other sources that are later than train would tell it the future, so that they are left
    out, as are rows without a time.

    Args:
        pools: The rows.
        by: The column of times.
        target: The sources of dev and test.
        dev_from: The first moment of dev, a value of the column.
        test_from: The first moment of test, later than ``dev_from``.
        embargo: Days (or units of a column of whole numbers) before dev and before test whose rows
            are left out, at least 0.
        train_dev: Share of the keys of train that are carved for train-dev, in [0, 1).

    Returns:
        The rows; no pass is made.

    Raises:
        CountError: If the moments are in the wrong order, or the embargo is negative.
    """
    if not dev_from < test_from:
        raise CountError.outside("test_from", test_from, f"a moment after {dev_from}")
    if not 0 <= embargo < float("inf"):
        raise CountError.outside("embargo", embargo, "a number of days, at least 0")
    time = nw.col(by.column)
    ends = {"train": earlier(dev_from, embargo, by), "dev": earlier(test_from, embargo, by)}
    carved = nw.when(nw.col(UNIT) < train_dev).then(ORDER.index("train_dev")).otherwise(nw.lit(0))
    later = nw.when(targeted(pools, target)).then(ORDER.index("test")).otherwise(nw.lit(-3))
    between = nw.when(targeted(pools, target)).then(ORDER.index("dev")).otherwise(nw.lit(-3))
    code = nw.when(time >= test_from).then(later).otherwise(nw.lit(-4))
    code = nw.when(time < test_from).then(nw.lit(-2)).otherwise(code)
    code = nw.when((time >= dev_from) & (time < ends["dev"])).then(between).otherwise(code)
    code = nw.when((time >= ends["train"]) & (time < dev_from)).then(nw.lit(-2)).otherwise(code)
    code = nw.when(time < ends["train"]).then(carved).otherwise(code)
    return pools.rows.with_columns(code.alias(SPLIT))


def shown(moment: Any) -> str:  # noqa: ANN401
    """A moment as it is shown."""
    return str(scalar(moment)) if not isinstance(moment, date) else moment.isoformat()
