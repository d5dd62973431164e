from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl
import pytest

from headway.errors import ColumnError, SourceError
from headway.frames.write import table, write

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from numpy.typing import NDArray

COLUMNS: dict[str, list[object] | NDArray[np.generic]] = {
    "split": np.array(["dev", "dev", "test"]),
    "label": ["a", None, "ü"],
    "loss": [0, 0.5, None],
    "right": np.array([True, None, False], dtype=object),
}
READ: dict[str, Callable[..., pl.DataFrame]] = {
    "parquet": pl.read_parquet,
    "csv": pl.read_csv,
    "ndjson": pl.read_ndjson,
    "jsonl": pl.read_ndjson,
    "arrow": pl.read_ipc,
    "feather": pl.read_ipc,
}


@pytest.mark.parametrize("ending", READ)
def test_write_when_read_back_then_nothing_changed(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"p é.{ending}"
    write(COLUMNS, path)
    read = READ[ending](path)
    assert table(COLUMNS).rows() == read.rows()
    assert list(COLUMNS) == read.columns
    assert [path] == list(tmp_path.iterdir())


def test_write_when_a_file_is_there_then_it_is_replaced(tmp_path: Path) -> None:
    path = tmp_path / "p.csv"
    path.write_text("old")
    write({"a": [1]}, str(path))
    assert path.read_text() == "a\n1\n"


def test_table_when_lengths_differ_then_refuses() -> None:
    with pytest.raises(ColumnError, match="different lengths: a 1, b 2"):
        table({"a": [1], "b": [1, 2]})


@pytest.mark.parametrize("values", [[1, "a"], [1, True], [[1], ["a"]], [1, 2**70]])
def test_table_when_a_column_mixes_kinds_then_refuses(values: list[object]) -> None:
    with pytest.raises(ColumnError, match="Column 'label' mixes"):
        table({"label": values})


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("p.xlsx", "the ending '.xlsx' names no format"),
        ("p", "the ending '' names no format"),
        ("none/p.csv", "its folder is not there"),
        ("file.csv/p.csv", "a folder is in the way"),
        ("folder.csv", "a folder is in the way"),
    ],
)
def test_write_when_it_cannot_then_refuses(tmp_path: Path, name: str, words: str) -> None:
    (tmp_path / "file.csv").touch()
    (tmp_path / "folder.csv").mkdir()
    with pytest.raises(SourceError, match=f"cannot be written: {words}"):
        write({"a": [1]}, tmp_path / name)
    assert {"file.csv", "folder.csv"} == {path.name for path in tmp_path.iterdir()}


def test_write_when_the_format_has_no_lists_then_refuses(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="CSV format does not support nested data"):
        write({"a": [[1, 2]]}, tmp_path / "p.csv")


def test_write_when_permission_is_denied_then_refuses(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def denied(*_: object) -> None:
        raise PermissionError

    monkeypatch.setattr("pathlib.Path.open", denied)
    with pytest.raises(SourceError, match="permission is denied"):
        write({"a": [1]}, tmp_path / "p.csv")
