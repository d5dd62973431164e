from __future__ import annotations

from typing import Any

import pytest

from tests.unit.stats.answers import ANSWERS, Given

SECTIONS = ("0.3", "0.4", "0.5", "0.6", "0.7", "0.9", "1.", "3.3", "3.6", "4.1", "4.2", "4.7")
"""Sections whose vectors are answered here."""

ELSEWHERE = {
    "ladder_telescopes": "tests/unit/strategy",
    "flip_value_human_error": "tests/unit/strategy",
    "surpassing_human_identified_set": "tests/unit/strategy",
    "two_by_k_table": "tests/unit/strategy",
    "missing_train_dev": "tests/unit/strategy",
    "coverage_wilson_cluster": "tests/calibration",
    "coverage_newcombe": "tests/calibration",
    "coverage_weighted_nested_posterior": "tests/calibration",
    "coverage_bonett_price": "tests/calibration",
}
"""Vectors of these sections that are tested in another folder."""

NOT_ASKED = {
    *("df", "mcnemar_exact", "unpaired_se", "f1_A", "f1_B", "p_A_better"),
    *("share", "ceiling_error", "gain", "relative_drop", "p_gain_above_margin", "worth_it"),
    *("gain_lower", "gain_upper", "verdict", "focus", "reading", "in_doubt"),
}
"""Parts of an expected answer that another room gives, or that only explain it."""


def differing(expected: Given, found: Given, tolerance: float, path: str = "") -> list[str]:
    """Where a found answer is further from the expected one than the tolerance."""
    if isinstance(expected, dict):
        asked = [key for key in expected if key not in NOT_ASKED or key in found]
        missing = [f"{path}.{key} missing" for key in asked if key not in found]
        return missing + [
            line
            for key in asked
            if key in found
            for line in differing(expected[key], found[key], tolerance, f"{path}.{key}")
        ]
    if isinstance(expected, list):
        pairs = zip(expected, found, strict=True)
        return [
            line
            for index, (e, f) in enumerate(pairs)
            for line in differing(e, f, tolerance, f"{path}[{index}]")
        ]
    if isinstance(expected, bool | str | int):
        return [] if expected == found else [f"{path}: {expected} {found}"]
    exact = any(word in path for word in (".lower", ".upper", ".estimate", "delta_se"))
    allowed = 1e-9 if exact and "gaps" in path else tolerance
    allowed += 1e-11 * abs(expected)  # the vectors hold 12 digits
    return [] if abs(expected - found) <= allowed else [f"{path}: {expected} {found}"]


@pytest.mark.parametrize("name", sorted(ANSWERS))
def test_vector_of_the_methods_note_when_computed_then_agrees(
    name: str, vectors: dict[str, dict[str, Any]]
) -> None:
    vector = vectors[name]
    found = ANSWERS[name](vector["inputs"])
    assert [] == differing(vector["expected"], found, vector["tolerance"])


def test_vectors_when_listed_by_section_then_none_is_forgotten(
    vectors: dict[str, dict[str, Any]],
) -> None:
    concerned = {name for name, v in vectors.items() if v["section"].startswith(SECTIONS)}
    assert set() == concerned - set(ANSWERS) - set(ELSEWHERE)
