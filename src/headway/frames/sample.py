"""A seeded handful of rows of each split, bounded in number, to look at."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import narwhals.stable.v2 as nw
import numpy as np

from headway.counts import SPLITS
from headway.frames.engines import asked, engine_of, fetched
from headway.frames.expressions import OURS
from headway.frames.hashing import PRIME, coefficients, cubic
from headway.frames.kinds import scalar
from headway.frames.splits import splits_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import polars as pl

    from headway.counts import Scalar
    from headway.frames.source import Frame

__all__ = ["Placed", "Sample", "placed", "sample", "split_names"]

PLACE: Final = f"{OURS}place"

SPARE: Final = 1.1
"""How many more rows than wanted are read, because a hash thins only about so many."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sample:
    """Some rows of one split.

    Args:
        columns: Per column, its values; missing ones are None.
        n: How many rows they are.
        total: How many rows the split has.
    """

    columns: Mapping[str, Sequence[Any]]
    n: int
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """The rows of a frame by split, and those that are in none.

    Args:
        splits: Per known split, in ladder order, what it is called there and its rows.
        unusable: Rows in no known split, by reason: ``no_split``, ``unknown_split``.
        unknown: The names of unknown splits, sorted.
    """

    splits: Mapping[str, tuple[Scalar, int]]
    unusable: Mapping[str, int] = field(default_factory=dict)
    unknown: tuple[str, ...] = ()

    @property
    def total(self) -> int:
        """All rows."""
        return sum(n for _, n in self.splits.values()) + sum(self.unusable.values())


def placed(frame: Frame) -> Placed:
    """The rows of a frame by split; one pass.

    Args:
        frame: The frame; without a column of splits all of it is dev.

    Returns:
        The rows of each split, and those that are in none.

    Raises:
        SplitError: If two names mean the same split.

    Examples:
        >>> from headway.frames.source import read
        >>> dict(placed(read({"split": ["dev", "fold 3", "fold 3", None]})).unusable)
        {'no_split': 1, 'unknown_split': 2}
    """
    column = frame.columns.roles.get("split")
    if column is None:
        n = fetched(frame.rows.select(nw.len().alias("n")), ["n"])[0][0]
        return Placed(splits={"dev": (None, int(n))})
    counted = frame.rows.group_by(column, drop_null_keys=False).agg(nw.len().alias("n"))
    found: dict[Scalar, int] = {}
    for raw, n in fetched(counted, [column, "n"]):
        found[scalar(raw)] = found.get(scalar(raw), 0) + int(n)
    nowhere = found.pop(None, 0)
    known = splits_of(found)
    named = {split: (name, found[name]) for name, split in known.items()}
    unknown = {str(name): n for name, n in found.items() if name not in known}
    reasons = {"no_split": nowhere, "unknown_split": sum(unknown.values())}
    return Placed(
        splits={split: named[split] for split in SPLITS if split in named},
        unusable={reason: n for reason, n in reasons.items() if n},
        unknown=tuple(sorted(unknown)),
    )


def split_names(frame: Frame) -> dict[str, tuple[Scalar, int]]:
    """The splits of a frame: what each is called there, and its rows; one pass.

    Args:
        frame: The frame.

    Returns:
        Per known split, in ladder order.

    Raises:
        SplitError: If two names mean the same split.
    """
    return dict(placed(frame).splits)


def sample(
    frame: Frame,
    columns: Sequence[str],
    splits: Mapping[str, tuple[Scalar, int]],
    *,
    most: int,
    seed: int = 0,
) -> dict[str, Sample]:
    """Some rows of each split; all of them where there are few.

    Args:
        frame: The frame.
        columns: The columns to read.
        splits: Per split, what it is called and its rows, from ``split_names``.
        most: Most rows of each split.
        seed: Another seed takes other rows.

    Returns:
        Per split, its rows in the order of the table; none where the engine cannot number rows.
    """
    rows = _placed(frame.rows)
    if rows is None or not columns:
        return {}
    unit = cubic(nw.col(PLACE), coefficients(f"sample {seed}")) / float(PRIME)
    column = frame.columns.roles.get("split")
    found = {}
    with asked(frame.engine, frame.sources):
        for split, (name, n) in splits.items():
            part = rows if column is None else rows.filter(nw.col(column) == name)
            if n > most:
                part = part.filter(unit < SPARE * most / n)
            read = fetched(part, [*columns, PLACE])
            if len(read) > most:
                kept = np.random.Generator(np.random.PCG64(seed)).permutation(len(read))[:most]
                read = [read[i] for i in np.sort(kept)]
            values = list(zip(*read, strict=True))[:-1] or [()] * len(columns)
            found[split] = Sample(
                columns={c: [_plain(v) for v in vs] for c, vs in zip(columns, values, strict=True)},
                n=len(read),
                total=n,
            )
    return found


def _plain(value: Any) -> Any:  # noqa: ANN401 - whatever an engine hands over
    """A value as it is, missing ones as None."""
    if isinstance(value, str | int | list | tuple | np.ndarray):
        return value
    return value if isinstance(value, float) and value == value else scalar(value)  # noqa: PLR0124


def _placed(rows: nw.LazyFrame[Any]) -> nw.LazyFrame[Any] | None:
    """Rows with their number; None where an engine gives them none."""
    engine = engine_of(rows)
    numbered: Any = None
    if engine == "polars":
        native: pl.LazyFrame = nw.to_native(rows)
        numbered = native.with_row_index(PLACE)
    if engine == "duckdb":
        numbered = nw.to_native(rows).project(f"*, row_number() OVER () AS {PLACE}")
    if engine in {"pandas", "pyarrow"}:
        return rows.collect().with_row_index(PLACE).lazy()
    placed: nw.LazyFrame[Any] | None = None if numbered is None else nw.from_native(numbered)
    return placed
