"""Rows to counts, in as few passes as the engine allows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeVar

import narwhals.stable.v2 as nw

from headway.counts import SPLITS, Counts, Intake
from headway.errors import ColumnError, CountError, SourceError, SplitError
from headway.frames.cells import CellReading, cell_reading
from headway.frames.clusters import cluster_sums
from headway.frames.derived import Derived, Outcome, derived
from headway.frames.engines import asked, fetched
from headway.frames.needs import Needs, needs_of
from headway.frames.source import refuse_no_rows
from headway.frames.tally import tally

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from headway.counts import CountSpec, CountTable
    from headway.frames.source import Frame

__all__ = ["reduce"]

N = TypeVar("N", int, float)

REASONS: Final = {
    Outcome.BAD_PROBABILITIES: "bad_probabilities",
    Outcome.BAD_LOSS: "bad_loss",
    Outcome.BAD_WEIGHT: "bad_weight",
    Outcome.BAD_EXPOSURE: "bad_exposure",
}


def reduce(
    frame: Frame,
    spec: CountSpec,
    *,
    max_unusable: float = 0.01,
    check_ids: bool = False,
    mature_after_days: float | None = None,
    as_of: date | str | None = None,
    max_cells: int = 1_000_000,
) -> tuple[Counts, Intake]:
    """The answer to a question about a frame, and what became of its rows.

    One pass, and one more for each of: sums over clusters, the search for repeated ids, and, on
    engines other than Polars and DuckDB, each grouping where they have over 100,000 cells jointly.

    Args:
        frame: The frame.
        spec: What to count.
        max_unusable: Largest share of rows that may be left out, a fraction in [0, 1].
        check_ids: Whether repeated ids are looked for.
        mature_after_days: Age in days at which labels count as final, or None for any.
        as_of: The day from which the age is measured, also as ISO text.
        max_cells: Most cells of one grouping.

    Returns:
        The counts of the rows that can be used, by canonical split, and the intake.

    Raises:
        HeadwayError: If too many rows cannot be used, a key or sum has no column, or there would
            be too many cells.

    Examples:
        >>> from headway.counts import CountSpec
        >>> from headway.frames.source import read
        >>> frame = read({"split": ["dev", "dev"], "label": [0, 1], "prediction": [0, 0]})
        >>> spec = CountSpec(groupings=frozenset({("split", "misclassified")}))
        >>> counts, intake = reduce(frame, spec)
        >>> list(counts.table("split", "misclassified")), intake.rows
        ([(('dev', False), 1), (('dev', True), 1)], 2)

    References:
        Methods note, sections 0.2 and 0.10.
    """
    if not 0.0 <= max_unusable <= 1.0:
        raise CountError.outside("max_unusable", max_unusable, "a fraction from 0 to 1")
    with asked(frame.engine, frame.sources):
        needs = needs_of(frame, spec, mature_after_days=mature_after_days, as_of=as_of)
        rows = derived(frame, needs)
        wanted = {grouping: _columns(grouping, needs, rows) for grouping in spec.groupings}
        status = _status(needs, rows)
        groupings = _widest({*wanted.values(), status}, needs, rows)
        called = {alias: name for name, alias in rows.names.items()} | {"outcome": "misclassified"}
        cells = tally(rows.rows, groupings, needs.sums, max_cells=max_cells, names=called)
    readings = {
        grouping: cell_reading(found, grouping, frame, needs, rows)
        for grouping, found in cells.items()
    }
    taken = readings[_provider(status, groupings, needs, rows)]
    _check_rows(taken, frame, max_unusable)
    if not any("model" in grouping for grouping in spec.groupings):
        _check_models(taken)
    tables = {
        grouping: readings[_provider(columns, groupings, needs, rows)].table(
            grouping, sorted(spec.sums)
        )
        for grouping, columns in wanted.items()
    }
    with asked(frame.engine, frame.sources):
        counts = _counts(tables, taken, frame, needs, rows)
        ids = _ids(frame, max_unusable) if check_ids else "not checked"
    return counts, _intake(taken, frame, ids)


def _columns(grouping: tuple[str, ...], needs: Needs, rows: Derived) -> tuple[str, ...]:
    """The columns that must be counted by, so that a grouping can be read off."""
    compared = {"label", "prediction"} <= set(grouping)
    needed = (
        not needs.plain
        or ("misclassified" in grouping and not compared)
        or (needs.truth in {"pair", "label"} and "label" not in grouping)
    )
    names = {rows.names[name] for name in {"split", *grouping} - {"misclassified"}}
    return tuple(sorted(names | ({"outcome"} if needed else set())))


def _status(needs: Needs, rows: Derived) -> tuple[str, ...]:
    """The columns that tell what became of every row, and of which model."""
    model = ("model",) if "model" in needs.keys else ()
    return _columns(("split", "misclassified", *model), needs, rows)


def _told(columns: Iterable[str], needs: Needs, rows: Derived) -> set[str]:
    """The columns and what follows from them: label and prediction may tell the outcome."""
    told = set(columns)
    pair = {rows.names.get("label"), rows.names.get("prediction")}
    if needs.plain and None not in pair and pair <= told:
        told.add("outcome")
    return told


def _widest(
    groupings: Iterable[tuple[str, ...]], needs: Needs, rows: Derived
) -> list[tuple[str, ...]]:
    """The groupings from which all can be read off."""
    kept: list[tuple[str, ...]] = []
    for grouping in sorted(groupings, key=lambda names: (-len(names), "outcome" in names, names)):
        if not any(set(grouping) <= _told(other, needs, rows) for other in kept):
            kept.append(grouping)
    return kept


def _provider(
    columns: tuple[str, ...], groupings: list[tuple[str, ...]], needs: Needs, rows: Derived
) -> tuple[str, ...]:
    """The grouping that these columns are read off."""
    return min((other for other in groupings if set(columns) <= _told(other, needs, rows)), key=len)


def _unusable(taken: CellReading) -> dict[str, int]:
    """Rows that cannot be used, by reason."""
    found: dict[str, int] = {}
    cells = zip(taken.raw_splits, taken.columns["split"], taken.outcomes, taken.n, strict=True)
    for raw, split, outcome, n in cells:
        if split is None:
            reason = "no_split" if raw is None else "unknown_split"
        elif outcome == Outcome.NO_LABEL:
            reason = "" if split == "field" else "no_label"
        else:
            reason = REASONS.get(outcome, "")
        if reason:
            found[reason] = found.get(reason, 0) + n
    return dict(sorted(found.items()))


def _check_rows(taken: CellReading, frame: Frame, max_unusable: float) -> None:
    """Refuse a table without rows, or with too many that cannot be used."""
    n = sum(taken.n)
    if n == 0:
        refuse_no_rows(frame)
    unusable = _unusable(taken)
    n_unusable = sum(unusable.values())
    n_usable = sum(taken.n[i] for i in taken.usable)
    unknown = sorted(
        {
            str(raw)
            for raw, split in zip(taken.raw_splits, taken.columns["split"], strict=True)
            if split is None and raw is not None
        }
    )
    if all(split is None for split in taken.columns["split"]):
        raise SplitError.only_unknown(unknown)
    if n_unusable > max_unusable * n or (n_usable == 0 and n_unusable):
        raise SourceError.unusable(unusable, n, max_unusable, unknown)
    if n_usable == 0:
        raise SourceError.no_labels(n)


def _check_models(taken: CellReading) -> None:
    """Refuse to add up the rows of several models."""
    models = {str(name) for name in taken.columns.get("model", ())}
    if len(models) > 1:
        raise SourceError.several_models(sorted(models))


def _counts(
    tables: Mapping[tuple[str, ...], CountTable],
    taken: CellReading,
    frame: Frame,
    needs: Needs,
    rows: Derived,
) -> Counts:
    """The counts, with sums over clusters where they were asked."""
    clusters = None
    if needs.clusters:
        splits = {str(taken.raw_splits[i]): str(taken.columns["split"][i]) for i in taken.usable}
        clusters = cluster_sums(rows.rows, rows.names["split"], splits)
    center = frame.look.loss_center if needs.loss else 0.0
    return Counts(tables=tables, clusters=clusters, loss_center=center)


def _ids(frame: Frame, max_unusable: float) -> str:
    """What is known about repeated ids, in words; one pass over the ids."""
    name = frame.columns.roles.get("id")
    if name is None:
        raise ColumnError.missing("id", "id", list(frame.kinds))
    keys = [name, *(frame.columns.roles[r] for r in ("model",) if r in frame.columns.roles)]
    repeats = (
        frame.rows.filter(~nw.col(name).is_null())
        .group_by(*keys)
        .agg(nw.len().alias("n"))
        .select(nw.len().alias("ids"), nw.col("n").sum())
    )
    n_ids, n = (int(value or 0) for value in fetched(repeats, ("ids", "n"))[0])
    if n - n_ids > max_unusable * n:
        found = f"{n - n_ids} repeated ids in {n} rows"
        raise ColumnError.unfit("id", name, found, "one row for each example and model")
    return "unique" if n == n_ids else f"{n - n_ids} repeated"


def _intake(taken: CellReading, frame: Frame, ids: str) -> Intake:
    """What was read and what could not be used."""
    columns = frame.columns
    renamed = {
        f"split={raw}": str(split)
        for raw, split in zip(taken.raw_splits, taken.columns["split"], strict=True)
        if split is not None and raw != split
    }
    exposure: dict[str, float] = {}
    if "exposure_s" in taken.sums:
        for i in taken.usable:
            split = str(taken.columns["split"][i])
            exposure[split] = exposure.get(split, 0.0) + taken.sums["exposure_s"][i]
    unlabeled = taken.by_split(Outcome.NO_LABEL).get("field", 0)
    differ = {"label", "prediction"} <= columns.roles.keys() and not frame.comparable
    by_largest = "prediction" not in columns.roles and bool(columns.probabilities)
    intake = Intake(
        rows=sum(taken.n),
        unusable=_unusable(taken),
        recognised={**columns.recognised, **renamed},
        unlabeled={"field": unlabeled} if unlabeled else {},
        immature=_in_order(taken.by_split(Outcome.IMMATURE)),
        abstained=_in_order(taken.by_split(Outcome.ABSTAINED)),
        roles=dict(columns.roles),
        prediction_from="probabilities" if by_largest else "prediction",
        whole_floats=tuple(
            role
            for role in ("label", "prediction")
            if role in columns.roles and frame.kind_of(role) == "float"
        ),
        types_differ=(frame.kind_of("label"), frame.kind_of("prediction")) if differ else None,
        no_split="split" not in columns.roles,
        ids=ids,
        exposure_s=_in_order(exposure),
        sources=frame.sources,
        engine=frame.engine,
    )
    apart = (intake.unusable, intake.unlabeled, intake.immature)
    n_apart = sum(sum(found.values()) for found in apart)
    assert n_apart + sum(taken.n[i] for i in taken.usable) == intake.rows, "a row was lost"
    return intake


def _in_order(by_split: Mapping[str, N]) -> dict[str, N]:
    """The same, in ladder order."""
    return {split: by_split[split] for split in SPLITS if split in by_split}
