from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import polars as pl
import pytest

from headway.errors import ColumnError
from headway.frames.events import read_events


def test_events_when_times_are_moments_then_are_seconds() -> None:
    moments = [datetime(2026, 1, 1, 0, 0, second, tzinfo=UTC) for second in (0, 5)]
    found = read_events(pl.DataFrame({"time": moments}), scored=False)
    first, last = found["time"]
    assert isinstance(first, int | float)
    assert isinstance(last, int | float)
    assert 5 == last - first


def test_events_when_there_are_recordings_then_keeps_them_and_no_other_column() -> None:
    table = {"time": [1, 2], "score": [0.5, 0.25], "stream": ["a", "b"], "room": ["x", "y"]}
    found = read_events(table, scored=True)
    assert {"time": [1, 2], "score": [0.5, 0.25], "stream": ["a", "b"]} == found


@pytest.mark.parametrize(
    ("table", "match"),
    [
        ({"time": [1.0]}, "The table of events has no column 'score'"),
        ({"moment": [1.0], "score": [0.5]}, "The table of events has no column 'time'"),
        ({"time": ["soon"], "score": [0.5]}, "Column 'time' of the table of events holds text"),
        ({"time": [1.0, 2.0], "score": [0.5, None]}, "events holds 1 missing value"),
    ],
)
def test_events_when_a_column_cannot_be_used_then_are_refused(
    table: dict[str, list[Any]], match: str
) -> None:
    with pytest.raises(ColumnError, match=match):
        read_events(table, scored=True)
