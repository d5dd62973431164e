"""The option that writes the golden documents anew."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """``pytest tests/golden --update-golden`` writes what the composers say now."""
    parser.addoption("--update-golden", action="store_true", help="write the golden documents")
