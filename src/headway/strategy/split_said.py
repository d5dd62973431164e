"""What is said of a split that was made: does it aim at the target, and what did it cost?"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from headway.findings import Finding, Verdict, Want
from headway.stats.power import half_width, size_for_half_width
from headway.stats.sizes import detectable_difference
from headway.strategy.ladder import rung_words
from headway.wording import about, amount, counted, listed, thousands

if TYPE_CHECKING:
    from collections.abc import Mapping

    from headway.strategy.splits import Option, Part, Plan

__all__ = ["Splits", "findings"]

LARGE_GROUP: Final = 0.20
"""Share of a set above which one group makes its size and its error erratic."""

SHORT: Final = 0.8
"""Share of the rows asked for below which a set is called short."""

REASONS: Final = {
    "group": "rows of groups that are in another split",
    "embargo": "rows within the embargo",
    "later": "rows of other sources later than train",
    "no_time": "rows without a time",
}
"""Why a row is in no split."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Splits:
    """The splits that were made, and the plan they follow.

    Args:
        plan: The plan.
        parts: Each split as it became, train first.
        left_out: Rows that are in no split, by reason: ``group``, ``embargo``, ``later`` or
            ``no_time``.
        method: ``"hash order"`` (exactly so many), ``"hash share"`` (a share of the keys) or
            ``"time"``.
        key: Columns that decide the split of a row, the first that is filled; empty for all of
            its content.
        salt: The text that decides it too: the same salt gives the same split.
        stratify: The column whose values each give their share to every split, or empty.
        times: The column of times and the first moments of dev and test, where they decide.
        largest: Per split, its largest group and the rows of it.
        files: Per split, its file; empty where nothing was written.
        rows: The rows with a column ``split``, in the engine they came in.
        kept: Whatever must live as long as ``rows``.
        findings: What was found.
    """

    plan: Plan
    parts: tuple[Part, ...]
    left_out: Mapping[str, int]
    method: str
    key: tuple[str, ...]
    salt: str
    stratify: str = ""
    times: Mapping[str, str] = field(default_factory=dict)
    largest: Mapping[str, tuple[str, int]] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)
    rows: object = field(default=None, compare=False, repr=False)
    kept: object = field(default=None, compare=False, repr=False)
    findings: tuple[Finding, ...] = ()

    @property
    def total(self) -> int:
        """Rows of all splits, and those left out."""
        return sum(part.n for part in self.parts) + sum(self.left_out.values())

    def n(self, name: str) -> int:
        """Rows of one split."""
        return next((part.n for part in self.parts if part.name == name), 0)

    def part(self, name: str) -> Part:
        """One split that has rows."""
        return next(part for part in self.parts if part.name == name)

    @property
    def half_width(self) -> float | None:
        """Half-width of the error that dev shows, a fraction; None where dev is empty."""
        n, aim = self.n("dev"), self.plan.aim
        return half_width(aim.rate, n, level=aim.level) if n else None

    @property
    def difference(self) -> float | None:
        """Smallest difference of two models that dev will probably show; None where it is empty."""
        n, aim = self.n("dev"), self.plan.aim
        return detectable_difference(aim.differing, n, level=aim.level) if n else None


def findings(made: Splits) -> tuple[Finding, ...]:
    """What must be known of a split before anybody trains on it.

    Args:
        made: The split.

    Returns:
        The findings, the aim first; a question that does not arise is left out.

    Examples:
        >>> from headway.strategy.splits import Aim, plan
        >>> planned = plan({"web": 9000, "mobile": 1000}, Aim())
        >>> made = Splits(
        ...     plan=planned, parts=planned.parts, left_out={}, method="hash order", key=("id",),
        ...     salt="headway",
        ... )
        >>> print(findings(made)[0].sentence)
        Nobody has said which of the 2 sources matters, so dev and test hold all of them.

    References:
        Methods note, sections 4.2 to 4.4.
        Notes: week 2, "Training and testing on different distributions".
    """
    found = (
        _aim(made.plan),
        _target_size(made),
        _train(made),
        _groups(made),
        _left_out(made),
        _importance(made),
    )
    return tuple(finding for finding in found if finding is not None)


def _aim(plan: Plan) -> Finding | None:
    """Whether dev and test aim at the target."""
    if len(plan.sources) < 2:
        return None
    if not plan.declared:
        n = len(plan.sources)
        want = Want(
            what="target",
            sentence="Name the sources that matter with --target-source, or weigh them with "
            "--importance.",
        )
        return Finding(
            code="HW341",
            verdict=Verdict.UNDETERMINED,
            sentence=f"Nobody has said which of the {n} sources matters, so dev and test hold all "
            "of them.",
            wants=(want,),
        )
    if plan.shuffled is None:
        weighed = ", each as often as it matters" if plan.aim.importance else ""
        sentence = f"Dev and test hold all {len(plan.sources)} sources{weighed}."
        return Finding(code="HW341", verdict=Verdict.YES, sentence=sentence)
    sentence = f"Dev and test hold {_sources(plan.target)} alone."
    sentence += f" {_shuffled(plan, plan.shuffled)}"
    return Finding(code="HW341", verdict=Verdict.YES, sentence=sentence)


def _sources(names: tuple[str, ...]) -> str:
    """Names of sources in a sentence."""
    few = [f"'{name}'" for name in names[:4]]
    return listed([*few, f"{len(names) - 4} more"] if len(names) > 4 else few)


