"""How worn is the dev set?"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from hashlib import sha256
from math import inf
from typing import TYPE_CHECKING, Any, Final

from headway.answers import answer
from headway.errors import SourceError, StoreError, TargetError
from headway.frames.cluster_moments import MOST_MODELS, cluster_moments
from headway.frames.fingerprints import fingerprints
from headway.frames.joint import can_pair, joint
from headway.frames.one_model import models_in
from headway.measuring import chosen, found
from headway.opening import frame_of, rng_of
from headway.recording import model_name
from headway.stats.measured import estimate, point
from headway.store import ledger as ledgers
from headway.store.settings import LADDER_ALONE, asked, check_read
from headway.strategy import wear as wears
from headway.strategy.history import Tally
from headway.strategy.human import parse_error
from headway.strategy.looks import Look, before_test_look, of_set
from headway.strategy.wear import Wearing

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from headway.counts import Intake
    from headway.findings import Finding
    from headway.frames.source import Frame
    from headway.joint import ClusterMoments, JointCounts
    from headway.measuring import Found
    from headway.report.answer import Answer
    from headway.stats.forms import Measured
    from headway.stats.metric import Metric
    from headway.store.places import Ledger
    from headway.store.settings import Asked
    from headway.strategy.ladder import Gaps
    from headway.strategy.worn import Wear

__all__ = ["wear", "worn"]

NOT_READ: Final = LADDER_ALONE
"""Options that make no sense of wear, which knows no gaps."""

SETS: Final = ("dev", "test")


TOGETHER: Final = 60
"""Most models that are paired; of more, the best."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Met:
    """What was read: errors, counts and where they come from."""

    dev: Measured | None = None
    test: Measured | None = None
    joint: JointCounts | None = None
    clusters: ClusterMoments | None = None
    model: str | None = None
    metric: str | None = None
    looks: tuple[Look, ...] = ()
    prints: Mapping[str, str] = field(default_factory=dict)
    intake: Intake | None = None
    digest: str = "0" * 16


def wear(
    source: Any = None,  # noqa: ANN401 - any frame or path
    *,
    looks: Sequence[Look] | None = None,
    consultations: int | None = None,
    purpose: str | None = None,
    test_looks: int = 3,
    **options: Any,  # noqa: ANN401
) -> Answer[Wear]:
    """How worn is the dev set: how often was it asked, and what did that do to its answers?

    Args:
        source: As in ``gaps``: predictions on dev, and on test where there are some; several models
            with ids sharpen the answer. None for errors given as numbers (``rungs``), or for what
            the project's ledger holds.
        looks: Looks at dev and test; None takes those of the project's ledger.
        consultations: Looks at dev counted by hand, at least 0: a floor beside those logged.
        purpose: ``"selection"``: what was looked at was listed before any was measured;
            ``"adaptive"``: it was built from earlier dev answers; ``"unknown"``. None takes it from
            the looks.
        test_looks: Looks that one test set stands for, at least 1.
        **options: See ``headway.store.settings.Asked``.

    Returns:
        The looks at each set, the optimism of the chosen model's dev error as a range, the gap
        between dev and test compared with it, what the Ladder rule would have shown, and when a
        fresh dev set is due.

    Raises:
        HeadwayError: If there is nothing to judge, or the input or the settings cannot be used.

    Examples:
        >>> rungs = {"dev": "4.8%/10000", "test": "5.3%/10000"}
        >>> found = wear(rungs=rungs, consultations=50, margin=0.02).result
        >>> found.verdict.value, round(found.optimism.independent, 4)
        ('no', 0.0048)

    References:
        Notes: week 1, "Chain of assumption in examples" (a bigger dev set).
    """
    check_read("wear", options, NOT_READ)
    question = asked(source, {"command": "headway wear", **options})
    has_rows = source is not None or bool(options.get("splits"))
    ledger = ledgers.ledger_of(question.project)
    is_empty = looks is None and consultations is None and ledger is None
    if is_empty and not has_rows and not question.rungs:
        raise SourceError.nothing_given()
    log = tuple(looks) if looks is not None else ledgers.looks(ledger) if ledger else ()
    met = _rows(question) if has_rows else _numbers(question)
    everything = (*log, *met.looks)
    judged = wears.judge(
        everything,
        rng=rng_of(question.seed, "wear", met.digest),
        dev=met.dev,
        test=met.test,
        joint=met.joint or _kept_together(ledger, everything, met.prints.get("dev")),
        clusters=met.clusters,
        settings=Wearing(
            n_looks=consultations or 0,
            purpose=purpose,
            model=question.model or met.model,
            fingerprint=met.prints.get("dev"),
            test_fingerprint=met.prints.get("test"),
            metric=met.metric or (question.target.name if question.target else None),
            margin=question.margin,
            level=question.level,
            test_looks=test_looks,
        ),
    )
    told = _remembered(question, met, judged, log) if has_rows and ledger is not None else ()
    return answer(judged, question, intake=met.intake, digest=met.digest, more=told)


def worn(question: Asked, gaps: Gaps) -> tuple[Finding, ...]:
    """What the project's ledger says of the wear of the sets that a ladder stands on."""
    ledger = ledgers.ledger_of(question.project)
    if ledger is None or question.rungs is not None:
        return ()
    try:
        log = ledgers.looks(ledger)
    except StoreError:
        return ()
    prints = fingerprints(frame_of(question))
    measured = {rung.name: rung.measured for rung in gaps.rungs}
    at_dev = of_set(log, "dev", prints.get("dev"))
    if "dev" not in measured or not at_dev:
        return ()
    judged = wears.judge(
        log,
        rng=rng_of(question.seed, "wear", prints.get("dev", "0" * 8)),
        dev=measured["dev"],
        test=measured.get("test"),
        joint=_kept_together(ledger, log, prints.get("dev")),
        settings=Wearing(
            fingerprint=prints.get("dev"),
            test_fingerprint=prints.get("test"),
            margin=gaps.margin,
            level=question.level,
        ),
    )
    return judged.findings


