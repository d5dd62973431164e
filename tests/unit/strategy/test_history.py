from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from headway.errors import CountError, TargetError
from headway.findings import Verdict
from headway.strategy.history import (
    Change,
    Comparison,
    StoreState,
    not_recorded,
    state_findings,
    target_changed,
)

MINIMIZE = {"direction": "minimize", "metric": "error"}
F1 = {"direction": "maximize", "metric": "f1"}
STATE = StoreState(action="info", url="sqlite:///a.db", exists=True, revision="r2", newest="r2")


def said(what: str, before: object, after: object, **more: Any) -> str:
    """What is said of one change."""
    found = target_changed([Change(what=what, before=before, after=after, **more)])
    assert found is not None
    return found.sentence


def test_change_when_it_is_no_part_of_a_target_then_is_refused() -> None:
    with pytest.raises(TargetError, match="'color' is no part of a target"):
        Change(what="color", before=1, after=2)


@pytest.mark.parametrize("counts", [{"a_only": 11}, {"b_only": -1}])
def test_comparison_when_its_counts_do_not_fit_then_is_refused(counts: dict[str, int]) -> None:
    given: dict[str, Any] = {"n": 10, "a_only": 1, "b_only": 2, **counts}
    with pytest.raises(CountError, match="_only is "):
        Comparison(a="A", b="B", fingerprint="x", metric="error", errors={}, **given)


def test_target_when_it_is_first_declared_then_has_not_changed() -> None:
    assert target_changed([]) is None
    assert target_changed([Change(what="margin", before=None, after=0.1, first=True)]) is None


def test_target_when_it_changed_then_each_part_is_shown_before_and_after() -> None:
    assert (
        "The target changed since 2026-01-31: the metric (minimize error → maximize f1). "
        "Earlier numbers are not comparable."
    ) == said("metric", MINIMIZE, F1, since="2026-01-31T12:00:00.000000Z")


def test_target_when_several_parts_changed_then_are_listed_since_the_last() -> None:
    margin = Change(what="margin", before=0.01, after=None, since="2026-02-01T00:00:00Z")
    weights = Change(what="weights", before=None, after=[], since="2026-01-01T00:00:00Z")
    found = target_changed([margin, weights])
    assert found is not None
    assert "since 2026-02-01: the margin (0.01 → none) and the weights (none" in found.sentence
    assert ("HW381", Verdict.YES) == (found.code, found.verdict)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ([{"metric": "t", "at_most": 100.0, "at_least": None}], "t at most 100"),
        ([{"where": {"adult": True}, "weight": 10.0}], "where adult True, weight 10"),
        ({"kind": "human", "tiers": [{"name": "team", "error": 0.01}]}, "human tiers team error"),
        ([1, 2, 3, 4, 5], "1; 2; 3; 2 more"),
        ("3fa9", "3fa9"),
    ],
)
def test_value_when_it_is_shown_then_takes_a_few_words(value: object, words: str) -> None:
    assert f"(none → {words}" in said("limits", None, value)


def test_answer_when_not_recorded_then_says_why() -> None:
    found = not_recorded("The store is busy.")
    assert "This answer was not recorded. The store is busy." == found.sentence
    assert "HW382" == found.code


@pytest.mark.parametrize(
    ("changes", "verdict", "words"),
    [
        ({}, Verdict.YES, "The store has the newest form (r2)."),
        ({"exists": False}, Verdict.NOT_APPLICABLE, "Nothing has been recorded yet."),
        ({"pending": ("r2",)}, Verdict.NO, "One step would bring the store"),
        ({"pending": ("r1", "r2"), "applied": True}, Verdict.YES, "2 steps brought the store"),
    ],
)
def test_form_when_it_is_told_then_says_what_is_to_be_done(
    changes: dict[str, Any], verdict: Verdict, words: str
) -> None:
    (found,) = state_findings(replace(STATE, **changes))
    assert ("HW383", verdict) == (found.code, found.verdict)
    assert words in found.sentence


def test_check_when_nothing_is_wrong_then_says_yes() -> None:
    found = state_findings(replace(STATE, action="check"))
    assert [("HW383", Verdict.YES), ("HW384", Verdict.YES)] == [(f.code, f.verdict) for f in found]


def test_check_when_something_is_wrong_then_says_what() -> None:
    found = state_findings(replace(STATE, action="check", problems=("A is missing.",)))[1]
    assert (Verdict.NO, "The store is not as it should be. A is missing.") == (
        found.verdict,
        found.sentence,
    )


def test_share_when_the_store_lies_on_one_then_is_named() -> None:
    found = state_findings(replace(STATE, network="nfs4"))[-1]
    assert "HW385" == found.code
    assert "network share (nfs4)" in found.sentence
