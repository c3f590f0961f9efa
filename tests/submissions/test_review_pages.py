"""The pages of those who review: the queue, one submission, what is decided and what is refused."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from geo.indicators.models import Observation
from geo.submissions.batch import jobs
from geo.submissions.forms.review import ReviewPage
from geo.submissions.models import CellComment, Job, State, Submission, SubmissionVersion
from geo.submissions.services import reviewing, sending
from geo.submissions.services.mending import mend_cells
from tests.indicators.world import observe
from tests.submissions.publishing import again, countered, published
from tests.submissions.test_reviewing import upload_again
from tests.submissions.world import (
    DISTRICT,
    FAR,
    NEIGHBOUR,
    VILLAGE,
    YEAR,
    indicator,
    ledger_cells,
    sent,
)


@pytest.fixture
def waiting(world, cast):
    observe(indicator("nurses"), YEAR, {"01.2001": 2})
    return sent(world.form(), cast.operator, {VILLAGE: {"nurses": 3.0}})


def page(client, person, name="review", *args, **query):
    client.force_login(person)
    return client.get(reverse(name, args=args), query)


def text(answer):
    return answer.content.decode()


def post(client, person, name, submission, **fields):
    client.force_login(person)
    return client.post(reverse(name, args=[submission.number]), fields, follow=True)


# --- the queue ---------------------------------------------------------------------


def test_the_longest_waiting_comes_first_with_its_days(world, cast, waiting, client):
    later = sent(world.form(world.book), cast.operator, {VILLAGE: ledger_cells()})
    since = timezone.now() - datetime.timedelta(days=9)
    Submission.objects.filter(pk=later.pk).update(state_since=since)
    shown = text(page(client, cast.verifier, "queue"))
    assert shown.index(later.number) < shown.index(waiting.number)
    assert "9 days" in shown


def test_everybody_sees_their_own_queue(world, cast, waiting, client):
    far = sent(world.form(area=FAR), cast.far_operator, {FAR: {"nurses": 3.0}})
    shown = text(page(client, cast.verifier, "queue"))
    assert waiting.number in shown and far.number not in shown
    shown = text(page(client, cast.officer, "queue"))
    assert waiting.number in shown and far.number in shown
    assert waiting.number not in text(page(client, cast.other_officer, "queue"))
    assert page(client, cast.operator, "queue").status_code == 404


@pytest.mark.parametrize(
    ("query", "finds"),
    [
        ({"kecamatan": "99.01.04"}, "far"),
        ({"kecamatan": DISTRICT}, "near"),
        ({"data": "figures"}, "both"),
        ({"data": "book"}, "none"),
        ({"q": "Ubin 41"}, "far"),
        ({"q": "%00"}, "none"),
        ({"q": "' OR 1=1"}, "none"),
        ({"rak": "verifikasi"}, "none"),
        ({"rak": "nonsense"}, "both"),
        ({"page": "99"}, "both"),
    ],
)
def test_the_queue_is_narrowed_down(world, cast, waiting, client, query, finds):
    far = sent(world.form(area=FAR), cast.far_operator, {FAR: {"nurses": 3.0}})
    shown = text(page(client, cast.officer, "queue", **query))
    found = (waiting.number in shown, far.number in shown)
    expected = {"far": (False, True), "near": (True, False), "both": (True, True)}
    assert found == expected.get(finds, (False, False))


def test_a_number_is_found_whole_or_by_its_digits(cast, waiting, client):
    for q in (waiting.number, waiting.number.lower(), str(waiting.pk)):
        assert waiting.number in text(page(client, cast.verifier, "queue", q=q))


def test_the_queue_costs_few_queries(world, cast, waiting, client, django_assert_max_num_queries):
    for period in ("2021", "2022", "2023", "2024"):
        sent(world.form(period=period), cast.operator, {VILLAGE: {"nurses": 3.0}})
    client.force_login(cast.officer)
    client.get(reverse("queue"))
    with django_assert_max_num_queries(16):
        assert client.get(reverse("queue")).status_code == 200


# --- one submission ----------------------------------------------------------------


def test_the_page_shows_old_new_and_difference(cast, waiting, client):
    shown = text(page(client, cast.verifier, "review", waiting.number))
    for word in ("Operator", "Uji", "+1", "+50.0", "Approve and publish", "Return it"):
        assert word in shown, word
    assert waiting.current.content_hash in shown


@pytest.mark.parametrize(
    "name",
    ["operator", "neighbour", "far_verifier", "other_officer", "regent", "admin", "stranger"],
)
def test_strangers_find_no_page_and_no_button(cast, waiting, client, name):
    person = getattr(cast, name)
    assert page(client, person, "review", waiting.number).status_code == 404
    for act in ("approve", "return", "comment", "verify", "undo", "counter"):
        seen = waiting.current.content_hash
        answer = post(client, person, act, waiting, seen=seen, note="x", text="x")
        assert answer.status_code == 404
    assert again(waiting).job == "" and not CellComment.objects.exists()


def test_the_own_submission_has_no_button_to_approve(world, cast, client):
    own = sent(world.form(), cast.verifier, {VILLAGE: {"nurses": 3.0}})
    shown = text(page(client, cast.verifier, "review", own.number))
    assert "Somebody else has to decide" in shown
    assert reverse("approve", args=[own.number]) not in shown


def test_approving_through_the_page_publishes(cast, waiting, client):
    answer = post(client, cast.verifier, "approve", waiting, seen=waiting.current.content_hash)
    assert "being published now" in text(answer)
    assert again(waiting).job == Job.PUBLISH
    jobs.run(waiting.pk)
    assert again(waiting).state == State.PUBLISHED
    shown = text(page(client, cast.officer, "review", waiting.number))
    assert "Verify" in shown and "Undo the publication" in shown
    assert "1</strong> figure was changed" in shown


def test_a_stale_approval_shows_both_versions_and_what_differs(cast, waiting, client):
    seen = waiting.current.content_hash
    upload_again(waiting, cast.operator, 30)
    answer = post(client, cast.verifier, "approve", waiting, seen=seen)
    assert answer.status_code == 409
    shown = text(answer)
    for word in ("You saw version 1", "Now version 2 is here", "1 cell differs"):
        assert word in shown, word
    assert again(waiting).job == ""


def test_a_comment_on_a_cell_is_shown_with_its_place_and_escaped(cast, waiting, client):
    said = "<script>alert(1)</script>"
    fields = {"row": VILLAGE, "column": "nurses", "text": said}
    shown = text(post(client, cast.verifier, "comment", waiting, **fields))
    assert "Desa Ubin 11 · Nurses" in shown
    assert said not in shown and "&lt;script&gt;alert(1)" in shown


def test_returning_without_a_word_is_refused_in_a_sentence(cast, waiting, client):
    seen = waiting.current.content_hash
    assert "Write why" in text(post(client, cast.verifier, "return", waiting, seen=seen))
    shown = text(post(client, cast.verifier, "return", waiting, seen=seen, note="Cek."))
    assert "The sender is told" in shown
    assert again(waiting).state == State.RETURNED


def test_rows_are_left_out_through_the_page(world, cast, client):
    cells = {VILLAGE: {"nurses": 3.0}, NEIGHBOUR: {"nurses": 90.0}}
    waiting = sent(world.form(area=DISTRICT), cast.verifier, cells)
    assert "Leave rows out" in text(page(client, cast.officer, "review", waiting.number))
    fields = {"seen": waiting.current.content_hash, "left_out": [NEIGHBOUR], "note": "90?"}
    post(client, cast.officer, "approve", waiting, **fields)
    jobs.run(waiting.pk)
    assert [row.area.code for row in Observation.objects.all()] == [VILLAGE]


def test_a_failure_is_told_where_it_was_asked_for(world, cast, client):
    wrong = ledger_cells() | {"closing_male": 601}
    waiting = sent(world.form(world.book), cast.operator, {VILLAGE: wrong})
    post(client, cast.verifier, "approve", waiting, seen=waiting.current.content_hash)
    jobs.run(waiting.pk)
    assert "It could not be done" in text(page(client, cast.verifier, "review", waiting.number))


def test_a_counter_entry_leads_to_what_it_takes_back(cast, waiting, client):
    done = published(waiting, cast.officer)
    shown = text(post(client, cast.officer, "counter", done, note="Salah."))
    assert "Somebody else has to approve" in shown
    entry = Submission.objects.get(counter_to__submission=done)
    shown = text(page(client, cast.walidata, "review", entry.number))
    assert done.number in shown and "takes back" in shown


def test_what_was_countered_cannot_be_countered_again(cast, waiting, client):
    done = published(waiting, cast.officer)
    first, entry = countered(done, cast.officer, cast.walidata)
    for one in (again(first), entry):
        shown = text(page(client, cast.officer, "review", one.number))
        assert reverse("counter", args=[one.number]) not in shown


def test_posted_fields_move_nothing_else(cast, waiting, client):
    fields = {"state": "verified", "is_demo": "1", "area": FAR, "job": "undo", "by": "1"}
    seen = waiting.current.content_hash
    post(client, cast.verifier, "approve", waiting, seen=seen, **fields)
    after = again(waiting)
    assert (after.state, after.is_demo, after.area.code, after.job, after.job_by) == (
        State.SENT,
        False,
        VILLAGE,
        Job.PUBLISH,
        cast.verifier,
    )


def test_versions_that_were_never_sent_are_not_before_the_reviewer(world, cast, waiting, client):
    reviewing.return_to_sender(
        submission=waiting,
        by=cast.verifier,
        note="Periksa.",
        content_hash=waiting.current.content_hash,
    )
    for n, nurses in enumerate((40, 5)):
        mend_cells(
            submission=again(waiting),
            by=cast.operator,
            cells={(VILLAGE, "nurses"): str(nurses)},
            base_edit=n,
        )
    found = again(waiting)
    tried = found.current
    SubmissionVersion.objects.create(
        submission=found, number=90, origin="file", content=tried.content, created_by=cast.operator
    )
    sending.send(submission=found, by=cast.operator, edit=found.current.edit, note="")
    versions = ReviewPage(again(waiting), cast.verifier).versions
    assert [one.version.number for one in versions] == [tried.number, 1]
    assert [(line.old, line.new) for line in versions[0].changes] == [("3", "5")]


def test_first_figures_are_called_new_once_they_are_published(world, cast, client):
    submission = sent(world.form(), cast.operator, {VILLAGE: {"nurses": 3.0, "midwives": 2.0}})
    done = published(submission, cast.verifier)
    shown = text(page(client, cast.verifier, "review", done.number))
    assert "<strong>2</strong> new figures were published" in shown
