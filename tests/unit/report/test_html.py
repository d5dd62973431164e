from __future__ import annotations

import re
from base64 import b64encode
from hashlib import sha256
from html.parser import HTMLParser

import pytest

from headway.errors import ColumnError
from headway.report.compose import document, report
from headway.report.html import style_sheet
from headway.report.render import to_html, to_html_fragment
from headway.strategy.ideas import Idea, judge
from headway.strategy.knobs import KNOBS, KnobMap
from headway.strategy.size import of_n
from tests.unit.report.ladders import (
    CASES,
    INTAKE,
    SETTINGS,
    broken_down,
    cat,
    sources,
    steps,
    team_ideas,
)

VOID = {"circle", "line", "link", "meta", "path", "rect"}
EVERYTHING = report(steps(), ideas=team_ideas(), table=sources(), intake=INTAKE, settings=SETTINGS)


class Reader(HTMLParser):
    """Collects elements, attributes and text, and checks that elements close in order."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert tag == self.open.pop()

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.words.append(data)


def read(html: str) -> Reader:
    """A page, read to its end."""
    reader = Reader()
    reader.feed(html)
    reader.close()
    assert [] == reader.open
    return reader


@pytest.mark.parametrize("name", CASES)
def test_page_when_of_any_ladder_then_its_elements_close(name: str) -> None:
    for found in (CASES[name](), steps(name)):
        for html in (to_html(document(found)), to_html_fragment(document(found))):
            assert read(html).elements


def test_page_when_written_then_asks_for_nothing_and_runs_nothing() -> None:
    html = to_html(EVERYTHING)
    reader = read(html)
    assert len(html.encode()) < 200_000
    names = {name for _, attributes in reader.elements for name in attributes}
    assert set() == names & {"style", "src", "href", "srcset", "action", "onclick", "onload"}
    assert set() == {tag for tag, _ in reader.elements} & {"script", "link", "img", "iframe"}
    assert [] == re.findall(r"https?:|@import|url\((?!#)", html)


def test_page_when_written_then_its_policy_allows_its_own_style_alone() -> None:
    html = to_html(EVERYTHING)
    style = re.search(r"<style>(.*?)</style>", html, re.DOTALL)
    assert style is not None
    digest = b64encode(sha256(style[1].encode()).digest()).decode()
    assert f"default-src 'none'; style-src 'sha256-{digest}'" in html.replace("&#39;", "'")


def test_page_when_written_then_first_comes_the_manager_and_then_the_engineer() -> None:
    words = " ".join(read(to_html(EVERYTHING)).words)
    order = [
        "Work on data mismatch first.",
        "Where the error is lost",
        "Do this next",
        "For the engineer",
        "1 Gaps",
        "Ideas of the team",
        "Sources of data",
        "Data and settings",
        "Words",
    ]
    at = [words.index(text) for text in order]
    assert sorted(at) == at
    assert "cat-photos · net-34 · 27 May 2026" in words


def test_tables_when_written_then_carry_their_roles() -> None:
    elements = read(to_html(EVERYTHING)).elements
    for tag, roles in {
        "table": {"table"},
        "tr": {"row"},
        "td": {"cell"},
        "th": {"columnheader", "rowheader"},
        "thead": {"rowgroup"},
        "tbody": {"rowgroup"},
    }.items():
        assert roles == {attributes["role"] for name, attributes in elements if name == tag}
    drawings = [a for name, a in elements if name == "svg"]
    assert {"true"} == {attributes["aria-hidden"] for attributes in drawings}


def test_estimates_when_in_a_row_then_have_their_interval_beside_them() -> None:
    html = to_html(document(cat()))
    rows = re.findall(r'<tr role="row" class="hw-(?:rung|gap).*?</tr>', html)
    assert 11 == len(rows)
    assert all(re.search(r"\[−?\d+\.\d\d,\xa0−?\d+\.\d\d\]", row) for row in rows)


def test_hatches_when_used_then_are_defined_in_the_page() -> None:
    html = to_html(document(CASES["holes"]()))
    used = set(re.findall(r"url\(#([\w-]+)\)", html))
    assert used <= set(re.findall(r'<pattern id="([\w-]+)"', html))
    assert used


def test_hatches_when_two_fragments_share_a_page_then_do_not_meet() -> None:
    ids = [
        set(re.findall(r'<pattern id="([\w-]+)"', to_html_fragment(document(CASES[name]()))))
        for name in ("holes", "confounded")
    ]
    assert set() == ids[0] & ids[1]


def test_words_of_the_user_when_markup_then_stay_words() -> None:
    page = document(judge([Idea(name="<script>alert(1)</script>", knob=None)], None))
    for html in (to_html(page), to_html_fragment(page)):
        assert "<script" not in html
        assert "&lt;script&gt;alert(1)" in html


def test_options_when_in_a_sentence_then_are_set_as_code() -> None:
    html = to_html(document(CASES["depends"]()))
    assert "<code>--human 0.01/500</code>" in html


def test_fragment_when_in_a_notebook_then_is_one_element_with_its_style() -> None:
    html = to_html_fragment(document(cat(), intake=INTAKE))
    assert html.startswith('<div class="hw"><style>')
    assert html.rstrip().endswith("</div></div>")
    assert "<h1" not in html
    assert "<summary>For the engineer</summary>" in html


def test_style_when_for_a_fragment_then_touches_only_what_is_inside_it() -> None:
    sheet = re.sub(r"/\*.*?\*/", "", style_sheet(in_notebook=True), flags=re.DOTALL)
    selectors = re.findall(r"([^{}@;]+)\{", sheet)
    parts = [part.strip() for s in selectors for part in re.split(r",(?![^(]*\))", s)]
    rules = [part for part in parts if part and not part.startswith(("media", "container"))]
    assert rules
    assert [] == [rule for rule in rules if ".hw" not in rule]


def test_refusal_when_a_page_then_is_a_notice() -> None:
    error = ColumnError.missing("label", "lable", ["id", "label"])
    for html in (to_html(document(error)), to_html_fragment(document(error))):
        assert "hw-notice" in html
        assert "Hint: did you mean" in html


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (KnobMap(knobs=KNOBS), "Turn one knob for one gap."),
        (of_n(10_000, 0.05), "10,000 examples show an error"),
        (sources(), "From web to phone the error rises"),
        (broken_down(), "By device"),
        (team_ideas(), "worth it now: blur the web photos."),
    ],
)
def test_page_when_of_another_question_then_has_its_words(found: object, words: str) -> None:
    reader = read(to_html(document(found)))
    assert words in " ".join(reader.words)
