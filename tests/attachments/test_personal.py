"""Numbers of persons: not in what stands below a photo, nor in why one is not shown."""

import pytest
from django.urls import reverse

from geo.attachments.models import Attachment
from geo.attachments.services import deciding
from tests.attachments.test_pages import ADD, browser, file, text_of
from tests.attachments.world import FIELDS, make_row
from tests.maps.html import read

NIK, SHOWN = "1607034506780003", "1607********0003"
LABELS = {
    "caption_id": "What one sees, in Indonesian",
    "caption_en": "The same in English",
    "credit": "Who took or wrote it",
}


@pytest.mark.parametrize("name", LABELS)
@pytest.mark.parametrize("written", [NIK, "1607 0345 0678 0003"])
def test_a_number_in_what_everybody_reads_is_refused_and_not_repeated(people, name, written):
    given = FIELDS | {name: f"Siti, NIK {written}.", "file": file()}
    answer = browser(people.operator).post(ADD, given)
    assert answer.status_code == 400 and not Attachment.objects.exists()
    page = text_of(answer)
    assert written not in page and NIK not in page
    fault = read(answer).one(id=f"id_{name}_error").text
    assert fault.startswith(f"“{LABELS[name]}” holds what looks like the NIK or KK number")
    assert SHOWN in fault and "delete it" in fault
    assert f'value="Siti, NIK {SHOWN}."' in page


def test_nor_is_it_repeated_where_something_else_is_wrong(people):
    everywhere = dict.fromkeys(LABELS, f"NIK {NIK} " + "x" * 300)
    answer = browser(people.operator).post(ADD, FIELDS | everywhere)
    assert NIK not in text_of(answer) and "No file came" in text_of(answer)
    assert len(read(answer).all("p", "fault")) > len(LABELS)


def test_nor_kept_in_the_name_of_a_file(people):
    given = FIELDS | {"file": file(name=f"KTP {NIK}.jpg")}
    browser(people.operator).post(ADD, given)
    assert Attachment.objects.get().name == f"KTP {SHOWN}.jpg"


def test_coordinates_and_years_are_welcome(people):
    caption = "Dermaga -2.7267123412341234, tahun 2021 2022 2023 2024"
    browser(people.operator).post(ADD, FIELDS | {"caption_id": caption, "file": file()})
    assert Attachment.objects.get().caption_id == caption


@pytest.mark.parametrize("act", ["refuse", "withdraw"])
def test_a_reason_is_kept_and_told_without_it(people, act):
    row = make_row(people.operator)
    told = getattr(deciding, act)(identifier=row.uuid, by=people.verifier, reason=f"NIK {NIK}.")
    assert told.reason == f"NIK {SHOWN}."
    assert SHOWN in text_of(browser(people.operator).get(reverse("notices")))


def test_nor_in_part_where_a_long_reason_is_cut(people):
    row = make_row(people.operator)
    reason = "x" * (deciding.LONGEST_REASON - 12) + f" {NIK}"
    deciding.withdraw(identifier=row.uuid, by=people.operator, reason=reason)
    row.refresh_from_db()
    assert NIK[:9] not in row.reason and len(row.reason) == deciding.LONGEST_REASON
