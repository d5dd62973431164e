"""A check of splits as a document and as plain values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from headway.findings import Verdict
from headway.report.appendix import data_and_settings
from headway.report.dispatch import document, intake_section, kept
from headway.report.document import (
    Document,
    Facts,
    Named,
    Row,
    Section,
    Settings,
    Table,
)
from headway.report.numbers import count
from headway.report.sections import remarks, wanted
from headway.report.values import estimate_values, value
from headway.strategy.ladder import rung_words
from headway.strategy.split_check import SplitCheck, worst
from headway.wording import minus

if TYPE_CHECKING:
    from headway.counts import Intake
    from headway.report.document import Cell
    from headway.report.values import JsonObject
    from headway.strategy.alike import Alike, Contrast
    from headway.strategy.leaks import Leak
    from headway.strategy.set_sizes import SetSize

__all__: list[str] = []

QUESTIONS: Final = {
    "HW350": "dev and test differ",
    "HW351": "they differ from the field",
    "HW352": "train-dev differs from train",
    "HW353": "too small for the margin",
    "HW354": "an id is shared",
    "HW355": "a group is shared",
    "HW356": "train is not earlier",
    "HW357": "rows are copied",
    "HW358": "rows are nearly copied",
    "HW359": "what leaked moves the error",
}
"""Each question in a few words; yes is a problem."""

MOST_ROWS: Final = 12
"""Tests of a pair of splits that a table shows."""

TESTS_HELP: Final = (
    (
        "A pair differs when a test is significant with all tests as one family (q at most 0.05) "
        "and its effect matters: Cramér's V from 0.10, or an AUC from 0.55."
    ),
    (
        "TV is the share of rows that would have to change their value; chance alone gives the "
        "number beside it."
    ),
)
"""How to read the tests."""


@value.register(SplitCheck)
def _(result: SplitCheck) -> JsonObject:
    """A check of splits as plain values; the findings say what it means."""
    return {
        "n": dict(result.n),
        "comparisons": [_alike(alike) for alike in result.alike],
        "sizes": [_size(size) for size in result.sizes],
        "leaks": [_leak(leak) for leak in result.leaks],
        "errors": [
            {
                "split": split,
                "by": kind,
                "observed": estimate_values(found.observed),
                "leaked": estimate_values(found.leaked),
                "clean": estimate_values(found.clean),
                "bias": estimate_values(found.bias),
            }
            for split, (kind, found) in result.errors.items()
        ],
        "columns": dict(result.columns),
        "aside": dict(result.aside),
    }


def _alike(alike: Alike) -> JsonObject:
    """One pair of splits."""
    return {
        "first": alike.first,
        "second": alike.second,
        "different": str(alike.verdict),
        "n": list(alike.n),
        "wanted": alike.wanted,
        "level": alike.level,
        "tests": [_contrast(test) for test in alike.tests],
    }


def _contrast(test: Contrast) -> JsonObject:
    """One test."""
    names = ("name", "kind", "statistic", "df", "p", "q", "effect", "lower", "upper", "margin")
    more = ("tv", "null_tv", "psi", "js", "ks", "detectable")
    return {**{name: getattr(test, name) for name in (*names, *more)}, "n": list(test.n)}


def _size(size: SetSize) -> JsonObject:
    """The size of one set."""
    names = ("split", "n", "n_eff", "rate", "assumed", "half_width", "difference", "margin")
    return {
        **{name: getattr(size, name) for name in (*names, "needed", "smallest", "level")},
        "slices": [
            {"column": s.column, "value": s.value, "n": s.n, "half_width": s.half_width}
            for s in size.slices
        ],
    }


def _leak(leak: Leak) -> JsonObject:
    """What splits share of one kind."""
    return {
        "kind": leak.kind,
        "by": list(leak.by),
        "shared": str(leak.verdict),
        "pairs": [
            {
                "split": split,
                "other": other,
                "n": n,
                "n_other": leak.of(other, split),
                "same_inputs": leak.same_inputs.get((split, other)),
            }
            for split, other in leak.pairs
            for n in (leak.of(split, other),)
        ],
        "rows": dict(leak.rows),
        "windows": {
            split: {"first": w.first, "last": w.last, "later": w.later}
            for split, w in leak.windows.items()
        },
    }


@document.register(SplitCheck)
def _(
    result: SplitCheck, *, intake: Intake | None = None, settings: Settings | None = None
) -> Document:
    """A check of splits as a document."""
    settings = settings or Settings()
    bad = worst(result.findings)
    wants = [want for finding in bad for want in finding.wants]
    fine = [finding for finding in result.findings if finding not in bad]
    sections = (
        Section(title="Asked", blocks=(_asked(result),)),
        Section(title="Found", blocks=remarks(bad)),
        Section(title="To do", blocks=wanted(wants)),
        Section(title="Fine, or not asked", blocks=remarks(fine), only="full"),
        *(_tests(alike, explained=i == 0) for i, alike in enumerate(result.alike)),
        _columns(result),
        intake_section(intake),
        data_and_settings(None, intake, settings),
    )
    return Document(
        command="check-splits",
        verdict=_verdict(result),
        ground=_ground(result),
        sections=kept(sections),
        value=value(result),
        findings=result.findings,
        intake=intake,
        settings=settings,
    )


def _verdict(result: SplitCheck) -> str:
    """What was found, in a sentence."""
    wrong = _questions(result, Verdict.YES)
    open_ = _questions(result, Verdict.UNDETERMINED)
    if wrong:
        n = len(wrong)
        start = f"{n} {'thing is' if n == 1 else 'things are'} wrong with the splits: "
        return f"{start}{'; '.join(wrong)}."
    if open_:
        return f"Nothing wrong was found; still open: {'; '.join(open_)}."
    return "Nothing wrong was found with the splits."


def _questions(result: SplitCheck, verdict: Verdict) -> list[str]:
    """The questions with one verdict."""
    codes = [finding.code for finding in result.findings if finding.verdict == verdict]
    return [QUESTIONS[code] for code in dict.fromkeys(codes)]


def _ground(result: SplitCheck) -> str:
    """The rows of each split."""
    sizes = [f"{rung_words(split)} {count(n)}" for split, n in result.n.items()]
    return f"Rows: {', '.join(sizes)}."


def _asked(result: SplitCheck) -> Table:
    """Each question with its answer."""
    rows = []
    for code, question in QUESTIONS.items():
        found = [finding for finding in result.findings if finding.code == code]
        order = (Verdict.YES, Verdict.UNDETERMINED, Verdict.NO, Verdict.NOT_APPLICABLE)
        told = min((f.verdict for f in found), key=order.index, default=None)
        if told is not None:
            answer = {Verdict.UNDETERMINED: "cannot tell", Verdict.NOT_APPLICABLE: "not asked"}
            mark = Named(text=question, verdict=str(told))
            rows.append(Row(cells=(mark, answer.get(told, str(told)), code)))
    return Table(
        caption="Is there a problem?", heads=("question", "answer", "code"), rows=tuple(rows)
    )


def _tests(alike: Alike, *, explained: bool) -> Section:
    """The tests of one pair of splits."""
    rows = []
    for test in alike.tests[:MOST_ROWS]:
        ends = f"{_plain(test.effect)} [{_plain(test.lower)}, {_plain(test.upper)}]"
        by_chance = f"{_plain(test.tv)} / {_plain(test.null_tv)}"
        cells: tuple[Cell, ...] = (
            "a classifier" if test.kind == "classifier" else test.name,
            {"column": "V", "classifier": "AUC"}.get(test.kind, "distance"),
            ends if test.effect is not None else f"{test.statistic:.4f}",
            by_chance,
            "< 0.001" if test.q < 0.001 else f"{test.q:.3f}",
        )
        rows.append(Row(cells=cells))
    left = len(alike.tests) - len(rows)
    caption = f"{rung_words(alike.first)} ({count(alike.n[0])}) beside "
    caption += f"{rung_words(alike.second)} ({count(alike.n[1])})"
    return Section(
        title=f"{rung_words(alike.first).capitalize()} and {rung_words(alike.second)}",
        blocks=(
            Table(
                caption=caption + (f"; {left} more tests are not shown" if left else ""),
                heads=("what", "effect", "size, 95 %", "TV / by chance", "q"),
                rows=tuple(rows),
                named=True,
            ),
        )
        if rows
        else (),
        aside=TESTS_HELP if explained else (),
        place="engineer",
        only="full",
    )


def _plain(number: float | None) -> str:
    """A number with two decimals."""
    return "–" if number is None else minus(f"{number:.2f}")


def _columns(result: SplitCheck) -> Section:
    """What was compared, and what was not."""
    items = [("Compared", ", ".join(result.columns))]
    items += [(name, why) for name, why in result.aside.items()]
    shown_ = tuple((name, text) for name, text in items if text)
    return Section(
        title="Columns",
        blocks=(Facts(items=shown_),) if shown_ else (),
        place="engineer",
        only="full",
    )
