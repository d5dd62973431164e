"""What the joint answers of several models say: errors, confusions, pairs and their covariance."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from headway.counts import CountTable
from headway.errors import ColumnError, CountError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from headway.counts import Scalar
    from headway.joint import JointCounts

__all__ = [
    "all_errors",
    "both_right",
    "confusion_of",
    "covariance",
    "discordance",
    "pair_counts",
    "right_patterns",
]

BLOCK: Final = 1 << 15
"""Cells whose answers are unpacked at once."""

MOST_PATTERNED: Final = 20
"""Most models whose patterns of right answers are listed."""


def confusion_of(joint: JointCounts, model: str) -> CountTable:
    """Label by prediction of one model, on the examples that all models answered.

    Args:
        joint: Counts with the key ``"label"``, of answers ``"positive"`` or ``"class"``.
        model: One of its models.

    Returns:
        Counts by ``"split"``, ``"label"``, ``"prediction"`` and the further keys, with the sums.
        Of answers ``"positive"``, labels and predictions are the positive class or the other one,
        which is called ``"not <positive>"`` where several classes or none were labels besides it.
        A prediction that is missing is None for ``"class"``, and not positive for ``"positive"``.

    Raises:
        CountError: If the answers tell only right from wrong, or there is no such model.
        ColumnError: If the labels were not counted.

    Examples:
        >>> from headway.joint import JointCounts
        >>> table = CountTable.of(
        ...     ("split", "pattern", "label"), [("dev", 0b01, 1), ("dev", 0b10, 0)], [3, 2]
        ... )
        >>> joint = JointCounts(
        ...     models=("a", "b"), answers="positive", base=2, classes=(1,), table=table,
        ...     unshared={}, n_shared=5,
        ... )
        >>> list(confusion_of(joint, "a"))
        [(('dev', 0, 0), 2), (('dev', 1, 1), 3)]

    References:
        Methods note, sections 0.2 and 3.3.
    """
    if joint.answers == "correct":
        raise CountError.outside("answers", "correct", "'positive' or 'class' for a confusion")
    kept = [name for name in joint.table.keys if name != "pattern"]
    stems, codes = _stems(joint.table, kept)
    at, classes = _label_place(joint, kept), joint.classes
    if joint.answers == "positive":
        classes = (_other([stem[at] for stem in stems], classes[0]), classes[0])
        stems = [(*s[:at], classes[s[at] == classes[1]], *s[at + 1 :]) for s in stems]
    crossed = codes * joint.base + _digits_of(joint, model)
    found, target = np.unique(crossed, return_inverse=True)
    n = np.zeros(found.size, dtype=np.int64)
    np.add.at(n, target, joint.table.n)
    counts = CountTable.of(
        (*kept, "prediction"),
        [(*stems[c // joint.base], classes[c % joint.base]) for c in found.tolist()],
        n,
        {name: np.bincount(target, v, found.size) for name, v in joint.table.sums.items()},
    )
    first = [name for name in ("split", "label") if name in kept]
    return counts.marginal(*first, "prediction", *(k for k in kept if k not in first))


def all_errors(joint: JointCounts, models: Sequence[str] | None = None) -> dict[str, CountTable]:
    """Right and wrong predictions of each model, on the examples that all models answered.

    Args:
        joint: Counts; of answers other than ``"correct"``, with the key ``"label"``.
        models: Some of its models; None for all.

    Returns:
        Per model, its counts by ``"split"``, ``"misclassified"`` and the further keys, with the
        sums.

    Raises:
        CountError: If there is no such model.
        ColumnError: If the labels are needed and were not counted.

    References:
        Methods note, section 0.2.
    """
    places = {model: _place(joint, model) for model in models or joint.models}
    kept = [name for name in joint.table.keys if name != "pattern"]
    stems, codes = _stems(joint.table, kept)
    measures = {"n": joint.table.n, **joint.table.sums}
    right = {name: np.zeros((len(stems), len(joint.models))) for name in measures}
    for start, block in _right(joint):
        here = slice(start, start + len(block))
        for name, values in measures.items():
            for place in places.values():
                added = np.bincount(codes[here], values[here] * block[:, place], len(stems))
                right[name][:, place] += added
    whole = {name: np.bincount(codes, v, len(stems)) for name, v in measures.items()}
    order = [*kept, "misclassified"]
    order.insert(kept.index("split") + 1 if "split" in kept else 0, order.pop())
    found = {}
    for model, place in places.items():
        sides = {
            name: (right[name][:, place], whole[name] - right[name][:, place]) for name in whole
        }
        cells = [(*stem, wrong) for wrong in (False, True) for stem in stems]
        both = {name: np.concatenate(pair) for name, pair in sides.items()}
        there = np.flatnonzero(both["n"])
        found[model] = CountTable.of(
            (*kept, "misclassified"),
            [cells[i] for i in there],
            np.rint(both.pop("n")[there]).astype(np.int64),
            {name: values[there] for name, values in both.items()},
        ).marginal(*order)
    return found


def both_right(joint: JointCounts) -> NDArray[np.int64]:
    """For each pair of models, the examples on which both are right.

    Args:
        joint: Counts; of answers other than ``"correct"``, with the key ``"label"``.

    Returns:
        Shape (n_models, n_models), integers; the diagonal counts what each model gets right.

    Raises:
        ColumnError: If the labels are needed and were not counted.

    References:
        Methods note, section 3.9.
    """
    n_models = len(joint.models)
    found = np.zeros((n_models, n_models))
    for start, right in _right(joint):
        block = right.astype(np.float64)
        n = joint.table.n[start : start + len(block), None].astype(np.float64)
        found += block.T @ (block * n)
    return np.rint(found).astype(np.int64)


def covariance(joint: JointCounts) -> NDArray[np.float64]:
    """Covariance between models of being right on an example.

    The variance of a mean over the examples is this divided by their number; that of the
    difference of two models is ``c[i, i] + c[j, j] - 2 c[i, j]``, divided likewise.

    Args:
        joint: Counts of at least one example; of answers other than ``"correct"``, with the key
            ``"label"``.

    Returns:
        Shape (n_models, n_models), each entry from -1/4 to 1/4. Errors have the same covariance.

    Raises:
        CountError: If no example is shared.
        ColumnError: If the labels are needed and were not counted.

    Examples:
        >>> from headway.joint import JointCounts
        >>> table = CountTable.of(("split", "pattern"), [("dev", 0b01), ("dev", 0b11)], [25, 75])
        >>> joint = JointCounts(
        ...     models=("a", "b"), answers="correct", base=2, classes=(), table=table,
        ...     unshared={}, n_shared=100,
        ... )
        >>> covariance(joint)
        array([[0.    , 0.    ],
               [0.    , 0.1875]])

    References:
        Methods note, section 3.9.
    """
    n = _n(joint)
    together = both_right(joint)
    right = np.diag(together)
    return (together - np.outer(right, right) / n) / n


def discordance(joint: JointCounts) -> NDArray[np.float64]:
    """For each pair of models, the share of examples that exactly one of them gets right.

    Args:
        joint: Counts of at least one example; of answers other than ``"correct"``, with the key
            ``"label"``.

    Returns:
        Shape (n_models, n_models), fractions in [0, 1], with zeros on the diagonal.

    Raises:
        CountError: If no example is shared.
        ColumnError: If the labels are needed and were not counted.

    References:
        Methods note, sections 3.3 and 3.6.
    """
    n = _n(joint)
    together = both_right(joint)
    right = np.diag(together)
    found: NDArray[np.float64] = (right[:, None] + right[None, :] - 2 * together) / n
    return found


def pair_counts(joint: JointCounts, a: str, b: str) -> tuple[int, int, int, int]:
    """The four joint counts of two models.

    Args:
        joint: Counts; of answers other than ``"correct"``, with the key ``"label"``.
        a: One of its models.
        b: Another one.

    Returns:
        Examples that both get right, only ``a``, only ``b``, neither.

    Raises:
        CountError: If there is no such model.
        ColumnError: If the labels are needed and were not counted.

    Examples:
        >>> from headway.joint import JointCounts
        >>> table = CountTable.of(("split", "pattern"), [("dev", 0b01), ("dev", 0b11)], [3, 97])
        >>> joint = JointCounts(
        ...     models=("a", "b"), answers="correct", base=2, classes=(), table=table,
        ...     unshared={}, n_shared=100,
        ... )
        >>> pair_counts(joint, "a", "b")
        (97, 3, 0, 0)

    References:
        Methods note, section 3.3.
    """
    i, j = _place(joint, a), _place(joint, b)
    cells = np.zeros(4, dtype=np.int64)
    for start, right in _right(joint):
        n = joint.table.n[start : start + len(right)]
        kind = 2 * (~right[:, i]).astype(np.int64) + ~right[:, j]
        np.add.at(cells, kind, n)
    both, only_a, only_b, neither = cells.tolist()
    return both, only_a, only_b, neither


def right_patterns(joint: JointCounts) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The patterns of right answers that occur, whatever else was counted by.

    Args:
        joint: Counts of at most 20 models; of answers other than ``"correct"``, with the key
            ``"label"``.

    Returns:
        Patterns in ascending order, with bit i set where model i is right, and the examples of
        each; both of shape (n_patterns,).

    Raises:
        CountError: If there are more models.
        ColumnError: If the labels are needed and were not counted.

    Examples:
        >>> from headway.joint import JointCounts
        >>> cells = [("dev", 0b01), ("dev", 0b11), ("test", 0b01)]
        >>> joint = JointCounts(
        ...     models=("a", "b"), answers="correct", base=2, classes=(),
        ...     table=CountTable.of(("split", "pattern"), cells, [3, 97, 5]),
        ...     unshared={}, n_shared=105,
        ... )
        >>> [found.tolist() for found in right_patterns(joint)]
        [[1, 3], [8, 97]]

    References:
        Methods note, sections 0.2 and 0.9.
    """
    n_models = len(joint.models)
    if n_models > MOST_PATTERNED:
        raise CountError.outside("number of models", n_models, f"at most {MOST_PATTERNED}")
    bits = 1 << np.arange(n_models, dtype=np.int64)
    found = np.zeros(1 << n_models, dtype=np.int64)
    for start, right in _right(joint):
        np.add.at(found, right @ bits, joint.table.n[start : start + len(right)])
    patterns = np.flatnonzero(found)
    return patterns, found[patterns]


