from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from headway.rows.duplicates import Matches, exact
from headway.rows.images import near_images
from headway.rows.vectors import near_vectors
from scripts.drawings import near_copies, shifted_copies

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

pytestmark = pytest.mark.external("mnist_test_images")

N_TRAIN, N_PLANTED = 8000, 600
PLANTED = {(i, i) for i in range(N_PLANTED)}


@pytest.fixture
def digits(external_data: Path) -> NDArray[np.uint8]:
    """Ten thousand handwritten digits, no two the same."""
    images: NDArray[np.uint8] = np.load(external_data / "mnist_test.npz")["images"]
    return images


def pairs(found: Matches) -> set[tuple[int, int]]:
    """Pairs as plain numbers."""
    return set(zip(found.left.tolist(), found.right.tolist(), strict=True))


def test_digits_when_they_are_distinct_then_none_is_a_copy(digits: NDArray[np.uint8]) -> None:
    train, test = digits[:N_TRAIN], digits[N_TRAIN:]
    assert 0 == len(exact(train, test))
    assert 0 == len(near_vectors(train, test, distance=3, measure="largest"))
    assert len(set(near_images(train, test).left.tolist())) <= N_TRAIN / 1000


def test_digits_when_copies_are_planted_then_all_are_found(digits: NDArray[np.uint8]) -> None:
    rng = np.random.default_rng(0)
    train, test = digits[:N_TRAIN].copy(), digits[N_TRAIN:]
    train[:N_PLANTED] = near_copies(test[:N_PLANTED], rng)
    assert PLANTED == pairs(near_vectors(train, test, distance=3, measure="largest"))

    train[:N_PLANTED] = shifted_copies(test[:N_PLANTED], rng)
    assert len(PLANTED & pairs(near_images(train, test))) >= 0.95 * N_PLANTED
