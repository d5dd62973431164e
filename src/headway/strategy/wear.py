"""How worn is the dev set: how often was it asked, and what did that do to its answers?"""

from __future__ import annotations

from dataclasses import replace
from math import ceil, sqrt
from typing import TYPE_CHECKING, Final

from headway.findings import Verdict
from headway.stats.budgets import growth_for_looks, level_per_look, most_looks
from headway.stats.differences import mover_limits
from headway.stats.forms import Estimate
from headway.stats.measured import estimate, limits, point, size, variance
from headway.stats.quantiles import critical_value
from headway.strategy import wear_said
from headway.strategy.looked_at import Wearing, known
from headway.strategy.looks import Look, before_test_look, counted
from headway.strategy.winners import corrected, optimism
from headway.strategy.worn import Budget, Wear

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np

    from headway.joint import ClusterMoments, JointCounts
    from headway.stats.forms import Measured
    from headway.strategy.looked_at import Known
    from headway.strategy.winners import Optimism, Span

__all__ = ["Budget", "Look", "Wear", "Wearing", "before_test_look", "judge"]

GREEN: Final = 0.5
"""Share of the budget up to which its light is green."""

CLOSE: Final = 1e-9
"""Differences this small are none."""


def judge(
    looks: Sequence[Look],
    *,
    rng: np.random.Generator,
    dev: Measured | None = None,
    test: Measured | None = None,
    joint: JointCounts | None = None,
    clusters: ClusterMoments | None = None,
    settings: Wearing | None = None,
) -> Wear:
    """How worn is the dev set?

    Args:
        looks: Every look at dev and test, in any order.
        rng: Source of randomness.
        dev: Dev error of the model in question; None takes it from the counts or the looks.
        test: Its test error; None takes it from the counts or the looks.
        joint: Counts of how several models err together, by pattern of right and wrong.
        clusters: Sums over the clusters of dev for the same models, or None where examples are
            independent.
        settings: How wear is judged.

    Returns:
        The looks, the optimism of the chosen model's dev error as a range, the gap between dev and
        test compared with it, the budget, and what to do.

    Examples:
        >>> import numpy as np
        >>> from headway.stats.forms import Binomial
        >>> found = judge(
        ...     [],
        ...     rng=np.random.default_rng(0),
        ...     dev=Binomial(n_errors=480, n=10_000),
        ...     test=Binomial(n_errors=530, n=10_000),
        ...     settings=Wearing(n_looks=50, purpose="selection"),
        ... )
        >>> found.explained, found.verdict.value
        ('within', 'undetermined')

    References:
        Blum and Hardt (2015), ICML, 1006-1014. Dwork et al. (2015), Science 349, 636-638.
        Methods note, sections 1.12, 5.1 to 5.6.
        Notes: week 1, "Chain of assumption in examples" (a bigger dev set).
    """
    asked = settings or Wearing()
    facts = known(looks, dev=dev, test=test, joint=joint, clusters=clusters, settings=asked)
    test_level = level_per_look(asked.level, asked.test_looks)
    found = _optimism(facts, asked, rng)
    gap = _gap(facts, test_level)
    judged = Wear(
        sets=counted(looks),
        n_looks=facts.n_looks,
        n_logged=facts.n_logged,
        metric=facts.metric,
        model=facts.model,
        is_rate=facts.is_rate,
        history=facts.history,
        dev=estimate(facts.dev, level=asked.level) if facts.dev else None,
        optimism=found,
        corrected=_corrected(facts, found, asked),
        test=estimate(facts.test, level=test_level) if facts.test else None,
        gap=gap,
        explained=_explained(gap, found),
        budget=_budget(facts, asked),
        test_used=facts.test_used,
        test_allowed=asked.test_looks,
        verdict=Verdict.UNDETERMINED,
        margin=facts.margin,
        level=asked.level,
        test_level=test_level,
    )
    verdict, settled_by = _verdict(judged)
    judged = replace(judged, verdict=verdict, settled_by=settled_by)
    n_dev, n_test = _sizes(judged, facts)
    judged = replace(judged, n_dev=n_dev, n_test=n_test)
    judged = replace(judged, wants=wear_said.wants(judged))
    return replace(judged, findings=wear_said.findings(judged))


