from __future__ import annotations

import pytest

from headway.wording import about, amount, counted, interval, listed, minus, thousands


@pytest.mark.parametrize(
    ("text", "written"),
    [("-1.20", "\u22121.20"), ("-0.00", "0.00"), ("0.00", "0.00"), ("1e-05", "1e\u221205")],
)
def test_sign_when_written_then_it_is_a_true_minus_and_never_before_zero(
    text: str, written: str
) -> None:
    assert written == minus(text)


@pytest.mark.parametrize(
    ("n", "words"),
    [(7, "7"), (99, "99"), (100, "100"), (996, "1,000"), (1437, "1,400"), (96_210, "96,000")],
)
def test_number_when_it_must_be_collected_then_two_digits_are_enough(n: int, words: str) -> None:
    assert f"about {words}" == about(n)


@pytest.mark.parametrize(
    ("value", "is_rate", "points", "words"),
    [
        (0.0955, True, False, "9.55\u202f%"),
        (-0.0637, True, True, "\u22126.37 points"),
        (0.693147, False, True, "0.6931"),
    ],
)
def test_error_when_written_then_its_unit_is_that_of_its_kind(
    *, value: float, is_rate: bool, points: bool, words: str
) -> None:
    assert words == amount(value, is_rate=is_rate, points=points)


@pytest.mark.parametrize(
    ("ends", "is_rate", "words"),
    [
        ((-0.01, 0.0737), True, "[\u22121.00, 7.37]"),
        ((-0.01, 2.5), False, "[\u22120.01, 2.5]"),
        ((None, None), True, "[no interval]"),
    ],
)
def test_interval_when_written_then_it_has_no_unit(
    *, ends: tuple[float | None, float | None], is_rate: bool, words: str
) -> None:
    assert words == interval(*ends, is_rate=is_rate)


@pytest.mark.parametrize(
    ("names", "words"),
    [([], ""), (["a"], "a"), (["a", "b"], "a and b"), (list("abc"), "a, b and c")],
)
def test_names_when_listed_then_the_last_is_joined_by_a_word(names: list[str], words: str) -> None:
    assert words == listed(names)


def test_count_when_written_then_it_has_commas() -> None:
    assert "4,000,000" == thousands(4_000_000)


@pytest.mark.parametrize(("n", "words"), [(0, "0 looks"), (1, "1 look"), (2000, "2,000 looks")])
def test_count_when_it_is_one_then_its_noun_is_singular(n: int, words: str) -> None:
    assert words == counted(n, "look")
