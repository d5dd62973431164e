from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from headway.stats.classwise import Margins, classwise_slopes, classwise_value, defined_classes

KINDS = [
    *("macro_precision", "weighted_precision", "macro_recall", "macro_f", "weighted_f"),
    *("mcc", "kappa"),
]

MARGINS = Margins(
    both=np.array([50.0, 30.0, 7.0, 0.0]),
    label=np.array([55.0, 40.0, 10.0, 0.0]),
    prediction=np.array([53.0, 34.0, 13.0, 5.0]),
    counted=np.array([True, True, True, False]),
)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", ["both", "label", "prediction"])
def test_slopes_when_a_margin_moves_then_tell_the_change(kind: str, name: str) -> None:
    slopes = classwise_slopes(kind, MARGINS, beta=2.0)
    for place in range(3):
        step = np.zeros(4)
        step[place] = 1e-4
        margin = getattr(MARGINS, name)
        ends = [
            classwise_value(kind, replace(MARGINS, **{name: margin + s * step}), beta=2.0)
            for s in (1, -1)
        ]
        change = (ends[0] - ends[1]) / 2e-4
        assert change == pytest.approx(getattr(slopes, name)[place], rel=1e-5, abs=1e-9)


@pytest.mark.parametrize("kind", KINDS)
def test_value_when_several_tables_are_given_then_is_that_of_each(kind: str) -> None:
    twice = Margins(
        both=np.stack([MARGINS.both, 2 * MARGINS.both]),
        label=np.stack([MARGINS.label, 2 * MARGINS.label]),
        prediction=np.stack([MARGINS.prediction, 2 * MARGINS.prediction]),
        counted=MARGINS.counted,
    )
    used = defined_classes(kind, MARGINS)
    one = float(classwise_value(kind, MARGINS))
    assert [one, one] == pytest.approx(classwise_value(kind, twice, used=used).tolist())


@pytest.mark.parametrize("kind", ["macro_f", "weighted_precision", "mcc", "kappa"])
def test_value_when_nothing_was_counted_then_is_nan(kind: str) -> None:
    zero = np.zeros(4)
    nothing = Margins(both=zero, label=zero, prediction=zero, counted=MARGINS.counted)
    with np.errstate(invalid="ignore"):
        assert np.isnan(classwise_value(kind, nothing))


@pytest.mark.parametrize(
    ("kind", "classes"),
    [
        ("macro_precision", [True, True, False]),
        ("macro_recall", [True, False, True]),
        ("macro_f", [True, True, True]),
        ("weighted_f", [True, True, True]),
    ],
)
def test_class_when_it_is_never_true_or_never_predicted_then_has_some_values(
    kind: str, classes: list[bool]
) -> None:
    margins = Margins(
        both=np.array([5.0, 0.0, 0.0]),
        label=np.array([6.0, 0.0, 2.0]),
        prediction=np.array([6.0, 2.0, 0.0]),
        counted=np.ones(3, dtype=bool),
    )
    assert classes == defined_classes(kind, margins).tolist()
