"""The form that is typed in: fields, problems, reasons, conflicts, and the same thing twice."""

import json
import re

import pytest

from geo.population.models import LedgerMonth
from geo.submissions.batch import jobs
from geo.submissions.kinds.filling import Filling
from geo.submissions.models import Act, State, Submission
from geo.submissions.services.reviewing import approve
from tests.indicators.world import make_source, observe
from tests.submissions.test_checking import check, found
from tests.submissions.world import (
    DISTRICT,
    MONTH,
    NEIGHBOUR,
    VILLAGE,
    YEAR,
    draft,
    indicator,
    ledger_cells,
)

FIGURES = f"/en/unggah/figures/{YEAR}/{VILLAGE}/isi/"
BOOK = f"/en/unggah/book/{MONTH}/{VILLAGE}/isi/"
RIGHT = {"nurses": "3", "midwives": "2", "electrified": "80,5"}
JSON_ONLY = {"accept": "application/json"}


@pytest.fixture
def official(client, cast):
    client.force_login(cast.operator)
    return client


def model(client, address=FIGURES) -> dict:
    page = client.get(address).content.decode()
    return json.loads(re.search(r'<script id="form-model"[^>]*>(.*?)</script>', page)[1])


def fields(client, cells, address=FIGURES, **given) -> dict:
    """What a browser posts, having opened the page just now unless told otherwise."""
    known = model(client, address)
    posted = {"edit": "" if known["edit"] is None else known["edit"], "seen": known["seen"]}
    return posted | {f"c|{code}": text for code, text in cells.items()} | given


def post(client, cells, address=FIGURES, **given):
    return client.post(address, fields(client, cells, address, **given))


def ask(client, posted, address=FIGURES):
    return client.post(address, posted, headers=JSON_ONLY)


def typed_month(**events) -> dict[str, str]:
    """A month of the book as it is typed: without what is worked out."""
    cells = ledger_cells(**events)
    return {code: str(n) for code, n in cells.items() if not code.startswith("closing")}


# --- the page ------------------------------------------------------------------------------


def test_a_field_for_each_figure_with_what_stood_before(official, world):
    observe(indicator("nurses"), "2024", {"01.2001": 7})
    page = official.get(FIGURES).content.decode()
    field = re.search(r'<input[^>]*name="c\|nurses"[^>]*>', page)[0]
    assert 'inputmode="numeric"' in field
    assert 'value=""' in field
    assert "2024: 7" in page
    assert 'inputmode="decimal"' in re.search(r'<input[^>]*name="c\|electrified"[^>]*>', page)[0]


def test_the_script_gets_the_very_rules_of_the_server(official, world):
    known = model(official)
    filling = Filling(world.form(), world.cast.operator)
    assert known["rules"] == filling.rules
    assert {rule["kind"] for rule in known["rules"]} <= set(known["sentences"])


def test_the_closing_is_worked_out_and_not_asked_for(official, world):
    page = official.get(BOOK).content.decode()
    assert 'name="c|births_male"' in page
    assert 'name="c|closing_male"' not in page
    assert '<output class="fill-field__figure" id="f-closing_male"' in page


def test_several_villages_are_filled_in_one_by_one(client, cast, world):
    client.force_login(cast.verifier)
    page = client.get(f"/en/unggah/figures/{YEAR}/{DISTRICT}/isi/").content.decode()
    assert FIGURES in page
    assert 'name="c|nurses"' not in page


def test_lists_of_places_and_the_villages_of_others_are_no_form(official, world):
    for address in (
        f"/en/unggah/lists/{YEAR}/{VILLAGE}/isi/",
        f"/en/unggah/figures/{YEAR}/{NEIGHBOUR}/isi/",
        f"/en/unggah/figures/2099/{VILLAGE}/isi/",
    ):
        assert official.get(address).status_code == 404, address
        assert ask(official, {}, address).status_code == 404, address
        assert official.get(f"{address}keadaan.json").status_code == 404, address


@pytest.mark.parametrize(("is_demo", "cells"), [(False, {"nurses": 7}), (True, {})])
def test_invented_figures_are_not_put_into_the_fields(world, is_demo, cells):
    source = make_source(is_demo=is_demo)
    observe(indicator("nurses"), YEAR, {"01.2001": 7}, source=source)
    assert Filling(world.form(), world.cast.operator).cells == cells


