"""Does the job worker live, and does it keep up?"""

import datetime
from collections.abc import Iterator

from django.db import Error
from django.utils import timezone
from django.utils.translation import gettext as _
from django_q.models import Failure, OrmQ

from geo.status.batch.findings import Finding
from geo.status.queries import worker_heartbeat_age_s

PART = "worker"
LONGEST_WAIT = datetime.timedelta(hours=1)


def findings() -> Iterator[Finding]:
    yield _heartbeat()
    try:
        yield from _jobs()
    except Error:
        return  # said by database.findings


def _heartbeat() -> Finding:
    age_s = worker_heartbeat_age_s()
    if age_s is None:
        return Finding(
            PART,
            _("No job worker is running, so that uploads and loads in the background wait."),
            _(
                "Start script/server, which runs one, or the service peta-worker. If one runs, it "
                "has another VAR_DIR or SECRET_KEY."
            ),
        )
    return Finding(PART, _("The job worker gave a sign of life %(s)s s ago.") % {"s": age_s})


def _jobs() -> Iterator[Finding]:
    overdue = OrmQ.objects.filter(lock__lt=timezone.now() - LONGEST_WAIT).count()
    if overdue:
        yield Finding(
            PART,
            _("%(n)s jobs have waited for more than an hour.") % {"n": overdue},
            _("Restart the job worker and look into its log."),
        )
    last_day = timezone.now() - datetime.timedelta(days=1)
    n_failed = Failure.objects.filter(stopped__gt=last_day).count()
    if n_failed:
        yield Finding(
            PART,
            _("%(n)s jobs failed within the last day.") % {"n": n_failed},
            _("Their errors stand in the administration under Failed tasks."),
        )
