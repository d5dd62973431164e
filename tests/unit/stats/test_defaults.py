from __future__ import annotations

import pytest

from headway.stats.defaults import default_margin


@pytest.mark.parametrize(("last", "margin"), [(0.2, 0.02), (0.001, 0.0005), (0.0, 0.0005)])
def test_margin_when_not_set_then_is_a_tenth_of_the_last_error(last: float, margin: float) -> None:
    assert margin == pytest.approx(default_margin(last))
