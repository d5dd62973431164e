from __future__ import annotations

from typing import Any

import pytest

from headway.counts import Intake
from headway.strategy.reading import findings


@pytest.mark.parametrize(
    ("code", "intake", "words"),
    [
        ("HW101", {"recognised": {"label": "y_true"}}, "Read 'y_true' as label"),
        ("HW101", {"recognised": {"split=val": "dev"}}, "Read 'val' as dev"),
        ("HW102", {"unusable": {"no_label": 2, "bad_loss": 1}}, "3 of 100 rows were left out"),
        ("HW103", {"no_split": True}, "all rows are taken as one dev set"),
        ("HW104", {"prediction_from": "probabilities"}, "largest probability"),
        ("HW105", {"whole_floats": ("label",)}, "read as integers: label"),
        ("HW106", {"abstained": {"dev": 4}}, "count as errors: dev 4"),
        ("HW107", {"unlabeled": {"field": 5}}, "without a label were left out: field 5"),
        ("HW108", {"immature": {"field": 6}}, "too young were left out: field 6"),
        ("HW109", {"types_differ": ("integers", "text")}, "can never be equal"),
    ],
)
def test_input_when_not_as_named_then_it_is_said(
    code: str, intake: dict[str, Any], words: str
) -> None:
    found = findings(Intake(rows=100, **intake))

    assert [code] == [finding.code for finding in found]
    assert words in found[0].sentence


def test_input_when_as_named_then_nothing_is_said() -> None:
    assert findings(Intake(rows=100, unusable={"no_label": 0})) == ()
