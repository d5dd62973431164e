"""What a question needs of each row, written once in narwhals for every engine."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING, Any, Final

import narwhals.stable.v2 as nw

from headway.errors import ColumnError, EngineError
from headway.frames.expressions import (
    FRACTION,
    POSITION,
    PROBABLE,
    choice,
    kept,
    key,
    measure,
    same_class,
    usable,
    with_largest,
)
from headway.frames.first_look import weight_of
from headway.frames.kinds import NUMBERS, TEXTS, class_values

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from headway.counts import Scalar
    from headway.frames.needs import Needs
    from headway.frames.source import Frame

__all__ = ["CLUSTER_SUMS", "Derived", "Outcome", "derived"]

CLUSTER_SUMS: Final = ("w", "y", "w2", "w2y", "w2y2")
"""What is summed within each cluster: weights, weighted errors, and their squares by row."""

_NESTED: Final = "values of mixed or nested types"
_KEYS: Final = "text, whole numbers or booleans"
_WITH_LISTS: Final = ("polars", "duckdb", "pyspark", "ibis")
_WITHOUT_LISTS: Final = frozenset({"pandas", "pyarrow"})
"""Engines that cannot compare lists, which hold several labels of one row."""


class Outcome(IntEnum):
    """What became of a row: right, wrong, or why it cannot be used."""

    RIGHT = 0
    WRONG = 1
    ABSTAINED = 2
    NO_LABEL = 10
    IMMATURE = 11
    BAD_PROBABILITIES = 12
    BAD_LOSS = 13
    BAD_WEIGHT = 14
    BAD_EXPOSURE = 15
    NOT_BINARY = 16
    FRACTIONAL = 17


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Derived:
    """Rows reduced to what a question needs, not yet counted.

    Args:
        rows: One column per key (``names``), ``outcome``, and one column per sum; for clusters
            also ``group`` and ``CLUSTER_SUMS``.
        names: Per key, its column in ``rows``.
        classes: The classes that positions in the key ``prediction`` stand for, if they do.
    """

    rows: nw.LazyFrame[Any]
    names: Mapping[str, str]
    classes: tuple[Scalar, ...]


def derived(frame: Frame, needs: Needs) -> Derived:
    """The rows of a frame, reduced to what a question needs.

    Args:
        frame: The frame.
        needs: What the question takes into account.

    Returns:
        The reduced rows; no pass is made.

    Raises:
        ColumnError: If a column is missing or does not fit its use.
    """
    position, probable, taken = None, None, frame.rows
    if frame.columns.probabilities:
        taken = with_largest(taken, list(frame.columns.probabilities.values()))
        probable = nw.col(PROBABLE)
        if "prediction" not in frame.columns.roles:
            position = nw.col(POSITION)
    names = {name: f"key_{i}" for i, name in enumerate(needs.keys)}
    columns = [_key(frame, name, position).alias(alias) for name, alias in names.items()]
    columns.append(_outcome(frame, needs, position, probable).alias("outcome"))
    if needs.clusters:
        columns.append(_group(frame).alias("group"))
    wanted = {*needs.sums, *(CLUSTER_SUMS if needs.clusters else ())}
    columns += _measures(frame, needs, wanted)
    rows = taken.select(*columns)
    if needs.clusters:
        wrong = (nw.col("outcome") == Outcome.WRONG) | (nw.col("outcome") == Outcome.ABSTAINED)
        error = nw.col("l") if needs.loss else kept(nw.lit(1.0), wrong)
        rows = rows.with_columns(y=error * nw.col("w"))
    products = _products(wanted)
    return Derived(
        rows=rows.with_columns(*products) if products else rows,
        names=names,
        classes=_classes(frame) if position is not None else (),
    )


def _key(frame: Frame, name: str, position: nw.Expr | None) -> nw.Expr:
    """The column of a key."""
    if name == "split" and "split" not in frame.columns.roles:
        return nw.lit("dev")
    if name == "weight":
        given = weight_of(frame.columns, frame.kinds)
        return nw.lit(1.0) if given is None else kept(*given)
    if name == "prediction" and position is not None:
        return position
    column = frame.columns.column(name)
    if column is None:
        raise ColumnError.unknown(name, list(frame.kinds))
    kind = frame.kinds[column]
    if kind == "other" or (kind == "list" and name not in {"label", "prediction"}):
        raise ColumnError.unfit(name, column, _NESTED, _KEYS)
    return key(column, kind)


def _outcome(
    frame: Frame, needs: Needs, position: nw.Expr | None, probable: nw.Expr | None
) -> nw.Expr:
    """The code of what became of a row."""
    steps: list[tuple[nw.Expr, int]] = []
    if needs.cutoff is not None:
        steps.append((_mature(frame, needs.cutoff), Outcome.IMMATURE))
    if needs.truth == "correct":
        last = _judged(frame, steps)
    elif needs.truth in {"pair", "label"}:
        last = _compared(frame, steps, position)
    else:
        last = nw.lit(int(Outcome.RIGHT))
        if needs.truth == "loss" and frame.loss_of_label:
            steps.append((~_raw(frame, "label").is_null(), Outcome.NO_LABEL))
    steps += _measurable(frame, needs)
    if probable is not None and needs.truth in {"pair", "label"}:
        steps.append((probable, Outcome.BAD_PROBABILITIES))
    if needs.truth == "pair":
        guess = position if position is not None else _raw(frame, "prediction")
        steps.append((~guess.is_null(), Outcome.ABSTAINED))
    return choice(steps, last)


def _raw(frame: Frame, role: str) -> nw.Expr:
    """A label or prediction as it is compared and tested for null."""
    name, kind = frame.columns.roles[role], frame.kind_of(role)
    if kind == "other":
        raise ColumnError.unfit(role, name, _NESTED, _KEYS)
    if kind == "list" and frame.engine in _WITHOUT_LISTS:
        raise EngineError.unfit(frame.engine, f"lists in '{name}'", _WITH_LISTS)
    return key(name, kind)


def _judged(frame: Frame, steps: list[tuple[nw.Expr, int]]) -> nw.Expr:
    """The outcome by the column ``correct``."""
    name, kind = frame.columns.roles["correct"], frame.kind_of("correct")
    if kind not in NUMBERS | {"null"}:
        raise ColumnError.unfit("correct", name, kind, "0 and 1, or booleans")
    values = measure(name, kind, "correct")
    steps.append((~values.is_null(), Outcome.NO_LABEL))
    steps.append(((values == 0.0) | (values == 1.0), Outcome.NOT_BINARY))
    return nw.when(values == 1.0).then(nw.lit(0)).otherwise(nw.lit(1))


def _compared(frame: Frame, steps: list[tuple[nw.Expr, int]], position: nw.Expr | None) -> nw.Expr:
    """The outcome by comparing the prediction with the label."""
    label = _raw(frame, "label")
    steps.append((~label.is_null(), Outcome.NO_LABEL))
    for role in ("label", "prediction"):
        if role in frame.columns.roles and frame.kind_of(role) == "float":
            fine = _raw(frame, role).is_null() | (_raw(frame, role) != FRACTION)
            steps.append((fine, Outcome.FRACTIONAL))
    if position is not None:
        return _found(frame, label, position)
    if "prediction" not in frame.columns.roles or not frame.comparable:
        return nw.lit(int("prediction" in frame.columns.roles))
    kinds = {frame.kind_of("label"), frame.kind_of("prediction")}
    label, guess = (_aligned(_raw(frame, role), kinds) for role in ("label", "prediction"))
    return nw.when(label == guess).then(nw.lit(0)).otherwise(nw.lit(1))


def _aligned(values: nw.Expr, kinds: set[str]) -> nw.Expr:
    """Values in the type in which two kinds are compared."""
    if "category" in kinds:
        return values.cast(nw.String)
    if "float" in kinds:
        return values.cast(nw.Float64)
    return values.cast(nw.Int64) if len(kinds) > 1 and kinds <= NUMBERS else values


def _found(frame: Frame, label: nw.Expr, position: nw.Expr) -> nw.Expr:
    """The outcome where the prediction is the class of the largest probability."""
    classes, kind = _classes(frame), frame.kind_of("label")
    if not frame.comparable:
        return nw.lit(int(Outcome.WRONG))
    if kind in TEXTS:
        label = label.cast(nw.String)
    if kind == "boolean":
        label, classes = label.cast(nw.Int64), tuple(int(bool(value)) for value in classes)
    if kind == "float":
        classes = tuple(float(value or 0) for value in classes)
    return 1 - same_class(label, position, classes)


def _classes(frame: Frame) -> tuple[Scalar, ...]:
    """The classes of the columns of probabilities, as values of the label."""
    kind = frame.kind_of("label") if "label" in frame.columns.roles else "text"
    return class_values(frame.columns.probabilities, kind)


def _mature(frame: Frame, cutoff: datetime) -> nw.Expr:
    """Whether the label of a row had become final."""
    name = frame.columns.roles["label_time"]
    dtype = frame.rows.collect_schema()[name]
    if isinstance(dtype, nw.Date):
        return nw.col(name) <= nw.lit(cutoff.date())
    if isinstance(dtype, nw.Datetime):
        moment = cutoff if dtype.time_zone else cutoff.replace(tzinfo=None)
        return nw.col(name) <= nw.lit(moment)
    if frame.kinds[name] == "text":
        is_day = nw.col(name).str.contains(r"^[0-9]{4}-[0-9]{2}-[0-9]{2}")
        return is_day & (nw.col(name).str.slice(0, 10) <= cutoff.date().isoformat())
    raise ColumnError.unfit("label_time", name, frame.kinds[name], "dates or times")


def _measurable(frame: Frame, needs: Needs) -> list[tuple[nw.Expr, int]]:
    """Whether loss, weight and exposure of a row can be used, as far as they matter."""
    steps: list[tuple[nw.Expr, int]] = []
    if needs.loss:
        steps.append((_fine_loss(frame), Outcome.BAD_LOSS))
    weight = weight_of(frame.columns, frame.kinds)
    if needs.weights and weight is not None:
        steps.append((weight[1], Outcome.BAD_WEIGHT))
    if "exposure_s" in needs.sums:
        steps.append((usable(_measure(frame, "exposure_s")), Outcome.BAD_EXPOSURE))
    return steps


def _measure(frame: Frame, role: str) -> nw.Expr:
    """The numbers of a role."""
    return measure(frame.columns.roles[role], frame.kind_of(role), role)


def _fine_loss(frame: Frame) -> nw.Expr:
    """Whether the loss of a row can be used."""
    return usable(_measure(frame, "loss"), least=frame.least_loss)


def _measures(frame: Frame, needs: Needs, wanted: set[str]) -> list[nw.Expr]:
    """The columns that are summed or multiplied: weight, centred loss, exposure."""
    columns = []
    if wanted & {"w", "w2", "wl", "w2l", "w2l2"}:
        given = weight_of(frame.columns, frame.kinds)
        columns.append((nw.lit(1.0) if given is None else kept(*given)).alias("w"))
    if needs.loss:
        loss = kept(_measure(frame, "loss"), _fine_loss(frame))
        columns.append((loss - frame.look.loss_center).alias("l"))
    if "exposure_s" in wanted:
        exposure = _measure(frame, "exposure_s")
        columns.append(kept(exposure, usable(exposure)).alias("exposure_s"))
    return columns


def _products(wanted: set[str]) -> list[nw.Expr]:
    """The products asked for, from the columns ``w``, ``l`` and, for clusters, ``y``."""
    products = {
        "w2": ("w", "w"),
        "l2": ("l", "l"),
        "l3": ("l", "l", "l"),
        "wl": ("w", "l"),
        "w2l": ("w", "w", "l"),
        "w2l2": ("w", "w", "l", "l"),
        "w2y": ("w", "y"),
        "w2y2": ("y", "y"),
    }
    made = []
    for name in sorted(wanted & products.keys()):
        first, *others = (nw.col(factor) for factor in products[name])
        for other in others:
            first = first * other
        made.append(first.alias(name))
    return made


def _group(frame: Frame) -> nw.Expr:
    """The cluster of a row."""
    name = frame.columns.roles["group"]
    values = nw.col(name)
    return values.cast(nw.Float64).fill_nan(None) if frame.kinds[name] == "float" else values
