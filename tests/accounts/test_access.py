"""What a person may do: said by hand, and the same for one row as for a queryset."""

import datetime

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geo.accounts.models import Assignment, Role, User
from geo.accounts.queries import (
    ACTS,
    ANY_SECTOR,
    Access,
    Act,
    access_of,
    lacks_second_factor,
    people_who_may,
)
from geo.areas.models import Area, Level
from geo.indicators.models import Sector
from tests.accounts.world import (
    CAST,
    DISTRICT,
    OTHER_VILLAGE,
    VILLAGE,
    add_second_factor,
    give,
    make_person,
)
from tests.indicators.world import make_indicator, observe

TODAY = datetime.date(2026, 11, 22)


def sector(code):
    return Sector.objects.get(code=code).pk


def area(code):
    return Area.objects.select_related("parent__parent").get(code=code)


# --- by hand ---------------------------------------------------------------------------

# Person, act → where it holds: own village, other village, own district, regency; in health.
BY_HAND = {
    ("stranger", Act.SEE): "....",
    ("operator", Act.SEE): "v...",
    ("operator", Act.REPORT): "v...",
    ("operator", Act.REVIEW): "....",
    ("other_operator", Act.REPORT): ".o..",
    ("verifier", Act.REPORT): "v.d.",
    ("verifier", Act.REVIEW): "v.d.",
    ("verifier", Act.VERIFY): "....",
    ("officer", Act.REPORT): "vodr",
    ("officer", Act.VERIFY): "vodr",
    ("officer", Act.MANAGE): "....",
    ("other_officer", Act.SEE): "....",
    ("other_officer", Act.VERIFY): "....",
    ("walidata", Act.VERIFY): "vodr",
    ("walidata", Act.MANAGE): "vodr",
    ("regent", Act.SEE): "vodr",
    ("regent", Act.REPORT): "....",
    ("administrator", Act.MANAGE): "vodr",
    ("administrator", Act.SEE): "vodr",
    ("administrator", Act.VERIFY): "....",
}


@pytest.mark.parametrize(("name", "act"), BY_HAND)
def test_what_each_role_may_in_the_health_sector(cast, name, act):
    access, health = access_of(cast[name]), sector("health")
    places = {"v": VILLAGE, "o": OTHER_VILLAGE, "d": DISTRICT, "r": "99.01"}
    found = "".join(
        letter if access.may(act, area=area(code), sector_id=health) else "."
        for letter, code in places.items()
    )
    assert found == BY_HAND[name, act]


def test_without_sector_only_those_with_all_sectors_may(cast):
    village = area(VILLAGE)
    assert access_of(cast["operator"]).may(Act.REPORT, area=village)
    assert not access_of(cast["officer"]).may(Act.REPORT, area=village)
    assert access_of(cast["officer"]).may(Act.REPORT, area=village, sector_id=ANY_SECTOR)


def test_what_belongs_to_no_area_is_for_the_whole_regency(cast):
    assert access_of(cast["walidata"]).may(Act.SEE, area=None)
    assert not access_of(cast["verifier"]).may(Act.SEE, area=None)


def test_nobody_inactive_or_unknown_may_anything(cast):
    assert access_of(AnonymousUser()) == Access()
    cast["walidata"].is_active = False
    assert access_of(cast["walidata"]) == Access()


def test_an_assignment_holds_from_its_first_day_to_the_day_before_its_last(kotak):
    user = make_person("x", password=None)
    give(
        user,
        Role.VILLAGE_OPERATOR,
        VILLAGE,
        valid_from=TODAY,
        valid_to=TODAY + datetime.timedelta(2),
    )
    held = {
        day: access_of(user, on=TODAY + datetime.timedelta(day)).holds(Act.REPORT)
        for day in (-1, 0, 1, 2)
    }
    assert held == {-1: False, 0: True, 1: True, 2: False}


def test_one_query_and_only_one(cast):
    user, village = User.objects.get(username="operator"), area(VILLAGE)
    with CaptureQueriesContext(connection) as queries:
        access_of(user).may(Act.REPORT, area=village)
        access_of(user).holds(Act.SEE)
        access_of(user).scope(Act.SEE)
    assert len(queries) == 1


def test_a_superuser_without_assignment_can_make_the_first_accounts(kotak):
    admin = User.objects.create_superuser("root")
    assert access_of(admin).holds(Act.MANAGE)
    assert not access_of(admin).holds(Act.VERIFY)
    assert list(people_who_may(Act.MANAGE, area=None)) == [admin]


def test_who_reviews_or_manages_lacks_a_second_factor_until_it_is_set_up(kotak):
    for name, expected in [
        ("operator", False),
        ("regent", False),
        ("verifier", True),
        ("officer", True),
        ("walidata", True),
        ("administrator", True),
    ]:
        user = make_person(name, password=None)
        give(user, *CAST[name])
        assert lacks_second_factor(user) is expected, name
        add_second_factor(user)
        assert lacks_second_factor(user) is False
    demo = make_person("demo", password=None, is_demo=True)
    give(demo, Role.WALIDATA)
    assert lacks_second_factor(demo) is False


