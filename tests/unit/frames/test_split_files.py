from __future__ import annotations

from typing import TYPE_CHECKING, Any

import narwhals.stable.v2 as nw
import polars as pl
import pytest

from headway.errors import SourceError
from headway.frames.hashing import UNIT
from headway.frames.split_files import endings, finished, native, settled, written
from headway.frames.splitting import SPLIT

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.conftest import FrameOf

TABLE: dict[str, list[Any]] = {
    "id": [0, 1, 2, 3, 4, 5],
    "who": ["a", "a", "b", "b", None, None],
    SPLIT: [0, 3, 2, 2, 1, -1],
    UNIT: [0.1] * 6,
}
READ: dict[str, Callable[..., pl.DataFrame]] = {
    ".parquet": pl.read_parquet,
    ".csv": pl.read_csv,
    ".ndjson": pl.read_ndjson,
    ".arrow": pl.read_ipc,
}


def lazy(table: Any) -> nw.LazyFrame[Any]:
    """A native table as a lazy frame."""
    frame = nw.from_native(table)
    return frame if isinstance(frame, nw.LazyFrame) else frame.lazy()


def test_rows_when_finished_then_have_names_of_splits_and_nothing_of_ours(
    frame_of: FrameOf,
) -> None:
    done = finished(lazy(frame_of(TABLE)), "split")
    table = nw.to_native(done.collect("polars")).sort("id")
    assert ["id", "who", "split"] == table.columns
    assert ["train", "test", "dev", "dev", "train_dev"] == table["split"].to_list()


@pytest.mark.parametrize("ending", READ)
def test_rows_when_written_then_each_file_has_those_of_its_split(
    frame_of: FrameOf, tmp_path: Path, ending: str
) -> None:
    done = finished(lazy(frame_of(TABLE)), "split")
    files = written(done, tmp_path / "new" / "splits", "split", ["train", "dev"], [f"a{ending}"])
    assert {"train", "dev"} == set(files)
    dev = READ[ending](files["dev"])
    assert ([2, 3], ["id", "who"]) == (sorted(dev["id"].to_list()), dev.columns)
    assert 2 == len(list((tmp_path / "new" / "splits").iterdir()))


@pytest.mark.parametrize("ending", READ)
def test_rows_when_written_into_one_file_then_say_their_split(
    frame_of: FrameOf, tmp_path: Path, ending: str
) -> None:
    done = finished(lazy(frame_of(TABLE)), "split")
    files = written(done, tmp_path / f"all{ending}", "split", ["train", "dev"], ["a.csv"])
    assert {tmp_path / f"all{ending}"} == set(files.values())
    assert {"train", "test", "dev", "train_dev"} == set(
        READ[ending](tmp_path / f"all{ending}")["split"]
    )


@pytest.mark.parametrize(
    ("highest", "expected"), [(True, [-1, 3, 2, 2, 1, -1]), (False, [0, -1, 2, 2, 1, -1])]
)
def test_groups_when_they_lie_in_two_splits_then_stay_in_one(
    frame_of: FrameOf,
    highest: bool,  # noqa: FBT001
    expected: list[int],
) -> None:
    done = settled(lazy(frame_of(TABLE)), "who", highest=highest)
    table = nw.to_native(done.collect("polars")).sort("id")
    assert expected == table[SPLIT].cast(pl.Int64).to_list()
    assert set(TABLE) == set(table.columns)


def test_files_when_they_cannot_be_written_then_are_refused(tmp_path: Path) -> None:
    done = finished(lazy(pl.LazyFrame(TABLE)), "split")
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(SourceError, match="cannot be written: a file is in the way"):
        written(done, tmp_path / "file", "split", ["dev"], ["a.parquet"])
    with pytest.raises(SourceError, match="cannot be written: "):
        written(done, tmp_path / "not" / "there.csv", "split", ["dev"], ["a.csv"])
    assert ["file"] == [path.name for path in tmp_path.iterdir()]


def test_rows_when_handed_back_then_are_of_their_engine(frame_of: FrameOf) -> None:
    table = frame_of(TABLE)
    assert type(table) is type(native(lazy(table)))


@pytest.mark.parametrize(
    ("sources", "ending"),
    [
        (["a.csv"], ".csv"),
        (["a.parquet", "b.csv"], ".parquet"),
        (["the pandas table"], ".parquet"),
        (["a.tsv"], ".parquet"),
    ],
)
def test_endings_when_files_share_one_then_it_is_kept(sources: list[str], ending: str) -> None:
    assert ending == endings(sources)
