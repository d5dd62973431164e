from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from headway.errors import SourceError
from headway.findings import Verdict
from headway.studies.collect import collect
from headway.studies.networks import augmentation, is_network, order

torch: Any = pytest.importorskip("torch")

pytestmark = pytest.mark.torch

X = torch.arange(10.0).reshape(5, 2)
Y = torch.tensor([0, 1, 2, 1, 0])


class Items(torch.utils.data.Dataset):  # type: ignore[misc]
    """Five items, changed by a transform."""

    def __init__(self, transform: object = None) -> None:
        self.transform = transform

    def __len__(self) -> int:
        return 5

    def __getitem__(self, at: int) -> tuple[Any, int]:
        transform: Any = self.transform or (lambda x: x)
        return transform(X[at]), int(Y[at])


class Random:
    """A transform that adds noise."""

    def __call__(self, x: Any) -> Any:
        return x + torch.rand(2)


class RandomlyNothing:
    """A transform named like a random one that changes nothing."""

    def __call__(self, x: Any) -> Any:
        return x


class Doubled:
    """A transform that is always the same."""

    def __call__(self, x: Any) -> Any:
        return 2 * x


def network() -> Any:
    """Two layers with dropout between, of which one part is in evaluation mode."""
    torch.manual_seed(0)
    made = torch.nn.Sequential(torch.nn.Linear(2, 8), torch.nn.Dropout(0.5), torch.nn.Linear(8, 3))
    made.train()
    made[0].eval()
    return made


def predicted(data: object, model: object = None, **settings: Any) -> list[object]:
    """Predictions on dev."""
    found = collect(model or network(), {"dev": data}, **settings)
    return list(found.columns["prediction"].tolist())


def test_is_network_when_model_is_a_module_then_yes() -> None:
    assert is_network(network())
    assert not is_network("network")


def test_collect_when_network_has_dropout_then_two_calls_agree() -> None:
    found = [collect(network(), {"dev": (X, Y)}) for _ in range(2)]
    assert found[0].columns["p_1"].tolist() == found[1].columns["p_1"].tolist()
    assert list(found[0].columns)[2:] == ["label", "prediction", "p_0", "p_1", "p_2"]


def test_collect_when_done_then_every_part_has_its_training_flag_back() -> None:
    model = network()
    predicted((X, Y), model)
    assert [part.training for part in model.modules()] == [True, False, True, True]


def test_collect_when_network_fails_then_training_flags_come_back() -> None:
    model = network()
    with pytest.raises(RuntimeError, match="shapes cannot be multiplied"):
        predicted((torch.zeros(5, 7), Y), model)
    assert [part.training for part in model.modules()] == [True, False, True, True]


def test_collect_when_done_then_gradients_and_chance_are_as_before() -> None:
    model = network()
    torch.manual_seed(1)
    expected = torch.rand(3).tolist()
    torch.manual_seed(1)
    predicted(torch.utils.data.DataLoader(Items(Random()), shuffle=True), model)
    assert expected == torch.rand(3).tolist()
    assert [None] * 4 == [parameter.grad for parameter in model.parameters()]
    assert torch.is_grad_enabled()


@pytest.mark.parametrize(
    "data",
    [
        (X.numpy().astype(np.float64), Y.numpy()),
        Items(),
        torch.utils.data.DataLoader(Items(), batch_size=2, shuffle=True, drop_last=True),
        [X.tolist(), Y.tolist()],
    ],
    ids=["arrays", "data set", "shuffling loader", "lists"],
)
def test_collect_when_data_come_in_another_form_then_rows_stay_in_order(data: object) -> None:
    found = collect(network(), {"dev": data}, batch_size=2)
    expected = collect(network(), {"dev": (X, Y)})
    assert found.columns["label"].tolist() == [0, 1, 2, 1, 0]
    assert found.columns["p_2"] == pytest.approx(expected.columns["p_2"])


def test_collect_when_loader_samples_rows_then_says_so() -> None:
    sampler = torch.utils.data.WeightedRandomSampler([1.0] * 5, 5)
    loader = torch.utils.data.DataLoader(Items(), sampler=sampler)
    found = collect(network(), {"train": loader})
    assert ["HW152"] == [finding.code for finding in found.findings if finding.code < "HW153"]
    assert "WeightedRandomSampler" in found.findings[0].sentence


