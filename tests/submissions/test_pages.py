"""The pages of those who bring in: a form, a submission, mending, reasons, sending."""

import gzip
import re

import pytest
from django.test import Client

from geo.areas.models import Level, Outline
from geo.lib.grids import Grid, GridRow
from geo.submissions.kinds import kind_of
from geo.submissions.kinds.changes import read_changes
from geo.submissions.models import Act, CellComment, Job, State, Submission
from geo.submissions.queries.numbers import UnknownNumber, find_submission
from geo.submissions.services.events import record
from geo.submissions.services.mending import mend_cells, save_grid
from tests.indicators.world import observe
from tests.submissions.world import DISTRICT, NEIGHBOUR, VILLAGE, draft, indicator, sent, typed

pytestmark = pytest.mark.django_db
FIGURES = {"nurses": 3, "midwives": 2, "electrified": 80}


def saved(world, by, cells, area=VILLAGE, dataset=None) -> Submission:
    """A submission typed on the page and checked, with whatever problems it has."""
    form = world.form(dataset, area=area)
    rows = [GridRow(n, key, key, dict(row)) for n, (key, row) in enumerate(cells.items(), 1)]
    version = save_grid(form=form, by=by, grid=Grid([], rows), base_edit=None)
    return Submission.objects.get(pk=version.submission_id)


