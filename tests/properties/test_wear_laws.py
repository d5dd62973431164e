from __future__ import annotations

from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from headway.stats.budgets import most_looks, simultaneous_half_width
from headway.stats.forms import Binomial
from headway.stats.optimism import adaptive_envelope, adaptive_limit, expected_max_normals
from headway.stats.releases import parameter_free_ladder, stepped_ladder
from headway.strategy.looks import Look, consultations, of_set
from headway.strategy.wear import Wearing, judge
from headway.strategy.winners import optimism

counts = st.integers(1, 10_000)
rates = st.floats(0, 1)
errors = st.lists(st.integers(0, 500), min_size=1, max_size=40)
CLOSE = 1e-12


@given(counts, counts)
def test_expected_max_when_there_are_more_models_then_never_falls(k: int, more: int) -> None:
    assert expected_max_normals(k) <= expected_max_normals(k + more) + CLOSE


@given(rates, counts, counts, counts)
def test_limit_when_there_are_more_looks_or_fewer_examples_then_never_falls(
    rate: float, n: int, k: int, more: int
) -> None:
    limit = adaptive_limit(rate, n, k)

    assert limit <= adaptive_limit(rate, n, k + more) + CLOSE
    assert adaptive_limit(rate, n + more, k) <= limit + CLOSE
    assert rate <= limit <= 1 + CLOSE


@given(rates, counts, counts)
def test_limit_when_solved_then_its_envelope_reaches_the_observed_error(
    rate: float, n: int, k: int
) -> None:
    limit = adaptive_limit(rate, n, k)
    se = float(np.sqrt(max(0.0, limit * (1 - limit)) / n))
    assert limit - adaptive_envelope(se, k) <= rate + 1e-6


@given(st.integers(0, 200), st.integers(1, 200), st.integers(1, 300), st.integers(1, 300))
def test_optimism_when_there_are_more_looks_then_its_range_never_shrinks(
    wrong: int, right: int, k: int, more: int
) -> None:
    dev = Binomial(n_errors=wrong, n=wrong + right)
    for purpose in ("selection", "adaptive"):
        few, many = (
            optimism(dev, n, purpose, rng=np.random.default_rng(0), level=0.95)
            for n in (k, k + more)
        )
        assert few.expected[1] <= many.expected[1] + CLOSE
        assert few.expected[0] >= many.expected[0] - CLOSE


@given(st.integers(0, 100), st.integers(1, 100), st.integers(2, 100), st.integers(2, 9))
def test_optimism_when_there_are_more_examples_then_its_range_never_widens(
    wrong: int, right: int, k: int, factor: int
) -> None:
    few, many = (
        optimism(
            Binomial(n_errors=wrong * times, n=(wrong + right) * times),
            k,
            "adaptive",
            rng=np.random.default_rng(0),
            level=0.95,
        )
        for times in (1, factor)
    )
    assert many.expected[1] <= few.expected[1] + CLOSE


@given(errors, st.floats(1e-3, 0.5))
def test_ladder_when_it_has_a_step_then_never_rises(wrong: list[int], step: float) -> None:
    released = stepped_ladder([each / 500 for each in wrong], step)
    assert all(after <= before + CLOSE for before, after in pairwise(released))


@given(errors)
def test_ladder_when_free_of_parameters_then_never_rises_and_shows_only_what_was_seen(
    wrong: list[int],
) -> None:
    released = parameter_free_ladder(wrong, 500)

    assert all(after <= before for before, after in pairwise(released))
    assert {round(500 * each) for each in released} <= set(wrong)
    assert min(wrong) / 500 <= released[-1]


@given(st.floats(1e-4, 0.1), st.floats(1e-3, 0.3), st.floats(0.5, 0.999))
def test_budget_when_counted_then_its_band_lies_within_the_tolerance(
    se: float, tolerance: float, level: float
) -> None:
    k = most_looks(se, tolerance, level=level)
    if 0 < k < 10**9:
        assert simultaneous_half_width(se, k, level=level) <= tolerance * (1 + 1e-9)


looks = st.lists(
    st.builds(
        Look,
        when=st.sampled_from("123456789"),
        split=st.sampled_from(["dev", "test"]),
        fingerprint=st.sampled_from("ab"),
        model=st.sampled_from("mno"),
        metric=st.sampled_from(["error", "accuracy"]),
        value=st.sampled_from([0.1, 0.2, 0.3]),
        n=st.just(100),
        purpose=st.sampled_from(["report", "selection", "adaptive"]),
        selected=st.booleans(),
    ),
    max_size=20,
)


@given(looks)
def test_count_when_everything_is_read_twice_then_stays(seen: list[Look]) -> None:
    for split in ("dev", "test"):
        assert consultations(of_set(seen, split)) == consultations(of_set(seen + seen, split))


@given(looks)
def test_wear_when_any_looks_are_judged_then_says_something(seen: list[Look]) -> None:
    found = judge(seen, rng=np.random.default_rng(0), settings=Wearing(margin=0.01))

    assert found.n_looks >= found.n_logged
    assert (found.dev is None) == (found.verdict == "not_applicable")
    assert found.findings or found.n_looks == 0