def _n(joint: JointCounts) -> int:
    """The number of shared examples, at least one."""
    if joint.table.total == 0:
        raise CountError.outside("number of shared examples", 0, "at least one")
    return joint.table.total


def _place(joint: JointCounts, model: str) -> int:
    """Where a model stands."""
    if model not in joint.models:
        raise CountError.outside("model", f"'{model}'", f"one of {', '.join(joint.models)}")
    return joint.models.index(model)


def _labels(joint: JointCounts) -> list[Scalar]:
    """The label of each cell."""
    if "label" not in joint.table.keys:
        raise ColumnError.unknown("label", joint.table.keys)
    return joint.table.column("label")


def _patterns(joint: JointCounts) -> NDArray[np.int64]:
    """The pattern of each cell."""
    return np.array(joint.table.column("pattern"), dtype=np.int64)


def _digits_of(joint: JointCounts, model: str) -> NDArray[np.int64]:
    """The answer of one model in each cell."""
    place = _place(joint, model)
    digits: NDArray[np.int64] = _patterns(joint) // joint.base**place % joint.base
    return digits


def _right(joint: JointCounts) -> Iterator[tuple[int, NDArray[np.bool_]]]:
    """Block by block, its first cell and which models are right in each. Shape (n, n_models)."""
    patterns = _patterns(joint)
    wanted = None if joint.answers == "correct" else _wanted(joint)
    powers = joint.base ** np.arange(len(joint.models), dtype=np.int64)
    shifts = np.arange(len(joint.models), dtype=np.int64)
    for start in range(0, patterns.size, BLOCK):
        block = patterns[start : start + BLOCK, None]
        digits = (block >> shifts) & 1 if joint.base == 2 else block // powers % joint.base
        yield (
            start,
            digits.astype(bool)
            if wanted is None
            else digits == wanted[start : start + BLOCK, None],
        )


