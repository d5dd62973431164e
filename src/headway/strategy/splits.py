"""How should the data be split? The target first: dev and test hold what the team aims at."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import floor
from typing import TYPE_CHECKING, Final

from headway.errors import CountError, SplitError, TargetError
from headway.stats.composition import Drawn, drawn
from headway.stats.defaults import LEVEL
from headway.stats.power import (
    half_width,
    size_for_difference,
    size_for_half_width,
    train_dev_size,
)
from headway.stats.sizes import rule_of_thumb

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["Aim", "Option", "Part", "Plan", "apportioned", "cut_offs", "plan", "quotas"]

OTHERS: Final = "others"
"""Stands for every source that is not named."""

MOST_CARVED: Final = 0.05
"""The largest share of train that train-dev takes where nobody says how large it is."""

KEPT_FOR_TRAIN: Final = 0.5
"""Share of the target's rows that train keeps where nobody says how large dev and test are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Aim:
    """What dev and test are for, and how large they are to be.

    Args:
        target: The sources that matter; empty where all do, or nobody said.
        importance: Per source, how much one of its rows matters; ``"others"`` stands for the
            rest. At least 0.
        dev: Rows of dev; below 1 a share of the rows it is drawn from; None for a default.
        test: The same for test.
        train_dev: Rows of train-dev, or below 1 a share of train; None for a default, 0 for none.
        half_width: Half the width that the interval of the error is to have, a fraction.
        margin: The difference of two models that dev is to show, a fraction.
        rate: The error rate expected, a fraction in (0, 1).
        discordance: Share of the rows on which two models differ in being right, or None.
        shuffle: Whether dev and test are drawn from all sources alike.
        level: Level of the intervals, in (0, 1).
    """

    target: tuple[str, ...] = ()
    importance: Mapping[str, float] = field(default_factory=dict)
    dev: float | None = None
    test: float | None = None
    train_dev: float | None = None
    half_width: float | None = None
    margin: float | None = None
    rate: float = 0.05
    discordance: float | None = None
    shuffle: bool = False
    level: float = LEVEL

    def __post_init__(self) -> None:
        """Check the ranges."""
        for name in ("dev", "test", "train_dev"):
            size = getattr(self, name)
            lowest = size == 0 and name == "train_dev"
            if size is not None and not (lowest or size >= 1 or 0 < size < 1):
                raise CountError.outside(name, size, "a number of rows, or a share in (0, 1)")
        for name in ("half_width", "margin", "rate", "level"):
            value = getattr(self, name)
            if value is not None and not 0 < value < 1:
                raise CountError.outside(name, value, "a fraction in (0, 1)")
        for source, weight in self.importance.items():
            if not 0 <= weight < float("inf"):
                raise CountError.outside(f"importance of {source}", weight, "a number at least 0")

    @property
    def differing(self) -> float:
        """Share of the rows on which two models differ: given, or a guess from the error rate."""
        return self.rate * (1 - self.rate) / 2 if self.discordance is None else self.discordance


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One split: how many rows it has, and where they come from.

    Args:
        name: ``train``, ``train_dev``, ``dev`` or ``test``.
        n: Its rows.
        sources: Per source, the rows that come from it; without a source column, empty.
        sd: How far the number may stray, in rows; 0 where it is exact.
    """

    name: str
    n: int
    sources: Mapping[str, int]
    sd: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One of the two ways to use a large source beside the one that matters.

    Args:
        name: ``"shuffle"`` (all sources pooled, option 1 of the notes) or ``"target"`` (dev and
            test from the target alone, option 2).
        parts: What each split would hold.
        target_in_dev: Rows of the target in dev.
        share: Their share of dev.
        half_width: Half-width of the error on the target that dev would show, at the error rate
            expected; None where dev would hold none of it.
        target_in_train: Rows of the target that are left for train.
    """

    name: str
    parts: tuple[Part, ...]
    target_in_dev: Drawn
    share: float
    half_width: float | None
    target_in_train: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How the rows are to be split, and why so.

    Args:
        aim: What was asked.
        sources: Per source, its rows; one entry with an empty name where there is no such column.
        target: The sources that dev and test are drawn from.
        declared: Whether somebody said which sources matter.
        how: Where the sizes come from: ``"numbers"``, ``"fractions"``, ``"precision"`` or
            ``"rule_of_thumb"``.
        wanted: Rows of dev and test that were asked for, before they met what there is.
        parts: Each split as planned, train first.
        takes: Per source and split, the rows that it gives.
        shares: Per source and split, the share of its rows that it gives, whatever their number;
            empty unless shares were asked for.
        shuffled: What option 1 would give; None where all rows are of the target.
        aimed: What the plan gives.
        usual: Shares of train, dev and test by the rule of thumb, for context.
    """

    aim: Aim
    sources: Mapping[str, int]
    target: tuple[str, ...]
    declared: bool
    how: str
    wanted: Mapping[str, int]
    parts: tuple[Part, ...]
    takes: Mapping[str, Mapping[str, int]]
    shares: Mapping[str, Mapping[str, float]]
    shuffled: Option | None
    aimed: Option
    usual: Mapping[str, float]

    @property
    def total(self) -> int:
        """All rows."""
        return sum(self.sources.values())

    @property
    def is_exact(self) -> bool:
        """Whether numbers of rows were asked, and not shares that hold when data grow."""
        return self.how != "fractions"

    def takes_of(self, name: str) -> int:
        """Rows that a split takes from all sources."""
        return sum(by.get(name, 0) for by in self.takes.values())

    def part(self, name: str) -> Part:
        """One split of the plan."""
        return next(part for part in self.parts if part.name == name)


def plan(sources: Mapping[str, int], aim: Aim) -> Plan:
    """How the rows of some sources are to be split.

    Dev and test are drawn from the target alone, by one recipe; all else goes to train, from which
    train-dev is carved where train is of another composition. Sizes are those asked for, or those
    that show what is to be shown, or those that are usual.

    Args:
        sources: Per source, its rows.
        aim: What dev and test are for.

    Returns:
        The plan, with what a shuffle of all rows would give beside it.

    Raises:
        TargetError: If a source is unknown.
        SplitError: If the target is declared and a shuffle asked for, or there are too few rows.

    Examples:
        >>> found = plan({"web": 200_000, "mobile": 10_000}, Aim(target=("mobile",), dev=2500))
        >>> {part.name: dict(part.sources) for part in found.parts}["dev"]
        {'mobile': 2500}
        >>> round(found.shuffled.target_in_dev.expected), found.part("train_dev").n
        (119, 5000)

    References:
        Methods note, sections 4.1 to 4.3 and 4.7.
        Notes: week 2, "Training and testing on different distributions".
    """
    weights = _weights(sources, aim)
    pool = {name: sources[name] for name, weight in weights.items() if weight > 0}
    shares = _composition(pool, weights)
    room = floor(min(pool[name] / share for name, share in shares.items() if share > 0) + 1e-9)
    how, wanted = _sizes(sum(sources.values()), room, aim)
    n_dev, n_test = _fitted(wanted, room)
    if min(n_dev, n_test) < 1:
        raise SplitError.too_few(sum(pool.values()))
    dev, test = (apportioned(n, shares, pool) for n in (n_dev, n_test))
    rest = {name: n - dev.get(name, 0) - test.get(name, 0) for name, n in sources.items()}
    n_carved = _carved(aim, rest, shares, n_dev)
    carved = apportioned(n_carved, rest, rest)
    train = {name: n - carved.get(name, 0) for name, n in rest.items()}
    if not any(train.values()):
        raise SplitError.too_few(sum(sources.values()))
    by_split = {"train": train, "train_dev": carved, "dev": dev, "test": test}
    parts = _parts(by_split)
    declared = bool(aim.target or aim.importance)
    return Plan(
        aim=aim,
        sources=dict(sources),
        target=tuple(pool),
        declared=declared,
        how=how,
        wanted=wanted,
        parts=parts,
        takes={n: {s: by[n] for s, by in by_split.items() if by.get(n)} for n in sources},
        shares=_shares(aim, weights, n_carved / sum(rest.values())) if how == "fractions" else {},
        shuffled=_shuffled(sources, pool, n_dev, n_test, aim) if pool != dict(sources) else None,
        aimed=Option(
            name="target",
            parts=parts,
            target_in_dev=Drawn(expected=float(n_dev), sd=0.0),
            share=1.0,
            half_width=half_width(aim.rate, n_dev, level=aim.level),
            target_in_train=float(sum(train[name] for name in pool)),
        ),
        usual=rule_of_thumb(sum(sources.values())),
    )


def _weights(sources: Mapping[str, int], aim: Aim) -> dict[str, float]:
    """How much a row of each source matters; 0 where it is not of the target."""
    known = list(sources)
    for name in (*aim.target, *(n for n in aim.importance if n != OTHERS)):
        if name not in sources:
            raise TargetError.unknown("source", name, known)
    if aim.shuffle and aim.target and set(aim.target) != set(known):
        others = 1 - sum(sources[n] for n in aim.target) / sum(sources.values())
        n_dev = _sizes(sum(sources.values()), sum(sources.values()), aim)[1]["dev"]
        raise SplitError.shuffled(aim.target, others, round(others * n_dev), n_dev)
    targets = aim.target or known
    other = aim.importance.get(OTHERS, 1.0)
    found = {n: aim.importance.get(n, other) if n in targets else 0.0 for n in known}
    if not any(found[name] * sources[name] > 0 for name in known):
        raise SplitError.too_few(0)
    return found


def _composition(pool: Mapping[str, int], weights: Mapping[str, float]) -> dict[str, float]:
    """The share of dev and test that each source of the target has."""
    heavy = {name: n * weights[name] for name, n in pool.items()}
    total = sum(heavy.values())
    return {name: value / total for name, value in heavy.items()}


def _sizes(total: int, room: int, aim: Aim) -> tuple[str, dict[str, int]]:
    """Where the sizes of dev and test come from, and what they are before they meet the rows."""
    given = [size for size in (aim.dev, aim.test) if size is not None]
    if given:
        dev, test = (given[0] if size is None else size for size in (aim.dev, aim.test))
        shares = [size for size in given if size < 1]
        numbers = {name: round(s * room) if s < 1 else round(s) for name, s in _named(dev, test)}
        return "fractions" if len(shares) == len(given) else "numbers", numbers
    if aim.half_width is not None or aim.margin is not None:
        final = size_for_half_width(aim.rate, aim.half_width or aim.margin or 1.0, level=aim.level)
        needs = [final] if aim.half_width is not None else []
        if aim.margin is not None:
            needs.append(_shows(aim, aim.margin))
        return "precision", {"dev": max(needs), "test": final}
    usual = round(rule_of_thumb(total)["dev"] * total)
    n = max(1, min(usual, floor(room * (1 - KEPT_FOR_TRAIN) / 2)))
    return "rule_of_thumb", {"dev": n, "test": n}


def _shows(aim: Aim, margin: float) -> int:
    """Rows that show a difference of two models that is as large as the margin."""
    if aim.discordance is not None and aim.discordance < margin:
        expected = f"a fraction of at least the margin, {margin:g}"
        raise CountError.outside("discordance", aim.discordance, expected)
    other = aim.rate - margin if margin < aim.rate else aim.rate + margin
    psi = max(aim.differing, abs(aim.rate - other))
    return size_for_difference(aim.rate, other, discordance=psi, level=aim.level)


def _named(dev: float, test: float) -> tuple[tuple[str, float], tuple[str, float]]:
    """Two sizes with their names."""
    return ("dev", dev), ("test", test)


def _fitted(wanted: Mapping[str, int], room: int) -> tuple[int, int]:
    """Dev and test as wanted, or smaller where the target has fewer rows: half stays in train."""
    asked = wanted["dev"] + wanted["test"]
    if asked <= room:
        return wanted["dev"], wanted["test"]
    scale = room * (1 - KEPT_FOR_TRAIN) / asked
    return floor(wanted["dev"] * scale), floor(wanted["test"] * scale)


def _shares(aim: Aim, weights: Mapping[str, float], carved: float) -> dict[str, dict[str, float]]:
    """The share of each source that goes to train-dev, dev and test, whatever the numbers of rows.

    Where nobody says how large train-dev is, it is a twentieth of train: a share that hung on the
    rows of dev would move rows when data grow.
    """
    largest = max(weights.values())
    given = [size for size in (aim.dev, aim.test) if size is not None]
    dev, test = (given[0] if size is None else size for size in (aim.dev, aim.test))
    if dev + test > 1:
        scale = (1 - KEPT_FOR_TRAIN) / (dev + test)
        dev, test = dev * scale, test * scale
    if aim.train_dev is None:
        carved = 0.0 if min(weights.values()) == largest else MOST_CARVED
    elif aim.train_dev < 1:
        carved = aim.train_dev
    found = {}
    for name, weight in weights.items():
        part = weight / largest
        left = 1 - part * (dev + test)
        found[name] = {"test": part * test, "dev": part * dev, "train_dev": left * carved}
    return found


def _carved(aim: Aim, rest: Mapping[str, int], shares: Mapping[str, float], n_dev: int) -> int:
    """Rows of train-dev: as asked, or about twice dev where train has another composition."""
    left = sum(rest.values())
    if aim.train_dev is not None:
        n = round(aim.train_dev * left) if aim.train_dev < 1 else round(aim.train_dev)
        if n > 0 and n >= left:
            raise SplitError.too_few(left)
        return n
    alike = all(abs(n / left - shares.get(name, 0.0)) < 0.01 for name, n in rest.items() if left)
    if alike or left < 20:
        return 0
    return train_dev_size(aim.rate, aim.rate, n_dev, n_train=left)


def _parts(by_split: Mapping[str, Mapping[str, int]]) -> tuple[Part, ...]:
    """Splits with their sources; those without a row are left out."""
    return tuple(
        Part(name=split, n=sum(by.values()), sources={n: k for n, k in by.items() if k and n})
        for split, by in by_split.items()
        if sum(by.values())
    )


def _shuffled(
    sources: Mapping[str, int], pool: Mapping[str, int], n_dev: int, n_test: int, aim: Aim
) -> Option:
    """What all rows shuffled together would give, in sets of the same size."""
    n_target, total = sum(pool.values()), sum(sources.values())
    in_dev = drawn(n_target, total - n_target, n_dev)
    sizes = {"train": total - n_dev - n_test, "dev": n_dev, "test": n_test}
    by_split = {split: apportioned(n, sources, sources) for split, n in sizes.items()}
    seen = round(in_dev.expected)
    return Option(
        name="shuffle",
        parts=_parts(by_split),
        target_in_dev=in_dev,
        share=in_dev.expected / n_dev,
        half_width=half_width(aim.rate, seen, level=aim.level) if seen else None,
        target_in_train=n_target * sizes["train"] / total,
    )


def apportioned(n: int, shares: Mapping[str, float], most: Mapping[str, int]) -> dict[str, int]:
    """A whole number dealt out in proportion, remainders to those that miss most.

    Args:
        n: The number, at most the sum of ``most``.
        shares: Per name, how much it should have; any scale.
        most: Per name, the most it can have.

    Returns:
        Per name, its number; the sum is ``n``.

    Examples:
        >>> apportioned(10, {"a": 1, "b": 1, "c": 2}, {"a": 9, "b": 9, "c": 4})
        {'a': 3, 'b': 3, 'c': 4}
    """
    found = dict.fromkeys(shares, 0)
    left = n
    while left > 0:
        open_ = {k: s for k, s in shares.items() if found[k] < most[k] and s > 0}
        total = sum(open_.values())
        exact = {k: left * s / total for k, s in open_.items()}
        more = {k: min(floor(x), most[k] - found[k]) for k, x in exact.items()}
        if not any(more.values()):
            by_rest = sorted(exact, key=lambda k: (-exact[k], str(k)))
            more = dict.fromkeys(by_rest[:left], 1)
        for k, gained in more.items():
            found[k] += gained
        left = n - sum(found.values())
    return found


def quotas(
    planned: Plan, pools: Mapping[tuple[str, str], int]
) -> dict[tuple[str, str], dict[str, int]]:
    """The rows that each stratum of each source gives to train-dev, dev and test.

    Args:
        planned: The plan.
        pools: Per source and stratum, its rows; the stratum is empty where there are none.

    Returns:
        Per source and stratum, rows by split.

    Examples:
        >>> found = plan({"": 100}, Aim(dev=10, test=20))
        >>> quotas(found, {("", "cat"): 60, ("", "dog"): 40})[("", "cat")]
        {'test': 12, 'dev': 6}
    """
    found: dict[tuple[str, str], dict[str, int]] = {pool: {} for pool in pools}
    for source, takes in planned.takes.items():
        left = {pool: n for pool, n in pools.items() if pool[0] == source}
        for split in ("test", "dev", "train_dev"):
            if not takes.get(split):
                continue
            wanted = {str(i): float(n) for i, n in enumerate(left.values())}
            most = {str(i): n for i, n in enumerate(left.values())}
            dealt = apportioned(takes[split], wanted, most)
            for pool, n in zip(left, dealt.values(), strict=True):
                found[pool][split] = n
                left[pool] -= n
    return found


def cut_offs(times: Sequence[tuple[str, int]], n_dev: int, n_test: int) -> tuple[str, str]:
    """The moments from which dev and test begin, so that they have about so many rows.

    Args:
        times: Moments in order, with the rows of the target at each; those of one moment stay
            together.
        n_dev: Rows of dev, at least 1.
        n_test: Rows of test, at least 1; the last ones.

    Returns:
        The first moment of dev and that of test.

    Raises:
        SplitError: If there are fewer than three moments.

    Examples:
        >>> cut_offs([("mon", 5), ("tue", 4), ("wed", 4), ("thu", 3)], 4, 3)
        ('wed', 'thu')

    References:
        Methods note, section 4.4.
    """
    moments = [moment for moment, n in times if n]
    if len(moments) < 3:
        raise SplitError.too_few_moments(len(moments))
    after, later = [0] * (len(times) + 1), 0
    for i in range(len(times) - 1, -1, -1):
        later += times[i][1]
        after[i] = later
    places = [i for i, (_, n) in enumerate(times) if n]
    test = min(places[2:], key=lambda i: (abs(after[i] - n_test), -i))
    before = [i for i in places[1:] if i < test]
    dev = min(before, key=lambda i: (abs(after[i] - after[test] - n_dev), -i))
    return times[dev][0], times[test][0]
