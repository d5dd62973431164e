"""Who prefers which model, and the mistakes of models by kind."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from headway.errors import TargetError
from headway.strategy.wishes import Category

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from headway.counts import Scalar
    from headway.joint import JointCounts

__all__ = ["Harms", "categories_of", "chain", "harms_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Harms:
    """Examples by category and by which models were wrong, as arrays.

    Args:
        models: The models.
        categories: The categories of mistakes, the ordinary one first.
        place: Category of each cell. Shape (n_cells,), as all others but ``wrong``.
        wrong: 1 where a model was wrong, else 0. Shape (n_cells, n_models).
        n: Examples.
        w: Sum of the weights that they carry already.
    """

    models: tuple[str, ...]
    categories: tuple[Category, ...]
    place: NDArray[np.int64]
    wrong: NDArray[np.float64]
    n: NDArray[np.float64]
    w: NDArray[np.float64]

    @property
    def each(self) -> NDArray[np.float64]:
        """Mean weight of the examples of each cell."""
        return np.divide(self.w, self.n, out=np.ones_like(self.n), where=self.n > 0)


def chain(
    prefer: Sequence[str], over: Sequence[str], models: Sequence[str]
) -> list[tuple[str, str]]:
    """Preferences as pairs, the preferred model first.

    Args:
        prefer: Models, or rankings such as ``"B>A>C"``.
        over: Models that each of them is preferred to; with none, all the others.
        models: The models there are.

    Returns:
        The pairs.

    Raises:
        TargetError: If a model is unknown, is preferred to itself, or the preferences run in a
            circle.

    Examples:
        >>> chain(["B"], [], ["A", "B", "C"]), chain(["C>A"], [], ["A", "B", "C"])
        ([('B', 'A'), ('B', 'C')], [('C', 'A')])
    """
    pairs: list[tuple[str, str]] = []
    for text in prefer:
        ranked = [name.strip() for name in text.split(">")] if text not in models else [text]
        if len(ranked) == 1:
            others = list(over) or [name for name in models if name != ranked[0]]
            pairs += [(ranked[0], other) for other in others]
        pairs += [(a, b) for i, a in enumerate(ranked) for b in ranked[i + 1 :]]
    for pair in pairs:
        for name in pair:
            if name not in models:
                raise TargetError.unknown("model of the table", name, models)
        if pair[0] == pair[1]:
            raise TargetError.over_itself(pair[0])
    if not pairs:
        raise TargetError.nothing_preferred(list(models))
    _check_circle(pairs)
    return list(dict.fromkeys(pairs))


def _check_circle(pairs: Sequence[tuple[str, str]]) -> None:
    """Refuse preferences that run in a circle."""
    left = set(pairs)
    while left:
        losers = {worse for _, worse in left}
        free = {pair for pair in left if pair[0] not in losers}
        if not free:
            raise TargetError.circular(sorted(losers))
        left -= free


def categories_of(
    joint: JointCounts, columns: Mapping[str, str], chosen: Mapping[str, Scalar]
) -> tuple[Category, ...]:
    """The categories of mistakes that some columns tell apart, the ordinary one first.

    Args:
        joint: Counts with these columns as keys.
        columns: Per key, the column of the table.
        chosen: Per key, the value that marks its category, where one was named.

    Returns:
        The categories. A flag marks the examples on which it is true; of another column, every
        value but the most frequent one marks a category of its own.

    References:
        Methods note, section 3.8.
    """
    table = joint.table
    total: Counter[tuple[tuple[str, Scalar], ...]] = Counter()
    marks = {key: _marks(joint, key, chosen) for key in columns}
    for cell, n in table:
        values = dict(zip(table.keys, cell, strict=True))
        where = tuple((columns[k], values[k]) for k in columns if values[k] in marks[k])
        total[where] += n
    total.setdefault((), 0)
    order = sorted(total, key=lambda where: (len(where), str(where)))
    return tuple(Category(where=dict(where), n=total[where]) for where in order)


def _marks(joint: JointCounts, key: str, chosen: Mapping[str, Scalar]) -> set[Scalar]:
    """The values of a key that mark a category."""
    table = joint.table.marginal(key)
    values = [cell[0] for cell in table.cells]
    if key in chosen:
        alike = [v for v in values if str(v).lower() == str(chosen[key]).lower()]
        if not alike:
            raise TargetError.unknown(f"value of '{key}'", str(chosen[key]), [*map(str, values)])
        return set(alike)
    known = [value for value in values if value is not None]
    if set(known) <= {0, 1}:  # true equals 1
        return {value for value in known if value == 1}
    usual = table.cells[int(np.argmax(table.n))][0]
    return {value for value in known if value != usual}


def harms_of(joint: JointCounts, columns: Mapping[str, str], chosen: Mapping[str, Scalar]) -> Harms:
    """Joint counts as arrays.

    Args:
        joint: As in ``categories_of``, with the sum ``"w"`` where examples carry weights.
        columns: As in ``categories_of``.
        chosen: As in ``categories_of``.

    Returns:
        The arrays.
    """
    categories = categories_of(joint, columns, chosen)
    index = {tuple(c.where.items()): place for place, c in enumerate(categories)}
    marks = {key: _marks(joint, key, chosen) for key in columns}
    table = joint.table
    places = []
    for cell in table.cells:
        values = dict(zip(table.keys, cell, strict=True))
        places.append(
            index[tuple((columns[k], values[k]) for k in columns if values[k] in marks[k])]
        )
    wrong = np.stack([1.0 - joint.digit(model) for model in joint.models], axis=1)
    n = table.n.astype(np.float64)
    return Harms(
        models=joint.models,
        categories=categories,
        place=np.array(places, dtype=np.int64),
        wrong=wrong,
        n=n,
        w=table.sums.get("w", n),
    )
