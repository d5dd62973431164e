from __future__ import annotations

import numpy as np
import pytest

from headway.rows.features import features, vectors


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(2)


def test_values_when_coded_then_the_frequent_come_first_and_missing_is_zero(
    rng: np.random.Generator,
) -> None:
    found = features({"d": ["a", "b", None, "b"]}, {"d": "value"}, rng)
    assert [[2], [1], [0], [1]] == found.codes.tolist()
    assert (4, 0) == found.numbers.shape


def test_values_when_there_are_many_then_the_rare_share_a_code(rng: np.random.Generator) -> None:
    names = [str(i) for i in range(40)] + ["0"]
    codes = features({"d": names}, {"d": "value"}, rng).codes[:, 0]
    assert (1, 31) == (codes[0], codes.max())
    assert 11 - 1 == (codes == 31).sum()


def test_columns_when_joined_then_stand_side_by_side(rng: np.random.Generator) -> None:
    given: dict[str, list[object]] = {
        "x": [1, None],
        "e": [[0.0, 1.0], None],
        "t": ["two words", None],
        "b": [True, False],
    }
    kinds = {"x": "number", "e": "vector", "t": "text", "b": "value"}
    found = features(given, kinds, rng)
    assert (2, 1 + 2 + 65) == found.numbers.shape
    assert (2, ("x", "e", "t", "b")) == (len(found), found.names)
    assert np.isnan(found.numbers[1, :4]).all()
    assert [1.0, 0.0, 1.0] == found.numbers[0, :3].tolist()


def test_rows_when_chosen_then_are_those(rng: np.random.Generator) -> None:
    found = features({"x": [1, 2, 3], "v": ["a", "a", "b"]}, {"x": "number", "v": "value"}, rng)
    part = found.rows(np.array([True, False, True]))
    assert ([1.0, 3.0], [1, 2]) == (part.numbers[:, 0].tolist(), part.codes[:, 0].tolist())


def test_vectors_when_they_are_long_then_keep_their_distances(rng: np.random.Generator) -> None:
    long = rng.normal(size=(30, 2000))
    short = vectors(list(long), rng)
    far = np.linalg.norm(long[0] - long[1])
    assert (30, 256) == short.shape
    assert far == pytest.approx(np.linalg.norm(short[0] - short[1]), rel=0.3)


def test_columns_when_there_are_none_then_there_are_no_rows(rng: np.random.Generator) -> None:
    assert 0 == len(features({}, {}, rng))
    assert (3, 0) == vectors([None, None, None], rng).shape