# --- the database is the last guard --------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "place", "code"),
    [
        (Role.VILLAGE_OPERATOR, None, None),
        (Role.DISTRICT_VERIFIER, None, "health"),
        (Role.OFFICE_OFFICER, None, None),
        (Role.OFFICE_OFFICER, VILLAGE, "health"),
        (Role.WALIDATA, VILLAGE, None),
        (Role.REGENT, None, "health"),
        (Role.ADMINISTRATOR, DISTRICT, None),
    ],
)
def test_a_role_without_its_scope_is_refused(kotak, role, place, code):
    user = make_person("x", password=None)
    with pytest.raises(IntegrityError, match="assignment_role_has_its_scope"):
        give(user, role, place, code)


def test_an_open_assignment_exists_once_and_runs_forward(kotak):
    user = make_person("x", password=None)
    give(user, Role.REGENT)
    with pytest.raises(IntegrityError, match="assignment_open_once"), transaction.atomic():
        give(user, Role.REGENT)
    with pytest.raises(IntegrityError, match="assignment_runs_forward"):
        give(user, Role.REGENT, valid_from=TODAY, valid_to=TODAY - datetime.timedelta(1))


# --- the same rule as a queryset -------------------------------------------------------------


@pytest.fixture
def world(kotak):
    """Values of two indicators, of two sectors, in every area; and nobody yet."""
    for code in ("health", "roads"):
        indicator = make_indicator(f"of_{code}")
        indicator.sector = Sector.objects.get(code=code)
        indicator.save()
        codes = [a.code.removeprefix("99.01.") for a in [*kotak.villages, *kotak.districts]]
        rows = observe(indicator, "2024", dict.fromkeys(codes, 1))
        type(rows[0]).objects.create(
            **{
                field: getattr(rows[0], field)
                for field in ("indicator", "period", "value", "status", "source", "recorded_at")
            },
            area=kotak.regency,
        )
    return kotak


def some_tasks(world):
    areas = [world.regency, *world.districts, *world.villages]
    villages = [a for a in areas if a.level == Level.VILLAGE]
    sectors = list(Sector.objects.filter(code__in=["health", "roads"]))
    return st.lists(
        st.one_of(
            st.tuples(
                st.just(Role.VILLAGE_OPERATOR),
                st.sampled_from(villages),
                st.sampled_from([None, *sectors]),
            ),
            # Whatever the level: the rule must hold even where a service would refuse.
            st.tuples(
                st.just(Role.DISTRICT_VERIFIER),
                st.sampled_from(areas),
                st.sampled_from([None, *sectors]),
            ),
            st.tuples(st.just(Role.OFFICE_OFFICER), st.none(), st.sampled_from(sectors)),
            st.tuples(
                st.sampled_from([Role.WALIDATA, Role.REGENT, Role.ADMINISTRATOR]),
                st.none(),
                st.none(),
            ),
        ),
        max_size=4,
        unique_by=lambda task: (task[0], task[1] and task[1].pk, task[2] and task[2].pk),
    )


def test_one_row_and_a_queryset_never_disagree(world):
    from geo.indicators.models import Observation

    rows = list(Observation.objects.select_related("area__parent__parent", "indicator"))
    areas = list(Area.objects.select_related("parent__parent"))
    assert len(rows) == 44

    @given(tasks=some_tasks(world), act=st.sampled_from(Act), active=st.booleans())
    @settings(
        max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
    )
    def agree(tasks, act, active):
        with transaction.atomic():
            user = make_person("x", password=None, is_active=active)
            Assignment.objects.bulk_create(
                Assignment(user=user, role=role, area=place, sector=of) for role, place, of in tasks
            )
            access = access_of(User.objects.get(pk=user.pk))
            by_row = {
                row.pk
                for row in rows
                if access.may(act, area=row.area, sector_id=row.indicator.sector_id)
            }
            scope = access.scope(act, area="area", sector="indicator__sector")
            assert by_row == set(Observation.objects.filter(scope).values_list("pk", flat=True))
            for wanted in (None, ANY_SECTOR):
                of_areas = {a.pk for a in areas if access.may(act, area=a, sector_id=wanted)}
                scope = access.scope(act, area="", sector=wanted)
                assert of_areas == set(Area.objects.filter(scope).values_list("pk", flat=True))
            for row in rows[::7]:
                told = people_who_may(act, area=row.area, sector_id=row.indicator.sector_id)
                assert (user in told) is (row.pk in by_row)
            told = people_who_may(act, area=rows[0].area, sector_id=ANY_SECTOR)
            assert (user in told) is access.may(act, area=rows[0].area, sector_id=ANY_SECTOR)
            transaction.set_rollback(True)

    agree()


def test_every_role_has_its_acts():
    assert set(ACTS) == set(Role.values)
