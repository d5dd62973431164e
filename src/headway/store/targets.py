"""What a project aims at, as plain values in one form, so that a change of it can be seen."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from headway.counts import CountTable
    from headway.store.project import Project

__all__ = ["declared", "fingerprint"]

NOT_THE_METRIC: Final = ("satisficing", "weights", "importance", "margin", "level")
"""Keys of ``[target]`` that do not say what the metric is."""

OF_THE_DATA: Final = ("split", "label", "weight", "source", "category")
"""Keys of counts that a model cannot move."""


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


def fingerprint(table: CountTable, split: str) -> str:
    """A digest of the data of one split, the same whatever a model says of it.

    It sees the numbers of examples by label, weight, source and category, as far as the table
    counts by them: another set of the same composition has the same digest.

    Args:
        table: Counts with the key ``"split"``.
        split: The split.

    Returns:
        Sixteen hexadecimal digits.

    Examples:
        >>> from headway.counts import CountTable
        >>> table = CountTable.of(("split", "misclassified"), [("dev", 0), ("dev", 1)], [90, 10])
        >>> other = CountTable.of(("split", "misclassified"), [("dev", 0), ("dev", 1)], [80, 20])
        >>> fingerprint(table, "dev") == fingerprint(other, "dev")
        True
    """
    kept = [key for key in OF_THE_DATA if key in table.keys]
    part = table.where(split=split).marginal(*kept)
    cells = [[list(cell), n] for cell, n in part if n]
    return sha256(repr((kept, cells)).encode()).hexdigest()[:16]
