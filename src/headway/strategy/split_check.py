"""Are the splits fit for their purpose: the right target, large enough, and free of leaks?"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from headway.findings import Finding, Verdict, Want
from headway.strategy.ladder import rung_words
from headway.strategy.leaks import JUDGED
from headway.wording import about, amount, counted, interval, listed, minus, thousands

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from headway.stats.forms import Estimate
    from headway.stats.leakage import Leakage
    from headway.strategy.alike import Alike, Contrast
    from headway.strategy.leaks import Leak
    from headway.strategy.set_sizes import SetSize

__all__ = ["SplitCheck", "findings", "worst"]

CODES: Final = {"id": "HW354", "group": "HW355", "time": "HW356", "row": "HW357", "near": "HW358"}
"""The code of each kind of leak."""

SHOWN: Final = 3
"""Differences that a sentence names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SplitCheck:
    """What was found of splits.

    Args:
        n: Per split, its rows.
        alike: Whether pairs of splits are of one distribution.
        sizes: Whether dev and test are large enough.
        leaks: What splits share.
        errors: Per split, its error with and without the rows that train holds too, and the kind
            of key that told them.
        columns: Per column that was compared, its kind.
        aside: Per column that was not compared, why.
        findings: What was found, the aim first.
    """

    n: Mapping[str, int]
    alike: tuple[Alike, ...]
    sizes: tuple[SetSize, ...]
    leaks: tuple[Leak, ...]
    errors: Mapping[str, tuple[str, Leakage]] = field(default_factory=dict)
    columns: Mapping[str, str] = field(default_factory=dict)
    aside: Mapping[str, str] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()

    def told(self) -> SplitCheck:
        """The same with its findings."""
        return replace(self, findings=findings(self))


def findings(check: SplitCheck) -> tuple[Finding, ...]:
    """What was found of splits, in words.

    Args:
        check: What was found, in numbers.

    Returns:
        One finding for each question, whether it is a problem or not.

    References:
        Methods note, sections 4.5 to 4.7.
        Notes: week 1, "Train/dev/test distributions".
    """
    by_code: dict[str, list[Finding]] = {}
    for alike in check.alike:
        found = _distribution(alike)
        by_code.setdefault(found.code, []).append(found)
    absent = [_absent(code, check) for code in ("HW350", "HW351", "HW352") if code not in by_code]
    told = [finding for several in by_code.values() for finding in several]
    told += [finding for finding in absent if finding is not None]
    told += [_size(size) for size in check.sizes]
    told += [_leak(leak, check) for leak in check.leaks]
    told += [_error(split, *error) for split, error in check.errors.items()]
    return tuple(sorted(told, key=lambda finding: finding.code))


def _pair(first: str, second: str) -> str:
    """Two splits in a sentence."""
    return f"{rung_words(first)} and {rung_words(second)}"


def _distribution(alike: Alike) -> Finding:
    """Whether two splits are of one distribution."""
    code = "HW351" if "field" in {alike.first, alike.second} else "HW350"
    code = "HW352" if "train_dev" in {alike.first, alike.second} else code
    pair = _pair(alike.first, alike.second)
    pair = pair[0].upper() + pair[1:]
    counts = f"n {thousands(alike.n[0])} and {thousands(alike.n[1])}"
    if alike.verdict == Verdict.NOT_APPLICABLE:
        want = Want(
            what="columns",
            sentence="Add columns that describe the rows: their source, label, device or time.",
        )
        sentence = f"{pair} have no column that could be compared."
        return Finding(code=code, verdict=alike.verdict, sentence=sentence, wants=(want,))
    if alike.verdict == Verdict.YES:
        shown = [_contrast(test) for test in alike.differing[:SHOWN]]
        left = len(alike.differing) - SHOWN
        more = [f"{left} more"] if left > 0 else []
        return Finding(
            code=code,
            verdict=alike.verdict,
            sentence=f"{pair} come from different distributions: {listed([*shown, *more])}; "
            f"{counts}.",
        )
    columns = [test for test in alike.tests if test.kind == "column"]
    learned = next((test for test in alike.tests if test.kind == "classifier"), None)
    largest = [_contrast(columns[0])] if columns else []
    largest += [_contrast(learned)] if learned is not None else []
    if alike.verdict == Verdict.NO:
        return Finding(
            code=code,
            verdict=alike.verdict,
            sentence=f"{pair} are of one distribution as far as it matters; the largest "
            f"difference is {listed(largest)}; {counts}.",
        )
    n = alike.wanted or 0
    want = Want(
        what="examples",
        split=alike.second,
        n=n,
        sentence=f"Compare {about(n)} rows of {rung_words(alike.first)} with as many of "
        f"{rung_words(alike.second)}.",
    )
    return Finding(
        code=code,
        verdict=alike.verdict,
        sentence=f"Whether {_pair(alike.first, alike.second)} are of one distribution cannot be "
        f"told: {listed(largest)}; {counts}.",
        wants=(want,),
    )


