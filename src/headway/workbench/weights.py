"""Which weights make the metric agree with us, and the weights of the rows for training."""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from headway.answers import answer
from headway.errors import ColumnError, CountError, ProjectError, StoreError, TargetError
from headway.frames.columns import ROLES
from headway.frames.engines import asked as engine_asked
from headway.frames.fingerprints import fingerprints
from headway.frames.joint import joint
from headway.frames.one_model import models_in
from headway.frames.weighting import row_weights, rules_of, weighted_table
from headway.opening import frame_of, rng_of, today
from headway.recording import looked
from headway.stats.patterns import pair_counts
from headway.store import ledger as ledgers
from headway.store.project import FILE, Project
from headway.store.settings import LADDER_ALONE, asked, check_read, opened
from headway.store.weights import write_weights
from headway.strategy import preferences
from headway.strategy.harms import chain
from headway.strategy.history import Comparison
from headway.strategy.preferences_said import findings, unwritten
from headway.strategy.wishes import category_name

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from headway.counts import CountTable, Intake, Scalar
    from headway.findings import Finding
    from headway.frames.source import Frame
    from headway.frames.weighting import Rule
    from headway.joint import JointCounts
    from headway.report.answer import Answer
    from headway.stats.forms import Estimate
    from headway.store.settings import Asked
    from headway.strategy.wishes import Preferences, Preferred

__all__ = ["example_weights", "reweight"]

NOT_READ: Final = (*LADDER_ALONE, "splits", "rungs", "model", "positive", "exposure_s")
"""Options that make no sense of several models on one split."""

MOST_SHOWN: Final = 6

MOST_CATEGORIES: Final = 50
"""Values of a column up to which each is a category."""


def reweight(
    source: Any = None,  # noqa: ANN401 - any frame or path
    *,
    prefer: str | Sequence[str],
    over: str | Sequence[str] = (),
    category: str | Sequence[str] = (),
    split: str = "dev",
    write: bool = False,
    replace_weights: bool = False,
    **options: Any,  # noqa: ANN401
) -> Answer[Preferences]:
    """Which weights make the metric agree with us?

    Args:
        source: Predictions of several models on the same examples, with ``id`` and, unless each
            file is a model of its own, ``model``.
        prefer: The preferred model, several of them, or a ranking such as ``"B>A>C"``.
        over: The models that it is preferred to; by default all the others.
        category: Columns that mark the examples on which mistakes matter more: a flag, or
            ``"topic=medical"`` for one value of a column.
        split: The split whose examples are counted.
        write: Whether the weights are written into the project's target.
        replace_weights: Whether weights that stand there may be replaced.
        **options: See ``headway.store.settings.Asked``.

    Returns:
        Whether the metric ranks as preferred, else the smallest weights at which it does, how sure
        that is, and the limits that would do it instead. A preference that no weights can express
        is a finding.

    Raises:
        HeadwayError: If the input or the settings cannot be used.

    Examples:
        >>> rows = {"id": [*range(8)] * 2, "model": ["A"] * 8 + ["B"] * 8}
        >>> rows["correct"] = [1] * 7 + [0] + [0, 0] + [1] * 6
        >>> rows["must_not_show"] = ([False] * 7 + [True]) * 2
        >>> reweight(rows, prefer="B", category="must_not_show").result.state
        'within_noise'

    References:
        Notes: week 1, "When to change dev/test sets and metrics".
    """
    check_read("reweight", options, NOT_READ)
    question = asked(source, options)
    if question.target is not None and question.target.source != "outcome":
        raise TargetError.no_weights_for(question.target.name)
    if write:
        _check_writable(question, replace_weights=replace_weights)
    wanted = _many(prefer), _many(over), _many(category)
    judged, intake, counts = _judged(question, wanted, split)
    if question.weight_rules and judged.state not in {"agrees", "within_noise"}:
        judged = _afresh(judged, question, wanted)
    judged = _with_overturned(judged, question)
    if write and judged.weights:
        judged = _written(judged, question, replace_weights=replace_weights)
        assert question.project is not None
        question = replace(question, project=Project.read(question.project.path))
    told = _kept(judged, question, counts)
    if write and not judged.written:
        assert question.project is not None
        told = (*told, unwritten(question.project.path.name))
    return answer(judged, question, intake=intake, digest=_digest(counts.table), more=told)


