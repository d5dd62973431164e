"""The register of defaults: every constant that decides an answer, in one place.

Each report prints the ones it used. They are arguments everywhere and only their default values
live here. Source: the methods note, section 0.13.
"""

from __future__ import annotations

from typing import Final

__all__ = [
    "ALPHA_FOCUS",
    "DRAWS",
    "GAMMA",
    "LEVEL",
    "MIN_CLUSTERS",
    "MIN_N_EFF",
    "WEIGHT_LEVELS",
    "default_margin",
]

LEVEL: Final = 0.95
"""Level of two-sided intervals."""

GAMMA: Final = 0.90
"""Probability needed to rank gaps."""

ALPHA_FOCUS: Final = 0.04
"""Family-wise one-sided error of the focus; keeps false focus at 5 % or less."""

DRAWS: Final = 10_000
"""Posterior or bootstrap draws."""

MIN_CLUSTERS: Final = 6
"""Clusters needed for an interval; below 20 it carries a warning."""

MIN_N_EFF: Final = 10.0
"""Effective examples needed for a verdict."""

WEIGHT_LEVELS: Final = 50
"""Most distinct weights for which the nested posterior is used."""


def default_margin(last_error: float, *, is_rate: bool = True) -> float:
    """The smallest gap that matters, where the project has not set one.

    Args:
        last_error: Error of the last rung, a fraction, or a loss in its own unit.
        is_rate: Whether it is a fraction.

    Returns:
        A tenth of the last error; for a fraction, at least 0.0005.

    Examples:
        >>> round(default_margin(0.10), 6), default_margin(0.001)
        (0.01, 0.0005)

    References:
        Methods note, section 0.13.
        Notes: week 1, "Avoidable bias" ("about equal").
    """
    return max(0.0005 if is_rate else 0.0, 0.10 * last_error)
