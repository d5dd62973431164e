from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from headway.report.compose import document
from headway.report.numbers import plain
from headway.report.render import to_plain_text
from headway.report.values import value
from headway.strategy.history import Comparison
from headway.strategy.preferences_said import findings
from tests.unit.report.versions import preference

if TYPE_CHECKING:
    from headway.strategy.wishes import Preferences


@pytest.mark.parametrize(
    ("found", "starts"),
    [
        (
            preference(),
            "Change the target: the metric puts A first. Let each mistake on must_not_show",
        ),
        (preference(prefer="A"), "Keep the metric: it ranks the models as preferred."),
        (preference((25, 5), (30, 2)), "Keep the metric for now: it is not shown to rank against"),
        (
            preference((20, 0), (90, 5)),
            "Change the target: the metric puts A first. No weights on these categories say",
        ),
        (
            preference((20, 2), (90, 1)),
            "Change the target: the metric puts A first. Let each mistake on must_not_show count",
        ),
    ],
)
def test_verdict_when_composed_then_says_what_to_do(found: Preferences, starts: str) -> None:
    assert plain(document(found).verdict).startswith(starts)


def test_verdict_when_the_weights_are_doubtful_then_that_is_said() -> None:
    page = document(preference((20, 2), (90, 1)))

    assert page.verdict.endswith("It may take more.")
    assert "Cannot tell" in to_plain_text(page)


def test_text_when_composed_then_no_line_is_too_long() -> None:
    text = to_plain_text(document(preference()))

    assert "at most 2.5 % error" in text
    assert all(len(line) <= 80 for line in text.splitlines())


def test_value_when_composed_then_json_holds_what_the_contract_names() -> None:
    record = Comparison(
        a="A", b="B", fingerprint="", metric="error", errors={}, n=9, a_only=1, b_only=1
    )
    found = value(replace(preference(), overturned=(record,)))

    assert {"agrees_now", "weights", "overturned"} <= json.loads(json.dumps(found)).keys()
    assert [{"a": "A", "b": "B"}] == found["overturned"]


def test_findings_when_the_preference_is_one_then_it_is_called_so() -> None:
    assert "The metric ranks against the preference: B over A" in findings(preference())[0].sentence
