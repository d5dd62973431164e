"""One row for each example, with what every model answered to it, from one row for each answer.

The ``mask`` of an example has a bit for each row of a model. As many rows as models whose bits add
up to those of all models can only be one row of each, so a sum and a count find the examples that
some model answered twice or not at all.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING, Any, Final

import narwhals.stable.v2 as nw

from headway.errors import ColumnError
from headway.frames.derived import Outcome, derived
from headway.frames.expressions import FRACTION
from headway.frames.joined import BIT
from headway.frames.kinds import TEXTS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from headway.counts import Scalar
    from headway.frames.derived import Derived
    from headway.frames.needs import Needs
    from headway.frames.source import Frame

__all__ = ["CARRIED", "Asked", "Examples", "Met", "examples"]

CARRIED: Final = frozenset({"text", "category", "integer", "boolean", "float", "null"})
"""What a key may hold of which the least and the largest can be told on every engine."""

_WHOLE: Final = nw.Int64()


class Met(IntEnum):
    """What became of an example: answered once by every model, or why it is left out."""

    SHARED = 0
    UNSHARED = 1
    DIFFERENT = 2
    NO_ID = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is asked of the answers to each example.

    Args:
        models: Per model, in the order of the digits, what its rows hold in the column of models.
        answers: ``"correct"``, ``"positive"`` or ``"class"``.
        classes: For ``"class"``, the classes by place; for ``"positive"``, that class alone.
        keys: Keys that an example carries, such as ``"label"``.
        sums: Sums of what an example carries, of ``"w"``, ``"w2"`` and ``"exposure_s"``.
        split: The only split wanted, by its name in the table, or None.
    """

    models: Mapping[str, Scalar]
    answers: str
    classes: tuple[Scalar, ...]
    keys: tuple[str, ...]
    sums: tuple[str, ...]
    split: str | None = None

    @property
    def n_answers(self) -> int:
        """Number of possible answers, at least 2."""
        return max(2, len(self.classes)) if self.answers == "class" else 2


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Examples:
    """Examples, not yet counted.

    Args:
        rows: Per example its ``id``, ``met``, ``n`` (its rows), ``mask``, ``pattern``, and the
            columns of the split, the keys and the sums.
        split: The column of the split; None where all are of one.
        keys: Per key, its column.
        kinds: Per key, what its column held before it was made comparable, or ``"weight"``.
    """

    rows: nw.LazyFrame[Any]
    split: str | None
    keys: Mapping[str, str]
    kinds: Mapping[str, str]


def examples(frame: Frame, needs: Needs, asked: Asked) -> Examples:
    """One row for each example that any of the models answered.

    Args:
        frame: The rows of these models alone.
        needs: What the question takes into account: by its keys split, id, model, the keys that
            are carried, the label where there is one, and the prediction unless answers are just
            right or wrong.
        asked: What is asked of the answers.

    Returns:
        The examples; no pass is made.

    Raises:
        ColumnError: If a key cannot be carried.
    """
    reduced = derived(frame, needs)
    names = reduced.names
    split = names["split"] if "split" in frame.columns.roles else None
    low = {name: f"low_{i}" for i, name in enumerate(_carried(frame, reduced, asked))}
    rows = reduced.rows.filter(nw.col("outcome") <= int(Outcome.ABSTAINED))
    if split is not None and asked.split is not None:
        rows = rows.filter(nw.col(split).cast(nw.String) == asked.split)
    rows = rows.select(
        *([] if split is None else [split]),
        _id(frame, names["id"]).alias("id"),
        _power(frame, reduced, asked, 2).alias("mask"),
        *(_power(frame, reduced, asked, b).alias("power") for b in [asked.n_answers] if b > 2),
        _answer(frame, reduced, asked).alias("answer"),
        *(_comparable(frame, reduced, name).alias(column) for name, column in low.items()),
        *asked.sums,
    )
    digit = nw.col("power" if asked.n_answers > 2 else "mask")
    rows = rows.with_columns(pattern=nw.col("answer") * digit)
    together = rows.group_by(*([] if split is None else [split]), "id", drop_null_keys=False).agg(
        nw.len().alias("n"),
        nw.col("mask").sum(),
        nw.col("pattern").sum(),
        *(nw.col(column).min() for column in low.values()),
        *(nw.col(column).max().alias(f"high_{column}") for column in low.values()),
        *(nw.col(name).max() for name in asked.sums),
    )
    return Examples(
        rows=_judged(together, len(asked.models), list(low.values())),
        split=split,
        keys={name: low[name] for name in asked.keys},
        kinds={name: "weight" if name == "weight" else _kind(frame, name) for name in asked.keys},
    )


def _id(frame: Frame, column: str) -> nw.Expr:
    """The id of a row; none where it is a number that is not whole."""
    values = nw.col(column)
    return nw.when(values != FRACTION).then(values) if frame.kind_of("id") == "float" else values


