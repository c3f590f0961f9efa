"""What the job worker does by the clock, for photos and documents."""

from __future__ import annotations

from django.db import connection
from django_q.models import Schedule

from geo.attachments.services.telling import mail_decisions

SCHEDULES = {
    "attachments: mail": {
        "func": "geo.attachments.batch.schedules.mail",
        "schedule_type": Schedule.MINUTES,
        "minutes": 1,
    },
    "attachments: tidy": {
        "func": "geo.attachments.batch.storage.tidy",
        "schedule_type": Schedule.DAILY,
    },
}


def mail() -> None:
    """Mail what waits; once a minute."""
    mail_decisions()


def keep_schedules() -> None:
    """Have the worker's schedules say what is declared here; asking again changes nothing."""
    if Schedule._meta.db_table not in connection.introspection.table_names():
        return
    for name, declared in SCHEDULES.items():
        Schedule.objects.update_or_create(name=name, defaults=declared | {"repeats": -1})
