from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from headway.stats.differences import (
    contrast_limits,
    miettinen_nurminen_difference,
    mover_limits,
    newcombe_difference,
    paired_difference,
    tango_difference,
)
from headway.stats.forms import Binomial, Effective, Fixed, Levels, Mean
from headway.stats.intervals import poisson_interval, rate_limits
from headway.stats.measured import estimate, limits, point, variance
from headway.stats.moments import levels_of, mean_of, weighted_rate
from headway.stats.pools import hypergeometric_interval, pool_interval
from headway.stats.power import collect_more, half_width

if TYPE_CHECKING:
    from collections.abc import Callable

    from headway.stats.forms import Estimate, Measured

METHODS = ["wilson", "guarded_wilson", "jeffreys", "clopper_pearson"]

methods = st.sampled_from(METHODS)
levels = st.floats(0.5, 0.999)
sizes = st.integers(1, 5000)
rates = st.floats(0, 1)


@st.composite
def counts(draw: st.DrawFn) -> tuple[int, int]:
    """A number of errors and the n it fits into."""
    n = draw(sizes)
    return draw(st.integers(0, n)), n


@st.composite
def paired_counts(draw: st.DrawFn) -> tuple[int, int, int]:
    """Examples that only one model gets wrong, only the other, and all of them."""
    n = draw(st.integers(1, 500))
    first = draw(st.integers(0, n))
    return first, draw(st.integers(0, n - first)), n


@st.composite
def weighted(draw: st.DrawFn) -> Measured:
    """An error with weights, in the form that suits their number."""
    cells = draw(st.lists(st.tuples(st.floats(0.1, 100), counts()), min_size=1, max_size=4))
    return levels_of([w for w, _ in cells], [c[1] for _, c in cells], [c[0] for _, c in cells])


@st.composite
def forms(draw: st.DrawFn) -> Measured:
    """An error in any form."""
    wrong, n = draw(counts())
    clusters = draw(st.none() | st.integers(1, 100))
    kinds: list[Measured] = [
        Fixed(value=draw(rates)),
        Binomial(n_errors=wrong, n=n),
        Effective(rate=wrong / n, n_eff=draw(st.floats(0.5, 5000)), n=n, n_clusters=clusters),
        Mean(
            mean=draw(st.floats(-1e6, 1e6)),
            variance=draw(st.floats(0, 1e6)),
            n=n,
            skew=draw(st.none() | st.floats(-10, 10)),
            n_clusters=clusters,
        ),
        draw(weighted()),
    ]
    return draw(st.sampled_from(kinds))


@given(counts(), levels, methods)
def test_interval_of_a_rate_when_made_then_contains_it_and_lies_in_range(
    pair: tuple[int, int], level: float, method: str
) -> None:
    lower, upper = rate_limits(*pair, level=level, method=method)
    assert 0 <= lower <= pair[0] / pair[1] <= upper <= 1


@given(counts(), st.integers(2, 20), methods)
def test_interval_of_a_rate_when_n_grows_at_the_same_rate_then_narrows(
    pair: tuple[int, int], factor: int, method: str
) -> None:
    few = rate_limits(*pair, method=method)
    many = rate_limits(pair[0] * factor, pair[1] * factor, method=method)
    assert many[1] - many[0] < few[1] - few[0]


@given(counts(), levels, methods)
def test_interval_of_a_rate_when_errors_and_successes_swap_then_mirrors(
    pair: tuple[int, int], level: float, method: str
) -> None:
    wrong, n = pair
    lower, upper = rate_limits(wrong, n, level=level, method=method)
    mirrored = rate_limits(n - wrong, n, level=level, method=method)
    assert (lower, upper) == pytest.approx((1 - mirrored[1], 1 - mirrored[0]), abs=1e-9)