def _kept_together(
    ledger: Ledger | None, log: Sequence[Look], fingerprint: str | None
) -> JointCounts | None:
    """How the models of the dev set in use err together, as far as the ledger holds it."""
    at_dev = of_set(log, "dev", fingerprint)
    if ledger is None or not at_dev:
        return None
    kept = ledgers.tallies(ledger, split="dev", fingerprint=at_dev[-1].fingerprint)
    return max((each.joint for each in kept), key=lambda each: len(each.models), default=None)


def _remembered(
    question: Asked, met: _Met, judged: Wear, before: Sequence[Look]
) -> tuple[Finding, ...]:
    """What was read goes into the ledger; a test number beyond the budget is warned of."""
    entries: list[Look | Tally] = [look for look in met.looks if look.split == "dev"]
    if met.joint is not None and met.clusters is None and "dev" in met.prints:
        entries.append(Tally(split="dev", fingerprint=met.prints["dev"], joint=met.joint))
    warning = None
    at_test = [k for k in met.looks if k.split == "test" and k.model == judged.model]
    if judged.test is not None and at_test:
        entries += at_test
        warning = before_test_look(
            before,
            fingerprint=at_test[0].fingerprint,
            model=at_test[0].model,
            metric=judged.metric,
            allowed=judged.test_allowed,
        )
    told = ledgers.remember(
        question.project, question.command, entries, fingerprint=met.prints.get("dev")
    )
    return (*((warning,) if warning is not None else ()), *told)


def _numbers(question: Asked) -> _Met:
    """Errors given as numbers."""
    given = question.rungs or {}
    for name in given:
        if name not in SETS:
            raise TargetError.unknown("set that wears", name, SETS)
    measured = {name: parse_error(str(value)) for name, value in given.items()}
    digest = sha256(repr(sorted(measured.items())).encode()).hexdigest()[:16]
    return _Met(dev=measured.get("dev"), test=measured.get("test"), digest=digest)


def _rows(question: Asked) -> _Met:
    """Errors from predictions: of one model, or of several on the same examples."""
    frame = frame_of(replace(question, model=None), models_from_files=True)
    column = frame.columns.roles.get("model")
    names = models_in(frame.rows, column) if column is not None else []
    if question.model is not None and names and question.model not in names:
        raise TargetError.unknown("model", question.model, names)
    metric = chosen(question, frame)
    if len(names) < 2:
        got = found(frame, metric, question)
        name = names[0] if names else model_name(question.model, question.source)
        return _met(got, {name: got.errors.measured}, fingerprints(frame), model=name)
    parts = {name: found(frame.where("model", name), metric, question) for name in names}
    errors = {name: part.errors.measured for name, part in parts.items()}
    best = question.model or min(names, key=lambda name: _dev_error(errors[name]))
    met = _met(parts[best], errors, fingerprints(frame.where("model", best)), model=best)
    if metric.source != "outcome" or not can_pair(frame) or "dev" not in errors[best]:
        return met
    return _together(question, frame, errors, met)


def _dev_error(errors: Mapping[str, Measured]) -> float:
    """The dev error of a model; a model without one comes last."""
    return point(errors["dev"]) if "dev" in errors else inf


def _together(
    question: Asked, frame: Frame, errors: Mapping[str, Mapping[str, Measured]], met: _Met
) -> _Met:
    """How the models err together on dev: all of them, or the best of very many."""
    in_clusters = "group" in frame.roles and not question.ignore_group
    in_order = sorted(errors, key=lambda name: (name != met.model, _dev_error(errors[name])))
    asked_of: dict[str, Any] = {
        "models": sorted(in_order[: MOST_MODELS if in_clusters else TOGETHER]),
        "split": "dev",
        "max_unusable": question.max_unusable,
        "mature_after_days": question.mature_after_days,
        "as_of": question.as_of,
    }
    shared, _ = joint(frame, **asked_of)
    if not in_clusters:
        return replace(met, joint=shared)
    clusters = cluster_moments(frame, **asked_of)["dev"]
    return replace(met, joint=shared, clusters=clusters) if clusters.n_clusters > 1 else met


def _met(
    got: Found,
    errors: Mapping[str, Mapping[str, Measured]],
    prints: Mapping[str, str],
    *,
    model: str,
) -> _Met:
    """What was read of some models, as looks."""
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    looks = tuple(
        _look(got.metric, measured[split], now, model=name, split=split, prints=prints)
        for name, measured in errors.items()
        for split in SETS
        if split in measured and split in prints
    )
    return _Met(
        dev=errors[model].get("dev"),
        test=errors[model].get("test"),
        model=model,
        metric=got.metric.name,
        looks=tuple(look for look in looks if look.split == "dev" or look.model == model),
        prints=prints,
        intake=got.intake,
        digest=got.counts.digest,
    )


def _look(
    metric: Metric,
    error: Measured,
    now: str,
    *,
    model: str,
    split: str,
    prints: Mapping[str, str],
) -> Look:
    """A look at one number, in the metric's own orientation."""
    seen = estimate(error)
    lower, upper = seen.lower, seen.upper
    if metric.maximize:
        lower, upper = (None if end is None else 1 - end for end in (upper, lower))
    return Look(
        when=now,
        split=split,
        fingerprint=prints[split],
        model=model,
        metric=metric.name,
        value=1 - seen.estimate if metric.maximize else seen.estimate,
        lower=lower,
        upper=upper,
        n=seen.n,
    )