def _check_writable(question: Asked, *, replace_weights: bool) -> None:
    """Refuse to write where there is no project, or weights that may not be replaced."""
    if question.project is None:
        raise ProjectError.absent(str(Path.cwd()))
    if question.weight_rules and not replace_weights:
        path = str(question.project.path)
        raise ProjectError.weights_declared(path, len(question.weight_rules))


def _judged(
    question: Asked, wanted: tuple[Sequence[str], Sequence[str], Sequence[str]], split: str
) -> tuple[Preferences, Intake, JointCounts]:
    """Preferences against the metric that the question stands on."""
    prefer, over, category = wanted
    frame = frame_of(question, models_from_files=True)
    pairs = chain(prefer, over, _models(frame))
    columns, chosen = _categories(frame, category)
    counts, intake = _joint(question, frame, pairs, tuple(columns), split)
    _check_few({key: name for key, name in columns.items() if key not in chosen}, counts.table)
    digest = _digest(counts.table)
    judged = preferences.judge(
        counts,
        pairs,
        columns=columns,
        chosen=chosen,
        rng=rng_of(question.seed, "preferences", digest),
        level=question.level,
        split=split,
    )
    return judged, intake, counts


def _with_overturned(judged: Preferences, question: Asked) -> Preferences:
    """The same, with the earlier comparisons of which the weights change the winner."""
    ledger = ledgers.ledger_of(question.project)
    if ledger is None or not judged.weights:
        return judged
    try:
        earlier = ledgers.comparisons(ledger)
    except StoreError:
        return judged
    by_name = {category_name(w.where): w.weight for w in judged.weights}
    noted = replace(judged, overturned=preferences.overturned(earlier, by_name))
    return replace(noted, findings=findings(noted))


def _kept(judged: Preferences, question: Asked, counts: JointCounts) -> tuple[Finding, ...]:
    """Keep the errors that were looked at, and each pair of models by category."""
    if question.project is None:
        return ()
    frame = frame_of(question, models_from_files=True)
    first = frame.where("model", judged.models[0].model)
    fingerprint = fingerprints(first).get(judged.split, "")
    seen = {s.model: {judged.split: s.error} for s in judged.models}
    pairs = [_comparison(judged, counts, p, fingerprint) for p in judged.preferences]
    return looked(question, seen, "error", purpose="weights", more=pairs, frame=first)


def _comparison(
    judged: Preferences, counts: JointCounts, pair: Preferred, fingerprint: str
) -> Comparison:
    """Two models by category of mistakes, as it is kept."""
    first, second = (
        next(s for s in judged.models if s.model == name) for name in (pair.better, pair.worse)
    )
    errors = {
        category_name(category.where): (_n_errors(a), _n_errors(b))
        for category, a, b in zip(
            judged.categories, first.by_category, second.by_category, strict=True
        )
    }
    _, a_only, b_only, _ = pair_counts(counts, pair.better, pair.worse)
    return Comparison(
        a=pair.better,
        b=pair.worse,
        fingerprint=fingerprint,
        metric="error",
        errors=errors,
        n=judged.n,
        a_only=a_only,
        b_only=b_only,
    )


def _n_errors(error: Estimate | None) -> int:
    """Number of errors behind an error rate."""
    return 0 if error is None else round(error.estimate * (error.n or 0))


def _afresh(
    now: Preferences,
    question: Asked,
    wanted: tuple[Sequence[str], Sequence[str], Sequence[str]],
) -> Preferences:
    """Weights that stand instead of the declared ones, which rank against a preference."""
    assert question.project is not None
    target = question.project.target.model_copy(update={"weights": ()})
    project = question.project.model_copy(update={"target": target})
    fresh, _, _ = _judged(replace(question, project=project), wanted, now.split)
    if fresh.state == "agrees":
        return now
    fresh = replace(fresh, preferences=now.preferences, tau=now.tau)
    return replace(fresh, findings=findings(fresh))


def _many(given: str | Sequence[str]) -> tuple[str, ...]:
    """One or several names as a tuple."""
    return (given,) if isinstance(given, str) else tuple(given)


def _models(frame: Frame) -> list[str]:
    """The models there are."""
    column = frame.columns.roles.get("model")
    if column is None:
        raise ColumnError.role_absent("model", "comparing models", sorted(frame.roles))
    with engine_asked(frame.engine, frame.sources):
        return models_in(frame.rows, column)


