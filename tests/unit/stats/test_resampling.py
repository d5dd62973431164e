from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from scipy import stats

from headway.errors import CountError
from headway.stats import resampling
from headway.stats.resampling import (
    delta_variance,
    dirichlet_draws,
    gradient,
    monte_carlo_error,
    multinomial_bootstrap,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray


def share(n: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(n[:, 0] / n.sum(axis=1))


def test_bootstrap_when_there_are_two_cells_then_is_binomial(rng: np.random.Generator) -> None:
    drawn = multinomial_bootstrap([30, 70], share, 50_000, rng=rng)
    expected = stats.binom(100, 0.3).ppf([0.05, 0.5, 0.95]) / 100
    assert expected.tolist() == np.quantile(drawn, [0.05, 0.5, 0.95]).tolist()


def test_bootstrap_when_drawn_in_blocks_then_gives_every_draw(
    rng: np.random.Generator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(resampling, "BLOCK", 20)
    assert (105,) == multinomial_bootstrap([30, 70], share, 105, rng=rng).shape


def test_bootstrap_when_a_cell_is_empty_then_never_fills_it(rng: np.random.Generator) -> None:
    assert 0.0 == multinomial_bootstrap([0, 50], share, 1000, rng=rng).max()


def test_posterior_when_the_prior_is_perks_then_has_its_beta_margins(
    rng: np.random.Generator,
) -> None:
    drawn = dirichlet_draws([3, 7, 0, 10], 50_000, rng=rng)[:, 0]
    expected = stats.beta(3.25, 17.75).ppf([0.025, 0.5, 0.975])
    assert expected == pytest.approx(np.quantile(drawn, [0.025, 0.5, 0.975]), abs=0.004)


def test_posterior_when_there_is_no_prior_then_keeps_an_empty_cell_empty(
    rng: np.random.Generator,
) -> None:
    drawn = dirichlet_draws([3, 0], 100, rng=rng, prior="none")
    assert {(1.0, 0.0)} == set(map(tuple, drawn.tolist()))


def test_posterior_when_the_prior_is_unknown_then_refuses(rng: np.random.Generator) -> None:
    with pytest.raises(CountError, match=r"prior is flat\.\nExpected: perks or none"):
        dirichlet_draws([3, 7], rng=rng, prior="flat")


@pytest.mark.parametrize("cells", [[], [0, 0], [-1, 5], [[1, 2]]])
def test_cells_when_empty_or_negative_then_refuses(
    cells: list[int], rng: np.random.Generator
) -> None:
    with pytest.raises(CountError, match=r"the cells is empty or negative\.\nExpected: counts"):
        multinomial_bootstrap(cells, share, rng=rng)


def test_gradient_when_a_cell_is_empty_then_is_zero_there() -> None:
    assert [0.0, 0.0] == gradient([0, 20], share).tolist()


def test_delta_variance_when_it_is_a_share_then_is_the_binomial_one() -> None:
    assert 0.3 * 0.7 / 100 == pytest.approx(delta_variance([30, 70], share), rel=1e-9)


def test_delta_variance_when_counts_are_not_small_then_is_near_that_of_draws(
    rng: np.random.Generator,
) -> None:
    cells = [45, 25, 30, 200]

    def ratio(n: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.asarray(2 * n[:, 0] / (2 * n[:, 0] + n[:, 1] + n[:, 2]))

    drawn = multinomial_bootstrap(cells, ratio, rng=rng).std()
    assert 0.8 < drawn / np.sqrt(delta_variance(cells, ratio)) < 1.25


def test_monte_carlo_error_when_nothing_is_in_doubt_then_is_zero() -> None:
    assert (0.0, 0.0) == (monte_carlo_error(0.0, 100), monte_carlo_error(1.0, 100))
