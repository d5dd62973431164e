"""Rows that share a content, compared once and answered for each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from headway.rows.duplicates import Matches, originals, partners

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from headway.rows.blocks import Rows

__all__ = ["Contents", "contents", "spread", "stretches"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Contents:
    """The different contents of some rows.

    Args:
        firsts: The first row of each content, ascending, shape (n_contents,).
        copies: All row numbers, those of one content next to each other, shape (n,).
        starts: Where the rows of each content start in ``copies``, shape (n_contents + 1,).
    """

    firsts: NDArray[np.int64]
    copies: NDArray[np.int64]
    starts: NDArray[np.int64]


def contents(rows: Rows) -> Contents:
    """The different contents of some rows.

    Args:
        rows: What ``headway.rows.blocks.blocks`` takes.

    Returns:
        The contents, and the rows of each.

    Examples:
        >>> found = contents(np.array([[1, 2], [3, 4], [1, 2]]))
        >>> found.firsts.tolist(), found.copies.tolist(), found.starts.tolist()
        ([0, 1], [0, 2, 1], [0, 2, 3])

    References:
        Methods note, section 4.6.
    """
    firsts, content, sizes = np.unique(originals(rows), return_inverse=True, return_counts=True)
    return Contents(
        firsts=firsts,
        copies=np.argsort(content, kind="stable"),
        starts=np.concatenate([[0], np.cumsum(sizes)]),
    )


def _placed(begin: NDArray[np.int64], sizes: NDArray[np.int64]) -> tuple[NDArray[np.int64], ...]:
    """Every place of stretches of these sizes: its stretch, and where it stands."""
    stretch = np.repeat(np.arange(len(sizes)), sizes)
    within = np.arange(len(stretch)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    return stretch, begin[stretch] + within


def stretches(
    begin: NDArray[np.int64], end: NDArray[np.int64], most: int
) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """Every place of some stretches, a portion at a time.

    Args:
        begin: First place of each stretch, shape (n,).
        end: The place after its last, shape (n,).
        most: About how many places a portion has.

    Returns:
        For each portion the stretch of each place, and the place.

    Examples:
        >>> [(which.tolist(), place.tolist())
        ...  for which, place in stretches(np.array([3, 8, 0]), np.array([5, 8, 1]), 100)]
        [([0, 0, 2], [3, 4, 0])]

    References:
        Methods note, section 4.9.
    """
    filled = np.flatnonzero(end > begin)
    portion = np.cumsum((end - begin)[filled]) // most
    for each in np.unique(portion):
        some = filled[portion == each]
        which, place = _placed(begin[some], (end - begin)[some])
        yield some[which], place


def _crossed(rows: NDArray[np.int64], columns: NDArray[np.int64]) -> tuple[NDArray[np.int64], ...]:
    """Every cell of tables of these sizes: its table, its row and its column."""
    table, cell = _placed(np.zeros_like(rows), rows * columns)
    row, column = np.divmod(cell, columns[table])
    return table, row, column


def spread(found: Matches, left: Contents, right: Contents, *, is_every: bool) -> Matches:
    """Matches of contents as matches of rows.

    Args:
        found: Pairs of contents, by their position in ``firsts``; no pair twice.
        left: The contents of the first side.
        right: The contents of the second side.
        is_every: Whether all pairs of rows are wanted; otherwise each row has its nearest
            partner, the first of its content.

    Returns:
        Pairs of row numbers.

    Examples:
        >>> left, right = contents(np.array([[7], [7], [9]])), contents(np.array([[8], [8]]))
        >>> near = Matches(left=np.array([0]), right=np.array([0]),
        ...                similarity=np.array([0.9]), what="near")
        >>> len(spread(near, left, right, is_every=True))
        4
        >>> spread(near, left, right, is_every=False).right.tolist()
        [0, 1, 0]

    References:
        Methods note, section 4.6.
    """
    found = found if is_every else partners(found)
    n_left, n_right = np.diff(left.starts)[found.left], np.diff(right.starts)[found.right]
    ones = np.ones_like(n_left)
    sizes = [(n_left, n_right)] if is_every else [(n_left, ones), (ones, n_right)]
    cells = [_crossed(*each) for each in sizes]
    table, row, column = (np.concatenate(parts) for parts in zip(*cells, strict=True))
    pairs = np.stack(
        [
            left.copies[left.starts[found.left[table]] + row],
            right.copies[right.starts[found.right[table]] + column],
        ]
    )
    pairs, where = np.unique(pairs, axis=1, return_index=True)
    similarity = found.similarity[table[where]]
    return Matches(left=pairs[0], right=pairs[1], similarity=similarity, what=found.what)
