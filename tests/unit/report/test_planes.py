from __future__ import annotations

import re

import pytest

from headway.report.document import Amount, Curve, Curves, Document, Plane, PlanePoint, Section
from headway.report.planes import Picture, curve_pictures, plane_picture
from headway.report.render import to_html, to_markdown, to_plain_text
from headway.report.terminal_planes import nearest_place, places_of, plane_lines
from headway.report.terminal_text import Screen


def amount(value: float | None, half: float | None, kind: str = "rate") -> Amount:
    """A number with a symmetric interval, or without one."""
    ends = (None, None) if value is None or half is None else (value - half, value + half)
    return Amount(value=value, lower=ends[0], upper=ends[1], kind=kind, decimals=2)


def plane(*points: tuple[str, float, float, str], limit: float | None = 100.0) -> Plane:
    """A plane of error against running time."""
    return Plane(
        caption="Error against running time",
        x_title="running time, ms",
        y_title="dev error",
        points=tuple(
            PlanePoint(name=n, x=amount(x, 1.0, "loss"), y=amount(y, 0.01), state=state)
            for n, x, y, state in points
        ),
        level=0.95,
        limit=limit,
    )


FIVE = plane(
    ("net-34", 86, 0.0955, "chosen"),
    ("net-18", 54, 0.1075, "yes"),
    ("small-6", 31, 0.128, "tied"),
    ("net-50", 99, 0.091, "undetermined"),
    ("vote-5", 212, 0.0815, "no"),
)

CURVES = Curves(
    caption="By threshold",
    x_title="threshold",
    curves=(
        Curve(title="recall", x=(0.0, 0.5, 1.0), y=(amount(1, 0), amount(0.8, 0.1), amount(0, 0))),
        Curve(
            title="alarms",
            x=(0.0, 0.5, 1.0),
            y=(amount(9, 1, "loss"), amount(2, None, "loss"), amount(0.5, 0.4, "loss")),
        ),
    ),
    level=0.95,
    marks=((0.45, "chosen"),),
    limits=(None, 3.0),
)


def looks(picture: Picture, look: str) -> int:
    """How many marks of the plot have a look."""
    return sum(mark.look == look for mark in picture.plot.marks)


def texts(picture: Picture) -> list[str]:
    """What the plot says."""
    return [mark.text for mark in picture.plot.marks if mark.shape == "text"]


def test_plane_when_range_is_wide_then_scale_is_logarithmic_and_says_so() -> None:
    assert plane_picture(FIVE).note.endswith("(log scale)")
    assert not plane_picture(plane(("a", 50, 0.1, "yes"))).note.endswith("(log scale)")


def test_plane_when_drawn_then_each_state_has_its_mark() -> None:
    drawn = plane_picture(FIVE)
    assert (3, 2, 1) == tuple(looks(drawn, look) for look in ("dot", "ring", "leftdisc"))


def test_plane_when_drawn_then_names_say_the_choice_and_what_cannot_be_told() -> None:
    said = texts(plane_picture(FIVE))
    assert {"net-34: the choice", "small-6: tied", "net-50: cannot tell", "vote-5"} <= {*said}


def test_plane_when_limit_is_a_floor_then_the_left_is_not_allowed() -> None:
    at_least = Plane(**{name: getattr(FIVE, name) for name in FIVE.__slots__} | {"at_most": False})
    ends = [dict(m.at) for m in plane_picture(at_least).plot.marks if m.look == "beyond"]
    assert "0.000%" == ends[0]["x"]


def test_plane_when_there_is_no_limit_then_nothing_is_shaded() -> None:
    drawn = plane_picture(plane(("a", 50, 0.1, "yes"), limit=None))
    assert (0, 0) == (looks(drawn, "zone"), looks(drawn, "beyond"))


def test_plane_when_a_number_is_unknown_then_the_point_is_left_out() -> None:
    point = PlanePoint(name="b", x=amount(None, None, "loss"), y=amount(0.1, None))
    block = Plane(caption="", x_title="t", y_title="e", points=(*FIVE.points, point), level=0.95)
    assert "b" not in texts(plane_picture(block))