def test_a_character_that_no_text_can_have_is_refused_in_a_sentence(official, world):
    draft(world.form(), world.cast.operator, {VILLAGE: {"nurses": 3}})
    submission = Submission.objects.get()
    number, before, edit = submission.number, submission.current.content, submission.current.edit
    for address, posted in {
        FIGURES: fields(official, RIGHT | {"nurses": "3\x00"}, note="a\x00b"),
        f"/en/unggah/{number}/ubah/": {f"c|{VILLAGE}|nurses": "4\x00", "edit": edit},
        f"/en/unggah/{number}/alasan/": {"r|nurses\x00": "so\x00", "edit": edit},
        f"/en/unggah/{number}/kirim/": {"note": "\x00", "edit": edit},
        f"/en/unggah/{number}/tarik/": {"note": "\x00"},
    }.items():
        answer = official.post(address, posted)
        assert answer.status_code in (302, 400), address
        if answer.status_code == 400:
            assert "(NUL)" in answer.content.decode(), address
    after = Submission.objects.get().current.content
    assert after == before
    for period in ("0000", "0001"):
        address = FIGURES.replace(f"/{YEAR}/", f"/{period}/")
        assert official.get(address).status_code == 404


def test_a_large_table_can_be_saved(official, world):
    """Some 2,500 fields: what a table of 313 villages with 8 columns has."""
    draft(world.form(), world.cast.operator, {VILLAGE: {"nurses": 3}})
    submission = Submission.objects.get()
    posted = {f"other{n}": "" for n in range(2500)}
    posted |= {f"c|{VILLAGE}|nurses": "5", "edit": submission.current.edit}
    official.post(f"/en/unggah/{submission.number}/ubah/", posted)
    cells = Submission.objects.get().current.content["rows"][0]["cells"]
    assert cells == {"nurses": 5}


# --- without scripts --------------------------------------------------------------------------


def test_a_right_form_is_sent_at_once(official, world):
    answer = post(official, RIGHT, note="Sesuai catatan.")
    submission = Submission.objects.get()
    assert answer.url == f"/en/unggah/{submission.number}/"
    assert submission.state == State.SENT
    assert submission.note == "Sesuai catatan."
    cells = submission.current.content["rows"][0]["cells"]
    assert cells == {"nurses": 3, "midwives": 2, "electrified": 80.5}


def test_all_problems_are_shown_and_nothing_that_was_typed_is_lost(official, world):
    answer = post(official, {"nurses": "tiga", "midwives": "4", "electrified": "101"})
    assert answer.url == FIGURES
    assert Submission.objects.get().state == State.FAULTY
    page = official.get(FIGURES).content.decode()
    assert 'value="tiga"' in page
    assert 'value="101"' in page
    assert "says “tiga”, which is not a number" in page
    assert "must lie between 0 and 100" in page
    assert page.count('aria-invalid="true"') == 2


def test_a_warning_wants_a_reason_which_is_kept_by_its_figure(official, world):
    observe(indicator("nurses"), "2024", {"01.2001": 100})
    assert post(official, {"nurses": "3"}).url == FIGURES
    page = official.get(FIGURES).content.decode()
    assert 'name="why|nurses"' in page
    assert "If this is right, write the reason" in page
    reasons = {"why|nurses": "Puskesmas pindah"}
    answer = post(official, {"nurses": "3"}, **reasons)
    assert "/PB-" in answer.url
    assert list(Submission.objects.get().current.reasons.values()) == ["Puskesmas pindah"]


def test_a_form_may_be_saved_and_sent_later(official, world):
    assert post(official, RIGHT, act="save").url == FIGURES
    assert Submission.objects.get().state == State.READY
    assert 'value="80,5"' in official.get(FIGURES).content.decode()
    assert "/PB-" in post(official, RIGHT).url
    assert Submission.objects.get().state == State.SENT


def test_an_empty_form_begins_nothing(official, world):
    answer = post(official, {"nurses": " ", "midwives": ""})
    assert "Nothing is filled in" in answer.content.decode()
    assert Submission.objects.count() == 0


def test_a_month_of_the_book_balances_by_itself_and_opens_the_next(official, world):
    answer = post(official, typed_month(births=(2, 1), deaths=(0, 1)), address=BOOK)
    assert "/PB-" in answer.url
    submission = Submission.objects.get()
    version = submission.current
    approve(
        submission=submission,
        by=world.cast.officer,
        content_hash=version.content_hash,
        note="",
    )
    jobs.run(submission.pk)
    month = LedgerMonth.objects.get().as_month().columns()
    assert (month["closing_male"], month["closing_female"]) == (602, 580)
    page = official.get(BOOK.replace(MONTH, "2026-11")).content.decode()
    assert re.search(r'<output[^>]*id="f-opening_male"[^>]*>602<', page)
    assert 'name="c|opening_male"' not in page
    assert "October 2026: 2" in page
    # Beside the opening stands what the month before ended with, not how it began.
    beside = page[page.index('id="c-opening_male"') : page.index('id="c-opening_female"')]
    assert "October 2026, closing, males: 602" in beside
    assert "600" not in beside
    # What is published of this month stands in its fields, to be corrected.
    again = official.get(BOOK).content.decode()
    assert re.search(r'<input[^>]*name="c\|births_male"[^>]*value="2"', again)
    assert re.search(r'<output[^>]*id="f-closing_male"[^>]*>602<', again)


