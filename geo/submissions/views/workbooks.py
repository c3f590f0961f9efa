"""Workbooks to take along: the form's own, the one returned with its problems, the original."""

from django.http import FileResponse, Http404, HttpResponse
from django.views.decorators.http import require_safe

from geo.accounts.permits import requires
from geo.accounts.queries import Act
from geo.submissions.kinds.registry import KINDS
from geo.submissions.queries.forms import UnknownForm, find_form, may_report
from geo.submissions.queries.numbers import find_submission
from geo.submissions.rules.file_sentences import holds_personal
from geo.submissions.services.returning import open_returned
from geo.submissions.services.storing import path_of
from geo.submissions.services.workbooks import make_workbook

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_safe
@requires(Act.REPORT)
def workbook(request, dataset, period, area):
    form = find_form(request.user, dataset, period, area)
    if form.dataset.kind not in KINDS:
        raise UnknownForm(dataset=dataset, area=area, period=period)
    response = HttpResponse(make_workbook(form=form), content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="{dataset}_{period}_{area}.xlsx"'
    return response


@require_safe
@requires(Act.SEE)
def returned(request, number):
    version = _version(request.user, number)
    if version.checked_at is None:
        raise Http404
    made = open_returned(version)
    name = f"{number}_{version.number}.xlsx"
    return FileResponse(made, as_attachment=True, filename=name, content_type=XLSX)


@require_safe
@requires(Act.SEE)
def original(request, number):
    file = _version(request.user, number).file
    if file is None or not path_of(file.uuid).exists():
        raise Http404
    # Whatever it is, a browser only keeps it: never opened as a page of ours.
    opened = path_of(file.uuid).open("rb")
    kept = "application/octet-stream"
    return FileResponse(opened, as_attachment=True, filename=file.name, content_type=kept)


def _version(user, number):
    """The version that stands; one with data of persons only for those who bring it in."""
    submission = find_submission(user, number)
    version = submission.current
    if version is None:
        raise Http404
    is_personal = holds_personal(one["rule"] for one in version.issues)
    if is_personal and not may_report(user, submission.dataset, submission.area):
        raise Http404
    return version
