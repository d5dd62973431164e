"""Rules for what to release of a dev set, so that it wears more slowly."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf
from typing import TYPE_CHECKING

from headway.errors import CountError
from headway.stats.quantiles import checked_positive

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy as np

__all__ = [
    "Noise",
    "Thresholded",
    "laplace_noise",
    "parameter_free_ladder",
    "stepped_ladder",
    "thresholdout",
]


def stepped_ladder(errors: Sequence[float], step: float) -> tuple[float, ...]:
    """What the Ladder releases: a new error only where it improves by more than a step.

    Args:
        errors: Dev errors in the order of submission.
        step: The step, above 0; releases are its multiples.

    Returns:
        The released error after each submission; it never rises.

    Raises:
        CountError: If the step is not above 0.

    Examples:
        >>> [round(e, 2) for e in stepped_ladder([0.2, 0.195, 0.18, 0.185, 0.164], 0.01)]
        [0.2, 0.2, 0.18, 0.18, 0.16]

    References:
        Blum and Hardt (2015), ICML, 1006-1014. Methods note, section 5.4.
    """
    checked_positive("step", step)
    released: list[float] = []
    best = inf
    for error in errors:
        if error < best - step:
            best = round(error / step) * step
        released.append(best)
    return tuple(released)


def parameter_free_ladder(
    n_errors: Sequence[float],
    n: int,
    apart: Callable[[int, int], tuple[float, float] | None] = lambda _best, _new: None,
) -> tuple[float, ...]:
    """What the Ladder without a step releases: an error that improves by one standard error.

    The standard error is that of the difference to the best one released, on the same examples.

    Args:
        n_errors: Wrong predictions of each submission, in their order, 0 to ``n``.
        n: Examples, at least 1.
        apart: For the places of the best and of a new submission: examples that only the new one
            gets wrong, and examples that only the best one gets wrong; None where that is not
            known, and the two are taken as independent.

    Returns:
        The released error after each submission; it never rises.

    Raises:
        CountError: If a number of errors is outside 0 to ``n``.

    Examples:
        >>> apart = {1: (10, 15), 2: (5, 35), 3: (4, 5)}
        >>> parameter_free_ladder([200, 195, 170, 169], 1000, lambda _, new: apart[new])
        (0.2, 0.2, 0.17, 0.17)

    References:
        Blum and Hardt (2015), ICML, 1006-1014. Methods note, section 5.4.
    """
    best: int | None = None
    released: list[float] = []
    for new, wrong in enumerate(n_errors):
        if not 0 <= wrong <= n:
            raise CountError.outside("n_errors", wrong, f"a count from 0 to {n}")
        if best is None or _improves(n_errors[best], wrong, n, apart(best, new)):
            best = new
        released.append(round(n_errors[best]) / n)
    return tuple(released)


def _improves(best: float, new: float, n: int, apart: tuple[float, float] | None) -> bool:
    """Whether a submission improves by more than the standard error of the difference.

    With counts the comparison of ``(c - b) / n`` with ``sd / root n`` is one of whole numbers:
    ``(c - b)**2 > b + c``.
    """
    if new >= best:
        return False
    if apart is None:
        return (best - new) ** 2 > best * (1 - best / n) + new * (1 - new / n)
    only_new, only_best = apart
    return (only_best - only_new) ** 2 > only_best + only_new


@dataclass(frozen=True, slots=True, kw_only=True)
class Noise:
    """The noise of a Thresholdout, kept so that its answers can be audited.

    Args:
        threshold: Added to the threshold: one at the start, one after each unit of budget.
        comparison: Added to the threshold once more, for each query.
        answer: Added to each answer that comes from dev.
    """

    threshold: tuple[float, ...]
    comparison: tuple[float, ...]
    answer: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholded:
    """What a Thresholdout answered.

    Args:
        released: The answer to each query; None where the budget was spent before it.
        budget_left: Units of budget left, at least 0.
    """

    released: tuple[float | None, ...]
    budget_left: int


def laplace_noise(n_queries: int, budget: int, sigma: float, rng: np.random.Generator) -> Noise:
    """The noise that a Thresholdout needs.

    Args:
        n_queries: Queries, at least 0.
        budget: Units of budget, at least 0.
        sigma: Scale of the noise of an answer, above 0; one standard error is usual.
        rng: Source of randomness.

    Returns:
        Laplace noise: of scale 2 sigma for the threshold, 4 sigma for a comparison, sigma for an
        answer.

    Raises:
        CountError: If the scale is not above 0.

    Examples:
        >>> import numpy as np
        >>> len(laplace_noise(10, 3, 0.01, np.random.default_rng(0)).threshold)
        4

    References:
        Dwork et al. (2015), Science 349, 636-638. Methods note, section 5.5.
    """
    checked_positive("sigma", sigma)
    return Noise(
        threshold=tuple(rng.laplace(0, 2 * sigma, budget + 1).tolist()),
        comparison=tuple(rng.laplace(0, 4 * sigma, n_queries).tolist()),
        answer=tuple(rng.laplace(0, sigma, budget).tolist()),
    )


def thresholdout(
    train: Sequence[float], dev: Sequence[float], *, threshold: float, budget: int, noise: Noise
) -> Thresholded:
    """Answers to many adaptive queries: the train value, unless the dev value differs clearly.

    Not for final claims.

    Args:
        train: Value of each query on train.
        dev: Value of each query on the set that is protected. As long as ``train``.
        threshold: Difference from which dev answers; four standard errors are usual.
        budget: How often dev may answer, at least 0.
        noise: Noise, as from ``laplace_noise``.

    Returns:
        The answers, and what is left of the budget.

    Raises:
        CountError: If the values or the noise are too few.

    Examples:
        >>> calm = Noise(threshold=(0.0, 0.0), comparison=(0.0, 0.0), answer=(0.0,))
        >>> thresholdout([0.1, 0.1], [0.11, 0.2], threshold=0.04, budget=1, noise=calm).released
        (0.1, 0.2)

    References:
        Dwork et al. (2015), Science 349, 636-638. Methods note, section 5.5.
    """
    enough = len(noise.threshold) > budget <= len(noise.answer)
    if len(train) != len(dev) or len(noise.comparison) < len(train) or not enough:
        raise CountError.outside("queries", len(train), "as many values and as much noise as asked")
    released: list[float | None] = []
    spent = 0
    for ours, theirs, blur in zip(train, dev, noise.comparison, strict=False):
        if spent == budget:
            released.append(None)
        elif abs(theirs - ours) > threshold + noise.threshold[spent] + blur:
            released.append(theirs + noise.answer[spent])
            spent += 1
        else:
            released.append(ours)
    return Thresholded(released=tuple(released), budget_left=budget - spent)