def _optimism(facts: Known, asked: Wearing, rng: np.random.Generator) -> Optimism | None:
    """The optimism of the dev error, where one is known and was looked at."""
    if facts.dev is None or facts.n_looks < 1 or size(facts.dev) is None:
        return None
    return optimism(
        facts.dev,
        facts.n_looks,
        facts.purpose,
        rng=rng,
        patterns=facts.patterns,
        is_best=facts.is_best,
        is_rate=facts.is_rate,
        level=asked.level,
    )


def _corrected(facts: Known, found: Optimism | None, asked: Wearing) -> Span | None:
    """The error that the model is likely to have."""
    if facts.dev is None or found is None:
        return None
    return corrected(facts.dev, found, is_rate=facts.is_rate, level=asked.level)


def _gap(facts: Known, level: float) -> Estimate | None:
    """Test error less dev error; without limits where one of them came without its n."""
    if facts.dev is None or facts.test is None:
        return None
    measured = (facts.test, facts.dev)
    ends: tuple[float | None, float | None] = (None, None)
    sizes = [size(each) for each in measured]
    if None not in sizes:
        one, other = (limits(each, level=level) for each in measured)
        lower, upper = mover_limits(point(facts.test), one, point(facts.dev), other)
        ends = float(lower), float(upper)
    return Estimate(
        estimate=point(facts.test) - point(facts.dev),
        lower=ends[0],
        upper=ends[1],
        level=level,
        n=sizes[0],
        method="MOVER from the intervals of test and dev",
    )


def _explained(gap: Estimate | None, found: Optimism | None) -> str | None:
    """Whether the expected optimism, and not zero, explains the gap."""
    if gap is None or gap.lower is None or gap.upper is None or found is None:
        return None
    least, most = found.expected
    if gap.lower > most + CLOSE:
        return "beyond"
    return "below" if gap.upper < least - CLOSE else "within"


def _budget(facts: Known, asked: Wearing) -> Budget | None:
    """The budget of dev at a tolerance of the margin."""
    n = size(facts.dev) if facts.dev else None
    if facts.dev is None or n is None or facts.margin <= 0:
        return None
    se, used = sqrt(variance(facts.dev)), facts.n_looks
    n_most = most_looks(se, facts.margin, level=asked.level)
    factor = growth_for_looks(se, max(1, used), facts.margin, level=asked.level)
    light = "green" if used <= GREEN * n_most else "amber" if used <= n_most else "red"
    return Budget(
        n_most=n_most,
        n_left=max(0, n_most - used),
        light=light,
        n_enough=ceil(n * factor),
        n_now=n,
    )


def _verdict(judged: Wear) -> tuple[Verdict, str]:
    """Whether dev flatters the model by more than the margin: test decides, else the optimism."""
    gap, margin = judged.gap, judged.margin
    if judged.dev is None:
        return Verdict.NOT_APPLICABLE, ""
    if gap is not None and gap.lower is not None and gap.upper is not None:
        if gap.lower > CLOSE and gap.estimate > margin + CLOSE:
            return Verdict.YES, "test"
        if gap.upper <= margin + CLOSE:
            return Verdict.NO, "test"
    if judged.optimism is None:
        return Verdict.UNDETERMINED, ""
    span, (least, most) = judged.optimism.span, judged.optimism.expected
    if most <= margin + CLOSE:
        return Verdict.NO, "looks"
    is_clear = span.lower > CLOSE and least > margin + CLOSE
    return (Verdict.YES, "looks") if is_clear else (Verdict.UNDETERMINED, "")


def _sizes(judged: Wear, facts: Known) -> tuple[int | None, int | None]:
    """Dev and test examples that bring the half-width of the gap down to the margin."""
    n = size(facts.dev) if facts.dev else None
    if judged.verdict is not Verdict.UNDETERMINED or facts.dev is None or n is None:
        return None, None
    if judged.margin <= 0:
        return None, None
    per_example = variance(facts.dev) * n
    room = (judged.margin / critical_value(judged.test_level)) ** 2
    left = room - per_example / n
    if left >= room / 2:
        return n, ceil(per_example / left)
    both = ceil(2 * per_example / room)
    return max(n, both), both
