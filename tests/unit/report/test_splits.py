from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from headway.report.compose import document
from headway.report.render import to_html, to_json_value, to_plain_text
from headway.strategy.split_said import Splits, findings
from headway.strategy.splits import Aim, plan

IMAGES = {"web": 20_000, "mobile": 1000}


def made(sources: dict[str, int], aim: Aim, **changes: Any) -> Splits:
    """A split as it was planned, with its findings."""
    planned = plan(sources, aim)
    whole = Splits(
        plan=planned,
        parts=planned.parts,
        left_out={},
        method="hash order",
        key=("id",),
        salt="headway",
    )
    whole = replace(whole, **changes)
    return replace(whole, findings=findings(whole))


AIMED = made(IMAGES, Aim(target=("mobile",), dev=250, test=250))


def test_page_when_the_target_is_declared_then_both_options_stand_side_by_side() -> None:
    text = to_plain_text(document(AIMED))
    assert text.startswith("To be split into train 20,000, train-dev 500, dev 250, test 250 rows.")
    assert "1 shuffle  12 ± 3" in text
    assert "2 target   250" in text
    assert "none: give --out" in text


def test_page_when_files_were_written_then_they_are_named() -> None:
    page = document(replace(AIMED, files={"dev": "s.csv", "test": "s.csv"}))
    text = to_plain_text(page)
    assert text.startswith("Split into")
    assert 1 == text.count("s.csv")


def test_page_when_rows_were_split_by_time_then_moments_are_shown() -> None:
    times = {"column": "day", "dev_from": "2026-03-01", "test_from": "2026-04-01", "embargo": "7"}
    text = to_plain_text(document(replace(AIMED, method="time", times=times, key=())))
    assert "its time in 'day'" in text
    assert "2026-04-01" in text
    assert "7 before dev and before test" in text
    assert "all that the row holds" in text


def test_page_when_hashing_strays_then_says_by_how_much() -> None:
    parts = tuple(replace(part, sd=12.4) for part in AIMED.parts)
    text = to_plain_text(document(replace(AIMED, parts=parts, method="hash share")))
    assert "± 12" in text
    assert "further rows never move it" in text


def test_page_when_dev_is_empty_then_says_so() -> None:
    parts = tuple(part for part in AIMED.parts if part.name != "dev")
    assert "Dev is empty." in to_plain_text(document(replace(AIMED, parts=parts)))


def test_page_when_there_are_many_sources_then_the_small_ones_share_a_column() -> None:
    sources = {f"s{i}": 1000 * (i + 1) for i in range(10)}
    text = to_plain_text(document(made(sources, Aim(dev=550, test=550))))
    assert "other sources" in text
    assert "s9" in text


def test_page_when_there_is_one_source_then_shows_rows_alone() -> None:
    text = to_plain_text(document(made({"": 1000}, Aim())))
    assert "option" not in text.split("How it was split")[0]


def test_page_when_the_target_is_small_then_says_what_to_do() -> None:
    text = to_plain_text(document(made(IMAGES, Aim(target=("mobile",), dev=900, test=900))))
    assert "Judge by folds of all 1,000 rows" in text


def test_value_when_written_then_is_the_contracts() -> None:
    found: Any = to_json_value(document(AIMED))["result"]
    assert [("train", 20_000), ("dev", 250)] == [
        (part["name"], part["n"]) for part in found["splits"] if part["name"] in {"train", "dev"}
    ]
    assert ["shuffle", "target"] == [option["name"] for option in found["options"]]
    assert {} == found["files"]
    assert found["half_width"] == pytest.approx(0.0277, abs=1e-4)


def test_page_when_made_then_is_whole() -> None:
    page = to_html(document(AIMED))
    assert "The two options" in page
    assert "Option 1 pools all rows" in page
