"""How many examples does this question need?"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from headway.errors import CountError
from headway.stats.defaults import LEVEL
from headway.stats.power import (
    half_width,
    size_for_difference,
    size_for_half_width,
    zero_error_upper,
)
from headway.stats.sizes import rule_of_thumb
from headway.wording import about, amount, listed, thousands

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Size", "for_difference", "for_half_width", "for_no_error", "of_n", "of_total"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """The number of examples that a question needs, or what a number of examples can answer.

    Args:
        question: ``half_width``, ``difference``, ``no_error``, ``n`` or ``total``.
        n: Examples needed or given, at least 1.
        half_width: Half the width of the interval they give, a fraction, or None.
        rule_of_thumb: Per split, its share of all examples by the rule of thumb; empty where the
            question is not how to split.
        rate: The error rate assumed, a fraction, or None.
        difference: The difference asked for, a fraction, or None.
        discordance: Share of examples on which two models disagree, or None where unpaired.
        level: Level of the interval, in (0, 1).
        sentence: The answer in words.
    """

    question: str
    n: int
    half_width: float | None = None
    rule_of_thumb: Mapping[str, float] = field(default_factory=dict)
    rate: float | None
    difference: float | None = None
    discordance: float | None = None
    level: float
    sentence: str


def for_half_width(rate: float, width: float, *, level: float = LEVEL) -> Size:
    """Examples that bring the interval of an error rate to a half-width.

    Args:
        rate: The error rate expected, a fraction in [0, 1].
        width: Half the width wanted, a fraction above 0.
        level: Level of the interval, in (0, 1).

    Returns:
        The size.

    Raises:
        CountError: If a number is outside its range.

    Examples:
        >>> for_half_width(0.05, 0.005).n
        7312

    References:
        Methods note, section 4.1.
        Notes: week 1, "Size of the dev and test sets".
    """
    n = size_for_half_width(rate, width, level=level)
    return Size(
        question="half_width",
        n=n,
        half_width=width,
        rate=rate,
        level=level,
        sentence=f"{about(n).capitalize()} examples bring an error of "
        f"{amount(rate, is_rate=True)} to within {amount(width, is_rate=True, points=True)} "
        f"either way ({100 * level:g} % interval).",
    )


def of_n(n: int, rate: float, *, level: float = LEVEL) -> Size:
    """The half-width that a number of examples gives.

    Args:
        n: Examples, at least 1.
        rate: The error rate expected, a fraction in [0, 1].
        level: Level of the interval, in (0, 1).

    Returns:
        The size.

    Raises:
        CountError: If a number is outside its range.

    Examples:
        >>> round(of_n(10_000, 0.05).half_width, 4)
        0.0043

    References:
        Methods note, section 4.1.
        Notes: week 1, "Size of the dev and test sets".
    """
    width = half_width(rate, n, level=level)
    return Size(
        question="n",
        n=n,
        half_width=width,
        rate=rate,
        level=level,
        sentence=f"{thousands(n)} examples show an error of {amount(rate, is_rate=True)} to within "
        f"{amount(width, is_rate=True, points=True)} either way ({100 * level:g} % interval).",
    )


def for_difference(
    rate: float, difference: float, *, discordance: float | None = None, level: float = LEVEL
) -> Size:
    """Examples that show a difference between two errors.

    Args:
        rate: The smaller error, a fraction in [0, 1].
        difference: The difference to be seen, a fraction above 0.
        discordance: Share of the same examples on which the two models differ in being right, at
            least ``difference``; None for different examples.
        level: Level of the interval, in (0, 1).

    Returns:
        The size: of each of two sets, or of the one that both models meet; power 0.80.

    Raises:
        CountError: If a number is outside its range.

    References:
        Connor (1987), Biometrics 43, 207-211. Methods note, section 3.6.
        Notes: week 1, "Size of the dev and test sets".
    """
    n = size_for_difference(rate, rate + difference, discordance=discordance, level=level)
    where = "in each set" if discordance is None else "met by both models"
    return Size(
        question="difference",
        n=n,
        rate=rate,
        difference=difference,
        discordance=discordance,
        level=level,
        sentence=f"{about(n).capitalize()} examples {where} show a difference of "
        f"{amount(difference, is_rate=True, points=True)} from {amount(rate, is_rate=True)} with "
        "probability 0.80.",
    )


def for_no_error(rate: float, *, level: float = LEVEL) -> Size:
    """Examples that must all be right to show that the error is below a rate.

    Args:
        rate: The error to stay below, a fraction in (0, 1).
        level: Confidence of the one-sided bound, in (0, 1).

    Returns:
        The size; about 3 / rate at 95 %.

    Raises:
        CountError: If the rate is not in (0, 1).

    Examples:
        >>> for_no_error(0.001).n
        2995

    References:
        Methods note, section 4.1 (rule of three).
        Notes: week 1, "Size of the dev and test sets".
    """
    if not 0 < rate < 1:
        raise CountError.outside("rate", rate, "a fraction in (0, 1)")
    n = 1
    while zero_error_upper(n, confidence=level) > rate:
        n *= 2
    low = n // 2
    while n - low > 1:
        middle = (low + n) // 2
        low, n = (
            (low, middle) if zero_error_upper(middle, confidence=level) <= rate else (middle, n)
        )
    return Size(
        question="no_error",
        n=n,
        rate=rate,
        level=level,
        sentence=f"{about(n).capitalize()} examples without an error show that it is below "
        f"{amount(rate, is_rate=True)} ({100 * level:g} % one-sided).",
    )


def of_total(total: int, rate: float, *, level: float = LEVEL) -> Size:
    """How to split a number of examples by the rule of thumb, and what dev can then show.

    Args:
        total: All examples, at least 1.
        rate: The error rate expected, a fraction in [0, 1].
        level: Level of the interval, in (0, 1).

    Returns:
        The size; ``n`` is that of dev.

    Raises:
        CountError: If a number is outside its range.

    Examples:
        >>> of_total(1_000_000, 0.05).n
        10000

    References:
        Methods note, section 4.2.
        Notes: week 1, "Size of the dev and test sets".
    """
    shares = rule_of_thumb(total)
    n = max(1, round(shares["dev"] * total))
    width = half_width(rate, n, level=level)
    parts = listed([f"{100 * share:g} % {name}" for name, share in shares.items()])
    return Size(
        question="total",
        n=n,
        half_width=width,
        rule_of_thumb=shares,
        rate=rate,
        level=level,
        sentence=f"Of {thousands(total)} examples take {parts}: dev then shows an error of "
        f"{amount(rate, is_rate=True)} to within {amount(width, is_rate=True, points=True)} either "
        f"way ({100 * level:g} % interval).",
    )
