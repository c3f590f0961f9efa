"""Publishing 313 villages × 30 indicators, beside a short and a long history.

    DATABASE_URL=postgis://… .venv/bin/python bench/publishing.py [--years 2 --years 12]

Makes a database of its own beside the one named, with the areas of one regency
and 30 indicators (20 counts, 5 sensitive ones, 5 rates) of as many years as
told; publishes a whole year, then a correction of ten cells, then a whole year
over what 313 villages had each sent themselves and are told about, as the worker
does it, in one transaction each; and drops the database. Ends with 1 when a
budget is missed.
"""

import argparse
import os
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
sys.path.insert(0, str(Path(__file__).resolve().parent))

from observations import AREAS, N_DISTRICTS, N_VILLAGES, run_outside

NAME = f"bench_publishing_{os.getpid()}"
N_COUNTS, N_SENSITIVE, N_RATES = 20, 5, 5
LAST_YEAR = 2025
BUDGET_S, GROWTH = 2.0, 1.5
VALUES = """
    INSERT INTO geo_observation
        (area_id, indicator_id, period, value, status, source_id, revision, recorded_at)
    SELECT a.id, i.id, y::text, (a.id * 7 + i.id * 13 + y * 3) %% 90, 'verified',
           %(source)s, 1, now()
    FROM generate_series(%(first)s, %(last)s) y, geo_indicator i, geo_area a
    WHERE a.level = 'village'"""

OWN_VALUES = """
    INSERT INTO geo_observation
        (area_id, indicator_id, period, value, status, source_id, revision, recorded_at)
    SELECT s.area_id, i.id, s.period, (s.area_id * 7 + i.id * 13) % 90 + 100, 'verified',
           p.source_id, 1, now()
    FROM geo_publication p JOIN geo_submission s ON s.id = p.submission_id, geo_indicator i"""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--years", type=int, action="append", help="of history; may be repeated")
    years = sorted(parser.parse_args().years or [2, 12])
    base, _slash, name = os.environ["DATABASE_URL"].rpartition("/")
    run_outside(base, name, f"CREATE DATABASE {NAME}")
    os.environ |= {
        "DATABASE_URL": f"{base}/{NAME}",
        "REGENCY_CODE": "90.01",
        "DJANGO_SETTINGS_MODULE": "regency_map.settings",
    }
    import django

    django.setup()
    try:
        form, by, officer = fill(years[-1])
        taken = {n: measure(form, by, officer, n) for n in years}
    finally:
        from django.db import connection

        connection.close()
        run_outside(base, name, f"DROP DATABASE {NAME}")
    return judge(taken)


