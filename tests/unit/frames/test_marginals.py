from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl
import pytest

from headway.frames.marginals import agreement, coded, column_kinds, cut_points, marginals
from headway.frames.sample import Sample, sample, split_names
from headway.frames.source import read

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.conftest import FrameOf


def one(values: Sequence[Any], total: int | None = None) -> dict[str, Sample]:
    """A sample of one column."""
    n = len(values)
    return {"dev": Sample(columns={"c": values}, n=n, total=n if total is None else total)}


@pytest.mark.parametrize(
    ("values", "kind", "expected"),
    [
        ([1, 2, 3] * 10, "integer", "value"),
        ([*range(0, 90_000, 900)], "integer", "number"),
        ([*range(100)], "integer", "name"),
        ([0.5, 0.25], "float", "number"),
        ([True, False], "boolean", "value"),
        (["a", "b"] * 50, "text", "value"),
        ([f"file {i}.png" for i in range(100)], "text", "name"),
        ([f"some words about {i}" for i in range(100)], "text", "text"),
        ([f"v{i % 1100}" for i in range(3000)], "category", "name"),
        (["a"] * 9, "text", "same"),
        ([[1.0, 2.0], [3.0, 4.0]], "list", "vector"),
    ],
)
def test_columns_when_looked_at_then_are_of_a_kind(
    values: list[Any], kind: str, expected: str
) -> None:
    assert {"c": expected} == column_kinds(one(values), {"c": kind})


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        ([None, None], "text"),
        ([[1.0], [1.0, 2.0]], "list"),
        ([["a"], ["b"]], "list"),
        ([[], []], "list"),
        (["2026-01-01"], "time"),
    ],
)
def test_columns_when_they_cannot_be_compared_then_are_left_out(
    values: list[Any], kind: str
) -> None:
    assert {} == column_kinds(one(values), {"c": kind})


def test_columns_when_there_is_no_sample_then_are_none() -> None:
    assert {} == column_kinds({}, {"c": "text"})


def test_cut_points_when_made_then_are_quantiles_of_all_samples() -> None:
    values = [float(v) for v in range(80)]
    both = {**one(values[:40]), "test": one(values[40:])["dev"]}
    found = cut_points(both, {"c": "number"})["c"]
    assert 7 == len(found)
    assert [10, 40, 70] == pytest.approx([found[0] + 1, found[3] + 1, found[6] + 1], abs=1)


def test_cut_points_when_most_values_are_equal_then_are_fewer() -> None:
    assert [0.0] == cut_points(one([0.0] * 60 + [5.0] * 40), {"c": "number"})["c"]
    assert [] == cut_points(one([5.0] * 60), {"c": "number"})["c"]
    assert {} == cut_points(one([None]), {"c": "number"})


def test_columns_when_counted_then_are_those_of_the_rows(frame_of: FrameOf) -> None:
    rng = np.random.default_rng(1)
    table: dict[str, list[Any]] = {
        "split": ["train"] * 300 + ["val"] * 200 + ["other"] * 9,
        "device": rng.choice(["a", "b"], 509).tolist(),
        "x": [None, *rng.normal(size=508).tolist()],
    }
    frame = read(frame_of(table))
    splits = split_names(frame)
    kinds = column_kinds(sample(frame, ["device", "x"], splits, most=999), frame.kinds)
    cuts = {"x": [-0.5, 0.5]}
    found = marginals(frame, splits, kinds, cuts)
    rows = pl.DataFrame(table).filter(pl.col("split") != "other")
    assert {"device": "value", "x": "number"} == kinds
    assert found["device"].where(split="dev", value="a").total == len(
        rows.filter(split="val", device="a")
    )
    high = rows.filter(pl.col("split") == "train", pl.col("x") > 0.5)
    assert found["x"].where(split="train", value=2).total == len(high)
    assert 1 == found["x"].where(split="train", value=None).total
    assert 500 == found["x"].total


def test_columns_when_there_is_nothing_to_count_then_are_none() -> None:
    frame = read({"split": ["dev"], "x": ["a"]})
    assert {} == marginals(frame, split_names(frame), {"x": "name"}, {})


def test_rows_when_they_agree_by_chance_then_it_is_the_product_over_columns() -> None:
    columns = {"a": ["x", "y"] * 50, "b": [*range(100)]}
    samples = {"dev": Sample(columns=columns, n=100, total=100)}
    assert 0.5 == pytest.approx(agreement(samples, ["a"]), abs=0.01)
    assert 0.5 / 9900 == pytest.approx(agreement(samples, ["a", "b"]), rel=0.03)


def test_values_when_coded_then_bins_are_those_of_the_counts() -> None:
    assert [0, 1, 1, 2] == coded([None, 0.5, 1.0, 1.5], [1.0]).tolist()
    assert [1, 0, 2, 1] == coded(["a", None, "b", "a"], None).tolist()
