from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from headway.errors import CountError, SplitError, TargetError
from headway.stats.power import half_width, size_for_difference, size_for_half_width
from headway.strategy.splits import Aim, apportioned, cut_offs, plan, quotas
from tests.known import known

IMAGES = {"web": 200_000, "mobile": 10_000}
REGIONS = dict.fromkeys(("US", "UK", "India", "China"), 1000)
VECTORS = Path(__file__).parents[2] / "methods_vectors.json"


@pytest.fixture(scope="module")
def noted() -> dict[str, dict[str, Any]]:
    listed = json.loads(VECTORS.read_text(encoding="utf-8"))["vectors"]
    return {vector["name"]: vector for vector in listed}


def test_option_2_when_planned_then_is_that_of_the_methods_note(
    noted: dict[str, dict[str, Any]],
) -> None:
    vector = noted["option2_composition"]
    aim = Aim(target=("mobile",), dev=2500, test=2500, train_dev=0)
    found = plan(IMAGES, aim)
    expected = {name: vector["expected"][name] for name in ("train", "dev", "test")}
    assert expected == {part.name: dict(part.sources) for part in found.parts}
    assert vector["expected"]["half_width_on_target"] == pytest.approx(found.aimed.half_width)
    train = found.part("train")
    assert vector["expected"]["train_mobile_share"] == pytest.approx(
        train.sources["mobile"] / train.n
    )


def test_option_1_when_planned_beside_it_then_is_that_of_the_methods_note(
    noted: dict[str, dict[str, Any]],
) -> None:
    expected = noted["option1_dev_composition"]["expected"]
    found = known(plan(IMAGES, Aim(target=("mobile",), dev=2500, test=2500)).shuffled)
    assert expected["expected_mobile"] == pytest.approx(found.target_in_dev.expected, abs=1e-6)
    assert expected["sd_mobile"] == pytest.approx(found.target_in_dev.sd, abs=1e-6)
    assert expected["half_width_on_mobile"] == pytest.approx([found.half_width], abs=1e-6)
    assert {"web": 2381, "mobile": 119} == found.parts[1].sources
    assert 9761.9 == pytest.approx(found.target_in_train, abs=0.1)


def test_train_dev_when_train_is_of_another_kind_then_is_twice_dev_and_a_twentieth_at_most() -> (
    None
):
    large = plan(IMAGES, Aim(target=("mobile",), dev=2500, test=2500))
    small = plan({"web": 9000, "mobile": 4000}, Aim(target=("mobile",), dev=500, test=500))
    assert (5000, 600) == (large.part("train_dev").n, small.part("train_dev").n)
    assert large.part("train_dev").sources["web"] == pytest.approx(4878, abs=1)


def test_train_dev_when_train_is_of_the_same_kind_then_is_not_needed() -> None:
    names = [part.name for part in plan({"": 1000}, Aim()).parts]
    assert ["train", "dev", "test"] == names


@pytest.mark.parametrize(("asked", "n"), [(0.1, 800), (300, 300), (0, 0)])
def test_train_dev_when_asked_for_then_is_as_asked(asked: float, n: int) -> None:
    found = plan({"": 10_000}, Aim(dev=1000, test=1000, train_dev=asked))
    assert n == found.takes_of("train_dev")


def test_importance_when_declared_then_dev_and_test_follow_it() -> None:
    found = plan(REGIONS, Aim(importance={"India": 3, "others": 1}, dev=300, test=600))
    assert {"US": 50, "UK": 50, "India": 150, "China": 50} == found.part("dev").sources
    assert 300 == found.part("test").sources["India"]
    assert found.shuffled is None


def test_importance_when_a_source_counts_nothing_then_it_goes_to_train() -> None:
    found = plan(REGIONS, Aim(importance={"India": 1, "others": 0}, dev=100, test=100))
    assert {"India": 100} == found.part("dev").sources
    assert (("India",), True) == (found.target, found.declared)


def test_importance_when_a_source_is_small_then_sets_shrink_and_keep_their_recipe() -> None:
    found = plan(
        {"US": 9000, "India": 100}, Aim(importance={"India": 90, "others": 1}, dev=300, test=300)
    )
    dev = found.part("dev")
    assert {"dev": 300, "test": 300} == found.wanted
    assert (50, 25) == (dev.n, dev.sources["India"])


def test_target_when_it_is_smaller_than_asked_then_half_of_it_stays_in_train() -> None:
    found = plan({"web": 9000, "mobile": 1000}, Aim(target=("mobile",), dev=1500, test=500))
    assert (375, 125) == (found.part("dev").n, found.part("test").n)
    assert {"dev": 1500, "test": 500} == found.wanted


