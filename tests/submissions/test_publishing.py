"""Publishing: what was approved stands everywhere at once, or nowhere."""

from geo.indicators.batch.demo import remove_demo
from geo.indicators.models import ClassBreaks, Observation, Source, Status
from geo.indicators.queries import data_version
from geo.population.models import LedgerMonth
from geo.submissions.batch import publishing
from geo.submissions.models import Act, Job, Notice, Publication, State, Submission
from geo.submissions.services import reviewing
from tests.indicators.world import make_source, observe
from tests.submissions.publishing import approve, published
from tests.submissions.world import (
    DISTRICT,
    NEIGHBOUR,
    REGENCY,
    VILLAGE,
    YEAR,
    indicator,
    ledger_cells,
    sent,
)


def standing(code, period=YEAR):
    rows = Observation.objects.as_of().filter(indicator__code=code, period=period)
    return {row.area.code: (row.value, row.status) for row in rows.select_related("area")}


def test_a_district_publishes_unverified(world, cast):
    waiting = sent(world.form(), cast.operator, {VILLAGE: {"nurses": 3.0, "electrified": 81.5}})
    done = published(waiting, cast.verifier, note="Sesuai.")
    assert (done.state, done.job, done.failure) == (State.PUBLISHED, "", "")
    assert standing("nurses") == {VILLAGE: (3.0, Status.UNVERIFIED)}
    assert standing("electrified") == {VILLAGE: (81.5, Status.UNVERIFIED)}
    publication = Publication.objects.get()
    assert (publication.n_new, publication.verified_at) == (2, None)
    event = done.events.last()
    assert (event.act, event.by, event.note) == (Act.APPROVED, cast.verifier, "Sesuai.")
    assert Notice.objects.filter(event=event, user=cast.operator).exists()


def test_an_office_publishes_verified_at_once(world, cast):
    waiting = sent(world.form(), cast.operator, {VILLAGE: {"nurses": 3.0}})
    done = published(waiting, cast.officer)
    assert done.state == State.VERIFIED
    assert standing("nurses") == {VILLAGE: (3.0, Status.VERIFIED)}
    assert Publication.objects.get().verified_by == cast.officer


def test_the_source_tells_roles_and_no_names(world, cast):
    for person, name in ((cast.operator, "Siti Aminah"), (cast.officer, "Budi Santoso")):
        person.full_name = name
        person.save()
    published(sent(world.form(), cast.operator, {VILLAGE: {"nurses": 3.0}}), cast.officer)
    source = Source.objects.get()
    assert "Ubin 11" in source.entered_by and source.verified_by and source.verified_on
    written = f"{source.title} {source.publisher} {source.entered_by} {source.verified_by}"
    assert not any(name in written for name in ("Siti", "Aminah", "Budi", "Santoso"))
    row = Observation.objects.get()
    assert row.source_row == 1


def test_verifying_afterwards_keeps_the_values(world, cast):
    done = published(sent(world.form(), cast.operator, {VILLAGE: {"nurses": 3.0}}), cast.verifier)
    publishing.verify(reviewing.verify(submission=done, by=cast.officer))
    done.refresh_from_db()
    assert done.state == State.VERIFIED
    assert standing("nurses") == {VILLAGE: (3.0, Status.VERIFIED)}
    publication = Publication.objects.get()
    assert publication.verified_source.verified_by and publication.verified_by == cast.officer


def test_a_correction_leaves_unchanged_figures_alone(world, cast):
    observe(indicator("nurses"), YEAR, {"01.2001": 3, "01.2002": 4})
    cells = {VILLAGE: {"nurses": 3.0}, NEIGHBOUR: {"nurses": 5.0}}
    published(sent(world.form(area=DISTRICT), cast.verifier, cells), cast.officer)
    publication = Publication.objects.get()
    assert (publication.n_new, publication.n_changed, publication.n_unchanged) == (0, 1, 1)
    assert Observation.objects.filter(indicator=indicator("nurses")).count() == 3