def _wanted(joint: JointCounts) -> NDArray[np.int64]:
    """The answer of each cell that would be right; -1 where none is."""
    labels = _labels(joint)
    if joint.answers == "positive":
        return np.array([label == joint.classes[0] for label in labels], dtype=np.int64)
    places: dict[Scalar, int] = {v: i for i, v in enumerate(joint.classes) if v is not None}
    return np.array([places.get(label, -1) for label in labels], dtype=np.int64)


def _other(labels: list[Scalar], positive: Scalar) -> Scalar:
    """What every class but the positive one is called."""
    others = {label for label in labels if label != positive}
    return others.pop() if len(others) == 1 else f"not {positive}"


def _label_place(joint: JointCounts, keys: Sequence[str]) -> int:
    """Where the label stands among keys."""
    if "label" not in keys:
        raise ColumnError.unknown("label", joint.table.keys)
    return list(keys).index("label")


def _stems(
    table: CountTable, keys: Sequence[str]
) -> tuple[list[tuple[Scalar, ...]], NDArray[np.int64]]:
    """The distinct values of some keys together, and which of them each cell has."""
    codes = np.zeros(len(table.cells), dtype=np.int64)
    for name in keys:
        column = table.column(name)
        places = {value: i for i, value in enumerate(dict.fromkeys(column))}
        own = np.fromiter((places[value] for value in column), np.int64, len(column))
        codes = np.unique(codes * len(places) + own, return_inverse=True)[1]
    _, first, codes = np.unique(codes, return_index=True, return_inverse=True)
    where = [table.keys.index(name) for name in keys]
    return [tuple(table.cells[i][k] for k in where) for i in first.tolist()], codes
