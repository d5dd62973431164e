from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy.stats import hypergeom

from headway.errors import CountError
from headway.stats.composition import drawn, hashed, p_at_least
from headway.stats.power import half_width


def test_shuffled_dev_when_drawn_then_is_that_of_the_methods_note(
    vectors: dict[str, dict[str, Any]],
) -> None:
    vector = vectors["option1_dev_composition"]
    given, expected = vector["inputs"], vector["expected"]
    mobile = drawn(given["mobile"], given["web"], given["dev"])
    web = drawn(given["web"], given["mobile"], given["dev"])
    p = p_at_least(150, n_wanted=given["mobile"], n_others=given["web"], n_drawn=given["dev"])
    assert expected["expected_mobile"] == pytest.approx(mobile.expected, abs=1e-6)
    assert expected["expected_web"] == pytest.approx(web.expected, abs=1e-6)
    assert expected["sd_mobile"] == pytest.approx(mobile.sd, abs=1e-6) == web.sd
    assert expected["mobile_share"] == pytest.approx(mobile.expected / given["dev"], abs=1e-6)
    assert expected["p_at_least_150_mobile"] == pytest.approx(p, abs=1e-6)
    assert expected["half_width_on_mobile"] == pytest.approx(
        [half_width(0.05, round(mobile.expected))], abs=1e-6
    )


def test_hashed_groups_when_sized_then_are_those_of_the_methods_note(
    vectors: dict[str, dict[str, Any]],
) -> None:
    vector = vectors["group_hash_split_size"]
    sizes = np.array(vector["inputs"]["group_sizes"])
    found = hashed(int(sizes.sum()), int((sizes**2).sum()), vector["inputs"]["fraction"])
    assert vector["expected"]["expected_rows"] == pytest.approx(found.expected)
    assert vector["expected"]["sd_rows"] == pytest.approx(found.sd)


@pytest.mark.parametrize(("least", "wanted", "others", "n"), [(3, 10, 20, 8), (0, 5, 5, 9)])
def test_chance_when_compared_with_scipy_then_agrees(
    least: int, wanted: int, others: int, n: int
) -> None:
    expected = hypergeom(wanted + others, wanted, n).sf(least - 1)
    found = p_at_least(least, n_wanted=wanted, n_others=others, n_drawn=n)
    assert expected == pytest.approx(found)
    assert hypergeom(wanted + others, wanted, n).std() == pytest.approx(drawn(wanted, others, n).sd)


def test_chance_when_there_are_not_so_many_then_is_zero() -> None:
    assert 0.0 == p_at_least(6, n_wanted=5, n_others=5, n_drawn=7)


def test_set_when_all_rows_are_drawn_then_is_certain() -> None:
    assert (5.0, 0.0) == (drawn(5, 7, 12).expected, drawn(5, 7, 12).sd)
    assert (1.0, 0.0) == (drawn(1, 0, 1).expected, drawn(1, 0, 1).sd)
    assert (0.0, 0.0) == (drawn(0, 0, 0).expected, drawn(0, 0, 0).sd)


@pytest.mark.parametrize(("wanted", "others", "n"), [(-1, 5, 2), (1, 5, 7)])
def test_numbers_when_they_do_not_belong_together_then_are_refused(
    wanted: int, others: int, n: int
) -> None:
    with pytest.raises(CountError, match=r"n_(wanted|drawn) is "):
        drawn(wanted, others, n)
