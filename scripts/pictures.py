"""Draw the report of `headway demo` with Chromium: its first page for the README, or all of it.

`python scripts/pictures.py` writes `docs/pictures/report-light.png` and `report-dark.png`;
`--all FOLDER` writes the whole page at 1280 and 390 in both themes there instead.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from shutil import which
from tempfile import TemporaryDirectory
from typing import Final

from playwright.sync_api import Browser, sync_playwright

from headway import workbench

ROOT: Final = Path(__file__).resolve().parents[1]
PICTURES: Final = ROOT / "docs" / "pictures"
THEMES: Final = ("light", "dark")
WIDTHS: Final = (1280, 390)
MARGIN: Final = 24

FLAGS: Final = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def chromium() -> str:
    """Where Chromium is installed."""
    found = next((path for name in ("chromium", "chromium-browser") if (path := which(name))), None)
    if found is None:
        raise SystemExit("Chromium is needed: apt-get install chromium")
    return found


def draw(browser: Browser, page: Path, out: Path, *, width: int, theme: str, whole: bool) -> None:
    """One picture: the whole page, or what stands above the part for the engineer."""
    tab = browser.new_page(
        viewport={"width": width, "height": 900},
        color_scheme="dark" if theme == "dark" else "light",
        device_scale_factor=1 if whole else 1.5,
    )
    tab.goto(page.as_uri())
    end = tab.locator(".hw-divider").bounding_box()
    if whole or end is None:
        tab.screenshot(path=out, full_page=True)
    else:
        clip = {"x": 0.0, "y": 0.0, "width": float(width), "height": end["y"] - MARGIN}
        tab.screenshot(path=out, full_page=True, clip=clip)
    tab.close()
    print(f"{out} ({out.stat().st_size:,} bytes)")


def main() -> None:
    """Make the report and draw it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--all", type=Path, metavar="FOLDER", help="draw the whole page there")
    everything = parser.parse_args().all
    folder = everything or PICTURES
    folder.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as made, sync_playwright() as player:
        workbench.demo(folder=made)
        browser = player.chromium.launch(executable_path=chromium(), args=list(FLAGS))
        for theme in THEMES:
            for width in WIDTHS if everything else WIDTHS[:1]:
                name = f"report-{theme}-{width}.png" if everything else f"report-{theme}.png"
                draw(
                    browser,
                    Path(made) / "report.html",
                    folder / name,
                    width=width,
                    theme=theme,
                    whole=bool(everything),
                )
        browser.close()


if __name__ == "__main__":
    main()
