"""What to count, and the counts: the one value that flows through every wall.

Counts of disjoint parts of a table add up, so days, files and machines can be counted apart and
joined. Nothing here knows what a dataframe is, and no row survives.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import reduce
from hashlib import sha256
from typing import TYPE_CHECKING, Final, Self, TypeAlias, TypeVar

import numpy as np

from headway.errors import CountError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from numpy.typing import NDArray

__all__ = [
    "LOSS_SUMS",
    "SPLITS",
    "WEIGHT_SUMS",
    "ClusterSums",
    "CountSpec",
    "CountTable",
    "Counts",
    "Intake",
]

SPLITS: Final = ("train", "train_dev", "dev", "test", "field")
"""The parts of the data, in ladder order."""

WEIGHT_SUMS: Final = ("w", "w2")
"""Sums over rows of the weight w and of w squared."""

LOSS_SUMS: Final = ("l", "l2", "l3", "wl", "w2l", "w2l2")
"""Sums over rows of powers of the centred loss l and of its products with the weight w."""

Scalar: TypeAlias = str | int | float | bool | None

N = TypeVar("N", np.int64, np.float64)


def _order(value: Scalar) -> tuple[bool, str, Scalar]:
    """A sort key that puts values in type and value order and nulls last."""
    kind = type(value).__name__
    return (
        value is None,
        "number" if kind in {"int", "float"} else kind,
        "" if value is None else value,
    )


def _distinct(cells: Iterable[tuple[Scalar, ...]]) -> Iterable[tuple[Scalar, ...]]:
    """Each cell once; where equal ones are written as ``True`` and ``1``, as the number."""
    found: dict[tuple[Scalar, ...], tuple[Scalar, ...]] = {}
    for cell in cells:
        known = found.setdefault(cell, cell)
        if known is not cell and [*map(type, known)] != [*map(type, cell)]:
            found[cell] = max(known, cell, key=lambda each: [type(v).__name__ for v in each])
    return found.values()


def _sorted(cells: Iterable[tuple[Scalar, ...]]) -> list[tuple[Scalar, ...]]:
    """Cells in canonical order."""
    cells = list(cells)
    types = [set(map(type, column)) for column in zip(*cells, strict=True)]
    if all(len(found) == 1 and type(None) not in found for found in types):
        return sorted(cells)
    return sorted(cells, key=lambda cell: [_order(value) for value in cell])


def _array(values: Iterable[float], dtype: type[N]) -> NDArray[N]:
    """Values as an array."""
    return np.array(values if isinstance(values, np.ndarray) else list(values), dtype=dtype)


def _frozen(values: Iterable[float], dtype: type[N]) -> NDArray[N]:
    """Values as an array that cannot be written to."""
    array = _array(values, dtype)
    array.setflags(write=False)
    return array


def _close(one: NDArray[np.float64], other: NDArray[np.float64]) -> bool:
    """Whether sums agree to 1e-9 of themselves or of the largest among them."""
    most = max(np.abs(one).max(initial=0.0), np.abs(other).max(initial=0.0))
    return bool(np.allclose(one, other, rtol=1e-9, atol=1e-9 * most))


@dataclass(frozen=True, slots=True, kw_only=True)
class CountSpec:
    """What to count: a set of groupings, the sums asked in each cell, and whether by cluster.

    Args:
        groupings: Tuples of key names; a key is a role (``"split"``, ``"label"``, ``"prediction"``,
            ``"misclassified"``, ``"weight"``, ...) or the name of a metadata column.
        sums: Names from ``WEIGHT_SUMS``, ``LOSS_SUMS`` or ``"exposure_s"``.
        by_cluster: Whether sums over clusters are asked as well, split by split.

    Examples:
        >>> a = CountSpec(groupings=frozenset({("split", "label")}))
        >>> b = CountSpec(groupings=frozenset({("split", "device")}), by_cluster=True)
        >>> sorted((a | b).groupings), (a | b).by_cluster
        ([('split', 'device'), ('split', 'label')], True)
    """

    groupings: frozenset[tuple[str, ...]]
    sums: frozenset[str] = frozenset()
    by_cluster: bool = False

    def __or__(self, other: CountSpec) -> CountSpec:
        """Both questions at once."""
        return CountSpec(
            groupings=self.groupings | other.groupings,
            sums=self.sums | other.sums,
            by_cluster=self.by_cluster or other.by_cluster,
        )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CountTable:
    """Counts by cell, in canonical order: keys, number of rows, and sums of declared measures.

    Args:
        keys: Names of the key columns.
        cells: One tuple of key values per cell, distinct, in canonical order (nulls last).
        n: Rows per cell. Shape (n_cells,), integers at least 0.
        sums: Per measure, its sum per cell. Shape (n_cells,).

    Examples:
        >>> table = CountTable.of(("split",), [("dev",), ("train",), ("dev",)], [2, 5, 3])
        >>> table.cells, table.n.tolist()
        ((('dev',), ('train',)), [5, 5])
    """

    keys: tuple[str, ...]
    cells: tuple[tuple[Scalar, ...], ...]
    n: NDArray[np.int64]
    sums: Mapping[str, NDArray[np.float64]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Check that the columns belong together and set them read-only."""
        object.__setattr__(self, "n", _frozen(self.n, np.int64))
        object.__setattr__(
            self, "sums", {name: _frozen(column, np.float64) for name, column in self.sums.items()}
        )
        if any(len(column) != len(self.cells) for column in (self.n, *self.sums.values())):
            raise CountError.outside("length of a column", "uneven", "one entry for each cell")
        if self.n.size and self.n.min() < 0:
            raise CountError.outside("n of a cell", int(self.n.min()), "a count, at least 0")

    @classmethod
    def of(
        cls,
        keys: Sequence[str],
        cells: Iterable[Sequence[Scalar]],
        n: Iterable[int],
        sums: Mapping[str, Iterable[float]] | None = None,
    ) -> Self:
        """A table from cells in any order; equal cells are added up."""
        given = [tuple(cell) for cell in cells]
        merged = _sorted(_distinct(given))
        position = {cell: index for index, cell in enumerate(merged)}
        target = np.array([position[cell] for cell in given], dtype=np.int64)

        def added(values: Iterable[float], dtype: type[N]) -> NDArray[N]:
            out: NDArray[N] = np.zeros(len(merged), dtype=dtype)
            np.add.at(out, target, _array(values, dtype))
            return out

        return cls(
            keys=tuple(keys),
            cells=tuple(merged),
            n=added(n, np.int64),
            sums={name: added(values, np.float64) for name, values in (sums or {}).items()},
        )

    def __eq__(self, other: object) -> bool:
        """Same keys, cells and counts; sums of floats equal to 1e-9 of the largest."""
        return (
            isinstance(other, CountTable)
            and (self.keys, self.cells) == (other.keys, other.cells)
            and np.array_equal(self.n, other.n)
            and self.sums.keys() == other.sums.keys()
            and all(_close(values, other.sums[name]) for name, values in self.sums.items())
        )

    __hash__ = None  # type: ignore[assignment]

    def __add__(self, other: CountTable) -> CountTable:
        """The counts of two disjoint parts together."""
        if self.keys != other.keys or self.sums.keys() != other.sums.keys():
            raise CountError.outside("the other table", other.keys, f"counted by {self.keys}")
        return CountTable.of(
            self.keys,
            (*self.cells, *other.cells),
            np.concatenate([self.n, other.n]),
            {name: np.concatenate([s, other.sums[name]]) for name, s in self.sums.items()},
        )

    def __iter__(self) -> Iterator[tuple[tuple[Scalar, ...], int]]:
        """Cells with their counts."""
        return zip(self.cells, self.n.tolist(), strict=True)

    def column(self, key: str) -> list[Scalar]:
        """The values of one key, cell by cell."""
        index = self.keys.index(key)
        return [cell[index] for cell in self.cells]

    def marginal(self, *keys: str) -> CountTable:
        """The same counts with fewer keys."""
        wanted = [self.keys.index(key) for key in keys]
        cells = [tuple(cell[i] for i in wanted) for cell in self.cells]
        return CountTable.of(keys, cells, self.n, self.sums)

    def where(self, /, **equals: Scalar) -> CountTable:
        """The cells whose keys have the given values; all keys stay."""
        kept = list(range(len(self.cells)))
        for key, value in equals.items():
            position = self.keys.index(key)
            kept = [index for index in kept if self.cells[index][position] == value]
        return CountTable(
            keys=self.keys,
            cells=tuple(self.cells[index] for index in kept),
            n=self.n[kept],
            sums={name: values[kept] for name, values in self.sums.items()},
        )

    @property
    def total(self) -> int:
        """Number of rows in all cells."""
        return int(self.n.sum())


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ClusterSums:
    """Sums over clusters of what each split holds of them, for every pair of splits.

    With m_r the weight (rows, if unweighted) that a cluster has in split r and y_r the weighted
    error there (or the weighted loss less ``loss_center``), ``shared[r, s]`` counts the clusters
    with rows in both, and ``mm``, ``my`` and ``yy`` are the sums over clusters of m_r m_s, m_r y_s
    and y_r y_s. Clusters never add across parts that share some, so there is no ``+``.

    Args:
        splits: The splits, in ladder order.
        shared: Shape (n_splits, n_splits), integers; the diagonal counts the clusters of a split.
        m: Sum of m_r over clusters. Shape (n_splits,).
        y: Sum of y_r over clusters. Shape (n_splits,).
        mm: Shape (n_splits, n_splits).
        my: Shape (n_splits, n_splits); rows are m, columns are y.
        yy: Shape (n_splits, n_splits).
    """

    splits: tuple[str, ...]
    shared: NDArray[np.int64]
    m: NDArray[np.float64]
    y: NDArray[np.float64]
    mm: NDArray[np.float64]
    my: NDArray[np.float64]
    yy: NDArray[np.float64]

    def __post_init__(self) -> None:
        """Set the arrays read-only."""
        object.__setattr__(self, "shared", _frozen(self.shared, np.int64))
        for name in ("m", "y", "mm", "my", "yy"):
            object.__setattr__(self, name, _frozen(getattr(self, name), np.float64))


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """The answer to a ``CountSpec``: one table per grouping, and sums over clusters if asked.

    Args:
        tables: Per grouping, its table.
        clusters: Sums over clusters, or None.
        loss_center: The constant subtracted from each loss before its powers were summed.
    """

    tables: Mapping[tuple[str, ...], CountTable]
    clusters: ClusterSums | None = None
    loss_center: float = 0.0

    def table(self, *keys: str) -> CountTable:
        """The counts by these keys, from the smallest table that covers them.

        Raises:
            CountError: If no grouping covers the keys.
        """
        covering = [table for table in self.tables.values() if set(keys) <= set(table.keys)]
        if not covering:
            raise CountError.outside("the grouping", keys, f"one of {sorted(self.tables)}")
        return min(covering, key=lambda table: len(table.cells)).marginal(*keys)

    def __add__(self, other: Counts) -> Counts:
        """The counts of two disjoint parts together; sums over clusters are left out."""
        if self.tables.keys() != other.tables.keys() or self.loss_center != other.loss_center:
            raise CountError.outside("the other counts", "different", "the same groupings")
        added = {keys: table + other.tables[keys] for keys, table in self.tables.items()}
        return Counts(tables=added, loss_center=self.loss_center)

    @property
    def digest(self) -> str:
        """A short digest of what was counted, the same on every engine."""
        integers = [
            (keys, table.cells, table.n.tolist()) for keys, table in sorted(self.tables.items())
        ]
        return sha256(repr(integers).encode()).hexdigest()[:16]

    @classmethod
    def sum(cls, parts: Sequence[Counts]) -> Counts:
        """The counts of several disjoint parts together."""
        return reduce(lambda a, b: a + b, parts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Intake:
    """What was read and what could not be used: everything an answer must say about its input.

    Args:
        rows: Rows read.
        unusable: Rows that could not be used, by reason: ``no_label``, ``no_split``,
            ``unknown_split``, ``bad_loss``, ``bad_weight``, ``bad_exposure``,
            ``bad_probabilities``.
        recognised: Roles found under another name: role to column, and values of ``split``
            found under another name (``"split=validation"`` to ``"dev"``).
        unlabeled: Rows without a label where that is legal, by split (``field``).
        immature: Rows whose label is younger than asked, by split.
        abstained: Rows without a prediction, by split, counted as errors; or without a score, which
            rank below all others.
        roles: Roles that the table fills, with their columns.
        prediction_from: ``"prediction"``, or ``"probabilities"`` where the largest was taken, or
            ``"score"`` where rows are ranked.
        whole_floats: Roles whose whole-valued float labels were read as integers.
        types_differ: The types of label and prediction where they can never be equal.
        no_split: Whether the table has no split column and was read as one ``dev`` set.
        ids: ``"not checked"``, ``"unique"``, or the number of repeated ids in words.
        exposure_s: Seconds of operation covered, by split; under ``"all"`` where no column told.
        sources: Names of files or the kind of frame that was read.
        engine: The engine that counted.
    """

    rows: int
    unusable: Mapping[str, int] = field(default_factory=dict)
    recognised: Mapping[str, str] = field(default_factory=dict)
    unlabeled: Mapping[str, int] = field(default_factory=dict)
    immature: Mapping[str, int] = field(default_factory=dict)
    abstained: Mapping[str, int] = field(default_factory=dict)
    roles: Mapping[str, str] = field(default_factory=dict)
    prediction_from: str = "prediction"
    whole_floats: tuple[str, ...] = ()
    types_differ: tuple[str, str] | None = None
    no_split: bool = False
    ids: str = "not checked"
    exposure_s: Mapping[str, float] = field(default_factory=dict)
    sources: tuple[str, ...] = ()
    engine: str = ""
