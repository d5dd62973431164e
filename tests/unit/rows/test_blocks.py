from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from headway.errors import CountError, SourceError
from headway.rows.blocks import blocks, checked_shapes, peeked, whole

if TYPE_CHECKING:
    from pathlib import Path

ROWS = np.arange(12, dtype=np.int16).reshape(6, 2)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    np.save(tmp_path / "rows.npy", ROWS)
    return tmp_path / "rows.npy"


def test_blocks_when_rows_are_an_array_then_are_slices_of_at_most_so_many_bytes() -> None:
    assert [2, 2, 2] == [len(block) for block in blocks(ROWS, most_bytes=8)]


def test_blocks_when_a_row_is_larger_than_a_block_then_hold_one_row() -> None:
    assert [1] * 6 == [len(block) for block in blocks(ROWS, most_bytes=1)]


def test_blocks_when_rows_are_blocks_then_large_ones_are_cut() -> None:
    assert [2, 1, 2, 1] == [len(b) for b in blocks(iter([ROWS[:3], ROWS[3:]]), most_bytes=8)]


def test_blocks_when_rows_are_a_file_then_are_read_where_they_are_looked_at(file: Path) -> None:
    found = list(blocks(file, most_bytes=12))
    assert all(isinstance(block, np.memmap) for block in found)
    assert ROWS.tolist() == [row for block in found for row in block.tolist()]


def test_blocks_when_rows_are_long_texts_then_are_full_early() -> None:
    texts = ["x" * 1_500_000, "y" * 1_500_000, "z"]
    assert [2, 1] == [len(block) for block in blocks(texts)]


def test_blocks_when_rows_are_an_array_of_texts_then_are_lists() -> None:
    assert [["a", "b"]] == list(blocks(np.array(["a", "b"])))


@pytest.mark.parametrize("nothing", [[], iter(()), np.empty((0, 3))])
def test_blocks_when_there_are_no_rows_then_there_are_none(nothing: list[str]) -> None:
    assert [] == list(blocks(nothing))


def test_whole_when_rows_are_a_file_then_is_a_memory_map(file: Path) -> None:
    assert isinstance(whole(str(file)), np.memmap)


def test_whole_when_rows_are_blocks_then_is_one_array() -> None:
    assert ROWS.tolist() == whole([ROWS[:1], ROWS[1:]]).tolist()
    assert 0 == whole([]).size


def test_peeked_when_rows_can_be_read_once_then_loses_none() -> None:
    shape, kind, rows = peeked(iter([ROWS[:1], ROWS[1:]]))
    assert ((2,), np.dtype(np.int16), 6) == (shape, kind, len(whole(rows)))


def test_peeked_when_rows_are_texts_then_has_no_shape() -> None:
    shape, kind, rows = peeked(iter(["a", "b"]))
    assert (None, None, [["a", "b"]]) == (shape, kind, list(blocks(rows)))
    assert (None, None) == peeked(np.array(["a"]))[:2]


def test_peeked_when_rows_are_a_file_then_has_the_shape_of_one(file: Path) -> None:
    assert (2,) == peeked(file)[0]


def test_rows_when_file_is_missing_then_refuses(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="holds no array that can be compared: there is no such"):
        blocks(tmp_path / "none.npy")


def test_rows_when_file_is_text_then_refuses(tmp_path: Path) -> None:
    (tmp_path / "rows.npy").write_text("not an array")
    with pytest.raises(SourceError, match="numpy cannot read it"):
        whole(tmp_path / "rows.npy")


def test_rows_when_file_is_an_archive_then_refuses(tmp_path: Path) -> None:
    np.savez(tmp_path / "rows.npz", a=ROWS)
    with pytest.raises(SourceError, match="an archive of several arrays"):
        whole(tmp_path / "rows.npz")


def test_shapes_when_they_differ_then_refuses() -> None:
    with pytest.raises(CountError, match=r"shape of a second row is \(3,\)"):
        checked_shapes((2,), (3,))
