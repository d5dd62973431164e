from __future__ import annotations

import json
from dataclasses import replace
from math import inf, sqrt
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from headway.counts import CountTable
from headway.errors import CountError, TargetError
from headway.findings import Verdict
from headway.joint import JointCounts
from headway.stats.budgets import level_per_look
from headway.stats.differences import newcombe_difference
from headway.stats.forms import Binomial, Effective, Fixed, Mean
from headway.stats.measured import point
from headway.stats.optimism import adaptive_limit, expected_max_normals
from headway.strategy.looks import Look
from headway.strategy.wear import Wearing, judge
from headway.strategy.wear_said import advice
from headway.strategy.winners import Kept, corrected, kept, optimism
from tests.known import known

if TYPE_CHECKING:
    from headway.strategy.worn import Wear

VECTORS = Path(__file__).parents[2] / "methods_vectors.json"

DEV, TEST = Binomial(n_errors=480, n=10_000), Binomial(n_errors=530, n=10_000)
SE = sqrt(0.048 * 0.952 / 10_000)


def judged(looks: list[Look] | None = None, **given: Any) -> Wear:
    """The wear of some looks and errors."""
    names = ("n_looks", "purpose", "margin", "model", "fingerprint", "metric", "test_looks")
    settings = Wearing(**{name: given.pop(name) for name in names if name in given})
    return judge(looks or [], rng=np.random.default_rng(0), settings=settings, **given)


def look(k: int, errors: float, **given: Any) -> Look:
    """A look at the dev error of model k."""
    return Look(
        **{
            "when": f"{k:03}",
            "split": "dev",
            "fingerprint": "a",
            "model": f"m{k}",
            "metric": "error",
            "value": errors / 1000,
            "n": 1000,
            **given,
        }
    )


def sweep(n_models: int = 10, n: int = 2000, seed: int = 0) -> JointCounts:
    """Models that share most errors."""
    rng = np.random.default_rng(seed)
    right = (rng.random((n, 1)) > 0.05) & (rng.random((n, n_models)) > 0.03)
    cells, counts = np.unique(right @ 2 ** np.arange(n_models), return_counts=True)
    return JointCounts(
        models=tuple(f"m{k}" for k in range(n_models)),
        answers="correct",
        base=2,
        classes=(),
        table=CountTable.of(("split", "pattern"), [("dev", int(c)) for c in cells], counts),
        unshared={},
        n_shared=n,
    )


def codes(found: Wear) -> dict[str, Verdict]:
    """The findings by code."""
    return {finding.code: finding.verdict for finding in found.findings}


def test_wear_when_nothing_is_known_then_nothing_is_judged() -> None:
    found = judged()

    assert found.verdict is Verdict.NOT_APPLICABLE
    assert (None, None, None) == (found.optimism, found.gap, found.budget)
    assert [want.what for want in found.wants] == ["looks"]
    assert advice(found)[0] == "log"


def test_wear_when_dev_was_looked_at_once_then_it_is_not_worn() -> None:
    found = judged([look(0, 100)])

    assert (Verdict.NO, 1) == (found.verdict, found.n_looks)
    assert "do not hold its error to within the margin" in advice(found)[1]
    assert known(found.optimism).applies == "none"
    assert known(found.corrected).estimate == known(found.dev).estimate == 0.1


def test_wear_when_only_test_was_looked_at_then_only_its_budget_is_told() -> None:
    found = judged([look(k, 100, split="test") for k in range(4)])

    assert (Verdict.NOT_APPLICABLE, 4, 0) == (found.verdict, found.test_used, found.n_looks)
    assert codes(found)["HW367"] is Verdict.YES


def test_wear_when_dev_has_changed_then_its_count_starts_anew() -> None:
    found = judged([*(look(k, 100 - k) for k in range(9)), look(9, 95, fingerprint="b")])

    assert (1, Verdict.NO) == (found.n_looks, found.verdict)
    assert codes(found)["HW368"] is Verdict.YES
    assert "9 looks at an earlier dev set" in found.findings[-1].sentence


def test_wear_when_several_dev_sets_were_before_then_they_are_counted() -> None:
    seen = [look(k, 100, fingerprint=name) for k, name in enumerate("abc")]
    assert any("2 earlier dev sets" in finding.sentence for finding in judged(seen).findings)


