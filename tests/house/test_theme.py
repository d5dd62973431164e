"""The colours of the style sheet: contrast on both grounds, distance under every kind of sight.

Contrast follows WCAG 2.2; dichromacy is simulated at full strength after Machado, Oliveira and
Fernandes (2009), IEEE TVCG 15, 1291-1298, table 1; distance is Euclidean in OKLab, times 100.
"""

from __future__ import annotations

import re
from itertools import combinations
from typing import Final

import numpy as np
import pytest

from headway.report.html import style_sheet

HUES: Final = ("bias", "variance", "mismatch", "overfit", "real", "human", "ceiling")
SIGHT: Final = {
    "normal": np.eye(3),
    "protanopia": np.array(
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ]
    ),
    "deuteranopia": np.array(
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ]
    ),
    "tritanopia": np.array(
        [
            [1.255528, -0.076749, -0.178779],
            [-0.078411, 0.930809, 0.147602],
            [0.004733, 0.691367, 0.303900],
        ]
    ),
}
TO_CONES: Final = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
TO_LAB: Final = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]
)
FLOOR: Final = {"ink": 7.0, "ink-2": 4.5, "ink-3": 4.5, "rule-2": 3.0}


def tokens(theme: str) -> dict[str, str]:
    """The colours of one theme, read from the style sheet."""
    blocks = re.findall(rf"color-scheme: {theme};([^}}]+)}}", style_sheet())
    named = dict(re.findall(r"--([a-z0-9-]+): (#[0-9a-f]{6})", blocks[0]))
    assert {"paper", "wash", *HUES} <= set(named)
    return named


def linear(colour: str) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """A colour in linear light. Shape (3,)."""
    channels = np.array([int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)])
    return np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)


def contrast(one: str, other: str) -> float:
    """The contrast of two colours."""
    weights = np.array([0.2126, 0.7152, 0.0722])
    low, high = sorted(float(linear(colour) @ weights) for colour in (one, other))
    return (high + 0.05) / (low + 0.05)


def distance(one: str, other: str, sight: str) -> float:
    """How far apart two colours are under one kind of sight."""
    labs = [
        TO_LAB @ np.cbrt(TO_CONES @ np.clip(SIGHT[sight] @ linear(colour), 0, 1))
        for colour in (one, other)
    ]
    return 100 * float(np.linalg.norm(labs[0] - labs[1]))


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_marks_when_on_either_ground_then_have_a_contrast_of_three(theme: str) -> None:
    named = tokens(theme)
    pairs = {(h, g): contrast(named[h], named[g]) for h in HUES for g in ("paper", "wash")}
    assert {} == {pair: value for pair, value in pairs.items() if value < 3}


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_words_when_on_the_ground_then_have_their_contrast(theme: str) -> None:
    named = tokens(theme)
    found = {name: contrast(named[name], named["paper"]) for name in FLOOR}
    assert {} == {name: value for name, value in found.items() if value < FLOOR[name]}


@pytest.mark.parametrize("sight", SIGHT)
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_hues_when_seen_by_anyone_then_are_ten_apart(theme: str, sight: str) -> None:
    named = tokens(theme)
    pairs = {(a, b): distance(named[a], named[b], sight) for a, b in combinations(HUES, 2)}
    assert {} == {pair: value for pair, value in pairs.items() if value < 10}


def test_print_when_asked_then_is_light() -> None:
    light = tokens("light")
    sheet = style_sheet()
    on_paper = sheet[sheet.index("@media print") :]
    found = dict(re.findall(r"--([a-z]+): (#[0-9a-f]{6})", on_paper))
    assert {hue: light[hue] for hue in HUES} == {hue: found[hue] for hue in HUES}


def test_colours_when_used_then_are_tokens() -> None:
    rules = re.sub(r"--[a-z0-9-]+: #[0-9a-f]{3,6}", "", style_sheet(in_notebook=True))
    assert [] == re.findall(r"#[0-9a-f]{3,6}\b|rgba?\(|hsl", rules)
