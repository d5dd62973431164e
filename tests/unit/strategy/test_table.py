from __future__ import annotations

import json
from math import inf
from pathlib import Path

import pytest

from headway.counts import Counts, CountTable
from headway.errors import SplitError
from headway.stats.forms import Binomial, Fixed, Mean, Measured
from headway.strategy import rungs
from headway.strategy.table import SourceTable, cells, judge, needs, sources
from tests.unit.strategy.clusters import counts_of

VECTORS = json.loads((Path(__file__).parents[2] / "methods_vectors.json").read_text("utf-8"))
KEYS = ("split", "misclassified", "source")


def between(table: SourceTable) -> dict[tuple[str, str], float]:
    """Differences by name and the source they start from."""
    return {(b.name, b.start[1]): b.difference.estimate for b in table.between if b.difference}


def test_table_when_all_cells_are_there_then_the_differences_are_the_vector() -> None:
    v = next(v for v in VECTORS["vectors"] if v["name"] == "two_by_k_table")
    rows = {row: v["inputs"][row] for row in ("human", "trained_on", "not_trained_on")}
    model = {
        (row, source): Fixed(value=e)
        for row in ("trained_on", "not_trained_on")
        for source, e in rows[row].items()
    }
    people = {source: Fixed(value=e) for source, e in rows["human"].items()}
    found = between(judge(model, human=people))

    expected = v["expected"]
    assert expected["avoidable_bias"] == pytest.approx(found["avoidable_bias", "general"])
    assert expected["variance"] == pytest.approx(found["variance", "general"])
    assert expected["data_mismatch"] == pytest.approx(found["data_mismatch", "general"])
    assert expected["difficulty"] == pytest.approx(found["difficulty", "general"])
    assert expected["excess_mismatch"] == pytest.approx(found["excess", "general"])
    assert expected["target_avoidable_bias"] == pytest.approx(found["avoidable_bias", "target"])
    assert expected["target_variance"] == pytest.approx(found["variance", "target"])


def test_cells_when_sources_are_counted_then_train_dev_and_dev_are_pooled() -> None:
    rows = [("train", "web", 900, 100), ("train_dev", "web", 95, 5), ("dev", "web", 80, 20)]
    rows += [("dev", "phone", 70, 30), ("test", "phone", 1, 99)]
    keyed = [(s, wrong, source) for s, source, *_ in rows for wrong in (False, True)]
    counts = [n for *_, right, wrong in rows for n in (right, wrong)]
    found = cells(Counts(tables={KEYS: CountTable.of(KEYS, keyed, counts)}))

    assert found == {
        ("trained_on", "web"): Binomial(n_errors=100, n=1000),
        ("not_trained_on", "web"): Binomial(n_errors=25, n=200),
        ("not_trained_on", "phone"): Binomial(n_errors=30, n=100),
    }


def test_cells_when_there_is_no_source_then_train_and_dev_are_the_two_columns() -> None:
    keys = ("split", "misclassified")
    splits = [(s, wrong) for s in ("train", "train_dev", "dev") for wrong in (False, True)]
    counts = Counts(tables={keys: CountTable.of(keys, splits, [9, 1, 8, 2, 7, 3])})

    assert list(cells(counts)) == [
        ("trained_on", "training distribution"),
        ("not_trained_on", "training distribution"),
        ("not_trained_on", "target"),
    ]


def test_table_when_cells_are_blank_then_they_are_asked_for_in_order_of_value() -> None:
    model = {
        ("trained_on", "web"): Fixed(value=0.04),
        ("not_trained_on", "phone"): Fixed(value=0.1),
    }
    found = judge(model)

    assert found.sources == ("web", "phone")
    assert [w.sentence.split(":")[0] for w in found.wants][:2] == [
        "Measure the error on web examples not trained on",
        "Measure the human error on phone",
    ]
    assert all(w.n for w in found.wants)


