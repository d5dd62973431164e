"""Two models on the same examples, side by side: one row for each example that they met."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import narwhals.stable.v2 as nw

from headway.counts import CountSpec
from headway.errors import ColumnError
from headway.frames.columns import Columns
from headway.frames.derived import Outcome, derived
from headway.frames.engines import asked
from headway.frames.examples import CARRIED
from headway.frames.expressions import MOST
from headway.frames.first_look import FirstLook
from headway.frames.kinds import TEXTS, kinds
from headway.frames.needs import needs_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from headway.frames.derived import Derived
    from headway.frames.source import Frame

__all__ = ["BOTH", "side", "versions"]

BOTH: Final = "both"
"""What the column ``met`` holds where both versions met an example once."""

SHARED: Final = ("truth", "group", "weight")
"""What an example has whichever version answers it."""

ROUNDED: Final = 1e-9
"""Relative difference of two weights that are the same but for rounding."""

_VALUES: Final = (("before", "was"), ("after", "now"))
_GUESSES: Final = (("before", "guess_was"), ("after", "guess_now"))


def versions(
    frame: Frame,
    before: str,
    after: str,
    *,
    by: str,
    mature_after_days: float | None = None,
    as_of: date | str | None = None,
) -> Frame:
    """One row for each example that one of two models met, with what each of them said.

    Nothing is joined: rows are grouped by split and id, which every engine does in one pass.

    Args:
        frame: Rows of both models, with ``id``.
        before: Name of the first model.
        after: Name of the second model.
        by: ``"error"`` (``was`` and ``now`` are 1 where it was wrong), ``"loss"`` (they are the
            loss), or ``"class"`` (also ``truth``, ``guess_was`` and ``guess_now``).
        mature_after_days: Age in days at which labels count as final, or None for any.
        as_of: The day from which the age is measured.

    Returns:
        Rows with ``split``, ``met`` (``"both"``, ``"before"``, ``"after"``, ``"again"`` where one
        met it twice, ``"differ"`` where label, group or weight differ), ``was``, ``now``, and their
        difference in the role ``loss``; weight and group as they were.

    Raises:
        ColumnError: If there is no id.
    """
    if "id" not in frame.columns.roles:
        raise ColumnError.role_absent("id", "pairing two versions", sorted(frame.roles))
    with asked(frame.engine, frame.sources):
        spec = _spec(frame, by)
        needs = needs_of(frame, spec, mature_after_days=mature_after_days, as_of=as_of)
        reduced = derived(frame, needs)
        long = _long(frame, reduced, (before, after), by)
        rows = _wide(long)
        found = kinds(rows.collect_schema())
    roles: dict[str, str] = {r: r for r in ("split", "group", "weight") if r in found}
    columns = Columns(
        roles={**roles, "loss": "change"},
        metadata=tuple(name for name in found if name not in {*roles, "change"}),
    )
    look = FirstLook(weight_levels=frame.look.weight_levels)
    return replace(
        frame,
        rows=rows,
        columns=columns,
        kinds=found,
        look=look,
        chosen=None,
        least_loss=-MOST,
        loss_of_label=False,
    )


def _spec(frame: Frame, by: str) -> CountSpec:
    """What is needed of each row."""
    weighted = bool(frame.roles & {"weight", "sampling_weight"})
    keys = ["split", "id", "model", *(["group"] if "group" in frame.roles else [])]
    keys += ["label"] if by == "class" or _has_label(frame) else []
    keys += ["prediction"] if by == "class" else []
    keys += ["misclassified"] if by != "loss" else []
    sums = {*(["w"] if weighted else []), *(["l"] if by == "loss" else [])}
    return CountSpec(groupings=frozenset({tuple(keys)}), sums=frozenset(sums))


def _has_label(frame: Frame) -> bool:
    """Whether there are labels that can be compared between the versions."""
    return "label" in frame.columns.roles and frame.kind_of("label") in CARRIED


def _long(frame: Frame, reduced: Derived, models: tuple[str, str], by: str) -> nw.LazyFrame[Any]:
    """One row for each example and model that can be used, under names of our own."""
    names, rows = reduced.names, reduced.rows
    outcome = nw.col("outcome")
    wrong = (outcome == int(Outcome.WRONG)) | (outcome == int(Outcome.ABSTAINED))
    model = nw.col(names["model"]).cast(nw.String)
    columns = {
        "split": nw.col(names["split"]).cast(nw.String),
        "id": nw.col(names["id"]),
        "value": nw.col("l") + frame.look.loss_center if by == "loss" else _flag(wrong),
        "is_before": _flag(model == models[0]),
        "is_after": _flag(model == models[1]),
    }
    if "group" in names:
        columns["group"] = nw.col(names["group"]).cast(nw.String)
    if "w" in rows.collect_schema():
        columns["weight"] = nw.col("w")
    for name, role in (("truth", "label"), ("guess", "prediction")):
        if role in names:
            columns[name] = _plain(nw.col(names[role]), frame, role)
    usable = (outcome <= int(Outcome.ABSTAINED)) & ~nw.col(names["id"]).is_null()
    chosen = rows.filter(usable).select(*(e.alias(name) for name, e in columns.items()))
    return chosen.filter(nw.col("is_before") + nw.col("is_after") > 0)


def _plain(values: nw.Expr, frame: Frame, role: str) -> nw.Expr:
    """Classes of which the larger can be told: text for categories, numbers for booleans."""
    kind = frame.kind_of(role) if role in frame.columns.roles else "integer"
    if kind == "boolean":
        return values.cast(nw.Int64)
    return values.cast(nw.String) if kind in TEXTS else values


def _wide(long: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    """One row for each example."""
    names = long.collect_schema().names()
    if "guess" in names:
        long = long.with_columns(
            *(nw.when(nw.col(f"is_{s}") == 1).then(nw.col("guess")).alias(n) for s, n in _GUESSES)
        )
    long = long.with_columns(*((nw.col("value") * nw.col(f"is_{s}")).alias(n) for s, n in _VALUES))
    sums = {"n_before": "is_before", "n_after": "is_after", "was": "was", "now": "now"}
    kept = [n for n in ("group", "weight", "truth", "guess_was", "guess_now") if n in _all(names)]
    wide = long.group_by("split", "id", drop_null_keys=False).agg(
        *(nw.col(of).sum().alias(name) for name, of in sums.items()),
        *(nw.col(name).max() for name in kept),
        *(nw.col(name).min().alias(f"low_{name}") for name in SHARED if name in kept),
    )
    return wide.select(
        "split",
        "was",
        "now",
        *kept,
        met=_met([name for name in SHARED if name in kept]),
        change=(nw.col("now") - nw.col("was")).cast(nw.Float64),
    )


def _met(shared: Sequence[str]) -> nw.Expr:
    """Which versions met an example, or why it is left out."""
    first, second = nw.col("n_before") == 1, nw.col("n_after") == 1
    once = (nw.col("n_before") <= 1) & (nw.col("n_after") <= 1)
    apart = nw.when(first).then(nw.lit("before")).otherwise(nw.lit("after"))
    met = nw.when(first & second).then(nw.lit(BOTH)).otherwise(apart)
    for name in shared:
        high, low = nw.col(name), nw.col(f"low_{name}")
        differ = high > low * (1 + ROUNDED) if name == "weight" else high != low
        met = nw.when(differ).then(nw.lit("differ")).otherwise(met)
    return nw.when(once).then(met).otherwise(nw.lit("again"))


def _all(names: Sequence[str]) -> set[str]:
    """The columns that there will be."""
    return {*names, *(name for _, name in _GUESSES if "guess" in names)}


def _flag(condition: nw.Expr) -> nw.Expr:
    """1 where the condition holds, 0 elsewhere."""
    return nw.when(condition).then(nw.lit(1)).otherwise(nw.lit(0))


def side(frame: Frame, name: str, *, is_loss: bool) -> Frame:
    """The rows that both versions met, with what one of them said as their outcome.

    Args:
        frame: Rows by ``versions``.
        name: ``"was"`` or ``"now"``.
        is_loss: Whether it is a loss; else 1 where it was wrong.

    Returns:
        The rows, to be counted like those of one model.
    """
    both = frame.where("met", BOTH)
    roles = {role: column for role, column in frame.columns.roles.items() if role != "loss"}
    metadata = tuple(column for column in frame.columns.metadata if column != name)
    if is_loss:
        columns = Columns(roles={**roles, "loss": name}, metadata=metadata)
        return replace(both, columns=columns)
    rows = both.rows.with_columns((1 - nw.col(name)).alias("correct"))
    columns = Columns(roles={**roles, "correct": "correct"}, metadata=metadata)
    return replace(both, rows=rows, columns=columns, kinds={**frame.kinds, "correct": "integer"})
