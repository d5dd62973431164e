from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from scipy.spatial.distance import cdist
from sklearn.neighbors import NearestNeighbors

from headway.errors import CountError
from headway.rows import vectors
from headway.rows.vectors import near_directions, near_vectors
from scripts.drawings import drawings, near_copies

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from headway.rows.duplicates import Matches
    from headway.rows.vectors import Keep, Measure

RNG = np.random.default_rng(0)
IMAGES = drawings(900, RNG)
TRAIN, TEST = IMAGES[:600].copy(), IMAGES[600:]
TRAIN[100:200] = near_copies(TEST[:100], RNG)


def pairs(found: Matches) -> list[tuple[int, int]]:
    """Pairs as plain numbers."""
    return list(zip(found.left.tolist(), found.right.tolist(), strict=True))


def within(distances: NDArray[Any], most: float) -> list[tuple[int, int]]:
    """The pairs of a table of distances."""
    return [(int(i), int(j)) for i, j in np.argwhere(distances <= most)]


def test_near_vectors_when_three_grey_levels_are_allowed_then_finds_what_was_planted() -> None:
    found = near_vectors(TRAIN, TEST, distance=3, measure="largest")
    assert [(100 + i, i) for i in range(100)] == pairs(found)


@pytest.mark.parametrize(
    ("measure", "name", "most"),
    [
        ("euclidean", "euclidean", 60),
        ("euclidean", "euclidean", 900),
        ("largest", "chebyshev", 3),
        ("largest", "chebyshev", 230),
    ],
)
def test_near_vectors_when_all_are_wanted_then_are_those_of_brute_force(
    measure: Measure, name: str, most: float
) -> None:
    flat = (TRAIN.reshape(600, -1).astype(float), TEST.reshape(300, -1).astype(float))
    found = near_vectors(TRAIN, TEST, distance=most, measure=measure, keep="all")
    assert within(cdist(*flat, name), most) == pairs(found)


def test_near_vectors_when_compared_with_scikit_learn_then_finds_the_same() -> None:
    flat = (TRAIN.reshape(600, -1).astype(float), TEST.reshape(300, -1).astype(float))
    brute = NearestNeighbors(radius=1500, algorithm="brute").fit(flat[1])
    theirs = brute.radius_neighbors(flat[0], return_distance=False)
    ours = near_vectors(TRAIN, TEST, distance=1500, keep="all")
    assert len(ours) > 200
    assert [(i, j) for i, some in enumerate(theirs) for j in sorted(some.tolist())] == pairs(ours)


@pytest.mark.parametrize("scale", [1e-6, 1.0, 1e9])
def test_near_vectors_when_the_origin_is_far_away_then_loses_none(scale: float) -> None:
    rng = np.random.default_rng(1)
    rows = np.round(rng.normal(0, 8, (200, 6))) * scale + 1000 * scale
    expected = within(cdist(rows, rows), 5 * scale * (1 + 1e-9))
    assert expected == pairs(near_vectors(rows, rows, distance=5 * scale * (1 + 1e-9), keep="all"))


def test_near_vectors_when_one_is_enormous_then_loses_none() -> None:
    rows = np.round(np.random.default_rng(2).normal(0, 5, (300, 40)))
    rows[17, 3] = 2.0**40
    found = near_vectors(rows, rows, distance=45, keep="all")
    assert within(cdist(rows, rows), 45) == pairs(found)


