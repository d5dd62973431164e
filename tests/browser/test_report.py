"""The report in a real browser: nothing asked for, nothing cut off, nothing overlapping."""

from __future__ import annotations

from shutil import which
from typing import TYPE_CHECKING, Any, Final

import pytest

from headway.report.compose import document, report
from headway.report.render import to_html, to_html_fragment
from headway.strategy.knobs import KNOBS, KnobMap
from scripts.pictures import FLAGS
from tests.unit.report.ladders import (
    CASES,
    INTAKE,
    SETTINGS,
    broken_down,
    sources,
    steps,
    team_ideas,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

WIDTHS: Final = (320, 390, 768, 1280)
PAGES: Final = {
    "report": report(
        steps(), ideas=team_ideas(), table=sources(), intake=INTAKE, settings=SETTINGS
    ),
    "broken_down": document(broken_down()),
    "knobs": document(KnobMap(knobs=KNOBS)),
    **{name: document(found()) for name, found in CASES.items()},
}
OUTSIDE = """() => [...document.querySelectorAll('.hw *')].filter(e => {
    if (e.closest('defs, .hw-vh')) return false;
    const b = e.getBoundingClientRect();
    return b.width > 0 && (b.right > innerWidth + 1 || b.left < -1);
}).map(e => e.outerHTML.slice(0, 120))"""

CROWDED = """() => [...document.querySelectorAll('.hw tr')].flatMap(row => {
    const boxes = [...row.children].filter(e => e.offsetWidth && !e.matches('.hw-vh')).flatMap(
        e => [...e.querySelectorAll('small, span, text'), e].filter(
            t => [...t.childNodes].some(n => n.nodeType === 3 && n.data.trim()) &&
                !t.matches('.hw-vh') && t.getBoundingClientRect().width
        ).map(t => {
            const range = document.createRange(); range.selectNodeContents(t);
            return [t.textContent, t.tagName === 'text' ? t.getBoundingClientRect()
                : [...range.getClientRects()].at(-1)];
        }));
    return boxes.flatMap(([a, p], i) => boxes.slice(i + 1).filter(([b, q]) => !a.includes(b) &&
        !b.includes(a) && p.left < q.right - 1 && q.left < p.right - 1 &&
        p.top < q.bottom - 3 && q.top < p.bottom - 3).map(([b]) => `${a} | ${b}`));
})"""


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Chromium, where it is installed."""
    path = which("chromium") or which("chromium-browser")
    if path is None:
        pytest.skip("Chromium is not installed")
    sync = pytest.importorskip("playwright.sync_api")
    with sync.sync_playwright() as player:
        opened = player.chromium.launch(executable_path=path, args=list(FLAGS))
        yield opened
        opened.close()


def opened(chromium: Browser, path: Path, html: str, **how: Any) -> tuple[Page, list[str]]:
    """A page with what it complained of and what it asked for."""
    path.write_text(html, encoding="utf-8")
    page = chromium.new_page(**how)
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.goto(path.as_uri())
    page.on("request", lambda request: said.append(request.url))
    page.reload()
    said.remove(path.as_uri())
    return page, said


@pytest.mark.parametrize("name", PAGES)
def test_page_when_opened_then_asks_for_nothing_and_nothing_is_cut_off(
    chromium: Browser, tmp_path: Path, name: str
) -> None:
    page, said = opened(chromium, tmp_path / "page.html", to_html(PAGES[name]))
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        assert ([], width) == (page.evaluate(OUTSIDE), page.evaluate("document.body.scrollWidth"))
        if width >= 390:
            assert [] == page.evaluate(CROWDED)
    page.close()
    assert [] == said


def test_page_when_printed_then_the_manager_has_the_first_page(
    chromium: Browser, tmp_path: Path
) -> None:
    paper = {"width": 688, "height": 926}
    page, _ = opened(chromium, tmp_path / "p.html", to_html(PAGES["report"]), viewport=paper)
    page.emulate_media(media="print", color_scheme="dark")
    divider = page.locator(".hw-divider").bounding_box()
    assert divider is not None
    assert divider["y"] < 926
    assert "rgb(255, 255, 255)" == page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert [] == page.evaluate(OUTSIDE)
    page.close()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_page_when_the_system_has_a_theme_then_follows_it(
    chromium: Browser, tmp_path: Path, theme: Any
) -> None:
    page, _ = opened(chromium, tmp_path / "p.html", to_html(PAGES["loss"]), color_scheme=theme)
    ground = {"light": "rgb(255, 255, 255)", "dark": "rgb(21, 23, 26)"}[theme]
    assert ground == page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.close()


def test_fragment_when_in_a_notebook_then_follows_its_theme_and_leaves_it_alone(
    chromium: Browser, tmp_path: Path
) -> None:
    html = f'<body data-jp-theme-light="false"><p id="out">x</p>{to_html_fragment(PAGES["loss"])}'
    page, said = opened(chromium, tmp_path / "p.html", html, color_scheme="light")
    style = "getComputedStyle(document.querySelector('%s')).%s"
    assert "rgb(21, 23, 26)" == page.evaluate(style % (".hw", "backgroundColor"))
    assert "rgba(0, 0, 0, 0)" == page.evaluate(style % ("#out", "backgroundColor"))
    assert "16px" == page.evaluate(style % ("#out", "marginBottom"))
    page.close()
    assert [] == said
