"""What the job worker does by the clock, for submissions."""

from __future__ import annotations

from django.db import connection
from django_q.models import Schedule

SWEEP, TIDY = "submissions: sweep", "submissions: files and rows"
SCHEDULES = {
    SWEEP: {
        "func": "geo.submissions.batch.jobs.sweep",
        "schedule_type": Schedule.MINUTES,
        "minutes": 1,
    },
    TIDY: {"func": "geo.submissions.batch.jobs.tidy", "schedule_type": Schedule.DAILY},
}


def keep_schedules() -> None:
    """Have the worker's schedules say what is declared here; asking again changes nothing."""
    if Schedule._meta.db_table not in connection.introspection.table_names():
        return
    for name, declared in SCHEDULES.items():
        Schedule.objects.update_or_create(name=name, defaults=declared | {"repeats": -1})