def test_sizes_when_shares_are_asked_then_are_of_the_target() -> None:
    found = plan(IMAGES, Aim(target=("mobile",), dev=0.25))
    assert (2500, 2500) == (found.part("dev").n, found.part("test").n)
    assert not found.is_exact


def test_shares_when_asked_then_do_not_hang_on_the_rows() -> None:
    aim = Aim(target=("mobile",), dev=0.2, test=0.1)
    few, many = plan({"web": 900, "mobile": 300}, aim), plan(IMAGES, aim)
    assert few.shares == many.shares
    assert {"test": 0.1, "dev": 0.2} == {s: few.shares["mobile"][s] for s in ("test", "dev")}
    assert [0.05, 0.7 * 0.05] == pytest.approx(
        [few.shares[source]["train_dev"] for source in ("web", "mobile")]
    )
    assert {} == plan(IMAGES, Aim(dev=100)).shares


def test_shares_when_sources_matter_differently_then_follow_it() -> None:
    found = plan(REGIONS, Aim(importance={"India": 2, "others": 1}, dev=0.1, train_dev=0.1)).shares
    assert [0.1, 0.05] == [found[source]["dev"] for source in ("India", "US")]
    assert 0.08 == pytest.approx(found["India"]["train_dev"])


def test_shares_when_they_exceed_all_rows_then_half_stays_in_train() -> None:
    found = plan({"": 1000}, Aim(dev=0.9, test=0.6)).shares[""]
    assert [0.3, 0.2, 0.0] == pytest.approx([found[s] for s in ("dev", "test", "train_dev")])


def test_shares_when_train_dev_is_a_number_then_is_a_share_of_these_rows() -> None:
    found = plan({"": 1000}, Aim(dev=0.1, train_dev=80)).shares[""]
    assert 0.08 == pytest.approx(found["train_dev"])


def test_sizes_when_precision_is_asked_then_show_it() -> None:
    found = plan(IMAGES, Aim(half_width=0.01, margin=0.005))
    needed = size_for_difference(0.05, 0.045, discordance=0.02375)
    assert size_for_half_width(0.05, 0.01) == found.part("test").n
    assert max(needed, size_for_half_width(0.05, 0.01)) == found.part("dev").n
    assert known(found.aimed.half_width) <= 0.01


def test_sizes_when_a_half_width_alone_is_asked_then_both_sets_show_it() -> None:
    n = size_for_half_width(0.05, 0.01)
    assert {"dev": n, "test": n} == plan(IMAGES, Aim(half_width=0.01)).wanted


def test_sizes_when_a_large_margin_is_asked_then_are_still_sizes() -> None:
    found = plan(IMAGES, Aim(margin=0.2))
    assert size_for_difference(0.05, 0.25, discordance=0.2) == found.wanted["dev"]


def test_sizes_when_nothing_is_asked_then_follow_the_rule_of_thumb() -> None:
    alone = plan({"": 1_000_000}, Aim())
    beside = plan(IMAGES, Aim(target=("mobile",)))
    assert (980_000, 10_000) == (alone.part("train").n, alone.part("dev").n)
    assert (2500, 2500) == (beside.part("dev").n, beside.part("test").n)
    assert {"train": 0.98, "dev": 0.01, "test": 0.01} == alone.usual


def test_plan_when_made_then_no_row_is_lost() -> None:
    found = plan(IMAGES, Aim(target=("mobile",), dev=333, test=777))
    assert 210_000 == sum(part.n for part in found.parts) == found.total
    for source, n in IMAGES.items():
        assert n == sum(part.sources.get(source, 0) for part in found.parts)


def test_shuffle_when_no_target_is_declared_then_dev_holds_all_sources() -> None:
    found = plan(IMAGES, Aim(shuffle=True, dev=2100, test=2100))
    assert {"web": 2000, "mobile": 100} == found.part("dev").sources


def test_shuffle_when_a_target_is_declared_then_is_refused() -> None:
    expected = r"would hold 95.2% other rows \(2381 of 2500 expected\), and the target is mobile"
    with pytest.raises(SplitError, match=f"A shuffled dev set {expected}"):
        plan(IMAGES, Aim(target=("mobile",), shuffle=True, dev=2500))


