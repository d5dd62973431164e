"""Changes and preferences that the tests of their pages share."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from headway.counts import CountTable
from headway.joint import JointCounts
from headway.stats.changes import Flips
from headway.stats.forms import Binomial, Fixed, Mean
from headway.strategy.changes import judge
from headway.strategy.ladder import Ladder
from headway.strategy.movements import Changes, Pair
from headway.strategy.preferences import judge as judge_preferences

if TYPE_CHECKING:
    from headway.strategy.wishes import Preferences

__all__ = ["change", "loss_change", "number_change", "preference"]


def _pair(cells: tuple[int, int, int], n: int) -> Pair:
    """A split: wrong before, of these fixed, and broken."""
    wrong, fixed, broken = cells
    return Pair(
        before=Binomial(n_errors=wrong, n=n),
        after=Binomial(n_errors=wrong - fixed + broken, n=n),
        change=Flips(fixed=fixed / n, broken=broken / n, n=n),
    )


def change(cells: dict[str, tuple[int, int, int]], n: int = 4000) -> Changes:
    """A change by wrong, fixed and broken examples of each split."""
    pairs = {split: _pair(counts, n) for split, counts in cells.items()}
    return judge(pairs, rng=np.random.default_rng(1))


def number_change(before: dict[str, float], after: dict[str, float]) -> Changes:
    """A change of bare numbers."""
    pairs = {s: Pair.apart(Fixed(value=before[s]), Fixed(value=after[s])) for s in before}
    return judge(pairs, rng=np.random.default_rng(1))


def loss_change() -> Changes:
    """A change of a loss."""
    before, after = Mean(mean=0.61, variance=1.0, n=4000), Mean(mean=0.55, variance=0.9, n=4000)
    pair = Pair(before=before, after=after, change=Mean(mean=-0.06, variance=0.2, n=4000))
    settings = Ladder(metric="loss", is_rate=False, margin=0.01, weighted=True)
    return judge({"dev": pair}, rng=np.random.default_rng(1), settings=settings)


def preference(
    a: tuple[int, int] = (25, 5), b: tuple[int, int] = (50, 0), prefer: str = "B"
) -> Preferences:
    """A preference between A and B by their ordinary and flagged errors."""
    cells = [(0b10, False), (0b01, False), (0b11, False), (0b10, True), (0b01, True), (0b11, True)]
    n = [a[0], b[0], 900 - a[0] - b[0], a[1], b[1], 100 - a[1] - b[1]]
    counts = JointCounts(
        models=("A", "B"),
        answers="correct",
        base=2,
        classes=(),
        table=CountTable.of(("pattern", "must_not_show"), cells, n),
        unshared={},
        n_shared=1000,
    )
    other = {"A": "B", "B": "A"}[prefer]
    flag = {"must_not_show": "must_not_show"}
    rng = np.random.default_rng(1)
    return judge_preferences(counts, [(prefer, other)], columns=flag, rng=rng)
