"""How many examples a question needs."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, log, sqrt
from typing import TYPE_CHECKING, Final

import numpy as np

from headway.errors import CountError
from headway.stats.defaults import GAMMA, LEVEL
from headway.stats.intervals import wilson_limits
from headway.stats.measured import point, size, variance
from headway.stats.quantiles import (
    checked_level,
    checked_positive,
    checked_rate,
    critical_value,
    normal_quantile,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from headway.stats.forms import Measured

__all__ = [
    "CollectMore",
    "collect_more",
    "design_effect",
    "half_width",
    "size_for_difference",
    "size_for_half_width",
    "train_dev_size",
    "zero_error_upper",
]

ROUNDING: Final = 1e-12
"""What a difference of two rates may be off by."""

MOST_EXAMPLES: Final = 2**53
"""More examples than anyone has."""


def half_width(rate: float, n: float, *, level: float = LEVEL) -> float:
    """Half the width of the Wilson interval that a set of examples will give.

    Args:
        rate: Error rate expected, a fraction in [0, 1].
        n: Number of (effective) examples, above 0.
        level: Level of the interval, a fraction in (0, 1).

    Returns:
        Half the width, a fraction.

    Raises:
        CountError: If the rate, ``n`` or the level is outside its range.

    Examples:
        >>> round(half_width(0.05, 10_000), 4)
        0.0043

    References:
        Methods note, section 4.1.
        Notes: week 1, "Size of the dev and test sets".
    """
    return _half_width(rate, n, level)


def _half_width(rate: float, n: float, level: float) -> float:
    """Half the width of a Wilson interval."""
    lower, upper = wilson_limits(checked_rate("rate", rate) * n, n, critical_value(level))
    return float(upper - lower) / 2


def size_for_half_width(
    rate: float, half_width: float, *, level: float = LEVEL, method: str = "wilson"
) -> int:
    """How many examples give an interval of a wanted width.

    Args:
        rate: Error rate expected, a fraction in [0, 1].
        half_width: Half the width wanted, a fraction above 0.
        level: Level of the interval, a fraction in (0, 1).
        method: ``"wilson"``, or ``"wald"`` for the formula of textbooks.

    Returns:
        The smallest number of examples.

    Raises:
        CountError: If a number is outside its range, or no set would do.

    Examples:
        >>> size_for_half_width(0.05, 0.005)
        7312

    References:
        Methods note, section 4.1.
        Notes: week 1, "Size of the dev and test sets".
    """
    wanted = checked_positive("half_width", half_width)
    if method == "wald":
        spread = checked_rate("rate", rate) * (1 - rate)
        return max(1, ceil(critical_value(level) ** 2 * spread / wanted**2))
    if method != "wilson":
        raise CountError.outside("method", method, "wilson or wald")
    enough = 1
    while _half_width(rate, enough, level) > wanted:
        enough *= 2
        if enough > MOST_EXAMPLES:
            raise CountError.outside("half_width", wanted, "a width that some set can give")
    too_few = enough // 2
    while enough - too_few > 1:
        middle = (enough + too_few) // 2
        is_enough = _half_width(rate, middle, level) <= wanted
        enough, too_few = (middle, too_few) if is_enough else (enough, middle)
    return enough


def zero_error_upper(n: int, *, confidence: float = LEVEL) -> float:
    """The largest error rate that fits to seeing no error at all.

    Args:
        n: Number of examples, at least 1.
        confidence: One-sided confidence, a fraction in (0, 1).

    Returns:
        The upper limit, a fraction; about 3 / n at 95 %.

    Raises:
        CountError: If ``n`` is below 1 or the confidence is outside (0, 1).

    Examples:
        >>> round(zero_error_upper(100), 4)
        0.0295

    References:
        Methods note, section 4.1.
        Notes: week 1, "Size of the dev and test sets".
    """
    if not 0 < confidence < 1:
        raise CountError.outside("confidence", confidence, "a fraction between 0 and 1")
    return float(-np.expm1(log(1 - confidence) / checked_positive("n", n)))


def design_effect(mean_size: float, icc: float, *, variation: float = 0.0) -> float:
    """How many times more examples are needed because they come in clusters.

    Args:
        mean_size: Mean number of examples in a cluster, at least 1.
        icc: Intraclass correlation of the errors, a fraction in [0, 1].
        variation: Coefficient of variation of the sizes of clusters, at least 0.

    Returns:
        The factor; ``n`` divided by it is what the examples are worth.

    Raises:
        CountError: If a number is outside its range.

    Examples:
        >>> round(design_effect(20, 0.1, variation=0.5), 6)
        3.4

    References:
        Kish (1965), Survey Sampling.
        Methods note, section 4.1.
    """
    if not mean_size >= 1:
        raise CountError.outside("mean size of a cluster", mean_size, "a number at least 1")
    if not variation >= 0:
        raise CountError.outside("variation", variation, "a number at least 0")
    return 1 + (mean_size * (1 + variation**2) - 1) * checked_rate("icc", icc)


def size_for_difference(
    rate_1: float,
    rate_2: float,
    *,
    discordance: float | None = None,
    level: float = LEVEL,
    power: float = 0.80,
) -> int:
    """How many examples show a difference of two error rates.

    Args:
        rate_1: First error rate, a fraction in [0, 1].
        rate_2: Second error rate, another fraction in [0, 1].
        discordance: Share of the examples on which the two models differ in being right, where
            both are measured on the same examples; None for two separate sets.
        level: Level of the two-sided interval that is to exclude zero, a fraction in (0, 1).
        power: Probability of showing it, a fraction in (0, 1).

    Returns:
        Number of examples: in all where they are the same, in each set where they are separate.

    Raises:
        CountError: If a number is outside its range, or the rates are equal.

    Examples:
        >>> size_for_difference(0.05, 0.04, discordance=0.04), size_for_difference(0.05, 0.04)
        (3138, 6745)

    References:
        Connor (1987), Biometrics 43, 207-211.
        Methods note, section 3.6.
        Notes: week 1, "Size of the dev and test sets".
    """
    difference = abs(checked_rate("rate_1", rate_1) - checked_rate("rate_2", rate_2))
    if difference == 0:
        raise CountError.outside("rate_2", rate_2, "a rate other than rate_1")
    z_level, z_power = critical_value(level), normal_quantile(checked_level(power))
    if discordance is None:
        pooled = (rate_1 + rate_2) / 2
        null = sqrt(2 * pooled * (1 - pooled))
        shown = sqrt(rate_1 * (1 - rate_1) + rate_2 * (1 - rate_2))
    else:
        if not difference - ROUNDING <= discordance <= 1:
            expected = f"a fraction of at least the difference of the rates, {difference:g}"
            raise CountError.outside("discordance", discordance, expected)
        null, shown = sqrt(discordance), sqrt(max(0.0, discordance - difference**2))
    return ceil(((z_level * null + z_power * shown) / difference) ** 2)


def train_dev_size(
    error_train_dev: float, error_dev: float, n_dev: int, *, n_train: int | None = None
) -> int:
    """How many examples to keep from training, so that variance and mismatch can be told apart.

    Args:
        error_train_dev: Error expected on train-dev, a fraction in [0, 1].
        error_dev: Error on dev, a fraction above 0 and below 1.
        n_dev: Number of dev examples, at least 1.
        n_train: Number of train examples, at least 1; not more than a twentieth is taken. None
            for no such limit.

    Returns:
        Number of examples, at least 1: about twice as many as dev has.

    Raises:
        CountError: If a number is outside its range.

    Examples:
        >>> train_dev_size(0.09, 0.10, 1000), train_dev_size(0.09, 0.10, 1000, n_train=20_000)
        (1908, 1000)

    References:
        Neyman (1938), Journal of the American Statistical Association 33, 101-116.
        Methods note, section 4.7.
        Notes: week 2, "Bias and Variance with mismatched data distributions".
    """
    spread = checked_rate("error_train_dev", error_train_dev) * (1 - error_train_dev)
    target = checked_positive(
        "variance of dev", checked_rate("error_dev", error_dev) * (1 - error_dev)
    )
    wanted = ceil(2 * sqrt(spread / target) * checked_positive("n_dev", n_dev) - 1e-9)
    most = wanted if n_train is None else int(0.05 * checked_positive("n_train", n_train))
    return max(1, min(wanted, most))


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectMore:
    """A plan to end a doubt by collecting examples.

    Args:
        estimate: The contrast now.
        se: Its standard error now.
        target_se: Its standard error that would end the doubt.
        route: ``"dominance"`` (show which is larger) or ``"tie"`` (show that they are equal).
        feasible: Whether examples of the collectable errors can get there.
        more: Per index of a collectable error, how many more examples; empty if not feasible.
        total: How many more in all.
        limiting: Index of the error that is not collectable and leaves the most doubt, where the
            plan is not feasible; else None.
    """

    estimate: float
    se: float
    target_se: float
    route: str
    feasible: bool
    more: Mapping[int, int]
    total: int
    limiting: int | None


def _target(estimate: float, margin: float, gamma: float) -> tuple[float, str]:
    """The larger of the two standard errors that end a doubt, and which it is."""
    dominance = abs(estimate) / normal_quantile(gamma)
    tie = max(0.0, margin - abs(estimate)) / normal_quantile((1 + gamma) / 2)
    return (tie, "tie") if tie > dominance else (dominance, "dominance")


def _allocated(
    parts: dict[int, float], now: dict[int, int], costs: dict[int, float], room: float
) -> dict[int, int]:
    """Sizes that bring the sum of parts / size down to ``room`` at the least cost (Neyman).

    ``parts`` are squared coefficients times variances of one observation. Whatever has enough
    already stays as it is, and the rest is solved again.
    """
    growing = {index for index, part in parts.items() if part > 0}
    sizes: dict[int, float] = {index: float(now[index]) for index in parts}
    while True:
        held = sum(parts[index] / now[index] for index in parts if index not in growing)
        scale = sum(sqrt(parts[index] * costs[index]) for index in growing) / (room - held)
        sizes.update({i: sqrt(parts[i] / costs[i]) * scale for i in growing})
        enough = {index for index in growing if sizes[index] <= now[index]}
        if not enough:
            return {index: ceil(value - 1e-9) for index, value in sizes.items()}
        growing -= enough
        sizes.update({index: float(now[index]) for index in enough})


def collect_more(
    contrast: Sequence[float],
    measured: Sequence[Measured],
    collectable: Sequence[int],
    *,
    margin: float,
    gamma: float = GAMMA,
    costs: Mapping[int, float] | None = None,
) -> CollectMore:
    """How many more examples, and of what, would end the doubt about a contrast of errors.

    Args:
        contrast: Coefficient of each error; (1, -2, 1) compares two neighbouring gaps.
        measured: The errors.
        collectable: Indices of the errors that more examples can be collected for.
        margin: Smallest difference that matters, at least 0.
        gamma: Probability wanted, a fraction in (1/2, 1).
        costs: Per index, the cost of one example; 1 where it is left out.

    Returns:
        The cheaper of two plans: show which side is larger, or show that they are equal within
        the margin. A plan, as the contrast itself is not known exactly: to be made again after
        each batch of half of it.

    Raises:
        CountError: If ``gamma`` is outside (1/2, 1), or a collectable error has no examples.

    Examples:
        >>> from headway.stats.forms import Binomial, Fixed
        >>> rungs = [
        ...     Fixed(value=0.0), Binomial(n_errors=400, n=10_000),
        ...     Binomial(n_errors=35, n=500), Binomial(n_errors=50, n=500),
        ... ]
        >>> collect_more((1, -2, 1, 0), rungs, [2], margin=0.01).more
        {2: 930}

    References:
        Neyman (1938), Journal of the American Statistical Association 33, 101-116.
        Methods note, section 1.8.
        Notes: week 2, "Bias and Variance with mismatched data distributions".
    """
    if not 0.5 < gamma < 1:
        raise CountError.outside("gamma", gamma, "a fraction between 0.5 and 1")
    if any(size(measured[index]) is None for index in collectable):
        raise CountError.outside("collectable", list(collectable), "errors that have examples")
    estimate = sum(c * point(m) for c, m in zip(contrast, measured, strict=True))
    shares = [c**2 * variance(m) for c, m in zip(contrast, measured, strict=True)]
    target, route = _target(estimate, margin, gamma)
    fixed = {i: share for i, share in enumerate(shares) if i not in collectable and share > 0}
    room = target**2 - sum(fixed.values())
    now = {index: size(measured[index]) or 0 for index in collectable}
    feasible = room > 0
    sizes = dict(now)
    if feasible and sum(shares) > target**2 * (1 + 1e-12):
        parts = {index: shares[index] * now[index] for index in collectable}
        price = {index: (costs or {}).get(index, 1.0) for index in collectable}
        sizes = _allocated(parts, now, price, room)
    more = {index: sizes[index] - now[index] for index in collectable} if feasible else {}
    return CollectMore(
        estimate=estimate,
        se=sqrt(sum(shares)),
        target_se=target,
        route=route,
        feasible=feasible,
        more=more,
        total=sum(more.values()),
        limiting=None if feasible else max(fixed, key=fixed.__getitem__, default=None),
    )