def test_order_when_loader_draws_with_replacement_then_says_so() -> None:
    sampler = torch.utils.data.RandomSampler(Items(), replacement=True)
    assert order(torch.utils.data.DataLoader(Items(), sampler=sampler), "train") is not None


def test_order_when_loader_only_shuffles_or_data_are_no_loader_then_is_silent() -> None:
    assert order(torch.utils.data.DataLoader(Items(), shuffle=True), "train") is None
    assert order(torch.utils.data.DataLoader(Items(), batch_size=None), "train") is not None
    assert order((X, Y), "train") is None


def test_collect_when_data_set_is_a_stream_then_it_is_read_once() -> None:
    class Stream(torch.utils.data.IterableDataset):  # type: ignore[misc]
        def __iter__(self) -> Any:
            return iter(zip(X, Y, strict=True))

    seen: list[tuple[int, int]] = []
    settings = {"batch_size": 2, "progress": lambda done, total: seen.append((done, total))}
    assert predicted(Stream(), **settings) == predicted((X, Y))
    assert seen == [(2, 2), (4, 4), (5, 5)]


@pytest.mark.parametrize(
    ("transform", "verdict"),
    [
        (Random(), Verdict.YES),
        (RandomlyNothing(), Verdict.UNDETERMINED),
        (Doubled(), Verdict.NO),
        (None, None),
    ],
    ids=["random", "named random", "fixed", "none"],
)
def test_augmentation_when_items_are_read_twice_then_says_whether_they_differ(
    transform: object, verdict: Verdict | None
) -> None:
    found = augmentation(Items(transform), "train")
    assert verdict == (found.verdict if found is not None else None)


def test_augmentation_when_it_is_inside_a_wrapped_data_set_then_it_is_found() -> None:
    part = torch.utils.data.Subset(Items(RandomlyNothing()), [0, 1])
    both = torch.utils.data.ConcatDataset([part, Items(Doubled())])
    found = augmentation(torch.utils.data.DataLoader(both), "train")
    assert found is not None
    assert "(Doubled, RandomlyNothing)" in found.sentence


def test_collect_when_data_set_augments_then_says_so_and_what_to_do() -> None:
    found = collect(network(), {"train": Items(Random())})
    augments = next(finding for finding in found.findings if finding.code == "HW151")
    assert "The data set of 'train' augments" in augments.sentence
    assert ["no_augmentation"] == [want.what for want in augments.wants]


@pytest.mark.parametrize(
    ("items", "same"),
    [
        ([({"a": X[0]}, 1)] * 2, True),
        ([(np.array([np.nan, 1.0]), "cat")] * 2, True),
        ([("text", 1)] * 2, True),
    ],
    ids=["named", "not a number", "words"],
)
def test_augmentation_when_items_are_no_tensors_then_they_are_compared_too(
    items: list[object], *, same: bool
) -> None:
    class Given(torch.utils.data.Dataset):  # type: ignore[misc]
        transform = "fixed"

        def __len__(self) -> int:
            return len(items)

        def __getitem__(self, at: int) -> object:
            return items[at]

    found = augmentation(Given(), "dev")
    assert found is not None
    assert same == (found.verdict == Verdict.NO)


def test_augmentation_when_shapes_change_then_items_differ() -> None:
    class Cropped:
        def __init__(self) -> None:
            self.length = 0

        def __call__(self, x: Any) -> Any:
            self.length = 1 - self.length
            return x[: self.length]

    found = augmentation(Items(Cropped()), "train")
    assert found is not None
    assert found.verdict == Verdict.YES


class Named(torch.nn.Module):  # type: ignore[misc]
    """Takes named tensors and answers with logits by name or attribute."""

    def __init__(self, wrap: Any) -> None:
        super().__init__()
        self.wrap = wrap

    def forward(self, ids: Any, mask: Any) -> Any:
        scores = torch.stack([ids.sum(1), mask.sum(1)], dim=1)
        return self.wrap(scores)


class Attribute:
    """An answer with logits as an attribute."""

    def __init__(self, logits: object) -> None:
        self.logits = logits


