"""Opportunities are brought in, reviewed, published, verified and undone like other data."""

import io

import openpyxl
import pytest
from django.utils import timezone, translation

from geo.indicators.models import Observation, Sector
from geo.lib.workbooks.headings import columns_by_name
from geo.lib.workbooks.layouts import places_of
from geo.lib.workbooks.vocabulary import squeezed
from geo.opportunities.models import Opportunity
from geo.submissions.batch import jobs
from geo.submissions.kinds import kind_of
from geo.submissions.kinds.opportunity_columns import CALLED, opportunity_columns
from geo.submissions.models import State, Submission
from geo.submissions.queries.forms import Form, UnknownForm
from geo.submissions.services.mending import give_reasons, mend_cells
from geo.submissions.services.sending import send
from geo.submissions.services.workbooks import describe_workbook, make_workbook
from tests.opportunities.world import make_counted
from tests.submissions.publishing import countered, published
from tests.submissions.test_checking import found, grid_of
from tests.submissions.test_receiving import receive
from tests.submissions.world import REGENCY, VILLAGE, make_dataset

HEAD = (
    "kode;title_id;title_en;business;kbli;area;stage;status_on;contact_office;irr_percent;zoning\n"
)
GOOD = f";Gudang dingin;Cold storage;fisheries;52102;{VILLAGE};offered;1/10/2026;DPMPTSP;16,4;\n"
SECOND = ";Padi;Paddy;processing;10631;Ubin 12;idea;1/9/2026;DPMPTSP;;\n"


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.VAR_DIR = tmp_path / "var"


@pytest.fixture
def form(world) -> Form:
    make_counted()
    declared = {"kind": "opportunities", "frequency": "year", "reporter": "office", "due_days": 60}
    dataset = make_dataset(Sector.objects.get(code="test"), "offers", declared)
    return Form(dataset, "2026", world.kotak.regency)


def bring(world, cast, form, text, name="peluang.csv") -> Submission:
    content = text.encode() if isinstance(text, str) else text
    received = receive(world, content, by=cast.officer, name=name, form=form)
    jobs.run(received.submission.pk)
    return Submission.objects.get(pk=received.submission.pk)


def approved(submission, cast) -> Submission:
    send(submission=submission, by=cast.officer, edit=submission.current.edit, note="Siap.")
    return published(Submission.objects.get(pk=submission.pk), cast.walidata)


def standing() -> list[tuple]:
    rows = Opportunity.objects.as_of().order_by("code")
    return [(row.code, row.title_id, row.area.code, row.stage, row.status) for row in rows]


def counted() -> dict[str, float]:
    rows = Observation.objects.as_of().filter(indicator__code="opportunities", value__gt=0)
    return dict(rows.values_list("area__code", "value"))


def test_a_reason_is_asked_for_once_not_with_every_sheet_afterwards(world, cast, form):
    head = HEAD.replace("zoning\n", "zoning;zoning_source;zoning_on\n")
    row = GOOD.replace("16,4;\n", "16,4;protected;Perda 6/2019;2/3/2026\n")
    first = bring(world, cast, form, head + row)
    ((line, column, rule),) = found(first, "warning")
    assert (column, rule) == ("zoning", "protected")
    reasons = {f"{line}:{column}:{rule}": "Sudah ada izin pinjam pakai."}
    give_reasons(submission=first, by=cast.officer, reasons=reasons, base_edit=first.current.edit)
    approved(Submission.objects.get(pk=first.pk), cast)
    code = Opportunity.objects.as_of().get().code
    later = bring(world, cast, form, head + code + row.replace("offered", "taken"))
    assert found(later, "error", "warning") == [], "it stood so, and somebody has said why"
    moved = bring(world, cast, form, head + code + row.replace("52102", "10293"))
    assert [one[1] for one in found(moved, "warning")] == ["kbli"]


def test_a_sheet_becomes_the_catalogue(world, cast, form):
    submission = bring(world, cast, form, HEAD + GOOD + SECOND)
    assert found(submission, "error", "warning") == []
    assert submission.state == State.READY
    submission = approved(submission, cast)
    assert submission.state == State.VERIFIED
    year = timezone.now().year
    assert standing() == [
        (f"PI-{year}-001", "Gudang dingin", VILLAGE, "offered", "verified"),
        (f"PI-{year}-002", "Padi", "99.01.01.2002", "idea", "verified"),
    ]
    row = Opportunity.objects.as_of().first()
    assert (row.irr_percent, row.zoning, row.source_row) == (16.4, "unstated", 2)
    assert counted() == {VILLAGE: 1, "99.01.01.2002": 1}


OWN_HEAD = (
    "No;Judul;Title;Ringkasan;Bidang Usaha;KBLI;Desa;Luas Lahan (ha);Nilai Investasi (Rp);IRR (%);"
    "Tahap;Status per;Kantor;Email\n"
)
OWN = (
    "1;Pabrik es;Ice plant;Untuk nelayan;perikanan;35302;Ubin 11;1,5;4.500.000.000;15,2;"
    "ditawarkan;1/10/2026;DPMPTSP;peluang@example.org\n"
)


def test_a_sheet_with_the_words_of_the_office_is_read(world, cast, form):
    with translation.override("id"):
        submission = bring(world, cast, form, OWN_HEAD + OWN)
    assert found(submission, "error", "warning") == []
    approved(submission, cast)
    row = Opportunity.objects.as_of().get()
    assert (row.title_id, row.title_en, row.summary_id) == (
        "Pabrik es",
        "Ice plant",
        "Untuk nelayan",
    )
    assert (row.business, row.kbli, row.stage, row.area.code) == (
        "fisheries",
        "35302",
        "offered",
        VILLAGE,
    )
    assert (row.value_rupiah, row.irr_percent, row.land_ha) == (4_500_000_000, 15.2, 1.5)
    assert (row.contact_office, row.contact_email) == ("DPMPTSP", "peluang@example.org")


