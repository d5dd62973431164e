"""One minus a number, in every form: what turns an accuracy into an error."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from headway.stats.composites import Bounded, Overlap, Poisson, Sampled
from headway.stats.forms import Binomial, Effective, Fixed, Levels, Mean

if TYPE_CHECKING:
    from headway.stats.forms import Measured

__all__ = ["complement"]


def complement(m: Measured) -> Measured:
    """One minus a number, with everything that is known of its noise.

    Args:
        m: A number in any form.

    Returns:
        The other number, in the same form.

    Examples:
        >>> complement(Binomial(n_errors=95, n=100))
        Binomial(n_errors=5, n=100)
        >>> complement(Fixed(value=0.75))
        Fixed(value=0.25)

    References:
        Methods note, section 3.4.
        Notes: week 1, "Single number evaluation metric".
    """
    match m:
        case Fixed():
            return Fixed(value=1 - m.value)
        case Binomial():
            return Binomial(n_errors=m.n - m.n_errors, n=m.n)
        case Effective():
            return replace(m, rate=1 - m.rate)
        case Levels():
            right = tuple(n - wrong for n, wrong in zip(m.n, m.n_errors, strict=True))
            return replace(m, n_errors=right)
        case Mean():
            skew = None if m.skew is None else -m.skew
            return replace(m, mean=1 - m.mean, skew=skew)
        case _:
            return _mirrored(m)


def _mirrored(m: Overlap | Bounded | Sampled | Poisson) -> Measured:
    """One minus a metric that is no plain rate or mean."""
    match m:
        case Bounded():
            return replace(
                m,
                value=1 - m.value,
                lowest=1 - m.highest,
                highest=1 - m.lowest,
                slack_below=m.slack_above,
                slack_above=m.slack_below,
            )
        case Sampled():
            drawn = 1 - m.draws
            return replace(
                m, value=1 - m.value, draws=drawn, lowest=1 - m.highest, highest=1 - m.lowest
            )
        case _:
            return replace(m, mirrored=not m.mirrored)
