"""Times the pairing of many models against the bare engines, interleaved in one run.

    python bench/selection.py [--models 50] [--rows 1_000_000] [--repeats 3]

One Parquet file for each model: id, label and prediction of the same examples, each in an order of
its own. The question: how many examples show which pattern of right and wrong models. Headway
counts the labels that differ, the examples that some model lacks and those that it met twice as
well, and goes on to the covariance of all pairs of models; ``select`` goes on to the choice. By
hand the files are put one below the other and grouped by example, which is quicker than joining
them. Each way runs in a process of its own, imports done before the clock starts, so that its peak
memory is its own. Exits 1 when the bound fails.
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

import headway
from headway.frames.joint import joint
from headway.frames.source import read
from headway.stats.patterns import covariance

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

CLASSES: Final = 10
BOUND: Final = 3.0
JUDGED: Final = (50, 1_000_000)


def made(n_models: int, rows: int) -> list[Path]:
    """The files of this many models, made if they are not there."""
    folder = Path(tempfile.gettempdir()) / f"headway-select-{n_models}-{rows}"
    folder.mkdir(exist_ok=True)
    paths = [folder / f"model_{i:02d}.parquet" for i in range(n_models)]
    if all(path.exists() for path in paths):
        return paths
    rng = np.random.default_rng(0)
    ids = rng.permutation(rows).astype(np.int32)
    label = rng.integers(0, CLASSES, rows, dtype=np.int8)
    hardness = rng.standard_normal(rows, dtype=np.float32)
    for i, path in enumerate(paths):
        prediction = _predicted(label, hardness, skill=1.4 + 0.02 * i, rng=rng)
        order = rng.permutation(rows)
        frame = pl.DataFrame(
            {"id": ids[order], "label": label[order], "prediction": prediction[order]}
        )
        draft = path.with_suffix(".part")
        frame.write_parquet(draft)
        draft.rename(path)
    return paths


def _predicted(
    label: NDArray[np.int8],
    hardness: NDArray[np.float32],
    *,
    skill: float,
    rng: np.random.Generator,
) -> NDArray[np.int8]:
    """Predictions of a model that mostly fails where the others fail: errors correlate 0.4."""
    noise = rng.standard_normal(label.size, dtype=np.float32)
    wrong = 0.9 * hardness + 0.45 * noise > skill
    other = rng.integers(1, CLASSES, label.size, dtype=np.int8)
    return np.where(wrong, (label + other) % CLASSES, label).astype(np.int8)


def by_select(paths: list[Path]) -> int:
    """The whole command: pairing, covariance, the most likely best and the models beside it."""
    answer = headway.select([str(path) for path in paths], maximize="accuracy")
    assert answer.intake is not None
    return answer.intake.rows // len(paths)


def by_pairing(paths: list[Path]) -> int:
    """The pairing and the covariance."""
    counts, _ = joint(read([str(path) for path in paths], models_from_files=True))
    assert covariance(counts).shape == (len(paths), len(paths))
    return counts.n_shared


def by_polars(paths: list[Path]) -> int:
    """The same group-by of a group-by by hand."""
    zero = pl.lit(0, dtype=pl.Int64)
    right = pl.col("label") == pl.col("prediction")
    parts = [
        pl.scan_parquet(path).select(
            "id", bit=pl.when(right).then(pl.lit(1 << i, dtype=pl.Int64)).otherwise(zero)
        )
        for i, path in enumerate(paths)
    ]
    examples = pl.concat(parts).group_by("id").agg(pl.col("bit").sum(), pl.len().alias("answers"))
    shared = examples.filter(pl.col("answers") == len(paths))
    cells = shared.group_by("bit").agg(pl.len().alias("n")).collect(engine="streaming")
    return int(cells["n"].sum())


def by_duckdb(paths: list[Path]) -> int:
    """The same in SQL by hand."""
    parts = " UNION ALL ".join(
        f"SELECT id, CASE WHEN label = prediction THEN {1 << i}::BIGINT ELSE 0 END AS bit "  # noqa: S608
        f"FROM read_parquet('{path}')"
        for i, path in enumerate(paths)
    )
    sql = (
        "SELECT bit, count(*) AS n FROM "  # noqa: S608
        f"(SELECT id, bit_or(bit) AS bit, count(*) AS answers FROM ({parts}) GROUP BY id) "
        f"WHERE answers = {len(paths)} GROUP BY bit"
    )
    connection = duckdb.connect(config={"preserve_insertion_order": "false"})
    cells = connection.sql(sql).fetchnumpy()
    return int(cells["n"].sum())


WAYS: Final[dict[str, Callable[[list[Path]], int]]] = {
    "select": by_select,
    "pairing": by_pairing,
    "polars": by_polars,
    "duckdb": by_duckdb,
}


def child(way: str, paths: list[Path]) -> None:
    """Run one way once and print its seconds, its examples, and its peak memory."""
    assert callable(headway.select)  # names of the package are loaded when they are first used
    start = time.perf_counter()
    n = WAYS[way](paths)
    seconds = time.perf_counter() - start
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
    print(json.dumps([seconds, n, memory]))


def timed(way: str, n_models: int, rows: int) -> list[float]:
    """Seconds, examples and peak memory in MB of one way, in a process of its own."""
    sizes = ["--models", str(n_models), "--rows", str(rows)]
    command = [sys.executable, __file__, "--child", way, *sizes]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return list(json.loads(done.stdout.splitlines()[-1]))


def main() -> int:
    """Print the table; 1 if the bound fails."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--models", type=int, default=JUDGED[0])
    parser.add_argument("--rows", type=int, default=JUDGED[1])
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--child", help=argparse.SUPPRESS)
    given = parser.parse_args()
    paths = made(given.models, given.rows)
    if given.child:
        child(given.child, paths)
        return 0
    size = sum(path.stat().st_size for path in paths) / 1e6
    print(f"{given.models} models, {given.rows:,} examples, {size:.0f} MB, best of {given.repeats}")
    return int(not holds(given.models, given.rows, given.repeats))


def holds(n_models: int, rows: int, repeats: int) -> bool:
    """Time all ways, in turn, and print them."""
    runs = [{way: timed(way, n_models, rows) for way in WAYS} for _ in range(repeats)]
    assert all(n == rows for run in runs for _, n, _ in run.values()), "examples were lost"
    best = {way: min(run[way][0] for run in runs) for way in WAYS}
    peak = {way: max(run[way][2] for run in runs) for way in WAYS}
    print()
    for way, seconds in best.items():
        print(f"  {way:<8} {seconds:7.2f} s {peak[way]:7.0f} MB")
    rival = min(("polars", "duckdb"), key=best.__getitem__)
    ratio = best["select"] / best[rival]
    print(f"  select takes {ratio:.2f} times as long as {rival} (at most {BOUND:g})")
    if (n_models, rows) < JUDGED:
        print(f"\nthe bound is judged from {JUDGED[0]} models on {JUDGED[1]:,} examples")
        return True
    print("\nthe bound holds" if ratio <= BOUND else "\nthe bound failed")
    return ratio <= BOUND


if __name__ == "__main__":
    sys.exit(main())
