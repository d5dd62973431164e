from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl
import pytest

from headway.errors import ColumnError
from headway.frames.cluster_moments import cluster_moments
from headway.frames.joint import can_pair, joint
from headway.frames.source import read
from headway.stats.patterns import all_errors
from tests.engines import oracle

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from headway.joint import JointCounts
    from tests.conftest import FrameOf

Table = dict[str, list[Any]]


def long(answers: Mapping[str, Sequence[Any]], **more: Sequence[Any]) -> Table:
    """A long table: the same examples for every model, with what each predicted."""
    n = len(next(iter(answers.values())))
    return {
        "id": list(range(n)) * len(answers),
        "model": [model for model in answers for _ in range(n)],
        **{name: list(values) * len(answers) for name, values in more.items()},
        "prediction": [value for values in answers.values() for value in values],
    }


INTEGERS = long(
    {"a": [0, 1, 1, 2, None, 0, 1], "b": [0, 0, 1, 2, 1, 0, 1], "c": [1, 1, 1, 2, 1, None, 1]},
    split=["val", "val", "val", "test", "test", "test", "train"],
    label=[0, 1, 1, 2, 1, 0, 0],
)
TEXT = {
    **long({"a": ["é", "", "b"], "b": ["é", "b", "b"]}, label=["é", "", "é"]),
    "id": ["x", "y", "z"] * 2,
}
BOOLEANS = long(
    {"a": [True, False, True], "b": [False, False, None]},
    label=[True, True, False],
    night=[True, False, None],
)
HOLES: Table = {
    "id": [1, 2, 3, None, 1, 2, 2, 4, 5, 1, 3, 5],
    "model": [*"aaaa", *"bbbbb", *"ccc"],
    "split": [*["dev"] * 11, "fold 3"],
    "label": [0, 1, 0, 1, 0, 1, 1, 0, 1, 0, None, 1],
    "prediction": [0, 1, 1, 1, 1, 1, 0, 0, 1, 0, 0, 1],
}
DIFFERENT: Table = {
    **long({"a": [0, 1, 1], "b": [0, 1, 0]}),
    "label": [0, 1, 0, 0, 1, 1],
}
FLOATS = long({"a": [0.0, 1.0, float("nan")], "b": [0.0, 0.0, 1.0]}, label=[0, 1, 1])
TABLES = {
    "integers": INTEGERS,
    "text": TEXT,
    "booleans": BOOLEANS,
    "holes": HOLES,
    "labels differ": DIFFERENT,
    "floats": FLOATS,
}


def met(table: Table) -> tuple[Counter[tuple[Any, ...]], Counter[str], Counter[str]]:
    """Row by row: examples by split, label and the answers of all models; what was left out."""
    models = sorted(set(table["model"]))
    told: dict[tuple[Any, ...], list[dict[str, Any]]] = defaultdict(list)
    apart: Counter[str] = Counter()
    for row in oracle.rows_of(table):
        found = oracle.outcome(row, (), ())
        if found not in {"right", "wrong", "abstained"}:
            apart[found] += 1
        elif row["id"] is None:
            apart["no_id"] += 1
        else:
            split = row.get("split", "dev")
            told[oracle.MEANS.get(split, split), row["id"]].append({**row, "found": found})
    cells: Counter[tuple[Any, ...]] = Counter()
    unshared: Counter[str] = Counter()
    for (split, _), rows in told.items():
        of = [row["model"] for row in rows]
        if len({row["label"] for row in rows}) > 1:
            apart["models_differ"] += len(rows)
        elif len(set(of)) < len(of):
            apart["repeated_id"] += len(rows)
        elif set(of) < set(models):
            unshared.update(of)
        else:
            by = {row["model"]: row for row in rows}
            right = tuple(by[model]["found"] == "right" for model in models)
            said = tuple(oracle.plain(by[model]["prediction"]) for model in models)
            cells[split, rows[0]["label"], right, said] += 1
    return cells, unshared, apart


def only_right(cells: Counter[tuple[Any, ...]]) -> dict[tuple[Any, ...], int]:
    found: Counter[tuple[Any, ...]] = Counter()
    for (split, label, right, _), n in cells.items():
        found[split, sum(r << i for i, r in enumerate(right)), label] += n
    return dict(found)


