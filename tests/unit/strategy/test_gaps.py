from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from headway.errors import SplitError
from headway.stats.forms import Binomial, Effective, Fixed, Mean, Measured
from headway.strategy.gaps import judge, judge_rungs
from headway.strategy.human import Tier, of_tiers, parse
from headway.strategy.ladder import RUNGS, Gaps, Ladder
from tests.known import known
from tests.unit.strategy.clusters import counts_of

VECTORS = json.loads((Path(__file__).parents[2] / "methods_vectors.json").read_text("utf-8"))
VERDICTS = [v for v in VECTORS["vectors"] if v["name"].startswith("verdict_")]
BETWEEN = {"avoidable_bias": ("human", "train"), "data_mismatch": ("train_dev", "dev")}


def vector(name: str) -> dict[str, Any]:
    """One vector of the methods note."""
    return next(v for v in VECTORS["vectors"] if v["name"] == name)


def rung(given: dict[str, float]) -> Measured:
    """A rung of a vector."""
    if "fixed" in given:
        return Fixed(value=given["fixed"])
    return Binomial(n_errors=int(given["x"]), n=int(given["n"]))


def judged(rungs: dict[str, Measured], **settings: Any) -> Gaps:
    """The ladder of some rungs, human level among them."""
    tiers = [Tier(name="people", measured=rungs["human"])] if "human" in rungs else []
    return judge_rungs(
        {name: m for name, m in rungs.items() if name != "human"},
        rng=np.random.default_rng(0),
        reference=of_tiers(tiers) if tiers else None,
        settings=Ladder(**settings),
    )


def exact(rates: dict[str, float | None]) -> dict[str, Measured]:
    """Rungs of errors given without n; those that are not given are left out."""
    return {name: Fixed(value=rate) for name, rate in rates.items() if rate is not None}


def names(labels: list[str]) -> list[str]:
    """The rungs between which the gaps of a vector lie."""
    if labels == ["variance"]:
        return ["train", "train_dev"]
    if "data_mismatch" in labels:
        return ["human", "train", "train_dev", "dev"]
    return ["human", "train", "dev"]


@pytest.mark.parametrize("v", VERDICTS, ids=lambda v: v["name"])
def test_ladder_when_judged_then_it_gives_the_vector(v: dict[str, Any]) -> None:
    labels = [gap["name"] for gap in v["expected"]["gaps"]]
    given = [rung(each) for each in v["inputs"]["rungs"]]
    rungs = dict(zip(names(labels), given, strict=True))
    found = judged(
        rungs,
        margin=v["inputs"]["margin"],
        same_distribution="dev" in rungs and "train_dev" not in rungs,
    )

    assert v["expected"]["focus"] == list(found.focus)
    assert v["expected"]["reading"] == found.reading
    assert v["expected"]["in_doubt"] == list(found.in_doubt)
    for gap in v["expected"]["gaps"]:
        ours = found.gap(gap["name"])
        assert gap["verdict"] == ours.verdict
        assert gap["estimate"] == pytest.approx(ours.estimate, abs=1e-9)
        assert gap["lower"] == pytest.approx(ours.lower, abs=1e-9)
        assert gap["upper"] == pytest.approx(ours.upper, abs=1e-9)
        assert gap["lower_simultaneous"] == pytest.approx(ours.lower_simultaneous, abs=1e-9)
        assert gap["p_largest"] == pytest.approx(ours.p_largest, abs=0.015)


def test_gaps_when_all_rungs_are_there_then_they_telescope() -> None:
    v = vector("ladder_telescopes")
    found = judged(exact(v["inputs"]["rungs"]))

    assert v["expected"]["gaps"] == {g.name: pytest.approx(g.estimate) for g in found.gaps}
    assert v["expected"]["total"] == pytest.approx(sum(g.estimate or 0 for g in found.gaps))


@pytest.mark.parametrize("k", [0, 1])
def test_flip_when_other_gaps_are_known_then_it_is_the_vector(k: int) -> None:
    v = vector("flip_value_human_error")

    assert v["expected"][k]["flip_at"] == pytest.approx(judged(exact(v["inputs"][k])).flip_at)


