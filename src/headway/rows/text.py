"""Texts that are copies of each other but for some edits: MinHash, bands, and the exact share.

A text is the set of its runs of five letters. Two texts are as alike as the share of runs that
both have among those that either has (Jaccard). Of each set the smallest value under 128 hash
functions is kept; texts that agree in all of some few of them, a band, are compared by their sets.

The 15 lines of MinHash are written here, and datasketch is what they are tested against: over
whole blocks of texts they take a tenth of its time, and texts are checked without an extra.

The second set is held in memory: 1 kB a text and 8 bytes a letter. The first is read in blocks.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, replace
from math import ceil, log, sqrt
from typing import TYPE_CHECKING, Final

import numpy as np

from headway.errors import CountError
from headway.rows.blocks import blocks
from headway.rows.contents import contents, spread
from headway.rows.duplicates import Matches, gathered, partners

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from numpy.typing import NDArray

    from headway.rows.contents import Contents
    from headway.rows.vectors import Keep

__all__ = [
    "Bands",
    "bands_for",
    "candidate_probability",
    "knee",
    "minhash_error",
    "near_text",
    "signatures",
]

PERMUTATIONS: Final = 128
"""Hash functions of a signature."""

LETTERS: Final = 5
"""Letters of a run."""

MISSED: Final = 1 / 2000
"""Largest probability that the bands miss a pair that is just as alike as asked."""

ERRORS: Final = 6
"""Standard errors by which a signature may fall short of what is asked before it is believed."""

CHUNK: Final = 1_000_000
"""Pairs of signatures that are looked up at once."""

SPREADING: Final = (0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB)
"""Multipliers of splitmix64, by which near numbers become far ones."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bands:
    """How signatures are looked up.

    Args:
        bands: Number of bands.
        rows: Values in each, which must all agree.
    """

    bands: int
    rows: int


def candidate_probability(jaccard: float, bands: Bands) -> float:
    """How probably two texts agree in at least one band.

    Args:
        jaccard: How alike they are, in [0, 1].
        bands: The bands.

    Returns:
        A fraction in [0, 1].

    Examples:
        >>> round(candidate_probability(0.8, Bands(bands=20, rows=5)), 4)
        0.9996

    References:
        Leskovec, Rajaraman and Ullman (2020), Mining of Massive Datasets, section 3.4.
        Methods note, section 4.6.
    """
    return 1 - (1 - jaccard**bands.rows) ** bands.bands


def knee(bands: Bands) -> float:
    """About where the probability of a candidate rises most steeply.

    Args:
        bands: The bands.

    Returns:
        A Jaccard share in (0, 1).

    Examples:
        >>> round(knee(Bands(bands=20, rows=5)), 3)
        0.549

    References:
        Methods note, section 4.6.
    """
    return float((1 / bands.bands) ** (1 / bands.rows))


def minhash_error(jaccard: float, permutations: int = PERMUTATIONS) -> float:
    """Standard error of a Jaccard share estimated from signatures.

    Args:
        jaccard: The share, in [0, 1].
        permutations: Hash functions of a signature.

    Returns:
        A fraction.

    Examples:
        >>> round(minhash_error(0.8), 4)
        0.0354

    References:
        Broder (1997), On the resemblance and containment of documents.
        Methods note, section 4.6.
    """
    return sqrt(jaccard * (1 - jaccard) / permutations)


def bands_for(threshold: float) -> Bands:
    """The bands that make the fewest candidates, and miss a pair at the threshold rarely.

    Args:
        threshold: How alike texts must be, in (0, 1].

    Returns:
        The most rows a band, and the fewest bands, at which a pair at the threshold is missed with
        a probability of at most 1 in 2,000, within 128 values.

    Raises:
        CountError: If the threshold is outside its range, or so low that 128 values do not do.

    Examples:
        >>> bands_for(0.8)
        Bands(bands=20, rows=5)

    References:
        Methods note, section 4.6.
    """
    found = None
    for rows in range(1, PERMUTATIONS + 1):
        agrees = threshold**rows if 0 < threshold <= 1 else 0.0
        needed = (
            1 if agrees == 1 else ceil(log(MISSED) / log(1 - agrees)) if agrees else PERMUTATIONS
        )
        if agrees and needed * rows <= PERMUTATIONS:
            found = Bands(bands=needed, rows=rows)
    if found is None:
        raise CountError.outside("the threshold", threshold, "a number from 0.06 to 1")
    return found


