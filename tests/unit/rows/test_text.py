from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import datasketch
import numpy as np
import pytest

from headway.errors import CountError
from headway.rows.text import (
    Bands,
    bands_for,
    candidate_probability,
    knee,
    minhash_error,
    near_text,
    signatures,
)

if TYPE_CHECKING:
    from headway.rows.duplicates import Matches

VECTORS = json.loads((Path(__file__).parents[2] / "methods_vectors.json").read_text("utf-8"))
FIRSTS = ["ba", "do", "ka", "ly", "me", "no", "pi", "ru", "sta", "vo"]
LASTS = ["den", "fi", "gor", "lat", "mi", "per", "sun", "tok"]
WORDS = [first + last for first in FIRSTS for last in LASTS]


def vector(name: str) -> dict[str, Any]:
    """What the methods note works out under a name."""
    found: dict[str, Any] = next(v for v in VECTORS["vectors"] if v["name"] == name)
    return found


def texts(n: int, rng: np.random.Generator, length: int = 60) -> list[str]:
    """Texts of words in any order."""
    return [" ".join(rng.choice(WORDS, length)) for _ in range(n)]


def runs(text: str) -> set[str]:
    """The runs of five letters of a text in small letters."""
    return {text[i : i + 5] for i in range(len(text) - 4)}


def jaccard(a: str, b: str) -> float:
    """The share of runs that both texts have."""
    return len(runs(a) & runs(b)) / len(runs(a) | runs(b))


def edited(text: str, n: int, rng: np.random.Generator) -> str:
    """The text with some words replaced."""
    words = text.split()
    for i in rng.choice(len(words), n, replace=False):
        words[i] = str(rng.choice(WORDS))
    return " ".join(words)


def pairs(found: Matches) -> list[tuple[int, int]]:
    """Pairs as plain numbers."""
    return list(zip(found.left.tolist(), found.right.tolist(), strict=True))


def test_candidate_probability_when_compared_with_the_methods_note_then_is_the_same() -> None:
    known = vector("minhash_lsh_threshold")
    bands = Bands(bands=known["inputs"]["bands"], rows=known["inputs"]["rows"])
    shares = known["inputs"]["jaccard"]
    found = [candidate_probability(share, bands) for share in shares]
    assert known["expected"]["p_candidate"] == pytest.approx(found, abs=known["tolerance"])
    assert known["expected"]["threshold"] == pytest.approx(knee(bands), abs=known["tolerance"])


def test_minhash_error_when_compared_with_the_methods_note_then_is_the_same() -> None:
    known = vector("minhash_estimator_se")
    given = known["inputs"]
    found = minhash_error(given["jaccard"], given["permutations"])
    assert known["expected"]["se"] == pytest.approx(found, abs=known["tolerance"])


@pytest.mark.parametrize("threshold", [0.5, 0.55, 0.7, 0.8, 0.9, 0.99, 1.0])
def test_bands_for_when_found_then_miss_at_most_one_in_2000(threshold: float) -> None:
    bands = bands_for(threshold)
    assert bands.bands * bands.rows <= 128
    assert candidate_probability(threshold, bands) >= 1 - 1 / 2000


def test_bands_for_when_threshold_is_usual_then_are_those_of_the_methods_note() -> None:
    assert Bands(bands=20, rows=5) == bands_for(0.8)


@pytest.mark.parametrize("threshold", [0.0, 0.49, 1.01, float("nan")])
def test_bands_for_when_threshold_is_outside_then_refuses(threshold: float) -> None:
    with pytest.raises(CountError, match="the threshold is"):
        bands_for(threshold)


def test_signatures_when_compared_with_datasketch_then_estimate_the_same() -> None:
    rng = np.random.default_rng(0)
    first = texts(150, rng)
    second = [edited(text, int(rng.integers(1, 25)), rng) for text in first]
    ours = (signatures(first) == signatures(second)).mean(axis=1)
    theirs = []
    for a, b in zip(first, second, strict=True):
        one, two = datasketch.MinHash(128), datasketch.MinHash(128)
        one.update_batch([run.encode() for run in runs(a)])
        two.update_batch([run.encode() for run in runs(b)])
        theirs.append(one.jaccard(two))
    true = np.array([jaccard(a, b) for a, b in zip(first, second, strict=True)])
    errors = np.array([minhash_error(share) for share in true])
    assert np.abs((ours - true) / errors).max() < 4
    assert np.abs((np.array(theirs) - true) / errors).max() < 4
    assert abs(np.mean((ours - true) / errors)) < 3 / np.sqrt(150)


def test_near_text_when_words_were_replaced_then_finds_what_is_alike_enough() -> None:
    rng = np.random.default_rng(1)
    test = texts(200, rng)
    train = texts(300, rng) + [edited(text, int(rng.integers(1, 30)), rng) for text in test]
    found = near_text(train, test, threshold=0.6)
    true = {(300 + i, i): jaccard(train[300 + i], text) for i, text in enumerate(test)}
    alike = {pair for pair, share in true.items() if share >= 0.6}
    assert 50 < len(alike) < 190
    assert alike == set(pairs(found))
    assert [true[pair] for pair in pairs(found)] == pytest.approx(found.similarity.tolist())


def test_near_text_when_compared_with_brute_force_then_finds_the_same() -> None:
    rng = np.random.default_rng(2)
    short = [" ".join(rng.choice(WORDS[:12], 5)) for _ in range(120)]
    found = near_text(short, short, threshold=0.5, keep="all")
    expected = [
        (i, j)
        for i, one in enumerate(short)
        for j, two in enumerate(short)
        if jaccard(one, two) >= 0.5
    ]
    assert len(expected) > 120
    assert expected == pairs(found)


def test_near_text_when_only_case_width_or_spaces_differ_then_is_a_copy() -> None:
    found = near_text(["\uff21  Cat\nsat"], ["a cat SAT", "a dog sat"])
    assert ([(0, 0)], [1.0]) == (pairs(found), found.similarity.tolist())


def test_near_text_when_texts_are_short_then_the_whole_is_compared() -> None:
    assert [(0, 1), (2, 0)] == pairs(near_text(["no", "", "yes"], ["yes", "no", ""]))


def test_near_text_when_texts_repeat_then_each_has_a_partner() -> None:
    text = "the same line on every page"
    found = near_text([text] * 2000, [text] * 1000)
    assert (2000, 1000) == (len(set(found.left.tolist())), len(set(found.right.tolist())))
    assert 2999 == len(found)


def test_near_text_when_texts_come_one_by_one_then_finds_the_same() -> None:
    train = texts(5000, np.random.default_rng(3), length=6)
    assert (4500, 0) in pairs(near_text(iter(train), iter([train[4500].encode()])))


def test_near_text_when_a_side_is_empty_then_finds_nothing() -> None:
    assert 0 == len(near_text([], ["a"])) == len(near_text(["a"], []))
