"""How a number stands on a screen: percent, points, intervals, counts, probabilities.

Sentences are worded on lower floors with the same forms (`headway.wording`); this module adds what
columns, axes and terminals need. Differences come from unrounded rates and are rounded once.
"""

from __future__ import annotations

import re
from math import floor, log10
from typing import TYPE_CHECKING, Final

from headway.report.document import Amount
from headway.wording import NARROW_SPACE, minus, thousands

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = [
    "amount_of",
    "bare",
    "count",
    "interval",
    "plain",
    "probability",
    "shown",
    "typeset",
]

DASH: Final = "–"
"""Stands for an unknown number."""

WIDE: Final = 0.05
"""An interval wider than this is shown with one decimal."""

_NUMBER_PERCENT = re.compile(r"(?<=\d) ?%")
_HYPHEN_MINUS = re.compile(r"(?<![\w.,/=-])-(?=\d)")
_THOUSANDS = re.compile(f"(?<=[0-9]){NARROW_SPACE}(?=[0-9]{{3}})")
_IN_INTERVAL = re.compile(r"(\[[^\[\], ]+,) ([^\[\], ]+\])")

ASCII: Final = {
    "\u2212": "-",
    "–": "-",
    "—": "--",
    "→": "->",
    "×": "x",
    "·": "|",
    "≥": ">=",
    "≤": "<=",
    "…": "...",
    "’": "'",
    "‘": "'",
    "“": '"',
    "”": '"',
}
"""What a terminal without UTF-8 shows instead."""


def loss_decimals(values: Iterable[float | None]) -> int:
    """Decimals that give the largest of some losses three significant digits.

    Args:
        values: Losses; unknown ones are left out.

    Returns:
        A number from 0 to 6.

    Examples:
        >>> loss_decimals([0.6931, None, 0.12]), loss_decimals([5400.0]), loss_decimals([0.0])
        (3, 0, 2)
    """
    largest = max((abs(value) for value in values if value is not None), default=0.0)
    return 2 if largest == 0 else min(6, max(0, 2 - floor(log10(largest))))


def amount_of(
    value: float | None,
    lower: float | None = None,
    upper: float | None = None,
    *,
    kind: str = "rate",
    decimals: int | None = None,
) -> Amount:
    """An amount that knows its decimals: two, or one where its interval is wider than 5 points.

    Args:
        value: A fraction, or in the unit of the loss; None where it is not known.
        lower: Lower end of its interval, or None.
        upper: Upper end of its interval, or None.
        kind: ``"rate"``, ``"points"`` or ``"loss"``.
        decimals: Decimals of a loss; by default from its own size.

    Returns:
        The amount, at full precision.

    Examples:
        >>> amount_of(0.0955, 0.0868, 0.1050).decimals, amount_of(0.462, 0.41, 0.51).decimals
        (2, 1)
    """
    if kind == "loss":
        chosen = loss_decimals((value, lower, upper)) if decimals is None else decimals
    else:
        wide = lower is not None and upper is not None and upper - lower > WIDE
        chosen = 1 if wide else 2
    return Amount(value=value, lower=lower, upper=upper, kind=kind, decimals=chosen)


def _digits(value: float, amount: Amount) -> str:
    """A number with the decimals of its amount, a true minus and no minus before zero."""
    scaled = value if amount.kind == "loss" else 100 * value
    return minus(f"{scaled:,.{amount.decimals}f}")


def bare(amount: Amount | None) -> str:
    """The number without its unit, as in a column whose head names the unit.

    Examples:
        >>> bare(Amount(value=-0.009, kind="points")), bare(Amount(value=None)), bare(None)
        ('−0.90', '–', '–')
    """
    return DASH if amount is None or amount.value is None else _digits(amount.value, amount)


def shown(amount: Amount | None, *, words: bool = False) -> str:
    r"""The number with its unit.

    Args:
        amount: The amount, or None where it is not known.
        words: Whether points carry their name, as in a sentence; in a column they do not.

    Returns:
        Such as ``"9.55 %"`` with a narrow no-break space, ``"6.37 points"`` or ``"0.693"``.

    Examples:
        >>> shown(Amount(value=0.0955)), shown(Amount(value=0.0637, kind="points"), words=True)
        ('9.55\u202f%', '6.37 points')
    """
    text = bare(amount)
    if amount is None or amount.value is None:
        return text
    if amount.kind == "rate":
        return f"{text}{NARROW_SPACE}%"
    return f"{text} points" if words and amount.kind == "points" else text


