"""What was compared, what changed in the target, and how the ledger stands: values and words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from headway.errors import CountError, TargetError
from headway.findings import Finding, Verdict
from headway.wording import listed, thousands

if TYPE_CHECKING:
    from headway.joint import JointCounts

__all__ = [
    "ASPECTS",
    "Change",
    "Comparison",
    "StoreState",
    "Tally",
    "not_recorded",
    "state_findings",
    "target_changed",
]

ASPECTS: Final = ("metric", "weights", "reference", "dev_set", "margin", "limits")
"""The parts of a target whose change ends the comparison with earlier numbers."""

LEADING: Final = ("direction", "metric", "kind", "name")
"""Keys whose value says enough without the key."""

MOST_SHOWN: Final = 3

TITLES: Final = {
    "metric": "the metric",
    "weights": "the weights",
    "reference": "the reference level",
    "dev_set": "the dev set",
    "margin": "the margin",
    "limits": "the limits",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Two models compared on the same examples, as it is kept.

    Args:
        a: The one model.
        b: The other model.
        fingerprint: Digest of the examples that both answered.
        metric: Name of the metric they were compared by.
        errors: Per category of mistakes, the errors of a and of b.
        n: Number of examples that both answered, at least 1.
        a_only: Examples that a alone got right.
        b_only: Examples that b alone got right.
        when: Time in UTC, as ``"2026-01-31T12:00:00.000000Z"``; empty until it is kept.
        command: The command that made it, or empty.
        user: Who made it, or empty.
    """

    a: str
    b: str
    fingerprint: str
    metric: str
    errors: Mapping[str, tuple[int, int]]
    n: int
    a_only: int
    b_only: int
    when: str = ""
    command: str = ""
    user: str = ""

    def __post_init__(self) -> None:
        """Check that the counts fit their n."""
        for name, value in (("a_only", self.a_only), ("b_only", self.b_only)):
            if not 0 <= value <= self.n:
                raise CountError.outside(name, value, f"a count in [0, {self.n}]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A dated change of the target: numbers before it and after it are not comparable.

    Args:
        what: One of ``ASPECTS``.
        before: What was declared before, as plain values; None where nothing was.
        after: What is declared now, as plain values; None where nothing is.
        first: Whether nothing was noted before: a first declaration, no change.
        since: When ``before`` was noted, in UTC, or empty.
        why: The reason, in the words of whoever changed it, or empty.
        when: Time in UTC at which it was noted; empty until it is kept.
        command: The command that noted it, or empty.
        user: Who ran that command, or empty.

    Examples:
        >>> Change(what="margin", before=0.01, after=0.02).what
        'margin'
    """

    what: str
    before: object
    after: object
    first: bool = False
    since: str = ""
    why: str = ""
    when: str = ""
    command: str = ""
    user: str = ""

    def __post_init__(self) -> None:
        """Check that it names a part of a target."""
        if self.what not in ASPECTS:
            raise TargetError.unknown("part of a target", self.what, ASPECTS)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Tally:
    """Joint counts of models on one set, kept so that the wear of the set can be told later.

    Args:
        split: ``"dev"`` or ``"test"``.
        fingerprint: Digest of the data.
        joint: The counts: bytes, not rows.
        when: Time in UTC at which they were kept; empty until then.
    """

    split: str
    fingerprint: str
    joint: JointCounts
    when: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreState:
    """How a ledger stands.

    Args:
        action: ``"info"``, ``"upgrade"`` or ``"check"``.
        url: Where it is, without a password.
        exists: Whether anything has been kept yet.
        revision: Its form, or empty where it has none yet.
        newest: The form that this program writes.
        pending: Forms still to be applied, first to last.
        applied: Whether they were applied just now.
        rows: Per table, its number of rows.
        bytes: Its size, or None where it cannot be told.
        journal: How SQLite keeps its journal, or empty on another database.
        network: The kind of the network share that it lies on, or empty.
        problems: What a check found wrong, one sentence each.
        findings: The state in words.
    """

    action: str
    url: str
    exists: bool
    revision: str
    newest: str
    pending: tuple[str, ...] = ()
    applied: bool = False
    rows: Mapping[str, int] = field(default_factory=dict)
    bytes: int | None = None
    journal: str = ""
    network: str = ""
    problems: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()


def target_changed(changes: Sequence[Change]) -> Finding | None:
    """The finding that a target is not what it was, or None where it is.

    Args:
        changes: What was noted just now; a first declaration is no change.

    Returns:
        The finding, with each part before and after.

    Examples:
        >>> target_changed([Change(what="margin", before=0.01, after=0.02)]).sentence
        'The target changed: the margin (0.01 → 0.02). Earlier numbers are not comparable.'

    References:
        Notes: week 1, "When to change dev/test sets and metrics".
    """
    told = [change for change in changes if not change.first]
    if not told:
        return None
    parts = [f"{TITLES[c.what]} ({_short(c.before)} → {_short(c.after)})" for c in told]
    days = sorted(change.since[:10] for change in told if change.since)
    since = f" since {days[-1]}" if days else ""
    sentence = f"The target changed{since}: {listed(parts)}. Earlier numbers are not comparable."
    return Finding(code="HW381", verdict=Verdict.YES, sentence=sentence)


def _short(value: object) -> str:
    """A declared value in a few words."""
    if value is None or value in ([], {}, ()):
        return "none"
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, Mapping):
        return _entry(value)
    if isinstance(value, list | tuple):
        shown = [_short(item) for item in value[:MOST_SHOWN]]
        left = len(value) - len(shown)
        return "; ".join([*shown, *([f"{left} more"] if left else [])])
    return str(value)


def _entry(entry: Mapping[str, object]) -> str:
    """An entry of the project file in a few words, its name or its metric first."""
    lead = [str(entry[key]) for key in LEADING if entry.get(key)]
    rest = [
        f"{key.replace('_', ' ')} {_short(item)}"
        for key, item in entry.items()
        if key not in LEADING and item is not None
    ]
    return " ".join([*lead, ", ".join(rest)]).strip()


def not_recorded(reason: str) -> Finding:
    """The finding that an answer could not be kept; the answer itself stands.

    Args:
        reason: Why not: the first sentence of the store's refusal.

    Returns:
        The finding.

    Examples:
        >>> not_recorded("The store is busy.").sentence
        'This answer was not recorded. The store is busy.'
    """
    sentence = f"This answer was not recorded. {reason}"
    return Finding(code="HW382", verdict=Verdict.YES, sentence=sentence)


def state_findings(state: StoreState) -> tuple[Finding, ...]:
    """The state of a ledger in words.

    Args:
        state: The state.

    Returns:
        Its form; after a check, what was found wrong; and a network share it lies on.

    Examples:
        >>> state = StoreState(action="info", url="sqlite:///a.db", exists=False,
        ...                    revision="", newest="r0001")
        >>> state_findings(state)[0].sentence
        'Nothing has been recorded yet.'
    """
    found = [_form(state)]
    if state.action == "check" and state.exists:
        found.append(_soundness(state))
    if state.network:
        sentence = (
            f"The store lies on a network share ({state.network}): it is slower there, and safe "
            "only where the share locks files. A local disk or PostgreSQL avoids both."
        )
        found.append(Finding(code="HW385", verdict=Verdict.YES, sentence=sentence))
    return tuple(found)


def _form(state: StoreState) -> Finding:
    """Whether a store has the form that this program writes."""
    if not state.exists:
        sentence, verdict = "Nothing has been recorded yet.", Verdict.NOT_APPLICABLE
    elif not state.pending:
        sentence, verdict = f"The store has the newest form ({state.newest}).", Verdict.YES
    elif state.applied:
        steps = _steps(len(state.pending))
        sentence, verdict = f"{steps} brought the store to its newest form.", Verdict.YES
    else:
        steps = _steps(len(state.pending))
        sentence = f"{steps} would bring the store to its newest form ({state.newest})."
        verdict = Verdict.NO
    return Finding(code="HW383", verdict=verdict, sentence=sentence)


def _steps(n: int) -> str:
    """A number of steps at the start of a sentence."""
    return "One step" if n == 1 else f"{thousands(n)} steps"


def _soundness(state: StoreState) -> Finding:
    """What a check found."""
    if not state.problems:
        sentence = "The store is sound: its pages, its tables and its guards are as they should be."
        return Finding(code="HW384", verdict=Verdict.YES, sentence=sentence)
    sentence = f"The store is not as it should be. {' '.join(state.problems)}"
    return Finding(code="HW384", verdict=Verdict.NO, sentence=sentence)