def _contrast(test: Contrast) -> str:
    """One test in a sentence."""
    if test.kind == "vectors":
        return f"the vectors of '{test.name}' (squared distance {test.statistic:.4f}, p {_p(test)})"
    ends = f"{_plain(test.effect)} [{_plain(test.lower)}, {_plain(test.upper)}]"
    if test.kind == "classifier":
        right = amount(test.statistic, is_rate=True)
        return f"a classifier that tells them apart with AUC {ends} ({right} right, p {_p(test)})"
    by_chance = f", TV {_plain(test.tv)} where chance gives {_plain(test.null_tv)}"
    return (
        f"'{test.name}' with Cramér's V {ends} (χ² {test.statistic:,.1f} on {test.df} degrees of "
        f"freedom, p {_p(test)}{by_chance})"
    )


def _p(test: Contrast) -> str:
    """The adjusted p-value in words."""
    return "below 0.001" if test.q < 0.001 else f"{test.q:.3f}"


def _plain(value: float | None) -> str:
    """An effect with two decimals."""
    return "–" if value is None else minus(f"{value:.2f}")


ABSENT: Final = {
    "HW350": ("dev", "test", "Dev and test cannot be compared: there is no {split} set."),
    "HW352": ("train", "train_dev", "Train-dev cannot be compared: there is no {split} set."),
}
"""What is said where one of two splits is not there; without field rows nothing is said."""


def _absent(code: str, check: SplitCheck) -> Finding | None:
    """A question about a split that is not there."""
    if code not in ABSENT:
        return None
    first, second, sentence = ABSENT[code]
    missing = [name for name in (first, second) if name not in check.n]
    if not missing:
        return None
    words = sentence.format(split=listed([rung_words(name) for name in missing], "or"))
    return Finding(code=code, verdict=Verdict.NOT_APPLICABLE, sentence=words)


def _size(size: SetSize) -> Finding:
    """Whether a set is large enough."""
    level = f"{100 * size.level:g} %"
    rate = amount(size.rate, is_rate=True)
    error = f"an assumed error of {rate}" if size.assumed else f"its error of {rate}"
    worth = (
        "" if size.n_eff > 0.99 * size.n else f", worth {thousands(size.n_eff)} independent ones"
    )
    wide, seen, margin = (
        amount(value, is_rate=True, points=True)
        for value in (size.half_width, size.difference, size.margin)
    )
    verdict = Verdict.YES if size.is_small else Verdict.NO
    end = "more than" if size.is_small else "within"
    sentence = (
        f"{rung_words(size.split).capitalize()} holds {counted(size.n, 'row')}{worth}: it shows "
        f"{error} to within {wide} either way ({level} interval) and a difference of two models "
        f"from {seen} on, {end} the margin of {margin}.{_slices(size)}"
    )
    wants: tuple[Want, ...] = ()
    if size.is_small:
        more = Want(
            what="examples",
            split=size.split,
            n=size.needed - size.n,
            sentence=f"Label {about(size.needed - size.n)} more rows of "
            f"{rung_words(size.split)}, {about(size.needed)} in all: they show a difference of "
            f"{margin} with probability 0.80.",
        )
        wants = (more,)
    return Finding(code="HW353", verdict=verdict, sentence=sentence, wants=wants)


