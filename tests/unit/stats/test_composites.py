from __future__ import annotations

from math import inf, nan
from typing import TYPE_CHECKING

import numpy as np
import pytest

from headway.errors import CountError
from headway.stats.composites import Bounded, Overlap, Poisson, Sampled

if TYPE_CHECKING:
    from collections.abc import Callable

DRAWS = np.array([0.5, 0.6])


@pytest.mark.parametrize(
    ("make", "match"),
    [
        (lambda: Overlap(n_shared=-1, n_apart=1, n=5), r"n_shared is -1\.\nExpected: a number, at"),
        (lambda: Overlap(n_shared=1, n_apart=nan, n=5), r"n_apart is nan\."),
        (lambda: Overlap(n_shared=0, n_apart=0, n=5), r"n_apart is 0\.\nExpected: a number above"),
        (lambda: Overlap(n_shared=1, n_apart=0, n=0), r"n is 0\.\nExpected: a number, at least 1"),
        (lambda: Bounded(value=1.5, n_eff=5, n=5), r"value is 1\.5\.\nExpected: a number from 0"),
        (lambda: Bounded(value=0.5, n_eff=0, n=5), r"n_eff is 0\.\nExpected: a number above 0"),
        (lambda: Bounded(value=0.5, n_eff=5, n=5, slack_above=-1), r"slack is -1\."),
        (lambda: Sampled(value=-0.1, draws=DRAWS, n=5), r"value is -0\.1\."),
        (lambda: Sampled(value=0.5, draws=DRAWS[:0], n=5), r"the draws is empty or not finite\."),
        (lambda: Sampled(value=0.5, draws=DRAWS * nan, n=5), r"the draws is empty or not finite\."),
        (lambda: Poisson(n_events=-1, exposure=1), r"n_events is -1\."),
        (lambda: Poisson(n_events=1, exposure=0), r"exposure is 0\.\nExpected: a number above 0"),
        (lambda: Poisson(n_events=1, exposure=inf), r"exposure is inf\."),
        (lambda: Poisson(n_events=1, exposure=1, dispersion=0.5), r"dispersion is 0\.5\."),
    ],
)
def test_form_when_a_number_is_outside_its_range_then_refuses(
    make: Callable[[], object], match: str
) -> None:
    with pytest.raises(CountError, match=match):
        make()


def test_draws_when_kept_then_cannot_be_written_to() -> None:
    held = Sampled(value=0.5, draws=DRAWS, n=5)
    with pytest.raises(ValueError, match="read-only"):
        held.draws[0] = 1.0
    assert [0.5, 0.6] == DRAWS.tolist()


def test_sampled_metrics_when_compared_then_their_draws_count() -> None:
    one, same = (Sampled(value=0.5, draws=DRAWS, n=5) for _ in range(2))
    assert one == same
    assert hash(one) == hash(same)
    assert one != Sampled(value=0.5, draws=DRAWS[::-1], n=5)
    assert one != Sampled(value=0.5, draws=DRAWS, n=6)
    assert one != 0.5
