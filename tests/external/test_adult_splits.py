from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl
import pytest

import headway
from headway.findings import Verdict

if TYPE_CHECKING:
    from pathlib import Path

    from headway.strategy.split_check import SplitCheck

pytestmark = pytest.mark.external


def people(folder: Path) -> pl.DataFrame:
    """The rows of the census."""
    return pl.read_parquet(folder / "adult" / "adult.parquet")


def of(check: SplitCheck, code: str) -> Verdict:
    """The verdict of one code."""
    return next(finding.verdict for finding in check.findings if finding.code == code)


def test_copies_when_test_rows_occur_verbatim_in_train_then_all_23_are_found(
    external_data: Path,
) -> None:
    found = headway.check_splits(
        external_data / "adult" / "adult.parquet", columns={"label": "income"}, margin=0.01
    ).result
    copies = next(leak for leak in found.leaks if leak.kind == "row")

    assert (23, 16_281) == (copies.of("test", "train"), copies.rows["test"])
    assert 26 == copies.same_inputs["test", "train"]
    assert Verdict.YES == of(found, "HW357")
    assert 15 == len(copies.by)


def test_split_when_made_from_its_rows_then_its_copies_stay_together(external_data: Path) -> None:
    rows = people(external_data).drop("split")
    made = headway.split(rows, columns={"label": "income"}, dev=5000, test=5000)
    frame: pl.LazyFrame = made.result.rows  # type: ignore[assignment]
    found = headway.check_splits(frame, columns={"label": "income"}, margin=0.02).result

    assert (5000, 5000) == (made.result.n("dev"), made.result.n("test"))
    assert {"HW350": Verdict.NO, "HW353": Verdict.NO} == {
        c: of(found, c) for c in ("HW350", "HW353")
    }
    copies = next(leak for leak in found.leaks if leak.kind == "row")
    assert (Verdict.NO, ()) == (copies.verdict, copies.pairs)


def test_split_when_by_country_then_is_refused_as_another_distribution(
    external_data: Path,
) -> None:
    rows = people(external_data).filter(pl.col("split") == "test")
    abroad = pl.col("native_country") != "United-States"
    split = pl.when(abroad).then(pl.lit("dev")).otherwise(pl.lit("test"))
    found = headway.check_splits(
        rows.with_columns(split=split), columns={"label": "income"}, margin=0.05
    ).result

    assert Verdict.YES == of(found, "HW350")
    assert "native_country" == found.alike[0].differing[0].name


def test_field_when_it_is_younger_then_is_found_without_its_labels(external_data: Path) -> None:
    rows = people(external_data).filter(pl.col("split") == "test")
    rng = np.random.default_rng(0)
    young = pl.Series(rng.random(len(rows)) < 0.5) & (rows["age"] < 40)
    split = pl.when(young).then(pl.lit("field")).otherwise(pl.lit("dev"))
    given = rows.with_columns(split=split).with_columns(
        income=pl.when(pl.col("split") == "dev").then(pl.col("income"))
    )
    found = headway.check_splits(given, columns={"label": "income"}, margin=0.05).result

    assert Verdict.YES == of(found, "HW351")
    assert "age" in {test.name for test in found.alike[0].differing}
