from __future__ import annotations

import datetime as dt
import decimal
from typing import TYPE_CHECKING

import narwhals.stable.v2 as nw
import numpy as np
import pytest

from headway.frames.kinds import class_values, comparable, kind, kinds, scalar

if TYPE_CHECKING:
    from headway.counts import Scalar


@pytest.mark.parametrize(
    ("dtype", "expected"),
    [
        (nw.Int64(), "integer"),
        (nw.UInt8(), "integer"),
        (nw.Float32(), "float"),
        (nw.Decimal(), "float"),
        (nw.Boolean(), "boolean"),
        (nw.String(), "text"),
        (nw.Categorical(), "category"),
        (nw.Enum(["a"]), "category"),
        (nw.Date(), "time"),
        (nw.Datetime(), "time"),
        (nw.List(nw.String), "list"),
        (nw.Unknown(), "null"),
        (nw.Object(), "other"),
        (nw.Binary(), "other"),
    ],
)
def test_kind_when_a_type_is_given_then_says_what_matters(
    dtype: nw.dtypes.DType, expected: str
) -> None:
    assert expected == kind(dtype)
    assert {"x": expected} == kinds({"x": dtype})


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("integer", "integer", True),
        ("integer", "float", True),
        ("boolean", "integer", True),
        ("text", "category", True),
        ("text", "null", True),
        ("integer", "text", False),
        ("time", "text", False),
        ("list", "text", False),
    ],
)
def test_kinds_when_compared_then_numbers_and_text_never_meet(
    one: str, other: str, *, expected: bool
) -> None:
    assert expected == comparable(one, other) == comparable(other, one)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, None),
        (float("nan"), None),
        (np.float64("nan"), None),
        (np.datetime64("NaT"), None),
        (2.0, 2),
        (2.5, 2.5),
        (float("inf"), float("inf")),
        (np.int8(3), 3),
        (np.bool_(True), True),  # noqa: FBT003
        ("", ""),
        (decimal.Decimal(7), "7"),
        (dt.date(2026, 1, 2), "2026-01-02"),
        (["a"], "['a']"),
    ],
)
def test_scalar_when_a_value_is_given_then_is_plain(value: object, expected: Scalar) -> None:
    found = scalar(value)
    assert (type(expected), expected) == (type(found), found)


def test_scalar_when_pandas_says_missing_then_is_none() -> None:
    pandas = pytest.importorskip("pandas")
    assert [None, None] == [scalar(pandas.NA), scalar(pandas.NaT)]


@pytest.mark.parametrize(
    ("names", "label", "expected"),
    [
        (["0", "1"], "integer", (0, 1)),
        (["0", "1.5"], "float", (0, 1.5)),
        (["0", "nan"], "integer", ("0", "nan")),
        (["0", "cat"], "integer", ("0", "cat")),
        (["True", "false"], "boolean", (True, False)),
        (["yes", "no"], "boolean", ("yes", "no")),
        (["0", "1"], "text", ("0", "1")),
    ],
)
def test_class_values_when_names_fit_the_label_then_have_its_type(
    names: list[str], label: str, expected: tuple[Scalar, ...]
) -> None:
    assert expected == class_values(names, label)
