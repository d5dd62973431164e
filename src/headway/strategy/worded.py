"""How a metric and a limit are said in a sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from headway.wording import NARROW_SPACE, about, amount, interval, minus

if TYPE_CHECKING:
    from headway.stats.forms import Estimate
    from headway.stats.metric import Metric
    from headway.strategy.target import Limit

__all__ = [
    "difference_words",
    "is_rate",
    "limit_words",
    "more_examples",
    "name_of",
    "number_words",
    "shown_words",
]


def name_of(metric: Metric) -> str:
    """What a metric is called: the mean of a column by the name of the column.

    Examples:
        >>> from headway.stats.metrics import metric_of
        >>> name_of(metric_of("running_time_ms")), name_of(metric_of("p95(t)"))
        ('running_time_ms', 'p95(t)')
    """
    return metric.column if metric.kind == "mean" else metric.name


def is_rate(metric: Metric) -> bool:
    """Whether a metric is a fraction, shown in percent."""
    return metric.unit == "fraction"


def number_words(metric: Metric, value: float) -> str:
    r"""A value of a metric with its unit.

    Examples:
        >>> from headway.stats.metrics import metric_of
        >>> number_words(metric_of("running_time_ms"), 80.0), number_words(metric_of("f1"), 0.92)
        ('80 ms', '92.00\u202f%')
    """
    if is_rate(metric):
        return amount(value, is_rate=True)
    unit = f" {metric.unit}" if metric.unit else ""
    return f"{minus(f'{value:,.5g}')}{unit}"


def limit_words(limit: Limit) -> str:
    r"""A limit as it is said: the metric, its sign and its bound.

    Examples:
        >>> from headway.strategy.target import limit_of
        >>> limit_words(limit_of("running_time_ms <= 100"))
        'running_time_ms ≤ 100 ms'

    A quantile says which share of the rows it stands for:

        >>> from headway.strategy.target import measured_limit
        >>> limit_words(measured_limit(limit_of("p95(running_time_ms) <= 100")))
        'p95(running_time_ms) ≤ 100 ms (at most 5\u202f% of rows above)'
    """
    if limit.declared is not None:
        most = "most" if limit.at_most else "least"
        share = f"{100 * limit.bound:.6g}{NARROW_SPACE}%"
        return f"{limit_words(limit.declared)} (at {most} {share} of rows above)"
    sign = "\u2264" if limit.at_most else "\u2265"
    if is_rate(limit.metric):
        bound = f"{minus(f'{100 * limit.bound:.6g}')}{NARROW_SPACE}%"
    else:
        unit = f" {limit.metric.unit}" if limit.metric.unit else ""
        bound = f"{minus(f'{limit.bound:,.6g}')}{unit}"
    return f"{name_of(limit.metric)} {sign} {bound}"


def shown_words(metric: Metric, found: Estimate) -> str:
    r"""A metric with its interval.

    Examples:
        >>> from headway.stats.forms import Estimate
        >>> from headway.stats.metrics import metric_of
        >>> seen = Estimate(
        ...     estimate=0.9, lower=0.88, upper=0.92, level=0.95, n=900, method="Wilson score"
        ... )
        >>> shown_words(metric_of("recall", positive=1), seen)
        '90.00\u202f% [88.00, 92.00]'
    """
    text = number_words(metric, found.estimate)
    if found.lower is None:
        return text
    return f"{text} {interval(found.lower, found.upper, is_rate=is_rate(metric))}"


def difference_words(found: Estimate, *, is_rate: bool, unit: str = "") -> str:
    """A difference with its interval.

    Examples:
        >>> from headway.stats.forms import Estimate
        >>> gap = Estimate(
        ...     estimate=0.012, lower=0.005, upper=0.019, level=0.95, n=900, method="Bonett-Price"
        ... )
        >>> difference_words(gap, is_rate=True)
        '1.20 points [0.50, 1.90]'
    """
    text = amount(found.estimate, is_rate=is_rate, points=True)
    text = f"{text} {unit}" if unit and not is_rate else text
    if found.lower is None:
        return text
    return f"{text} {interval(found.lower, found.upper, is_rate=is_rate)}"


def more_examples(n: int | None, split: str = "", which: str = "") -> str:
    """Examples to be had beside those there are, at the start of a sentence.

    Args:
        n: How many more, or None where that is not known.
        split: The split they belong to, in words; empty where it goes without saying.
        which: What they must be, such as ``"met by both"``.

    Returns:
        The words before ``"would"``.

    Examples:
        >>> more_examples(990, "dev", "met by both")
        'About 990 more dev examples met by both'
        >>> more_examples(None, "dev")
        'More dev examples'
    """
    many = "More" if n is None else f"{about(n).capitalize()} more"
    noun = "example" if n == 1 else "examples"
    return " ".join(word for word in (many, split, noun, which) if word)
