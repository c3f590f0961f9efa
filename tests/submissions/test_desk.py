"""The desk: what is due, overdue, returned, waiting and done, for each who reports."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from geo.accounts.models import Assignment, Role
from geo.indicators.models import Dataset
from geo.submissions.kinds.registry import KINDS
from geo.submissions.models import Act, CellComment, State, Submission
from geo.submissions.queries.calendar import expected_periods, next_opening, running_period
from geo.submissions.queries.desk import read_desk
from geo.submissions.services.events import record
from tests.indicators.world import make_source, observe
from tests.submissions.world import DISTRICT, FAR, NEIGHBOUR, VILLAGE, draft, indicator, sent

pytestmark = pytest.mark.django_db
TODAY = datetime.date(2026, 11, 22)
FIGURES = {"nurses": 3, "midwives": 2, "electrified": 80}


@pytest.fixture
def on_that_day(monkeypatch):
    """Pages that are asked for are made on TODAY, whatever the day of the test."""
    day_of = timezone.localdate
    monkeypatch.setattr(timezone, "localdate", lambda *of: day_of(*of) if of else TODAY)


def desk_of(user, today=TODAY):
    return read_desk(user, KINDS, today)


def phases(desk) -> dict:
    return {(task.dataset.code, task.period, task.area.code): task.phase for task in desk.tasks}


def task_of(desk, code, period):
    return next(one for one in desk.tasks if (one.dataset.code, one.period) == (code, period))


def round_of(desk, code, period):
    return next(one for one in desk.rounds if (one.dataset.code, one.period) == (code, period))


# --- the calendar ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("frequency", "since", "expected"),
    [
        ("month", "", ["2026-10", "2026-09", "2026-08"]),
        ("quarter", "", ["2026-Q3", "2026-Q2"]),
        ("year", "", ["2025"]),
        ("month", "2026-10", ["2026-10"]),
        ("month", "2026-12", []),
        ("year", "2023", ["2025", "2024", "2023"]),
        ("month", "2020-01", [f"2026-{n:02}" for n in range(10, 0, -1)] + ["2025-12", "2025-11"]),
    ],
)
def test_periods_are_asked_for_once_they_have_ended(frequency, since, expected):
    dataset = Dataset(frequency=frequency, since=since)
    assert expected_periods(dataset, TODAY) == expected


@pytest.mark.parametrize(
    ("frequency", "period"), [("month", "2026-11"), ("quarter", "2026-Q4"), ("year", "2026")]
)
def test_the_running_period_holds_the_day(frequency, period):
    assert running_period(frequency, TODAY) == period


def test_the_next_form_opens_when_its_period_has_ended(world):
    opening = next_opening([world.figures, world.book], TODAY)
    assert (opening.dataset, opening.period) == (world.book, "2026-11")
    assert opening.opens_on == datetime.date(2026, 12, 1)
    assert opening.due_on == datetime.date(2026, 12, 10)


# --- a village ---------------------------------------------------------------------------


def test_an_operator_has_the_forms_of_the_village_and_no_other(world, cast):
    assert phases(desk_of(cast.operator)) == {
        ("figures", "2025", VILLAGE): "overdue",
        ("book", "2026-10", VILLAGE): "overdue",
        ("book", "2026-09", VILLAGE): "overdue",
        ("book", "2026-08", VILLAGE): "overdue",
        ("lists", "2025", VILLAGE): "overdue",
    }
    assert desk_of(cast.operator).rounds == []


def test_a_form_is_due_until_its_last_day_and_then_late_by_days(world, cast):
    last_day = datetime.date(2026, 11, 10)
    before = task_of(desk_of(cast.operator, last_day), "book", "2026-10")
    after = task_of(desk_of(cast.operator, last_day + datetime.timedelta(12)), "book", "2026-10")
    assert (before.phase, before.days_late, before.days_left) == ("due", 0, 0)
    assert (after.phase, after.days_late) == ("overdue", 12)


@pytest.mark.parametrize(
    ("state", "group", "phase"),
    [
        (State.RECEIVED, "waiting", "checking"),
        (State.FAULTY, "todo", "mend"),
        (State.READY, "todo", "send"),
        (State.RETURNED, "todo", "returned"),
        (State.QUARANTINED, "todo", "broken"),
        (State.SENT, "waiting", "sent"),
        (State.PUBLISHED, "done", "published"),
        (State.VERIFIED, "done", "verified"),
        (State.WITHDRAWN, "todo", "overdue"),
        (State.UNDONE, "todo", "overdue"),
    ],
)
def test_every_state_has_its_place_on_the_desk(world, cast, state, group, phase):
    draft(world.form(), cast.operator, {VILLAGE: FIGURES}, state=state)
    task = task_of(desk_of(cast.operator), "figures", "2025")
    assert (task.group, task.phase) == (group, phase)
    assert task.is_begun == (phase != "overdue")


def test_what_was_returned_shows_the_note_the_comments_and_the_days(world, cast):
    submission = sent(world.form(), cast.operator, {VILLAGE: FIGURES})
    CellComment.objects.create(
        submission=submission,
        version=submission.current,
        row_key=VILLAGE,
        column="nurses",
        text="Satu?",
        by=cast.verifier,
    )
    record(submission=submission, act=Act.RETURNED, by=cast.verifier, note="Mohon diperiksa.")
    since = timezone.localtime().replace(year=2026, month=11, day=17)
    Submission.objects.filter(pk=submission.pk).update(state_since=since)
    task = desk_of(cast.operator).todo[0]
    assert task.is_returned
    assert task.standing.note == "Mohon diperiksa."
    assert task.standing.by_name == "Verifier, Uji"
    assert (task.standing.n_comments, task.days_there) == (1, 5)


def test_what_is_on_its_way_shows_even_for_an_older_period(world, cast):
    draft(world.form(period="2022"), cast.operator, {VILLAGE: FIGURES})
    assert task_of(desk_of(cast.operator), "figures", "2022").phase == "send"


def test_figures_that_somebody_else_brought_are_done_and_samples_are_not(world, cast):
    samples = make_source(is_demo=True)
    for code in FIGURES:
        observe(indicator(code), "2025", {"01.2001": 5})
        observe(indicator(code), "2025", {"01.2002": 5}, source=samples)
    assert task_of(desk_of(cast.operator), "figures", "2025").phase == "known"
    assert task_of(desk_of(cast.neighbour), "figures", "2025").phase == "overdue"


def test_one_figure_of_several_is_not_the_whole_form(world, cast):
    observe(indicator("nurses"), "2025", {"01.2001": 5})
    assert task_of(desk_of(cast.operator), "figures", "2025").phase == "overdue"


def test_a_village_that_its_district_sent_has_nothing_to_do(world, cast):
    form = world.form(area=DISTRICT)
    sent(form, cast.verifier, {VILLAGE: FIGURES})
    assert task_of(desk_of(cast.operator), "figures", "2025").phase == "together"
    assert task_of(desk_of(cast.neighbour), "figures", "2025").phase == "overdue"


def test_nothing_due_says_what_comes_next(world, cast, client):
    Assignment.objects.filter(user=cast.operator).update(sector=world.figures.sector)
    for form in [
        world.form(),
        world.form(world.lists),
        *(world.form(world.book, period=p) for p in ("2026-08", "2026-09", "2026-10")),
    ]:
        draft(form, cast.operator, {VILLAGE: {}}, state=State.VERIFIED)
    desk = desk_of(cast.operator)
    assert desk.todo == []
    assert desk.opening.period == "2026-11"


# --- many villages -----------------------------------------------------------------------


def test_a_verifier_sees_how_many_villages_delivered_and_who_is_missing(world, cast):
    sent(world.form(), cast.operator, {VILLAGE: FIGURES})
    draft(world.form(area=NEIGHBOUR), cast.neighbour, {NEIGHBOUR: FIGURES}, state=State.FAULTY)
    one = round_of(desk_of(cast.verifier), "figures", "2025")
    assert (one.n_delivered, one.n_expected, one.n_begun) == (1, 4, 1)
    assert [task.area.code for task in one.missing] == [
        NEIGHBOUR,
        "99.01.01.2003",
        "99.01.01.2004",
    ]


def test_rows_of_a_district_count_for_their_villages_and_empty_rows_do_not(world, cast):
    cells = {VILLAGE: FIGURES, NEIGHBOUR: {}}
    sent(world.form(area=DISTRICT), cast.verifier, cells)
    one = round_of(desk_of(cast.verifier), "figures", "2025")
    assert (one.n_delivered, one.n_expected) == (1, 4)


def test_an_opening_that_was_filled_in_beforehand_does_not_count(world, cast):
    form = world.form(world.book, area=DISTRICT)
    sent(form, cast.verifier, {VILLAGE: {"opening_male": 600}, NEIGHBOUR: {"births_male": 0}})
    one = round_of(desk_of(cast.verifier), "book", "2026-10")
    assert one.n_delivered == 1


def test_an_officer_has_the_sector_over_the_whole_regency_and_its_own_forms(world, cast):
    desk = desk_of(cast.officer)
    assert phases(desk)["surveyed", "2025", "99.01"] == "overdue"
    assert {code for code, _period, _area in phases(desk)} == {"surveyed", "roads"}
    assert round_of(desk, "figures", "2025").n_expected == 17
    assert desk_of(cast.other_officer).tasks == []
    assert desk_of(cast.other_officer).rounds == []


def test_whoever_answers_for_a_village_and_a_district_sees_both_apart(world, cast):
    Assignment.objects.create(
        user=cast.operator,
        role=Role.DISTRICT_VERIFIER,
        area=world.area("99.01.04"),
        valid_from=datetime.date(2024, 1, 1),
    )
    desk = desk_of(cast.operator)
    assert {task.area.code for task in desk.tasks} == {VILLAGE}
    villages = {task.area.code for one in desk.rounds for task in one.tasks}
    assert FAR in villages
    assert VILLAGE not in villages


# --- the page ----------------------------------------------------------------------------


def test_strangers_find_no_desk_and_nobody_is_sent_to_sign_in(client, cast):
    assert client.get("/unggah/").status_code == 302
    client.force_login(cast.stranger)
    assert client.get("/unggah/").status_code == 404
    client.force_login(cast.regent)
    assert client.get("/unggah/").status_code == 404


@pytest.mark.parametrize("name", ["operator", "verifier", "officer", "walidata"])
def test_the_desk_takes_ten_queries_at_most(
    client, world, cast, name, django_assert_max_num_queries
):
    for code in (VILLAGE, NEIGHBOUR, FAR):
        sent(world.form(area=code), cast.walidata, {code: FIGURES})
    client.force_login(getattr(cast, name))
    with django_assert_max_num_queries(10):
        assert client.get("/unggah/").status_code == 200


def test_each_card_leads_to_workbook_upload_and_last_figures_at_once(
    client, world, cast, on_that_day
):
    client.force_login(cast.operator)
    page = client.get("/en/unggah/").content.decode()
    where = ["figures", "2025", VILLAGE]
    for name in ("workbook", "upload"):
        assert reverse(name, args=where) in page
    assert f"/unggah/figures/2025/{VILLAGE}/#published" in page
    assert "days late" in page


def test_a_receipt_on_new_years_morning_is_of_the_new_year_everywhere(client, world, cast):
    """At three o'clock in Banyuasin it is still the old year in Greenwich."""
    begun = draft(world.form(), cast.operator, {VILLAGE: FIGURES})
    morning = datetime.datetime(2027, 1, 1, 3, tzinfo=timezone.get_default_timezone())
    Submission.objects.filter(pk=begun.pk).update(created_at=morning)
    (number,) = {one.standing.number for one in desk_of(cast.operator).tasks if one.standing}
    assert number == f"PB-2027-{begun.pk:06d}"
    client.force_login(cast.operator)
    assert client.get(reverse("submission", args=[number])).status_code == 200


def test_who_is_missing_is_shown_on_demand(client, world, cast, on_that_day):
    client.force_login(cast.verifier)
    closed = client.get("/en/unggah/").content.decode()
    opened = client.get("/en/unggah/?s=figures:2025").content.decode()
    assert "Ubin 12" not in closed
    assert "Ubin 12" in opened
    assert client.get("/en/unggah/?s=nonsense").status_code == 200


def test_of_each_submission_only_the_latest_news_stands_on_the_desk(client, world, cast):
    first = sent(world.form(), cast.operator, {VILLAGE: FIGURES})
    for act in (Act.RETURNED, Act.APPROVED):
        record(submission=first, act=act, by=cast.verifier)
    assert [one.event.act for one in desk_of(cast.operator).notices] == [Act.APPROVED]
    # Another who reviews still reads that it was sent; whoever decided has read it.
    for person, has_news in ((cast.walidata, True), (cast.verifier, False)):
        client.force_login(person)
        page = client.get(reverse("desk")).content.decode()
        assert (f'href="{reverse("review", args=[first.number])}"' in page) == has_news