def test_class_edges_and_the_version_follow(world, cast):
    before = data_version()
    cells = {a.code: {"nurses": float(n)} for n, a in enumerate(world.kotak.villages)}
    published(sent(world.form(area=REGENCY), cast.walidata, cells), cast.officer)
    edges = ClassBreaks.objects.get(
        indicator=indicator("nurses"), level="village", scheme="equal", period=None
    )
    assert (edges.edges[0], edges.edges[-1]) == (0, 16)
    assert data_version() != before


def test_rows_left_out_return_to_the_senders_desk_with_their_comments(world, cast):
    cells = {VILLAGE: {"nurses": 3.0}, NEIGHBOUR: {"nurses": 90.0}}
    waiting = sent(world.form(area=DISTRICT), cast.verifier, cells)
    reviewing.comment(
        submission=waiting, by=cast.officer, text="90?", row_key=NEIGHBOUR, column="nurses"
    )
    published(waiting, cast.officer, left_out=[NEIGHBOUR])
    assert set(standing("nurses")) == {VILLAGE}
    assert Publication.objects.get().left_out == [NEIGHBOUR]
    back = Submission.objects.exclude(pk=waiting.pk).get()
    assert (back.state, back.created_by, back.area.code) == (
        State.RETURNED,
        cast.verifier,
        DISTRICT,
    )
    assert [row["key"] for row in back.current.content["rows"]] == [NEIGHBOUR]
    assert back.current.sealed_at is None
    assert [said.text for said in back.comments.all()] == ["90?"]
    assert waiting.number in back.events.get().note
    assert Notice.objects.filter(event=back.events.get(), user=cast.verifier).exists()


def test_a_month_of_the_book_publishes_its_figures(world, cast):
    cells = {VILLAGE: ledger_cells(births=(2, 1))}
    done = published(sent(world.form(world.book), cast.operator, cells), cast.verifier)
    assert done.state == State.PUBLISHED
    month = LedgerMonth.objects.standing().get()
    assert (month.closing_male, month.closing_female) == (602, 581)
    assert standing("register_population", "2026-10")[VILLAGE] == (1183.0, Status.UNVERIFIED)


def test_what_cannot_be_published_says_so_and_changes_nothing(world, cast):
    wrong = ledger_cells() | {"opening_male": 600, "closing_male": 601}
    waiting = sent(world.form(world.book), cast.operator, {VILLAGE: wrong})
    done = published(waiting, cast.verifier)
    assert (done.state, done.job) == (State.SENT, "")
    assert "601" in done.failure
    assert not LedgerMonth.objects.exists() and not Source.objects.exists()
    assert not Publication.objects.exists()


def test_a_reminder_that_comes_twice_publishes_once(world, cast):
    waiting = approve(sent(world.form(), cast.operator, {VILLAGE: {"nurses": 3.0}}), cast.verifier)
    assert publishing.publish(waiting) is True
    assert publishing.publish(waiting) is False
    assert Publication.objects.count() == 1


def test_nothing_is_published_that_nobody_asked_for(world, cast):
    waiting = sent(world.form(), cast.operator, {VILLAGE: {"nurses": 3.0}})
    assert not publishing.publish(waiting)
    assert Submission.objects.get(pk=waiting.pk).job != Job.PUBLISH
    assert not Observation.objects.exists()


def test_what_a_demonstration_account_sends_is_invented_too_and_goes_with_the_rest(world, cast):
    waiting = sent(world.form(), cast.operator, {VILLAGE: {"nurses": 3.0}})
    Submission.objects.update(is_demo=True)
    observe(indicator("nurses"), YEAR, {"01.2002": 4}, source=make_source(is_demo=True))
    done = published(waiting, cast.officer)
    assert set(standing("nurses")) == {VILLAGE, NEIGHBOUR}
    assert remove_demo() == 2
    assert not Observation.objects.exists()
    # The act of publishing is history, and so is what it calls its source.
    assert Source.objects.get() == done.publications.get().source
