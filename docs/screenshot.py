"""Pictures of the README, taken from a running site with Chromium; see script/screenshot."""

import shutil
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

PICTURES = {
    "map-desktop": ("/peta/?l=village", (1366, 768)),
    "map-phone": ("/peta/?a=16.07.03", (390, 844)),
}
FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]


def main(base: str, folder: Path) -> None:
    with sync_playwright() as play:
        chromium = play.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        for name, (path, (width, height)) in PICTURES.items():
            page = chromium.new_page(viewport={"width": width, "height": height})
            page.goto(base + path, wait_until="networkidle")
            page.screenshot(path=folder / f"{name}.png")
        chromium.close()


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
