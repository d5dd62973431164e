from __future__ import annotations

import pytest

from headway.errors import CountError
from headway.strategy.size import for_difference, for_half_width, for_no_error, of_n, of_total


def test_size_when_a_half_width_is_asked_then_it_is_the_vector() -> None:
    found = for_half_width(0.05, 0.005)

    assert (7312, 0.005) == (found.n, found.half_width)
    assert "About 7,300 examples" in found.sentence


def test_size_when_n_is_given_then_the_half_width_is_the_vector() -> None:
    assert of_n(10_000, 0.05).half_width == pytest.approx(0.00427431657622)


def test_size_when_no_error_may_be_seen_then_it_is_about_three_over_the_rate() -> None:
    assert for_no_error(0.001).n == pytest.approx(3000, rel=0.01)


@pytest.mark.parametrize(("total", "dev"), [(10_000, 2000), (1_000_000, 10_000)])
def test_size_when_a_total_is_split_then_it_follows_the_rule_of_thumb(total: int, dev: int) -> None:
    found = of_total(total, 0.05)

    assert dev == found.n
    assert sum(found.rule_of_thumb.values()) == pytest.approx(1.0)


def test_size_when_both_models_meet_the_same_examples_then_fewer_do() -> None:
    apart, paired = for_difference(0.05, 0.01), for_difference(0.05, 0.01, discordance=0.03)

    assert paired.n < apart.n / 2
    assert "met by both models" in paired.sentence


@pytest.mark.parametrize("rate", [0.0, 1.0, -1.0])
def test_size_when_the_rate_is_no_fraction_then_it_is_refused(rate: float) -> None:
    with pytest.raises(CountError, match="a fraction in"):
        for_no_error(rate)
