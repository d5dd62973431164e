"""Examples counted by the pattern of their answers, read in our words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import narwhals.stable.v2 as nw
import numpy as np

from headway.counts import CountTable
from headway.errors import CountError
from headway.frames.engines import fetched_columns
from headway.frames.examples import Met
from headway.frames.kinds import scalar
from headway.frames.splits import splits_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from headway.counts import Scalar
    from headway.frames.examples import Asked, Examples

__all__ = ["PatternCells", "pattern_cells"]

_WHOLE: Final = nw.Int64()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PatternCells:
    """Examples by what became of them and, where all models answered, by their pattern.

    Args:
        splits: The split of each cell; None where its name is unknown.
        met: What became of its examples, as in ``Met``. Shape (n_cells,), as all arrays here.
        n: Rows of each of its examples.
        mask: The models that answered them, as bits; -1 where that is not known.
        pattern: The pattern of their answers; -1 where not all models answered.
        examples: Its examples.
        keys: Per key, its values.
        sums: Per sum, its values.
        n_models: Number of models.
    """

    splits: list[str | None]
    met: NDArray[np.int64]
    n: NDArray[np.int64]
    mask: NDArray[np.int64]
    pattern: NDArray[np.int64]
    examples: NDArray[np.int64]
    keys: Mapping[str, list[Scalar]]
    sums: Mapping[str, NDArray[np.float64]]
    n_models: int

    @property
    def known(self) -> NDArray[np.bool_]:
        """Whether a cell is of a known split."""
        return np.array([split is not None for split in self.splits], dtype=bool)

    @property
    def repeated(self) -> NDArray[np.bool_]:
        """Whether some model answered the examples of a cell more than once."""
        alone = (self.met == int(Met.UNSHARED)) & (self.mask >= 0)
        n_bits = np.zeros(self.n.size, dtype=np.int64)
        for i in range(self.n_models):
            n_bits[alone] += (self.mask[alone] >> i) & 1
        return np.asarray((self.met == int(Met.UNSHARED)) & (n_bits < self.n), dtype=bool)

    def left_out(self) -> dict[str, int]:
        """Rows that their example makes unusable, by reason."""
        rows = self.n * self.examples * self.known
        reasons = {
            "models_differ": self.met == Met.DIFFERENT,
            "no_id": self.met == Met.NO_ID,
            "repeated_id": self.repeated,
        }
        found = {reason: int(rows[chosen].sum()) for reason, chosen in reasons.items()}
        return {reason: n for reason, n in found.items() if n}

    def unshared(self) -> list[int]:
        """Per model, its rows of examples that not all models answered."""
        chosen = self.known & (self.met == Met.UNSHARED) & ~self.repeated
        mask, examples = self.mask[chosen], self.examples[chosen]
        return [int(examples[(mask >> i) & 1 == 1].sum()) for i in range(self.n_models)]

    def table(self) -> CountTable:
        """The examples that all models answered, by split, pattern and keys."""
        chosen = np.flatnonzero(self.known & (self.met == Met.SHARED))
        columns: dict[str, list[Scalar]] = {"split": list(self.splits), **self.keys}
        coded = {name: _coded([values[i] for i in chosen]) for name, values in columns.items()}
        codes = {"split": coded["split"][0], "pattern": self.pattern[chosen]}
        codes |= {name: coded[name][0] for name in self.keys}
        order = np.lexsort(list(codes.values())[::-1])
        starts = _starts([column[order] for column in codes.values()])
        first = order[starts]
        lists: list[list[Scalar]] = []
        for name, column in codes.items():
            values = column[first].tolist()
            lists.append(values if name == "pattern" else [coded[name][1][i] for i in values])
        return CountTable(
            keys=tuple(codes),
            cells=tuple(zip(*lists, strict=True)),
            n=_added(self.examples[chosen][order], starts),
            sums={name: _added(v[chosen][order], starts) for name, v in self.sums.items()},
        )


def pattern_cells(found: Examples, asked: Asked, max_patterns: int) -> PatternCells:
    """Examples counted by their pattern.

    Args:
        found: The examples.
        asked: What is asked of their answers.
        max_patterns: Most cells.

    Returns:
        The cells.

    Raises:
        CountError: If there would be more cells.
    """
    n_models = len(asked.models)
    split = [] if found.split is None else [found.split]
    shared = nw.col("met") == int(Met.SHARED)
    legible = (nw.col("met") <= int(Met.UNSHARED)) & (nw.col("n") <= n_models)
    none = nw.lit(-1, dtype=_WHOLE)
    rows = found.rows.select(
        *split,
        nw.col("met").cast(_WHOLE),
        nw.col("n").cast(_WHOLE),
        nw.when(legible).then(nw.col("mask")).otherwise(none).cast(_WHOLE).alias("mask"),
        nw.when(shared).then(nw.col("pattern")).otherwise(none).cast(_WHOLE).alias("pattern"),
        *(nw.when(shared).then(nw.col(column)).alias(column) for column in found.keys.values()),
        *asked.sums,
    )
    names = [*split, "met", "n", "mask", "pattern", *found.keys.values()]
    counted = rows.group_by(*names, drop_null_keys=False).agg(
        nw.len().alias("examples"), *(nw.col(name).sum() for name in asked.sums)
    )
    wanted = [*names, "examples", *asked.sums]
    cells = fetched_columns(counted.select(*wanted).head(max_patterns + 1), wanted)
    if len(cells["n"]) > max_patterns:
        raise CountError.too_many_patterns(n_models, max_patterns)
    return _read(cells, found, asked)


def _read(cells: Mapping[str, NDArray[Any]], found: Examples, asked: Asked) -> PatternCells:
    """The cells in our words."""
    whole = {
        name: np.asarray(cells[name], dtype=np.int64)
        for name in ("met", "n", "mask", "pattern", "examples")
    }
    raw = _plain(cells[found.split]) if found.split else ["dev"] * whole["n"].size
    known = splits_of(dict.fromkeys(raw))
    return PatternCells(
        splits=[known.get(name) for name in raw],
        keys={
            name: _plain(cells[column], kind=found.kinds[name])
            for name, column in found.keys.items()
        },
        sums={name: np.asarray(cells[name], dtype=np.float64) for name in asked.sums},
        n_models=len(asked.models),
        **whole,
    )


def _plain(values: NDArray[Any], kind: str = "") -> list[Scalar]:
    """Values of a key as plain values."""
    plain = values.tolist()
    known = {value: _scalar(value, kind) for value in set(plain)}
    return [known[value] for value in plain]


def _scalar(value: object, kind: str) -> Scalar:
    """A value of a key as a plain value, of the kind that its column holds."""
    if value is None:
        return None
    if kind == "weight":
        return scalar(float(f"{float(str(value)):.12g}"))
    return bool(value) if kind == "boolean" else scalar(value)


def _coded(values: list[Scalar]) -> tuple[NDArray[np.int64], list[Scalar]]:
    """Places of values in canonical order, and the values in that order."""
    seen = dict.fromkeys(values)
    ordered = [
        cell[0] for cell in CountTable.of(("key",), [(v,) for v in seen], [1] * len(seen)).cells
    ]
    places = {value: i for i, value in enumerate(ordered)}
    return np.array([places[value] for value in values], dtype=np.int64), ordered


def _starts(columns: list[NDArray[np.int64]]) -> NDArray[np.int64]:
    """Where a new cell begins in sorted columns."""
    if not columns[0].size:
        return np.zeros(0, dtype=np.int64)
    new = np.ones(columns[0].size, dtype=bool)
    new[1:] = np.any([column[1:] != column[:-1] for column in columns], axis=0)
    return np.flatnonzero(new)


def _added(values: NDArray[Any], starts: NDArray[np.int64]) -> NDArray[Any]:
    """Sums of the values of each cell."""
    return np.add.reduceat(values, starts) if starts.size else values[:0]
