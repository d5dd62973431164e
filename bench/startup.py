"""Times `headway --help` against a bare click program, interleaved in one run.

    python bench/startup.py [--repeats 15]

Each run is a process of its own. Prints the medians; exits 1 when `headway --help` takes more than
twice as long as the same help from a program that imports click alone.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import time
from typing import Final

BARE: Final = """
import click

@click.group()
def group():
    "A program with one command."

@group.command()
def one():
    "The command."

group()
"""
HEADWAY: Final = "from headway.cli.main import main; main()"
BOUND: Final = 2.0


def seconds(code: str) -> float:
    """How long one process takes to print its help."""
    begun = time.perf_counter()
    subprocess.run([sys.executable, "-c", code, "--help"], capture_output=True, check=True)
    return time.perf_counter() - begun


def main() -> int:
    """Time both ways in turn; 1 where the bound fails."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=15)
    repeats = parser.parse_args().repeats
    taken = [(seconds(BARE), seconds(HEADWAY)) for _ in range(repeats + 1)][1:]
    bare, ours = (statistics.median(column) for column in zip(*taken, strict=True))
    print(f"bare click   {1000 * bare:6.0f} ms")
    print(f"headway      {1000 * ours:6.0f} ms")
    print(f"{ours / bare:.2f} times bare click (at most {BOUND})")
    return int(ours > BOUND * bare)


if __name__ == "__main__":
    sys.exit(main())
