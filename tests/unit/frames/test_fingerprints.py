from __future__ import annotations

from typing import Any

import pandas as pd
import polars as pl
import pytest

from headway.frames.fingerprints import fingerprints
from headway.frames.source import read

ROWS: dict[str, Any] = {
    "split": ["val", "val", "test"],
    "id": [1, 2, 3],
    "label": [0, 1, 1],
    "prediction": [0, 0, 1],
}


def of(**changed: Any) -> dict[str, str]:
    """The digests of the rows with some columns changed."""
    return fingerprints(read(pl.DataFrame(ROWS | changed)))


def test_digest_when_another_model_answers_then_is_the_same() -> None:
    assert of() == of(prediction=[1, 1, 0])


@pytest.mark.parametrize("changed", [{"id": [1, 9, 3]}, {"label": [1, 1, 1]}])
def test_digest_when_dev_changes_then_its_own_does_and_that_of_test_does_not(
    changed: dict[str, Any],
) -> None:
    assert of()["dev"] != of(**changed)["dev"]
    assert of()["test"] == of(**changed)["test"]


def test_digest_when_ids_are_words_then_they_count() -> None:
    one, other = of(id=["a", "b", "c"]), of(id=["a", "bb", "c"])
    assert one["dev"] != other["dev"]


@pytest.mark.parametrize("engine", [pd.DataFrame, lambda rows: pl.DataFrame(rows).to_arrow()])
def test_digest_when_on_another_engine_then_is_the_same(engine: Any) -> None:
    assert of() == fingerprints(read(engine(ROWS)))


def test_digest_when_there_is_no_split_no_id_and_no_label_then_is_that_of_dev() -> None:
    assert ["dev"] == list(fingerprints(read({"correct": [1, 0]})))


def test_digest_when_a_split_has_an_unknown_name_then_has_none() -> None:
    assert ["dev"] == list(of(split=["dev", "dev", "fold 3"]))
