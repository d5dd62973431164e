"""Which gap leads: ranking by joint draws of the rungs, never of the gaps."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from headway.findings import Verdict
from headway.stats.measured import joint_draws

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from headway.strategy.ladder import Gap, Ladder, Rung

__all__ = ["TOLERANCE", "focus_of", "p_largest", "reading_of", "rung_draws"]

TOLERANCE: Final = 1e-9
"""A gap must exceed the margin by more than this; 0.10 - 0.09 is not more than 0.01."""


def rung_draws(
    rungs: Sequence[Rung],
    matrix: NDArray[np.float64],
    settings: Ladder,
    margin: float,
    rng: np.random.Generator,
) -> NDArray[np.float64]:
    """Joint draws of the rungs, ten times as many where a probability is close to its bound."""
    measured = [rung.measured for rung in rungs]
    correlation = None if np.array_equal(matrix, np.eye(len(rungs))) else matrix
    draws = joint_draws(measured, settings.n_draws, rng, correlation=correlation)
    shares = np.array(_close_calls(np.diff(draws, axis=1), margin))
    error = np.sqrt(np.maximum(shares * (1 - shares), 1e-12) / settings.n_draws)
    bounds = np.array([[settings.gamma], [1 - settings.gamma]])
    if (np.abs(shares - bounds) < 3 * error).any():
        draws = joint_draws(measured, 10 * settings.n_draws, rng, correlation=correlation)
    return draws


def _close_calls(differences: NDArray[np.float64], margin: float) -> list[float]:
    """The probabilities on which the ranking turns."""
    top = int(np.argmax(differences.mean(axis=0))) if differences.shape[1] else 0
    below = [
        float((differences[:, i] < differences[:, top] - margin - TOLERANCE).mean())
        for i in range(differences.shape[1])
    ]
    return [p for p in (*p_largest(differences), *below) if p is not None] or [0.5]


def p_largest(differences: NDArray[np.float64]) -> list[float | None]:
    """Share of the draws in which each gap is the largest; None where nothing varies."""
    n_gaps = differences.shape[1]
    if n_gaps == 0 or np.ptp(differences, axis=0).max() == 0:
        return [None] * n_gaps
    first = np.bincount(np.argmax(differences, axis=1), minlength=n_gaps)
    return [float(share) for share in first / len(differences)]


def focus_of(
    gaps: Sequence[Gap], differences: NDArray[np.float64], margin: float, gamma: float
) -> list[int]:
    """Positions of the gaps to work on, largest first."""
    clear = [
        i
        for i, gap in enumerate(gaps)
        if gap.verdict is Verdict.YES and (gap.lower_simultaneous or 0.0) > 0
    ]
    clear.sort(key=lambda i: -(gaps[i].estimate or 0.0))
    if not clear:
        return []
    top = differences[:, clear[0]]
    return [
        i for i in clear if float((differences[:, i] < top - margin - TOLERANCE).mean()) < gamma
    ]


def reading_of(
    gaps: Sequence[Gap],
    focus: Sequence[int],
    differences: NDArray[np.float64],
    margin: float,
    gamma: float,
) -> str:
    """What the ladder says as a whole."""
    if not focus:
        none = bool(gaps) and all(gap.verdict is Verdict.NO for gap in gaps)
        return "none_material" if none else "undetermined"
    if len(focus) == 1:
        return "single"
    apart = np.abs(differences[:, focus[0]] - differences[:, focus[1]])
    return "tied" if float((apart <= margin + TOLERANCE).mean()) >= gamma else "several"
