"""What `headway init` writes: a project file with a comment for each part."""

from __future__ import annotations

from typing import TYPE_CHECKING

from headway.stats.measured import point, size
from headway.store.project import quoted
from headway.strategy.human import KINDS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from headway.strategy.human import Reference, Tier
    from headway.strategy.target import Limit, Policy

__all__ = ["text_of"]


def text_of(
    *,
    predictions: Sequence[str],
    splits: Mapping[str, str],
    reference: Reference | None,
    kind: str,
    margin: float | None,
    policy: Policy | None = None,
) -> str:
    """The text of a new project file, with a comment for each part.

    Args:
        predictions: Files or patterns with a ``split`` column.
        splits: Per split, its file.
        reference: The reference level, or None where it is not known.
        kind: Kind of the reference level.
        margin: Smallest gap that matters, or None.
        policy: The optimizing metric and the limits, or None.

    Returns:
        TOML.
    """
    lines = ["# Headway reads this file wherever a command runs in or below this folder.", ""]
    lines += [
        "[target]",
        *_target(policy),
        "# The smallest difference that matters; by default a tenth of the error.",
    ]
    lines += [f"margin = {margin!r}" if margin is not None else "# margin = 0.01", "level = 0.95"]
    lines += ["", "[reference]", "# How low could the error be? " + ", ".join(KINDS) + "."]
    lines.append(f"kind = {quoted(kind)}")
    if reference is None:
        lines.append('# tiers = [{ name = "team", error = 0.005, n = 1000 }]')
    else:
        tiers = [_tier(tier) for tier in reference.tiers]
        lines += [f"tiers = [{', '.join(tiers)}]", f"proxy = {quoted(reference.proxy)}"]
    lines += ["", "[data]"]
    if predictions:
        lines.append(f"predictions = [{', '.join(quoted(p) for p in predictions)}]")
    elif not splits:
        lines.append('# predictions = ["runs/*.parquet"]')
    lines.append('# columns = { label = "y_true" }')
    if splits:
        lines += ["", "[data.splits]", *(f"{s} = {quoted(path)}" for s, path in splits.items())]
    return "\n".join(lines) + "\n"


def _tier(tier: Tier) -> str:
    """A tier as an inline table."""
    n = size(tier.measured)
    count = f", n = {n}" if n is not None else ""
    return f"{{ name = {quoted(tier.name)}, error = {point(tier.measured)!r}{count} }}"


def _target(policy: Policy | None) -> list[str]:
    """The optimizing metric and the limits, as lines."""
    if policy is None or policy.optimizing is None:
        return []
    aim = policy.optimizing
    direction = "maximize" if aim.maximize else "minimize"
    lines = [
        "# One metric to be as good as possible; the others only have to keep their limits.",
        f"optimizing = {{ metric = {quoted(aim.name)}, direction = {quoted(direction)} }}",
    ]
    if policy.limits:
        lines.append(f"satisficing = [{', '.join(_limit(limit) for limit in policy.limits)}]")
    return lines


def _limit(limit: Limit) -> str:
    """A limit as an inline table."""
    side = "at_most" if limit.at_most else "at_least"
    return f"{{ metric = {quoted(limit.metric.name)}, {side} = {limit.bound!r} }}"
