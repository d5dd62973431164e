"""Where is what we saw kept, and is it sound?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from headway.answers import answer
from headway.store.places import WAIT_S, ledger_of
from headway.store.settings import asked
from headway.store.state import state

if TYPE_CHECKING:
    from headway.report.answer import Answer
    from headway.store.project import Project
    from headway.strategy.history import StoreState

__all__ = ["db"]


def db(
    action: str = "info",
    *,
    project: Project | str | Path | None = None,
    dry_run: bool = False,
    wait_s: float = WAIT_S,
) -> Answer[StoreState]:
    """Where is what we saw kept, and is it sound?

    Args:
        action: ``"info"``: where it is, its form and its size; ``"upgrade"``: bring it to the
            newest form; ``"check"``: see whether its pages, tables and guards are as they should
            be.
        project: The project, its file or its folder; None for the folder that this runs in.
        dry_run: Whether an upgrade is only told, not done.
        wait_s: Seconds to wait for another writer, at least 0.

    Returns:
        The state of the store; a finding with the verdict ``no`` where it is not sound.

    Raises:
        HeadwayError: If there is no project, or its store is newer than this program, damaged,
            busy, or cannot be reached.

    References:
        Methods note, section 5.1.
    """
    question = asked(None, {"project": project or Path.cwd(), "command": f"headway db {action}"})
    ledger = ledger_of(question.project, wait_s=wait_s)
    assert ledger is not None
    return answer(state(ledger, action, dry_run=dry_run), question)
