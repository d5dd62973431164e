from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from headway.errors import CountError
from headway.studies.digits import SIZES, Digits, digits, photograph

SEEDS = st.integers(0, 2**32 - 1)


@pytest.fixture(scope="module")
def found() -> Digits:
    """The splits of seed 0."""
    return digits(np.random.default_rng(0))


def bars(n: int) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    """Images of one upright stroke."""
    images = np.zeros((n, 8, 8))
    images[:, 1:7, 3:5] = 1.0
    return images


def test_digits_when_split_then_each_digit_is_in_one_split(found: Digits) -> None:
    every = np.concatenate(list(found.index.values()))
    assert sorted(every) == list(range(1797))
    assert SIZES == {split: len(rows) for split, rows in found.index.items()}


def test_digits_when_split_then_only_held_out_ones_are_photographs(found: Digits) -> None:
    changed = {split: bool((found.images[split] != found.scans[split]).any()) for split in SIZES}
    assert {"dev", "test", "field"} == {split for split, is_photo in changed.items() if is_photo}
    assert {"dev", "test", "field"} == {split for split, how in found.metadata.items() if how}


def test_digits_when_the_generator_is_the_same_then_so_are_the_images(found: Digits) -> None:
    again = digits(np.random.default_rng(0))
    assert all(np.array_equal(found.images[split], again.images[split]) for split in SIZES)


@given(seed=SEEDS, harshness=st.floats(0, 3), n=st.integers(1, 5))
def test_photograph_when_taken_then_ink_stays_in_its_range_and_steps(
    seed: int, harshness: float, n: int
) -> None:
    photos, how = photograph(bars(n), np.random.default_rng(seed), harshness=harshness)
    assert photos.shape == (n, 8, 8)
    assert set(np.unique(photos * 16)) <= set(range(17))
    assert {n} == {len(words) for words in how.values()}


def test_photograph_when_nothing_disturbs_then_images_stay() -> None:
    images = digits(np.random.default_rng(1)).scans["train"]
    photos, _ = photograph(images, np.random.default_rng(0), harshness=0)
    assert np.allclose(images, photos)


def test_photograph_when_tilted_clockwise_then_the_top_leans_right() -> None:
    photos, how = photograph(bars(400), np.random.default_rng(0))
    middle = photos @ np.arange(8) / photos.sum(axis=2).clip(min=1e-9)
    lean = middle[:, 1:3].mean(axis=1) - middle[:, 5:7].mean(axis=1)
    means = {word: lean[np.array(how["tilt"]) == word].mean() for word in set(how["tilt"])}
    assert means["counterclockwise"] < means["upright"] < means["clockwise"]


@pytest.mark.parametrize(
    ("side", "dark", "light"),
    [
        ("left", np.s_[:, 0], np.s_[:, 7]),
        ("right", np.s_[:, 7], np.s_[:, 0]),
        ("top", np.s_[0, :], np.s_[7, :]),
        ("bottom", np.s_[7, :], np.s_[0, :]),
    ],
)
def test_photograph_when_a_shadow_falls_then_paper_is_darkest_where_it_comes_from(
    side: str, dark: tuple[object, ...], light: tuple[object, ...]
) -> None:
    photos, how = photograph(np.zeros((400, 8, 8)), np.random.default_rng(0))
    mean = photos[np.array(how["shadow_from"]) == side].mean(axis=0)
    assert mean[dark].mean() > mean[light].mean() + 0.1


@pytest.mark.parametrize(
    ("column", "mild", "harsh"), [("shadow", "faint", "deep"), ("light", "bright", "dim")]
)
def test_photograph_when_words_are_harsher_then_paper_is_further_from_white(
    column: str, mild: str, harsh: str
) -> None:
    photos, how = photograph(np.zeros((2000, 8, 8)), np.random.default_rng(0))
    spread = {word: photos[np.array(how[column]) == word].std() for word in (mild, harsh)}
    assert spread[mild] < spread[harsh]


def test_photograph_when_blur_is_strong_then_strokes_fade() -> None:
    photos, how = photograph(bars(900), np.random.default_rng(0))
    peak = {
        word: photos[np.array(how["blur"]) == word].max(axis=(1, 2)).mean()
        for word in ("sharp", "soft", "strong")
    }
    assert peak["sharp"] > peak["soft"] > peak["strong"]


def test_photograph_when_harshness_is_negative_then_refuses() -> None:
    with pytest.raises(CountError, match="harshness is -1"):
        photograph(bars(1), np.random.default_rng(0), harshness=-1)


def test_photograph_when_images_have_another_size_then_refuses() -> None:
    with pytest.raises(CountError, match=r"the shape of the images is \(1, 28, 28\)"):
        photograph(np.zeros((1, 28, 28)), np.random.default_rng(0))
