"""Exact neighbours of vectors within a distance: near copies of images and of embeddings.

Each vector is first seen through a few numbers: its coordinates along the directions in which the
held vectors vary most, and the length of what is left. Two vectors are never farther apart there
than in full (Pythagoras, and the triangle inequality for what is left), so a pair that is too far
apart there is too far apart. A window on the first coordinate and a product of two thin matrices
leave few pairs, and these are compared in full. No pair within the distance is lost: what rounding
may do to a pair is granted to it before it is ruled out.

The second set is held in memory, the first is read in blocks.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import inf, sqrt
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias

import numpy as np

from headway.errors import CountError
from headway.rows.blocks import blocks, checked_shapes, peeked, whole
from headway.rows.contents import contents, spread
from headway.rows.duplicates import Matches, gathered, partners

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

    from headway.rows.blocks import Rows
    from headway.rows.contents import Contents

__all__ = ["Keep", "Measure", "near_directions", "near_vectors"]

Measure: TypeAlias = Literal["euclidean", "largest"]
"""The root of the summed squares of the differences, or the largest of the differences."""

Keep: TypeAlias = Literal["nearest", "all"]
"""Of each row its nearest partner, or every pair."""

Pairs: TypeAlias = "tuple[NDArray[np.int64], NDArray[np.int64]]"
Alike: TypeAlias = (
    "Callable[[NDArray[np.float64], NDArray[np.float64]], "
    "tuple[NDArray[np.float64], NDArray[np.bool_]]]"
)

DIRECTIONS: Final = 32
"""Directions along which vectors are seen first."""

SAMPLE: Final = 512
"""Held vectors that choose the directions; they decide the speed, never the answer."""

TILE: Final = 512
"""Vectors of a block that share a window."""

WINDOW: Final = 8192
"""Most held vectors that are compared with a tile at once."""

DENSE: Final = 0.005
"""Share of surviving pairs from which a product of whole vectors comes before the look at each."""

LOOK_BYTES: Final = 8 << 20
"""Bytes of the pairs that are looked at in full at once."""

MOST_NUMBERS: Final = 5_000_000_000
"""Numbers of near pairs that are looked at in a block: some 20 seconds."""

MOST_PAIRS: Final = 20_000_000
"""Pairs of a block that may be answered with where all are asked for."""

SAME_DIRECTION: Final = 1e-12
"""How much the cosine of two equal directions may be rounded down."""

ROUNDING: Final = 2.0**-24
"""Relative rounding of a 32-bit number."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Question:
    """What is asked of a pair.

    Args:
        radius: Largest Euclidean distance of a pair that may be wanted.
        is_direction: Whether distances are taken between vectors of length 1.
        alike: From the rows of both sides, how alike they are and which pairs are wanted.
        keep: Which pairs are answered with.
        what: What makes two vectors copies.
        asked: The name and the value of what was asked for, where it must be refused.
    """

    radius: float
    is_direction: bool
    alike: Alike
    keep: Keep
    what: str
    asked: tuple[str, float]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _View:
    """How vectors are seen first.

    Args:
        centre: What is taken off, shape (d,).
        axes: Orthonormal directions, shape (d, k).
    """

    centre: NDArray[np.float64]
    axes: NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Side:
    """Some vectors, each content once, in the order of their first coordinate.

    Args:
        rows: The vectors, shape (n, d).
        seen: What is seen of them first, shape (n, k + 1).
        order: The content of each vector, shape (n,).
        groups: The rows of each content.
    """

    rows: NDArray[Any]
    seen: NDArray[np.float64]
    order: NDArray[np.int64]
    groups: Contents


def _centred(rows: NDArray[Any], view: _View, question: _Question) -> NDArray[np.float64]:
    """The vectors between which distances are taken, without their centre."""
    full = rows.astype(np.float64)
    if question.is_direction:
        lengths = np.sqrt(np.einsum("ij,ij->i", full, full))[:, None]
        np.divide(full, lengths, out=full, where=lengths > 0)
    full -= view.centre
    return full