def test_gap_when_shown_then_is_newcombe_at_the_level_of_one_of_three_looks() -> None:
    found = known(judged(dev=DEV, test=TEST, n_looks=50).gap)
    expected = newcombe_difference(530, 10_000, 480, 10_000, level=level_per_look(0.95, 3))

    assert found.estimate == pytest.approx(0.005)
    assert (expected.lower, expected.upper) == pytest.approx((found.lower, found.upper))


def test_gap_when_of_the_methods_note_then_is_the_same() -> None:
    listed = json.loads(VECTORS.read_text(encoding="utf-8"))["vectors"]
    vector = next(each for each in listed if each["name"] == "dev_test_gap")
    sets = {
        name: Binomial(n_errors=given["x"], n=given["n"])
        for name, given in vector["inputs"].items()
    }
    found = known(judged(dev=sets["dev"], test=sets["test"], n_looks=1, test_looks=1).gap)

    assert vector["expected"]["gap"] == pytest.approx(found.estimate, abs=1e-9)
    assert vector["expected"]["newcombe"] == pytest.approx([found.lower, found.upper], abs=1e-9)


@pytest.mark.parametrize(
    ("n_errors", "explained", "verdict"),
    [
        (480, "within", Verdict.UNDETERMINED),
        (530, "within", Verdict.UNDETERMINED),
        (700, "beyond", Verdict.YES),
        (380, "below", Verdict.NO),
    ],
)
def test_gap_when_compared_with_the_looks_then_is_explained_or_not(
    n_errors: int, explained: str, verdict: Verdict
) -> None:
    test = Binomial(n_errors=n_errors, n=10_000)
    found = judged(dev=DEV, test=test, n_looks=50, purpose="selection")

    assert (explained, verdict) == (found.explained, found.verdict)
    assert (codes(found)["HW363"] is Verdict.YES) == (explained == "beyond")


def test_gap_when_no_look_was_counted_then_it_cannot_be_explained() -> None:
    found = judged(dev=DEV, test=TEST)

    assert (None, None) == (found.optimism, found.explained)
    assert codes(found)["HW363"] is Verdict.UNDETERMINED


def test_gap_when_an_error_came_without_its_n_then_has_no_limits() -> None:
    found = judged(dev=Fixed(value=0.048), test=TEST, n_looks=5)

    assert (None, Verdict.UNDETERMINED) == (known(found.gap).lower, found.verdict)
    assert [want.what for want in found.wants] == ["n"]
    assert found.budget is None


def test_optimism_when_models_were_listed_then_reaches_up_to_that_of_independent_ones() -> None:
    found = known(judged(dev=DEV, n_looks=50, purpose="selection").optimism)

    assert found.expected == pytest.approx((0.0, SE * expected_max_normals(50)))
    assert (None, "number_of_looks") == (found.span.estimate, found.method)


@pytest.mark.parametrize("purpose", ["adaptive", "unknown"])
def test_optimism_when_models_may_have_been_built_from_answers_then_reaches_the_envelope(
    purpose: str,
) -> None:
    found = judged(dev=DEV, n_looks=50, purpose=purpose)
    limit = adaptive_limit(0.048, 10_000, 50)

    assert known(found.optimism).expected == pytest.approx((0.0, limit - 0.048))
    assert known(found.corrected).upper > limit


def test_optimism_when_one_look_was_adaptive_then_that_applies_to_all() -> None:
    seen = [*(look(k, 100 - k) for k in range(5)), look(9, 90, purpose="adaptive")]
    assert known(judged(seen).optimism).applies == "adaptive"


def test_optimism_when_looks_were_counted_by_hand_then_their_purpose_is_not_known() -> None:
    seen = [look(k, 100 - k) for k in range(5)]

    assert known(judged(seen).optimism).applies == "selection"
    assert known(judged(seen, n_looks=9).optimism).applies == "unknown"


def test_optimism_when_models_are_kept_together_then_is_an_estimate() -> None:
    found = judged(joint=sweep())
    own = known(found.optimism)

    assert ("half_split", 10, 10, "selection") == (own.method, own.n_looks, own.n_kept, own.applies)
    assert 0 < known(own.span.estimate) < own.independent
    assert own.span.lower < known(own.span.estimate) < own.span.upper
    assert known(found.corrected).estimate == pytest.approx(
        known(found.dev).estimate + known(own.span.estimate)
    )
    assert "HW365" not in codes(found)


