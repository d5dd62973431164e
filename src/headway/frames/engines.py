"""Asking an engine: small results come back as plain rows, and its exceptions as refusals."""

from __future__ import annotations

import re
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

import narwhals.stable.v2 as nw
import numpy as np
import polars as pl

from headway.errors import ColumnError, HeadwayError, SourceError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

__all__ = [
    "asked",
    "engine_of",
    "fetched",
    "fetched_columns",
    "fetched_sets",
    "fetched_together",
]

_PARSE: Final = re.compile(r"could not parse .* as dtype `(\w+)` at column '(.+)' \(", re.DOTALL)
_MIXED: Final = re.compile(
    r"cannot parse '|incompatible|conversion|cast|unexpected value", re.IGNORECASE
)


def engine_of(rows: nw.LazyFrame[Any]) -> str:
    """The name of the engine behind a frame, such as ``"polars"`` or ``"duckdb"``."""
    return str(rows.implementation.name).lower()


@contextmanager
def asked(engine: str, sources: Sequence[str]) -> Iterator[None]:
    """A stretch in which an engine works: what it raises leaves as a refusal, our faults do not.

    Args:
        engine: Name of the engine.
        sources: Names of what it reads.

    Raises:
        HeadwayError: If the engine raises anything, a panic of its own included.
    """
    try:
        yield
    except (HeadwayError, KeyboardInterrupt, SystemExit, GeneratorExit, MemoryError):
        raise
    except BaseException as error:  # a panic of Polars is no Exception
        if _is_ours(error):
            raise
        raise _refusal(engine, sources, error) from error


def fetched(query: nw.LazyFrame[Any], columns: Sequence[str]) -> list[tuple[Any, ...]]:
    """The rows of a small result, asked from its engine in one pass.

    Args:
        query: A frame that ends in an aggregation.
        columns: The columns wanted, in order.

    Returns:
        One tuple per row, with the engine's own scalars.
    """
    query = query.select(*columns)
    if engine_of(query) == "duckdb":
        return list(nw.to_native(query).fetchall())
    if engine_of(query) == "polars":
        small = query.collect("polars", engine="streaming")
    else:
        small = query.collect()
    return list(zip(*(small[name].to_list() for name in columns), strict=True))


def fetched_columns(query: nw.LazyFrame[Any], columns: Sequence[str]) -> dict[str, NDArray[Any]]:
    """The columns of a result of up to some million rows, asked from its engine in one pass.

    Args:
        query: A frame that ends in an aggregation.
        columns: The columns wanted.

    Returns:
        Per column its values; where some are missing, an array of objects or one with a mask.
    """
    query = query.select(*columns)
    if engine_of(query) == "duckdb":
        found: dict[str, NDArray[Any]] = nw.to_native(query).fetchnumpy()
        return {name: found[name] for name in columns}
    if engine_of(query) == "polars":
        small = query.collect("polars", engine="streaming")
    else:
        small = query.collect()
    return {name: _array(small[name]) for name in columns}


def fetched_together(queries: Sequence[nw.LazyFrame[Any]]) -> list[list[tuple[Any, ...]]]:
    """The rows of several small results of Polars, from one scan of what they share."""
    tables = pl.collect_all([nw.to_native(query) for query in queries], engine="streaming")
    return [table.rows() for table in tables]


def fetched_sets(
    rows: nw.LazyFrame[Any],
    groupings: Sequence[tuple[str, ...]],
    sums: Sequence[str],
    *,
    most: int,
) -> dict[tuple[str, ...], list[tuple[Any, ...]]]:
    """Cells by several groupings from one aggregation of DuckDB, without PyArrow.

    Args:
        rows: A relation.
        groupings: Distinct tuples of columns.
        sums: Columns to sum in each cell.
        most: Cells that each grouping may have; more than that of one grouping may leave cells
            of the others out.

    Returns:
        Per grouping one tuple per cell: its keys, the number of rows, the sums.
    """
    keys = list(dict.fromkeys(name for grouping in groupings for name in grouping))
    sets = ", ".join(f"({', '.join(grouping)})" for grouping in groupings)
    measures = ["count(*)", *(f"sum({name})" for name in sums)]
    relation = nw.to_native(rows).aggregate(
        ", ".join([f"GROUPING({', '.join(keys)})", *keys, *measures]), f"GROUPING SETS ({sets})"
    )
    n = len(keys)
    masks = {
        sum(1 << (n - 1 - i) for i, name in enumerate(keys) if name not in grouping): grouping
        for grouping in groupings
    }
    places = {grouping: [1 + keys.index(name) for name in grouping] for grouping in groupings}
    cells: dict[tuple[str, ...], list[tuple[Any, ...]]] = {grouping: [] for grouping in groupings}
    for row in relation.limit(len(groupings) * (most + 1)).fetchall():
        grouping = masks[row[0]]
        cells[grouping].append((*(row[i] for i in places[grouping]), *row[n + 1 :]))
    return cells


def _array(values: nw.Series[Any]) -> NDArray[Any]:
    """The values of a column; objects where they are not numbers or some are missing."""
    if values.dtype.is_numeric() and not values.is_null().any():
        return np.asarray(values.to_numpy())
    return np.array(values.to_list(), dtype=object)


def _is_ours(error: BaseException) -> bool:
    """Whether an exception is a plain one that was raised in this package."""
    step = error.__traceback__
    while step is not None and step.tb_next is not None:
        step = step.tb_next
    where = step.tb_frame.f_globals.get("__name__", "") if step is not None else ""
    return type(error).__module__ == "builtins" and where.startswith("headway.")


def _refusal(engine: str, sources: Sequence[str], error: BaseException) -> HeadwayError:
    """What an engine's exception says about the input, without the values it quotes."""
    words = str(error)
    if parse := _PARSE.search(words):
        if parse[1] == "str":
            return SourceError.file("quote", sources[0])
        return ColumnError.mixed(parse[2], (_plain(parse[1]), "other values"))
    why = "values of different types in a column" if _MIXED.search(words) else type(error).__name__
    return SourceError.refused(sources, engine, why)


def _plain(dtype: str) -> str:
    """A type of Polars in plain words."""
    starts = {"i": "whole numbers", "u": "whole numbers", "f": "numbers", "b": "booleans"}
    return starts.get(dtype[0], "dates or times")
