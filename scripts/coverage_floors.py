"""Require the branch coverage of each floor: all of the reasoning, most of the rest."""

from __future__ import annotations

import sys

import coverage

FLOORS = {
    100: ("errors", "findings", "wording", "counts", "frames", "stats", "strategy"),
    90: ("report",),
    85: ("studies", "store", "answers", "workbench", "cli", "__init__"),
}
"""Least percentage of lines and branches, and the rooms it is asked of."""


def shortfalls() -> list[str]:
    """One sentence for each group of rooms below its least percentage."""
    data = coverage.Coverage()
    data.load()
    found = []
    for least, rooms in FLOORS.items():
        files = [
            pattern for room in rooms for pattern in (f"*/headway/{room}.py", f"*/headway/{room}/*")
        ]
        print(f"--- {', '.join(rooms)}: at least {least} %", flush=True)
        reached = data.report(include=files)
        if reached < least:
            found.append(f"{', '.join(rooms)}: {reached:.2f} % of lines and branches, not {least}")
    return found


if __name__ == "__main__":
    sys.exit("\n".join(shortfalls()) or 0)
