from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from headway.counts import Counts, CountTable
from headway.errors import TargetError
from headway.findings import Verdict
from headway.strategy import gaps, track_record
from headway.strategy.knobs import named
from headway.studies.demo import (
    IDEAS,
    MOVES,
    REFERENCE,
    Progress,
    System,
    advised_move,
    first_system,
    paired,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from headway.strategy.ladder import Gaps


def last(steps: Iterator[Progress | System]) -> System:
    """The system at the end."""
    *_, system = steps
    assert isinstance(system, System)
    return system


@pytest.fixture(scope="module")
def before() -> System:
    """The first system of seed 0."""
    return last(first_system(0))


@pytest.fixture(scope="module")
def after(before: System) -> System:
    """The system after the move against data mismatch."""
    return last(advised_move(before, "data_mismatch"))


def ladder(system: System) -> Gaps:
    """The judged ladder of a system, rows taken as independent."""
    columns = system.collected.columns
    keys = ("split", "label", "prediction")
    cells = list(zip(*(columns[key].tolist() for key in keys), strict=True))
    table = CountTable.of(keys, cells, [1] * len(cells))
    rng = np.random.default_rng(0)
    return gaps.judge(Counts(tables={keys: table}), reference=REFERENCE, rng=rng)


def test_first_system_when_collected_then_each_digit_is_one_row(before: System) -> None:
    columns = before.collected.columns
    assert len(set(columns["id"].tolist())) == len(columns["id"]) == 1797
    assert "group" not in columns
    assert {"scan", "photo"} == set(columns["source"].tolist())


def test_first_system_when_run_again_then_predicts_the_same(before: System) -> None:
    again = last(first_system(0)).collected.columns["prediction"]
    assert before.collected.columns["prediction"].tolist() == again.tolist()


def test_first_system_when_watched_then_each_title_counts_up_to_its_total() -> None:
    *progress, _ = first_system(0)
    counted = [step for step in progress if isinstance(step, Progress)]
    finished = {step.title for step in counted if step.done == step.total}
    assert finished == {step.title for step in counted}


def test_first_system_when_judged_then_data_mismatch_alone_leads(before: System) -> None:
    judged = ladder(before)
    assert ("single", ("data_mismatch",)) == (judged.reading, judged.focus)
    assert not judged.past_human


def test_advised_move_when_made_then_dev_rows_are_the_same(before: System, after: System) -> None:
    for name in ("id", "label", "tilt"):
        rows = [
            system.collected.columns[name][system.collected.columns["split"] == "dev"].tolist()
            for system in (before, after)
        ]
        assert rows[0] == rows[1]


def test_advised_move_when_rows_share_a_digit_then_they_share_a_group(after: System) -> None:
    columns = after.collected.columns
    train = columns["split"] == "train"
    assert 700 == len(set(columns["group"][train].tolist()))
    assert 7 * 700 == len(set(columns["id"][train].tolist()))


def test_advised_move_when_made_then_the_promise_is_kept(before: System, after: System) -> None:
    promised = ladder(before).gap("data_mismatch")
    entry = track_record.judge(promised, paired(before, after), knob="make_train_like_dev")
    assert entry.kept == Verdict.YES
    assert entry.realised.lower is not None
    assert entry.realised.lower > 0.05


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(10))
def test_demo_when_the_seed_is_another_then_the_story_holds(seed: int) -> None:
    first = last(first_system(seed))
    judged = ladder(first)
    move = last(advised_move(first, judged.focus[0]))
    entry = track_record.judge(judged.gap(judged.focus[0]), paired(first, move), knob="any")
    assert ("single", ("data_mismatch",)) == (judged.reading, judged.focus)
    assert entry.kept == Verdict.YES


@pytest.mark.parametrize("gap", ["avoidable_bias", "variance"])
def test_advised_move_when_another_gap_leads_then_one_knob_differs(
    before: System, gap: str
) -> None:
    other = last(advised_move(before, gap))
    fields = ("hidden", "epochs", "l2", "photos")
    turned = [x for x in fields if getattr(other.recipe, x) != getattr(before.recipe, x)]
    assert len(turned) == 1
    assert other.collected.columns.keys() == before.collected.columns.keys()


def test_advised_move_when_no_move_is_known_then_refuses(before: System) -> None:
    with pytest.raises(TargetError, match="'real_world' is no gap with a move in the demo"):
        last(advised_move(before, "real_world"))


def test_ideas_and_moves_when_looked_up_then_their_knobs_exist() -> None:
    knobs = [*(idea.knob for idea in IDEAS), *(move.knob for move in MOVES.values())]
    assert knobs == [named(knob or "").name for knob in knobs]
