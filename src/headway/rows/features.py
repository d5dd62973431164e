"""Columns of a sample become arrays that a classifier reads: numbers, and codes of values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from sklearn.feature_extraction.text import HashingVectorizer

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

__all__ = ["Features", "features", "vectors"]

LEVELS: Final = 30
"""Values of a column that are told apart; the others are one more."""

WIDE: Final = 256
"""Numbers of a vector that are kept; longer ones are projected on so many directions."""

WORDS: Final = 64
"""Numbers that stand for the words of a text."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Features:
    """What a classifier reads of some rows.

    Args:
        numbers: Shape (n, n_numbers); NaN where a number is missing.
        codes: Values as whole numbers, 0 for a missing one. Shape (n, n_codes).
        names: What they were made from.
    """

    numbers: NDArray[np.float64]
    codes: NDArray[np.int64]
    names: tuple[str, ...]

    def __len__(self) -> int:
        """The number of rows."""
        return len(self.numbers)

    def rows(self, which: NDArray[Any]) -> Features:
        """Some of the rows, by number or by mask."""
        return Features(numbers=self.numbers[which], codes=self.codes[which], names=self.names)


def vectors(column: Sequence[Any], rng: np.random.Generator) -> NDArray[np.float64]:
    """A column of vectors as an array; long ones projected on random directions.

    Args:
        column: One vector a row, all of one length; None where there is none.
        rng: The source of the directions.

    Returns:
        The vectors, NaN where one is missing. Shape (n, at most 256).
    """
    width = next((len(v) for v in column if v is not None), 0)
    blank = np.full(width, np.nan)
    found = np.array([blank if v is None else v for v in column], dtype=np.float64)
    if width <= WIDE:
        return found.reshape(len(column), width)
    directions: NDArray[np.float64] = rng.normal(size=(width, WIDE)) / np.sqrt(WIDE)
    return found @ directions


def features(
    columns: Mapping[str, Sequence[Any]], kinds: Mapping[str, str], rng: np.random.Generator
) -> Features:
    """Columns of a sample as arrays.

    Args:
        columns: Name to values, all of one length; None stands for a missing value.
        kinds: Per column ``"number"``, ``"value"`` (one of few), ``"vector"`` or ``"text"``.
        rng: The source of random directions for long vectors.

    Returns:
        The features of all columns together.

    Examples:
        >>> rng = np.random.default_rng(0)
        >>> given = {"age": [31.0, None], "device": ["phone", "web"]}
        >>> found = features(given, {"age": "number", "device": "value"}, rng)
        >>> found.numbers.tolist(), found.codes.tolist()
        ([[31.0], [nan]], [[1], [2]])
    """
    n = len(next(iter(columns.values()), ()))
    numbers: list[NDArray[np.float64]] = []
    codes: list[NDArray[np.int64]] = []
    for name, values in columns.items():
        if kinds[name] == "value":
            codes.append(_codes(values))
        elif kinds[name] == "vector":
            numbers.append(vectors(values, rng))
        elif kinds[name] == "text":
            numbers.append(_words(values))
        else:
            numbers.append(np.array(values, dtype=np.float64).reshape(-1, 1))
    return Features(
        numbers=np.concatenate(numbers, axis=1) if numbers else np.empty((n, 0)),
        codes=np.stack(codes, axis=1) if codes else np.empty((n, 0), dtype=np.int64),
        names=tuple(columns),
    )


def _codes(values: Sequence[Any]) -> NDArray[np.int64]:
    """Values as whole numbers, the most frequent ones apart; missing ones are 0."""
    known = np.array([v is not None for v in values], dtype=bool)
    texts = np.array([str(v) for v in values if v is not None])
    levels, place, n = np.unique(texts, return_inverse=True, return_counts=True)
    by_size = np.lexsort((levels, -n))
    rank = np.empty(len(levels), dtype=np.int64)
    rank[by_size] = np.arange(1, len(levels) + 1)
    found = np.zeros(len(values), dtype=np.int64)
    found[known] = np.minimum(rank, LEVELS + 1)[place]
    return found


def _words(texts: Sequence[str | None]) -> NDArray[np.float64]:
    """Texts as numbers: their length, and how often words fall into each of 64 buckets."""
    words = HashingVectorizer(n_features=WORDS, alternate_sign=True, norm="l2")
    counted = words.transform(["" if text is None else str(text) for text in texts])
    length = np.array([np.nan if text is None else len(str(text)) for text in texts])
    return np.column_stack([np.log1p(length), counted.toarray()])
