"""Pictures in files, read with Pillow a block at a time."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from headway.errors import EngineError, SourceError

try:
    from PIL import Image, ImageOps
except ImportError:
    Image = None  # type: ignore[assignment]

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

__all__ = ["pictures"]

SIDE: Final = 32
"""Side to which pictures are averaged down: the one at which they are compared."""

BLOCK: Final = 4096
"""Pictures that are read at once."""

DRAFT: Final = 8
"""How much larger than that a JPEG is decoded at least."""


def _picture(path: str | Path, side: int) -> NDArray[np.float32]:
    """One picture, grey and small, as it is seen after its orientation mark."""
    if not Path(path).exists():
        raise SourceError.no_picture(str(path), "there is no such file")
    try:
        with Image.open(path) as image:
            image.draft("L", (DRAFT * side, DRAFT * side))
            upright = ImageOps.exif_transpose(image)
            grey = upright if upright.mode[0] in "IF" else upright.convert("L")
            small = grey.convert("F").resize((side, side), Image.Resampling.BOX)
            return np.asarray(small, dtype=np.float32)
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as fault:
        raise SourceError.no_picture(str(path), "Pillow cannot read it") from fault


def pictures(paths: Sequence[str | Path], *, side: int = SIDE) -> Iterator[NDArray[np.float32]]:
    """The pictures in files, as ``near_images`` takes them.

    Args:
        paths: Files of any format that Pillow reads; of a film, the first picture is taken.
        side: Height and width to which each is brought, in pixels, at least 1.

    Returns:
        Blocks of brightness, shape (n, side, side), 0 to 255 where the file has 8 bits.

    Raises:
        EngineError: If Pillow is not installed.
        SourceError: If a file is missing or is no picture.

    Examples:
        >>> list(pictures([]))
        []

    References:
        Methods note, section 4.6.
    """
    if Image is None:
        raise EngineError.missing("Pillow", "pictures in files", "media")
    return _blocks(paths, side)


def _blocks(paths: Sequence[str | Path], side: int) -> Iterator[NDArray[np.float32]]:
    """The pictures, a block at a time."""
    for start in range(0, len(paths), BLOCK):
        yield np.stack([_picture(path, side) for path in paths[start : start + BLOCK]])
