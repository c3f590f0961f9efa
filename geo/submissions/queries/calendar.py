"""Which periods of a data set are asked for, and until when."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from geo.indicators.models import Dataset
from geo.lib.periods import MONTH, QUARTER, YEAR, first_day, last_day, shifted

# Of a data set that does not say since when: as many ended periods as people still know.
USUAL_PERIODS = {MONTH: 3, QUARTER: 2, YEAR: 1}
# However long ago a data set began, nobody is asked for more than this.
MOST_PERIODS = {MONTH: 12, QUARTER: 8, YEAR: 5}


@dataclass(frozen=True, slots=True)
class Opening:
    """When a form can be filled in next, and until when."""

    dataset: Dataset
    period: str
    opens_on: datetime.date
    due_on: datetime.date


def due_on(dataset: Dataset, period: str) -> datetime.date:
    """The last day on which a period is in time."""
    return last_day(period) + datetime.timedelta(days=dataset.due_days)


def running_period(frequency: str, day: datetime.date) -> str:
    """The period in which ``day`` lies."""
    if frequency == MONTH:
        return f"{day:%Y-%m}"
    return f"{day.year}" if frequency == YEAR else f"{day.year}-Q{(day.month + 2) // 3}"


def expected_periods(dataset: Dataset, day: datetime.date) -> list[str]:
    """Ended periods for which the data set is asked on ``day``, the latest first."""
    frequency = str(dataset.frequency)
    running = running_period(frequency, day)
    usual = [shifted(running, -step) for step in range(1, USUAL_PERIODS[frequency] + 1)]
    if not dataset.since:
        return usual
    most = [shifted(running, -step) for step in range(1, MOST_PERIODS[frequency] + 1)]
    return [one for one in most if first_day(one) >= first_day(dataset.since)]


def next_opening(datasets: list[Dataset], day: datetime.date) -> Opening | None:
    """The form that can be filled in next, once its period has ended."""
    found = []
    for dataset in datasets:
        period = running_period(str(dataset.frequency), day)
        opens_on = last_day(period) + datetime.timedelta(days=1)
        found.append(Opening(dataset, period, opens_on, due_on(dataset, period)))
    return min(found, key=lambda one: (one.opens_on, one.due_on), default=None)
