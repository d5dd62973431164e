"""Data by others, which the repository does not hold: found where it lies, else skipped."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def folder() -> Path:
    """Where the data lies: ``HEADWAY_EXTERNAL_DATA``, or a folder beside the repository."""
    return Path(os.environ.get("HEADWAY_EXTERNAL_DATA", ROOT.parent / "shared" / "data"))


@pytest.fixture
def external_data(request: pytest.FixtureRequest) -> Path:
    """The folder that the test names: ``@pytest.mark.external("label_errors_cifar10")``."""
    marker = request.node.get_closest_marker("external")
    assert marker is not None, "a test of external data is marked with the folder it reads"
    data = folder().joinpath(*marker.args)
    if not data.is_dir():
        pytest.skip(f"no external data: {'/'.join(marker.args)} (set HEADWAY_EXTERNAL_DATA)")
    return data
