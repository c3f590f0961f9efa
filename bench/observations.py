"""Reading observations at the size of ten years: a month, a profile, periods, a whole sector.

    DATABASE_URL=postgis://… .venv/bin/python bench/observations.py [--rows 2.3e6]

Makes a database of its own beside the one named, fills it with 313 villages in
21 districts × 60 indicators × 120 months (more rows: more regencies of the same
size), measures, and drops it. Ends with 1 when a budget is missed.
"""

import argparse
import os
import statistics
import sys
import time
from pathlib import Path

import psycopg2

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
N_VILLAGES, N_DISTRICTS, N_INDICATORS, N_MONTHS = 313, 21, 60, 120
NAME = f"bench_observations_{os.getpid()}"
MONTH = "2020-06"

AREAS = """
    INSERT INTO geo_area (id, code, level, kind, name, parent_id, valid_from, area_km2)
    SELECT r * 1000, '90.' || lpad(r::text, 2, '0'), 'regency', 'kabupaten', 'R', NULL,
           '2002-04-10', NULL FROM generate_series(1, %(regencies)s) r;
    INSERT INTO geo_area (id, code, level, kind, name, parent_id, valid_from)
    SELECT r * 1000 + d, '90.' || lpad(r::text, 2, '0') || '.' || lpad(d::text, 2, '0'),
           'district', 'kecamatan', 'D', r * 1000, '2002-04-10'
    FROM generate_series(1, %(regencies)s) r, generate_series(1, %(districts)s) d;
    INSERT INTO geo_area (id, code, level, kind, name, parent_id, valid_from)
    SELECT r * 1000 + 100 + v,
           '90.' || lpad(r::text, 2, '0') || '.' || lpad((v %% %(districts)s + 1)::text, 2, '0')
           || '.' || (2000 + v),
           'village', 'desa', 'V', r * 1000 + v %% %(districts)s + 1, '2002-04-10'
    FROM generate_series(1, %(regencies)s) r, generate_series(1, %(villages)s) v;"""
OBSERVATIONS = """
    INSERT INTO geo_observation
        (area_id, indicator_id, period, value, status, source_id, revision, recorded_at)
    SELECT a.id, i.id, to_char(make_date(2015, 1, 1) + make_interval(months => m), 'YYYY-MM'),
           (a.id * 7 + i.id * 13 + m * 3) %% 900, 'verified', %(source)s, 1, now()
    FROM generate_series(0, %(months)s - 1) m, geo_indicator i, geo_area a
    WHERE a.level = 'village' AND i.roll_up = 'sum'"""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=float, default=2.3e6)
    parser.add_argument("--explain", action="store_true", help="print the plan of one month")
    options = parser.parse_args()
    per_regency = N_VILLAGES * N_INDICATORS * N_MONTHS
    n_regencies = max(1, round(options.rows / per_regency))
    address = os.environ["DATABASE_URL"]
    base, _slash, name = address.rpartition("/")
    make_database(base, name)
    os.environ |= {
        "DATABASE_URL": f"{base}/{NAME}",
        "REGENCY_CODE": "90.01",
        "DJANGO_SETTINGS_MODULE": "regency_map.settings",
    }
    import django

    django.setup()
    try:
        fill(n_regencies)
        return measure(explain=options.explain)
    finally:
        from django.db import connection

        connection.close()
        run_outside(base, name, f"DROP DATABASE {NAME}")


def run_outside(base: str, name: str, statement: str) -> None:
    connection = psycopg2.connect(f"{base}/{name}".replace("postgis://", "postgresql://"))
    connection.autocommit = True
    connection.cursor().execute(statement)
    connection.close()


def make_database(base: str, name: str) -> None:
    run_outside(base, name, f"CREATE DATABASE {NAME}")


def fill(n_regencies: int) -> None:
    from django.core.management import call_command
    from django.db import connection

    from geo.indicators.models import Indicator, Sector, Source

    call_command("migrate", verbosity=0)
    sector = Sector.objects.create(code="bench", name_id="Uji", name_en="Test")
    same = {
        "sector": sector,
        "unit": "person",
        "frequency": "month",
        "level": "village",
        "direction": "neutral",
        "scheme": "quantile",
        "palette": "teal",
    }
    counts = [
        Indicator.objects.create(code=f"count_{n}", name_id=f"{n}", roll_up="sum", **same)
        for n in range(N_INDICATORS)
    ]
    Indicator.objects.create(
        code="rate",
        name_id="R",
        roll_up="ratio",
        numerator=counts[0],
        denominator=counts[1],
        **same,
    )
    source = Source.objects.create(title="Uji", publisher="Uji", entered_by="bench")
    facts = {
        "regencies": n_regencies,
        "districts": N_DISTRICTS,
        "villages": N_VILLAGES,
        "months": N_MONTHS,
        "source": source.pk,
    }
    begun = time.perf_counter()
    with connection.cursor() as cursor:
        cursor.execute(AREAS, facts)
        cursor.execute(OBSERVATIONS, facts)
        n_rows = cursor.rowcount
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE)")
    print(f"{n_rows:,} rows in {n_regencies} regencies, {time.perf_counter() - begun:.0f} s")


def milliseconds(action, times: int = 30) -> float:
    action()
    taken = []
    for _ in range(times):
        begun = time.perf_counter()
        action()
        taken.append(1000 * (time.perf_counter() - begun))
    return statistics.median(taken)


def measure(*, explain: bool) -> int:
    from geo.areas.queries import find_area
    from geo.indicators import queries
    from geo.indicators.batch.kept import drop_what_rests_on_other_areas, keep_figures

    regency, village = find_area("90.01"), find_area("90.01.02.2001")
    count, rate = queries.find_indicator("count_5"), queries.find_indicator("rate")

    def month(indicator):
        return lambda: queries.read_figures(
            indicator=indicator, period=MONTH, level="village", parent=regency
        )

    begun = time.perf_counter()
    drop_what_rests_on_other_areas()
    for indicator in type(count).objects.all():
        keep_figures(indicator, queries.known_periods(indicator))
    kept_s = time.perf_counter() - begun
    lines = [
        ("a month of a count", milliseconds(month(count)), 6),
        ("a month of a ratio", milliseconds(month(rate)), 12),
        ("periods of an indicator", milliseconds(lambda: queries.known_periods(count)), 6),
        ("version of the data", milliseconds(queries.data_version), 6),
        ("all facts of a village", milliseconds(lambda: queries.read_area_facts(village), 5), 1000),
        (
            "all facts of the regency",
            milliseconds(lambda: queries.read_area_facts(regency), 5),
            1000,
        ),
    ]
    print(f"figures kept of all months in {kept_s:.0f} s")
    for what, taken, budget in lines:
        print(
            f"{what:28} {taken:8.1f} ms   <= {budget} ms {'pass' if taken <= budget else 'MISSED'}"
        )
    if explain:
        print_plan(regency, count)
    return int(any(taken > budget for _what, taken, budget in lines))


def print_plan(regency, indicator) -> None:
    from django.db import connection

    from geo.indicators.queries.observed import BESIDE, READ, STANDING

    facts = {
        "top": regency.pk,
        "levels": ["village"],
        "deep": True,
        "indicators": [indicator.pk],
        "periods": [MONTH],
    }
    with connection.cursor() as cursor:
        cursor.execute(
            f"EXPLAIN (ANALYZE, BUFFERS) {READ.format(observations=BESIDE.format(rows=STANDING))}",
            facts,
        )
        print("\n".join(row[0] for row in cursor.fetchall()))


if __name__ == "__main__":
    sys.exit(main())
