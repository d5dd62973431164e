"""The whole journey on real data: a first system, and then the move that its ladder advises.

The first system learns from clean scans and meets photographs. Nothing is staged: if the ladder of
another seed points elsewhere, another move is made.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import numpy as np

from headway.counts import CountTable
from headway.errors import TargetError
from headway.stats.forms import Binomial
from headway.strategy.human import Reference, Tier
from headway.strategy.ideas import Idea
from headway.studies.collect import Collected, collect
from headway.studies.digits import Digits, digits, photograph

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

__all__ = [
    "IDEAS",
    "MOVES",
    "REFERENCE",
    "Progress",
    "System",
    "advised_move",
    "first_system",
    "paired",
]

REFERENCE: Final = Reference(
    kind="human",
    tiers=(Tier(name="one person", measured=Binomial(n_errors=5, n=1000)),),
    proxy="one person",
)
"""Human level on clean scans, given for the demo: nobody was asked."""

IDEAS: Final = (
    Idea(name="Scan more digits", knob="more_data", cost_days=5),
    Idea(name="Train a bigger network", knob="bigger_model", cost_days=1),
    Idea(name="Photograph the training digits", knob="make_train_like_dev", cost_days=2),
)
"""What a team might think of doing: one idea against each gap."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """How a system is trained.

    Args:
        hidden: Units of the hidden layer.
        epochs: Passes over the training set.
        l2: Strength of L2 regularization.
        photos: Photographs of each training digit, beside its scan.
    """

    hidden: int = 64
    epochs: int = 25
    l2: float = 1e-4
    photos: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """One knob turned.

    Args:
        knob: Its id.
        title: What is done, a verb first.
        recipe: The recipe that differs from the first one in this knob alone.
    """

    knob: str
    title: str
    recipe: Recipe


FIRST: Final = Recipe()

SCANNED: Final = frozenset({"train", "train_dev"})
"""Splits that hold scans; the others hold photographs."""

MOVES: Final[Mapping[str, Move]] = {
    "avoidable_bias": Move(
        knob="bigger_model",
        title="Train a network four times as wide",
        recipe=Recipe(hidden=256),
    ),
    "variance": Move(
        knob="regularization",
        title="Train with stronger L2 regularization",
        recipe=Recipe(l2=1.0),
    ),
    "data_mismatch": Move(
        knob="make_train_like_dev",
        title="Photograph every training digit six times and train on scans and photographs",
        recipe=Recipe(photos=6),
    ),
}
"""Per gap, the move that can be made here and now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a step has come.

    Args:
        title: What is being done.
        done: Parts done.
        total: Parts in all, at least 1.
    """

    title: str
    done: int
    total: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class System:
    """A trained system with its predictions on every split.

    Args:
        seed: The seed it came from.
        recipe: How it was trained.
        digits: The images it was trained on and meets.
        collected: Its predictions, as columns of a predictions table.
    """

    seed: int
    recipe: Recipe
    digits: Digits
    collected: Collected


Steps: TypeAlias = Iterator[Progress | System]


def first_system(seed: int) -> Steps:
    """Train a first system on clean scans.

    Args:
        seed: Decides the splits, the photographs and the network, at least 0.

    Yields:
        Progress, and last the system.

    Examples:
        >>> *progress, system = first_system(0)
        >>> len(system.collected.columns["split"])
        1797

    References:
        Notes: week 2, "Build your first system quickly, then iterate".
    """
    yield Progress(title="Photographing the digits to meet", done=0, total=1)
    found = digits(_rng(seed, 0))
    yield Progress(title="Photographing the digits to meet", done=1, total=1)
    yield from _system(seed, FIRST, found)


def advised_move(first: System, gap: str) -> Steps:
    """Make the move against one gap, and nothing else.

    Args:
        first: The system before.
        gap: One of the keys of ``MOVES``.

    Yields:
        Progress, and last the system after, which meets the very photographs the first one met.

    Raises:
        TargetError: If no move is known here against this gap.

    References:
        Notes: week 2, "Addressing data mismatch".
    """
    if gap not in MOVES:
        raise TargetError.unknown("gap with a move in the demo", gap, tuple(MOVES))
    yield from _system(first.seed, MOVES[gap].recipe, first.digits)


def paired(before: System, after: System, *, split: str = "dev") -> CountTable:
    """The rows of one split by whether each system misclassified them.

    Args:
        before: The system before a move.
        after: The system after it.
        split: One of ``dev``, ``test`` and ``field``: the splits that both met unchanged.

    Returns:
        Counts by ``before`` and ``after``.

    References:
        Methods note, section 3.3.
    """
    wrong = [_misclassified(system.collected, split) for system in (before, after)]
    assert wrong[0].keys() == wrong[1].keys()
    cells = [(wrong[0][row], wrong[1][row]) for row in wrong[0]]
    return CountTable.of(("before", "after"), cells, [1] * len(cells))


def _rng(seed: int, purpose: int) -> np.random.Generator:
    """A stream of its own for each purpose of a seed."""
    return np.random.default_rng([seed, purpose])


def _system(seed: int, recipe: Recipe, found: Digits) -> Steps:
    """Train by a recipe and collect predictions."""
    from sklearn.neural_network import MLPClassifier  # every other command starts without it

    rng = _rng(seed, 1)
    shown = {split: _shown(found, split, recipe.photos, rng) for split in found.images}
    model = MLPClassifier(
        hidden_layer_sizes=(recipe.hidden,),
        alpha=recipe.l2,
        learning_rate_init=0.002,
        batch_size=64,
        random_state=seed,
    )
    images, label, _ = shown["train"]
    title = f"Training a network on {len(label):,} images"
    for epoch in range(recipe.epochs):
        yield Progress(title=title, done=epoch, total=recipe.epochs)
        model.partial_fit(images, label, classes=range(10))
    yield Progress(title=title, done=recipe.epochs, total=recipe.epochs)
    collected = collect(
        model,
        {split: (images, label) for split, (images, label, _) in shown.items()},
        metadata={split: columns for split, (_, _, columns) in shown.items()},
    )
    yield System(seed=seed, recipe=recipe, digits=found, collected=collected)


def _shown(
    found: Digits, split: str, photos: int, rng: np.random.Generator
) -> tuple[NDArray[np.float64], NDArray[np.int64], dict[str, list[Any]]]:
    """What a system sees of a split: pixels in rows, digits, and further columns.

    Train and train-dev stay one distribution: both get photographs, or none. Several images of one
    digit are no independent rows, so they share a ``group``.
    """
    names = [f"digit-{at:04d}" for at in found.index[split]]
    images, source = [found.images[split]], ["photo"]
    columns: dict[str, list[Any]] = {**found.metadata[split]}
    if split in SCANNED:
        taken = [photograph(found.scans[split], rng) for _ in range(photos)]
        images += [photo for photo, _ in taken]
        source = ["scan", *["photo"] * photos]
        for name in taken[0][1] if taken else ():
            words = [word for _, how in taken for word in how[name]]
            columns[name] = [*[None] * len(names), *words]
    columns["id"] = [f"{name}-{at}" if at else name for at in range(len(images)) for name in names]
    columns["source"] = [word for word in source for _ in names]
    if photos:
        columns["group"] = names * len(images)
    pixels = np.concatenate(images).reshape(-1, images[0][0].size)
    return pixels, np.tile(found.label[split], len(images)), columns


def _misclassified(collected: Collected, split: str) -> dict[str, bool]:
    """Whether each row of a split is wrong, by id."""
    columns = collected.columns
    rows = columns["split"] == split
    wrong = columns["label"][rows] != columns["prediction"][rows]
    return dict(zip(columns["id"][rows].tolist(), wrong.tolist(), strict=True))
