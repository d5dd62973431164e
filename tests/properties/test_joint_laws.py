"""What holds of the joint answers of any models to any examples."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from headway.frames.cluster_moments import cluster_moments
from headway.frames.joint import joint
from headway.frames.source import read
from headway.stats.patterns import (
    all_errors,
    both_right,
    confusion_of,
    covariance,
    pair_counts,
    right_patterns,
)

MODELS = ["a", "b", "c", "d"]
CLASSES: list[list[Any]] = [[0, 1], ["x", "y", "z"], [True, False]]


@st.composite
def answers(draw: st.DrawFn) -> dict[str, list[Any]]:
    """Long tables in which every model answered every example, with two classes or three."""
    n = draw(st.integers(1, 12))
    models = MODELS[: draw(st.integers(2, 4))]
    classes = st.sampled_from(draw(st.sampled_from(CLASSES)))
    split = draw(st.lists(st.sampled_from(["dev", "test"]), min_size=n, max_size=n))
    label = draw(st.lists(classes, min_size=n, max_size=n))
    group = draw(st.lists(st.none() | st.integers(0, 2), min_size=n, max_size=n))
    said = st.lists(st.none() | classes, min_size=n, max_size=n)
    table = {
        "id": [*range(n)] * len(models),
        "model": [model for model in models for _ in range(n)],
        "split": split * len(models),
        "label": label * len(models),
        "group": group * len(models),
        "prediction": [value for _ in models for value in draw(said)],
    }
    order = draw(st.permutations(range(n * len(models))))
    return {name: [values[i] for i in order] for name, values in table.items()}


def right_by_id(table: dict[str, list[Any]]) -> dict[tuple[int, str], bool]:
    rows = zip(table["id"], table["model"], table["label"], table["prediction"], strict=True)
    return {(i, model): label == said for i, model, label, said in rows}


@given(answers())
def test_pairs_when_counted_together_then_equal_a_loop_over_rows(
    table: dict[str, list[Any]],
) -> None:
    counts, _ = joint(read(table))
    right = right_by_id(table)
    n = len(set(table["id"]))
    for i, a in enumerate(counts.models):
        for j, b in enumerate(counts.models):
            both = sum(right[example, a] and right[example, b] for example in range(n))
            alone = sum(right[example, a] and not right[example, b] for example in range(n))
            assert both == both_right(counts)[i, j]
            assert (both, alone) == pair_counts(counts, a, b)[:2]
    assert sum(pair_counts(counts, "a", "b")) == n == counts.n_shared


@given(answers())
def test_models_when_one_is_left_out_then_the_others_keep_their_marginals(
    table: dict[str, list[Any]],
) -> None:
    every, _ = joint(read(table))
    some, _ = joint(read(table), models=every.models[1:])
    assert all_errors(every, some.models) == all_errors(some)
    assert np.array_equal(both_right(every)[1:, 1:], both_right(some))


@given(answers(), st.randoms(use_true_random=False))
def test_models_when_in_another_order_then_say_the_same(
    table: dict[str, list[Any]],
    random: Any,
) -> None:
    first, _ = joint(read(table))
    names = list(first.models)
    random.shuffle(names)
    second, _ = joint(read(table), models=names)
    places = [first.models.index(name) for name in names]
    assert np.allclose(covariance(first)[np.ix_(places, places)], covariance(second))
    assert all_errors(first) == all_errors(second)


@given(answers())
def test_classes_when_they_are_known_then_say_the_same_of_right_and_wrong(
    table: dict[str, list[Any]],
) -> None:
    frame = read(table)
    plain, _ = joint(frame)
    classes, _ = joint(frame, answers="class", keys=["label"])
    assert np.array_equal(both_right(plain), both_right(classes))
    assert [found.tolist() for found in right_patterns(plain)] == [
        found.tolist() for found in right_patterns(classes)
    ]
    for model in plain.models:
        confusion = confusion_of(classes, model)
        wrong = sum(n for (_, label, said), n in confusion if label != said)
        assert wrong == all_errors(plain)[model].where(misclassified=True).total


@given(answers())
def test_clusters_when_summed_over_then_hold_the_errors_of_each_model(
    table: dict[str, list[Any]],
) -> None:
    frame = read(table)
    counts, _ = joint(frame)
    for split, moments in cluster_moments(frame).items():
        found = all_errors(counts)
        errors = [found[m].where(split=split, misclassified=True) for m in moments.models]
        assert [table.total for table in errors] == moments.y.tolist()
        assert counts.table.where(split=split).total == moments.n == round(moments.m)
        assert (np.linalg.eigvalsh(moments.yy) > -1e-9).all()
