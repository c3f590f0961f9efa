"""Documents and files of figures, each made for the first time: time and the web process's memory.

    DATABASE_URL=postgis://… SECRET_KEY=… .venv/bin/python bench/documents.py

The database needs boundaries and figures. Everything is asked for in one process, as a web
worker would be, with an empty folder for what is kept. Ends with 1 when a budget is missed.
"""

import os
import resource
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "regency_map.settings")

import django  # noqa: E402

django.setup()

from django.conf import settings  # noqa: E402
from django.test import Client  # noqa: E402

from geo.indicators.models import Sector  # noqa: E402

MOST_MB = 120
UNCACHED_S = 1.5


def measure(client: Client, address: str) -> tuple[float, int]:
    begun = time.perf_counter()
    answer = client.get(address)
    size = sum(len(part) for part in answer.streaming_content)
    return time.perf_counter() - begun, size


def memory_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> int:
    settings.ALLOWED_HOSTS = ["testserver"]
    settings.VAR_DIR = Path(tempfile.mkdtemp())
    code = settings.REGENCY_CODE
    client = Client()
    client.get("/peta/")  # what every worker has loaded anyway
    documents = ["/peta/cetak.pdf", "/peta/cetak.pdf?l=village", "/peta/cetak.png?l=village"]
    documents += [f"/wilayah/{code}/profil.pdf", "/en/peta/cetak.pdf"]
    files = [
        f"/api/v1/sectors/{sector}.{kind}"
        for sector in Sector.objects.values_list("code", flat=True)
        for kind in ("xlsx", "csv", "geojson", "gpkg")
    ]
    missed = 0
    print(f"{'what':48} {'first':>8} {'again':>8} {'size':>10} {'memory':>8}")
    for address in [*documents, *files]:
        first, size = measure(client, address)
        again, _size = measure(client, address)
        is_slow = address in documents and first > UNCACHED_S
        missed += is_slow or memory_mb() > MOST_MB
        times = f"{first:7.2f}s {again:7.2f}s"
        print(f"{address:48} {times} {size / 1000:8.0f}kB {memory_mb():6.0f}MB{' !' * is_slow}")
    print(f"budgets: documents {UNCACHED_S} s, memory {MOST_MB} MB; missed {missed}")
    return int(missed > 0)


if __name__ == "__main__":
    sys.exit(main())
