"""Numbers of persons in the sheet of accounts: told with all else, and never whole."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from geo.accounts.models import User
from tests.accounts.files import as_csv, as_xlsx
from tests.accounts.test_sheets import ADDRESS
from tests.accounts.world import make_cast
from tests.maps.html import read

NIK = "1607034506780003"
HEADINGS = ["kode wilayah", "nama", "nik", "telepon"]


@pytest.mark.parametrize("write", [as_csv, as_xlsx])
def test_a_number_is_told_beside_all_other_faults(kotak, settings, tmp_path, write):
    settings.REGENCY_CODE = "99.01"
    client = Client()
    client.force_login(make_cast()["administrator"])
    n_people = User.objects.count()
    rows = [["99.01.01.2002", "Siti Aminah", NIK], ["99.01.01.9999", "Joko", "", NIK]]
    path = write(tmp_path, *rows, headings=HEADINGS)
    answer = client.post(ADDRESS, {"file": SimpleUploadedFile(path.name, path.read_bytes())})
    text = read(answer).one(id="main").text
    assert "Cell C2 looks like the NIK or KK number of a person (1607********0003)" in text
    assert "Cell D3 looks like" in text and "Column C is headed “nik”" in text
    assert "No account needs it" in text and "totals" not in text
    assert "99.01.01.9999" in text, "the village that does not exist is told, too"
    assert NIK not in answer.content.decode() and User.objects.count() == n_people
