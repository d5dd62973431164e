from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from headway.report.compose import document
from headway.report.document import Curves, Document, Table
from headway.report.render import to_html, to_json_value, to_markdown, to_plain_text
from headway.stats.forms import Binomial, Mean
from headway.strategy.looks import Look
from headway.strategy.wear import Wearing, judge

DEV = Binomial(n_errors=480, n=10_000)


def page(looks: list[Look] | None = None, **given: Any) -> Document:
    """The document of some looks and errors."""
    names = ("n_looks", "purpose", "margin", "metric", "model")
    settings = Wearing(**{name: given.pop(name) for name in names if name in given})
    return document(judge(looks or [], rng=np.random.default_rng(0), settings=settings, **given))


def log(how_many: int, **given: Any) -> list[Look]:
    """Looks at dev, ever better."""
    return [
        Look(
            **{
                "when": f"2026-01-{1 + k % 28:02}T00:00:00Z{k:04}",
                "split": "dev",
                "fingerprint": "abc",
                "model": f"run {k}",
                "metric": "error",
                "value": 0.2 - k / 10_000,
                "n": 10_000,
                **given,
            }
        )
        for k in range(how_many)
    ]


def blocks(made: Document, kind: type) -> list[Any]:
    """The blocks of one kind."""
    return [block for part in made.sections for block in part.blocks if isinstance(block, kind)]


@pytest.mark.parametrize(
    ("given", "start"),
    [
        ({}, "There is no dev error whose wear could be judged."),
        ({"dev": DEV, "n_looks": 1}, "Dev is not worn: it is expected to flatter the chosen"),
        (
            {"dev": DEV, "test": DEV, "n_looks": 9, "margin": 0.02},
            "Dev is not worn: by test it flatters the chosen model by no more than 2 points.",
        ),
        (
            {"dev": DEV, "test": Binomial(n_errors=700, n=10_000), "n_looks": 500},
            "Test is worse than dev for the chosen model by 2.20 points.",
        ),
        (
            {"dev": DEV, "test": Binomial(n_errors=900, n=10_000), "n_looks": 2, "model": "net"},
            "Test is worse than dev for 'net' by 4.20 points, more than its looks explain.",
        ),
        ({"dev": DEV}, "Whether dev flatters the chosen model by more than 0.48 points cannot"),
        ({"dev": DEV, "n_looks": 50}, "Whether dev flatters the chosen model by more than 0.48"),
    ],
)
def test_verdict_when_shown_then_is_the_answer(given: dict[str, Any], start: str) -> None:
    assert page(**given).verdict.startswith(start)


def test_page_when_made_then_every_form_can_be_drawn() -> None:
    made = page(log(400), test=DEV)

    assert "Look by look" in to_html(made)
    assert "HW369" in to_markdown(made)
    assert "Explained by the looks" in to_plain_text(made)


def test_curves_when_there_are_very_many_looks_then_some_are_drawn_the_last_among_them() -> None:
    found = blocks(page(log(1000)), Curves)[0]

    assert ["Each look", "Lowest so far", "By the Ladder"] == [
        curve.title for curve in found.curves
    ]
    assert (1.0, 1000.0) == (found.curves[0].x[0], found.curves[0].x[-1])
    assert len(found.curves[0].x) <= 301


@pytest.mark.parametrize("n", [0, 1])
def test_curves_when_there_is_one_look_at_most_then_are_left_out(n: int) -> None:
    assert [] == blocks(page(log(n)), Curves)


def test_curves_when_n_is_not_known_then_show_the_numbers_alone() -> None:
    found = blocks(page(log(3, n=None)), Curves)[0]

    assert len(found.curves) == 1
    assert found.curves[0].y[0].lower is None


def test_tables_when_the_error_is_a_loss_then_are_in_its_unit() -> None:
    dev, test = (Mean(mean=mean, variance=0.2, n=2000) for mean in (0.6, 0.65))
    made = page(dev=dev, test=test, n_looks=9, metric="log_loss")

    assert {"loss"} == {
        cell.kind
        for table in blocks(made, Table)
        for row in table.rows
        for cell in row.cells
        if hasattr(cell, "kind")
    }


def test_value_when_written_then_has_the_parts_of_the_contract() -> None:
    found: Any = to_json_value(page(log(3), test=DEV))["result"]

    assert {"looks", "dev_test_gap", "optimism", "advice"} <= found.keys()
    assert (3, 3) == (found["looks"]["n"], found["looks"]["logged"])
    assert {"estimate", "lower", "upper", "level", "n", "explained"} == found["dev_test_gap"].keys()
    assert {"do", "sentence"} == found["advice"].keys()


def test_value_when_nothing_is_known_then_is_null() -> None:
    found: Any = to_json_value(page())["result"]
    assert [None] * 4 == [found[key] for key in ("optimism", "corrected", "budget", "released")]
