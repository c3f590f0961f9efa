"""Invented rows stand for demonstration accounts alone; to somebody real they are not there."""

from dataclasses import replace

import pytest

from geo.accounts.models import User
from geo.areas.batch.outlines import refresh_outlines
from geo.indicators.models import Sector
from geo.opportunities.models import Opportunity
from geo.places.models import Place
from geo.population.models import LedgerMonth
from geo.roads.models import Road
from geo.submissions.kinds import kind_of
from geo.submissions.kinds.inspecting import inspect_grid
from geo.submissions.models import State
from geo.submissions.queries.forms import find_form
from geo.submissions.services.subjects import form_of
from tests.indicators.world import make_source, observe
from tests.opportunities.world import make_counted
from tests.opportunities.world import publish as publish_opportunity
from tests.population.world import month, record, side
from tests.roads.world import make_road, make_survey
from tests.submissions.place_world import grid, inside, make_kinds, sent_grid
from tests.submissions.publishing import published
from tests.submissions.test_kind_places import stand
from tests.submissions.world import (
    VILLAGE,
    YEAR,
    indicator,
    ledger_cells,
    make_dataset,
    sent,
    typed,
)

pytestmark = pytest.mark.django_db
MARK = {"is_demo": True}
SCHOOL = {"kind": "school", "name": "SD 2", "identifier": "10600002", "pupils": 120}


def offers(world):
    declared = {"kind": "opportunities", "frequency": "year", "reporter": "office", "due_days": 60}
    dataset = make_dataset(Sector.objects.get(code="test"), "offers", declared)
    return world.form(dataset, world.kotak.regency.code)


def invented(world, kind):
    """A form, with something of its kind that a demonstration has made up."""
    if kind == "values":
        observe(indicator("nurses"), YEAR, {"01.2001": 9}, source=make_source(**MARK))
        return world.form()
    if kind == "ledger":
        record(VILLAGE, [month("2026-10", side(4000, births=3), side(3900))], **MARK)
        return world.form(world.book)
    if kind == "places":
        make_kinds(world)
        stand(world, "SD Contoh", **MARK)
        return world.form(world.lists)
    if kind == "roads":
        road = make_road(source=make_source(**MARK))
        make_survey(road, int(YEAR))
        return world.form(world.roads, world.kotak.regency.code)
    make_counted()
    publish_opportunity(world.area(VILLAGE), source=make_source(**MARK))
    return offers(world)


@pytest.mark.parametrize("kind", ["values", "ledger", "places", "roads", "opportunities"])
def test_only_a_demonstration_account_is_shown_what_is_invented(world, kind):
    form = invented(world, kind)
    assert kind_of(form.dataset).standing(form) == {}
    assert kind_of(form.dataset).standing(replace(form, is_demo=True)) != {}


def test_whose_form_it_is_follows_from_the_account_and_stays_with_the_submission(world, cast):
    asked = (world.figures.code, YEAR, VILLAGE)
    assert not find_form(cast.operator, *asked).is_demo
    User.objects.filter(pk=cast.operator.pk).update(is_demo=True)
    assert find_form(User.objects.get(pk=cast.operator.pk), *asked).is_demo
    submission = sent(world.form(), cast.operator, {VILLAGE: {"nurses": 3.0}})
    assert not form_of(submission).is_demo
    submission.is_demo = True
    assert form_of(submission).is_demo


def test_a_real_month_need_not_follow_an_invented_one(world, cast):
    """The demonstration ends September with 4,000 men; the village has 600."""
    record(VILLAGE, [month("2026-09", side(4000), side(3900))], is_demo=True)
    form = world.form(world.book)
    cells = {VILLAGE: ledger_cells(births=(2, 1))}
    assert not [one for one in inspect_grid(form, typed(form, cells)) if one.severity == "error"]
    told = inspect_grid(replace(form, is_demo=True), typed(form, cells))
    assert [one.severity for one in told].count("error") > 0
    done = published(sent(form, cast.operator, cells), cast.verifier)
    assert (done.state, done.failure) == (State.PUBLISHED, "")
    assert LedgerMonth.objects.standing().get().closing_male == 602


def test_a_real_figure_is_not_held_against_invented_ones(world):
    observe(indicator("nurses"), "2024", {"01.2001": 400}, source=make_source(**MARK))
    form = world.form()
    cells = {VILLAGE: {"nurses": 3.0}}
    assert inspect_grid(form, typed(form, cells)) == []
    assert inspect_grid(replace(form, is_demo=True), typed(form, cells)) != []


def test_real_places_take_the_place_of_invented_ones(world, cast):
    make_kinds(world)
    stand(world, "SD Contoh", "10600002", is_demo=True)
    form = world.form(world.lists)
    # The same number, at the same spot: of an invented place nobody need know.
    row = SCHOOL | inside(world.area(VILLAGE), 0.5, 0.5)
    assert inspect_grid(form, grid(form, row)) == []
    published(sent_grid(form, cast.operator, grid(form, row)), cast.verifier)
    assert [(one.name, one.source.is_demo) for one in Place.objects.all()] == [("SD 2", False)]


def test_real_roads_take_the_place_of_invented_ones(world, cast):
    refresh_outlines(world.kotak.regency)
    make_road("001", name="Jalan Contoh", source=make_source(**MARK))
    form = world.form(world.roads, world.kotak.regency.code)
    row = {"number": "001", "name": "Jalan Betul", "authority": "kabupaten", "length_km": 2.0}
    published(sent_grid(form, cast.officer, grid(form, row)), cast.walidata)
    assert [road.name for road in Road.objects.current()] == ["Jalan Betul"]


def test_real_opportunities_take_the_place_of_invented_ones(world, cast):
    make_counted()
    publish_opportunity(world.area(VILLAGE), source=make_source(**MARK), title_id="Contoh")
    form = offers(world)
    assert kind_of(form.dataset).rows(form) == []
    row = {"title_id": "Betul", "title_en": "Real", "business": "fisheries", "area": VILLAGE}
    row |= {"kbli": "52102", "stage": "offered", "status_on": "2026-10-01"}
    row |= {"contact_office": "DPMPTSP"}
    done = published(sent_grid(form, cast.officer, grid(form, row)), cast.walidata)
    assert done.failure == ""
    assert [one.title_id for one in Opportunity.objects.as_of()] == ["Betul"]
