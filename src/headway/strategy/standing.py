"""Does a model keep a limit, and how sure is that?"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, inf
from typing import TYPE_CHECKING, Final

from headway.findings import Verdict, Want
from headway.stats.composites import Poisson
from headway.stats.defaults import LEVEL, MIN_N_EFF
from headway.stats.feasible import (
    GAMMA_FEASIBLE,
    exposure_to_prove,
    n_to_prove,
    probability_of_rate,
    probability_within,
)
from headway.stats.forms import Binomial, Effective, Estimate, Fixed
from headway.stats.measured import estimate, point, size, variance
from headway.stats.quantiles import normal_quantile
from headway.strategy.worded import limit_words, more_examples
from headway.wording import about

if TYPE_CHECKING:
    import numpy as np

    from headway.stats.forms import Measured
    from headway.strategy.target import Limit

__all__ = ["Kept", "kept"]

HOUR_S: Final = 3_600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """How a model stands towards one limit.

    Args:
        limit: The limit.
        measured: Its metric with its interval.
        verdict: Whether the limit is kept.
        probability: Probability that it is, a fraction in [0, 1].
        want: What would settle it, or None where it is settled or nothing on sale would.
    """

    limit: Limit
    measured: Estimate
    verdict: Verdict
    probability: float
    want: Want | None = None

    @property
    def by_luck(self) -> bool:
        """Whether the number itself keeps the limit and is not shown to."""
        below = self.measured.estimate <= self.limit.bound
        above = self.measured.estimate >= self.limit.bound
        inside = below if self.limit.at_most else above
        return inside and self.verdict is Verdict.UNDETERMINED


def kept(
    model: str, m: Measured, limit: Limit, *, rng: np.random.Generator, level: float = LEVEL
) -> Kept:
    """Whether a model keeps one limit: shown, broken, or not to be told.

    A declared number decides by itself. Otherwise a probability of at least 0.95 shows that the
    limit is kept and one of at most 0.05 that it is broken. A rate of events needs its exact
    one-sided bound on the right side, so that no event in 24 hours does not show at most one.

    Args:
        model: Name of the model, for the sentences.
        m: The metric of the limit, in any form.
        limit: The limit.
        rng: Source of randomness.
        level: Level of the interval shown, in (0, 1).

    Returns:
        The standing.

    Examples:
        >>> import numpy as np
        >>> from headway.strategy.target import limit_of
        >>> limit = limit_of("false_positives_per_24h <= 1")
        >>> seen = Poisson(n_events=0, exposure=1.0)
        >>> found = kept("A", seen, limit, rng=np.random.default_rng(0))
        >>> str(found.verdict), found.want.sentence
        ('undetermined', 'About 72 hours in all without another event would settle A.')

    References:
        Methods note, sections 3.2 and 3.7.
        Notes: week 1, "Satisficing and Optimizing metric".
    """
    shown = estimate(m, level=level)
    if isinstance(m, Poisson):
        p = _of_rate(m, limit, prior=0.5)
        verdict = _verdict(_of_rate(m, limit, prior=1.0), _of_rate(m, limit, prior=0.0))
    else:
        p = probability_within(m, limit.bound, at_most=limit.at_most, rng=rng)
        verdict = _verdict(p, p)
        if not isinstance(m, Fixed) and _is_thin(shown):
            verdict = Verdict.UNDETERMINED
    want = _want(model, m, limit) if verdict is Verdict.UNDETERMINED else None
    return Kept(limit=limit, measured=shown, verdict=verdict, probability=p, want=want)


def _verdict(p_low: float, p_high: float) -> Verdict:
    """The state of a probability, given its careful readings from below and from above."""
    if min(p_low, p_high) >= GAMMA_FEASIBLE:
        return Verdict.YES
    if max(p_low, p_high) <= 1 - GAMMA_FEASIBLE:
        return Verdict.NO
    return Verdict.UNDETERMINED


def _of_rate(m: Poisson, limit: Limit, *, prior: float) -> float:
    """The probability that a rate of events keeps its limit."""
    below = probability_of_rate(m, limit.bound, prior=prior)
    return below if limit.at_most else 1 - below


def _is_thin(shown: Estimate) -> bool:
    """Whether too little stands behind a number for a verdict."""
    worth = shown.n_eff if shown.n_eff is not None else shown.n
    return shown.lower is None or (worth is not None and worth < MIN_N_EFF)


def _want(model: str, m: Measured, limit: Limit) -> Want | None:
    """What would settle whether a limit is kept, if the metric stays as it is."""
    if isinstance(m, Poisson):
        return _hours(model, m, limit)
    n, wanted = size(m), _wanted(m, limit)
    if n is None or wanted is None:
        return None
    more = max(1, ceil(wanted) - n)
    sentence = (
        f"{more_examples(more, which=f'of {model}')} would settle whether it keeps "
        f"{limit_words(limit)}."
    )
    return Want(what="examples", n=more, sentence=sentence)


def _wanted(m: Measured, limit: Limit) -> float | None:
    """Examples at which the metric as seen would lie clearly on its side of the limit."""
    n, value = size(m) or 0, point(m)
    if isinstance(m, (Binomial, Effective)) and 0 < limit.bound < 1:
        worth = m.n_eff if isinstance(m, Effective) else float(n)
        wanted = n_to_prove(value, limit.bound)
        return None if wanted is None or worth in {0.0, inf} else wanted * n / worth
    distance = abs(limit.bound - value)
    if distance == 0 or not n:
        return None
    found = n * variance(m) * (normal_quantile(GAMMA_FEASIBLE) / distance) ** 2
    return found if found < inf else None


def _hours(model: str, m: Poisson, limit: Limit) -> Want | None:
    """How long to watch: with no more events where the rate is inside, else at the same rate."""
    rate = m.n_events / m.exposure
    if limit.bound <= 0 or not limit.at_most or rate > limit.bound:
        return None
    wanted = exposure_to_prove(m.n_events / m.dispersion, limit.bound) * m.dispersion
    hours = wanted * m.unit_s / HOUR_S
    another = "another event" if m.n_events == 0 else "a further event"
    return Want(
        what="exposure_hours",
        n=ceil(hours - 1e-9),
        sentence=f"{about(hours).capitalize()} hours in all without {another} would settle "
        f"{model}.",
    )
