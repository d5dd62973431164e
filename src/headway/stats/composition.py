"""What a set will hold before it is drawn: rows of the target, and rows of whole groups."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import gammaln

from headway.errors import CountError
from headway.stats.quantiles import checked_rate

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["Drawn", "drawn", "hashed", "p_at_least"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """A number of rows that is not certain yet.

    Args:
        expected: The rows expected, at least 0.
        sd: Standard deviation of that number, at least 0.
    """

    expected: float
    sd: float


def _checked(n_wanted: int, n_others: int, n_drawn: int) -> None:
    """Refuse numbers of rows that do not belong together."""
    for name, n in (("n_wanted", n_wanted), ("n_others", n_others), ("n_drawn", n_drawn)):
        if n < 0:
            raise CountError.outside(name, n, "a count, at least 0")
    if n_drawn > n_wanted + n_others:
        expected = f"at most the {n_wanted + n_others} rows that there are"
        raise CountError.outside("n_drawn", n_drawn, expected)


def drawn(n_wanted: int, n_others: int, n_drawn: int) -> Drawn:
    """How many rows of the target a set drawn from all rows will hold.

    Args:
        n_wanted: Rows of the target.
        n_others: Other rows.
        n_drawn: Rows drawn from all, without putting back.

    Returns:
        The rows of the target among those drawn (hypergeometric).

    Raises:
        CountError: If a number is negative, or more are drawn than there are.

    Examples:
        >>> found = drawn(10_000, 200_000, 2500)
        >>> round(found.expected), round(found.sd, 1)
        (119, 10.6)

    References:
        Methods note, section 4.3.
        Notes: week 2, "Training and testing on different distributions".
    """
    _checked(n_wanted, n_others, n_drawn)
    total = n_wanted + n_others
    share = n_wanted / total if total else 0.0
    left = (total - n_drawn) / (total - 1) if total > 1 else 0.0
    return Drawn(expected=n_drawn * share, sd=sqrt(n_drawn * share * (1 - share) * left))


def p_at_least(n_least: int, *, n_wanted: int, n_others: int, n_drawn: int) -> float:
    """How likely a set drawn from all rows holds at least so many of the target.

    Args:
        n_least: Rows of the target asked for.
        n_wanted: Rows of the target.
        n_others: Other rows.
        n_drawn: Rows drawn from all, without putting back.

    Returns:
        A probability.

    Raises:
        CountError: If a number is negative, or more are drawn than there are.

    Examples:
        >>> p = p_at_least(150, n_wanted=10_000, n_others=200_000, n_drawn=2500)
        >>> round(p, 5)
        0.00267

    References:
        Methods note, section 4.3.
    """
    _checked(n_wanted, n_others, n_drawn)
    lowest, highest = max(n_least, n_drawn - n_others, 0), min(n_wanted, n_drawn)
    if lowest > highest:
        return 0.0
    k = np.arange(lowest, highest + 1)
    ways = _log_choose(n_wanted, k) + _log_choose(n_others, n_drawn - k)
    all_ways = _log_choose(n_wanted + n_others, np.array([n_drawn]))
    return min(1.0, float(np.exp(ways - all_ways).sum()))


def _log_choose(n: int, k: NDArray[np.int64]) -> NDArray[np.float64]:
    """Logarithm of the number of ways to choose k of n."""
    found: NDArray[np.float64] = gammaln(n + 1) - gammaln(k + 1) - gammaln(n - k + 1)
    return found


def hashed(n_rows: int, sum_of_squares: int, fraction: float) -> Drawn:
    """How many rows a share of the groups will hold, where a hash chooses the groups.

    Args:
        n_rows: Rows of all groups.
        sum_of_squares: Sum of the squared sizes of the groups; ``n_rows`` without groups.
        fraction: Share of the groups that is chosen, in [0, 1].

    Returns:
        The rows: expected, and how far hashing strays; large groups make sizes erratic.

    Raises:
        CountError: If the fraction is outside [0, 1].

    Examples:
        >>> sizes = [5, 1, 20, 3, 8, 2, 40, 1, 7, 13]
        >>> found = hashed(sum(sizes), sum(size**2 for size in sizes), 0.2)
        >>> round(found.expected, 1), round(found.sd, 2)
        (20.0, 19.27)

    References:
        Methods note, section 4.4.
    """
    share = checked_rate("fraction", fraction)
    return Drawn(expected=share * n_rows, sd=sqrt(share * (1 - share) * sum_of_squares))
