"""Reading uploads: the whole way through the sandbox against merely reading the same file.

    .venv/bin/python bench/reading.py

Makes workbooks of 313 × 30 and of 10,000 × 30 cells and a map of 313 areas. The reference is
the same parser in a process that is already running, without checks of the answer, locks or
a child; openpyxl and GDAL stand beside it. Ratios are of processor time, of child and parent
together, so that they hold on a busy machine; the clock stands beside. Ends with 1 when a
budget is missed.
"""

import contextlib
import io
import statistics
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import openpyxl  # noqa: E402
import pyogrio.raw  # noqa: E402

from geo.lib.uploads import child  # noqa: E402
from geo.lib.uploads.reading import read_upload  # noqa: E402

TIMES = 5
MOST_RATIO, MOST_START_S, MOST_SECONDS = 3.0, 0.4, 5.0


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        files = make_files(Path(folder))
        child.prepare({"kind": "any"})
        print(f"{'processor time':<18}{'sandbox':>9}{'parser':>9}{'ratio':>8}{'clock':>9}   other")
        results = {name: measure(name, path) for name, path in files.items()}
    start_s = results["one row"][0]
    print(f"\nstarting up for a table: {start_s:.2f} s (budget {MOST_START_S} s)")
    ratio = results["10,000 × 30"][0] / results["10,000 × 30"][1]
    print(f"10,000 rows: {ratio:.2f} × merely reading (budget {MOST_RATIO} ×, with the checks)")
    largest = results["313 × 30"][0]
    print(f"313 villages × 30: {largest:.2f} s (budget {MOST_SECONDS} s, with the checks)")
    kept = start_s <= MOST_START_S and ratio <= MOST_RATIO and largest <= MOST_SECONDS
    return 0 if kept else 1


def make_files(folder: Path) -> dict[str, Path]:
    sizes = {"one row": 1, "313 × 30": 313, "10,000 × 30": 10_000}
    files = {}
    for name, n_rows in sizes.items():
        files[name] = folder / f"{n_rows}.xlsx"
        book = openpyxl.Workbook(write_only=True)
        sheet = book.create_sheet("Data")
        sheet.append([f"kolom {n}" for n in range(30)])
        for row in range(n_rows):
            village = [f"16.07.{row % 21:02d}.{2000 + row % 30}", f"Desa {row}"]
            sheet.append(village + [row * n % 997 + (0.5 if n % 3 == 0 else 0) for n in range(28)])
        book.save(files[name])
    with contextlib.suppress(StopIteration):
        files["map of villages"] = next((ROOT / "data/boundaries/indicative").glob("*.geojson"))
    return files


def measure(name: str, path: Path) -> tuple[float, float]:
    kind = "map" if path.suffix == ".geojson" else "table"
    content = path.read_bytes()
    request = {"kind": "any", "sheet": None, "layer": None, "crs_stated": None}
    whole, clock = middle(lambda: read_upload(path, kind=kind).cpu_s)
    bare, _clock = middle(lambda: child.read(request, content) and 0)
    label, read = "openpyxl", lambda: read_by_openpyxl(content) and 0
    if kind == "map":
        label, read = "GDAL", lambda: pyogrio.raw.read(path) and 0
    other, _clock = middle(read)
    ratio = whole / bare
    print(
        f"{name:<18}{whole:>8.3f}s{bare:>8.3f}s{ratio:>7.1f}×{clock:>8.3f}s   {label} {other:.3f} s"
    )
    return whole, bare


def read_by_openpyxl(content: bytes) -> int:
    book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    return sum(1 for _row in book.active.iter_rows(values_only=True))


def middle(action) -> tuple[float, float]:
    """Median of processor time (what a child took is what the action returns) and of the clock."""
    taken, waited = [], []
    for _time in range(TIMES):
        began, used = time.perf_counter(), time.process_time()
        by_child = action()
        taken.append(time.process_time() - used + by_child)
        waited.append(time.perf_counter() - began)
    return statistics.median(taken), statistics.median(waited)


if __name__ == "__main__":
    sys.exit(main())
