"""History: who, when, from which file and row; and nobody changes it, not even by SQL."""

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.db.utils import IntegrityError
from django.urls import reverse
from django.utils import timezone

from geo.indicators.models import Observation, Source
from geo.indicators.services import remove_demo_beside
from geo.population.models import LedgerMonth
from geo.submissions.models import (
    CellComment,
    Publication,
    Replacement,
    StoredFile,
    SubmissionEvent,
)
from geo.submissions.queries.history import NoHistory, read_history
from geo.submissions.services import reviewing
from tests.history import history_forgotten
from tests.indicators.world import make_source, observe
from tests.submissions.publishing import published, undone, verified
from tests.submissions.world import VILLAGE, YEAR, indicator, ledger_cells, sent


@pytest.fixture
def happened(world, cast):
    """A figure that stood, was replaced and verified, with a comment; and a month of the book."""
    observe(indicator("nurses"), YEAR, {"01.2001": 3})
    waiting = sent(world.form(), cast.operator, {VILLAGE: {"nurses": 5.0}})
    reviewing.comment(submission=waiting, by=cast.verifier, text="5?", row_key=VILLAGE)
    done = verified(published(waiting, cast.verifier), cast.officer)
    cells = {VILLAGE: ledger_cells(births=(2, 1))}
    published(sent(world.form(world.book), cast.operator, cells), cast.verifier)
    replaced = {"event": done.events.last(), "publication": done.publications.get()}
    Replacement.objects.create(**replaced, changes=[[VILLAGE, "", "nurses", 3, 5]])
    StoredFile.objects.create(
        name="a.csv", size_bytes=1, sha256="0" * 64, received_by=cast.operator
    )
    return done


# What somebody with the application's password might try, whatever the application forbids.
TAMPERING = [
    "UPDATE geo_observation SET value = 99 WHERE superseded_at IS NULL",
    "UPDATE geo_observation SET status = 'verified'",
    "UPDATE geo_observation SET superseded_at = NULL WHERE superseded_at IS NOT NULL",
    "UPDATE geo_observation SET superseded_at = now() WHERE superseded_at IS NOT NULL",
    "UPDATE geo_observation SET source_row = 7",
    "DELETE FROM geo_observation",
    "DELETE FROM geo_observation WHERE superseded_at IS NOT NULL",
    "UPDATE geo_ledgermonth SET births_male = births_male + 1, closing_male = closing_male + 1",
    "UPDATE geo_ledgermonth SET reason = 'x'",
    "UPDATE geo_ledgermonth SET source_row = 7",
    "DELETE FROM geo_ledgermonth",
    "UPDATE geo_source SET verified_by = 'somebody else'",
    "UPDATE geo_source SET is_demo = true",
    "UPDATE geo_submissionevent SET by_name = 'somebody else'",
    "DELETE FROM geo_submissionevent",
    "UPDATE geo_submissionversion SET content = '{}'",
    "DELETE FROM geo_submissionversion",
    "UPDATE geo_publication SET published_at = now() - interval '1 year'",
    "UPDATE geo_publication SET changes = '[]'",
    "UPDATE geo_publication SET verified_at = NULL WHERE verified_at IS NOT NULL",
    "DELETE FROM geo_publication",
    "UPDATE geo_replacement SET changes = '[]'",
    "DELETE FROM geo_replacement",
    "UPDATE geo_cellcomment SET text = 'x'",
    "DELETE FROM geo_cellcomment",
    "UPDATE geo_storedfile SET sha256 = 'x'",
    "DELETE FROM geo_storedfile",
]


@pytest.mark.parametrize("sql", TAMPERING)
@pytest.mark.parametrize("is_switched_off", [False, True])
def test_history_cannot_be_changed_by_sql(happened, sql, is_switched_off):
    refused = pytest.raises(IntegrityError, match="history is kept")
    with connection.cursor() as cursor, refused, transaction.atomic():
        if is_switched_off:
            # The switch that the library of the triggers offers does not reach these.
            cursor.execute(
                "SELECT set_config('pgtrigger.ignore', array_agg(tgname)::text, true)"
                " FROM pg_trigger WHERE NOT tgisinternal"
            )
        cursor.execute(sql)
        connection.check_constraints()


def test_what_history_allows_still_works(happened, cast):
    CellComment.objects.update(resolved_at=Publication.objects.first().published_at)
    assert Observation.objects.as_of().update(superseded_at=timezone.now()) > 0
    spare = make_source(title="Never used")
    spare.delete()
    with pytest.raises(DatabaseError), transaction.atomic():
        Source.objects.filter(observations__isnull=False)._raw_delete("default")
        connection.check_constraints()


def test_invented_figures_may_go(world):
    from geo.indicators.services import NewValue

    observe(indicator("nurses"), YEAR, {"01.2001": 3}, source=make_source(is_demo=True))
    area = world.area(VILLAGE)
    remove_demo_beside([NewValue(area.pk, indicator("nurses"), YEAR, 1.0, "verified")])
    assert not Observation.objects.exists()
    assert not LedgerMonth.objects.exists()


