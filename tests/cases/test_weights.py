from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

import headway

if TYPE_CHECKING:
    from tests.cases.catalogue import Case


def predictions(n: int, flagged: int, models: dict[str, tuple[int, int]]) -> dict[str, list[Any]]:
    """Predictions of models by their ordinary and flagged errors, on separate examples."""
    rows: dict[str, list[Any]] = {"id": [], "model": [], "correct": [], "must_not_show": []}
    start = {True: n - flagged, False: 0}
    for name, (ordinary, unacceptable) in models.items():
        wrong = {*range(start[False], start[False] + ordinary)}
        wrong |= {*range(start[True], start[True] + unacceptable)}
        start = {False: start[False] + ordinary, True: start[True] + unacceptable}
        rows["id"] += range(n)
        rows["model"] += [name] * n
        rows["correct"] += [int(i not in wrong) for i in range(n)]
        rows["must_not_show"] += [i >= n - flagged for i in range(n)]
    return rows


def test_weighted_error_picks_b(case: Case) -> None:
    given, expect = case["given"], case["expect"]
    counts = {
        name: (
            given[name]["errors"] - given[name]["of_which_must_not_show"],
            given[name]["of_which_must_not_show"],
        )
        for name in "AB"
    }
    rows = predictions(given["m_dev"], given["must_not_show"], counts)
    rule = {"where": {"must_not_show": True}, "weight": 10}
    rows["weight"] = headway.example_weights(rows, weights=[rule]).tolist()
    errors = {
        name: headway.gaps(rows, model=name).result.rung("dev").error.estimate  # type: ignore[union-attr]
        for name in "AB"
    }
    plain = {key: values for key, values in rows.items() if key != "weight"}
    unweighted = {
        name: headway.gaps(plain, model=name).result.rung("dev").error.estimate  # type: ignore[union-attr]
        for name in "AB"
    }

    assert expect["error"] == pytest.approx(unweighted)
    assert expect["weighted_error"] == pytest.approx(errors, abs=1e-6)
    assert expect["choose"] == min(errors, key=lambda name: errors[name])


def test_metric_disagrees_with_users(case: Case) -> None:
    assert "B over A" in case["given"]
    rows = predictions(1000, 100, {"A": (25, 5), "B": (50, 0)})
    answer = headway.reweight(rows, prefer="B", over="A", category="must_not_show")
    (weight,) = answer.result.weights

    assert not answer.result.agrees_now
    assert answer.document.verdict.startswith("Change the target: the metric puts A first.")
    assert 5.0 == weight.flips_at
    assert weight.weight > weight.flips_at
