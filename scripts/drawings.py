"""Draw images with structure: strokes, blobs and slopes of light, ten kinds of them.

The searches for copies are tried and timed on these. Drawings of one kind share their strokes up
to a jitter, so that distinct drawings may look alike, as photographs of one class do.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

KINDS: Final = 10
STROKES: Final = 3
BLOCK: Final = 2048


def _strokes(
    ends: NDArray[np.float32], width: NDArray[np.float32], side: int
) -> NDArray[np.float32]:
    """The darkest of some strokes at each pixel, 0 to 1; ``ends`` is (n, strokes, 2, 2)."""
    y, x = np.mgrid[0:side, 0:side].astype(np.float32)
    drawn = np.zeros((len(ends), side, side), dtype=np.float32)
    for stroke in range(ends.shape[1]):
        (y0, x0), (y1, x1) = (ends[:, stroke, end].T[:, :, None, None] for end in (0, 1))
        dy, dx = y1 - y0, x1 - x0
        along = ((y - y0) * dy + (x - x0) * dx) / np.maximum(dy * dy + dx * dx, 1)
        along = np.clip(along, 0, 1)
        away = np.sqrt((y - y0 - along * dy) ** 2 + (x - x0 - along * dx) ** 2)
        np.maximum(drawn, np.clip(width[:, None, None] - away, 0, 1), out=drawn)
    return drawn


def _light(n: int, side: int, rng: np.random.Generator) -> NDArray[np.float32]:
    """A slope of light and a round blob, 0 to 0.5."""
    y, x = np.mgrid[0:side, 0:side].astype(np.float32) / side
    angle, slope = rng.uniform(0, 2 * np.pi, n), rng.uniform(0, 0.2, n)
    across = np.cos(angle)[:, None, None] * (y - 0.5) + np.sin(angle)[:, None, None] * (x - 0.5)
    where, size = rng.uniform(0, 1, (2, n, 1, 1)), rng.uniform(0.08, 0.25, (n, 1, 1))
    strength = rng.uniform(0, 0.3, (n, 1, 1))
    blob = strength * np.exp(-((y - where[0]) ** 2 + (x - where[1]) ** 2) / (2 * size**2))
    light: NDArray[np.float32] = (slope[:, None, None] * (across + 0.5) + blob).astype(np.float32)
    return light


def drawings(n: int, rng: np.random.Generator, *, side: int = 28) -> NDArray[np.uint8]:
    """Distinct images, shape (n, side, side), grey levels 0 to 255."""
    kinds = rng.uniform(0.15, 0.85, (KINDS, STROKES, 2, 2))
    drawn = np.empty((n, side, side), dtype=np.uint8)
    for start in range(0, n, BLOCK):
        few = min(BLOCK, n - start)
        ends = kinds[rng.integers(0, KINDS, few)] + rng.normal(0, 0.05, (few, STROKES, 2, 2))
        width = (rng.uniform(1.2, 2.4, few) * side / 28).astype(np.float32)
        ink = _strokes((ends * side).astype(np.float32), width, side)
        light = _light(few, side, rng)
        drawn[start : start + few] = np.round(255 * np.maximum(ink, light))
    return drawn


def near_copies(
    images: NDArray[np.uint8], rng: np.random.Generator, *, levels: int = 3
) -> NDArray[np.uint8]:
    """The same images, each pixel moved by at most some grey levels."""
    noise = rng.integers(-levels, levels + 1, images.shape)
    noisy: NDArray[np.uint8] = np.clip(images + noise, 0, 255).astype(np.uint8)
    return noisy


def shifted_copies(
    images: NDArray[np.uint8], rng: np.random.Generator, *, pixels: int = 1
) -> NDArray[np.uint8]:
    """The same images, each moved in one of eight directions; its edge is repeated."""
    height, width = images.shape[1:]
    wide = np.pad(images, ((0, 0), (pixels, pixels), (pixels, pixels)), mode="edge")
    steps = [(dy, dx) for dy in range(2 * pixels + 1) for dx in range(2 * pixels + 1)]
    moves = [step for step in steps if step != (pixels, pixels)]
    chosen = [moves[int(number)] for number in rng.integers(0, len(moves), len(images))]
    moved: list[NDArray[np.uint8]] = [
        wide[i, down : down + height, right : right + width]
        for i, (down, right) in enumerate(chosen)
    ]
    return np.stack(moved)
