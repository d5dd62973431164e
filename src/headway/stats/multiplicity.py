"""Many questions at once: p-values adjusted for how many were asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from headway.errors import CountError

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

__all__ = ["benjamini_hochberg", "holm"]


def _checked(p_values: ArrayLike) -> NDArray[np.float64]:
    """The p-values as an array, if they are some."""
    p = np.asarray(p_values, dtype=np.float64).ravel()
    if not ((p >= 0) & (p <= 1)).all():
        raise CountError.outside("p", p.tolist(), "numbers in [0, 1]")
    return p


def benjamini_hochberg(p_values: ArrayLike) -> NDArray[np.float64]:
    """P-values adjusted so that few of those found are false.

    Of the questions whose adjusted value is at most q, a share of at most q is expected to be
    answered wrongly; where nothing is there to be found, the chance of finding anything is q.

    Args:
        p_values: One p-value per question, each in [0, 1]. Shape (n,).

    Returns:
        Adjusted values, each in [0, 1], in the same order. Shape (n,).

    Raises:
        CountError: If a value is outside [0, 1].

    Examples:
        >>> benjamini_hochberg([0.2, 0.03, 0.6, 0.01]).round(3).tolist()
        [0.267, 0.06, 0.6, 0.04]

    References:
        Benjamini and Hochberg (1995), Journal of the Royal Statistical Society B 57, 289-300.
        Methods note, section 4.5.
    """
    p = _checked(p_values)
    order = np.argsort(p)[::-1]
    raised = p[order] * p.size / np.arange(p.size, 0, -1)
    adjusted = np.empty_like(p)
    adjusted[order] = np.minimum(np.minimum.accumulate(raised), 1.0)
    return adjusted


def holm(p_values: ArrayLike) -> NDArray[np.float64]:
    """P-values adjusted so that probably none of those found is false.

    Args:
        p_values: One p-value per question, each in [0, 1]. Shape (n,).

    Returns:
        Adjusted values, each in [0, 1], in the same order; the chance of any at or below q where
        nothing is there is at most q. Shape (n,).

    Raises:
        CountError: If a value is outside [0, 1].

    Examples:
        >>> holm([0.2, 0.03, 0.6, 0.01]).round(2).tolist()
        [0.4, 0.09, 0.6, 0.04]

    References:
        Holm (1979), Scandinavian Journal of Statistics 6, 65-70.
        Methods note, section 3.9.
    """
    p = _checked(p_values)
    order = np.argsort(p)
    raised = p[order] * np.arange(p.size, 0, -1)
    adjusted = np.empty_like(p)
    adjusted[order] = np.minimum(np.maximum.accumulate(raised), 1.0)
    return adjusted
