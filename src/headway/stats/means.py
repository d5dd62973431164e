"""Limits and draws of the mean of a continuous loss, from its moments alone.

Student's t where the losses are nearly symmetric or many. Where they are skewed and few, Hall's
transformation of t corrects for the skewness, so that no row and no bootstrap is needed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.special import stdtrit

from headway.errors import CountError

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

__all__ = [
    "examples_for_t",
    "is_skewed",
    "mean_draws",
    "mean_limits",
    "r_squared",
    "unskewed",
]


def examples_for_t(skew: float) -> float:
    """How many examples Student's t needs at a given skewness of the losses.

    Args:
        skew: Skewness of the losses, any number.

    Returns:
        25 times its square, not rounded.

    Examples:
        >>> examples_for_t(2.0)
        100.0

    References:
        Cochran (1977), Sampling Techniques, 3rd edition, section 2.15.
        Methods note, section 1.6.
    """
    return 25 * skew**2


def is_skewed(skew: float | None, n: float) -> bool:
    """Whether the losses are too skewed for Student's t.

    Args:
        skew: Skewness of the losses, or None where it is not known.
        n: Number of (effective) examples.

    Returns:
        True where ``n`` is below 25 times the squared skewness.

    Examples:
        >>> is_skewed(2.0, 50), is_skewed(0.5, 1000), is_skewed(None, 5)
        (True, False, False)

    References:
        Cochran (1977), Sampling Techniques, 3rd edition, section 2.15.
        Methods note, section 1.6.
    """
    return skew is not None and n < examples_for_t(skew)


def unskewed(t: ArrayLike, n: float, skew: float) -> NDArray[np.float64]:
    """Values of t at which Hall's transformation of t takes the given values.

    The transformation is ``t + skew (2 t^2 + 1) / (6 sqrt(n)) + skew^2 t^3 / (27 n)``: a monotone
    cubic whose distribution is that of Student's t to the next order.

    Args:
        t: Values of the transformed statistic.
        n: Number of (effective) examples, at least 2.
        skew: Skewness of the losses, not 0.

    Returns:
        Values of the ordinary statistic, of the shape of ``t``.

    Examples:
        >>> unskewed([-2.0, 2.0], 50, 2.0).round(3).tolist()
        [-2.657, 1.675]

    References:
        Hall (1992), Journal of the Royal Statistical Society B 54, 221-228.
        Methods note, section 1.6.
    """
    root = np.sqrt(n)
    inner = 1 + skew * (np.asarray(t, dtype=np.float64) / root - skew / (6 * n))
    return np.asarray(3 * root / skew * (np.cbrt(inner) - 1), dtype=np.float64)


def mean_limits(
    mean: float, se: float, critical: float, *, n: float = 2, skew: float | None = None
) -> tuple[float, float]:
    """Limits of a mean.

    Args:
        mean: The mean, in the unit of the loss.
        se: Its standard error, at least 0, in the same unit.
        critical: Critical value of Student's t, above 0.
        n: Number of (effective) examples, at least 2; used with ``skew`` only.
        skew: Skewness of the losses where Hall's transformation is wanted, else None.

    Returns:
        Lower and upper limit, in the unit of the loss.

    Examples:
        >>> mean_limits(0.5, 0.25, 2.0)
        (0.0, 1.0)
        >>> lower, upper = mean_limits(0.5, 0.25, 2.0, n=50, skew=2.0)
        >>> round(lower, 3), round(upper, 3)
        (0.081, 1.164)

    References:
        Hall (1992), Journal of the Royal Statistical Society B 54, 221-228.
        Methods note, section 1.6.
    """
    if skew is None:
        return mean - critical * se, mean + critical * se
    low, high = unskewed([-critical, critical], n, skew).tolist()
    return mean - high * se, mean - low * se


def mean_draws(
    mean: float, se: float, *, df: float, uniform: NDArray[np.float64], skew: float | None, n: float
) -> NDArray[np.float64]:
    """Draws of a mean whose quantiles are its limits.

    Args:
        mean: The mean, in the unit of the loss.
        se: Its standard error, at least 0, in the same unit.
        df: Degrees of freedom of Student's t, above 0.
        uniform: Draws of a uniform variable in (0, 1).
        skew: Skewness of the losses where Hall's transformation is wanted, else None.
        n: Number of (effective) examples; used with ``skew`` only.

    Returns:
        One draw for each of ``uniform``, in the unit of the loss.

    Examples:
        >>> mean_draws(0.5, 0.25, df=9, uniform=np.array([0.5]), skew=None, n=10).tolist()
        [0.5]

    References:
        Hall (1992), Journal of the Royal Statistical Society B 54, 221-228.
        Methods note, sections 0.9 and 1.6.
    """
    t = np.asarray(stdtrit(df, uniform), dtype=np.float64)
    return mean - se * (t if skew is None else unskewed(t, n, skew))


def r_squared(n: int, sum_y: float, sum_y2: float, sum_squared_error: float) -> float:
    """The share of a label's variance that a regression explains, for display.

    Args:
        n: Number of examples, at least 2.
        sum_y: Sum of the labels.
        sum_y2: Sum of their squares.
        sum_squared_error: Sum of the squared errors of the predictions, at least 0.

    Returns:
        1 for perfect predictions, 0 for those no better than the mean, negative for worse ones.

    Raises:
        CountError: If all labels are equal, so that there is nothing to explain.

    Examples:
        >>> round(r_squared(6, 21.0, 91.0, 0.55), 4)
        0.9686

    References:
        Methods note, section 1.6.
    """
    total = sum_y2 - sum_y**2 / n
    if not total > 0:
        raise CountError.outside("variance of the labels", total, "labels that are not all equal")
    return 1 - sum_squared_error / total
