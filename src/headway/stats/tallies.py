"""Labels and predictions of one split as arrays, for the metrics that are computed from them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from headway.errors import TargetError
from headway.stats.classwise import Margins

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from headway.counts import CountTable, Scalar

    Array: TypeAlias = NDArray[np.float64]
    Mask: TypeAlias = NDArray[np.bool_]

__all__ = [
    "Tally",
    "cell_draws",
    "margins_of",
    "of_class",
    "positive_of",
    "same",
    "summed",
    "tally_of",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """A table of labels and predictions as arrays, one entry for each cell.

    Args:
        classes: The classes, largest first, so that their names do not matter; None, for
            predictions withheld, comes last.
        label: Place of each cell's label in ``classes``. Shape (n_cells,).
        prediction: Place of its prediction.
        n: Its examples.
        w: Sum of their weights; their number where all weigh the same.
        w2: Sum of their squared weights; their number where all weigh the same.
        plain: Whether all examples weigh the same.
        levels: Weight of each cell's examples where those weigh the same and others do not, or
            None.
    """

    classes: tuple[Scalar, ...]
    label: NDArray[np.int64]
    prediction: NDArray[np.int64]
    n: Array
    w: Array
    w2: Array
    plain: bool
    levels: Array | None


def tally_of(table: CountTable) -> Tally:
    """A count table as arrays.

    Args:
        table: Counts of one split by ``"label"`` and ``"prediction"``, and by ``"weight"`` or with
            sums ``"w"`` and ``"w2"`` where examples carry weights. No label is None.

    Returns:
        Its cells, in the order of the table.

    Examples:
        >>> from headway.counts import CountTable
        >>> table = CountTable.of(("label", "prediction"), [("a", "b"), ("b", "b")], [3, 4])
        >>> tally_of(table).classes
        ('b', 'a')

    References:
        Methods note, section 0.2.
    """
    labels, predictions = table.column("label"), table.column("prediction")
    n = table.n.astype(np.float64)
    levels = None
    w, w2 = n, n
    if "weight" in table.keys:
        levels = np.array(table.column("weight"), dtype=np.float64)
        w, w2 = n * levels, n * levels**2
    elif "w" in table.sums:
        w, w2 = table.sums["w"], table.sums["w2"]
    mean = w.sum() / max(n.sum(), 1.0)
    plain = same(w, mean * n) and same(w2, mean**2 * n)
    if plain:
        w, w2, levels = n, n, None
    classes = _by_size(labels, predictions, w)
    place = {value: index for index, value in enumerate(classes)}
    return Tally(
        classes=classes,
        label=np.array([place[value] for value in labels], dtype=np.int64),
        prediction=np.array([place[value] for value in predictions], dtype=np.int64),
        n=n,
        w=w,
        w2=w2,
        plain=plain,
        levels=levels,
    )


def same(one: Array, other: Array) -> bool:
    """Whether sums of floats agree up to rounding.

    Args:
        one: Sums.
        other: Others, of the same shape.

    Returns:
        True where each differs by at most a billionth of itself.

    Examples:
        >>> same(np.array([0.1 + 0.2]), np.array([0.3]))
        True

    References:
        Methods note, section 0.5.
    """
    return bool(np.allclose(one, other, rtol=1e-9, atol=0.0))


def _by_size(
    labels: Sequence[Scalar], predictions: Sequence[Scalar], w: Array
) -> tuple[Scalar, ...]:
    """The classes, largest first, so that their names do not matter; no prediction comes last."""
    sizes: dict[Scalar, list[float]] = {}
    for label, prediction, weight in zip(labels, predictions, w.tolist(), strict=True):
        sizes.setdefault(label, [0.0, 0.0, 0.0])[0] += weight
        sizes.setdefault(prediction, [0.0, 0.0, 0.0])[1] += weight
        sizes[label][2] += weight if label == prediction else 0.0
    order = sorted(sizes, key=lambda value: (value is None, [-size for size in sizes[value]]))
    return tuple(order)


def positive_of(classes: Sequence[Scalar], positive: Scalar) -> Scalar:
    """The positive class as it stands in a table.

    Args:
        classes: The classes of the table.
        positive: The positive class as it was named, or None.

    Returns:
        The class that equals it, or is written like it; itself where there is none. Without a
        name, 1 or true where the classes are 0 and 1 or false and true.

    Raises:
        TargetError: If there is no name and the classes are others.

    Examples:
        >>> positive_of([0, 1], "1"), positive_of([False, True], None)
        (1, True)

    References:
        Notes: week 1, "Single number evaluation metric".
    """
    if positive is None:
        if not set(classes) <= {0, 1, None}:
            raise TargetError.no_positive()
        return True if any(isinstance(value, bool) for value in classes) else 1
    if positive in classes:
        return positive
    alike = [value for value in classes if str(value).lower() == str(positive).lower()]
    return alike[0] if alike else positive


def of_class(cells: Tally, positive: Scalar) -> tuple[Mask, Mask]:
    """Which cells are labeled, and which are predicted, as the positive class.

    Args:
        cells: The table.
        positive: The positive class as it was named, or None.

    Returns:
        Two masks of shape (n_cells,), without a true entry where the class does not occur.

    Raises:
        TargetError: If there is no name and the classes are not 0 and 1.

    Examples:
        >>> from headway.counts import CountTable
        >>> cells = tally_of(CountTable.of(("label", "prediction"), [(1, 0), (1, 1)], [2, 3]))
        >>> of_class(cells, None)[1].tolist()
        [False, True]

    References:
        Notes: week 1, "Single number evaluation metric".
    """
    wanted = positive_of(cells.classes, positive)
    place = cells.classes.index(wanted) if wanted in cells.classes else -1
    return cells.label == place, cells.prediction == place


def summed(place: NDArray[np.int64], weights: Array, size: int) -> Array:
    """Sums of weights by place.

    Args:
        place: Place of each weight, 0 to ``size - 1``. Shape (n,).
        weights: The weights. Shape (n,).
        size: Number of places.

    Returns:
        The sums. Shape (size,).

    Examples:
        >>> summed(np.array([0, 2, 0]), np.array([1.0, 2.0, 4.0]), 3).tolist()
        [5.0, 0.0, 2.0]

    References:
        Methods note, section 0.2.
    """
    return np.asarray(np.bincount(place, weights, size), dtype=np.float64)


def margins_of(cells: Tally, weights: Array) -> Margins:
    """How much weight each class has.

    Args:
        cells: The table.
        weights: Examples or weight of each cell. Shape (n_cells,).

    Returns:
        The margins, in the order of ``cells.classes``.

    Examples:
        >>> from headway.counts import CountTable
        >>> cells = tally_of(CountTable.of(("label", "prediction"), [(1, 0), (1, 1)], [2, 3]))
        >>> margins_of(cells, cells.n).prediction.tolist()
        [3.0, 2.0]

    References:
        Methods note, section 3.4.
    """
    k = len(cells.classes)
    right = cells.label == cells.prediction
    return Margins(
        both=summed(cells.label[right], weights[right], k),
        label=summed(cells.label, weights, k),
        prediction=summed(cells.prediction, weights, k),
        counted=np.array([value is not None for value in cells.classes]),
    )


def cell_draws(
    counts: Array, n_draws: int, *, declared: int | None = None, prior: Array | None = None
) -> Array:
    """Plausible shares of cells, the same each time for the same counts.

    Args:
        counts: Count of each declared cell. Shape (n_cells,).
        n_draws: Number of draws, at least 1.
        declared: Number of declared cells, where some without examples are left out, or None.
        prior: Prior mass of each cell, where it is not spread evenly. Shape (n_cells,).

    Returns:
        Draws of a Dirichlet, by default with a prior mass of one spread evenly on the cells. Shape
        (n_draws, n_cells).

    Examples:
        >>> bool((cell_draws(np.array([45.0, 5]), 3) == cell_draws(np.array([45.0, 5]), 3)).all())
        True

    References:
        Perks (1947), Journal of the Institute of Actuaries 73, 285-334.
        Methods note, section 0.9.
    """
    seed = [int(value) for value in counts if value > 0]
    rng = np.random.Generator(np.random.PCG64(np.random.SeedSequence(seed)))
    even = np.full(counts.size, 1 / (declared or counts.size))
    mass = rng.standard_gamma(counts + (even if prior is None else prior), (n_draws, counts.size))
    return np.asarray(mass / mass.sum(axis=1, keepdims=True))