def errors(counts: JointCounts, model: str) -> dict[tuple[Any, ...], int]:
    return dict(iter(all_errors(counts, [model])[model]))


@pytest.mark.parametrize("name", TABLES)
def test_patterns_when_counted_then_agree_with_a_loop_over_rows(
    name: str, frame_of: FrameOf
) -> None:
    cells, unshared, apart = met(TABLES[name])
    counts, intake = joint(read(frame_of(TABLES[name])), keys=["label"], max_unusable=1.0)
    assert only_right(cells) == dict(iter(counts.table))
    assert dict(unshared) == {model: n for model, n in counts.unshared.items() if n}
    assert dict(apart) == intake.unusable
    assert sum(cells.values()) == counts.n_shared


@pytest.mark.parametrize("name", TABLES)
def test_classes_when_counted_then_agree_with_a_loop_over_rows(
    name: str, frame_of: FrameOf
) -> None:
    expected: Counter[tuple[Any, ...]] = Counter()
    for (split, label, _, said), n in met(TABLES[name])[0].items():
        expected[split, label, said] += n
    frame = read(frame_of(TABLES[name]))
    counts, _ = joint(frame, answers="class", keys=["label"], max_unusable=1.0)
    digits = [counts.digit(model) for model in counts.models]
    found = {
        (split, label, tuple(counts.classes[digit[i]] for digit in digits)): n
        for i, ((split, _, label), n) in enumerate(counts.table)
    }
    assert dict(expected) == found


@pytest.mark.parametrize(("name", "positive"), [("integers", 1), ("text", "b"), ("booleans", None)])
def test_positives_when_counted_then_agree_with_a_loop_over_rows(
    name: str, positive: Any, frame_of: FrameOf
) -> None:
    wanted = True if positive is None else positive
    expected: Counter[tuple[Any, ...]] = Counter()
    for (split, label, _, said), n in met(TABLES[name])[0].items():
        expected[split, sum((value == wanted) << i for i, value in enumerate(said)), label] += n
    frame = read(frame_of(TABLES[name]))
    counts, _ = joint(frame, answers="positive", positive=positive, keys=["label"])
    assert dict(expected) == dict(iter(counts.table))


def test_models_when_named_then_are_paired_alone_in_their_order(frame_of: FrameOf) -> None:
    frame = read(frame_of(INTEGERS))
    counts, intake = joint(frame, models=["c", "a"])
    assert ("c", "a") == counts.models
    assert (7, 14) == (counts.n_shared, intake.rows)
    ordered, _ = joint(frame, models=["a", "c"])
    for model in ("a", "c"):
        assert errors(counts, model) == errors(ordered, model)


def test_key_when_it_is_a_category_or_a_weight_then_is_carried(frame_of: FrameOf) -> None:
    table = {
        **long({"a": [0, 1, 1], "b": [0, 1, 1]}, label=[0, 1, 0], camera=["x", None, "x"]),
        "weight": [1.0, 2.0, 1.0] * 2,
    }
    frame = read(frame_of(table, {"camera": pl.Categorical}))
    counts, _ = joint(frame, keys=["camera", "weight"], sums=["w", "w2"])
    assert {("dev", 3, "x", 1): 1, ("dev", 3, None, 2): 1, ("dev", 0, "x", 1): 1} == dict(
        iter(counts.table)
    )
    assert [1.0, 1.0, 2.0] == counts.table.sums["w"].tolist()
    assert [1.0, 1.0, 4.0] == counts.table.sums["w2"].tolist()


def test_split_when_chosen_then_its_examples_alone_are_counted(frame_of: FrameOf) -> None:
    counts, _ = joint(read(frame_of(INTEGERS)), split="dev")
    assert {"dev"} == set(counts.table.column("split"))
    assert 3 == counts.n_shared


def test_models_when_called_by_numbers_then_are_paired(frame_of: FrameOf) -> None:
    table = {**INTEGERS, "model": [{"a": 1, "b": 2, "c": 10}[m] for m in INTEGERS["model"]]}
    counts, _ = joint(read(frame_of(table)))
    assert ("1", "10", "2") == counts.models
    assert 7 == counts.n_shared


