"""Copies of images that moved by a pixel or were saved anew, found by a perceptual hash.

A hash of a whole picture changes when the picture moves by a pixel. Here a hash is taken of the
inner part of a picture, which loses one pixel on each side; of the held pictures, all inner parts
of that size are hashed. Two pictures that show the same up to the shift then share an inner part,
whatever came in at their edges, and their hashes are equal. Pairs whose hashes differ in few of 64
bits are compared once more by the correlation of the two parts, which light and contrast leave as
it is.

The second set is held in memory: at most 7 kB an image. The first is read in blocks.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import combinations
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import numpy as np
from scipy.fft import dctn

from headway.errors import CountError
from headway.rows.blocks import blocks, whole
from headway.rows.contents import contents, spread, stretches
from headway.rows.duplicates import Matches, each_once, gathered, partners

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from headway.rows.blocks import Rows
    from headway.rows.contents import Contents
    from headway.rows.vectors import Keep

__all__ = ["fingerprints", "greys", "near_images"]

Greys: TypeAlias = "NDArray[np.float32]"

GRID: Final = 32
"""Largest side at which images are compared; larger ones are averaged down to it."""

LOW: Final = 8
"""Lowest frequencies of each axis that enter the hash."""

BANDS: Final = 4
"""Parts of 16 bits by which hashes are looked up."""

FLAT: Final = 0.004
"""Share of the full range (one grey level of 255) below which an image shows nothing."""

CHUNK: Final = 1_000_000
"""Pairs of hashes that are compared at once."""

LOOKS: Final = 8192
"""Pairs of images that are compared at once."""

LIGHT: Final = np.array([0.299, 0.587, 0.114], dtype=np.float32)
"""How bright red, green and blue look (ITU-R BT.601)."""

ONES: Final = np.array([number.bit_count() for number in range(1 << 16)], dtype=np.uint8)
"""Bits that are set in each number of 16 bits."""


def _averages(n: int, wanted: int) -> Greys:
    """The matrix that averages ``n`` pixels down to fewer, each by the area it covers."""
    edges = np.arange(wanted + 1) * (n / wanted)
    upper = np.minimum(edges[1:, None], np.arange(1, n + 1))
    lower = np.maximum(edges[:-1, None], np.arange(n))
    covered: Greys = (np.maximum(upper - lower, 0) * (wanted / n)).astype(np.float32)
    return covered


def greys(images: NDArray[Any]) -> NDArray[np.float32]:
    """Images as they are compared: grey, and with sides of at most 32 pixels.

    Args:
        images: Shape (n, height, width) or (n, height, width, channels); one channel is grey,
            three are red, green and blue, what follows them (opacity) is left out.

    Returns:
        Brightness in the unit of the images, shape (n, min(height, 32), min(width, 32)).

    Raises:
        CountError: If the array is not of that shape.

    Examples:
        >>> greys(np.full((1, 64, 28, 3), 7, dtype=np.uint8)).shape
        (1, 32, 28)

    References:
        Methods note, section 4.6.
    """
    if images.ndim not in {3, 4} or (images.ndim == 4 and images.shape[3] not in {1, 3, 4}):
        shape = "(n, height, width) or (n, height, width, channels)"
        raise CountError.outside("the shape of the images", images.shape, shape)
    grey = images.astype(np.float32)
    if grey.ndim == 4:
        grey = grey[..., :3] @ LIGHT if grey.shape[3] >= 3 else grey[..., 0]
    _, height, width = grey.shape
    down: NDArray[np.float32] = grey
    if height > GRID:
        down = _averages(height, GRID) @ down
    if width > GRID:
        down = down @ _averages(width, GRID).T
    return down


def _waves(images: Greys) -> Greys:
    """The 64 lowest frequencies of pictures of mean 0 and length 1, and the length of the rest.

    A product of two rows is at least the correlation of the two pictures (Cauchy and Schwarz).
    """
    waves = dctn(images, axes=(1, 2), norm="ortho")
    waves[:, 0, 0] = 0
    length = np.sqrt(np.einsum("ijk,ijk->i", waves, waves))[:, None]
    low = np.hstack([waves[:, :LOW, :LOW].reshape(len(waves), LOW**2)[:, 1:], waves[:, :1, LOW]])
    low = np.divide(low, length, out=np.zeros_like(low), where=length > 0)
    rest = np.sqrt(np.maximum(1 - np.einsum("ij,ij->i", low, low), 0))
    return np.column_stack([low, rest]).astype(np.float32)


def _codes(waves: Greys) -> NDArray[np.uint64]:
    """The hash of low frequencies: which are above their median."""
    low = waves[:, :-1]
    strong = low > np.median(low, axis=1, keepdims=True)
    codes: NDArray[np.uint64] = np.packbits(strong, axis=1).view(np.uint64)[:, 0]
    return codes


def fingerprints(images: NDArray[np.float32]) -> NDArray[np.uint64]:
    """The perceptual hash of grey images: which low frequencies are stronger than the median.

    Args:
        images: Shape (n, height, width), sides of at least 9.

    Returns:
        64 bits an image, shape (n,). Light and contrast leave them as they are.

    Examples:
        >>> slope = np.outer(np.arange(12.0), np.ones(12))[None].astype(np.float32)
        >>> bool((fingerprints(slope) == fingerprints(2 * slope + 5)).all())
        True

    References:
        Zauner (2010), Implementation and benchmarking of perceptual image hash functions.
        Methods note, section 4.6.
    """
    return _codes(_waves(images))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Question:
    """What is asked of a pair.

    Args:
        shift: Most pixels that a picture may have moved along each axis.
        radius: Most bits in which two hashes may differ.
        correlation: Least correlation of the shared part.
        flat: Standard deviation at which a picture shows something.
        keep: Which pairs are answered with.
    """

    shift: int
    radius: int
    correlation: float
    flat: float
    keep: Keep

    @property
    def what(self) -> str:
        """What makes two images copies."""
        moved = f" moved by up to {self.shift} pixel(s)" if self.shift else ""
        return f"the same picture{moved}, correlation at least {self.correlation:g}"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Album:
    """The held images, each content once.

    Args:
        pictures: Their greys, shape (n, height, width).
        groups: The images of each content.
        waves: The low frequencies of their inner parts, shape (n_parts, 65).
        codes: The hashes of the parts, shape (n_parts,).
        owner: The picture of each part.
        step: Where each part begins: ``row * (2 * shift + 1) + column``.
        order: For each band, the parts in the order of their 16 bits, shape (bands, n_parts).
        starts: For each band, where the parts of each 16 bits start, shape (bands, 65537).
    """

    pictures: Greys
    groups: Contents
    waves: Greys
    codes: NDArray[np.uint64]
    owner: NDArray[np.int64]
    step: NDArray[np.int64]
    order: NDArray[np.int64]
    starts: NDArray[np.int64]


def _inner(pictures: Greys, step: int, shift: int) -> Greys:
    """The part of pictures that begins at a step."""
    row, column = divmod(step, 2 * shift + 1)
    height, width = (side - 2 * shift for side in pictures.shape[1:])
    return pictures[:, row : row + height, column : column + width]


def _in_bands(codes: NDArray[np.uint64]) -> NDArray[np.uint16]:
    """The four parts of 16 bits of hashes, shape (4, n)."""
    return codes.view(np.uint16).reshape(-1, BANDS).T


def _shown(images: NDArray[Any], question: _Question) -> tuple[Greys, Contents, NDArray[np.int64]]:
    """Different pictures, the images of each, and which of them show something."""
    groups = contents(images)
    pictures = greys(images[groups.firsts])
    inner = _inner(pictures, _middle(question.shift), question.shift)
    return pictures, groups, np.flatnonzero(inner.std(axis=(1, 2)) > question.flat)


def _middle(shift: int) -> int:
    """The step at which the middle part begins."""
    return shift * (2 * shift + 1) + shift


def _album(images: NDArray[Any], question: _Question) -> _Album:
    """Images, ready to be found."""
    pictures, groups, shown = _shown(images, question)
    smallest, least = min(pictures.shape[1:]), LOW + 1 + 2 * question.shift
    if smallest < least:
        raise CountError.outside("the side of an image", smallest, f"at least {least} pixels")
    n_steps = (2 * question.shift + 1) ** 2
    parts = [_inner(pictures[shown], step, question.shift) for step in range(n_steps)]
    waves = np.concatenate([_waves(part) for part in parts])
    codes = _codes(waves)
    bands = _in_bands(codes)
    counts = np.stack([np.bincount(band, minlength=1 << 16) for band in bands])
    return _Album(
        pictures=pictures,
        groups=groups,
        waves=waves,
        codes=codes,
        owner=np.tile(shown, n_steps),
        step=np.repeat(np.arange(n_steps), len(shown)),
        order=np.argsort(bands, axis=1, kind="stable"),
        starts=np.concatenate(
            [np.zeros((BANDS, 1), dtype=np.int64), counts.cumsum(axis=1)], axis=1
        ),
    )


def _flips(n_bits: int) -> list[int]:
    """All numbers of 16 bits with at most so many set."""
    bits = [1 << bit for bit in range(16)]
    return [sum(some) for n in range(n_bits + 1) for some in combinations(bits, n)]


def _differing(x: NDArray[np.uint64], y: NDArray[np.uint64]) -> NDArray[np.uint8]:
    """In how many bits hashes differ."""
    first, second, third, fourth = _in_bands(x ^ y)
    total: NDArray[np.uint8] = ONES[first] + ONES[second] + ONES[third] + ONES[fourth]
    return total


def _met(
    codes: NDArray[np.uint64], album: _Album, radius: int
) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """Hashes within the radius, as positions among ``codes`` and among the parts; none is missed.

    Of four bands that differ in at most ``radius`` bits together, one differs in at most a quarter
    of them. That band is looked up with so many bits flipped in every way.
    """
    for band, keys in enumerate(_in_bands(codes)):
        for flip in _flips(radius // BANDS):
            probes = (keys ^ np.uint16(flip)).astype(np.int64)
            begin, end = album.starts[band][probes], album.starts[band][probes + 1]
            for which, place in stretches(begin, end, CHUNK):
                part = album.order[band][place]
                close = _differing(codes[which], album.codes[part]) <= radius
                yield which[close], part[close]


def _normed(parts: Greys) -> Greys:
    """Pictures of mean 0 and length 1, so that a product is a correlation."""
    flat = parts.reshape(len(parts), -1)
    flat = flat - flat.mean(axis=1, keepdims=True)
    length = np.sqrt(np.einsum("ij,ij->i", flat, flat))[:, None]
    normed: Greys = np.divide(flat, length, out=np.zeros_like(flat), where=length > 0)
    return normed


def _correlations(
    pictures: Greys, album: _Album, left: NDArray[np.int64], part: NDArray[np.int64], shift: int
) -> NDArray[np.float64]:
    """How alike the middle part of pictures and parts of held ones are."""
    found = np.empty(len(left))
    for step in np.unique(album.step[part]):
        mine = np.flatnonzero(album.step[part] == step)
        for start in range(0, len(mine), LOOKS):
            some = mine[start : start + LOOKS]
            x = _normed(_inner(pictures[left[some]], _middle(shift), shift))
            y = _normed(_inner(album.pictures[album.owner[part[some]]], int(step), shift))
            found[some] = np.einsum("ij,ij->i", x, y)
    return found


def _of_block(images: NDArray[Any], album: _Album, question: _Question) -> Matches:
    """The matches of a block of images."""
    pictures, groups, shown = _shown(images, question)
    waves = _waves(_inner(pictures[shown], _middle(question.shift), question.shift))
    looks: list[Matches] = []
    for which, part in _met(_codes(waves), album, question.radius):
        bound = np.einsum("ij,ij->i", waves[which], album.waves[part])
        may = bound >= question.correlation - 1e-4
        left, right = shown[which[may]], part[may]
        similarity = _correlations(pictures, album, left, right, question.shift)
        wanted = similarity >= question.correlation - 1e-6
        pairs = Matches(
            left=left[wanted],
            right=album.owner[right[wanted]],
            similarity=np.minimum(similarity[wanted], 1),
            what=question.what,
        )
        looks.append(pairs if question.keep == "all" else partners(pairs))
    found = each_once(gathered(looks, question.what))
    return spread(found, groups, album.groups, is_every=question.keep == "all")


def _scale(images: NDArray[Any]) -> float:
    """The full range of the numbers of some images."""
    if images.dtype == np.uint8:
        return 255.0
    return float(np.abs(images).max(initial=0))


def near_images(
    a: Rows,
    b: Rows,
    *,
    shift: int = 1,
    correlation: float = 0.98,
    radius: int = 6,
    keep: Keep = "nearest",
) -> Matches:
    """Images of two sets that show the same picture, moved, saved anew or with other light.

    An image whose inner part shows nothing (less than one grey level of structure) has no hash
    and no partner; ``exact`` and ``near_vectors`` compare those too.

    Args:
        a: The first set, usually train: images (n, height, width) or (n, height, width, channels)
            as an array, a memory map, a ``.npy`` file or blocks. Read once, in blocks.
        b: The second set, usually dev or test; held in memory.
        shift: Most pixels that a picture may have moved along each axis, at least 0; where images
            are larger than 32 pixels, of the picture averaged down to 32.
        correlation: Least correlation of what both show, in (0, 1].
        radius: Most bits of 64 in which their hashes may differ, 0 to 15.
        keep: ``nearest`` answers with at most ``n_a + n_b`` pairs, the best of each row that has a
            partner; ``all`` with every pair.

    Returns:
        The pairs with their correlations, exact copies included.

    Raises:
        CountError: If an array does not hold images, the images of the sets have different sizes
            after averaging, they are too small for the shift, or an argument is outside its range.
        SourceError: If a file holds no array of numbers.

    Examples:
        >>> rng = np.random.default_rng(0)
        >>> test = np.kron(rng.integers(0, 255, (3, 7, 7)), np.ones((4, 4)))
        >>> train = np.roll(test[2:], 1, axis=2)
        >>> found = near_images(train, test)
        >>> found.left.tolist(), found.right.tolist(), found.similarity.round(6).tolist()
        ([0], [2], [1.0])

    References:
        Zauner (2010), Implementation and benchmarking of perceptual image hash functions.
        Norouzi, Punjani and Fleet (2012), Fast search in Hamming space with multi-index hashing.
        Notes: week 1, "Train/dev/test distributions".
        Methods note, section 4.6.
    """
    _checked(shift, correlation, radius)
    held = whole(b)
    found: list[Matches] = []
    if held.size:
        flat = FLAT * _scale(held)
        question = _Question(
            shift=shift, radius=radius, correlation=correlation, flat=flat, keep=keep
        )
        album = _album(held, question)
        start = 0
        for block in blocks(a):
            images = np.asarray(block)
            _checked_sides(greys(images[:1]).shape[1:], album.pictures.shape[1:])
            matches = _of_block(images, album, question)
            found.append(replace(matches, left=matches.left + start))
            start += len(block)
    every = gathered(found, found[0].what if found else "the same picture")
    return every if keep == "all" else partners(every)


def _checked(shift: int, correlation: float, radius: int) -> None:
    """Refuse arguments outside their range."""
    if shift < 0:
        raise CountError.outside("the shift", shift, "a number of pixels from 0")
    if not 0 < correlation <= 1:
        raise CountError.outside("the correlation", correlation, "a number above 0, at most 1")
    if not 0 <= radius < 4 * BANDS:
        raise CountError.outside("the radius", radius, "a number of bits from 0 to 15")


def _checked_sides(first: tuple[int, ...], second: tuple[int, ...]) -> None:
    """Refuse to compare pictures of two sizes."""
    if first != second:
        raise CountError.outside(
            "the size of the second images", second, f"that of the first, {first}"
        )
