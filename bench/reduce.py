"""Times the reduction of a large Parquet file against the bare engine, interleaved in one run.

    python bench/reduce.py [--rows 100_000_000] [--repeats 3]

Two questions: cells of split x label x prediction, and with them, six one-way tables of metadata
by split and outcome. The file (dictionary coded, about 4 bytes a row) is made once in the
temporary folder and used again. Each way runs in a process of its own, imports done before the
clock starts, so that its peak memory is its own. Exits 1 when a bound fails.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

import duckdb
import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

import headway

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

PAIR: Final = ("split", "label", "prediction")
METADATA: Final = {"camera": 3, "light": 5, "region": 8, "hour": 12, "device": 20, "site": 50}
SPLITS: Final = ("train", "train_dev", "dev", "test")
CLASSES: Final = tuple(f"class_{i}" for i in range(10))
BLOCK: Final = 2_000_000

BOUNDS: Final = {"pairs": 1.25, "with metadata": 1.5}
MOST_MEMORY_MB: Final = 700
JUDGED_ROWS: Final = 100_000_000


def made(rows: int) -> Path:
    """The file of this many rows, made if it is not there."""
    path = Path(tempfile.gettempdir()) / f"headway-bench-{rows}.parquet"
    if path.exists():
        return path
    rng = np.random.default_rng(0)
    draft = path.with_suffix(".part")
    writer = None
    for start in range(0, rows, BLOCK):
        table = _block(min(BLOCK, rows - start), rng)
        writer = writer or pq.ParquetWriter(draft, table.schema, compression="zstd")
        writer.write_table(table, row_group_size=BLOCK // 2)
    if writer is not None:
        writer.close()
    draft.rename(path)
    return path


def _block(n: int, rng: np.random.Generator) -> pa.Table:
    """Some rows, each column dictionary coded."""
    label = rng.integers(0, len(CLASSES), n, dtype=np.int8)
    slips = rng.random(n, dtype=np.float32) < 0.1
    prediction = np.where(slips, rng.integers(0, len(CLASSES), n, dtype=np.int8), label)
    codes = {
        "split": rng.choice(len(SPLITS), n, p=[0.97, 0.01, 0.01, 0.01]).astype(np.int8),
        "label": label,
        "prediction": prediction,
        **{name: rng.integers(0, k, n, dtype=np.int8) for name, k in METADATA.items()},
    }
    values = {"split": SPLITS, "label": CLASSES, "prediction": CLASSES}
    values |= {name: tuple(f"{name}_{i}" for i in range(k)) for name, k in METADATA.items()}
    return pa.table(
        {
            name: pa.DictionaryArray.from_arrays(pa.array(code), pa.array(values[name]))
            for name, code in codes.items()
        }
    )


def headway_pairs(path: Path) -> int:
    """The question of ``gaps``: cells by split, label and prediction."""
    return rows_of(headway.gaps(path))


def duckdb_pairs(path: Path) -> int:
    """The same group-by by hand."""
    keys = ", ".join(PAIR)
    sql = f"SELECT {keys}, count(*) FROM read_parquet('{path}') GROUP BY {keys}"  # noqa: S608
    return int(sum(row[-1] for row in duckdb.connect().sql(sql).fetchall()))


def polars_pairs(path: Path) -> int:
    """The same group-by by hand in Polars."""
    cells = pl.scan_parquet(path).group_by(PAIR).len().collect(engine="streaming")
    return int(cells["len"].sum())


def headway_metadata(path: Path) -> int:
    """The question of ``gaps`` with the one-way tables, asked together."""
    return rows_of(headway.gaps(path, by=tuple(METADATA)))


def rows_of(answer: headway.Answer[headway.Gaps]) -> int:
    """How many rows an answer was counted from."""
    assert answer.intake is not None
    return answer.intake.rows


def duckdb_metadata(path: Path) -> int:
    """The same with grouping sets by hand."""
    names = ", ".join(METADATA)
    sets = ", ".join(f"(split, {name}, wrong)" for name in METADATA)
    sql = (
        f"SELECT split, label, prediction, {names}, wrong, count(*) FROM "  # noqa: S608
        f"(SELECT *, label <> prediction AS wrong FROM read_parquet('{path}')) "
        f"GROUP BY GROUPING SETS ((split, label, prediction), {sets})"
    )
    total = sum(row[-1] for row in duckdb.connect().sql(sql).fetchall())
    return int(total) // (1 + len(METADATA))


def polars_metadata(path: Path) -> int:
    """The same with one scan of Polars by hand."""
    rows = pl.scan_parquet(path).with_columns(wrong=pl.col("label") != pl.col("prediction"))
    asked = [PAIR, *(("split", name, "wrong") for name in METADATA)]
    tables = pl.collect_all([rows.group_by(keys).len() for keys in asked], engine="streaming")
    return int(tables[-1]["len"].sum())


def codes_metadata(path: Path) -> int:
    """The same by one pass over the dictionary codes, row group by row group."""
    names = [*PAIR, *METADATA]
    file = pq.ParquetFile(path, read_dictionary=names)
    found: dict[tuple[str, ...], NDArray[np.int64]] = {}
    for group in range(file.num_row_groups):
        table = file.read_row_group(group, columns=names)
        codes = {name: _codes(table[name]) for name in names}
        wrong = (codes["label"] != codes["prediction"]).astype(np.int32)
        part: dict[tuple[str, ...], NDArray[np.int32]] = {}
        part[PAIR] = (codes["split"] * 16 + codes["label"]) * 16 + codes["prediction"]
        stem = codes["split"] * 2 + wrong
        part |= {(name,): stem * 64 + codes[name] for name in METADATA}
        for key, code in part.items():
            n = np.bincount(code, minlength=1024)
            found[key] = found[key] + n if key in found else n
    return int(found["site",].sum())


def _codes(column: pa.ChunkedArray) -> NDArray[np.int32]:
    """The codes of a column; the file has the same dictionary in every row group."""
    chunk = column.combine_chunks()
    chunk = chunk.chunk(0) if isinstance(chunk, pa.ChunkedArray) else chunk
    codes: NDArray[np.int32] = chunk.indices.to_numpy(zero_copy_only=False).astype(np.int32)
    return codes


WAYS: Final[dict[str, dict[str, Callable[[Path], int]]]] = {
    "pairs": {"headway": headway_pairs, "duckdb": duckdb_pairs, "polars": polars_pairs},
    "with metadata": {
        "headway": headway_metadata,
        "duckdb": duckdb_metadata,
        "polars": polars_metadata,
        "codes": codes_metadata,
    },
}


def child(question: str, way: str, path: Path) -> None:
    """Run one way once and print its seconds, its total and its peak memory."""
    assert callable(headway.gaps)  # names of the package are loaded when they are first used
    start = time.perf_counter()
    total = WAYS[question][way](path)
    seconds = time.perf_counter() - start
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
    print(json.dumps([seconds, total, memory]))


def timed(question: str, way: str, path: Path) -> list[float]:
    """Seconds, total and peak memory in MB of one way, in a process of its own."""
    command = [sys.executable, __file__, "--child", question, way, "--path", str(path)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return list(json.loads(done.stdout.splitlines()[-1]))


def main() -> int:
    """Print the table; 1 if a bound fails."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rows", type=int, default=JUDGED_ROWS)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--child", nargs=2, help=argparse.SUPPRESS)
    parser.add_argument("--path", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.child:
        question, way = given.child
        child(question, way, given.path)
        return 0
    path = made(given.rows)
    print(f"{given.rows:,} rows, {path.stat().st_size / 1e6:.0f} MB, best of {given.repeats}")
    failed = [question for question in WAYS if not holds(question, path, given.rows, given.repeats)]
    if given.rows < JUDGED_ROWS:
        print(f"\nbounds are judged from {JUDGED_ROWS:,} rows")
        return 0
    print(f"\na bound failed: {', '.join(failed)}" if failed else "\nall bounds hold")
    return int(bool(failed))


def holds(question: str, path: Path, rows: int, repeats: int) -> bool:
    """Time all ways of one question, in turn, and print them."""
    runs = [{way: timed(question, way, path) for way in WAYS[question]} for _ in range(repeats)]
    assert all(total == rows for run in runs for _, total, _ in run.values()), "rows were lost"
    best = {way: min(run[way][0] for run in runs) for way in runs[0]}
    peak = {way: max(run[way][2] for run in runs) for way in runs[0]}
    print(f"\n{question}")
    for way, seconds in best.items():
        print(f"  {way:<8} {seconds:7.2f} s {peak[way]:7.0f} MB")
    rival = min((way for way in best if way != "headway"), key=best.__getitem__)
    ratio = best["headway"] / best[rival]
    print(f"  {ratio:.2f} times {rival} (at most {BOUNDS[question]})")
    return ratio <= BOUNDS[question] and peak["headway"] < MOST_MEMORY_MB


if __name__ == "__main__":
    sys.exit(main())
