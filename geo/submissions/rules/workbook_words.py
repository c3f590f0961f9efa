"""Every word of our workbooks, in the language of the page."""

from __future__ import annotations

from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from geo.areas.models import Level
from geo.indicators.models import Dataset
from geo.lib.periods import format_period
from geo.lib.workbooks.contract import Words
from geo.submissions.queries.forms import Form


def workbook_words(form: Form) -> Words:
    """The words of the workbook of a form."""
    has_rows_of_areas = form.dataset.kind in (Dataset.Kind.VALUES, Dataset.Kind.LEDGER)
    period_before = format_period(form.period_before, get_language() or "id")
    return Words(
        title=form.title,
        form_sheet=_("To fill in"),
        help_sheet=_("How to"),
        code=_("Code") if has_rows_of_areas else _("Number (empty: new)"),
        area=_area_words(form) if has_rows_of_areas else _("Listed as"),
        district=_("District"),
        figure=_("Figure"),
        value=_("Fill in"),
        last=_("Last time: %(period)s") % {"period": period_before},
        computed=_("Worked out"),
        total=_("Total"),
        form_code=_("Code of the form (leave it as it is)"),
        no_data=_("no data"),
        yes=_("yes"),
        no=_("no"),
        wrong_value=_("This cannot stand here"),
        whole_between=_("Write a whole number from %(lowest)s to %(highest)s."),
        number_between=_("Write a number from %(lowest)s to %(highest)s."),
        or_no_data=_("Where there is no figure, write “%(no_data)s”."),
        choose=_("Choose one of the list."),
        date=_("Write a day as day/month/year, such as 31/12/2025."),
        how_to=_how_to(form),
        table=(_("Figure"), _("Unit"), _("What may stand here"), _("What it means")),
        page=_("Page %(page)s of %(pages)s"),
    )


def workbook_facts(form: Form) -> list[tuple[str, str]]:
    """The lines below the title: what, when, where, until when, for whom."""
    return [
        (_("Data set"), form.dataset.name),
        (_("Period"), format_period(form.period, get_language() or "id")),
        (_("Area"), f"{form.area} ({form.area.code})"),
        (_("In time until"), date_format(form.due_on, "DATE_FORMAT")),
        (_("Office"), form.dataset.office),
    ]


def _how_to(form: Form) -> list[str]:
    steps = [
        _("Fill in the yellow cells. Grey cells are filled in already or worked out."),
        _("Write numbers without units and without points between thousands: 1250."),
        _("Write 0 where there was none. An empty cell says nothing."),
        _("Do not write names of people, NIK or KK numbers."),
        _("Beside the cells stands what was published last time, to compare."),
        _(
            "Save the file as XLSX or CSV and upload it on the page of this form. All problems are "
            "then shown at once; nothing is published before you send it."
        ),
    ]
    return [form.dataset.instructions, *steps] if form.dataset.instructions else steps


def _area_words(form: Form) -> str:
    return _("Village or ward") if form.level == Level.VILLAGE else _("Area")
