"""Resident memory of a web worker that has served every kind of page 50 times.

    DATABASE_URL=postgis://… .venv/bin/python bench/web_worker_memory.py

The reference is the same worker, with GeoPandas imported into it before it
serves the same pages. Linux only (/proc). Ends with 1 when the budget is missed.
"""

import argparse
import http.client
import sys
import tempfile
from pathlib import Path

from api import REGENCY, ours_command, served

BUDGET_MB = 120
PAGES = [
    "/",
    "/peta/",
    "/peta/?l=village",
    f"/peta/?a={REGENCY}.01",
    "/peta/bagian/?l=village",
    "/peta/cari/?q=sungai",
    f"/wilayah/{REGENCY}/",
    f"/wilayah/{REGENCY}.01/",
    "/tentang/",
    "/api/v1/areas?level=village",
    "/api/v1/areas.geojson?level=village",
]
# The web's own wsgi.py refuses NumPy; the reference has to allow it first.
WITH_GEOPANDAS = """
def post_worker_init(worker):
    import sys

    sys.modules.pop("numpy", None)
    import geopandas
"""


def main() -> int:
    arguments = read_arguments()
    print(
        f"{len(PAGES)} addresses, each {arguments.n} times; one worker, four threads; MB resident"
    )
    ours = worker_mb(arguments.n)
    with tempfile.TemporaryDirectory() as folder:
        configuration = Path(folder) / "with_geopandas.py"
        configuration.write_text(WITH_GEOPANDAS)
        reference = worker_mb(arguments.n, "--config", str(configuration))
    print(f"{'':24}{'with GeoPandas':>16}{'ours':>8}{'ratio':>8}  budget")
    for when in ours:
        print(
            f"{when:24}{reference[when]:16.1f}{ours[when]:8.1f}{ours[when] / reference[when]:8.2f}"
        )
    most = max(ours.values())
    verdict = "pass" if most <= BUDGET_MB else "FAIL"
    print(
        f"{'most':24}{max(reference.values()):16.1f}{most:8.1f}{'':8}  <= {BUDGET_MB} MB {verdict}"
    )
    return 0 if most <= BUDGET_MB else 1


def read_arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--n", type=int, default=50, help="times that each address is asked")
    return parser.parse_args()


def worker_mb(n: int, *options: str) -> dict[str, float]:
    """Resident memory of the worker after one round over all pages, and after ``n``."""
    command = ours_command("regency_map.wsgi")
    with tempfile.TemporaryDirectory() as folder:
        pid_file = Path(folder) / "gunicorn.pid"
        command[-1:] = [*options, "--pid", str(pid_file), "--bind"]
        with served(command, ready="/peta/") as port:
            master = int(pid_file.read_text())
            ask_all(port, 1)
            first = resident_mb(only_child(master))
            ask_all(port, n - 1)
            return {
                "after the first round": first,
                f"after {n} rounds": resident_mb(only_child(master)),
            }


def ask_all(port: int, n: int) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    for address in PAGES * n:
        connection.request("GET", address, headers={"Accept-Encoding": "br"})
        answer = connection.getresponse()
        answer.read()
        if answer.status != 200:
            sys.exit(f"{address}: status {answer.status}. The benchmark needs a loaded database.")


def only_child(pid: int) -> int:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    if len(children) != 1:
        sys.exit(f"gunicorn has {len(children)} workers instead of one.")
    return int(children[0])


def resident_mb(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text()
    line = next(line for line in status.splitlines() if line.startswith("VmRSS:"))
    return int(line.split()[1]) / 1000


if __name__ == "__main__":
    sys.exit(main())
