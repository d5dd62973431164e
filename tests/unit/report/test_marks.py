from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headway.report.axes import Axis, bars_axis, ladder_axis, share, step_size, tick_label
from headway.report.document import Amount, GapBars, Ladder, RungRow
from headway.report.marks import Drawing, Mark, bar_drawings, ladder_drawings, swatch
from headway.report.sections import gap_bars, ladder
from tests.unit.report.ladders import CASES, cat, judged, rate


def shapes(drawing: Drawing, look: str) -> list[dict[str, str]]:
    """The attributes of the marks of one look."""
    return [dict(mark.at) for mark in drawing.marks if mark.look == look]


def drawn(block: Ladder) -> dict[str, Drawing]:
    """The drawing of each row by its name."""
    return dict(zip([row.name for row in block.rows], ladder_drawings(block)[1:], strict=True))


@given(st.floats(1e-4, 1e4))
def test_axis_when_of_any_length_then_has_one_to_five_round_steps(span: float) -> None:
    step = step_size(span)
    assert 1 <= span / step * (1 + 1e-9)
    assert span / step <= 5 * (1 + 1e-9)


def test_axis_when_of_a_ladder_then_ends_at_a_round_number_above_everything() -> None:
    axis = ladder_axis(ladder(cat()))
    assert (0.0, 0.15, (0.0, 0.05, 0.10, 0.15)) == (axis.low, axis.high, axis.ticks)
    assert ["0", "5", "10", "15"] == [tick_label(axis, tick) for tick in axis.ticks]


def test_axis_when_everything_is_zero_then_still_has_a_length() -> None:
    row = RungRow(name="dev", title="dev", n=5, error=Amount(value=0.0))
    assert ladder_axis(Ladder(caption="", rows=(row,), level=0.95, reference=None)).high > 0
    bars = bars_axis(GapBars(caption="", rows=(), level=0.95, margin=0.0))
    assert bars.high > bars.low


def test_share_when_beyond_the_axis_then_is_its_end() -> None:
    axis = Axis(low=0.0, high=0.1, ticks=(), kind="loss")
    assert [0.0, 0.5, 1.0] == [share(axis, x) for x in (-1.0, 0.05, 2.0)]
    assert "0.05" == tick_label(axis, 0.05)


def test_gap_when_drawn_then_its_bar_runs_from_rung_to_rung() -> None:
    rows = drawn(ladder(cat()))
    bar = shapes(rows["data_mismatch"], "fill")[0]
    assert shapes(rows["train_dev"], "dot")[0]["cx"] == bar["x"]
    end = float(bar["x"][:-1]) + float(bar["width"][:-1])
    assert pytest.approx(end, abs=0.002) == float(shapes(rows["dev"], "dot")[0]["cx"][:-1])


def test_hairlines_when_drawn_then_drop_from_rung_to_rung() -> None:
    block = ladder(CASES["holes"]())
    rows = drawn(block)
    x = shapes(rows["train"], "dot")[0]["cx"]
    passing = shapes(rows["train_dev"], "link") + shapes(rows["dev"], "link")
    assert [(x, "0", "34")] * 2 == [(link["x1"], link["y1"], link["y2"]) for link in passing]
    assert 1 == len(shapes(rows["human"], "link"))


def test_human_level_when_drawn_then_is_a_line_with_a_band_in_every_row() -> None:
    for drawing in ladder_drawings(ladder(cat()))[1:]:
        assert (1, 1) == (len(shapes(drawing, "reference")), len(shapes(drawing, "band")))
    for drawing in ladder_drawings(ladder(CASES["alone"]()))[1:]:
        assert [] == shapes(drawing, "reference") + shapes(drawing, "band")


def test_bars_when_shown_open_or_small_then_are_filled_hatched_or_outlined() -> None:
    looks = {
        row: {mark.look for mark in drawing.marks} & {"fill", "hatched", "edge"}
        for row, drawing in drawn(ladder(CASES["tied"]())).items()
    }
    assert ({"fill"}, {"edge"}) == (looks["data_mismatch"], looks["variance"])
    assert {"hatched"} == {
        mark.look for mark in drawn(ladder(cat()))["dev_overfit"].marks if mark.hatch
    }


def test_gap_when_merged_then_hatches_the_first_and_needs_a_taller_row() -> None:
    rows = drawn(ladder(CASES["holes"]()))
    merged = next(drawing for name, drawing in rows.items() if "_or_" in name)
    assert ["variance"] == [mark.hatch for mark in merged.marks if mark.hatch]
    assert 76 == merged.height


def test_gap_when_negative_then_its_bar_runs_to_the_left_of_its_start() -> None:
    rows = drawn(ladder(CASES["negative"]()))
    bar = shapes(rows["variance"], "edge")[0]
    assert bar["x"] == shapes(rows["train_dev"], "dot")[0]["cx"]


def test_rung_when_few_examples_then_its_dot_is_hollow_and_without_n_has_no_line() -> None:
    few = drawn(ladder(judged({"train": rate(0, 25), "dev": rate(3, 25)}, "1%")))
    assert 1 == len(shapes(few["dev"], "ring"))
    assert [] == shapes(few["human"], "line")


def test_bars_when_drawn_then_stand_on_the_margin_and_unknown_ones_are_blank() -> None:
    block = gap_bars(CASES["depends"]()).blocks[0]
    assert isinstance(block, GapBars)
    ticks, unknown, merged = bar_drawings(block)
    assert "0" in [mark.text for mark in ticks.marks]
    assert {"zone", "zero"} == {mark.look for mark in unknown.marks}
    assert {"zone", "zero", "hatched", "whisk"} == {mark.look for mark in merged.marks}


def test_ticks_when_drawn_then_only_the_last_one_of_a_rate_has_its_unit() -> None:
    ticks = ladder_drawings(ladder(cat()))[0].marks
    assert ["", "", "", "\u202f%"] == [mark.unit for mark in ticks]
    assert ["start", "middle", "middle", "end"] == [dict(m.at)["text-anchor"] for m in ticks]
    assert {""} == {mark.unit for mark in ladder_drawings(ladder(CASES["loss"]()))[0].marks}


@pytest.mark.parametrize(
    ("hues", "verdict", "look"),
    [
        (["bias"], "yes", "fill"),
        (["bias"], "no", "edge"),
        (["bias"], "undetermined", "hatched"),
        (["variance", "mismatch"], "yes", "hatched"),
    ],
)
def test_swatch_when_beside_a_name_then_looks_like_its_bar(
    hues: list[str], verdict: str, look: str
) -> None:
    found = swatch(hues, verdict)
    assert isinstance(found, Mark)
    assert look == found.look
    assert None is swatch(hues, "not_applicable")
