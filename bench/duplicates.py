"""Times the searches for duplicates against scikit-learn's brute-force neighbours, in one run.

    python -m bench.duplicates [--train 60_000] [--test 10_000]

Three questions about images of 28 x 28 with structure, of which 600 copies are planted in train:
exact copies, copies with each pixel moved by up to three grey levels, and copies moved by a pixel.
scikit-learn answers the first two by the nearest neighbour of each test image among the train
images. Exits 1 when a planted copy is missed or a bound fails.
"""

from __future__ import annotations

import argparse
import sys
import time
from typing import TYPE_CHECKING, Final

import numpy as np
from sklearn.neighbors import NearestNeighbors

from headway.rows.duplicates import exact, originals
from headway.rows.images import near_images
from headway.rows.vectors import near_vectors
from scripts.drawings import drawings, near_copies, shifted_copies

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Images = NDArray[np.uint8]
    Pairs = set[tuple[int, int]]
    Run = tuple[float, Pairs]

LEVELS: Final = 3
N_PLANTED: Final = 600
FASTER: Final = 1.5
"""How many times faster than brute force the exact search for near copies must be."""

LEAST_RECALL: Final = 0.95
MOST_ALARMS: Final = 0.001
"""Share of distinct train images that the hash may call copies."""

JUDGED_ROWS: Final = 60_000


def brute_force(train: Images, test: Images) -> Pairs:
    """Train and test images within three grey levels, by scikit-learn."""
    rows, asked = (images.reshape(len(images), -1).astype(np.float32) for images in (train, test))
    index = NearestNeighbors(n_neighbors=1, algorithm="brute").fit(rows)
    nearest = index.kneighbors(asked, return_distance=False)[:, 0]
    apart = np.abs(train[nearest].astype(np.int16) - test).max(axis=(1, 2))
    return {(int(nearest[i]), int(i)) for i in np.flatnonzero(apart <= LEVELS)}


def exact_pairs(train: Images, test: Images) -> Pairs:
    """Images of the same content."""
    found = exact(train, test)
    return set(zip(found.left.tolist(), found.right.tolist(), strict=True))


def near_pairs(train: Images, test: Images) -> Pairs:
    """Images within three grey levels; none is missed."""
    found = near_vectors(train, test, distance=LEVELS, measure="largest")
    return set(zip(found.left.tolist(), found.right.tolist(), strict=True))


def shifted_pairs(train: Images, test: Images) -> Pairs:
    """Images that show the same, moved by up to a pixel."""
    found = near_images(train, test)
    return set(zip(found.left.tolist(), found.right.tolist(), strict=True))


def timed(search: Callable[[Images, Images], Pairs], sides: tuple[Images, Images]) -> Run:
    """Seconds and pairs of one search."""
    start = time.perf_counter()
    pairs = search(*sides)
    return time.perf_counter() - start, pairs


def shown(name: str, run: Run, planted: Pairs) -> None:
    """One line of the table."""
    seconds, pairs = run
    n_found, n_other = len(pairs & planted), len(pairs - planted)
    print(f"  {name:<14} {seconds:7.2f} s   {n_found:4} of {len(planted)} found, {n_other} others")


def compared(
    title: str,
    search: Callable[[Images, Images], Pairs],
    sides: tuple[Images, Images],
    planted: Pairs,
) -> tuple[Run, float]:
    """Both searches on the same images, and how many times faster ours is."""
    print(f"\n{title}")
    ours, theirs = timed(search, sides), timed(brute_force, sides)
    shown("headway", ours, planted)
    shown("scikit-learn", theirs, planted)
    ratio = theirs[0] / ours[0]
    print(f"  {ratio:.1f} times faster")
    return ours, ratio


def main() -> int:
    """Print the table; 1 if a copy is missed or a bound fails."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--train", type=int, default=JUDGED_ROWS)
    parser.add_argument("--test", type=int, default=10_000)
    given = parser.parse_args()
    rng = np.random.default_rng(0)
    images = drawings(given.train + given.test, rng)
    clean, test = images[: given.train], images[given.train :]
    at, of = (rng.choice(n, N_PLANTED, replace=False) for n in (given.train, given.test))
    planted = set(zip(at.tolist(), of.tolist(), strict=True))

    def holding(copies: Images) -> Images:
        """Train images, some replaced by copies of test images."""
        train = clean.copy()
        train[at] = copies
        return train

    print(f"{given.train:,} train and {given.test:,} test images of 28 x 28, {N_PLANTED} planted")
    start = time.perf_counter()
    n_contents = len(np.unique(originals(clean)))
    seconds = time.perf_counter() - start
    print(f"\ncopies among the {given.train:,} themselves, one pass")
    print(f"  {'headway':<14} {seconds:7.2f} s   {n_contents:,} different images")
    sides = holding(test[of]), test
    same, _ = compared("exact copies", exact_pairs, sides, planted)
    sides = holding(near_copies(test[of], rng, levels=LEVELS)), test
    near, ratio = compared("near copies, up to 3 grey levels", near_pairs, sides, planted)
    print("\ncopies moved by a pixel")
    moved = timed(shifted_pairs, (holding(shifted_copies(test[of], rng)), test))
    shown("headway", moved, planted)
    return judged((same, near, moved), ratio, planted, given.train)


def judged(runs: tuple[Run, Run, Run], ratio: float, planted: Pairs, n_train: int) -> int:
    """Say which bounds fail; how much faster is judged from 60,000 images."""
    same, near, moved = (pairs for _, pairs in runs)
    holds = {
        "all exact copies, no other": same == planted,
        "all near copies, no other": near == planted,
        f"near copies {FASTER} times faster": ratio >= FASTER or n_train < JUDGED_ROWS,
        f"{LEAST_RECALL:.0%} of moved copies": len(moved & planted) >= LEAST_RECALL * len(planted),
        f"{MOST_ALARMS:.1%} false alarms": len(moved - planted) <= MOST_ALARMS * n_train,
    }
    failed = [name for name, held in holds.items() if not held]
    print(f"\na bound failed: {', '.join(failed)}" if failed else "\nall bounds hold")
    return int(bool(failed))


if __name__ == "__main__":
    sys.exit(main())
