"""Which threshold of a score to set."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from headway.answers import answer
from headway.counts import WEIGHT_SUMS, CountSpec
from headway.errors import CountError, TargetError
from headway.frames.binned import BIN, POSITIVE, binned
from headway.frames.events import read_events
from headway.frames.splits import split_of
from headway.measuring import check_class, with_unscored
from headway.opening import exposure_of, frame_of, reduced, rng_of
from headway.recording import looked, model_name
from headway.rows.events import pair
from headway.stats.defaults import WEIGHT_LEVELS
from headway.store.settings import LADDER_ALONE, asked, check_read
from headway.strategy import operating_point as points
from headway.strategy.target import limit_of, policy
from headway.strategy.thresholds import Scores

if TYPE_CHECKING:
    from collections.abc import Sequence

    from headway.counts import Counts, Intake, Scalar
    from headway.frames.binned import Binned
    from headway.report.answer import Answer
    from headway.store.settings import Asked
    from headway.strategy.target import Policy
    from headway.strategy.thresholds import OperatingPoint

__all__ = ["operating_point"]

NOT_READ: Final = (*LADDER_ALONE, "rungs", "metric")
"""Options that make no sense of a threshold, which names its own metrics."""


def operating_point(
    source: Any = None,  # noqa: ANN401 - any frame or path
    *,
    maximize: str | Sequence[str] | None = None,
    minimize: str | Sequence[str] | None = None,
    subject_to: str | Sequence[str] = (),
    choose_on: str = "dev",
    confirm_on: str = "test",
    detections: Any = None,  # noqa: ANN401
    truth: Any = None,  # noqa: ANN401
    tolerance_s: float = 1.0,
    **options: Any,  # noqa: ANN401
) -> Answer[OperatingPoint]:
    """Which threshold: the best metric among those shown to keep the limits.

    Args:
        source: As in ``gaps``, with a ``score`` column, or one probability for each class.
        maximize: The metric to be as large as possible, such as ``"recall"``.
        minimize: Or the one to be as small as possible.
        subject_to: Limits, such as ``"false_positives_per_24h <= 1"`` or ``"precision >= 0.9"``.
        choose_on: The split that the threshold is chosen on.
        confirm_on: The split that it is confirmed on, where it is there.
        detections: Instead of ``source``: detections with ``time`` and ``score``.
        truth: The events that should be found, with their ``time``.
        tolerance_s: Seconds that a detection may lie from an event, at least 0.
        **options: See ``headway.store.settings.Asked``; ``positive`` names the positive class.

    Returns:
        The threshold with its metrics on both splits, and the curve.

    Raises:
        HeadwayError: If nothing or too much is optimized, a limit cannot be read, or there is no
            score.

    Examples:
        >>> scores = [0.1, 0.2, 0.3, 0.4, 0.9, 0.95] * 50
        >>> rows = {"split": ["dev"] * 300, "label": [0, 0, 0, 0, 1, 1] * 50, "score": scores}
        >>> found = operating_point(rows, maximize="f1").result
        >>> round(found.chosen.value, 2)
        0.9

    References:
        Notes: week 1, "Satisficing and Optimizing metric".
    """
    check_read("operating-point", options, NOT_READ)
    if detections is not None:
        source = matched(detections, truth, tolerance_s=tolerance_s, split=choose_on)
    question = asked(source, options)
    aim = policy(
        maximize=maximize or _declared(question, "maximize", minimize),
        minimize=minimize or _declared(question, "minimize", maximize),
        subject_to=subject_to or _decided(question),
        margin=question.margin,
        positive=question.positive,
    )
    frame = frame_of(question)
    if "group" in frame.roles and not question.ignore_group:
        raise TargetError.no_groups(frame.columns.roles["group"])
    cut = binned(frame, positive=_positive(aim, question))
    choose_on, confirm_on = (split_of(name) or name for name in (choose_on, confirm_on))
    counts, intake = _counted(cut, question)
    if detections is None:
        intake = with_unscored(intake, counts)
    check_class(cut.positive, counts, cut.frame)
    rng = rng_of(question.seed, "operating_point", counts.digest)
    dev = _scores(cut, counts, intake, question, choose_on)
    if dev is None:
        raise TargetError.no_scores(choose_on)
    if intake.abstained.get(choose_on) == dev.table.total:
        raise TargetError.unscored(choose_on, cut.column)
    found = points.judge(
        dev,
        aim,
        positive=cut.positive,
        rng=rng,
        test=_scores(cut, counts, intake, question, confirm_on),
        level=question.level,
        costs=question.costs,
    )
    seen = {
        split: shown.optimized
        for split, shown in (("dev", found.chosen), ("test", found.confirmed))
        if shown is not None and shown.optimized is not None
    }
    metric = aim.optimizing.name if aim.optimizing else ""
    told = looked(
        question, {model_name(question.model, question.source): seen}, metric, purpose="threshold"
    )
    return answer(found, question, intake=intake, digest=counts.digest, more=told)


def matched(
    detections: Any,  # noqa: ANN401
    truth: Any,  # noqa: ANN401
    *,
    tolerance_s: float,
    split: str,
) -> dict[str, list[Any]]:
    """Detections and events as rows: an event is positive, a detection near none is negative."""
    if not 0 <= tolerance_s < float("inf"):
        raise CountError.outside("tolerance_s", tolerance_s, "a number of seconds at least 0")
    if truth is None:
        raise TargetError.no_truth()
    found, wanted = read_events(detections, scored=True), read_events(truth, scored=False)
    streams = None
    if "stream" in found and "stream" in wanted:
        streams = (found["stream"], wanted["stream"])
    pairing = pair(
        _numbers(found["time"]),
        _numbers(found["score"]),
        _numbers(wanted["time"]),
        tolerance=tolerance_s,
        streams=streams,
    )
    hits = [found["score"][i] if i >= 0 else None for i in pairing.found.tolist()]
    alarms = pairing.alarms.tolist()
    of_event = wanted.get("split", [split] * len(hits))
    of_alarm = [found["split"][i] for i in alarms] if "split" in found else [split] * len(alarms)
    return {
        "split": [*of_event, *of_alarm],
        "label": [1] * len(hits) + [0] * len(alarms),
        "score": [*hits, *(found["score"][i] for i in alarms)],
    }


def _numbers(values: Sequence[Scalar]) -> list[float]:
    """Values as numbers."""
    return [float(value or 0) for value in values]


def _positive(aim: Policy, question: Asked) -> Scalar:
    """The positive class that all metrics of a target share."""
    named = {str(m.positive): m.positive for m in aim.metrics if m.positive is not None}
    if len(named) > 1:
        raise TargetError.several_positives(sorted(named))
    return next(iter(named.values()), question.positive)


def _decided(question: Asked) -> list[str]:
    """The project's limits on what a threshold decides."""
    return [
        text
        for text in question.limits
        if limit_of(text, positive=question.positive).metric.source in points.SOURCES
    ]


