"""How sure it is that a metric keeps a limit, and how much more data would show it."""

from __future__ import annotations

from math import inf, sqrt
from typing import TYPE_CHECKING, Final

import numpy as np
from scipy.special import betainc, gammainc

from headway.errors import CountError
from headway.stats.defaults import DRAWS
from headway.stats.forms import Binomial, Effective, Fixed
from headway.stats.measured import draws
from headway.stats.quantiles import (
    checked_level,
    checked_positive,
    checked_rate,
    gamma_quantile,
)

if TYPE_CHECKING:
    from headway.stats.composites import Poisson
    from headway.stats.forms import Measured

__all__ = [
    "GAMMA_FEASIBLE",
    "exposure_to_prove",
    "n_to_prove",
    "probability_of_rate",
    "probability_within",
]

GAMMA_FEASIBLE: Final = 0.95
"""Probability needed to call a limit kept."""

LASTING: Final = 200
"""Sizes in a row that must all do, as the whole number of errors jumps from one to the next."""

WIDEST: Final = 200_000
"""Most sizes looked at one by one; beyond, the jumps are too small to matter."""

MANY_DRAWS: Final = 100_000
"""Draws near the threshold."""

MOST_EXAMPLES: Final = 2**53
"""More examples than anyone has."""

SLACK: Final = 1e-12
"""A declared number that equals its limit keeps it, whatever its last digit."""


def probability_within(
    m: Measured, bound: float, *, at_most: bool, rng: np.random.Generator, n_draws: int = DRAWS
) -> float:
    """The probability that a metric keeps a limit.

    Args:
        m: The metric, in any form.
        bound: The limit, in the unit of the metric.
        at_most: Whether the metric must not exceed the limit; else it must not fall below it.
        rng: Source of randomness, for forms without a closed form.
        n_draws: Number of draws, at least 1; ten times as many near 0.05 and 0.95.

    Returns:
        A fraction in [0, 1]: of the posterior with Jeffreys' prior; 0 or 1 for a declared number.

    Examples:
        >>> rng = np.random.default_rng(0)
        >>> seen = Binomial(n_errors=15, n=1000)
        >>> round(probability_within(seen, 0.02, at_most=True, rng=rng), 4)
        0.8735

    References:
        Methods note, section 3.2.
        Notes: week 1, "Satisficing and Optimizing metric".
    """
    match m:
        case Fixed():
            slack = SLACK * max(1.0, abs(bound))
            kept = m.value <= bound + slack if at_most else m.value >= bound - slack
            return float(kept)
        case Effective(n_eff=n_eff) if n_eff == inf:
            return float(m.rate <= bound if at_most else m.rate >= bound)
        case Binomial():
            below = _beta_below(m.n_errors, m.n, bound)
        case Effective():
            below = _beta_below(m.rate * m.n_eff, m.n_eff, bound)
        case _:
            below = _drawn_below(m, bound, n_draws, rng)
    return below if at_most else 1 - below


def _beta_below(n_errors: float, n: float, bound: float) -> float:
    """The probability that a rate lies below a bound."""
    clipped = min(max(bound, 0.0), 1.0)
    return float(betainc(n_errors + 0.5, n - n_errors + 0.5, clipped))


def _drawn_below(m: Measured, bound: float, n_draws: int, rng: np.random.Generator) -> float:
    """The share of draws below a bound; of more draws near a threshold."""
    share = float((draws(m, n_draws, rng) <= bound).mean())
    noise = 3 * sqrt(max(share * (1 - share), 1 / n_draws) / n_draws)
    near = min(abs(share - GAMMA_FEASIBLE), abs(share - (1 - GAMMA_FEASIBLE)))
    if near < noise and n_draws < MANY_DRAWS:
        return float((draws(m, MANY_DRAWS, rng) <= bound).mean())
    return share


