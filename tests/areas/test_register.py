"""The register of Banyuasin that the project carries."""

import datetime
from collections import Counter

import pytest
from django.conf import settings

from geo.areas.models import Area, AreaAlias, AreaChange
from geo.areas.services import NoRegister, load_register, save_register
from geo.lib.names import name_key
from geo.lib.register import AreaRow, ChangeRow, Register, derive_register, read_register

FOLDER = settings.DATA_DIR / "boundaries" / "register"


@pytest.fixture
def report(db):
    return load_register(regency_code="16.07")


def test_there_are_21_districts_288_desa_and_25_kelurahan(report):
    kinds = Counter(Area.objects.current().values_list("kind", flat=True))

    assert kinds == {"kabupaten": 1, "kecamatan": 21, "desa": 288, "kelurahan": 25}
    assert report.n_created == 335


def test_loading_again_changes_nothing(report):
    before = list(Area.objects.values().order_by("pk"))
    again = load_register(regency_code="16.07")

    assert (again.n_created, again.n_changed, again.unlisted) == (0, 0, ())
    assert list(Area.objects.values().order_by("pk")) == before
    assert AreaChange.objects.count() == 19


def test_all_but_the_eight_new_kelurahan_have_a_bps_code(report):
    villages = Area.objects.current().at_level("village")

    assert villages.filter(bps_code=None).count() == 8
    assert set(villages.filter(bps_code=None).values_list("valid_from", flat=True)) == {
        datetime.date(2023, 1, 1)
    }
    for village in villages.exclude(bps_code=None).select_related("parent"):
        assert village.bps_code.startswith(village.parent.bps_code)


def test_recoded_villages_can_be_followed_from_their_old_code(report):
    change = AreaChange.objects.get(predecessor__code="16.07.04.2011")

    assert change.successor.code == "16.07.21.2012"
    assert (change.nature, change.share, change.date) == ("recoded", 1, datetime.date(2020, 1, 1))
    assert change.predecessor.parent.code == "16.07.04"
    assert change.predecessor.valid_to == change.successor.valid_from
    before = Area.objects.on(datetime.date(2019, 6, 1)).at_level("village")
    # 313 today, less the eight of 2023 and Jakabaring Selatan of 2020; recoding kept the number.
    assert before.count() == 313 - 8 - 1


def test_former_names_are_kept_but_unconfirmed_similar_ones_are_not(report):
    assert AreaAlias.objects.get(key=name_key("Pelajau"), area__code="16.07.06.2005")
    assert not AreaAlias.objects.filter(origin="bps").exists()


def test_names_are_unique_within_their_district_by_key():
    register = read_register(FOLDER, "16.07")
    keys = Counter((row.parent_code, name_key(row.name)) for row in register.areas)

    assert [key for key, n in keys.items() if n > 1] == []


def test_a_regency_without_register_is_told_what_to_do(db):
    with pytest.raises(NoRegister, match="load_boundaries"):
        load_register(regency_code="16.99")


# --- what changes in a register ---------------------------------------------

LONG_AGO = datetime.date(2000, 1, 1)


def register(*villages, changes=()):
    upper = [
        AreaRow("99.01", "regency", "kabupaten", "Kotak", None, None, LONG_AGO),
        AreaRow("99.01.01", "district", "kecamatan", "Petak 1", "99.01", None, LONG_AGO),
    ]
    rows = [AreaRow(c, "village", "desa", n, "99.01.01", None, d) for c, n, d in villages]
    return Register([*upper, *rows], list(changes))


def save(*villages, changes=()):
    return save_register(register=register(*villages, changes=changes), regency_code="99.01")


def test_a_new_spelling_keeps_the_old_one_as_a_former_name(db):
    save(("99.01.01.2001", "Pelajau", LONG_AGO))
    report = save(("99.01.01.2001", "Pelaju", LONG_AGO))

    assert report.n_changed == 1
    alias = AreaAlias.objects.get()
    assert (alias.name, alias.origin, alias.area.name) == ("Pelajau", "former", "Pelaju")


def test_a_later_recoding_closes_the_area_that_stands(db):
    save(("99.01.01.2001", "Ubin", LONG_AGO))
    day = datetime.date(2025, 1, 1)
    old = AreaRow("99.01.01.2001", "village", "desa", "Ubin", "99.01.01", None, LONG_AGO)
    change = ChangeRow(old, "99.01.01.2009", day, "recoded", 1.0, "")

    for _ in range(2):
        save(("99.01.01.2009", "Ubin", day), changes=[change])

    assert Area.objects.get(code="99.01.01.2001").valid_to == day
    assert [a.code for a in Area.objects.current().at_level("village")] == ["99.01.01.2009"]


def test_areas_that_the_register_lacks_are_reported_and_left(db):
    save(("99.01.01.2001", "Ubin", LONG_AGO), ("99.01.01.2002", "Ubin 2", LONG_AGO))

    assert save(("99.01.01.2001", "Ubin", LONG_AGO)).unlisted == ("99.01.01.2002",)
    assert Area.objects.filter(code="99.01.01.2002", valid_to=None).exists()


def test_a_derived_register_knows_kinds_by_their_codes():
    names = {
        "99.71": "Kota Petak",
        "99.71.01": "Kecamatan Satu",
        "99.71.01.1001": "Kelurahan Ubin",
        "99.71.01.2001": "Ubin Desa",
        "99.71.01.3001": "Ubin Adat",
        "99.72.01.1001": "Elsewhere",
    }
    rows = derive_register(names, "99.71", LONG_AGO).areas

    assert [(r.code, r.kind, r.name) for r in rows] == [
        ("99.71", "kota", "Petak"),
        ("99.71.01", "kecamatan", "Satu"),
        ("99.71.01.1001", "kelurahan", "Ubin"),
        ("99.71.01.2001", "desa", "Ubin Desa"),
        ("99.71.01.3001", "desa", "Ubin Adat"),
    ]