def test_optimism_when_only_some_models_are_kept_then_is_scaled_to_all_looks() -> None:
    few = known(known(judged(joint=sweep(), purpose="selection").optimism).selection)
    all_ = known(judged(joint=sweep(), n_looks=50, purpose="selection").optimism)

    factor = expected_max_normals(50) / expected_max_normals(10)
    assert few * factor == pytest.approx(known(all_.selection))


def test_optimism_when_another_than_the_best_was_chosen_then_may_be_none() -> None:
    joint = sweep()
    patterns = known(kept(joint))
    worst = max(patterns.models, key=lambda name: patterns.measured(name).n_errors)
    own = known(judged(joint=joint, model=worst).optimism)

    assert own.span.estimate is None
    assert own.expected[0] == 0.0


def test_optimism_when_patterns_are_very_many_then_comes_from_their_covariance() -> None:
    rng = np.random.default_rng(0)
    wrong = rng.random((25_000, 4)) < 0.1
    patterns = Kept(models=tuple("abcd"), n_cells=np.ones(25_000, dtype=np.int64), wrong=wrong)
    found = optimism(patterns.measured("a"), 4, "selection", rng=rng, patterns=patterns, level=0.95)

    assert found.method == "covariance"
    assert known(found.span.estimate) == pytest.approx(found.independent, rel=0.1)


def test_optimism_when_of_a_loss_then_is_in_its_unit() -> None:
    dev = Mean(mean=0.7, variance=0.25, n=2500)
    found = judged(dev=dev, n_looks=16, metric="log_loss", purpose="adaptive", margin=0.1)

    assert not found.is_rate
    assert known(found.optimism).envelope == pytest.approx(4 * 0.01)
    assert known(found.corrected).upper == pytest.approx(0.7 + 0.04 + 1.96 * 0.01, abs=1e-4)
    assert found.verdict is Verdict.NO


def test_optimism_when_no_error_was_seen_then_is_not_none() -> None:
    found = judged(dev=Binomial(n_errors=0, n=1000), n_looks=100, purpose="adaptive")
    assert known(found.optimism).envelope == pytest.approx(100 / 1100)


def test_optimism_when_the_error_is_held_exact_then_is_none() -> None:
    dev = Effective(rate=0.05, n_eff=inf, n=100)
    found = judged(dev=dev, n_looks=9, purpose="adaptive", margin=0.01)

    assert known(found.optimism).envelope == 0.0
    assert (0.05, 0.05) == (known(found.corrected).lower, known(found.corrected).upper)


def test_advice_when_there_is_no_margin_then_dev_is_simply_kept() -> None:
    assert advice(judged(dev=DEV, n_looks=1, margin=0.0)) == ("keep", "Keep this dev set.")


def test_wants_when_enough_is_kept_for_an_estimate_then_no_predictions_are_asked_for() -> None:
    found = judged(joint=sweep(), n_looks=50, purpose="selection", margin=1e-4)
    assert ["examples"] == [want.what for want in found.wants]


def test_corrected_when_the_error_is_weighted_then_stands_on_its_effective_examples() -> None:
    dev = Effective(rate=0.048, n_eff=1000.0, n=10_000)
    rng = np.random.default_rng(0)
    found = optimism(dev, 1, "selection", rng=rng, level=0.95)
    span = corrected(dev, found, level=0.95)

    assert span.upper - span.lower == pytest.approx(2 * 1.96 * SE * sqrt(10), rel=0.02)


def test_verdict_when_choosing_costs_less_than_the_margin_then_dev_is_not_worn() -> None:
    found = judged(dev=DEV, n_looks=50, purpose="selection", margin=0.01)
    assert (Verdict.NO, "looks", "keep") == (found.verdict, found.settled_by, advice(found)[0])


def test_verdict_when_test_is_close_to_dev_then_dev_is_not_worn() -> None:
    found = judged(dev=DEV, test=TEST, n_looks=500, purpose="adaptive", margin=0.02)
    assert (Verdict.NO, "test") == (found.verdict, found.settled_by)


