from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from headway.errors import SourceError
from headway.frames import files
from headway.frames.files import FIRST_LOOK, FORMATS, found, inspected

if TYPE_CHECKING:
    from pathlib import Path


def test_path_when_it_exists_then_is_no_pattern(tmp_path: Path) -> None:
    path = tmp_path / "[a]*.csv"
    path.touch()
    (tmp_path / "a1.csv").touch()
    assert [path] == found(path)


def test_pattern_when_it_fits_then_files_are_sorted(tmp_path: Path) -> None:
    for name in ("b.csv", "a.csv", "c.txt"):
        (tmp_path / name).touch()
    assert [tmp_path / "a.csv", tmp_path / "b.csv"] == found(f"{tmp_path}/*.csv")


@pytest.mark.parametrize("ending", [".csv", ".CSV", ".tsv", ".ndjson", ".jsonl"])
def test_text_when_it_is_utf_8_then_its_ending_tells_the_format(
    ending: str, tmp_path: Path
) -> None:
    path = tmp_path / f"a{ending}"
    path.write_text("é", encoding="utf-8")
    assert FORMATS[ending.lower()] == inspected(path)


def test_text_when_a_character_is_cut_by_the_end_of_the_look_then_is_text(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"a" * (FIRST_LOOK - 1) + "é".encode())
    assert "csv" == inspected(path)


def test_binary_when_it_has_its_marks_then_is_taken_for_it(tmp_path: Path) -> None:
    path = tmp_path / "a.feather"
    path.write_bytes(b"ARROW1" + b"\0" * 9 + b"ARROW1")
    assert "arrow" == inspected(path)


def test_file_when_it_cannot_be_opened_then_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.csv"
    path.touch()

    def denied(*_: object, **__: object) -> None:
        raise PermissionError(13, "denied")

    monkeypatch.setattr(type(path), "open", denied)
    with pytest.raises(SourceError, match="may not be read"):
        inspected(path)


def test_suggestion_when_the_folder_cannot_be_listed_then_is_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def denied(_: Path) -> None:
        raise PermissionError(13, "denied")

    monkeypatch.setattr(type(tmp_path), "iterdir", denied)
    with pytest.raises(SourceError, match="Hint: check the path"):
        found(tmp_path / "a.csv")
    assert files.FORMATS is FORMATS