def n_to_prove(rate: float, bound: float, *, gamma: float = GAMMA_FEASIBLE) -> int | None:
    """How many examples show that a rate keeps a limit, or breaks it, if it stays as it is.

    Args:
        rate: The rate seen, a fraction in [0, 1].
        bound: The limit that it is to lie clearly below, or above: a fraction in (0, 1).
        gamma: Probability wanted, a fraction in (0, 1).

    Returns:
        The smallest number of examples from which on the probability that the rate lies on its
        side of the limit is at least ``gamma``; None where the rate is the limit.

    Raises:
        CountError: If a number is outside its range.

    Examples:
        >>> n_to_prove(0.015, 0.02)
        2173

    References:
        Methods note, section 3.2.
        Notes: week 1, "Satisficing and Optimizing metric".
    """
    if not 0 < checked_rate("limit", bound) < 1:
        raise CountError.outside("limit", bound, "a fraction in (0, 1)")
    if rate > bound:
        return n_to_prove(1 - rate, 1 - bound, gamma=gamma)
    distance = bound - checked_rate("rate", rate)
    if distance <= 0:
        return None
    checked_level(gamma)
    fewest, most = (_smooth(rate, bound, gamma, shift) for shift in (-0.5, 0.5))
    if fewest is None or most is None:
        return None
    if most - fewest > WIDEST:
        return most
    sizes = np.arange(fewest, most + LASTING)
    wrong = np.round(np.round(rate * sizes, 9))
    enough = betainc(wrong + 0.5, sizes - wrong + 0.5, bound) >= gamma
    lasting = np.lib.stride_tricks.sliding_window_view(enough, LASTING).all(axis=1)
    return fewest + int(lasting.argmax()) if lasting.any() else most


def _smooth(rate: float, bound: float, gamma: float, shift: float) -> int | None:
    """The smallest number of examples that does where the number of errors is off by a shift."""

    def does(n: int) -> bool:
        wrong = min(max(rate * n + shift, 0.0), float(n))
        return bool(betainc(wrong + 0.5, n - wrong + 0.5, bound) >= gamma)

    enough = 1
    while not does(enough):
        enough *= 2
        if enough > MOST_EXAMPLES:
            return None
    too_few = enough // 2
    while enough - too_few > 1:
        middle = (enough + too_few) // 2
        enough, too_few = (middle, too_few) if does(middle) else (enough, middle)
    return enough


def exposure_to_prove(n_events: float, bound: float, *, gamma: float = GAMMA_FEASIBLE) -> float:
    """How long to watch so that no more than these events show a rate below a limit.

    Args:
        n_events: Events seen, at least 0.
        bound: The limit, in events per unit of exposure, above 0.
        gamma: One-sided confidence, a fraction in (0, 1).

    Returns:
        Exposure, in the unit of the limit, at which the exact upper bound falls to the limit.

    Raises:
        CountError: If a number is outside its range.

    Examples:
        >>> [round(24 * exposure_to_prove(n, 1.0)) for n in (0, 1, 2)]
        [72, 114, 151]

    References:
        Garwood (1936), Biometrika 28, 437-442.
        Methods note, section 3.7.
        Notes: week 1, "Satisficing and Optimizing metric".
    """
    if not n_events >= 0:
        raise CountError.outside("n_events", n_events, "a count, at least 0")
    most = gamma_quantile(n_events + 1, checked_level(gamma))
    return float(most) / checked_positive("limit", bound)


def probability_of_rate(m: Poisson, bound: float, *, prior: float = 0.5) -> float:
    """The probability that events happen at most at a rate.

    Args:
        m: The rate seen; where its events come in bursts, it is worth fewer of them.
        bound: The limit, in events per unit of its exposure.
        prior: 1/2 for Jeffreys' prior; 1 for the exact one-sided upper bound; 0 for the lower.

    Returns:
        A fraction in [0, 1].

    Examples:
        >>> from headway.stats.composites import Poisson
        >>> round(probability_of_rate(Poisson(n_events=2, exposure=3.0), 1.0), 4)
        0.6938

    References:
        Methods note, section 3.7.
    """
    shape, exposure = m.n_events / m.dispersion + prior, m.exposure / m.dispersion
    return float(gammainc(shape, max(0.0, bound) * exposure)) if shape > 0 else 1.0
