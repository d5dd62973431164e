"""The joint answers of several models to the same examples, counted."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import narwhals.stable.v2 as nw

from headway.counts import CountSpec
from headway.errors import ColumnError, CountError, SourceError, TargetError
from headway.frames.engines import asked as engine_asked
from headway.frames.examples import Asked, examples
from headway.frames.joined import BIT
from headway.frames.needs import needs_of
from headway.frames.one_model import models_in
from headway.frames.pattern_cells import pattern_cells
from headway.frames.reduce import reduce
from headway.frames.scored import positive_class
from headway.joint import JointCounts

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from headway.counts import Counts, Intake, Scalar
    from headway.frames.examples import Examples
    from headway.frames.pattern_cells import PatternCells
    from headway.frames.source import Frame

__all__ = ["ANSWERS", "Plan", "can_pair", "joint", "planned"]

ANSWERS: Final = ("correct", "positive", "class")
"""What can be told of each answer."""

SUMS: Final = ("exposure_s", "w", "w2")
"""What is the same for all models of an example, and can be summed over examples."""

MOST: Final = 2**62
"""Most patterns that have a number."""


def can_pair(frame: Frame) -> bool:
    """Whether rows say which example and which model they belong to, so that models can be paired.

    Args:
        frame: The frame.

    Returns:
        True if it has the roles ``id`` and ``model``. Whether models share examples is not asked.

    Examples:
        >>> from headway.frames.source import read
        >>> can_pair(read({"id": [1], "model": ["a"], "correct": [1]}))
        True
    """
    return {"id", "model"} <= frame.columns.roles.keys()


def joint(
    frame: Frame,
    *,
    answers: str = "correct",
    positive: Scalar = None,
    keys: Iterable[str] = (),
    sums: Iterable[str] = (),
    models: Sequence[str] | None = None,
    split: str | None = None,
    max_patterns: int = 2_000_000,
    max_unusable: float = 0.01,
    mature_after_days: float | None = None,
    as_of: date | str | None = None,
) -> tuple[JointCounts, Intake]:
    """Examples that several models answered, counted by what they said together.

    Two passes: one for what became of the rows of each model, one that groups them by example and
    the examples by their pattern. Rows are judged as by ``reduce``.

    Args:
        frame: Rows of several models, with the roles ``id`` and ``model``.
        answers: ``"correct"``, ``"positive"`` or ``"class"``, as in ``JointCounts``.
        positive: The positive class, where answers are ``"positive"`` and it is not 1 or true.
        keys: Further keys, which all models must agree on: ``"label"``, ``"weight"``, a column.
        sums: Sums over examples, of ``"w"``, ``"w2"`` and ``"exposure_s"``.
        models: The models to pair, in the order of their digits; None for all, by name.
        split: The only split wanted, or None for all.
        max_patterns: Most patterns, those of examples that not all answered included.
        max_unusable: Largest share of rows that may be left out, a fraction in [0, 1].
        mature_after_days: Age in days at which labels count as final, or None for any.
        as_of: The day from which the age is measured, also as ISO text.

    Returns:
        The joint counts, and the intake of the rows of these models. Its ``unusable`` also holds
        rows with ``no_id``, with a ``repeated_id`` (all of an example that a model answered
        twice), and of examples on whose label or key ``models_differ``.

    Raises:
        HeadwayError: If a role is missing, a model is unknown, too many rows cannot be used, the
            models share no example, or there are too many patterns.

    Examples:
        >>> from headway.frames.source import read
        >>> frame = read({"id": [1, 2, 1, 2], "model": list("aabb"), "correct": [0, 0, 1, 1]})
        >>> counts, _ = joint(frame)
        >>> counts.models, list(counts.table)
        (('a', 'b'), [(('dev', 2), 2)])

    References:
        Methods note, sections 0.2 and 3.11.
        Notes: week 1, "Single number evaluation metric".
    """
    asked = _asked(frame, answers, tuple(keys), sums)
    plan = planned(
        frame,
        asked,
        positive=positive,
        models=models,
        split=split,
        max_unusable=max_unusable,
        aging=(mature_after_days, as_of),
    )
    intake = plan.intake
    with engine_asked(frame.engine, frame.sources):
        cells = pattern_cells(plan.examples, plan.asked, max_patterns)
    apart = cells.left_out()
    unusable = {**intake.unusable, **apart}
    if sum(unusable.values()) > max_unusable * intake.rows:
        raise SourceError.unusable(unusable, intake.rows, max_unusable)
    found = _joint(cells, plan.asked)
    if found.n_shared == 0:
        raise SourceError.nothing_shared(found.models)
    repeated = apart.get("repeated_id", 0)
    ids = f"{repeated} repeated" if repeated else "unique"
    return found, replace(intake, unusable=dict(sorted(unusable.items())), ids=ids)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Plan:
    """What is known after the first pass: the examples to be counted, what is asked, the intake."""

    examples: Examples
    asked: Asked
    intake: Intake


def planned(
    frame: Frame,
    asked: Asked,
    *,
    positive: Scalar = None,
    models: Sequence[str] | None = None,
    split: str | None = None,
    max_unusable: float = 0.01,
    aging: tuple[float | None, date | str | None] = (None, None),
) -> Plan:
    """The examples of several models, after a first pass over their rows.

    Args:
        frame: Rows of several models, with the roles ``id`` and ``model``.
        asked: What is asked, without models, classes and split.
        positive: The positive class, or None for 1 or true.
        models: The models to pair, in the order of their digits; None for all, by name.
        split: The only split wanted, or None for all.
        max_unusable: Largest share of rows that may be left out, a fraction in [0, 1].
        aging: Age in days at which labels count as final, and the day from which it is measured.

    Returns:
        The plan.

    Raises:
        HeadwayError: As ``joint``.
    """
    for role in ("id", "model"):
        if role not in frame.columns.roles:
            raise ColumnError.role_absent(role, "pairing models", sorted(frame.roles))
    days, as_of = aging
    frame = _with_bits(frame if models is None else _only(frame, models))
    counts, intake = reduce(
        frame, _first(asked), max_unusable=max_unusable, mature_after_days=days, as_of=as_of
    )
    names = _models(counts, frame)
    asked = replace(
        asked,
        models={name: names[name] for name in models or sorted(names)},
        classes=_classes(frame, counts, asked.answers, positive),
        split=None if split is None else _raw_split(counts, intake, split),
    )
    if asked.n_answers ** len(names) > MOST:
        raise CountError.too_many_answers(len(names), asked.n_answers)
    with engine_asked(frame.engine, frame.sources):
        needs = needs_of(frame, _second(frame, asked), mature_after_days=days, as_of=as_of)
        return Plan(examples=examples(frame, needs, asked), asked=asked, intake=intake)


def _joint(cells: PatternCells, asked: Asked) -> JointCounts:
    """The joint counts."""
    table = cells.table()
    return JointCounts(
        models=tuple(asked.models),
        answers=asked.answers,
        base=asked.n_answers,
        classes=asked.classes,
        table=table,
        unshared=dict(zip(asked.models, cells.unshared(), strict=True)),
        n_shared=table.total,
    )


def _asked(frame: Frame, answers: str, keys: tuple[str, ...], sums: Iterable[str]) -> Asked:
    """What is asked, as far as it is known before anything was read."""
    if answers not in ANSWERS:
        raise CountError.outside("answers", f"'{answers}'", f"one of {', '.join(ANSWERS)}")
    for name in sums:
        if name not in SUMS:
            raise CountError.outside("a sum", f"'{name}'", f"one of {', '.join(SUMS)}")
    if answers != "correct" and "prediction" not in frame.roles:
        purpose = "counting what models answer together"
        raise ColumnError.role_absent("prediction", purpose, sorted(frame.roles))
    kept = tuple(dict.fromkeys(name for name in keys if name != "split"))
    return Asked(models={}, answers=answers, classes=(), keys=kept, sums=tuple(sorted(set(sums))))


def _only(frame: Frame, models: Sequence[str]) -> Frame:
    """The rows of some models."""
    column = frame.columns.roles["model"]
    present = list(frame.bits)
    if not present:
        with engine_asked(frame.engine, frame.sources):
            present = models_in(frame.rows, column)
    for name in models:
        if name not in present:
            raise TargetError.unknown("model of the table", name, present)
        if list(models).count(name) > 1:
            raise TargetError.repeated("model", name)
    chosen = nw.col(column).cast(nw.String).is_in(models)
    if frame.bits:
        chosen = nw.col(BIT).is_in([frame.bits[name] for name in models])
    return replace(frame, rows=frame.rows.filter(chosen))


def _with_bits(frame: Frame) -> Frame:
    """The frame with its bits as a column to be counted by, where it has them."""
    if not frame.bits:
        return frame
    columns = replace(frame.columns, metadata=(*frame.columns.metadata, BIT))
    return replace(frame, columns=columns, kinds={**frame.kinds, BIT: "integer"})


def _first(asked: Asked) -> CountSpec:
    """The first question: what became of the rows of each model, and what it answered."""
    groupings = {("split", "misclassified", "model")}
    if asked.answers == "class":
        groupings.add(("split", "model", "prediction"))
    weights = {"w"} if "weight" in asked.keys else set()
    return CountSpec(groupings=frozenset(groupings), sums=frozenset({*asked.sums, *weights}))


def _second(frame: Frame, asked: Asked) -> CountSpec:
    """The second question, as far as it decides what is needed of a row."""
    keys = {"split", "id", "model", "misclassified", *asked.keys}
    keys |= {"label"} & frame.columns.roles.keys()
    keys |= {BIT} if frame.bits else set()
    keys |= {"prediction"} if asked.answers != "correct" else set()
    return CountSpec(groupings=frozenset({tuple(sorted(keys))}), sums=frozenset(asked.sums))


def _models(counts: Counts, frame: Frame) -> dict[str, Scalar]:
    """Per name of a model, what its rows hold."""
    held = [cell[0] for cell in counts.table("model").cells]
    if None in held:
        column = frame.columns.roles["model"]
        raise ColumnError.unfit("model", column, "rows without a name", "a name in each row")
    return {str(value): value for value in held}


def _classes(frame: Frame, counts: Counts, answers: str, positive: Scalar) -> tuple[Scalar, ...]:
    """The classes that answers can be."""
    if answers == "positive":
        return (positive_class(frame, positive),)
    if answers == "class":
        return tuple(cell[0] for cell in counts.table("prediction").cells)
    return ()


def _raw_split(counts: Counts, intake: Intake, split: str) -> str:
    """The name of a split in the table."""
    if (split,) not in counts.table("split").cells:
        raise ColumnError.no_value("split", split)
    raw = {meant: name.removeprefix("split=") for name, meant in intake.recognised.items()}
    return raw.get(split, split)