# --- who stands behind a figure ------------------------------------------------------


def test_the_history_tells_who_when_and_from_where(happened, cast):
    history = read_history(cast.operator, "nurses", VILLAGE, YEAR)
    told = [(one.row.revision, one.row.value, one.row.status) for one in history.entries]
    assert told == [(3, 5, "verified"), (2, 5, "unverified"), (1, 3, "verified")]
    last, middle, first = history.entries
    assert (last.is_verification, middle.is_verification) == (True, False)
    assert last.submission == middle.submission == happened
    assert (last.publication.published_by, last.publication.verified_by) == (
        cast.verifier,
        cast.officer,
    )
    assert first.publication is None
    assert history.standing == last


def test_what_was_taken_back_says_so(world, cast):
    waiting = sent(world.form(), cast.operator, {VILLAGE: {"nurses": 5.0}})
    undone(published(waiting, cast.verifier), cast.verifier)
    history = read_history(cast.operator, "nurses", VILLAGE, YEAR)
    assert history.standing is None and len(history.entries) == 1


@pytest.mark.parametrize("name", ["neighbour", "far_verifier", "other_officer", "stranger"])
def test_names_are_for_those_who_answer_for_the_figure(happened, cast, name):
    with pytest.raises(NoHistory):
        read_history(getattr(cast, name), "nurses", VILLAGE, YEAR)


def test_the_page_shows_names_to_them_and_roles_to_the_public(happened, cast, client):
    address = reverse("history", args=["nurses", VILLAGE, YEAR])
    client.force_login(cast.operator)
    page = client.get(address).content.decode()
    for word in (happened.number, "Verifier", "Operator"):
        assert word in page
    client.logout()
    assert client.get(address).status_code == 302
    open_page = client.get("/peta/asal/", {"i": "nurses", "t": YEAR, "a": VILLAGE}).content.decode()
    assert "Ubin 11" in open_page
    for secret in (happened.number, "Operator, Uji", address):
        assert secret not in open_page


# --- the role of the application, and the anchor -------------------------------------

FORBIDDEN = [
    "TRUNCATE geo_observation CASCADE",
    "ALTER TABLE geo_observation DISABLE TRIGGER USER",
    "ALTER TABLE geo_observation DISABLE TRIGGER ALL",
    "DROP TRIGGER pgtrigger_observation_kept_bfb34 ON geo_observation",
    "SET session_replication_role = replica",
    "CREATE OR REPLACE FUNCTION history_is_kept() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN RETURN NEW; END $$",
    "CREATE FUNCTION public.mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "UPDATE geo_submissionevent SET note = 'x'",
    "DELETE FROM geo_userevent",
    "DROP TABLE geo_publication",
]


@pytest.fixture
def as_application(happened, settings):
    """The rest of the test has only the rights of the role that deploy/ makes."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rolcreaterole OR rolsuper FROM pg_roles WHERE rolname = current_user"
        )
        if not cursor.fetchone()[0]:
            pytest.skip("the role of the tests may not make roles")
        cursor.execute((settings.BASE_DIR / "deploy/application_role.sql").read_text())
        cursor.execute("SET LOCAL ROLE peta_app")
        yield cursor


@pytest.mark.parametrize("sql", FORBIDDEN)
def test_the_role_of_the_application_cannot_switch_history_off(as_application, sql):
    refused = pytest.raises(DatabaseError, match=r"must be owner|permission denied")
    with refused, transaction.atomic():
        as_application.execute(sql)


def test_the_role_of_the_application_can_do_its_work(as_application, world, cast):
    waiting = sent(world.form(period="2023"), cast.operator, {VILLAGE: {"nurses": 5.0}})
    done = verified(published(waiting, cast.verifier), cast.officer)
    assert (done.state, done.failure) == ("verified", "")


def test_an_anchor_tells_when_history_was_changed(happened, tmp_path, capsys):
    file = tmp_path / "anchors.txt"
    call_command("anchor_history", file=file)
    call_command("anchor_history", file=file)
    assert len(file.read_text().splitlines()) == 2
    with history_forgotten():
        SubmissionEvent.objects.filter(pk=SubmissionEvent.objects.first().pk).update(by_name="X")
    with pytest.raises(CommandError, match="line 1: the history up to event"):
        call_command("anchor_history", file=file)
    assert len(file.read_text().splitlines()) == 2


def test_an_anchor_stands_when_history_goes_on(happened, world, cast, tmp_path):
    file = tmp_path / "anchors.txt"
    call_command("anchor_history", file=file)
    sent(world.form(period="2022"), cast.operator, {VILLAGE: {"nurses": 5.0}})
    call_command("anchor_history", file=file)
    first, second = file.read_text().splitlines()
    assert first != second
