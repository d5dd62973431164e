"""Files become lazy frames: Parquet by DuckDB unless asked otherwise, everything else by Polars."""

from __future__ import annotations

import glob
import shutil
import tempfile
import weakref
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import duckdb
import narwhals.stable.v2 as nw
import polars as pl

from headway.errors import EngineError
from headway.frames.engines import asked
from headway.frames.files import inspected

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["ENGINES", "Opened", "opened"]

ENGINES: Final = ("duckdb", "polars")
"""The engines that read files; the first one reads Parquet unless the other is asked for."""

INFERRED_ROWS: Final = 10_000
"""Rows of a text file from which the types of its columns are read."""

WIDE: Final = 200
"""Columns up to which DuckDB plans quickly: a class of probabilities is a column."""

_TEXT: Final = frozenset({"csv", "tsv", "ndjson"})

Scan: TypeAlias = Callable[[Sequence[Path], str], nw.LazyFrame[Any]]

_QUIET: Final[Mapping[str, str]] = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "preserve_insertion_order": "false",
}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Opened:
    """One or more files with the same columns, ready to be asked.

    Args:
        rows: Their rows; nothing has been read but the schema.
        names: The files, as they were given.
        is_text: Whether the types of its columns were read from text.
    """

    rows: nw.LazyFrame[Any]
    names: tuple[str, ...]
    is_text: bool


def opened(
    groups: Sequence[Sequence[Path]], engine: str | None
) -> tuple[list[list[Opened]], object]:
    """Groups of files as lazy frames of one engine.

    Args:
        groups: Paths of existing files; the files of a group are treated alike.
        engine: One of ``ENGINES``, or None for the quickest that reads all of them.

    Returns:
        Per group its frames (a single one where all its files are Parquet with one schema), and
        what must be kept until the rows have been counted.

    Raises:
        EngineError: If there is no such engine.
        SourceError: If a file is not what it should be.
    """
    if engine is not None and engine not in ENGINES:
        raise EngineError.unknown(engine, ENGINES)
    forms = {path: inspected(path) for group in groups for path in group}
    if engine is None:
        engine = _quickest(forms)
    with asked(engine, tuple(map(str, forms))):
        scan = _by_duckdb() if engine == "duckdb" else _by_polars
        return [_alike(group, forms, scan) for group in groups], scan


def _quickest(forms: Mapping[Path, str]) -> str:
    """DuckDB for Parquet files, unless they are so wide that planning would take longer."""
    if set(forms.values()) != {"parquet"}:
        return "polars"
    with asked("polars", tuple(map(str, forms))):
        width = max(len(pl.read_parquet_schema(path)) for path in forms)
    return "duckdb" if width <= WIDE else "polars"


def _alike(group: Sequence[Path], forms: Mapping[Path, str], scan: Scan) -> list[Opened]:
    """The files of a group, in one frame if they are Parquet files with the same schema."""
    single = [scan([path], forms[path]) for path in group]
    schemas = [rows.collect_schema() for rows in single]
    are_parquet = {forms[path] for path in group} == {"parquet"}
    if len(group) > 1 and are_parquet and all(schema == schemas[0] for schema in schemas):
        names = tuple(map(str, group))
        return [Opened(rows=scan(group, "parquet"), names=names, is_text=False)]
    return [
        Opened(rows=rows, names=(str(path),), is_text=forms[path] in _TEXT)
        for path, rows in zip(group, single, strict=True)
    ]


def _by_polars(paths: Sequence[Path], form: str) -> nw.LazyFrame[Any]:
    """Files as a lazy frame of Polars."""
    return nw.from_native(_scanned(paths, form))


def _by_duckdb() -> Scan:
    """A function from files to a relation, and while it lives, a folder for what is not Parquet."""
    folder = tempfile.mkdtemp(prefix="headway-")
    connection = duckdb.connect(config={**_QUIET, "temp_directory": folder})

    def scan(paths: Sequence[Path], form: str) -> nw.LazyFrame[Any]:
        if form != "parquet":
            target = Path(folder) / f"{len(list(Path(folder).iterdir()))}.parquet"
            _scanned(paths, form).sink_parquet(target)
            paths = [target]
        names = [glob.escape(str(path)) for path in paths]
        return nw.from_native(connection.read_parquet(names, hive_partitioning=False))

    weakref.finalize(scan, shutil.rmtree, folder, ignore_errors=True)
    return scan


def _scanned(paths: Sequence[Path], form: str) -> pl.LazyFrame:
    """Files as Polars reads them, nothing guessed beyond the types of text."""
    files = list(paths)
    if form == "parquet":
        return pl.scan_parquet(files, glob=False, hive_partitioning=False)
    if form in {"arrow", "ndjson"}:
        names = [glob.escape(str(path)) for path in files]
        if form == "arrow":
            return pl.scan_ipc(names, hive_partitioning=False)
        return pl.scan_ndjson(names, infer_schema_length=INFERRED_ROWS)
    return pl.scan_csv(
        files,
        separator="\t" if form == "tsv" else ",",
        glob=False,
        infer_schema_length=INFERRED_ROWS,
    )
