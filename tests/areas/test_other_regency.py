"""Another regency in the upstream format, without a register of ours."""

import datetime

import pytest

from geo.areas.batch.checks import BoundaryFaults
from geo.areas.batch.load import UNKNOWN_BEGINNING, load_boundaries
from geo.areas.models import Area
from geo.areas.queries import regency
from tests.areas import files

pytestmark = pytest.mark.django_db


@pytest.fixture
def upstream(settings, tmp_path):
    settings.REGENCY_CODE = "99.01"
    return files.write_upstream(tmp_path)


def load(folder, **options):
    return load_boundaries(str(folder), regency_code="99.01", **options)


def test_codes_names_and_kinds_are_derived_and_the_report_says_so(upstream):
    report = load(upstream)

    assert report.register.is_derived is True
    assert report.n_by_level == {"regency": 1, "district": 4, "village": 16}
    assert (regency().name, regency().kind) == ("Kotak", "kabupaten")
    assert Area.objects.get(code="99.01.02").name == "Petak 2"
    village = Area.objects.get(code="99.01.02.2003")
    assert (village.name, village.kind, village.valid_from) == (
        "Ubin 23",
        "desa",
        UNKNOWN_BEGINNING,
    )
    assert not Area.objects.filter(name="Elsewhere").exists()


def test_the_first_day_can_be_given(upstream):
    load(upstream, valid_from=datetime.date(2024, 1, 1))

    assert set(Area.objects.values_list("valid_from", flat=True)) == {datetime.date(2024, 1, 1)}


def test_a_village_file_alone_is_enough(upstream):
    load(upstream / "db" / "kel" / "99" / "wilayah_boundaries_kel_99.01.sql")

    assert Area.objects.get(code="99.01.02").name == "99.01.02"
    assert Area.objects.current().with_boundary().count() == 21


def test_a_mirror_other_than_the_pinned_edition_claims_no_version(upstream):
    report = load(upstream)

    assert report.edition.declaration.version == ""
    assert "not the edition whose checksum is pinned" in report.edition.notes[0]


def test_a_torn_row_and_swapped_axes_are_refused_together(upstream):
    path = upstream / "db" / "kel" / "99" / "wilayah_boundaries_kel_99.01.sql"
    lines = path.read_text().splitlines()
    lines[4] = lines[4][:60]
    lines[5] = lines[5].replace("-2.", "104.5").replace("104.7", "-2.7")
    path.write_text("\n".join(lines))

    with pytest.raises(BoundaryFaults) as refusal:
        load(upstream)

    torn, swapped, *_ = map(str, refusal.value.issues)
    assert torn == "line 5: 99.01.01.2001: The row cannot be read."
    assert swapped.startswith("line 6: 99.01.01.2002")
    assert not Area.objects.exists()
