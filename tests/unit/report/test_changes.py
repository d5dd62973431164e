from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from headway.report.compose import document
from headway.report.document import GapBars, Table
from headway.report.numbers import plain
from headway.report.render import to_html, to_markdown, to_plain_text
from headway.report.values import value
from tests.unit.report.versions import change, loss_change, number_change

if TYPE_CHECKING:
    from headway.strategy.movements import Changes

SAME = (100, 5, 5)


def verdict(found: Changes) -> str:
    """The verdict, as a terminal shows it."""
    return plain(document(found).verdict)


@pytest.mark.parametrize(
    ("cells", "starts", "ends"),
    [
        ({"dev": (400, 180, 40)}, "Progress: dev error fell by 3.50 points [", "]."),
        ({"dev": (400, 10, 10)}, "No change that matters: dev error changed by 0.00", "1 point."),
        ({"dev": (400, 40, 180)}, "The change made it worse: dev error rose by 3.50", "]."),
        ({"dev": (400, 60, 50)}, "No change that matters: dev error fell by 0.25", "1 point."),
        ({"dev": (400, 200, 170)}, "Whether dev error fell cannot be told: it fell by", "]."),
        (
            {"train": (400, 180, 20), "dev": (400, 280, 20)},
            "Progress: dev error fell by 6.50",
            "did it is unclear: avoidable bias and variance or data mismatch both moved.",
        ),
        (
            {"train": (400, 200, 10), "train_dev": (400, 300, 10), "dev": (900, 560, 10)},
            "Progress: dev error fell by 13.75",
            "is unclear: avoidable bias, variance and data mismatch moved.",
        ),
        ({"dev": (400, 180, 40), "test": SAME}, "Progress: ", "But it enlarged dev overfit by"),
        (
            {"train": SAME, "dev": (400, 40, 180)},
            "The change made it worse",
            "It enlarged variance or data mismatch by",
        ),
        (
            {"train": (100, 5, 150), "train_dev": (400, 8, 8), "dev": (400, 8, 8)},
            "An exchange: less variance for more avoidable bias. Dev error",
            "within your margin of 1 point.",
        ),
    ],
)
def test_verdict_when_composed_then_says_what_the_change_was(
    cells: dict[str, tuple[int, int, int]], starts: str, ends: str
) -> None:
    found = verdict(change(cells))

    assert found.startswith(starts)
    assert ends in found


def test_verdict_when_only_the_lowest_rung_moved_then_it_was_paid_for_below() -> None:
    better = number_change({"train_dev": 0.08, "dev": 0.1}, {"train_dev": 0.05, "dev": 0.1})
    worse = number_change({"train_dev": 0.05, "dev": 0.1}, {"train_dev": 0.08, "dev": 0.1})

    assert "An exchange: more data mismatch, paid for below it." in verdict(better)
    assert "An exchange: less data mismatch, paid for below it." in verdict(worse)


def test_page_when_a_loss_changed_then_it_has_no_percent() -> None:
    page = document(loss_change())

    assert "Progress: dev loss fell by 0.06" in plain(page.verdict)
    assert "Errors are weighted." in page.ground
    assert "%" not in plain(page.verdict)


def test_page_when_composed_then_bars_stand_against_half_the_margin() -> None:
    page = document(change({"train": SAME, "dev": (400, 180, 40)}))
    (bars,) = [b for s in page.sections for b in s.blocks if isinstance(b, GapBars)]

    assert bars.moves
    assert 0.005 == pytest.approx(bars.margin)
    assert "P(moved)" in to_html(page)
    assert "P(moved)" in to_markdown(page)
    assert "P(largest)" not in to_markdown(page)


def test_page_when_there_is_one_split_then_no_gap_is_shown() -> None:
    page = document(change({"dev": (400, 180, 40)}))
    tables = [b for s in page.sections for b in s.blocks if isinstance(b, Table)]

    assert 1 == len(tables)


def test_text_when_composed_then_no_line_is_too_long() -> None:
    text = to_plain_text(document(change({"train": SAME, "dev": (400, 200, 170), "test": SAME})))

    assert "Cannot tell" in text
    assert all(len(line) <= 80 for line in text.splitlines())


def test_value_when_bare_numbers_changed_then_json_holds_no_nan() -> None:
    found = value(number_change({"dev": 0.10}, {"dev": 0.06}))

    assert "progress" == json.loads(json.dumps(found, allow_nan=False))["signature"]
    assert found["orthogonality"] is None


def test_ground_when_the_margin_lies_in_the_interval_then_that_is_said() -> None:
    page = document(change({"dev": (400, 120, 90)}))

    assert page.verdict.startswith("Progress")
    assert "Whether the change exceeds your margin is not shown." in page.ground
