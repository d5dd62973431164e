"""Numbers outside their range, and counts that do not belong together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from headway.errors.refusal import HeadwayError, listed

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["CountError"]


class CountError(HeadwayError):
    """A number that cannot be a count, a rate, a weight or a level."""

    code = "count"

    @classmethod
    def outside(cls, name: str, value: object, expected: str) -> Self:
        """A number lies outside its range."""
        return cls(f"{name} is {value}.", f"{expected}.", f"correct {name} and try again.")

    @classmethod
    def too_many_cells(cls, keys: Sequence[str], widest: str, most: int) -> Self:
        """Counting by these keys would not give a small table."""
        return cls(
            f"Counting by {listed(keys)} gives more than {most} cells.",
            f"at most {most} cells.",
            f"'{widest}' has the most values: leave it out, or cut it into fewer.",
        )