def test_ladder_when_past_human_then_bias_has_bounds_and_no_focus() -> None:
    v = vector("surpassing_human_identified_set")
    found = judge_rungs(
        {name: Fixed(value=v["inputs"][name]) for name in ("train", "dev")},
        rng=np.random.default_rng(0),
        reference=parse("team=0.005,one_human=0.01"),
        settings=Ladder(same_distribution=True),
    )

    bounds = v["expected"]["avoidable_bias"]
    assert (bounds["lower"], bounds["upper"]) == pytest.approx(found.bias_bounds)
    assert v["expected"]["flip_at"] == pytest.approx(found.flip_at)
    assert ("undetermined", ()) == (found.reading, found.focus)


def test_ladder_when_train_dev_is_missing_then_the_gap_is_merged() -> None:
    v = vector("missing_train_dev")
    found = judged(exact(v["inputs"]))

    assert v["expected"]["gaps"] == {g.name: pytest.approx(g.estimate) for g in found.gaps}
    assert v["expected"]["confounded"] == list(found.gap("variance_or_mismatch").merges)
    assert v["expected"]["verdict"] == found.gap("variance_or_mismatch").verdict
    assert v["expected"]["wants"] == found.wants[0].what


def test_gap_when_clearly_negative_then_it_is_said_and_not_clamped() -> None:
    v = vector("negative_gap_rule")
    below = Binomial(n_errors=v["inputs"]["x_previous"], n=v["inputs"]["n_previous"])
    above = Binomial(n_errors=v["inputs"]["x_next"], n=v["inputs"]["n_next"])
    found = judged({"train_dev": below, "dev": above})

    gap = found.gap("data_mismatch")
    assert v["expected"]["gap"] == pytest.approx(gap.estimate)
    assert (v["expected"]["lower"], v["expected"]["upper"]) == pytest.approx((gap.lower, gap.upper))
    assert "HW209" in {f.code for f in found.findings}


@pytest.mark.parametrize(
    "present", [("dev",), ("train", "test"), ("human", "dev"), ("human", "field")]
)
def test_gap_when_rungs_are_missing_then_it_is_named_for_all_it_holds(
    present: tuple[str, ...],
) -> None:
    found = judged({name: Binomial(n_errors=10 * k, n=1000) for k, name in enumerate(present, 1)})
    measured = [gap for gap in found.gaps if gap.estimate is not None]

    n_between = RUNGS.index(present[-1]) - RUNGS.index(present[0])
    assert [n_between] * (len(present) - 1) == [len(gap.merges) for gap in measured]
    assert all(gap.verdict != "yes" for gap in measured if len(gap.merges) > 1)


def test_ladder_when_no_reference_and_train_is_high_then_bias_is_in_doubt() -> None:
    found = judged(
        {"train": Binomial(n_errors=800, n=10_000), "dev": Binomial(n_errors=820, n=10_000)}
    )

    assert "not_applicable" == found.gap("avoidable_bias").verdict
    assert found.in_doubt[0] == "avoidable_bias"
    assert "undetermined" == found.reading
    assert "reference" in {want.what for want in found.wants}


def test_verdict_when_too_few_examples_are_worth_then_it_is_undetermined() -> None:
    few = Effective(rate=0.9, n_eff=8.0, n=100)
    found = judged({"train": Binomial(n_errors=10, n=1000), "train_dev": few})

    assert "undetermined" == found.gap("variance").verdict
    assert "too few" in found.gap("variance").why


def test_gap_when_a_loss_has_too_few_groups_then_it_has_no_interval() -> None:
    few = Mean(mean=2.5, variance=4.0, n=100, n_clusters=5)
    gap = judged({"train": Mean(mean=1.0, variance=1.0, n=100), "train_dev": few}).gaps[-1]

    assert (1.5, None, None, None) == (
        gap.estimate,
        gap.lower,
        gap.upper,
        gap.lower_simultaneous,
    )
    assert "undetermined" == gap.verdict


def test_gap_when_exactly_the_margin_then_it_is_no_problem() -> None:
    found = judged({"train": Fixed(value=0.09), "train_dev": Fixed(value=0.10)}, margin=0.01)

    assert "no" == found.gap("variance").verdict


