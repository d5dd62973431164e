"""Copies across two sets of rows: the value every search answers with, and exact copies.

Rows are read in blocks and each block is forgotten once it is searched. What a search holds is
said where it is offered; here it is 16 bytes a row.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from headway.rows.blocks import blocks, checked_shapes, peeked

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from headway.rows.blocks import Rows

__all__ = ["Matches", "each_once", "exact", "gathered", "originals", "partners"]

DIGEST_BYTES: Final = 16
"""Length of a content hash: no two of 10^9 different rows meet by chance (1 in 10^21)."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Matches:
    """Pairs of rows that are copies of each other.

    Args:
        left: Row numbers in the first set, shape (n_pairs,).
        right: Row numbers in the second set, shape (n_pairs,).
        similarity: How alike the two rows are, shape (n_pairs,), 1 where nothing differs.
        what: What makes them copies, such as "the same content".
    """

    left: NDArray[np.int64]
    right: NDArray[np.int64]
    similarity: NDArray[np.float64]
    what: str

    def __post_init__(self) -> None:
        """Bring the pairs into order, and keep them from being changed."""
        order = np.lexsort((self.right, self.left))
        kinds = {"left": np.int64, "right": np.int64, "similarity": np.float64}
        for name, kind in kinds.items():
            column = np.asarray(getattr(self, name), dtype=kind)[order]
            column.flags.writeable = False
            object.__setattr__(self, name, column)

    def __len__(self) -> int:
        """The number of pairs."""
        return len(self.left)


def _text_digests(texts: Sequence[str | bytes]) -> bytes:
    """The content hashes of texts, one after the other."""
    raw = (text.encode() if isinstance(text, str) else text for text in texts)
    return b"".join(hashlib.blake2b(row, digest_size=DIGEST_BYTES).digest() for row in raw)


def _array_digests(block: NDArray[Any], kind: np.dtype[Any]) -> bytes:
    """The content hashes of rows of numbers, one after the other."""
    flat = np.ascontiguousarray(block, dtype=kind).reshape(len(block), -1)
    if kind.kind in "fc":
        flat = flat + 0.0  # -0.0 is 0.0
    raw = flat.view(np.uint8).reshape(len(block), -1)
    return b"".join(hashlib.blake2b(row.data, digest_size=DIGEST_BYTES).digest() for row in raw)


def _digests(rows: Rows, kind: np.dtype[Any] | None) -> NDArray[np.uint64]:
    """The content hash of each row, shape (n, 2)."""
    found: list[bytes] = []
    for block in blocks(rows):
        if isinstance(block, list):
            found.append(_text_digests(block))
        else:
            found.append(_array_digests(block, kind or block.dtype))
    return np.frombuffer(b"".join(found), dtype=np.uint64).reshape(-1, 2)


def _first_of_each(keys: NDArray[np.uint64]) -> NDArray[np.int64]:
    """For each row, the first row that has the same key."""
    if not len(keys):
        return np.empty(0, dtype=np.int64)
    order = np.lexsort((keys[:, 1], keys[:, 0]))
    ranked = keys[order]
    opens = np.concatenate([[True], (ranked[1:] != ranked[:-1]).any(axis=1)])
    first = np.empty(len(keys), dtype=np.int64)
    first[order] = order[opens][np.cumsum(opens) - 1]
    return first


def originals(rows: Rows) -> NDArray[np.int64]:
    """For each row, the first row of the same content: the groups of copies of one set.

    One pass; 16 bytes a row are held besides one block.

    Args:
        rows: What ``blocks`` takes.

    Returns:
        Row numbers, shape (n,); a row without an earlier copy has its own.

    Raises:
        SourceError: If a file holds no array of numbers.

    Examples:
        >>> originals(np.array([[1, 2], [3, 4], [1, 2]])).tolist()
        [0, 1, 0]
        >>> originals(["a cat", "a dog", "a dog"]).tolist()
        [0, 1, 1]

    References:
        Methods note, section 4.6.
    """
    return _first_of_each(_digests(rows, None))


