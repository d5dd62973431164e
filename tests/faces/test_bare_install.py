"""What works where only the wheel and what it requires is installed: `make bare`."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest

BARE = Path(os.environ.get("HEADWAY_BARE", ".venv-bare")).absolute() / "bin"

pytestmark = pytest.mark.bare


def bare(program: str, *arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run a program of the bare environment, away from the repository."""
    clean = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    command = [str(BARE / program), *arguments]
    return subprocess.run(command, check=False, capture_output=True, text=True, cwd=cwd, env=clean)


@pytest.mark.parametrize("package", ["pandas", "pyarrow", "ibis", "torch", "pytest"])
def test_extras_when_imported_then_are_absent(package: str, tmp_path: Path) -> None:
    assert 1 == bare("python", "-c", f"import {package}", cwd=tmp_path).returncode


def test_gaps_when_given_bare_numbers_then_answers(tmp_path: Path) -> None:
    numbers = ("human=1%", "train=8%/50000", "dev=10%/2000")
    done = bare("headway", "gaps", *numbers, "--json", cwd=tmp_path)
    assert (0, "") == (done.returncode, done.stderr)
    assert json.loads(done.stdout)["result"]["focus"] == ["avoidable_bias"]


@pytest.mark.parametrize("ending", ["parquet", "csv", "ndjson"])
def test_gaps_when_given_a_file_then_answers(ending: str, tmp_path: Path) -> None:
    write = (
        "from headway.frames.write import write;"
        "write({'split': ['train', 'dev'] * 50, 'label': [0, 1] * 50, 'prediction': [0] * 100},"
        f"'p.{ending}')"
    )
    assert 0 == bare("python", "-c", write, cwd=tmp_path).returncode
    done = bare("headway", "gaps", f"p.{ending}", "--json", cwd=tmp_path)
    assert [0.0, 1.0] == [rung["estimate"] for rung in json.loads(done.stdout)["result"]["rungs"]]


def test_module_when_run_then_is_the_same_program(tmp_path: Path) -> None:
    shown = [
        bare("python", "-m", "headway", "--version", cwd=tmp_path).stdout,
        bare("headway", "--version", cwd=tmp_path).stdout,
    ]
    assert shown[0] == shown[1] != ""


def test_store_when_made_from_the_wheel_then_has_its_newest_form(tmp_path: Path) -> None:
    assert 0 == bare("headway", "init", "--yes", cwd=tmp_path).returncode
    done = bare("headway", "db", "upgrade", "--json", cwd=tmp_path)
    found = json.loads(done.stdout)["result"]
    assert (0, True, found["newest"]) == (done.returncode, found["applied"], found["revision"])
