"""A number in [0, 1) for each key, the same on every engine, in every version, for ever.

Whole numbers are hashed by arithmetic inside the engine, texts by BLAKE2b in Python: an engine's
own hash differs from engine to engine and from version to version.
"""

from __future__ import annotations

import atexit
import shutil
import tempfile
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import narwhals.stable.v2 as nw
import polars as pl

from headway.errors import ColumnError, EngineError
from headway.frames.engines import engine_of, fetched
from headway.frames.expressions import FRACTION, OURS, key
from headway.frames.kinds import kind, scalar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

__all__ = ["UNIT", "coefficients", "cubic", "unit_of_text", "with_unit"]

UNIT: Final = f"{OURS}unit"
"""The column that holds the number."""

PRIME: Final = 2**31 - 1
"""A Mersenne prime: products of two numbers below it fit into 62 bits."""

SALT_BYTES: Final = 16
"""Longest salt that BLAKE2b takes; a longer one is hashed first."""

_KEYS: Final = "whole numbers, text or booleans"


def coefficients(salt: str) -> tuple[int, int, int, int]:
    """The coefficients of the polynomial that a salt stands for, the highest power first.

    Args:
        salt: Any text.

    Returns:
        Four whole numbers from 1 to 2^31 - 2.

    Examples:
        >>> coefficients("headway") == coefficients("headway") != coefficients("another")
        True
    """
    digest = blake2b(salt.encode(), digest_size=32).digest()
    a, b, c, d = (int.from_bytes(digest[i : i + 8], "big") for i in (0, 8, 16, 24))
    return _within(a), _within(b), _within(c), _within(d)


def _within(number: int) -> int:
    """A number from 1 to the prime less one."""
    return number % (PRIME - 1) + 1


def cubic(values: nw.Expr, by: Sequence[int]) -> nw.Expr:
    """The hash of whole numbers: a cubic polynomial modulo 2^31 - 1.

    Args:
        values: Whole numbers of at most 64 bits.
        by: Its four coefficients, the highest power first.

    Returns:
        Whole numbers from 0 to 2^31 - 2; null where the value is null.

    References:
        Carter and Wegman (1979), Journal of Computer and System Sciences 18, 143-154.
        Methods note, section 0.8.
    """
    x = (values % PRIME + PRIME) % PRIME
    hashed = nw.lit(0)
    for coefficient in by:
        hashed = (hashed * x + coefficient) % PRIME
    return hashed


def unit_of_text(text: str, salt: str) -> float:
    """The number in [0, 1) of a text.

    Args:
        text: Any text, taken byte by byte.
        salt: Any text; another salt gives other numbers.

    Returns:
        A multiple of 2^-53.

    Examples:
        >>> round(unit_of_text("user-1", "headway"), 6)
        0.105558

    References:
        Methods note, section 0.8.
    """
    salted = salt.encode()
    if len(salted) > SALT_BYTES:
        salted = blake2b(salted, digest_size=SALT_BYTES).digest()
    digest = blake2b(text.encode(), digest_size=8, salt=salted).digest()
    return float((int.from_bytes(digest, "big") >> 11) * 2.0**-53)


def with_unit(rows: nw.LazyFrame[Any], names: Sequence[str], salt: str) -> nw.LazyFrame[Any]:
    """Rows with ``UNIT``, the number in [0, 1) of their key.

    Args:
        rows: The rows.
        names: Columns of the key; where the first one is missing in a row the next one counts.
            Without any, the key is all that a row holds, so that equal rows get equal numbers.
        salt: Any text.

    Returns:
        The rows.

    Raises:
        ColumnError: If a column cannot be a key, or a row has no key.
        EngineError: If the engine cannot give a row its number.
    """
    engine = engine_of(rows)
    schema = rows.collect_schema()
    texts: list[str] = []
    units: list[nw.Expr] = []
    by = coefficients(salt)
    for name in names:
        column = kind(schema[name])
        if column in {"text", "category"}:
            units.append(nw.col(f"{UNIT}_{name}"))
            texts.append(name)
        elif column in {"integer", "boolean", "float"}:
            unit = cubic(_whole(rows, name, schema[name]), by) / float(PRIME)
            units.append(nw.when(~_absent(name, column)).then(unit))
        else:
            raise ColumnError.unfit("key of a split", name, column, _KEYS)
    if not names:
        rows = _of_content(rows, engine, salt)
        units = [nw.col(UNIT)]
    else:
        rows = _of_texts(rows, engine, texts, salt)
    rows = rows.with_columns(_first(units).alias(UNIT))
    return rows.drop(*(f"{UNIT}_{name}" for name in texts)) if texts else rows


def _first(units: Sequence[nw.Expr]) -> nw.Expr:
    """The first of some numbers that is not null."""
    found = units[-1]
    for unit in reversed(units[:-1]):
        found = nw.when(~unit.is_null()).then(unit).otherwise(found)
    return found


