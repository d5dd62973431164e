from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl
import pytest

from headway.counts import CountSpec
from headway.errors import ColumnError, SourceError, TargetError
from headway.frames.reduce import reduce
from headway.frames.source import Frame, read
from headway.frames.versions import side, versions
from headway.stats.measured import point
from headway.strategy import rungs

if TYPE_CHECKING:
    from pathlib import Path


def rows(right: list[int], **more: Any) -> pl.DataFrame:
    """Rows of one model, right or wrong."""
    n = len(right)
    label = np.arange(n) % 3
    guess = np.where(np.array(right) == 1, label, label + 1)
    columns = {"id": np.arange(n), "split": ["dev"] * n, "label": label, "prediction": guess}
    return pl.DataFrame({**columns, **more})


def met(before: Any, after: Any, by: str = "error") -> Frame:
    """Two versions, side by side."""
    frame = read(versions={"before": before, "after": after})
    return versions(frame, "before", "after", by=by)


def cells(frame: Frame, *keys: str) -> dict[tuple[Any, ...], int]:
    """Counts by some keys."""
    counts, _ = reduce(frame, CountSpec(groupings=frozenset({("split", *keys)})))
    return {cell[1:]: n for cell, n in counts.table("split", *keys)}


BEFORE, AFTER = rows([1, 1, 0, 0]), rows([1, 0, 1, 0])


def test_versions_when_both_met_every_example_then_flips_are_counted() -> None:
    expected = {(was, now): 1 for was in (0, 1) for now in (0, 1)}

    assert expected == cells(met(BEFORE, AFTER), "was", "now")


@pytest.mark.parametrize("form", ["pandas", "arrow", "duckdb file", "mixed files"])
def test_versions_when_read_by_any_engine_then_the_counts_are_the_same(
    form: str, tmp_path: Path
) -> None:
    before: Any = BEFORE
    after: Any = AFTER
    if form == "pandas":
        before, after = BEFORE.to_pandas(), AFTER.to_pandas()
    elif form == "arrow":
        before, after = BEFORE.to_arrow(), AFTER.to_arrow()
    else:
        before, after = tmp_path / "b.parquet", tmp_path / "a.parquet"
        BEFORE.write_parquet(before)
        AFTER.write_parquet(after)
        if form == "mixed files":
            after = tmp_path / "a.csv"
            AFTER.write_csv(after)

    assert cells(met(BEFORE, AFTER), "was", "now") == cells(met(before, after), "was", "now")


def test_versions_when_one_met_more_examples_then_they_are_told_apart() -> None:
    found = cells(met(BEFORE.head(3), AFTER.tail(2)), "met")

    assert {("before",): 2, ("both",): 1, ("after",): 1} == found


def test_versions_when_an_id_is_repeated_or_labels_differ_then_it_is_left_out() -> None:
    twice = pl.concat([BEFORE, BEFORE.head(1)])
    other = AFTER.with_columns(pl.when(pl.col("id") == 3).then(9).otherwise("label").alias("label"))

    assert {("again",): 1, ("both",): 2, ("differ",): 1} == cells(met(twice, other), "met")


def test_versions_when_weights_or_groups_of_an_example_differ_then_it_is_left_out() -> None:
    before = rows([1, 1, 0, 0], weight=[1.0, 2.0, 1.0, 1.0], group=["a", "a", "b", "b"])
    after = rows([1, 1, 0, 0], weight=[1.0, 1.0, 1.0, 1.0 + 1e-12], group=["a", "a", "a", "b"])

    assert {("both",): 2, ("differ",): 2} == cells(met(before, after), "met")


