"""Which model to take: the best of those that are shown to keep the limits."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np

from headway.stats.changes import change_draws
from headway.stats.defaults import DRAWS, LEVEL
from headway.stats.measured import estimate
from headway.stats.optimism import covariance_optimism
from headway.stats.several import chances, flips, level_of, max_t_critical
from headway.strategy.choices import ModelChoice, PriceFlip, Selection
from headway.strategy.selection_said import findings
from headway.strategy.standing import kept

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from headway.stats.forms import Estimate
    from headway.stats.several import Chances
    from headway.strategy.candidates import Candidates
    from headway.strategy.standing import Kept

__all__ = ["judge"]

TOLERANCE: Final = 1e-12

EQUAL: Final = 0.95
"""Probability with which models must lie within the margin to be called equal."""

OPTIMISM_DRAWS: Final = 20_000

PAIR: Final = 2
"""Models that are compared once, so that nothing is to be allowed for."""


def judge(
    given: Candidates, *, rng: np.random.Generator, level: float = LEVEL, is_paired: bool = True
) -> Selection:
    """The model to take, or those that cannot be told apart.

    A model may be taken where every limit is shown to be kept. The best of those is chosen where it
    is shown to be better than each of the others, with intervals that hold for all at once. Of
    models that are equal within the margin the cheapest is taken, by the metric of the first limit;
    without limits any of them will do.

    Args:
        given: The models with what was measured of them.
        rng: Source of randomness.
        level: Level of the intervals, in (0, 1).
        is_paired: Whether it was tried to pair the models by example.

    Returns:
        The selection.

    Examples:
        >>> from headway.stats.forms import Fixed
        >>> from headway.strategy.candidates import Candidate, candidates
        >>> from headway.strategy.target import policy
        >>> aim = policy(maximize="accuracy", subject_to="running_time_ms <= 100")
        >>> seen = {"A": (0.90, 80), "B": (0.92, 95), "C": (0.95, 1500)}
        >>> names = ("accuracy", "mean(running_time_ms)")
        >>> items = [
        ...     Candidate(model=m, metrics={n: Fixed(value=v) for n, v in zip(names, values)})
        ...     for m, values in seen.items()
        ... ]
        >>> judge(candidates(aim, items), rng=np.random.default_rng(0)).choice
        'B'

    References:
        Methods note, sections 3.1 to 3.3 and 3.9.
        Notes: week 1, "Satisficing and Optimizing metric".
    """
    models, likely, values = _models(given, rng, level)
    eligible = [i for i, model in enumerate(models) if model.eligible]
    order = sorted(eligible, key=lambda i: -models[i].value)
    leader = order[0] if order else None
    if leader is not None:
        models = _behind(given, models, order, rng, level)
    tied, why = _tied(given, models, order, values, rng)
    chosen = leader if why in {"shown", "declared", "alone"} else None
    if why == "cheaper":
        chosen = _cheapest(models, tied)
    others = [i for i in order if i != (leader if chosen is None else chosen)]
    first = leader if chosen is None else chosen
    gap = None
    if first is not None and others:
        gap = given.behind(first, others[0], level=level)
    found = Selection(
        policy=given.policy,
        models=_ordered(models, order),
        choice=None if chosen is None else models[chosen].model,
        leader=None if leader is None else models[leader].model,
        tied=tuple(models[i].model for i in tied) if chosen is None else (),
        why=why,
        runner_up=models[others[0]].model if others else None,
        difference=gap,
        p_none=likely.p_none,
        n_shared=given.pairing.n if given.pairing is not None else None,
        optimism=_optimism(given, order, rng),
        flips=_flips(given, models),
        margin=given.policy.margin,
        level=level,
    )
    return findings(found, given, is_paired=is_paired)


def _models(
    given: Candidates, rng: np.random.Generator, level: float
) -> tuple[list[ModelChoice], Chances, NDArray[np.float64]]:
    """How each model stands, how likely it is the one to take, and draws of what is optimized."""
    drawn = given.drawn(rng, DRAWS)
    names = [metric.name for metric in given.policy.metrics]
    values = np.zeros(drawn.shape[:2])
    for factor, name in given.terms:
        values += factor * drawn[:, :, names.index(name)]
    feasible = np.ones(drawn.shape[:2], dtype=bool)
    for limit in given.policy.limits:
        seen = drawn[:, :, names.index(limit.metric.name)]
        inside = seen <= limit.bound if limit.at_most else seen >= limit.bound
        feasible &= inside
    likely = chances(values, feasible)
    models = []
    for i, item in enumerate(given.items):
        standing = tuple(
            kept(item.model, item.metrics[limit.metric.name], limit, rng=rng, level=level)
            for limit in given.policy.limits
        )
        models.append(
            ModelChoice(
                model=item.model,
                value=given.value(i),
                metrics={n: estimate(item.metrics[n], level=level) for n in names},
                limits=standing,
                p_feasible=_p_feasible(feasible[:, i], standing),
                p_best=float(likely.p_best[i]),
                regret=float(likely.regret[i]),
            )
        )
    return models, likely, values


def _p_feasible(inside: NDArray[np.bool_], standing: tuple[Kept, ...]) -> float:
    """The probability that all limits are kept; that of a single limit in closed form."""
    if len(standing) == 1:
        return standing[0].probability
    return float(inside.mean())


def _behind(
    given: Candidates,
    models: list[ModelChoice],
    order: list[int],
    rng: np.random.Generator,
    level: float,
) -> list[ModelChoice]:
    """The models with how much the leader is better, at a level that holds for every pair at once.

    Whoever is shown to be worse leaves, and the rest are compared again among themselves: the best
    ones all stay with the probability of the level.
    """
    leader, rest = order[0], order[1:]
    found, covariance = list(models), given.covariance()
    for i in set(range(len(models))) - set(order):
        found[i] = replace(models[i], behind=given.behind(leader, i, level=level))
    while rest:
        alive = [leader, *rest]
        critical = max_t_critical(covariance[np.ix_(alive, alive)], level=level, rng=rng)
        strict = max(level, level_of(critical)) if len(alive) > PAIR else level
        for i in rest:
            found[i] = replace(models[i], behind=given.behind(leader, i, level=strict))
        worse = {i for i in rest if _is_clear(found[i].behind)}
        rest = [i for i in rest if i not in worse]
        if not worse:
            break
    return found


def _is_clear(behind: Estimate | None) -> bool:
    """Whether a model is shown to be worse than the leader, by however little."""
    return behind is not None and behind.lower is not None and behind.lower > 0


def _tied(
    given: Candidates,
    models: list[ModelChoice],
    order: list[int],
    values: NDArray[np.float64],
    rng: np.random.Generator,
) -> tuple[list[int], str]:
    """The models that cannot be told apart from the leader, and why one is chosen or none."""
    if len(order) < 2:
        return order, "alone" if order else "none"
    margin = given.policy.margin or 0.0
    alive = [order[0], *(i for i in order[1:] if not _is_behind(models[i].behind, margin))]
    if len(alive) == 1:
        declared = all(given.is_declared(i) for i in order)
        return alive, "declared" if declared else "shown"
    others = [models[i].behind for i in alive[1:]]
    is_within = margin > 0 and all(_is_within(behind, margin) for behind in others)
    if is_within and not given.policy.limits and all(_is_clear(behind) for behind in others):
        return alive, "shown"
    are_equal = margin > 0 and _are_equal(_gaps(given, alive, values, rng), margin)
    if given.policy.limits:
        return alive, "cheaper" if is_within or are_equal else "tied"
    return alive, "equivalent" if are_equal else "tied"


def _are_equal(gaps: list[NDArray[np.float64]], margin: float) -> bool:
    """Whether all differences lie within the margin, by draws of each."""
    enough = 1 - (1 - EQUAL) / len(gaps)
    return all(float((np.abs(gap) <= margin + TOLERANCE).mean()) >= enough for gap in gaps)


def _gaps(
    given: Candidates, alive: list[int], values: NDArray[np.float64], rng: np.random.Generator
) -> list[NDArray[np.float64]]:
    """Plausible differences of the leader from each of the others.

    From the examples on which two models differ, where these are known, else from their values.
    """
    leader = alive[0]
    found = []
    for other in alive[1:]:
        flips = given.flips(leader, other)
        apart = values[:, leader] - values[:, other]
        found.append(apart if flips is None else change_draws(flips, len(values), rng))
    return found


def _is_behind(behind: Estimate | None, margin: float) -> bool:
    """Whether a model is shown to be worse than the leader by more than the margin."""
    assert behind is not None
    clear = behind.lower is None or behind.lower > 0
    return clear and behind.estimate > margin + TOLERANCE


def _is_within(behind: Estimate | None, margin: float) -> bool:
    """Whether a model lies within the margin of the leader: all of the interval, or clearly so."""
    assert behind is not None
    upper = behind.estimate if behind.upper is None else behind.upper
    return upper <= margin + TOLERANCE or (_is_clear(behind) and behind.estimate <= margin)


def _cheapest(models: list[ModelChoice], tied: list[int]) -> int:
    """The model that keeps the first limit by most."""
    limit = models[tied[0]].limits[0].limit
    sign = 1.0 if limit.at_most else -1.0
    return min(tied, key=lambda i: sign * models[i].metrics[limit.metric.name].estimate)


def _ordered(models: list[ModelChoice], order: list[int]) -> tuple[ModelChoice, ...]:
    """Those that may be taken, best first, then the others, best first."""
    rest = sorted(
        (i for i in range(len(models)) if i not in order),
        key=lambda i: (models[i].verdict.value == "no", -models[i].value),
    )
    return tuple(models[i] for i in (*order, *rest))


def _optimism(given: Candidates, order: list[int], rng: np.random.Generator) -> float | None:
    """How much too good the number of the best of several models is expected to be."""
    if len(order) < 2 or given.is_declared(order[0]):
        return None
    found = covariance_optimism(
        given.covariance()[np.ix_(order, order)], 1.0, n_draws=OPTIMISM_DRAWS, rng=rng
    )
    return found.estimate


def _flips(given: Candidates, models: list[ModelChoice]) -> tuple[PriceFlip, ...]:
    """Where a linear combination of a value and one cost picks another model."""
    linear = given.policy.linear
    gains = [(factor, metric) for factor, metric in linear if factor > 0]
    costs = [(factor, metric) for factor, metric in linear if factor < 0]
    if len(gains) != 1 or len(costs) != 1:
        return ()
    factor, gain = gains[0]
    values = [factor * model.metrics[gain.name].estimate for model in models]
    prices = [model.metrics[costs[0][1].name].estimate for model in models]
    return tuple(
        PriceFlip(price=flip.price, below=models[flip.before].model, above=models[flip.after].model)
        for flip in flips(values, prices)
    )
