from __future__ import annotations

import pytest

from headway.stats.power import half_width, size_for_difference, size_for_half_width
from headway.strategy.set_sizes import set_size


def test_set_when_it_is_large_enough_then_shows_the_margin() -> None:
    found = set_size("dev", 10_000, rate=0.05, margin=0.01)
    assert not found.is_small
    assert half_width(0.05, 10_000) == found.half_width
    assert size_for_difference(0.05, 0.04, discordance=0.02375) == found.needed


def test_set_when_nothing_is_known_then_takes_five_percent_and_a_tenth_of_it() -> None:
    found = set_size("dev", 1000)
    assert (0.05, True) == (found.rate, found.assumed)
    assert 0.005 == pytest.approx(found.margin)
    assert found.is_small
    assert found.needed > 1000


def test_set_when_rows_come_in_groups_then_needs_more() -> None:
    alone, grouped = set_size("dev", 1000, rate=0.1), set_size("dev", 1000, n_eff=250, rate=0.1)
    assert half_width(0.1, 250) == grouped.half_width
    assert grouped.needed == pytest.approx(4 * alone.needed, abs=1)
    assert 1000.0 == set_size("dev", 1000, n_eff=float("inf")).n_eff


def test_parts_when_they_are_small_then_stand_first() -> None:
    found = set_size("dev", 1000, parts={("device", "b"): 900, ("device", "a"): 100, ("d", "c"): 0})
    assert ["a", "b"] == [part.value for part in found.slices]
    assert half_width(0.05, 100) == found.slices[0].half_width
    assert size_for_half_width(0.05, 0.025) == found.smallest


@pytest.mark.parametrize(("rate", "margin"), [(0.0, None), (1.0, None), (0.02, 0.05), (0.5, 0.0)])
def test_set_when_rates_are_extreme_then_still_has_numbers(
    rate: float, margin: float | None
) -> None:
    found = set_size("test", 500, rate=rate, margin=margin)
    assert 0 < found.half_width < 0.1
    assert found.needed >= 1


def test_set_when_the_margin_is_zero_then_no_number_of_rows_is_asked() -> None:
    assert 500 == set_size("test", 500, margin=0.0).needed
