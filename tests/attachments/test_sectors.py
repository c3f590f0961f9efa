"""Who answers for one sector of a village hands in what belongs to it, and only that."""

import pytest
from django.urls import reverse

from geo.accounts.models import Role
from geo.attachments.models import Attachment
from geo.attachments.queries import of_area, waiting_for
from geo.attachments.rules import NotYoursToAdd
from tests.accounts.world import OTHER_VILLAGE, VILLAGE, give, make_person
from tests.attachments.test_pages import ADD, PROFILE, browser, file, text_of
from tests.attachments.world import FIELDS, handed_in, make_row, village


@pytest.fixture
def midwife(people):
    user = make_person("midwife", password=None)
    give(user, Role.VILLAGE_OPERATOR, VILLAGE, "health")
    return user


def sent(user, **given):
    return browser(user).post(ADD, FIELDS | {"file": file()} | given, follow=True)


def test_from_the_desk_and_the_profile_to_a_photo_of_ones_sector(people, midwife):
    mine = browser(midwife)
    assert f'href="{ADD}"' in text_of(mine.get("/en/unggah/"))
    assert f'href="{ADD}"' in text_of(mine.get(PROFILE))
    assert "You answer here for: Health." in text_of(mine.get(ADD))
    assert "has arrived" in text_of(sent(midwife))
    assert Attachment.objects.get().sector.code == "health"


def test_it_is_decided_by_those_who_review_that_sector_there(people, midwife):
    sent(midwife)
    row = Attachment.objects.get()
    hands = {
        name: list(waiting_for(person)) == [row]
        for name, person in vars(people).items()
        if name in ("verifier", "officer", "other_officer", "walidata", "operator")
    }
    assert hands == {
        "verifier": True, "officer": True, "other_officer": False, "walidata": True,
        "operator": False,
    }  # fmt: skip
    assert "· Health" in text_of(browser(people.officer).get("/en/lampiran/periksa/"))
    publish = reverse("attachment_publish", args=[row.uuid])
    browser(people.officer).post(publish)
    assert "Jetty at low water" in text_of(browser().get(PROFILE))


def test_the_whole_village_is_for_those_who_answer_for_all_of_it(people, midwife):
    with pytest.raises(NotYoursToAdd):
        handed_in(midwife)
    assert of_area(village()).open_to(people.operator) == [of_area(village())]
    assert "You answer here for" not in text_of(browser(people.operator).get(ADD))


def test_of_two_sectors_one_is_chosen(people, midwife):
    give(midwife, Role.VILLAGE_OPERATOR, VILLAGE, "roads")
    page = sent(midwife)
    assert page.status_code == 400
    assert "To which sector it belongs" in text_of(page)
    roads = midwife.assignments.get(sector__code="roads").sector
    assert "has arrived" in text_of(sent(midwife, sector=roads.pk))
    assert Attachment.objects.get().sector == roads


def test_a_sector_that_is_not_ones_own_is_no_choice(people, midwife):
    give(midwife, Role.VILLAGE_OPERATOR, VILLAGE, "roads")
    give(midwife, Role.VILLAGE_OPERATOR, OTHER_VILLAGE, "investment")
    other = midwife.assignments.get(sector__code="investment").sector
    assert sent(midwife, sector=other.pk).status_code == 400
    assert not Attachment.objects.exists()


def test_what_others_have_waiting_is_not_listed(people, midwife):
    make_row(people.operator, caption_en="Of the whole village")
    make_row(people.operator, caption_en="A refused one", state="refused")
    shown = make_row(
        people.operator, caption_en="A published one", state="published",
        decided_by=people.verifier, decided_at="2026-11-20T00:00Z",
    )  # fmt: skip
    page = text_of(browser(midwife).get(ADD))
    assert shown.caption in page
    assert "Of the whole village" not in page
    assert "A refused one" not in page


def test_who_follows_takes_over_what_waits(people):
    row = handed_in(people.operator)
    follower = make_person("follower", password=None)
    give(follower, Role.VILLAGE_OPERATOR, VILLAGE)
    withdraw = reverse("attachment_withdraw", args=[row.uuid])
    assert withdraw not in text_of(browser(follower).get(ADD)), "the sender is still there"
    people.operator.assignments.update(valid_to="2026-01-02", valid_from="2026-01-01")
    assert withdraw in text_of(browser(follower).get(ADD))
    browser(follower).post(withdraw, {"reason": "Sudah tidak benar."})
    row.refresh_from_db()
    assert row.state == "withdrawn"
    assert "lampiran/?a=" not in text_of(browser(people.operator).get(PROFILE))
