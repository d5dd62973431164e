"""What splits share that they must not share: ids, groups, whole rows, and the time."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, Any, Final

import narwhals.stable.v2 as nw

from headway.counts import CountTable
from headway.frames.engines import asked, fetched
from headway.frames.expressions import OURS
from headway.frames.kinds import TEXTS, comparable, scalar

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from headway.counts import Scalar
    from headway.frames.source import Frame

__all__ = ["group_sizes", "shared", "windows"]

_ONE: Final = nw.lit(1)
_ZERO: Final = nw.lit(0)


def shared(frame: Frame, by: Sequence[str], splits: Mapping[str, tuple[Scalar, int]]) -> CountTable:
    """How many rows and keys each split shares with each other; one pass.

    Rows in which all columns of the key are missing belong to no key.

    Args:
        frame: The frame.
        by: The columns of the key.
        splits: Per split, what it is called there.

    Returns:
        By ``split`` and ``other``: the rows of the split whose key the other one has too, with the
        sums ``keys`` (how many keys that are) and, where predictions tell, ``wrong``. A split with
        itself has all its rows; None with None counts all keys together.
    """
    column = frame.columns.roles["split"]
    wrong = _wrong(frame)
    keys = [f"{OURS}k{i}" for i in range(len(by))]
    filled = nw.any_horizontal(*(~nw.col(name).is_null() for name in by), ignore_nulls=True)
    given = frame.rows.filter(filled).select(
        *(_key(name, frame.kinds[name]).alias(k) for name, k in zip(by, keys, strict=True)),
        nw.col(column).cast(nw.String).alias("split"),
        (_ZERO if wrong is None else wrong).alias("wrong"),
    )
    inner = given.group_by(*keys, "split", drop_null_keys=False).agg(
        nw.len().alias("n"), nw.col("wrong").sum()
    )
    order = list(splits)
    spread = inner.select(
        *keys,
        *(
            nw.when(nw.col("split") == str(splits[split][0]))
            .then(nw.col(name).cast(nw.Int64))
            .otherwise(_ZERO)
            .alias(f"{name}{i}")
            for i, split in enumerate(order)
            for name in ("n", "wrong")
        ),
    )
    names = [f"{name}{i}" for i in range(len(order)) for name in ("n", "wrong")]
    per_key = spread.group_by(*keys, drop_null_keys=False).agg(*(nw.col(n).sum() for n in names))
    sums = {n: nw.col(n) for n in names} | {"keys": _ONE}
    for i, j in product(range(len(order)), repeat=2):
        both = (nw.col(f"n{i}") > 0) & (nw.col(f"n{j}") > 0)
        for name in ("n", "wrong"):
            sums[f"{name}{i}in{j}"] = nw.when(both).then(nw.col(f"{name}{i}")).otherwise(_ZERO)
        sums[f"keys{i}in{j}"] = nw.when(both).then(_ONE).otherwise(_ZERO)
    table = per_key.select(*(expr.alias(name) for name, expr in sums.items()))
    with asked(frame.engine, frame.sources):
        totals = fetched(table.select(*(nw.col(name).sum() for name in sums)), list(sums))[0]
    got = {name: int(value or 0) for name, value in zip(sums, totals, strict=True)}
    cells: list[tuple[Scalar, Scalar]] = [(None, None)]
    parts = [(sum(got[f"n{i}"] for i in range(len(order))), got["keys"], 0)]
    for (i, a), (j, b) in product(enumerate(order), repeat=2):
        cells.append((a, b))
        parts.append((got[f"n{i}in{j}"], got[f"keys{i}in{j}"], got[f"wrong{i}in{j}"]))
    n, keys_, wrong_ = zip(*parts, strict=True)
    known = {"keys": keys_} | ({} if wrong is None else {"wrong": wrong_})
    return CountTable.of(("split", "other"), cells, n, known)


def _key(name: str, kind: str) -> nw.Expr:
    """A column as part of a key; categories by what they say."""
    if kind == "category":
        return nw.col(name).cast(nw.String)
    return nw.col(name).fill_nan(None) if kind == "float" else nw.col(name)


def _wrong(frame: Frame) -> nw.Expr | None:
    """1 where a prediction is wrong, or None where no column tells it."""
    roles = frame.columns.roles
    if "correct" in roles:
        right = nw.col(roles["correct"]).cast(nw.Float64)
        return nw.when(right == 1).then(_ZERO).otherwise(_ONE)
    if not {"label", "prediction"} <= set(roles):
        return None
    label, prediction = roles["label"], roles["prediction"]
    kinds = frame.kinds[label], frame.kinds[prediction]
    if "list" in kinds or not comparable(*kinds):
        return None
    sides = [
        nw.col(name).cast(nw.String) if kind in TEXTS else nw.col(name)
        for name, kind in zip((label, prediction), kinds, strict=True)
    ]
    known = ~nw.col(label).is_null()
    wrong = nw.when(sides[0] == sides[1]).then(_ZERO).otherwise(_ONE)
    return nw.when(known).then(wrong).otherwise(_ZERO)


def group_sizes(
    frame: Frame, group: str, splits: Mapping[str, tuple[Scalar, int]]
) -> dict[str, float]:
    """How many rows of its own group a row meets in each split, itself included; one pass.

    Args:
        frame: The frame.
        group: The column of the group; rows without one are alone.
        splits: Per split, what it is called there.

    Returns:
        Per split, a mean of at least 1.
    """
    split = frame.columns.roles["split"]
    meant = {str(name): known for known, (name, _) in splits.items()}
    n = nw.col("n").cast(nw.Int64)
    alone = nw.when(nw.col("group").is_null()).then(n).otherwise(n * n)
    given = frame.rows.select(
        nw.col(split).cast(nw.String).alias("split"), nw.col(group).alias("group")
    )
    sizes = given.group_by("split", "group", drop_null_keys=False).agg(nw.len().alias("n"))
    squares = sizes.with_columns(square=alone).group_by("split")
    sums = squares.agg(nw.col("n").sum(), nw.col("square").sum())
    with asked(frame.engine, frame.sources):
        cells = fetched(sums, ["split", "n", "square"])
    return {meant[str(s)]: float(q) / float(k) for s, k, q in cells if str(s) in meant}


def windows(
    frame: Frame, column: str, splits: Mapping[str, tuple[Scalar, int]]
) -> dict[str, tuple[str, str, int]]:
    """The first and the last moment of each split, and its rows after the first one of dev or test.

    Args:
        frame: The frame.
        column: The column of times.
        splits: Per split, what it is called there.

    Returns:
        Per split, its first moment, its last, and the rows that are later than the first of dev
        (of test where there is no dev).
    """
    split = frame.columns.roles["split"]
    meant = {str(name): known for known, (name, _) in splits.items()}
    given = frame.rows.select(
        nw.col(split).cast(nw.String).alias("split"), nw.col(column).alias("time")
    ).filter(~nw.col("time").is_null())
    ends = given.group_by("split").agg(
        nw.col("time").min().alias("first"), nw.col("time").max().alias("last")
    )
    with asked(frame.engine, frame.sources):
        found = {
            meant[str(name)]: (first, last)
            for name, first, last in fetched(ends, ["split", "first", "last"])
            if str(name) in meant
        }
        begin = next((found[name][0] for name in ("dev", "test") if name in found), None)
        later: dict[str, int] = {}
        if begin is not None:
            after = given.filter(nw.col("time") >= begin).group_by("split").agg(nw.len().alias("n"))
            later = {
                meant[str(name)]: int(n)
                for name, n in fetched(after, ["split", "n"])
                if str(name) in meant
            }
    return {
        name: (_said(first), _said(last), later.get(name, 0))
        for name, (first, last) in found.items()
    }


def _said(moment: Any) -> str:  # noqa: ANN401
    """A moment in words."""
    return str(scalar(moment))
