from __future__ import annotations

from dataclasses import replace

import pytest

from headway.errors import ColumnError
from headway.report.compose import document
from headway.report.document import Amount, Facts, Row, Section, Table
from headway.report.render import to_plain_text, to_text
from headway.report.terminal import COLOURS
from headway.report.terminal_tables import table_lines
from headway.report.terminal_text import Screen, cells, compact, padded, paragraph, wrapped
from headway.strategy.knobs import KNOBS, KnobMap
from headway.strategy.size import of_n
from tests.unit.report.ladders import (
    CASES,
    INTAKE,
    broken_down,
    cat,
    clustered,
    sources,
    steps,
    team_ideas,
)

LADDER_80 = """\
                        n 0         5        10        15  error   95 % interval
human level         1,000  ●──                              0.60  [ 0.28,  1.30]
● avoidable bias           ███                              1.50  [ 0.79,  1.83]
train             205,000  ┊  ●                             2.10  [ 2.04,  2.16]
● variance                 ┊  ██                            1.08  [ 0.75,  1.45]
train-dev          10,000  ┊    ●─                          3.18  [ 2.85,  3.54]
● data mismatch            ┊    █████████████               6.37  [ 5.43,  7.37]
dev                 4,000  ┊               ──●──            9.55  [ 8.68, 10.50]
◐ dev overfit              ┊                 ▒              0.40  [−0.90,  1.70]
test                4,000  ┊                ──●──           9.95  [ 9.06, 10.92]
● real world               ┊                  ████          2.05  [ 0.08,  4.20]
field               1,200  ┊                   ───●────    12.00  [10.28, 13.96]

● shown   ◐ cannot tell   ○ too small     error in percent, gaps in points
"""

DEV_120 = (
    "dev                 4,000   ┊                      ───●───                9.55  [ 8.68, 10.50]"
)
BIAS_120 = (
    "● avoidable bias            ████                                          1.50  [ 0.79,  1.83]"
    "      < 0.01  shown"
)
FIELD_ASCII = "field               1,200  :                   ---o----    12.00  [10.28, 13.96]"


def test_ladder_when_80_wide_then_has_the_layout() -> None:
    assert LADDER_80 in to_plain_text(document(cat()))


def test_ladder_when_120_wide_then_probability_and_state_join() -> None:
    lines = to_plain_text(document(cat()), width=140).splitlines()
    assert {DEV_120, BIAS_120} <= set(lines)
    assert to_plain_text(document(cat()), width=100) == to_plain_text(document(cat()))


def test_ladder_when_only_ascii_is_shown_then_is_drawn_with_it() -> None:
    text = to_plain_text(document(cat()), unicode=False)
    assert FIELD_ASCII in text.splitlines()
    assert text.isascii()


def test_ladder_when_below_60_wide_then_loses_the_chart_and_keeps_the_numbers() -> None:
    lines = to_plain_text(document(cat()), width=50).splitlines()
    assert "field               1,200  12.00  [10.28, 13.96]" in lines
    assert "field              12.00  [10.28, 13.96]" in to_plain_text(document(cat()), width=42)


@pytest.mark.parametrize("width", [48, 60, 71, 80, 120])
@pytest.mark.parametrize("name", CASES)
def test_lines_when_laid_out_then_fit_the_width(name: str, width: int) -> None:
    for page in (document(CASES[name]()), document(steps(name))):
        for unicode in (True, False):
            lines = to_plain_text(page, width=width, unicode=unicode, full=True).splitlines()
            assert [] == [line for line in lines if cells(line) > width]
            assert [] == [line for line in lines if line != line.rstrip()]


def test_lines_when_painted_then_styles_are_known_and_bars_have_their_hue() -> None:
    lines = to_text(document(cat()))
    styles = {style for line in lines for _, style in line}
    assert {"bias", "variance", "mismatch", "overfit", "real", "bold", "dim", ""} == styles
    assert styles - {"bold", "dim", ""} <= set(COLOURS)
    bars = [text.strip() for line in lines for text, style in line if style == "mismatch"]
    assert ["●", "█" * 13] == bars


def test_rungs_when_without_n_interval_or_measure_then_say_so() -> None:
    bare = to_plain_text(document(CASES["bare"]()))
    assert (
        "human level             –    ●                              1.00      no n given" in bare
    )
    assert (
        "train-dev               –    ┊                                 –    not measured" in bare
    )
    assert "no interval" in to_plain_text(document(clustered()))


def test_gap_when_merged_then_its_name_wraps_beside_the_chart() -> None:
    lines = to_plain_text(document(CASES["confounded"]())).splitlines()
    at = next(i for i, line in enumerate(lines) if line.startswith("◐ variance or data "))
    assert "  mismatch                ┊" == lines[at + 1]


def test_gap_when_negative_then_its_bar_runs_to_the_left() -> None:
    lines = to_plain_text(document(CASES["negative"]())).splitlines()
    row = next(line for line in lines if line.startswith("○ variance"))
    assert row.endswith("−5.00  [−5.73, −4.27]")
    assert "░░░░░░░" in row