def _plain(text: str | bytes) -> str:
    """A text without what looks alike: case, width, spaces."""
    words = text.decode(errors="replace") if isinstance(text, bytes) else text
    return " ".join(unicodedata.normalize("NFKC", words).casefold().split())


def _spread_out(numbers: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Numbers whose bits all depend on all bits of the given ones (splitmix64)."""
    first, second, third = (np.uint64(each) for each in SPREADING)
    mixed = numbers + first
    mixed = (mixed ^ (mixed >> np.uint64(30))) * second
    mixed = (mixed ^ (mixed >> np.uint64(27))) * third
    return mixed ^ (mixed >> np.uint64(31))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Runs:
    """The runs of letters of some texts, each once.

    Args:
        values: Their hashes, those of one text next to each other and ascending.
        starts: Where the runs of each text start, shape (n + 1,).
    """

    values: NDArray[np.uint64]
    starts: NDArray[np.int64]


def _runs(texts: Sequence[str | bytes]) -> _Runs:
    """The runs of letters of some texts; a text shorter than a run is one run."""
    plain = [_plain(text) for text in texts]
    plain = [text.ljust(LETTERS, "\0") if text else "" for text in plain]
    lengths = np.array([len(text) for text in plain], dtype=np.int64)
    raw = "".join(plain).encode("utf-32-le", "surrogatepass")
    letters = np.frombuffer(raw, dtype=np.uint32).astype(np.uint64)
    n_runs = np.maximum(lengths - LETTERS + 1, 0)
    owner = np.repeat(np.arange(len(plain)), n_runs)
    within = np.arange(len(owner)) - np.repeat(np.cumsum(n_runs) - n_runs, n_runs)
    begin = np.repeat(np.cumsum(lengths) - lengths, n_runs) + within
    values = np.zeros(len(owner), dtype=np.uint64)
    for letter in range(LETTERS):
        values = values * np.uint64(SPREADING[0]) + letters[begin + letter]
    values = _spread_out(values)
    order = np.lexsort((values, owner))
    values, owner = values[order], owner[order]
    kept = np.ones(len(values), dtype=np.bool_)
    kept[1:] = (values[1:] != values[:-1]) | (owner[1:] != owner[:-1])
    sizes = np.bincount(owner[kept], minlength=len(plain))
    return _Runs(values=values[kept], starts=np.concatenate([[0], np.cumsum(sizes)]))


def _signatures(runs: _Runs) -> NDArray[np.uint32]:
    """The smallest run of each text under each hash function; all ones where it has none."""
    filled = np.flatnonzero(np.diff(runs.starts))
    found = np.full((len(runs.starts) - 1, PERMUTATIONS), np.iinfo(np.uint32).max, dtype=np.uint32)
    if len(filled):
        salts = _spread_out(np.arange(2 * PERMUTATIONS, dtype=np.uint64)).astype(np.uint32)
        low = runs.values.astype(np.uint32)
        for each in range(PERMUTATIONS):
            hashed = (low ^ salts[2 * each]) * (salts[2 * each + 1] | np.uint32(1))
            found[filled, each] = np.minimum.reduceat(hashed, runs.starts[filled])
    return found


def signatures(texts: Sequence[str]) -> NDArray[np.uint32]:
    """The MinHash signatures of texts.

    Args:
        texts: Texts; case, width of letters and spaces make no difference.

    Returns:
        Shape (n, 128). The share of columns in which two texts agree estimates how alike they are,
        with the standard error of ``minhash_error``.

    Examples:
        >>> one, two = signatures(["A cat sat on the mat.", "a cat  sat on the mat."])
        >>> float((one == two).mean())
        1.0

    References:
        Broder (1997), On the resemblance and containment of documents.
        Methods note, section 4.6.
    """
    return _signatures(_runs(texts))
