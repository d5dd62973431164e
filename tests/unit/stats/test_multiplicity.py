from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from statsmodels.stats.multitest import multipletests

from headway.errors import CountError
from headway.stats.multiplicity import benjamini_hochberg, holm

RNG = np.random.default_rng(3)
FAMILIES = [[0.04], [0.01, 0.02, 0.03], [1.0, 1.0, 0.0], *RNG.uniform(size=(5, 12)).tolist()]


@pytest.mark.parametrize("p", FAMILIES)
def test_benjamini_hochberg_when_compared_with_statsmodels_then_agrees(p: list[float]) -> None:
    assert multipletests(p, method="fdr_bh")[1] == pytest.approx(benjamini_hochberg(p))


@pytest.mark.parametrize("p", FAMILIES)
def test_holm_when_compared_with_statsmodels_then_agrees(p: list[float]) -> None:
    assert multipletests(p, method="holm")[1] == pytest.approx(holm(p))


def test_one_family_when_adjusted_then_is_that_of_the_methods_note(
    vectors: dict[str, dict[str, Any]],
) -> None:
    vector = vectors["same_distribution_one_family"]
    given = vector["inputs"]
    adjusted = benjamini_hochberg([*given["column_p"], given["c2st_p"]])
    assert vector["expected"]["bh"] == pytest.approx(adjusted, abs=vector["tolerance"])
    assert [False, False, False, True] == (adjusted <= 0.05).tolist()


def test_confirmation_when_adjusted_then_is_that_of_the_methods_note(
    vectors: dict[str, dict[str, Any]],
) -> None:
    vector = vectors["holm_confirmation"]
    adjusted = holm(vector["inputs"]["p"])
    assert vector["expected"]["holm"] == pytest.approx(adjusted, abs=vector["tolerance"])


def test_no_question_when_adjusted_then_there_is_no_answer() -> None:
    assert 0 == benjamini_hochberg([]).size == holm([]).size


@pytest.mark.parametrize("p", [[1.2], [-0.1], [float("nan")]])
def test_values_when_they_are_no_probabilities_then_are_refused(p: list[float]) -> None:
    with pytest.raises(CountError, match=r"Expected: numbers in \[0, 1\]"):
        benjamini_hochberg(p)
