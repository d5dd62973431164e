"""Weights by rule: how much a mistake on each row matters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import narwhals.stable.v2 as nw
import numpy as np

from headway.errors import ColumnError, CountError, SourceError
from headway.frames.columns import Columns
from headway.frames.engines import asked, engine_of, fetched_columns
from headway.frames.expressions import OURS, measure
from headway.frames.files import found as found_files
from headway.frames.first_look import first_look
from headway.frames.joined import Part, joined
from headway.frames.kinds import NUMBERS, TEXTS, kinds, typed
from headway.frames.opened import opened
from headway.frames.write import table as table_of

if TYPE_CHECKING:
    import polars as pl
    from numpy.typing import NDArray

    from headway.counts import Scalar
    from headway.frames.source import Frame

__all__ = ["Rule", "row_weights", "rules_of", "weighted_table", "with_weights"]

BY_RULE: Final = f"{OURS}weight"
PLACE: Final = f"{OURS}place"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """How much mistakes on some rows matter.

    Args:
        where: Per column, the value that a row must have; at least one.
        weight: The weight of such a row, at least 0.

    Raises:
        CountError: If the weight is not a number at least 0, or no column is named.
    """

    where: Mapping[str, Scalar]
    weight: float

    def __post_init__(self) -> None:
        """Check the weight and that there is something to match."""
        if not 0 <= self.weight < float("inf"):
            raise CountError.outside("weight", self.weight, "a number at least 0")
        if not self.where:
            raise CountError.outside("where", "empty", "a column and its value")


def rules_of(given: Sequence[Mapping[str, Any] | Rule]) -> tuple[Rule, ...]:
    """Rules from what a project or a caller declares.

    Args:
        given: Rules, or mappings such as ``{"where": {"must_not_show": True}, "weight": 10}``.

    Returns:
        The rules.

    Raises:
        CountError: If a rule has no ``where`` or no ``weight``.

    Examples:
        >>> rules_of([{"where": {"must_not_show": True}, "weight": 10}])[0].weight
        10.0
    """
    found = []
    for rule in given:
        if isinstance(rule, Rule):
            found.append(rule)
            continue
        if set(rule) != {"where", "weight"} or not isinstance(rule["where"], Mapping):
            expected = "where and weight, such as where={'must_not_show': True}, weight=10"
            raise CountError.outside("a rule of weights", sorted(rule), expected)
        try:
            weight = float(rule["weight"])
        except (TypeError, ValueError) as error:
            raise CountError.outside("weight", rule["weight"], "a number at least 0") from error
        for column, value in rule["where"].items():
            if value is not None and not isinstance(value, str | int | float | bool):
                expected = "one value; give a rule for each of several"
                raise CountError.outside(f"value of '{column}' in a rule", value, expected)
        found.append(Rule(where=dict(rule["where"]), weight=weight))
    return tuple(found)


def _by_rule(found: Mapping[str, str], rules: Sequence[Rule]) -> nw.Expr:
    """The weight of a row: that of the heaviest rule that it matches, else 1."""
    weight = nw.lit(1.0)
    for rule in sorted(rules, key=lambda rule: rule.weight):
        match = None
        for column, value in rule.where.items():
            one = _matches(column, value, found)
            match = one if match is None else match & one
        assert match is not None
        weight = nw.when(match).then(nw.lit(float(rule.weight))).otherwise(weight)
    return weight


def _matches(column: str, value: Scalar, found: Mapping[str, str]) -> nw.Expr:
    """Whether a row has a value in a column, as this column would write it."""
    if column not in found:
        raise ColumnError.unknown_in_rule(column, list(found))
    kind, values = found[column], nw.col(column)
    if value is None:
        return values.is_null()
    if kind in TEXTS:
        return values.cast(nw.String) == str(value)
    if kind == "boolean":
        flag = str(value).lower() in {"true", "1", "1.0"}
        return values == nw.lit(flag)
    if kind in NUMBERS and not isinstance(value, str):
        return values.cast(nw.Float64) == nw.lit(float(value))
    raise ColumnError.unfit("a rule of weights", column, kind, f"values such as '{value}'")


def with_weights(frame: Frame, rules: Sequence[Rule]) -> Frame:
    """The frame with the weight of each row by rule, multiplied with a weight that it has.

    Args:
        frame: The frame.
        rules: How much mistakes on some rows matter. Of several rules that a row matches the
            heaviest counts; a row that matches none weighs 1.

    Returns:
        The frame with the role ``weight``.

    Raises:
        ColumnError: If a rule names a column that is not there, or one that cannot hold its value.

    Examples:
        >>> from headway.frames.source import read
        >>> frame = read({"split": ["dev"] * 2, "correct": [1, 0], "must_not_show": [True, False]})
        >>> rule = Rule(where={"must_not_show": True}, weight=10)
        >>> with_weights(frame, [rule]).weight_levels
        2

    References:
        Notes: week 1, "When to change dev/test sets and metrics".
    """
    if not rules:
        return frame
    weight = _by_rule(frame.kinds, rules)
    given = frame.columns.roles.get("weight")
    if given is not None:
        weight = weight * measure(given, frame.kinds[given], "weight")
    columns = Columns(
        roles={**frame.columns.roles, "weight": BY_RULE},
        probabilities=frame.columns.probabilities,
        usual_probabilities=frame.columns.usual_probabilities,
        metadata=frame.columns.metadata,
        recognised=frame.columns.recognised,
    )
    found = {**frame.kinds, BY_RULE: "float"}
    with asked(frame.engine, frame.sources):
        rows = frame.rows.with_columns(weight.alias(BY_RULE))
        look = first_look(rows, columns, found, least_loss=frame.least_loss)
    return replace(frame, rows=rows, columns=columns, kinds=found, look=look)


def row_weights(given: object, rules: Sequence[Rule]) -> NDArray[np.float64]:
    """The weight of each row of a table, in the order of its rows.

    Args:
        given: A path, a table that narwhals wraps, or a mapping of columns.
        rules: As in ``with_weights``.

    Returns:
        One weight a row. Shape (n_rows,).

    Raises:
        HeadwayError: If the table cannot be read, or a rule does not fit it.

    Examples:
        >>> rule = Rule(where={"must_not_show": True}, weight=10)
        >>> row_weights({"must_not_show": [True, False, None]}, [rule]).tolist()
        [10.0, 1.0, 1.0]
    """
    rows, names = _rows(given)
    with asked(engine_of(rows.lazy()), names):
        if isinstance(rows, nw.DataFrame):
            rows = typed(rows)
        weight = _by_rule(kinds(rows.lazy().collect_schema()), rules).alias(BY_RULE)
        if isinstance(rows, nw.DataFrame):
            return np.asarray(rows.select(weight)[BY_RULE].to_numpy(), dtype=np.float64)
        if engine_of(rows) != "polars":
            found = fetched_columns(rows.select(weight), [BY_RULE])
            return np.asarray(found[BY_RULE], dtype=np.float64)
        found = fetched_columns(_numbered(rows).select(PLACE, weight), [PLACE, BY_RULE])
        return np.asarray(found[BY_RULE], dtype=np.float64)[np.argsort(found[PLACE])]


def _numbered(rows: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    """Rows of Polars with their place: a scan by parts does not keep their order."""
    native: pl.LazyFrame = nw.to_native(rows)
    return nw.from_native(native.with_row_index(PLACE))


def weighted_table(given: object, rules: Sequence[Rule], column: str) -> Any:  # noqa: ANN401
    """The table with a column of weights, in the user's own engine.

    Args:
        given: As in ``row_weights``; a path becomes a table of Polars.
        rules: As in ``with_weights``.
        column: Name of the column.

    Returns:
        A table of the same kind.

    Raises:
        ColumnError: If the column is there already, or a rule does not fit the table.

    Examples:
        >>> rule = Rule(where={"must_not_show": True}, weight=10)
        >>> table = weighted_table({"must_not_show": [True, False]}, [rule], "weight")
        >>> table["weight"].to_list()
        [10.0, 1.0]
    """
    rows, names = _rows(given)
    with asked(engine_of(rows.lazy()), names):
        found = kinds(rows.lazy().collect_schema())
        if column in found:
            raise ColumnError.already_there(column)
        if isinstance(rows, nw.DataFrame):
            told = typed(rows)
            weight = told.select(_by_rule(kinds(told.schema), rules).alias(column))[column]
            return nw.to_native(rows.with_columns(weight))
        return nw.to_native(rows.with_columns(_by_rule(found, rules).alias(column)))


def _rows(given: object) -> tuple[nw.DataFrame[Any] | nw.LazyFrame[Any], tuple[str, ...]]:
    """A table as narwhals sees it, and the names of what was read."""
    if isinstance(given, str | Path):
        groups, _ = opened([found_files(given)], "polars")
        parts = [Part(rows=file.rows, is_text=file.is_text, constants={}) for file in groups[0]]
        return joined(parts)[0], tuple(name for file in groups[0] for name in file.names)
    native: Any = table_of(given) if isinstance(given, Mapping) else given
    name = type(given).__name__
    try:
        return nw.from_native(native), (f"the {name}",)
    except TypeError as error:
        raise SourceError.not_a_table(name) from error
