"""The first, cheap pass: what must be known of weights, losses and classes before counting."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import narwhals.stable.v2 as nw

from headway.errors import ColumnError, CountError
from headway.frames.engines import fetched
from headway.frames.expressions import OURS, kept, key, measure, usable
from headway.frames.kinds import scalar

if TYPE_CHECKING:
    from collections.abc import Mapping

    from headway.frames.columns import Columns

__all__ = ["WEIGHTS", "FirstLook", "classes_seen", "first_look", "weight_of"]

WEIGHTS: Final = ("weight", "sampling_weight")
"""The roles whose product is the weight of a row."""

MOST_LEVELS: Final = 50
"""Most distinct weights that are told apart."""

MOST_CLASSES: Final = 10_000

_BUCKETS: Final = 2.0**20
_SPREAD: Final = 1e6


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstLook:
    """What the first pass found.

    Args:
        weight_levels: Number of distinct combined weights, or None where there are more than 50
            or no weights at all.
        loss_center: Constant to subtract from a loss: 0 unless the losses lie so far from 0, for
            their spread, that sums of squares would cancel.
    """

    weight_levels: int | None = None
    loss_center: float = 0.0


def weight_of(columns: Columns, kinds: Mapping[str, str]) -> tuple[nw.Expr, nw.Expr] | None:
    """The weight of a row and whether it can be used; None where there are no weights."""
    given = [
        (measure(columns.roles[role], kinds[columns.roles[role]], role), role)
        for role in WEIGHTS
        if role in columns.roles
    ]
    if not given:
        return None
    fine = [usable(values, strictly=role == "sampling_weight") for values, role in given]
    weight = given[0][0] if len(given) == 1 else given[0][0] * given[1][0]
    return weight, fine[0] if len(fine) == 1 else fine[0] & fine[1]


def first_look(
    rows: nw.LazyFrame[Any],
    columns: Columns,
    kinds: Mapping[str, str],
    *,
    least_loss: float = 0.0,
) -> FirstLook:
    """What must be known before counting, in one pass over the columns that need it.

    Distinct weights are told apart by 2^20 buckets of their logarithm, so that memory stays small
    however many there are.

    Args:
        rows: The table.
        columns: Its roles.
        kinds: What its columns hold.
        least_loss: The smallest loss that can be used.

    Returns:
        The number of weights and the centre of the losses; without a pass if there are neither.

    Raises:
        ColumnError: If weights or losses are not numbers, or a weight is negative.
        CountError: If every weight is 0.
    """
    weights = [role for role in WEIGHTS if role in columns.roles]
    if not weights and "loss" not in columns.roles:
        return FirstLook()
    negative = [f"negative_{role}" for role in weights]
    looked = rows.select(
        *_weight_columns(columns, kinds),
        *_loss_columns(columns, kinds, least_loss),
        *(
            _flag(measure(columns.roles[r], kinds[columns.roles[r]], r) < 0.0).alias(name)
            for r, name in zip(weights, negative, strict=True)
        ),
    )
    grouped = looked.group_by("bucket").agg(
        nw.col("weight").min().alias("low"),
        nw.col("weight").max().alias("high"),
        *(nw.col(name).sum() for name in ("n_losses", "loss", "loss2", *negative)),
    )
    told = grouped.with_columns(
        levels=_flag(nw.col("bucket") >= 0),
        heavy=_flag(nw.col("bucket") > 0),
        mixed=_flag(nw.col("high") - nw.col("low") > 1e-12 * nw.col("high")),
    )
    wanted = ("levels", "heavy", "mixed", "n_losses", "loss", "loss2", *negative)
    found = fetched(told.select(*(nw.col(name).sum() for name in wanted)), wanted)[0]
    levels, heavy, mixed, n_losses, loss, loss2, *n_negative = (
        float(value or 0) for value in found
    )
    for role, n in zip(weights, n_negative, strict=True):
        if n:
            held = f"{int(n)} negative numbers"
            raise ColumnError.unfit(role, columns.roles[role], held, "weights of at least 0")
    if levels and not heavy:
        raise CountError.weightless(_origin(columns))
    if mixed:
        levels = _exact_levels(looked) if levels + mixed <= MOST_LEVELS else math.inf
    return FirstLook(
        weight_levels=int(levels) if weights and levels <= MOST_LEVELS else None,
        loss_center=_center(n_losses, loss, loss2),
    )


def classes_seen(rows: nw.LazyFrame[Any], name: str, kind: str) -> frozenset[str]:
    """The distinct labels as text, at most 10,000 of them; one pass over one column."""
    counted = (
        rows.select(label=key(name, kind))
        .group_by("label", drop_null_keys=False)
        .agg(nw.len().alias("n"))
    )
    seen = {scalar(label) for label, _ in fetched(counted.head(MOST_CLASSES), ("label", "n"))}
    return frozenset(str(label) for label in seen if label is not None)


def _origin(columns: Columns) -> str:
    """Where weights come from, in words."""
    names = [columns.roles[role] for role in WEIGHTS if role in columns.roles]
    given = [f"'{name}'" for name in names if not name.startswith(OURS)]
    return f"in column {' times '.join(given)}" if len(given) == len(names) else "by rule"


def _flag(condition: nw.Expr) -> nw.Expr:
    """1 where the condition holds, 0 elsewhere."""
    return nw.when(condition).then(nw.lit(1)).otherwise(nw.lit(0))


def _weight_columns(columns: Columns, kinds: Mapping[str, str]) -> tuple[nw.Expr, nw.Expr]:
    """The weight, and a bucket of it: -1 where it cannot be used, 0 where it is 0."""
    given = weight_of(columns, kinds)
    if given is None:
        return nw.lit(1.0).alias("weight"), nw.lit(-1.0).alias("bucket")
    weight, fine = given
    positive = kept(weight, fine & (weight > 0.0), 1.0)
    place = (((positive.log() + 1000.0) * _SPREAD) % 1.0) * _BUCKETS
    bucket = kept(place - place % 1.0 + 1.0, weight > 0.0)
    return kept(weight, fine).alias("weight"), kept(bucket, fine, -1.0).alias("bucket")


def _loss_columns(
    columns: Columns, kinds: Mapping[str, str], least: float
) -> tuple[nw.Expr, nw.Expr, nw.Expr]:
    """Whether the loss can be used, the loss, and its square."""
    name = columns.roles.get("loss")
    if name is None:
        zero = nw.lit(0.0)
        return zero.alias("n_losses"), zero.alias("loss"), zero.alias("loss2")
    loss = measure(name, kinds[name], "loss")
    fine = usable(loss, least=least)
    values = kept(loss, fine)
    return _flag(fine).alias("n_losses"), values.alias("loss"), (values * values).alias("loss2")


def _exact_levels(looked: nw.LazyFrame[Any]) -> float:
    """The number of distinct weights where two fell into one bucket: one more small pass."""
    levels = looked.group_by("bucket", "weight").agg(nw.len().alias("n")).head(10 * MOST_LEVELS)
    return float(sum(bucket >= 0 for bucket, _ in fetched(levels, ("bucket", "weight"))))


def _center(n: float, total: float, squares: float) -> float:
    """The mean to six digits where it is over 100 standard deviations from 0, else 0."""
    if n == 0:
        return 0.0
    mean = total / n
    spread = max(squares / n - mean * mean, 0.0)
    if mean * mean <= 1e4 * spread or mean == 0.0:
        return 0.0
    return float(f"{mean:.6g}")
