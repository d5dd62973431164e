"""A worn dev set as a document and as plain values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from headway.findings import Verdict
from headway.report.appendix import data_and_settings
from headway.report.dispatch import document, intake_section, kept
from headway.report.document import (
    Amount,
    Curve,
    Curves,
    Document,
    Remark,
    Remarks,
    Row,
    Section,
    Settings,
    Table,
)
from headway.report.numbers import amount_of, bare, count, margin_words, shown, typeset
from headway.report.sections import closing
from headway.report.values import estimate_values, value, want_values
from headway.stats.forms import Binomial
from headway.stats.measured import estimate
from headway.strategy.wear_said import advice, optimism_words
from headway.strategy.worn import Wear

if TYPE_CHECKING:
    from headway.counts import Intake
    from headway.report.document import Block, Cell
    from headway.report.values import JsonObject
    from headway.stats.forms import Estimate
    from headway.strategy.looked_at import Shown
    from headway.strategy.winners import Optimism, Span

__all__: list[str] = []

DRAWN: Final = 300
"""Most looks that are drawn."""

TERMS: Final = (
    (
        "Wear",
        "Each look at dev that leads to a choice makes its numbers better than the truth.",
    ),
    (
        "Optimism",
        "How far the true error of the model that was chosen on dev lies above its dev error.",
    ),
    (
        "Ladder",
        "A rule that shows a dev error only where it improves by more than one standard error.",
    ),
)
"""Our own terms."""

BAND: Final = (
    "The band over the lowest so far reaches up to where its expected error may lie after so many "
    "looks."
)

DAY: Final = 10
"""Letters of a day in ISO form."""


@value.register(Wear)
def _(result: Wear) -> JsonObject:
    """The wear of dev as plain values."""
    word, sentence = advice(result)
    budget = result.budget
    return {
        "looks": {
            "n": result.n_looks,
            "logged": result.n_logged,
            "sets": [
                {
                    "split": each.split,
                    "fingerprint": each.fingerprint,
                    "n": each.n_looks,
                    "purposes": dict(each.by_purpose),
                    "first": each.first,
                    "last": each.last,
                }
                for each in result.sets
            ],
            "test_used": result.test_used,
            "test_allowed": result.test_allowed,
        },
        "model": result.model,
        "metric": result.metric,
        "dev": estimate_values(result.dev),
        "optimism": None if result.optimism is None else _optimism(result.optimism),
        "corrected": None if result.corrected is None else _span(result.corrected),
        "test": estimate_values(result.test),
        "dev_test_gap": {**estimate_values(result.gap), "explained": result.explained},
        "released": None if not result.history else result.history[-1].released,
        "budget": None
        if budget is None
        else {
            "light": budget.light,
            "n_most": budget.n_most,
            "n_left": budget.n_left,
            "n_enough": budget.n_enough,
        },
        "verdict": str(result.verdict),
        "settled_by": result.settled_by or None,
        "advice": {"do": word, "sentence": sentence},
        "margin": result.margin,
        "level": result.level,
        "test_level": result.test_level,
        "wants": want_values(result.wants),
    }


def _span(span: Span) -> JsonObject:
    """A range with its estimate, if it has one."""
    return {
        "estimate": span.estimate,
        "lower": span.lower,
        "upper": span.upper,
        "level": span.level,
        "n": span.n,
    }


def _optimism(found: Optimism) -> JsonObject:
    """The optimism with what it stands on."""
    return {
        **_span(found.span),
        "applies": found.applies,
        "method": found.method,
        "expected": {"lower": found.expected[0], "upper": found.expected[1]},
        "selection": found.selection,
        "independent": found.independent,
        "envelope": found.envelope,
    }


@document.register(Wear)
def _(result: Wear, *, intake: Intake | None = None, settings: Settings | None = None) -> Document:
    """The wear of dev as a document."""
    settings = settings or Settings()
    todo = advice(result)[1]
    wants = [want for want in result.wants if want.sentence != todo]
    terms = tuple(Remark(head=head, text=text) for head, text in TERMS)
    tables = (_dev_table(result), _test_table(result))
    sections = (
        Section(
            title="What dev says, and what is to be expected",
            blocks=tuple(table for table in tables if table is not None),
        ),
        Section(title="Look by look", blocks=_curves(result)),
        Section(title="Looks", blocks=_sets(result)),
        *closing(result.findings, wants, title="What would settle it"),
        Section(title="Words", blocks=(Remarks(items=terms, kind="terms"),)),
        intake_section(intake),
        data_and_settings(None, intake, settings),
    )
    return Document(
        command="wear",
        verdict=_verdict(result),
        ground=typeset(todo),
        sections=kept(sections),
        value=value(result),
        findings=result.findings,
        intake=intake,
        settings=settings,
    )


def _name(result: Wear) -> str:
    """The model in words."""
    return f"'{result.model}'" if result.model else "the chosen model"


def _verdict(result: Wear) -> str:
    """Whether dev flatters the chosen model, in a sentence."""
    margin = margin_words(result.margin, is_rate=result.is_rate)
    found = result.optimism
    if result.verdict is Verdict.NOT_APPLICABLE:
        return "There is no dev error whose wear could be judged."
    if result.verdict is Verdict.NO:
        how = "by test it flatters" if result.settled_by == "test" else "it is expected to flatter"
        return f"Dev is not worn: {how} {_name(result)} by no more than {margin}."
    if result.verdict is Verdict.YES and result.gap is not None and result.settled_by == "test":
        gap = shown(_points(result, result.gap.estimate), words=True)
        cause = ", more than its looks explain" if result.explained == "beyond" else ""
        return f"Test is worse than dev for {_name(result)} by {gap}{cause}."
    if result.verdict is Verdict.YES and found is not None:
        return typeset(
            f"Dev is worn: it flatters {_name(result)} by {optimism_words(result, found)}."
        )
    if found is None or result.n_looks == 0:
        return f"Whether dev flatters {_name(result)} by more than {margin} cannot be told."
    looks = count(result.n_looks, "look")
    return typeset(
        f"Whether dev flatters {_name(result)} by more than {margin} cannot be told: its {looks} "
        f"cost {_expected(result, found)}."
    )


def _expected(result: Wear, found: Optimism) -> str:
    """The range of the expected optimism in words."""
    lower, upper = (_points(result, end) for end in found.expected)
    if found.expected[0] == found.expected[1]:
        return shown(lower, words=True)
    return f"{bare(lower)} to {shown(upper, words=True)}"


def _points(result: Wear, number: float) -> Amount:
    """A difference of errors."""
    return amount_of(number, kind="points" if result.is_rate else "loss")


def _difference(result: Wear, found: Estimate) -> Amount:
    """A difference with its interval."""
    kind = "points" if result.is_rate else "loss"
    return amount_of(found.estimate, found.lower, found.upper, kind=kind)


def _error(result: Wear, found: Estimate) -> Amount:
    """An error with its interval."""
    kind = "rate" if result.is_rate else "loss"
    return amount_of(found.estimate, found.lower, found.upper, kind=kind)


def _ranged(span: Span, kind: str) -> Cell:
    """A number with its range, or the range in words."""
    if span.estimate is not None:
        return amount_of(span.estimate, span.lower, span.upper, kind=kind)
    lower, upper = amount_of(span.lower, kind=kind), amount_of(span.upper, kind=kind)
    return f"{bare(lower)} to {shown(upper, words=True)}"


def _dev_table(result: Wear) -> Table | None:
    """What dev says, the optimism, and the error to be expected."""
    dev, found = result.dev, result.optimism
    if dev is None:
        return None
    rows = [Row(cells=("Dev error as measured", _error(result, dev), dev.n))]
    if found is not None and result.corrected is not None:
        points, rate = ("points", "rate") if result.is_rate else ("loss", "loss")
        rows += [
            Row(cells=("Optimism", _ranged(found.span, points), found.span.n)),
            Row(
                cells=("Error to be expected", _ranged(result.corrected, rate), result.corrected.n)
            ),
        ]
    last = result.history[-1] if result.history else None
    if last is not None and last.released is not None and last.look.n is not None:
        released = _released(result, last, "rate")
        rows.append(Row(cells=("Released by the Ladder", released, last.look.n)))
    return Table(
        caption=f"Dev {result.metric} of {_name(result)}, and what choosing it on dev has cost.",
        heads=("", "error" if result.is_rate else result.metric, "n"),
        rows=tuple(rows),
        level=result.level,
    )


def _test_table(result: Wear) -> Table | None:
    """What test says, against dev and against what the looks explain."""
    test, gap = result.test, result.gap
    if test is None:
        return None
    rows = [Row(cells=("Test error as measured", _error(result, test), test.n))]
    if gap is not None:
        rows.append(Row(cells=("Test less dev", _difference(result, gap), test.n)))
    if gap is not None and result.optimism is not None:
        due = _expected(result, result.optimism)
        rows.append(Row(cells=("Explained by the looks", due, None), dim=True))
    return Table(
        caption=f"Test {result.metric} against dev; its intervals hold for "
        f"{count(result.test_allowed, 'look')} at once.",
        heads=("", "error" if result.is_rate else result.metric, "n"),
        rows=tuple(rows),
        level=round(result.test_level, 4),
    )


def _curves(result: Wear) -> tuple[Block, ...]:
    """Dev errors look by look, the lowest so far with what it may hide, and the Ladder."""
    history = result.history
    if len(history) < 2:
        return ()
    step = max(1, -(-len(history) // DRAWN))
    places = sorted({*range(0, len(history), step), len(history) - 1})
    kind = "rate" if result.is_rate else "loss"
    x = tuple(float(place + 1) for place in places)
    drawn = [history[place] for place in places]
    each_look = tuple(_look_error(result, each, kind) for each in drawn)
    curves = [Curve(title="Each look", x=x, y=each_look)]
    if history[-1].released is not None:
        hidden = tuple(amount_of(each.best, each.best, each.limit, kind=kind) for each in drawn)
        curves.append(Curve(title="Lowest so far", x=x, y=hidden))
        released = tuple(_released(result, each, kind) for each in drawn)
        curves.append(Curve(title="By the Ladder", x=x, y=released))
    chart = Curves(
        caption=f"Dev {result.metric} over {count(len(history), 'look')} at one dev set.",
        x_title="look at dev",
        curves=tuple(curves),
        level=result.level,
    )
    note = Remarks(items=(Remark(text=BAND),))
    return (chart, note) if len(curves) > 1 else (chart,)


def _look_error(result: Wear, each: Shown, kind: str) -> Amount:
    """What one look showed, with its interval where that is known."""
    n = each.look.n
    if n is None or each.limit is None:
        return amount_of(each.error, kind=kind)
    found = estimate(Binomial(n_errors=round(each.error * n), n=n), level=result.level)
    return amount_of(each.error, found.lower, found.upper, kind=kind)


def _released(result: Wear, each: Shown, kind: str) -> Amount:
    """What the Ladder would have shown after a look, with its interval."""
    n = each.look.n or 1
    wrong = round((each.released or 0.0) * n)
    found = estimate(Binomial(n_errors=wrong, n=n), level=result.level)
    return amount_of(each.released, found.lower, found.upper, kind=kind)


def _sets(result: Wear) -> tuple[Block, ...]:
    """How often each set was looked at."""
    if not result.sets:
        return ()
    rows = tuple(
        Row(
            cells=(
                each.split,
                each.fingerprint,
                each.n_looks,
                ", ".join(f"{name} {n}" for name, n in each.by_purpose.items()),
                each.first[:DAY],
                each.last[:DAY],
            )
        )
        for each in result.sets
    )
    return (
        Table(
            caption="Looks at each dev and test set; a number that was read again counts once",
            heads=("set", "fingerprint", "looks", "for", "first", "last"),
            rows=rows,
        ),
    )
