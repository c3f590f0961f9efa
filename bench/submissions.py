"""Checking what was uploaded: all problems of a workbook against merely reading it.

    DATABASE_URL=postgis://… .venv/bin/python bench/submissions.py

Makes a database of its own beside the one named, fills it with 313 and with 10,000 villages
of 30 counts and their figures of the year before, and uploads our own workbooks with a
problem in every tenth row. Times are of processor (child, parent, and not the database's), so
that they hold on a busy machine; the clock stands beside. “Reading” is the same file read by
openpyxl, and by our locked child. Ends with 1 when a budget is missed.
"""

import os
import resource
import shutil
import sys
import tempfile
import time
from pathlib import Path

import psycopg2

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
NAME = f"bench_submissions_{os.getpid()}"
N_COLUMNS = 30
MOST_SECONDS, MOST_RATIO = 5.0, 3.0

AREAS = """
    INSERT INTO geo_area (id, code, level, kind, name, parent_id, valid_from)
    SELECT %(first)s, %(regency)s, 'regency', 'kabupaten', 'R', NULL, '2002-04-10';
    INSERT INTO geo_area (id, code, level, kind, name, parent_id, valid_from)
    SELECT %(first)s + d, %(regency)s || '.' || lpad(d::text, 2, '0'), 'district', 'kecamatan',
           'Petak ' || d, %(first)s, '2002-04-10' FROM generate_series(1, 20) d;
    INSERT INTO geo_area (id, code, level, kind, name, parent_id, valid_from)
    SELECT %(first)s + 100 + v,
           %(regency)s || '.' || lpad((v %% 20 + 1)::text, 2, '0') || '.' || (2000 + v / 20),
           'village', 'desa', 'Ubin ' || v, %(first)s + v %% 20 + 1, '2002-04-10'
    FROM generate_series(1, %(villages)s) v;"""
OBSERVATIONS = """
    INSERT INTO geo_observation
        (area_id, indicator_id, period, value, status, source_id, revision, recorded_at)
    SELECT a.id, i.id, '2024', 1000 + (a.id * 7 + i.id * 13) %% 900, 'verified', %(source)s, 1,
           now()
    FROM geo_indicator i, geo_area a WHERE a.level = 'village'"""


def main() -> int:
    address = os.environ["DATABASE_URL"]
    base, _slash, name = address.rpartition("/")
    run_outside(base, name, f"CREATE DATABASE {NAME}")
    folder = tempfile.mkdtemp()
    os.environ |= {
        "DATABASE_URL": f"{base}/{NAME}",
        "VAR_DIR": folder,
        "REGENCY_CODE": "90.01",
        "LOG_LEVEL": "ERROR",
        "DJANGO_SETTINGS_MODULE": "regency_map.settings",
    }
    import django

    django.setup()
    try:
        fill()
        return measure()
    finally:
        from django.db import connection

        connection.close()
        run_outside(base, name, f"DROP DATABASE {NAME}")
        shutil.rmtree(folder)


def run_outside(base: str, name: str, statement: str) -> None:
    connection = psycopg2.connect(f"{base}/{name}".replace("postgis://", "postgresql://"))
    connection.autocommit = True
    connection.cursor().execute(statement)
    connection.close()


def fill() -> None:
    from django.core.management import call_command
    from django.db import connection

    from geo.accounts.models import Assignment, Role, User
    from geo.indicators.models import Dataset, Indicator, Sector, Source

    call_command("migrate", verbosity=0)
    sector = Sector.objects.create(code="bench", name_id="Uji", name_en="Test")
    same = {"unit": "person", "frequency": "year", "level": "village", "palette": "teal"}
    same |= {"direction": "neutral", "scheme": "quantile", "roll_up": "sum", "valid_min": 0}
    codes = [f"count_{n}" for n in range(N_COLUMNS)]
    for code in codes:
        Indicator.objects.create(sector=sector, code=code, name_id=f"Cacah {code}", **same)
    Dataset.objects.create(
        sector=sector, code="counts", name_id="Cacah", kind="values", frequency="year",
        reporter="office", due_days=31, contents=codes,
    )  # fmt: skip
    officer = User.objects.create(username="walidata")
    Assignment.objects.create(user=officer, role=Role.WALIDATA)
    source = Source.objects.create(title="Uji", publisher="Uji", entered_by="bench")
    with connection.cursor() as cursor:
        cursor.execute(AREAS, {"regency": "90.01", "villages": 313, "first": 1000})
        cursor.execute(AREAS, {"regency": "90.02", "villages": 10_000, "first": 10_000})
        cursor.execute(OBSERVATIONS, {"source": source.pk})
        cursor.execute("VACUUM (ANALYZE)")


