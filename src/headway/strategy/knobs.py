"""Which knob turns which gap, and only that one?

A literal table. Teams add knobs of their own in the project file; every recommendation names ids
of this table.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from headway.errors import TargetError

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["CHAIN", "KNOBS", "Knob", "KnobMap", "for_gap", "named", "recognised"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Knob:
    """One thing a team can turn.

    Args:
        name: A stable id, such as ``"bigger_model"``.
        title: What to do, a verb first: ``"Train a bigger model"``.
        moves: The gaps it mainly moves; two where it is mixed.
        usually_costs: The gap it usually makes worse, or None.
        orthogonal: Whether it moves one gap only; early stopping lowers variance by raising bias.
        said_as: Words by which a team's own idea is recognised, in lower case.
    """

    name: str
    title: str
    moves: tuple[str, ...]
    usually_costs: str | None = None
    orthogonal: bool = True
    said_as: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class KnobMap:
    """The knobs with the gaps they move.

    Args:
        knobs: In the order of the ladder.
    """

    knobs: tuple[Knob, ...]


CHAIN: Final = (
    ("train", "fit the training set", "avoidable_bias"),
    ("dev", "fit the dev set", "variance"),
    ("test", "fit the test set", "dev_overfit"),
    ("real_world", "perform well in the real world", "real_world"),
)
"""The chain of assumptions: split, what must hold, and the gap that shows it does not."""

_BIAS, _VARIANCE, _MISMATCH = "avoidable_bias", "variance", "data_mismatch"

KNOBS: Final = (
    Knob(
        name="bigger_model",
        title="Train a bigger model",
        moves=(_BIAS,),
        usually_costs=_VARIANCE,
        said_as=("bigger network", "bigger model", "larger network", "larger model", "more layers"),
    ),
    Knob(
        name="train_longer",
        title="Train longer",
        moves=(_BIAS,),
        usually_costs=_VARIANCE,
        said_as=("train longer", "longer training", "more epochs", "train the algorithm longer"),
    ),
    Knob(
        name="optimizer",
        title="Use a better optimization algorithm",
        moves=(_BIAS,),
        usually_costs=None,
        said_as=("adam", "optimizer", "optimiser", "optimization algorithm", "learning rate"),
    ),
    Knob(
        name="architecture",
        title="Search architecture and hyperparameters",
        moves=(_BIAS, _VARIANCE),
        orthogonal=False,
        said_as=("architecture", "hyperparameter", "hyper-parameter"),
    ),
    Knob(
        name="more_data",
        title="Collect more training data",
        moves=(_VARIANCE,),
        said_as=("more data", "more training data", "bigger training set", "more examples"),
    ),
    Knob(
        name="regularization",
        title="Regularize: L2, dropout or data augmentation",
        moves=(_VARIANCE,),
        usually_costs=_BIAS,
        said_as=("regulari", "l2", "dropout", "weight decay", "augment"),
    ),
    Knob(
        name="early_stopping",
        title="Stop training early",
        moves=(_VARIANCE,),
        usually_costs=_BIAS,
        orthogonal=False,
        said_as=("early stopping", "stop early", "stop training early"),
    ),
    Knob(
        name="analyse_mismatch",
        title="Look at train and dev examples and find in what they differ",
        moves=(_MISMATCH,),
        said_as=("difference between train and dev", "analyse mismatch", "analyze mismatch"),
    ),
    Knob(
        name="make_train_like_dev",
        title="Make the training data more like dev",
        moves=(_MISMATCH,),
        said_as=("more diverse", "like dev", "synth", "simulat", "diverse training set"),
    ),
    Knob(
        name="collect_target_data",
        title="Collect training data from where dev comes from",
        moves=(_MISMATCH,),
        said_as=("target data", "data from users", "similar to dev"),
    ),
    Knob(
        name="bigger_dev_set",
        title="Take a bigger or a fresh dev set",
        moves=("dev_overfit",),
        said_as=("dev set", "fresh dev", "bigger dev"),
    ),
    Knob(
        name="change_dev_set",
        title="Change the dev and test sets to what users send",
        moves=("real_world",),
        said_as=("change the dev", "change dev", "change the test", "field data"),
    ),
    Knob(
        name="change_metric",
        title="Change the cost function or the metric",
        moves=("real_world",),
        said_as=("metric", "cost function", "loss function"),
    ),
)
"""Every knob known by rule; sources: the notes, and the methods note, section 11.1."""


def for_gap(gap: str, knobs: Sequence[Knob] = KNOBS) -> tuple[Knob, ...]:
    """The knobs that move a gap, those that move only that one first.

    Args:
        gap: Name of a gap.
        knobs: The knobs to choose from.

    Returns:
        The knobs, in the order of the table within each kind.

    Examples:
        >>> [knob.name for knob in for_gap("dev_overfit")]
        ['bigger_dev_set']

    References:
        Notes: week 1, "Orthogonalization" and "Improving your model performance".
    """
    return tuple(sorted((k for k in knobs if gap in k.moves), key=lambda knob: not knob.orthogonal))


def named(name: str, knobs: Sequence[Knob] = KNOBS) -> Knob:
    """The knob with this id.

    Raises:
        TargetError: If there is none.

    Examples:
        >>> named("optimizer").moves
        ('avoidable_bias',)
    """
    found = next((knob for knob in knobs if knob.name == name), None)
    if found is None:
        raise TargetError.unknown("knob", name, [knob.name for knob in knobs])
    return found


def recognised(idea: str, knobs: Sequence[Knob] = KNOBS) -> Knob | None:
    """The knob that an idea in a team's own words turns, by the longest of its words found.

    Args:
        idea: Such as ``"try Adam"``.
        knobs: The knobs to choose from.

    Returns:
        The knob, or None where no words match.

    Examples:
        >>> recognised("try Adam").name, recognised("buy better chairs")
        ('optimizer', None)
    """
    text = idea.lower()
    found = [
        (len(words), knob)
        for knob in knobs
        for words in knob.said_as
        if re.search(rf"\b{re.escape(words)}", text)
    ]
    return max(found, key=lambda pair: pair[0])[1] if found else None
