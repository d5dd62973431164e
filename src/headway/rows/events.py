"""Detections matched to the events that should have been found, within a tolerance of time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

__all__ = ["Pairing", "pair"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Pairing:
    """Which detection found which event.

    Args:
        found: Per event, the place of the detection that found it, or -1. Shape (n_events,).
        alarms: Places of the detections that are near no event, in order.
        n_repeats: Further detections of events that were found already; they are no alarms.
    """

    found: NDArray[np.int64]
    alarms: NDArray[np.int64]
    n_repeats: int


def pair(
    detections: Sequence[float] | NDArray[np.float64],
    scores: Sequence[float] | NDArray[np.float64],
    events: Sequence[float] | NDArray[np.float64],
    *,
    tolerance: float,
    streams: tuple[Sequence[object], Sequence[object]] | None = None,
) -> Pairing:
    """Detections matched to events, the highest scores first, one detection for each event.

    A detection goes to the nearest event within the tolerance that has none yet. One that is near
    only events that were found already says the same again, and is no false alarm.

    Args:
        detections: Their times. Shape (n_detections,).
        scores: Their scores. Shape (n_detections,).
        events: Times of the events. Shape (n_events,).
        tolerance: How far a detection may lie from an event, in the unit of the times, at least 0.
        streams: Per detection and per event, the recording it belongs to; None for one recording.

    Returns:
        The pairing.

    Examples:
        >>> found = pair([1.0, 1.2, 7.0], [0.8, 0.9, 0.5], [1.1, 4.0], tolerance=0.5)
        >>> found.found.tolist(), found.alarms.tolist(), found.n_repeats
        ([1, -1], [2], 1)

    References:
        Notes: week 1, "Satisficing and Optimizing metric".
    """
    times, truth = np.asarray(detections, dtype=np.float64), np.asarray(events, dtype=np.float64)
    of_detection, of_event = streams or ([None] * len(times), [None] * len(truth))
    by_stream: dict[object, NDArray[np.int64]] = {}
    for stream in dict.fromkeys(of_event):
        members = np.array([i for i, s in enumerate(of_event) if s == stream], dtype=np.int64)
        by_stream[stream] = members[np.argsort(truth[members], kind="stable")]
    found = np.full(len(truth), -1, dtype=np.int64)
    alarms, n_repeats = [], 0
    for place in np.argsort(-np.asarray(scores, dtype=np.float64), kind="stable").tolist():
        order = by_stream.get(of_detection[place], np.array([], dtype=np.int64))
        near = _near(truth[order], times[place], tolerance)
        free = [k for k in near if found[order[k]] < 0]
        if free:
            best = min(free, key=lambda k: abs(truth[order[k]] - times[place]))
            found[order[best]] = place
        elif near:
            n_repeats += 1
        else:
            alarms.append(place)
    return Pairing(
        found=found, alarms=np.array(sorted(alarms), dtype=np.int64), n_repeats=n_repeats
    )


def _near(events: NDArray[np.float64], time: float, tolerance: float) -> range:
    """The places of the events within the tolerance, in order of time."""
    start, stop = np.searchsorted(events, [time - tolerance, time + tolerance], side="left")
    while stop < len(events) and events[stop] <= time + tolerance:
        stop += 1
    return range(int(start), int(stop))
