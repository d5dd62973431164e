from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from headway.stats.changes import Flips, change_of
from headway.stats.forms import Binomial
from headway.stats.weighting import flips_at, smallest_weights
from headway.strategy.changes import judge
from headway.strategy.ladder import Ladder
from headway.strategy.movements import Changes, Pair

SETTINGS = Ladder(n_draws=200, margin=0.01)


@st.composite
def pairs(draw: st.DrawFn) -> dict[str, Pair]:
    """Splits that both versions met, with what was fixed and broken."""
    found = {}
    for split in draw(st.sampled_from([("dev",), ("train", "dev"), ("train", "train_dev", "dev")])):
        n = draw(st.integers(20, 5000))
        wrong = draw(st.integers(0, n))
        fixed = draw(st.integers(0, wrong))
        broken = draw(st.integers(0, n - wrong))
        found[split] = Pair(
            before=Binomial(n_errors=wrong, n=n),
            after=Binomial(n_errors=wrong - fixed + broken, n=n),
            change=Flips(fixed=fixed / n, broken=broken / n, n=n),
        )
    return found


def turned(pair: Pair) -> Pair:
    """The same pair, the second version first."""
    change = pair.change
    assert isinstance(change, Flips)
    back = Flips(fixed=change.broken, broken=change.fixed, n=change.n)
    return Pair(before=pair.after, after=pair.before, change=back)


def judged(given_pairs: dict[str, Pair]) -> Changes:
    """A change with few draws."""
    return judge(given_pairs, rng=np.random.default_rng(1), settings=SETTINGS)


@given(pairs())
def test_change_when_versions_are_swapped_then_every_sign_flips(both: dict[str, Pair]) -> None:
    there, back = judged(both), judged({split: turned(pair) for split, pair in both.items()})

    for one, other in zip(there.rungs, back.rungs, strict=True):
        assert one.change.estimate == pytest.approx(-other.change.estimate)
        assert (one.change.lower, one.change.upper) == pytest.approx(
            (-(other.change.upper or 0), -(other.change.lower or 0))
        )
    for gap, turned_gap in zip(there.gaps, back.gaps, strict=True):
        assert gap.change.estimate == pytest.approx(-turned_gap.change.estimate)


@given(pairs())
def test_gaps_when_their_changes_are_added_then_they_are_the_change_of_the_last_rung(
    both: dict[str, Pair],
) -> None:
    found = judged(both)
    assume("train" in both)

    assert sum(gap.change.estimate for gap in found.gaps) == pytest.approx(
        found.rungs[-1].change.estimate, abs=1e-12
    )


@given(st.integers(1, 20_000), st.data())
def test_flips_when_examples_are_many_times_more_then_the_interval_is_inside(
    n: int, data: st.DataObject
) -> None:
    fixed = data.draw(st.integers(0, n))
    broken = data.draw(st.integers(0, n - fixed))
    few, many = (
        change_of(Flips(fixed=fixed / n, broken=broken / n, n=size)) for size in (n, 16 * n)
    )

    assert (many.upper or 0) - (many.lower or 0) <= (few.upper or 0) - (few.lower or 0) + 1e-12
    assert -1 <= (few.lower or 0) <= few.estimate <= (few.upper or 0) <= 1


tables = st.integers(2, 4).flatmap(
    lambda k: st.lists(
        st.lists(st.integers(-300, 300), min_size=k, max_size=k), min_size=1, max_size=4
    )
)


@given(tables)
def test_weights_when_there_are_some_then_every_preference_holds(table: list[list[int]]) -> None:
    found = smallest_weights(table)
    assume(found is not None)
    assert found is not None

    assert (np.array(table) @ found >= 1 - 1e-6).all()
    assert 1.0 == found[0]
    assert (found >= 1 - 1e-9).all()


@given(tables, st.integers(2, 50))
def test_weights_when_errors_and_margin_are_scaled_then_they_stay(
    table: list[list[int]], factor: int
) -> None:
    one = smallest_weights(table)
    other = smallest_weights(np.array(table) * factor, margin=float(factor))

    assert (one is None) == (other is None)
    if one is not None and other is not None:
        assert float(one.sum()) == pytest.approx(float(other.sum()), rel=1e-6)


@given(st.integers(-300, -1), st.integers(1, 300))
def test_weight_when_it_turns_the_ranking_then_more_agrees_and_less_does_not(
    ordinary: int, flagged: int
) -> None:
    table = np.array([[ordinary, flagged]])
    at = flips_at(table, [1.0, 1e6], 1)
    assert at is not None

    assert table @ [1.0, at * 1.001 + 1e-6] > 0
    assert table @ [1.0, at * 0.999 - 1e-6] < 0
