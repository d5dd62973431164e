"""What rows that leaked from train into dev do to its error."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from scipy.special import pdtrc

from headway.errors import CountError
from headway.stats.defaults import LEVEL
from headway.stats.differences import newcombe_difference
from headway.stats.forms import Binomial, Estimate
from headway.stats.measured import estimate
from headway.stats.quantiles import checked_rate

if TYPE_CHECKING:
    from headway.stats.forms import Measured

__all__ = ["Leakage", "as_many_by_chance", "leakage_bias", "leaked_error"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Leakage:
    """An error with and without the rows that leaked.

    Args:
        observed: The error of all rows.
        leaked: The error of the rows that train holds too.
        clean: The error without them.
        bias: Observed less clean: below zero where leaked rows flatter.
    """

    observed: Estimate
    leaked: Estimate
    clean: Estimate
    bias: Estimate


def as_many_by_chance(n: int, expected: float) -> float:
    """How often chance alone would give as many copies.

    Args:
        n: Copies found, at least 0.
        expected: Copies expected by chance, at least 0.

    Returns:
        A probability, by the Poisson distribution.

    Raises:
        CountError: If a number is negative.

    Examples:
        >>> as_many_by_chance(0, 0.1), round(as_many_by_chance(3, 0.1), 5)
        (1.0, 0.00015)

    References:
        Methods note, section 4.6.
    """
    for name, number in (("n", n), ("expected", expected)):
        if not number >= 0:
            raise CountError.outside(name, number, "a number at least 0")
    return 1.0 if n == 0 else float(pdtrc(n - 1, expected))


def leakage_bias(share: float, error_leaked: float, error_clean: float) -> tuple[float, float]:
    """The error that is observed where a share of the rows has leaked, and how far it is off.

    Args:
        share: Share of the rows that leaked, in [0, 1].
        error_leaked: Their error, a fraction.
        error_clean: The error of the others, a fraction.

    Returns:
        The observed error, and the observed less the clean one.

    Raises:
        CountError: If a number is outside [0, 1].

    Examples:
        >>> observed, bias = leakage_bias(0.03, 0.01, 0.08)
        >>> round(observed, 4), round(bias, 4)
        (0.0779, -0.0021)

    References:
        Methods note, section 4.6.
    """
    for name, rate in (("leaked", error_leaked), ("clean", error_clean)):
        checked_rate(name, rate)
    bias = checked_rate("share", share) * (error_leaked - error_clean)
    return error_clean + bias, bias


def leaked_error(leaked: Binomial, clean: Binomial, *, level: float = LEVEL) -> Leakage:
    """An error with and without the rows that leaked, each with its interval.

    Args:
        leaked: Wrong predictions among the rows that train holds too.
        clean: Wrong predictions among the others.
        level: Level of the intervals, in (0, 1).

    Returns:
        Both errors, and by how much the leaked rows move the observed one.

    Examples:
        >>> found = leaked_error(Binomial(n_errors=1, n=100), Binomial(n_errors=90, n=900))
        >>> round(found.observed.estimate, 3), round(found.bias.estimate, 4)
        (0.091, -0.009)

    References:
        Methods note, section 4.6.
    """
    whole: Measured = Binomial(n_errors=leaked.n_errors + clean.n_errors, n=leaked.n + clean.n)
    share = leaked.n / (leaked.n + clean.n)
    gap = newcombe_difference(leaked.n_errors, leaked.n, clean.n_errors, clean.n, level=level)
    assert gap.lower is not None
    assert gap.upper is not None
    return Leakage(
        observed=estimate(whole, level=level),
        leaked=estimate(leaked, level=level),
        clean=estimate(clean, level=level),
        bias=Estimate(
            estimate=share * gap.estimate,
            lower=share * gap.lower,
            upper=share * gap.upper,
            level=level,
            n=leaked.n + clean.n,
            method="share of leaked rows times their Newcombe difference",
        ),
    )
