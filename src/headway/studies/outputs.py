"""What a model said, read as predictions, probabilities or losses.

Models answer in several ways: classes, probabilities, scores of any scale, one number a row. The
reading is decided once for all splits together, so that no two rungs of a ladder are read apart.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import isnan
from typing import TYPE_CHECKING

import numpy as np

from headway.errors import SourceError
from headway.findings import Finding, Verdict
from headway.wording import listed

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

__all__ = ["Output", "column", "joined", "predictions"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Output:
    """What a model said on one split.

    Args:
        label: The truth, or None where the rows have no labels. Shape (n,).
        answer: What the model returned: one value a row, shape (n,), or one score per class,
            shape (n, n_classes).
        probabilities: Probabilities beside a one-value answer, or None. Shape (n, n_classes).
    """

    label: NDArray[np.generic] | None
    answer: NDArray[np.generic]
    probabilities: NDArray[np.float64] | None = None


def column(values: Iterable[object]) -> NDArray[np.generic]:
    """Values as an array that changes none of them: mixed kinds stay as they are.

    Examples:
        >>> column([1, 2]).dtype.kind, column([1, "2"]).dtype.kind
        ('i', 'O')
    """
    for name in ("detach", "cpu", "to_numpy"):
        values = getattr(values, name)() if hasattr(values, name) else values
    if hasattr(values, "__array__") and np.asarray(values).dtype != object:
        return np.asarray(values)
    given = list(values)
    kinds = {bool if isinstance(value, bool | np.bool_) else type(value) for value in given}
    if len(kinds) == 1 and issubclass(kinds.pop(), bool | int | float | str | np.generic):
        return np.asarray(given)
    mixed = np.empty(len(given), dtype=object)
    mixed[:] = [None if _is_blank(value) else value for value in given]
    return mixed


def _is_blank(value: object) -> bool:
    """Whether a value stands for a missing one; pandas has three of them."""
    return type(value).__name__ in {"NAType", "NaTType"} or (
        isinstance(value, float) and isnan(value)
    )


def joined(parts: Sequence[NDArray[np.generic]]) -> NDArray[np.generic]:
    """Arrays one after the other; kinds that NumPy would turn into each other stay apart.

    Examples:
        >>> joined([np.array([1]), np.array(["a"])]).tolist()
        [1, 'a']
    """
    kinds = {"number" if part.dtype.kind in "iuf" else part.dtype.kind for part in parts}
    if len(kinds) == 1:
        return np.concatenate(parts)
    return np.concatenate([np.array([*part.tolist()], dtype=object) for part in parts])


def predictions(
    outputs: Mapping[str, Output],
    *,
    classes: Sequence[object] | None,
    is_loss: bool = False,
    is_score: bool = False,
) -> tuple[dict[str, dict[str, NDArray[np.generic]]], list[Finding]]:
    """The columns of each split: ``label``, ``prediction`` and confidence, or ``loss``.

    Args:
        outputs: Per split, what the model said.
        classes: Names of the classes in the order of the model's scores, or None.
        is_loss: Whether the model is known to predict numbers rather than classes.
        is_score: Whether one number a row is known to be a score rather than a class.

    Returns:
        Per split, its columns; and what was decided about the reading.

    Raises:
        SourceError: If there are scores whose classes are not known, or the splits disagree.
    """
    shapes = {output.answer.shape[1:] for output in outputs.values()}
    if len(shapes) > 1 or len(next(iter(shapes))) > 1:
        raise SourceError.unfit_answer(listed([str(shape) for shape in sorted(shapes)]))
    if shapes != {()}:
        return _from_scores(outputs, classes)
    if is_loss or _are_numbers(outputs, is_score=is_score):
        return _from_values(outputs)
    if is_score or _are_fractions([output.answer for output in outputs.values()]):
        return _from_one_score(outputs, classes)
    columns = {}
    for split, output in outputs.items():
        columns[split] = _labelled(output) | {"prediction": output.answer}
        if output.probabilities is not None and classes is not None:
            columns[split] |= _named(output.probabilities, classes)
    return columns, []


def _labelled(output: Output) -> dict[str, NDArray[np.generic]]:
    """The column of labels; empty where there are none."""
    if output.label is None:
        return {"label": np.full(len(output.answer), None, dtype=object)}
    return {"label": output.label}


def _named(
    probabilities: NDArray[np.float64], classes: Sequence[object]
) -> dict[str, NDArray[np.generic]]:
    """One column per class."""
    if probabilities.shape[1] != len(classes):
        raise SourceError.nameless_scores(probabilities.shape[1], len(classes))
    return {f"p_{name}": probabilities[:, at] for at, name in enumerate(classes)}


def _known(values: Iterable[NDArray[np.generic] | None]) -> NDArray[np.generic]:
    """Every value that is there, in one array."""
    present = [array for array in values if array is not None and len(array)]
    every = joined(present) if present else np.empty(0)
    if every.dtype.kind == "O":
        every = column([value for value in every.tolist() if value is not None])
    return every[~np.isnan(every)] if every.dtype.kind == "f" else every


def _are_fractions(arrays: Sequence[NDArray[np.generic]]) -> bool:
    """Whether there are numbers that are not whole."""
    known = _known(arrays)
    return known.dtype.kind == "f" and bool((known % 1 != 0).any())


def _are_binary(labels: NDArray[np.generic]) -> bool:
    """Whether labels are nothing but 0 and 1."""
    return labels.dtype.kind in "biuf" and set(np.unique(labels).tolist()) <= {0, 1}


def _are_numbers(outputs: Mapping[str, Output], *, is_score: bool) -> bool:
    """Whether labels are amounts: the model predicts how much, not which."""
    labels = _known(output.label for output in outputs.values())
    answers = [output.answer for output in outputs.values()]
    if labels.dtype.kind not in "iuf" or _are_binary(labels):
        return False
    return is_score or _are_fractions([labels]) or _are_fractions(answers)


def _from_values(
    outputs: Mapping[str, Output],
) -> tuple[dict[str, dict[str, NDArray[np.generic]]], list[Finding]]:
    """The squared error of each row."""
    columns: dict[str, dict[str, NDArray[np.generic]]] = {}
    for split, output in outputs.items():
        label = np.full(len(output.answer), None) if output.label is None else output.label
        loss = (output.answer.astype(np.float64) - label.astype(np.float64)) ** 2
        columns[split] = {"loss": loss}
    sentence = (
        "The model predicts a number, so each row holds its loss: the squared difference of "
        "prediction and label."
    )
    return columns, [Finding(code="HW153", verdict=Verdict.YES, sentence=sentence)]


def _from_one_score(
    outputs: Mapping[str, Output], classes: Sequence[object] | None
) -> tuple[dict[str, dict[str, NDArray[np.generic]]], list[Finding]]:
    """Two classes from one number a row."""
    labels = _known(output.label for output in outputs.values())
    if classes is None and not _are_binary(labels):
        raise SourceError.nameless_scores(1, 0)
    names = column(_two(classes, labels))
    known = _known(output.answer for output in outputs.values()).astype(np.float64)
    is_probability = bool(((known >= 0) & (known <= 1)).all())
    columns = {}
    for split, output in outputs.items():
        answer = output.answer.astype(np.float64)
        score = answer if is_probability else _sigmoid(answer)
        columns[split] = _positions_named(_labelled(output), names) | {
            "prediction": names[(score >= 0.5).astype(np.int64)],
            "score": score,
        }
    read = "the probability" if is_probability else "the log odds"
    sentence = (
        f"The model gives one number a row, read as {read} of class '{names[1]}'; the prediction "
        f"is '{names[1]}' from probability 0.5 on."
    )
    return columns, [Finding(code="HW154", verdict=Verdict.YES, sentence=sentence)]


def _two(classes: Sequence[object] | None, labels: NDArray[np.generic]) -> Sequence[object]:
    """The names of two classes, in the kind of the labels."""
    if classes is None:
        return [False, True] if labels.dtype.kind == "b" else [0, 1]
    if len(classes) != 2:
        raise SourceError.nameless_scores(2, len(classes))
    return classes


def _from_scores(
    outputs: Mapping[str, Output], classes: Sequence[object] | None
) -> tuple[dict[str, dict[str, NDArray[np.generic]]], list[Finding]]:
    """The class of the largest score, and probabilities."""
    n_classes = next(iter(outputs.values())).answer.shape[1]
    names = column(_many(classes, n_classes, _known(o.label for o in outputs.values())))
    scores = {split: output.answer.astype(np.float64) for split, output in outputs.items()}
    are_probabilities = all(_sums_to_one(rows) for rows in scores.values())
    columns = {}
    for split, output in outputs.items():
        rows = scores[split] if are_probabilities else _softmax(scores[split])
        columns[split] = _positions_named(_labelled(output), names) | {
            "prediction": names[scores[split].argmax(axis=1)],
            **_named(rows, names.tolist()),
        }
    if are_probabilities:
        return columns, []
    sentence = "The model's scores do not sum to one: each p_<class> is their softmax."
    return columns, [Finding(code="HW155", verdict=Verdict.YES, sentence=sentence)]


def _many(
    classes: Sequence[object] | None, n_classes: int, labels: NDArray[np.generic]
) -> Sequence[object]:
    """The names of the columns of scores: given, or positions where labels are positions."""
    if classes is not None:
        if len(classes) != n_classes:
            raise SourceError.nameless_scores(n_classes, len(classes))
        return classes
    are_positions = labels.dtype.kind in "biu" and set(np.unique(labels).tolist()) <= {
        *range(n_classes)
    }
    if not are_positions:
        raise SourceError.nameless_scores(n_classes, 0)
    if labels.dtype.kind == "b":
        return [False, True]
    return range(n_classes)


def _positions_named(
    columns: dict[str, NDArray[np.generic]], names: NDArray[np.generic]
) -> dict[str, NDArray[np.generic]]:
    """Labels that are positions get the names of their classes; other labels stay."""
    label = columns["label"]
    if label.dtype.kind == "f" and names.dtype.kind in "iu" and (label % 1 == 0).all():
        return {"label": label.astype(np.int64)}
    if label.dtype.kind not in "iu" or names.dtype.kind in "iu":
        return columns
    inside = (label.astype(np.int64) >= 0) & (label.astype(np.int64) < len(names))
    return {"label": names[label.astype(np.int64)]} if inside.all() else columns


def _sums_to_one(rows: NDArray[np.float64]) -> bool:
    """Whether every row is a set of probabilities."""
    known = rows[~np.isnan(rows).any(axis=1)]
    return bool((known >= 0).all() and (np.abs(known.sum(axis=1) - 1) <= 1e-3).all())


def _softmax(rows: NDArray[np.float64]) -> NDArray[np.float64]:
    """Scores as probabilities; each row sums to one."""
    raised = np.exp(rows - rows.max(axis=1, keepdims=True))
    shares: NDArray[np.float64] = raised / raised.sum(axis=1, keepdims=True)
    return shares


def _sigmoid(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Log odds as probabilities, without overflow."""
    return 0.5 * (1 + np.tanh(values / 2))
