"""Are dev and test large enough for the difference that matters?"""

from __future__ import annotations

from dataclasses import dataclass
from math import inf
from typing import TYPE_CHECKING

from headway.stats.defaults import LEVEL, default_margin
from headway.stats.power import half_width, size_for_difference, size_for_half_width
from headway.stats.sizes import detectable_difference

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["SetSize", "SliceSize", "set_size"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SliceSize:
    """How well a set shows the error of one of its parts.

    Args:
        column: The column that cuts the set.
        value: The value of the part.
        n: Its rows.
        half_width: Half-width of its error, a fraction.
    """

    column: str
    value: str
    n: int
    half_width: float


@dataclass(frozen=True, slots=True, kw_only=True)
class SetSize:
    """Whether a set is large enough for the margin.

    Args:
        split: ``dev`` or ``test``.
        n: Its rows.
        n_eff: Independent rows that they are worth; fewer than ``n`` where they come in groups.
        rate: Its error, or the one assumed.
        assumed: Whether the error is assumed, because no prediction tells it.
        half_width: Half-width of its error, a fraction.
        difference: Smallest difference of two models that it will probably show, a fraction.
        margin: Smallest difference that matters, a fraction.
        needed: Rows that show a difference of the margin with probability 0.80.
        smallest: Rows of the smallest part whose error it shows to within half of itself.
        slices: Its parts, the smallest first.
        level: Level of the intervals.
    """

    split: str
    n: int
    n_eff: float
    rate: float
    assumed: bool
    half_width: float
    difference: float
    margin: float
    needed: int
    smallest: int
    slices: tuple[SliceSize, ...]
    level: float

    @property
    def is_small(self) -> bool:
        """Whether a difference of the margin will probably go unseen."""
        return self.difference > self.margin


def set_size(
    split: str,
    n: int,
    *,
    n_eff: float | None = None,
    rate: float | None = None,
    margin: float | None = None,
    parts: Mapping[tuple[str, str], int] | None = None,
    level: float = LEVEL,
) -> SetSize:
    """Whether a set is large enough for the margin.

    Args:
        split: ``dev`` or ``test``.
        n: Its rows, at least 1.
        n_eff: Independent rows that they are worth, above 0; None for all of them.
        rate: Its error; None for 5 %.
        margin: Smallest difference that matters, a fraction; None for a tenth of the error.
        parts: Per column and value, rows of a part.
        level: Level of the intervals, in (0, 1).

    Returns:
        What the set shows, and what it should have.

    Examples:
        >>> found = set_size("dev", 1000, margin=0.01)
        >>> round(found.difference, 4), found.is_small, found.needed
        (0.0136, True, 1862)

    References:
        Methods note, sections 4.1 and 4.2.
        Notes: week 1, "Size of the dev and test sets".
    """
    error = min(max(0.05 if rate is None else rate, 1e-6), 1 - 1e-6)
    smallest_matter = default_margin(error) if margin is None else margin
    worth = float(n) if n_eff is None or n_eff == inf else min(n_eff, float(n))
    differing = max(error * (1 - error) / 2, smallest_matter)
    other = error - smallest_matter if smallest_matter < error else error + smallest_matter
    other = min(other, 1.0)
    differing = min(1.0, max(differing, abs(error - other)))
    needed = (
        size_for_difference(error, other, discordance=differing, level=level)
        if smallest_matter > 0
        else n
    )
    cut = sorted((parts or {}).items(), key=lambda part: (part[1], part[0]))
    return SetSize(
        split=split,
        n=n,
        n_eff=worth,
        rate=error,
        assumed=rate is None,
        half_width=half_width(error, worth, level=level),
        difference=detectable_difference(differing, max(1, round(worth)), level=level),
        margin=smallest_matter,
        needed=round(needed * n / worth),
        smallest=size_for_half_width(error, min(0.5, error / 2), level=level),
        slices=tuple(
            SliceSize(
                column=column,
                value=value,
                n=size,
                half_width=half_width(error, size * worth / n, level=level),
            )
            for (column, value), size in cut
            if size
        ),
        level=level,
    )
