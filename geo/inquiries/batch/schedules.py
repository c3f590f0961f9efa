"""What the job worker does by the clock, for questions."""

from __future__ import annotations

from django.db import connection
from django_q.models import Schedule

from geo.inquiries.services.mailing import mail_inquiries
from geo.inquiries.services.retention import delete_old_contacts

SCHEDULES = {
    "inquiries: mail": {
        "func": "geo.inquiries.batch.schedules.mail",
        "schedule_type": Schedule.MINUTES,
        "minutes": 1,
    },
    "inquiries: forget": {
        "func": "geo.inquiries.batch.schedules.forget",
        "schedule_type": Schedule.DAILY,
    },
}


def mail() -> None:
    """Mail what waits; once a minute."""
    mail_inquiries()


def forget() -> str:
    """Delete what was kept for its time; once a day. The text is kept with the job."""
    done = delete_old_contacts()
    return f"{done.n_contacts} contacts deleted, {done.n_senders} hashes of senders emptied"


def keep_schedules() -> None:
    """Have the worker's schedules say what is declared here; asking again changes nothing."""
    if Schedule._meta.db_table not in connection.introspection.table_names():
        return
    for name, declared in SCHEDULES.items():
        Schedule.objects.update_or_create(name=name, defaults=declared | {"repeats": -1})
