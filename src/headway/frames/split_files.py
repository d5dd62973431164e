"""Rows with their split become files, each group in one split and no row lost."""

from __future__ import annotations

from contextlib import suppress
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, Final

import narwhals.stable.v2 as nw
import polars as pl

from headway.errors import SourceError
from headway.frames.engines import engine_of, fetched
from headway.frames.expressions import OURS
from headway.frames.files import check_apart
from headway.frames.hashing import UNIT
from headway.frames.kinds import scalar
from headway.frames.splitting import ORDER, SPLIT, named
from headway.frames.write import ENDINGS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

__all__ = ["LEFT_OUT", "endings", "finished", "native", "settled", "sizes", "written"]

LEFT_OUT: Final = {-1: "group", -2: "embargo", -3: "later", -4: "no_time"}
"""Why a row is in no split: its group is in another one, it lies in an embargo, it is later than
train and not of the target, or it has no time."""

NOWHERE: Final = -9
"""Stands for the split of a group that lies in one split alone."""


def settled(rows: nw.LazyFrame[Any], group: str | None, *, highest: bool) -> nw.LazyFrame[Any]:
    """Rows whose groups lie in one split each: those that would part from their group are left out.

    Args:
        rows: Rows with ``SPLIT``.
        group: The column of the group, or None.
        highest: Whether a group stays in its last split (test before dev before train) rather
            than in its first.

    Returns:
        The rows, ``SPLIT`` negative where one is left out.
    """
    if group is None:
        return rows
    inside = rows.filter(~nw.col(group).is_null(), nw.col(SPLIT) >= 0)
    by_group = inside.group_by(group).agg(
        nw.col(SPLIT).min().alias(f"{OURS}low"), nw.col(SPLIT).max().alias(f"{OURS}high")
    )
    parted = by_group.filter(nw.col(f"{OURS}low") != nw.col(f"{OURS}high"))
    if not fetched(parted.select(nw.len().alias("n")), ["n"])[0][0]:
        return rows
    home = f"{OURS}high" if highest else f"{OURS}low"
    joined = rows.join(parted.select(group, home), on=group, how="left")
    place = nw.col(home).fill_null(NOWHERE).cast(nw.Int64)
    found = nw.when(place == NOWHERE).then(nw.col(SPLIT)).otherwise(place)
    elsewhere = (nw.col(SPLIT) >= 0) & (nw.col(SPLIT) != found)
    code = nw.when(elsewhere).then(nw.lit(-1)).otherwise(nw.col(SPLIT))
    return joined.with_columns(code.alias(SPLIT)).drop(home)


def sizes(
    rows: nw.LazyFrame[Any], source: str | None, group: str | None
) -> tuple[dict[str, dict[str, int]], dict[str, int], dict[str, tuple[str, int]]]:
    """How many rows each split got from each source, how many are left out, and large groups.

    Args:
        rows: Rows with ``SPLIT``.
        source: The column of the source, or None.
        group: The column of the group, or None.

    Returns:
        Rows by split and source, rows left out by reason, and per split its largest group with its
        rows.
    """
    by = [name for name in (SPLIT, source) if name is not None]
    cells = fetched(rows.group_by(*by, drop_null_keys=False).agg(nw.len().alias("n")), [*by, "n"])
    found: dict[str, dict[str, int]] = {}
    left_out: dict[str, int] = {}
    for cell in cells:
        code, n = int(cell[0]), int(cell[-1])
        if code < 0:
            left_out[LEFT_OUT[code]] = left_out.get(LEFT_OUT[code], 0) + n
            continue
        name = named(scalar(cell[1])) if source else ""
        by_source = found.setdefault(ORDER[code], {})
        by_source[name] = by_source.get(name, 0) + n
    ordered = {str(s): dict(sorted(found[s].items())) for s in ORDER if s in found}
    return ordered, dict(sorted(left_out.items())), _largest(rows, group, list(ordered))


def _largest(
    rows: nw.LazyFrame[Any], group: str | None, splits: Sequence[str]
) -> dict[str, tuple[str, int]]:
    """Per split, its largest group with its rows."""
    if group is None:
        return {}
    found = {}
    for split in splits:
        inside = rows.filter(nw.col(SPLIT) == ORDER.index(split), ~nw.col(group).is_null())
        by_group = inside.group_by(group).agg(nw.len().alias("n"))
        top = fetched(by_group.sort("n", descending=True).head(1), [group, "n"])
        if top:
            found[split] = (str(scalar(top[0][0])), int(top[0][1]))
    return found


