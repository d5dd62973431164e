"""Asking an engine: small results come back as plain rows, and its exceptions as refusals."""

from __future__ import annotations

import re
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

import narwhals.stable.v2 as nw

from headway.errors import ColumnError, HeadwayError, SourceError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

__all__ = ["asked", "engine_of", "fetched"]

_PARSE: Final = re.compile(r"could not parse .* as dtype `(\w+)` at column '(.+)' \(", re.DOTALL)
_MIXED: Final = re.compile(
    r"cannot parse '|incompatible|conversion|cast|unexpected value", re.IGNORECASE
)


def engine_of(rows: nw.LazyFrame[Any]) -> str:
    """The name of the engine behind a frame, such as ``"polars"`` or ``"duckdb"``."""
    return str(rows.implementation.name).lower()


@contextmanager
def asked(engine: str, sources: Sequence[str]) -> Iterator[None]:
    """A stretch in which an engine works: what it raises leaves as a refusal.

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


def _refusal(engine: str, sources: Sequence[str], error: BaseException) -> HeadwayError:
    """What an engine's exception says about the input, without the values it quotes."""
    words = str(error)
    if parse := _PARSE.search(words):
        return ColumnError.mixed(parse[2], (_plain(parse[1]), "other values"))
    why = "values of different types in a column" if _MIXED.search(words) else type(error).__name__
    return SourceError.refused(sources, engine, why)


def _plain(dtype: str) -> str:
    """A type of Polars in plain words."""
    starts = {"i": "whole numbers", "u": "whole numbers", "f": "numbers", "b": "booleans"}
    return starts.get(dtype[0], "text")
