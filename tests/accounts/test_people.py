"""Managing people: accounts, assignments, handing over; and the history that remains."""

import datetime
import re

import pytest
from django.apps import apps
from django.db import InternalError, connection, transaction
from django.test import Client
from django.utils import timezone

from geo.accounts.models import Assignment, Role, User
from geo.accounts.queries import Act, access_of, has_second_factor, history_of
from geo.accounts.services import (
    AlreadyAssigned,
    NotAboveYou,
    NotByYourself,
    WrongScope,
    assign,
    end_assignment,
    hand_over,
    reset_password,
    set_active,
)
from geo.areas.models import Area
from tests.accounts.world import DISTRICT, VILLAGE, give, make_person
from tests.maps.html import read

PEOPLE = "/en/akun/pengguna/"


def area(code):
    return Area.objects.get(code=code)


@pytest.fixture
def manager(cast):
    client = Client()
    client.force_login(cast["walidata"])
    return client


def page(answer) -> str:
    return read(answer).one(id="main").text


# --- lists -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", 9),
        ("q=Operator", 2),
        ("q=99.01.01.2001", 1),
        ("q=petak+1", 1),
        ("q=nobody", 0),
        ("role=office_officer", 2),
        ("state=ended", 1),
        ("state=never", 8),
        ("role=nonsense&state=nonsense", 9),
        ("page=99", 9),
    ],
)
def test_the_list_is_searched_and_filtered(manager, query, expected):
    answer = manager.get(f"{PEOPLE}?{query}")
    assert f"{expected} account" in page(answer)
    rows = read(answer).all("tr")
    assert len(rows[1:]) == expected


def test_the_list_takes_few_queries_however_many_people(manager, django_assert_max_num_queries):
    for n in range(60):
        give(make_person(f"p{n}", password=None), Role.VILLAGE_OPERATOR, VILLAGE)
    with django_assert_max_num_queries(14):
        answer = manager.get(PEOPLE)
    assert "page 1 of 2" in page(answer)


def test_villages_without_operator(manager, cast):
    text = page(manager.get("/en/akun/desa-tanpa-operator/"))
    assert "Nobody reports for 15 villages." in text, "17 less two operators"
    cast["operator"].is_active = False
    cast["operator"].save()
    assert "16 villages" in page(manager.get("/en/akun/desa-tanpa-operator/"))


# --- accounts ----------------------------------------------------------------------------

SITI = {
    "full_name": "Hj. Siti Aminah, S.Pd.",
    "office_title": "Kaur Umum",
    "role": Role.VILLAGE_OPERATOR,
    "area": "99.01.02.2002",
}


def test_a_new_person_gets_a_slip_and_must_change_the_password(manager, cast):
    answer = manager.post("/en/akun/pengguna-baru/", SITI)
    slip = read(answer).one("li", "slip").text
    user = User.objects.get(username="siti.aminah")
    assert "User name siti.aminah" in slip
    assert "Village operator · Desa Ubin 22" in slip
    assert "http://testserver/" in slip
    password = re.search(r"First password (\S+)", slip)[1]
    assert user.check_password(password)
    assert user.must_change_password
    assert access_of(user).may(Act.REPORT, area=area("99.01.02.2002"))
    assert user.assignments.get().granted_by == cast["walidata"]
    assert "no-store" in answer["Cache-Control"]
    stored = str(list(apps.get_model("sessions", "Session").objects.values()))
    assert password not in stored


@pytest.mark.parametrize(
    "wrong",
    [
        {"full_name": ""},
        {"role": "king"},
        {"area": ""},
        {"area": "99.99"},
        {"area": DISTRICT},
        {"role": Role.OFFICE_OFFICER, "area": ""},
        {"role": Role.REGENT},
        {"email": "not-an-address"},
    ],
)
def test_half_an_account_is_never_made(manager, wrong):
    n = User.objects.count()
    answer = manager.post("/en/akun/pengguna-baru/", SITI | wrong)
    assert answer.status_code == 200
    assert read(answer).all("p", "fault")
    assert User.objects.count() == n


def test_what_no_form_asks_for_cannot_be_sent(manager, cast):
    """Every field of the tables is added to every form; none of it arrives."""
    extra = {
        f.name: "1"
        for f in [*User._meta.fields, *Assignment._meta.fields]
        if f.name
        not in {"full_name", "office_title", "phone", "email", "role", "area", "note", "sector"}
    }
    manager.post("/en/akun/pengguna-baru/", extra | SITI)
    siti = User.objects.get(username="siti.aminah")
    assert not siti.is_superuser
    assert not siti.is_staff
    assert not siti.is_demo
    assert siti.assignments.get().user == siti
    manager.post(f"{PEOPLE}siti.aminah/ubah/", extra | {"full_name": "Siti"})
    siti.refresh_from_db()
    assert siti.full_name == "Siti"
    assert siti.username == "siti.aminah"
    assert not siti.is_superuser
    assert not siti.is_demo


