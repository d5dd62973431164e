"""What a question takes into account in a table, before anything is asked of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Final

from headway.counts import LOSS_SUMS, WEIGHT_SUMS
from headway.errors import ColumnError, CountError

if TYPE_CHECKING:
    from headway.counts import CountSpec
    from headway.frames.source import Frame

__all__ = ["Needs", "needs_of"]

MOST_DAYS: Final = 100_000
"""Largest age that can be asked of labels."""

_PLAIN: Final = frozenset({"integer", "boolean", "float", "text", "category"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Needs:
    """What a question takes into account in a table.

    Args:
        keys: The keys it counts by, ``misclassified`` left out.
        sums: The sums it asks, in order; ``exposure_s`` wherever the table has it.
        truth: What says whether a prediction was right: ``"correct"``, ``"pair"`` (label and
            prediction), ``"label"`` (there is no prediction), ``"loss"`` or ``""``.
        weights: Whether rows without a usable weight cannot be used.
        loss: Whether rows without a usable loss cannot be used.
        clusters: Whether sums over clusters are asked.
        plain: Whether label and prediction, compared after counting, tell the outcome.
        cutoff: The last moment at which a label counts as final, or None.
    """

    keys: tuple[str, ...]
    sums: tuple[str, ...]
    truth: str
    weights: bool
    loss: bool
    clusters: bool
    plain: bool
    cutoff: datetime | None


def needs_of(
    frame: Frame, spec: CountSpec, *, mature_after_days: float | None, as_of: date | str | None
) -> Needs:
    """What a question takes into account in this table.

    Args:
        frame: The frame.
        spec: The question.
        mature_after_days: Age in days at which labels count as final, or None for any.
        as_of: The day from which the age is measured; needed with ``mature_after_days``.

    Returns:
        The needs.

    Raises:
        ColumnError: If the table has no column for a key or a sum.
        CountError: If an age is asked without a day, or a sum does not exist.
    """
    asked = {name for grouping in spec.groupings for name in grouping}
    for name in spec.sums - {*WEIGHT_SUMS, *LOSS_SUMS, "exposure_s"}:
        raise CountError.outside("a sum", name, "one of the sums that exist")
    if "exposure_s" in spec.sums and "exposure_s" not in frame.roles:
        raise ColumnError.missing("exposure_s", "exposure_s", list(frame.kinds))
    loss = bool(spec.sums & set(LOSS_SUMS))
    truth = _truth(frame, asked, loss=loss)
    judged = "misclassified" in asked or (spec.by_cluster and not loss)
    lacks = not asked & {"label", "prediction"} <= frame.roles
    if ((judged or lacks) and truth not in {"correct", "pair"}) or (
        loss and "loss" not in frame.roles
    ):
        raise ColumnError.nothing_to_judge(list(frame.kinds))
    if spec.by_cluster and "group" not in frame.roles:
        raise ColumnError.missing("group", "group", list(frame.kinds))
    has_weights = bool(frame.roles & {"weight", "sampling_weight"})
    uses = bool(spec.sums & {*WEIGHT_SUMS, "wl", "w2l", "w2l2"}) or "weight" in asked
    weights = has_weights and (uses or spec.by_cluster)
    exposure = "exposure_s" in frame.roles
    cutoff = _cutoff(frame, mature_after_days, as_of)
    plain = truth in {"pair", "label", ""} and not (weights or loss or exposure or cutoff)
    mixes = "model" in frame.columns.roles and frame.chosen is None
    return Needs(
        keys=tuple(sorted({"split", *asked, *(["model"] if mixes else [])} - {"misclassified"})),
        sums=tuple(sorted(spec.sums | ({"exposure_s"} if exposure else set()))),
        truth=truth,
        weights=weights,
        loss=loss or truth == "loss",
        clusters=spec.by_cluster,
        plain=plain and _compares_plainly(frame, truth),
        cutoff=cutoff,
    )


def _truth(frame: Frame, asked: set[str], *, loss: bool) -> str:
    """What says in this question whether a prediction was right."""
    roles = frame.roles
    if loss and not asked & {"misclassified", "label", "prediction"}:
        return "loss"
    if "correct" in roles:
        return "correct"
    if {"label", "prediction"} <= roles:
        return "pair"
    if "label" in roles:
        return "label"
    return "loss" if "loss" in roles else ""


def _cutoff(frame: Frame, days: float | None, as_of: date | str | None) -> datetime | None:
    """The last moment at which a label counts as final."""
    if days is None:
        return None
    if "label_time" not in frame.roles:
        raise ColumnError.missing("label_time", "label_time", list(frame.kinds))
    if as_of is None or not 0 <= days <= MOST_DAYS:
        raise CountError.outside("mature_after_days", days, f"0 to {MOST_DAYS} days before a day")
    if isinstance(as_of, str):
        try:
            as_of = date.fromisoformat(as_of)
        except ValueError as error:
            raise CountError.outside("as_of", as_of, "a day such as 2026-11-24") from error
    if not isinstance(as_of, datetime):
        as_of = datetime.combine(as_of, time.max)
    return as_of.replace(tzinfo=as_of.tzinfo or UTC).astimezone(UTC) - timedelta(days=days)


def _compares_plainly(frame: Frame, truth: str) -> bool:
    """Whether labels and predictions mean the same after counting as row by row."""
    if truth != "pair":
        return True
    if frame.columns.probabilities:
        return False
    return {frame.kind_of("label"), frame.kind_of("prediction")} <= _PLAIN
