"""One door for every result that becomes a document, and what all documents share.

The composers register themselves here; ``compose`` loads them all.
"""

from __future__ import annotations

from functools import singledispatch
from typing import TYPE_CHECKING

from headway.report.document import Document, Remark, Remarks, Section, Settings
from headway.report.numbers import typeset
from headway.strategy import reading

if TYPE_CHECKING:
    from collections.abc import Iterable

    from headway.counts import Intake

__all__ = ["document", "intake_section", "kept"]


@singledispatch
def document(
    result: object,
    *,
    intake: Intake | None = None,  # noqa: ARG001 - what every composer is given
    settings: Settings | None = None,  # noqa: ARG001
) -> Document:
    """A result as a document.

    Args:
        result: A result of the strategy floor, or a refusal.
        intake: What was read, where rows were.
        settings: Where the document comes from: command, version, seed, digest.

    Returns:
        The document, ready to be rendered.

    Raises:
        TypeError: If no composer is known for this type of result.

    Examples:
        >>> import numpy as np
        >>> from headway.stats.forms import Binomial
        >>> from headway.strategy.gaps import judge_rungs
        >>> rungs = {"train": Binomial(n_errors=200, n=20_000)}
        >>> rungs["train_dev"] = Binomial(n_errors=900, n=10_000)
        >>> document(judge_rungs(rungs, rng=np.random.default_rng(0))).verdict
        'Work on variance (train → train-dev) first. It can buy at most 8.00 points.'
    """
    message = f"no composer for {type(result).__name__}"
    raise TypeError(message)


def kept(sections: Iterable[Section | None]) -> tuple[Section, ...]:
    """The sections that have something to say."""
    return tuple(section for section in sections if section is not None and section.blocks)


def intake_section(intake: Intake | None) -> Section:
    """What a terminal says about the input."""
    said = reading.findings(intake) if intake is not None else ()
    items = tuple(Remark(text=typeset(finding.sentence)) for finding in said)
    return Section(title="", blocks=(Remarks(items=items),) if items else (), only="text")
