"""Did the change help? Two versions of a model, rung by rung."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from headway.answers import answer
from headway.counts import SPLITS
from headway.errors import ColumnError, SourceError, TargetError
from headway.frames.one_model import models_in
from headway.frames.source import check_rows, read
from headway.frames.versions import side, versions
from headway.frames.weighting import rules_of, with_weights
from headway.frames.write import table as table_of
from headway.measuring import chosen, error_words, found, prepared
from headway.opening import reduced, rng_of, today
from headway.recording import looked, model_name
from headway.store.settings import asked, check_read
from headway.strategy import changes, human, measures, pairing, rungs
from headway.strategy.clustering import design_effects
from headway.strategy.ladder import RUNGS
from headway.strategy.movements import Pair
from headway.studies.collect import Collected

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from headway.counts import Counts, Intake
    from headway.findings import Finding
    from headway.frames.source import Frame
    from headway.measuring import Found
    from headway.report.answer import Answer
    from headway.stats.forms import Estimate
    from headway.store.settings import Asked
    from headway.strategy.human import Reference
    from headway.strategy.movements import Changes

__all__ = ["compare"]

VERSIONS: Final = ("before", "after")

LOOKED_AT: Final = ("dev", "test")

LOGGED: Final = ("error", "loss")
"""What the rungs hold where it is the metric itself."""

NOT_READ: Final = ("splits", "rungs", "by")
"""Options that make no sense of two versions."""


def compare(
    before: Any,  # noqa: ANN401 - any frame or path
    after: Any = None,  # noqa: ANN401
    *,
    models: Sequence[str] | None = None,
    target: str | None = None,
    **options: Any,  # noqa: ANN401
) -> Answer[Changes]:
    """Did the change help?

    Args:
        before: Predictions of the first version: a path, a pattern, several of them, or a frame;
            or its errors as numbers, ``"train=1%/50000,dev=10%/2000"``.
        after: Predictions, or errors, of the second version; None where ``before`` holds both.
        models: The two models in ``before``, first version first, where it holds several.
        target: The gap that the change was meant to close.
        **options: See ``headway.store.settings.Asked``.

    Returns:
        The change of every rung that both versions have, which gaps moved, and what that
        amounts to. Examples are paired by split and ``id``.

    Raises:
        HeadwayError: If the input or the settings cannot be used.

    Examples:
        >>> found = compare("train=1%,train_dev=9%,dev=10%", "train=3%,train_dev=9%,dev=10%")
        >>> found.result.signature
        'exchange'

    References:
        Notes: week 1, "Orthogonalization"; week 2, "Build your first system quickly, then iterate".
    """
    check_read("compare", options, NOT_READ)
    question = asked(before, options)
    numbers = [_numbers(given) for given in (before, after)]
    if numbers[0] is not None and numbers[1] is not None:
        return _of_numbers(question, numbers[0], numbers[1], target)
    if numbers[0] is not None or numbers[1] is not None:
        raise TargetError.numbers_and_rows()
    frame, names = _frame(question, before, after, models)
    met = _met(question, frame, names)
    judged = changes.judge(
        met.pairs,
        rng=rng_of(question.seed, "changes", met.digest),
        settings=replace(
            question.ladder,
            metric=met.found[0].metric.name,
            error_words=error_words(met.found[0].metric),
            is_rate=met.found[0].errors.is_rate,
            weighted=met.found[0].errors.weighted,
        ),
        reference=question.level_of_reference,
        target=target,
        correlation=met.correlation,
        left_out=met.left_out,
        unshared=met.unshared,
        apart_because=met.because,
    )
    files = (model_name(None, before, names[0]), model_name(None, after, names[1]))
    called = names if models or files[0] == files[1] else files
    told: tuple[Finding, ...] = ()
    if judged.error_words in LOGGED:
        first = frame.where("model", names[0])
        told = looked(question, _seen(judged, called), judged.error_words, frame=first)
    return answer(judged, question, intake=met.intake, digest=met.digest, more=told)


def _seen(judged: Changes, names: tuple[str, str]) -> dict[str, dict[str, Estimate]]:
    """What a comparison shows of dev and test, by version."""
    rungs = [rung for rung in judged.rungs if rung.name in LOOKED_AT]
    return {
        names[0]: {rung.name: rung.before for rung in rungs},
        names[1]: {rung.name: rung.after for rung in rungs},
    }


def _numbers(given: object) -> dict[str, str] | None:
    """Errors given as numbers, by rung; None where predictions are given."""
    if isinstance(given, str) and "=" in given and not Path(given).exists():
        parts = [part.partition("=") for part in given.split(",") if part.strip()]
        given = {name.strip().replace("-", "_"): value.strip() for name, _, value in parts}
    if not isinstance(given, Mapping) or not given:
        return None
    if not all(isinstance(value, str | float | int) for value in given.values()):
        return None
    for name in given:
        if name not in RUNGS:
            raise TargetError.unknown("rung", str(name), RUNGS)
    return {str(name): str(value) for name, value in given.items()}


def _of_numbers(
    question: Asked, before: dict[str, str], after: dict[str, str], target: str | None
) -> Answer[Changes]:
    """Two versions known by their numbers alone."""
    reference = _reference(question, before, after)
    measured = [
        {name: human.parse_error(error) for name, error in side_.items() if name != "human"}
        for side_ in (before, after)
    ]
    digest = sha256(repr(measured).encode()).hexdigest()[:16]
    shared = [name for name in SPLITS if name in measured[0] and name in measured[1]]
    judged = changes.judge(
        {name: Pair.apart(measured[0][name], measured[1][name]) for name in shared},
        rng=rng_of(question.seed, "changes", digest),
        settings=question.ladder,
        reference=reference,
        target=target,
        left_out=[n for n in SPLITS if (n in measured[0]) != (n in measured[1])],
        apart_because="numbers do not say which examples were met",
    )
    return answer(judged, question, digest=digest)


def _reference(
    question: Asked, before: Mapping[str, str], after: Mapping[str, str]
) -> Reference | None:
    """The reference level, which must be the same for both versions."""
    given = {side_["human"] for side_ in (before, after) if "human" in side_}
    if len(given) > 1:
        raise TargetError.two_references(*sorted(given))
    if given and question.human is None:
        return replace(question, human=given.pop()).level_of_reference
    return question.level_of_reference


def _frame(
    question: Asked, before: object, after: object, models: Sequence[str] | None
) -> tuple[Frame, tuple[str, str]]:
    """The rows of both versions, and the names of their models."""
    if after is not None and models:
        raise TargetError.models_and_files()
    if after is None:
        if models is None or len(models) != len(VERSIONS) or len(set(models)) != len(VERSIONS):
            raise TargetError.not_two_models(list(models or ()))
        frame = read(_table(before), columns=question.columns, engine=question.engine)
        _check_models(check_rows(frame), models)
        return with_weights(frame, rules_of(question.weight_rules)), (models[0], models[1])
    given = {name: _table(t) for name, t in zip(VERSIONS, (before, after), strict=True)}
    frame = read(
        columns=question.columns, engine=question.engine, model=question.model, versions=given
    )
    for name, table in given.items():
        check_rows(frame.where("model", name), [table if isinstance(table, str) else name])
    return with_weights(frame, rules_of(question.weight_rules)), ("before", "after")


def _check_models(frame: Frame, models: Sequence[str]) -> None:
    """Refuse a model that is not in the table."""
    column = frame.columns.roles.get("model")
    if column is None:
        raise ColumnError.role_absent("model", "choosing two of its models", sorted(frame.roles))
    known = models_in(frame.rows, column)
    for name in models:
        if name not in known:
            raise TargetError.unknown("model of the table", name, known)


def _table(given: object) -> object:
    """What can be read: plain columns become a table."""
    if isinstance(given, Collected):
        given = given.columns
    return table_of(given) if isinstance(given, Mapping) else given


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Met:
    """What was counted of two versions."""

    pairs: dict[str, Pair]
    found: tuple[Found, Found]
    correlation: NDArray[np.float64] | None
    left_out: list[str]
    unshared: dict[str, tuple[int, int]]
    because: str
    intake: Intake
    digest: str


def _met(question: Asked, frame: Frame, names: tuple[str, str]) -> _Met:
    """Both versions counted, alone and together."""
    metric = chosen(question, frame)
    both = tuple(found(frame.where("model", name), metric, question) for name in names)
    errors = [one.errors.measured for one in both]
    pairs, sides, counts = _paired(question, frame, names, both[0])
    exact = {"train"} if question.train_as == "fixed" else set()
    pairs = {split: pair for split, pair in pairs.items() if split not in exact}
    shared = [split for split in SPLITS if split in errors[0] and split in errors[1]]
    every = {s: pairs.get(s) or Pair.apart(errors[0][s], errors[1][s]) for s in shared}
    digests = [one.counts.digest for one in both] + ([counts.digest] if counts else [])
    return _Met(
        pairs=every,
        found=(both[0], both[1]),
        correlation=_correlation(every, sides),
        left_out=[s for s in SPLITS if (s in errors[0]) != (s in errors[1])],
        unshared={s: n for s, n in _unshared(counts).items() if s in pairs},
        because=_because(frame, both[0], exact),
        intake=_together(both[0].intake, both[1].intake, is_paired=bool(pairs)),
        digest=sha256("".join(digests).encode()).hexdigest()[:16],
    )


def _unshared(counts: Counts | None) -> dict[str, tuple[int, int]]:
    """Examples that only one version met."""
    return pairing.unshared(counts) if counts is not None else {}


def _kind(got: Found) -> str | None:
    """How examples are paired for a metric; None where they cannot be."""
    if got.metric.source in {"outcome", "row"}:
        return measures.row_kind(got.metric)
    return "class" if got.metric.source == "confusion" else None


def _because(frame: Frame, got: Found, exact: set[str]) -> str:
    """Why some splits are not paired."""
    if "id" not in frame.roles:
        return "there is no id column"
    if _kind(got) is None:
        return f"{got.metric.title} is not paired"
    return "train is held exact" if exact else "the versions share too few examples"


def _paired(
    question: Asked, frame: Frame, names: tuple[str, str], got: Found
) -> tuple[dict[str, Pair], pairing.Sides | None, Counts | None]:
    """The splits that can be paired example by example."""
    by = _kind(got)
    if by is None or "id" not in frame.roles:
        return {}, None, None
    rows, _ = prepared(frame, got.metric)
    days, day = question.mature_after_days, question.as_of or today()
    met = versions(rows, *names, by=by, mature_after_days=days, as_of=day)
    grouped = "group" in met.roles and not question.ignore_group
    plain = replace(question, check_ids=False, mature_after_days=None, exposure_s=None)
    spec = pairing.needs(met.roles, by=by, weight_levels=met.weight_levels)
    counts, _ = reduced(met, spec, plain)
    _check_examples(counts, question)
    if counts.table("met").where(met=pairing.BOTH).total == 0:
        return {}, None, counts
    sides = _sides(met, plain, is_loss=by == "loss") if grouped or by == "loss" else None
    if by == "loss" and sides is not None:
        return pairing.loss_pairs(counts, sides), sides if grouped else None, counts
    if by == "class":
        effects = design_effects(got.counts)
        pairs = pairing.class_pairs(counts, got.metric, costs=question.costs, effects=effects)
        return pairs, None, counts
    return pairing.error_pairs(counts, sides), sides, counts


def _sides(met: Frame, question: Asked, *, is_loss: bool) -> pairing.Sides:
    """What is counted row by row on shared examples."""
    parts = [side(met, name, is_loss=is_loss) for name in ("was", "now")]
    parts.append(met.where("met", pairing.BOTH))
    errors = []
    for part, loss in zip(parts, (is_loss, is_loss, True), strict=True):
        spec = rungs.needs(
            part.roles,
            weight_levels=part.weight_levels,
            ignore_group=question.ignore_group,
            metric="loss" if loss else "error",
        )
        errors.append(rungs.errors(reduced(part, spec, question)[0]))
    return pairing.Sides(before=errors[0], after=errors[1], change=errors[2])


def _check_examples(counts: Counts, question: Asked) -> None:
    """Refuse versions of which too many examples are repeated or labeled otherwise."""
    table = counts.table("met")
    n = {name: table.where(met=name).total for name in ("again", "differ")}
    if sum(n.values()) > question.max_unusable * table.total:
        reasons = {"repeated_id": n["again"], "models_differ": n["differ"]}
        raise SourceError.unusable(reasons, table.total, question.max_unusable)


def _correlation(
    pairs: Mapping[str, Pair], sides: pairing.Sides | None
) -> NDArray[np.float64] | None:
    """How the changes of the splits depend on each other through shared clusters."""
    if sides is None or sides.change.correlation is None:
        return None
    known = list(sides.change.measured)
    matrix = np.eye(len(pairs))
    places = [(i, known.index(s)) for i, s in enumerate(pairs) if s in known and pairs[s].paired]
    for i, r in places:
        for j, c in places:
            matrix[i, j] = sides.change.correlation[r, c]
    return matrix


def _together(before: Intake, after: Intake, *, is_paired: bool) -> Intake:
    """What was read of both versions."""
    return replace(
        after,
        rows=before.rows + after.rows,
        unusable=dict(sorted((Counter(before.unusable) + Counter(after.unusable)).items())),
        recognised={**before.recognised, **after.recognised},
        unlabeled=dict(Counter(before.unlabeled) + Counter(after.unlabeled)),
        immature=dict(Counter(before.immature) + Counter(after.immature)),
        abstained=dict(Counter(before.abstained) + Counter(after.abstained)),
        ids="unique" if is_paired else after.ids,
    )
