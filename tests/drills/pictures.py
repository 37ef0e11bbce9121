"""Take the pictures of public pages in docs/img, from the demo's data: `make pictures`, or with the URL of a portal."""

import sys
import tempfile
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

from bench.server import ROOT
from tests.browser.conftest import ARGUMENTS, CHROMIUM
from tests.drills.served_demo import served_demo

PAGES = {
    "home": "/",
    "country": "/countries/mt/",
    "indicator": "/indicators/14/",
    "explore": "/explore/?area=C&compare=AL,MT",
    "overview": "/cycles/2023/",
    "catalogue": "/reports/",
}
SCREENS = {"": (1280, 1150), "-phone": (390, 1150)}
COLOURS = 64  # of the palette: pages are of few colours, and the files stay small


def take(browser: Browser, url: str, folder: Path) -> None:
    """Take the picture of each page on a wide screen and on a phone; the portal's address is shown as an example."""
    for ending, (width, height) in SCREENS.items():
        page = browser.new_page(viewport={"width": width, "height": height}, base_url=url)
        for name, path in PAGES.items():
            page.goto(path)
            page.evaluate(
                """url => document.querySelectorAll("code, .hash, .cite bdi").forEach(one => {
                    one.textContent = one.textContent.replace(url, "https://scoreboard.example.org");
                })""",
                url,
            )
            picture = Image.open(BytesIO(page.screenshot())).convert("RGB")
            few = picture.quantize(COLOURS, dither=Image.Dither.NONE)
            few.save(folder / f"public-{name}{ending}.png", optimize=True)
        page.close()


def main() -> None:
    folder = ROOT / "docs/img"
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as place:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        if url := next(iter(sys.argv[1:]), ""):
            take(browser, url, folder)
        else:
            with served_demo(Path(place)) as server:
                take(browser, server.url, folder)
        browser.close()


if __name__ == "__main__":
    main()
