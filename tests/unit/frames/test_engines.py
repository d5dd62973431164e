from __future__ import annotations

import polars as pl
import pytest

from headway.errors import ColumnError, SourceError
from headway.frames import engines
from headway.frames.engines import asked


def raise_in(error: BaseException) -> None:
    with asked("polars", ("a.csv",)):
        raise error


def test_exceptions_when_an_engine_raises_then_are_refusals_without_its_words() -> None:
    with pytest.raises(SourceError, match=r"polars could not count a.csv: ComputeError") as caught:
        raise_in(pl.exceptions.ComputeError("the value is secret"))
    assert "secret" not in str(caught.value)
    assert isinstance(caught.value.__cause__, pl.exceptions.ComputeError)


def test_exceptions_when_an_engine_panics_then_are_refusals() -> None:
    with pytest.raises(SourceError, match=r"polars could not count a.csv: Panic"):
        raise_in(pl.exceptions.PanicException("index out of bounds"))


@pytest.mark.parametrize(
    ("dtype", "expected"),
    [("i64", "whole numbers"), ("f64", "numbers"), ("bool", "booleans"), ("date", "dates or")],
)
def test_exceptions_when_a_column_cannot_be_parsed_then_name_it(dtype: str, expected: str) -> None:
    words = f"could not parse `x` as dtype `{dtype}` at column 'label' (column number 1)"
    with pytest.raises(ColumnError, match=f"'label' mixes {expected}"):
        raise_in(pl.exceptions.ComputeError(words))


def test_exceptions_when_text_cannot_be_parsed_then_a_quote_is_open() -> None:
    words = "could not parse `\"x` as dtype `str` at column 'label' (column number 1)"
    with pytest.raises(SourceError, match="double quote that is never closed"):
        raise_in(pl.exceptions.ComputeError(words))


def test_exceptions_when_types_do_not_fit_then_say_so() -> None:
    with pytest.raises(SourceError, match="values of different types in a column"):
        raise_in(pl.exceptions.ComputeError("cannot parse 'x' (string) as Int64"))


def test_exceptions_when_raised_in_this_package_then_are_not_hidden(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(engines, "fetched", None)
    with pytest.raises(TypeError, match="not iterable"), asked("polars", ()):
        engines.fetched_together(None)  # type: ignore[arg-type]


@pytest.mark.parametrize("error", [KeyboardInterrupt("stop"), MemoryError("stop")])
def test_interrupts_when_raised_then_pass(error: BaseException) -> None:
    with pytest.raises(type(error), match="stop"):
        raise_in(error)
