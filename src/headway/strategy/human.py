"""How low could the error be? The reference level: people, or the best that is known."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from headway.errors import TargetError
from headway.findings import Want
from headway.stats.forms import Binomial, Effective, Fixed
from headway.stats.measured import point

if TYPE_CHECKING:
    from collections.abc import Sequence

    from headway.stats.forms import Measured

__all__ = ["KINDS", "NAMES", "Reference", "Tier", "measured", "parse", "proxy_tier", "wanted"]

KINDS: Final = ("human", "best_known", "required", "previous_system")
"""Kinds of reference; only the first asks people."""

NAMES: Final = {
    "human": "human level",
    "best_known": "best known",
    "required": "required level",
    "previous_system": "previous system",
}
"""What each kind is called in words."""

_RATE = re.compile(
    r"(?P<value>[0-9]*\.?[0-9]+(?:[eE][-+]?[0-9]+)?)\s*(?P<percent>%)?"
    r"(?:\s*/\s*(?P<n>[0-9][0-9_]*))?"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tier:
    """One level of reference: a name and its error.

    Args:
        name: Such as ``"team"`` or ``"one person"``.
        measured: Its error; fixed where no n was given.
    """

    name: str
    measured: Measured


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """The tiers of the reference level and the one taken as the proxy of the Bayes error.

    Args:
        kind: One of ``KINDS``.
        tiers: At least one.
        proxy: Name of the tier taken as the proxy.

    Raises:
        TargetError: If the kind is unknown, a name is repeated, or the proxy is no tier.
    """

    kind: str
    tiers: tuple[Tier, ...]
    proxy: str

    def __post_init__(self) -> None:
        """Check that kind, names and proxy fit together."""
        names = [tier.name for tier in self.tiers]
        if self.kind not in KINDS:
            raise TargetError.unknown("reference kind", self.kind, KINDS)
        if len(set(names)) < len(names):
            raise TargetError.repeated("reference tier", max(names, key=names.count))
        if self.proxy not in names:
            raise TargetError.unknown("proxy", self.proxy, names)


def measured(error: float, n: int | None) -> Measured:
    """An error given as a number, with or without the n it was measured on.

    Args:
        error: A fraction in [0, 1], or a loss at least 0.
        n: Number of examples, at least 1, or None.

    Returns:
        Fixed without n; binomial where the number of errors is whole; else with n effective.

    Raises:
        TargetError: If the error is negative, above 1 with an n, or n is below 1.

    Examples:
        >>> measured(0.01, None), measured(0.08, 50_000)
        (Fixed(value=0.01), Binomial(n_errors=4000, n=50000))

    References:
        Methods note, section 1.1.
        Notes: week 1, "Avoidable bias".
    """
    if error < 0 or (n is not None and (error > 1 or n < 1)):
        raise TargetError.not_a_rate(f"{error:g}" + (f"/{n}" if n is not None else ""))
    if n is None:
        return Fixed(value=error)
    n_errors = round(error * n)
    if abs(error * n - n_errors) <= 1e-6 * max(1.0, n_errors):
        return Binomial(n_errors=n_errors, n=n)
    return Effective(rate=error, n_eff=float(n), n=n)


def parse_error(text: str) -> Measured:
    """An error written as ``0.01``, ``1%``, ``0.005/1000`` or ``8%/50000``.

    Raises:
        TargetError: If the text cannot be read so, or the rate lies outside 0 to 100 %.

    Examples:
        >>> parse_error("8%/50000")
        Binomial(n_errors=4000, n=50000)
    """
    match = _RATE.fullmatch(text.strip())
    if match is None:
        raise TargetError.not_a_rate(text)
    value = float(match["value"]) / (100 if match["percent"] else 1)
    is_count = match["n"] and not match["percent"] and float(match["value"]) >= 1
    if value > 1 or is_count:
        raise TargetError.not_a_rate(text)
    return measured(value, int(match["n"]) if match["n"] else None)


def parse(text: str, *, kind: str = "human", proxy: str | None = None) -> Reference:
    """A reference level from text: one error, or named tiers separated by commas.

    Args:
        text: ``"0.01"``, ``"0.5%/1000"`` or ``"team=0.005/1000,typical=0.03"``.
        kind: One of ``KINDS``.
        proxy: Name of the proxy; by default the tier with the smallest error.

    Returns:
        The reference level.

    Raises:
        TargetError: If the text, the kind or the proxy cannot be read.

    Examples:
        >>> reference = parse("team=0.5%/1000,typical=3%")
        >>> reference.proxy, [tier.name for tier in reference.tiers]
        ('team', ['team', 'typical'])

    References:
        Notes: week 1, "Understanding human-level performance".
    """
    pairs = [part.rpartition("=") for part in text.split(",") if part.strip()]
    tiers = [
        Tier(name=name.strip() or NAMES.get(kind, kind), measured=parse_error(error))
        for name, _, error in pairs
    ]
    if not tiers:
        raise TargetError.not_a_rate(text)
    return of_tiers(tiers, kind=kind, proxy=proxy)


def of_tiers(tiers: Sequence[Tier], *, kind: str = "human", proxy: str | None = None) -> Reference:
    """A reference level from tiers; the proxy is the one with the smallest error.

    Raises:
        TargetError: If the kind or the proxy is unknown, or a name is repeated.

    Examples:
        >>> of_tiers([Tier(name="doctor", measured=Fixed(value=0.01))]).proxy
        'doctor'
    """
    smallest = min(tiers, key=lambda tier: point(tier.measured))
    return Reference(kind=kind, tiers=tuple(tiers), proxy=proxy or smallest.name)


def proxy_tier(reference: Reference) -> Tier:
    """The tier taken as the proxy of the Bayes error."""
    return next(tier for tier in reference.tiers if tier.name == reference.proxy)


def wanted(kind: str | None) -> Want:
    """What to ask for where no reference level is given.

    People are asked for only where the task is one that people do by nature, or where nothing is
    known of it; structured data takes the best known, the required level or the previous system.

    Args:
        kind: One of ``KINDS``, or None where it was not declared.

    Returns:
        The want.

    Examples:
        >>> wanted("required").what
        'reference'

    References:
        Notes: week 1, "Problems where ML significantly surpasses human-level performance".
    """
    sentences = {
        "human": "Let people label about 100 to 500 train examples and give their error: "
        "--human 0.01/500.",
        "best_known": "Give the best error known for this task: --human 0.02 "
        "--reference best_known.",
        "required": "Give the error that the application requires: --human 0.02 "
        "--reference required.",
        "previous_system": "Give the error of the previous system on the same examples: "
        "--human 0.05/2000 --reference previous_system.",
        "unknown": "Give a reference level: the error of people where they do the task by nature "
        "(--human 0.01/500); on structured data the best known, the required level or the "
        "previous system (--human 0.05 --reference best_known).",
    }
    what = "human_level" if kind == "human" else "reference"
    return Want(what=what, split="train", n=None, sentence=sentences[kind or "unknown"])
