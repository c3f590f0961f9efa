"""Somebody who looks at the site, and notes whatever goes wrong behind the pages."""

import json
import re
import time
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Page, expect

PHONE = {
    "viewport": {"width": 390, "height": 844},
    "has_touch": True,
    "is_mobile": True,
    "device_scale_factor": 2,
}
DESKTOP = {"viewport": {"width": 1366, "height": 768}}
# However busy the machine: a wait ends as soon as there is what it waits for.
WAIT_MS = 30_000
WORKING_MS = 180_000  # where a job worker has to start, and to draw or check something

# A point of an area that only this area covers, with some room around it.
POINT_INSIDE = """(code) => {
  const path = document.querySelector(`.map-picture__areas [data-code="${code}"]`);
  const box = path.getBoundingClientRect();
  const hits = (x, y) => document.elementFromPoint(x, y)?.dataset?.code === code;
  const around = [[0, 0], [4, 0], [-4, 0], [0, 4], [0, -4]];
  for (const n of [2, 3, 4, 5, 7, 11, 17, 29]) {
    for (let i = 1; i < n; i += 1) for (let j = 1; j < n; j += 1) {
      const x = box.left + (box.width * i) / n, y = box.top + (box.height * j) / n;
      if (around.every(([dx, dy]) => hits(x + dx, y + dy))) return [x, y];
    }
  }
  return null;
}"""
STATE = """() => {
  const text = (selector) => document.querySelector(selector).textContent.replace(/\\s+/g, " ");
  const all = (selector) => [...document.querySelectorAll(selector)];
  const fill = (path) => path.getAttribute("fill") ?? path.closest("g").getAttribute("fill");
  return {
    address: location.pathname + location.search,
    title: document.title,
    heading: text("h1"),
    trail: text(".crumbs"),
    figure: text(".panel__figure"),
    sentence: text(".panel__sentence"),
    rows: all("#table tbody tr").map((row) => `${row.dataset.code} ${row.textContent}`),
    chosen: document.querySelector(".map-picture__selected")?.getAttribute("d") ?? null,
    drawn: Object.fromEntries(
      all(".map-picture__areas [data-code]").map((path) => [path.dataset.code, fill(path)])),
    circles: all(".map-picture__circles circle").map((c) => c.getAttribute("r")),
  };
}"""

# By the page's own clock: what it has set for sooner has happened when this ends.
PAUSE = """(ms) => new Promise((done) => {
  setTimeout(() => requestAnimationFrame(() => setTimeout(done)), ms);
})"""
# Until something has lain still for as many pictures as no flight of the map has rests.
LIES_STILL = """(one) => new Promise((done) => {
  const where = () => JSON.stringify(one.getBoundingClientRect());
  let [last, times] = [where(), 0];
  const look = () => {
    const now = where();
    times = now === last ? times + 1 : 0;
    last = now;
    times < 20 ? requestAnimationFrame(look) : done();
  };
  requestAnimationFrame(look);
})"""


class Visitor:
    """One page of one browser window."""

    def __init__(self, page: Page, site: str):
        self.page, self.site = page, site
        self.faults: list[str] = []
        self.expected = re.compile(r"(?!)")
        page.on("console", self._note_message)
        page.on("pageerror", lambda error: self._note(f"script: {error}"))
        page.on("requestfailed", self._note_failure)
        page.on("request", self._note_foreign)
        page.on("response", self._note_status)

    def _note(self, fault: str):
        if not self.expected.search(fault):
            self.faults.append(fault)

    def _note_message(self, message):
        if message.type in {"error", "warning"}:
            self._note(f"console {message.type}: {message.text}")

    def _note_failure(self, request):
        # Whoever leaves a page gives up what is still on its way: an icon, a check of progress.
        # No page of ours stops its own requests, and what is not there has a status.
        if "ERR_ABORTED" in request.failure:
            return
        self._note(f"failed: {request.failure} {request.url}")

    def _note_foreign(self, request):
        if not request.url.startswith((f"{self.site}/", "data:", "blob:")):
            self._note(f"foreign host: {request.url}")

    def _note_status(self, response):
        if response.status >= 400:
            self._note(f"status {response.status}: {response.url}")

    def expect_faults(self, pattern: str):
        """Faults that match are what this test is about."""
        self.expected = re.compile(pattern)

    # --- the map page -------------------------------------------------------

    def open(self, address: str):
        answer = self.page.goto(address)
        if urlsplit(self.page.url).path.removeprefix("/en") == "/peta/" and answer.ok:
            self.wait_until_taken_over()
        return answer

    def wait_until_taken_over(self):
        self.page.wait_for_selector(".leaflet-container svg.map-picture")

    @property
    def query(self) -> dict[str, str]:
        return {k: v for k, (v,) in parse_qs(urlsplit(self.page.url).query).items()}

    def state(self) -> dict:
        """All that a reader sees of the map, and its address."""
        return self.page.evaluate(STATE)

    def wait_for_state(self, **query: str):
        """Wait until the address holds this, and the page shows what it says."""

        def holds(url: str) -> bool:
            found = parse_qs(urlsplit(url).query)
            return all(found.get(k) == [v] for k, v in query.items())

        self.page.wait_for_url(holds)
        self.settle()

    def settle(self):
        expect(self.page.locator("body")).not_to_have_class(re.compile("is-loading"))
        self.pause(300)  # the sheet slides for 0.2 s, and the map is fitted then

    def pause(self, ms: int):
        """Until the page has done all that it has set for within this time."""
        self.page.evaluate(PAUSE, ms)

    def expect_state(self, expected: dict):
        """Wait until the page shows this; then it goes on doing so."""
        self.page.wait_for_url(f"{self.site}{expected['address']}")
        self.settle()
        assert self.state() == expected

    def wait_until(self, holds: Callable[[], object]):
        """Wait for what only this process knows or can work out."""
        ends = time.monotonic() + WAIT_MS / 1000
        while not holds():
            assert time.monotonic() < ends, "waited in vain"
            self.page.wait_for_timeout(20)

    def wait_until_still(self, selector: str):
        """Wait until the map has landed."""
        self.page.locator(selector).evaluate(LIES_STILL)

    def wait_until_rested(self):
        """Wait until the map heeds the next key: while it zooms, it does not."""
        expect(self.page.locator(".leaflet-zoom-anim, .leaflet-pan-anim")).to_have_count(0)

    def click_area(self, code: str):
        """Press the area on the map with a real finger or mouse."""
        point = self.page.evaluate(POINT_INSIDE, code)
        assert point, f"no part of {code} can be reached on the map"
        if self.is_touching:
            self.page.touchscreen.tap(*point)
        else:
            self.page.mouse.click(*point)

    def press(self, selector: str, number: int = 0):
        found = self.page.locator(selector).locator("visible=true").nth(number)
        found.tap() if self.is_touching else found.click()

    @property
    def is_touching(self) -> bool:
        return self.page.evaluate("navigator.maxTouchPoints > 0")

    def ask(self, address: str):
        """What the interface for machines answers."""
        return json.loads(self.page.request.get(address).text())
