"""Are the splits fit for their purpose: the right target, large enough, and free of leaks?"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final

from headway.answers import answer
from headway.counts import Intake
from headway.errors import ColumnError, SourceError, SplitError
from headway.findings import Verdict
from headway.frames.marginals import agreement
from headway.frames.one_model import models_in
from headway.frames.sample import placed
from headway.frames.shared import shared, windows
from headway.frames.splitting import named
from headway.opening import frame_of, reduced, rng_of
from headway.stats.forms import Binomial
from headway.stats.measured import point, variance
from headway.store.settings import asked
from headway.strategy import alike, leaks, rungs
from headway.strategy.leaks import Leak, Window
from headway.strategy.set_sizes import set_size
from headway.strategy.split_check import SplitCheck
from headway.workbench.side_by_side import looked_at, near_copies, seen

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from headway.counts import CountTable, Scalar
    from headway.frames.sample import Placed, Sample
    from headway.frames.source import Frame
    from headway.report.answer import Answer
    from headway.stats.forms import Measured
    from headway.store.settings import Asked
    from headway.strategy.set_sizes import SetSize

__all__ = ["check_splits"]

COMPARED: Final = (
    ("dev", "test"),
    ("dev", "field"),
    ("test", "field"),
    ("train", "train_dev"),
)
"""Pairs of splits that should share a distribution."""


def check_splits(
    source: Any = None,  # noqa: ANN401 - any frame or path
    *,
    time: str | None = None,
    **options: Any,  # noqa: ANN401
) -> Answer[SplitCheck]:
    """Are dev and test the right target, large enough, and free of leaks?

    Columns are counted by the engine. A classifier, vectors and near copies see a seeded sample of
    at most 50,000 rows of each split.

    Args:
        source: Rows with a column ``split``, with or without predictions; a path, a pattern,
            several of them, or a frame. None for ``splits``: a file or frame for each split.
        time: A column of times, where train must be earlier than dev and test.
        **options: ``margin``, ``level``, ``by`` (columns whose parts must be large enough),
            ``max_unusable`` (rows in no known split), ``columns``, ``engine``, ``model``,
            ``ignore_group``, ``seed``, ``splits`` and ``project``; see
            ``headway.store.settings.Asked``.

    Returns:
        Whether dev and test share a distribution with each other and with the field, and train-dev
        with train; whether dev and test are large enough for the margin; what they share with
        train, and what their errors are without it.

    Raises:
        HeadwayError: If the input or the settings cannot be used.

    Examples:
        >>> rows = {"id": [*range(400)], "source": ["US"] * 200 + ["India"] * 200}
        >>> rows["split"] = ["dev"] * 200 + ["test"] * 200
        >>> found = check_splits(rows).result
        >>> found.alike[0].verdict, found.alike[0].tests[0].name
        (<Verdict.YES: 'yes'>, 'source')

    References:
        Methods note, sections 4.5 to 4.7.
        Notes: week 1, "Train/dev/test distributions".
    """
    question = asked(source, {"engine": "polars", **options})
    frame = frame_of(question)
    _check_model(frame, question)
    found = placed(frame)
    _check_placed(found, question)
    splits = found.splits
    looked = looked_at(frame, splits, question)
    digest = sha256(repr(sorted((s, n) for s, (_, n) in splits.items())).encode()).hexdigest()[:16]
    rng = rng_of(question.seed, "check-splits", digest)
    pairs = [(a, b) for a, b in COMPARED if a in splits and b in splits]
    beside = [seen(pair, looked, question, rng) for pair in pairs]
    tables = _tables(frame, splits, looked.held)
    check = SplitCheck(
        n={split: n for split, (_, n) in splits.items()},
        alike=alike.judge(beside, level=question.level),
        sizes=_sizes(frame, splits, looked.counted, question),
        leaks=(
            *_leaks(tables, looked.samples),
            *_times(frame, splits, time),
            *near_copies(looked),
        ),
        errors=_errors(tables, splits, question.level),
        columns={n: kind for n, kind in looked.held.items() if kind in {"value", "number"}},
        aside=_aside(frame, looked.held),
    )
    return answer(check.told(), question, intake=_intake(frame, found), digest=digest)


def _check_model(frame: Frame, question: Asked) -> None:
    """Refuse several models: their rows are the same examples again and again."""
    column = frame.columns.roles.get("model")
    if column is None or question.model is not None:
        return
    names = models_in(frame.rows, column)
    if len(names) > 1:
        raise SourceError.several_models(names)


def _check_placed(found: Placed, question: Asked) -> None:
    """Refuse rows of which none, or too few, are in a split."""
    n_unusable = sum(found.unusable.values())
    if n_unusable == found.total:
        raise SplitError.only_unknown(found.unknown)
    if n_unusable > question.max_unusable * found.total:
        allowed = question.max_unusable
        raise SourceError.unusable(found.unusable, found.total, allowed, found.unknown)


def _tables(
    frame: Frame, splits: Mapping[str, tuple[Scalar, int]], held: Mapping[str, str]
) -> dict[str, tuple[tuple[str, ...], CountTable]]:
    """What splits share, by kind of key; none where there is only one split."""
    roles = frame.columns.roles
    if "split" not in roles or len(splits) < 2:
        return {}
    found: dict[str, tuple[tuple[str, ...], CountTable]] = {}
    for role in ("id", "group"):
        if role in roles:
            found[role] = (roles[role],), shared(frame, [roles[role]], splits)
    source = roles.get("source")
    content = [
        n for n, k in held.items() if k in {"value", "number", "text", "same"} and n != source
    ]
    label = roles.get("label")
    inputs = [name for name in content if name != label]
    if inputs:
        found["row"] = tuple(content), shared(frame, content, splits)
        if label in content:
            found["inputs"] = tuple(inputs), shared(frame, inputs, splits)
    return found


def _leaks(
    tables: Mapping[str, tuple[tuple[str, ...], CountTable]], samples: Mapping[str, Sample]
) -> list[Leak]:
    """What splits share, judged; what could not be looked for is said."""
    if not tables:
        return []
    inputs = tables["inputs"][1] if "inputs" in tables else None
    found = []
    for kind in ("id", "group", "row"):
        if kind not in tables:
            found.append(Leak(kind=kind, by=(), verdict=Verdict.NOT_APPLICABLE))
            continue
        by, table = tables[kind]
        is_row = kind == "row"
        found.append(
            leaks.judge_key(
                kind,
                by,
                table,
                inputs=inputs if is_row else None,
                has_id="id" in tables,
                agreement=agreement(samples, by) if is_row else 0.0,
            )
        )
    return found


def _times(frame: Frame, splits: Mapping[str, tuple[Scalar, int]], time: str | None) -> list[Leak]:
    """Whether train is earlier than dev and test."""
    column = time and (frame.columns.column(time) or time)
    if column is not None and column not in frame.kinds:
        raise ColumnError.unknown(column, list(frame.kinds))
    if column is None:
        known = [n for n in frame.columns.metadata if frame.kinds[n] == "time"]
        column = known[0] if len(known) == 1 else frame.columns.roles.get("label_time")
    if column is None or "split" not in frame.columns.roles:
        return []
    found = {
        split: Window(first=first, last=last, later=later)
        for split, (first, last, later) in windows(frame, column, splits).items()
    }
    ordered = {name: found[name] for name in splits if name in found and name != "field"}
    return [leaks.judge_time(column, ordered, named=time is not None)]


def _errors(
    tables: Mapping[str, tuple[tuple[str, ...], CountTable]],
    splits: Iterable[str],
    level: float,
) -> dict[str, Any]:
    """The errors of dev and test without what train holds too, by the key that tells most."""
    found = {}
    for split in ("dev", "test"):
        if split not in splits or "train" not in splits:
            continue
        best = max(
            (kind for kind in ("id", "group", "row") if kind in tables),
            key=lambda kind: tables[kind][1].where(split=split, other="train").total,
            default=None,
        )
        error = leaks.error_of(tables[best][1], split, level=level) if best else None
        if best and error is not None:
            found[split] = (best, error)
    return found


def _sizes(
    frame: Frame,
    splits: Mapping[str, tuple[Scalar, int]],
    counted: Mapping[str, CountTable],
    question: Asked,
) -> tuple[SetSize, ...]:
    """Whether dev and test are large enough."""
    measured = _measured(frame, question)
    source = frame.columns.roles.get("source")
    cut = [*([source] if source else []), *(frame.columns.column(n) for n in question.by)]
    found = []
    for split in ("dev", "test"):
        if not splits.get(split, (None, 0))[1]:
            continue
        n, error = splits[split][1], measured.get(split)
        parts = {
            (str(name), named(value)): size
            for name in dict.fromkeys(cut)
            if name in counted
            for (where, value), size in counted[str(name)]
            if where == split
        }
        found.append(
            set_size(
                split,
                n,
                n_eff=None if error is None else _worth(error),
                rate=None if error is None else point(error),
                margin=question.margin,
                parts=parts,
                level=question.level,
            )
        )
    return tuple(found)


def _measured(frame: Frame, question: Asked) -> Mapping[str, Measured]:
    """The error of each split, where predictions tell it."""
    if not ("correct" in frame.roles or {"label", "prediction"} <= frame.roles):
        return {}
    spec = rungs.needs(
        frame.roles,
        weight_levels=frame.weight_levels,
        ignore_group=question.ignore_group,
        metric="error",
    )
    counts, _ = reduced(frame, spec, question)
    return rungs.errors(counts).measured


def _worth(error: Measured) -> float | None:
    """Independent rows that an error is worth, where they come in groups or carry weights."""
    spread = variance(error)
    rate = point(error)
    if isinstance(error, Binomial) or spread <= 0 or not 0 < rate < 1:
        return None
    return rate * (1 - rate) / spread


def _aside(frame: Frame, held: Mapping[str, str]) -> dict[str, str]:
    """Columns that were not compared one by one, and why."""
    why = {
        "name": "names its rows",
        "same": "has one value",
        "text": "text: seen by the classifier",
        "vector": "vectors: seen by the classifier and as a mean",
    }
    found = {name: why[kind] for name, kind in held.items() if kind in why}
    for name in frame.columns.metadata:
        if name not in held:
            found[name] = "a time" if frame.kinds[name] == "time" else "cannot be compared"
    return found


def _intake(frame: Frame, found: Placed) -> Intake:
    """What was read."""
    columns, splits = frame.columns, found.splits
    renamed = {f"split={raw}": s for s, (raw, _) in splits.items() if raw is not None and raw != s}
    return Intake(
        rows=found.total,
        unusable=dict(found.unusable),
        recognised={**columns.recognised, **renamed},
        roles=dict(columns.roles),
        no_split="split" not in columns.roles,
        sources=frame.sources,
        engine=frame.engine,
    )
