"""What is filled in when signing in and when managing people."""

from __future__ import annotations

from django import forms
from django.contrib.auth.forms import PasswordChangeForm, SetPasswordForm
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from geo.accounts.models import Role, User
from geo.accounts.queries import area_choices
from geo.accounts.rules import advice, faults_of_assignment, faults_of_password, is_name
from geo.accounts.services import Verdict, confirm_password, set_forgotten_password
from geo.areas.models import Area
from geo.indicators.models import Sector

LARGEST_SHEET_BYTES = 2_000_000
STATES = [
    ("", _("all")),
    ("never", _("never signed in")),
    ("ended", _("no assignment now")),
    ("inactive", _("may not sign in")),
]


# A name to sign in with is typed as it is, and first.
AS_NAME = {
    "autocomplete": "username",
    "autocapitalize": "none",
    "spellcheck": "false",
    "autofocus": True,
}


class SignInForm(forms.Form):
    username = forms.CharField(
        label=_("User name"),
        max_length=150,
        widget=forms.TextInput(attrs=AS_NAME),
    )
    password = forms.CharField(
        label=_("Password"),
        max_length=4096,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def clean_username(self):
        return User.normalize_username(self.cleaned_data["username"])


class CodeForm(forms.Form):
    code = forms.CharField(
        label=_("Code"),
        max_length=20,
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "autofocus": True}
        ),
    )


def new_password_field(label, empty):
    widget = forms.PasswordInput(attrs={"autocomplete": "new-password"})
    messages = {"required": empty}
    return forms.CharField(
        label=label, strip=False, max_length=4096, widget=widget, error_messages=messages
    )


