"""What is said of a worn dev set: findings, what would settle them, and what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from headway.findings import Finding, Verdict, Want
from headway.stats.budgets import MANY
from headway.wording import about, amount, counted, interval, thousands

if TYPE_CHECKING:
    from collections.abc import Iterator

    from headway.strategy.winners import Optimism
    from headway.strategy.worn import Budget, Wear

__all__ = ["advice", "findings", "looked", "optimism_words", "wants"]

APPLIES: Final = {
    "selection": "they were listed before any was measured",
    "adaptive": "some of them were built from earlier dev answers",
    "unknown": "it is not known whether later ones were built from earlier answers",
}


def findings(judged: Wear) -> tuple[Finding, ...]:
    """What is said of a dev set and its test set.

    Args:
        judged: The judged wear with its wants.

    Returns:
        The findings, by code.

    References:
        Methods note, sections 5.1 to 5.7.
    """
    return tuple(
        finding
        for finding in (
            _count(judged),
            _flatters(judged),
            _gap(judged),
            _budget(judged),
            _patterns(judged),
            _test_used(judged),
            _new_set(judged),
            _ladder(judged),
        )
        if finding is not None
    )


def looked(judged: Wear) -> str:
    """How often dev was looked at, in words.

    Examples:
        >>> from types import SimpleNamespace
        >>> looked(SimpleNamespace(n_looks=50, n_logged=40))
        'at least 50 looks, 40 of them logged'
    """
    n, logged = judged.n_looks, judged.n_logged
    if n == 1:
        return "one look"
    told = "" if logged == n else f", {thousands(logged)} of them logged" if logged else ""
    return f"at least {thousands(n)} looks{told}"


def _points(judged: Wear, value: float) -> str:
    """A difference in words."""
    return amount(value, is_rate=judged.is_rate, points=True)


def optimism_words(judged: Wear, found: Optimism) -> str:
    """The optimism in words, as an estimate with its range or as a range.

    Args:
        judged: The judged wear.
        found: The optimism.

    Returns:
        Such as ``"0.16 points [0.00, 0.31]"`` or ``"0.00 to 1.75 points"``.
    """
    span = found.span
    if span.estimate is not None:
        ends = interval(span.lower, span.upper, is_rate=judged.is_rate)
        return f"{_points(judged, span.estimate)} {ends}"
    lower = _points(judged, span.lower).removesuffix(" points")
    return f"{lower} to {_points(judged, span.upper)}"


def _count(judged: Wear) -> Finding | None:
    """How often dev was looked at."""
    if judged.n_looks == 0:
        return Finding(
            code="HW361",
            verdict=Verdict.UNDETERMINED,
            sentence="No look at dev is known of, so what choosing on it has cost cannot be told.",
            wants=tuple(want for want in judged.wants if want.what == "looks"),
        )
    sentence = f"Dev has had {looked(judged)}."
    if judged.n_logged < judged.n_looks:
        sentence += " Looks that nobody counted come on top."
    return Finding(code="HW361", verdict=Verdict.YES, sentence=sentence)


def _flatters(judged: Wear) -> Finding | None:
    """Whether dev flatters the chosen model."""
    found = judged.optimism
    if found is None or judged.dev is None:
        return None
    name = f"'{judged.model}'" if judged.model else "the chosen model"
    margin = _points(judged, judged.margin)
    if found.applies == "none":
        said = f"Dev was looked at once, so {name} was not chosen for its dev error."
    else:
        said = (
            f"Chosen after {counted(found.n_looks, 'look')}, {name} is expected to be worse than "
            f"dev shows by {optimism_words(judged, found)}; {APPLIES[found.applies]}."
        )
    by_test = judged.settled_by == "test"
    ends = {
        Verdict.YES: f" By test, dev flatters it by more than the margin of {margin}."
        if by_test
        else f" That is more than the margin of {margin}.",
        Verdict.NO: f" By test, dev does not flatter it by more than the margin of {margin}."
        if by_test
        else f" That is within the margin of {margin}.",
        Verdict.UNDETERMINED: f" Whether that exceeds the margin of {margin} cannot be told.",
    }
    end = "" if found.applies == "none" and not by_test else ends[judged.verdict]
    open_ones = judged.wants if judged.verdict is Verdict.UNDETERMINED else ()
    return Finding(
        code="HW362",
        verdict=judged.verdict,
        sentence=said + end,
        wants=tuple(want for want in open_ones if want.what == "examples"),
    )


def _gap(judged: Wear) -> Finding | None:
    """The gap between dev and test against the optimism that was to be expected."""
    gap, found = judged.gap, judged.optimism
    if gap is None or gap.lower is None or gap.upper is None:
        return None
    ends = interval(gap.lower, gap.upper, is_rate=judged.is_rate)
    said = f"Test error less dev error is {_points(judged, gap.estimate)} {ends}"
    if found is None:
        return Finding(code="HW363", verdict=Verdict.UNDETERMINED, sentence=f"{said}. {NO_LOOKS}")
    least, most = found.expected
    lower, upper = _points(judged, least), _points(judged, most)
    due = lower if lower == upper else f"{lower.removesuffix(' points')} to {upper}"
    words = {
        "within": f"{said}; the looks alone explain {due}. Nothing beyond them is shown.",
        "beyond": f"{said}, more than the {due} that the looks explain: there were looks that "
        "nobody counted, or test comes from another distribution.",
        "below": f"{said}, less than the {due} that the looks were to cost: test is easier, or the "
        "models differed more truly than by chance.",
    }
    return Finding(
        code="HW363",
        verdict=Verdict.YES if judged.explained == "beyond" else Verdict.NO,
        sentence=words[judged.explained or "within"],
    )


NO_LOOKS: Final = "How much of it the looks at dev explain cannot be told without their count."


def _budget(judged: Wear) -> Finding | None:
    """Whether dev is large enough for its looks."""
    budget = judged.budget
    if budget is None:
        return None
    used, most = thousands(judged.n_looks), _most(budget)
    examples = counted(budget.n_now, "dev example")
    hold = "holds" if budget.n_now == 1 else "hold"
    were = "was" if judged.n_looks == 1 else "were"
    within = f"{_points(judged, judged.margin)} either way"
    if budget.light == "red":
        said = (
            f"{examples} {hold} {most} to within {within} at once, and {used} {were} measured; "
            f"{about(budget.n_enough)} would hold them all."
        )
        return Finding(code="HW364", verdict=Verdict.YES, sentence=said)
    near = ", and most of that is used up" if budget.light == "amber" else ""
    said = f"{examples} {hold} {most} to within {within} at once; {used} {were} measured{near}."
    return Finding(code="HW364", verdict=Verdict.NO, sentence=said)


def _most(budget: Budget) -> str:
    """How many models a dev set holds, in words."""
    if budget.n_most >= MANY:
        return "more models than anyone measures"
    if budget.n_most == 0:
        return "not even one model"
    return counted(budget.n_most, "model")


def _patterns(judged: Wear) -> Finding | None:
    """Whether it is known how the models err together, where that would sharpen the answer."""
    asked = tuple(want for want in judged.wants if want.what == "predictions")
    found = judged.optimism
    if not asked or found is None:
        return None
    kept = (
        f"{thousands(found.n_kept)} of {counted(found.n_looks, 'model')} "
        f"{'is' if found.n_kept == 1 else 'are'}"
        if found.n_kept
        else "None of the models' predictions are"
    )
    sentence = (
        f"{kept} kept together, so the optimism is a range: models that err alike cost little, "
        f"independent ones up to {_points(judged, found.independent)}."
    )
    return Finding(code="HW365", verdict=Verdict.UNDETERMINED, sentence=sentence, wants=asked)


def _test_used(judged: Wear) -> Finding | None:
    """Whether the test set was looked at more often than it stands for."""
    if judged.test_used <= judged.test_allowed:
        return None
    sentence = (
        f"Test was looked at {counted(judged.test_used, 'time')} and stands for "
        f"{judged.test_allowed}: it has become a dev set, and its error is no longer unbiased."
    )
    return Finding(code="HW367", verdict=Verdict.YES, sentence=sentence)


def _new_set(judged: Wear) -> Finding | None:
    """Whether earlier dev sets were looked at, whose count is over."""
    sets = [each for each in judged.sets if each.split == "dev"]
    if len(sets) < 2:
        return None
    earlier = sum(each.n_looks for each in sets) - judged.n_logged
    many = "an earlier dev set" if len(sets) == 2 else f"{len(sets) - 1} earlier dev sets"
    sentence = (
        f"Dev has changed: the {counted(earlier, 'look')} at {many} "
        f"{'does' if earlier == 1 else 'do'} not wear this one, and errors on different sets are "
        "not compared."
    )
    return Finding(code="HW368", verdict=Verdict.YES, sentence=sentence)


def _ladder(judged: Wear) -> Finding | None:
    """What the Ladder would have released."""
    last = judged.history[-1] if judged.history else None
    if last is None or last.released is None or len(judged.history) < 2:
        return None
    is_rate = judged.is_rate
    released, best = amount(last.released, is_rate=is_rate), amount(last.best, is_rate=is_rate)
    steps = len({shown.released for shown in judged.history})
    sentence = (
        f"The Ladder rule would have shown {thousands(steps)} of "
        f"{thousands(len(judged.history))} dev errors, the last one {released}; the lowest seen is "
        f"{best}. It protects dev only where nothing else is shown."
    )
    return Finding(code="HW369", verdict=Verdict.YES, sentence=sentence)


def wants(judged: Wear) -> tuple[Want, ...]:
    """What would settle what is open.

    Args:
        judged: The judged wear, with its sizes.

    Returns:
        The purchases, the most valuable first.

    References:
        Methods note, sections 1.8, 5.2 and 5.7.
    """
    return tuple(_wanted(judged))


def _wanted(judged: Wear) -> Iterator[Want]:
    """The purchases, one after the other."""
    if judged.n_looks == 0:
        sentence = "Count the looks at dev by hand: headway wear --looks N."
        yield Want(what="looks", split="dev", sentence=sentence)
    if judged.verdict is not Verdict.UNDETERMINED:
        return
    if judged.n_test is not None:
        yield _examples(judged)
    elif judged.dev is not None and judged.dev.n is None:
        sentence = "Give the dev error with its number of examples, as in dev=4.8%/10000."
        yield Want(what="n", split="dev", sentence=sentence)
    found = judged.optimism
    if found is None or found.applies in {"none", "adaptive"} or found.n_kept >= found.n_looks:
        return
    if found.selection is None or found.applies == "unknown":
        listed = "; so would knowing that they were listed beforehand (--purpose selection)"
        note = listed if found.applies == "unknown" else ""
        yield Want(
            what="predictions",
            split="dev",
            n=found.n_looks,
            sentence=f"The dev predictions of {_all(found)} would narrow the range{note}.",
        )


def _all(found: Optimism) -> str:
    """The models that were looked at, in words."""
    return "both models" if found.n_looks == 2 else f"all {thousands(found.n_looks)} models"


def _examples(judged: Wear) -> Want:
    """The test examples, and perhaps dev examples, that settle the verdict."""
    n_test, n_dev = judged.n_test or 0, judged.n_dev or 0
    now = judged.dev.n if judged.dev is not None and judged.dev.n is not None else 0
    with_dev = f" and {about(n_dev)} dev examples" if n_dev > now else ""
    sentence = (
        f"A test set of {about(n_test)} examples{with_dev} would bring the gap to within "
        f"{_points(judged, judged.margin)} either way."
    )
    return Want(what="examples", split="test", n=n_test, sentence=sentence)


BEYOND: Final = (
    "See first whether dev and test come from one distribution (headway check-splits); if they "
    "do, dev was looked at more often than was counted: take a fresh one."
)


def advice(judged: Wear) -> tuple[str, str]:
    """What to do, as a word and in a sentence.

    Args:
        judged: The judged wear.

    Returns:
        ``"fresh_dev"``, ``"check_splits"``, ``"measure"``, ``"bigger_dev"``, ``"keep"`` or
        ``"log"``, and the sentence.

    References:
        Methods note, sections 5.3 and 5.6.
        Notes: week 1, "Chain of assumption in examples" (a bigger dev set).
    """
    budget = judged.budget
    enough = about(budget.n_enough) if budget else "more"
    if judged.verdict is Verdict.NOT_APPLICABLE:
        return "log", "Give a dev error, or look at dev inside a project, which logs it."
    if judged.verdict is Verdict.YES:
        if judged.explained == "beyond":
            return "check_splits", BEYOND
        return "fresh_dev", (
            f"Take a fresh dev set; {enough} examples would hold as many looks. The old one can "
            "go into training."
        )
    if judged.verdict is Verdict.UNDETERMINED:
        return "measure", judged.wants[0].sentence if judged.wants else "Measure it on test once."
    if budget is not None and budget.light == "red":
        return "bigger_dev", (
            f"Keep this dev set, but take {enough} examples for the next one: so few do not hold "
            f"{'its error' if judged.n_looks == 1 else 'all these errors'} to within the margin."
        )
    return "keep", _keep(judged, budget)


def _keep(judged: Wear, budget: Budget | None) -> str:
    """For how long a dev set can be kept."""
    if budget is None:
        return "Keep this dev set."
    if budget.n_left == 0:
        return "Keep this dev set for what was listed; it holds no more models than these."
    left = "any number of" if budget.n_left >= MANY - judged.n_looks else thousands(budget.n_left)
    more = "model" if budget.n_left == 1 else "models"
    return f"Keep this dev set; it holds {left} more {more}, listed beforehand."