def _categories(frame: Frame, names: Sequence[str]) -> tuple[dict[str, str], dict[str, Scalar]]:
    """Per key of the counts its column, and the value that marks a category where one is named."""
    if not names:
        flags = [name for name in frame.metadata if frame.kinds[name] == "boolean"]
        others = [name for name in frame.metadata if name not in flags]
        raise TargetError.no_category([*flags, *others][:MOST_SHOWN])
    columns: dict[str, str] = {}
    chosen: dict[str, Scalar] = {}
    for text in names:
        name, sign, value = (part.strip() for part in text.partition("="))
        if name not in frame.kinds:
            raise ColumnError.unknown(name, list(frame.kinds))
        roles = {column: role for role, column in frame.columns.roles.items() if role in ROLES}
        key = roles.get(name, name)
        columns[key] = name
        if sign:
            chosen[key] = value
    return columns, chosen


def _check_few(columns: Mapping[str, str], table: CountTable) -> None:
    """Refuse columns that would make too many categories."""
    for key, name in columns.items():
        values = [value for value in dict.fromkeys(table.column(key)) if value is not None]
        if len(values) > MOST_CATEGORIES:
            raise CountError.too_many_categories(name, len(values), MOST_CATEGORIES, values[0])


def _joint(
    question: Asked,
    frame: Frame,
    pairs: Sequence[tuple[str, str]],
    keys: tuple[str, ...],
    split: str,
) -> tuple[JointCounts, Intake]:
    """What the models said of each example together."""
    names = list(dict.fromkeys(name for pair in pairs for name in pair))
    weighted = bool(frame.roles & {"weight", "sampling_weight"})
    return joint(
        frame,
        keys=keys,
        sums=("w",) if weighted else (),
        models=sorted(names),
        split=split,
        max_unusable=question.max_unusable,
        mature_after_days=question.mature_after_days,
        as_of=question.as_of or today(),
    )


def _digest(table: CountTable) -> str:
    """A short digest of what was counted."""
    return sha256(repr((table.keys, table.cells, table.n.tolist())).encode()).hexdigest()[:16]


def _written(judged: Preferences, question: Asked, *, replace_weights: bool) -> Preferences:
    """The same, with the weights written into the project's target."""
    assert question.project is not None
    path = question.project.path
    rules = [(dict(w.where), w.weight) for w in judged.weights if w.weight > 1]
    write_weights(path, rules, replace=replace_weights)
    noted = replace(judged, written=path.name)
    return replace(noted, findings=findings(noted))


def example_weights(
    frame: Any,  # noqa: ANN401 - any frame or path
    *,
    project: Project | str | Path | None = None,
    weights: Sequence[Mapping[str, Any] | Rule] | None = None,
    column: str | None = None,
) -> Any:  # noqa: ANN401 - an array, or a frame in the user's engine
    """The weight of each row by rule, for a loss or ``sample_weight``.

    Args:
        frame: A table of any kind, or a path: training rows as well as predictions.
        project: The project whose target declares the weights; by default the one found here.
        weights: Rules instead of a project:
            ``[{"where": {"must_not_show": True}, "weight": 10}]``.
        column: Name of a column to add; None for an array.

    Returns:
        One weight a row, in the order of the rows, as an array of shape (n_rows,); or the table
        with the column, in its own engine. Of several rules that a row matches the heaviest
        counts; a row that matches none weighs 1.

    Raises:
        HeadwayError: If there are no rules, or one does not fit the table.

    Examples:
        >>> rows = {"must_not_show": [True, False]}
        >>> rule = {"where": {"must_not_show": True}, "weight": 10}
        >>> example_weights(rows, weights=[rule]).tolist()
        [10.0, 1.0]

    References:
        Notes: week 1, "When to change dev/test sets and metrics".
    """
    if weights is not None and not weights:
        raise CountError.outside("weights", "empty", "at least one rule")
    rules = rules_of(weights) if weights is not None else _declared(project)
    return row_weights(frame, rules) if column is None else weighted_table(frame, rules, column)


def _declared(project: Project | str | Path | None) -> tuple[Rule, ...]:
    """The rules that a project declares."""
    found = opened(project if project is not None else Path.cwd())
    assert found is not None
    rules = rules_of([rule.model_dump() for rule in found.target.weights])
    if not rules:
        hint = "add them by hand, or with headway reweight --write."
        raise ProjectError.nothing_declared(str(found.folder / FILE), "weight by rule", hint)
    return rules
