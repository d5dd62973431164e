from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from headway.findings import Verdict
from headway.stats.composites import Overlap, Poisson
from headway.stats.forms import Binomial, Effective, Fixed, Mean
from headway.strategy.standing import kept
from headway.strategy.target import limit_of
from tests.known import known

if TYPE_CHECKING:
    from headway.stats.forms import Measured
    from headway.strategy.standing import Kept


def standing(m: Measured, text: str) -> Kept:
    """How a model with this number stands."""
    return kept("A", m, limit_of(text, positive=1), rng=np.random.default_rng(0))


def events(n: int, hours: float) -> Poisson:
    """False alarms in a time."""
    return Poisson(n_events=n, exposure=hours / 24)


RATE = "false_positives_per_24h <= 1"


def test_rate_when_no_event_was_seen_in_24_hours_then_wants_72() -> None:
    found = standing(events(0, 24), RATE)
    assert Verdict.UNDETERMINED is found.verdict
    assert 72 == known(found.want).n
    assert found.by_luck


@pytest.mark.parametrize(
    ("n", "hours", "verdict"),
    [
        (0, 71.8, Verdict.UNDETERMINED),
        (0, 72, Verdict.YES),
        (2, 72, Verdict.UNDETERMINED),
        (2, 152, Verdict.YES),
        (12, 72, Verdict.NO),
    ],
)
def test_rate_when_watched_then_needs_its_exact_bound(
    n: int, hours: float, verdict: Verdict
) -> None:
    assert verdict is standing(events(n, hours), RATE).verdict


def test_rate_when_its_wanted_hours_have_passed_then_is_shown() -> None:
    first = standing(events(3, 100), RATE)
    hours = known(known(first.want).n)
    assert Verdict.YES is standing(events(3, hours), RATE).verdict


def test_rate_when_events_come_in_bursts_then_more_hours_are_wanted() -> None:
    plain = known(standing(events(3, 100), RATE).want)
    bursts = Poisson(n_events=3, exposure=100 / 24, dispersion=2.0)
    assert known(plain.n) < known(known(standing(bursts, RATE).want).n)


def test_rate_when_above_its_limit_and_not_shown_to_be_then_no_quiet_hours_are_promised() -> None:
    found = standing(events(4, 72), RATE)
    assert (Verdict.UNDETERMINED, None) == (found.verdict, found.want)
    assert not found.by_luck


@pytest.mark.parametrize(
    ("value", "verdict"), [(80.0, Verdict.YES), (100.0, Verdict.YES), (1500.0, Verdict.NO)]
)
def test_declared_number_when_compared_then_decides(value: float, verdict: Verdict) -> None:
    found = standing(Fixed(value=value), "running_time_ms <= 100")
    assert (verdict, None) == (found.verdict, found.want)


def test_rate_of_errors_when_kept_by_its_number_alone_then_says_how_many_more() -> None:
    found = standing(Binomial(n_errors=15, n=1000), "false_positive_rate <= 2%")
    assert Verdict.UNDETERMINED is found.verdict
    assert 0.8735 == pytest.approx(found.probability, abs=1e-4)
    assert 2173 - 1000 == known(found.want).n
    assert "About 1,200 more examples of A would settle" in known(found.want).sentence


def test_rate_of_errors_when_worth_fewer_examples_then_more_are_wanted() -> None:
    plain = known(standing(Binomial(n_errors=15, n=1000), "error <= 2%").want)
    worth = Effective(rate=0.015, n_eff=500, n=1000)
    grouped = known(standing(worth, "error <= 2%").want)
    assert known(grouped.n) == pytest.approx(2 * (known(plain.n) + 1000) - 1000, abs=1)


def test_rate_when_it_is_the_limit_then_nothing_is_promised() -> None:
    found = standing(Binomial(n_errors=20, n=1000), "error <= 2%")
    assert (Verdict.UNDETERMINED, None) == (found.verdict, found.want)


@pytest.mark.parametrize(
    "m",
    [
        Binomial(n_errors=9, n=9),
        Effective(rate=1.0, n_eff=4, n=900),
        Effective(rate=1.0, n_eff=900, n=900, n_clusters=3),
    ],
)
def test_rate_when_little_stands_behind_it_then_there_is_no_verdict(m: Measured) -> None:
    assert Verdict.UNDETERMINED is standing(m, "recall >= 0.5").verdict


def test_mean_when_not_shown_then_wants_examples() -> None:
    found = standing(Mean(mean=95.0, variance=4000.0, n=200, skew=0.0), "running_time_ms <= 100")
    assert Verdict.UNDETERMINED is found.verdict
    wanted = 200 + known(known(found.want).n)
    assert wanted == pytest.approx(4000 * (1.645 / 5) ** 2, abs=2)
    after = Mean(mean=95.0, variance=4000.0, n=wanted + 20, skew=0.0)
    assert Verdict.YES is standing(after, "running_time_ms <= 100").verdict


def test_mean_when_it_is_the_limit_then_nothing_is_promised() -> None:
    found = standing(Mean(mean=100.0, variance=4000.0, n=200, skew=0.0), "running_time_ms <= 100")
    assert found.want is None


def test_f1_when_clearly_above_then_is_shown() -> None:
    assert Verdict.YES is standing(Overlap(n_shared=90, n_apart=10, n=900), "f1 >= 0.8").verdict


def test_floor_when_the_number_is_below_then_is_not_kept_by_luck() -> None:
    found = standing(Binomial(n_errors=88, n=100), "recall >= 90%")
    assert (Verdict.UNDETERMINED, False) == (found.verdict, found.by_luck)
