"""Opportunities are revisions: published, verified and withdrawn, with the counts of them."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from geo.indicators.models import Observation
from geo.indicators.services import BuiltUpon
from geo.opportunities.models import Opportunity
from geo.opportunities.services import (
    GoneSince,
    remove_demo_opportunities,
    verify_opportunities,
    withdraw_opportunities,
)
from tests.opportunities.world import DAY, YEAR, make_source, publish

pytestmark = pytest.mark.django_db


def counts() -> dict[str, float]:
    rows = Observation.objects.as_of().filter(indicator__code="opportunities", period=YEAR)
    return dict(rows.values_list("area__code", "value"))


def standing() -> list[tuple]:
    rows = Opportunity.objects.as_of().order_by("code")
    return list(rows.values_list("code", "title_id", "status", "source__title"))


def test_a_new_one_gets_the_next_number_of_the_year(world):
    village, other = world.villages[:2]
    year = timezone.now().year
    assert publish(village).code == f"PI-{year}-001"
    assert publish(other, title_id="Lain").code == f"PI-{year}-002"
    # A number is never given twice, not even after it was withdrawn.
    withdraw_opportunities(source=Opportunity.objects.last().source, moment=timezone.now())
    assert publish(other, title_id="Lagi").code == f"PI-{year}-003"


def test_open_ones_are_counted_by_village_and_zero_is_a_value(world):
    village, other = world.villages[:2]
    publish(village)
    publish(village, title_id="Kedua")
    publish(other, stage="closed")
    # One of a district is of no village.
    publish(world.districts[0], title_id="Kecamatan", place=None)
    assert counts() == {area.code: 0.0 for area in world.villages} | {village.code: 2.0}


def test_what_is_as_before_makes_no_revision_and_keeps_its_status(world):
    village = world.villages[0]
    first = publish(village, source=make_source("satu"), status="verified")
    again = publish(village, source=make_source("dua"), code=first.code)
    assert again.pk == first.pk
    kept = Observation.objects.as_of().get(area=village)
    assert (kept.status, kept.source.title) == ("verified", "satu")


def test_a_change_keeps_the_revision_before(world):
    village = world.villages[0]
    first = publish(village)
    before = timezone.now()
    second = publish(village, code=first.code, stage="taken")
    assert (second.revision, second.stage) == (2, "taken")
    assert Opportunity.objects.as_of(before).get().stage == "offered"
    assert counts()[village.code] == 0


def test_a_row_about_one_that_is_gone_is_refused_and_nothing_is_written(world):
    with pytest.raises(GoneSince, match="PI-2020-009"):
        publish(world.villages[0], code="PI-2020-009")
    assert not Opportunity.objects.exists()


def test_verifying_writes_it_anew_under_the_verifier(world):
    source, by = make_source(), make_source("ditinjau", verified_by="Walidata")
    publish(world.villages[0], source=source)
    assert verify_opportunities(source=source, by=by, moment=timezone.now()) == 1
    assert [row[2:] for row in standing()] == [("verified", "ditinjau")]


def test_withdrawing_makes_stand_what_stood_before(world):
    village = world.villages[0]
    first = publish(village, source=make_source("satu"))
    stood, counted = standing(), counts()
    source = make_source("dua")
    publish(village, source=source, code=first.code, title_id="Berubah", stage="closed")
    publish(village, source=source, title_id="Baru")
    withdraw_opportunities(source=source, moment=timezone.now())
    assert standing() == stood
    assert counts() == counted
    assert Opportunity.objects.filter(title_id="Berubah").exists(), "history is kept"


def test_verification_and_publication_are_withdrawn_one_after_the_other(world):
    source, by = make_source("terbit"), make_source("ditinjau")
    publish(world.villages[0], source=source)
    verify_opportunities(source=source, by=by, moment=timezone.now())
    withdraw_opportunities(source=by, moment=timezone.now())
    assert [row[2:] for row in standing()] == [("unverified", "terbit")]
    withdraw_opportunities(source=source, moment=timezone.now())
    assert standing() == []


def test_what_others_built_on_is_not_withdrawn(world):
    village, source = world.villages[0], make_source("satu")
    first = publish(village, source=source)
    publish(village, source=make_source("dua"), code=first.code, stage="taken")
    with pytest.raises(BuiltUpon, match="dua"):
        withdraw_opportunities(source=source, moment=timezone.now())
    assert Opportunity.objects.as_of().get().stage == "taken"


def test_demonstrations_give_way_to_the_first_real_one(world):
    publish(world.villages[0], source=make_source("contoh", is_demo=True), title_id="Contoh")
    publish(world.villages[1])
    assert [row[1] for row in standing()] == ["Gudang dingin"]
    assert counts()[world.villages[0].code] == 0


def test_a_real_one_never_gets_the_code_of_an_invented_one(world):
    """Photos, questions and dossiers that name the invented one would show the real one."""
    invented = publish(world.villages[0], source=make_source("contoh", is_demo=True))
    real = publish(world.villages[1], title_id="Nyata")
    assert invented.code.endswith("-001")
    assert real.code.endswith("-002")


def test_demonstrations_are_removed_with_their_counts(world):
    publish(world.villages[0], source=make_source("contoh", is_demo=True))
    assert remove_demo_opportunities() == 1
    assert counts() == {}


@pytest.mark.parametrize(
    "wrong",
    [
        {"zoning_source": ""},
        {"zoning_on": None},
        {"kbli": "5210"},
        {"valid_until": DAY.replace(year=2020)},
    ],
)
def test_the_database_is_the_last_guard(world, wrong):
    with pytest.raises(IntegrityError), transaction.atomic():
        publish(world.villages[0], **wrong)


def test_history_cannot_be_changed_or_deleted(world):
    publish(world.villages[0])
    for act in ("UPDATE geo_opportunity SET title_id = 'x'", "DELETE FROM geo_opportunity"):
        with pytest.raises(Exception, match=r"kept|history|demo"), transaction.atomic():
            connection.cursor().execute(act)
    assert standing()[0][1] == "Gudang dingin"
