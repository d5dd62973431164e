"""What train holds of the examples that it is judged on, and what that does to the error."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from headway.counts import SPLITS
from headway.findings import Verdict
from headway.stats.defaults import LEVEL
from headway.stats.forms import Binomial
from headway.stats.leakage import as_many_by_chance, leaked_error

if TYPE_CHECKING:
    from collections.abc import Mapping

    from headway.counts import CountTable
    from headway.stats.leakage import Leakage

__all__ = ["Leak", "Window", "error_of", "judge_key", "judge_near", "judge_time"]

JUDGED: Final = ("train_dev", "dev", "test")
"""Splits that must hold nothing of train."""

BY_CHANCE: Final = 0.001
"""How often chance may give as many copies as were found, for them to be called copies."""

TELLING: Final = 0.9
"""Share of rows with a content of their own below which columns do not tell rows apart."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """The time that a split covers.

    Args:
        first: Its first moment.
        last: Its last moment.
        later: Its rows that are not earlier than the first one of dev (of test without a dev).
    """

    first: str
    last: str
    later: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Leak:
    """Whether splits share what they must not share.

    Args:
        kind: ``"id"``, ``"group"``, ``"time"``, ``"row"`` (the same content) or ``"near"``.
        by: The columns that tell it.
        verdict: ``yes`` where something is shared.
        shared: Per pair (a split, the one it shares with), its rows that the other has too; train
            with dev counts rows of train.
        rows: Per split, the rows that were looked at.
        same_inputs: Per pair, rows whose inputs the other has too, with the same label or another;
            for whole rows alone.
        windows: Per split, its time; for the time alone.
        distinct: Share of the rows that differ from all others, where it is too small to tell
            copies; else None.
        note: What counts as almost the same, in words.
    """

    kind: str
    by: tuple[str, ...]
    verdict: Verdict
    shared: Mapping[tuple[str, str], int] = field(default_factory=dict)
    rows: Mapping[str, int] = field(default_factory=dict)
    same_inputs: Mapping[tuple[str, str], int] = field(default_factory=dict)
    windows: Mapping[str, Window] = field(default_factory=dict)
    distinct: float | None = None
    note: str = ""

    def of(self, split: str, other: str) -> int:
        """Rows of a split that another one has too."""
        return self.shared.get((split, other), 0)

    @property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        """The pairs that share something: the split that is judged, and where its rows lie too."""
        order = {split: i for i, split in enumerate(SPLITS)}
        found = [(a, b) for (a, b), n in self.shared.items() if n and order[a] > order[b]]
        return tuple(sorted(found, key=lambda pair: (order[pair[1]], order[pair[0]])))

    @property
    def to_remove(self) -> int:
        """Rows of train to remove at most, so that it shares nothing with dev or test."""
        return sum(self.of("train", split) for split in JUDGED)


def judge_key(
    kind: str,
    by: tuple[str, ...],
    table: CountTable,
    *,
    inputs: CountTable | None = None,
    has_id: bool = False,
    agreement: float = 0.0,
) -> Leak:
    """Whether splits share keys: ids, groups or the content of rows.

    Args:
        kind: ``"id"``, ``"group"`` or ``"row"``.
        by: The columns of the key.
        table: Rows by ``split`` and ``other``, with the sum ``keys``.
        inputs: The same for the content without the label, for whole rows.
        has_id: Whether rows have ids, which tell them apart where their content does not.
        agreement: How likely two rows have the same content by chance.

    Returns:
        The leak. It cannot be told where the columns of a content leave many rows alike, or
        where chance would often give as many copies.

    Examples:
        >>> from headway.counts import CountTable
        >>> cells = [(None, None), ("train", "train"), ("dev", "dev"), ("dev", "train")]
        >>> sums = {"keys": [147, 100, 50, 3]}
        >>> judge_key("id", ("id",), CountTable.of(("split", "other"), cells, [150, 100, 50, 3],
        ... sums)).of("dev", "train")
        3

    References:
        Methods note, section 4.6.
    """
    shared = _pairs(table)
    everything = table.where(split=None)
    keys = float(everything.sums["keys"].sum())
    rows = {s: table.where(split=s, other=s).total for s in SPLITS}
    telling = kind != "row" or (
        keys >= TELLING * everything.total and _more_than_chance(shared, rows, agreement)
    )
    if not telling:
        return Leak(
            kind=kind,
            by=by,
            verdict=Verdict.NOT_APPLICABLE if has_id else Verdict.UNDETERMINED,
            rows={split: n for split, n in rows.items() if n},
            distinct=keys / max(1, everything.total),
        )
    return Leak(
        kind=kind,
        by=by,
        verdict=Verdict.YES if any(shared.values()) else Verdict.NO,
        shared={pair: n for pair, n in shared.items() if n},
        rows={split: n for split, n in rows.items() if n},
        same_inputs={p: n for p, n in _pairs(inputs).items() if n} if inputs else {},
    )


def _more_than_chance(
    shared: Mapping[tuple[str, str], int], rows: Mapping[str, int], agreement: float
) -> bool:
    """Whether all that is shared is more than chance would give."""
    return all(
        as_many_by_chance(n, rows[split] * rows[other] * agreement) < BY_CHANCE
        for (split, other), n in shared.items()
        if n
    )


def _pairs(table: CountTable) -> dict[tuple[str, str], int]:
    """Rows of each split that each other one has too; the field shares as it likes."""
    return {
        (str(split), str(other)): n
        for (split, other), n in table
        if split is not None and split != other and "field" not in {split, other}
    }


def judge_time(column: str, windows: Mapping[str, Window], *, named: bool) -> Leak:
    """Whether train holds what came after dev began.

    Args:
        column: The column of times.
        windows: Per split, its time.
        named: Whether somebody said that the order of time matters.

    Returns:
        The leak; where nobody said so and train is not earlier, it cannot be told.
    """
    later = {
        (split, "dev" if "dev" in windows else "test"): windows[split].later
        for split in ("train", "train_dev")
        if split in windows and windows[split].later
    }
    verdict = Verdict.NO
    if later:
        verdict = Verdict.YES if named else Verdict.UNDETERMINED
    if not {"train", "train_dev"} & set(windows) or not {"dev", "test"} & set(windows):
        verdict = Verdict.NOT_APPLICABLE
    return Leak(kind="time", by=(column,), verdict=verdict, shared=later, windows=windows)


def judge_near(
    by: str, matched: Mapping[tuple[str, str], int], rows: Mapping[str, int], what: str
) -> Leak:
    """Whether splits share examples that are almost the same.

    Args:
        by: The column that was compared.
        matched: Per pair (a split, the one it shares with), rows with a near copy there.
        rows: Per split, the rows that were compared.
        what: What counts as almost the same, in words.

    Returns:
        The leak.
    """
    verdict = Verdict.YES if any(matched.values()) else Verdict.NO
    shared = {pair: n for pair, n in matched.items() if n}
    return Leak(kind="near", by=(by,), verdict=verdict, shared=shared, rows=rows, note=what)


def error_of(table: CountTable, split: str, *, level: float = LEVEL) -> Leakage | None:
    """The error of a split with and without the rows that train holds too.

    Args:
        table: Rows by ``split`` and ``other``, with the sum ``wrong`` where predictions tell.
        split: The split.
        level: Level of the intervals, in (0, 1).

    Returns:
        Both errors; None where predictions do not tell, nothing has leaked, or all has.
    """
    if "wrong" not in table.sums:
        return None
    whole, leaked = table.where(split=split, other=split), table.where(split=split, other="train")
    if not 0 < leaked.total < whole.total:
        return None
    wrong, wrong_leaked = (round(float(part.sums["wrong"].sum())) for part in (whole, leaked))
    return leaked_error(
        Binomial(n_errors=wrong_leaked, n=leaked.total),
        Binomial(n_errors=wrong - wrong_leaked, n=whole.total - leaked.total),
        level=level,
    )
