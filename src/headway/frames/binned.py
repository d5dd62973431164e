"""Scores cut into bins of equal width, so that every threshold can be read off the counts."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import narwhals.stable.v2 as nw

from headway.errors import ColumnError
from headway.frames.engines import asked, fetched
from headway.frames.expressions import MOST, kept, measure
from headway.frames.scored import is_class, positive_class

if TYPE_CHECKING:
    from headway.counts import Scalar
    from headway.frames.source import Frame

__all__ = ["BIN", "POSITIVE", "Binned", "binned"]


BIN: Final = "score_bin"
"""The key of the bin of a score."""

LEAST: Final = 1e-12
"""Smallest probability whose log odds are taken."""

CROWD: Final = 0.02
"""Where more than half of the probabilities lie this near an end, they are cut on log odds."""

POSITIVE: Final = "is_positive"
"""The key that says whether the label is the positive class."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Binned:
    """Rows whose score is cut into bins.

    Args:
        frame: The frame with the keys ``POSITIVE`` and ``BIN``; a missing score has no bin.
        positive: The positive class.
        column: The column of the score.
        low: Lower end of the first bin.
        width: Width of a bin, above 0.
        bins: Number of bins.
        is_logit: Whether the bins lie on the log odds of the score.
    """

    frame: Frame
    positive: Scalar
    column: str
    low: float
    width: float
    bins: int
    is_logit: bool = False


def binned(frame: Frame, *, positive: Scalar = None, bins: int = 1024) -> Binned:
    """The frame with the bin of each score and whether the label is the positive class.

    Args:
        frame: The frame, with the roles ``label`` and ``score``, or one probability for each class.
        positive: The positive class; None takes 1 or true.
        bins: Number of bins, at least 2.

    Returns:
        The frame to count by ``POSITIVE`` and ``BIN``, and where its bins lie. Scores within [0, 1]
        are cut there, on their log odds where they crowd at an end, so that the scores of a rare
        class are told apart; others between their smallest and their largest. One pass more.

    Raises:
        HeadwayError: If there is no score or no label, or nobody named the positive class.

    Examples:
        >>> from headway.frames.source import read
        >>> frame = read({"split": ["dev", "dev"], "label": [0, 1], "score": [0.1, 0.9]})
        >>> found = binned(frame, bins=10)
        >>> found.positive, found.low, found.width
        (1, 0.0, 0.1)

    References:
        Methods note, section 3.5.
    """
    wanted = positive_class(frame, positive)
    name = _score_column(frame, wanted)
    score = measure(name, frame.kinds[name], "score")
    with asked(frame.engine, frame.sources):
        low, high, is_logit = _range(frame, score)
    scale = _log_odds(score) if is_logit else score
    width = (high - low) / bins
    place = (kept(scale, _finite(score), low) - low) / width
    whole = kept(kept(place, place >= 0.0), place < bins, bins - 1.0)
    cut = nw.when(_finite(score)).then((whole - whole % 1.0).cast(nw.Int64))
    rows = frame.rows.with_columns(cut.alias(BIN), is_class(frame, wanted).alias(POSITIVE))
    columns = replace(frame.columns, metadata=(*frame.columns.metadata, BIN, POSITIVE))
    kinds = {**frame.kinds, BIN: "integer", POSITIVE: "boolean"}
    made = replace(frame, rows=rows, columns=columns, kinds=kinds)
    return Binned(
        frame=made,
        positive=wanted,
        column=name,
        low=low,
        width=width,
        bins=bins,
        is_logit=is_logit,
    )


def _score_column(frame: Frame, wanted: Scalar) -> str:
    """The column that holds the score of the positive class."""
    if "score" in frame.columns.roles:
        return frame.columns.roles["score"]
    found = frame.columns.probabilities.get(str(wanted))
    if found is None:
        raise ColumnError.role_absent("score", "a threshold", sorted(frame.roles))
    return found


def _finite(values: nw.Expr) -> nw.Expr:
    """Whether a score is a finite number."""
    return (values >= -MOST) & (values <= MOST)


def _log_odds(score: nw.Expr) -> nw.Expr:
    """The log odds of a probability, those of 0 and 1 at the ends."""
    safe = kept(kept(score, score >= LEAST, LEAST), score <= 1.0 - LEAST, 1.0 - LEAST)
    return (safe / (1.0 - safe)).log()


def _range(frame: Frame, score: nw.Expr) -> tuple[float, float, bool]:
    """The ends of the bins, and whether they lie on the log odds of the score."""
    fine = _finite(score)
    odds = _log_odds(kept(score, fine & (score >= 0.0) & (score <= 1.0), 0.5))
    looked = frame.rows.select(
        low=kept(score, fine, 0.5),
        high=kept(score, fine, 0.5),
        least=odds,
        most=odds,
        at_end=kept(nw.lit(1.0), (score < CROWD) | (score > 1.0 - CROWD)),
        n=kept(nw.lit(1.0), fine),
    ).select(
        nw.col("low").min(),
        nw.col("high").max(),
        nw.col("least").min(),
        nw.col("most").max(),
        nw.col("at_end").sum(),
        nw.col("n").sum(),
    )
    names = ("low", "high", "least", "most", "at_end", "n")
    low, high, least, most, at_end, n = (
        0.5 if value is None else float(value) for value in fetched(looked, names)[0]
    )
    if not (low >= 0.0 and high <= 1.0):
        return low, max(high, low + 1e-9), False
    if n > 0 and at_end > n / 2 and most > least:
        return least, most, True
    return 0.0, 1.0, False
