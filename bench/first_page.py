"""The first page of the map on a slow phone: bytes, requests, first picture, taken over.

    DATABASE_URL=postgis://… .venv/bin/python bench/first_page.py

A fresh Chromium opens the page of our own production server through DevTools'
emulation: 750 kbit/s (93,750 B/s), 300 ms before every answer, a processor six
times slower, a screen of 390 × 844. Bytes are what travels, headers included.

First picture: every frame looks whether the drawing stands complete in the
document (all its areas, and what follows it); the frame after that has painted
it, and its time is taken, counted from the start of the navigation. It can only
be later than the truth. The browser's own first contentful paint stands beside it.
Interactive: the moment Leaflet holds the drawing, and a timer set then has run.
A step is a press on another period or indicator: what travels until the panel
and the map show it. Each page is opened several times, each time by a browser
that has never seen it; medians are printed. Ends with 1 when a budget is missed.
"""

import argparse
import os
import shutil
import statistics
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import dataclass, field

import psycopg2
from api import REGENCY, ROOT, libpq_address, ours_command, served
from playwright.sync_api import sync_playwright

BYTES_PER_SECOND, LATENCY_MS, SLOWDOWN = 93_750, 300, 6
SCREEN = {"viewport": {"width": 390, "height": 844}, "device_scale_factor": 2}
SCREEN |= {"is_mobile": True, "has_touch": True, "reduced_motion": "reduce"}
# uMap 2026-08 with the same 305 villages: gzip, no emulation, measured once.
UMAP_KB, UMAP_REQUESTS = 1015, 114
BUDGETS = {
    "kB": 100,
    "requests": 12,
    "first picture, s": 0.6,
    "interactive, s": 2.0,
    "period, kB": 10,
    "indicator, kB": 10,
    "geometry in steps": 0,
}
REFERENCES = {"kB": UMAP_KB, "requests": UMAP_REQUESTS}
FLAGS = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update"),
]
WATCH = """(() => {
  window.bench = {};
  const now = () => performance.now() / 1000;
  const look = () => {
    const drawing = document.querySelector("svg.map-picture");
    const isWhole = drawing?.closest(".stage")?.nextSibling;
    if (isWhole && drawing.querySelector(".map-picture__areas path")) {
      requestAnimationFrame(() => { bench.picture ??= now(); });
    } else {
      requestAnimationFrame(look);
    }
  };
  requestAnimationFrame(look);
  const taken = new MutationObserver(() => {
    if (document.querySelector(".leaflet-container svg.map-picture")) {
      taken.disconnect();
      setTimeout(() => { bench.interactive = now(); });
    }
  });
  taken.observe(document, { childList: true, subtree: true });
  new PerformanceObserver((list) => {
    for (const { name, startTime } of list.getEntries()) {
      if (name === "first-contentful-paint") bench.paint = startTime / 1000;
    }
  }).observe({ type: "paint", buffered: true });
})();"""


@dataclass
class Traffic:
    """What travelled: one entry a request."""

    addresses: dict[str, str] = field(default_factory=dict)
    sizes: dict[str, float] = field(default_factory=dict)

    def listen(self, devtools) -> None:
        devtools.on("Network.requestWillBeSent", self._sent)
        devtools.on("Network.loadingFinished", self._finished)

    def _sent(self, event) -> None:
        if event["request"]["url"].startswith("http"):
            self.addresses[event["requestId"]] = event["request"]["url"]

    def _finished(self, event) -> None:
        self.sizes[event["requestId"]] = event["encodedDataLength"]

    def clear(self) -> None:
        self.addresses.clear()
        self.sizes.clear()

    @property
    def kilobytes(self) -> float:
        return sum(self.sizes.get(request, 0) for request in self.addresses) / 1000

    @property
    def n_geometry(self) -> int:
        return sum("/batas/" in address for address in self.addresses.values())


