"""What a PyTorch network says on a data set, asked in evaluation mode and left as it was.

PyTorch is optional, so this module never imports it: whoever brings a network has loaded it.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from headway.errors import SourceError
from headway.findings import Finding, Verdict, Want
from headway.studies.outputs import Output, column, joined
from headway.studies.pairs import pair

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from numpy.typing import NDArray

__all__ = ["augmentation", "is_network", "network_output", "order"]

FIRST_ITEMS: Final = 32
"""Items that are read twice to see whether a data set augments."""

_LABELS: Final = ("labels", "label")
_TRANSFORMS: Final = ("transform", "transforms", "augment", "augmentation", "augmentations")
_RANDOM: Final = ("random", "jitter", "augment", "erasing", "mixup", "cutmix", "noise", "dropout")


def is_network(model: object) -> bool:
    """Whether a model is a PyTorch module.

    Examples:
        >>> is_network(len)
        False
    """
    torch = sys.modules.get("torch")
    return torch is not None and isinstance(model, torch.nn.Module)


def network_output(
    model: Any,  # noqa: ANN401  PyTorch is not imported, so its types have no name here
    data: object,
    split: str,
    *,
    batch_size: int,
    seen: Callable[[int], None],
) -> Output:
    """What a network says on one split.

    Every submodule is put in evaluation mode, and gets its own training flag back even where the
    network fails. Gradients are off, and the random state of PyTorch is left as it was. Loaders
    that only shuffle are read in order, and to the last row.

    Args:
        model: A PyTorch module; inputs are moved to the device of its parameters.
        data: A data set, a data loader, or a pair of inputs and labels.
        split: Name of the split, for refusals.
        batch_size: Rows a pass, at least 1, where ``data`` is no loader.
        seen: Called with the number of rows of each batch that is done.

    Returns:
        Labels and answers, row by row.

    Raises:
        SourceError: If a batch is no pair, or the network answers with neither a tensor nor logits.

    References:
        Notes: week 2, "Bias and variance with mismatched data distributions".
    """
    labels, answers = [], []
    with _evaluating(model):
        place = _place(model)
        for inputs, label in _batches(data, split, batch_size):
            answers.append(_answer(model, inputs, place))
            n = len(answers[-1])
            if label is not None and n != len(label):
                raise SourceError.lengths(split, "labels", len(label), "answers", n)
            labels += [] if label is None else [label]
            seen(n)
    if not answers:
        raise SourceError.no_examples(split)
    return Output(label=joined(labels) if labels else None, answer=np.concatenate(answers))


def augmentation(data: object, split: str) -> Finding | None:
    """Whether a data set changes its items from one pass to the next.

    Args:
        data: A data set or a data loader; anything else has nothing to augment with.
        split: Name of the split, for the sentence.

    Returns:
        ``yes`` where two passes over the first items differ, ``undetermined`` where they agree
        though a transform is named like a random one, ``no`` where there is another transform,
        and None where there is none.

    References:
        Methods note, section 1.13 ("train scored in evaluation mode").
    """
    items = getattr(data, "dataset", data)
    names = sorted({name for each in _wrapped(items) for name in _transforms(each)})
    with _same_chance():
        differ = _differ(items)
    if differ:
        sentence = (
            f"The data set of '{split}' augments: two passes over its first items differ, so the "
            f"error of '{split}' is that of the augmented items."
        )
        return Finding(
            code="HW151", verdict=Verdict.YES, sentence=sentence, wants=(_unchanged(split),)
        )
    if any(word in name.lower() for name in names for word in _RANDOM):
        sentence = (
            f"The data set of '{split}' has a transform named like a random one ("
            f"{', '.join(names)}), though two passes over its first items agree."
        )
        return Finding(
            code="HW151",
            verdict=Verdict.UNDETERMINED,
            sentence=sentence,
            wants=(_unchanged(split),),
        )
    if names:
        sentence = (
            f"The data set of '{split}' has a transform ({', '.join(names)}); two passes over its "
            "first items agree."
        )
        return Finding(code="HW151", verdict=Verdict.NO, sentence=sentence)
    return None


def order(data: Any, split: str) -> Finding | None:  # noqa: ANN401
    """Whether a loader draws rows in its own way, so that ids are places in one pass.

    Args:
        data: A data loader; anything else is read in order.
        split: Name of the split, for the sentence.

    Returns:
        ``yes`` for a loader with a sampler that may repeat or leave out rows, else None.
    """
    if not hasattr(data, "batch_sampler") or _is_stream(data.dataset) or _only_shuffles(data):
        return None
    sampler = type(getattr(data, "sampler", None)).__name__
    sentence = (
        f"The loader of '{split}' draws its rows by {sampler}: some may be missing or twice, and "
        "ids count places in this pass."
    )
    return Finding(code="HW152", verdict=Verdict.YES, sentence=sentence)


def _unchanged(split: str) -> Want:
    """The purchase that ends the doubt about augmentation."""
    return Want(
        what="no_augmentation",
        split=split,
        sentence=f"Collect '{split}' again from a data set without its random transform.",
    )


@contextmanager
def _evaluating(model: Any) -> Iterator[None]:  # noqa: ANN401
    """Evaluation mode without gradients; flags and random state come back whatever happens."""
    torch = sys.modules["torch"]
    flags = [(module, module.training) for module in model.modules()]
    try:
        model.eval()
        with torch.no_grad(), _same_chance():
            yield
    finally:
        for module, flag in flags:
            module.training = flag


@contextmanager
def _same_chance() -> Iterator[None]:
    """The random state of PyTorch, afterwards as before."""
    torch: Any = sys.modules["torch"]
    with torch.random.fork_rng(devices=[]):
        yield


def _place(model: Any) -> dict[str, object]:  # noqa: ANN401
    """Device and floating type of the network's first parameter."""
    first = next(model.parameters(), None)
    if first is None:
        return {"device": "cpu", "dtype": None}
    return {"device": first.device, "dtype": first.dtype if first.is_floating_point() else None}


