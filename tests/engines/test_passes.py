from __future__ import annotations

from typing import TYPE_CHECKING, Any

import duckdb
import narwhals.stable.v2 as nw
import polars as pl
import pytest

from headway.counts import LOSS_SUMS, CountSpec
from headway.frames.cluster_moments import cluster_moments
from headway.frames.joint import joint
from headway.frames.reduce import reduce
from headway.frames.source import read

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.conftest import FrameOf

PAIRS = ("split", "label", "prediction")
TABLE: dict[str, list[Any]] = {
    "id": [1, 2, 3, 4],
    "split": ["train", "train", "dev", "dev"],
    "label": [0, 1, 0, 1],
    "prediction": [0, 0, 0, 1],
    "group": ["a", "b", "a", "b"],
    "device": ["x", "y", "x", "y"],
    "region": ["p", "p", "q", None],
}
WEIGHTED = {**TABLE, "weight": [1.0, 2.0, 3.0, 4.0]}
LOSSES = {"split": ["train", "dev"], "loss": [0.5, 0.25]}


@pytest.fixture
def passes(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """A list that grows by one name whenever an engine is asked for rows."""
    asked: list[str] = []

    def spy(owner: Any, name: str) -> None:
        real: Callable[..., Any] = getattr(owner, name)

        def counted(*args: Any, **options: Any) -> Any:
            asked.append(name)
            return real(*args, **options)

        monkeypatch.setattr(owner, name, counted)

    spy(nw.LazyFrame, "collect")
    spy(pl, "collect_all")
    spy(duckdb.DuckDBPyRelation, "fetchall")
    spy(duckdb.DuckDBPyRelation, "fetchnumpy")
    yield asked
    asked.clear()


def asks(table: Any, *groupings: tuple[str, ...], **more: Any) -> None:
    spec = CountSpec(
        groupings=frozenset(groupings),
        sums=frozenset(more.pop("sums", ())),
        by_cluster=more.pop("by_cluster", False),
    )
    reduce(read(table), spec, **more)


def test_question_when_it_has_one_grouping_then_takes_one_pass(
    frame_of: FrameOf, passes: list[str]
) -> None:
    asks(frame_of(TABLE), PAIRS)
    assert 1 == len(passes)


def test_question_when_it_can_be_read_off_another_then_takes_one_pass(
    frame_of: FrameOf, passes: list[str]
) -> None:
    asks(frame_of(TABLE), PAIRS, ("split", "misclassified"), ("split",))
    assert 1 == len(passes)


def test_question_when_it_has_several_groupings_then_takes_one_pass_after_a_look(
    frame_of: FrameOf, passes: list[str]
) -> None:
    one_way = [("split", name, "misclassified") for name in ("device", "region")]
    asks(frame_of(TABLE), PAIRS, *one_way)
    assert 2 == len(passes)


def test_question_when_there_are_weights_then_takes_a_cheap_pass_first(
    frame_of: FrameOf, passes: list[str]
) -> None:
    frame = read(frame_of(WEIGHTED))
    assert 1 == len(passes)
    reduce(frame, CountSpec(groupings=frozenset({(*PAIRS, "weight")})))
    assert 2 == len(passes)


def test_question_when_there_is_a_loss_then_takes_a_cheap_pass_first(
    frame_of: FrameOf, passes: list[str]
) -> None:
    asks(frame_of(LOSSES), ("split",), sums=LOSS_SUMS)
    assert 2 == len(passes)


def test_question_when_clusters_or_ids_are_asked_then_takes_one_more_for_each(
    frame_of: FrameOf, passes: list[str]
) -> None:
    asks(frame_of(TABLE), PAIRS, by_cluster=True)
    assert 2 == len(passes)
    asks(frame_of(TABLE), PAIRS, by_cluster=True, check_ids=True)
    assert 5 == len(passes)


MODELS: dict[str, list[Any]] = {
    "id": [1, 2, 1, 2],
    "model": [*"aabb"],
    "label": [0, 1, 0, 1],
    "prediction": [0, 0, 0, 1],
    "group": [*"xyxy"],
}


def test_pairing_when_all_models_are_taken_then_takes_two_passes(
    frame_of: FrameOf, passes: list[str]
) -> None:
    frame = read(frame_of(MODELS))
    joint(frame)
    assert 2 == len(passes)
    joint(frame, models=["b", "a"])
    assert 5 == len(passes)


def test_clusters_when_summed_for_all_models_then_take_two_passes(
    frame_of: FrameOf, passes: list[str]
) -> None:
    cluster_moments(read(frame_of(MODELS)))
    assert 2 == len(passes)