def page_of(client, submission, query="") -> str:
    answer = client.get(f"/en/unggah/{submission.number}/{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def field(page: str, name: str) -> str:
    """The tag of the input with this name."""
    return re.search(rf'<input[^>]*name="{re.escape(name)}"[^>]*>', page)[0]


@pytest.fixture
def official(client, cast):
    client.force_login(cast.operator)
    return client


# --- a form ------------------------------------------------------------------------------


def test_a_form_says_until_when_and_what_is_published_with_its_source(official, world):
    observe(indicator("nurses"), "2024", {"01.2001": 7}, status="unverified")
    page = official.get(f"/en/unggah/figures/2025/{VILLAGE}/").content.decode()
    assert "January 31, 2026" in page or "31 January 2026" in page
    assert re.search(r"Nurses.*?<td>7</td>\s*<td>–</td>", page, re.DOTALL)
    assert "not yet verified" in page
    assert f"/unggah/figures/2025/{VILLAGE}/berkas/" in page


def test_a_form_leads_to_the_submission_that_is_on_its_way(official, world, cast):
    submission = draft(world.form(), cast.operator, {VILLAGE: FIGURES})
    page = official.get(f"/en/unggah/figures/2025/{VILLAGE}/").content.decode()
    assert page.count(f"/unggah/{submission.number}/") >= 2


@pytest.mark.parametrize(
    "where",
    [
        f"figures/2025/{NEIGHBOUR}",
        f"figures/2025/{DISTRICT}",
        f"figures/2025-01/{VILLAGE}",
        f"figures/2099/{VILLAGE}",
        f"surveyed/2025/{VILLAGE}",
        f"nothing/2025/{VILLAGE}",
        "figures/2025/16.07",
    ],
)
def test_a_form_that_is_not_theirs_does_not_exist(official, world, where):
    assert official.get(f"/unggah/{where}/").status_code == 404


# --- whose a submission is ---------------------------------------------------------------


def test_a_number_is_found_by_those_who_may_see_it_alone(world, cast):
    submission = draft(world.form(), cast.operator, {VILLAGE: FIGURES})
    for name in ("operator", "verifier", "officer", "walidata", "regent"):
        assert find_submission(getattr(cast, name), submission.number) == submission
    for name in ("neighbour", "far_verifier", "other_officer", "stranger"):
        with pytest.raises(UnknownNumber):
            find_submission(getattr(cast, name), submission.number)
    wrong_year = submission.number.replace(str(submission.created_at.year), "2001")
    with pytest.raises(UnknownNumber):
        find_submission(cast.operator, wrong_year)


@pytest.mark.parametrize("act", ["ubah", "alasan", "jawab", "kirim", "tarik"])
def test_a_neighbour_writes_nothing_and_learns_nothing(client, world, cast, act):
    submission = draft(world.form(), cast.operator, {VILLAGE: FIGURES})
    client.force_login(cast.neighbour)
    assert client.post(f"/unggah/{submission.number}/{act}/", {"edit": 0}).status_code == 404
    assert client.get(f"/unggah/{submission.number}/keadaan.json").status_code == 404
    client.force_login(cast.regent)
    assert client.get(f"/unggah/{submission.number}/").status_code == 200
    assert client.post(f"/unggah/{submission.number}/{act}/", {"edit": 0}).status_code == 404
    submission.refresh_from_db()
    assert (submission.state, submission.current.edit) == (State.READY, 0)


# --- problems and mending ----------------------------------------------------------------


def test_every_problem_stands_in_the_list_and_at_its_cell(official, world, cast):
    submission = saved(world, cast.operator, {VILLAGE: {**FIGURES, "nurses": "tiga"}})
    page = page_of(official, submission)
    assert "1 problem to mend" in page
    assert page.count("“tiga”, which is not a number") == 2
    assert 'aria-invalid="true"' in field(page, f"c|{VILLAGE}|nurses")
    assert re.search(r"<button[^>]*disabled[^>]*>Send for review", page)


def test_a_cell_is_mended_by_a_plain_form(official, world, cast):
    submission = saved(world, cast.operator, {VILLAGE: {**FIGURES, "nurses": "tiga"}})
    answer = official.post(
        f"/en/unggah/{submission.number}/ubah/", {"edit": "0", f"c|{VILLAGE}|nurses": "3"}
    )
    assert answer.headers["Location"].endswith(f"/unggah/{submission.number}/")
    submission.refresh_from_db()
    assert submission.state == State.READY
    page = page_of(official, submission)
    assert "problem to mend" not in page
    assert re.search(r'<button class="button button--main" type="submit">Send for review', page)


def test_whoever_was_overtaken_sees_both_values_and_nothing_is_lost(official, world, cast):
    submission = draft(world.form(), cast.operator, {VILLAGE: FIGURES})
    mend_cells(
        submission=submission, by=cast.verifier, cells={(VILLAGE, "nurses"): "9"}, base_edit=0
    )
    mine = {"edit": "0", f"c|{VILLAGE}|nurses": "4"}
    answer = official.post(f"/en/unggah/{submission.number}/ubah/", mine)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "<td>9</td>" in page
    assert 'value="4"' in field(page, f"c|{VILLAGE}|nurses")
    assert 'value="1"' in field(page, "edit")


@pytest.mark.parametrize("edit", ["", "x", "-1", "9" * 30, "٣"])
def test_a_page_that_does_not_say_what_it_showed_overwrites_nothing(official, world, cast, edit):
    submission = draft(world.form(), cast.operator, {VILLAGE: FIGURES})
    given = {"edit": edit, f"c|{VILLAGE}|nurses": "4"}
    assert official.post(f"/unggah/{submission.number}/ubah/", given).status_code == 409


def test_a_cell_that_the_form_does_not_have_is_refused_in_a_sentence(official, world, cast):
    submission = draft(world.form(), cast.operator, {VILLAGE: FIGURES})
    given = {"edit": "0", f"c|{VILLAGE}|secret": "4"}
    answer = official.post(f"/en/unggah/{submission.number}/ubah/", given, follow=True)
    assert "There is no cell “secret”" in answer.content.decode()


def test_a_warning_wants_a_reason_before_it_can_be_sent(official, world, cast):
    observe(indicator("nurses"), "2024", {"01.2001": 3})
    submission = saved(world, cast.operator, {VILLAGE: {**FIGURES, "nurses": 300}})
    page = page_of(official, submission)
    assert "1 without a reason" in page
    assert "some figures look unlikely" in page
    name = re.search(r'name="(r\|[^"]*)"', page)[1]
    official.post(
        f"/unggah/{submission.number}/alasan/", {"edit": "0", name: "Rumah sakit dibuka."}
    )
    page = page_of(official, submission)
    assert 'value="Rumah sakit dibuka."' in field(page, name)
    assert "without a reason" not in page
    assert not re.search(r"<button[^>]*disabled[^>]*>Send for review", page)


def test_one_reason_serves_all_warnings_of_a_rule(client, world, cast):
    observe(indicator("nurses"), "2024", {"01.2001": 3, "01.2002": 3})
    cells = {code: {**FIGURES, "nurses": 300} for code in (VILLAGE, NEIGHBOUR)}
    submission = saved(world, cast.verifier, cells, area=DISTRICT)
    client.force_login(cast.verifier)
    page = page_of(client, submission)
    name = re.search(r'name="(r\|rule:[^"]*)"', page)[1]
    client.post(f"/unggah/{submission.number}/alasan/", {"edit": "0", name: "Benar."})
    assert "without a reason" not in page_of(client, submission)


def test_comments_of_the_reviewer_stand_at_their_cell_when_it_was_returned(official, world, cast):
    submission = sent(world.form(), cast.operator, {VILLAGE: FIGURES})
    CellComment.objects.create(
        submission=submission,
        version=submission.current,
        row_key=VILLAGE,
        column="midwives",
        text="Benar dua?",
        by=cast.verifier,
    )
    record(submission=submission, act=Act.RETURNED, by=cast.verifier, note="Periksa bidan.")
    page = page_of(official, submission)
    assert "Periksa bidan." in page
    assert page.count("Benar dua?") == 2
    assert 'class="row-form__cell is-comment"' in page
    # Saved again as it is, it can be sent again.
    official.post(f"/unggah/{submission.number}/ubah/", {"edit": "0", f"c|{VILLAGE}|midwives": "2"})
    submission.refresh_from_db()
    assert submission.state == State.READY


# --- many rows ---------------------------------------------------------------------------


@pytest.fixture
def many(world, cast, monkeypatch):
    """A district's grid of three rows, which counts as many."""
    monkeypatch.setattr("geo.submissions.forms.grid.MANY_ROWS", 2)
    cells = {code: dict(FIGURES) for code in (VILLAGE, NEIGHBOUR, "99.01.01.2003")}
    cells[NEIGHBOUR]["nurses"] = "banyak"
    return saved(world, cast.verifier, cells, area=DISTRICT)


def rows_of(page: str) -> list[str]:
    body = re.search(r'<table class="sheet">.*?</table>', page, re.DOTALL)[0]
    return re.findall(r"\?baris=([0-9.]+)#row", body)


def test_of_many_rows_those_with_problems_come_first_and_all_on_demand(client, many, cast):
    client.force_login(cast.verifier)
    assert rows_of(page_of(client, many)) == [NEIGHBOUR]
    assert len(rows_of(page_of(client, many, "?tampil=semua"))) == 3
    assert rows_of(page_of(client, many, "?tampil=masalah")) == [NEIGHBOUR]


def test_one_row_can_be_edited_alone_which_suits_a_phone(client, many, cast):
    client.force_login(cast.verifier)
    page = page_of(client, many, f"?baris={VILLAGE}")
    assert 'value="80"' in field(page, f"c|{VILLAGE}|electrified")
    assert 'id="row"' in page
    assert 'id="row"' not in page_of(client, many, "?baris=nonsense")


def test_a_large_grid_stays_light(client, world, cast):
    cells = {village.code: {"nurses": "x", "midwives": 1} for village in world.kotak.villages}
    submission = saved(world, cast.walidata, cells, area="99.01")
    client.force_login(cast.walidata)
    page = page_of(client, submission, "?tampil=semua")
    # 313 rows of 30 cells are 190 times the rows of this page and ten times its columns.
    sheet = re.search(r'<table class="sheet">.*?</table>', page, re.DOTALL)[0]
    per_cell = len(gzip.compress(sheet.encode())) / (17 * 3)
    assert per_cell * 313 * 30 < 300_000


# --- what changes ------------------------------------------------------------------------


def test_changes_show_old_new_and_difference_against_what_stands(official, world, cast):
    observe(indicator("nurses"), "2025", {"01.2001": 4})
    observe(indicator("midwives"), "2025", {"01.2001": 2})
    submission = draft(world.form(), cast.operator, {VILLAGE: {"nurses": 3, "midwives": 2}})
    page = page_of(official, submission)
    assert "<strong>1</strong> figure will change" in page
    assert "1 stays as it is" in page
    assert re.search(r"Nurses</th><td>4</td><td><strong>3</strong></td><td>−1 <small>−25", page)


def test_first_figures_of_a_period_are_compared_with_the_period_before(official, world, cast):
    observe(indicator("nurses"), "2024", {"01.2001": 2})
    submission = draft(world.form(), cast.operator, {VILLAGE: {"nurses": 3}})
    page = page_of(official, submission)
    assert "<strong>1</strong> new figure for 2025, beside that of 2024" in page
    assert re.search(r"<td>2</td><td><strong>3</strong></td><td>\+1 <small>\+50", page)


def test_totals_and_a_map_show_the_changes_of_many_villages(world, cast):
    square = "M0 0l10 0 0 10z"
    picture = {
        "bounds": [104, -3, 105, -2],
        "width": 1000,
        "height": 1000,
        "paths": {VILLAGE: square, NEIGHBOUR: square},
        "points": {},
        "lines": "",
    }
    Outline.objects.create(
        parent=world.area(DISTRICT),
        level=Level.VILLAGE,
        content_hash="x",
        topojson="",
        picture=picture,
        tolerance_m=1,
        n_areas=2,
    )
    observe(indicator("nurses"), "2025", {"01.2001": 10, "01.2002": 100})
    form = world.form(area=DISTRICT)
    grid = typed(form, {VILLAGE: {"nurses": 5}, NEIGHBOUR: {"nurses": 104}})
    changes = read_changes(kind_of(world.figures), form, grid)
    total = changes.columns[0].total
    assert (total.old, total.new, total.difference) == ("110", "109", "−1")
    assert changes.tones == {VILLAGE: "less", NEIGHBOUR: "some_more"}
    assert [(tone.label, tone.n) for tone in changes.legend] == [
        ("more than a tenth less", 1),
        ("more", 1),
    ]
    assert '<g fill="#8a4b08"><path data-code="99.01.01.2001"' in changes.picture


def test_a_village_alone_has_a_table_and_no_map(world, cast):
    changes = read_changes(
        kind_of(world.figures), world.form(), typed(world.form(), {VILLAGE: FIGURES})
    )
    assert changes.is_of_one
    assert changes.picture is None


# --- sending and after -------------------------------------------------------------------


def test_sending_gives_a_receipt_with_number_note_and_timeline(official, world, cast):
    submission = saved(world, cast.operator, {VILLAGE: FIGURES})
    answer = official.post(
        f"/en/unggah/{submission.number}/kirim/", {"edit": "0", "note": "Sesuai buku."}, follow=True
    )
    page = answer.content.decode()
    assert f"keep the number {submission.number}" in page
    assert "Sesuai buku." in page
    assert "Print the receipt" in page
    assert "Operator, Uji" in page
    assert "Send for review" not in page
    submission.refresh_from_db()
    assert submission.state == State.SENT


def test_what_cannot_be_sent_says_why_and_stays(official, world, cast):
    submission = saved(world, cast.operator, {VILLAGE: {**FIGURES, "nurses": "tiga"}})
    answer = official.post(f"/en/unggah/{submission.number}/kirim/", {"edit": "0"}, follow=True)
    assert answer.status_code == 200
    assert "message-line--error" in answer.content.decode()
    submission.refresh_from_db()
    assert submission.state == State.FAULTY


def test_what_was_sent_can_be_taken_back(official, world, cast):
    submission = sent(world.form(), cast.operator, {VILLAGE: FIGURES})
    official.post(f"/unggah/{submission.number}/tarik/", {"note": "Salah bulan."})
    submission.refresh_from_db()
    assert submission.state == State.WITHDRAWN
    assert "Salah bulan." in page_of(official, submission)


def test_a_verified_submission_offers_nothing_to_press(official, world, cast):
    submission = draft(world.form(), cast.operator, {VILLAGE: FIGURES}, state=State.VERIFIED)
    page = page_of(official, submission)
    main = re.search(r"<main.*</main>", page, re.DOTALL)[0]
    assert "<form" not in main


def test_while_a_worker_is_busy_the_page_follows_it_and_nothing_can_be_mended(
    official, world, cast
):
    submission = draft(world.form(), cast.operator, {VILLAGE: FIGURES}, state=State.RECEIVED)
    Submission.objects.filter(pk=submission.pk).update(
        job=Job.CHECK, progress="reading the file", job_version=submission.current
    )
    page = page_of(official, submission)
    assert f'data-progress="/en/unggah/{submission.number}/keadaan.json"' in page
    assert '<noscript><meta http-equiv="refresh"' in page
    assert "reading the file" in page
    assert "Save and check again" not in page
    told = official.get(f"/unggah/{submission.number}/keadaan.json").json()
    assert told == {
        "state": "received",
        "is_busy": True,
        "words": "reading the file",
        "edit": 0,
    }


def test_every_act_wants_the_token_of_its_page(world, cast):
    submission = draft(world.form(), cast.operator, {VILLAGE: FIGURES})
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(cast.operator)
    for act in ("ubah", "alasan", "jawab", "kembali", "kirim", "tarik"):
        assert strict.post(f"/unggah/{submission.number}/{act}/").status_code == 403


@pytest.mark.parametrize("state", State.values)
def test_every_state_has_a_page_with_one_main_button_at_most(official, world, cast, state):
    submission = draft(world.form(), cast.operator, {VILLAGE: FIGURES}, state=state)
    page = page_of(official, submission)
    # The dialog of signing out stands outside.
    shown = page[page.index("<main") : page.index("</main>")]
    assert shown.count("button--main") <= 1
    assert 'style="' not in page
