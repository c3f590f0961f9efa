"""The form to ask an office, its receipt, and the private thread of one question."""

from django.conf import settings
from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from geo.inquiries.forms import AskForm, FollowUpForm
from geo.inquiries.queries import (
    address_of,
    ask_again,
    find_subject,
    find_thread,
    likely_office,
    office_name,
)
from geo.inquiries.rules import Personal
from geo.inquiries.services.asking import Asker, ask, delete_after, follow_up
from geo.lib.errors import GeoError
from regency_map.proxies import client_address

PAGE = require_http_methods(["GET", "HEAD", "POST"])


@PAGE
@never_cache
def ask_office(request):
    subject = find_subject(request.GET)
    proposed = request.GET.get("kantor") or likely_office(subject)
    form = AskForm(request.POST or None, initial={"sector": proposed})
    if request.method == "POST" and form.is_valid():
        try:
            return _receipt(request, _ask(request, subject, form.cleaned_data))
        except GeoError as refused:
            form.add_error(None, str(refused))
            return _form(request, subject, form, refused.status)
    return _form(request, subject, form)


def _form(request, subject, form, status=200):
    context = {
        "form": form,
        "subject": subject,
        "delete_after": delete_after(),
        "sends_mail": settings.SENDS_MAIL,
    }
    return _private(render(request, "inquiries/ask.html", context, status=status))


def _ask(request, subject, asked):
    return ask(
        subject=subject,
        sector=asked["sector"],
        text=asked["text"],
        language=get_language() or "id",
        asker=Asker(asked["name"], asked["email"], asked["phone"], client_address(request)),
        form_key=asked["form_key"],
    )


def _receipt(request, receipt):
    context = {
        "receipt": receipt,
        "inquiry": receipt.inquiry,
        "office": office_name(receipt.inquiry.sector),
        "taken_out": words_of(receipt.masked),
        "site": f"{request.scheme}://{request.get_host()}",
    }
    return _private(render(request, "inquiries/receipt.html", context))


@PAGE
@never_cache
def thread(request, number, token):
    inquiry = find_thread(number, token)
    form, status = FollowUpForm(request.POST or None), 200
    if request.method == "POST" and form.is_valid():
        try:
            found = follow_up(inquiry=inquiry, text=form.cleaned_data["text"])
        except GeoError as refused:
            form.add_error(None, str(refused))
            inquiry, status = find_thread(number, token), refused.status
        else:
            return _written(request, found)
    context = {
        "inquiry": inquiry,
        "thread": inquiry.messages.select_related("author", "sector"),
        "office": office_name(inquiry.sector),
        "contact": getattr(inquiry, "contact", None),
        "subject_address": address_of(inquiry.subject, inquiry.subject_code),
        "form": form,
        "ask_again": ask_again(inquiry),
    }
    return _private(render(request, "inquiries/thread.html", context, status=status))


def _written(request, found):
    if found:
        messages.warning(
            request, _("Taken out of your text: %(what)s.") % {"what": words_of(found)}
        )
    else:
        messages.success(request, _("Your text has arrived."))
    return redirect(request.path)


def words_of(found):
    """What was taken out of a text, as a list in words."""
    words = {
        Personal.IDENTITY: _("a number of identity (NIK or KK)"),
        Personal.EMAIL: _("an e-mail address"),
        Personal.TELEPHONE: _("a telephone number"),
    }
    return ", ".join(word for kind, word in words.items() if kind in found)


def _private(answer):
    """Keep an address that opens a thread out of search engines and of other sites' logs."""
    # "no-referrer" would have browsers send forms with the origin "null", which are refused.
    answer["Referrer-Policy"] = "same-origin"
    answer["X-Robots-Tag"] = "noindex, nofollow"
    return answer