@pytest.mark.parametrize("wrap", [lambda x: {"logits": x}, Attribute], ids=["key", "attribute"])
def test_collect_when_batches_are_named_then_labels_are_found_among_them(wrap: object) -> None:
    items = [{"ids": x, "mask": 1 - x, "labels": y % 2} for x, y in zip(X, Y, strict=True)]

    class Tokens(torch.utils.data.Dataset):  # type: ignore[misc]
        def __len__(self) -> int:
            return len(items)

        def __getitem__(self, at: int) -> object:
            return items[at]

    found = collect(Named(wrap), {"dev": Tokens()})
    assert found.columns["label"].tolist() == [0, 1, 0, 1, 0]
    assert found.columns["prediction"].tolist() == [1 if x.sum() < 1 else 0 for x in X]


def test_collect_when_inputs_are_several_then_each_is_an_argument() -> None:
    class Two(torch.nn.Module):  # type: ignore[misc]
        def forward(self, left: Any, right: Any) -> Any:
            return left - right

    class Pairs(Items):
        def __getitem__(self, at: int) -> Any:
            return (X[at], X[at].flip(0)), int(Y[at] > 0)

    assert predicted(Pairs(), Two()) == [1] * 5


def test_collect_when_an_input_is_no_tensor_then_it_is_passed_on() -> None:
    class Words(Items):
        def __getitem__(self, at: int) -> Any:
            return "cat" if at else "dog", int(Y[at] > 0)

    class Lengths(torch.nn.Module):  # type: ignore[misc]
        def forward(self, *words: str) -> Any:
            return torch.tensor([[1.0, 0.0] if word == "dog" else [0.0, 1.0] for word in words])

    assert predicted(Words(), Lengths()) == [0, 1, 1, 1, 1]


@pytest.mark.parametrize("bias", [0.3, 3.0], ids=["probability", "log odds"])
def test_collect_when_network_gives_one_number_then_it_is_a_score(bias: float) -> None:
    class Constant(torch.nn.Module):  # type: ignore[misc]
        def forward(self, x: Any) -> Any:
            return torch.full((len(x), 1), bias)

    found = collect(Constant(), {"dev": (X, Y.clamp(max=1).float())})
    expected = bias if bias < 1 else 1 / (1 + np.exp(-bias))
    assert found.columns["score"] == pytest.approx([expected] * 5)
    assert found.columns["label"].tolist() == [0, 1, 1, 1, 0]


def test_collect_when_network_predicts_amounts_then_rows_hold_losses() -> None:
    class Zero(torch.nn.Module):  # type: ignore[misc]
        def forward(self, x: Any) -> Any:
            return torch.zeros(len(x))

    found = collect(Zero(), {"dev": (X, Y)})
    assert found.columns["loss"].tolist() == [0.0, 1.0, 4.0, 1.0, 0.0]


def test_collect_when_field_is_unlabeled_then_the_network_still_predicts() -> None:
    found = collect(network(), {"dev": (X, Y), "field": (X[:2], None)})
    assert found.columns["label"].tolist() == [0, 1, 2, 1, 0, None, None]


class Odd(torch.nn.Module):  # type: ignore[misc]
    """Answers with whatever it was given to answer with."""

    def __init__(self, answer: object) -> None:
        super().__init__()
        self.answer = answer

    def forward(self, _: object) -> object:
        return self.answer


@pytest.mark.parametrize(
    ("model", "data", "words"),
    [
        (Odd((X, X)), (X, Y), "The model answers with tuple"),
        (Odd(X[:2]), (X, Y), "'dev' has 5 labels and 2 answers"),
        (Odd(X), torch.utils.data.TensorDataset(X), "The data of 'dev' are 1 values"),
        (Odd(X), [{"ids": 1}], "The data of 'dev' are 1 values"),
        (Odd(X), torch.utils.data.StackDataset(ids=X), "are tensors named ids"),
        (Odd(X), torch.utils.data.DataLoader(Items(), collate_fn=lambda _: X), "are Tensor"),
        (Odd(X), torch.utils.data.Subset(Items(), []), "'dev' hold no rows"),
    ],
)
def test_collect_when_network_or_data_do_not_fit_then_refuses(
    model: object, data: object, words: str
) -> None:
    with pytest.raises(SourceError, match=words):
        collect(model, {"dev": data})
