"""Can two sets of rows be told apart? A classifier that tries, and the distance of their means.

A shift that no single column shows is seen here: a classifier learns which set a row is from, and
is asked about rows that it has not seen.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from math import comb, sqrt
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from scipy.special import ndtri
from scipy.stats import rankdata
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from threadpoolctl import threadpool_limits

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from headway.rows.features import Features

__all__ = ["Discrepancy", "Separation", "mean_discrepancy", "told_apart"]

BOOSTED_FROM: Final = 1_000
"""Rows of each set from which trees are grown; with fewer rows a linear rule is surer."""

MOST_FOR_TREES: Final = 300
"""Columns of numbers up to which trees are grown; vectors have more."""

SHRINKAGE: Final = 0.01
"""Strength of the linear rule: its inverse, as scikit-learn has it."""

PERMUTATIONS: Final = 999

BLOCK: Final = 1_000
"""Rows whose distances to all others are held at a time."""

POWER: Final = 0.80


@dataclass(frozen=True, slots=True, kw_only=True)
class Separation:
    """How well a classifier tells two sets of rows apart, on rows that it has not learned from.

    Args:
        n: Rows of each set, the same number of both.
        n_asked: Rows that were asked about: half of both sets.
        n_right: Rows among them that were assigned rightly.
        auc: Probability that a row of the second set looks more like it than one of the first.
        lower: Lower end of its interval.
        upper: Upper end of its interval.
        level: Level of the interval.
        p: How often rows of one distribution would be told apart as well; None where rows come in
            no groups, and the number of right answers says it exactly.
        detectable: The AUC that so many rows show with probability 0.80.
        by: What told them apart, in words.
    """

    n: int
    n_asked: int
    n_right: int
    auc: float
    lower: float
    upper: float
    level: float
    p: float | None
    detectable: float
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Discrepancy:
    """The squared distance of the means of two sets of vectors under a kernel.

    Args:
        mmd2: The unbiased estimate; about 0 where nothing differs, and below it half of the time.
        p: How often sets of one distribution lie as far apart, in (0, 1].
        sigma: Width of the kernel.
        permutations: Ways to deal the rows that ``p`` is counted over.
        n: Rows of the two sets.
    """

    mmd2: float
    p: float
    sigma: float
    permutations: int
    n: tuple[int, int]


def told_apart(
    first: Features,
    second: Features,
    *,
    rng: np.random.Generator,
    groups: tuple[NDArray[Any], NDArray[Any]] | None = None,
    level: float = 0.95,
) -> Separation:
    """How well a classifier tells two sets of rows apart.

    It learns from one half of the rows and is asked about the other half, so that a coin is the
    exact rival; asking every row in turn would count the same luck several times. The larger set
    is thinned to the size of the smaller one, so that a coin is right half of the time.

    Args:
        first: At least 4 rows of one set.
        second: At least 4 rows of the other set, with the same features.
        rng: The source of the halves and of the thinning.
        groups: Per set, the group of each row; rows of one group are learned from or asked about,
            never both, and chance deals groups, not rows.
        level: Level of the interval, in (0, 1).

    Returns:
        The separation.

    Examples:
        >>> from headway.rows.features import features
        >>> rng = np.random.default_rng(0)
        >>> near, far = (
        ...     features({"x": rng.normal(at, size=400)}, {"x": "number"}, rng) for at in (0, 1)
        ... )
        >>> round(told_apart(near, far, rng=rng).auc, 1)
        0.8

    References:
        Lopez-Paz and Oquab (2017), International Conference on Learning Representations.
        DeLong, DeLong and Clarke-Pearson (1988), Biometrics 44, 837-845.
        Methods note, section 4.5.
        Notes: week 1, "Train/dev/test distributions".
    """
    n = min(len(first), len(second))
    kept = [np.sort(rng.permutation(len(part))[:n]) for part in (first, second)]
    a, b = first.rows(kept[0]), second.rows(kept[1])
    side = np.repeat([False, True], n)
    group = np.arange(2 * n)
    if groups is not None:
        named = np.concatenate([g[rows] for g, rows in zip(groups, kept, strict=True)])
        group = np.unique(named.astype(str), return_inverse=True)[1]
    learned = _halves(side, group if groups is not None else None, rng)
    numbers = np.concatenate([a.numbers, b.numbers])
    codes = np.concatenate([a.codes, b.codes])
    boosted = n >= BOOSTED_FROM and numbers.shape[1] <= MOST_FOR_TREES
    asked, of = side[~learned], group[~learned]
    scores = np.zeros(len(asked))
    if len(np.unique(side[learned])) == len(np.unique(asked)) > 1:
        # Threads that wait for each other at every step cost more than they bring here.
        with threadpool_limits(limits=1):
            scores = (_boosted if boosted else _linear)(numbers, codes, side, learned, rng)
    auc, spread = _auc(scores, asked, of)
    reach = float(ndtri((1 + level) / 2))
    return Separation(
        n=n,
        n_asked=len(asked),
        n_right=int(((scores > 0) == asked).sum()),
        auc=auc,
        lower=max(0.0, auc - reach * spread),
        upper=min(1.0, auc + reach * spread),
        level=level,
        p=_dealt(scores, asked, of, rng) if groups is not None else None,
        detectable=min(1.0, 0.5 + (reach + float(ndtri(POWER))) * max(spread, _null_spread(asked))),
        by="trees and a linear rule" if boosted else "a linear rule",
    )


def _halves(
    side: NDArray[np.bool_], group: NDArray[np.int64] | None, rng: np.random.Generator
) -> NDArray[np.bool_]:
    """Which rows are learned from: half of each set, or half of the groups."""
    if group is None:
        n = len(side) // 2
        half = np.arange(n) < n // 2
        return np.concatenate([rng.permutation(half), rng.permutation(half)])
    n_groups = int(group.max()) + 1
    return rng.permutation(np.arange(n_groups) < n_groups // 2)[group]


def _boosted(
    numbers: NDArray[np.float64],
    codes: NDArray[np.int64],
    side: NDArray[np.bool_],
    learned: NDArray[np.bool_],
    rng: np.random.Generator,
) -> NDArray[np.float64]:
    """Scores of the rows that are asked about: trees and a linear rule, their log odds averaged."""
    given = np.concatenate([numbers, codes], axis=1)
    are_codes = np.arange(given.shape[1]) >= numbers.shape[1]
    trees = HistGradientBoostingClassifier(
        max_iter=40,
        max_leaf_nodes=8,
        min_samples_leaf=40,
        early_stopping=False,
        categorical_features=are_codes,
        random_state=int(rng.integers(2**31)),
    )
    trees.fit(given[learned], side[learned])
    found: NDArray[np.float64] = trees.decision_function(given[~learned])
    return (found + _linear(numbers, codes, side, learned, rng)) / 2


def _linear(
    numbers: NDArray[np.float64],
    codes: NDArray[np.int64],
    side: NDArray[np.bool_],
    learned: NDArray[np.bool_],
    rng: np.random.Generator,  # noqa: ARG001 - as every way to learn
) -> NDArray[np.float64]:
    """Scores of the rows that are asked about, by a regularised linear rule."""
    given = _columns(numbers, codes)
    center, spread = given[learned].mean(axis=0), given[learned].std(axis=0)
    given = (given - center) / np.where(spread > 0, spread, np.inf)
    rule = LogisticRegression(C=SHRINKAGE, solver="newton-cholesky", max_iter=100)
    rule.fit(given[learned], side[learned])
    found: NDArray[np.float64] = rule.decision_function(given[~learned])
    return found


def _columns(numbers: NDArray[np.float64], codes: NDArray[np.int64]) -> NDArray[np.float64]:
    """Numbers with their outer tenths of a percent pulled in, and one column for each code."""
    parts = [np.empty((len(numbers), 0))]
    for column in numbers.T:
        missing = np.isnan(column)
        known = column[~missing]
        low, high = np.quantile(known, (0.001, 0.999)) if known.size else (0.0, 0.0)
        filled = np.where(missing, known.mean() if known.size else 0.0, np.clip(column, low, high))
        parts.append(filled[:, None])
        if missing.any():
            parts.append(missing[:, None].astype(np.float64))
    parts += [(column[:, None] == np.unique(column)).astype(np.float64) for column in codes.T]
    return np.concatenate(parts, axis=1)


def _auc(
    scores: NDArray[np.float64], side: NDArray[np.bool_], group: NDArray[np.int64]
) -> tuple[float, float]:
    """The AUC and its standard error, rows of one group taken together."""
    n_first, n_second = int((~side).sum()), int(side.sum())
    if min(n_first, n_second) == 0 or not scores.any():
        return 0.5, 0.5
    overall = rankdata(scores)
    placed = np.empty(len(scores))
    placed[side] = (overall[side] - rankdata(scores[side])) / n_first
    placed[~side] = 1 - (overall[~side] - rankdata(scores[~side])) / n_second
    auc = float(placed[side].mean())
    share = np.where(side, n_second, n_first)
    by_group = np.bincount(group, weights=(placed - auc) / share)
    n_groups = max(2, len(np.unique(group)))
    spread = sqrt(float((by_group**2).sum()) * n_groups / (n_groups - 1))
    # Where rows share a score, or few are asked about, less is known than their spread says.
    return auc, max(spread, 2 * sqrt(auc * (1 - auc)) * _null_spread(side))


def _null_spread(side: NDArray[np.bool_]) -> float:
    """The standard error of the AUC of a coin."""
    n_first, n_second = max(1, int((~side).sum())), max(1, int(side.sum()))
    return sqrt((n_first + n_second + 1) / (12 * n_first * n_second))


def _dealt(
    scores: NDArray[np.float64],
    side: NDArray[np.bool_],
    group: NDArray[np.int64],
    rng: np.random.Generator,
) -> float:
    """How often groups dealt at random would be told apart as well, in (0, 1]."""
    unit = np.unique(2 * group + side, return_inverse=True)[1]
    sizes = np.bincount(unit).astype(np.float64)
    ranks = np.bincount(unit, weights=rankdata(scores))
    of_second = np.zeros(len(sizes), dtype=bool)
    of_second[unit[side]] = True
    dealt = np.array([of_second, *(rng.permutation(of_second) for _ in range(PERMUTATIONS))])
    n_second = dealt @ sizes
    n_first = sizes.sum() - n_second
    possible = (n_first > 0) & (n_second > 0)
    auc = (dealt @ ranks - n_second * (n_second + 1) / 2)[possible]
    auc /= (n_first * n_second)[possible]
    return float((auc >= auc[0] - 1e-12).mean()) if possible[0] else 1.0


def mean_discrepancy(
    first: NDArray[np.float64],
    second: NDArray[np.float64],
    *,
    rng: np.random.Generator,
    sigma: float | None = None,
    groups: tuple[NDArray[Any], NDArray[Any]] | None = None,
) -> Discrepancy:
    """How far the means of two sets of vectors lie apart under a Gaussian kernel.

    Distances are computed for a thousand rows at a time and never kept.

    Args:
        first: Vectors of one set, at least 2. Shape (n_first, width).
        second: Vectors of the other set, at least 2. Shape (n_second, width).
        rng: The source of the permutations.
        sigma: Width of the kernel; None for the median distance of two rows.
        groups: Per set, the group of each row; chance then deals groups, not rows.

    Returns:
        The squared distance and how often chance gives as much; over all ways to deal the rows
        where there are at most 999.

    Examples:
        >>> near = np.array([[0.0, 0.0], [1.0, 0.0], [0.0, 1.0], [1.0, 1.0]])
        >>> far = np.array([[0.5, 0.5], [2.0, 2.0], [3.0, 2.0]])
        >>> found = mean_discrepancy(near, far, rng=np.random.default_rng(0), sigma=1.0)
        >>> round(found.mmd2, 4), round(found.p, 4), found.permutations
        (0.14, 0.3143, 35)

    References:
        Gretton et al. (2012), Journal of Machine Learning Research 13, 723-773.
        Methods note, section 4.5.
    """
    x = np.concatenate([first, second])
    second_too = np.arange(len(x)) >= len(first)
    dealt = _deals(second_too, groups, rng)
    width = _median_distance(x, rng) if sigma is None else sigma
    found = _mmd2(x, dealt, width)
    return Discrepancy(
        mmd2=float(found[0]),
        p=float((found >= found[0] - 1e-12).mean()),
        sigma=width,
        permutations=len(found),
        n=(len(first), len(second)),
    )


def _deals(
    second: NDArray[np.bool_],
    groups: tuple[NDArray[Any], NDArray[Any]] | None,
    rng: np.random.Generator,
) -> NDArray[np.float64]:
    """Which rows are dealt to the second set: as it was, then in other ways. Shape (n, n_ways)."""
    n, n_second = len(second), int(second.sum())
    if groups is not None:
        named = np.concatenate(groups).astype(str)
        unit = np.unique(np.char.add(named, np.where(second, "|2", "|1")), return_inverse=True)[1]
        of_second = np.zeros(int(unit.max()) + 1, dtype=bool)
        of_second[unit[second]] = True
        ways = [of_second, *(rng.permutation(of_second) for _ in range(PERMUTATIONS))]
        dealt = np.array([way[unit] for way in ways]).T
        return dealt[:, (dealt.sum(axis=0) > 1) & (dealt.sum(axis=0) < n - 1)].astype(np.float64)
    if comb(n, n_second) <= PERMUTATIONS:
        now = tuple(np.flatnonzero(second).tolist())
        chosen = [now, *combinations(range(n), n_second)]
        ways = [np.isin(np.arange(n), list(rows)) for rows in dict.fromkeys(chosen)]
    else:
        ways = [second, *(rng.permutation(second) for _ in range(PERMUTATIONS))]
    return np.array(ways).T.astype(np.float64)


def _median_distance(x: NDArray[np.float64], rng: np.random.Generator) -> float:
    """The median distance of two different rows, over at most a thousand of them."""
    some = x if len(x) <= BLOCK else x[rng.permutation(len(x))[:BLOCK]]
    distances = np.sqrt(_squared(some, some)[np.triu_indices(len(some), 1)])
    return float(np.median(distances)) or 1.0


def _squared(a: NDArray[np.float64], b: NDArray[np.float64]) -> NDArray[np.float64]:
    """Squared distances of the rows of two arrays."""
    found: NDArray[np.float64] = (a**2).sum(axis=1)[:, None] + (b**2).sum(axis=1) - 2 * a @ b.T
    return np.maximum(found, 0.0)


def _mmd2(x: NDArray[np.float64], dealt: NDArray[np.float64], sigma: float) -> NDArray[np.float64]:
    """The unbiased squared distance for each way to deal the rows."""
    within, between, all_pairs = (np.zeros(dealt.shape[1]) for _ in range(3))
    for start in range(0, len(x), BLOCK):
        rows = slice(start, start + BLOCK)
        kernel = np.exp(-_squared(x[rows], x) / (2 * sigma**2))
        np.fill_diagonal(kernel[:, start:], 0.0)
        of_second = kernel @ dealt
        within += (dealt[rows] * of_second).sum(axis=0)
        between += ((1 - dealt[rows]) * of_second).sum(axis=0)
        all_pairs += kernel.sum()
    m = dealt.sum(axis=0)
    n = len(x) - m
    others = all_pairs - within - 2 * between
    found: NDArray[np.float64] = (
        within / (m * (m - 1)) + others / (n * (n - 1)) - 2 * between / (m * n)
    )
    return found
