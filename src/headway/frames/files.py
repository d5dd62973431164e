"""Which files a path means, and a look at their first bytes before any engine opens them."""

from __future__ import annotations

import glob
import os
from pathlib import Path
from typing import TYPE_CHECKING, Final

from headway.errors import SourceError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = ["FORMATS", "check_apart", "found", "inspected"]

FORMATS: Final = {
    ".parquet": "parquet",
    ".pq": "parquet",
    ".csv": "csv",
    ".tsv": "tsv",
    ".ndjson": "ndjson",
    ".jsonl": "ndjson",
    ".arrow": "arrow",
    ".feather": "arrow",
    ".ipc": "arrow",
}
"""What a file holds, by its ending."""

FIRST_LOOK: Final = 64 * 1024
"""Bytes looked at before an engine opens a file."""

_MAGIC: Final = {"parquet": b"PAR1", "arrow": b"ARROW1"}

_SIGNATURES: Final = {
    b"PAR1": "those of a Parquet file",
    b"ARROW1": "those of an Arrow file",
    b"\x1f\x8b": "those of a gzip archive",
    b"PK\x03\x04": "those of a zip archive",
    b"\x28\xb5\x2f\xfd": "those of a zstd archive",
    b"\x89PNG": "those of a PNG picture",
}


def found(path: str | os.PathLike[str]) -> list[Path]:
    """The files that a path or pattern means, sorted by name.

    Args:
        path: A path, taken as it is where it exists, or else a pattern with ``*``, ``?``, ``[``.

    Returns:
        At least one path; none has been opened.

    Raises:
        SourceError: If nothing is there.
    """
    text = os.fspath(path)
    if "\0" in text:
        raise SourceError.missing_file(text.replace("\0", "?"), ())
    literal = Path(text)
    try:
        if literal.exists():
            return [literal]
    except OSError as error:
        raise SourceError.file("unreadable", text) from error
    if glob.has_magic(text):
        matches = sorted(Path(name) for name in glob.iglob(text, recursive=True))  # noqa: PTH207
        if not matches:
            raise SourceError.file("pattern", text)
        return matches
    raise SourceError.missing_file(text, _neighbours(literal))


def inspected(path: Path) -> str:
    """The format of a file whose first and last bytes bear out its ending.

    Args:
        path: An existing path.

    Returns:
        A value of ``FORMATS``.

    Raises:
        SourceError: If the file is not what it is called, or is empty, binary, cut short or not
            in UTF-8.
    """
    name = str(path)
    if path.is_dir():
        raise SourceError.file("directory", name)
    if not path.is_file():
        raise SourceError.file("special", name)
    form = FORMATS.get(path.suffix.lower())
    if form is None:
        raise SourceError.file("ending", name)
    try:
        with path.open("rb") as file:
            first = file.read(FIRST_LOOK)
            file.seek(max(0, path.stat().st_size - 8))
            last = file.read()
    except OSError as error:
        raise SourceError.file("unreadable", name) from error
    if not first:
        raise SourceError.file("empty", name)
    if form in _MAGIC:
        _check_binary(name, form, first, last)
    else:
        _check_text(name, first)
        if form in {"csv", "tsv"}:
            _check_quotes(path)
    return form


def check_apart(targets: Iterable[Path], sources: Iterable[str]) -> None:
    """Refuse to write where something is read from.

    Args:
        targets: The files to be written.
        sources: Names of what is read; those of tables in memory name no file.

    Raises:
        SourceError: If a file to be written is one of those that are read.
    """
    read = {Path(name).resolve() for name in sources if Path(name).exists()}
    for target in targets:
        if target.resolve() in read:
            raise SourceError.own_source(str(target))


def _neighbours(path: Path) -> Sequence[str]:
    """The paths beside one that is not there, written as it was."""
    try:
        return sorted(str(path.with_name(other.name)) for other in path.parent.iterdir())
    except (OSError, ValueError):
        return ()


def _described(first: bytes) -> str:
    """In words, what the first bytes of a file are."""
    for magic, words in _SIGNATURES.items():
        if first.startswith(magic):
            return words
    return "zeros" if not first.strip(b"\0") else "not those of a table"


def _check_binary(name: str, form: str, first: bytes, last: bytes) -> None:
    """Refuse what does not begin and end with the mark of its format."""
    magic = _MAGIC[form]
    if not first.startswith(magic):
        raise SourceError.file("content", name, _described(first))
    if not last.endswith(magic):
        raise SourceError.file("truncated", name)


def _check_text(name: str, first: bytes) -> None:
    """Refuse what is not text in UTF-8."""
    for mark, encoding in ((b"\xff\xfe", "UTF-16"), (b"\xfe\xff", "UTF-16")):
        if first.startswith(mark):
            raise SourceError.file("encoding", name, encoding)
    if b"\0" in first:
        odd, even = first[1::2].count(0), first[::2].count(0)
        if min(odd, even) < 0.05 * len(first) < max(odd, even):
            raise SourceError.file("encoding", name, "UTF-16")
        raise SourceError.file("binary", name, _described(first))
    if any(first.startswith(magic) for magic in _SIGNATURES):
        raise SourceError.file("binary", name, _described(first))
    try:
        first.decode("utf-8")
    except UnicodeDecodeError as error:
        # A character may be cut by the end of the look.
        if error.start < FIRST_LOOK - 4:
            control = sum(byte < 9 for byte in first)
            if control > 0.01 * len(first):
                raise SourceError.file("binary", name, "not those of a table") from error
            raise SourceError.file("encoding", name, "LATIN1") from error
    if not first.strip():
        raise SourceError.no_rows([name])


def _check_quotes(path: Path) -> None:
    """Refuse an odd number of double quotes; engines would swallow the rest of the file."""
    n_quotes = 0
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            n_quotes += block.count(b'"')
    if n_quotes % 2:
        raise SourceError.file("quote", str(path))
