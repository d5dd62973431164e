"""The rows of one split as a user holds them: inputs and labels of one length."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from headway.errors import SourceError
from headway.studies.outputs import column

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["length", "pair"]


def length(inputs: Any) -> int:  # noqa: ANN401  anything with rows
    """Rows of an array, a sparse matrix, a frame or a list.

    Examples:
        >>> length([[1, 2], [3, 4], [5, 6]])
        3
    """
    shape = getattr(inputs, "shape", None)
    return int(shape[0]) if shape else len(inputs)


def pair(part: Any, split: str) -> tuple[Any, NDArray[np.generic] | None]:  # noqa: ANN401
    """Inputs and labels of one split.

    Args:
        part: A tuple or list of inputs and labels; the labels may be None in ``field``.
        split: Name of the split.

    Returns:
        The inputs as they came, and one label per row, shape (n,), or None.

    Raises:
        SourceError: If it is no such pair, holds no rows, or its lengths differ.

    Examples:
        >>> inputs, label = pair(([[0.1], [0.2]], ["cat", "dog"]), "dev")
        >>> label.tolist()
        ['cat', 'dog']
    """
    if not isinstance(part, tuple | list):
        raise SourceError.no_pair(split, type(part).__name__)
    if len(part) != 2:
        raise SourceError.no_pair(split, f"{len(part)} values")
    inputs, n = part[0], length(part[0])
    if n == 0:
        raise SourceError.no_examples(split)
    if part[1] is None and split == "field":
        return inputs, None
    if part[1] is None:
        raise SourceError.no_pair(split, "inputs without labels")
    label = column(part[1])
    label = label[:, 0] if label.shape[1:] == (1,) else label
    if label.ndim != 1:
        raise SourceError.no_pair(split, f"labels of shape {label.shape}")
    if len(label) != n:
        raise SourceError.lengths(split, "examples", n, "labels", len(label))
    return inputs, label
