"""Rows as they are read: an array, a memory map, a file or an iterable, one block at a time."""

from __future__ import annotations

from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import numpy as np

from headway.errors import CountError, SourceError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from numpy.typing import NDArray

__all__ = ["Rows", "blocks", "checked_shapes", "peeked", "whole"]

Rows: TypeAlias = "NDArray[Any] | str | Path | Iterable[Any]"
"""An array or a memory map, the path of a ``.npy`` file, blocks of arrays, or texts."""

BLOCK_BYTES: Final = 16 << 20
"""Most bytes of an array that are read at once."""

BLOCK_TEXTS: Final = 4096
"""Most texts that are read at once."""

BLOCK_LETTERS: Final = 2_000_000
"""Letters of texts from which a block is full."""


def _mapped(path: str | Path) -> NDArray[Any]:
    """The array in a file, read where it is looked at."""
    if not Path(path).exists():
        raise SourceError.no_array(str(path), "there is no such file")
    try:
        array = np.load(path, mmap_mode="r", allow_pickle=False)
    except (OSError, ValueError, EOFError) as fault:
        raise SourceError.no_array(str(path), "numpy cannot read it") from fault
    if not isinstance(array, np.ndarray):
        raise SourceError.no_array(str(path), "it is an archive of several arrays")
    return array


def _is_text(value: object) -> bool:
    """Whether a row is text or bytes."""
    return isinstance(value, (str, bytes))


def _array_blocks(array: NDArray[Any], most_bytes: int) -> Iterator[NDArray[Any]]:
    """Slices of an array."""
    row = max(1, array[:1].nbytes)
    step = max(1, most_bytes // row)
    for start in range(0, len(array), step):
        yield array[start : start + step]


def _text_blocks(texts: Iterable[Any]) -> Iterator[list[Any]]:
    """Lists of texts."""
    block: list[Any] = []
    letters = 0
    for text in texts:
        block.append(text)
        letters += len(text)
        if len(block) == BLOCK_TEXTS or letters >= BLOCK_LETTERS:
            yield block
            block, letters = [], 0
    if block:
        yield block


def blocks(rows: Rows, *, most_bytes: int = BLOCK_BYTES) -> Iterator[Any]:
    """The rows, a block at a time.

    Args:
        rows: An array or a memory map whose first axis is the row, the path of a ``.npy`` file,
            an iterable of such arrays, or an iterable of texts.
        most_bytes: Most bytes of one block of an array, at least one row.

    Returns:
        Arrays, or lists of texts.

    Raises:
        SourceError: If a file holds no array of numbers.

    Examples:
        >>> [len(block) for block in blocks(np.zeros((5, 2), dtype=np.uint8), most_bytes=4)]
        [2, 2, 1]
        >>> list(blocks(["a cat", "a dog"]))
        [['a cat', 'a dog']]

    References:
        Methods note, section 4.9.
    """
    if isinstance(rows, (str, Path)):
        rows = _mapped(rows)
    if isinstance(rows, np.ndarray):
        if rows.ndim and rows.dtype.kind in "OUS":
            return _text_blocks(rows.tolist())
        return _array_blocks(rows, most_bytes)
    each = iter(rows)
    first = next(each, None)
    if first is None:
        return iter(())
    everything = chain([first], each)
    if _is_text(first):
        return _text_blocks(everything)
    return (part for block in everything for part in _array_blocks(np.asarray(block), most_bytes))


def whole(rows: Rows) -> NDArray[Any]:
    """The rows as one array: the side of a search that is held in memory.

    Args:
        rows: What ``blocks`` takes, texts aside.

    Returns:
        An array, shape (n, ...); a memory map stays one.

    Raises:
        SourceError: If a file holds no array of numbers.

    Examples:
        >>> whole([np.zeros((2, 3)), np.ones((1, 3))]).shape
        (3, 3)

    References:
        Methods note, section 4.9.
    """
    if isinstance(rows, (str, Path)):
        return _mapped(rows)
    if isinstance(rows, np.ndarray):
        return rows
    parts = [np.asarray(block) for block in rows]
    return np.concatenate(parts) if parts else np.empty((0, 0))


def peeked(rows: Rows) -> tuple[tuple[int, ...] | None, np.dtype[Any] | None, Rows]:
    """What one row is, before any is read.

    Args:
        rows: What ``blocks`` takes.

    Returns:
        The shape of a row and the type of its numbers (None for texts and for no rows), and the
        rows, of which none is lost.

    Raises:
        SourceError: If a file holds no array of numbers.

    Examples:
        >>> peeked(np.zeros((5, 2)))[0]
        (2,)

    References:
        Methods note, section 4.9.
    """
    if isinstance(rows, (str, Path)):
        rows = _mapped(rows)
    if isinstance(rows, np.ndarray):
        is_text = rows.dtype.kind in "OUS"
        return (None, None, rows) if is_text else (rows.shape[1:], rows.dtype, rows)
    each = iter(rows)
    first = next(each, None)
    if first is None or _is_text(first):
        return None, None, [] if first is None else chain([first], each)
    first = np.asarray(first)
    return first.shape[1:], first.dtype, chain([first], each)


def checked_shapes(first: tuple[int, ...] | None, second: tuple[int, ...] | None) -> None:
    """Refuse to compare rows of two forms, which share nothing by construction.

    Args:
        first: The shape of a row of the first set, or None where it is not known.
        second: The shape of a row of the second set.

    Raises:
        CountError: If both are known and differ.

    Examples:
        >>> checked_shapes((28, 28), None)

    References:
        Methods note, section 4.6.
    """
    if first is not None and second is not None and first != second:
        raise CountError.outside("the shape of a second row", second, f"that of a first, {first}")