def _slices(size: SetSize) -> str:
    """Parts that are too small to show their error."""
    small = [part for part in size.slices if part.n < size.smallest]
    if not small:
        return ""
    names = [f"'{part.value}' ({thousands(part.n)})" for part in small[:SHOWN]]
    more = [f"{len(small) - SHOWN} more"] if len(small) > SHOWN else []
    return (
        f" A part needs {thousands(size.smallest)} rows to show such an error to within half of "
        f"itself; {listed([*names, *more])} {'has' if len(small) == 1 else 'have'} fewer."
    )


WORDS: Final = {
    "id": "an id",
    "group": "a group",
    "row": "the content of a row",
    "near": "almost the same example",
}
"""What splits share, by kind."""

NOT_LOOKED_FOR: Final = {
    "id": "Shared ids were not looked for: there is no column 'id'",
    "group": "Shared groups were not looked for: there is no column 'group'",
    "row": "Copies of rows were not looked for: no column holds the content of a row",
    "near": "Near copies were not looked for: there is no column of texts, vectors or pictures",
}
"""What is said where nothing tells it, by kind of leak."""


def _leak(leak: Leak, check: SplitCheck) -> Finding:
    """What splits share, in words."""
    code = CODES[leak.kind]
    if leak.kind == "time":
        return _time(leak)
    columns = (
        listed([f"'{name}'" for name in leak.by])
        if len(leak.by) <= SHOWN
        else (f"{len(leak.by)} columns")
    )
    if leak.verdict == Verdict.NOT_APPLICABLE:
        why = NOT_LOOKED_FOR[leak.kind]
        if leak.distinct is not None:
            why = (
                f"Copies of rows were not looked for: too many rows are alike by chance in "
                f"{columns} ({amount(leak.distinct, is_rate=True)} differ from all others)"
            )
        return Finding(code=code, verdict=leak.verdict, sentence=f"{why}.")
    if leak.verdict == Verdict.UNDETERMINED:
        want = Want(what="id", sentence="Add a column 'id', or columns that tell rows apart.")
        return Finding(
            code=code,
            verdict=leak.verdict,
            sentence=f"Whether splits share rows cannot be told: too many are alike by chance in "
            f"{columns} ({amount(leak.distinct or 0.0, is_rate=True)} differ from all others).",
            wants=(want,),
        )
    looked = f" ({leak.note})" if leak.kind == "near" else ""
    if leak.verdict == Verdict.NO:
        sizes = [f"{rung_words(split)} {thousands(n)}" for split, n in leak.rows.items()]
        return Finding(
            code=code,
            verdict=leak.verdict,
            sentence=f"No two splits share {WORDS[leak.kind]} by {columns}{looked}; rows looked "
            f"at: {listed(sizes)}.",
        )
    parts = [_shared(leak, pair) for pair in leak.pairs]
    wants = _remove(leak, check) if any(leak.of(s, "train") for s in JUDGED) else ()
    return Finding(
        code=code,
        verdict=leak.verdict,
        sentence=f"Splits share {WORDS[leak.kind]} by {columns}{looked}: {listed(parts)}."
        f"{_other_labels(leak)}",
        wants=wants,
    )


def _shared(leak: Leak, pair: tuple[str, str]) -> str:
    """What one split has of another."""
    split, other = pair
    n, rows = leak.of(split, other), leak.rows.get(split, 0)
    share = f", {amount(n / rows, is_rate=True)}" if rows else ""
    return (
        f"{thousands(n)} of {counted(rows, f'{rung_words(split)} row')}{share} "
        f"{'is' if n == 1 else 'are'} in "
        f"{rung_words(other)} too"
    )