# --- the telephone ------------------------------------------------------------------------------


def test_a_telephone_asks_what_it_has_to_know_before_it_sends(official, world):
    first = official.get(f"{FIGURES}keadaan.json").json()
    assert first["user"] == world.cast.operator.pk
    assert first["edit"] is None
    assert first["token"]
    post(official, RIGHT, act="save")
    second = official.get(f"{FIGURES}keadaan.json").json()
    assert second["edit"] == 0
    assert second["seen"] == first["seen"]


def test_a_telephone_is_told_the_number_or_the_problems(official, world):
    answer = ask(official, fields(official, {"nurses": "tiga"})).json()
    assert answer["sent"] is False
    assert [one["column"] for one in answer["problems"]] == ["nurses"]
    assert answer["edit"] == 0
    answer = ask(official, fields(official, RIGHT)).json()
    assert answer["sent"] is True
    assert answer["number"] == Submission.objects.get().number


def test_sending_the_same_twice_makes_one_submission(official, world):
    posted = fields(official, RIGHT)
    first, second = ask(official, posted).json(), ask(official, posted).json()
    assert first == second
    submission = Submission.objects.get()
    assert submission.versions.count() == 1
    assert submission.events.filter(act=Act.SENT).count() == 1


def test_both_contents_are_shown_where_somebody_else_wrote_meanwhile(official, world):
    posted = fields(official, RIGHT)
    post(official, RIGHT | {"nurses": "9"}, act="save")
    answer = ask(official, posted)
    assert answer.status_code == 409
    said = answer.json()
    assert said["conflict"] == [{"column": "nurses", "theirs": "9", "yours": "3"}]
    assert Submission.objects.get().current.content["rows"][0]["cells"]["nurses"] == 9
    # Having looked, one decides.
    decided = posted | {"edit": said["edit"], "seen": said["seen"]}
    assert ask(official, decided).json()["sent"] is True
    assert Submission.objects.get().current.content["rows"][0]["cells"]["nurses"] == 3


def test_without_scripts_both_contents_are_shown_too(official, world):
    posted = fields(official, RIGHT)
    post(official, RIGHT | {"nurses": "9"}, act="save")
    page = official.post(FIGURES, posted).content.decode()
    theirs = re.search(r'id="c-nurses".*?data-theirs-figure>([^<]*)<', page, re.DOTALL)
    assert theirs[1] == "9"
    assert re.search(r'<input[^>]*name="c\|nurses"[^>]*value="3"', page)
    assert '<input type="hidden" name="edit" value="0">' in page


def test_other_figures_published_meanwhile_are_not_overwritten_unseen(official, world):
    posted = fields(official, RIGHT)
    observe(indicator("nurses"), YEAR, {"01.2001": 12})
    answer = ask(official, posted)
    assert answer.status_code == 409
    said = answer.json()
    assert said["conflict"] == [{"column": "nurses", "theirs": "12", "yours": "3"}]
    assert Submission.objects.count() == 0
    assert ask(official, posted | {"seen": said["seen"]}).json()["sent"] is True


def test_the_file_of_a_telephone_is_read_by_the_upload(world):
    text = f'\ufeff"kode";"nurses";"midwives";"electrified"\r\n"{VILLAGE}";"3";"";"80,5"\r\n'
    submission = check(world, text)
    assert found(submission, "error", "warning") == []
    assert submission.current.content["rows"][0]["cells"] == {"nurses": 3, "electrified": 80.5}


def test_the_file_of_a_month_is_read_by_the_upload(world):
    cells = typed_month(births=(2, 1))
    lines = [";".join(f'"{one}"' for one in row) for row in (cells, cells.values())]
    text = f'\ufeff"kode";{lines[0]}\r\n"{VILLAGE}";{lines[1]}\r\n'
    submission = check(world, text, form=world.form(world.book))
    assert found(submission, "error", "warning") == []
    assert submission.state == State.READY


# --- the service worker -----------------------------------------------------------------------


def test_the_service_worker_reaches_no_further_than_the_desk(client, db):
    for address in ("/unggah/sw.js", "/en/unggah/sw.js"):
        answer = client.get(address)
        assert answer.status_code == 200
        assert answer["Content-Type"].startswith("text/javascript")
        assert "Service-Worker-Allowed" not in answer
        assert re.fullmatch(r'import "/static/geo/js/sw\S*\.js";\n', answer.content.decode())
    assert client.get("/sw.js").status_code == 404


def test_pages_for_everybody_know_nothing_of_it(client, db):
    page = client.get("/en/tentang/").content.decode()
    assert "person" not in re.findall(r"geo/js/pages/(\w+)", page)
    assert "data-leaving" not in page
