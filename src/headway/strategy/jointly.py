"""How the metrics of several models vary together over the examples that all of them answered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from headway.stats.confusion import gradient
from headway.stats.metrics import ONE_CLASS
from headway.stats.patterns import confusion_of, covariance
from headway.strategy.candidates import Pairing

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from headway.counts import Scalar
    from headway.joint import JointCounts
    from headway.stats.metric import Metric

__all__ = ["answers_for", "pairing"]

BLOCK: Final = 200_000
"""Patterns looked at together."""


def answers_for(metric: Metric) -> str:
    """What must be known of each answer, so that models can be compared by a metric.

    Args:
        metric: A metric of source ``"outcome"`` or ``"confusion"``.

    Returns:
        ``"correct"``, ``"positive"`` or ``"class"``, as in ``JointCounts``.

    Examples:
        >>> from headway.stats.metrics import metric_of
        >>> [answers_for(metric_of(name)) for name in ("error", "recall(cat)", "macro_f1")]
        ['correct', 'positive', 'class']

    References:
        Methods note, section 3.9.
    """
    if metric.source == "outcome":
        return "correct"
    return "positive" if metric.kind in ONE_CLASS else "class"


def pairing(
    metric: Metric,
    joint: JointCounts,
    *,
    is_plain: bool = True,
    costs: Mapping[tuple[Scalar, Scalar], float] | None = None,
) -> Pairing:
    """How a metric of several models varies together over shared examples.

    Args:
        metric: The metric.
        joint: Counts of the answers that ``answers_for`` names, of one split, at least one example;
            with the key ``"label"`` unless the answers are right and wrong.
        is_plain: Whether every example counts once: no weights.
        costs: The cost table, for costs.

    Returns:
        The covariance of what one example adds to the metric of each model, by the derivative of
        the metric in its cell.

    References:
        Methods note, sections 0.4 and 3.9.
    """
    names = tuple((model, metric.name) for model in joint.models)
    if joint.answers == "correct":
        return Pairing(
            names=names,
            covariance=covariance(joint),
            n=joint.table.total,
            counts_outcomes=is_plain,
        )
    labels = [_told(joint, label) for label in joint.table.column("label")]
    code = {label: i for i, label in enumerate(dict.fromkeys(labels))}
    row = np.array([code[label] for label in labels], dtype=np.int64)
    slopes = [_slopes(metric, joint, model, code, costs) for model in joint.models]
    digits = [joint.digit(model) for model in joint.models]
    n = joint.table.n.astype(np.float64)
    first = np.zeros(len(names))
    second = np.zeros((len(names), len(names)))
    for start in range(0, len(n), BLOCK):
        part = slice(start, start + BLOCK)
        adds = np.stack(
            [s[row[part], d[part]] for s, d in zip(slopes, digits, strict=True)], axis=1
        )
        first += n[part] @ adds
        second += (adds * n[part, None]).T @ adds
    total = n.sum()
    found = second / total - np.outer(first, first) / total**2
    return Pairing(names=names, covariance=found * total**2, n=joint.table.total)


def _slopes(
    metric: Metric,
    joint: JointCounts,
    model: str,
    code: Mapping[Scalar, int],
    costs: Mapping[tuple[Scalar, Scalar], float] | None,
) -> NDArray[np.float64]:
    """The derivative of the metric of a model, by label and answer. Shape (n_labels, base)."""
    full = confusion_of(joint, model)
    table = full.marginal("label", "prediction")
    place = {value: i for i, value in enumerate(joint.classes)}
    found = np.zeros((len(code), joint.base))
    for (label, guess), slope in zip(
        table.cells, gradient(metric, table, costs=costs).tolist(), strict=True
    ):
        digit = place[guess] if joint.answers == "class" else int(guess == joint.classes[0])
        found[code[_told(joint, label)], digit] = slope if np.isfinite(slope) else 0.0
    return found


def _told(joint: JointCounts, label: Scalar) -> Scalar:
    """What is told of a label: which class it is, or whether it is the positive one."""
    return label if joint.answers == "class" else label == joint.classes[0]
