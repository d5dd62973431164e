"""A path, a table or a native frame becomes one lazy frame whose columns have roles."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final, NoReturn

import narwhals.stable.v2 as nw

from headway.counts import SPLITS
from headway.errors import ColumnError, SourceError, SplitError
from headway.frames.columns import PROBABILITY, Columns
from headway.frames.engines import asked, engine_of, fetched
from headway.frames.files import found
from headway.frames.first_look import FirstLook, classes_seen, first_look
from headway.frames.joined import BIT, Part, joined, with_bits
from headway.frames.kinds import NUMBERS, class_values, comparable, kinds, typed
from headway.frames.one_model import only_model
from headway.frames.opened import opened
from headway.frames.splits import split_of
from headway.frames.write import table as from_columns

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from headway.counts import Scalar
    from headway.frames.opened import Opened

__all__ = ["Frame", "check_rows", "read", "refuse_no_rows"]

_COUNTABLE: Final = frozenset({"integer", "float", "boolean", "text", "category"})


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Frame:
    """Rows that have not been read yet, and what is known about their columns.

    Args:
        rows: The rows, in the user's engine.
        columns: Which column plays which role.
        kinds: What each column holds.
        engine: Name of the engine.
        sources: Names of the files, or the kind of table.
        look: What the first pass found.
        chosen: The column and the value that all rows were chosen by, if they were.
        least_loss: The smallest loss that can be used; 0 unless the loss is any number of a row.
        loss_of_label: Whether the loss was made from the label, so that a row without a label has
            none.
        kept: Whatever must live until the rows have been counted.
        bits: Where every file is of one model, per model its value in the column ``BIT``.
    """

    rows: nw.LazyFrame[Any]
    columns: Columns
    kinds: Mapping[str, str]
    engine: str
    sources: tuple[str, ...]
    look: FirstLook
    chosen: tuple[str, Scalar] | None = None
    least_loss: float = 0.0
    loss_of_label: bool = False
    kept: object = None
    bits: Mapping[str, int] = field(default_factory=dict)

    @property
    def roles(self) -> frozenset[str]:
        """The roles that are filled; a prediction may come from probabilities."""
        extra = {"probabilities", "prediction"} if self.columns.probabilities else set()
        return frozenset({*self.columns.roles, *extra})

    @property
    def metadata(self) -> tuple[str, ...]:
        """The columns without a role."""
        return self.columns.metadata

    @property
    def weight_levels(self) -> int | None:
        """Number of distinct combined weights; None where there are more than 50 or none."""
        return self.look.weight_levels

    @property
    def comparable(self) -> bool:
        """Whether label and prediction can ever be equal; ``1`` and ``'1'`` cannot."""
        label = self.kinds[self.columns.roles["label"]]
        if "prediction" in self.columns.roles:
            return comparable(label, self.kind_of("prediction"))
        values = class_values(self.columns.probabilities, label)
        return label not in NUMBERS or not any(isinstance(value, str) for value in values)

    def where(self, key: str, value: Scalar) -> Frame:
        """The rows in which a role or metadata column has this value; None stands for missing."""
        name = self.columns.column(key)
        if name is None:
            raise ColumnError.unknown(key, list(self.kinds))
        rows = self.rows.filter(_is(name, self.kinds[name], value))
        return replace(self, rows=rows, chosen=(name, value))

    def without(self, role: str) -> Frame:
        """The rows without the column of a role."""
        name = self.columns.roles[role]
        roles = {r: n for r, n in self.columns.roles.items() if r != role}
        return replace(
            self,
            rows=self.rows.drop(name),
            columns=replace(self.columns, roles=roles),
            kinds={n: held for n, held in self.kinds.items() if n != name},
        )

    def kind_of(self, role: str) -> str:
        """What the column of a role holds."""
        return self.kinds[self.columns.roles[role]]


def read(
    given: object = None,
    *,
    columns: Mapping[str, str] | None = None,
    engine: str | None = None,
    split_files: Mapping[str, object] | None = None,
    models_from_files: bool = False,
    model: str | None = None,
    versions: Mapping[str, object] | None = None,
) -> Frame:
    """One lazy frame from paths, patterns or native frames, with a role for each column.

    No row is read here, except in the first pass that weights, losses and probabilities without
    the usual names need, where label and prediction of a text file differ in type, and one row of
    each file that is a model.

    Args:
        given: A path, a pattern, several of them, a table that narwhals wraps, or a mapping of
            columns.
        columns: Per role, the column that the user named.
        engine: ``"duckdb"`` or ``"polars"`` for files; None for the quickest, which is Polars
            where each of several files is a model.
        split_files: Per split, a path, pattern, several of them, or a table.
        models_from_files: Whether a file without a ``model`` column is a model of its name.
        model: The only model whose rows are wanted, or None for all.
        versions: Per name of a version, a path, pattern, several of them, or a table; all of its
            rows belong to a model of that name.

    Returns:
        The frame.

    Raises:
        HeadwayError: If something is not there, cannot be read, or a column does not fit its role.

    Examples:
        >>> frame = read({"split": ["dev", "dev"], "label": [0, 1], "y_pred": [0, 0]})
        >>> sorted(frame.roles), dict(frame.columns.recognised)
        (['label', 'prediction', 'split'], {'prediction': 'y_pred'})

    References:
        Contract, "Predictions table".
    """
    wanted = [] if given is None else [_Wanted(table=given)]
    wanted += [_Wanted(table=t, split=_known(name)) for name, t in (split_files or {}).items()]
    wanted += [_Wanted(table=t, version=(name, model)) for name, t in (versions or {}).items()]
    parts, names, kept = _parts(wanted, columns or {}, engine, by_file=models_from_files)
    used = engine_of(parts[0].rows)
    bits: dict[str, int] = {}
    if models_from_files:
        parts, bits = with_bits(parts, (columns or {}).get("model", "model"))
    with asked(used, names):
        rows, conflicts = joined(parts)
        kinds_ = {n: k for n, k in kinds(rows.collect_schema()).items() if n != BIT}
        roles = Columns.recognise(kinds_, columns)
        for name in set(conflicts) & set(roles.roles.values()):
            raise ColumnError.mixed(name, conflicts[name])
        if any(part.is_text for part in parts):
            _check_text(rows, roles, kinds_)
        roles = _with_probabilities(rows, roles, kinds_)
        frame = Frame(
            rows=rows,
            columns=roles,
            kinds=kinds_,
            engine=used,
            sources=names,
            look=FirstLook(),
            kept=kept,
            bits=bits,
        )
        if model is not None and not versions:
            frame = frame.where("model", model)
        return replace(frame, look=first_look(frame.rows, roles, kinds_))


def check_rows(frame: Frame, names: Sequence[str] = ()) -> Frame:
    """The frame, if it has a row; at most one is read.

    Args:
        frame: The frame.
        names: Names of what its rows were chosen from, where a refusal should name that.

    Returns:
        The same frame.

    Raises:
        SourceError: If there is no row.
        ColumnError: If there is none of those that were chosen.
    """
    if not _has_rows(frame.rows, frame.sources):
        refuse_no_rows(replace(frame, sources=tuple(names), chosen=None) if names else frame)
    return frame


def _has_rows(rows: nw.LazyFrame[Any], sources: tuple[str, ...]) -> bool:
    """Whether there is a row."""
    with asked(engine_of(rows), sources):
        names = rows.collect_schema().names()
        return bool(names and fetched(rows.select(names[0]).head(1), names[:1]))


def refuse_no_rows(frame: Frame) -> NoReturn:
    """Refuse a table without rows, or without those that were chosen.

    Raises:
        HeadwayError: Always.
    """
    if frame.chosen is None:
        raise SourceError.no_rows(frame.sources)
    raise ColumnError.no_value(*frame.chosen)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Wanted:
    """Paths or a table, the split that all of its rows belong to, and the version they are of.

    A version comes with the name of the one model that is wanted, or None.
    """

    table: object
    split: str | None = None
    version: tuple[str, str | None] | None = None


def _known(name: str) -> str:
    """The split of this name."""
    split = split_of(name)
    if split is None:
        raise SplitError.unknown(name, SPLITS)
    return split


def _parts(
    wanted: Sequence[_Wanted], columns: Mapping[str, str], engine: str | None, *, by_file: bool
) -> tuple[list[Part], tuple[str, ...], object]:
    """The frames of everything wanted, their names, and what must be kept."""
    files = [(each, group) for each in wanted for group in _groups(each.table, by_file=by_file)]
    if by_file and len(files) > 1:
        engine = engine or "polars"
    opened_groups, kept = opened([group for _, group in files], engine) if files else ([], None)
    parts: list[Part] = []
    names: list[str] = []
    for (each, group), frames in zip(files, opened_groups, strict=True):
        for frame in frames:
            names.extend(frame.names)
            constants = _constants(each.split, columns, frame.rows)
            if by_file and columns.get("model", "model") not in frame.rows.collect_schema():
                _check_model(frame)
                constants["model"] = group[0].stem
            part = Part(rows=frame.rows, is_text=frame.is_text, constants=constants)
            parts.append(_of_version(part, each, columns, frame.names))
    for each in wanted:
        if _paths(each.table) is None:
            rows = _wrapped(each.table)
            names.append(f"the {engine_of(rows)} table")
            part = Part(rows=rows, constants=_constants(each.split, columns, rows))
            parts.append(_of_version(part, each, columns, names[-1:]))
    if not parts:
        raise SourceError.nothing_given()
    return parts, tuple(names), kept


def _check_model(file: Opened) -> None:
    """Refuse a file without rows that stands for a model."""
    if not _has_rows(file.rows, file.names):
        raise SourceError.no_rows(file.names)


def _of_version(
    part: Part, wanted: _Wanted, columns: Mapping[str, str], names: Sequence[str]
) -> Part:
    """The rows of a version, all of one model and under its name."""
    if wanted.version is None:
        return part
    name, model = wanted.version
    column = columns.get("model", "model")
    rows = only_model(part.rows, column, model, names)
    return replace(part, rows=rows, constants={**part.constants, column: name})


def _constants(
    split: str | None, columns: Mapping[str, str], rows: nw.LazyFrame[Any]
) -> dict[str, str]:
    """The column that says the split, where all rows share it."""
    column = columns.get("split", "split")
    if split is None:
        return {}
    if column in rows.collect_schema():
        raise SplitError.two_words(split, column)
    return {column: split}


def _paths(table: object) -> list[str | os.PathLike[str]] | None:
    """The paths that a value consists of; None where it is a table."""
    if isinstance(table, (str, os.PathLike)):
        return [table]
    if isinstance(table, Sequence) and all(isinstance(p, (str, os.PathLike)) for p in table):
        return list(table)
    return None


def _groups(table: object, *, by_file: bool) -> Iterator[list[Path]]:
    """The files of a value, each on its own or all together."""
    paths = [path for given in _paths(table) or () for path in found(given)]
    if by_file:
        yield from ([path] for path in paths)
    elif paths:
        yield paths


def _wrapped(table: object) -> nw.LazyFrame[Any]:
    """A native table or a mapping of columns as a lazy frame."""
    name = type(table).__name__
    with asked("narwhals", (f"the {name}",)):
        native: Any = from_columns(table) if isinstance(table, Mapping) else table
        try:
            frame = nw.from_native(native)
        except TypeError as error:
            raise SourceError.not_a_table(name) from error
        return frame if isinstance(frame, nw.LazyFrame) else typed(frame).lazy()


def _is(name: str, kind: str, value: Scalar) -> nw.Expr:
    """Whether a column has this value."""
    if value is None:
        return nw.col(name).is_null()
    if isinstance(value, str) and kind != "text":
        return nw.col(name).cast(nw.String) == value
    return nw.col(name) == value


def _check_text(rows: nw.LazyFrame[Any], columns: Columns, kinds_: Mapping[str, str]) -> None:
    """Refuse a text file in which only one of label and prediction mixes text and numbers."""
    pair = [columns.roles.get(role) for role in ("label", "prediction")]
    for name, other in (pair, pair[::-1]):
        if name is None or other is None:
            return
        if kinds_[name] != "text" or kinds_[other] not in {"integer", "float"}:
            continue
        numeric = nw.col(name).str.contains(r"^\s*[-+]?[0-9]+(\.[0-9]*)?\s*$")
        flags = rows.select(
            numbers=nw.when(numeric).then(nw.lit(1)).otherwise(nw.lit(0)),
            values=nw.when(~nw.col(name).is_null()).then(nw.lit(1)).otherwise(nw.lit(0)),
        ).select(nw.col("numbers").sum(), nw.col("values").sum())
        n_numbers, n_values = fetched(flags, ("numbers", "values"))[0]
        if 0 < (n_numbers or 0) < (n_values or 0):
            raise ColumnError.mixed(name, ("text", "numbers"))


def _with_probabilities(
    rows: nw.LazyFrame[Any], columns: Columns, kinds_: Mapping[str, str]
) -> Columns:
    """The columns with those probabilities that belong to the classes of the label."""
    exact, usual = columns.probabilities, columns.usual_probabilities
    label = columns.roles.get("label")
    decides = bool(exact) and "prediction" not in columns.roles
    if decides or not (exact or usual) or label is None or kinds_[label] not in _COUNTABLE:
        return columns if decides else _without(columns)
    seen = classes_seen(rows, label, kinds_[label])
    if exact:
        return columns if seen <= set(exact) else _without(columns)
    for start, begun in usual.items():
        if set(begun) == seen:
            said = {f"{PROBABILITY}{value}": f"{start}{value}" for value in begun}
            return replace(
                columns,
                probabilities=begun,
                recognised={**columns.recognised, **said},
                metadata=tuple(n for n in columns.metadata if n not in begun.values()),
            )
    return columns


def _without(columns: Columns) -> Columns:
    """The columns with what looked like probabilities as metadata."""
    return replace(
        columns,
        probabilities={},
        metadata=(*columns.metadata, *columns.probabilities.values()),
    )
