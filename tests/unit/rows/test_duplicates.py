from __future__ import annotations

import tracemalloc
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from headway.errors import CountError
from headway.rows.duplicates import Matches, each_once, exact, gathered, originals, partners
from scripts.drawings import drawings

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

IMAGES = drawings(300, np.random.default_rng(0))


def pairs(found: Matches) -> list[tuple[int, int]]:
    """Pairs as plain numbers."""
    return list(zip(found.left.tolist(), found.right.tolist(), strict=True))


def matches(numbers: list[tuple[int, int]], similarity: list[float]) -> Matches:
    """Some pairs."""
    left, right = np.array(numbers, dtype=np.int64).reshape(-1, 2).T
    return Matches(left=left, right=right, similarity=np.array(similarity), what="near")


def test_exact_when_images_are_planted_then_finds_these_alone() -> None:
    train = IMAGES[:200].copy()
    train[[7, 90]] = IMAGES[[250, 299]]
    assert [(7, 50), (90, 99)] == pairs(exact(train, IMAGES[200:]))


def test_exact_when_one_value_differs_then_is_no_copy() -> None:
    other = IMAGES[:1].copy()
    other[0, 27, 27] ^= 1
    assert [] == pairs(exact(IMAGES[:1], other))


def test_exact_when_rows_repeat_then_each_has_its_first_copy_on_the_other_side() -> None:
    train, test = np.array([[1], [2], [1], [1]]), np.array([[1], [1], [3]])
    assert [(0, 0), (0, 1), (2, 0), (3, 0)] == pairs(exact(train, test))


@pytest.mark.parametrize(
    ("a", "b"),
    [
        (np.array([[3]], dtype=np.uint8), np.array([[3.0]])),
        (np.array([[True]]), np.array([[1]])),
        (np.array([[-0.0]]), np.array([[0.0]])),
        (np.array([[0.5]], dtype=np.float32), np.array([[0.5]])),
    ],
)
def test_exact_when_numbers_are_equal_then_their_type_does_not_matter(
    a: NDArray[Any], b: NDArray[Any]
) -> None:
    assert [(0, 0)] == pairs(exact(a, b))


def test_exact_when_rows_are_texts_or_bytes_then_compares_what_they_say() -> None:
    assert [(1, 0)] == pairs(exact(["cat", "dög"], ["dög".encode(), b"bird"]))


def test_exact_when_rows_come_in_blocks_or_files_then_finds_the_same(tmp_path: Path) -> None:
    np.save(tmp_path / "test.npy", IMAGES[100:200])
    found = exact((IMAGES[start : start + 7] for start in range(0, 150, 7)), tmp_path / "test.npy")
    assert pairs(exact(IMAGES[:154], IMAGES[100:200])) == pairs(found)
    assert 54 == len(found)


def test_exact_when_a_side_is_empty_then_finds_nothing() -> None:
    assert 0 == len(exact(IMAGES, [])) == len(exact([], IMAGES)) == len(exact([], []))


def test_exact_when_shapes_differ_then_refuses() -> None:
    with pytest.raises(CountError, match="shape of a second row"):
        exact(IMAGES, IMAGES[:, :8])


def test_exact_when_rows_are_many_then_holds_little_beside_a_block(tmp_path: Path) -> None:
    rows = np.lib.format.open_memmap(
        tmp_path / "rows.npy", mode="w+", dtype=np.uint8, shape=(100_000, 784)
    )
    rows[:] = np.arange(100_000, dtype=np.uint32)[:, None] % 251
    tracemalloc.start()
    found = originals(tmp_path / "rows.npy")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert 251 == len(np.unique(found))
    assert peak < rows.nbytes / 2


def test_originals_when_rows_repeat_then_name_the_first_of_each_content() -> None:
    assert [0, 1, 1, 0, 4] == originals(["a", "b", "b", "a", "c"]).tolist()


def test_partners_when_a_row_has_several_then_keeps_the_best_of_each_side() -> None:
    found = partners(matches([(0, 0), (0, 1), (1, 1), (2, 1)], [0.9, 0.95, 1.0, 0.8]))
    assert [(0, 0), (0, 1), (1, 1), (2, 1)] == pairs(found)
    found = partners(matches([(0, 0), (0, 1), (1, 0), (1, 1)], [1.0, 0.9, 0.9, 1.0]))
    assert [(0, 0), (1, 1)] == pairs(found)


def test_partners_when_two_are_as_good_then_keeps_the_first() -> None:
    assert [(0, 1), (3, 1)] == pairs(partners(matches([(0, 1), (3, 1)], [0.9, 0.9])))
    assert 0 == len(partners(matches([], [])))


def test_each_once_when_a_pair_was_found_twice_then_keeps_it_at_its_best() -> None:
    found = each_once(matches([(4, 1), (2, 3), (4, 1)], [0.7, 0.6, 0.9]))
    assert ([(2, 3), (4, 1)], [0.6, 0.9]) == (pairs(found), found.similarity.tolist())


def test_gathered_when_parts_are_given_then_holds_all_in_order() -> None:
    found = gathered([matches([(5, 0)], [1.0]), matches([(1, 2)], [0.5])], "near")
    assert ([(1, 2), (5, 0)], [0.5, 1.0]) == (pairs(found), found.similarity.tolist())


def test_matches_when_built_then_cannot_be_changed() -> None:
    with pytest.raises(ValueError, match="read-only"):
        matches([(0, 0)], [1.0]).left[0] = 3
