"""How the ledger of a project stands: the door to what looks after the database."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Final

from headway.errors import TargetError

if TYPE_CHECKING:
    from headway.store.places import Ledger
    from headway.strategy.history import StoreState

__all__ = ["ACTIONS", "state"]

ACTIONS: Final = ("info", "upgrade", "check")


def state(ledger: Ledger, action: str = "info", *, dry_run: bool = False) -> StoreState:
    """How a ledger stands, after what was asked has been done.

    Args:
        ledger: The ledger.
        action: ``"info"``: look; ``"upgrade"``: bring it to the newest form; ``"check"``: see
            whether it is sound.
        dry_run: Whether an upgrade is only told, not done.

    Returns:
        The state, with its findings.

    Raises:
        StoreError: If it is newer than this program, damaged, busy, or cannot be reached.
        TargetError: If the action is unknown.
    """
    if action not in ACTIONS:
        raise TargetError.unknown("thing to do with the store", action, ACTIONS)
    inspection = import_module("headway.store.inspection")
    found: StoreState = inspection.state(ledger, action, dry_run=dry_run)
    return found
