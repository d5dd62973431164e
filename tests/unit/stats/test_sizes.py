from __future__ import annotations

import pytest

from headway.errors import CountError
from headway.stats.power import size_for_difference
from headway.stats.sizes import detectable_difference, rule_of_thumb


@pytest.mark.parametrize("n", [500, 2500, 10**6])
def test_detectable_difference_when_asked_back_then_needs_as_many(n: int) -> None:
    found = detectable_difference(0.05, n)
    assert n == pytest.approx(size_for_difference(0.1, 0.1 + found, discordance=0.05), abs=1)


def test_detectable_difference_when_the_set_is_tiny_then_is_the_discordance() -> None:
    assert 0.1 == detectable_difference(0.1, 5)


def test_detectable_difference_when_there_is_no_discordance_then_refuses() -> None:
    with pytest.raises(CountError, match=r"discordance is 0\.\nExpected: a number above 0"):
        detectable_difference(0, 100)


@pytest.mark.parametrize("n", [1, 100, 10_000])
def test_rule_when_the_set_is_small_then_is_60_20_20(n: int) -> None:
    assert {"train": 0.6, "dev": 0.2, "test": 0.2} == rule_of_thumb(n)


def test_rule_when_the_set_is_large_then_keeps_dev_at_ten_thousand() -> None:
    assert {"train": 0.98, "dev": 0.01, "test": 0.01} == rule_of_thumb(10**6)
    assert 10_000 == pytest.approx(rule_of_thumb(10**8)["dev"] * 10**8)


def test_rule_when_the_set_grows_then_dev_and_train_grow() -> None:
    sizes = [10_000, 30_000, 100_000, 300_000, 1_000_000]
    dev = [rule_of_thumb(n)["dev"] * n for n in sizes]
    train = [rule_of_thumb(n)["train"] for n in sizes]
    assert (dev, train) == (sorted(dev), sorted(train))
    assert {1.0} == {round(sum(rule_of_thumb(n).values()), 9) for n in sizes}


def test_rule_when_there_is_nothing_to_divide_then_refuses() -> None:
    with pytest.raises(CountError, match=r"n is 0\.\nExpected: a number above 0"):
        rule_of_thumb(0)
