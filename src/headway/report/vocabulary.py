"""What rungs, gaps, states and roles are called, and one line for each term of our own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from headway.strategy.human import NAMES as REFERENCE_TITLES
from headway.strategy.ladder import gap_words, rung_words
from headway.wording import listed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from headway.strategy.human import Reference
    from headway.strategy.ladder import Gap

__all__ = [
    "GAP_TITLES",
    "HUES",
    "STATES",
    "addressed",
    "between",
    "gap_title",
    "glosses",
    "rung_title",
]

GAP_TITLES: Final = {
    "avoidable_bias": "avoidable bias",
    "variance": "variance",
    "data_mismatch": "data mismatch",
    "dev_overfit": "dev overfit",
    "real_world": "real world",
}
"""Names of the gaps where each has a row of its own; sentences take `ladder.gap_words`."""

HUES: Final = {
    "avoidable_bias": "bias",
    "variance": "variance",
    "data_mismatch": "mismatch",
    "dev_overfit": "overfit",
    "real_world": "real",
    "incorrect_labels": "ceiling",
    "slice": "ceiling",
    "tag": "ceiling",
}
"""The one hue of each thing that has one; everything else is ink."""

OTHER_AIMS: Final = {
    "undetermined": "measure first",
    "incorrect_labels": "incorrect labels",
    "slice": "a slice",
    "tag": "a tag",
    "target": "the target",
}
"""What a step addresses where it is no gap."""

STATES: Final = {
    "yes": "shown",
    "undetermined": "cannot tell",
    "no": "too small",
    "not_applicable": "not applicable",
}
"""What a verdict on a gap is called; the dash stands for the last."""

MOVED: Final = {
    "yes": "moved",
    "undetermined": "cannot tell",
    "no": "did not move",
}
"""What a verdict on the change of a gap is called."""

IDEA_STATES: Final = {"worth_it": "yes", "not_now": "no", "undetermined": "undetermined"}
"""The mark of each verdict on an idea."""

IDEA_WORDS: Final = {"yes": "worth it", "no": "not now", "undetermined": "cannot tell"}
"""What that mark means beside an idea."""

CELL_TITLES: Final = {
    "human": "human level",
    "trained_on": "trained on",
    "not_trained_on": "not trained on",
}
"""Rows of the general table."""

DIFFERENCE_TITLES: Final = {
    **GAP_TITLES,
    "difficulty": "of it difficulty (harder for people too)",
    "excess": "of it excess (harder for the model alone)",
}
"""Differences of neighbouring cells of the general table."""

UNUSABLE: Final = {
    "no_label": "no label",
    "no_split": "no split",
    "unknown_split": "unknown split",
    "bad_loss": "loss not a number",
    "bad_weight": "weight not a number",
    "bad_probabilities": "probabilities that do not sum to one",
}
"""Why a row could not be used."""

GLOSSES: Final = {
    "variance": "from examples trained on to others like them",
    "train-dev": "examples like the training set, not trained on",
    "field": "examples met in the real world",
}
"""One line for each term that is ours."""


def gap_title(name: str, merges: Sequence[str] = ()) -> str:
    """What a gap is called in a row of its own; a merged gap is named in full.

    Args:
        name: Name of the gap.
        merges: The gaps it holds.

    Returns:
        Such as ``"avoidable bias"`` or ``"variance or data mismatch"``.

    Examples:
        >>> gap_title("variance_or_mismatch", ("variance", "data_mismatch"))
        'variance or data mismatch'
    """
    if len(merges) > 1:
        return listed([GAP_TITLES.get(part, part) for part in merges], "or")
    return GAP_TITLES.get(name, name.replace("_", " "))


def with_sets(gap: Gap) -> str:
    """The name of a gap at its first use in a text: variance comes with its two sets."""
    sets = between(gap)
    return f"{gap_words(gap)} ({sets})" if sets else gap_words(gap)


def between(gap: Gap) -> str:
    """The two sets of a gap, where its name needs them: variance and what is merged with it."""
    if "variance" not in gap.merges:
        return ""
    return f"{rung_words(gap.lower_rung)} → {rung_words(gap.upper_rung)}"


def rung_title(name: str, reference: Reference | None = None) -> str:
    """What a rung is called; the lowest one by the kind of reference.

    Args:
        name: Name of the rung.
        reference: The reference level, or None.

    Returns:
        The title, in lower case.

    Examples:
        >>> rung_title("train_dev"), rung_title("human")
        ('train-dev', 'human level')
    """
    if name == "human" and reference is not None:
        return REFERENCE_TITLES[reference.kind]
    return rung_words(name)


def hues(merges: Sequence[str]) -> tuple[str, ...]:
    """The hues of the gaps that a gap holds."""
    return tuple(HUES[part] for part in merges if part in HUES)


def addressed(name: str | None) -> str:
    """What a step or an idea addresses, in words; empty where nothing is known.

    Examples:
        >>> addressed("data_mismatch"), addressed("undetermined"), addressed(None)
        ('data mismatch', 'measure first', '')
    """
    if name is None:
        return ""
    parts = name.split("_or_")
    if len(parts) > 1:
        return listed([GAP_TITLES.get(full_name(part), part) for part in parts], "or")
    return GAP_TITLES.get(name) or OTHER_AIMS.get(name) or name.replace("_", " ")


def full_name(part: str) -> str:
    """The name of a gap from its short form inside a merged name: ``mismatch``, ``bias``."""
    return next((name for name in GAP_TITLES if part in {name, name.split("_")[-1]}), part)


def aim_hues(name: str | None) -> tuple[str, ...]:
    """The hues of what a step or an idea addresses."""
    if name is None:
        return ()
    return hues([full_name(part) for part in name.split("_or_")])


def glosses(terms: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """One line for each of these terms of our own.

    Args:
        terms: Terms as they are used, such as ``"field"``.

    Returns:
        Pairs of the term and its line; terms that are not ours are left out.

    Examples:
        >>> glosses(["field", "dev"])
        (('field', 'examples met in the real world'),)
    """
    return tuple((term, GLOSSES[term]) for term in terms if term in GLOSSES)
