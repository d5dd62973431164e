"""A store as the tests of words meet it."""

from __future__ import annotations

from dataclasses import replace

from headway.strategy.history import StoreState, state_findings


def store(**more: object) -> StoreState:
    """A store with its findings: checked and sound, unless said otherwise."""
    bare = StoreState(
        action="check",
        url="sqlite:///.headway/headway.db",
        exists=True,
        revision="r0001",
        newest="r0001",
        rows={"changes": 6, "comparisons": 4, "looks": 1200, "tallies": 3},
        bytes=61_440,
        journal="wal",
    )
    state = replace(bare, **more)  # type: ignore[arg-type]
    return replace(state, findings=state_findings(state))
