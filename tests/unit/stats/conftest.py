from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

VECTORS = Path(__file__).parents[2] / "methods_vectors.json"


@pytest.fixture(scope="session")
def vectors() -> dict[str, dict[str, Any]]:
    """The test vectors of the methods note, by name."""
    listed = json.loads(VECTORS.read_text(encoding="utf-8"))["vectors"]
    return {vector["name"]: vector for vector in listed}


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(20260101)
