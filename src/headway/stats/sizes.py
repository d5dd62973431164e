"""What sets of a given size can show, and the sizes that are usual."""

from __future__ import annotations

from math import log, sqrt
from typing import Final

from headway.stats.defaults import LEVEL
from headway.stats.quantiles import (
    checked_level,
    checked_positive,
    checked_rate,
    critical_value,
    normal_quantile,
)

__all__ = ["detectable_difference", "rule_of_thumb"]

SMALL_SET: Final = 10_000
"""Up to so many examples the notes advise 60/20/20."""

LARGE_SET: Final = 1_000_000
"""At so many examples the notes advise 98/1/1."""

LARGE_DEV: Final = 10_000
"""Dev examples that settle a difference of half a point; more are seldom needed."""


def detectable_difference(
    discordance: float, n: int, *, level: float = LEVEL, power: float = 0.80
) -> float:
    """The smallest difference of two models that a set of examples is likely to show.

    Args:
        discordance: Share of the examples on which they differ in being right, above 0.
        n: Number of examples, at least 1.
        level: Level of the two-sided interval that is to exclude zero, a fraction in (0, 1).
        power: Probability of showing it, a fraction in (0, 1).

    Returns:
        The difference of their error rates, a fraction; at most the discordance.

    Raises:
        CountError: If a number is outside its range.

    Examples:
        >>> round(detectable_difference(0.04, 2500), 4)
        0.0112

    References:
        Connor (1987), Biometrics 43, 207-211.
        Methods note, section 3.6.
        Notes: week 1, "Size of the dev and test sets".
    """
    share = checked_positive("discordance", checked_rate("discordance", discordance))
    z_level, z_power = critical_value(level), normal_quantile(checked_level(power))
    # sqrt(n) d = z_a sqrt(psi) + z_b sqrt(psi - d^2), solved for d.
    total = checked_positive("n", n) + z_power**2
    null = z_level * sqrt(share * n)
    rest = null**2 - total * share * (z_level**2 - z_power**2)
    return min(share, (null + sqrt(max(0.0, rest))) / total)


def rule_of_thumb(n: int) -> dict[str, float]:
    """The fractions that the notes advise for train, dev and test, for context.

    A fifth each for dev and test up to 10,000 examples, a hundredth each at a million. Between
    them dev and test grow from 2,000 to 10,000 examples, evenly on a logarithmic scale; beyond,
    they stay at 10,000. Sizes come from the precision that is needed; this is what they are
    compared with.

    Args:
        n: Number of examples of all parts together, at least 1.

    Returns:
        Fractions of ``train``, ``dev`` and ``test``, which add up to one.

    Raises:
        CountError: If ``n`` is not above 0.

    Examples:
        >>> rule_of_thumb(10_000)
        {'train': 0.6, 'dev': 0.2, 'test': 0.2}
        >>> rule_of_thumb(1_000_000)
        {'train': 0.98, 'dev': 0.01, 'test': 0.01}

    References:
        Methods note, section 4.2.
        Notes: week 1, "Size of the dev and test sets".
    """
    small = SMALL_SET / 5
    share = log(max(checked_positive("n", n), SMALL_SET) / SMALL_SET) / log(LARGE_SET / SMALL_SET)
    dev = small * (LARGE_DEV / small) ** min(1.0, share) / max(n, SMALL_SET)
    dev = round(dev, 12)
    return {"train": round(1 - 2 * dev, 12), "dev": dev, "test": dev}
