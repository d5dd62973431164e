"""Data by others, which the repository does not hold: found where it lies, else skipped."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Generator

ROOT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).parent
RAN = pytest.StashKey[dict[str, str]]()
"""Per test, whether it ran or why it did not."""


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


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Keep which tests of external data ran."""
    report = yield
    if HERE in item.path.parents and (call.when == "call" or not report.passed):
        item.config.stash.setdefault(RAN, {})[item.nodeid] = report.outcome
    return report


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """One line on how many ran."""
    outcomes = list(config.stash.setdefault(RAN, {}).values())
    if outcomes:
        ran = len(outcomes) - outcomes.count("skipped")
        terminalreporter.write_line(f"external data: {ran} of {len(outcomes)} tests ran")
