"""Planted copies and the rate of false alarms of each search for duplicates."""

from __future__ import annotations

import numpy as np
import pytest

from headway.rows.duplicates import Matches, exact
from headway.rows.images import near_images
from headway.rows.text import minhash_error, near_text, signatures
from headway.rows.vectors import near_vectors
from scripts.drawings import drawings, near_copies, shifted_copies
from tests.calibration.conftest import (
    assert_rate_at_least,
    assert_rate_at_most,
    assert_rate_within,
    replicates,
)

pytestmark = pytest.mark.calibration

N_TRAIN, N_TEST, N_PLANTED = 3000, 600, 60


def sides(seed: int) -> tuple[np.ndarray, np.ndarray, np.random.Generator]:
    """Distinct images for train and test."""
    rng = np.random.default_rng(seed)
    images = drawings(N_TRAIN + N_TEST, rng)
    return images[:N_TRAIN], images[N_TRAIN:], rng


def pairs(found: Matches) -> set[tuple[int, int]]:
    """Pairs as plain numbers."""
    return set(zip(found.left.tolist(), found.right.tolist(), strict=True))


PLANTED = {(i, i) for i in range(N_PLANTED)}


def test_exact_copies_when_planted_then_all_are_found_and_no_other() -> None:
    for seed in range(replicates(10)):
        train, test, _ = sides(seed)
        train[:N_PLANTED] = test[:N_PLANTED]
        assert PLANTED == pairs(exact(train, test))


def test_near_copies_when_planted_then_all_are_found_and_no_other() -> None:
    for seed in range(replicates(10)):
        train, test, rng = sides(seed)
        train[:N_PLANTED] = near_copies(test[:N_PLANTED], rng)
        assert PLANTED == pairs(near_vectors(train, test, distance=3, measure="largest"))


@pytest.mark.parametrize("levels", [0, 3, 8])
def test_shifted_copies_when_planted_then_nearly_all_are_found(levels: int) -> None:
    found, tries = 0, replicates(8)
    for seed in range(tries):
        train, test, rng = sides(seed)
        moved = shifted_copies(test[:N_PLANTED], rng)
        train[:N_PLANTED] = near_copies(moved, rng, levels=levels)
        found += len(PLANTED & pairs(near_images(train, test)))

    assert_rate_at_least(found, tries * N_PLANTED, 0.99 if levels < 8 else 0.95)


def test_shifted_copies_when_images_are_distinct_then_alarms_are_rare() -> None:
    false, tries = 0, replicates(20)
    for seed in range(tries):
        train, test, _ = sides(seed)
        false += len(set(near_images(train, test).left.tolist()))

    assert_rate_at_most(false, tries * N_TRAIN, 0.0001)


FIRSTS, LASTS = ("ba", "do", "ka", "ly", "me", "no", "pi", "ru"), ("den", "fi", "gor", "lat", "sun")
WORDS = np.array([first + last for first in FIRSTS for last in LASTS])


def texts(n: int, rng: np.random.Generator) -> list[str]:
    """Texts of words in any order."""
    return [" ".join(rng.choice(WORDS, 80)) for _ in range(n)]


def edited(text: str, rng: np.random.Generator) -> str:
    """The text with one to twenty of its words replaced."""
    words = np.array(text.split())
    words[rng.choice(len(words), rng.integers(1, 21), replace=False)] = rng.choice(WORDS)
    return " ".join(words)


def jaccard(a: str, b: str) -> float:
    """The share of runs of five letters that both texts have."""
    one, two = ({text[i : i + 5] for i in range(len(text) - 4)} for text in (a, b))
    return len(one & two) / len(one | two)


def test_edited_texts_when_alike_enough_then_hardly_any_is_missed_and_none_is_false() -> None:
    found = n = 0
    for seed in range(replicates(8)):
        rng = np.random.default_rng(seed)
        test = texts(300, rng)
        train = texts(300, rng) + [edited(text, rng) for text in test]
        alike = {
            (300 + i, i) for i, text in enumerate(test) if jaccard(train[300 + i], text) >= 0.8
        }
        answered = pairs(near_text(train, test, threshold=0.8))
        assert answered <= alike
        found, n = found + len(answered), n + len(alike)

    assert n > 500
    assert_rate_at_least(found, n, 1 - 1 / 2000)


def test_signatures_when_they_estimate_then_the_standard_error_holds() -> None:
    hits, n = 0, replicates(1200)
    rng = np.random.default_rng(0)
    first = texts(n, rng)
    second = [edited(text, rng) for text in first]
    agree = (signatures(first) == signatures(second)).mean(axis=1)
    for one, two, estimate in zip(first, second, agree, strict=True):
        true = jaccard(one, two)
        hits += abs(estimate - true) <= 1.96 * minhash_error(true) + 0.5 / 128

    assert_rate_within(hits, n, 0.945, 0.975)
