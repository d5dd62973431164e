from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from scipy.spatial.distance import cdist

from headway.rows.duplicates import exact, originals, partners
from headway.rows.vectors import near_directions, near_vectors

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from headway.rows.duplicates import Matches

    Sides = tuple[NDArray[Any], NDArray[Any]]


@st.composite
def sides(draw: st.DrawFn) -> Sides:
    """Two sets of vectors with many copies; quarters, so that no distance is rounded."""
    width = draw(st.integers(1, 6))
    numbers = draw(st.sampled_from([st.integers(0, 3), st.integers(-400, 400)]))
    counts = draw(st.tuples(st.integers(1, 12), st.integers(1, 12)))
    first, second = (
        draw(arrays.arrays(np.int64, (n, width), elements=numbers)) / 4 for n in counts
    )
    offset = draw(st.sampled_from([0, 2**20]))
    return first + offset, second + offset


def pairs(found: Matches) -> set[tuple[int, int]]:
    """Pairs as plain numbers."""
    return set(zip(found.left.tolist(), found.right.tolist(), strict=True))


def cells(table: NDArray[np.bool_]) -> set[tuple[int, int]]:
    """Where a table is true."""
    return {(int(i), int(j)) for i, j in np.argwhere(table)}


@given(sides(), st.integers(0, 800))
def test_near_vectors_law_all_pairs_are_those_of_brute_force(both: Sides, quarters: int) -> None:
    most = quarters / 4
    apart = cdist(*both, "sqeuclidean") <= most**2
    assert cells(apart) == pairs(near_vectors(*both, distance=most, keep="all"))
    apart = cdist(*both, "chebyshev") <= most
    assert cells(apart) == pairs(near_vectors(*both, distance=most, measure="largest", keep="all"))


@given(sides(), st.integers(0, 800))
def test_near_vectors_law_nearest_pairs_are_the_best_of_all_pairs(
    both: Sides, quarters: int
) -> None:
    every = near_vectors(*both, distance=quarters / 4, keep="all")
    nearest = near_vectors(*both, distance=quarters / 4)
    assert set(every.left.tolist()) == set(nearest.left.tolist())
    assert set(every.right.tolist()) == set(nearest.right.tolist())
    best = {i: every.similarity[every.left == i].max() for i in set(every.left.tolist())}
    kept = {i: nearest.similarity[nearest.left == i].max() for i in set(nearest.left.tolist())}
    assert best == kept
    assert len(nearest) <= len(both[0]) + len(both[1])


@given(sides())
def test_near_vectors_law_distance_zero_is_exact(both: Sides) -> None:
    same = (both[0][:, None] == both[1][None]).all(axis=2)
    assert cells(same) == pairs(near_vectors(*both, distance=0, keep="all"))
    assert pairs(exact(*both)) == pairs(partners(near_vectors(*both, distance=0)))


@given(sides())
def test_near_vectors_law_sides_may_be_swapped(both: Sides) -> None:
    there = pairs(near_vectors(*both, distance=1.5, keep="all"))
    back = pairs(near_vectors(*both[::-1], distance=1.5, keep="all"))
    assert there == {(i, j) for j, i in back}


@given(sides(), st.floats(0.01, 0.99))
def test_near_directions_law_lengths_make_no_difference(both: Sides, cosine: float) -> None:
    longer = both[0] * 4, both[1] / 8
    assert pairs(near_directions(*both, cosine=cosine, keep="all")) == pairs(
        near_directions(*longer, cosine=cosine, keep="all")
    )


@given(sides())
def test_originals_law_a_row_equals_its_original_and_no_earlier_row(both: Sides) -> None:
    rows = np.concatenate(both)
    expected = [
        next(j for j in range(i + 1) if (rows[j] == rows[i]).all()) for i in range(len(rows))
    ]
    assert expected == originals(rows).tolist()
