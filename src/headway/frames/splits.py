"""The parts of the data under the names that people give them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from headway.counts import SPLITS
from headway.errors import SplitError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from headway.counts import Scalar

__all__ = ["USUAL_SPLITS", "split_of", "splits_of"]

USUAL_SPLITS: Final = {
    "training": "train",
    "traindev": "train_dev",
    "training_dev": "train_dev",
    "val": "dev",
    "valid": "dev",
    "validation": "dev",
    "eval": "dev",
    "evaluation": "dev",
    "holdout": "dev",
    "hold_out": "dev",
    "development": "dev",
    "prod": "field",
    "production": "field",
    "real_world": "field",
}
"""Usual names of splits; a hold-out set is a dev set, as in the notes."""


def split_of(name: Scalar) -> str | None:
    """The split that a name means, or None where it is not known.

    Args:
        name: A value of the split column; case, spaces and hyphens do not matter.

    Returns:
        One of ``SPLITS``, or None.

    Examples:
        >>> split_of("Validation"), split_of("train-dev"), split_of("fold 3")
        ('dev', 'train_dev', None)

    References:
        Notes: week 1, "Train/dev/test distributions".
    """
    plain = str(name).strip().lower().replace("-", "_").replace(" ", "_")
    return plain if plain in SPLITS else USUAL_SPLITS.get(plain)


def splits_of(names: Iterable[Scalar]) -> dict[Scalar, str]:
    """The split of each name that is known.

    Args:
        names: Distinct values of the split column.

    Returns:
        Per known name, its split.

    Raises:
        SplitError: If two names mean the same split.
    """
    known = {name: split for name in names if (split := split_of(name)) is not None}
    for split in known.values():
        same = [str(name) for name, other in known.items() if other == split]
        if len(same) > 1:
            raise SplitError.two_names(split, sorted(same))
    return known
