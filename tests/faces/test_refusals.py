from __future__ import annotations

import pytest

import headway
from headway.errors import ColumnError, HeadwayError, ProjectError, TargetError

RUNGS = {"train": "8%/5000", "dev": "10%/5000"}
FRAME = {"split": ["dev"], "label": [1], "prediction": [1]}


def test_error_when_no_column_tells_it_then_it_is_refused() -> None:
    with pytest.raises(ColumnError, match="No column plays the role 'prediction'"):
        headway.gaps({"split": ["dev"], "loss": [0.5]}, metric="error")


def test_loss_when_no_column_plays_it_then_it_is_refused() -> None:
    with pytest.raises(ColumnError, match=r"No column plays the role 'loss'"):
        headway.gaps(FRAME, metric="loss")


@pytest.mark.parametrize("questions", [{}, {"n": 100, "total": 1000}])
def test_size_when_not_one_question_is_asked_then_it_is_refused(questions: dict[str, int]) -> None:
    with pytest.raises(TargetError, match=f"{len(questions)} questions are asked at once"):
        headway.size(**questions)  # type: ignore[arg-type]


def test_day_when_it_is_none_then_it_is_refused() -> None:
    with pytest.raises(TargetError, match=r"'soon' is no day\."):
        headway.gaps(FRAME, mature_after_days=90, as_of="soon")


def test_table_when_given_numbers_then_it_is_refused() -> None:
    with pytest.raises(TargetError, match="cannot be made from bare numbers"):
        headway.table(rungs=RUNGS)


def test_rung_when_its_name_is_unknown_then_it_is_refused() -> None:
    with pytest.raises(TargetError, match="'trian' is no rung"):
        headway.gaps(rungs={"trian": "8%/5000"})


def test_ideas_when_none_is_declared_then_it_is_refused() -> None:
    with pytest.raises(ProjectError, match=r"headway\.toml declares no idea"):
        headway.ideas(rungs=RUNGS)


@pytest.mark.parametrize(
    ("option", "value", "message"),
    [
        ("level", 1.0, "level is 1.0"),
        ("margin", -0.1, "margin is -0.1"),
        ("max_unusable", 2.0, "max_unusable is 2.0"),
        ("seed", -1, "seed is -1"),
        ("exposure_s", 0, "exposure_s is 0"),
        ("train_as", "x", "'x' is no way to take train"),
        ("metric", "recal", "'recal' is no metric"),
        ("reference", "x", "'x' is no reference kind"),
        ("marginn", 0.1, "did you mean 'margin'"),
    ],
)
def test_option_when_out_of_range_then_it_is_refused(
    option: str, value: object, message: str
) -> None:
    with pytest.raises(HeadwayError, match=message):
        headway.gaps(rungs=RUNGS, **{option: value})


def test_models_when_several_share_a_table_then_one_must_be_named() -> None:
    frame = {
        "model": ["a", "a", "b", "b"],
        "label": [1, 1, 1, 1],
        "prediction": [1, 0, 1, 1],
    }

    with pytest.raises(HeadwayError, match="The table holds 2 models"):
        headway.gaps(frame)
    rung = headway.gaps(frame, model="a").result.rung("dev")
    assert rung is not None
    assert (rung.n_errors, rung.error.n) == (1, 2)