def test_verdict_when_noise_was_chosen_from_many_then_dev_is_worn() -> None:
    rng = np.random.default_rng(0)
    wrong = rng.random((1000, 500)) < 0.5
    patterns = Kept(
        models=tuple(map(str, range(500))), n_cells=np.ones(1000, dtype=np.int64), wrong=wrong
    )
    best = min(patterns.models, key=lambda name: patterns.measured(name).n_errors)
    found = optimism(
        patterns.measured(best), 500, "selection", rng=rng, patterns=patterns, level=0.95
    )

    assert found.span.lower > 0
    assert point(patterns.measured(best)) + found.span.lower < 0.5 < 0.5 + found.span.upper


def test_verdict_when_worn_by_its_looks_then_a_fresh_dev_set_is_due() -> None:
    names = tuple(f"m{k}" for k in range(60))
    joint = replace(sweep(), models=names, table=noise(), n_shared=1000)
    found = judged(joint=joint, margin=0.001)

    assert (Verdict.YES, "looks") == (found.verdict, found.settled_by)
    assert advice(found)[0] == "fresh_dev"


def noise() -> CountTable:
    """Sixty models that guess, on 1,000 examples."""
    patterns = np.random.default_rng(4).integers(0, 2**60, 1000)
    cells = [("dev", int(pattern)) for pattern in patterns]
    return CountTable.of(("split", "pattern"), cells, [1] * 1000)


def test_advice_when_the_gap_is_beyond_the_looks_then_the_splits_come_first() -> None:
    test = Binomial(n_errors=900, n=10_000)
    found = judged(dev=DEV, test=test, n_looks=5, purpose="selection")
    assert advice(found)[0] == "check_splits"


@pytest.mark.parametrize(
    ("margin", "light", "do"), [(0.0075, "green", "keep"), (0.0072, "amber", "keep")]
)
def test_budget_when_looks_fill_it_then_its_light_changes(
    margin: float, light: str, do: str
) -> None:
    found = judged(dev=DEV, n_looks=40, purpose="selection", margin=margin)
    assert (light, do) == (known(found.budget).light, advice(found)[0])


def test_budget_when_it_is_exceeded_then_a_larger_dev_set_is_named() -> None:
    found = judged(dev=DEV, n_looks=5000, purpose="selection", margin=0.0085)
    budget = known(found.budget)

    assert ("red", 0, "bigger_dev") == (budget.light, budget.n_left, advice(found)[0])
    assert budget.n_enough > budget.n_now == 10_000
    assert codes(found)["HW364"] is Verdict.YES


@pytest.mark.parametrize("margin", [0.0, 0.5])
def test_budget_when_the_margin_is_none_or_wide_then_is_unknown_or_endless(margin: float) -> None:
    found = judged(dev=DEV, n_looks=5, purpose="selection", margin=margin)
    assert (found.budget is None) == (margin == 0.0)
    assert ("any number of" in advice(found)[1]) == (margin == 0.5)


def test_budget_when_it_is_just_used_up_then_no_more_models_are_held() -> None:
    found = judged(dev=DEV, n_looks=2, purpose="selection", margin=0.0048)

    assert known(found.budget).n_left == 0
    assert "no more models" in advice(found)[1]


def test_wants_when_the_verdict_is_open_then_name_a_test_set_that_settles_it() -> None:
    found = judged(dev=DEV, n_looks=50, margin=0.008)
    want = found.wants[0]

    assert ("examples", "test", found.n_test) == (want.what, want.split, want.n)
    assert found.n_dev == 10_000
    test = Binomial(n_errors=round(0.048 * known(found.n_test)), n=known(found.n_test))
    gap = known(judged(dev=DEV, test=test, n_looks=50, margin=0.008).gap)
    assert (known(gap.upper) - known(gap.lower)) / 2 == pytest.approx(0.008, rel=0.02)


def test_wants_when_dev_itself_is_too_small_then_name_more_of_both() -> None:
    found = judged(dev=DEV, n_looks=50, margin=0.0049)
    assert known(found.n_dev) == known(found.n_test) > 10_000


@pytest.mark.parametrize(
    ("purpose", "asked"), [("selection", "yes"), ("unknown", "yes"), ("adaptive", "no")]
)
def test_wants_when_predictions_would_narrow_the_range_then_they_are_asked_for(
    purpose: str, asked: str
) -> None:
    found = judged(
        dev=DEV, n_looks=2 if purpose == "selection" else 50, purpose=purpose, margin=1e-5
    )

    assert ("predictions" in [want.what for want in found.wants]) == (asked == "yes")
    assert ("HW365" in codes(found)) == (asked == "yes")


