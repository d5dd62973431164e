"""The cases of the notes: what each test is given."""

from __future__ import annotations

import pytest

from tests.cases.catalogue import Case, case_of


@pytest.fixture
def case(request: pytest.FixtureRequest) -> Case:
    """The case that the test is named after."""
    found = case_of(request.function.__name__)
    assert found is not None, "a test of this folder is named after a case"
    return found
