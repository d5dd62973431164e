"""Draws from counts against draws of rows.

``python bench/draws.py`` prints a table and exits 1 when a bound fails: 10,000 draws cost the same
at a thousand and at a hundred million examples (ratio below 1.2), and are at least 1,000 times
faster than a bootstrap loop over the rows of a million examples.
"""

from __future__ import annotations

import sys
from statistics import median
from time import perf_counter
from typing import TYPE_CHECKING, Final

import numpy as np
from sklearn.metrics import accuracy_score, f1_score
from sklearn.utils import resample

from headway.stats.forms import Binomial
from headway.stats.measured import joint_draws
from headway.stats.resampling import dirichlet_draws, multinomial_bootstrap

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

SHARES: Final = np.array([0.45, 0.05, 0.10, 0.40])
"""Shares of the cells of a confusion table: hits, false alarms, misses, right rejections."""

FEW: Final = 10**3
MANY: Final = 10**8
ROWS: Final = 10**6
N_DRAWS: Final = 10_000
LOOPS: Final = 20
ROUNDS: Final = 25

MOST_RATIO: Final = 1.2
LEAST_SPEEDUP: Final = 1000


def both_metrics(n: NDArray[np.float64]) -> NDArray[np.float64]:
    """Accuracy plus F1 of each draw, so that neither can be left out."""
    accuracy = (n[:, 0] + n[:, 3]) / n.sum(axis=1)
    f1 = 2 * n[:, 0] / (2 * n[:, 0] + n[:, 1] + n[:, 2])
    return np.asarray(accuracy + f1)


def bootstrap(n: int) -> None:
    """The bootstrap of two metrics."""
    multinomial_bootstrap(SHARES * n, both_metrics, N_DRAWS, rng=np.random.default_rng(1))


def posterior(n: int) -> None:
    """The posterior of two metrics."""
    both_metrics(dirichlet_draws(SHARES * n, N_DRAWS, rng=np.random.default_rng(1)))


def ladder(n: int) -> None:
    """The posterior of the four rungs of a ladder."""
    rungs = [Binomial(n_errors=int(rate * n), n=n) for rate in (0.01, 0.08, 0.09, 0.10)]
    joint_draws(rungs, N_DRAWS, np.random.default_rng(1))


def seconds(work: Callable[[int], None], n: int) -> float:
    """Time of one call."""
    start = perf_counter()
    work(n)
    return perf_counter() - start


def few_and_many(work: Callable[[int], None]) -> tuple[float, float]:
    """The usual time at few and at many examples, taken in turn so that both share the machine."""
    pairs = [(seconds(work, FEW), seconds(work, MANY)) for _ in range(ROUNDS + 3)][3:]
    return median(few for few, _ in pairs), median(many for _, many in pairs)


def row_loop() -> float:
    """Time of as many draws by resampling rows, scaled up from a few."""
    cells = np.repeat(np.arange(4), (SHARES * ROWS).astype(int))
    label, prediction = np.isin(cells, (0, 2)).astype(int), np.isin(cells, (0, 1)).astype(int)
    start = perf_counter()
    for seed in range(LOOPS):
        drawn = resample(label, prediction, random_state=seed)
        accuracy_score(*drawn)
        f1_score(*drawn)
    return (perf_counter() - start) * N_DRAWS / LOOPS


def main() -> int:
    """Print the table; 1 where a bound fails."""
    rows = row_loop()
    print(f"{N_DRAWS:,} draws   n = {FEW:.0e}   n = {MANY:.0e}   ratio   rows / counts")
    failed = []
    for work in (bootstrap, posterior, ladder):
        few, many = few_and_many(work)
        ratio, speedup = many / few, rows / many
        print(
            f"{work.__name__:<12} {1e3 * few:8.2f} ms {1e3 * many:8.2f} ms {ratio:7.2f}"
            f" {speedup:13,.0f} x"
        )
        if ratio >= MOST_RATIO:
            failed.append(f"{work.__name__}: ratio {ratio:.2f}, must be below {MOST_RATIO}")
        if speedup < LEAST_SPEEDUP and work is not ladder:
            failed.append(f"{work.__name__}: {speedup:.0f} x, must be {LEAST_SPEEDUP} x")
    print(f"resampling the rows of {ROWS:,} examples would take {rows:,.0f} s ({LOOPS} timed)")
    print("\n".join(failed) or "every bound holds")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