def test_plane_when_there_are_many_then_names_do_not_lie_on_each_other() -> None:
    crowd = plane(*((f"m{i}", 50 + i / 10, 0.1 + i / 1e4, "yes") for i in range(50)))
    assert len(texts(plane_picture(crowd))) < 30


def test_plane_when_everything_is_equal_then_is_drawn_all_the_same() -> None:
    assert 1 == looks(plane_picture(plane(("a", 100.0, 0.0, "yes"))), "dot")


def test_curves_when_drawn_then_the_last_carries_the_axis() -> None:
    first, last = curve_pictures(CURVES)
    assert first.bottom is None
    assert last.bottom is not None
    assert ("", "threshold") == (first.note, last.note)


def test_curves_when_a_band_has_holes_then_the_line_goes_on() -> None:
    drawn = curve_pictures(CURVES)[1]
    assert (3, 4) == (len(drawn.line.split()), len(drawn.area.split()))


def test_curves_when_there_is_one_place_then_is_drawn_all_the_same() -> None:
    one = Curve(title="looks", x=(3.0,), y=(amount(0.1, None),))
    block = Curves(caption="", x_title="look", curves=(one,), level=0.95)
    assert 1 == len(curve_pictures(block)[0].line.split())


def test_places_when_there_are_many_then_a_dozen_and_the_marked_ones_are_written() -> None:
    x = tuple(i / 100 for i in range(101))
    curve = Curve(title="recall", x=x, y=tuple(amount(0.5, None) for _ in x))
    block = Curves(caption="", x_title="t", curves=(curve,), level=0.95, marks=((0.421, "chosen"),))
    assert 13 == len(places_of(block))
    assert 42 == nearest_place(block, 0.421)
    assert 42 in places_of(block)


@pytest.mark.parametrize("width", [60, 80, 120])
def test_plane_when_on_a_terminal_then_rows_fit_and_the_limit_is_named(width: int) -> None:
    page = Document(command="select", verdict="v", sections=(Section(title="t", blocks=(FIVE,)),))
    lines = to_plain_text(page, width=width).splitlines()
    assert max(map(len, lines)) <= width
    assert any("not allowed to its right" in line for line in lines)


def test_curves_when_on_a_terminal_then_the_mark_stands_at_its_place() -> None:
    page = Document(command="x", verdict="v", sections=(Section(title="t", blocks=(CURVES,)),))
    marked = [line for line in to_plain_text(page).splitlines() if "chosen" in line]
    assert ["0.5"] == [line.split()[0] for line in marked]


def test_markdown_when_of_a_plane_and_curves_then_every_row_is_there() -> None:
    blocks = (FIVE, CURVES)
    page = Document(command="x", verdict="v", sections=(Section(title="t", blocks=blocks),))
    text = to_markdown(page)
    assert "| net-50 | 9.10" in text
    assert "cannot tell" in text
    assert re.search(r"^\| 0\.5 \|.*chosen \|$", text, re.MULTILINE)


def test_html_when_of_a_plane_and_curves_then_is_an_image_with_its_caption() -> None:
    blocks = (FIVE, CURVES)
    page = Document(command="x", verdict="v", sections=(Section(title="t", blocks=blocks),))
    text = to_html(page)
    assert 'aria-label="Error against running time"' in text
    assert 2 == text.count("<polyline")


def test_plane_when_its_title_is_long_then_the_terminal_shows_it_in_full() -> None:
    point = PlanePoint(name="a_model_of_long_name", x=Amount(value=0.1), y=Amount(value=0.9))
    block = Plane(
        caption="", x_title="t", y_title="Area under the ROC curve", points=(point,), level=0.95
    )
    lines = ["".join(text for text, _ in line) for line in plane_lines(block, Screen(width=80))]
    assert "Area under the ROC curve  t" in lines[0]
    assert "a_model_of_long_name" in lines[1]
