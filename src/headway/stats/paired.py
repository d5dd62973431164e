"""How sure it is that one of two models is better, on the same examples."""

from __future__ import annotations

from scipy.special import bdtr, betainc

from headway.stats.quantiles import checked_counts

__all__ = ["mcnemar_midp", "probability_better"]


def mcnemar_midp(only_1_wrong: int, only_2_wrong: int) -> float:
    """Two-sided p-value of no difference between two models on the same examples.

    Args:
        only_1_wrong: Examples that only the first gets wrong, at least 0.
        only_2_wrong: Examples that only the second gets wrong, at least 0.

    Returns:
        McNemar's mid-p, a fraction in [0, 1]; 1 where no example tells them apart.

    Raises:
        CountError: If a count is negative.

    Examples:
        >>> round(mcnemar_midp(30, 15), 4)
        0.0259

    References:
        Fagerland, Lydersen and Laake (2013), BMC Medical Research Methodology 13, 91.
        Notes: week 1, "Single number evaluation metric".
    """
    apart = only_1_wrong + only_2_wrong
    if apart == 0:
        return 1.0
    checked_counts([only_1_wrong, only_2_wrong], apart)
    least = min(only_1_wrong, only_2_wrong)
    up_to = float(bdtr(least, apart, 0.5))
    below = float(bdtr(least - 1, apart, 0.5)) if least else 0.0
    return min(1.0, up_to + below)


def probability_better(only_1_wrong: int, only_2_wrong: int) -> float:
    """Probability that the second model has the lower error, on the same examples.

    Args:
        only_1_wrong: Examples that only the first gets wrong, at least 0.
        only_2_wrong: Examples that only the second gets wrong, at least 0.

    Returns:
        A fraction in [0, 1], with a prior mass of one spread over the four joint cells.

    Raises:
        CountError: If a count is negative.

    Examples:
        >>> round(probability_better(30, 15), 4)
        0.9883

    References:
        Perks (1947), Journal of the Institute of Actuaries 73, 285-334.
        Notes: week 1, "Single number evaluation metric".
    """
    checked_counts([only_1_wrong, only_2_wrong], max(1, only_1_wrong + only_2_wrong))
    return 1 - float(betainc(only_1_wrong + 0.25, only_2_wrong + 0.25, 0.5))
