from __future__ import annotations

from dataclasses import replace
from math import sqrt
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from headway.errors import CountError
from headway.stats.releases import (
    Noise,
    laplace_noise,
    parameter_free_ladder,
    stepped_ladder,
    thresholdout,
)

if TYPE_CHECKING:
    from collections.abc import Callable

Vectors = dict[str, dict[str, Any]]

CALM = Noise(threshold=(0.0, 0.0), comparison=(0.0, 0.0), answer=(0.0,))


def test_ladder_when_it_has_a_step_then_releases_as_in_the_methods_note(vectors: Vectors) -> None:
    given, expected = (vectors["ladder_mechanism"][key] for key in ("inputs", "expected"))
    released = stepped_ladder(given["dev_errors"], given["eta"])

    assert expected["released"] == pytest.approx(list(released), abs=1e-11)


def test_ladder_when_free_of_parameters_then_releases_as_in_the_methods_note(
    vectors: Vectors,
) -> None:
    given, expected = (vectors["ladder_parameter_free"][key] for key in ("inputs", "expected"))
    seen = given["submissions"]
    released = parameter_free_ladder(
        [each["errors"] for each in seen],
        given["n"],
        lambda _, new: (seen[new]["b"], seen[new]["c"]),
    )

    assert expected["released"] == pytest.approx(list(released), abs=1e-11)


@pytest.mark.parametrize("seed", range(20))
def test_ladder_when_compared_with_its_definition_then_releases_the_same(seed: int) -> None:
    rng = np.random.default_rng(seed)
    wrong = rng.random((30, 400)) < np.linspace(0.4, 0.3, 30)[:, None]
    best, expected = 0, [wrong[0].mean()]
    for new in range(1, 30):
        differences = wrong[new].astype(float) - wrong[best]
        if -differences.mean() > differences.std(ddof=1) / sqrt(400):
            best = new
        expected.append(wrong[best].mean())

    def apart(old: int, new: int) -> tuple[float, float]:
        only_new, only_old = wrong[new] & ~wrong[old], wrong[old] & ~wrong[new]
        return float(only_new.sum()), float(only_old.sum())

    assert expected == list(parameter_free_ladder(wrong.sum(axis=1).tolist(), 400, apart))


def test_ladder_when_pairs_are_not_known_then_models_count_as_independent() -> None:
    assert parameter_free_ladder([200, 183, 180], 1000) == (0.2, 0.2, 0.18)


def test_ladder_when_the_first_comes_then_is_released() -> None:
    assert (stepped_ladder([0.33], 0.01), parameter_free_ladder([33], 100)) == ((0.33,), (0.33,))


def test_thresholdout_when_its_noise_is_known_then_answers_as_in_the_methods_note(
    vectors: Vectors,
) -> None:
    vector = vectors["thresholdout_deterministic_noise"]
    given, noise = vector["inputs"], vector["inputs"]["noise"]
    found = thresholdout(
        given["train_values"],
        given["holdout_values"],
        threshold=given["threshold"],
        budget=given["budget"],
        noise=Noise(
            threshold=tuple(noise["gamma"]),
            comparison=tuple(noise["eta"]),
            answer=tuple(noise["xi"]),
        ),
    )

    assert vector["expected"]["released"] == pytest.approx(list(found.released), abs=1e-11)
    assert vector["expected"]["budget_left"] == found.budget_left


def test_thresholdout_when_its_budget_is_spent_then_is_silent() -> None:
    found = thresholdout([0.1, 0.1], [0.3, 0.1], threshold=0.04, budget=1, noise=CALM)
    assert (0.3, None) == found.released


def test_noise_when_drawn_then_has_the_scales_of_the_rule() -> None:
    noise = laplace_noise(20_000, 20_000, 0.01, np.random.default_rng(0))
    scales = [np.abs(each).mean() for each in (noise.threshold, noise.comparison, noise.answer)]

    assert scales == pytest.approx([0.02, 0.04, 0.01], rel=0.05)


@pytest.mark.parametrize(
    ("call", "match"),
    [
        (lambda: stepped_ladder([0.1], 0.0), "step is 0"),
        (lambda: parameter_free_ladder([11], 10), r"n_errors is 11\.\nExpected: a count from 0 to"),
        (lambda: laplace_noise(1, 1, 0.0, np.random.default_rng(0)), "sigma is 0"),
        (lambda: thresholdout([0.1], [], threshold=0.1, budget=1, noise=CALM), "queries is 1"),
        (lambda: thresholdout([0.1], [0.1], threshold=0.1, budget=2, noise=CALM), "queries is 1"),
        (
            lambda: thresholdout(
                [0.1], [0.1], threshold=0.1, budget=1, noise=replace(CALM, comparison=())
            ),
            "queries is 1",
        ),
    ],
)
def test_release_when_the_numbers_do_not_fit_then_refuses(
    call: Callable[[], object], match: str
) -> None:
    with pytest.raises(CountError, match=match):
        call()