def _whole(rows: nw.LazyFrame[Any], name: str, dtype: nw.dtypes.DType) -> nw.Expr:
    """A column of whole numbers, those stored as decimals included."""
    if kind(dtype) != "float":
        return nw.col(name) if dtype == nw.UInt64 else nw.col(name).cast(nw.Int64)
    whole = key(name, "float")
    broken = nw.when(whole == FRACTION).then(nw.lit(1)).otherwise(nw.lit(0))
    count = rows.select(broken=broken).select(nw.col("broken").sum())
    if fetched(count, ["broken"])[0][0]:
        raise ColumnError.fractional("key of a split", name)
    return nw.when(~whole.is_null()).then(whole).otherwise(nw.lit(0.0)).cast(nw.Int64)


def _absent(name: str, column: str) -> nw.Expr:
    """Whether a key is missing."""
    return (key(name, "float") if column == "float" else nw.col(name)).is_null()


def _of_texts(
    rows: nw.LazyFrame[Any], engine: str, names: Sequence[str], salt: str
) -> nw.LazyFrame[Any]:
    """Rows with the number of each text column beside it."""
    if not names:
        return rows

    def unit(text: object) -> float | None:
        return None if scalar(text) is None else unit_of_text(str(text), salt)

    if engine == "polars":
        native: pl.LazyFrame = nw.to_native(rows)
        more = [_mapped(pl.col(name).cast(pl.String), unit, f"{UNIT}_{name}") for name in names]
        return _beside(native, more)
    if engine in {"pandas", "pyarrow"}:
        table = rows.collect()
        columns = [
            _series(table, f"{UNIT}_{name}", map(unit, table[name].to_list())) for name in names
        ]
        return table.with_columns(*columns).lazy()
    if engine == "duckdb":
        return _looked_up(rows, names, unit)
    raise EngineError.no_text_keys(engine, names[0])


def _mapped(column: pl.Expr, function: Callable[[Any], float | None], name: str) -> pl.Expr:
    """A function of each value, batch by batch as the rows stream by."""
    return column.map_batches(
        lambda values: pl.Series([function(value) for value in values], dtype=pl.Float64),
        return_dtype=pl.Float64,
        is_elementwise=True,
    ).alias(name)


def _beside(rows: pl.LazyFrame, columns: Sequence[pl.Expr]) -> nw.LazyFrame[Any]:
    """Rows with columns of numbers that are made once, 8 bytes a row, and kept beside them."""
    numbers = rows.select(*columns).collect(engine="streaming")
    return nw.from_native(pl.concat([rows, numbers.lazy()], how="horizontal"))


def _series(table: nw.DataFrame[Any], name: str, values: Iterable[float | None]) -> nw.Series[Any]:
    """Numbers as a column of the same kind of table."""
    found = [float("nan") if value is None else value for value in values]
    series: nw.Series[Any] = nw.new_series(name, found, nw.Float64, backend=table.implementation)
    return series.fill_nan(None)


def _looked_up(
    rows: nw.LazyFrame[Any], names: Sequence[str], unit: Callable[[Any], float | None]
) -> nw.LazyFrame[Any]:
    """Rows of DuckDB joined with the numbers of their distinct texts, which lie in a folder."""
    folder = Path(tempfile.mkdtemp(prefix="headway-"))
    # The relation may outlive everything that is ours.
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    for i, name in enumerate(names):
        column, texts, numbers = f"{UNIT}_{name}", folder / f"{i}.texts", folder / f"{i}.numbers"
        text = f"{UNIT}_text"
        distinct = rows.select(nw.col(name).cast(nw.String).alias(text)).unique()
        nw.to_native(distinct).write_parquet(str(texts))
        numbered = pl.scan_parquet(texts).with_columns(_mapped(pl.col(text), unit, column))
        numbered.sink_parquet(numbers)
        path = str(numbers).replace("'", "''")
        known = nw.to_native(rows).query("given", f"FROM read_parquet('{path}')")
        rows = rows.with_columns(nw.col(name).cast(nw.String).alias(text))
        rows = rows.join(nw.from_native(known), on=text, how="left").drop(text)
    return rows


def _of_content(rows: nw.LazyFrame[Any], engine: str, salt: str) -> nw.LazyFrame[Any]:
    """Rows with the number of all that they hold."""
    names = sorted(rows.collect_schema().names())

    def unit(values: Iterable[object]) -> float:
        return unit_of_text(repr(tuple(map(_plain, values))), salt)

    if engine == "polars":
        native: pl.LazyFrame = nw.to_native(rows)
        every = pl.struct(names)
        return _beside(native, [_mapped(every, lambda row: unit(row.values()), UNIT)])
    if engine in {"pandas", "pyarrow"}:
        table = rows.collect()
        found = map(unit, table.select(*names).iter_rows())
        return table.with_columns(_series(table, UNIT, found)).lazy()
    raise EngineError.no_row_keys(engine)


def _plain(value: object) -> object:
    """A value as it is written, the same whichever engine held it."""
    if isinstance(value, list | tuple):
        return tuple(map(_plain, value))
    return scalar(value)
