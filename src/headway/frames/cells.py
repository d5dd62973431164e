"""Cells as an engine counted them, read in our words: splits, classes, and what became of rows."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from headway.counts import CountTable
from headway.errors import ColumnError
from headway.frames.derived import Outcome
from headway.frames.expressions import FRACTION
from headway.frames.kinds import scalar
from headway.frames.splits import splits_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from headway.counts import Scalar
    from headway.frames.derived import Derived
    from headway.frames.needs import Needs
    from headway.frames.source import Frame

__all__ = ["CellReading", "cell_reading"]

USABLE: Final = frozenset({Outcome.RIGHT, Outcome.WRONG, Outcome.ABSTAINED})


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CellReading:
    """Cells by one grouping, each with its split and its outcome.

    Args:
        columns: Per key, its value in each cell; ``split`` holds splits, or None.
        raw_splits: The name of the split as it stood in each cell.
        outcomes: What became of the rows of each cell.
        n: Rows in each cell.
        sums: Per sum, its value in each cell.
    """

    columns: Mapping[str, list[Scalar]]
    raw_splits: list[Scalar]
    outcomes: list[Outcome]
    n: list[int]
    sums: Mapping[str, list[float]]

    @property
    def usable(self) -> list[int]:
        """Positions of the cells whose rows can be used."""
        splits = self.columns["split"]
        return [
            i for i, code in enumerate(self.outcomes) if code in USABLE and splits[i] is not None
        ]

    def table(self, keys: tuple[str, ...], sums: Sequence[str]) -> CountTable:
        """The usable cells, counted by these keys."""
        used = self.usable
        columns: dict[str, list[Scalar]] = {
            **self.columns,
            "misclassified": [code != Outcome.RIGHT for code in self.outcomes],
        }
        chosen = [columns[name] for name in keys]
        return CountTable.of(
            keys,
            [tuple(column[i] for column in chosen) for i in used],
            [self.n[i] for i in used],
            {name: [self.sums[name][i] for i in used] for name in sums},
        )

    def by_split(self, code: Outcome) -> dict[str, int]:
        """Rows with this outcome in each known split."""
        found: Counter[str] = Counter()
        for split, outcome, n in zip(self.columns["split"], self.outcomes, self.n, strict=True):
            if outcome == code and split is not None:
                found[str(split)] += n
        return dict(found)


def cell_reading(
    cells: Sequence[tuple[Any, ...]],
    grouping: tuple[str, ...],
    frame: Frame,
    needs: Needs,
    rows: Derived,
) -> CellReading:
    """The cells of one grouping in our words.

    Args:
        cells: One tuple per cell: keys, number of rows, sums.
        grouping: The columns that the keys come from.
        frame: The frame that was counted.
        needs: What the question took into account.
        rows: How its rows were derived.

    Returns:
        The reading.

    Raises:
        ColumnError: If a key holds numbers with decimals, or ``correct`` more than 0 and 1.
        SplitError: If two names mean the same split.
    """
    names = {alias: name for name, alias in rows.names.items()} | {"outcome": "outcome"}
    lists = [list(column) for column in zip(*cells, strict=True)]
    lists = lists or [[] for _ in range(len(grouping) + 1 + len(needs.sums))]
    columns = {
        names[alias]: _values(values, names[alias], frame, rows.classes)
        for alias, values in zip(grouping, lists, strict=False)
    }
    raw_splits = columns["split"]
    known = splits_of(dict.fromkeys(raw_splits))
    columns["split"] = [known.get(name) for name in raw_splits]
    codes = columns.pop("outcome", None)
    outcomes = (
        _plain_outcomes(columns, frame, needs, len(cells))
        if codes is None
        else [Outcome(int(code or 0)) for code in codes]
    )
    _check_outcomes(set(outcomes), frame)
    measures = lists[len(grouping) :]
    return CellReading(
        columns=columns,
        raw_splits=raw_splits,
        outcomes=outcomes,
        n=[int(n) for n in measures[0]],
        sums={
            name: [float(value or 0.0) for value in values]
            for name, values in zip(needs.sums, measures[1:], strict=True)
        },
    )


def _values(
    values: list[Any], name: str, frame: Frame, classes: tuple[Scalar, ...]
) -> list[Scalar]:
    """The values of one key as plain values."""
    try:
        known = {value: scalar(value) for value in set(values)}
        plain = [known[value] for value in values]
    except TypeError:  # lists
        plain = [scalar(value) for value in values]
    if name == "weight":
        return [scalar(float(f"{float(value or 0):.12g}")) for value in plain]
    if name == "prediction" and classes:
        return [None if value is None else classes[int(value)] for value in plain]
    if int(FRACTION) in plain and frame.kinds.get(frame.columns.column(name) or "") == "float":
        raise ColumnError.fractional(name, frame.columns.column(name) or name)
    return plain


def _plain_outcomes(
    columns: Mapping[str, list[Scalar]], frame: Frame, needs: Needs, n: int
) -> list[Outcome]:
    """The outcome of each cell from its label and prediction."""
    labels = columns.get("label", [True] * n)
    if needs.truth != "pair" or "prediction" not in columns:
        return [Outcome.NO_LABEL if label is None else Outcome.RIGHT for label in labels]
    outcomes = []
    for label, prediction in zip(labels, columns["prediction"], strict=True):
        if label is None:
            outcomes.append(Outcome.NO_LABEL)
        elif prediction is None:
            outcomes.append(Outcome.ABSTAINED)
        else:
            same = frame.comparable and label == prediction
            outcomes.append(Outcome.RIGHT if same else Outcome.WRONG)
    return outcomes


def _check_outcomes(found: set[Outcome], frame: Frame) -> None:
    """Refuse columns that hold what their role does not allow."""
    if Outcome.NOT_BINARY in found:
        raise ColumnError.unfit(
            "correct",
            frame.columns.roles["correct"],
            "other numbers than 0 and 1",
            "0 and 1, or booleans; a graded number is a loss",
        )
    if Outcome.FRACTIONAL in found:
        role = next(
            role
            for role in ("label", "prediction")
            if role in frame.columns.roles and frame.kind_of(role) == "float"
        )
        raise ColumnError.fractional(role, frame.columns.roles[role])
