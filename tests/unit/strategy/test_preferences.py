from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from headway.counts import CountTable, Scalar
from headway.errors import TargetError
from headway.findings import Verdict
from headway.joint import JointCounts
from headway.strategy.harms import categories_of, chain
from headway.strategy.history import Comparison
from headway.strategy.preferences import judge, overturned
from headway.strategy.preferences_said import findings, turning_point, wants
from headway.strategy.wishes import CategoryWeight, Preferences, category_name
from tests.known import known

VECTORS = {
    vector["name"]: vector
    for vector in json.loads(
        (Path(__file__).parents[2] / "methods_vectors.json").read_text(encoding="utf-8")
    )["vectors"]
}
FLAG = {"must_not_show": "must_not_show"}


def joint(
    cells: dict[tuple[int, int, Scalar], int],
    keys: tuple[str, ...] = ("must_not_show",),
    sums: dict[str, list[float]] | None = None,
) -> JointCounts:
    """Counts of two models A and B by (A wrong, B wrong, category)."""
    rows = [((1 - a) + 2 * (1 - b), *flags) for a, b, *flags in cells]
    table = CountTable.of(("pattern", *keys), rows, list(cells.values()), sums)
    return JointCounts(
        models=("A", "B"),
        answers="correct",
        base=2,
        classes=(),
        table=table,
        unshared={},
        n_shared=table.total,
    )


def two(
    ordinary: tuple[int, int, int], flagged: tuple[int, int, int], n: tuple[int, int]
) -> JointCounts:
    """Two models by (A alone wrong, B alone wrong, both wrong) on ordinary and flagged examples."""
    cells: dict[tuple[int, int, Scalar], int] = {}
    for flag, (a, b, both), size in ((False, ordinary, n[0]), (True, flagged, n[1])):
        cells[1, 0, flag], cells[0, 1, flag], cells[1, 1, flag] = a, b, both
        cells[0, 0, flag] = size - a - b - both
    return joint(cells)


def judged(counts: JointCounts, prefer: str = "B", over: str = "A", **options: Any) -> Preferences:
    """A preference, judged."""
    rng = np.random.default_rng(3)
    return judge(counts, [(prefer, over)], columns=FLAG, rng=rng, **options)


COURSE = two((25, 50, 0), (5, 0, 0), (900, 100))
BIG = two((40, 278, 220), (39, 1, 1), (9900, 100))


def test_weighted_error_course_case_when_judged_then_it_is_the_vector() -> None:
    expected = VECTORS["weighted_error_course_case"]["expected"]
    found = judged(COURSE)

    assert expected["smallest_weight"] == found.weights[0].flips_at
    assert expected["error"] == {m.model: m.error.estimate for m in found.models}
    assert (25 + 1 + 5 - 6) / 5 + 0.2 == pytest.approx(found.smallest[1])


def test_weight_that_flips_ranking_when_ten_is_proposed_then_weighted_errors_are_the_vectors() -> (
    None
):
    expected = VECTORS["weight_that_flips_ranking"]["expected"]
    found = judged(BIG)

    assert expected["w_star"] == pytest.approx(found.weights[0].flips_at)
    assert 10 == found.weights[0].weight
    assert expected["weighted_at_10"] == pytest.approx(
        {m.model: known(m.weighted).estimate for m in found.models}
    )


def test_weight_that_flips_uncertainty_when_drawn_then_quantiles_are_the_vectors() -> None:
    vector = VECTORS["weight_that_flips_uncertainty"]
    expected, tolerance = vector["expected"], vector["tolerance"]
    runs = [
        judge(BIG, [("B", "A")], columns=FLAG, rng=np.random.default_rng(seed), level=0.90)
        for seed in range(30)
    ]
    ends = [(known(r.weights[0].flips_lower), known(r.weights[0].flips_upper)) for r in runs]
    low, high = np.mean(ends, axis=0).tolist()

    assert expected["q05"] == pytest.approx(low, abs=tolerance)
    assert expected["q95"] == pytest.approx(high, abs=tolerance)
    assert expected["p_w10_prefers_B"] == pytest.approx(
        np.mean([known(run.p_restored) for run in runs]), abs=0.003
    )


def test_preference_when_the_metric_agrees_then_it_stays() -> None:
    found = judged(BIG, "A", "B")

    assert (True, (), 1.0) == (found.agrees_now, found.weights, found.tau)
    assert Verdict.NO is found.findings[0].verdict


