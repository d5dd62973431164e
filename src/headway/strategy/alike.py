"""Are two splits of one distribution? Column by column, by a classifier, and all tests together.

A verdict needs an effect above its margin, not only a small p-value: with a million rows
everything is significant, with two hundred nothing is.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from math import ceil
from typing import TYPE_CHECKING, Final

from headway.findings import Verdict
from headway.stats.defaults import LEVEL
from headway.stats.distribution import binned_ks, compared, guess_p_value
from headway.stats.multiplicity import benjamini_hochberg

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from headway.counts import CountTable
    from headway.rows.distribution import Discrepancy, Separation
    from headway.stats.grouped_shares import Grouped

__all__ = ["AUC_MARGIN", "FALSE_ALARMS", "V_MARGIN", "Alike", "Contrast", "Seen", "judge"]

V_MARGIN: Final = 0.1
"""Cramér's V from which a column differs."""

AUC_MARGIN: Final = 0.55
"""AUC of a classifier from which two splits differ."""

FALSE_ALARMS: Final = 0.05
"""Level of the one family that all tests belong to."""

ROUGHLY: Final = 3.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What was seen of two splits beside each other.

    Args:
        first: Name of the one split.
        second: Name of the other.
        columns: Per column, its rows by ``split`` and ``value``.
        ordered: Columns whose values are bins of numbers.
        grouped: Per column, its test where rows come in groups: its design effect says by how
            much chance is larger than for rows on their own.
        separation: How well a classifier tells the two apart, or None.
        discrepancies: Per column of vectors, how far their means lie apart.
    """

    first: str
    second: str
    columns: Mapping[str, CountTable]
    ordered: frozenset[str] = frozenset()
    grouped: Mapping[str, Grouped] = field(default_factory=dict)
    separation: Separation | None = None
    discrepancies: Mapping[str, Discrepancy] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Contrast:
    """One test of whether two splits are alike.

    Args:
        name: The column, or ``"classifier"``.
        kind: ``"column"`` (chi-square), ``"classifier"`` or ``"vectors"`` (distance of means).
        statistic: Chi-square, share of right answers, or squared distance of the means.
        df: Degrees of freedom of chi-square, or None.
        p: Its p-value.
        q: The same, adjusted for all tests of all pairs of splits.
        effect: Cramér's V or AUC; None for a distance of means, which has no scale.
        lower: Lower end of the interval of the effect, or None.
        upper: Upper end, or None.
        margin: The effect from which the two splits differ, or None.
        n: Rows of the two splits.
        tv: Total variation of a column, or the least one that a classifier proves.
        null_tv: What chance alone gives, or None.
        psi: Population stability index of a column, or None.
        js: Jensen-Shannon divergence of a column in nats, or None.
        ks: Distance of the cumulative distributions of a column of numbers, or None.
        detectable: The AUC that so many rows probably show, or None.
    """

    name: str
    kind: str
    statistic: float
    df: int | None
    p: float
    q: float
    effect: float | None
    lower: float | None
    upper: float | None
    margin: float | None
    n: tuple[int, int]
    tv: float | None = None
    null_tv: float | None = None
    psi: float | None = None
    js: float | None = None
    ks: float | None = None
    detectable: float | None = None

    @property
    def is_significant(self) -> bool:
        """Whether chance alone seldom gives as much, all tests considered."""
        return self.q <= FALSE_ALARMS

    @property
    def is_different(self) -> bool:
        """Whether the effect is there and large enough to matter."""
        large = self.effect is not None and self.margin is not None and self.effect >= self.margin
        return self.is_significant and large

    @property
    def is_alike(self) -> bool:
        """Whether an effect that matters is excluded."""
        return self.upper is not None and self.margin is not None and self.upper < self.margin


@dataclass(frozen=True, slots=True, kw_only=True)
class Alike:
    """Whether two splits are of one distribution.

    Args:
        first: Name of the one split.
        second: Name of the other.
        tests: Every test that was made, the largest effects first.
        verdict: Whether they differ: ``no`` is the good answer.
        n: Rows of the two splits.
        wanted: About how many rows of each would settle it; None where it is settled.
        level: Level of the intervals.
    """

    first: str
    second: str
    tests: tuple[Contrast, ...]
    verdict: Verdict
    n: tuple[int, int]
    wanted: int | None
    level: float

    @property
    def differing(self) -> tuple[Contrast, ...]:
        """The tests that show a difference which matters; vectors have no scale of their own."""
        if self.verdict != Verdict.YES:
            return ()
        return tuple(
            test
            for test in self.tests
            if test.is_different or (test.kind == "vectors" and test.is_significant)
        )


def judge(seen: Sequence[Seen], *, level: float = LEVEL) -> tuple[Alike, ...]:
    """Whether pairs of splits are each of one distribution; all tests are one family.

    Args:
        seen: What was seen of each pair.
        level: Level of the intervals, in (0, 1).

    Returns:
        The verdict of each pair, in the same order. Where nothing differs, the chance that any
        pair is said to differ is at most 0.05.

    Examples:
        >>> from headway.counts import CountTable
        >>> cells = [("dev", "US"), ("test", "India")]
        >>> source = CountTable.of(("split", "value"), cells, [500, 500])
        >>> found = judge([Seen(first="dev", second="test", columns={"source": source})])
        >>> found[0].verdict, found[0].tests[0].effect
        (<Verdict.YES: 'yes'>, 1.0)

    References:
        Benjamini and Hochberg (1995), Journal of the Royal Statistical Society B 57, 289-300.
        Methods note, section 4.5.
        Notes: week 1, "Train/dev/test distributions".
    """
    tests = [_tests(pair, level) for pair in seen]
    every = [test for found in tests for test in found]
    adjusted = benjamini_hochberg([test.p for test in every]).tolist()
    told = iter([replace(test, q=q) for test, q in zip(every, adjusted, strict=True)])
    return tuple(
        _verdict(pair, tuple(next(told) for _ in found), level)
        for pair, found in zip(seen, tests, strict=True)
    )


def _tests(seen: Seen, level: float) -> list[Contrast]:
    """The tests of one pair, not yet adjusted."""
    found = []
    for name, table in seen.columns.items():
        counts = _two_rows(table, seen)
        if all(map(sum, counts)):
            found.append(_column(name, counts, seen, level))
    if seen.separation is not None:
        found.append(_classifier(seen.separation))
    for name, distance in seen.discrepancies.items():
        found.append(
            Contrast(
                name=name,
                kind="vectors",
                statistic=distance.mmd2,
                df=None,
                p=distance.p,
                q=distance.p,
                effect=None,
                lower=None,
                upper=None,
                margin=None,
                n=distance.n,
            )
        )
    return found


def _two_rows(table: CountTable, seen: Seen) -> tuple[list[int], list[int]]:
    """The rows of both splits by value."""
    values = list(dict.fromkeys(table.column("value")))
    place = {value: i for i, value in enumerate(values)}
    rows = {seen.first: [0] * len(values), seen.second: [0] * len(values)}
    for (split, value), n in table:
        if split in rows:
            rows[str(split)][place[value]] += n
    return rows[seen.first], rows[seen.second]


def _column(name: str, counts: tuple[list[int], list[int]], seen: Seen, level: float) -> Contrast:
    """The test of one column; rows in groups count as the independent rows that they are worth."""
    grouped = seen.grouped.get(name)
    effect = 1.0 if grouped is None else max(1.0, grouped.effect)
    found = compared([[n / effect for n in side] for side in counts], level=level)
    p = found.p if grouped is None else grouped.p
    return Contrast(
        name=name,
        kind="column",
        statistic=found.statistic,
        df=found.df,
        p=p,
        q=p,
        effect=found.cramers_v,
        lower=found.lower,
        upper=found.upper,
        margin=V_MARGIN,
        n=(sum(counts[0]), sum(counts[1])),
        tv=found.tv,
        null_tv=found.null_tv,
        psi=found.psi,
        js=found.js,
        ks=binned_ks(counts) if name in seen.ordered else None,
    )


def _classifier(found: Separation) -> Contrast:
    """The test by a classifier: right answers against a coin, or groups dealt at random."""
    share = found.n_right / found.n_asked
    p = guess_p_value(found.n_right, found.n_asked) if found.p is None else found.p
    return Contrast(
        name="classifier",
        kind="classifier",
        statistic=share,
        df=None,
        p=p,
        q=p,
        effect=found.auc,
        lower=found.lower,
        upper=found.upper,
        margin=AUC_MARGIN,
        n=(found.n, found.n),
        tv=max(0.0, 2 * share - 1),
        detectable=found.detectable,
    )


def _verdict(seen: Seen, tests: tuple[Contrast, ...], level: float) -> Alike:
    """The verdict of one pair."""
    told = [test for test in tests if test.effect is not None]
    n = max((test.n for test in tests if test.kind == "column"), default=(0, 0), key=sum)
    if not any(n):
        n = max((test.n for test in tests), default=(0, 0), key=sum)
    verdict, wanted = Verdict.UNDETERMINED, None
    if not told:
        verdict = Verdict.NOT_APPLICABLE
    elif any(test.is_different for test in tests) or _far_apart(tests):
        verdict = Verdict.YES
    elif all(test.is_alike for test in told):
        verdict = Verdict.NO
    else:
        wanted = max(_rows_wanted(test) for test in told if not test.is_alike)
    return Alike(
        first=seen.first,
        second=seen.second,
        tests=tuple(sorted(tests, key=_by_effect)),
        verdict=verdict,
        n=n,
        wanted=wanted,
        level=level,
    )


def _far_apart(tests: Sequence[Contrast]) -> bool:
    """Whether means of vectors differ, and a classifier says that it matters."""
    vectors = any(test.kind == "vectors" and test.is_significant for test in tests)
    return vectors and any(
        test.kind == "classifier" and (test.effect or 0.0) >= AUC_MARGIN for test in tests
    )


def _by_effect(test: Contrast) -> tuple[bool, float]:
    """The largest effects first, in units of their margins; those without a scale last."""
    if test.effect is None or test.margin is None:
        return True, test.p
    none = 0.5 if test.kind == "classifier" else 0.0
    return False, -(test.effect - none) / (test.margin - none)


def _rows_wanted(test: Contrast) -> int:
    """About how many rows of each split would show whether the effect matters."""
    assert test.effect is not None
    assert test.margin is not None
    none = 0.5 if test.kind == "classifier" else 0.0
    reach = (test.upper or 1.0) - test.effect
    room = max(abs(test.margin - test.effect), (test.margin - none) / ROUGHLY)
    if test.kind == "column":
        # Chance alone moves V away from zero, so that the upper end itself has to shrink.
        reach, room = (test.upper or 1.0), max(test.margin, test.effect)
    smaller = max(1, min(test.n))
    return ceil(smaller * max(1.1, (reach / room) ** 2))