def test_model_when_one_was_selected_then_that_is_judged() -> None:
    seen = [look(0, 100), look(1, 90), look(2, 95, selected=True)]

    assert judged(seen).model == "m2"
    assert judged(seen[:2]).model == "m1"
    assert judged(seen, model="m0").model == "m0"


def test_metric_when_larger_is_better_then_its_complement_is_the_error() -> None:
    seen = [look(k, 900 + k, metric="accuracy") for k in range(3)]
    found = judged(seen)

    assert found.model == "m2"
    assert known(found.dev).estimate == pytest.approx(0.098)


@pytest.mark.parametrize(
    ("metric", "value", "lower", "upper", "form"),
    [
        ("f1(1)", 0.8, 0.75, 0.85, "Wilson score at n_eff"),
        ("log_loss", 0.8, 0.75, 0.85, "Student t"),
    ],
)
def test_metric_when_it_is_no_share_of_examples_then_its_noise_is_that_of_its_interval(
    metric: str, value: float, lower: float, upper: float, form: str
) -> None:
    seen = [
        look(k, 1000 * value, metric=metric, lower=lower, upper=upper, model=f"m{k}", when=str(k))
        for k in range(2)
    ]
    found = judged(seen)
    dev = known(found.dev)

    assert form == dev.method
    assert (known(dev.upper) - known(dev.lower)) / 2 == pytest.approx(0.05, rel=0.05)
    assert found.history[0].released is None


@pytest.mark.parametrize("gone", ["n", "lower", "spread"])
def test_metric_when_its_noise_is_not_told_then_dev_has_no_error(gone: str) -> None:
    given: dict[str, Any] = {"metric": "f1(1)", "lower": 0.7, "upper": 0.9}
    changes: dict[str, dict[str, Any]] = {
        "n": {"n": None},
        "lower": {"lower": None},
        "spread": {"upper": 0.7},
    }
    given |= changes[gone]
    assert judged([look(0, 800, **given)]).dev is None


def test_history_when_dev_is_looked_at_then_ends_with_the_best_its_limit_and_the_ladder() -> None:
    found = judged([look(0, 200), look(1, 195), look(2, 150), look(3, 160)]).history

    assert [0.2, 0.195, 0.15, 0.15] == [shown.best for shown in found]
    assert [0.2, 0.2, 0.15, 0.15] == [shown.released for shown in found]
    assert found[0].limit == 0.2
    assert all(known(shown.limit) > shown.best for shown in found[1:])


def test_history_when_models_are_kept_together_then_the_ladder_pairs_them() -> None:
    joint = sweep(3, seed=1)
    patterns = known(kept(joint))
    errors = [patterns.measured(name).n_errors for name in patterns.models]
    seen = [look(k, errors[k] / 2, n=2000) for k in range(3)]
    only_new, only_best = known(patterns.apart("m0", "m1"))
    released = judged(seen, joint=joint).history[1].released

    improves = only_best > only_new and (only_best - only_new) ** 2 > only_best + only_new
    assert (errors[1] if improves else errors[0]) / 2000 == released
    assert patterns.apart("m0", "gone") is None


def test_counts_when_they_hold_classes_then_are_read_by_their_labels() -> None:
    cells = [("dev", 0, "a"), ("dev", 3, "b"), ("dev", 1, "a"), ("test", 0, "a")]
    joint = JointCounts(
        models=("m0", "m1"),
        answers="class",
        base=2,
        classes=("a", "b"),
        table=CountTable.of(("split", "pattern", "label"), cells, [5, 3, 2, 1]),
        unshared={},
        n_shared=11,
    )
    patterns = known(kept(joint))

    assert (2, 0) == (patterns.measured("m0").n_errors, patterns.measured("m1").n_errors)
    assert kept(joint, "field") is None


@pytest.mark.parametrize("given", [{"n_looks": -1}, {"purpose": "fun"}])
def test_settings_when_out_of_range_then_refuse(given: dict[str, Any]) -> None:
    with pytest.raises(
        (CountError, TargetError), match=r"looks is -1|'fun' is no purpose of looks"
    ):
        Wearing(**given)
