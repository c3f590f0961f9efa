"""Accounts for many people at once, from a sheet."""

import tempfile
from pathlib import Path

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from geo.accounts.forms import SheetForm
from geo.accounts.permits import requires
from geo.accounts.queries import Act
from geo.accounts.services import create_accounts, read_sheet, write_sheet
from geo.accounts.views.people import show_slips
from geo.accounts.views.signing_in import PAGE

WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@PAGE
@requires(Act.MANAGE)
def sheet(request):
    form, issues = SheetForm(request.POST or None, request.FILES or None), []
    if request.method == "POST" and form.is_valid():
        accounts, issues = _read(form.cleaned_data["file"])
        if not issues:
            return show_slips(request, create_accounts(accounts=accounts, by=request.user))
    context = {"form": form, "issues": issues}
    return render(request, "accounts/sheet.html", context)


def _read(uploaded):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "sheet"
        path.write_bytes(uploaded.read())
        return read_sheet(path)


@require_safe
@requires(Act.MANAGE)
def sheet_template(request):
    """A sheet with a row for each village without operator, ready to be filled."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "sheet.xlsx"
        write_sheet(path)
        content = path.read_bytes()
    response = HttpResponse(content, content_type=WORKBOOK)
    name = _("accounts.xlsx")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
