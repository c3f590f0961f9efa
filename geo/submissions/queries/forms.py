"""What is asked for: one data set, one period, one area and the areas that it covers."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import get_language, gettext_lazy

from geo.accounts.models import User
from geo.accounts.queries import Act, access_of
from geo.areas.models import Area, Level
from geo.indicators.models import Dataset, Indicator
from geo.lib.errors import GeoError
from geo.lib.periods import first_day, format_period, is_period, last_day, shifted


class UnknownForm(GeoError):
    """Nobody asks for that data set, period and area, or this person may not see it."""

    status = 404
    template = gettext_lazy(
        "There is no form “%(dataset)s” for %(area)s and %(period)s that you may fill in."
    )


@dataclass(frozen=True)
class Form:
    """One data set for one period and area: what a workbook, a page and a submission share.

    ``is_demo`` is said of whoever fills it in: a demonstration account.
    """

    dataset: Dataset
    period: str
    area: Area
    is_demo: bool = False

    @property
    def standing_sources(self) -> dict[str, bool]:
        """Narrows rows to those that stand here: to somebody real, invented ones do not.

        They would be sent as one's own, and figures would be held against them.
        """
        return {} if self.is_demo else {"source__is_demo": False}

    @cached_property
    def areas(self) -> list[Area]:
        """The areas that have a row each, in the order of their codes, without boundaries."""
        level = self.level
        found = Area.objects.current().at_level(level).defer("boundary")
        if self.area.level != level:
            found = found.within(self.area)
        else:
            found = found.filter(pk=self.area.pk)
        return list(found.select_related("parent").order_by("code"))

    @cached_property
    def indicators(self) -> list[Indicator]:
        """The indicators of a form of figures, in the order of the form."""
        by_code = Indicator.objects.in_bulk(self.dataset.contents, field_name="code")
        return [by_code[code] for code in self.dataset.contents if code in by_code]

    @cached_property
    def level(self) -> str:
        """The level of the areas that have a row each."""
        if self.dataset.kind != Dataset.Kind.VALUES:
            return Level.VILLAGE
        levels = [one.level for one in self.indicators]
        return max(levels, key=list(Level.values).index, default=Level.VILLAGE)

    @property
    def period_before(self) -> str:
        return shifted(self.period, -1)

    @property
    def due_on(self) -> datetime.date:
        """The last day on which it is in time."""
        return last_day(self.period) + datetime.timedelta(days=self.dataset.due_days)

    @property
    def title(self) -> str:
        period = format_period(self.period, get_language() or "id")
        return f"{self.dataset.name} – {self.area} – {period}"


def find_form(user: User, dataset_code: str, period: str, area_code: str) -> Form:
    """Find a form that ``user`` may fill in.

    Raises
    ------
    UnknownForm
        Also for periods that have not begun and for areas that are not theirs:
        a stranger learns nothing from the answer.
    """
    dataset = Dataset.objects.select_related("sector").filter(code=dataset_code).first()
    areas = Area.objects.current().defer("boundary").select_related("parent__parent")
    area = areas.filter(code=area_code).first()
    if (
        dataset is None
        or area is None
        or not is_period(period, dataset.frequency)
        or first_day(period) > timezone.localdate()
        or not may_report(user, dataset, area)
    ):
        raise UnknownForm(dataset=dataset_code, area=area_code, period=period)
    return Form(dataset, period, area, user.is_demo)


def may_report(user: User, dataset: Dataset, area: Area) -> bool:
    """Whether ``user`` fills in this data set for this area.

    Whoever answers for a whole district or sector may do so for its villages
    together; a data set of the office is the office's alone.
    """
    access = access_of(user)
    if dataset.reporter == Dataset.Reporter.OFFICE:
        return access.may(Act.VERIFY, area=area, sector_id=dataset.sector_id)
    return access.may(Act.REPORT, area=area, sector_id=dataset.sector_id)
