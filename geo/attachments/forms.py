"""What is said of a photo or document that is handed in."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from geo.attachments.models import Licence
from geo.attachments.queries import Subject
from geo.attachments.services.deciding import Words
from geo.indicators.models import Sector
from geo.lib.uploads.personal import masked, masked_number

SHOWN_TO_ALL = ("caption_id", "caption_en", "credit")
EARLIEST = datetime.date(1900, 1, 1)

NUMBER_OF_PERSON = _(
    "“%(field)s” holds what looks like the NIK or KK number of a person (%(found)s). It would be "
    "shown to everybody: delete it, and send the form again."
)


class FileInput(forms.FileInput):
    """Telephones offer the camera, and turn HEIC into JPEG, where these formats are asked for."""

    def __init__(self) -> None:
        super().__init__(attrs={"accept": "image/jpeg,image/png,image/webp,application/pdf"})


class AttachmentForm(forms.Form):
    # Looked at by the view, in a locked child; its faults come beside those of the words.
    file = forms.FileField(
        label=_("Photo or PDF"),
        required=False,
        widget=FileInput,
        help_text=_(
            "A photo (JPEG, PNG or WebP, up to 15 MB) or a PDF document (up to 10 MB). Where and "
            "with what the photo was taken is removed from it."
        ),
    )
    caption_id = forms.CharField(
        label=_("What one sees, in Indonesian"),
        max_length=200,
        help_text=_("One sentence, also read aloud to the blind: “Jetty at low water”."),
    )
    caption_en = forms.CharField(label=_("The same in English"), max_length=200, required=False)
    taken_on = forms.DateField(
        label=_("Day of the photo or document"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    credit = forms.CharField(
        label=_("Who took or wrote it"),
        max_length=100,
        help_text=_("A name or an office; it stands below the photo."),
    )
    licence = forms.ChoiceField(
        label=_("What others may do with it"), choices=Licence.choices, initial=Licence.CC_BY
    )
    consent = forms.BooleanField(
        label=_(
            "Who took it agrees that it is shown here, and so does everybody whom one can "
            "recognise on it; of children, their parents."
        ),
        error_messages={
            "required": _("Say that they agree. If somebody does not, choose another photo.")
        },
    )

    def __init__(self, subjects: Sequence[Subject], *given) -> None:
        """``subjects``: as what it can be handed in; of several, one has to be chosen."""
        super().__init__(*given)
        self._mask_numbers()
        self.subjects = {one.sector_id: one for one in subjects}
        self.sectors = Sector.objects.filter(pk__in=[pk for pk in self.subjects if pk])
        if len(self.subjects) > 1:
            self.fields["sector"] = forms.ModelChoiceField(
                self.sectors, label=_("To which sector it belongs"), empty_label=_("Choose one")
            )

    def _mask_numbers(self) -> None:
        """No number of a person comes back in the form, whatever else is wrong with it."""
        self.masked_numbers: dict[str, str] = {}
        said = {name: self.data.get(name, "") for name in SHOWN_TO_ALL}
        shown = {name: masked(text) for name, text in said.items()}
        if shown != said:
            self.data = self.data.copy()
            for name in SHOWN_TO_ALL:
                if shown[name] != said[name]:
                    self.data[name] = shown[name]
                    self.masked_numbers[name] = masked_number(shown[name])

    def clean(self) -> None:
        for name, found in self.masked_numbers.items():
            facts = {"field": self.fields[name].label, "found": found}
            self.add_error(name, NUMBER_OF_PERSON % facts)

    @property
    def subject(self) -> Subject:
        """What it is of, once the form is valid."""
        sector = self.cleaned_data.get("sector")
        return self.subjects[sector.pk] if sector else next(iter(self.subjects.values()))

    def clean_taken_on(self) -> datetime.date | None:
        day = self.cleaned_data["taken_on"]
        if day is not None and not EARLIEST <= day <= timezone.localdate():
            raise forms.ValidationError(
                _("This day lies in the future, or before 1900. Write the day of the photo.")
            )
        return day

    @property
    def words(self) -> Words:
        """What was said, once it is valid."""
        names = ("caption_id", "caption_en", "taken_on", "credit", "licence")
        return Words(**{name: self.cleaned_data[name] for name in names})
