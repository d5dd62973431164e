"""What people prefer against what the metric prefers, as values."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    from headway.counts import Scalar
    from headway.findings import Finding, Want
    from headway.stats.forms import Estimate
    from headway.strategy.history import Comparison

__all__ = [
    "ORDINARY",
    "Category",
    "CategoryWeight",
    "HarmLimit",
    "Preferences",
    "Preferred",
    "Standing",
    "category_name",
]

ORDINARY: Final = "ordinary"
"""What the category without a mark is called."""


def category_name(where: Mapping[str, Scalar]) -> str:
    """What a category of mistakes is called.

    Args:
        where: Per column, the value that marks it; empty for ordinary examples.

    Returns:
        The column alone where it is a flag (true or 1), else column and value.

    Examples:
        >>> category_name({"must_not_show": True}), category_name({"topic": "medical"})
        ('must_not_show', 'topic = medical')
        >>> category_name({})
        'ordinary'
    """
    parts = [column if value == 1 else f"{column} = {value}" for column, value in where.items()]
    return " and ".join(parts) or ORDINARY


@dataclass(frozen=True, slots=True, kw_only=True)
class Category:
    """Examples of one kind.

    Args:
        where: Per column, the value that marks them; empty for ordinary examples.
        n: Number of examples, at least 0.
    """

    where: Mapping[str, Scalar]
    n: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Preferred:
    """One preference against the present metric.

    Args:
        better: The preferred model.
        worse: The other model.
        difference: Error of the preferred model less that of the other, on the same examples.
        state: ``agrees`` (the metric prefers it too), ``disagrees`` (it clearly does not) or
            ``within_noise``.
    """

    better: str
    worse: str
    difference: Estimate
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """The errors of one model.

    Args:
        model: Its name.
        error: Its error on all examples, unweighted.
        by_category: Its error in each category, in their order; None without examples.
        weighted: Its error under the proposed weights, or None where none are proposed.
    """

    model: str
    error: Estimate
    by_category: tuple[Estimate | None, ...]
    weighted: Estimate | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CategoryWeight:
    """How much mistakes of one category should weigh.

    Args:
        where: Per column, the value that marks the category.
        n: Its examples.
        weight: The proposed weight; ordinary examples weigh 1.
        flips_at: The weight at which the ranking turns, the others as proposed; None where no
            preference needs this category.
        flips_lower: Lower end of its interval, or None.
        flips_upper: Upper end of its interval; None also where no weight may be enough.
    """

    where: Mapping[str, Scalar]
    n: int
    weight: float
    flips_at: float | None
    flips_lower: float | None
    flips_upper: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class HarmLimit:
    """A limit on one category that would decide without a weight.

    Args:
        where: Per column, the value that marks the category.
        keeps: The preferred model, which keeps the limit.
        breaks: The other model, which breaks it.
        above: Error of the preferred model in the category: the limit must not lie below it.
        below: Error of the other model there: the limit must lie below it.
        shown: Whether the whole interval of the preferred model lies below the other's error.
    """

    where: Mapping[str, Scalar]
    keeps: str
    breaks: str
    above: float
    below: float
    shown: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Preferences:
    """Preferences against the metric, judged.

    Args:
        models: The models with their errors.
        categories: The categories of mistakes, the ordinary one first.
        preferences: Each preference against the present metric.
        tau: Kendall's tau between the two rankings, from -1 to 1.
        state: ``agrees``, ``within_noise``, ``restored`` (weights that are sure), ``doubtful``
            (weights that may not be enough) or ``inexpressible``.
        smallest: The smallest weight of each category at which every preference holds, or empty.
        weights: The proposed weights, or empty.
        p_restored: Probability that they restore the ranking, or None.
        limits: Limits that would decide without a weight.
        worth: Examples that the set is worth under the proposed weights, or None.
        n: Examples that all models answered.
        split: The split they are of.
        level: Level of the intervals.
        unmarked: Per column of a category, the examples that hold nothing there.
        overturned: Earlier comparisons of which the weights change the winner.
        written: The file into which the weights were written, or empty.
        wants: What would settle what is open.
        findings: What was found.
    """

    models: tuple[Standing, ...]
    categories: tuple[Category, ...]
    preferences: tuple[Preferred, ...]
    tau: float
    state: str
    smallest: tuple[float, ...]
    weights: tuple[CategoryWeight, ...]
    p_restored: float | None
    limits: tuple[HarmLimit, ...]
    worth: float | None
    n: int
    split: str
    level: float
    unmarked: Mapping[str, int] = field(default_factory=dict)
    overturned: tuple[Comparison, ...] = ()
    written: str = ""
    wants: tuple[Want, ...] = ()
    findings: tuple[Finding, ...] = ()

    @property
    def agrees_now(self) -> bool:
        """Whether the present metric prefers what is preferred, in every pair."""
        return self.state == "agrees"
