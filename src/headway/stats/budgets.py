"""How often a set can be looked at before its numbers no longer hold together."""

from __future__ import annotations

from math import floor, log, sqrt
from typing import Final

from scipy.special import ndtr

from headway.errors import CountError
from headway.stats.defaults import LEVEL
from headway.stats.quantiles import checked_level, checked_positive, normal_quantile

__all__ = [
    "MANY",
    "TEST_LOOKS",
    "growth_for_looks",
    "hoeffding_half_width",
    "level_per_look",
    "most_looks",
    "simultaneous_half_width",
]

TEST_LOOKS: Final = 3
"""Looks at one test set for each release."""

MANY: Final = 10**12
"""Looks beyond which nobody counts."""


def _looks(k: int) -> int:
    """A number of looks."""
    if not k >= 1:
        raise CountError.outside("looks", k, "at least one look")
    return k


def _critical(k: int, level: float) -> float:
    """Standard errors either way that hold for k looks at once."""
    return -normal_quantile((1 - checked_level(level)) / (2 * _looks(k)))


def simultaneous_half_width(se: float, k: int, *, level: float = LEVEL) -> float:
    """Half the width of a band that holds for k models at once, listed before any was measured.

    Args:
        se: Standard error of one of them, at least 0.
        k: Models, at least 1.
        level: Level of the whole band, in (0, 1).

    Returns:
        In the unit of the standard error, at least 0.

    Raises:
        CountError: If a number is outside its range.

    Examples:
        >>> round(simultaneous_half_width((0.05 * 0.95 / 10_000) ** 0.5, 100), 4)
        0.0076

    References:
        Methods note, section 5.3.
        Notes: week 1, "Size of the dev and test sets".
    """
    return _critical(k, level) * se


def hoeffding_half_width(n: float, k: int, *, level: float = LEVEL) -> float:
    """The same band for any errors at all: it needs no standard error and is far wider.

    Args:
        n: Examples, above 0.
        k: Models, at least 1.
        level: Level of the whole band, in (0, 1).

    Returns:
        A fraction.

    Raises:
        CountError: If a number is outside its range.

    Examples:
        >>> round(hoeffding_half_width(10_000, 100), 4)
        0.0204

    References:
        Hoeffding (1963), Journal of the American Statistical Association 58, 13-30.
        Methods note, section 5.3.
        Notes: week 1, "Size of the dev and test sets".
    """
    missed = 1 - checked_level(level)
    return sqrt(log(2 * _looks(k) / missed) / (2 * checked_positive("n", n)))


def most_looks(se: float, tolerance: float, *, level: float = LEVEL) -> int:
    """The most models, listed before any was measured, whose errors all lie within a tolerance.

    Args:
        se: Standard error of one of them, at least 0.
        tolerance: How far a measured error may lie off, above 0.
        level: Level at which all of them hold, in (0, 1).

    Returns:
        Their number, at most ``MANY``; 0 where the set is too small for a single one.

    Raises:
        CountError: If a number is outside its range.

    Examples:
        >>> se = (0.05 * 0.95 / 10_000) ** 0.5
        >>> most_looks(se, 0.005), most_looks(se, 0.0075)
        (2, 86)

    References:
        Methods note, section 5.3.
        Notes: week 1, "Size of the dev and test sets".
    """
    room, missed = checked_positive("tolerance", tolerance), 1 - checked_level(level)
    tail = 2 * float(ndtr(-room / se)) if se else 0.0
    return MANY if tail * MANY <= missed else floor(missed / tail)


def growth_for_looks(se: float, k: int, tolerance: float, *, level: float = LEVEL) -> float:
    """How many times as many examples bring k models, listed beforehand, within a tolerance.

    Args:
        se: Standard error of one of them now, at least 0.
        k: Models, at least 1.
        tolerance: How far a measured error may lie off, above 0.
        level: Level at which all of them hold, in (0, 1).

    Returns:
        The factor; at most 1 where there are enough examples now.

    Raises:
        CountError: If a number is outside its range.

    Examples:
        >>> round(10_000 * growth_for_looks((0.05 * 0.95 / 10_000) ** 0.5, 200, 0.005))
        25483

    References:
        Methods note, section 5.3.
        Notes: week 1, "Size of the dev and test sets".
    """
    room = checked_positive("tolerance", tolerance)
    return (simultaneous_half_width(se, k, level=level) / room) ** 2


def level_per_look(level: float = LEVEL, looks: int = TEST_LOOKS) -> float:
    """The level of each of several looks at a test set that hold together at one level.

    Args:
        level: Level of all of them together, in (0, 1).
        looks: Looks that are allowed, at least 1.

    Returns:
        The level of one look.

    Raises:
        CountError: If a number is outside its range.

    Examples:
        >>> round(level_per_look(0.95, 3), 4)
        0.9833

    References:
        Methods note, section 5.6.
        Notes: week 1, "Size of the dev and test sets".
    """
    return 1 - (1 - checked_level(level)) / _looks(looks)
