"""How Headway writes a number: one form for each kind, in sentences and on screens.

Rates are fractions in the code; only here do they become percent and points. Rounding happens once,
at the end.
"""

from __future__ import annotations

from math import floor, log10
from typing import Final

__all__ = [
    "NARROW_SPACE",
    "about",
    "amount",
    "counted",
    "interval",
    "listed",
    "minus",
    "thousands",
]

NARROW_SPACE: Final = "\u202f"
"""The narrow no-break space before a percent sign or a unit."""


def minus(text: str) -> str:
    """The text of a number with a true minus sign, and no minus before a zero.

    Examples:
        >>> minus("-1.20"), minus("-0.00")
        ('−1.20', '0.00')
    """
    if text.startswith("-") and not text.strip("-0.,"):
        return text[1:]
    return text.replace("-", "\u2212")


def thousands(n: float) -> str:
    """A count in a sentence, with commas.

    Examples:
        >>> thousands(4000)
        '4,000'
    """
    return f"{n:,.0f}"


def counted(n: float, noun: str) -> str:
    """A count with what is counted, in the plural unless it is one.

    Examples:
        >>> counted(4000, "dev example"), counted(1, "dev example")
        ('4,000 dev examples', '1 dev example')
    """
    return f"{thousands(n)} {noun}{'' if n == 1 else 's'}"


def about(n: float) -> str:
    """A number that someone must collect: two significant digits.

    Examples:
        >>> about(1437), about(96_210), about(7)
        ('about 1,400', 'about 96,000', 'about 7')
    """
    if n < 100:
        return f"about {n:.0f}"
    step = 10 ** (floor(log10(n)) - 1)
    return f"about {round(n / step) * step:,.0f}"


def amount(value: float, *, is_rate: bool, points: bool = False) -> str:
    """An error, or a difference of errors, in words.

    Args:
        value: A fraction where ``is_rate``, else in the unit of the loss.
        is_rate: Whether it is a fraction.
        points: Whether it is a difference (percentage points) rather than a rate.

    Returns:
        Such as ``"9.55 %"`` or ``"6.37 points"``; a loss with four significant digits.

    Examples:
        >>> amount(0.0637, is_rate=True, points=True)
        '6.37 points'
        >>> amount(0.693147, is_rate=False)
        '0.6931'
    """
    if not is_rate:
        return minus(f"{value:.4g}")
    text = minus(f"{100 * value:.2f}")
    return f"{text} points" if points else f"{text}{NARROW_SPACE}%"


def interval(lower: float | None, upper: float | None, *, is_rate: bool) -> str:
    """An interval in brackets, without its unit.

    Examples:
        >>> interval(0.0543, 0.0737, is_rate=True)
        '[5.43, 7.37]'
        >>> interval(None, None, is_rate=True)
        '[no interval]'
    """
    if lower is None or upper is None:
        return "[no interval]"
    if is_rate:
        return f"[{minus(f'{100 * lower:.2f}')}, {minus(f'{100 * upper:.2f}')}]"
    return f"[{minus(f'{lower:.4g}')}, {minus(f'{upper:.4g}')}]"


def listed(names: list[str], last: str = "and") -> str:
    """Names in a sentence.

    Examples:
        >>> listed(["a", "b", "c"]), listed(["a", "b"], "or")
        ('a, b and c', 'a or b')
    """
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} {last} {names[-1]}"
