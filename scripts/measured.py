"""Run what has too many seeds or rows for every day, and keep the figures in docs/measured.

`python scripts/measured.py` runs everything; with words behind it, the parts whose titles hold one
of them, and puts those alone into the page of the day.
"""

from __future__ import annotations

import os
import platform
import subprocess
import sys
import time
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "docs" / "measured"
QUIET = "-q -p no:cacheprovider --no-header"
RUNS = {
    "Coverage of intervals and false alarms, all seeds": f"pytest {QUIET} -n 2 tests/calibration",
    "Bad input, 10,000 tables and files": f"pytest {QUIET} tests/properties/test_input_laws.py",
    "Laws of counts, intervals and splits, 500 examples each": (
        f"pytest {QUIET} tests/properties/test_count_laws.py"
        " tests/properties/test_interval_laws.py tests/properties/test_split_laws.py"
    ),
    "Draws from counts": "bench/draws.py",
    "Fifty models on 1,000,000 examples": "bench/selection.py",
    "Duplicates among 70,000 images": "-m bench.duplicates",
    "The reduction of 100,000,000 rows": "bench/reduce.py",
    "Start-up of the command line": "bench/startup.py",
}
"""What is measured, and the arguments of Python that measure it."""

PACKAGES = ("duckdb", "hypothesis", "narwhals", "numpy", "polars", "scikit-learn", "scipy")


def measured(arguments: str) -> tuple[int, float, str]:
    """Exit code, seconds and the last lines of a run with every seed."""
    command = [sys.executable, *(["-m"] if arguments.startswith("pytest") else [])]
    started = time.monotonic()
    done = subprocess.run(
        [*command, *arguments.split()],
        check=False,
        cwd=ROOT,
        env={**os.environ, "HEADWAY_FULL": "1", "COLUMNS": "100"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    said = done.stdout.partition("nanobind: leaked")[0]
    lines = [line.rstrip() for line in said.splitlines() if line.strip()]
    return done.returncode, time.monotonic() - started, "\n".join(lines[-40:])


def page(words: Sequence[str]) -> tuple[str, bool]:
    """The page of figures of the parts asked for, and whether every bound held."""
    now = datetime.now(tz=UTC)
    versions = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    machine = f"Python {platform.python_version()}, {os.cpu_count()} cores, {platform.machine()}."
    parts = [f"# Measured on {now:%Y-%m-%d}", f"{machine}\n{versions}."]
    held = True
    for title, arguments in RUNS.items():
        if words and not any(word.lower() in title.lower() for word in words):
            continue
        print(f"{title} …", flush=True)
        code, seconds, tail = measured(arguments)
        held = held and code == 0
        verdict = "Every bound held" if code == 0 else "A bound failed"
        parts.append(f"## {title}\n\n{verdict}, {seconds:.0f} s.\n\n```text\n{tail}\n```")
    return "\n\n".join(parts) + "\n", held


if __name__ == "__main__":
    text, every_bound_held = page(sys.argv[1:])
    FOLDER.mkdir(parents=True, exist_ok=True)
    target = FOLDER / f"{datetime.now(tz=UTC):%Y-%m-%d}.md"
    target.write_text(text, encoding="utf-8")
    print(target.relative_to(ROOT))
    sys.exit(not every_bound_held)
