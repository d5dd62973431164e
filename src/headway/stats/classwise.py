"""Metrics of many classes from three numbers for each: how often it is true, predicted, and both.

Every average over classes, Matthews' correlation and Cohen's kappa depend on a confusion table
through those margins alone, so a thousand classes cost three thousand numbers. Undefined metrics
(0/0) are NaN here; who asks turns them into None.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

    Array: TypeAlias = NDArray[np.float64]

__all__ = ["Margins", "Slopes", "classwise_slopes", "classwise_value", "defined_classes"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Margins:
    """Per class, how many examples (or how much weight) it has.

    Args:
        both: Labeled and predicted as the class. Shape (..., n_classes).
        label: Labeled as the class.
        prediction: Predicted as the class.
        counted: Whether it is a class: false for predictions withheld. Shape (n_classes,).
    """

    both: Array
    label: Array
    prediction: Array
    counted: NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Slopes:
    """Derivatives of a metric with respect to the margins, each of shape (n_classes,).

    Args:
        both: With respect to examples labeled and predicted as the class.
        label: With respect to examples labeled as the class.
        prediction: With respect to examples predicted as the class.
    """

    both: Array
    label: Array
    prediction: Array


def defined_classes(kind: str, m: Margins) -> NDArray[np.bool_]:
    """The classes that an average goes over: those of which the metric is no 0/0.

    Args:
        kind: Kind of the metric.
        m: Margins, one number for each class.

    Returns:
        Whether each class has a value. Shape (n_classes,).

    Examples:
        >>> import numpy as np
        >>> ones = np.ones(2, dtype=bool)
        >>> m = Margins(both=np.r_[5.0, 0], label=np.r_[6.0, 0], prediction=np.r_[5.0, 1],
        ...     counted=ones)
        >>> defined_classes("macro_recall", m).tolist(), defined_classes("macro_f", m).tolist()
        ([True, False], [True, True])

    References:
        Methods note, section 3.4.
    """
    if kind.endswith("precision"):
        return m.counted & (m.prediction > 0)
    if kind.endswith("recall"):
        return m.counted & (m.label > 0)
    return m.counted & (m.label + m.prediction > 0)


def _ratio(top: Array, bottom: Array) -> Array:
    """A quotient, NaN where it is 0/0."""
    out = np.full(np.broadcast(top, bottom).shape, np.nan)
    return np.asarray(np.divide(top, bottom, out=out, where=bottom != 0))


def _of_class(kind: str, m: Margins, beta: float) -> Array:
    """Precision, recall or F of each class."""
    if kind.endswith("precision"):
        return _ratio(m.both, m.prediction)
    if kind.endswith("recall"):
        return _ratio(m.both, m.label)
    return _ratio((1 + beta**2) * m.both, beta**2 * m.label + m.prediction)


def _average(kind: str, m: Margins, beta: float, used: NDArray[np.bool_]) -> Array:
    """The average over classes, plain or by how many examples each has."""
    values = _of_class(kind, m, beta)[..., used]
    if not used.any():
        return np.full(values.shape[:-1], np.nan)
    if kind.startswith("macro"):
        return np.asarray(values.mean(axis=-1))
    weights = m.label[..., used]
    total = weights.sum(axis=-1)
    return _ratio((np.where(weights > 0, values, 0.0) * weights).sum(axis=-1), total)


def _mcc(m: Margins) -> Array:
    """Matthews' correlation of any number of classes."""
    right, total = m.both.sum(axis=-1), m.label.sum(axis=-1)
    shared = right * total - (m.label * m.prediction).sum(axis=-1)
    one = total**2 - (m.prediction**2).sum(axis=-1)
    other = total**2 - (m.label**2).sum(axis=-1)
    tiny = 1e-14 * total**2
    spread = np.where((one <= tiny) | (other <= tiny), 0.0, one * other)
    return np.clip(_ratio(shared, np.sqrt(np.maximum(spread, 0.0))), -1, 1)


def _kappa(m: Margins) -> Array:
    """Cohen's kappa."""
    total = m.label.sum(axis=-1)
    agreed = m.both.sum(axis=-1) / total
    chance = (m.label * m.prediction).sum(axis=-1) / total**2
    return _ratio(agreed - chance, np.where(1 - chance <= 1e-14, 0.0, 1 - chance))


