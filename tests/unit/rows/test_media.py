from __future__ import annotations

import importlib
import sys
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image

from headway.errors import EngineError, SourceError
from headway.rows import media
from headway.rows.images import near_images
from headway.rows.media import pictures
from scripts.drawings import drawings

if TYPE_CHECKING:
    from pathlib import Path

IMAGES = drawings(12, np.random.default_rng(0), side=64)


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    paths = [tmp_path / f"{i}.png" for i in range(len(IMAGES))]
    for path, image in zip(paths, IMAGES, strict=True):
        Image.fromarray(image).save(path)
    return paths


def test_pictures_when_read_in_blocks_then_are_averaged_down(
    files: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(media, "BLOCK", 5)
    found = list(pictures(files))
    assert [(5, 32, 32), (5, 32, 32), (2, 32, 32)] == [block.shape for block in found]
    halved = IMAGES.reshape(12, 32, 2, 32, 2).mean(axis=(2, 4))
    assert halved == pytest.approx(np.concatenate(found), abs=1e-4)


def test_pictures_when_saved_anew_then_are_found(files: list[Path], tmp_path: Path) -> None:
    Image.open(files[3]).save(tmp_path / "again.jpg", quality=70)
    found = near_images(pictures([tmp_path / "again.jpg"]), pictures(files))
    assert [3] == found.right.tolist()


def test_pictures_when_an_orientation_is_marked_then_are_turned(tmp_path: Path) -> None:
    marks = Image.Exif()
    marks[0x0112] = 6
    Image.fromarray(IMAGES[0]).rotate(90).save(tmp_path / "turned.png", exif=marks)
    Image.fromarray(IMAGES[0]).save(tmp_path / "upright.png")
    turned, upright = next(pictures([tmp_path / "turned.png", tmp_path / "upright.png"]))
    assert upright.tolist() == turned.tolist()


def test_pictures_when_they_have_16_bits_then_keep_them(tmp_path: Path) -> None:
    Image.fromarray(IMAGES[0].astype(np.uint16) * 200).save(tmp_path / "deep.png")
    assert next(pictures([tmp_path / "deep.png"])).max() > 10_000


@pytest.mark.parametrize("raw", [b"", b"no picture", b"\x89PNG\r\n\x1a\n broken"])
def test_pictures_when_a_file_is_none_then_refuses(raw: bytes, tmp_path: Path) -> None:
    (tmp_path / "odd.png").write_bytes(raw)
    with pytest.raises(SourceError, match="holds no picture that can be compared"):
        list(pictures([tmp_path / "odd.png"]))


def test_pictures_when_a_file_breaks_off_then_refuses(files: list[Path]) -> None:
    files[0].write_bytes(files[0].read_bytes()[:200])
    with pytest.raises(SourceError, match="Pillow cannot read it"):
        list(pictures(files))


def test_pictures_when_a_file_is_missing_then_refuses(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="holds no picture"):
        list(pictures([tmp_path / "none.png"]))


def test_pictures_when_pillow_is_missing_then_says_how_to_get_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with monkeypatch.context() as without:
        without.setitem(sys.modules, "PIL", None)
        importlib.reload(media)
        with pytest.raises(EngineError, match=r"(?s)Pillow is not installed.*headway\[media\]"):
            media.pictures([])
    importlib.reload(media)
    assert [] == list(media.pictures([]))