def main() -> int:
    arguments = read_arguments()
    chromium = shutil.which("chromium") or sys.exit("Chromium is not installed.")
    require_boundaries()
    environment = {"VAR_DIR": "var/bench"}
    collect_static_files(environment)
    print(
        f"{BYTES_PER_SECOND * 8 // 1000} kbit/s, {LATENCY_MS} ms, processor ÷ {SLOWDOWN}; "
        f"median of {arguments.n}; load {os.getloadavg()[0]:.1f}"
    )
    is_met = True
    with (
        served(ours_command("regency_map.wsgi"), ready="/peta/", environment=environment) as port,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        floor = [
            time_floor(browser, f"http://127.0.0.1:{port}/version") for _ in range(arguments.n)
        ]
        print(f"A line of text without style is painted after {statistics.median(floor):.2f} s.")
        for address in arguments.pages:
            measure_once(browser, f"http://127.0.0.1:{port}{address}")  # the server warms up
            runs = [
                measure_once(browser, f"http://127.0.0.1:{port}{address}")
                for _ in range(arguments.n)
            ]
            is_met &= show(address, runs)
        browser.close()
    return 0 if is_met else 1


def read_arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--n", type=int, default=7, help="times that each page is opened")
    parser.add_argument("pages", nargs="*", default=["/peta/", "/peta/?l=village"])
    return parser.parse_args()


def require_boundaries() -> None:
    with psycopg2.connect(libpq_address()) as connection, connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(boundary) FROM geo_area"
            " WHERE level = 'village' AND valid_to IS NULL AND code LIKE %s",
            [f"{REGENCY}.%"],
        )
        (n_drawn,) = cursor.fetchone()
    if not n_drawn:
        sys.exit("No village has a boundary: run script/manage load_boundaries first.")
    print(f"{n_drawn} villages with a boundary")


def collect_static_files(environment: dict[str, str]) -> None:
    command = [sys.executable, "manage.py", "collectstatic", "--no-input", "--verbosity=0"]
    surroundings = {"SECRET_KEY": "bench", **os.environ, **environment}
    subprocess.run(command, cwd=ROOT, env=surroundings, check=True)


@contextmanager
def slow_phone(browser):
    """A page in a browser that has seen nothing yet, on a slow network and processor."""
    context = browser.new_context(**SCREEN)
    page = context.new_page()
    devtools = context.new_cdp_session(page)
    devtools.send("Network.enable")
    devtools.send(
        "Network.emulateNetworkConditions",
        {
            "offline": False,
            "latency": LATENCY_MS,
            "downloadThroughput": BYTES_PER_SECOND,
            "uploadThroughput": BYTES_PER_SECOND,
        },
    )
    devtools.send("Emulation.setCPUThrottlingRate", {"rate": SLOWDOWN})
    page.add_init_script(WATCH)
    page.set_default_timeout(60_000)
    traffic = Traffic()
    traffic.listen(devtools)
    try:
        yield page, traffic
    finally:
        context.close()


def time_floor(browser, address: str) -> float:
    """Seconds until a page of one line is painted: what this machine makes of the emulation."""
    with slow_phone(browser) as (page, _):
        page.goto(address, wait_until="networkidle")
        page.wait_for_function("() => window.bench.paint")
        return page.evaluate("window.bench.paint")


def measure_once(browser, address: str) -> dict[str, float]:
    with slow_phone(browser) as (page, traffic):
        page.goto(address, wait_until="networkidle")
        page.wait_for_function("() => window.bench.interactive && window.bench.picture")
        times = page.evaluate("window.bench")
        found = {
            "kB": traffic.kilobytes,
            "requests": len(traffic.addresses),
            "first contentful paint, s": times.get("paint", float("nan")),
            "first picture, s": times["picture"],
            "interactive, s": times["interactive"],
        }
        geometry = 0
        for name, link in (
            ("period", ".tools--bottom a"),
            ("indicator", ".picker__list a"),
        ):
            traffic.clear()
            found[f"{name}, s"] = step(page, link)
            found[f"{name}, kB"] = traffic.kilobytes
            geometry += traffic.n_geometry
        return found | {"geometry in steps": geometry}


def step(page, link: str) -> float:
    """Press a link; seconds until the page shows what it leads to, and nothing travels."""
    seconds = page.evaluate(
        """async (link) => {
          const began = performance.now();
          const before = document.querySelector("#table");
          document.querySelector(link).click();
          while (before.isConnected) await new Promise(requestAnimationFrame);
          await new Promise(requestAnimationFrame);
          return (performance.now() - began) / 1000;
        }""",
        link,
    )
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(200)
    return seconds


def show(address: str, runs: list[dict[str, float]]) -> bool:
    print(f"\n{address:27}{'uMap':>8}{'ours':>9}{'ratio':>8}{'worst':>9}  budget")
    is_met = True
    for name in runs[0]:
        values = [run[name] for run in runs]
        ours = statistics.median(values)
        reference, budget = REFERENCES.get(name), BUDGETS.get(name)
        compared = (
            f"{reference:8}{ours:9.2f}{ours / reference:8.3f}"
            if reference
            else (f"{'':8}{ours:9.2f}{'':8}")
        )
        verdict = "" if budget is None else f"<= {budget:<5} {'pass' if ours <= budget else 'FAIL'}"
        is_met &= budget is None or ours <= budget
        print(f"  {name:25}{compared}{max(values):9.2f}  {verdict}")
    return is_met


if __name__ == "__main__":
    sys.exit(main())
