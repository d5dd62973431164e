"""Single expressions that mean the same on every engine.

A condition is only used as ``when(it is fine).then(...).otherwise(...)``: what is null or NaN takes
the second way on every engine, because NaN is above every number or equal to none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import narwhals.stable.v2 as nw

from headway.errors import ColumnError
from headway.frames.kinds import NUMBERS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from headway.counts import Scalar

__all__ = [
    "FRACTION",
    "choice",
    "kept",
    "key",
    "measure",
    "same_class",
    "usable",
    "with_largest",
]

MOST: Final = 1e30
"""Largest weight or loss that is used; products of squares stay finite below it."""

FRACTION: Final = -(2.0**60)
"""What stands in a key for numbers that are not whole; no whole number in use is as small."""

OURS: Final = "_headway_"
"""How columns begin that are added on the way."""

MISSING, TOP, TOTAL = f"{OURS}missing", f"{OURS}top", f"{OURS}total"
POSITION: Final = f"{OURS}position"
PROBABLE: Final = f"{OURS}probable"

PART: Final = 50
"""Most terms in one sum."""

_WHOLE: Final = 2.0**53
_WILD: Final = -1e9


def measure(name: str, kind: str, role: str) -> nw.Expr:
    """A column of numbers, with NaN as null.

    Args:
        name: The column.
        kind: What it holds.
        role: What it is used as.

    Raises:
        ColumnError: If the column does not hold numbers.
    """
    if kind not in NUMBERS | {"null"}:
        raise ColumnError.unfit(role, name, kind, "numbers")
    return nw.col(name).cast(nw.Float64).fill_nan(None)


def usable(values: nw.Expr, *, least: float = 0.0, strictly: bool = False) -> nw.Expr:
    """Whether a number is finite, not huge and at least (or above) the least."""
    return ((values > least) if strictly else (values >= least)) & (values <= MOST)


def kept(values: nw.Expr, fine: nw.Expr, other: float = 0.0) -> nw.Expr:
    """The values where they are fine, and another number elsewhere."""
    return nw.when(fine).then(values).otherwise(nw.lit(other))


def key(name: str, kind: str) -> nw.Expr:
    """A column to count by, as it comes; numbers of type float become whole or ``FRACTION``."""
    if kind != "float":
        return nw.col(name)
    values = nw.col(name).cast(nw.Float64).fill_nan(None)
    small = kept(values, (values >= -_WHOLE) & (values <= _WHOLE), 0.5)
    whole = nw.when(small % 1.0 == 0.0).then(small + 0.0).otherwise(nw.lit(FRACTION))
    return nw.when(~values.is_null()).then(whole)


def choice(steps: Iterable[tuple[nw.Expr, int]], last: nw.Expr) -> nw.Expr:
    """The code of the first step that is not fine, or else the last expression."""
    for fine, code in reversed(list(steps)):
        last = nw.when(fine).then(last).otherwise(nw.lit(code))
    return last


def with_largest(rows: nw.LazyFrame[Any], columns: Sequence[str]) -> nw.LazyFrame[Any]:
    """Rows with where the largest of several probabilities stands, and whether they are such.

    Each step refers to the columns of the one before: written as one expression, the work (and
    the time to plan it) would grow with the square of the number of classes.

    Args:
        rows: The rows.
        columns: Columns of numbers, at least two.

    Returns:
        The rows with ``POSITION``, the position of the largest (the first of equals; null where
        all are missing), and ``PROBABLE``, whether all lie in [0, 1] and sum to 1, both within
        1e-3, or all are missing.
    """
    n, clean = len(columns), [f"{OURS}{i}" for i in range(len(columns))]
    raw = [nw.col(name).cast(nw.Float64).fill_nan(None) for name in columns]
    rows = rows.with_columns(*(p.alias(name) for p, name in zip(raw, clean, strict=True)))
    absent = [kept(nw.lit(1), nw.col(name).is_null(), 0) for name in clean]
    rows = _with_sum(rows, absent, MISSING).with_columns(
        *(kept(p, (p >= -1e-3) & (p <= 1.0 + 1e-3), _WILD).alias(name) for p, name in _named(clean))
    )
    rows = _with_sum(rows, [nw.col(name) for name in clean], TOTAL).with_columns(
        nw.max_horizontal(*clean).alias(TOP)
    )
    places = (kept(nw.lit(i), p == nw.col(TOP), n) for i, (p, _) in enumerate(_named(clean)))
    total, missing = nw.col(TOTAL), nw.col(MISSING)
    return rows.with_columns(
        nw.when(missing < n).then(nw.min_horizontal(*places)).alias(POSITION),
        (((total >= 1.0 - 1e-3) & (total <= 1.0 + 1e-3)) | (missing == n)).alias(PROBABLE),
    )


def _with_sum(rows: nw.LazyFrame[Any], terms: Sequence[nw.Expr], name: str) -> nw.LazyFrame[Any]:
    """Rows with the sum of some terms, in parts: engines nest a sum as deep as it is long."""
    parts = {f"{name}{i}": terms[i : i + PART] for i in range(0, len(terms), PART)}
    rows = rows.with_columns(*(nw.sum_horizontal(*t).alias(part) for part, t in parts.items()))
    return rows.with_columns(nw.sum_horizontal(*parts).alias(name))


def _named(names: Iterable[str]) -> Iterator[tuple[nw.Expr, str]]:
    """Columns with their names."""
    return ((nw.col(name), name) for name in names)


def same_class(label: nw.Expr, position: nw.Expr, classes: Sequence[Scalar]) -> nw.Expr:
    """1 where the label is the class at the position, 0 elsewhere."""
    return nw.max_horizontal(
        *(
            nw.when((position == i) & (label == nw.lit(value))).then(nw.lit(1)).otherwise(nw.lit(0))
            for i, value in enumerate(classes)
        )
    )