def _declared(question: Asked, way: str, other: object) -> str | None:
    """The project's optimizing metric, if it is to be optimized this way."""
    declared = question.project.target.optimizing if question.project else None
    if declared is None or other is not None or declared.direction != way:
        return None
    return declared.metric


def _counted(cut: Binned, question: Asked) -> tuple[Counts, Intake]:
    """The scores of every split, counted in bins."""
    frame = cut.frame
    weighted = bool(frame.roles & {"weight", "sampling_weight"})
    few = frame.weight_levels is not None and frame.weight_levels <= WEIGHT_LEVELS
    keys = ("split", POSITIVE, BIN, *(("weight",) if weighted and few else ()))
    spec = CountSpec(
        groupings=frozenset({keys}), sums=frozenset(WEIGHT_SUMS if weighted and not few else ())
    )
    return reduced(frame, spec, question)


def _scores(
    cut: Binned, counts: Counts, intake: Intake, question: Asked, split: str
) -> Scores | None:
    """The scores of one split, or None where it has no rows."""
    (table,) = counts.tables.values()
    part = table.where(split=split)
    if not part.total:
        return None
    time = exposure_of(intake, question)
    keys = tuple(key for key in part.keys if key != "split")
    return Scores(
        table=part.marginal(*keys),
        low=cut.low,
        width=cut.width,
        exposure_s=time.get(split, time.get("all")),
        is_logit=cut.is_logit,
    )