def _batches(
    data: Any,  # noqa: ANN401
    split: str,
    batch_size: int,
) -> Iterator[tuple[Any, NDArray[np.generic] | None]]:
    """Inputs and labels, batch by batch."""
    torch: Any = sys.modules["torch"]
    if isinstance(data, tuple | list):
        inputs, labels = pair(data, split)
        inputs = torch.as_tensor(inputs)
        for start in range(0, len(inputs), batch_size):
            rows = slice(start, start + batch_size)
            yield inputs[rows], None if labels is None else labels[rows]
        return
    loading = torch.utils.data
    loader = data if hasattr(data, "dataset") else loading.DataLoader(data, batch_size=batch_size)
    for batch in _ordered(loader, loading):
        inputs, labels = _halves(batch, split)
        yield inputs, column(labels)


def _ordered(loader: Any, loading: Any) -> Iterable[Any]:  # noqa: ANN401
    """A loader that only shuffles, in order and with its last rows; any other as it is."""
    rows: Iterable[Any] = loader
    if _only_shuffles(loader):
        rows = loading.DataLoader(
            loader.dataset,
            batch_size=loader.batch_size,
            collate_fn=loader.collate_fn,
            num_workers=loader.num_workers,
            worker_init_fn=loader.worker_init_fn,
            pin_memory=loader.pin_memory,
        )
    return rows


def _only_shuffles(loader: Any) -> bool:  # noqa: ANN401
    """Whether a loader takes each item of its data set once, in whatever order."""
    sampler: Any = getattr(loader, "sampler", None)
    if type(getattr(loader, "batch_sampler", None)).__name__ != "BatchSampler":
        return False
    if type(sampler).__name__ == "SequentialSampler":
        return True
    return (
        type(sampler).__name__ == "RandomSampler"
        and not sampler.replacement
        and sampler.num_samples == len(loader.dataset)
    )


