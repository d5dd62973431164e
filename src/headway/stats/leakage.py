"""What examples that are also in train do to an error."""

from __future__ import annotations

from dataclasses import dataclass
from math import isinf

from headway.errors import CountError
from headway.stats.defaults import LEVEL
from headway.stats.differences import contrast_limits
from headway.stats.forms import Estimate, Measured
from headway.stats.measured import estimate, limits, point, size

__all__ = ["Leakage", "leakage"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Leakage:
    """An error with and without the examples that are also in train.

    Args:
        share: Share of the examples that leaked, by weight, in [0, 1].
        observed: The error over all examples.
        clean: The error over those that did not leak: the one to report.
        leaked: The error over those that did.
        bias: What the leaked ones add to the error, observed minus clean: below 0 where the error
            looks too small.
    """

    share: float
    observed: Estimate
    clean: Estimate
    leaked: Estimate
    bias: Estimate


def _mixed(
    factors: tuple[float, float], clean: Measured, leaked: Measured, level: float
) -> Estimate:
    """A weighted sum of the two errors, which share no example."""
    rates = (point(clean), point(leaked))
    ends = [limits(clean, level=level), limits(leaked, level=level)]
    total = factors[0] * rates[0] + factors[1] * rates[1]
    lower, upper = contrast_limits(factors, rates, ends)
    is_open = isinf(lower) or isinf(upper)
    sizes = [n for n in (size(clean), size(leaked)) if n is not None]
    return Estimate(
        estimate=total,
        lower=None if is_open else lower,
        upper=None if is_open else upper,
        level=level,
        n=sum(sizes) or None,
        method="weighted sum of two independent errors (MOVER)",
    )


def leakage(
    clean: Measured, leaked: Measured, *, share: float | None = None, level: float = LEVEL
) -> Leakage:
    """What the examples that are also in train do to an error.

    The observed error is ``(1 - share) * clean + share * leaked``, so its bias is
    ``share * (leaked - clean)``. Which examples leaked is known, so the share has no noise.

    Args:
        clean: The error over the examples that are not in train.
        leaked: The error over those that are.
        share: Share of the leaked examples, in [0, 1]; None takes it from the numbers of examples.
        level: Level of the intervals, a fraction in (0, 1).

    Returns:
        Both errors, their mixture, and the bias, each with its interval.

    Raises:
        CountError: If the share is outside [0, 1], is not given for declared errors, or the level
            is outside (0, 1).

    Examples:
        >>> from headway.stats.forms import Binomial
        >>> found = leakage(Binomial(n_errors=160, n=2000), Binomial(n_errors=1, n=100))
        >>> round(found.bias.estimate, 5), round(found.bias.lower, 5), round(found.bias.upper, 5)
        (-0.00333, -0.00405, -0.00115)

    References:
        Methods note, section 4.6.
        Notes: week 1, "Train/dev/test distributions".
    """
    if share is None:
        n_leaked, n_clean = size(leaked), size(clean)
        share = n_leaked / (n_leaked + n_clean) if n_leaked and n_clean else -1.0
    if not 0 <= share <= 1:
        raise CountError.outside("the share of leaked examples", share, "a fraction from 0 to 1")
    return Leakage(
        share=share,
        observed=_mixed((1 - share, share), clean, leaked, level),
        clean=estimate(clean, level=level),
        leaked=estimate(leaked, level=level),
        bias=_mixed((-share, share), clean, leaked, level),
    )
