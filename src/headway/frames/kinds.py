"""What a column holds, in the few words that matter for counting."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

import narwhals.stable.v2 as nw

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from headway.counts import Scalar

__all__ = ["NUMBERS", "TEXTS", "class_values", "comparable", "kind", "kinds", "scalar", "typed"]

NUMBERS: Final = frozenset({"integer", "float", "boolean"})
TEXTS: Final = frozenset({"text", "category"})

_MISSING: Final = frozenset({"NAType", "NaTType"})

_TYPES: Final[Mapping[str, tuple[type[nw.dtypes.DType], ...]]] = {
    "boolean": (nw.Boolean,),
    "text": (nw.String,),
    "category": (nw.Categorical, nw.Enum),
    "time": (nw.Date, nw.Datetime, nw.Time, nw.Duration),
    "list": (nw.List, nw.Array),
    "null": (nw.Unknown,),
}


def kind(dtype: nw.dtypes.DType) -> str:
    """What a column of this type holds.

    Args:
        dtype: A type of narwhals.

    Returns:
        ``"integer"``, ``"float"``, ``"boolean"``, ``"text"``, ``"category"``, ``"time"``,
        ``"list"``, ``"null"`` or ``"other"``.

    Examples:
        >>> kind(nw.Int8()), kind(nw.Categorical()), kind(nw.List(nw.String))
        ('integer', 'category', 'list')
    """
    if dtype.is_integer():
        return "integer"
    if dtype.is_float() or dtype.is_decimal():
        return "float"
    return next((name for name, types in _TYPES.items() if isinstance(dtype, types)), "other")


def kinds(schema: Mapping[str, nw.dtypes.DType]) -> dict[str, str]:
    """What each column of a table holds."""
    return {name: kind(dtype) for name, dtype in schema.items()}


def comparable(one: str, other: str) -> bool:
    """Whether values of the two kinds can ever be equal: ``1`` and ``'1'`` never are."""
    return (
        one == other or {one, other} <= NUMBERS or {one, other} <= TEXTS or "null" in {one, other}
    )


def scalar(value: Any) -> Scalar:  # noqa: ANN401 - whatever an engine hands over
    """A value of a small table as a plain value: missing is None, whole floats are integers.

    Examples:
        >>> import datetime
        >>> scalar(2.0), scalar(float("nan")), scalar(datetime.date(2026, 1, 2))
        (2, None, '2026-01-02')
    """
    if hasattr(value, "item"):
        value = value.item()
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, float):
        return None if math.isnan(value) else int(value) if value.is_integer() else value
    return None if type(value).__name__ in _MISSING else str(value)


def class_values(names: Iterable[str], label: str) -> tuple[Scalar, ...]:
    """Classes named by columns of probabilities, as values of a label of this kind.

    Args:
        names: The names of the classes.
        label: The kind of the label.

    Returns:
        The classes in the same order; as text where one of them is no such value.

    Examples:
        >>> class_values(["0", "1"], "integer"), class_values(["no", "yes"], "boolean")
        ((0, 1), ('no', 'yes'))
    """
    names = tuple(names)
    booleans = {"true": True, "false": False, "1": True, "0": False}
    if label == "boolean" and all(name.lower() in booleans for name in names):
        return tuple(booleans[name.lower()] for name in names)
    if label not in {"integer", "float"}:
        return names
    try:
        numbers = [float(name) for name in names]
    except ValueError:
        return names
    return tuple(map(scalar, numbers)) if all(map(math.isfinite, numbers)) else names


def typed(frame: nw.DataFrame[Any]) -> nw.DataFrame[Any]:
    """A table in memory whose categories and objects have the type of their values.

    Args:
        frame: The table.

    Returns:
        The table, with columns of one kind where each value is of that kind or missing.

    Examples:
        >>> import pandas as pd
        >>> flags = pd.DataFrame({"flag": pd.Series([True, None], dtype="object")})
        >>> kinds(typed(nw.from_native(flags, eager_only=True)).schema)
        {'flag': 'boolean'}
    """
    categories = {
        name: values.dtype
        for name, dtype in frame.schema.items()
        if isinstance(dtype, nw.Categorical)
        and (values := frame[name].cat.get_categories()).dtype != nw.String
    }
    if categories:
        frame = frame.with_columns(*(nw.col(name).cast(to) for name, to in categories.items()))
    objects = [name for name, dtype in frame.schema.items() if dtype == nw.Object]
    if objects and hasattr(native := frame.to_native(), "convert_dtypes"):
        better = {
            name: values.astype("float64") if values.isna().all() else values.convert_dtypes()
            for name in objects
            for values in (native[name],)
        }
        frame = nw.from_native(native.assign(**better), eager_only=True)
    return frame
