"""Clean scans of digits to train on, and photographs of other digits to meet.

The scans are scikit-learn's. The photographs are simulated: each held-out digit is turned, shifted,
blurred, shaded and made noisy once, so every row is another digit and rows stay independent.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from headway.errors import CountError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

__all__ = ["SIZES", "Digits", "digits", "photograph"]

SIZES: Final = {"train": 700, "train_dev": 250, "dev": 420, "test": 220, "field": 207}
"""Digits in each split: 1,797 together, none in two of them."""

FIELD_HARSHNESS: Final = 1.1
"""Users hold the camera a little worse than the team did."""

SIDE: Final = 8
"""Pixels along each side of an image."""

TURN: Final = 15.0
"""Largest rotation of a photograph, in degrees."""

SHIFT: Final = 0.4
"""Largest shift of a photograph along each axis, in pixels."""

_BLUR: Final = {"sharp": 0.30, "soft": 0.45, "strong": 0.60}
_SHADOW: Final = {"faint": 0.10, "clear": 0.20, "deep": 0.30}
_LIGHT: Final = {"bright": 0.03, "dim": 0.06}
_UPRIGHT_DEGREES: Final = 5.0
_FROM: Final = ("left", "right", "top", "bottom")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Digits:
    """Images of digits by split: scans in ``train`` and ``train_dev``, photographs elsewhere.

    Args:
        images: Per split, ink from 0 to 1. Shape (n, 8, 8).
        label: Per split, the digit. Shape (n,), integers 0 to 9.
        index: Per split, the position of the scan in scikit-learn's set. Shape (n,).
        scans: Per split, the image before it was photographed. Shape (n, 8, 8).
        metadata: Per split, columns that say how each photograph came out; empty for scans.
    """

    images: Mapping[str, NDArray[np.float64]]
    label: Mapping[str, NDArray[np.int64]]
    index: Mapping[str, NDArray[np.int64]]
    scans: Mapping[str, NDArray[np.float64]]
    metadata: Mapping[str, Mapping[str, list[str]]]


def digits(rng: np.random.Generator) -> Digits:
    """The splits of the demo: which digits they hold and how these were photographed.

    Args:
        rng: Shuffles the digits and moves the camera.

    Returns:
        Five splits of the sizes of ``SIZES``.

    Examples:
        >>> found = digits(np.random.default_rng(0))
        >>> found.images["dev"].shape, found.metadata["train"]
        ((420, 8, 8), {})

    References:
        Alpaydin and Kaynak (1998), Optical Recognition of Handwritten Digits, UCI.
        Notes: week 2, "Bias and variance with mismatched data distributions".
    """
    from sklearn.datasets import load_digits  # every other command starts without it

    bundled = load_digits()
    order = rng.permutation(len(bundled.target))
    ends = np.cumsum(list(SIZES.values()))[:-1]
    index = dict(zip(SIZES, np.split(order, ends), strict=True))
    scans = {split: bundled.images[rows] / 16.0 for split, rows in index.items()}
    images, metadata = dict(scans), {split: dict[str, list[str]]() for split in SIZES}
    for split in ("dev", "test", "field"):
        harshness = FIELD_HARSHNESS if split == "field" else 1.0
        images[split], metadata[split] = photograph(scans[split], rng, harshness=harshness)
    label = {split: bundled.target[rows].astype(np.int64) for split, rows in index.items()}
    return Digits(images=images, label=label, index=index, scans=scans, metadata=metadata)


def photograph(
    images: NDArray[np.float64], rng: np.random.Generator, *, harshness: float = 1.0
) -> tuple[NDArray[np.float64], dict[str, list[str]]]:
    """Each image as a phone camera might see it, once, with words for how it came out.

    Args:
        images: Ink from 0 to 1. Shape (n, 8, 8).
        rng: Moves the camera.
        harshness: Factor on every disturbance, at least 0; at 0 nothing changes.

    Returns:
        The photographs, shape (n, 8, 8), ink from 0 to 1 in steps of 1/16 as in the scans, and the
        columns ``tilt``, ``blur``, ``shadow``, ``shadow_from`` and ``light``.

    Raises:
        CountError: If ``harshness`` is negative or the images are not 8 by 8.

    Examples:
        >>> rng = np.random.default_rng(0)
        >>> photos, how = photograph(np.zeros((2, 8, 8)), rng)
        >>> photos.shape, sorted(how)
        ((2, 8, 8), ['blur', 'light', 'shadow', 'shadow_from', 'tilt'])

    References:
        Notes: week 2, "Addressing data mismatch".
    """
    if harshness < 0:
        raise CountError.outside("harshness", harshness, "a factor, at least 0")
    if images.ndim != 3 or images.shape[1:] != (SIDE, SIDE):
        raise CountError.outside("the shape of the images", images.shape, "(n, 8, 8)")
    n = len(images)
    degrees = rng.uniform(-TURN, TURN, n) * harshness
    shift = rng.uniform(-SHIFT, SHIFT, (2, n)) * harshness
    blur, shadow, light = (rng.choice(list(levels), n) for levels in (_BLUR, _SHADOW, _LIGHT))
    side = rng.integers(0, len(_FROM), n)
    seen = _turned(images, degrees, shift)
    seen = _blurred(seen, _amounts(_BLUR, blur) * harshness)
    seen = _shaded(seen, _amounts(_SHADOW, shadow) * harshness, side)
    noise = rng.normal(0.0, 1.0, seen.shape) * _amounts(_LIGHT, light)[:, None, None]
    return np.round(np.clip(seen + noise * harshness, 0.0, 1.0) * 16) / 16, {
        "tilt": [_tilt(angle) for angle in degrees],
        "blur": blur.tolist(),
        "shadow": shadow.tolist(),
        "shadow_from": [_FROM[at] for at in side],
        "light": light.tolist(),
    }


def _amounts(levels: Mapping[str, float], chosen: NDArray[np.str_]) -> NDArray[np.float64]:
    """The strength behind each word."""
    return np.array([levels[word] for word in chosen])


def _tilt(degrees: float) -> str:
    """A word for an angle; positive angles turn clockwise."""
    if abs(degrees) < _UPRIGHT_DEGREES:
        return "upright"
    return "clockwise" if degrees > 0 else "counterclockwise"


def _turned(
    images: NDArray[np.float64], degrees: NDArray[np.float64], shift: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Images turned about their middle and shifted, read bilinearly; outside lies blank paper."""
    middle, pad = (SIDE - 1) / 2, 4
    angle = np.deg2rad(degrees)[:, None, None]
    y, x = np.mgrid[0:SIDE, 0:SIDE] - middle
    right, down = x - shift[0][:, None, None], y - shift[1][:, None, None]
    source_x = np.cos(angle) * right + np.sin(angle) * down + middle + pad
    source_y = -np.sin(angle) * right + np.cos(angle) * down + middle + pad
    last = SIDE + 2 * pad - 2
    left = np.clip(np.floor(source_x).astype(np.int64), 0, last)
    top = np.clip(np.floor(source_y).astype(np.int64), 0, last)
    share_x, share_y = np.clip(source_x - left, 0, 1), np.clip(source_y - top, 0, 1)
    paper = np.pad(images, ((0, 0), (pad, pad), (pad, pad)))
    image = np.arange(len(images))[:, None, None]
    upper = (1 - share_x) * paper[image, top, left] + share_x * paper[image, top, left + 1]
    lower = (1 - share_x) * paper[image, top + 1, left] + share_x * paper[image, top + 1, left + 1]
    mixed: NDArray[np.float64] = (1 - share_y) * upper + share_y * lower
    return mixed


def _blurred(images: NDArray[np.float64], width: NDArray[np.float64]) -> NDArray[np.float64]:
    """Images under a Gaussian blur, each of its own width in pixels."""
    reach = np.arange(-2, 3)
    kernel = np.exp(-(reach**2) / (2 * np.maximum(width, 1e-3)[:, None] ** 2))
    kernel /= kernel.sum(axis=1, keepdims=True)
    for axis in (1, 2):
        padding = [(0, 0), (0, 0), (0, 0)]
        padding[axis] = (2, 2)
        paper = np.pad(images, padding)
        images = sum(
            kernel[:, at, None, None] * np.take(paper, range(at, at + SIDE), axis=axis)
            for at in range(len(reach))
        )
    return images


def _shaded(
    images: NDArray[np.float64], depth: NDArray[np.float64], side: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Images with a shadow that falls in from one side: there, paper looks like ink."""
    ramp = np.tile(np.linspace(1.0, 0.0, SIDE), (SIDE, 1))
    ramps = np.stack([ramp, ramp[:, ::-1], ramp.T, ramp.T[::-1]])
    shadow = depth[:, None, None] * ramps[side]
    return images * (1 - shadow) + shadow
