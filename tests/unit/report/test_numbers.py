from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headway.report.document import Amount
from headway.report.numbers import (
    amount_of,
    bare,
    count,
    interval,
    level_words,
    loss_decimals,
    margin_words,
    plain,
    probability,
    shown,
    typeset,
)


def test_amount_when_its_interval_is_wider_than_five_points_then_has_one_decimal() -> None:
    assert "46.2 %" == plain(shown(amount_of(0.4618, 0.41, 0.51)))
    assert "9.55 %" == plain(shown(amount_of(0.0955, 0.0868, 0.1050)))


def test_amount_when_negative_then_has_a_true_minus_and_none_before_zero() -> None:
    assert "−0.90" == bare(Amount(value=-0.009, kind="points"))
    assert "0.00" == bare(Amount(value=-0.00001, kind="points"))


def test_amount_when_a_loss_then_has_three_significant_digits_of_the_largest() -> None:
    assert "0.693" == bare(amount_of(0.6931, kind="loss"))
    assert "5,400" == bare(amount_of(5400.4, kind="loss"))
    assert "0.10" == bare(amount_of(0.1, kind="loss", decimals=2))
    assert 2 == loss_decimals([None, 0.0])


def test_amount_when_unknown_then_is_a_dash_everywhere() -> None:
    assert ["–"] * 6 == [f(a) for f in (bare, shown, interval) for a in (None, Amount(value=None))]


def test_points_when_in_a_sentence_then_carry_their_name() -> None:
    points = Amount(value=0.0637, kind="points")
    assert ("6.37", "6.37 points") == (shown(points), shown(points, words=True))


def test_interval_when_padded_then_keeps_its_ends_below_each_other() -> None:
    amount = Amount(value=0.006, lower=0.0028, upper=0.0130)
    assert "[ 0.28,  1.30]" == plain(interval(amount, pad=5))


def test_interval_when_there_is_none_then_says_so_in_the_given_words() -> None:
    assert "no n given" == interval(Amount(value=0.01), without="no n given")
    assert "no interval" == interval(Amount(value=0.01))


@pytest.mark.parametrize(
    ("p", "text"),
    [(0.995, "> 0.99"), (0.99, "0.99"), (0.86, "0.86"), (0.004, "< 0.01"), (None, "–")],
)
def test_probability_when_near_its_ends_then_is_a_limit(p: float | None, text: str) -> None:
    assert text == plain(probability(p))


def test_count_when_in_a_column_then_has_narrow_spaces_and_commas_on_a_terminal() -> None:
    assert ("205\u202f000", "205,000", "–") == (count(205_000), plain(count(205_000)), count(None))


def test_margin_when_in_a_sentence_then_has_no_more_decimals_than_it_needs() -> None:
    words = [margin_words(m, is_rate=True) for m in (0.01, 0.005, 0.0005)]
    assert ["1 point", "0.5 points", "0.05 points"] == words
    assert "0.0693" == margin_words(0.0693, is_rate=False)
    assert "95 %" == plain(level_words(0.95))


def test_typeset_when_given_plain_text_then_sets_spaces_signs_and_intervals() -> None:
    found = typeset("2 % falls by -0.5 [-1.0, 0.2] at --human 0.01")
    assert "2\u202f% falls by −0.5 [−1.0,\u00a00.2] at --human 0.01" == found
    assert found == typeset(found)


def test_plain_when_only_ascii_is_shown_then_nothing_else_is_left() -> None:
    assert "a -> b -0.90 ?" == plain("a → b −0.90 手", unicode=False)


@given(st.floats(-1, 1), st.floats(0, 0.2))
def test_amounts_when_any_then_estimate_lies_between_the_shown_ends(x: float, half: float) -> None:
    amount = amount_of(x, x - half, x + half, kind="points")
    ends = plain(interval(amount), unicode=False).strip("[]").split(", ")
    assert float(ends[0]) <= float(plain(bare(amount), unicode=False)) <= float(ends[1])
