"""Predictions of a model as plain columns, for whoever has a model and no file of predictions.

A model is a scikit-learn estimator, a PyTorch network, or any function from inputs to answers.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from headway.counts import SPLITS
from headway.errors import CountError, SourceError, SplitError
from headway.frames.splits import splits_of
from headway.studies.networks import augmentation, is_network, network_output, order
from headway.studies.outputs import Output, column, joined, predictions
from headway.studies.pairs import length, pair
from headway.wording import listed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from headway.findings import Finding

__all__ = ["Collected", "Metadata", "collect"]

Metadata: TypeAlias = Mapping[str, Mapping[str, Sequence[object]]]
"""Per split, further columns."""

MADE: frozenset[str] = frozenset({"split", "label", "prediction", "score", "loss"})
"""Columns that come from the model and its data, never from metadata."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Collected:
    """Predictions of one model, one row per example.

    Args:
        columns: ``id``, ``split``, ``label`` and ``prediction`` with ``p_<class>`` or ``score``
            where there are probabilities; or ``id``, ``split`` and ``loss``; then the metadata.
            All of one length.
        findings: What was decided while reading, and whether a data set augments.
    """

    columns: Mapping[str, NDArray[np.generic]]
    findings: tuple[Finding, ...] = ()


def collect(
    model: object,
    data: Mapping[str, Any],
    *,
    metadata: Metadata | None = None,
    classes: Sequence[object] | None = None,
    batch_size: int = 256,
    progress: Callable[[int, int], None] | None = None,
) -> Collected:
    """Predictions of a model on each split, as columns of a predictions table.

    Args:
        model: A fitted scikit-learn estimator, a PyTorch module (asked in evaluation mode and left
            as it was), or a function from inputs to answers, one a row: classes, a row of scores
            per class, or numbers.
        data: Per split, a pair of inputs and labels; for a PyTorch module also a data set or a
            data loader. Usual names such as ``val`` are understood. Labels may be None in
            ``field``.
        metadata: Per split, further columns, each with one value per row. A column ``id`` replaces
            the ids that are made, and ``group``, ``weight`` or ``source`` are read as such.
        classes: Names of the classes in the order of the model's scores. Known for estimators;
            elsewhere 0, 1, ... unless given.
        batch_size: Rows a call, at least 1, of a module or a function.
        progress: Called with the number of rows done and the number known of.

    Returns:
        The columns, and what was found on the way.

    Raises:
        SplitError: If a split is unknown or named twice, or there is none.
        SourceError: If the model cannot be asked, or a split has no rows, or lengths differ.
        CountError: If ``batch_size`` is below 1.

    Examples:
        >>> from sklearn.dummy import DummyClassifier
        >>> model = DummyClassifier().fit([[0], [1], [2]], ["cat", "cat", "dog"])
        >>> found = collect(model, {"dev": ([[3], [4]], ["dog", "cat"])})
        >>> found.columns["prediction"].tolist(), found.columns["label"].tolist()
        (['cat', 'cat'], ['dog', 'cat'])
        >>> list(found.columns)
        ['id', 'split', 'label', 'prediction', 'p_cat', 'p_dog']

    References:
        Notes: week 2, "Bias and variance with mismatched data distributions".
    """
    if batch_size < 1:
        raise CountError.outside("batch_size", batch_size, "a number of rows, at least 1")
    if not data:
        raise SplitError.no_rung()
    ordered = _ordered(data, SPLITS)
    count = _counter(ordered, progress)
    network = is_network(model)
    outputs = {
        split: network_output(model, part, split, batch_size=batch_size, seen=count)
        if network
        else _output(model, part, split, batch_size=batch_size, seen=count)
        for split, part in ordered.items()
    }
    columns, findings = predictions(
        outputs,
        classes=classes if classes is not None else _classes(model),
        is_loss=_predicts_numbers(model),
        is_score=network,
    )
    if network:
        findings = [*_checked(ordered), *findings]
    further = _ordered(metadata or {}, tuple(columns))
    return Collected(columns=_table(columns, further), findings=tuple(findings))


def _ordered(given: Mapping[str, Any], known: Sequence[str]) -> dict[str, Any]:
    """What was given per split, under the names of the splits and in ladder order."""
    names = splits_of(given)
    for name in given:
        if names.get(name) not in known:
            raise SplitError.unknown(name, known)
    found = {split: given[str(name)] for name, split in names.items()}
    return {split: found[split] for split in known if split in found}


def _checked(data: Mapping[str, Any]) -> Iterator[Finding]:
    """What the data sets of a network do to their items and their order."""
    for split, part in data.items():
        for found in (augmentation(part, split), order(part, split)):
            if found is not None:
                yield found