def fill(n_years: int):
    """Areas, indicators and people; figures come with ``measure``."""
    from django.core.management import call_command
    from django.db import connection

    from geo.accounts.models import Assignment, Role, User
    from geo.areas.models import Area
    from geo.indicators.models import Dataset, Indicator, Sector
    from geo.submissions.queries.forms import Form

    call_command("migrate", verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute(AREAS, {"regencies": 1, "districts": N_DISTRICTS, "villages": N_VILLAGES})
    sector = Sector.objects.create(code="bench", name_id="Uji", name_en="Bench")
    shape = {"unit": "person", "frequency": "year", "level": "village", "scheme": "quantile"}
    shape |= {"direction": "neutral", "palette": "teal"}
    codes = [f"figure_{n}" for n in range(N_COUNTS + N_SENSITIVE + N_RATES)]
    for n, code in enumerate(codes):
        is_rate = n >= N_COUNTS + N_SENSITIVE
        Indicator.objects.create(
            sector=sector,
            code=code,
            name_id=code,
            name_en=code,
            position=n,
            roll_up="none" if is_rate else "sum",
            sensitive=N_COUNTS <= n < N_COUNTS + N_SENSITIVE,
            **shape,
        )
    dataset = Dataset.objects.create(
        sector=sector,
        code="bench",
        name_id="Uji",
        name_en="Bench",
        kind="values",
        frequency="year",
        reporter="village",
        due_days=31,
        contents=codes,
    )
    villages = Area.objects.filter(level="village")
    operators = User.objects.bulk_create(User(username=one.code) for one in villages)
    Assignment.objects.bulk_create(
        Assignment(user=user, role=Role.VILLAGE_OPERATOR, area=area)
        for user, area in zip(operators, villages, strict=True)
    )
    people = [User.objects.create(username=name) for name in ("by", "officer")]
    for person in people:
        Assignment.objects.create(user=person, role=Role.WALIDATA)
    return Form(dataset, str(LAST_YEAR), Area.objects.get(code="90.01")), *people


def measure(form, by, officer, n_years: int) -> dict[str, float]:
    """Seconds by act, with ``n_years`` of history before the year that is published."""
    from geo.submissions.batch import publishing
    from geo.submissions.services import reviewing

    begin_anew(n_years)
    taken = {}
    whole = submit(form, by, lambda row, n: {c: float((row + n) % 80) for c, n in numbered(form)})
    taken["publish 313 × 30"] = timed(publishing.publish, approve(reviewing, whole, officer))
    few = submit(form, by, lambda row, n: {"figure_0": 999.0} if row < 10 else {})
    taken["publish 10 cells"] = timed(publishing.publish, approve(reviewing, few, officer))
    begin_anew(n_years)
    villages_publish(form)
    whole = submit(form, by, lambda row, n: {c: float((row + n) % 80) for c, n in numbered(form)})
    taken["publish 313 × 30 over the villages' own"] = timed(
        publishing.publish, approve(reviewing, whole, officer)
    )
    return taken


def begin_anew(n_years: int) -> None:
    """Nothing but ``n_years`` of figures before the year that is published."""
    from django.db import connection

    from geo.indicators.batch.breaks import compute_breaks
    from geo.indicators.models import Source

    tables = "geo_observation, geo_submission, geo_submissionversion, geo_publication"
    with connection.cursor() as cursor:
        cursor.execute(
            f"TRUNCATE {tables}, geo_classbreaks, geo_shownvalues, geo_keptfigure CASCADE"
        )
        source = Source.objects.create(title="Bench", publisher="Bench", entered_by="bench")
        facts = {"source": source.pk, "first": LAST_YEAR - n_years, "last": LAST_YEAR - 1}
        cursor.execute(VALUES, facts)
        cursor.execute("ANALYZE")
    compute_breaks()


def villages_publish(form) -> None:
    """What each village sent by itself, as it stands published."""
    from django.db import connection
    from django.utils import timezone

    from geo.accounts.models import User
    from geo.indicators.models import Source
    from geo.submissions.models import Publication, State, Submission, SubmissionVersion

    operators = User.objects.in_bulk([one.code for one in form.areas], field_name="username")
    now, shared = timezone.now(), {"dataset": form.dataset, "period": form.period}
    for area in form.areas:
        operator = operators[area.code]
        sent = Submission.objects.create(
            area=area, state=State.VERIFIED, created_by=operator, **shared
        )
        sent.current = SubmissionVersion.objects.create(
            submission=sent, number=1, origin="form", created_by=operator,
            content_hash="0" * 64, sealed_at=now,
        )  # fmt: skip
        sent.save(update_fields=["current"])
        source = Source.objects.create(title=area.code, publisher="Bench", entered_by="bench")
        Publication.objects.create(
            submission=sent, version=sent.current, source=source, published_by=operator
        )
    with connection.cursor() as cursor:
        cursor.execute(OWN_VALUES)
        cursor.execute("ANALYZE")


def numbered(form):
    return [(one.code, n) for n, one in enumerate(form.indicators)]


def submit(form, by, cells_of):
    from django.utils import timezone

    from geo.lib.grids import Grid, content_hash
    from geo.submissions.kinds import kind_of
    from geo.submissions.models import Act, State, Submission, SubmissionVersion
    from geo.submissions.services.events import record

    rows = kind_of(form.dataset).rows(form)
    for n, row in enumerate(rows):
        row.cells = cells_of(n, row)
    grid = Grid(list(form.dataset.contents), rows)
    submission = Submission.objects.create(
        dataset=form.dataset, period=form.period, area=form.area, state=State.READY, created_by=by
    )
    submission.current = SubmissionVersion.objects.create(
        submission=submission,
        number=1,
        origin="form",
        content=grid.as_json(),
        content_hash=content_hash(grid, {}),
        created_by=by,
        sealed_at=timezone.now(),
    )
    submission.save()
    record(submission=submission, act=Act.SENT, by=by)
    return submission


def approve(reviewing, submission, officer):
    seen = submission.current.content_hash
    return reviewing.approve(submission=submission, by=officer, content_hash=seen)


def timed(act, submission) -> float:
    begun, worked = time.perf_counter(), time.process_time()
    done = act(submission)
    submission.refresh_from_db()
    if not done:
        sys.exit(submission.failure)
    taken, worked = time.perf_counter() - begun, time.process_time() - worked
    print(f"  {submission.number}: {taken:.2f} s, of which this process worked {worked:.2f} s")
    return taken


def judge(taken: dict[int, dict[str, float]]) -> int:
    short, long = min(taken), max(taken)
    missed = 0
    for act in taken[short]:
        for n_years in sorted(taken):
            print(f"{act}, {n_years:>3} years of history  {taken[n_years][act]:6.2f} s")
        growth = taken[long][act] / taken[short][act]
        print(f"  grows ×{growth:.2f} with {long / short:.0f} × the history (budget ×{GROWTH})")
        missed += growth > GROWTH
    slowest = max(max(one.values()) for one in taken.values())
    print(f"publish 313 × 30: {slowest:.2f} s (budget {BUDGET_S} s)")
    return int(bool(missed) or slowest > BUDGET_S)


if __name__ == "__main__":
    sys.exit(main())
