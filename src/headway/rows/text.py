"""Texts that are copies of each other but for some edits: MinHash, bands, and the exact share.

A text is the set of its runs of five letters. Two texts are as alike as the share of runs that
both have among those that either has (Jaccard). Of each set the smallest value under 128 hash
functions is kept; texts that agree in all of some few of them, a band, are compared by their sets.

The 15 lines of MinHash are written here, and datasketch is what they are tested against: over
whole blocks of texts they take a third of its time, and texts are checked without an extra.

The second set is held in memory: 1 kB a text and 8 bytes a letter. The first is read in blocks.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, replace
from math import ceil, log, log1p, sqrt
from typing import TYPE_CHECKING, Final

import numpy as np

from headway.errors import CountError
from headway.rows.blocks import blocks
from headway.rows.contents import contents, spread, stretches
from headway.rows.duplicates import Matches, gathered, partners

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from headway.rows.blocks import Rows
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

LEAST: Final = 0.5
"""Share of runs below which texts are no copies, and nearly every pair would be looked at."""

MISSED: Final = 1 / 2000
"""Largest probability that the bands miss a pair that is just as alike as asked."""

ERRORS: Final = 4
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
        threshold: How alike texts must be, from 0.5 to 1.

    Returns:
        The most rows a band, and the fewest bands, at which a pair at the threshold is missed with
        a probability of at most 1 in 2,000, within 128 values.

    Raises:
        CountError: If the threshold is outside its range.

    Examples:
        >>> bands_for(0.8)
        Bands(bands=20, rows=5)

    References:
        Methods note, section 4.6.
    """
    if not LEAST <= threshold <= 1:
        raise CountError.outside("the threshold", threshold, f"a number from {LEAST} to 1")
    fit = [
        Bands(bands=needed, rows=rows)
        for rows in range(1, PERMUTATIONS + 1)
        if (needed := _needed(threshold**rows)) * rows <= PERMUTATIONS
    ]
    return fit[-1]


def _needed(agrees: float) -> int:
    """The fewest bands that miss rarely, each agreeing with this probability."""
    if agrees == 1:
        return 1
    return ceil(log(MISSED) / log1p(-agrees)) if agrees > MISSED else PERMUTATIONS + 1


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
    """The runs of letters of some texts.

    Args:
        values: Their hashes, those of one text next to each other.
        starts: Where the runs of each text start, shape (n + 1,).
    """

    values: NDArray[np.uint64]
    starts: NDArray[np.int64]


def _runs(texts: Sequence[str]) -> _Runs:
    """The runs of letters of plain texts; a text shorter than a run is one run."""
    plain = [text.ljust(LETTERS, "\0") if text else "" for text in texts]
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
    starts = np.concatenate([[0], np.cumsum(n_runs)])
    return _Runs(values=_spread_out(values), starts=starts)


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
    return _signatures(_runs([_plain(text) for text in texts]))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Texts:
    """Some texts, each content once.

    Args:
        groups: The texts of each content.
        runs: The runs of each content.
        signatures: Its signature, shape (n, 128).
        filled: The contents that are not empty.
        keys: For each band, what it holds of them, shape (bands, n_filled).
    """

    groups: Contents
    runs: _Runs
    signatures: NDArray[np.uint32]
    filled: NDArray[np.int64]
    keys: NDArray[np.uint64]


def _texts(given: Iterable[str | bytes], bands: Bands) -> _Texts:
    """Texts, ready to be compared."""
    plain = [_plain(text) for text in given]
    groups = contents(plain)
    runs = _runs([plain[first] for first in groups.firsts])
    known = _signatures(runs)
    filled = np.flatnonzero(np.diff(runs.starts))
    keys = np.zeros((bands.bands, len(filled)), dtype=np.uint64)
    for band in range(bands.bands):
        for column in range(band * bands.rows, (band + 1) * bands.rows):
            keys[band] = _spread_out(keys[band] ^ known[filled, column].astype(np.uint64))
    return _Texts(groups=groups, runs=runs, signatures=known, filled=filled, keys=keys)


