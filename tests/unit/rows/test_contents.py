from __future__ import annotations

import numpy as np

from headway.rows.contents import contents, spread, stretches
from headway.rows.duplicates import Matches


def near(pairs: list[tuple[int, int]], similarity: list[float]) -> Matches:
    """Some pairs."""
    left, right = np.array(pairs, dtype=np.int64).reshape(-1, 2).T
    return Matches(left=left, right=right, similarity=np.array(similarity), what="near")


def pairs(found: Matches) -> list[tuple[int, int]]:
    """Pairs as plain numbers."""
    return list(zip(found.left.tolist(), found.right.tolist(), strict=True))


LEFT = contents(["a", "b", "a", "c"])
RIGHT = contents(["x", "y", "y"])


def test_contents_when_rows_repeat_then_are_grouped_by_their_first() -> None:
    assert [0, 1, 3] == LEFT.firsts.tolist()
    assert [0, 2, 1, 3] == LEFT.copies.tolist()
    assert [0, 2, 3, 4] == LEFT.starts.tolist()


def test_contents_when_there_are_no_rows_then_there_are_none() -> None:
    found = contents([])
    assert ([], [0]) == (found.firsts.tolist(), found.starts.tolist())


def test_spread_when_every_pair_is_wanted_then_each_copy_meets_each() -> None:
    found = spread(near([(0, 1)], [0.9]), LEFT, RIGHT, is_every=True)
    assert [(0, 1), (0, 2), (2, 1), (2, 2)] == pairs(found)
    assert [0.9] * 4 == found.similarity.tolist()


def test_spread_when_the_nearest_is_wanted_then_each_copy_meets_the_first() -> None:
    found = spread(near([(0, 1)], [0.9]), LEFT, RIGHT, is_every=False)
    assert [(0, 1), (0, 2), (2, 1)] == pairs(found)


def test_spread_when_the_nearest_is_wanted_then_worse_partners_are_left_out() -> None:
    found = spread(near([(1, 0), (2, 0), (2, 1)], [0.5, 0.9, 0.8]), LEFT, RIGHT, is_every=False)
    assert [(1, 0), (3, 0), (3, 1), (3, 2)] == pairs(found)


def test_spread_when_nothing_was_found_then_is_nothing() -> None:
    assert 0 == len(spread(near([], []), LEFT, RIGHT, is_every=True))


def test_stretches_when_they_are_long_then_come_in_portions() -> None:
    begin, end = np.array([0, 5, 7]), np.array([3, 5, 11])
    found = list(stretches(begin, end, 4))
    assert [([0, 0, 0], [0, 1, 2]), ([2, 2, 2, 2], [7, 8, 9, 10])] == [
        (which.tolist(), place.tolist()) for which, place in found
    ]
