"""Print constraints that pin what Headway needs to the lower bounds of pyproject.toml."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
ENGINES = ("arrow", "ibis", "pandas", "postgres")
"""Extras whose lower bounds are promised as well; the programs of contributors are not."""

BOUND = re.compile(r"(?P<name>[A-Za-z0-9_-]+)(\[[^]]*\])?>=(?P<version>[0-9][0-9.]*)")


def pins(pyproject: str) -> list[str]:
    """One `name==version` for each dependency, in order; each must have a lower bound."""
    project = tomllib.loads(pyproject)["project"]
    extras = project["optional-dependencies"]
    lines = [*project["dependencies"], *(line for name in ENGINES for line in extras[name])]
    bounds = {line: BOUND.match(line) for line in lines if not line.startswith("headway[")}
    unbounded = [line for line, bound in bounds.items() if bound is None]
    if unbounded:
        raise SystemExit(f"no lower bound (name>=version): {', '.join(unbounded)}")
    return sorted({f"{bound['name']}=={bound['version']}" for bound in bounds.values() if bound})


if __name__ == "__main__":
    print("\n".join(pins((ROOT / "pyproject.toml").read_text(encoding="utf-8"))))
