"""How long a worker takes for a dossier of five villages, and of one.

    DATABASE_URL=postgis://… SECRET_KEY=… .venv/bin/python bench/dossier.py

The database needs boundaries, sectors and figures. Dossiers are made in an empty folder, the
paper included, and taken back. Ends with 1 when the budget is missed.
"""

import os
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
from django.http import QueryDict  # noqa: E402
from django.utils import timezone  # noqa: E402

from geo.documents.batch.jobs import build  # noqa: E402
from geo.documents.forms import read_subject  # noqa: E402
from geo.documents.models import Dossier, DossierState  # noqa: E402
from geo.investment.queries import offered_criteria  # noqa: E402

BUDGET_S = 10.0
N_CRITERIA = 8


def measure(query: str, language: str) -> float:
    """Seconds for one dossier, from the reminder to the finished paper."""
    subject = read_subject(QueryDict(query))
    dossier = Dossier.objects.create(
        kind=subject.kind,
        query=subject.query,
        language=language,
        pinned_at=timezone.now(),
        address="https://peta.example/dossier/",
        digest=f"bench {time.time_ns()}",
    )
    try:
        begun = time.perf_counter()
        build(dossier.pk)
        seconds = time.perf_counter() - begun
        dossier.refresh_from_db()
        if dossier.state != DossierState.READY:
            raise SystemExit(f"not made: {dossier.state} {dossier.failure}")
        return seconds
    finally:
        dossier.delete()


def main() -> int:
    settings.VAR_DIR = Path(tempfile.mkdtemp())
    codes = [one.code for one in offered_criteria("village") if one.period][:N_CRITERIA]
    ranked = "&".join(f"w.{code}=3" for code in codes)
    first = read_subject(QueryDict(ranked)).areas[0].code
    missed = 0
    print(f"{'what':40} {'seconds':>8} {'budget':>8}")
    for name, query in (("five villages, ranked", ranked), ("one village", f"a={first}")):
        for language in ("id", "en"):
            seconds = measure(query, language)
            missed += seconds > BUDGET_S
            print(f"{name + ', ' + language:40} {seconds:8.2f} {BUDGET_S:8.1f}")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