def _halves(batch: Any, split: str) -> tuple[Any, Any]:  # noqa: ANN401
    """Inputs and labels of one batch: a pair, or named tensors with the labels among them."""
    if isinstance(batch, Mapping):
        name = next((name for name in _LABELS if name in batch), None)
        if name is None:
            raise SourceError.no_pair(split, f"tensors named {', '.join(map(str, batch))}")
        return {key: value for key, value in batch.items() if key != name}, batch[name]
    if isinstance(batch, tuple | list) and len(batch) == 2:
        return batch[0], batch[1]
    found = f"{len(batch)} values" if isinstance(batch, tuple | list) else type(batch).__name__
    raise SourceError.no_pair(split, found)


def _answer(model: Any, inputs: Any, place: Mapping[str, Any]) -> NDArray[np.generic]:  # noqa: ANN401
    """What the network answers to one batch. Shape (n,) or (n, n_classes)."""
    said: Any
    if isinstance(inputs, Mapping):
        said = model(**{name: _moved(value, place) for name, value in inputs.items()})
    elif isinstance(inputs, tuple | list):
        said = model(*(_moved(value, place) for value in inputs))
    else:
        said = model(_moved(inputs, place))
    said = said.get("logits") if isinstance(said, Mapping) else getattr(said, "logits", said)
    if not hasattr(said, "detach"):
        raise SourceError.unfit_answer(type(said).__name__)
    answer = said.detach().cpu()
    answer = answer.double().numpy() if answer.is_floating_point() else answer.numpy()
    only: NDArray[np.generic] = answer[:, 0] if answer.shape[1:] == (1,) else answer
    return only


def _moved(value: Any, place: Mapping[str, Any]) -> Any:  # noqa: ANN401
    """A tensor where the network is, and in its floating type; anything else as it is."""
    if not hasattr(value, "is_floating_point"):
        return value
    return value.to(place["device"], place["dtype"] if value.is_floating_point() else None)


def _wrapped(items: Any) -> Iterator[Any]:  # noqa: ANN401
    """A data set and every data set inside it."""
    yield items
    inner = [getattr(items, "dataset", None), *getattr(items, "datasets", ())]
    for each in inner:
        if each is not None:
            yield from _wrapped(each)


def _transforms(items: object) -> Iterator[str]:
    """Names of the transforms of one data set, those inside a composed one included."""
    for attribute in _TRANSFORMS:
        transform = getattr(items, attribute, None)
        if transform is not None:
            for each in getattr(transform, "transforms", [transform]):
                yield getattr(each, "__name__", type(each).__name__)


def _differ(items: Any) -> bool:  # noqa: ANN401
    """Whether two passes over the first items differ; streams are not read twice."""
    if isinstance(items, tuple | list) or _is_stream(items):
        return False
    first = range(min(FIRST_ITEMS, len(items)))
    once = [items[at] for at in first]
    return not all(_same(before, items[at]) for before, at in zip(once, first, strict=True))


def _is_stream(items: object) -> bool:
    """Whether a data set can only be read from its beginning."""
    streams = sys.modules["torch"].utils.data.IterableDataset
    return isinstance(items, streams) or not hasattr(items, "__len__")


def _same(one: Any, other: Any) -> bool:  # noqa: ANN401
    """Whether two items are equal, tensor by tensor."""
    if isinstance(one, Mapping):
        return one.keys() == other.keys() and all(_same(one[key], other[key]) for key in one)
    if isinstance(one, tuple | list):
        return len(one) == len(other) and all(map(_same, one, other))
    if hasattr(one, "__array__"):
        left, right = np.asarray(one), np.asarray(other)
        if left.shape != right.shape:
            return False
        return bool(((left == right) | ((left != left) & (right != right))).all())  # noqa: PLR0124
    return bool(one == other)
