import re

import pytest
from django.core.management import CommandError, call_command

from geo.indicators.models import Indicator
from geo.lib.place_kinds import ICONS
from geo.places.models import Place, PlaceKind
from geo.templatetags import geo as tags
from tests.places.world import SECTOR, declare, publish, school


def faults(folder, old, new):
    assert old in SECTOR
    with pytest.raises(CommandError) as caught:
        declare(folder, SECTOR.replace(old, new))
    assert not PlaceKind.objects.exists()
    assert not Indicator.objects.exists()
    return str(caught.value)


def test_kinds_are_loaded_with_their_sector_and_twice_changes_nothing(db, tmp_path, capsys):
    declare(tmp_path)
    kind = PlaceKind.objects.get(code="school")
    assert kind.feeds == {"": "schools", "pupils": "pupils", "teachers": "teachers"}
    assert [one["code"] for one in kind.attributes] == ["status", "pupils", "teachers"]
    assert kind.register == "npsn"
    call_command("load_sectors", folder=tmp_path / "sectors")
    assert "Kinds of places: 0 new, 0 changed, 2 as before" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("old", "new", "key", "allowed"),
    [
        ('icon = "school"', 'icon = "scool"', "school.icon", "“school”"),
        ('counts = "schools"', 'counts = "schols"', "school.counts", "“schools”"),
        ('counts = "schools"', 'counts = "pupils_per_teacher"', "school.counts", "sum"),
        ('counts = "posts"', 'counts = "schools"', "post.counts", "one kind of places"),
        ('type = "whole"', 'type = "hole"', "attributes.pupils.type", "“whole”"),
        ("range = [0, 100]", "range = [100, 0]", "attributes.teachers.range", "two rising"),
        ('type = "choice"', 'type = "text"', "attributes.status.choices", "does not use"),
        ("choices = {", "wahl = {", "attributes.status.choices", "at least two codes"),
        ("pattern = '[A-Z0-9][0-9]{7}'", "pattern = '[A-Z'", "pattern", "regular expression"),
        ('unit = "person"\nrange', 'unit = "men"\nrange', "attributes.pupils.unit", "person"),
        ("plural = { id", "plurals = { id", "school.plural", "both languages"),
    ],
)
def test_refused_naming_file_key_and_what_is_allowed(db, tmp_path, old, new, key, allowed):
    said = faults(tmp_path, old, new)
    for part in ("test/sector.toml", key, allowed):
        assert part in said


def test_what_is_counted_from_places_must_be_a_yearly_figure_of_villages(db, tmp_path):
    text = SECTOR.replace('"year"', '"month"', 1)
    with pytest.raises(CommandError, match="frequency year"):
        declare(tmp_path, text)


def test_a_kind_with_places_stays_though_no_longer_declared(kotak, tmp_path):
    publish(kotak, [school(kotak.villages[0], "90000001")])
    without = SECTOR[: SECTOR.index("[places.school]")] + SECTOR[SECTOR.index("[places.post]") :]
    declare(tmp_path, without)
    assert set(PlaceKind.objects.values_list("code", flat=True)) == {"school", "post"}
    Place.objects.all().delete()
    declare(tmp_path, without)
    assert set(PlaceKind.objects.values_list("code", flat=True)) == {"post"}


def test_every_icon_that_may_be_declared_is_drawn():
    assert set(ICONS) <= tags.ICONS.keys()
    for name in ICONS:
        assert re.fullmatch(r"(<[a-z]+ [^<>]*/>)+", tags.ICONS[name])


def test_the_projects_own_kinds(db):
    call_command("load_sectors")
    codes = set(PlaceKind.objects.values_list("code", flat=True))
    health = {"rumah_sakit", "puskesmas", "pustu", "poskesdes", "polindes", "posyandu", "klinik"}
    schools = {"paud_tk", "sd_mi", "smp_mts", "sma_ma", "smk"}
    assert codes == health | schools | {"daya_tarik_wisata", "desa_wisata"}
    fed = {code for kind in PlaceKind.objects.all() for code in kind.feeds.values()}
    # The census counts otherwise: its figures stay apart from those of the lists.
    assert not fed & {"health_facilities", "senior_secondary_schools"}
    for kind in PlaceKind.objects.filter(code__in=schools):
        assert kind.identifier["code"] == "npsn"
        assert kind.identifier["required"]
