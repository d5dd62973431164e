from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
import pytest

import headway
from tests.known import known

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.external


def test_tiers_when_on_both_sides_of_the_flip_then_the_advice_depends_on_them(
    external_data: Path,
) -> None:
    found = headway.gaps(
        external_data / "adult" / "model_predictions.parquet",
        human="best=11%,previous=12.5%",
        reference="previous_system",
        proxy="best",
        margin=0.001,
    ).result

    assert [0.12626, 0.12868] == [
        round(r.error.estimate, 5) for r in found.rungs if r.name != "human"
    ]
    assert 0.11 < known(found.flip_at) < 0.125
    assert found.flips
    assert any("depends on the tier" in f.sentence for f in found.findings)


def test_errors_when_broken_down_by_sex_then_they_are_those_of_the_readme(
    external_data: Path,
) -> None:
    folder = external_data / "adult"
    people = pl.read_parquet(folder / "adult.parquet").with_row_index("row")
    model = pl.read_parquet(folder / "model_predictions.parquet")
    joined = model.join(people.select(pl.col("row").cast(pl.Int32), "sex"), on="row")
    by = headway.gaps(joined, by=("sex",)).result.by[0]

    assert {"Male": (0.16087, 10860), "Female": (0.06419, 5421)} == {
        part.value: (round(part.errors["test"].estimate, 5), part.errors["test"].n)
        for part in by.parts
    }