def test_predictions_when_they_come_from_probabilities_then_are_paired(frame_of: FrameOf) -> None:
    table = {
        "id": [1, 2, 1, 2],
        "model": [*"aabb"],
        "label": ["x", "y", "x", "y"],
        "p_x": [0.9, 0.6, 0.8, 0.1],
        "p_y": [0.1, 0.4, 0.2, 0.9],
    }
    frame = read(frame_of(table))
    assert can_pair(frame)
    counts, _ = joint(frame, answers="class", keys=["label"])
    found = [
        (label, counts.classes[counts.digit("a")[i]])
        for i, ((_, _, label), _) in enumerate(counts.table)
    ]
    assert [("x", "x"), ("y", "x")] == sorted(found)
    positive, _ = joint(frame, answers="positive", positive="x", keys=["label"])
    assert {("dev", 3, "x"): 1, ("dev", 1, "y"): 1} == dict(iter(positive.table))


GROUPED = {
    **long(
        {"a": [0, 1, 1, 0, 0, 1], "b": [0, 0, 1, 0, 1, 1], "c": [1, 1, 0, 0, 0, 1]},
        label=[0, 1, 1, 1, 0, 1],
        split=["dev", "dev", "dev", "dev", "test", "test"],
        group=["x", "x", "y", None, "x", None],
        weight=[1.0, 2.0, 1.0, 3.0, 1.0, 0.5],
    ),
}


def in_clusters(table: Table, split: str, *, weighted: bool) -> list[tuple[float, list[float]]]:
    """Row by row, of each cluster its weight and the weighted errors of each model."""
    models = sorted(set(table["model"]))
    weights: dict[Any, float] = defaultdict(float)
    wrong: dict[Any, list[float]] = defaultdict(lambda: [0.0] * len(models))
    for row in oracle.rows_of(table):
        if row["split"] != split:
            continue
        cluster = row["group"] if row["group"] is not None else ("alone", row["id"])
        weight = row["weight"] if weighted else 1.0
        weights[cluster] += weight / len(models)
        wrong[cluster][models.index(row["model"])] += weight * (row["label"] != row["prediction"])
    return [(weights[cluster], wrong[cluster]) for cluster in weights]


@pytest.mark.parametrize("weighted", [False, True])
def test_clusters_when_summed_then_agree_with_a_loop_over_rows(
    weighted: bool,  # noqa: FBT001
    frame_of: FrameOf,
) -> None:
    found = cluster_moments(read(frame_of(GROUPED)), weighted=weighted)
    assert {"dev", "test"} == set(found)
    for split, moments in found.items():
        clusters = in_clusters(GROUPED, split, weighted=weighted)
        m = np.array([weight for weight, _ in clusters])
        y = np.array([errors for _, errors in clusters])
        assert len(clusters) == moments.n_clusters
        assert [m.sum(), (m * m).sum()] == pytest.approx([moments.m, moments.mm])
        assert y.sum(axis=0).tolist() == pytest.approx(moments.y.tolist())
        assert (m @ y).tolist() == pytest.approx(moments.my.tolist())
        assert (y.T @ y).ravel().tolist() == pytest.approx(moments.yy.ravel().tolist())


def test_clusters_when_numbered_with_gaps_then_are_told_apart(frame_of: FrameOf) -> None:
    table = {**GROUPED, "group": [1.0, 1.0, 2.0, None, 1.0, None] * 3}
    dev = cluster_moments(read(frame_of(table)), split="dev", models=["b", "a"])["dev"]
    assert (("b", "a"), 4, 3) == (dev.models, dev.n, dev.n_clusters)


def test_clusters_when_named_by_fractions_then_are_refused(frame_of: FrameOf) -> None:
    table = {**GROUPED, "group": [1.5, 1.5, 2.0, None, 1.0, None] * 3}
    with pytest.raises(ColumnError, match="used as group, holds numbers with decimals"):
        cluster_moments(read(frame_of(table)))
