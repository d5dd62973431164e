"""What a judged ladder says: one finding per gap, and what else must be said."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from headway.findings import Finding, Verdict
from headway.stats.forms import Fixed, Levels
from headway.stats.measured import point
from headway.strategy.human import NAMES
from headway.strategy.ladder import gap_words, rung_words
from headway.wording import amount, interval, listed

if TYPE_CHECKING:
    from headway.findings import Want
    from headway.strategy.ladder import Gap, Gaps

__all__ = ["findings"]

CODES: Final = {
    "avoidable_bias": "HW201",
    "variance": "HW202",
    "data_mismatch": "HW203",
    "dev_overfit": "HW204",
    "real_world": "HW205",
}

NEGATIVE: Final = {
    "avoidable_bias": "the model is past the reference level, or train labels leak or differ",
    "variance": "dropout or augmentation may be active when train is scored, train labels may be "
    "noisier, or train-dev is an easier part",
    "data_mismatch": "dev is easier than the training distribution, which can be right",
    "dev_overfit": "test is easier than dev",
    "real_world": "the field is easier than test",
}
"""What to check where a gap lies clearly below zero. Source: the methods note, section 1.12."""


def findings(judged: Gaps) -> tuple[Finding, ...]:
    """One finding per gap, and what else must be said.

    Args:
        judged: The judged ladder with its wants.

    Returns:
        The findings, gaps in ladder order first.

    References:
        Methods note, sections 1.7 to 1.12.
    """
    return (
        *(_gap_finding(judged, gap) for gap in judged.gaps),
        *_negative(judged),
        *_reference_findings(judged),
        *_ground(judged),
    )


def _gap_finding(judged: Gaps, gap: Gap) -> Finding:
    """Whether one gap is a problem."""
    code = CODES.get(gap.name, "HW206")
    sets = f"{rung_words(gap.lower_rung)} \u2192 {rung_words(gap.upper_rung)}"
    name = gap_words(gap)
    title = f"{name[0].upper()}{name[1:]} ({sets})"
    if gap.estimate is None:
        return Finding(code=code, verdict=gap.verdict, sentence=f"{title}: {gap.why}.")
    size = _size(judged, gap)
    margin = amount(judged.margin, is_rate=judged.is_rate, points=True)
    sentences = {
        Verdict.YES: f"{title}: yes. {size}, clear of zero and above the margin of {margin}.",
        Verdict.NO: f"{title}: no. {size}, below the margin of {margin}.",
        Verdict.UNDETERMINED: f"{title}: cannot tell. {size}; {gap.why}.",
    }
    asked = _wants_of(judged, gap) if gap.verdict is Verdict.UNDETERMINED else ()
    return Finding(code=code, verdict=gap.verdict, sentence=sentences[gap.verdict], wants=asked)


def _size(judged: Gaps, gap: Gap) -> str:
    """A gap with its interval in words."""
    value = amount(gap.estimate or 0.0, is_rate=judged.is_rate, points=True)
    return f"{value} {interval(gap.lower, gap.upper, is_rate=judged.is_rate)}"


def _wants_of(judged: Gaps, gap: Gap) -> tuple[Want, ...]:
    """The purchases that would settle one gap."""
    if len(gap.merges) > 1:
        return tuple(w for w in judged.wants if w.what in {"train_dev", "predictions"})
    question = f"whether {gap_words(gap)} "
    return tuple(want for want in judged.wants if question in want.sentence)


def _negative(judged: Gaps) -> list[Finding]:
    """Gaps that lie clearly below zero."""
    return [
        Finding(
            code="HW209",
            verdict=Verdict.YES,
            sentence=f"Negative {gap_words(gap)}: {_size(judged, gap)}. Check: "
            f"{NEGATIVE.get(gap.name, 'the sets between differ in difficulty')}.",
        )
        for gap in judged.gaps
        if gap.upper is not None and gap.upper < 0
    ]


def _reference_findings(judged: Gaps) -> list[Finding]:
    """What the reference level changes, and where it stops to help."""
    found: list[Finding] = []
    reference, flip_at = judged.reference, judged.flip_at
    if reference is None:
        return found
    name = NAMES[reference.kind]
    if judged.past_human and judged.bias_bounds is not None:
        low, high = (
            amount(value, is_rate=judged.is_rate, points=True) for value in judged.bias_bounds
        )
        unclear = judged.reading == "undetermined" and (judged.flip_at or 0.0) > 0
        found.append(
            Finding(
                code="HW207",
                verdict=Verdict.UNDETERMINED if unclear else Verdict.YES,
                sentence=f"The model is at or past the {name} '{reference.proxy}', so avoidable "
                f"bias lies between {low} and {high}. Whether this is overfitting or an error "
                "below the reference cannot be read off these numbers.",
                wants=judged.wants if unclear else (),
            )
        )
    if flip_at is not None and flip_at > 0:
        found.append(_flip(judged, name, flip_at))
    return found


def _flip(judged: Gaps, name: str, flip_at: float) -> Finding:
    """At which reference level the advice changes."""
    assert judged.reference is not None
    limit = amount(flip_at, is_rate=judged.is_rate)
    sentence = f"Below a {name} of {limit} avoidable bias is the largest gap, above it another."
    if judged.flips:
        below = [t.name for t in judged.reference.tiers if point(t.measured) < flip_at]
        above = [t.name for t in judged.reference.tiers if t.name not in below]
        sentence += (
            f" The advice depends on the tier: with {listed(below)} avoidable bias comes first, "
            f"with {listed(above)} it does not; it follows '{judged.reference.proxy}'."
        )
    return Finding(
        code="HW208", verdict=Verdict.YES if judged.flips else Verdict.NO, sentence=sentence
    )


def _ground(judged: Gaps) -> list[Finding]:
    """What the numbers rest on: assertions, numbers without n, weak intervals, heavy weights."""
    found: list[Finding] = []
    if judged.same_distribution:
        found.append(
            Finding(
                code="HW211",
                verdict=Verdict.YES,
                sentence="Train and dev were asserted to share one distribution, so the gap "
                "between them is variance.",
            )
        )
    bare = [rung_words(rung.name) for rung in judged.rungs if isinstance(rung.measured, Fixed)]
    if bare:
        found.append(
            Finding(
                code="HW212",
                verdict=Verdict.YES,
                sentence=f"No n was given for {listed(bare)}: taken as exact, without an interval.",
            )
        )
    for rung in judged.rungs:
        found += [
            Finding(
                code="HW213",
                verdict=Verdict.UNDETERMINED,
                sentence=f"The interval of {rung_words(rung.name)} is weak: {warning}.",
            )
            for warning in rung.error.warnings
        ]
    return found + _heavy_weights(judged)


def _heavy_weights(judged: Gaps) -> list[Finding]:
    """How much of the weighted error each weight contributes."""
    found: list[Finding] = []
    for rung in judged.rungs:
        measured = rung.measured
        if not isinstance(measured, Levels):
            continue
        lost = [w * x for w, x in zip(measured.weights, measured.n_errors, strict=True)]
        total = sum(lost) or 1.0
        parts = [
            f"{100 * part / total:.0f} % from weight {weight:g}"
            for weight, part in zip(measured.weights, lost, strict=True)
        ]
        found.append(
            Finding(
                code="HW210",
                verdict=Verdict.YES,
                sentence=f"The {rung_words(rung.name)} error is weighted: {listed(parts[-5:])}.",
            )
        )
    return found