def test_a_new_first_password_is_shown_once_and_ends_sessions(manager, cast):
    theirs = Client()
    theirs.force_login(cast["operator"])
    answer = manager.post(f"{PEOPLE}operator/kata-sandi/")
    password = re.search(r"First password (\S+)", page(answer))[1]
    cast["operator"].refresh_from_db()
    assert cast["operator"].check_password(password)
    assert theirs.get("/en/akun/").status_code == 302


def test_a_lost_telephone_is_forgotten(manager, cast):
    assert has_second_factor(cast["verifier"])
    manager.post(f"{PEOPLE}verifier/kode/")
    assert not has_second_factor(cast["verifier"])


def test_somebody_is_no_longer_let_in_and_then_again(manager, cast):
    theirs = Client()
    theirs.force_login(cast["operator"])
    manager.post(f"{PEOPLE}operator/aktif/", {"active": "0"})
    assert theirs.get("/en/akun/").status_code == 302
    manager.post(f"{PEOPLE}operator/aktif/", {"active": "1"})
    assert theirs.get("/en/akun/").status_code == 302, "the old session does not come back"
    assert User.objects.get(username="operator").is_active


def test_nobody_raises_themselves_or_touches_those_above(manager, cast):
    walidata = cast["walidata"]
    root = User.objects.create_superuser("root")
    for call in (
        lambda: assign(user=walidata, role=Role.REGENT, by=walidata),
        lambda: end_assignment(assignment=walidata.assignments.get(), by=walidata),
    ):
        with pytest.raises(NotByYourself):
            call()
    for call in (
        lambda: reset_password(user=root, by=walidata),
        lambda: set_active(user=root, is_active=False, by=walidata),
        lambda: assign(user=root, role=Role.REGENT, by=walidata),
    ):
        with pytest.raises(NotAboveYou):
            call()
    answer = manager.post(f"{PEOPLE}root/kata-sandi/")
    assert answer.status_code == 400
    assert "runs this site itself" in page(answer)
    assert manager.post(f"{PEOPLE}walidata/kata-sandi/").status_code == 302
    manager.post(f"{PEOPLE}walidata/aktif/", {"active": "0"})
    assert User.objects.get(username="walidata").is_active


def test_unknown_people_and_assignments_are_not_there(manager):
    for address in (f"{PEOPLE}nobody/", f"{PEOPLE}no%00body/", "/en/akun/tugas/99/serahkan/"):
        assert manager.get(address).status_code == 404
    assert manager.post("/en/akun/tugas/99999999999999999999/akhiri/").status_code == 404


# --- assignments -------------------------------------------------------------------------


def test_a_task_is_given_and_ended(manager, cast):
    stranger = cast["stranger"]
    fields = {"role": Role.DISTRICT_VERIFIER, "area": DISTRICT, "note": "SK 12/2026"}
    manager.post(f"{PEOPLE}stranger/tugas/", fields)
    task = stranger.assignments.get()
    assert (task.note, task.valid_from) == ("SK 12/2026", timezone.localdate())
    text = page(manager.get(f"{PEOPLE}stranger/"))
    assert "District verifier · Kecamatan Petak 1" in text
    assert "given by Walidata · SK 12/2026" in text
    manager.post(f"/en/akun/tugas/{task.pk}/akhiri/")
    task.refresh_from_db()
    assert task.valid_to == timezone.localdate()
    assert not access_of(User.objects.get(username="stranger")).holds(Act.SEE)
    assert "Formerly" in page(manager.get(f"{PEOPLE}stranger/"))


def test_a_task_that_does_not_fit_says_why(manager, cast):
    answer = manager.post(f"{PEOPLE}stranger/tugas/", {"role": Role.REGENT, "area": VILLAGE})
    assert "This role covers the whole regency. Leave the area empty." in page(answer)
    assert not cast["stranger"].assignments.exists()
    with pytest.raises(WrongScope, match="needs one village"):
        assign(user=cast["stranger"], role=Role.VILLAGE_OPERATOR, by=None)
    with pytest.raises(AlreadyAssigned):
        assign(user=cast["regent"], role=Role.REGENT, by=None)


def test_handing_over_keeps_the_old_name(manager, cast):
    old = cast["operator"].assignments.get()
    old.valid_from = datetime.date(2024, 1, 1)
    old.save()
    fields = {"full_name": "Rina Baru", "office_title": "Kaur Umum", "note": "SK 13"}
    answer = manager.post(f"/en/akun/tugas/{old.pk}/serahkan/", fields)
    assert "rina.baru" in page(answer)
    today = timezone.localdate()
    old.refresh_from_db()
    new = Assignment.objects.get(user__username="rina.baru")
    assert (old.valid_to, new.valid_from) == (today, today)
    assert (new.role, new.area, new.sector) == (old.role, old.area, old.sector)
    holders = {
        day: [
            name
            for name in ("operator", "rina.baru")
            if access_of(User.objects.get(username=name), on=day).may(
                Act.REPORT, area=area(VILLAGE)
            )
        ]
        for day in (today - datetime.timedelta(1), today)
    }
    assert list(holders.values()) == [["operator"], ["rina.baru"]]


