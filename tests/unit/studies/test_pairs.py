from __future__ import annotations

import numpy as np
import pytest
from scipy import sparse

from headway.errors import SourceError
from headway.studies.pairs import length, pair


def test_length_when_inputs_are_sparse_then_counts_rows() -> None:
    assert length(sparse.csr_array(np.eye(3))) == 3


def test_pair_when_labels_stand_in_a_column_then_they_are_flattened() -> None:
    _, label = pair((np.zeros((2, 3)), np.array([[1], [0]])), "dev")
    assert label is not None
    assert label.tolist() == [1, 0]


def test_pair_when_field_has_no_labels_then_none_are_made_up() -> None:
    inputs, label = pair(([[1], [2]], None), "field")
    assert ([[1], [2]], None) == (inputs, label)


@pytest.mark.parametrize(
    ("part", "words"),
    [
        (np.zeros((2, 2)), "The data of 'dev' are ndarray"),
        (([1], [1], [1]), "The data of 'dev' are 3 values"),
        (([], []), "The data of 'dev' hold no rows"),
        (([1], None), "The data of 'dev' are inputs without labels"),
        (([1, 2], np.eye(2)), r"The data of 'dev' are labels of shape \(2, 2\)"),
        (([1, 2], [1]), "'dev' has 2 examples and 1 labels"),
    ],
)
def test_pair_when_it_does_not_fit_then_refuses(part: object, words: str) -> None:
    with pytest.raises(SourceError, match=words):
        pair(part, "dev")
