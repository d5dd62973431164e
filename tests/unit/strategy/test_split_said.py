from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from headway.findings import Verdict
from headway.strategy.split_said import Splits, findings
from headway.strategy.splits import Aim, Part, plan
from tests.known import known

if TYPE_CHECKING:
    from headway.findings import Finding

IMAGES = {"web": 200_000, "mobile": 10_000}


def made(sources: dict[str, int], aim: Aim, **changes: Any) -> Splits:
    """A split as it was planned."""
    planned = plan(sources, aim)
    whole = Splits(
        plan=planned,
        parts=planned.parts,
        left_out={},
        method="hash order",
        key=("id",),
        salt="headway",
    )
    return replace(whole, **changes)


def said(split: Splits) -> dict[str, Finding]:
    """Findings by code."""
    return {finding.code: finding for finding in findings(split)}


def test_aim_when_the_target_is_declared_then_says_what_a_shuffle_would_give() -> None:
    found = said(made(IMAGES, Aim(target=("mobile",), dev=2500, test=2500)))["HW341"]
    assert Verdict.YES == found.verdict
    assert "Dev and test hold 'mobile' alone." in found.sentence
    assert "119 ± 11 of them (4.76" in found.sentence
    assert "to within 4.10 points either way instead of 0.86" in found.sentence


def test_aim_when_nobody_named_a_target_then_is_open() -> None:
    found = said(made(IMAGES, Aim()))["HW341"]
    assert Verdict.UNDETERMINED == found.verdict
    assert "--target-source" in found.wants[0].sentence


def test_aim_when_there_is_one_source_then_is_no_question() -> None:
    assert {} == said(made({"": 1000}, Aim()))


def test_aim_when_a_shuffle_would_give_none_of_the_target_then_says_so() -> None:
    found = said(made({"web": 100_000, "mobile": 100}, Aim(target=("mobile",), dev=20, test=20)))
    assert "and say nothing about them" in found["HW341"].sentence


def test_aim_when_many_sources_matter_then_four_are_named() -> None:
    sources = dict.fromkeys("abcdefg", 1000)
    found = said(made(sources, Aim(target=tuple("abcdef"), dev=60, test=60)))["HW341"]
    assert "'a', 'b', 'c', 'd' and 2 more alone" in found.sentence


def test_target_when_it_is_too_small_then_folds_or_more_rows_are_wanted() -> None:
    sources = {"web": 9000, "mobile": 1000}
    found = said(made(sources, Aim(target=("mobile",), dev=1500, test=1500)))["HW342"]
    assert "The target has 1,000 rows, and dev and test want 1,500 and 1,500" in found.sentence
    assert ["folds", "examples"] == [want.what for want in found.wants]
    assert (1000, 5000) == (found.wants[0].n, found.wants[1].n)


def test_moments_when_they_decide_the_sizes_then_no_size_was_wanted() -> None:
    whole = made(IMAGES, Aim(target=("mobile",)))
    parts = tuple(replace(p, n=10) if p.name == "dev" else p for p in whole.parts)
    assert "HW342" in said(replace(whole, parts=parts))
    assert "HW342" not in said(replace(whole, parts=parts, method="time"))


def test_precision_when_sets_are_too_small_for_it_then_is_said() -> None:
    aim = Aim(dev=1000, test=1000, half_width=0.005)
    found = said(made({"": 100_000}, aim))["HW342"]
    assert "to within 1.36 points either way" in found.sentence
    assert ["folds"] == [want.what for want in found.wants]


def test_dev_when_it_became_empty_then_has_no_half_width() -> None:
    whole = made(IMAGES, Aim(target=("mobile",), dev=500, test=500))
    empty = replace(whole, parts=tuple(p for p in whole.parts if p.name != "dev"))
    assert (None, None, 0) == (empty.half_width, empty.difference, empty.n("dev"))
    assert "they get 0 and 500." in said(empty)["HW342"].sentence
    assert 500 == known(whole.part("dev")).n


def test_train_when_it_keeps_less_than_half_then_is_warned_of() -> None:
    found = said(made({"": 1000}, Aim(dev=300, test=300)))["HW343"]
    assert "Train keeps 400 of 1,000 rows" in found.sentence


def test_groups_when_one_is_large_then_is_named() -> None:
    whole = made({"": 1000}, Aim(dev=100, test=100))
    large = {"train": ("x", 700), "dev": ("ann", 30), "test": ("bob", 20)}
    found = said(replace(whole, largest=large))
    assert "'ann' holds 30 of the 100 rows of dev." in found["HW344"].sentence
    assert "HW344" not in said(replace(whole, largest={"test": ("bob", 20)}))


def test_rows_when_they_are_left_out_then_are_counted_by_reason() -> None:
    left_out = {"embargo": 40, "group": 60}
    whole = replace(made({"": 1000}, Aim()), left_out=left_out)
    assert 1100 == whole.total
    assert (
        "100 of 1,100 rows are in no split: 40 rows within the embargo and 60 rows of groups"
        in (said(whole)["HW345"].sentence)
    )


def test_importance_when_declared_then_shares_are_said() -> None:
    sources = {"US": 3000, "India": 1000}
    split = made(sources, Aim(importance={"India": 3, "others": 1}, dev=200, test=200))
    assert "each as often as it matters" in said(split)["HW341"].sentence
    assert "'India' makes up 50.00" in said(split)["HW346"].sentence


@pytest.mark.parametrize("importance", [{"others": 2}, {}])
def test_importance_when_no_source_is_named_then_is_not_said(importance: dict[str, float]) -> None:
    assert "HW346" not in said(made(IMAGES, Aim(importance=importance, dev=100, test=100)))


def test_importance_when_dev_is_empty_then_is_not_said() -> None:
    whole = made({"US": 3000, "India": 1000}, Aim(importance={"India": 3}, dev=200, test=200))
    parts = (Part(name="train", n=4000, sources={"US": 3000, "India": 1000}),)
    assert "HW346" not in said(replace(whole, parts=parts))