def test_handing_over_to_somebody_known(manager, cast):
    task = cast["operator"].assignments.get()
    answer = manager.post(f"/en/akun/tugas/{task.pk}/serahkan/", {"to": "Stranger"})
    assert answer["Location"] == f"{PEOPLE}stranger/"
    assert cast["stranger"].assignments.get().area.code == VILLAGE


@pytest.mark.parametrize(
    "fields",
    [{}, {"to": "nobody"}, {"to": "stranger", "full_name": "Two At Once"}, {"to": "operator"}],
)
def test_a_hand_over_that_fails_leaves_everything(manager, cast, fields):
    task = cast["operator"].assignments.get()
    n = User.objects.count()
    manager.post(f"/en/akun/tugas/{task.pk}/serahkan/", fields)
    task.refresh_from_db()
    now = [t.user.username for t in Assignment.objects.current().filter(area__code=VILLAGE)]
    assert now == ["operator"]
    assert User.objects.count() == n


def test_the_follower_cannot_be_the_one_who_hands_over(cast):
    task = cast["operator"].assignments.get()
    with pytest.raises(NotByYourself), transaction.atomic():
        hand_over(assignment=task, to=cast["walidata"], by=cast["walidata"])
    task.refresh_from_db()
    assert task.valid_to is None


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"to": "operator", "note": "SK 14"}, "Operator has this role there already"),
        ({"full_name": "12345", "note": "SK 14"}, "“12345” is nobody's name"),
        ({"full_name": "Belum ada", "note": "SK 14"}, "“Belum ada” is nobody's name"),
    ],
)
def test_a_refused_hand_over_keeps_what_was_typed(manager, cast, fields, sentence):
    task = cast["operator"].assignments.get()
    answer = manager.post(f"/en/akun/tugas/{task.pk}/serahkan/", fields)
    form = read(answer).one(id="main")
    assert sentence in form.text
    assert form.one("input", name="note").attributes["value"] == "SK 14"


def test_a_hand_over_sent_twice_says_so_where_one_is(manager, cast):
    address = f"/en/akun/tugas/{cast['operator'].assignments.get().pk}/serahkan/"
    manager.post(address, {"full_name": "Rina Baru"})
    assert "has ended already" in page(manager.post(address, {"full_name": "Rina Baru"}))
    assert User.objects.filter(full_name="Rina Baru").count() == 1


def test_who_may_not_sign_in_is_given_no_task_and_no_password(manager, cast):
    stranger = cast["stranger"]
    set_active(user=stranger, is_active=False, by=None)
    answer = manager.post(f"{PEOPLE}stranger/tugas/", {"role": Role.REGENT})
    assert "Stranger may not sign in, so nobody would do this task" in page(answer)
    assert not stranger.assignments.exists()
    assert "New first password" not in page(answer)
    assert "Let in again" in page(answer)


def test_a_task_given_twice_is_said_on_the_page_of_the_person(manager, cast):
    answer = manager.post(f"{PEOPLE}regent/tugas/", {"role": Role.REGENT})
    assert "Regent has this role there already" in page(answer)
    assert "Give another task" in page(answer)


# --- history -----------------------------------------------------------------------------


def test_every_change_is_written_down_even_one_by_sql(manager, cast):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE geo_user SET phone = '1' WHERE username = 'operator'")
    manager.post(f"{PEOPLE}operator/ubah/", {"full_name": "Budi Baru", "phone": "0812345678"})
    told = [(c.field, c.before, c.after, c.by) for c in history_of(cast["operator"])]
    assert told == [
        ("full_name", "Operator", "Budi Baru", cast["walidata"]),
        ("phone", "1", "0812345678", cast["walidata"]),
        ("phone", "", "1", None),
    ]
    assert "“Operator” → “Budi Baru”" in page(manager.get(f"{PEOPLE}operator/"))


@pytest.mark.parametrize("name", ["UserEvent", "AssignmentEvent"])
def test_history_cannot_be_changed(cast, name):
    model = apps.get_model("geo", name)
    assert model.objects.count() >= 8
    for change in (
        lambda: model.objects.update(pgh_label="x"),
        lambda: model.objects.all().delete(),
        lambda: connection.cursor().execute(f"DELETE FROM {model._meta.db_table}"),  # noqa: S608
    ):
        with pytest.raises(InternalError, match="Cannot update or delete"), transaction.atomic():
            change()


def test_history_holds_no_password(cast):
    fields = {f.name for f in apps.get_model("geo", "UserEvent")._meta.fields}
    assert "password" not in fields
    assert "password_changed_at" in fields


def test_assignments_write_their_own_history(cast):
    task = cast["operator"].assignments.get()
    end_assignment(assignment=task, by=None)
    events = apps.get_model("geo", "AssignmentEvent").objects.filter(pgh_obj_id=task.pk)
    assert [(e.pgh_label, e.valid_to) for e in events.order_by("pgh_id")] == [
        ("insert", None),
        ("update", timezone.localdate()),
    ]


def test_persons_with_tasks_cannot_be_deleted(cast):
    from django.db.models import ProtectedError

    with pytest.raises(ProtectedError):
        cast["operator"].delete()
