from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from headway.rows.events import pair

TIMES = st.lists(st.floats(0, 100), max_size=12)


def test_detections_when_two_are_near_one_event_then_the_surer_finds_it() -> None:
    found = pair([1.0, 1.2], [0.8, 0.9], [1.1], tolerance=0.5)
    assert ([1], [], 1) == (found.found.tolist(), found.alarms.tolist(), found.n_repeats)


def test_detection_when_near_two_events_then_goes_to_the_nearest_free_one() -> None:
    found = pair([1.0, 1.3], [0.9, 0.8], [0.9, 1.4], tolerance=1.0)
    assert [0, 1] == found.found.tolist()


def test_detection_when_exactly_at_the_tolerance_then_still_finds() -> None:
    assert [0] == pair([2.0], [0.5], [1.0], tolerance=1.0).found.tolist()
    assert [0] == pair([1.0], [0.5], [2.0], tolerance=1.0).found.tolist()


def test_detection_when_in_another_recording_then_is_an_alarm() -> None:
    found = pair([1.0], [0.9], [1.0], tolerance=0.5, streams=(["a"], ["b"]))
    assert ([-1], [0]) == (found.found.tolist(), found.alarms.tolist())


@given(TIMES, TIMES, st.floats(0, 5))
def test_pairing_when_of_anything_then_every_detection_is_one_thing(
    detections: list[float], events: list[float], tolerance: float
) -> None:
    scores = np.arange(len(detections), dtype=float)
    found = pair(detections, scores, events, tolerance=tolerance)
    hits = found.found[found.found >= 0]
    assert len(set(hits.tolist())) == len(hits)
    assert len(hits) + len(found.alarms) + found.n_repeats == len(detections)
    assert all(
        abs(detections[i] - events[e]) <= tolerance + 1e-9
        for e, i in enumerate(found.found.tolist())
        if i >= 0
    )
