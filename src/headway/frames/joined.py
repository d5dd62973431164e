"""Several frames one below the other, with the split or model that their names say."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import narwhals.stable.v2 as nw

from headway.frames.expressions import OURS
from headway.frames.kinds import NUMBERS, TEXTS, kind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["BIT", "Part", "joined", "with_bits"]

BIT: Final = f"{OURS}bit"
"""The column that tells models apart by a bit, which is quicker than by their names."""

MOST_BITS: Final = 62
"""Most models that are told apart so."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Part:
    """Rows that share what was said about them from outside.

    Args:
        rows: The rows.
        is_text: Whether the types of the columns were read from text.
        constants: Per column, the value that all rows have, such as the split of a file.
    """

    rows: nw.LazyFrame[Any]
    is_text: bool = False
    constants: Mapping[str, str | int]


def with_bits(parts: Sequence[Part], column: str) -> tuple[list[Part], dict[str, int]]:
    """Parts with a bit for their model, where each is known to be of one.

    Args:
        parts: The parts.
        column: The column of the model.

    Returns:
        The parts, with the column ``BIT`` if their models are known and at most 62, and the bit of
        each model; no bits otherwise.
    """
    names = [part.constants.get(column) for part in parts]
    bits = {str(name): 1 << i for i, name in enumerate(dict.fromkeys(names))}
    if None in names or len(bits) > MOST_BITS:
        return list(parts), {}
    return [
        replace(part, constants={**part.constants, BIT: bits[str(name)]})
        for part, name in zip(parts, names, strict=True)
    ], bits


def joined(parts: Sequence[Part]) -> tuple[nw.LazyFrame[Any], dict[str, tuple[str, ...]]]:
    """One frame of all parts, missing columns null.

    Whole numbers and numbers with decimals meet as numbers, categories and text as text. Where
    text files disagree on a type, the column is text in all of them.

    Args:
        parts: At least one part.

    Returns:
        The frame, and per column whose types cannot be brought together (it was cast to text)
        the kinds that were found.
    """
    schemas = [part.rows.collect_schema() for part in parts]
    names = dict.fromkeys(name for schema in schemas for name in schema)
    casts: dict[str, nw.dtypes.DType] = {}
    conflicts: dict[str, tuple[str, ...]] = {}
    for name in names:
        types = [schema[name] for schema in schemas if name in schema]
        found = sorted({kind(dtype) for dtype in types} - {"null"})
        if all(dtype == types[0] for dtype in types):
            continue
        casts[name] = _meeting_type(set(found))
        if not _meet(set(found)) and not all(part.is_text for part in parts):
            conflicts[name] = tuple(found)
    frames = []
    for part, schema in zip(parts, schemas, strict=True):
        changed = [nw.col(name).cast(to) for name, to in casts.items() if name in schema]
        changed += [_constant(value).alias(name) for name, value in part.constants.items()]
        frames.append(part.rows.with_columns(*changed) if changed else part.rows)
    return frames[0] if len(frames) == 1 else nw.concat(frames, how="diagonal"), conflicts


def _constant(value: str | int) -> nw.Expr:
    """A value as a column; whole numbers of every size with the same type."""
    return nw.lit(value, dtype=nw.Int64() if isinstance(value, int) else None)


def _meet(found: set[str]) -> bool:
    """Whether kinds can be brought together without changing what is equal to what."""
    return len(found) <= 1 or found <= NUMBERS or found <= TEXTS


def _meeting_type(found: set[str]) -> nw.dtypes.DType:
    """The type in which kinds meet."""
    if found and found <= NUMBERS:
        return nw.Float64() if "float" in found else nw.Int64()
    if found == {"time"}:
        return nw.Datetime()
    return nw.String()