def test_terms_when_ours_are_used_then_one_line_explains_each() -> None:
    text = to_plain_text(document(cat()))
    assert "variance (train → train-dev): from examples trained on to others like them" in text
    assert "field: examples met in the real world" in text
    assert "field:" not in to_plain_text(document(steps("tied")))


def test_steps_when_listed_then_have_number_aim_and_ceiling_in_columns() -> None:
    lines = to_plain_text(document(steps())).splitlines()
    head = "   next steps                             addresses       at most  95 % interval"
    first = "1  Look at train and dev examples and     data mismatch      6.37 [ 5.43,  7.37]"
    assert {head, first, "   find in what they differ"} <= set(lines)


def test_steps_when_narrow_then_numbers_stand_below_the_title() -> None:
    lines = to_plain_text(document(steps()), width=50).splitlines()
    assert "   at most 6.37 [5.43, 7.37]" in lines


def test_ideas_when_listed_then_are_marked_and_the_marks_explained() -> None:
    text = to_plain_text(document(team_ideas()))
    assert "\n●  blur the web photos                    data mismatch      6.37 [ 5.43" in text
    assert "\n○  try Adam" in text
    assert "● worth it   ○ not now   ◐ cannot tell" in text
    assert "   6 person-days" in text.splitlines()


def test_table_when_80_wide_then_has_n_behind_each_interval() -> None:
    lines = to_plain_text(document(sources())).splitlines()
    assert any(line.endswith("[11.99, 14.08]  n 4,000") for line in lines)
    assert "rates in percent, differences in points, 95 % intervals" in lines


def test_table_when_narrow_then_its_columns_follow_below_each_other() -> None:
    lines = to_plain_text(document(sources()), width=50).splitlines()
    assert [] == [line for line in lines if cells(line) > 50]
    assert 2 == sum(line.startswith("human level") for line in lines)


def test_knobs_when_listed_then_texts_wrap_inside_their_column() -> None:
    lines = to_plain_text(document(KnobMap(knobs=KNOBS))).splitlines()
    assert (
        "Regularize: L2, dropout    variance                    avoidable bias  ● one gap" in lines
    )


def test_full_when_asked_then_shows_the_part_for_the_engineer() -> None:
    page = document(broken_down(), intake=INTAKE)
    text = to_plain_text(page, full=True)
    assert "● data mismatch     6.37  [ 5.43,  7.37]      > 0.99  shown" in text
    assert "Rows read           224,214, of which 14 unusable (14 no label)" in text
    assert "(missing)" in text
    assert "Rows read " not in to_plain_text(page)


def test_input_when_not_as_named_then_the_terminal_says_it() -> None:
    text = to_plain_text(document(cat(), intake=INTAKE))
    assert "Read 'y_true' as label." in text
    assert "14 of 224,214 rows were left out: 14 with no label." in text


def test_refusal_when_shown_then_is_three_lines() -> None:
    error = ColumnError.missing("label", "lable", ["id", "label"])
    assert str(error) == to_plain_text(document(error), width=40)


def test_size_when_shown_then_has_its_numbers_below() -> None:
    text = to_plain_text(document(of_n(10_000, 0.05)))
    assert "Numbers\nExamples    10,000\nError       5.00 %\nHalf-width  0.43 points" in text


def test_block_when_unknown_then_is_a_fault_of_ours() -> None:
    section = Section(title="", blocks=(Facts(items=(("a", "b"),)), "text"))  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="no lines for str on 80 columns"):
        to_plain_text(replace(document(cat()), sections=(section,)))


def test_text_when_wide_characters_are_in_it_then_is_measured_in_cells() -> None:
    assert (4, 1, "手机 ") == (cells("手机"), cells("e\u0301"), padded("手机", 5))
    assert ["手机", "手机"] == wrapped("手机 手机", 5, Screen(width=80))


def test_text_when_wrapped_then_no_break_spaces_hold_and_lines_hang() -> None:
    lines = paragraph("one two\u00a0three", Screen(width=20), indent=10, hanging=12, style="dim")
    assert [(" " * 10, ""), (" " * 12, "")] == [line[0] for line in lines]
    assert ("two three", "dim") == lines[1][1]


def test_spans_when_joined_then_no_space_is_left_at_the_end() -> None:
    assert () == compact([("  ", "dim"), ("", "")])
    assert (("a b", ""),) == compact([("a", ""), (" ", ""), ("b ", "")])


def test_table_when_a_head_is_wider_than_its_numbers_then_it_wraps_above_them() -> None:
    head = "Behind a_model_of_long_name, all at once"
    rows = tuple(Row(cells=(name, Amount(value=0.1), "within")) for name in "ab")
    block = Table(caption="", heads=("Model", head, "Limits"), rows=rows)
    lines = ["".join(text for text, _ in line) for line in table_lines(block, Screen(width=80))]
    assert "Behind" == lines[0].strip()
    assert max(map(len, lines)) < 40
    assert "all at once  Limits" in lines[2]