def measure() -> int:
    print(f"{'':<14}{'reading: openpyxl':>20}{'our child':>12}{'checking':>12}{'ratio':>8}"
          f"{'clock':>9}{'problems':>10}")  # fmt: skip
    small = check_one("90.01", "313 × 30")
    large = check_one("90.02", "10,000 × 30")
    print(f"\n313 villages: all problems after {small['seconds']:.2f} s (budget {MOST_SECONDS} s)")
    ratio = large["seconds"] / large["reading"]
    print(f"10,000 rows: {ratio:.2f} × merely reading (budget {MOST_RATIO} ×)")
    return 0 if small["seconds"] <= MOST_SECONDS and ratio <= MOST_RATIO else 1


def check_one(regency: str, title: str) -> dict[str, float]:
    from django.conf import settings
    from django.db import transaction

    from geo.accounts.models import User
    from geo.areas.models import Area
    from geo.indicators.models import Dataset
    from geo.lib.uploads.reading import read_upload
    from geo.submissions.batch import jobs
    from geo.submissions.models import Submission
    from geo.submissions.queries.forms import Form
    from geo.submissions.services.receiving import receive_file

    settings.REGENCY_CODE = regency
    form = Form(Dataset.objects.get(), "2025", Area.objects.get(code=regency))
    path = Path(settings.VAR_DIR) / f"{regency}.xlsx"
    path.write_bytes(workbook(form))
    openpyxl_s, _clock = timed(lambda: read_with_openpyxl(path))
    child_s, _clock = timed(lambda: read_upload(path))

    def upload_and_check() -> None:
        with transaction.atomic():
            # The reminder stays in the queue: here the job is run at once.
            received = receive_file(
                form=form, by=User.objects.get(), name=path.name, chunks=[path.read_bytes()]
            )
        jobs.run(received.submission.pk)

    seconds, clock_s = timed(upload_and_check)
    n_problems = len(Submission.objects.get(area__code=regency).current.issues)
    if not n_problems:
        raise SystemExit("Nothing was found.")
    print(f"{title:<14}{openpyxl_s:>18.2f} s{child_s:>10.2f} s{seconds:>10.2f} s"
          f"{seconds / openpyxl_s:>8.2f}{clock_s:>7.2f} s{n_problems:>10,}")  # fmt: skip
    return {"seconds": seconds, "reading": openpyxl_s}


def workbook(form) -> bytes:
    """Our own workbook of the form, filled in, with a problem in every tenth row."""
    from geo.lib.grids import Grid
    from geo.submissions.kinds import kind_of
    from geo.submissions.services.workbooks import make_workbook

    kind = kind_of(form.dataset)
    last = kind.last(form)
    rows = kind.rows(form)
    for n, row in enumerate(rows):
        row.cells = dict(last[row.key])
        if n % 10 == 0:
            row.cells["count_1"] = "tiga"
            row.cells["count_2"] = row.cells["count_2"] * 9
    return make_workbook(form=form, grid=Grid([], rows))


def read_with_openpyxl(path: Path) -> int:
    import openpyxl

    book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    return sum(1 for sheet in book for row in sheet.iter_rows(values_only=True) for _cell in row)


def timed(action) -> tuple[float, float]:
    """Seconds of processor, of this process and its children, and by the clock."""
    before, began = processor_s(), time.perf_counter()
    action()
    return processor_s() - before, time.perf_counter() - began


def processor_s() -> float:
    used = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(one.ru_utime + one.ru_stime for one in used)


if __name__ == "__main__":
    sys.exit(main())
