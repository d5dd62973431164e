"""One row for each example, with what every model answered to it, from one row for each answer.

Of an example, ``mask`` holds a bit for each model that answered it. As many rows as models whose
bits add up to all of them can only be one row of each, so nothing else is needed to find examples
that a model met twice or not at all.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING, Any, Final

import narwhals.stable.v2 as nw

from headway.frames.derived import Outcome, derived

if TYPE_CHECKING:
    from collections.abc import Mapping

    from headway.counts import Scalar
    from headway.frames.needs import Needs
    from headway.frames.source import Frame

__all__ = ["Asked", "Examples", "Met", "answer", "examples"]

CARRIED: Final = "text, whole numbers or booleans"


class Met(IntEnum):
    """What became of an example: answered once by every model, or why it is left out."""

    SHARED = 0
    UNSHARED = 1
    DIFFERENT = 2
    NO_ID = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is asked of the answers to each example.

    Args:
        models: Per model its name in the table; its place is that of its digit.
        answers: ``"correct"``, ``"positive"`` or ``"class"``.
        base: Number of possible answers.
        classes: For ``"class"``, the classes by place; for ``"positive"``, that class alone.
        keys: Keys that an example carries, such as ``"label"``.
        sums: Sums of what an example carries, of ``"w"``, ``"w2"`` and ``"exposure_s"``.
        split: The only split wanted, by its name in the table, or None.
    """

    models: Mapping[str, Scalar]
    answers: str
    base: int
    classes: tuple[Scalar, ...]
    keys: tuple[str, ...]
    sums: tuple[str, ...]
    split: str | None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Examples:
    """Examples, not yet counted.

    Args:
        rows: Per example ``met``, ``n`` (its rows), ``mask``, ``pattern``, ``id``, and the
            columns of the split, the keys and the sums.
        split: The column of the split; None where all are of one.
        keys: Per key its column.
    """

    rows: nw.LazyFrame[Any]
    split: str | None
    keys: Mapping[str, str]


def examples(frame: Frame, needs: Needs, asked: Asked) -> Examples:
    """One row for each example that any of the models answered.

    Args:
        frame: The frame, with id and model.
        needs: What the question takes into account; its keys are split, id, model, the keys that
            are asked, and prediction where the answer is not just right or wrong.
        asked: What is asked of the answers.

    Returns:
        The examples; no pass is made.

    Raises:
        ColumnError: If a key cannot be carried.
    """
    reduced = derived(frame, needs)
    names = reduced.names
    checked = [name for name in ("label", *asked.keys) if name in names]
    carried = {name: f"low_{i}" for i, name in enumerate(dict.fromkeys(checked))}
    split = names["split"] if "split" in frame.columns.roles else None
    rows = reduced.rows.filter(nw.col("outcome") <= int(Outcome.ABSTAINED))
    if split is not None and asked.split is not None:
        rows = rows.filter(nw.col(split).cast(nw.String) == asked.split)
    bit = bits(frame, nw.col(names["model"]), asked)
    rows = rows.select(
        *([split] if split is not None else []),
        nw.col(names["id"]).alias("id"),
        bit.alias("mask"),
        answer(frame, reduced, asked).alias("digit"),
        *(carried_value(frame, name, names[name]).alias(low) for name, low in carried.items()),
        *asked.sums,
        *([power(frame, nw.col(names["model"]), asked).alias("power")] if asked.base > 2 else []),
    )
    factor = nw.col("power" if asked.base > 2 else "mask")
    rows = rows.with_columns(pattern=nw.col("digit") * factor)
    lows = list(carried.values())
    grouped = rows.group_by(*([split] if split else []), "id", drop_null_keys=False).agg(
        nw.len().alias("n"),
        nw.col("mask").sum(),
        nw.col("pattern").sum(),
        *(nw.col(low).min() for low in lows),
        *(nw.col(low).max().alias(f"high_{low}") for low in lows),
        *(nw.col(name).max() for name in asked.sums),
    )
    differ = nw.sum_horizontal(nw.lit(0), *(_apart(low) for low in lows))
    judged = grouped.with_columns(differ=differ).with_columns(met=_met(len(asked.models)))
    return Examples(rows=judged, split=split, keys={name: carried[name] for name in asked.keys})
