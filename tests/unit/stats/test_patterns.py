from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from headway.counts import CountTable
from headway.errors import ColumnError, CountError
from headway.joint import JointCounts
from headway.stats.patterns import (
    all_errors,
    both_right,
    confusion_of,
    covariance,
    discordance,
    pair_counts,
    right_patterns,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

PATTERNS = {0b111: 850, 0b011: 20, 0b101: 15, 0b110: 25, 0b001: 5, 0b010: 12, 0b100: 18, 0: 55}
"""The notes' three models: the first is the lowest bit."""


def joint(
    cells: dict[tuple[Any, ...], int],
    *,
    keys: Sequence[str] = ("split", "pattern"),
    models: str = "abc",
    answers: str = "correct",
    classes: tuple[Any, ...] = (),
    **sums: list[float],
) -> JointCounts:
    table = CountTable.of(keys, list(cells), list(cells.values()), sums)
    return JointCounts(
        models=tuple(models),
        answers=answers,
        base=max(2, len(classes)) if answers == "class" else 2,
        classes=classes,
        table=table,
        unshared=dict.fromkeys(models, 0),
        n_shared=table.total,
    )


THREE = joint({("dev", pattern): n for pattern, n in PATTERNS.items()})
LABELED = ("split", "pattern", "label")
CLASSES = joint(
    {("dev", 0 + 3 * 1, "cat"): 4, ("dev", 1 + 3 * 1, "dog"): 6, ("test", 2 + 3 * 0, "cat"): 1},
    keys=LABELED,
    models="ab",
    answers="class",
    classes=("cat", "dog", None),
)
POSITIVE = joint(
    {("dev", 0b01, 1): 3, ("dev", 0b10, 0): 2, ("dev", 0b11, 1): 5},
    keys=LABELED,
    models="ab",
    answers="positive",
    classes=(1,),
)


def rows() -> np.ndarray[Any, Any]:
    """Who is right on each of the thousand examples. Shape (1000, 3)."""
    each = [[(pattern >> i) & 1 for i in range(3)] for pattern in PATTERNS]
    return np.repeat(np.array(each), list(PATTERNS.values()), axis=0)


def test_accuracies_when_read_off_patterns_then_are_those_of_the_rows() -> None:
    assert [890, 907, 908] == np.diag(both_right(THREE)).tolist()


def test_both_right_when_asked_then_is_the_product_of_the_rows() -> None:
    assert (rows().T @ rows()).tolist() == both_right(THREE).tolist()


def test_covariance_when_asked_then_is_numpys() -> None:
    expected = np.cov(rows().T, bias=True)
    assert expected.ravel().tolist() == pytest.approx(covariance(THREE).ravel().tolist())


def test_covariance_when_there_are_more_patterns_than_fit_in_a_block_then_is_numpys() -> None:
    rng = np.random.default_rng(3)
    right = rng.random((40_000, 40)) < rng.random((40_000, 1))
    patterns = right @ (1 << np.arange(40, dtype=np.int64))
    found = JointCounts(
        models=tuple(map(str, range(40))),
        answers="correct",
        base=2,
        classes=(),
        table=CountTable.of(
            ("split", "pattern"), [("dev", int(p)) for p in patterns], [1] * 40_000
        ),
        unshared={},
        n_shared=40_000,
    )
    assert np.allclose(np.cov(right.T, bias=True), covariance(found), atol=1e-12)


def test_discordance_when_asked_then_is_the_share_that_one_alone_gets_right() -> None:
    found = discordance(THREE)
    assert [0.0, 0.0, 0.0] == np.diag(found).tolist()
    assert float((rows()[:, 0] != rows()[:, 1]).mean()) == pytest.approx(float(found[0, 1]))


def test_pair_when_counted_then_has_four_cells() -> None:
    assert (870, 20, 37, 73) == pair_counts(THREE, "a", "b")
    assert (870, 37, 20, 73) == pair_counts(THREE, "b", "a")


def test_patterns_when_listed_then_are_merged_over_splits_and_labels() -> None:
    both = joint({("dev", 1, 0): 2, ("dev", 1, 1): 3, ("test", 0, 1): 4}, keys=LABELED)
    assert ([0, 1], [4, 5]) == tuple(found.tolist() for found in right_patterns(both))


def test_patterns_when_there_are_more_than_20_models_then_are_refused() -> None:
    with pytest.raises(CountError, match="number of models is 21"):
        right_patterns(joint({("dev", 0): 1}, models="abcdefghijklmnopqrstu"))


def errors_of(counts: JointCounts, model: str) -> CountTable:
    return all_errors(counts, [model])[model]


def test_errors_when_weighted_then_carry_their_sums() -> None:
    found = joint({("dev", 0b01): 2, ("dev", 0b10): 3}, models="ab", w=[1.0, 5.0])
    table = errors_of(found, "b")
    assert [(("dev", False), 3), (("dev", True), 2)] == list(table)
    assert [5.0, 1.0] == table.sums["w"].tolist()


def test_errors_when_asked_of_all_then_are_those_of_each() -> None:
    together = all_errors(THREE)
    assert all(errors_of(THREE, model) == table for model, table in together.items())
    assert {"a": 110, "b": 93, "c": 92} == {
        model: table.where(misclassified=True).total for model, table in together.items()
    }


def cells(table: CountTable, *keys: str) -> dict[tuple[Any, ...], int]:
    return dict(iter(table.marginal(*keys) if keys else table))


def test_errors_when_classes_are_known_then_compare_them_with_the_label() -> None:
    by = ("split", "misclassified")
    assert {("dev", False): 10, ("test", True): 1} == cells(errors_of(CLASSES, "a"), *by)
    assert {("dev", True): 4, ("dev", False): 6, ("test", False): 1} == cells(
        errors_of(CLASSES, "b"), *by
    )


def test_errors_when_only_the_positive_class_is_known_then_compare_with_the_label() -> None:
    assert {(False,): 10} == cells(errors_of(POSITIVE, "a"), "misclassified")
    assert {(True,): 5, (False,): 5} == cells(errors_of(POSITIVE, "b"), "misclassified")


def test_confusion_when_classes_are_known_then_has_them_and_what_is_missing() -> None:
    found = confusion_of(CLASSES, "a")
    assert ("split", "label", "prediction") == found.keys
    assert {("dev", "cat", "cat"): 4, ("dev", "dog", "dog"): 6, ("test", "cat", None): 1} == cells(
        found
    )


def test_confusion_when_there_is_one_other_class_then_names_it() -> None:
    expected = {("dev", 0, 1): 2, ("dev", 1, 0): 3, ("dev", 1, 1): 5}
    assert expected == cells(confusion_of(POSITIVE, "b"))


def test_confusion_when_there_are_several_other_classes_then_puts_them_together() -> None:
    found = joint(
        {("dev", 1, "cat"): 3, ("dev", 0, "dog"): 2, ("dev", 1, "owl"): 1},
        keys=LABELED,
        models="a",
        answers="positive",
        classes=("cat",),
    )
    assert {
        ("dev", "cat", "cat"): 3,
        ("dev", "not cat", "cat"): 1,
        ("dev", "not cat", "not cat"): 2,
    } == cells(confusion_of(found, "a"))


def test_confusion_when_only_right_and_wrong_is_known_then_is_refused() -> None:
    with pytest.raises(CountError, match="answers is correct"):
        confusion_of(THREE, "a")


def test_confusion_when_labels_were_not_counted_then_is_refused() -> None:
    bare = joint({("dev", 1): 3}, models="ab", answers="positive", classes=(1,))
    for asked in (confusion_of, errors_of):
        with pytest.raises(ColumnError, match="The table has no column 'label'"):
            asked(bare, "a")


def test_model_when_there_is_none_of_that_name_then_is_refused() -> None:
    with pytest.raises(CountError, match="model is 'z'"):
        pair_counts(THREE, "a", "z")


def test_moments_when_nothing_is_shared_then_are_refused() -> None:
    for asked in (covariance, discordance):
        with pytest.raises(CountError, match="number of shared examples is 0"):
            asked(joint({}))


def test_errors_when_nothing_is_shared_then_are_none() -> None:
    assert 0 == errors_of(joint({}), "a").total