def test_table_when_the_target_is_harder_for_people_then_it_says_so() -> None:
    model = {
        ("not_trained_on", s): Binomial(n_errors=x, n=10_000) for s, x in (("a", 700), ("b", 1100))
    }
    people = {s: Binomial(n_errors=x, n=10_000) for s, x in (("a", 200), ("b", 500))}
    finding = judge(model, human=people).findings[0]

    assert ("HW215", "yes") == (finding.code, finding.verdict)
    assert "3.00 points" in finding.sentence


def test_table_when_empty_then_it_is_refused() -> None:
    with pytest.raises(SplitError, match="no error to stand on"):
        judge({})


def test_needs_when_there_is_a_source_then_it_joins_every_grouping() -> None:
    spec = needs(frozenset({"label", "prediction", "source"}))

    assert {("split", "label", "prediction", "source")} == spec.groupings
    table = CountTable.of(KEYS, [("dev", True, "b"), ("train", True, "a")], [1, 1])
    assert list(sources(Counts(tables={KEYS: table}))) == ["b", "a"]


def test_needs_when_groups_are_ignored_then_no_clusters_are_asked() -> None:
    roles = frozenset({"correct", "group"})

    assert [True, False] == [needs(roles, ignore_group=g).by_cluster for g in (False, True)]


def test_cells_when_sources_are_missing_or_numbers_then_each_has_its_column() -> None:
    rows = [("dev", True, None), ("dev", False, None), ("dev", True, 7), ("test", True, 8)]
    counts = Counts(tables={KEYS: CountTable.of(KEYS, rows, [1, 9, 2, 5])})

    assert {"7": 7, "unknown source": None} == sources(counts)
    assert cells(counts) == {
        ("not_trained_on", "7"): Binomial(n_errors=2, n=2),
        ("not_trained_on", "unknown source"): Binomial(n_errors=1, n=10),
    }


def test_cells_when_one_source_comes_in_clusters_then_train_dev_and_dev_share_them() -> None:
    train, other = [3, 1, 2, 0, 4, 2, 2, 1], [1, 0, 0, 1, 2, 0, 0, 0]
    n = {"train": [9] * 8, "train_dev": [5] * 8, "dev": [0, 0, 8, 8] * 2, "test": [7] * 8}
    wrong = {"train": train, "train_dev": other, "dev": [0, 0, 3, 1] * 2, "test": [1] * 8}
    pooled_n, pooled = (
        [a + b for a, b in zip(of["train_dev"], of["dev"], strict=True)] for of in (n, wrong)
    )
    expected = rungs.errors(
        counts_of({"train": [9] * 8, "dev": pooled_n}, {"train": train, "dev": pooled})
    ).measured

    assert cells(counts_of(n, wrong), source="web") == {
        ("trained_on", "web"): expected["train"],
        ("not_trained_on", "web"): expected["dev"],
    }


def test_cells_when_one_source_is_counted_apart_without_clusters_then_it_is_pooled_too() -> None:
    keys = ("split", "misclassified")
    splits = [("train_dev", True), ("dev", False), ("field", True)]
    counts = Counts(tables={keys: CountTable.of(keys, splits, [2, 8, 9])})

    assert {("not_trained_on", "web"): Binomial(n_errors=2, n=10)} == cells(counts, source="web")


def test_table_when_a_loss_has_no_interval_then_its_differences_have_none() -> None:
    model: dict[tuple[str, str], Measured] = {
        ("trained_on", "web"): Mean(mean=1.0, variance=1.0, n=100),
        ("not_trained_on", "web"): Mean(mean=2.0, variance=inf, n=1),
    }
    step = next(b.difference for b in judge(model, is_rate=False).between if b.difference)

    assert (1.0, None, None) == (step.estimate, step.lower, step.upper)


def test_table_when_it_holds_losses_then_blanks_name_no_number_of_examples() -> None:
    found = judge({("trained_on", "web"): Fixed(value=2.5)}, is_rate=False)

    assert {None} == {want.n for want in found.wants}
    assert "Measure the error on web examples not trained on." == found.wants[0].sentence
