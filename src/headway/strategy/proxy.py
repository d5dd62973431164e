"""The reference level as a proxy of the Bayes error: what it could change, and its bounds."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from headway.stats.measured import limits, point

if TYPE_CHECKING:
    from headway.strategy.ladder import Gaps

__all__ = ["in_the_light_of", "may_lead"]


def in_the_light_of(judged: Gaps) -> Gaps:
    """The ladder in the light of the reference: flips, and what can be said past human level."""
    flip_at, reference = judged.flip_at, judged.reference
    if reference is None or flip_at is None:
        return judged
    sides = {point(tier.measured) < flip_at for tier in reference.tiers}
    judged = replace(judged, flips=len(sides) > 1)
    train, bound = judged.rung("train"), _bayes_bound(judged)
    if train is None or bound is None:
        return judged
    error = point(train.measured)
    judged = replace(judged, past_human=True, bias_bounds=(error - bound, error))
    if 0 < flip_at < bound:
        return replace(judged, focus=(), reading="undetermined")
    return judged


def _bayes_bound(judged: Gaps) -> float | None:
    """Upper bound of the Bayes error where the model is at or past the proxy, else None."""
    human = judged.rung("human")
    same = [judged.rung("train_dev")]
    if judged.same_distribution:
        same.append(judged.rung("dev"))
    train = judged.rung("train")
    assert human is not None
    assert train is not None
    assert judged.reference is not None
    proxy = point(human.measured)
    unseen = [rung.measured for rung in same if rung is not None]
    if point(train.measured) > proxy and all(point(m) >= proxy for m in unseen):
        return None
    tiers = [tier.measured for tier in judged.reference.tiers]
    return min(limits(m, level=judged.level)[1] for m in (*tiers, *unseen))


def may_lead(judged: Gaps) -> bool:
    """Whether the human level, or not knowing it, could make avoidable bias the largest gap."""
    human, flip_at = judged.rung("human"), judged.flip_at
    if flip_at is None:
        train = judged.rung("train")
        return human is None and train is not None and point(train.measured) > judged.margin
    if human is None:
        return flip_at > 0
    lower, upper = limits(human.measured, level=judged.level)
    return lower < flip_at < upper
