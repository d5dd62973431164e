"""What a judged change says: whether the error fell, which gaps moved, and what to make of it."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING, Final

from headway.findings import Finding, Verdict, Want
from headway.stats.changes import Flips
from headway.stats.power import size_for_difference
from headway.strategy.ladder import merged_words, rung_words
from headway.strategy.worded import more_examples
from headway.wording import amount, counted, interval, listed, thousands

if TYPE_CHECKING:
    from headway.stats.forms import Estimate
    from headway.strategy.movements import Changes, GapChange, Pair

__all__ = ["direction", "findings", "size_of", "wants"]

MOST_EXAMPLES: Final = 100_000_000
"""More examples than are ever labeled."""

MET: Final = "met by both versions"


def findings(found: Changes) -> tuple[Finding, ...]:
    """What a judged change says.

    Args:
        found: The judged change with its wants.

    Returns:
        The findings, whether the error fell first.

    References:
        Methods note, sections 3.6 and 11.3.
    """
    return (
        _progress(found),
        *(_moved(found, gap) for gap in found.gaps),
        *_signature(found),
        *_ground(found),
    )


def size_of(found: Changes, change: Estimate, *, absolute: bool = False) -> str:
    """A change with its interval in words.

    Args:
        found: The judged change it belongs to.
        change: The change.
        absolute: Whether it is told as a rise or a fall, without its sign.

    Returns:
        Such as ``"4.00 points [1.76, 6.23]"``.
    """
    value, lower, upper = change.estimate, change.lower, change.upper
    if absolute and value < 0:
        value = -value
        lower, upper = (None if end is None else -end for end in (upper, lower))
    size = amount(value, is_rate=found.is_rate, points=True)
    ends = "" if lower is None else f" {interval(lower, upper, is_rate=found.is_rate)}"
    return f"{size}{ends}"


def direction(change: float) -> str:
    """What an error did.

    Examples:
        >>> direction(-0.02), direction(0.0)
        ('fell', 'changed')
    """
    return "fell" if change < 0 else "rose" if change > 0 else "changed"


def _margin(found: Changes) -> str:
    """The margin in words."""
    return amount(found.margin, is_rate=found.is_rate, points=True)


def _error(found: Changes) -> str:
    """What is judged, such as "Dev error"."""
    words = f"{rung_words(found.judged_on)} {found.error_words}"
    return f"{words[0].upper()}{words[1:]}"


def _progress(found: Changes) -> Finding:
    """Whether the error fell on the split that progress is judged on."""
    rung = found.rung(found.judged_on)
    verb = direction(rung.change.estimate)
    size = size_of(found, rung.change, absolute=True)
    sentences = {
        "better": f"{_error(found)} fell by {size}{_flips(found)}.{_beyond(found)}",
        "worse": f"{_error(found)} rose by {size}{_flips(found)}.{_beyond(found)}",
        "equal": f"{_error(found)} did not change by more than the margin of {_margin(found)}: "
        f"it {verb} by {size}{_flips(found)}.",
        "undetermined": f"Whether {_error(found)[0].lower()}{_error(found)[1:]} fell cannot be "
        f"told: it {verb} by {size}{_flips(found)}.",
    }
    verdicts = {"better": Verdict.YES, "worse": Verdict.NO, "equal": Verdict.NO}
    verdict = verdicts.get(found.state, Verdict.UNDETERMINED)
    return Finding(
        code="HW321", verdict=verdict, sentence=sentences[found.state], wants=found.wants
    )


def _flips(found: Changes) -> str:
    """How many examples changed sides, where that was counted."""
    rung = found.rung(found.judged_on)
    n = rung.change.n
    if rung.fixed is None or rung.broken is None or n is None:
        return ""
    if rung.change.n_eff is not None:
        shares = [amount(share, is_rate=True) for share in (rung.fixed, rung.broken)]
        return f" ({shares[0]} fixed, {shares[1]} broken, by weight or cluster)"
    fixed, broken = (thousands(round(share * n)) for share in (rung.fixed, rung.broken))
    return f" ({fixed} fixed, {broken} broken, of {counted(n, 'example')})"


def _beyond(found: Changes) -> str:
    """Whether a change that is clear of zero exceeds the margin."""
    if found.material is Verdict.YES:
        return f" That is more than the margin of {_margin(found)}."
    return f" Whether that is more than the margin of {_margin(found)} is not shown."


def _moved(found: Changes, gap: GapChange) -> Finding:
    """Whether one gap moved."""
    sets = f"{rung_words(gap.lower_rung)} \u2192 {rung_words(gap.upper_rung)}"
    name = merged_words(gap.merges)
    title = f"{name[0].upper()}{name[1:]} ({sets})"
    half = amount(found.margin / 2, is_rate=found.is_rate, points=True)
    size = size_of(found, gap.change)
    sentences = {
        Verdict.YES: f"{title} {'grew' if gap.change.estimate > 0 else 'shrank'} by "
        f"{size_of(found, gap.change, absolute=True)}.",
        Verdict.NO: f"{title} did not move by more than {half}: {size}.",
    }
    unclear = f"Whether {title[0].lower()}{title[1:]} moved cannot be told: {size}."
    return Finding(code="HW322", verdict=gap.moved, sentence=sentences.get(gap.moved, unclear))


def _signature(found: Changes) -> list[Finding]:
    """What the moves together amount to, where that is more than progress or none."""
    grew = [gap for gap in found.gaps if gap.change.estimate > 0]
    shrank = [gap for gap in found.gaps if gap.change.estimate < 0]
    if found.signature == "exchange":
        paid = [gap for gap in grew if gap in found.moved] or grew
        won = [gap for gap in shrank if gap in found.moved] or shrank
        return [_exchange(found, won, paid)]
    if found.signature == "two_gaps":
        names = listed([merged_words(gap.merges) for gap in found.moved])
        sentence = (
            f"More than one gap moved ({names}), so which part of the change did it is unclear. "
            "Change one knob at a time."
        )
        return [Finding(code="HW324", verdict=Verdict.YES, sentence=sentence)]
    worse = [gap for gap in found.moved if gap.change.estimate > 0]
    if found.signature == "side_effect" and worse:
        names = listed(
            [
                f"{merged_words(g.merges)} by {size_of(found, g.change, absolute=True)}"
                for g in worse
            ]
        )
        sentence = f"Side effect: the change enlarged {names}."
        return [Finding(code="HW325", verdict=Verdict.YES, sentence=sentence)]
    return []


def _exchange(found: Changes, won: list[GapChange], paid: list[GapChange]) -> Finding:
    """One gap was paid for with another."""
    names = [listed([merged_words(gap.merges) for gap in part]) for part in (won, paid)]
    for_what = f"less {names[0]} was paid for with more {names[1]}"
    if not won or not paid:
        for_what = f"{names[0] or names[1]} moved and was paid for below the lowest rung"
    sentence = (
        f"Exchange: {for_what}, and {rung_words(found.judged_on)} {found.error_words} stayed. "
        "Early stopping and more regularization than needed do this."
    )
    return Finding(code="HW323", verdict=Verdict.YES, sentence=sentence)


def _ground(found: Changes) -> list[Finding]:
    """What the comparison rests on: shared examples, splits left out, and what it can show."""
    said: list[Finding] = []
    apart = [rung_words(rung.name) for rung in found.rungs if not rung.paired]
    numbers = [rung for rung in found.rungs if not rung.paired and rung.change.n is None]
    if apart and len(numbers) < len(apart):
        because = f" ({found.apart_because})" if found.apart_because else ""
        sentence = (
            f"Not paired example by example: {listed(apart)}{because}. The two versions are "
            "compared as if they had met different examples, which shows less."
        )
        said.append(Finding(code="HW326", verdict=Verdict.YES, sentence=sentence))
    said += _not_shared(found)
    if found.left_out:
        names = listed([rung_words(name) for name in found.left_out])
        sentence = f"Only one version was measured on {names}, so nothing is said of it."
        said.append(Finding(code="HW328", verdict=Verdict.YES, sentence=sentence))
    least = found.rung(found.judged_on).detectable
    if least is not None:
        size = amount(least, is_rate=found.is_rate, points=True)
        enough = least <= found.margin
        sentence = (
            f"The present {rung_words(found.judged_on)} examples show a change of {size} or more "
            f"with probability 0.80; the margin is {_margin(found)}."
        )
        verdict = Verdict.YES if enough else Verdict.NO
        said.append(Finding(code="HW329", verdict=verdict, sentence=sentence))
    return said


def _not_shared(found: Changes) -> list[Finding]:
    """Examples that only one version met."""
    parts = [
        f"{rung_words(name)} {thousands(first)} only before and {thousands(second)} only after"
        for name, (first, second) in found.unshared.items()
        if first or second
    ]
    if not parts:
        return []
    sentence = f"Examples that only one version met are left out: {listed(parts)}."
    return [Finding(code="HW327", verdict=Verdict.YES, sentence=sentence)]


def wants(found: Changes, pair: Pair) -> tuple[Want, ...]:
    """What would settle whether the error changed, where that cannot be told.

    Args:
        found: The judged change.
        pair: The split that progress is judged on.

    Returns:
        One purchase at most: examples of that split, met by both versions.

    References:
        Connor (1987), Biometrics 43, 207-211.
        Methods note, section 3.6.
    """
    if found.state != "undetermined":
        return ()
    name = found.judged_on
    change = found.rung(name).change
    sizes = [size for size in (max(abs(change.estimate), found.margin), found.margin) if size > 0]
    plans = [(size, _needed(found, pair, size)) for size in sizes]
    more = [
        (size, n) for size, n in plans if n is not None and (change.n or 0) < n <= MOST_EXAMPLES
    ]
    if not more:
        sentence = f"{more_examples(None, rung_words(name), MET)} would settle it."
        return (Want(what="examples", split=name, sentence=sentence),)
    size, n = more[0][0], more[0][1] - (change.n or 0)
    words = amount(size, is_rate=found.is_rate, points=True)
    sentence = (
        f"{more_examples(n, rung_words(name), MET)} would show a change of {words} with "
        "probability 0.80."
    )
    return (Want(what="examples", split=name, n=n, sentence=sentence),)


def _needed(found: Changes, pair: Pair, difference: float) -> int | None:
    """Examples that show a difference with probability 0.80, or None where it is not known."""
    rung, flips = found.rung(found.judged_on), pair.change
    if isinstance(flips, Flips):
        n = flips.n_eff or flips.n
        discordance = max(flips.fixed + flips.broken, 2 / (n + 2), difference)
        pairs = size_for_difference(difference, 0.0, discordance=min(1.0, discordance))
        return ceil(pairs * flips.n / n)
    if rung.detectable is None or rung.change.n is None:
        return None
    return ceil(rung.change.n * (rung.detectable / difference) ** 2)
