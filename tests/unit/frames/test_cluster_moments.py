from __future__ import annotations

from typing import Any

import pytest

from headway.errors import ColumnError, CountError, SourceError
from headway.frames.cluster_moments import cluster_moments
from headway.frames.source import read

TABLE: dict[str, list[Any]] = {
    "id": [1, 2, 3, 1, 2, 3],
    "model": [*"aaabbb"],
    "correct": [1, 0, 0, 1, 1, 0],
    "group": ["x", "x", "y", "x", "x", "y"],
}


def test_moments_when_rows_have_no_split_then_are_of_dev() -> None:
    found = cluster_moments(read(TABLE))
    assert ["dev"] == list(found)
    assert [[2.0, 1.0], [1.0, 1.0]] == found["dev"].yy.tolist()


def test_moments_when_there_is_no_group_then_are_refused() -> None:
    with pytest.raises(ColumnError, match="'group', which summing errors by cluster"):
        cluster_moments(read({name: v for name, v in TABLE.items() if name != "group"}))


def test_moments_when_nothing_is_shared_then_are_refused() -> None:
    with pytest.raises(SourceError, match="Models without common ids"):
        cluster_moments(read({**TABLE, "id": [1, 2, 3, 4, 5, 6]}))


def test_moments_when_there_are_more_than_50_models_then_are_refused() -> None:
    table = {"id": [1] * 51, "model": [*range(51)], "correct": [1] * 51, "group": [1] * 51}
    with pytest.raises(CountError, match="number of models is 51"):
        cluster_moments(read(table))
    assert (50, 50) == cluster_moments(read(table), models=[str(i) for i in range(50)])[
        "dev"
    ].yy.shape


def test_rows_when_their_split_is_unknown_then_are_no_part_of_it() -> None:
    table = {**TABLE, "split": ["dev", "dev", "fold 9"] * 2}
    assert 2 == cluster_moments(read(table), max_unusable=0.5)["dev"].n
