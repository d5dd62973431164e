"""Plain columns become a table, in memory or in a file."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING

import numpy as np
import polars as pl

from headway.errors import ColumnError, SourceError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

__all__ = ["table", "write"]

ENDINGS: tuple[str, ...] = (".parquet", ".csv", ".ndjson", ".jsonl", ".arrow", ".feather")


def table(columns: Mapping[str, Sequence[object] | NDArray[np.generic]]) -> pl.DataFrame:
    """Plain columns as one table, ready to be read like a user's.

    Args:
        columns: Name to values, all of one length; None stands for a missing value.

    Returns:
        The table.

    Raises:
        ColumnError: If a column mixes kinds of values, or the lengths differ.

    Examples:
        >>> table({"split": ["dev", "dev"], "label": [1, None]}).shape
        (2, 2)
    """
    lengths = {name: len(values) for name, values in columns.items()}
    if len(set(lengths.values())) > 1:
        raise ColumnError.uneven(lengths)
    return pl.DataFrame([_series(name, values) for name, values in columns.items()])


def write(columns: Mapping[str, Sequence[object] | NDArray[np.generic]], path: str | Path) -> None:
    r"""Write plain columns to a file whose ending says its format.

    Args:
        columns: Name to values, all of one length.
        path: Ends in ``.parquet``, ``.csv``, ``.ndjson``, ``.jsonl``, ``.arrow`` or ``.feather``.
            A file that is there is replaced, once the new one is complete.

    Raises:
        ColumnError: If a column mixes kinds of values, or the lengths differ.
        SourceError: If the ending is another one, or the file cannot be written.

    Examples:
        >>> from tempfile import TemporaryDirectory
        >>> with TemporaryDirectory() as folder:
        ...     write({"split": ["dev"], "loss": [0.5]}, f"{folder}/p.csv")
        ...     Path(folder, "p.csv").read_text()
        'split,loss\ndev,0.5\n'
    """
    target = Path(path)
    ending = target.suffix.lower()
    if ending not in ENDINGS:
        raise SourceError.unwritable(str(path), f"the ending '{target.suffix}' names no format")
    frame, draft = table(columns), target.with_name(f".{target.name}.part")
    try:
        with draft.open("wb") as file:
            _write(frame, file, ending)
        draft.replace(target)
    except (OSError, pl.exceptions.PolarsError) as problem:
        with suppress(OSError):
            draft.unlink()
        raise SourceError.unwritable(str(path), _reason(problem)) from problem


def _write(frame: pl.DataFrame, file: IO[bytes], ending: str) -> None:
    """A table in the format of an ending."""
    if ending == ".parquet":
        frame.write_parquet(file)
    elif ending == ".csv":
        frame.write_csv(file)
    elif ending in {".ndjson", ".jsonl"}:
        frame.write_ndjson(file)
    else:
        frame.write_ipc(file)


def _reason(problem: Exception) -> str:
    """Why a file cannot be written, in a few words."""
    if isinstance(problem, FileNotFoundError):
        return "its folder is not there"
    if isinstance(problem, PermissionError):
        return "permission is denied"
    if isinstance(problem, IsADirectoryError | NotADirectoryError):
        return "a folder is in the way"
    return str(problem).partition("\n")[0]


def _series(name: str, values: Sequence[object] | NDArray[np.generic]) -> pl.Series:
    """One column; arrays of objects go by their values."""
    if isinstance(values, np.ndarray) and values.dtype != object:
        return pl.Series(name, values)
    plain = values.tolist() if isinstance(values, np.ndarray) else values
    kinds = sorted({type(value).__name__ for value in plain if value is not None})
    if kinds == ["bool", "int"]:
        raise ColumnError.mixed(name, kinds)
    try:
        return pl.Series(name, plain, dtype=pl.Float64 if kinds == ["float", "int"] else None)
    except (TypeError, pl.exceptions.PolarsError) as problem:
        raise ColumnError.mixed(name, kinds) from problem
