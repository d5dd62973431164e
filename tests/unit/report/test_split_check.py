from __future__ import annotations

from dataclasses import replace
from typing import Any

from headway.counts import CountTable
from headway.findings import Verdict
from headway.report.compose import document
from headway.report.render import to_html, to_json_value, to_markdown, to_plain_text
from headway.rows.distribution import Discrepancy, Separation
from headway.stats.forms import Binomial
from headway.stats.leakage import leaked_error
from headway.strategy.alike import Seen, judge
from headway.strategy.leaks import Leak, Window
from headway.strategy.set_sizes import set_size
from headway.strategy.split_check import SplitCheck

SEPARATION = Separation(
    n=400,
    n_asked=400,
    n_right=210,
    auc=0.52,
    lower=0.46,
    upper=0.58,
    level=0.95,
    p=None,
    detectable=0.58,
    by="a linear rule",
)
FAR = Discrepancy(mmd2=0.0123, p=0.3, sigma=1.0, permutations=1000, n=(400, 400))


def table(dev: list[int], test: list[int]) -> CountTable:
    """Counts of a column in dev and test."""
    cells = [(split, i) for split in ("dev", "test") for i in range(len(dev))]
    return CountTable.of(("split", "value"), cells, [*dev, *test])


SEEN = Seen(
    first="dev",
    second="test",
    columns={"region": table([400, 0], [0, 400])}
    | {f"c{i}": table([200, 200], [201, 199]) for i in range(14)},
    separation=SEPARATION,
    discrepancies={"embedding": FAR},
)
BAD = SplitCheck(
    n={"train": 900, "dev": 400, "test": 400},
    alike=judge([SEEN]),
    sizes=(set_size("dev", 400, margin=0.01, parts={("device", "old"): 12}),),
    leaks=(
        Leak(
            kind="id",
            by=("id",),
            verdict=Verdict.YES,
            shared={("dev", "train"): 3, ("train", "dev"): 3},
            rows={"train": 900, "dev": 400},
        ),
        Leak(
            kind="time",
            by=("day",),
            verdict=Verdict.NO,
            windows={"train": Window(first="Jan", last="Feb", later=0)},
        ),
    ),
    errors={"dev": ("id", leaked_error(Binomial(n_errors=0, n=30), Binomial(n_errors=60, n=370)))},
    columns={"region": "value"},
    aside={"day": "a time"},
).told()
FINE = SplitCheck(n={"dev": 50_000}, alike=(), sizes=(set_size("dev", 50_000),), leaks=()).told()


def test_page_when_things_are_wrong_then_they_come_first() -> None:
    text = to_plain_text(document(BAD))
    first = "4 things are wrong with the splits: dev and test differ; too small for the margin; an"
    assert first in text.replace("\n", " ")
    assert text.index("Found") < text.index("To do")
    assert "'region' with Cramér's V 1.00" in text.replace("\n  ", " ")


def test_page_when_nothing_is_wrong_then_says_so() -> None:
    text = to_plain_text(document(FINE))
    assert text.startswith("Nothing wrong was found with the splits.")
    assert "To do" not in text


def test_page_when_one_thing_is_wrong_then_is_said_in_the_singular() -> None:
    found = SplitCheck(n={}, alike=(), sizes=BAD.sizes, leaks=()).told()
    assert "1 thing is wrong" in document(found).verdict


def test_page_when_something_is_open_then_says_what() -> None:
    same = Seen(first="dev", second="test", columns={"c": table([20, 20], [22, 18])})
    found = replace(FINE, alike=judge([same])).told()
    assert "still open: dev and test differ." in document(found).verdict


def test_tests_when_there_are_many_then_the_largest_are_shown() -> None:
    page = to_html(document(BAD))
    assert "5 more tests are not shown" in page
    assert "a classifier" in page
    markdown = to_markdown(document(BAD))
    assert "region" in markdown


def test_vectors_when_shown_then_have_a_distance() -> None:
    seen = replace(SEEN, columns={})
    assert "0.0123" in to_html(document(replace(BAD, alike=judge([seen])).told()))


def test_value_when_written_then_holds_every_number() -> None:
    found: Any = to_json_value(document(BAD))
    result = found["result"]
    assert ("yes", [400, 400]) == (
        result["comparisons"][0]["different"],
        result["comparisons"][0]["n"],
    )
    assert {"name", "p", "q", "effect", "lower", "upper", "tv", "null_tv"} <= set(
        result["comparisons"][0]["tests"][0]
    )
    assert [{"split": "dev", "other": "train", "n": 3, "n_other": 3, "same_inputs": None}] == (
        result["leaks"][0]["pairs"]
    )
    assert {"train": {"first": "Jan", "last": "Feb", "later": 0}} == result["leaks"][1]["windows"]
    assert "old" == result["sizes"][0]["slices"][0]["value"]
    assert ("dev", "id") == (result["errors"][0]["split"], result["errors"][0]["by"])
    assert {"estimate", "lower", "upper", "level", "n"} <= set(result["errors"][0]["clean"])