def exact(a: Rows, b: Rows) -> Matches:
    """Rows of two sets that have the same content.

    Each set is read once, in blocks; 16 bytes a row are held. Numbers are compared by value, so
    that 3 as a byte equals 3.0.

    Args:
        a: The first set, usually train: what ``blocks`` takes.
        b: The second set, usually dev or test.

    Returns:
        Each row that has a copy on the other side, paired with the first of its copies there: at
        most ``n_a + n_b`` pairs, however often a row is repeated.

    Raises:
        CountError: If the rows of the two sets have different shapes.
        SourceError: If a file holds no array of numbers.

    Examples:
        >>> train, test = np.array([[1, 2], [3, 4], [1, 2]]), np.array([[5, 6], [1, 2]])
        >>> found = exact(train, test)
        >>> found.left.tolist(), found.right.tolist()
        ([0, 2], [1, 1])

    References:
        Methods note, section 4.6.
        Notes: week 1, "Train/dev/test distributions".
    """
    shape_a, kind_a, a = peeked(a)
    shape_b, kind_b, b = peeked(b)
    checked_shapes(shape_a, shape_b)
    kind = None if kind_a is None or kind_b is None else np.result_type(kind_a, kind_b)
    keys_a, keys_b = _digests(a, kind), _digests(b, kind)
    n_a, n_b = len(keys_a), len(keys_b)
    in_b = _first_of_each(np.concatenate([keys_b, keys_a]))[n_b:]
    in_a = _first_of_each(np.concatenate([keys_a, keys_b]))[n_a:]
    left, right = np.flatnonzero(in_b < n_b), np.flatnonzero(in_a < n_a)
    pairs = np.concatenate(
        [np.stack([left, in_b[left]], axis=1), np.stack([in_a[right], right], axis=1)]
    )
    pairs = np.unique(pairs, axis=0)
    ones = np.ones(len(pairs))
    return Matches(left=pairs[:, 0], right=pairs[:, 1], similarity=ones, what="the same content")


def _best(
    of: NDArray[np.int64], other: NDArray[np.int64], similarity: NDArray[np.float64]
) -> NDArray[np.int64]:
    """Where the most alike pair of each row stands; the first partner among equals."""
    order = np.lexsort((other, -similarity, of))
    opens = np.concatenate([[True], of[order][1:] != of[order][:-1]])
    best: NDArray[np.int64] = order[opens[: len(order)]]
    return best


def partners(found: Matches) -> Matches:
    """The pairs that say of each row which other is most like it.

    Args:
        found: Pairs.

    Returns:
        The pairs that are the best of their left or of their right row: at most as many as there
        are rows on both sides.

    Examples:
        >>> found = Matches(left=np.array([0, 0, 1]), right=np.array([0, 1, 1]),
        ...                 similarity=np.array([0.9, 0.8, 1.0]), what="near")
        >>> partners(found).right.tolist()
        [0, 1]

    References:
        Methods note, section 4.6.
    """
    left, right, similarity = found.left, found.right, found.similarity
    kept = np.union1d(_best(left, right, similarity), _best(right, left, similarity))
    return Matches(left=left[kept], right=right[kept], similarity=similarity[kept], what=found.what)


def each_once(found: Matches) -> Matches:
    """The pairs, those that were found twice once.

    Args:
        found: Pairs.

    Returns:
        Each pair at its highest similarity.

    Examples:
        >>> twice = Matches(left=np.array([4, 4]), right=np.array([1, 1]),
        ...                 similarity=np.array([0.7, 0.9]), what="near")
        >>> each_once(twice).similarity.tolist()
        [0.9]

    References:
        Methods note, section 4.6.
    """
    order = np.lexsort((-found.similarity, found.right, found.left))
    pairs = np.stack([found.left[order], found.right[order]])
    _, first = np.unique(pairs, axis=1, return_index=True)
    kept = order[first]
    return Matches(
        left=found.left[kept],
        right=found.right[kept],
        similarity=found.similarity[kept],
        what=found.what,
    )


def gathered(parts: Sequence[Matches], what: str) -> Matches:
    """The pairs of several blocks as one value.

    Args:
        parts: Pairs; no pair is in two of them.
        what: What makes them copies.

    Returns:
        All of them.

    Examples:
        >>> len(gathered([], "near"))
        0

    References:
        Methods note, section 4.6.
    """
    left = np.concatenate([np.empty(0, dtype=np.int64), *(part.left for part in parts)])
    right = np.concatenate([np.empty(0, dtype=np.int64), *(part.right for part in parts)])
    similarity = np.concatenate([np.empty(0), *(part.similarity for part in parts)])
    return Matches(left=left, right=right, similarity=similarity, what=what)