@pytest.mark.parametrize(
    ("aim", "match"),
    [
        (Aim(target=("mobil",)), "'mobil' is no source"),
        (Aim(importance={"Mars": 2}), "'Mars' is no source"),
    ],
)
def test_sources_when_they_are_unknown_then_are_refused(aim: Aim, match: str) -> None:
    with pytest.raises(TargetError, match=match):
        plan(IMAGES, aim)


@pytest.mark.parametrize(
    ("sources", "aim"),
    [
        ({"": 2}, Aim()),
        ({"": 3}, Aim(dev=2, test=2)),
        ({"": 10}, Aim(dev=5, test=5)),
        ({"": 100}, Aim(dev=20, test=20, train_dev=60)),
        ({"a": 0, "b": 50}, Aim(target=("a",))),
    ],
)
def test_rows_when_they_are_too_few_then_are_refused(sources: dict[str, int], aim: Aim) -> None:
    with pytest.raises(SplitError, match="rows are too few to be split"):
        plan(sources, aim)


@pytest.mark.parametrize(
    "given",
    [{"dev": 0}, {"test": -5}, {"train_dev": 1e-300 - 1}, {"rate": 0}, {"half_width": 1.0}],
)
def test_aim_when_a_number_is_out_of_range_then_is_refused(given: dict[str, float]) -> None:
    with pytest.raises(CountError, match="Expected: a "):
        Aim(**given)  # type: ignore[arg-type]


def test_aim_when_an_importance_is_negative_then_is_refused() -> None:
    with pytest.raises(CountError, match=r"importance of India is -1"):
        Aim(importance={"India": -1})


def test_numbers_when_dealt_out_then_remainders_go_to_those_that_miss_most() -> None:
    shares, most = {"a": 1.0, "b": 1.0, "c": 1.0}, dict.fromkeys("abc", 10)
    assert {"a": 4, "b": 3, "c": 3} == apportioned(10, shares, most)
    assert {"a": 2, "b": 4, "c": 4} == apportioned(10, shares, most | {"a": 2})
    assert {"a": 0} == apportioned(0, {"a": 1.0}, {"a": 5})


def test_quotas_when_there_are_strata_then_each_gives_its_share() -> None:
    found = plan({"web": 900, "mobile": 100}, Aim(target=("mobile",), dev=20, test=20))
    pools = {("web", "cat"): 450, ("web", "dog"): 450, ("mobile", "cat"): 75, ("mobile", "dog"): 25}
    dealt = quotas(found, pools)
    assert {"test": 15, "dev": 15} == {s: dealt["mobile", "cat"][s] for s in ("test", "dev")}
    assert {"test": 5, "dev": 5} == {s: dealt["mobile", "dog"][s] for s in ("test", "dev")}
    assert found.takes_of("train_dev") == sum(by.get("train_dev", 0) for by in dealt.values())


def test_cut_offs_when_sizes_are_asked_then_the_last_rows_are_test() -> None:
    days = [(f"day {i}", 10) for i in range(9)]
    assert ("day 5", "day 7") == cut_offs(days, 20, 20)
    assert ("day 1", "day 2") == cut_offs(days, 900, 900)
    assert ("day 7", "day 8") == cut_offs(days, 1, 1)


def test_cut_offs_when_days_hold_nothing_of_the_target_then_they_are_passed_over() -> None:
    days = [("mon", 5), ("tue", 0), ("wed", 5), ("thu", 0), ("fri", 5)]
    assert ("wed", "fri") == cut_offs(days, 5, 5)


def test_cut_offs_when_there_are_two_days_then_are_refused() -> None:
    with pytest.raises(SplitError, match="the target hold 2 different moments"):
        cut_offs([("mon", 5), ("tue", 5), ("wed", 0)], 5, 5)


def test_half_width_when_planned_then_is_that_of_dev() -> None:
    found = plan({"": 10_000}, Aim(dev=1000, rate=0.1, level=0.9))
    assert half_width(0.1, 1000, level=0.9) == found.aimed.half_width


def test_discordance_when_below_the_margin_then_is_refused_as_it_was_given() -> None:
    with pytest.raises(CountError, match=r"discordance is 0\.001") as refused:
        plan({"": 10_000}, Aim(margin=0.01, discordance=0.001))
    assert "a fraction of at least the margin, 0.01." == refused.value.expected


@pytest.mark.parametrize("margin", [0.01, 0.03])
def test_margin_when_models_differ_on_no_more_rows_then_rows_are_planned(margin: float) -> None:
    assert "precision" == plan({"": 90_000}, Aim(margin=margin, discordance=margin)).how
