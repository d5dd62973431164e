"""How the ledger stands, as a document."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from headway.report.appendix import data_and_settings
from headway.report.dispatch import document, intake_section, kept
from headway.report.document import Document, Facts, Remark, Remarks, Section, Settings
from headway.report.numbers import count, typeset
from headway.report.values import value
from headway.strategy.history import StoreState

if TYPE_CHECKING:
    from headway.counts import Intake

__all__ = ["store_facts"]

TITLES: Final = {
    "looks": "Looks at dev and test",
    "comparisons": "Comparisons of models",
    "changes": "Changes of the target",
    "tallies": "Joint counts of models",
}

JOURNALS: Final = {
    "wal": "write-ahead log: readers and a writer do not wait for each other",
    "delete": "rollback journal: readers wait for a writer",
}

UNITS: Final = ("bytes", "kB", "MB", "GB", "TB")


@value.register(StoreState)
def _(result: StoreState) -> dict[str, object]:
    """The state of the ledger."""
    return {
        "action": result.action,
        "url": result.url,
        "exists": result.exists,
        "revision": result.revision or None,
        "newest": result.newest,
        "pending": list(result.pending),
        "applied": result.applied,
        "rows": dict(result.rows),
        "bytes": result.bytes,
        "journal": result.journal or None,
        "network": result.network or None,
        "problems": list(result.problems),
    }


@document.register(StoreState)
def _(
    result: StoreState, *, intake: Intake | None = None, settings: Settings | None = None
) -> Document:
    """The state of the ledger."""
    settings = settings or Settings()
    first, *rest = result.findings
    lead = next((f for f in result.findings if f.code == "HW384"), first)
    said = [Remark(head=f.code, text=typeset(f.sentence)) for f in (first, *rest) if f is not lead]
    sections = (
        Section(title="Store", blocks=(store_facts(result),)),
        Section(title="", blocks=(Remarks(items=tuple(said), kind="findings"),) if said else ()),
        intake_section(intake),
        data_and_settings(None, intake, settings),
    )
    return Document(
        command="db",
        verdict=typeset(lead.sentence),
        sections=kept(sections),
        value=value(result),
        findings=result.findings,
        intake=intake,
        settings=settings,
    )


def store_facts(state: StoreState) -> Facts:
    """Where the ledger is and what is in it.

    Args:
        state: The state.

    Returns:
        The block.
    """
    items = [
        ("Place", state.url),
        ("Form", state.revision or "none yet"),
        ("To be applied", ", ".join(state.pending) if not state.applied else ""),
        ("Size", _size(state.bytes)),
        ("Journal", JOURNALS.get(state.journal, state.journal)),
        *((TITLES.get(name, name), count(n)) for name, n in state.rows.items()),
    ]
    return Facts(items=tuple((name, text) for name, text in items if text), code=("Place",))


def _size(n: int | None) -> str:
    """A number of bytes in words; empty where it is not known."""
    if n is None:
        return ""
    size, step = float(n), 0
    while size >= 1000 and step + 1 < len(UNITS):
        size, step = size / 1000, step + 1
    return f"{size:.0f} {UNITS[step]}" if step == 0 else f"{size:.3g} {UNITS[step]}"
