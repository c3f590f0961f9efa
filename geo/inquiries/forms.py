"""What is filled in to ask, to write further, to answer and to pass on."""

from __future__ import annotations

import secrets

from django import forms
from django.utils.translation import gettext_lazy as _

from geo.indicators.models import Sector
from geo.inquiries.queries import offices
from geo.inquiries.rules import LONGEST_TEXT, faults_of_text


class TextField(forms.CharField):
    """What somebody writes; its faults are sentences."""

    def __init__(self, *, rows: int = 6, **given) -> None:  # type: ignore[no-untyped-def]
        area = forms.Textarea(attrs={"rows": rows, "maxlength": LONGEST_TEXT})
        given.setdefault("error_messages", {"required": _("The text is missing. Write it.")})
        super().__init__(widget=area, **given)

    def clean(self, value):  # type: ignore[no-untyped-def]
        # A browser sends a line break as two characters.
        text = super().clean(value).replace("\r\n", "\n")
        faults = faults_of_text(text) if text else []
        if faults:
            raise forms.ValidationError(faults)
        return text


class OfficeField(forms.ChoiceField):
    """One of the offices that answer for data; gives its sector."""

    def __init__(self, *, without: str = "", **given) -> None:  # type: ignore[no-untyped-def]
        given.setdefault("error_messages", {"required": _("Choose the office that is meant.")})
        super().__init__(**given)
        named = {one: label for one, label in offices().items() if one.code != without}
        self.sectors = {one.code: one for one in named}
        choices = [(one.code, label) for one, label in named.items()]
        self.choices = [("", _("Choose an office")), *choices]

    def clean(self, value) -> Sector | None:  # type: ignore[no-untyped-def]
        return self.sectors.get(super().clean(value))


class AskForm(forms.Form):
    text = TextField(
        label=_("Your question"),
        help_text=_(
            "Up to 3,000 characters. Do not write numbers of identity (NIK, KK), telephones or "
            "e-mails here: they are taken out."
        ),
    )
    name = forms.CharField(
        label=_("Name"),
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    email = forms.EmailField(
        label=_("E-mail"),
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={
            "invalid": _("This is not an e-mail address. Write it whole, or empty the field.")
        },
    )
    phone = forms.RegexField(
        r"^\+?[0-9 ().\-]{6,29}$",
        label=_("Telephone"),
        required=False,
        widget=forms.TextInput(
            attrs={"autocomplete": "tel", "inputmode": "tel", "maxlength": 30, "type": "tel"}
        ),
        error_messages={
            "invalid": _("This is not a telephone number. Write digits, such as 0812 3456 7890.")
        },
    )
    consent = forms.BooleanField(required=False)
    # People do not see it; programs that fill in everything do not know.
    website = forms.CharField(required=False, max_length=200)
    form_key = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs) -> None:  # type: ignore[no-untyped-def]
        super().__init__(*args, **kwargs)
        self.fields["sector"] = OfficeField(
            label=_("Office"),
            help_text=_("If another office knows better, the question is passed on to it."),
        )
        self.fields["form_key"].initial = secrets.token_urlsafe(16)
        self.order_fields(["text", "sector", "name", "email", "phone", "consent"])

    def clean_website(self) -> str:
        if self.cleaned_data["website"]:
            raise forms.ValidationError(
                _("A field that must stay empty was filled in. Empty it, and send again.")
            )
        return ""

    def clean_form_key(self) -> str:
        return self.cleaned_data["form_key"] or secrets.token_urlsafe(16)

    def clean(self) -> None:
        asked = self.cleaned_data
        is_stated = any(asked.get(name) for name in ("name", "email", "phone"))
        if is_stated and not asked.get("consent"):
            self.add_error(
                "consent",
                _("You gave a name or an address. Say that it may be kept, or empty those fields."),
            )


class FollowUpForm(forms.Form):
    text = TextField(label=_("Write further"), rows=4)


class AnswerForm(forms.Form):
    text = TextField(label=_("Answer"))
    and_close = forms.BooleanField(label=_("Close the question with this answer"), required=False)


class ForwardForm(forms.Form):
    note = forms.CharField(
        label=_("Why"),
        max_length=300,
        required=False,
        help_text=_("Who asked reads this too."),
    )

    def __init__(self, *args, sector: Sector, **kwargs) -> None:  # type: ignore[no-untyped-def]
        super().__init__(*args, **kwargs)
        self.fields["sector"] = OfficeField(label=_("Office"), without=sector.code)
        self.order_fields(["sector", "note"])