def _carried(frame: Frame, reduced: Derived, asked: Asked) -> list[str]:
    """The keys whose values must agree between models: the label too, where it can be compared."""
    for name in asked.keys:
        if name != "weight" and _kind(frame, name) not in CARRIED:
            held = f"values of kind '{_kind(frame, name)}'"
            fit = "text, whole numbers or booleans"
            raise ColumnError.unfit(name, frame.columns.column(name) or name, held, fit)
    has_label = "label" in reduced.names and _kind(frame, "label") in CARRIED
    return list(dict.fromkeys([*(["label"] if has_label else []), *asked.keys]))


def _kind(frame: Frame, name: str) -> str:
    """What the column of a key holds."""
    return frame.kinds[frame.columns.column(name) or name]


def _comparable(frame: Frame, reduced: Derived, name: str) -> nw.Expr:
    """A key of which every engine tells the least and the largest value."""
    values = nw.col(reduced.names[name])
    if name == "weight":
        return values
    kind = _kind(frame, name)
    if kind in TEXTS:
        return values.cast(nw.String)
    return values.cast(_WHOLE) if kind == "boolean" else values


def _power(frame: Frame, reduced: Derived, asked: Asked, base: int) -> nw.Expr:
    """The value of a digit of the model of a row."""
    powers = {value: base**place for place, value in enumerate(asked.models.values())}
    if BIT in reduced.names:
        bits: dict[Scalar, int] = {
            frame.bits[name]: base**place for place, name in enumerate(asked.models)
        }
        values = nw.col(reduced.names[BIT])
        alike = all(bit == power for bit, power in bits.items())
        return values if alike else _replaced(values, bits, 0)
    values = nw.col(reduced.names["model"])
    values = values.cast(nw.String) if frame.kind_of("model") in TEXTS else values
    return _replaced(values, powers, 0)


def _answer(frame: Frame, reduced: Derived, asked: Asked) -> nw.Expr:
    """The digit of a row."""
    if asked.answers == "correct":
        return _flag(nw.col("outcome") == int(Outcome.RIGHT))
    digits = {value: i for i, value in enumerate(asked.classes)}
    if asked.answers == "positive":
        digits = dict.fromkeys(asked.classes, 1)
    rest = digits.pop(None, 0)
    guess, kind = nw.col(reduced.names["prediction"]), "integer"
    if reduced.classes:
        digits = {i: digits[v] for i, v in enumerate(reduced.classes) if v in digits}
    else:
        kind = frame.kind_of("prediction")
    if kind in TEXTS:
        guess = guess.cast(nw.String)
    elif kind == "boolean":
        guess = guess.cast(_WHOLE)
    typed = {_typed(value, kind): digit for value, digit in digits.items()}
    return _replaced(guess, {value: d for value, d in typed.items() if value is not None}, rest)


def _typed(value: Scalar, kind: str) -> Scalar:
    """A class as a column of this kind holds it; None where it cannot."""
    if kind in TEXTS:
        return str(value)
    if isinstance(value, str) or value is None:
        return None
    return float(value) if kind == "float" else int(value) if value == int(value) else None


def _replaced(values: nw.Expr, numbers: Mapping[Scalar, int], rest: int) -> nw.Expr:
    """Numbers in place of values; another one in place of every other value and of none."""
    if not numbers:
        return nw.lit(rest, dtype=_WHOLE)
    old, new = list(numbers), list(numbers.values())
    replaced = values.replace_strict(old, new, default=rest, return_dtype=_WHOLE)
    return nw.when(~values.is_null()).then(replaced).otherwise(nw.lit(rest, dtype=_WHOLE))


def _flag(condition: nw.Expr) -> nw.Expr:
    """1 where the condition holds, 0 elsewhere."""
    return nw.when(condition).then(nw.lit(1, dtype=_WHOLE)).otherwise(nw.lit(0, dtype=_WHOLE))


def _judged(rows: nw.LazyFrame[Any], n_models: int, columns: Sequence[str]) -> nw.LazyFrame[Any]:
    """Examples with what became of them."""
    apart = [_apart(column) for column in columns]
    rows = rows.with_columns(apart=nw.sum_horizontal(nw.lit(0), *apart) if apart else nw.lit(0))
    shared = (nw.col("n") == n_models) & (nw.col("mask") == 2**n_models - 1)
    known = nw.when(shared).then(nw.lit(int(Met.SHARED))).otherwise(nw.lit(int(Met.UNSHARED)))
    alike = nw.when(nw.col("apart") == 0).then(known).otherwise(nw.lit(int(Met.DIFFERENT)))
    named = nw.when(~nw.col("id").is_null()).then(alike).otherwise(nw.lit(int(Met.NO_ID)))
    return rows.with_columns(met=named)


def _apart(column: str) -> nw.Expr:
    """1 where the least and the largest value of a key differ."""
    low, high = nw.col(column), nw.col(f"high_{column}")
    return nw.when(~low.is_null()).then(_flag(low != high)).otherwise(nw.lit(0))