def test_near_vectors_when_few_can_be_ruled_out_then_compares_whole_vectors(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rows = np.round(np.random.default_rng(3).normal(0, 5, (400, 80)))
    monkeypatch.setattr(vectors, "DIRECTIONS", 2)
    found = near_vectors(rows, rows + 1, distance=52, keep="all")
    assert within(cdist(rows, rows + 1), 52) == pairs(found)


@pytest.mark.parametrize("n", [1, 3, 513])
def test_near_vectors_when_rows_have_one_number_then_finds_them(n: int) -> None:
    rows = np.arange(n, dtype=np.float64)[:, None]
    assert [(i, i) for i in range(n)] == pairs(near_vectors(rows, rows + 0.25, distance=0.25))


def test_near_vectors_when_windows_are_cut_then_finds_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    whole = pairs(near_vectors(TRAIN, TEST, distance=800, keep="all"))
    monkeypatch.setattr(vectors, "WINDOW", 50)
    monkeypatch.setattr(vectors, "LOOK_BYTES", 8 * 784 * 10)
    assert whole == pairs(near_vectors(TRAIN, TEST, distance=800, keep="all"))


def test_near_vectors_when_rows_come_in_blocks_or_files_then_finds_the_same(
    tmp_path: Path,
) -> None:
    np.save(tmp_path / "test.npy", TEST)
    found = near_vectors(
        (TRAIN[start : start + 50] for start in range(0, 600, 50)),
        tmp_path / "test.npy",
        distance=3,
        measure="largest",
    )
    assert [(100 + i, i) for i in range(100)] == pairs(found)


def test_near_vectors_when_blanks_are_many_then_each_has_one_partner() -> None:
    train, test = np.zeros((5000, 9), dtype=np.uint8), np.zeros((4000, 9), dtype=np.uint8)
    found = near_vectors(train, test, distance=1)
    assert (5000, 4000) == (len(np.unique(found.left)), len(np.unique(found.right)))
    assert 8999 == len(found)


def test_near_vectors_when_the_nearest_is_wanted_then_is_the_nearest() -> None:
    found = near_vectors(np.array([[10.0]]), np.array([[10.2], [10.1], [10.4]]), distance=0.3)
    assert [(0, 0), (0, 1)] == pairs(found)
    assert found.similarity[1] > found.similarity[0]


@pytest.mark.parametrize("measure", ["euclidean", "largest"])
def test_near_vectors_when_rows_are_equal_then_their_similarity_is_one(measure: Measure) -> None:
    rows = np.array([[0, 0], [3, 4]])
    assert [1.0, 1.0] == near_vectors(rows, rows, distance=1, measure=measure).similarity.tolist()


def test_near_vectors_when_a_side_is_empty_then_finds_nothing() -> None:
    assert 0 == len(near_vectors([], TEST, distance=3)) == len(near_vectors(TEST, [], distance=3))


@pytest.mark.parametrize("keep", ["all", "nearest"])
def test_near_vectors_when_everything_is_near_then_refuses(
    keep: Keep, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vectors, "MOST_PAIRS" if keep == "all" else "MOST_NUMBERS", 100_000)
    rows = np.random.default_rng(4).uniform(0, 1, (1000, 5))
    with pytest.raises(
        CountError, match=r"(?s)the distance is 3\..*one at which few rows are near"
    ):
        near_vectors(rows, rows + 0.001, distance=3, keep=keep)


def test_near_directions_when_numbers_are_few_then_many_partners_are_no_fault() -> None:
    rows = np.random.default_rng(6).normal(size=(6000, 2))
    found = near_directions(rows[:3000], rows[3000:])
    assert 3000 == len(np.unique(found.left)) == len(np.unique(found.right))


@pytest.mark.parametrize("distance", [-1, np.nan, np.inf])
def test_near_vectors_when_distance_is_no_distance_then_refuses(distance: float) -> None:
    with pytest.raises(CountError, match="the distance is"):
        near_vectors(TRAIN, TEST, distance=distance)


def test_near_vectors_when_a_number_is_missing_then_refuses() -> None:
    with pytest.raises(CountError, match="a number of a vector is not finite"):
        near_vectors(np.array([[np.nan]]), np.array([[1.0]]), distance=1)


def test_near_vectors_when_rows_are_no_numbers_then_refuses() -> None:
    with pytest.raises(CountError, match="the type of a vector is complex128"):
        near_vectors(np.array([[1j]]), np.array([[1j]]), distance=1)


def test_near_vectors_when_shapes_differ_then_refuses() -> None:
    with pytest.raises(CountError, match="shape of a second row"):
        near_vectors(TRAIN, TEST[:, :8], distance=3)


@pytest.mark.parametrize("least", [0.5, 0.95, 1.0])
def test_near_directions_when_all_are_wanted_then_are_those_of_brute_force(least: float) -> None:
    rng = np.random.default_rng(5)
    train = rng.normal(size=(300, 12)).astype(np.float32)
    test = np.vstack([3 * train[:20], rng.normal(size=(100, 12))]).astype(np.float32)
    found = near_directions(train, test, cosine=least, keep="all")
    cosines = 1 - cdist(train.astype(float), test.astype(float), "cosine")
    assert [(int(i), int(j)) for i, j in np.argwhere(cosines >= least - 1e-12)] == pairs(found)
    assert cosines[found.left, found.right] == pytest.approx(found.similarity)


def test_near_directions_when_a_vector_has_no_length_then_it_has_no_partner() -> None:
    rows = np.array([[0.0, 0.0], [1.0, 0.0]])
    assert [(1, 1)] == pairs(near_directions(rows, rows, cosine=0.01))


@pytest.mark.parametrize("cosine", [0, 1.1, np.nan])
def test_near_directions_when_cosine_is_none_then_refuses(cosine: float) -> None:
    with pytest.raises(CountError, match="the cosine is"):
        near_directions(TRAIN, TEST, cosine=cosine)
