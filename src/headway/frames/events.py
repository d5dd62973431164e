"""Events in time, read as plain columns: detections with their scores, or what should be found."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import narwhals.stable.v2 as nw

from headway.errors import ColumnError
from headway.frames.engines import asked, fetched
from headway.frames.kinds import NUMBERS, scalar
from headway.frames.source import read
from headway.wording import counted

if TYPE_CHECKING:
    from headway.counts import Scalar

__all__ = ["read_events"]

MICROSECONDS: Final = 1e6

OPTIONAL: Final = ("stream", "split")


def read_events(given: object, *, scored: bool) -> dict[str, list[Scalar]]:
    """Events as columns.

    Args:
        given: A path, or a table: a column ``time`` in seconds or as a moment, and where there are
            several recordings a column ``stream``; ``split`` where there are several.
        scored: Whether a column ``score`` is needed.

    Returns:
        Per column its values; times in seconds.

    Raises:
        HeadwayError: If it cannot be read, a column is missing, or a time or score is missing.

    Examples:
        >>> read_events({"time": [0.5, 2.0], "score": [0.9, 0.4]}, scored=True)["time"]
        [0.5, 2]

    References:
        Notes: week 1, "Satisficing and Optimizing metric".
    """
    frame = read(given)
    names = ["time", "score"] if scored else ["time"]
    for name in names:
        if name not in frame.kinds:
            raise ColumnError.no_event_column(name, list(frame.kinds))
    for name in names:
        if frame.kinds[name] not in NUMBERS | {"time"}:
            raise ColumnError.unfit_events(name, frame.kinds[name])
    names += [name for name in OPTIONAL if name in frame.kinds]
    with asked(frame.engine, frame.sources):
        schema = frame.rows.collect_schema()
        rows = frame.rows.select(*(_plain(name, schema[name]).alias(name) for name in names))
        found = fetched(rows, names)
    columns = {name: [scalar(row[i]) for row in found] for i, name in enumerate(names)}
    for name in ("time", "score"):
        n_missing = sum(value is None for value in columns.get(name, ()))
        if n_missing:
            raise ColumnError.unfit_events(name, counted(n_missing, "missing value"))
    return columns


def _plain(name: str, dtype: Any) -> nw.Expr:  # noqa: ANN401 - a type of narwhals
    """A column as it is, moments as seconds."""
    if isinstance(dtype, nw.Datetime):
        return nw.col(name).dt.timestamp("us").cast(nw.Float64) / MICROSECONDS
    return nw.col(name)
