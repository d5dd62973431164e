"""Each row gets its split, by the hash of its key, inside the engine.

The split of a row follows from its key, the salt and the thresholds alone: order, engine and
further rows do not move it. Rows of one group share a key, so that no group is in two splits.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import narwhals.stable.v2 as nw
import numpy as np

from headway.errors import ColumnError, CountError, SplitError
from headway.frames.engines import asked, engine_of, fetched
from headway.frames.expressions import OURS, key
from headway.frames.hashing import UNIT, with_unit
from headway.frames.kinds import scalar

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from headway.counts import Scalar
    from headway.frames.source import Frame

__all__ = ["ORDER", "SPLIT", "Pools", "assigned", "named", "pooled", "targeted", "thresholds"]

SPLIT: Final = f"{OURS}split"
"""The column that holds the position of the split in ``ORDER``; negative for rows left out."""

ORDER: Final = ("train", "train_dev", "dev", "test")

HASHED: Final = ("test", "dev", "train_dev")
"""The splits in the order of the hash, so that the test set stays where the dev set grows."""

MOST_POOLS: Final = 500
"""Sources times strata that are told apart."""

MOST_KEYS: Final = 5_000_000
"""Rows whose hashes are put in order, to take exactly so many."""

SOURCE: Final = f"{OURS}source"
STRATUM: Final = f"{OURS}stratum"

Pool: TypeAlias = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Pools:
    """Rows with their hash, and the pools that splits are drawn from.

    Args:
        rows: The rows, with ``UNIT``.
        engine: Name of the engine.
        sources: Names of what is read.
        n: Per source and stratum, the rows.
        squares: Per source, the sum of squared numbers of rows of one key.
        values: Per source and stratum, the values that stand for them.
        columns: The columns of source and stratum; None where there is none.
        group: The column of the group, or None.
        kept: Whatever must live until the rows have been written.
    """

    rows: nw.LazyFrame[Any]
    engine: str
    sources: tuple[str, ...]
    n: Mapping[Pool, int]
    squares: Mapping[str, int]
    values: Mapping[Pool, tuple[Scalar, Scalar]]
    columns: tuple[str | None, str | None]
    group: str | None
    kept: object = None


def pooled(
    frame: Frame,
    *,
    salt: str,
    stratify: str | None = None,
    ignore_group: bool = False,
) -> Pools:
    """The rows of a frame with their hash, counted by source and stratum; two passes.

    Args:
        frame: The frame.
        salt: Any text; another one gives another split.
        stratify: A role or column whose values each give their share to every split.
        ignore_group: Whether rows of a group may part.

    Returns:
        The rows, ready to be assigned.

    Raises:
        HeadwayError: If a column cannot be used, or groups lie in several strata.
    """
    roles = frame.columns.roles
    group = None if ignore_group else roles.get("group")
    names = [name for name in (group, roles.get("id")) if name is not None]
    source = roles.get("source")
    stratum = frame.columns.column(stratify) if stratify else None
    if stratify and stratum is None:
        raise ColumnError.unknown(stratify, list(frame.kinds))
    with asked(frame.engine, frame.sources):
        rows = with_unit(frame.rows, names, salt)
        columns = (source, stratum)
        found = _counted(rows, columns, frame)
        if group is not None and stratum is not None:
            _check_strata(rows, group, stratum)
        squares = _squares(rows, source, names)
    return Pools(
        rows=rows,
        engine=frame.engine,
        sources=frame.sources,
        n={pool: n for pool, (n, _) in found.items()},
        squares=squares,
        values={pool: values for pool, (_, values) in found.items()},
        columns=columns,
        group=group,
        kept=frame.kept,
    )


def named(value: Scalar) -> str:
    """A value of a source or a stratum as a name.

    Examples:
        >>> named("web"), named(3), named(None)
        ('web', '3', 'missing')
    """
    return "missing" if value is None else str(value)


def _counted(
    rows: nw.LazyFrame[Any], columns: tuple[str | None, str | None], frame: Frame
) -> dict[Pool, tuple[int, tuple[Scalar, Scalar]]]:
    """Rows by source and stratum."""
    keys = [name for name in dict.fromkeys(columns) if name is not None]
    if not keys:
        n = int(fetched(rows.select(nw.len().alias("n")), ["n"])[0][0])
        return {("", ""): (n, (None, None))}
    columns_ = [key(name, frame.kinds[name]).alias(f"{OURS}{i}") for i, name in enumerate(keys)]
    by = [f"{OURS}{i}" for i in range(len(keys))]
    query = rows.select(*columns_).group_by(*by, drop_null_keys=False).agg(nw.len().alias("n"))
    cells = fetched(query.head(MOST_POOLS + 1), [*by, "n"])
    if len(cells) > MOST_POOLS:
        raise CountError.too_many_cells(keys, keys[-1], MOST_POOLS)
    found = {}
    for cell in sorted(cells, key=lambda c: [named(scalar(v)) for v in c[:-1]]):
        given = dict(zip(keys, map(scalar, cell[:-1]), strict=True))
        source, stratum = (None if name is None else given[name] for name in columns)
        pool = (
            "" if columns[0] is None else named(source),
            "" if columns[1] is None else named(stratum),
        )
        found[pool] = (int(cell[-1]), (source, stratum))
    return found


def _check_strata(rows: nw.LazyFrame[Any], group: str, stratum: str) -> None:
    """Refuse groups that lie in several strata."""
    several = (
        rows.filter(~nw.col(group).is_null())
        .group_by(group, stratum, drop_null_keys=False)
        .agg(nw.len().alias("n"))
        .group_by(group)
        .agg(nw.len().alias("strata"))
        .filter(nw.col("strata") > 1)
        .select(nw.len().alias("n"))
    )
    if n := int(fetched(several, ["n"])[0][0] or 0):
        raise SplitError.mixed_groups(n, stratum)


def _squares(rows: nw.LazyFrame[Any], source: str | None, names: Sequence[str]) -> dict[str, int]:
    """Per source, the sum of squared numbers of rows that share a key."""
    by = [source] if source else []
    n, keyless = nw.col("n").cast(nw.Int64), nw.col(UNIT).is_null()
    keyed = (
        rows.group_by(*by, UNIT, drop_null_keys=False)
        .agg(nw.len().alias("n"))
        .with_columns(square=n * n, blank=nw.when(keyless).then(nw.col("n")).otherwise(nw.lit(0)))
    )
    sums = [nw.col("square").sum(), nw.col("blank").sum()]
    totals = keyed.group_by(*by, drop_null_keys=False).agg(*sums) if by else keyed.select(*sums)
    cells = fetched(totals, [*by, "square", "blank"])
    if blank := sum(int(cell[-1] or 0) for cell in cells):
        raise ColumnError.unfit(
            "key of a split", names[-1], f"{blank} rows without a value", "a value in each row"
        )
    return {named(scalar(cell[0])) if by else "": int(cell[-2] or 0) for cell in cells}


def thresholds(
    pools: Pools, wanted: Mapping[Pool, Mapping[str, float]], *, exact: bool
) -> tuple[dict[Pool, tuple[float, ...]], bool]:
    """Where the hash of each pool passes from test to dev, from dev to train-dev, and on to train.

    Args:
        pools: The rows.
        wanted: Per pool and split, rows, or shares where they are not exact.
        exact: Whether rows are taken in the order of their hash until there are so many; rows of
            one key stay together, so that groups may miss the number by part of a group.

    Returns:
        Per pool, three numbers in [0, 1] that do not fall, and whether rows were put in order:
        with more than five million rows shares of the keys are taken instead.
    """
    if not exact:
        return {pool: tuple(_running(by)) for pool, by in wanted.items()}, False
    if sum(pools.n.values()) > MOST_KEYS:
        shares = {
            pool: tuple(min(1.0, at / max(1, pools.n[pool])) for at in _running(by))
            for pool, by in wanted.items()
        }
        return shares, False
    units = _units(pools)
    return {pool: _places(units[pool], _running(by)) for pool, by in wanted.items()}, True


def _running(by: Mapping[str, float]) -> list[float]:
    """The running total over the splits in the order of the hash."""
    found, total = [], 0.0
    for split in HASHED:
        total += by.get(split, 0.0)
        found.append(total)
    return found


def _places(units: NDArray[np.float64], numbers: Sequence[float]) -> tuple[float, ...]:
    """The thresholds below which so many hashes lie, or as near to it as equal hashes allow."""
    ranked = np.sort(units)
    found = []
    for number in numbers:
        n = round(number)
        if n >= len(ranked):
            found.append(1.0)
            continue
        below = int(np.searchsorted(ranked, ranked[n], side="left"))
        upto = int(np.searchsorted(ranked, ranked[n], side="right"))
        near = ranked[n] if n - below <= upto - n else np.nextafter(ranked[n], 2.0)
        found.append(float(near) if n else 0.0)
    return tuple(found)


def _units(pools: Pools) -> dict[Pool, NDArray[np.float64]]:
    """The hashes of each pool."""
    found = {}
    with asked(pools.engine, pools.sources):
        for pool in pools.n:
            part = pools.rows.filter(*_inside(pools, pool)).select(UNIT)
            if engine_of(part) == "duckdb":
                values = nw.to_native(part).fetchnumpy()[UNIT]
            else:
                values = part.collect()[UNIT].to_numpy()
            units = np.asarray(values, dtype=np.float64)
            found[pool] = units[~np.isnan(units)]
    return found


def _inside(pools: Pools, pool: Pool) -> list[nw.Expr]:
    """The conditions that the rows of a pool fulfil."""
    conditions = [
        _is(name, value)
        for name, value in zip(pools.columns, pools.values[pool], strict=True)
        if name is not None
    ]
    return conditions or [~nw.col(UNIT).is_null()]


def _is(name: str, value: Scalar) -> nw.Expr:
    """Whether a column has this value."""
    if value is None:
        return nw.col(name).is_null()
    return (nw.col(name).cast(nw.String) if isinstance(value, str) else nw.col(name)) == value


def targeted(pools: Pools, sources: Sequence[str]) -> nw.Expr:
    """Whether a row is of one of these sources; true for all where there is no such column.

    Args:
        pools: The rows.
        sources: Names of sources.

    Returns:
        An expression of truth values.
    """
    name = pools.columns[0]
    if name is None:
        return ~nw.col(UNIT).is_null()
    values = {pools.values[pool][0] for pool in pools.n if pool[0] in sources}
    truths = [nw.when(_is(name, v)).then(nw.lit(1)).otherwise(nw.lit(0)) for v in values]
    return nw.max_horizontal(nw.lit(0), *truths) == 1


def assigned(pools: Pools, at: Mapping[Pool, tuple[float, ...]]) -> nw.LazyFrame[Any]:
    """Rows with ``SPLIT``, by the thresholds of their pool.

    Args:
        pools: The rows.
        at: Per pool, its thresholds.

    Returns:
        The rows; no pass is made.
    """
    limits = [f"{OURS}at_{i}" for i in range(len(HASHED))]
    if len(at) == 1:
        (only,) = at.values()
        exprs = [nw.lit(value).alias(name) for name, value in zip(limits, only, strict=True)]
    else:
        inside = {pool: _all(_inside(pools, pool)) for pool in at}
        exprs = [
            nw.max_horizontal(
                *(
                    nw.when(inside[pool]).then(nw.lit(at[pool][i])).otherwise(nw.lit(-1.0))
                    for pool in at
                )
            ).alias(name)
            for i, name in enumerate(limits)
        ]
    code = nw.lit(0)
    for name, split in reversed(list(zip(limits, HASHED, strict=True))):
        code = nw.when(nw.col(UNIT) < nw.col(name)).then(ORDER.index(split)).otherwise(code)
    return pools.rows.with_columns(*exprs).with_columns(code.alias(SPLIT)).drop(*limits)


def _all(conditions: Sequence[nw.Expr]) -> nw.Expr:
    """Whether all conditions hold."""
    found = conditions[0]
    for condition in conditions[1:]:
        found &= condition
    return found