def _candidates(texts: _Texts, held: _Texts, threshold: float) -> set[tuple[int, int]]:
    """Pairs that agree in a band and whose signatures may be as alike as asked."""
    found: set[tuple[int, int]] = set()
    least = threshold - ERRORS * minhash_error(threshold)
    for mine, theirs in zip(texts.keys, held.keys, strict=True):
        order = np.argsort(theirs, kind="stable")
        ranked = theirs[order]
        begin, end = (np.searchsorted(ranked, mine, side=side) for side in ("left", "right"))
        for which, position in stretches(begin, end, CHUNK):
            left, right = texts.filled[which], held.filled[order[position]]
            agree = (texts.signatures[left] == held.signatures[right]).mean(axis=1)
            may = agree >= least
            found.update(zip(left[may].tolist(), right[may].tolist(), strict=True))
    return found


def _set(runs: _Runs, text: int) -> NDArray[np.uint64]:
    """The runs of a text, each once."""
    return np.unique(runs.values[runs.starts[text] : runs.starts[text + 1]])


def _shares(texts: _Texts, held: _Texts, pairs: Sequence[tuple[int, int]]) -> NDArray[np.float64]:
    """The exact share of runs that both texts of each pair have."""
    mine = {left: _set(texts.runs, left) for left, _ in pairs}
    theirs = {right: _set(held.runs, right) for _, right in pairs}
    shares = np.empty(len(pairs))
    for each, (left, right) in enumerate(pairs):
        n_both = len(np.intersect1d(mine[left], theirs[right], assume_unique=True))
        shares[each] = n_both / (len(mine[left]) + len(theirs[right]) - n_both)
    return shares


def _of_block(texts: _Texts, held: _Texts, threshold: float, keep: Keep) -> Matches:
    """The matches of a block of texts."""
    pairs = sorted(_candidates(texts, held, threshold))
    shares = _shares(texts, held, pairs)
    both = np.array(pairs, dtype=np.int64).reshape(-1, 2)[shares >= threshold]
    found = Matches(
        left=both[:, 0],
        right=both[:, 1],
        similarity=shares[shares >= threshold],
        what=f"at least {threshold:g} of their runs of letters are shared",
    )
    return spread(found, texts.groups, held.groups, is_every=keep == "all")


def near_text(
    a: Rows, b: Iterable[str | bytes], *, threshold: float = 0.8, keep: Keep = "nearest"
) -> Matches:
    """Texts of two sets that are the same but for some edits.

    A pair at the threshold is missed with a probability of at most 1 in 2,000, one that is more
    alike more rarely. No pair is answered with that is less alike: candidates are compared by
    their sets. Case, width of letters and spaces make no difference.

    Args:
        a: The first set, usually train: an iterable of texts. Read once, in blocks.
        b: The second set, usually dev or test; held in memory.
        threshold: Least share of runs of five letters that both texts have among those that either
            has, from 0.5 to 1.
        keep: ``nearest`` answers with at most ``n_a + n_b`` pairs, the best of each row that has a
            partner; ``all`` with every pair.

    Returns:
        The pairs with their shares, exact copies included; an empty text has no partner.

    Raises:
        CountError: If the threshold is outside its range.

    Examples:
        >>> train = ["The cat sat on the mat and slept.", "Dogs bark at night."]
        >>> test = ["the cat sat on the mat, and slept."]
        >>> found = near_text(train, test, threshold=0.7)
        >>> found.left.tolist(), found.right.tolist(), found.similarity.round(2).tolist()
        ([0], [0], [0.74])

    References:
        Broder (1997), On the resemblance and containment of documents.
        Notes: week 1, "Train/dev/test distributions".
        Methods note, section 4.6.
    """
    bands = bands_for(threshold)
    held = _texts(b, bands)
    found: list[Matches] = []
    start = 0
    for block in blocks(a):
        matches = _of_block(_texts(block, bands), held, threshold, keep)
        found.append(replace(matches, left=matches.left + start))
        start += len(block)
    what = f"at least {threshold:g} of their runs of letters are shared"
    every = gathered(found, what)
    return every if keep == "all" else partners(every)