def test_preference_when_the_difference_may_be_chance_then_the_metric_stays() -> None:
    found = judged(two((25, 30, 0), (5, 2, 0), (900, 100)))

    assert ("within_noise", ()) == (found.state, found.weights)
    assert known(found.wants[0].n) > 1000
    assert "no reason to change the metric" in found.findings[0].sentence


def test_preference_when_both_err_alike_then_more_examples_are_asked_for() -> None:
    found = judged(two((25, 25, 0), (5, 5, 0), (900, 100)))

    assert ("within_noise", None) == (found.state, found.wants[0].n)


def test_preference_when_no_weight_helps_then_three_ways_are_named() -> None:
    found = judged(two((20, 90, 5), (0, 5, 0), (900, 100)))

    assert ("inexpressible", (), ()) == (found.state, found.weights, found.limits)
    assert any("Three ways are left" in f.sentence for f in found.findings)


def test_preference_when_few_flagged_examples_decide_then_the_weights_are_doubtful() -> None:
    found = judged(two((20, 90, 5), (2, 1, 0), (900, 10)))

    assert "doubtful" == found.state
    assert 0.5 < known(found.p_restored) < 0.95
    assert known(found.wants[0].n) > 10
    assert found.weights[0].flips_upper is None


def test_preference_when_a_limit_decides_too_then_it_stands_beside_the_weight() -> None:
    (limit,) = judged(BIG).limits

    assert ("B", "A", 0.02, 0.40, True) == (
        limit.keeps,
        limit.breaks,
        limit.above,
        limit.below,
        limit.shown,
    )


def test_preference_when_examples_carry_weights_then_they_count() -> None:
    plain = two((25, 50, 0), (5, 0, 0), (900, 100))
    weighted = JointCounts(
        models=plain.models,
        answers=plain.answers,
        base=2,
        classes=(),
        table=CountTable(
            keys=plain.table.keys,
            cells=plain.table.cells,
            n=plain.table.n,
            sums={"w": np.array(2.0 * plain.table.n, dtype=np.float64)},
        ),
        unshared={},
        n_shared=1000,
    )
    found = judged(weighted)

    assert 0.02 == pytest.approx(found.preferences[0].difference.estimate)
    assert 5.0 == pytest.approx(known(found.weights[0].flips_at))


def test_categories_when_two_flags_meet_then_their_meeting_weighs_no_less() -> None:
    cells: dict[Any, int] = {
        (0, 1, False, False): 60,
        (1, 0, True, False): 20,
        (1, 0, True, True): 5,
        (1, 0, False, True): 8,
        (0, 0, False, False): 900,
        (0, 0, True, True): 10,
    }
    counts = joint(cells, ("a", "b"))
    columns = {"a": "a", "b": "b"}
    rng = np.random.default_rng(3)
    found = judge(counts, [("B", "A")], columns=columns, rng=rng)
    weights = {category_name(w.where): w.weight for w in found.weights}

    assert ["a", "b", "a and b"] == list(weights)
    assert weights["a and b"] >= max(weights["a"], weights["b"])


def test_categories_when_a_column_holds_text_then_all_but_the_usual_value_are_marked() -> None:
    counts = joint({(0, 0, "web"): 90, (1, 0, "medical"): 7, (1, 0, "legal"): 3}, ("topic",))
    every = categories_of(counts, {"topic": "topic"}, {})
    one = categories_of(counts, {"topic": "topic"}, {"topic": "Medical"})

    assert ["ordinary", "topic = legal", "topic = medical"] == [
        category_name(c.where) for c in every
    ]
    assert [93, 7] == [c.n for c in one]


def test_categories_when_some_examples_hold_nothing_then_they_are_ordinary_and_it_is_said() -> None:
    cells: dict[tuple[int, int, Scalar], int] = {
        (0, 1, False): 90,
        (1, 0, True): 7,
        (0, 0, None): 3,
    }
    found = judged(joint(cells))

    assert [93, 7] == [c.n for c in found.categories]
    assert {"must_not_show": 3} == found.unmarked
    assert "3 examples in must_not_show" in found.findings[-1].sentence


def test_categories_when_a_value_is_not_there_then_it_is_refused() -> None:
    counts = joint({(0, 0, "web"): 90, (1, 0, "medical"): 7}, ("topic",))

    with pytest.raises(TargetError, match="did you mean 'medical'"):
        categories_of(counts, {"topic": "topic"}, {"topic": "medikal"})