@given(counts(), levels, levels, methods)
def test_interval_of_a_rate_when_the_level_rises_then_widens(
    pair: tuple[int, int], one: float, other: float, method: str
) -> None:
    inner = rate_limits(*pair, level=min(one, other), method=method)
    outer = rate_limits(*pair, level=max(one, other), method=method)
    assert outer[0] <= inner[0] + 1e-12
    assert inner[1] <= outer[1] + 1e-12


@given(sizes, st.data(), methods)
def test_interval_of_a_rate_when_one_more_fails_then_moves_up(
    n: int, data: st.DataObject, method: str
) -> None:
    wrong = data.draw(st.integers(0, n - 1))
    lower, upper = rate_limits([wrong, wrong + 1], n, method=method)
    assert lower[0] <= lower[1]
    assert upper[0] <= upper[1]


@given(counts(), st.floats(0.01, 1000), levels)
def test_poisson_interval_when_the_exposure_is_another_unit_then_scales(
    pair: tuple[int, int], factor: float, level: float
) -> None:
    once = poisson_interval(pair[0], pair[1], level=level)
    scaled = poisson_interval(pair[0], pair[1] * factor, level=level)
    assert once.lower <= pair[0] / pair[1] <= once.upper
    assert (once.lower, once.upper) == pytest.approx((scaled.lower * factor, scaled.upper * factor))


@given(counts(), st.integers(0, 5000))
def test_intervals_of_a_pool_when_made_then_contain_the_share(
    pair: tuple[int, int], unseen: int
) -> None:
    pool = pair[1] + unseen
    for interval in (pool_interval(*pair, pool), hypergeometric_interval(*pair, pool)):
        assert 0 <= interval.lower <= pair[0] / pair[1] + 1 / pool
        assert pair[0] / pair[1] - 1 / pool <= interval.upper <= 1


@given(forms(), levels, levels)
def test_limits_when_made_then_contain_the_error_and_widen_with_the_level(
    m: Measured, one: float, other: float
) -> None:
    inner, outer = limits(m, level=min(one, other)), limits(m, level=max(one, other))
    assert outer[0] <= inner[0] <= point(m) <= inner[1] <= outer[1]
    assert isinstance(m, Mean) or 0 <= outer[0] <= outer[1] <= 1


@given(forms())
def test_estimate_when_shown_then_contains_the_error_or_has_no_interval(m: Measured) -> None:
    shown = estimate(m)
    assert (shown.lower is None) == (shown.upper is None)
    if shown.lower is not None and shown.upper is not None:
        assert shown.lower <= shown.estimate <= shown.upper
        assert -inf < shown.lower <= shown.upper < inf
    assert variance(m) >= 0


@given(forms(), forms(), st.floats(-1, 1))
def test_mover_when_the_errors_swap_then_changes_sign(
    first: Measured, second: Measured, correlation: float
) -> None:
    one, other = (point(first), limits(first)), (point(second), limits(second))
    lower, upper = mover_limits(*one, *other, correlation)
    back = mover_limits(*other, *one, correlation)
    assert (float(lower), float(upper)) == (-float(back[1]), -float(back[0]))
    assert lower <= point(first) - point(second) <= upper


@given(forms(), rates)
def test_mover_when_the_second_error_is_declared_then_only_shifts(
    m: Measured, value: float
) -> None:
    fixed = Fixed(value=value)
    lower, upper = mover_limits(point(m), limits(m), value, limits(fixed))
    shifted = [end - value for end in limits(m)]
    assert shifted == pytest.approx([float(lower), float(upper)], rel=1e-9, abs=1e-9)


@given(st.lists(forms(), min_size=2, max_size=4), st.data())
def test_contrast_when_its_sign_turns_then_its_limits_do(
    ms: list[Measured], data: st.DataObject
) -> None:
    c = data.draw(st.lists(st.integers(-3, 3), min_size=len(ms), max_size=len(ms)))
    errors, ends = [point(m) for m in ms], [limits(m) for m in ms]
    lower, upper = contrast_limits(c, errors, ends)
    back = contrast_limits([-value for value in c], errors, ends)
    assert (lower, upper) == pytest.approx((-back[1], -back[0]))
    assert lower <= float(np.dot(c, errors)) <= upper