def _shuffled(plan: Plan, option: Option) -> str:
    """What a shuffle of all rows would give instead."""
    level, rate = f"{100 * plan.aim.level:g} %", amount(plan.aim.rate, is_rate=True)
    in_dev = option.target_in_dev
    share = amount(option.share, is_rate=True)
    start = (
        f"Had all rows been shuffled, dev would hold {in_dev.expected:,.0f} ± {in_dev.sd:,.0f} of "
        f"them ({share})"
    )
    if option.half_width is None:
        return f"{start} and say nothing about them."
    wide = amount(option.half_width, is_rate=True, points=True)
    narrow = f"{100 * half_width(plan.aim.rate, plan.part('dev').n, level=plan.aim.level):.2f}"
    return (
        f"{start} and show an error of {rate} on them to within {wide} either way instead of "
        f"{narrow} ({level} interval)."
    )


def _target_size(made: Splits) -> Finding | None:
    """Whether dev and test have the rows that were asked for, and show what they were asked for."""
    plan, aim = made.plan, made.plan.aim
    got = {name: made.n(name) for name in ("dev", "test")}
    by_moments = made.method == "time" and plan.how == "rule_of_thumb"
    enough = by_moments or all(got[name] >= SHORT * plan.wanted[name] for name in got)
    imprecise = aim.half_width is not None and (made.half_width or 1.0) > 1.02 * aim.half_width
    if enough and not imprecise:
        return None
    n_target = sum(plan.sources[name] for name in plan.target)
    sentence = (
        f"The target has {counted(n_target, 'row')}, and dev and test want "
        f"{thousands(plan.wanted['dev'])} and {thousands(plan.wanted['test'])}: they get "
        f"{thousands(got['dev'])} and {thousands(got['test'])}"
    )
    if made.half_width is not None:
        wide = amount(made.half_width, is_rate=True, points=True)
        rate = amount(aim.rate, is_rate=True)
        sentence += f", and dev shows an error of {rate} to within {wide} either way"
    return Finding(
        code="HW342",
        verdict=Verdict.YES,
        sentence=f"{sentence}.",
        wants=_more_target(made, n_target),
    )


def _more_target(made: Splits, n_target: int) -> tuple[Want, ...]:
    """What can be done where the target is small: folds, or more of it."""
    aim, wanted = made.plan.aim, made.plan.wanted
    need = max(sum(wanted.values()), size_for_half_width(aim.rate, aim.half_width or 1.0))
    pooled = half_width(aim.rate, n_target, level=aim.level)
    folds = Want(
        what="folds",
        split="dev",
        n=n_target,
        sentence=f"Judge by folds of all {thousands(n_target)} rows of the target: their errors "
        f"added up show {amount(aim.rate, is_rate=True)} to within "
        f"{amount(pooled, is_rate=True, points=True)} either way.",
    )
    more = 2 * need - n_target
    rows = Want(
        what="examples",
        split="dev",
        n=more,
        sentence=f"Collect {about(more)} more rows of the target; never fill dev up with other "
        "sources.",
    )
    return (folds, rows) if more > 0 else (folds,)


def _train(made: Splits) -> Finding | None:
    """Whether most rows are left to learn from."""
    n = sum(part.n for part in made.parts if part.name in {"train", "train_dev"})
    share = n / made.total
    if share >= 0.5:
        return None
    return Finding(
        code="HW343",
        verdict=Verdict.YES,
        sentence=f"Train keeps {thousands(n)} of {thousands(made.total)} rows "
        f"({amount(share, is_rate=True)}), less than half.",
    )


def _groups(made: Splits) -> Finding | None:
    """Whether one group makes up much of a set."""
    sizes = {part.name: part.n for part in made.parts}
    large = [
        f"'{name}' holds {thousands(n)} of the {thousands(sizes[split])} rows of "
        f"{rung_words(split)}"
        for split, (name, n) in made.largest.items()
        if split != "train" and n > LARGE_GROUP * sizes[split] and n > 1
    ]
    if not large:
        return None
    return Finding(
        code="HW344",
        verdict=Verdict.YES,
        sentence=f"One group makes up much of a set: {listed(large)}. Its luck decides the error.",
    )


def _left_out(made: Splits) -> Finding | None:
    """Rows that are in no split."""
    if not made.left_out:
        return None
    n = sum(made.left_out.values())
    parts = [f"{thousands(k)} {REASONS[reason]}" for reason, k in made.left_out.items()]
    return Finding(
        code="HW345",
        verdict=Verdict.YES,
        sentence=f"{thousands(n)} of {counted(made.total, 'row')} {'is' if n == 1 else 'are'} in "
        f"no split: {listed(parts)}.",
    )


def _importance(made: Splits) -> Finding | None:
    """Whether dev and test follow the importance that was declared."""
    plan = made.plan
    if not plan.aim.importance:
        return None
    dev = next((part for part in made.parts if part.name == "dev"), None)
    if dev is None:
        return None
    pool = sum(plan.sources[name] for name in plan.target)
    heavy = {n: w for n, w in plan.aim.importance.items() if n in plan.target}
    parts = [
        f"'{name}' makes up {amount(dev.sources.get(name, 0) / dev.n, is_rate=True)} of dev and "
        f"{amount(plan.sources[name] / pool, is_rate=True)} of the rows"
        for name in sorted(heavy, key=lambda n: -heavy[n])[:3]
    ]
    if not parts:
        return None
    return Finding(
        code="HW346",
        verdict=Verdict.YES,
        sentence=f"Dev and test follow the importance declared: {listed(parts)}.",
    )