def _view(rows: NDArray[Any], question: _Question) -> _View:
    """Directions in which a sample of the vectors varies most, the first one first."""
    sample = rows[:: max(1, len(rows) // SAMPLE)][:SAMPLE]
    nowhere = _View(centre=np.zeros(rows.shape[1]), axes=np.empty((0, 0)))
    centred = _centred(sample, nowhere, question)
    centre = centred.mean(axis=0)
    centred -= centre
    k = min(DIRECTIONS, *centred.shape)
    if centred.shape[1] <= len(centred):
        widest = np.linalg.eigh(centred.T @ centred)[1][:, ::-1][:, :k]
        return _View(centre=centre, axes=widest)
    sampled = np.linalg.eigh(centred @ centred.T)[1][:, ::-1][:, :k]
    return _View(centre=centre, axes=np.linalg.qr(centred.T @ sampled)[0])


def _seen(rows: NDArray[Any], view: _View, question: _Question) -> NDArray[np.float64]:
    """The coordinates of vectors along the directions, and the length of what is left."""
    centred = _centred(rows, view, question)
    along = centred @ view.axes
    left = np.einsum("ij,ij->i", centred, centred) - np.einsum("ij,ij->i", along, along)
    return np.column_stack([along, np.sqrt(np.maximum(left, 0))])


def _side(rows: NDArray[Any], view: _View, question: _Question) -> _Side:
    """Vectors, ready to be compared."""
    groups = contents(rows)
    numbers = _parts(groups.firsts, rows)
    seen = np.concatenate([_seen(rows[part], view, question) for part in numbers])
    order = np.argsort(seen[:, 0], kind="stable")
    return _Side(rows=rows[groups.firsts[order]], seen=seen[order], order=order, groups=groups)


def _parts(numbers: NDArray[np.int64], rows: NDArray[Any]) -> Iterator[NDArray[np.int64]]:
    """Row numbers in parts whose vectors are few enough to be looked at in full at once."""
    step = max(1, LOOK_BYTES // (8 * max(1, rows.shape[1])))
    for start in range(0, len(numbers), step):
        yield numbers[start : start + step]


def _possible(x: NDArray[np.float64], y: NDArray[np.float64], radius: float) -> NDArray[np.int64]:
    """The pairs of two sets that may be within a distance, as numbers ``i * len(y) + j``.

    One product gives minus half of each squared distance. What rounding may take from it grows
    with the lengths of the two vectors; that much is left out of their squares.
    """
    slack = 1 - 4 * (x.shape[1] + 8) * ROUNDING
    half_x, half_y = (slack / 2 * np.einsum("ij,ij->i", z, z)[:, None] for z in (x, y))
    left = np.hstack([x, -half_x, -np.ones_like(half_x)]).astype(np.float32)
    right = np.hstack([y, np.ones_like(half_y), half_y]).astype(np.float32)
    limit = np.float32(-(radius**2) / 2 * (1 + 1e-4))
    return np.flatnonzero((left @ right.T).ravel() >= limit)


def _tiles(held: _Side, side: _Side, radius: float) -> Iterator[tuple[slice, slice]]:
    """Stretches of both sides whose first coordinates are within the distance."""
    longest = max(np.abs(held.seen).max(), np.abs(side.seen).max())
    reach = radius * (1 + 1e-6) + 1e-9 * longest
    first, theirs = held.seen[:, 0], side.seen[:, 0]
    for start in range(0, len(theirs), TILE):
        tile = theirs[start : start + TILE]
        low = int(np.searchsorted(first, tile[0] - reach))
        high = int(np.searchsorted(first, tile[-1] + reach, side="right"))
        for begin in range(low, high, WINDOW):
            yield slice(start, start + TILE), slice(begin, min(begin + WINDOW, high))


def _candidates(held: _Side, side: _Side, view: _View, question: _Question) -> Iterator[Pairs]:
    """Pairs that may be within the distance, as positions on both sides."""
    for tile, window in _tiles(held, side, question.radius):
        x, y = side.seen[tile], held.seen[window]
        near = _possible(x, y, question.radius)
        if len(near) > DENSE * len(x) * len(y):
            x = _centred(side.rows[tile], view, question)
            y = _centred(held.rows[window], view, question)
            near = _possible(x, y, question.radius)
        left, right = np.divmod(near, len(y))
        yield left + tile.start, right + window.start


def _looked_at(held: _Side, side: _Side, pairs: Pairs, question: _Question) -> Matches:
    """Those pairs that are wanted once they are looked at in full."""
    found: list[Matches] = []
    for part in _parts(np.arange(len(pairs[0])), held.rows):
        left, right = pairs[0][part], pairs[1][part]
        x, y = (rows.astype(np.float64) for rows in (side.rows[left], held.rows[right]))
        similarity, wanted = question.alike(x, y)
        found.append(
            Matches(
                left=left[wanted],
                right=right[wanted],
                similarity=similarity[wanted],
                what=question.what,
            )
        )
    return gathered(found, question.what)


def _flat(rows: NDArray[Any]) -> NDArray[Any]:
    """Rows of numbers as vectors; refuses what has no distance."""
    flat = rows.reshape(len(rows), -1)
    if flat.dtype.kind not in "buif":
        raise CountError.outside("the type of a vector", flat.dtype, "whole or decimal numbers")
    if flat.dtype.kind == "f" and not np.isfinite(flat).all():
        raise CountError.outside("a number of a vector", "not finite", "a finite number")
    return flat


def _of_block(
    held: _Side, block: NDArray[Any], view: _View, question: _Question, start: int
) -> Matches:
    """The matches of a block whose first row has the number ``start``."""
    side = _side(_flat(block), view, question)
    most = MOST_NUMBERS // (side.rows.shape[1] + DIRECTIONS)
    most = min(most, MOST_PAIRS) if question.keep == "all" else most
    looks: list[Matches] = []
    n = 0
    for pairs in _candidates(held, side, view, question):
        n += len(pairs[0])
        if n > most:
            raise CountError.outside(*question.asked, "one at which few rows are near each other")
        look = _looked_at(held, side, pairs, question)
        looks.append(look if question.keep == "all" else partners(look))
    found = gathered(looks, question.what)
    found = replace(found, left=side.order[found.left], right=held.order[found.right])
    found = spread(found, side.groups, held.groups, is_every=question.keep == "all")
    return replace(found, left=found.left + start)


def _found(a: Rows, b: Rows, question: _Question) -> Matches:
    """The pairs of two sets that are wanted."""
    shape, _, a = peeked(a)
    kept = whole(b)
    found: list[Matches] = []
    if kept.size:
        checked_shapes(shape, kept.shape[1:])
        flat = _flat(kept)
        view = _view(flat, question)
        held = _side(flat, view, question)
        start = 0
        for block in blocks(a):
            found.append(_of_block(held, np.asarray(block), view, question, start))
            start += len(block)
    every = gathered(found, question.what)
    return every if question.keep == "all" else partners(every)


def _relative(apart: NDArray[np.float64], longest: NDArray[np.float64]) -> NDArray[np.float64]:
    """How alike two vectors are: 1 less their distance over the sum of their lengths."""
    share = np.divide(apart, longest, out=np.zeros_like(apart), where=longest > 0)
    return 1 - np.minimum(share, 1)


def _euclidean(distance: float) -> Alike:
    """The test of a Euclidean distance."""

    def alike(
        x: NDArray[np.float64], y: NDArray[np.float64]
    ) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
        squares = [np.einsum("ij,ij->i", z, z) for z in (x - y, x, y)]
        similarity = _relative(np.sqrt(squares[0]), np.sqrt(squares[1]) + np.sqrt(squares[2]))
        return similarity, squares[0] <= distance**2

    return alike


def _largest(distance: float) -> Alike:
    """The test of the largest difference."""

    def alike(
        x: NDArray[np.float64], y: NDArray[np.float64]
    ) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
        apart = np.abs(x - y).max(axis=1)
        return _relative(apart, np.abs(x).max(axis=1) + np.abs(y).max(axis=1)), apart <= distance

    return alike


def _cosine(least: float) -> Alike:
    """The test of a direction."""

    def alike(
        x: NDArray[np.float64], y: NDArray[np.float64]
    ) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
        lengths = np.sqrt(np.einsum("ij,ij->i", x, x) * np.einsum("ij,ij->i", y, y))
        products = np.einsum("ij,ij->i", x, y)
        cosine = np.divide(products, lengths, out=np.full_like(products, -1), where=lengths > 0)
        return np.clip(cosine, -1, 1), cosine >= least - SAME_DIRECTION

    return alike


def near_vectors(
    a: Rows, b: Rows, *, distance: float, measure: Measure = "euclidean", keep: Keep = "nearest"
) -> Matches:
    """Rows of two sets within a distance of each other; none is missed.

    Copies of one content are compared once. Time is that of a product of both sets along 32
    directions where few pairs are near, and that of the product of whole vectors where the
    distance is so large that many are.

    Args:
        a: The first set, usually train: an array, a memory map, a ``.npy`` file or blocks of
            arrays, any shape (n, ...). Read once, in blocks.
        b: The second set, usually dev or test. Held in memory.
        distance: Largest distance, at least 0, in the unit of the numbers: 3 for three grey
            levels.
        measure: How differences become a distance: ``largest`` for "no pixel differs by more".
        keep: ``nearest`` answers with at most ``n_a + n_b`` pairs, the best of each row that has a
            partner; ``all`` with every pair.

    Returns:
        The pairs, exact copies included. Their similarity is 1 less the distance over the sum of
        the two lengths.

    Raises:
        CountError: If the distance is no number from 0, or so large that most rows are near
            each other; if the rows of the sets have different shapes, or a number is not finite.
        SourceError: If a file holds no array of numbers.

    Examples:
        >>> train = np.array([[10, 10], [200, 90]], dtype=np.uint8)
        >>> test = np.array([[12, 9], [100, 100]], dtype=np.uint8)
        >>> found = near_vectors(train, test, distance=3, measure="largest")
        >>> found.left.tolist(), found.right.tolist(), found.what
        ([0], [0], 'no value differs by more than 3')

    References:
        Notes: week 1, "Train/dev/test distributions".
        Methods note, sections 4.6 and 4.9.
    """
    if not 0 <= distance < inf:
        raise CountError.outside("the distance", distance, "a number from 0")
    kept = whole(b)
    is_largest = measure == "largest"
    per_row = sqrt(max(1, int(np.prod(kept.shape[1:])))) if is_largest else 1
    question = _Question(
        radius=distance * per_row,
        is_direction=False,
        alike=_largest(distance) if is_largest else _euclidean(distance),
        keep=keep,
        what=f"no value differs by more than {distance:g}"
        if is_largest
        else f"at most {distance:g} apart",
        asked=("the distance", distance),
    )
    return _found(a, kept, question)


def near_directions(a: Rows, b: Rows, *, cosine: float = 0.95, keep: Keep = "nearest") -> Matches:
    """Rows of two sets that point the same way, such as embeddings of near copies.

    Args:
        a: The first set, usually train, shape (n, d); read once, in blocks.
        b: The second set, usually dev or test; held in memory.
        cosine: Least cosine of the angle between two vectors, in (0, 1].
        keep: As in ``near_vectors``.

    Returns:
        The pairs with their cosines; a vector of length 0 has no direction and no partner.

    Raises:
        CountError: If the cosine is outside its range, or so small that most rows are near
            each other; if the rows of the sets have different shapes, or a number is not finite.
        SourceError: If a file holds no array of numbers.

    Examples:
        >>> found = near_directions(np.array([[3.0, 0.0], [0.0, 1.0]]), np.array([[2.0, 0.1]]))
        >>> found.left.tolist(), found.similarity.round(4).tolist()
        ([0], [0.9988])

    References:
        Methods note, section 4.6.
    """
    if not 0 < cosine <= 1:
        raise CountError.outside("the cosine", cosine, "a number above 0, at most 1")
    question = _Question(
        radius=sqrt(2 - 2 * (cosine - SAME_DIRECTION)),
        is_direction=True,
        alike=_cosine(cosine),
        keep=keep,
        what=f"a cosine of at least {cosine:g}",
        asked=("the cosine", cosine),
    )
    return _found(a, b, question)
