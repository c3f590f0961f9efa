"""The book of population changes for machines: one row a village and month."""

from django.http import HttpResponse, JsonResponse
from django.utils.translation import gettext_lazy
from ninja import Query

from geo.areas.queries import find_area, regency
from geo.opendata import forms, rules
from geo.opendata.queries import areas_version
from geo.opendata.views import WRONG, unless_unchanged
from geo.population.queries import ledger_version, machine_rows


def _version():
    return f"{ledger_version()} {areas_version()}"


def _asked(asked):
    area = find_area(asked.area) if asked.area else regency()
    return area, *machine_rows(area, asked.year)


@unless_unchanged(_version)
def ledger(request, asked: Query[forms.LedgerFilter]):
    """Standing months of all villages in the area; null where a village does not know."""
    _area, heading, rows = _asked(asked)
    items = [dict(zip(heading, row, strict=True)) for row in rows]
    return JsonResponse({"count": len(items), "items": items})


@unless_unchanged(_version)
def ledger_csv(request, asked: Query[forms.LedgerFilter]):
    """UTF-8 with byte order mark and semicolons."""
    area, heading, rows = _asked(asked)
    response = HttpResponse(rules.table_text(heading, rows), content_type="text/csv; charset=utf-8")
    name = "_".join(part for part in ("ledger", area.code, asked.year) if part)
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


def register(api):
    """Give the book its addresses, before the addresses are listed."""
    api.get(
        "/population/ledger",
        response={200: forms.LedgerOut, **WRONG},
        summary=gettext_lazy("The book of population changes, by village and month"),
    )(ledger)
    api.get(
        "/population/ledger.csv",
        response={200: None, **WRONG},
        openapi_extra=forms.TABLE_ANSWER,
        summary=gettext_lazy("The same months as a table for a spreadsheet"),
    )(ledger_csv)
