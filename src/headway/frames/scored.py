"""One number for each row, made from its columns, so that a metric becomes a mean over rows."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import narwhals.stable.v2 as nw

from headway.errors import ColumnError, TargetError
from headway.frames.columns import Columns
from headway.frames.expressions import MOST, OURS, kept, measure
from headway.frames.first_look import first_look
from headway.frames.kinds import NUMBERS, TEXTS, class_values

if TYPE_CHECKING:
    from collections.abc import Mapping

    from headway.counts import Scalar
    from headway.frames.source import Frame

__all__ = ["ROW_METRICS", "scored"]

ROW_METRICS: Final = (
    "mean",
    "share",
    "absolute_error",
    "squared_error",
    "log_loss",
    "brier",
    "top_k_error",
)
"""The numbers of a row that can be made."""

LEAST: Final = 1e-15
"""The smallest probability whose logarithm is taken."""

VALUE: Final = f"{OURS}value"


def scored(
    frame: Frame,
    kind: str,
    *,
    column: str = "",
    sign: str = ">",
    bound: float = 0.0,
    k: int = 1,
    positive: Scalar = None,
) -> Frame:
    """The frame with one number for each row in the role ``loss``, or 0 and 1 in ``correct``.

    Args:
        frame: The frame.
        kind: One of ``ROW_METRICS``. ``"mean"`` takes a column as it is; ``"share"`` asks where it
            lies beyond a bound; ``"absolute_error"`` and ``"squared_error"`` compare a number with
            its prediction; ``"log_loss"`` and ``"brier"`` judge probabilities; ``"top_k_error"``
            asks whether the label is among the k most probable classes.
        column: The column of ``"mean"`` and ``"share"``.
        sign: ``">"``, ``">="``, ``"<"`` or ``"<="``, of ``"share"``.
        bound: The bound of ``"share"``, in the unit of the column.
        k: How many classes ``"top_k_error"`` allows, at least 1.
        positive: The class whose probability the role ``score`` holds.

    Returns:
        The frame: a share or a top-k error is an error by ``correct``, everything else a loss. A
        row whose number cannot be made is unusable and counted as such.

    Raises:
        ColumnError: If a column is missing or holds no numbers.
        TargetError: If a probability is asked of rows that have none, or whose positive class
            nobody named.

    Examples:
        >>> from headway.frames.source import read
        >>> frame = read({"split": ["dev", "dev"], "ms": [80.0, 120.0]})
        >>> sorted(scored(frame, "share", column="ms", bound=100.0).roles)
        ['correct', 'split']

    References:
        Methods note, sections 3.2 and 3.5.
    """
    if kind in {"mean", "share"}:
        values = _numbers(frame, column)
    elif kind in {"absolute_error", "squared_error"}:
        values = _deviation(frame, squared=kind == "squared_error")
    elif kind == "top_k_error":
        values = _outranked(frame, k)
    else:
        values = _of_probability(frame, kind, positive)
    if kind == "share":
        return _judged(frame, ~_beyond(values, sign, bound), values)
    if kind == "top_k_error":
        return _judged(frame, values < float(k), values)
    found = _with_role(frame, "loss", values)
    least = -MOST if kind == "mean" else 0.0
    look = first_look(found.rows, found.columns, found.kinds, least_loss=least)
    return replace(found, look=look, least_loss=least, loss_of_label=kind != "mean")


def _numbers(frame: Frame, name: str) -> nw.Expr:
    """A column as numbers."""
    found = frame.columns.column(name) or (name if name in frame.kinds else None)
    if found is None:
        raise ColumnError.unknown(name, list(frame.kinds))
    return measure(found, frame.kinds[found], "a metric")


def _beyond(values: nw.Expr, sign: str, bound: float) -> nw.Expr:
    """Whether a number lies beyond the bound."""
    if sign == ">":
        return values > bound
    if sign == ">=":
        return values >= bound
    return values < bound if sign == "<" else values <= bound


def _deviation(frame: Frame, *, squared: bool) -> nw.Expr:
    """How far the prediction is from the label."""
    pair = []
    for role in ("label", "prediction"):
        if role not in frame.columns.roles:
            raise ColumnError.role_absent(role, "an error of numbers", sorted(frame.roles))
        name = frame.columns.roles[role]
        if frame.kinds[name] not in NUMBERS:
            raise ColumnError.unfit(role, name, frame.kinds[name], "numbers")
        pair.append(measure(name, frame.kinds[name], role))
    difference = pair[0] - pair[1]
    return difference * difference if squared else difference.abs()


def _of_probability(frame: Frame, kind: str, positive: Scalar) -> nw.Expr:
    """The log loss or the Brier score of a row."""
    if frame.columns.probabilities:
        p = _of_label(frame)
        if kind == "log_loss":
            return _surprise(p)
        squares = nw.sum_horizontal(*(each * each for each in _probabilities(frame).values()))
        brier = squares - 2.0 * p + 1.0
        return brier / 2.0 if len(frame.columns.probabilities) == 2 else brier
    score = _score(frame)
    wanted = positive_class(frame, positive)
    p = nw.when(is_class(frame, wanted)).then(score).otherwise(1.0 - score)
    return _surprise(p) if kind == "log_loss" else (1.0 - p) * (1.0 - p)


def _surprise(p: nw.Expr) -> nw.Expr:
    """Minus the logarithm of a probability."""
    return -kept(p, p > LEAST, LEAST).log()


def _score(frame: Frame) -> nw.Expr:
    """The probability of the positive class."""
    if "score" not in frame.columns.roles:
        raise TargetError.no_probabilities(sorted(frame.roles))
    return measure(frame.columns.roles["score"], frame.kind_of("score"), "score")


def positive_class(frame: Frame, positive: Scalar) -> Scalar:
    """The positive class as a value of the label: the one that was named, else 1 or true.

    Raises:
        TargetError: If nobody named it and the labels are not 0 and 1.
        ColumnError: If there is no label.
    """
    if "label" not in frame.columns.roles:
        raise ColumnError.role_absent("label", "a positive class", sorted(frame.roles))
    kind = frame.kind_of("label")
    if positive is not None:
        return class_values([str(positive)], kind)[0]
    if kind == "boolean":
        return True
    if kind not in {"integer", "float"}:
        raise TargetError.no_positive()
    return 1


def is_class(frame: Frame, wanted: Scalar, role: str = "label") -> nw.Expr:
    """Whether the label, or the prediction, of a row is this class; null where it is missing."""
    name, kind = frame.columns.roles[role], frame.kind_of(role)
    values = nw.col(name)
    if kind in TEXTS:
        return values.cast(nw.String) == str(wanted)
    if kind == "boolean":
        return values if wanted else ~values
    if kind == "float":
        return values.cast(nw.Float64).fill_nan(None) == float(wanted or 0)
    return values == wanted


def _probabilities(frame: Frame) -> Mapping[Scalar, nw.Expr]:
    """Per class its probability."""
    found = frame.columns.probabilities
    classes = class_values(found, frame.kind_of("label"))
    columns = (measure(name, frame.kinds[name], "probability") for name in found.values())
    return dict(zip(classes, columns, strict=True))


def _of_label(frame: Frame) -> nw.Expr:
    """The probability of the class that is the label."""
    return nw.max_horizontal(
        *(
            nw.when(is_class(frame, value)).then(p).otherwise(nw.lit(0.0))
            for value, p in _probabilities(frame).items()
        )
    )


def _outranked(frame: Frame, k: int) -> nw.Expr:
    """The number of classes that are more probable than the label."""
    if not frame.columns.probabilities:
        raise TargetError.no_probabilities(sorted(frame.roles))
    if not 1 <= k < len(frame.columns.probabilities):
        raise TargetError.not_so_many(k, len(frame.columns.probabilities))
    own = _of_label(frame)
    above = (kept(nw.lit(1.0), p > own) for p in _probabilities(frame).values())
    return nw.when(own > 0.0).then(nw.sum_horizontal(*above)).otherwise(nw.lit(float(k)))


def _judged(frame: Frame, fine: nw.Expr, values: nw.Expr) -> Frame:
    """The frame with rows that are fine as right ones, and those without a number as unlabeled."""
    whole = nw.when(~values.is_null()).then(nw.when(fine).then(nw.lit(1)).otherwise(nw.lit(0)))
    return _with_role(frame, "correct", whole)


def _with_role(frame: Frame, role: str, values: nw.Expr) -> Frame:
    """The frame with a column of numbers that plays a role."""
    roles = {**frame.columns.roles, role: VALUE}
    if role == "loss":
        roles.pop("correct", None)
    columns = Columns(
        roles=roles,
        probabilities={} if role == "correct" else frame.columns.probabilities,
        metadata=frame.columns.metadata,
        recognised=frame.columns.recognised,
    )
    kinds = {**frame.kinds, VALUE: "integer" if role == "correct" else "float"}
    rows = frame.rows.with_columns(values.alias(VALUE))
    return replace(frame, rows=rows, columns=columns, kinds=kinds)
