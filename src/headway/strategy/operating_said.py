"""What is said of an operating point, and what would settle it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from headway.findings import Finding, Verdict, Want
from headway.strategy.worded import limit_words, name_of, number_words, shown_words
from headway.wording import listed, thousands

if TYPE_CHECKING:
    from headway.strategy.standing import Kept
    from headway.strategy.thresholds import OperatingPoint, Threshold

__all__ = ["findings", "threshold_words"]


def findings(found: OperatingPoint, *, has_test: bool) -> OperatingPoint:
    """The operating point with its findings and wants.

    Args:
        found: The operating point.
        has_test: Whether there is a test set.

    Returns:
        The same, with what must be said.
    """
    said = (_chosen(found), _confirmed(found, has_test=has_test), _tried(found))
    wants = tuple(want for finding in said for want in finding.wants)
    return replace(found, findings=said, wants=wants)


def threshold_words(value: float) -> str:
    """A threshold in a sentence.

    Examples:
        >>> threshold_words(0.41992187), threshold_words(-2.5)
        ('0.420', '−2.50')
    """
    return f"{value:.3g}".replace("-", "−") if abs(value) >= 100 else _three(value)


def _three(value: float) -> str:
    """Three significant digits, trailing zeros kept."""
    if 0 < abs(value) < 0.01:
        return f"{value:.3g}".replace("-", "−")
    decimals = 3 if abs(value) < 1 else 2
    return f"{value:.{decimals}f}".replace("-", "−")


def _chosen(found: OperatingPoint) -> Finding:
    """Which threshold dev shows to be best, or why none is chosen."""
    if found.chosen is not None:
        sentence = (
            f"At a threshold of {threshold_words(found.chosen.value)}, "
            f"{_aim(found, found.chosen)} on dev{_and_limits(found.chosen)}."
        )
        return Finding(code="HW311", verdict=Verdict.YES, sentence=sentence)
    near = found.nearest
    if near is None or near.optimized is None or not near.limits:
        sentence = "On dev the metric is 0/0 at every threshold, so none can be chosen."
        return Finding(code="HW311", verdict=Verdict.UNDETERMINED, sentence=sentence)
    broken = [k for k in near.limits if k.verdict is not Verdict.YES]
    wants = tuple(k.want for k in broken if k.want is not None)
    verdict = Verdict.NO if near.verdict is Verdict.NO else Verdict.UNDETERMINED
    none = "No threshold keeps" if verdict is Verdict.NO else "No threshold is shown to keep"
    names = listed([limit_words(k.limit) for k in broken])
    sentence = (
        f"{none} {names}: nearest is {threshold_words(near.value)}, where "
        f"{listed([_standing(k) for k in broken])}."
    )
    return Finding(code="HW311", verdict=verdict, sentence=sentence, wants=wants)


def _aim(found: OperatingPoint, threshold: Threshold) -> str:
    """The optimized metric at a threshold."""
    aim, best = found.policy.optimizing, threshold.optimized
    if aim is None or best is None:
        return "the metric is 0/0"
    return f"{name_of(aim)} is {shown_words(aim, best)}"


def _and_limits(threshold: Threshold) -> str:
    """The limits at a threshold, after the metric."""
    if not threshold.limits:
        return ""
    return f", and {listed([_standing(k) for k in threshold.limits])}"


def _standing(k: Kept) -> str:
    """How one limit stands."""
    sure = f"{k.probability:.2f}" if k.probability < 0.995 else "over 0.99"
    sure = "under 0.01" if k.probability < 0.005 else sure
    metric = k.limit.metric
    bound = number_words(metric, k.limit.bound)
    side = "at most" if k.limit.at_most else "at least"
    return (
        f"{name_of(metric)} is {shown_words(metric, k.measured)} "
        f"({side} {bound} with probability {sure})"
    )


def _confirmed(found: OperatingPoint, *, has_test: bool) -> Finding:
    """Whether the threshold holds where it was not chosen."""
    on_test = found.confirmed
    if found.chosen is None:
        why = "No threshold was chosen, so there is nothing to confirm on test."
        return Finding(code="HW312", verdict=Verdict.NOT_APPLICABLE, sentence=why)
    if not has_test or on_test is None:
        why = (
            "The threshold was chosen on dev and not confirmed: there is no test set, so its "
            "numbers are a little too good."
        )
        want = Want(what="test", split="test", sentence="Scores on a test set would confirm it.")
        return Finding(code="HW312", verdict=Verdict.UNDETERMINED, sentence=why, wants=(want,))
    if not on_test.limits:
        return _on_test(found, on_test)
    holds = on_test.verdict
    start = {
        Verdict.YES: "Test confirms the threshold",
        Verdict.NO: "Test does not confirm the threshold",
    }.get(holds, "Test cannot confirm the threshold yet")
    sentence = f"{start}: {_aim(found, on_test)}{_and_limits(on_test)}."
    wants = tuple(k.want for k in on_test.limits if k.want is not None)
    return Finding(code="HW312", verdict=holds, sentence=sentence, wants=wants)


def _on_test(found: OperatingPoint, on_test: Threshold) -> Finding:
    """What test shows of a threshold without limits: whether it is as good as dev said."""
    seen, said = on_test.optimized, found.chosen.optimized if found.chosen else None
    words = f"On test {_aim(found, on_test)}"
    if seen is None or said is None or seen.lower is None or seen.upper is None:
        return Finding(code="HW312", verdict=Verdict.UNDETERMINED, sentence=f"{words}.")
    larger = found.policy.optimizing is not None and found.policy.optimizing.maximize
    falls = seen.upper < said.estimate if larger else seen.lower > said.estimate
    end = "less good than dev showed" if falls else "in line with dev"
    verdict = Verdict.NO if falls else Verdict.YES
    return Finding(code="HW312", verdict=verdict, sentence=f"{words}: {end}.")


def _tried(found: OperatingPoint) -> Finding:
    """That the search used the dev set."""
    were = "threshold was" if found.n_tried == 1 else "thresholds were"
    sentence = (
        f"{thousands(found.n_tried)} {were} compared on dev: that is one search, and "
        "counts as a look at dev; looking at test to confirm counts as a look at test."
    )
    return Finding(code="HW313", verdict=Verdict.YES, sentence=sentence)
