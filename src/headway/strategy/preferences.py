"""Which weights make the metric rank models as those who use them do?"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np

from headway.errors import CountError
from headway.stats.changes import Drawn, change_of
from headway.stats.defaults import DRAWS, LEVEL
from headway.stats.differences import paired_difference
from headway.stats.forms import Binomial
from headway.stats.measured import estimate
from headway.stats.moments import levels_of
from headway.stats.weighting import agreement, flips_at, kendall, round_up, smallest_weights
from headway.strategy.harms import harms_of
from headway.strategy.preferences_said import findings, wants
from headway.strategy.wishes import (
    Category,
    CategoryWeight,
    HarmLimit,
    Preferences,
    Preferred,
    Standing,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from headway.counts import Scalar
    from headway.joint import JointCounts
    from headway.stats.forms import Estimate
    from headway.strategy.harms import Harms
    from headway.strategy.history import Comparison

__all__ = ["judge", "overturned"]

SURE: Final = 0.95
"""Probability with which the proposed weights must restore the ranking."""

MOST_CELLS: Final = 4096
"""Cells up to which those that were not seen are drawn as well."""

STEPS: Final = (1.0, 1.25, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 7.0, 10.0, 15.0, 20.0, 30.0, 50.0, 100.0)
"""Factors on what a weight is above 1, tried until the ranking is restored for certain."""


def judge(
    joint: JointCounts,
    preferences: Sequence[tuple[str, str]],
    *,
    columns: Mapping[str, str],
    rng: np.random.Generator,
    chosen: Mapping[str, Scalar] | None = None,
    level: float = LEVEL,
    split: str = "dev",
) -> Preferences:
    """Whether the error ranks models as preferred, and the smallest weights at which it does.

    Args:
        joint: Answers ``"correct"`` of the models on one split, counted by the key of each column,
            with the sum ``"w"`` where examples carry weights already.
        preferences: Pairs of models, the preferred one first.
        columns: Per key, the column whose values tell the categories of mistakes apart.
        rng: Source of the draws that tell how sure the weights are.
        chosen: Per key, the value that marks its category, where one was named.
        level: Level of the intervals, in (0, 1).
        split: The split, for the words.

    Returns:
        The disagreement, the weights, how probable it is that they restore the ranking, and the
        limits that would do it without a weight.

    Examples:
        >>> from headway.counts import CountTable
        >>> from headway.joint import JointCounts
        >>> cells = [(0b10, False), (0b01, False), (0b11, False), (0b10, True), (0b11, True)]
        >>> table = CountTable.of(("pattern", "must_not_show"), cells, [25, 50, 825, 5, 95])
        >>> joint = JointCounts(
        ...     models=("A", "B"), answers="correct", base=2, classes=(), table=table,
        ...     unshared={}, n_shared=1000,
        ... )
        >>> flag = {"must_not_show": "must_not_show"}
        >>> rng = np.random.default_rng(0)
        >>> found = judge(joint, [("B", "A")], columns=flag, rng=rng)
        >>> found.weights[0].flips_at, found.weights[0].weight
        (5.0, 20.0)

    References:
        Methods note, section 3.8.
        Notes: week 1, "When to change dev/test sets and metrics".
    """
    harms = harms_of(joint, columns, chosen or {})
    if not harms.w.any():
        raise CountError.weightless(f"of {split}")
    pairs = [(harms.models.index(a), harms.models.index(b)) for a, b in preferences]
    draws = _draws(harms, pairs, rng)
    said = tuple(_preferred(harms, pair, draws[:, k], level) for k, pair in enumerate(pairs))
    errors = harms.w @ harms.wrong
    ranks = [
        -sum(i == a for a, _ in pairs) + sum(i == b for _, b in pairs) for i in range(len(errors))
    ]
    found = Preferences(
        models=tuple(_standing(harms, m, level) for m in range(len(harms.models))),
        categories=harms.categories,
        preferences=said,
        tau=kendall(errors.tolist(), ranks)[0] if len(errors) > 1 else 1.0,
        state="agrees",
        smallest=(),
        weights=(),
        p_restored=None,
        limits=tuple(_limits(harms, pairs, level)),
        worth=None,
        n=int(harms.n.sum()),
        split=split,
        level=level,
        unmarked=_unmarked(joint, columns),
    )
    found = _weighed(found, harms, pairs, draws)
    found = replace(found, wants=wants(found))
    return replace(found, findings=findings(found))


def _unmarked(joint: JointCounts, columns: Mapping[str, str]) -> dict[str, int]:
    """Examples that hold nothing in a column of categories; they count as ordinary."""
    n = {name: joint.table.where(**{key: None}).total for key, name in columns.items()}
    return {name: missing for name, missing in n.items() if missing}


def _differences(harms: Harms, pairs: Sequence[tuple[int, int]]) -> NDArray[np.float64]:
    """Errors of the other model less those of the preferred one. Shape (n_pairs, n_categories)."""
    out = np.zeros((len(pairs), len(harms.categories)))
    for row, (winner, loser) in enumerate(pairs):
        moved = harms.w * (harms.wrong[:, loser] - harms.wrong[:, winner])
        np.add.at(out[row], harms.place, moved)
    return out


def _draws(
    harms: Harms, pairs: Sequence[tuple[int, int]], rng: np.random.Generator
) -> NDArray[np.float64]:
    """Plausible differences, by Perks' prior on category by pattern.

    Shape (n_draws, n_pairs, n_categories).
    """
    k, m = len(harms.categories), len(harms.models)
    cells = k * 2**m if k * 2**m <= MOST_CELLS else harms.n.size
    pattern = (harms.wrong @ (2 ** np.arange(m))).astype(np.int64)
    out = np.zeros((DRAWS, len(pairs), k))
    for category in range(k):
        here = harms.place == category
        wrong, n, each = harms.wrong[here], harms.n[here], harms.each[here]
        if k * 2**m <= MOST_CELLS:
            unseen = np.setdiff1d(np.arange(2**m), pattern[here])
            wrong = np.vstack([wrong, (unseen[:, None] >> np.arange(m)) & 1])
            n = np.concatenate([n, np.zeros(unseen.size)])
            each = np.concatenate([each, np.full(unseen.size, each.mean() if each.size else 1.0)])
        mass = rng.standard_gamma(n + 1 / cells, (DRAWS, n.size)) * each
        moved = np.stack([wrong[:, loser] - wrong[:, winner] for winner, loser in pairs], axis=1)
        out[:, :, category] = mass @ moved
    return out


def _preferred(
    harms: Harms, pair: tuple[int, int], draws: NDArray[np.float64], level: float
) -> Preferred:
    """One preference against the present metric."""
    winner, loser = pair
    step = harms.wrong[:, winner] - harms.wrong[:, loser]
    value = float(harms.w @ step) / float(harms.w.sum())
    if np.array_equal(harms.w, harms.n):
        more, less = (int(harms.n[step == sign].sum()) for sign in (1, -1))
        difference = paired_difference(more, less, int(harms.n.sum()), level=level)
    else:
        values = -draws.sum(axis=1) / float(harms.w.sum())
        difference = change_of(Drawn(value=value, values=values, n=int(harms.n.sum())), level=level)
    state = "agrees" if value < 0 else "within_noise"
    if value > 0 and (difference.lower or 0.0) > 0:
        state = "disagrees"
    return Preferred(
        better=harms.models[winner],
        worse=harms.models[loser],
        difference=difference,
        state=state,
    )


def _standing(harms: Harms, model: int, level: float) -> Standing:
    """The errors of one model, in all and in each category."""
    wrong = harms.wrong[:, model]
    by_category = []
    for place, category in enumerate(harms.categories):
        here = harms.place == place
        n_errors = round(float(harms.n[here] @ wrong[here]))
        by_category.append(_rate(n_errors, category.n, level))
    total = _rate(round(float(harms.n @ wrong)), int(harms.n.sum()), level)
    assert total is not None
    return Standing(model=harms.models[model], error=total, by_category=tuple(by_category))


def _rate(n_errors: int, n: int, level: float) -> Estimate | None:
    """An error rate with its interval, or None without examples."""
    return estimate(Binomial(n_errors=n_errors, n=n), level=level) if n else None


def _above(categories: Sequence[Category]) -> list[tuple[int, int]]:
    """Pairs of categories of which the first holds all marks of the second, and more."""
    marks = [set(category.where.items()) for category in categories]
    return [
        (i, j)
        for i, more in enumerate(marks)
        for j, less in enumerate(marks)
        if less and less < more
    ]


def _weighed(
    found: Preferences,
    harms: Harms,
    pairs: Sequence[tuple[int, int]],
    draws: NDArray[np.float64],
) -> Preferences:
    """The smallest weights, and round ones that restore the ranking for certain."""
    states = {preferred.state for preferred in found.preferences}
    if states == {"agrees"}:
        return found
    if "disagrees" not in states:
        return replace(found, state="within_noise")
    table, above = _differences(harms, pairs), _above(found.categories)
    smallest = smallest_weights(table, above=above)
    if smallest is None:
        return replace(found, state="inexpressible")
    weights, p_restored = _rounded(smallest, table, draws)
    shown = [
        _weight(
            found.categories[c],
            float(weights[c]),
            flips_at(table, weights, c),
            _turns(draws, weights, c, found.level),
        )
        for c in range(1, len(weights))
    ]
    return replace(
        found,
        state="restored" if p_restored >= SURE else "doubtful",
        smallest=tuple(smallest.tolist()),
        weights=tuple(shown),
        p_restored=p_restored,
        worth=_worth(harms, weights),
        models=tuple(
            replace(m, weighted=_weighted(harms, i, weights, found.level))
            for i, m in enumerate(found.models)
        ),
    )


def _rounded(
    smallest: NDArray[np.float64], table: NDArray[np.float64], draws: NDArray[np.float64]
) -> tuple[NDArray[np.float64], float]:
    """Round weights at which every preference holds: the first that are sure, or the surest."""
    best: tuple[NDArray[np.float64], float] | None = None
    for factor in STEPS:
        raised = [1.0 if w <= 1 + 1e-9 else round_up(1 + (w - 1) * factor) for w in smallest]
        weights = np.array(raised)
        if not (table @ weights > 0).all():
            continue
        p = agreement(draws, weights)
        if best is None or p > best[1]:
            best = weights, p
        if p >= SURE:
            break
    return best or (smallest, agreement(draws, smallest))


def _turns(
    draws: NDArray[np.float64], weights: NDArray[np.float64], place: int, level: float
) -> tuple[float, float | None]:
    """Interval of the weight of one category at which the ranking turns; an open end is None."""
    others = np.delete(draws, place, axis=2) @ np.delete(weights, place)
    own = draws[:, :, place]
    with np.errstate(divide="ignore", invalid="ignore"):
        needed = np.where(own > 0, -others / own, np.inf)
    turns = np.where((others > 0) & (own <= 0), 0.0, needed).max(axis=1)
    tail = (1 - level) / 2
    low, high = np.quantile(turns, [tail, 1 - tail], method="inverted_cdf").tolist()
    return max(0.0, low), high if np.isfinite(high) else None


def _weight(
    category: Category, weight: float, at: float | None, turns: tuple[float, float | None]
) -> CategoryWeight:
    """One proposed weight, and the weight at which the ranking turns."""
    return CategoryWeight(
        where=category.where,
        n=category.n,
        weight=weight,
        flips_at=at,
        flips_lower=None if at is None else min(turns[0], at),
        flips_upper=None if at is None or turns[1] is None else max(turns[1], at),
    )


def _worth(harms: Harms, weights: NDArray[np.float64]) -> float:
    """Examples that the set is worth under the weights, by Kish."""
    each = weights[harms.place] * harms.each
    return float((harms.n @ each) ** 2 / (harms.n @ each**2))


def _weighted(harms: Harms, model: int, weights: NDArray[np.float64], level: float) -> Estimate:
    """The error of one model under the weights."""
    n_errors = (harms.n * harms.wrong[:, model]).astype(np.int64)
    each = weights[harms.place] * harms.each
    measured = levels_of(each.tolist(), harms.n.astype(np.int64).tolist(), n_errors.tolist())
    return estimate(measured, level=level)


def _limits(harms: Harms, pairs: Sequence[tuple[int, int]], level: float) -> list[HarmLimit]:
    """Limits on a category that the preferred model keeps and the other one breaks."""
    found = []
    for place, category in enumerate(harms.categories):
        if not category.where or not category.n:
            continue
        here = harms.place == place
        rates = (harms.n[here] @ harms.wrong[here]) / category.n
        for winner, loser in pairs:
            if rates[winner] >= rates[loser]:
                continue
            ends = _rate(round(rates[winner] * category.n), category.n, level)
            assert ends is not None
            assert ends.upper is not None
            found.append(
                HarmLimit(
                    where=category.where,
                    keeps=harms.models[winner],
                    breaks=harms.models[loser],
                    above=float(rates[winner]),
                    below=float(rates[loser]),
                    shown=bool(ends.upper < rates[loser]),
                )
            )
    return found


def overturned(
    comparisons: Sequence[Comparison], weights: Mapping[str, float]
) -> tuple[Comparison, ...]:
    """Earlier comparisons whose winner changes under new weights.

    Args:
        comparisons: Earlier comparisons, with the errors of a and of b per category of mistakes (as
            ``category_name`` writes it).
        weights: Per category, its new weight; categories that are not named weigh 1.

    Returns:
        The records of which another model wins, or neither.

    Examples:
        >>> from headway.strategy.history import Comparison
        >>> kept = Comparison(
        ...     a="A", b="B", fingerprint="", metric="error", n=1000, a_only=50, b_only=30,
        ...     errors={"ordinary": (25, 50), "must_not_show": (5, 0)},
        ... )
        >>> len(overturned([kept], {"must_not_show": 10})), len(overturned([kept], {}))
        (1, 0)

    References:
        Methods note, sections 3.1 and 3.8.
    """

    def winner(record: Comparison, by: Mapping[str, float]) -> int:
        more = sum(by.get(name, 1.0) * (a - b) for name, (a, b) in record.errors.items())
        return (more > 1e-9) - (more < -1e-9)

    return tuple(r for r in comparisons if winner(r, {}) != winner(r, weights))