def test_versions_when_losses_are_compared_then_each_side_has_its_mean() -> None:
    before = rows([1, 1, 0, 0], loss=[1.0, 2.0, 3.0, 4.0])
    after = rows([1, 1, 0, 0], loss=[0.5, 2.0, 3.5, 4.0])
    found = met(before, after, "loss")
    spec = rungs.needs(found.roles, metric="loss")
    parts = (side(found, "was", is_loss=True), side(found, "now", is_loss=True), found)
    means = [point(rungs.errors(reduce(part, spec)[0]).measured["dev"]) for part in parts]

    assert [2.5, 2.5, 0.0] == pytest.approx(means)


def test_versions_when_losses_lie_far_from_zero_then_their_differences_stay_exact() -> None:
    before = rows([1, 1, 0, 0], loss=[1e6 + k for k in range(4)])
    after = rows([1, 1, 0, 0], loss=[1e6 + k + 0.25 for k in range(4)])
    found = met(before, after, "loss")
    measured = rungs.errors(reduce(found, rungs.needs(found.roles, metric="loss"))[0]).measured

    assert 0.25 == pytest.approx(measured["dev"].mean, abs=1e-9)  # type: ignore[union-attr]


def test_versions_when_classes_are_compared_then_both_guesses_are_counted() -> None:
    found = cells(met(BEFORE, AFTER, "class"), "truth", "guess_was", "guess_now")

    assert {(0, 0, 0): 1, (1, 1, 2): 1, (2, 3, 2): 1, (0, 1, 1): 1} == found


@pytest.mark.parametrize("kind", [pl.Boolean, pl.Categorical])
def test_versions_when_classes_are_flags_or_categories_then_they_are_counted(kind: Any) -> None:
    def typed(frame: pl.DataFrame) -> pl.DataFrame:
        columns = (pl.col("label") > 0, pl.col("prediction") > 1)
        text = [c.cast(pl.String).cast(kind) if kind == pl.Categorical else c for c in columns]
        return frame.with_columns(text[0].alias("label"), text[1].alias("prediction"))

    assert 4 == sum(cells(met(typed(BEFORE), typed(AFTER), "class"), "truth", "met").values())


def test_side_when_taken_of_weighted_rows_in_groups_then_both_are_kept() -> None:
    more = {"weight": [1.0, 1.0, 10.0, 10.0], "group": ["a", "a", "b", "c"]}
    found = side(met(rows([1, 1, 0, 0], **more), rows([1, 0, 1, 0], **more)), "was", is_loss=False)
    counts, _ = reduce(found, rungs.needs(found.roles, weight_levels=found.weight_levels))

    assert {"split", "group", "weight", "correct"} == found.roles
    assert 20 / 22 == pytest.approx(rungs.errors(counts).measured["dev"].rate)  # type: ignore[union-attr]


def test_versions_when_there_is_no_id_then_it_is_refused() -> None:
    with pytest.raises(ColumnError, match="No column plays the role 'id'"):
        met(BEFORE.drop("id"), AFTER.drop("id"))


def test_read_when_a_version_holds_several_models_then_one_must_be_named() -> None:
    several = BEFORE.with_columns(pl.Series("model", ["a", "a", "b", "b"]))
    with pytest.raises(SourceError, match="The table holds 2 models"):
        read(versions={"before": several, "after": AFTER})
    with pytest.raises(TargetError, match="'c' is no model in the polars table"):
        read(versions={"before": several, "after": AFTER}, model="c")

    frame = read(versions={"before": several, "after": AFTER}, model="a")
    assert {("both",): 2, ("after",): 2} == cells(
        versions(frame, "before", "after", by="error"), "met"
    )


def test_read_when_a_version_holds_one_model_then_it_need_not_be_named() -> None:
    one = BEFORE.with_columns(model=pl.lit("resnet"))

    assert {("both",): 4} == cells(met(one, AFTER), "met")


def test_versions_when_only_right_and_wrong_is_known_then_they_are_paired() -> None:
    rows_ = [pl.DataFrame({"id": [1, 2], "correct": flags}) for flags in ([1, 0], [1, 1])]

    assert {(0, 0): 1, (1, 0): 1} == cells(met(rows_[0], rows_[1]), "was", "now")