def finished(rows: nw.LazyFrame[Any], column: str) -> nw.LazyFrame[Any]:
    """The rows as they came, with a column of splits and without those that are in none.

    Args:
        rows: Rows with ``SPLIT``.
        column: What the column is called; one of this name is replaced.

    Returns:
        The rows; no pass is made.
    """
    name = nw.lit(ORDER[0])
    for code, split in enumerate(ORDER[1:], 1):
        name = nw.when(nw.col(SPLIT) == code).then(nw.lit(split)).otherwise(name)
    inside = rows.filter(nw.col(SPLIT) >= 0)
    return inside.with_columns(name.alias(column)).drop(SPLIT, UNIT)


def native(rows: nw.LazyFrame[Any]) -> object:
    """Rows as their engine knows them; those of an engine in memory as a table."""
    if engine_of(rows) in {"pandas", "pyarrow"}:
        return nw.to_native(rows.collect())
    return nw.to_native(rows)


def endings(sources: Sequence[str]) -> str:
    """The ending that all files read have in common, or Parquet's.

    Examples:
        >>> endings(["a.csv", "b.csv"]), endings(["a.csv", "b.parquet"])
        ('.csv', '.parquet')
    """
    found = {PurePath(source).suffix.lower() for source in sources}
    return found.pop() if len(found) == 1 and found <= {*ENDINGS} else ".parquet"


def written(
    rows: nw.LazyFrame[Any], out: Path, column: str, splits: Sequence[str], sources: Sequence[str]
) -> dict[str, Path]:
    """Write rows with their split: one file, or a folder with a file for each split.

    Rows stream from where they lie to where they go; a file that is there is replaced once the new
    one is complete.

    Args:
        rows: Rows as ``finished`` gives them.
        out: A file, by its ending, or a folder, which is made.
        column: The column of the splits; a file of one split alone goes without it.
        splits: The splits that have rows.
        sources: Names of what is read; the files in a folder end as these do.

    Returns:
        Per split, its file.

    Raises:
        SourceError: If a file is one of those that are read, or cannot be written.
    """
    if out.suffix.lower() in ENDINGS:
        check_apart([out], sources)
        _sink(rows, out)
        return dict.fromkeys(splits, out)
    files = {split: out / f"{split}{endings(sources)}" for split in splits}
    check_apart(files.values(), sources)
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as problem:
        raise SourceError.unwritable(str(out), "a file is in the way") from problem
    for split, file in files.items():
        _sink(rows.filter(nw.col(column) == split).drop(column), file)
    return files


def _sink(rows: nw.LazyFrame[Any], file: Path) -> None:
    """Write rows into a file, and count that all have arrived."""
    draft = file.with_name(f".{file.name}.part")
    ending = file.suffix.lower()
    try:
        if engine_of(rows) == "duckdb":
            _from_duckdb(rows, draft, ending)
        else:
            _from_polars(_as_polars(rows), draft, ending)
        draft.replace(file)
    except (OSError, pl.exceptions.PolarsError) as problem:
        with suppress(OSError):
            draft.unlink()
        raise SourceError.unwritable(str(file), type(problem).__name__) from problem


def _as_polars(rows: nw.LazyFrame[Any]) -> pl.LazyFrame:
    """Rows of any engine as rows of Polars."""
    if engine_of(rows) == "polars":
        native: pl.LazyFrame = nw.to_native(rows)
        return native
    table: pl.DataFrame = nw.to_native(rows.collect("polars"))
    return table.lazy()


def _from_polars(rows: pl.LazyFrame, file: Path, ending: str) -> None:
    """Let rows stream into a file in the format of an ending."""
    if ending == ".csv":
        rows.sink_csv(file)
    elif ending in {".ndjson", ".jsonl"}:
        rows.sink_ndjson(file)
    elif ending == ".parquet":
        rows.sink_parquet(file)
    else:
        rows.sink_ipc(file)


def _from_duckdb(rows: nw.LazyFrame[Any], file: Path, ending: str) -> None:
    """Let rows of DuckDB stream into a file; other formats than Parquet by way of it."""
    if ending == ".parquet":
        nw.to_native(rows).write_parquet(str(file))
        return
    between = file.with_name(f"{file.name}.parquet")
    try:
        nw.to_native(rows).write_parquet(str(between))
        _from_polars(pl.scan_parquet(between, glob=False), file, ending)
    finally:
        between.unlink(missing_ok=True)