def _counter(
    data: Mapping[str, Any], progress: Callable[[int, int], None] | None
) -> Callable[[int], None]:
    """A function that adds up rows and tells how many are done and how many are known of."""
    total = sum(_n_examples(part) for part in data.values())
    done = 0

    def count(n: int) -> None:
        nonlocal done
        done += n
        if progress is not None:
            progress(done, max(done, total))

    return count


def _n_examples(part: Any) -> int:  # noqa: ANN401  data comes in any type with a length
    """Rows in the data of one split; 0 where they are not known before."""
    if isinstance(part, tuple | list) and len(part) == 2:
        return length(part[0])
    items = getattr(part, "dataset", part)
    return len(items) if hasattr(items, "__len__") else 0


def _classes(model: object) -> Sequence[object] | None:
    """Names of the classes of an estimator, in the order of its probabilities."""
    classes = getattr(model, "classes_", None)
    if isinstance(classes, np.ndarray) and classes.ndim == 1:
        return list(classes.tolist())
    return None


def _predicts_numbers(model: object) -> bool:
    """Whether an estimator says that it is a regressor."""
    if hasattr(model, "__sklearn_tags__"):
        return bool(model.__sklearn_tags__().estimator_type == "regressor")
    return getattr(model, "_estimator_type", None) == "regressor"


def _output(
    model: Any,  # noqa: ANN401  anything with predict, or a function
    part: Any,  # noqa: ANN401
    split: str,
    *,
    batch_size: int,
    seen: Callable[[int], None],
) -> Output:
    """What an estimator or a function says on one split."""
    inputs, label = pair(part, split)
    n = length(inputs)
    if hasattr(model, "predict"):
        answer = _flat(model.predict(inputs))
        probabilities = _probabilities(model, inputs) if answer.ndim == 1 else None
        seen(n)
    elif callable(model):
        parts = []
        for start in range(0, n, batch_size):
            parts.append(_flat(model(inputs[start : start + batch_size])))
            seen(len(parts[-1]))
        answer, probabilities = _stacked(parts), None
    else:
        raise SourceError.unfit_model(type(model).__name__)
    if len(answer) != n:
        raise SourceError.lengths(split, "examples", n, "answers", len(answer))
    return Output(label=label, answer=answer, probabilities=probabilities)


def _probabilities(model: Any, inputs: object) -> NDArray[np.float64] | None:  # noqa: ANN401
    """Probabilities of an estimator, one column per class, where it has them."""
    rows = model.predict_proba(inputs) if hasattr(model, "predict_proba") else None
    return np.asarray(rows, dtype=np.float64) if getattr(rows, "ndim", 0) == 2 else None


def _flat(said: Any) -> NDArray[np.generic]:  # noqa: ANN401
    """Answers as an array; a single column becomes a flat row of values."""
    if not hasattr(said, "__len__"):
        raise SourceError.unfit_answer(f"one {type(said).__name__} for several rows")
    answer = column(said)
    return answer[:, 0] if answer.shape[1:] == (1,) else answer


def _stacked(parts: Sequence[NDArray[np.generic]]) -> NDArray[np.generic]:
    """Answers of all batches, which must be alike."""
    shapes = sorted({part.shape[1:] for part in parts})
    if len(shapes) > 1:
        raise SourceError.unfit_answer(f"rows of shape {listed([str(s) for s in shapes])}")
    return joined(parts)


def _table(
    predicted: Mapping[str, Mapping[str, NDArray[np.generic]]], metadata: Metadata
) -> dict[str, NDArray[np.generic]]:
    """The splits below each other, with ids, split names and metadata."""
    n = {split: len(next(iter(columns.values()))) for split, columns in predicted.items()}
    made = next(iter(predicted.values()))
    _check_metadata(metadata, n, {*MADE, *made})
    table: dict[str, NDArray[np.generic]] = {
        "id": joined([_ids(split, n[split]) for split in n]),
        "split": np.repeat(list(n), list(n.values())),
    }
    table |= {name: joined([predicted[split][name] for split in n]) for name in made}
    for name in dict.fromkeys(name for extra in metadata.values() for name in extra):
        table[name] = joined([_extra(name, split, n[split], metadata) for split in n])
    return table


def _check_metadata(metadata: Metadata, n: Mapping[str, int], taken: set[str]) -> None:
    """Refuse further columns of a taken name or another length."""
    for split, extra in metadata.items():
        for name, values in extra.items():
            if name in taken:
                raise SourceError.taken(name)
            if len(values) != n[split]:
                raise SourceError.lengths(split, "rows", n[split], f"of '{name}'", len(values))


def _extra(name: str, split: str, n: int, metadata: Metadata) -> NDArray[np.generic]:
    """One further column of one split; blank where it was not given."""
    if name in metadata.get(split, {}):
        return column(metadata[split][name])
    return _ids(split, n) if name == "id" else np.full(n, None)


def _ids(split: str, n: int) -> NDArray[np.generic]:
    """Ids that name the split and the place in it."""
    return column([f"{split}-{at}" for at in range(n)])
