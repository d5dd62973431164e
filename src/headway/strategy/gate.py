"""May this model pass? The declared conditions, each passed, failed, open or not applicable."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from headway.findings import Verdict
from headway.strategy.ladder import rung_words
from headway.strategy.worded import limit_words, shown_words
from headway.wording import amount, counted, interval

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from headway.findings import Finding, Want
    from headway.strategy.ladder import Gap, Gaps
    from headway.strategy.standing import Kept

__all__ = ["Condition", "Gate", "judge", "of_findings", "of_gaps", "of_limit", "of_size"]

GAP_WORDS: Final = {
    "avoidable_bias": "avoidable bias",
    "variance": "variance",
    "data_mismatch": "data mismatch",
    "dev_overfit": "dev overfit",
    "real_world": "the real-world gap",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """One condition of the gate.

    Args:
        code: Its stable code.
        name: What it is about, in a few words.
        verdict: ``yes``: it holds; ``no``: it does not; ``undetermined``: cannot be told;
            ``not_applicable``: nothing to check.
        sentence: The same in words, with the numbers.
        must_be_shown: Whether it fails where it cannot be told.
        ignored: Whether it was left aside by its code.
        wants: What would settle it.
    """

    code: str
    name: str
    verdict: Verdict
    sentence: str
    must_be_shown: bool = False
    ignored: bool = False
    wants: tuple[Want, ...] = ()

    @property
    def passed(self) -> bool | None:
        """Whether it passes; None where there is nothing to check."""
        if self.verdict is Verdict.NOT_APPLICABLE:
            return None
        if self.verdict is Verdict.UNDETERMINED:
            return not self.must_be_shown
        return self.verdict is Verdict.YES


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """The conditions, and whether all that count are passed.

    Args:
        conditions: In the order they are shown.
        split: The split that the limits were judged on.
    """

    conditions: tuple[Condition, ...]
    split: str

    @property
    def failed(self) -> tuple[Condition, ...]:
        """The conditions that fail and are not ignored."""
        return tuple(c for c in self.conditions if c.passed is False and not c.ignored)

    @property
    def passed(self) -> bool:
        """Whether none fails."""
        return not self.failed


def judge(conditions: Iterable[Condition], *, split: str, ignore: Sequence[str] = ()) -> Gate:
    """The gate: every condition, those of ignored codes left aside.

    Args:
        conditions: The conditions.
        split: The split that the limits were judged on.
        ignore: Codes to leave aside.

    Returns:
        The gate.

    Examples:
        >>> found = Condition(code="HW372", name="variance", verdict=Verdict.NO, sentence="...")
        >>> judge([found], split="dev").passed, judge([found], split="dev", ignore=["HW372"]).passed
        (False, True)

    References:
        Notes: week 1, "Satisficing and Optimizing metric".
    """
    marked = tuple(replace(c, ignored=c.code in ignore) for c in conditions)
    return Gate(conditions=marked, split=split)


def of_limit(
    found: Kept | None, words: str, *, why: str = "The metric is 0/0 on these rows."
) -> Condition:
    """The condition that a limit is kept.

    Args:
        found: How the model stands towards it; None where its metric is 0/0 or not in the rows.
        words: The limit in words.
        why: Why it could not be measured, one sentence, where it was not.

    Returns:
        The condition; it must be shown, so that a limit kept by luck does not pass.
    """
    if found is None:
        return Condition(
            code="HW371",
            name=words,
            verdict=Verdict.UNDETERMINED,
            sentence=f"Not shown: {words}. {why}",
            must_be_shown=True,
        )
    seen = shown_words(found.limit.metric, found.measured)
    words = limit_words(found.limit)
    start = {Verdict.YES: "Kept", Verdict.NO: "Broken"}.get(found.verdict, "Not shown")
    n = "" if found.measured.n is None else f" on {counted(found.measured.n, 'example')}"
    sentence = f"{start}: {words}. It is {seen}{n}, and kept with probability {_sure(found)}."
    return Condition(
        code="HW371",
        name=words,
        verdict=found.verdict,
        sentence=sentence,
        must_be_shown=found.limit.burden == "must_be_shown",
        wants=(found.want,) if found.want else (),
    )


def _sure(found: Kept) -> str:
    """A probability that never reads as certain."""
    if found.probability > 0.995:
        return "over 0.99"
    return "under 0.01" if found.probability < 0.005 else f"{found.probability:.2f}"


def of_gaps(gaps: Gaps, at_most: Mapping[str, float]) -> tuple[Condition, ...]:
    """The conditions that gaps do not exceed what is declared.

    Args:
        gaps: The judged ladder.
        at_most: Per gap, the most it may be, in the unit of the error.

    Returns:
        One condition for each.
    """
    return tuple(_of_gap(gaps, name, limit) for name, limit in at_most.items())


def _of_gap(gaps: Gaps, name: str, limit: float) -> Condition:
    """The condition on one gap."""
    most = amount(limit, is_rate=gaps.is_rate, points=True)
    title = f"{GAP_WORDS[name]} at most {most}"
    found = next((g for g in gaps.gaps if g.name == name), None)
    if found is None or found.estimate is None or found.lower is None or found.upper is None:
        why = _why_not(gaps, name)
        return Condition(
            code="HW372",
            name=title,
            verdict=Verdict.UNDETERMINED,
            sentence=f"{why}.",
            must_be_shown=True,
        )
    verdict = _beyond(found, limit)
    words = f"{amount(found.estimate, is_rate=gaps.is_rate, points=True)} " + interval(
        found.lower, found.upper, is_rate=gaps.is_rate
    )
    between = f"from {rung_words(found.lower_rung)} to {rung_words(found.upper_rung)}"
    said = {Verdict.YES: "is within", Verdict.NO: "exceeds"}.get(verdict, "may exceed")
    start = f"{GAP_WORDS[name][0].upper()}{GAP_WORDS[name][1:]} ({between}) {said} {most}"
    return Condition(
        code="HW372",
        name=title,
        verdict=verdict,
        sentence=f"{start}: {words}.",
        must_be_shown=True,
    )


def _why_not(gaps: Gaps, name: str) -> str:
    """Why a gap cannot be checked."""
    merged = next((g for g in gaps.gaps if name in g.merges), None)
    if merged is not None and len(merged.merges) > 1:
        return f"{GAP_WORDS[name].capitalize()} cannot be told apart: a rung between is missing"
    return f"{GAP_WORDS[name].capitalize()} is not measured: one of its sets, or n, is missing"


def _beyond(gap: Gap, limit: float) -> Verdict:
    """Whether a gap is shown to lie within a limit, or beyond it."""
    assert gap.lower is not None
    assert gap.upper is not None
    if gap.upper <= limit:
        return Verdict.YES
    return Verdict.NO if gap.lower > limit else Verdict.UNDETERMINED


def of_size(gaps: Gaps, *, declared: bool, split: str = "dev") -> Condition:
    """The condition that a set is large enough for the margin.

    Args:
        gaps: The judged ladder.
        declared: Whether somebody said what the margin is.
        split: The set.

    Returns:
        The condition: its error is known to within the margin, either way.
    """
    rung = gaps.rung(split)
    title = f"{rung_words(split)} is large enough for the margin"
    if not declared:
        why = "No margin is declared, so no size is too small for it."
        return Condition(code="HW373", name=title, verdict=Verdict.NOT_APPLICABLE, sentence=why)
    if rung is None or rung.error.lower is None or rung.error.upper is None:
        why = f"There is no {rung_words(split)} set with examples to judge the size of."
        return Condition(code="HW373", name=title, verdict=Verdict.NOT_APPLICABLE, sentence=why)
    half = (rung.error.upper - rung.error.lower) / 2
    enough = half <= gaps.margin
    n = "" if rung.error.n is None else f"{counted(rung.error.n, 'example')}: "
    margin = amount(gaps.margin, is_rate=gaps.is_rate, points=True)
    width = amount(half, is_rate=gaps.is_rate, points=True)
    sentence = (
        f"{n}the {rung_words(split)} error is known to within {width} either way; the margin is "
        f"{margin}."
    )
    return Condition(
        code="HW373",
        name=title,
        verdict=Verdict.YES if enough else Verdict.NO,
        sentence=f"{sentence[0].upper()}{sentence[1:]}",
    )


def of_findings(findings: Sequence[Finding], names: Mapping[str, str]) -> tuple[Condition, ...]:
    """Conditions from findings that speak of a problem: each passes where there is none.

    Args:
        findings: Findings whose verdict says whether there is a problem.
        names: Per code, what the condition is called; other findings are left out.

    Returns:
        The conditions; a problem that cannot be told does not fail.
    """
    turned = {Verdict.YES: Verdict.NO, Verdict.NO: Verdict.YES}
    return tuple(
        Condition(
            code=finding.code,
            name=names[finding.code],
            verdict=turned.get(finding.verdict, finding.verdict),
            sentence=finding.sentence,
            wants=finding.wants,
        )
        for finding in findings
        if finding.code in names
    )