@pytest.mark.parametrize("language", ["id", "en"])
def test_no_word_of_a_heading_names_two_columns(language):
    with translation.override(language):
        columns = opportunity_columns()
    words = [(squeezed(word), one.code) for one in columns for word in {one.code, *one.aliases}]
    names = columns_by_name(columns)
    assert {word for word, code in words if names.get(word) != code} == set()
    assert set(CALLED) == {one.code for one in columns}


def test_every_problem_is_told_at_once_and_nothing_is_published(world, cast, form):
    bad = ";Buruk;;fishing;99;99.02.01.2001;idea;1/10/2030;;tinggi;holding\n"
    submission = bring(world, cast, form, HEAD + GOOD + bad)
    assert submission.state == State.FAULTY
    assert {(row, column) for row, column, _rule in found(submission, "error")} == {
        (3, "business"),
        (3, "kbli"),
        (3, "area"),
        (3, "status_on"),
        (3, "contact_office"),
        (3, "irr_percent"),
        (3, "zoning_source"),
    }
    assert standing() == []


def test_a_problem_is_mended_on_the_page(world, cast, form):
    submission = bring(world, cast, form, HEAD + GOOD.replace("52102", "99"))
    assert found(submission, "error") == [(2, "kbli", "kbli_shape")]
    edit = submission.current.edit
    mend_cells(
        submission=submission, by=cast.officer, cells={("#2", "kbli"): "52102"}, base_edit=edit
    )
    submission = approved(Submission.objects.get(pk=submission.pk), cast)
    assert len(standing()) == 1


def test_the_same_sheet_again_is_refused_because_it_is_there(world, cast, form):
    approved(bring(world, cast, form, HEAD + GOOD), cast)
    again = bring(world, cast, form, HEAD + GOOD + SECOND)
    assert found(again, "error") == [(2, "title_id", "there_already")]


def test_the_workbook_knows_what_stands_and_takes_new_rows(world, cast, form):
    approved(bring(world, cast, form, HEAD + GOOD), cast)
    code = standing()[0][0]
    book = openpyxl.load_workbook(io.BytesIO(make_workbook(form=form)))
    sheet, cells = book["To fill in"], places_of(describe_workbook(form))
    at = {column: place for (key, column), place in cells.items() if key == code}
    assert sheet.cell(at["title_id"][0] + 1, at["title_id"][1] + 1).value == "Gudang dingin"
    sheet.cell(at["stage"][0] + 1, at["stage"][1] + 1).value = "taken up by an investor"
    new = dict(zip(HEAD.strip().split(";"), SECOND.strip().split(";"), strict=True))
    for column, text in new.items():
        if text and column in at:
            sheet.cell(at[column][0] + 2, at[column][1] + 1).value = text
    written = io.BytesIO()
    book.save(written)
    submission = bring(world, cast, form, written.getvalue(), "peluang.xlsx")
    assert found(submission, "error", "warning") == []
    changes = kind_of(form.dataset).changes(form, grid_of(submission))
    known = [(one.column, one.old, one.new) for one in changes if one.key == code]
    assert known == [("stage", "offered", "taken")]
    approved(submission, cast)
    assert [row[3] for row in standing()] == ["taken", "idea"]
    assert counted() == {"99.01.01.2002": 1}


def test_an_empty_cell_says_nothing_and_no_data_empties(world, cast, form):
    approved(bring(world, cast, form, HEAD + GOOD), cast)
    code = standing()[0][0]
    row = f"{code};;;;;;closed;;;;\n"
    approved(bring(world, cast, form, HEAD + row), cast)
    stood = Opportunity.objects.as_of().get()
    assert (stood.title_id, stood.irr_percent, stood.stage) == ("Gudang dingin", 16.4, "closed")
    row = f"{code};;;;;;;;;tidak ada data;\n"
    approved(bring(world, cast, form, HEAD + row), cast)
    assert Opportunity.objects.as_of().get().irr_percent is None


def test_undoing_and_countering_make_stand_what_stood_before(world, cast, form):
    first = approved(bring(world, cast, form, HEAD + GOOD), cast)
    code, stood = standing()[0][0], standing()
    change = approved(bring(world, cast, form, HEAD + f"{code};;;;;;closed;;;;\n" + SECOND), cast)
    assert first.state == State.VERIFIED
    assert len(standing()) == 2
    countered(change, cast.officer, cast.walidata)
    assert standing() == stood
    assert counted() == {VILLAGE: 1}


def test_the_review_shows_what_would_change(world, cast, form, client):
    submission = bring(world, cast, form, HEAD + GOOD + SECOND)
    send(submission=submission, by=cast.officer, edit=submission.current.edit, note="Siap.")
    client.force_login(cast.walidata)
    page = client.get(f"/en/periksa/{submission.number}/").content.decode()
    for words in ("Gudang dingin", "Padi", "Cold storage", "16.4"):
        assert words in page, words


def test_only_the_office_brings_them_in(world, cast, form):
    for person in (cast.operator, cast.other_officer, cast.stranger):
        with pytest.raises(UnknownForm):
            receive(world, (HEAD + GOOD).encode(), by=person, name="x.csv", form=form)
    assert form.area.code == REGENCY