def _other_labels(leak: Leak) -> str:
    """Rows with inputs that another split has under another label."""
    more = {
        pair: n - leak.shared.get(pair, 0)
        for pair, n in leak.same_inputs.items()
        if pair in leak.pairs and n > leak.shared.get(pair, 0)
    }
    parts = [
        f"{counted(n, 'row')} of {rung_words(split)} with inputs of {rung_words(other)}"
        for (split, other), n in more.items()
    ]
    return (
        f" {listed(parts)} {'has' if sum(more.values()) == 1 else 'have'} another label."
        if (parts)
        else ""
    )


def _remove(leak: Leak, check: SplitCheck) -> tuple[Want, ...]:
    """The rows of train to take out."""
    n = min(leak.to_remove, check.n.get("train", leak.to_remove))
    several = sum(bool(leak.of("train", split)) for split in JUDGED) > 1
    up_to = "up to " if several else ""
    copies = f"{thousands(n)} near {'copy' if n == 1 else 'copies'}"
    left = copies if leak.kind == "near" else counted(n, "row")
    sentence = (
        f"Take {up_to}{left} out of train, and leave dev and test as they are, so "
        "that earlier numbers stay comparable."
    )
    return (Want(what="rows_out", split="train", n=n, sentence=sentence),)


def _time(leak: Leak) -> Finding:
    """Whether train is earlier than what it is judged on."""
    column = leak.by[0]
    spans = [
        f"{rung_words(split)} from {window.first} to {window.last}"
        for split, window in leak.windows.items()
    ]
    lead = f"By '{column}', {listed(spans)}" if spans else f"'{column}' holds no time"
    if leak.verdict == Verdict.NOT_APPLICABLE:
        return Finding(code="HW356", verdict=leak.verdict, sentence=f"{lead}: nothing to compare.")
    if leak.verdict == Verdict.NO:
        return Finding(code="HW356", verdict=leak.verdict, sentence=f"{lead}: train comes first.")
    parts = [
        f"{counted(n, f'{rung_words(split)} row')} {'is' if n == 1 else 'are'} not earlier "
        f"than the first of {rung_words(other)}"
        for (split, other), n in leak.shared.items()
    ]
    named = leak.verdict == Verdict.YES
    wants = (
        ()
        if named
        else (
            Want(
                what="time",
                sentence=f"Say with --time {column} that the order matters, or leave it if rows of "
                "all times are alike.",
            ),
        )
    )
    return Finding(
        code="HW356", verdict=leak.verdict, sentence=f"{lead}: {listed(parts)}.", wants=wants
    )


def _error(split: str, kind: str, found: Leakage) -> Finding:
    """The error without the rows that leaked."""
    bias = found.bias
    assert bias.lower is not None
    assert bias.upper is not None
    clear = bias.lower > 0 or bias.upper < 0
    words = "flatters" if bias.estimate < 0 else "worsens"
    by = {"id": "id", "group": "group", "row": "content"}[kind]
    points = amount(abs(bias.estimate), is_rate=True, points=True)
    return Finding(
        code="HW359",
        verdict=Verdict.YES if clear else Verdict.UNDETERMINED,
        sentence=f"Without the {counted(found.leaked.n or 0, 'row')} of {rung_words(split)} that "
        f"train holds too (by {by}), its error is {_rate(found.clean)} instead of "
        f"{_rate(found.observed)}: what leaked {words} it by {points} "
        f"{interval(bias.lower, bias.upper, is_rate=True)}.",
    )


def _rate(found: Estimate) -> str:
    """A rate with its interval and n."""
    ends = interval(found.lower, found.upper, is_rate=True)
    return f"{amount(found.estimate, is_rate=True)} {ends} (n {thousands(found.n or 0)})"


def worst(findings_: Sequence[Finding]) -> tuple[Finding, ...]:
    """The findings that call for something, problems first."""
    order = {Verdict.YES: 0, Verdict.UNDETERMINED: 1}
    bad = [finding for finding in findings_ if finding.verdict in order]
    return tuple(sorted(bad, key=lambda finding: order[finding.verdict]))
