"""Looks at dev and test: what counts as one, and how many a test set has left."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from headway.errors import CountError, SplitError
from headway.findings import Finding, Verdict
from headway.stats.budgets import TEST_LOOKS
from headway.wording import listed, thousands

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

__all__ = [
    "ADAPTIVE",
    "Look",
    "LookCount",
    "before_test_look",
    "consultations",
    "counted",
    "of_set",
]

ADAPTIVE: Final = frozenset({"adaptive", "weights", "features", "prompt"})
"""Purposes of looks at something that was built from earlier answers of the same set."""

LOOKED_AT: Final = ("dev", "test")


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """One number that was read off a dev or test set.

    Args:
        when: Time in ISO form, such as ``"2026-01-31T12:00:00Z"``; sorts as text.
        split: ``"dev"`` or ``"test"``.
        fingerprint: Digest of the data; another digest is another set.
        model: Name of what was looked at: a model, a checkpoint, a threshold, a prompt.
        metric: Name of the metric.
        value: What was read, in the metric's own unit; fractions, not percent.
        n: Examples behind it, at least 1, or None where it is not known.
        purpose: ``"selection"``, ``"threshold"``, ``"report"`` and others where what was looked at
            was listed before any answer was seen; one of ``ADAPTIVE`` where it was built from
            answers.
        selected: Whether it was chosen because of this number.
        command: The command that showed it, or empty.
        lower: Lower end of the interval of the value, or None where it is not known.
        upper: Upper end of that interval, or None.
        user: Who ran the command, or empty.

    Raises:
        CountError: If ``n`` is below 1.
        SplitError: If the split is neither dev nor test.
    """

    when: str
    split: str
    fingerprint: str
    model: str
    metric: str
    value: float
    n: int | None = None
    purpose: str = "selection"
    selected: bool = False
    command: str = ""
    lower: float | None = None
    upper: float | None = None
    user: str = ""

    def __post_init__(self) -> None:
        """Check the split and the number of examples."""
        if self.split not in LOOKED_AT:
            raise SplitError.unknown(self.split, LOOKED_AT)
        if self.n is not None and self.n < 1:
            raise CountError.outside("n of a look", self.n, "at least one example")


@dataclass(frozen=True, slots=True, kw_only=True)
class LookCount:
    """How often one set was looked at.

    Args:
        split: ``"dev"`` or ``"test"``.
        fingerprint: Digest of the data.
        n_looks: Looks, numbers that were read again left out.
        by_purpose: The same by purpose, the most frequent first.
        first: Time of the first look.
        last: Time of the last look.
    """

    split: str
    fingerprint: str
    n_looks: int
    by_purpose: Mapping[str, int]
    first: str
    last: str


def of_set(looks: Iterable[Look], split: str, fingerprint: str | None = None) -> tuple[Look, ...]:
    """The looks at one set in time order, numbers that were read again left out.

    Args:
        looks: Looks in any order.
        split: ``"dev"`` or ``"test"``.
        fingerprint: The set; None takes the one that was looked at last.

    Returns:
        The looks; a number that was flagged as selected later keeps its place and the flag.

    Examples:
        >>> given = dict(when="1", split="dev", fingerprint="a", model="m")
        >>> look = Look(metric="error", value=0.1, **given)
        >>> len(of_set([look, look], "dev"))
        1

    References:
        Methods note, section 5.1.
    """
    seen = sorted((look for look in looks if look.split == split), key=lambda look: look.when)
    if not seen:
        return ()
    wanted = seen[-1].fingerprint if fingerprint is None else fingerprint
    found: dict[tuple[str, str, float], Look] = {}
    for look in seen:
        key = (look.model, look.metric, look.value)
        if look.fingerprint == wanted and (key not in found or look.selected):
            found[key] = _flagged(found.get(key), look)
    return tuple(found.values())


def _flagged(first: Look | None, again: Look) -> Look:
    """A number that was read again, at its first time, with its flag."""
    if first is None:
        return again
    return Look(**{name: getattr(first, name) for name in _NAMES} | {"selected": True})


_NAMES: Final = tuple(Look.__dataclass_fields__)


def consultations(looks: Iterable[Look]) -> int:
    """How many things were looked at: of one thing, several metrics at once are one look.

    Args:
        looks: Looks at one set, numbers that were read again left out.

    Returns:
        Their number: for each model, the most values that one metric showed of it.

    Examples:
        >>> given = dict(when="1", split="dev", fingerprint="a", model="m")
        >>> error = Look(metric="error", value=0.1, **given)
        >>> consultations([error, Look(metric="f1", value=0.8, **given)])
        1

    References:
        Methods note, section 5.1.
    """
    most: Counter[str] = Counter()
    for (model, _), n in Counter((look.model, look.metric) for look in looks).items():
        most[model] = max(most[model], n)
    return most.total()


def counted(looks: Sequence[Look]) -> tuple[LookCount, ...]:
    """How often each set was looked at, dev first, in time order.

    Args:
        looks: Looks in any order.

    Returns:
        One count for each split and fingerprint.

    References:
        Methods note, section 5.1.
    """
    order = sorted(looks, key=lambda look: look.when)
    sets = dict.fromkeys(
        (split, look.fingerprint) for split in LOOKED_AT for look in order if look.split == split
    )
    return tuple(_count(order, *key) for key in sets)


def _count(looks: Sequence[Look], split: str, fingerprint: str) -> LookCount:
    """The count of one set."""
    found = of_set(looks, split, fingerprint)
    purposes = Counter(look.purpose for look in found)
    return LookCount(
        split=split,
        fingerprint=fingerprint,
        n_looks=consultations(found),
        by_purpose=dict(purposes.most_common()),
        first=found[0].when,
        last=max(
            look.when for look in looks if (look.split, look.fingerprint) == (split, fingerprint)
        ),
    )


def before_test_look(
    looks: Sequence[Look],
    *,
    fingerprint: str,
    model: str,
    metric: str,
    allowed: int = TEST_LOOKS,
) -> Finding | None:
    """The warning that is due before a test number is shown.

    Args:
        looks: Every look so far, in any order.
        fingerprint: Digest of the test set that is about to be looked at.
        model: The model whose number would be shown.
        metric: The metric of that number.
        allowed: Looks at one test set for each release, at least 1.

    Returns:
        A finding where the look goes beyond what is allowed; None where it does not, or where the
        model's number was already read off this set.

    Examples:
        >>> seen = [
        ...     Look(when=str(k), split="test", fingerprint="a", model=f"m{k}", metric="error",
        ...          value=0.1)
        ...     for k in range(3)
        ... ]
        >>> before_test_look(seen, fingerprint="a", model="m3", metric="error").code
        'HW366'
        >>> before_test_look(seen, fingerprint="a", model="m2", metric="error") is None
        True

    References:
        Methods note, section 5.6.
        Notes: week 1, "Size of the dev and test sets".
    """
    found = of_set(looks, "test", fingerprint)
    used = consultations(found)
    if used < allowed or any((look.model, look.metric) == (model, metric) for look in found):
        return None
    names = listed([f"'{name}'" for name in list(dict.fromkeys(look.model for look in found))[:3]])
    more = len({look.model for look in found}) - 3
    rest = f" and {thousands(more)} more" if more > 0 else ""
    return Finding(
        code="HW366",
        verdict=Verdict.YES,
        sentence=f"This would be look {used + 1} at a test set that stands for {allowed}: "
        f"{names}{rest} were measured on it. Its next number is no longer unbiased; use this set "
        "as dev from now on and take a fresh test set.",
    )