@given(counts(), counts(), st.sampled_from([newcombe_difference, miettinen_nurminen_difference]))
def test_difference_when_the_sets_swap_then_changes_sign(
    one: tuple[int, int], other: tuple[int, int], method: Callable[..., Estimate]
) -> None:
    found, back = method(*one, *other), method(*other, *one)
    assert found.lower is not None
    assert found.upper is not None
    assert back.upper is not None
    # Miettinen and Nurminen is solved by iteration, to the 1e-6 of its vectors
    closeness = 1e-6 if method is miettinen_nurminen_difference else 1e-9
    assert -back.upper == pytest.approx(found.lower, abs=closeness)
    assert -1 <= found.lower <= found.estimate <= found.upper <= 1


@given(paired_counts(), st.sampled_from([paired_difference, tango_difference]))
def test_paired_difference_when_the_models_swap_then_changes_sign(
    three: tuple[int, int, int], method: Callable[..., Estimate]
) -> None:
    first, second, n = three
    found, back = method(first, second, n), method(second, first, n)
    assert found.lower is not None
    assert found.upper is not None
    assert back.upper is not None
    # Miettinen and Nurminen is solved by iteration, to the 1e-6 of its vectors
    closeness = 1e-6 if method is miettinen_nurminen_difference else 1e-9
    assert -back.upper == pytest.approx(found.lower, abs=closeness)
    assert -1 <= found.lower <= found.estimate <= found.upper <= 1


@given(weighted(), st.floats(0.01, 100))
def test_weights_when_all_are_multiplied_then_change_nothing(m: Measured, factor: float) -> None:
    if isinstance(m, Levels):
        scaled = Levels(weights=tuple(w * factor for w in m.weights), n=m.n, n_errors=m.n_errors)
        assert limits(m) == pytest.approx(limits(scaled))
        assert (point(m), variance(m)) == pytest.approx((point(scaled), variance(scaled)))


@given(counts(), st.floats(0.01, 100))
def test_weights_when_all_are_equal_then_equal_none(pair: tuple[int, int], w: float) -> None:
    wrong, n = pair
    lost = {"swl": w * wrong, "sw2l": w**2 * wrong, "sw2l2": w**2 * wrong}
    found = weighted_rate(n, sw=w * n, sw2=w**2 * n, **lost)
    assert wrong / n == pytest.approx(found.rate)
    assert found.n_eff == pytest.approx(n - 1 if 0 < wrong < n else n, rel=1e-6)


@given(st.lists(st.floats(-100, 100), min_size=2, max_size=50), st.floats(-1e3, 1e3))
def test_mean_when_the_centre_moves_then_stays(losses: list[float], center: float) -> None:
    values = np.array(losses)

    def around(c: float) -> Mean:
        sums = [float(((values - c) ** power).sum()) for power in (1, 2, 3)]
        return mean_of(values.size, sums[0], sums[1], sums[2], c)

    plain, moved = around(0.0), around(center)
    assert plain.mean == pytest.approx(moved.mean, abs=1e-9)
    assert plain.variance == pytest.approx(moved.variance, rel=1e-6, abs=1e-6)


@given(rates, sizes, st.integers(2, 10))
def test_half_width_when_n_grows_then_shrinks(rate: float, n: int, factor: int) -> None:
    assert half_width(rate, n * factor) < half_width(rate, n)


@given(counts(), counts(), st.just(0.0) | st.floats(1e-6, 0.1))
def test_plan_when_made_then_never_takes_examples_away(
    one: tuple[int, int], other: tuple[int, int], margin: float
) -> None:
    rungs = [Binomial(n_errors=x, n=n) for x, n in (one, other)]
    plan = collect_more((1, -1), rungs, [0, 1], margin=margin)
    assert all(more >= 0 for more in plan.more.values())
    assert plan.total == sum(plan.more.values())
    assert plan.feasible == (plan.target_se > 0)
