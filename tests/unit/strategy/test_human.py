from __future__ import annotations

import pytest

from headway.errors import TargetError
from headway.stats.forms import Binomial, Effective, Fixed, Measured
from headway.strategy.human import (
    Reference,
    Tier,
    measured,
    parse,
    parse_error,
    proxy_tier,
    wanted,
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0.01", Fixed(value=0.01)),
        ("1%", Fixed(value=0.01)),
        (" 8% / 50000 ", Binomial(n_errors=4000, n=50_000)),
        ("0.005/1_000", Binomial(n_errors=5, n=1000)),
        ("0", Fixed(value=0.0)),
        ("1e-3/2000", Binomial(n_errors=2, n=2000)),
    ],
)
def test_error_when_written_in_a_known_form_then_it_is_read(text: str, expected: Measured) -> None:
    assert expected == parse_error(text)


@pytest.mark.parametrize(
    "text", ["", "x", "120%", "1.5", "-0.1", "5%/0", "1/1000", "1/2/3", "5%/many", "nan"]
)
def test_error_when_it_cannot_be_read_then_it_is_refused(text: str) -> None:
    with pytest.raises(TargetError, match="cannot be read as an error"):
        parse_error(text)


def test_error_when_its_number_of_errors_is_not_whole_then_it_keeps_its_rate() -> None:
    assert Effective(rate=0.075, n_eff=1001.0, n=1001) == measured(0.075, 1001)


def test_loss_when_above_one_without_n_then_it_is_taken() -> None:
    assert Fixed(value=3.5) == measured(3.5, None)


def test_proxy_when_not_named_then_it_is_the_smallest_error() -> None:
    reference = parse("typical=3%,team=0.5%/1000,doctor=1%")

    assert reference.proxy == "team"
    assert proxy_tier(reference).measured == Binomial(n_errors=5, n=1000)


def test_reference_when_one_number_then_its_tier_is_named_by_its_kind() -> None:
    assert parse("2%", kind="best_known").tiers[0].name == "best known"


@pytest.mark.parametrize(
    ("text", "kind", "proxy", "message"),
    [
        ("1%", "animal", None, "'animal' is no reference kind"),
        ("a=1%,b=2%", "human", "c", "'c' is no proxy"),
        ("a=1%,a=2%", "human", None, "tier 'a' is given twice"),
        (",", "human", None, "cannot be read"),
    ],
)
def test_reference_when_wrong_then_it_is_refused(
    text: str, kind: str, proxy: str | None, message: str
) -> None:
    with pytest.raises(TargetError, match=message):
        parse(text, kind=kind, proxy=proxy)


@pytest.mark.parametrize("kind", [None, "human", "best_known", "required", "previous_system"])
def test_want_when_no_reference_is_given_then_only_people_are_asked_for_people(
    kind: str | None,
) -> None:
    want = wanted(kind)

    assert ("human_level" if kind == "human" else "reference") == want.what
    assert (kind in {None, "human"}) == ("people" in want.sentence)


def test_reference_when_built_by_hand_then_its_proxy_must_be_a_tier() -> None:
    with pytest.raises(TargetError, match="'x' is no proxy"):
        Reference(kind="human", tiers=(Tier(name="a", measured=Fixed(value=0.1)),), proxy="x")