@pytest.mark.parametrize("name", ["human", "trian"])
def test_ladder_when_there_is_no_rung_then_it_is_refused(name: str) -> None:
    with pytest.raises(SplitError, match="no error to stand on a ladder"):
        judge_rungs({name: Fixed(value=0.1)}, rng=np.random.default_rng(0))


def test_ladder_when_rungs_are_correlated_then_their_order_does_not_matter() -> None:
    train_dev, dev = Binomial(n_errors=50, n=1000), Binomial(n_errors=80, n=1000)
    share = np.array([[1.0, 0.9], [0.9, 1.0]])
    found = [
        judge_rungs(dict(order), rng=np.random.default_rng(0), correlation=share).gaps[0]
        for order in (
            [("train_dev", train_dev), ("dev", dev)],
            [("dev", dev), ("train_dev", train_dev)],
        )
    ]
    alone = judged({"train_dev": train_dev, "dev": dev}).gaps[0]

    assert found[0] == found[1]
    assert known(found[0].lower) > known(alone.lower) + 0.01


def test_ladder_when_counted_in_clusters_then_shared_ones_narrow_its_gap() -> None:
    n, wrong = [20] * 40, [5, 0, 1, 2] * 10
    worse = [k + (k > 0) for k in wrong]
    shared = counts_of({"train_dev": n, "dev": n}, {"train_dev": wrong, "dev": worse})
    apart = counts_of(
        {"train_dev": n + [0] * 40, "dev": [0] * 40 + n},
        {"train_dev": wrong + [0] * 40, "dev": [0] * 40 + worse},
    )
    gaps = [judge(c, rng=np.random.default_rng(0)).gap("data_mismatch") for c in (shared, apart)]

    assert gaps[0].estimate == gaps[1].estimate
    assert ["yes", "undetermined"] == [gap.verdict for gap in gaps]


def test_ladder_when_all_gaps_are_small_but_train_is_high_then_bias_may_still_lead() -> None:
    n = 1_000_000
    found = judged(
        {"train": Binomial(n_errors=80_000, n=n), "train_dev": Binomial(n_errors=80_100, n=n)}
    )

    assert "no" == found.gap("variance").verdict
    assert ("undetermined", ("avoidable_bias",)) == (found.reading, found.in_doubt)


def test_tiers_when_on_both_sides_of_the_flip_then_it_flips() -> None:
    found = judge_rungs(
        {"train": Binomial(n_errors=800, n=10_000), "train_dev": Binomial(n_errors=1300, n=10_000)},
        rng=np.random.default_rng(0),
        reference=parse("team=1%/10000,person=7%/10000"),
    )

    assert found.flips
    assert found.focus[0] == "avoidable_bias"
    assert any(f.code == "HW208" and "depends on the tier" in f.sentence for f in found.findings)


def test_ladder_when_every_gap_is_small_then_the_human_level_opens_no_doubt() -> None:
    found = judge_rungs(
        {name: Binomial(n_errors=x, n=10_000) for name, x in (("train", 100), ("dev", 105))},
        rng=np.random.default_rng(0),
        reference=parse("0.8%/1000"),
        settings=Ladder(margin=0.02, same_distribution=True),
    )

    assert (found.reading, found.in_doubt) == ("none_material", ())


def test_merged_gap_when_small_then_its_parts_may_still_cancel() -> None:
    rungs = {name: Binomial(n_errors=5000, n=100_000) for name in ("train", "dev")}
    found = judge_rungs(rungs, rng=np.random.default_rng(0), reference=parse("4.9%/100000"))

    assert found.reading == "undetermined"
    assert found.gap("variance_or_mismatch").verdict == "undetermined"
    assert "train_dev" in {want.what for want in found.wants}


def test_ladder_when_train_is_past_people_and_dev_is_not_then_the_gap_is_what_matters() -> None:
    found = judge_rungs(
        {"train": Binomial(n_errors=250, n=50_000), "dev": Binomial(n_errors=500, n=5000)},
        rng=np.random.default_rng(0),
        reference=parse("1%"),
    )

    assert found.past_human
    assert found.wants[0].what == "train_dev"
    assert "HW207" in {f.code for f in found.findings if f.verdict == "yes"}