class NewPasswordForm(SetPasswordForm):
    """Django's, which here says everything that is wrong at once, and in our own sentences."""

    error_messages = {
        "password_mismatch": _("The two passwords differ. Type the same one into both fields."),
        "password_incorrect": _(
            "This is not the password you have now. Type it once more; capital and small letters "
            "count."
        ),
    }
    new_password1 = new_password_field(_("New password"), _("Write the new password."))
    new_password2 = new_password_field(
        _("New password, once more"), _("Write the new password once more, as above.")
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["new_password1"].help_text = advice()

    def validate_password_for_user(self, user, password_field_name=""):
        """Beside the first of the two fields, and also where they differ."""
        password = self.cleaned_data.get("new_password1")
        if password and (faults := faults_of_password(password, user)):
            self.add_error("new_password1", faults)


class OwnPasswordForm(NewPasswordForm, PasswordChangeForm):
    """Asks for the old password too; wrong ones are counted as at the sign-in."""

    def __init__(self, *args, request, **kwargs):
        super().__init__(*args, **kwargs)
        self.request = request
        old = self.fields["old_password"]
        old.label = _("The password you have now")
        old.error_messages["required"] = _("Write the password you have now.")

    def clean_old_password(self):
        password = self.cleaned_data["old_password"]
        verdict = confirm_password(request=self.request, user=self.user, password=password)
        if verdict is Verdict.WAIT:
            raise forms.ValidationError(
                _("There were too many wrong tries from here. Wait 15 minutes and try again.")
            )
        if verdict is Verdict.WRONG:
            raise forms.ValidationError(self.error_messages["password_incorrect"])
        return password


class FirstPasswordForm(NewPasswordForm):
    """For whoever has just typed the password of a slip: it is not asked for again."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["new_password1"].widget.attrs["autofocus"] = True


class ForgottenForm(forms.Form):
    name = forms.CharField(
        label=_("User name or e-mail address"),
        max_length=254,
        widget=forms.TextInput(attrs=AS_NAME),
    )


class ForgottenPasswordForm(NewPasswordForm):
    """Saves as the services do."""

    def save(self, commit=True):
        set_forgotten_password(user=self.user, password=self.cleaned_data["new_password1"])
        return self.user


class NamesPerson:
    """Takes nothing for a full name that is none."""

    def clean_full_name(self):
        name = self.cleaned_data["full_name"]
        if name and not is_name(name):
            text = _("“%(name)s” is nobody's name. Write the person's full name.")
            raise forms.ValidationError(text, params={"name": name})
        return name


class PersonForm(NamesPerson, forms.ModelForm):
    class Meta:
        model = User
        fields = ["full_name", "office_title", "phone", "email"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["full_name"].required = True
        self.fields["email"].label = _("E-mail")
        for field in self.fields.values():
            field.help_text = ""
            field.widget.attrs["autocomplete"] = "off"


class AssignmentForm(forms.Form):
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices)
    area = forms.ChoiceField(label=_("Village or district"), required=False)
    sector = forms.ModelChoiceField(
        label=_("Sector"), queryset=Sector.objects.all(), required=False, empty_label=_("all")
    )
    note = forms.CharField(
        label=_("Note"),
        max_length=300,
        required=False,
        help_text=_("For example the number of the letter of appointment."),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["area"].choices = [("", _("the whole regency")), *area_choices()]

    def clean_area(self):
        code = self.cleaned_data["area"]
        return Area.objects.current().get(code=code) if code else None

    def clean(self):
        asked = super().clean()
        if self.errors:
            return asked
        area, sector = asked.get("area"), asked.get("sector")
        level = area.level if area else None
        for field, text in faults_of_assignment(
            asked["role"], level, has_sector=sector is not None
        ).items():
            self.add_error(field, text)
        return asked


class HandOverForm(NamesPerson, forms.Form):
    """To somebody who has an account, or to somebody new."""

    to = forms.CharField(
        label=_("User name of the follower"),
        max_length=150,
        required=False,
        help_text=_("If this person has an account already."),
        widget=forms.TextInput(attrs={"autocapitalize": "none", "autocomplete": "off"}),
    )
    full_name = forms.CharField(
        label=_("Full name"),
        max_length=150,
        required=False,
        help_text=_("If this person has no account yet: it is made now, with a slip to print."),
    )
    # Not “Position”, which on this site is a place on the map.
    office_title = forms.CharField(label=capfirst(_("position")), max_length=150, required=False)
    phone = forms.CharField(label=_("Telephone"), max_length=30, required=False)
    email = forms.EmailField(label=_("E-mail"), required=False)
    note = forms.CharField(label=_("Note"), max_length=300, required=False)

    def clean_to(self):
        name = User.normalize_username(self.cleaned_data["to"].strip())
        if not name:
            return None
        found = User.objects.filter(username=name, is_active=True).first()
        if found is None:
            text = _("Nobody who may sign in has the user name “%(name)s”. Look it up in the list.")
            raise forms.ValidationError(text, params={"name": name})
        return found

    def clean(self):
        asked = super().clean()
        if not self.errors and bool(asked["to"]) == bool(asked["full_name"]):
            self.add_error(
                "to",
                _("Give either the user name of somebody, or the full name of somebody new."),
            )
        return asked


class SheetForm(forms.Form):
    file = forms.FileField(
        label=_("The sheet (XLSX or CSV)"),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
    )

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > LARGEST_SHEET_BYTES:
            text = _("The file has %(size)s kB; at most 2,000 kB are taken. Divide the sheet.")
            raise forms.ValidationError(text, params={"size": file.size // 1000})
        return file


class SearchForm(forms.Form):
    """Filters of the list of people; what is not understood is left out."""

    q = forms.CharField(label=_("Name, user name or area"), required=False, max_length=100)
    role = forms.ChoiceField(
        label=_("Role"), required=False, choices=[("", _("all")), *Role.choices]
    )
    state = forms.ChoiceField(label=_("State"), required=False, choices=STATES)

    @property
    def asked(self) -> dict[str, str]:
        self.is_valid()
        return {name: self.cleaned_data.get(name, "") for name in self.fields}