def classwise_value(
    kind: str, m: Margins, *, beta: float = 1.0, used: NDArray[np.bool_] | None = None
) -> Array:
    """A metric of many classes.

    Args:
        kind: ``"macro_precision"``, ``"weighted_precision"``, ``"macro_recall"``, ``"macro_f"``,
            ``"weighted_f"``, ``"mcc"`` or ``"kappa"``.
        m: Margins; any number of tables at once.
        beta: How much more recall counts than precision, above 0.
        used: Classes that an average goes over; those that have a value if left out, which takes
            one table.

    Returns:
        The metric of each table, NaN where it is 0/0. Shape (...,).

    Examples:
        >>> import numpy as np
        >>> m = Margins(both=np.r_[50.0, 30, 7], label=np.r_[55.0, 40, 10],
        ...     prediction=np.r_[55.0, 35, 15], counted=np.ones(3, dtype=bool))
        >>> round(float(classwise_value("macro_f", m)), 4)
        0.7564

    References:
        Gorodkin (2004), Computational Biology and Chemistry 28, 367-374.
        Methods note, section 3.4.
        Notes: week 1, "Single number evaluation metric".
    """
    if kind == "mcc":
        return _mcc(m)
    if kind == "kappa":
        return _kappa(m)
    return _average(kind, m, beta, defined_classes(kind, m) if used is None else used)


def _class_slopes(kind: str, m: Margins, beta: float, used: NDArray[np.bool_]) -> Slopes:
    """Derivatives of each class's own value."""
    values = np.where(used, _of_class(kind, m, beta), 0.0)
    zero = np.zeros_like(values)

    def over(top: Array | float, bottom: Array) -> Array:
        return np.divide(top, bottom, out=np.zeros_like(values), where=used & (bottom > 0))

    if kind.endswith("precision"):
        return Slopes(
            both=over(1.0, m.prediction), label=zero, prediction=over(-values, m.prediction)
        )
    if kind.endswith("recall"):
        return Slopes(both=over(1.0, m.label), label=over(-values, m.label), prediction=zero)
    bottom = beta**2 * m.label + m.prediction
    return Slopes(
        both=over(1 + beta**2, bottom),
        label=over(-values * beta**2, bottom),
        prediction=over(-values, bottom),
    )


def _average_slopes(kind: str, m: Margins, beta: float) -> Slopes:
    """Derivatives of an average over classes."""
    used = defined_classes(kind, m)
    own = _class_slopes(kind, m, beta, used)
    if kind.startswith("macro"):
        share = np.where(used, 1 / max(int(used.sum()), 1), 0.0)
        shift = np.zeros_like(share)
    else:
        total = m.label[used].sum()
        share = np.where(used, m.label / total, 0.0)
        values = np.where(used, _of_class(kind, m, beta), 0.0)
        shift = np.where(used, (values - (share * values).sum()) / total, 0.0)
    return Slopes(
        both=share * own.both,
        label=share * own.label + shift,
        prediction=share * own.prediction,
    )


def _mcc_slopes(m: Margins) -> Slopes:
    """Derivatives of Matthews' correlation; the total is the sum of the labels."""
    right, total = m.both.sum(), m.label.sum()
    shared = right * total - (m.label * m.prediction).sum()
    one, other = total**2 - (m.prediction**2).sum(), total**2 - (m.label**2).sum()
    root = np.sqrt(one * other)
    value = shared / root
    return Slopes(
        both=np.full_like(m.both, total / root),
        label=(right - m.prediction) / root - value * (total / one + (total - m.label) / other),
        prediction=-m.label / root + value * m.prediction / one,
    )


def _kappa_slopes(m: Margins) -> Slopes:
    """Derivatives of Cohen's kappa; the total is the sum of the labels."""
    total, right = m.label.sum(), m.both.sum()
    agreed, chance = right / total, (m.label * m.prediction).sum() / total**2
    by_chance = (agreed - 1) / (1 - chance) ** 2
    by_agreed = 1 / (1 - chance)
    return Slopes(
        both=np.full_like(m.both, by_agreed / total),
        label=by_chance * (m.prediction / total**2 - 2 * chance / total)
        - by_agreed * agreed / total,
        prediction=by_chance * m.label / total**2,
    )


SLOPES: Final[Mapping[str, Callable[[Margins], Slopes]]] = {
    "mcc": _mcc_slopes,
    "kappa": _kappa_slopes,
}


def classwise_slopes(kind: str, m: Margins, *, beta: float = 1.0) -> Slopes:
    """How a metric of many classes changes with its margins.

    Args:
        kind: As in ``classwise_value``.
        m: Margins of one table, for which the metric is defined.
        beta: How much more recall counts than precision, above 0.

    Returns:
        The derivatives, per example. An example labeled i and predicted j changes the metric by
        ``label[i] + prediction[j]``, and by ``both[i]`` more where i is j.

    Examples:
        >>> import numpy as np
        >>> m = Margins(both=np.r_[45.0, 40], label=np.r_[55.0, 45],
        ...     prediction=np.r_[50.0, 50], counted=np.ones(2, dtype=bool))
        >>> classwise_slopes("macro_recall", m).both.round(4).tolist()
        [0.0091, 0.0111]

    References:
        Methods note, section 0.4.
    """
    if kind in SLOPES:
        return SLOPES[kind](m)
    return _average_slopes(kind, m, beta)
