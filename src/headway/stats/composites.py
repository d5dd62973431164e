"""The forms of a metric that is no plain rate or mean: plain values, without methods."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf
from typing import TYPE_CHECKING

import numpy as np

from headway.errors import CountError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

__all__ = ["Bounded", "Overlap", "Poisson", "Sampled"]


def _above(name: str, value: float, least: float, *, strict: bool = False) -> None:
    """Refuse a number below the least one."""
    if not (value > least if strict else value >= least) or value == inf:
        expected = f"a number above {least:g}" if strict else f"a number, at least {least:g}"
        raise CountError.outside(name, value, expected)


def _within(name: str, value: float, lowest: float, highest: float) -> None:
    """Refuse a number outside its range."""
    if not lowest <= value <= highest:
        raise CountError.outside(name, value, f"a number from {lowest:g} to {highest:g}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Overlap:
    """F1, known by the overlap of what is positive with what was predicted positive.

    With J the share of the examples in either set that are in both, F1 is 2J / (1 + J).

    Args:
        n_shared: Examples in both sets (true positives), at least 0; a fraction where weighted.
        n_apart: Examples in one of them only (false positives and false negatives), at least 0.
        n: Examples in all, at least 1.
        mirrored: Whether 1 - F1 is meant.
        warnings: What weakens it, in words.

    Raises:
        CountError: If a number is outside its range, or both sets are empty.
    """

    n_shared: float
    n_apart: float
    n: int
    mirrored: bool = False
    warnings: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Check the ranges."""
        _above("n_shared", self.n_shared, 0)
        _above("n_apart", self.n_apart, 0)
        _above("n_shared + n_apart", self.n_shared + self.n_apart, 0, strict=True)
        _above("n", self.n, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounded:
    """A metric between two bounds that is worth a number of examples, such as AUC or MCC.

    Its interval is Wilson's on that range, which is symmetric on the logit scale.

    Args:
        value: The metric.
        n_eff: Examples it is worth, above 0: those of a plain rate with the same variance.
        n: Examples, at least 1.
        lowest: The lowest value there is.
        highest: The highest value there is.
        slack_below: How much lower the value may be for lack of fine bins, at least 0.
        slack_above: How much higher it may be, at least 0.
        warnings: What weakens it, in words.

    Raises:
        CountError: If a number is outside its range.
    """

    value: float
    n_eff: float
    n: int
    lowest: float = 0.0
    highest: float = 1.0
    slack_below: float = 0.0
    slack_above: float = 0.0
    warnings: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Check the ranges."""
        _within("value", self.value, self.lowest, self.highest)
        if not self.n_eff > 0:
            raise CountError.outside("n_eff", self.n_eff, "a number above 0")
        _above("n", self.n, 1)
        _above("slack", min(self.slack_below, self.slack_above), 0)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sampled:
    """A metric with plausible values drawn from its posterior.

    Args:
        value: The metric.
        draws: Plausible values. Shape (n_draws,), at least one.
        n: Examples, at least 1.
        lowest: The lowest value there is; minus infinity where there is none.
        highest: The highest value there is.
        warnings: What weakens it, in words.

    Raises:
        CountError: If the value is outside its range, or there are no finite draws.
    """

    value: float
    draws: NDArray[np.float64]
    n: int
    lowest: float = 0.0
    highest: float = 1.0
    warnings: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Check the ranges and set the draws read-only."""
        _within("value", self.value, self.lowest, self.highest)
        _above("n", self.n, 1)
        drawn = _frozen(self.draws)
        if not drawn.size or not np.isfinite(drawn).all():
            raise CountError.outside("the draws", "empty or not finite", "finite numbers")
        object.__setattr__(self, "draws", drawn)

    def __eq__(self, other: object) -> bool:
        """Same value, range, examples and draws."""
        return isinstance(other, Sampled) and (
            self._told() == other._told() and np.array_equal(self.draws, other.draws)
        )

    def __hash__(self) -> int:
        """Equal values have equal hashes."""
        return hash(self._told())

    def _told(self) -> tuple[object, ...]:
        """Everything but the draws."""
        return self.value, self.n, self.lowest, self.highest, self.warnings


def _frozen(values: Iterable[float]) -> NDArray[np.float64]:
    """Values as an array that cannot be written to."""
    array = np.array(values, dtype=np.float64)
    array.setflags(write=False)
    return array


@dataclass(frozen=True, slots=True, kw_only=True)
class Poisson:
    """A number of events in a time of operation.

    Args:
        n_events: Events, at least 0.
        exposure: Time of operation in the unit of the rate, above 0: 3.0 for 72 hours and a rate
            per 24 h.
        unit_s: Seconds in that unit, above 0.
        dispersion: How many times the variance is that of independent events, at least 1.
        n: Examples that the time was cut into, where that is known.
        mirrored: Whether 1 minus the rate is meant.
        warnings: What weakens it, in words.

    Raises:
        CountError: If a number is outside its range.
    """

    n_events: float
    exposure: float
    unit_s: float = 86_400.0
    dispersion: float = 1.0
    n: int | None = None
    mirrored: bool = False
    warnings: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Check the ranges."""
        _above("n_events", self.n_events, 0)
        _above("exposure", self.exposure, 0, strict=True)
        _above("unit_s", self.unit_s, 0, strict=True)
        _above("dispersion", self.dispersion, 1)
