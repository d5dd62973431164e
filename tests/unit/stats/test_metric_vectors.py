from __future__ import annotations

from typing import Any

import pytest

from tests.unit.stats.metric_answers import METRIC_ANSWERS
from tests.unit.stats.test_vectors import differing

SECTIONS = ("3.4", "3.5", "3.7")
"""Sections whose vectors are answered here."""

ELSEWHERE = {"coverage_f1_jaccard": "tests/calibration"}
"""Vectors of these sections that are tested in another folder."""


@pytest.mark.parametrize("name", sorted(METRIC_ANSWERS))
def test_vector_of_the_metrics_when_computed_then_agrees(
    name: str, vectors: dict[str, dict[str, Any]]
) -> None:
    vector = vectors[name]
    found, tolerance = METRIC_ANSWERS[name](vector["inputs"]), vector["tolerance"]
    if vector["tolerance_kind"] == "relative":
        assert vector["expected"]["hours"] == pytest.approx(found["hours"], rel=tolerance)
    else:
        assert [] == differing(vector["expected"], found, tolerance)


def test_vectors_of_the_metrics_when_listed_by_section_then_none_is_forgotten(
    vectors: dict[str, dict[str, Any]],
) -> None:
    concerned = {name for name, v in vectors.items() if v["section"].startswith(SECTIONS)}
    assert set() == concerned - set(METRIC_ANSWERS) - set(ELSEWHERE)
