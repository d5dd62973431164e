"""The ledger of a project: what was seen, compared and changed. It is only ever added to.

SQLAlchemy takes as long to load as Polars, so it is loaded when something is kept or asked for.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from headway.errors import StoreError
from headway.store.places import Ledger, ledger_of
from headway.store.targets import declared
from headway.strategy.history import not_recorded, target_changed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from headway.findings import Finding
    from headway.store.project import Project
    from headway.strategy.history import Change, Comparison, Tally
    from headway.strategy.looks import Look

__all__ = [
    "changes",
    "comparisons",
    "ledger_of",
    "looks",
    "note_target",
    "record",
    "remember",
    "tallies",
]


def remember(
    project: Project | None,
    command: str,
    entries: Sequence[Look | Comparison | Change | Tally] = (),
    *,
    fingerprint: str | None = None,
) -> tuple[Finding, ...]:
    """Keep what an answer showed, and note whether the target is what it was.

    The answer comes first: where the store is busy, newer than this program or cannot be written
    to, a finding says that nothing was kept, and the command goes on.

    Args:
        project: The project, or None outside one: nothing is kept then.
        command: The command that answered.
        entries: Looks, comparisons, changes and joint counts to keep.
        fingerprint: Digest of the project's dev set, or None where the command did not read it.

    Returns:
        A finding where the target changed, and one where nothing could be kept.

    Raises:
        ProjectError: If the project names no store that can be used.

    Examples:
        >>> remember(None, "headway gaps")
        ()

    References:
        Methods note, section 5.1.
    """
    ledger = ledger_of(project)
    if ledger is None or project is None:
        return ()
    try:
        noted = note_target(project, ledger, command=command, fingerprint=fingerprint)
        if entries:
            record(ledger, entries, command=command)
    except StoreError as refusal:
        return (not_recorded(refusal.problem),)
    found = target_changed(noted)
    return (found,) if found else ()


def note_target(
    project: Project,
    ledger: Ledger,
    *,
    why: str = "",
    command: str = "",
    fingerprint: str | None = None,
) -> tuple[Change, ...]:
    """Add a dated change for each part of the target that is not as it was last noted.

    Args:
        project: The project, as its file stands now.
        ledger: Its ledger.
        why: The reason, in the words of whoever changed it, or empty.
        command: The command that asked.
        fingerprint: Digest of the project's dev set; None keeps the one that was last noted.

    Returns:
        What was noted; the first time, every part with ``first`` set.

    Raises:
        StoreError: If the store cannot be written to, is busy, or is newer than this program.
    """
    found: tuple[Change, ...] = _rows().note(
        ledger, declared(project, fingerprint), why=why, command=command
    )
    return found


def record(
    ledger: Ledger,
    entries: Sequence[Look | Comparison | Change | Tally],
    *,
    command: str = "",
) -> None:
    """Add entries to a ledger, all or none.

    Args:
        ledger: The ledger.
        entries: What to keep; time, command and user are filled in where an entry has none. Joint
            counts that are there already are kept once.
        command: The command that asked.

    Raises:
        StoreError: If the store cannot be written to, is busy, or is newer than this program.
    """
    _rows().append(ledger, entries, command)


def looks(
    ledger: Ledger, *, split: str | None = None, fingerprint: str | None = None
) -> tuple[Look, ...]:
    """What was read off dev and test.

    Args:
        ledger: The ledger.
        split: ``"dev"``, ``"test"``, or None for both.
        fingerprint: Digest of the data, or None for every set.

    Returns:
        The looks, in the order in which they were kept.

    Raises:
        StoreError: If the store cannot be read.
    """
    found: tuple[Look, ...] = _rows().looks(ledger, split=split, fingerprint=fingerprint)
    return found


def comparisons(ledger: Ledger, *, fingerprint: str | None = None) -> tuple[Comparison, ...]:
    """Which models were compared.

    Args:
        ledger: The ledger.
        fingerprint: Digest of the data, or None for every set.

    Returns:
        The comparisons, in the order in which they were kept.

    Raises:
        StoreError: If the store cannot be read.
    """
    found: tuple[Comparison, ...] = _rows().comparisons(ledger, fingerprint=fingerprint)
    return found


def changes(ledger: Ledger, *, what: str | None = None) -> tuple[Change, ...]:
    """How the target changed.

    Args:
        ledger: The ledger.
        what: One of ``headway.strategy.history.ASPECTS``, or None for all.

    Returns:
        First declarations and changes, in the order in which they were kept.

    Raises:
        StoreError: If the store cannot be read.
    """
    found: tuple[Change, ...] = _rows().changes(ledger, what=what)
    return found


def tallies(ledger: Ledger, *, split: str, fingerprint: str) -> tuple[Tally, ...]:
    """The joint counts of the models that were looked at on one set.

    Args:
        ledger: The ledger.
        split: ``"dev"`` or ``"test"``.
        fingerprint: Digest of the data.

    Returns:
        The joint counts, in the order in which they were kept.

    Raises:
        StoreError: If the store cannot be read.
    """
    found: tuple[Tally, ...] = _rows().tallies(ledger, split=split, fingerprint=fingerprint)
    return found


def _rows() -> Any:  # noqa: ANN401 - a module
    """The module that speaks to the database."""
    return import_module("headway.store.rows")