def test_chain_when_a_ranking_is_given_then_every_pair_of_it_counts() -> None:
    assert [("B", "A"), ("B", "C"), ("A", "C")] == chain(["B>A>C"], [], ["A", "B", "C"])


@pytest.mark.parametrize(
    ("prefer", "over", "message"),
    [
        (["B"], ["B"], "'B' is preferred to itself"),
        (["ModelB"], [], "'ModelB' is no model of the table"),
        (["A>B", "B>A"], [], "run in a circle"),
        ([], [], "No model is preferred"),
    ],
)
def test_chain_when_preferences_make_no_sense_then_they_are_refused(
    prefer: list[str], over: list[str], message: str
) -> None:
    with pytest.raises(TargetError, match=message):
        chain(prefer, over, ["A", "B"])


def test_overturned_when_a_tie_or_another_winner_comes_out_then_the_record_is_named() -> None:
    def kept(errors: dict[str, tuple[int, int]]) -> Comparison:
        return Comparison(
            a="A", b="B", fingerprint="", metric="error", errors=errors, n=100, a_only=1, b_only=1
        )

    stays = kept({"ordinary": (10, 20), "porn": (0, 1)})
    turns = kept({"ordinary": (10, 20), "porn": (3, 1)})
    ties = kept({"ordinary": (10, 20), "porn": (2, 1)})

    assert (turns, ties) == overturned([stays, turns, ties], {"porn": 10})


def test_findings_when_comparisons_are_overturned_and_weights_written_then_both_are_said() -> None:
    records = [
        Comparison(
            a=f"A{i}",
            b="B",
            fingerprint="",
            metric="error",
            errors={},
            n=10,
            a_only=1,
            b_only=1,
        )
        for i in range(7)
    ]
    found = replace(judged(BIG), overturned=tuple(records), written="headway.toml")
    said = {f.code: f.sentence for f in findings(found)}

    assert "A4 against B and 2 more" in said["HW337"]
    assert "stand in headway.toml" in said["HW339"]


def test_weights_when_rounding_breaks_another_preference_then_the_smallest_ones_stand() -> None:
    models = ("P", "Q", "R")
    cells = {(0, 1, 0, "x"): 40, (1, 0, 0, "x"): 0, (1, 0, 0, ""): 41, (0, 1, 0, ""): 2}
    cells |= {(1, 0, 1, "y"): 30, (0, 0, 1, ""): 28, (0, 0, 1, "x"): 2, (0, 0, 0, ""): 900}
    rows = [((1 - p) + 2 * (1 - q) + 4 * (1 - r), topic) for p, q, r, topic in cells]
    table = CountTable.of(("pattern", "topic"), rows, list(cells.values()))
    counts = JointCounts(
        models=models, answers="correct", base=2, classes=(), table=table, unshared={}, n_shared=9
    )
    rng = np.random.default_rng(1)
    found = judge(counts, [("P", "Q"), ("Q", "R")], columns={"topic": "topic"}, rng=rng)

    assert "doubtful" == found.state
    assert list(found.smallest[1:]) == [weight.weight for weight in found.weights]


def test_draws_when_there_are_many_models_then_only_what_was_seen_is_drawn() -> None:
    names = tuple(f"m{i}" for i in range(13))
    right = 2**13 - 1
    rows = [(right, False), (right - 1, True), (1, False), (right, True)]
    table = CountTable.of(("pattern", "must_not_show"), rows, [900, 20, 40, 80])
    counts = JointCounts(
        models=names, answers="correct", base=2, classes=(), table=table, unshared={}, n_shared=9
    )
    rng = np.random.default_rng(1)
    found = judge(counts, [("m1", "m0")], columns=FLAG, rng=rng)

    assert 2.0 == pytest.approx(known(found.weights[0].flips_at))


def test_wants_when_weights_fail_more_often_than_not_then_no_number_is_given() -> None:
    found = replace(judged(BIG), state="doubtful", p_restored=0.4)

    assert wants(found)[0].n is None


def test_turning_point_when_no_preference_needs_the_category_then_there_is_none() -> None:
    weight = CategoryWeight(
        where={"a": True}, n=5, weight=1.0, flips_at=None, flips_lower=None, flips_upper=None
    )

    assert "none" == turning_point(weight)
