from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from PIL import Image

from headway.errors import CountError
from headway.rows.images import fingerprints, greys, near_images
from scripts.drawings import drawings, near_copies, shifted_copies

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from headway.rows.duplicates import Matches

RNG = np.random.default_rng(0)
IMAGES = drawings(900, RNG)
TRAIN, TEST = IMAGES[:600].copy(), IMAGES[600:]
TRAIN[100:200] = shifted_copies(TEST[:100], RNG)
PLANTED = [(100 + i, i) for i in range(100)]


def pairs(found: Matches) -> list[tuple[int, int]]:
    """Pairs as plain numbers."""
    return list(zip(found.left.tolist(), found.right.tolist(), strict=True))


def differing(a: NDArray[Any], b: NDArray[Any]) -> list[int]:
    """In how many bits hashes differ."""
    return [int(x ^ y).bit_count() for x, y in zip(a, b, strict=True)]


def test_near_images_when_moved_by_a_pixel_then_finds_these_alone() -> None:
    assert PLANTED == pairs(near_images(TRAIN, TEST))


def test_near_images_when_moved_and_noisy_then_finds_these_alone() -> None:
    train = TRAIN.copy()
    train[100:200] = near_copies(train[100:200], np.random.default_rng(1))
    assert PLANTED == pairs(near_images(train, TEST))


def test_near_images_when_moved_by_two_then_a_shift_of_two_finds_them() -> None:
    train = TRAIN.copy()
    train[100:200] = shifted_copies(TEST[:100], np.random.default_rng(2), pixels=2)
    assert PLANTED == pairs(near_images(train, TEST, shift=2))


def test_near_images_when_light_and_contrast_change_then_finds_them() -> None:
    train = TRAIN.astype(np.float64)
    train[100:200] = 0.4 * TEST[:100] + 90
    assert PLANTED == pairs(near_images(train, TEST, shift=0))


def test_near_images_when_saved_as_jpeg_then_finds_them(tmp_path: Path) -> None:
    images = drawings(40, np.random.default_rng(3), side=96)
    again = []
    for i, image in enumerate(images[:20]):
        Image.fromarray(image).save(tmp_path / f"{i}.jpg", quality=60)
        again.append(np.asarray(Image.open(tmp_path / f"{i}.jpg")))
    assert [(i, i) for i in range(20)] == pairs(near_images(np.stack(again), images))


def test_near_images_when_sizes_differ_beyond_32_pixels_then_are_averaged_down() -> None:
    images = drawings(30, np.random.default_rng(4), side=128)
    half = images.reshape(30, 64, 2, 64, 2).mean(axis=(2, 4))
    assert [(i, i) for i in range(30)] == pairs(near_images(half, images))


def test_near_images_when_rows_come_in_blocks_or_files_then_finds_the_same(tmp_path: Path) -> None:
    np.save(tmp_path / "test.npy", TEST)
    parts = (TRAIN[start : start + 70] for start in range(0, 600, 70))
    assert PLANTED == pairs(near_images(parts, tmp_path / "test.npy"))


def test_near_images_when_all_are_wanted_then_copies_meet_copies() -> None:
    held = np.concatenate([TEST[:2], TEST[:1]])
    found = near_images(np.repeat(TEST[:1], 2, axis=0), held, keep="all")
    assert [(0, 0), (0, 2), (1, 0), (1, 2)] == pairs(found)
    assert [1.0] * 4 == found.similarity.round(5).tolist()


def test_near_images_when_a_picture_shows_nothing_then_has_no_partner() -> None:
    blank = np.full((2, 28, 28), 90, dtype=np.uint8)
    assert 0 == len(near_images(blank, blank))
    faint = (blank / 255).astype(np.float32)
    held = np.concatenate([faint, TEST[:1] / np.float32(255)])
    assert [(2, 2)] == pairs(near_images(held, held))


def test_near_images_when_a_side_is_empty_then_finds_nothing() -> None:
    assert 0 == len(near_images([], TEST)) == len(near_images(TEST, []))


def test_near_images_when_the_hash_may_differ_by_more_then_none_is_lost() -> None:
    few = pairs(near_images(TRAIN, TEST, radius=2, correlation=0.9, keep="all"))
    more = pairs(near_images(TRAIN, TEST, radius=10, correlation=0.9, keep="all"))
    assert set(few) < set(more)


def test_near_images_when_hashes_differ_in_so_many_bits_then_are_those_of_brute_force() -> None:
    found = near_images(TRAIN, TEST, shift=0, radius=9, correlation=0.01, keep="all")
    ours, theirs = (fingerprints(greys(images)) for images in (TRAIN, TEST))
    apart = np.array([[int(x ^ y).bit_count() for y in theirs] for x in ours[:150]])
    close = [(int(i), int(j)) for i, j in np.argwhere(apart <= 9)]
    assert len(close) > 10
    assert close == [pair for pair in pairs(found) if pair[0] < 150]


def test_fingerprints_when_frequencies_are_balanced_then_half_of_the_bits_are_set() -> None:
    codes = fingerprints(greys(TEST))
    assert {32} == {int(code).bit_count() for code in codes}


def test_fingerprints_when_pictures_differ_then_differ_in_many_bits() -> None:
    codes = fingerprints(greys(TEST[:40]))
    both = np.array(list(combinations(range(40), 2)))
    apart = differing(codes[both[:, 0]], codes[both[:, 1]])
    assert np.median(apart) > 15


def test_greys_when_pictures_have_colours_then_green_is_brightest() -> None:
    colours = np.zeros((3, 10, 10, 4))
    colours[[0, 1, 2], :, :, [0, 1, 2]] = 100
    assert [29.9, 58.7, 11.4] == pytest.approx(greys(colours)[:, 0, 0].tolist())


def test_greys_when_pictures_have_one_channel_then_are_as_they_are() -> None:
    assert TEST[:2].tolist() == greys(TEST[:2, :, :, None]).tolist()


def test_greys_when_pictures_are_large_then_keep_their_mean() -> None:
    large = np.random.default_rng(5).uniform(0, 255, (2, 90, 45))
    assert large.mean(axis=(1, 2)) == pytest.approx(greys(large).mean(axis=(1, 2)), rel=1e-5)


@pytest.mark.parametrize("shape", [(4, 9), (4, 9, 9, 2), (9,)])
def test_near_images_when_array_holds_no_images_then_refuses(shape: tuple[int, ...]) -> None:
    with pytest.raises(CountError, match="the shape of the images is"):
        near_images(np.ones(shape), np.ones(shape))


def test_near_images_when_images_are_too_small_then_refuses() -> None:
    with pytest.raises(CountError, match="the side of an image is 8"):
        near_images(TRAIN[:, :8, :8], TEST[:, :8, :8])


def test_near_images_when_sizes_differ_then_refuses() -> None:
    with pytest.raises(CountError, match="the size of the second images"):
        near_images(TRAIN[:, :20, :20], TEST)


@pytest.mark.parametrize("given", [{"shift": -1}, {"correlation": 0.0}, {"radius": 16}])
def test_near_images_when_an_argument_is_outside_then_refuses(given: dict[str, Any]) -> None:
    with pytest.raises(CountError, match=f"the {next(iter(given))} is"):
        near_images(TRAIN, TEST, **given)