def interval(amount: Amount | None, *, pad: int = 0, without: str = "no interval") -> str:
    """The interval in brackets, with the decimals of its estimate and no unit.

    Args:
        amount: The amount, or None where it is not known.
        pad: Width to which both ends are padded, for columns on a terminal.
        without: What stands where an estimate has no interval.

    Returns:
        The interval, with a no-break space inside; a dash where there is no estimate.

    Examples:
        >>> plain(interval(Amount(value=0.004, lower=-0.009, upper=0.017, kind="points")))
        '[−0.90, 1.70]'
        >>> interval(Amount(value=0.01)), interval(Amount(value=None))
        ('no interval', '–')
    """
    if amount is None or amount.value is None:
        return DASH
    if amount.lower is None or amount.upper is None:
        return without
    lower, upper = _digits(amount.lower, amount), _digits(amount.upper, amount)
    return f"[{lower:>{pad}},\u00a0{upper:>{pad}}]"


def count(n: float | None, noun: str = "") -> str:
    r"""A count in a column: narrow no-break spaces between thousands.

    Args:
        n: The count, or None where it is not known.
        noun: What is counted, in a sentence; in the plural unless it is one.

    Returns:
        The count, with its noun behind it.

    Examples:
        >>> count(205000), count(None), count(1, "look")
        ('205\u202f000', '–', '1 look')
    """
    text = DASH if n is None else thousands(n).replace(",", NARROW_SPACE)
    return f"{text} {noun}{'' if n == 1 else 's'}" if noun else text


def probability(p: float | None) -> str:
    """A probability with two decimals, or the limit beyond which it lies.

    Examples:
        >>> probability(0.861), plain(probability(0.9998)), plain(probability(0.004))
        ('0.86', '> 0.99', '< 0.01')
    """
    if p is None:
        return DASH
    if p > 0.99:
        return f">{NARROW_SPACE}0.99"
    return f"<{NARROW_SPACE}0.01" if p < 0.01 else f"{p:.2f}"


def level_words(level: float) -> str:
    """A level in percent.

    Examples:
        >>> plain(level_words(0.95)), plain(level_words(0.999))
        ('95 %', '99.9 %')
    """
    return f"{100 * level:.6g}{NARROW_SPACE}%"


def margin_words(margin: float, *, is_rate: bool) -> str:
    """A margin inside a sentence, with no more decimals than it needs.

    Examples:
        >>> margin_words(0.01, is_rate=True), margin_words(0.0005, is_rate=True)
        ('1 point', '0.05 points')
        >>> margin_words(0.02, is_rate=False)
        '0.02'
    """
    text = f"{(100 if is_rate else 1) * margin:.3g}"
    if not is_rate:
        return text
    return f"{text} point" if text == "1" else f"{text} points"


def typeset(text: str) -> str:
    """A sentence in screen form: true minus, narrow space before percent, unbroken intervals.

    Examples:
        >>> plain(typeset("moves by -0.90 [-1.2, -0.6], 2 % at most"))
        'moves by −0.90 [−1.2, −0.6], 2 % at most'
    """
    text = _HYPHEN_MINUS.sub("\u2212", _NUMBER_PERCENT.sub(f"{NARROW_SPACE}%", text))
    return _IN_INTERVAL.sub("\\1\u00a0\\2", text)


def plain(text: str, *, unicode: bool = True) -> str:
    r"""The text for a terminal: ordinary spaces, and plain ASCII where nothing else is shown.

    Args:
        text: Text in screen form.
        unicode: Whether the terminal shows more than ASCII.

    Returns:
        The text; a character that ASCII cannot show becomes ``"?"``.

    Examples:
        >>> plain("9.55\u202f% → −0.90", unicode=False), plain(count(4000))
        ('9.55 % -> -0.90', '4,000')
    """
    text = _THOUSANDS.sub(",", text).replace(NARROW_SPACE, " ").replace("\u00a0", " ")
    if unicode:
        return text
    swapped = "".join(ASCII.get(character, character) for character in text)
    return swapped.encode("ascii", "replace").decode("ascii")
