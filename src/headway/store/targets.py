"""What a project aims at, as plain values in one form, so that a change of it can be seen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from headway.store.project import Project

__all__ = ["declared"]

NOT_THE_METRIC: Final = ("satisficing", "weights", "importance", "margin", "level")
"""Keys of ``[target]`` that do not say what the metric is."""


def declared(project: Project, fingerprint: str | None = None) -> dict[str, object]:
    """What a project declares, part by part, as plain values.

    Args:
        project: The project.
        fingerprint: Digest of its dev set, or None where that was not read.

    Returns:
        Per part of ``headway.strategy.history.ASPECTS``, its value; the dev set only where it was
        read.

    Examples:
        >>> from pathlib import Path
        >>> from headway.store.project import Project
        >>> project = Project.of("target.margin = 0.02", Path("headway.toml"))
        >>> found = declared(project)
        >>> found["metric"], found["margin"], "dev_set" in found
        ({'metric': 'error', 'direction': 'minimize'}, 0.02, False)
    """
    target = project.target.model_dump(mode="json", exclude_none=True)
    metric = {
        "optimizing": {"metric": "error", "direction": "minimize"},
        **{key: value for key, value in target.items() if key not in NOT_THE_METRIC and value},
    }
    weights = {key: target[key] for key in ("weights", "importance") if target.get(key)}
    reference = project.reference.model_dump(mode="json", exclude_none=True)
    found = {
        "metric": metric["optimizing"] if [*metric] == ["optimizing"] else metric,
        "weights": weights.get("weights") if [*weights] == ["weights"] else (weights or None),
        "reference": reference if project.reference.tiers else None,
        "margin": target.get("margin"),
        "limits": target.get("satisficing") or None,
    }
    return found if fingerprint is None else {**found, "dev_set": fingerprint}
